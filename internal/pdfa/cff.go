package pdfa

import (
	"encoding/binary"
	"math"
	"strconv"
)

// cffFont is what the rules ask of a CFF font program (Adobe Technical Note 5176).
type cffFont struct {
	src      []byte
	cid      bool // keyed by CIDs
	strings  [][]byte
	glyphs   [][]byte       // charstrings
	charset  []int          // glyph to CID or name (SID)
	byCID    map[int]int    // CID to glyph
	byName   map[string]int // name to glyph
	encoding map[int]int    // code to glyph, of the font's own encoding
	fdSelect []byte
	dicts    []cffPrivate // one, or one for each font dictionary of a CID font
	scale    float64      // of the top dictionary's FontMatrix, to thousandths
	global   [][]byte     // subroutines
}

// cffPrivate holds what a charstring needs of its private dictionary.
type cffPrivate struct {
	nominal, fallback float64
	scale             float64
	local             [][]byte // subroutines
}

// cffDict is a dictionary's operators with their operands; two-byte operators are 1200 + the second byte.
type cffDict map[int][]float64

// parseCFF reads the font program; nil when it is broken.
func parseCFF(b []byte) (f *cffFont) {
	defer func() {
		if recover() != nil { // an offset outside the program
			f = nil
		}
	}()
	f = &cffFont{src: b}
	_, at := f.index(int(b[2]))
	tops, at := f.index(at)
	f.strings, at = f.index(at)
	f.global, _ = f.index(at)
	if len(tops) == 0 {
		return nil
	}
	top := readCFFDict(tops[0])
	_, f.cid = top[1230]
	f.scale = matrixScale(top[1207])
	f.glyphs, _ = f.index(int(top.get(17)))
	if len(f.glyphs) == 0 {
		return nil
	}
	f.readCharset(int(top.get(15)))
	if f.cid {
		f.readFDs(int(top.get(1236)), int(top.get(1237)))
	} else {
		f.dicts = []cffPrivate{f.private(top)}
		f.readEncoding(int(top.get(16)))
	}
	return f
}

// get is the last operand of an operator; 0, the default of every operator asked for here, when it is not there.
func (d cffDict) get(op int) float64 {
	if v := d[op]; len(v) > 0 {
		return v[len(v)-1]
	}
	return 0
}

// matrixScale says how many thousandths of an em a unit of the font is.
func matrixScale(m []float64) float64 {
	if len(m) == 6 && m[0] != 0 {
		return m[0] * 1000
	}
	return 1
}

// index reads an INDEX and gives its entries and where it ends.
func (f *cffFont) index(at int) ([][]byte, int) {
	n := int(binary.BigEndian.Uint16(f.src[at:]))
	if n == 0 {
		return nil, at + 2
	}
	size := int(f.src[at+2])
	offset := func(i int) int {
		v := 0
		for _, c := range f.src[at+3+i*size : at+3+(i+1)*size] {
			v = v<<8 | int(c)
		}
		return at + 2 + (n+1)*size + v
	}
	entries := make([][]byte, n)
	for i := range n {
		entries[i] = f.src[offset(i):offset(i+1)]
	}
	return entries, offset(n)
}

func readCFFDict(b []byte) cffDict {
	d := cffDict{}
	var ops []float64
	for len(b) > 0 {
		c := b[0]
		switch {
		case c <= 21:
			op := int(c)
			if c == 12 {
				op = 1200 + int(b[1])
				b = b[1:]
			}
			d[op] = ops
			ops = nil
			b = b[1:]
		case c == 28:
			ops = append(ops, float64(int16(binary.BigEndian.Uint16(b[1:]))))
			b = b[3:]
		case c == 29:
			ops = append(ops, float64(int32(binary.BigEndian.Uint32(b[1:]))))
			b = b[5:]
		case c == 30:
			var v float64
			v, b = cffReal(b[1:])
			ops = append(ops, v)
		default:
			v, n := cffInt(b)
			ops = append(ops, v)
			b = b[n:]
		}
	}
	return d
}

// cffInt reads an integer of one or two bytes.
func cffInt(b []byte) (float64, int) {
	switch c := int(b[0]); {
	case c >= 32 && c <= 246:
		return float64(c - 139), 1
	case c >= 247 && c <= 250:
		return float64((c-247)*256 + int(b[1]) + 108), 2
	case c >= 251 && c <= 254:
		return float64(-(c-251)*256 - int(b[1]) - 108), 2
	}
	return 0, 1
}

func cffReal(b []byte) (float64, []byte) {
	var s []byte
	for len(b) > 0 {
		c := b[0]
		b = b[1:]
		for _, n := range []byte{c >> 4, c & 15} {
			switch n {
			case 10:
				s = append(s, '.')
			case 11:
				s = append(s, 'E')
			case 12:
				s = append(s, 'E', '-')
			case 13:
			case 14:
				s = append(s, '-')
			case 15:
				v, _ := strconv.ParseFloat(string(s), 64)
				return v, b
			default:
				s = append(s, '0'+n)
			}
		}
	}
	return 0, b
}

func (f *cffFont) private(d cffDict) cffPrivate {
	p := cffPrivate{scale: matrixScale(d[1207])}
	v := d[18]
	if len(v) != 2 {
		return p
	}
	size, at := int(v[0]), int(v[1])
	pd := readCFFDict(f.src[at : at+size])
	p.fallback, p.nominal = pd.get(20), pd.get(21)
	if off := int(pd.get(19)); off > 0 {
		p.local, _ = f.index(at + off)
	}
	return p
}

func (f *cffFont) readFDs(arrayAt, selectAt int) {
	dicts, _ := f.index(arrayAt)
	for _, b := range dicts {
		f.dicts = append(f.dicts, f.private(readCFFDict(b)))
	}
	f.fdSelect = make([]byte, len(f.glyphs))
	s := f.src[selectAt:]
	switch s[0] {
	case 0:
		copy(f.fdSelect, s[1:])
	case 3:
		n := int(binary.BigEndian.Uint16(s[1:]))
		for i := range n {
			r := s[3+3*i:]
			for g := int(binary.BigEndian.Uint16(r)); g < int(binary.BigEndian.Uint16(r[3:])) && g < len(f.fdSelect); g++ {
				f.fdSelect[g] = r[2]
			}
		}
	}
}

// width gives a glyph's advance in thousandths of an em: the operand before the first operator of its charstring, which
// is there when the operands are one more than the operator takes (Adobe Technical Note 5177, 4.1).
func (f *cffFont) width(gid int) (float64, bool) {
	if gid < 0 || gid >= len(f.glyphs) || len(f.dicts) == 0 {
		return 0, false
	}
	p := f.dicts[0]
	if f.fdSelect != nil && int(f.fdSelect[gid]) < len(f.dicts) {
		p = f.dicts[f.fdSelect[gid]]
	}
	scale := f.scale
	if f.cid {
		scale *= p.scale
	}
	r := charstring{global: f.global, local: p.local}
	w, ok, known := r.width(f.glyphs[gid], 0)
	if !known {
		return 0, false
	}
	if ok {
		return (p.nominal + w) * scale, true
	}
	return p.fallback * scale, true
}

// near tells whether two widths agree as ISO 19005-2, 6.2.11.5 asks.
func near(a, b float64) bool { return math.Abs(a-b) <= 1 }
