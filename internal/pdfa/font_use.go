package pdfa

import (
	"reflect"
	"sort"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// How a character code was shown.
const (
	shownVisible uint8 = 1 << iota
	shownHidden        // in text rendering mode 3: neither filled nor stroked
	shownBare          // without ActualText in the content
)

// fontUse is a font and the codes that were shown in it.
type fontUse struct {
	num     int
	dict    types.Dict
	subtype string
	wide    bool // a composite font
	cmap    *cmap
	unicode *cmap // ToUnicode; nil when it has none
	pua     bool  // ToUnicode leads to the private use area
	touched uint8 // how it was chosen for showing, even for empty strings
	bits    []uint8
	more    map[int]uint8 // codes beyond bits
}

// font gives the record of a font resource; nil when the resource is none.
func (s *scanner) font(ref types.Object) *fontUse {
	n := refNum(ref)
	if f := s.fonts[n]; f != nil && n != 0 {
		return f
	}
	dict := s.d.dict(ref)
	if dict == nil {
		return nil
	}
	if n == 0 {
		for _, f := range s.direct {
			if sameDict(f.dict, dict) {
				return f
			}
		}
	}
	f := s.d.newFont(n, dict)
	if n != 0 {
		s.fonts[n] = f
	} else {
		s.direct = append(s.direct, f)
	}
	return f
}

// sameDict tells whether two dictionaries are one: a change in one shows in the other.
func sameDict(a, b types.Dict) bool {
	return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}

func (d *document) newFont(n int, dict types.Dict) *fontUse {
	f := &fontUse{num: n, dict: dict, subtype: d.name(dict["Subtype"]), bits: make([]uint8, 256)}
	if f.subtype == "Type0" {
		f.wide = true
		f.bits = make([]uint8, 1<<16)
		f.cmap = d.encodingCMap(dict["Encoding"])
	}
	f.unicode = d.toUnicode(dict["ToUnicode"])
	f.pua = f.unicode != nil && f.unicode.leadsToPUA()
	return f
}

// glyphs notes the codes of a shown string.
func (in *interp) glyphs(t token) {
	f := in.gs.font
	if f == nil {
		return
	}
	in.s.buf = t.bytes(in.s.buf)
	b := in.s.buf
	flag := shownVisible
	if in.gs.mode == 3 {
		flag = shownHidden
	}
	f.touched |= flag
	if !in.cur.actual {
		flag |= shownBare
	}
	var m *markUse
	if in.cur.mcid >= 0 && !in.cur.artifact {
		m = in.w.marks[in.cur.mcid]
		m.shown = append(m.shown, shownText{f, uint32(t.start), uint32(t.end)})
	}
	zero := false
	if f.wide && f.cmap.identity && (!f.pua || flag&shownBare == 0) {
		zero = f.showAll(b, flag)
		if m != nil {
			m.other = true
		}
	} else {
		for len(b) > 0 {
			code, n := f.code(b)
			b = b[n:]
			zero = zero || code == 0
			f.show(code, flag, m, in)
		}
	}
	if zero && f.wide && f.cmap.identity {
		in.w.notdef = append(in.w.notdef, shownText{f, uint32(t.start), uint32(t.end)})
	}
}

// showAll notes two-byte codes, and tells whether one of them is 0.
func (f *fontUse) showAll(b []byte, flag uint8) (zero bool) {
	for i := 0; i+1 < len(b); i += 2 {
		f.bits[int(b[i])<<8|int(b[i+1])] |= flag
		zero = zero || b[i]|b[i+1] == 0
	}
	if n := len(b); n%2 == 1 { // half a code, which readers fill up in ways of their own
		f.bits[int(b[n-1])<<8|0xff] |= flag
	}
	return zero
}

// code reads the next character code and says how many bytes it took.
func (f *fontUse) code(b []byte) (code, n int) {
	if !f.wide {
		return int(b[0]), 1
	}
	return f.cmap.next(b)
}

// show notes one code, and whether a private character needs an ActualText.
func (f *fontUse) show(code int, flag uint8, m *markUse, in *interp) {
	private := f.pua && f.unicode.isPUA(code)
	in.private = in.private || private && flag&shownBare != 0
	if private && m != nil && flag&shownBare != 0 {
		m.pua = true
		flag &^= shownBare // the structure element can carry the ActualText
	} else if m != nil {
		m.other = true
	}
	if code < len(f.bits) {
		f.bits[code] |= flag
		return
	}
	if f.more == nil {
		f.more = map[int]uint8{}
	}
	f.more[code] |= flag
}

// codes gives the codes that were shown, in order.
func (f *fontUse) codes() []int {
	var codes []int
	for c, b := range f.bits {
		if b != 0 {
			codes = append(codes, c)
		}
	}
	return append(codes, sortedKeys(f.more)...)
}

func (f *fontUse) flags(code int) uint8 {
	if code < len(f.bits) {
		return f.bits[code]
	}
	return f.more[code]
}

// visible tells whether anything is shown in the font that can be seen.
func (f *fontUse) visible() bool { return f.touched&shownVisible != 0 }

func sortedKeys[V any](m map[int]V) []int {
	ks := make([]int, 0, len(m))
	for k := range m {
		ks = append(ks, k)
	}
	sort.Ints(ks)
	return ks
}

// textOf gives what strings say, with U+FFFD in the place of private characters.
func (f *fontUse) textOf(strings []token) string {
	var text []rune
	for _, t := range strings {
		if t.kind != tokString && t.kind != tokHex {
			continue
		}
		for b := t.bytes(nil); len(b) > 0; {
			code, n := f.code(b)
			b = b[n:]
			v, _ := f.unicode.value(code)
			for _, r := range unicodeText(v) {
				if hasPUA(string(r)) {
					r = '\uFFFD'
				}
				text = append(text, r)
			}
		}
	}
	return string(text)
}
