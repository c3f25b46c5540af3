package pdfa

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pdfcpu/pdfcpu/pkg/font"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// rightToLeftMark is an invisible character with a direction.
const rightToLeftMark = 0x200f

// layerRune is a code point in the layer and how far it advances, in thousandths of the font size.
type layerRune struct {
	r     rune
	width int
}

// layerText gives the text as it may stand in the layer: without what PDF/A forbids or cannot mean anything there.
// Line breaks and tabs become spaces, and so does private use (ISO 19005-2, 6.2.11.7.3), mostly icons that stand between
// words. Controls, soft hyphens, directional marks, noncharacters and code points without a meaning are dropped.
func layerText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= ' ' && r <= '~':
			return r
		case r == '\t', r == '\n', r == '\r', r == '\v', r == '\f', r == 0x85, r == 0x2028, r == 0x2029:
			return ' '
		case unicode.Is(unicode.Co, r):
			return ' '
		case r == utf8.RuneError:
			return -1
		case unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs):
			return r
		case r == 0x200c, r == 0x200d: // the joiners: without them words of Persian or Hindi and many emoji are others
			return r
		case r >= 0x600 && r <= 0x605, r == 0x6dd, r == 0x70f, r >= 0xe0020 && r <= 0xe007f: // format characters that are seen
			return r
		case emoji(r): // emoji younger than the tables of this program
			return r
		}
		return -1
	}, s)
}

// layout gives the run's code points from left to right; none for a run that has nothing but space.
func (t TextRun) layout() []layerRune {
	text := layerText(t.Text)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	rs := make([]layerRune, 0, len(text))
	for _, r := range text {
		rs = append(rs, layerRune{r, layerWidth(r)})
	}
	shareWidths(rs)
	return visualOrder(rs, t.RTL)
}

// shareWidths gives what is drawn as one emoji the width of one, shared by its parts. Each part needs a place of its own,
// because readers drop what stands twice in the same place, taking it for a bold face made by printing twice.
func shareWidths(rs []layerRune) {
	for from := 0; from < len(rs); {
		to, wide, picture := from, 0, emoji(rs[from].r)
		for ; to == from || to < len(rs) && joins(rs[from:to], rs[to].r); to++ {
			picture = picture || rs[to].r == emojiStyle
			if rs[to].width > 0 {
				wide++
			}
		}
		for i := from; i < to && picture; i++ {
			if rs[i].width > 0 {
				rs[i].width = max(glyphStep, maxGlyphWidth/wide/glyphStep*glyphStep)
			}
		}
		from = to
	}
}

// joins reports whether r is drawn as one picture together with what stands before it.
func joins(before []layerRune, r rune) bool {
	last := before[len(before)-1].r
	switch {
	case r == joiner, r == emojiStyle, last == joiner:
		return true
	case r >= 0x1f3fb && r <= 0x1f3ff: // colours of skin
		return true
	}
	return regional(r) && regional(last) && len(before) == 1 // the second letter of a flag
}

func regional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

func emoji(r rune) bool { return r >= firstEmoji && r <= lastEmoji }

// visualOrder puts code points in the order from left to right: Unicode's bidirectional algorithm (UAX #9) for a line that
// has no explicit embeddings. Readers of PDF expect text in this order and turn it back, code point by code point, which
// is why marks come to stand before their letters where it runs right to left.
func visualOrder(rs []layerRune, rtl bool) []layerRune {
	const hebrew = 0x590 // nothing before runs from right to left
	if !rtl && !slices.ContainsFunc(rs, func(r layerRune) bool { return r.r >= hebrew }) {
		return rs
	}
	classes := make([]bidi.Class, len(rs))
	for i, r := range rs {
		p, _ := bidi.LookupRune(r.r)
		classes[i] = p.Class()
	}
	levels := bidiLevels(classes, rtl)
	order := make([]int, len(rs))
	for i := range order {
		order[i] = i
	}
	for level := slices.Max(levels); level > 0; level-- { // rule L2
		for i := 0; i < len(order); i++ {
			from := i
			for i < len(order) && levels[order[i]] >= level {
				i++
			}
			slices.Reverse(order[from:i])
		}
	}
	out := make([]layerRune, 0, len(rs)+1)
	if first := order[0]; levels[first] == 1 && unicode.Is(unicode.M, rs[first].r) {
		// A mark at the very left would be read as no part of what runs right to left.
		out = append(out, layerRune{rightToLeftMark, 0})
	}
	for _, i := range order {
		out = append(out, rs[i])
	}
	return out
}

