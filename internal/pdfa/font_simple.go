package pdfa

import (
	"strconv"
	"strings"
)

// simpleGlyph says whether the embedded program of a simple font has a glyph for a code and how wide it is. known is false
// when the width cannot be told.
func (ff *fontFacts) simpleGlyph(code int) (present bool, width float64, known bool) {
	switch {
	case ff.tt != nil:
		gid := ff.trueTypeGID(code)
		return gid > 0 && gid < ff.tt.glyphs, ff.tt.width(gid), true
	case ff.cff != nil:
		gid, ok := ff.cffGID(code)
		w, known := ff.cff.width(gid)
		return ok, w, known
	case ff.t1 != nil:
		name := ff.name(code)
		if name == "" {
			name = ff.t1.codeName(code)
		}
		w, known := ff.t1.widths[name]
		return ff.t1.has(name), w, known
	}
	return false, 0, false
}

func (ff *fontFacts) cffGID(code int) (int, bool) {
	if name := ff.name(code); name != "" {
		g, ok := ff.cff.byName[name]
		return g, ok
	}
	g, ok := ff.cff.encoding[code]
	return g, ok
}

// trueTypeGID finds the glyph of a code as ISO 32000-1, 9.6.6.4 has it.
func (ff *fontFacts) trueTypeGID(code int) int {
	if ff.symbolic || !ff.encoded {
		return ff.symbolGID(code)
	}
	name := ff.name(code)
	if name == "" {
		name = standardEncoding()[code]
	}
	if name == "" || name == ".notdef" {
		return 0
	}
	if r, ok := glyphRune(name); ok {
		if m := ff.tt.cmap(3, 1); m != nil {
			if g := m.glyph(int(r)); g != 0 {
				return g
			}
		}
	}
	if m := ff.tt.cmap(1, 0); m != nil {
		if c, ok := macCode()[name]; ok {
			if g := m.glyph(c); g != 0 {
				return g
			}
		}
	}
	return ff.tt.named(name)
}

func (ff *fontFacts) symbolGID(code int) int {
	if m := ff.tt.cmap(3, 0); m != nil {
		switch high := m.first() & 0xff00; high {
		case 0, 0xf000, 0xf100, 0xf200:
			if g := m.glyph(high + code); g != 0 {
				return g
			}
		}
		return 0
	}
	if m := ff.tt.cmap(1, 0); m != nil {
		return m.glyph(code)
	}
	return 0
}

// macCode gives the codes of the Macintosh Roman encoding by name; of two for one name, as for the space, the lower.
func macCode() map[string]int {
	codes := map[string]int{}
	for c, n := range macRoman() {
		if had, twice := codes[n]; !twice || c < had {
			codes[n] = c
		}
	}
	return codes
}

// text gives the Unicode value of a code of any font, as ISO 32000-1, 9.10.2 finds it: ToUnicode first, then the glyph's
// name. symbol is true for signs that have a name and no Unicode value, which the rule lets pass.
func (ff *fontFacts) text(code int) (s string, ok, symbol bool) {
	if v, ok := ff.use.unicode.value(code); ok && !ff.use.unicode.broken {
		return unicodeText(v), true, false
	}
	if ff.use.wide {
		return "", false, false
	}
	name := ff.name(code)
	if name == "" {
		switch {
		case ff.tt != nil:
			return "", false, false
		case ff.t1 != nil:
			name = ff.t1.codeName(code)
		case ff.cff != nil:
			name = ff.cff.codeName(code)
		}
	}
	if r, ok := glyphRune(name); ok {
		return string(r), true, false
	}
	return "", false, dingbat(name)
}

func (f *cffFont) codeName(code int) string {
	g, ok := f.encoding[code]
	if !ok || g >= len(f.charset) {
		return ""
	}
	return f.name(f.charset[g])
}

// dingbat tells whether a name is one of ZapfDingbats: a1 to a206, where five numbers are not given to any sign.
func dingbat(name string) bool {
	digits, ok := strings.CutPrefix(name, "a")
	n, err := strconv.Atoi(digits)
	return ok && err == nil && n >= 1 && n <= 206 && digits == strconv.Itoa(n) && n != 80 && (n < 113 || n > 116)
}
