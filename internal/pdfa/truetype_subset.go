package pdfa

import (
	"bytes"
	"encoding/binary"
)

// subset gives the font program with the outlines of the glyphs of the given characters and of what those are composed of; every other glyph is
// left empty, so that all keep their numbers. nil when its tables do not allow it.
func (f *trueType) subset(used map[rune]int) []byte {
	glyphs := f.outlines()
	head := f.tables["head"]
	if glyphs == nil || len(head) < 52 {
		return nil
	}
	keep := map[int]bool{0: true}
	for _, g := range used {
		if !keepGlyph(glyphs, g, keep, 0) {
			return nil
		}
	}
	var glyf, loca []byte
	for g, outline := range glyphs {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		if keep[g] {
			glyf = append(glyf, outline...)
			glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	head = bytes.Clone(head)
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets
	tables := map[string][]byte{"glyf": glyf, "loca": loca, "head": head, "post": plainPost(f.tables["post"]), "cmap": characterMap(used)}
	for _, tag := range []string{"hhea", "hmtx", "maxp", "cvt ", "fpgm", "prep", "OS/2", "name"} {
		if b := f.tables[tag]; b != nil {
			tables[tag] = b
		}
	}
	return assemble(tables)
}

// outlines cuts glyf into the glyphs; nil when loca does not fit.
func (f *trueType) outlines() [][]byte {
	head, loca, glyf := f.tables["head"], f.tables["loca"], f.tables["glyf"]
	if len(head) < 52 || f.glyphs == 0 {
		return nil
	}
	long := binary.BigEndian.Uint16(head[50:]) == 1
	size := 2
	if long {
		size = 4
	}
	if len(loca) < size*(f.glyphs+1) {
		return nil
	}
	at := func(i int) int {
		if long {
			return int(binary.BigEndian.Uint32(loca[4*i:]))
		}
		return 2 * int(binary.BigEndian.Uint16(loca[2*i:]))
	}
	out := make([][]byte, f.glyphs)
	for g := range out {
		from, to := at(g), at(g+1)
		if from > to || to > len(glyf) {
			return nil
		}
		out[g] = glyf[from:to]
	}
	return out
}

// keepGlyph marks a glyph and its components (ISO/IEC 14496-22, 5.3.3); false when they are broken.
func keepGlyph(glyphs [][]byte, g int, keep map[int]bool, depth int) bool {
	if g < 0 || g >= len(glyphs) || depth > 8 {
		return false
	}
	keep[g] = true
	b := glyphs[g]
	if len(b) < 10 || int16(binary.BigEndian.Uint16(b)) >= 0 {
		return true
	}
	for b = b[10:]; len(b) >= 4; {
		flags := binary.BigEndian.Uint16(b)
		if !keepGlyph(glyphs, int(binary.BigEndian.Uint16(b[2:])), keep, depth+1) {
			return false
		}
		size := 4 + 2
		if flags&0x0001 != 0 { // arguments are words
			size += 2
		}
		switch {
		case flags&0x0008 != 0: // one scale
			size += 2
		case flags&0x0040 != 0: // two
			size += 4
		case flags&0x0080 != 0: // a matrix
			size += 8
		}
		if flags&0x0020 == 0 { // no more components
			return true
		}
		if len(b) < size {
			return false
		}
		b = b[size:]
	}
	return false
}

// plainPost gives the post table without glyph names.
func plainPost(b []byte) []byte {
	out := make([]byte, 32)
	copy(out, b)
	binary.BigEndian.PutUint32(out, 0x00030000)
	return out
}

// mayEmbed tells whether the font's maker lets it be embedded, and parts of it (ISO/IEC 14496-22, OS/2, fsType).
func (f *trueType) mayEmbed() bool {
	os2 := f.tables["OS/2"]
	return len(os2) >= 10 && binary.BigEndian.Uint16(os2[8:])&0x0302 == 0
}

// descriptor gives what a font descriptor says of the program (ISO 32000-1, 9.8.1), in thousandths of an em.
func (f *trueType) descriptor() (box [4]int, ascent, descent, capHeight int, italic float64, fixed bool) {
	head, hhea, os2, post := f.tables["head"], f.tables["hhea"], f.tables["OS/2"], f.tables["post"]
	em := func(b []byte, at int) int {
		if len(b) < at+2 {
			return 0
		}
		return int(int16(binary.BigEndian.Uint16(b[at:]))) * 1000 / f.units
	}
	for i := range box {
		box[i] = em(head, 36+2*i)
	}
	ascent, descent, capHeight = em(hhea, 4), em(hhea, 6), em(os2, 88)
	if capHeight == 0 {
		capHeight = 700
	}
	if len(post) >= 16 {
		italic = float64(int32(binary.BigEndian.Uint32(post[4:]))) / 65536
		fixed = binary.BigEndian.Uint32(post[12:]) != 0
	}
	return box, ascent, descent, capHeight, italic, fixed
}

// twins are the characters that share a glyph name (Adobe Glyph List): readers differ in which of the two they look for.
var twins = map[rune]rune{
	' ': 0xa0, '-': 0xad, '\u00b5': '\u03bc', '\u2206': '\u0394', '\u2126': '\u03a9', '\u2044': '\u2215', '\u00af': '\u02c9', '\u00b7': '\u2219',
}

// characterMap writes a cmap table with one Microsoft Unicode subtable (format 4) of the characters and their twins, a segment for each.
func characterMap(used map[rune]int) []byte {
	glyphs := map[int]int{}
	for r, g := range used {
		glyphs[int(r)] = g
	}
	for a, b := range twins {
		for _, x := range [][2]rune{{a, b}, {b, a}} {
			if _, have := glyphs[int(x[1])]; !have && used[x[0]] != 0 {
				glyphs[int(x[1])] = used[x[0]]
			}
		}
	}
	codes := sortedKeys(glyphs)
	for len(codes) > 0 && codes[len(codes)-1] >= 0xffff { // beyond what the format holds
		codes = codes[:len(codes)-1]
	}
	n := len(codes) + 1 // the last segment is required, and empty
	var ends, starts, deltas, offsets []byte
	for _, c := range append(codes, 0xffff) {
		ends, starts = binary.BigEndian.AppendUint16(ends, uint16(c)), binary.BigEndian.AppendUint16(starts, uint16(c))
		delta := glyphs[c] - c
		if c == 0xffff {
			delta = 1
		}
		deltas, offsets = binary.BigEndian.AppendUint16(deltas, uint16(delta)), append(offsets, 0, 0)
	}
	power, log := 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	var b []byte
	for _, v := range []int{0, 1, 3, 1, 0, 12, 4, 16 + 8*n, 0, 2 * n, 2 * power, log, 2 * (n - power)} {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	return bytes.Join([][]byte{b, ends, {0, 0}, starts, deltas, offsets}, nil)
}
