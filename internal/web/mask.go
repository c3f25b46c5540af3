package web

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Masked stands where a text was taken out of a copy. It has the same length whatever it stands for.
const Masked = "█████"

// Needles are words that shall not be read in a copy, made ready to be looked for.
type Needles [][]rune

// NewNeedles takes words as people write them, one each. Words of less than two characters are left out: they would black out everything.
func NewNeedles(words []string) Needles {
	var out Needles
	for _, w := range words {
		f := FoldText(strings.TrimSpace(w)).Runes
		if len(f) >= 2 && !slices.ContainsFunc(out, func(o []rune) bool { return slices.Equal(o, f) }) {
			out = append(out, f)
		}
	}
	return out
}

// Folded is a text as it is compared: composed, in lower case, without characters that nobody sees, every white space as one blank.
type Folded struct {
	Runes []rune
	At    []int  // where each stands in Text
	Text  []rune // the text itself, composed (NFC)
}

// FoldText makes a text comparable.
func FoldText(s string) Folded { return FoldRunes([]rune(norm.NFC.String(s))) }

// FoldRunes makes a text comparable that stands composed already.
func FoldRunes(text []rune) Folded {
	f := Folded{Text: text}
	for i, r := range f.Text {
		switch {
		case r == 0xad || unicode.Is(unicode.Cf, r):
			continue
		case unicode.IsSpace(r):
			if n := len(f.Runes); n > 0 && f.Runes[n-1] == ' ' {
				continue
			}
			r = ' '
		case r == '’' || r == '´':
			r = '\''
		case unicode.Is(unicode.Pd, r):
			r = '-'
		}
		f.Runes, f.At = append(f.Runes, unicode.ToLower(r)), append(f.At, i)
	}
	return f
}

// Find gives where the needles stand, as ranges of f.Runes in order that do not overlap. Whole words are found, also when a needle is but a
// part of one: of "Annas" nothing may stay when "Anna" is taken out.
func (n Needles) Find(f Folded) [][2]int { return n.find(f, true) }

// FindExact gives where the needles themselves stand.
func (n Needles) FindExact(f Folded) [][2]int { return n.find(f, false) }

func (n Needles) find(f Folded, whole bool) [][2]int {
	var out [][2]int
	for _, needle := range n {
		for i := 0; i+len(needle) <= len(f.Runes); i++ {
			if !slices.Equal(f.Runes[i:i+len(needle)], needle) {
				continue
			}
			from, to := i, i+len(needle)
			for whole && from > 0 && wordRune(f.Runes[from-1]) && wordRune(f.Runes[from]) {
				from--
			}
			for whole && to < len(f.Runes) && wordRune(f.Runes[to]) && wordRune(f.Runes[to-1]) {
				to++
			}
			out = append(out, [2]int{from, to})
			i = to - 1
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return a[0] - b[0] })
	merged := out[:0]
	for _, r := range out {
		if k := len(merged); k > 0 && r[0] <= merged[k-1][1] {
			merged[k-1][1] = max(merged[k-1][1], r[1])
			continue
		}
		merged = append(merged, r)
	}
	return merged
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// Mask takes the needles out of a text, and says in how many places.
func (n Needles) Mask(s string) (string, int) {
	f := FoldText(s)
	found := n.Find(f)
	if len(found) == 0 {
		return s, 0
	}
	var b strings.Builder
	last := 0
	for _, r := range found {
		from, to := f.At[r[0]], f.At[r[1]-1]+1
		b.WriteString(string(f.Text[last:from]))
		b.WriteString(Masked)
		last = to
	}
	b.WriteString(string(f.Text[last:]))
	return b.String(), len(found)
}
