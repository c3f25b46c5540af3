package pdfa

import "encoding/binary"

// trueType is what the rules ask of a TrueType or OpenType font program (ISO/IEC 14496-22).
type trueType struct {
	units    int // per em
	glyphs   int
	advances []uint16 // of the first glyphs; the last holds for all that follow
	cmaps    []charMap
	post     map[string]int // glyph names
	cff      []byte         // the CFF table of an OpenType font
	tables   map[string][]byte
}

// charMap is one subtable of cmap.
type charMap struct {
	platform, encoding int
	data               []byte
}

// parseTrueType reads the tables that are there; nil when head, hhea, maxp or hmtx is missing or too short, because no
// glyph can be found or measured then.
func parseTrueType(b []byte) *trueType {
	if len(b) < 12 {
		return nil
	}
	if string(b[:4]) == "ttcf" {
		return nil
	}
	f := &trueType{tables: map[string][]byte{}}
	n := int(binary.BigEndian.Uint16(b[4:]))
	for i := range n {
		at := 12 + 16*i
		if at+16 > len(b) {
			break
		}
		off, size := int(binary.BigEndian.Uint32(b[at+8:])), int(binary.BigEndian.Uint32(b[at+12:]))
		if off > len(b) {
			continue
		}
		f.tables[string(b[at:at+4])] = b[off:min(len(b), off+size)]
	}
	f.cff = f.tables["CFF "]
	if !f.metrics() {
		return nil
	}
	f.readCmap(f.tables["cmap"])
	return f
}

func (f *trueType) metrics() bool {
	head, hhea, maxp, hmtx := f.tables["head"], f.tables["hhea"], f.tables["maxp"], f.tables["hmtx"]
	if len(head) < 20 || len(hhea) < 36 || len(maxp) < 6 {
		return false
	}
	f.units = int(binary.BigEndian.Uint16(head[18:]))
	f.glyphs = int(binary.BigEndian.Uint16(maxp[4:]))
	long := int(binary.BigEndian.Uint16(hhea[34:]))
	if f.units == 0 || len(hmtx) < 4*long {
		return false
	}
	for i := range long {
		f.advances = append(f.advances, binary.BigEndian.Uint16(hmtx[4*i:]))
	}
	return true
}

// width gives a glyph's advance in thousandths of an em.
func (f *trueType) width(gid int) float64 {
	k := 1000 / float64(f.units)
	switch {
	case len(f.advances) == 0:
		return 0
	case gid >= 0 && gid < len(f.advances):
		return float64(f.advances[gid]) * k
	case gid < f.glyphs:
		return float64(f.advances[len(f.advances)-1]) * k
	}
	return float64(f.advances[0]) * k
}

func (f *trueType) readCmap(b []byte) {
	if len(b) < 4 {
		return
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	for i := range n {
		at := 4 + 8*i
		if at+8 > len(b) {
			return
		}
		off := int(binary.BigEndian.Uint32(b[at+4:]))
		m := charMap{platform: int(binary.BigEndian.Uint16(b[at:])), encoding: int(binary.BigEndian.Uint16(b[at+2:]))}
		if off < len(b) {
			m.data = b[off:]
		}
		f.cmaps = append(f.cmaps, m)
	}
}

// cmap gives the subtable of a platform and encoding; nil when there is none.
func (f *trueType) cmap(platform, encoding int) *charMap {
	for i := range f.cmaps {
		if f.cmaps[i].platform == platform && f.cmaps[i].encoding == encoding {
			return &f.cmaps[i]
		}
	}
	return nil
}

// glyph gives the glyph of a code; 0 when the subtable has none.
func (m *charMap) glyph(code int) int {
	b := m.data
	if len(b) < 6 || code < 0 {
		return 0
	}
	switch binary.BigEndian.Uint16(b) {
	case 0:
		if code < 256 && 6+code < len(b) {
			return int(b[6+code])
		}
	case 4:
		return format4(b, code)
	case 6:
		if len(b) < 10 {
			return 0
		}
		first, n := int(binary.BigEndian.Uint16(b[6:])), int(binary.BigEndian.Uint16(b[8:]))
		if at := 10 + 2*(code-first); code >= first && code < first+n && at+2 <= len(b) {
			return int(binary.BigEndian.Uint16(b[at:]))
		}
	case 12:
		return format12(b, code)
	}
	return 0
}

func format4(b []byte, code int) int {
	if len(b) < 16 || code > 0xffff {
		return 0
	}
	segs := int(binary.BigEndian.Uint16(b[6:])) / 2
	u := func(at int) int {
		if at+2 > len(b) {
			return 0
		}
		return int(binary.BigEndian.Uint16(b[at:]))
	}
	for i := range segs {
		end := u(14 + 2*i)
		if code > end {
			continue
		}
		start := u(16 + 2*segs + 2*i)
		if code < start {
			return 0
		}
		delta := u(16 + 4*segs + 2*i)
		at := 16 + 6*segs + 2*i
		ro := u(at)
		if ro == 0 {
			return (code + delta) & 0xffff
		}
		g := u(at + ro + 2*(code-start))
		if g == 0 {
			return 0
		}
		return (g + delta) & 0xffff
	}
	return 0
}

func format12(b []byte, code int) int {
	if len(b) < 16 {
		return 0
	}
	n := int(binary.BigEndian.Uint32(b[12:]))
	for i := range n {
		at := 16 + 12*i
		if at+12 > len(b) {
			return 0
		}
		start, end := int(binary.BigEndian.Uint32(b[at:])), int(binary.BigEndian.Uint32(b[at+4:]))
		if code >= start && code <= end {
			return int(binary.BigEndian.Uint32(b[at+8:])) + code - start
		}
	}
	return 0
}

// first gives the lowest code of a format 4 subtable, which tells where a symbol font keeps its characters.
func (m *charMap) first() int {
	b := m.data
	if len(b) < 16 || binary.BigEndian.Uint16(b) != 4 {
		return 0
	}
	segs := int(binary.BigEndian.Uint16(b[6:])) / 2
	if at := 16 + 2*segs; at+2 <= len(b) {
		return int(binary.BigEndian.Uint16(b[at:]))
	}
	return 0
}

// named gives the glyph with the name in the post table; 0 when there is none.
func (f *trueType) named(name string) int {
	if f.post == nil {
		f.post = readPost(f.tables["post"])
	}
	return f.post[name]
}

// readPost reads the glyph names of a version 2 post table; the first 258 names are those of the Macintosh order.
func readPost(b []byte) map[string]int {
	names := map[string]int{}
	if len(b) < 34 {
		return names
	}
	switch binary.BigEndian.Uint32(b) {
	case 0x00010000:
		for g, n := range macGlyphs {
			names[n] = g
		}
		return names
	case 0x00020000:
	default:
		return names
	}
	n := int(binary.BigEndian.Uint16(b[32:]))
	if 34+2*n > len(b) {
		return names
	}
	var own []string
	for s := b[34+2*n:]; len(s) > 0 && int(s[0]) < len(s); s = s[1+int(s[0]):] {
		own = append(own, string(s[1:1+int(s[0])]))
	}
	for g := range n {
		i := int(binary.BigEndian.Uint16(b[34+2*g:]))
		switch {
		case i < len(macGlyphs):
			names[macGlyphs[i]] = g
		case i-258 >= 0 && i-258 < len(own):
			names[own[i-258]] = g
		}
	}
	return names
}
