package pdfa

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
)

// The measures of the layer's font in thousandths of its size. Ascent and descent add up to the size, so that what
// a reader highlights for a run is as high as the run's box.
const (
	glyphlessAscent  = 800
	glyphlessDescent = -200
	glyphlessNotdef  = 500
	glyphlessGlyphs  = 2 + maxGlyphWidth/glyphStep // .notdef, and one for each advance
)

// sfntTable is a table of a TrueType file with the tag of four letters.
type sfntTable struct {
	tag  string
	data []byte
}

// be16 writes numbers as big-endian 16-bit words, as nearly all TrueType tables are.
func be16(vs ...int) []byte {
	var b []byte
	for _, v := range vs {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	return b
}

// glyphlessTrueType makes a TrueType font (ISO/IEC 14496-22) of empty glyphs: glyph 0 is .notdef, glyph 1+n has the advance
// n * glyphStep. A PDF needs seven of the tables; the others are there so that the program is a whole font for any tool.
func glyphlessTrueType() []byte {
	return sfnt([]sfntTable{ // in the order of their tags
		{"OS/2", glyphlessOS2()},
		// One subtable (Windows, Unicode) of format 4 with nothing but its end: no character leads to a glyph by itself.
		{"cmap", be16(0, 1, 3, 1, 0, 12, 4, 24, 0, 2, 2, 0, 0, 0xffff, 0, 0xffff, 1, 0)},
		{"glyf", make([]byte, 4)}, // no outlines; a table of no length is what some readers trip over
		{"head", be16(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0x0003, 1000, 0, 0, 0, 0, 0, 0, 0, 0,
			0, glyphlessDescent, maxGlyphWidth, glyphlessAscent, 0, 8, 2, 0, 0)},
		{"hhea", be16(1, 0, glyphlessAscent, glyphlessDescent, 0, maxGlyphWidth, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, glyphlessGlyphs)},
		{"hmtx", glyphlessAdvances()},
		{"loca", make([]byte, 2*(glyphlessGlyphs+1))},
		{"maxp", be16(1, 0, glyphlessGlyphs, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)},
		{"name", glyphlessNames()},
		{"post", be16(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
	})
}

func glyphlessAdvances() []byte {
	b := be16(glyphlessNotdef, 0)
	for w := 0; w <= maxGlyphWidth; w += glyphStep {
		b = append(b, be16(w, 0)...)
	}
	return b
}

// glyphlessOS2 is version 3 of the table; what does not matter for empty glyphs is zero.
func glyphlessOS2() []byte {
	b := be16(3, 500, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 250, 0)
	b = append(b, make([]byte, 10+16)...) // panose, Unicode ranges
	b = append(b, "NONE"...)
	return append(b, be16(0x40, 0xffff, 0xffff, glyphlessAscent, glyphlessDescent, 0, glyphlessAscent, -glyphlessDescent,
		0, 0, 0, 0, 500, 700, 0, 0, 1)...)
}

// glyphlessNames gives the names that a font must have.
func glyphlessNames() []byte {
	names := map[int]string{1: glyphlessName, 2: "Regular", 3: glyphlessName + " 1", 4: glyphlessName, 5: "Version 1.0", 6: glyphlessName}
	head := be16(0, len(names), 6+12*len(names))
	var text []byte
	for id := 1; id <= len(names); id++ {
		s := be16()
		for _, u := range utf16.Encode([]rune(names[id])) {
			s = append(s, be16(int(u))...)
		}
		head = append(head, be16(3, 1, 0x409, id, len(s), len(text))...)
		text = append(text, s...)
	}
	return append(head, text...)
}

// sfnt puts the tables together with their directory and checksums.
func sfnt(tables []sfntTable) []byte {
	n := len(tables)
	log := bits.Len(uint(n)) - 1
	out := be16(1, 0, n, 16<<log, log, 16*n-16<<log)
	at := 12 + 16*n
	head := 0
	for _, t := range tables {
		out = append(out, t.tag...)
		out = binary.BigEndian.AppendUint32(out, sfntSum(t.data))
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		if t.tag == "head" {
			head = at
		}
		at += (len(t.data) + 3) / 4 * 4
	}
	for _, t := range tables {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	binary.BigEndian.PutUint32(out[head+8:], 0xb1b0afba-sfntSum(out))
	return out
}

func sfntSum(b []byte) uint32 {
	var sum uint32
	for i := 0; i < len(b); i += 4 {
		var word [4]byte
		copy(word[:], b[i:])
		sum += binary.BigEndian.Uint32(word[:])
	}
	return sum
}
