package catalog

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	snippetBytes = 320 // of text, about
	snippetLead  = 80  // of text before the first mark
)

// newSnippet cuts a piece of a text around the first of its marks.
func newSnippet(text string, marks []Span) Snippet {
	start := 0
	if len(marks) > 0 && marks[0].Start > snippetLead {
		start = wordStart(text, marks[0].Start-snippetLead, marks[0].Start)
	}
	end := len(text)
	if end > start+snippetBytes {
		end = wordEnd(text, start+snippetBytes)
	}
	s := Snippet{Text: text[start:end], Marks: []Span{}, Before: start > 0, After: end < len(text)}
	for _, m := range marks {
		if m.Start >= start && m.Start < end {
			s.Marks = append(s.Marks, Span{m.Start - start, min(m.End, end) - start})
		}
	}
	return s
}

// token is a word of a text and where it stands.
type token struct {
	folded string
	Span
}

// tokens cuts a text into words as the index does: letters, digits and what stands on them, whatever their case.
func tokens(s string) []token {
	var out []token
	start := -1
	for i, r := range s {
		switch word := isWordRune(r); {
		case word && start < 0:
			start = i
		case !word && start >= 0:
			out = append(out, token{fold(s[start:i]), Span{start, i}})
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, token{fold(s[start:]), Span{start, len(s)}})
	}
	return out
}

func fold(s string) string { return strings.Map(unicode.ToLower, s) }

// mark says where the terms that must occur stand in a text, in order and without overlap.
func mark(text string, terms []term) []Span {
	wanted := terms[:0:0]
	for _, t := range terms {
		if !t.not {
			words := make([]string, len(t.words))
			for i, w := range t.words {
				words[i] = fold(w)
			}
			wanted = append(wanted, term{words: words, prefix: t.prefix})
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	all := tokens(text)
	var out []Span
	for i := range all {
		for _, t := range wanted {
			if t.at(all[i:]) {
				out = append(out, Span{all[i].Start, all[i+len(t.words)-1].End})
			}
		}
	}
	return merged(out)
}

// at says whether the term stands at the beginning of these tokens. Its words are folded.
func (t term) at(list []token) bool {
	if len(list) < len(t.words) {
		return false
	}
	for i, w := range t.words {
		if got := list[i].folded; got != w && !(t.prefix && i == len(t.words)-1 && strings.HasPrefix(got, w)) {
			return false
		}
	}
	return true
}

// merged orders spans and joins those that overlap.
func merged(list []Span) []Span {
	slices.SortFunc(list, func(a, b Span) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	var out []Span
	for _, s := range list {
		if n := len(out); n > 0 && s.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// wordStart moves a place in a text forward to where a word begins, or at least a character, but not beyond last.
func wordStart(s string, at, last int) int {
	for at < last && !utf8.RuneStart(s[at]) {
		at++
	}
	for i, r := range s[at:min(last, at+40)] {
		if unicode.IsSpace(r) {
			return at + i + utf8.RuneLen(r)
		}
	}
	return at
}

// wordEnd moves a place in a text back to where a word ends, or at least a character.
func wordEnd(s string, at int) int {
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	if i := strings.LastIndexFunc(s[max(0, at-40):at], unicode.IsSpace); i > 0 {
		return max(0, at-40) + i
	}
	return at
}
