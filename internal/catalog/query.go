package catalog

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxQuery = 1000 // characters
	maxTerms = 24
)

// term is one thing that must, or must not, occur.
type term struct {
	words  []string // one, or the words of a phrase
	prefix bool     // the last word is only a beginning
	not    bool
}

// parseQuery reads what a person typed. Only quotation marks, a star at the end and a minus at the beginning have a meaning; everything else,
// the index's own operators included, is taken as words. Characters that are neither letters nor digits divide words, as in the index.
func parseQuery(typed string) ([]term, error) {
	if utf8.RuneCountInString(typed) > maxQuery {
		return nil, &InputError{Text{
			SV: fmt.Sprintf("Sökfrågan är längre än %d tecken. Skriv färre ord.", maxQuery),
			EN: fmt.Sprintf("The search is longer than %d characters. Write fewer words.", maxQuery)}}
	}
	var terms []term
	positive := false
	for _, piece := range pieces(clean(typed)) {
		t := piece.term()
		if len(t.words) == 0 {
			continue
		}
		terms = append(terms, t)
		positive = positive || !t.not
	}
	switch {
	case len(terms) > maxTerms:
		return nil, &InputError{Text{
			SV: fmt.Sprintf("Sökfrågan har fler än %d ord. Skriv färre ord.", maxTerms),
			EN: fmt.Sprintf("The search has more than %d words. Write fewer words.", maxTerms)}}
	case len(terms) > 0 && !positive:
		return nil, &InputError{Text{
			SV: "Sökfrågan har bara ord som inte ska förekomma. Skriv också minst ett ord som ska förekomma.",
			EN: "The search has only words that must not occur. Write at least one word that must occur, too."}}
	case len(terms) == 0 && strings.TrimSpace(typed) != "":
		return nil, &InputError{Text{
			SV: "Sökfrågan har varken bokstäver eller siffror. Skriv minst ett ord.",
			EN: "The search has neither letters nor digits. Write at least one word."}}
	}
	return terms, nil
}

// piece is what stands between two spaces, or between quotation marks.
type piece struct {
	text   string
	quoted bool
	not    bool
	star   bool // a star right after the closing quotation mark
}

// pieces cuts a typed text. A quotation mark that is never closed closes at the end.
func pieces(s string) []piece {
	var out []piece
	for s != "" {
		s = strings.TrimLeftFunc(s, unicode.IsSpace)
		var p piece
		if rest, ok := strings.CutPrefix(s, "-"); ok {
			p.not, s = true, rest
		}
		if r, n := utf8.DecodeRuneInString(s); isQuote(r) {
			p.quoted = true
			end := strings.IndexFunc(s[n:], isQuote)
			if end < 0 {
				p.text, s = s[n:], ""
			} else {
				_, m := utf8.DecodeRuneInString(s[n+end:])
				p.text, s = s[n:n+end], s[n+end+m:]
				p.star = strings.HasPrefix(s, "*")
			}
		} else {
			end := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || isQuote(r) })
			if end < 0 {
				end = len(s)
			}
			p.text, s = s[:end], s[end:]
		}
		out = append(out, p)
	}
	return out
}

func isQuote(r rune) bool {
	return r == '"' || r == '”' || r == '“' || r == '„' || r == '»' || r == '«'
}

func (p piece) term() term {
	t := term{not: p.not, prefix: p.star || !p.quoted && strings.HasSuffix(strings.TrimRight(p.text, ".,;:!?)"), "*")}
	t.words = strings.FieldsFunc(p.text, func(r rune) bool { return !isWordRune(r) })
	t.words = trimDiacritics(t.words)
	return t
}

// isWordRune says what the index takes as part of a word: letters, digits, private characters, and marks that stand on them.
func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Mn, r)
}

// trimDiacritics drops words that are nothing but marks.
func trimDiacritics(words []string) []string {
	kept := words[:0]
	for _, w := range words {
		if strings.ContainsFunc(w, func(r rune) bool { return !unicode.Is(unicode.Mn, r) }) {
			kept = append(kept, w)
		}
	}
	return kept
}

// match writes a term in the index's own language. Every word stands in quotation marks, so that none is an operator.
func (t term) match() string {
	var b strings.Builder
	for i, w := range t.words {
		if i > 0 {
			b.WriteString(" + ")
		}
		b.WriteString(`"` + strings.ReplaceAll(w, `"`, `""`) + `"`)
	}
	if t.prefix {
		b.WriteString(" *")
	}
	return b.String()
}

// matchText writes the terms as one expression over the columns given.
func matchText(terms []term, columns string) string {
	var yes, no []string
	for _, t := range terms {
		if t.not {
			no = append(no, t.match())
		} else {
			yes = append(yes, t.match())
		}
	}
	if len(yes) == 0 {
		return ""
	}
	expr := columns + " : (" + strings.Join(yes, " AND ") + ")"
	if len(no) > 0 {
		expr = "(" + expr + ") NOT (" + columns + " : (" + strings.Join(no, " OR ") + "))"
	}
	return expr
}