// bidiLevels gives the embedding level of each code point.
func bidiLevels(classes []bidi.Class, rtl bool) []int {
	base, side := 0, bidi.L
	if rtl {
		base, side = 1, bidi.R
	}
	resolved := resolveWeak(classes, side)
	resolveNeutral(resolved, side)
	levels := make([]int, len(resolved))
	for i, c := range resolved {
		switch c {
		case bidi.L:
			levels[i] = 2 * base // in a line from right to left, Latin stands one deeper
		case bidi.R:
			levels[i] = 1
		default: // numbers
			levels[i] = 2
		}
	}
	return levels
}

// resolveWeak makes each class L, R, EN (a number) or ON (neutral): rules W1 to W7.
func resolveWeak(classes []bidi.Class, side bidi.Class) []bidi.Class {
	out := slices.Clone(classes)
	for i, c := range out {
		switch c {
		case bidi.NSM:
			out[i] = bidi.ON
			if i > 0 {
				out[i] = out[i-1]
			}
		case bidi.AL:
			out[i] = bidi.R
		}
	}
	joinNumbers(out)
	strong := side
	for i, c := range out {
		switch c {
		case bidi.L, bidi.R:
			strong = c
		case bidi.AN:
			out[i] = bidi.EN
		case bidi.EN:
			if strong == bidi.L {
				out[i] = bidi.L
			}
		}
	}
	return out
}

// joinNumbers makes signs inside and beside numbers a part of them: rules W4 to W6.
func joinNumbers(out []bidi.Class) {
	number := func(i int) bool {
		return i >= 0 && i < len(out) && (out[i] == bidi.EN || out[i] == bidi.AN)
	}
	for i, c := range out {
		if (c == bidi.CS || c == bidi.ES) && number(i-1) && number(i+1) {
			out[i] = out[i-1]
		}
	}
	for i := range out {
		end := i
		for end < len(out) && out[end] == bidi.ET { // signs of currency, per cent
			end++
		}
		class := bidi.ON
		if number(i-1) || number(end) {
			class = bidi.EN
		}
		for j := i; j < end; j++ {
			out[j] = class
		}
	}
}

// resolveNeutral gives what is neither letter nor number the direction of its neighbours: rules N1 and N2.
func resolveNeutral(classes []bidi.Class, side bidi.Class) {
	strong := func(i int) bidi.Class {
		if i < 0 || i >= len(classes) {
			return side
		}
		if classes[i] == bidi.EN {
			return bidi.R
		}
		return classes[i]
	}
	known := func(c bidi.Class) bool { return c == bidi.L || c == bidi.R || c == bidi.EN }
	for i := 0; i < len(classes); i++ {
		if known(classes[i]) {
			continue
		}
		end := i
		for end < len(classes) && !known(classes[end]) {
			end++
		}
		class := side
		if before, after := strong(i-1), strong(end); before == after {
			class = before
		}
		for j := i; j < end; j++ {
			classes[j] = class
		}
		i = end - 1
	}
}

const (
	joiner     = 0x200d
	emojiStyle = 0xfe0f  // asks for the coloured picture of the character before
	firstEmoji = 0x1f000 // of those outside the first plane
	lastEmoji  = 0x1faff
)

// layerWidth estimates how far a code point advances in an ordinary sans-serif face, in steps of glyphStep. A run is
// stretched to its box in any case; the estimate is what puts the words inside a long run near where they are seen.
func layerWidth(r rune) int {
	return (faceWidth(r) + glyphStep/2) / glyphStep * glyphStep
}

func faceWidth(r rune) int {
	switch {
	case emoji(r):
		return maxGlyphWidth
	case r <= 0xff:
		return helvetica[r]
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.Is(unicode.Mc, r): // the vowels of Indic scripts that stand beside their letter
		return 300
	case strings.ContainsRune("اأإآلبتثنيیئرزدذو", r): // the narrow letters of Arabic
		return 300
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 1000
	}
	if base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r))); base <= '~' {
		return helvetica[base]
	}
	return 550
}

// helvetica holds the advances of the first 256 code points.
var helvetica = func() (ws [256]int) {
	for i := range ws {
		w, err := font.CharWidth("Helvetica", rune(i))
		if err != nil {
			w = 550
		}
		ws[i] = w
	}
	ws[0xa0] = ws[' ']
	return ws
}()
