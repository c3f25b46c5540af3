package pdfa

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

func TestGlyphlessTrueType(t *testing.T) {
	b := glyphlessTrueType()
	if !bytes.Equal(b, glyphlessTrueType()) {
		t.Error("the font is not the same each time")
	}
	if sum := sfntSum(b); sum != 0xb1b0afba {
		t.Errorf("checksum %#x of the whole file", sum)
	}
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(b[4:])) {
		e := b[12+16*i:]
		data := b[binary.BigEndian.Uint32(e[8:]):][:binary.BigEndian.Uint32(e[12:])]
		if tag := string(e[:4]); tag != "head" && sfntSum(data) != binary.BigEndian.Uint32(e[4:]) {
			t.Errorf("checksum of %s is wrong", tag)
		}
		tables[string(e[:4])] = data
	}
	for tag, size := range map[string]int{
		"OS/2": 96, "cmap": 36, "glyf": 4, "head": 54, "hhea": 36, "hmtx": 4 * glyphlessGlyphs, "loca": 2 * (glyphlessGlyphs + 1), "maxp": 32, "name": -1, "post": 32,
	} {
		if data, ok := tables[tag]; !ok || size >= 0 && len(data) != size {
			t.Errorf("table %s has %d bytes, want %d", tag, len(data), size)
		}
	}
	if n := binary.BigEndian.Uint16(tables["maxp"][4:]); n != glyphlessGlyphs {
		t.Errorf("%d glyphs, want %d", n, glyphlessGlyphs)
	}
	if w := binary.BigEndian.Uint16(tables["hmtx"][4*(1+maxGlyphWidth/glyphStep):]); w != maxGlyphWidth {
		t.Errorf("the widest glyph advances by %d, want %d", w, maxGlyphWidth)
	}
}

// More code points than one font object holds.
func TestGlyphlessBeyondOneFont(t *testing.T) {
	ps := onePicture(t, 2)
	var all []rune
	for _, r := range [][2]rune{{0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xac00, 0xd7a3}, {0x20000, 0x2a6df}} {
		for c := r[0]; c <= r[1]; c++ {
			all = append(all, c)
		}
	}
	ps[0].Text = nil
	for y := 0.0; len(all) > 0; y++ {
		n := min(len(all), 150)
		ps[0].Text = append(ps[0].Text, TextRun{X: 0, Y: y * 10, W: 600, H: 9, Text: string(all[:n])})
		all = all[n:]
	}
	ps[0].Text = ps[0].Text[:len(ps[0].Text)-1]
	height := len(ps[0].Text) * 10
	ps[0].H = 0
	ps[0].W = 0
	for i := range ps[0].Text {
		ps[0].Text[i].Y *= 800 / float64(height)
		ps[0].Text[i].H *= 800 / float64(height)
	}
	path := placeInto(t, printHTML(t, sheetsHTML(onePicture(t, 2), "")), ps)
	if fonts := string(runTool(t, "pdffonts", path)); strings.Count(fonts, glyphlessName) != 2 {
		t.Errorf("fonts:\n%s", fonts)
	}
	text := string(runTool(t, "pdftotext", "-raw", path, "-"))
	for _, r := range ps[0].Text {
		if !strings.Contains(text, r.Text) {
			t.Fatalf("%.20q... is not in the text", r.Text)
		}
	}
}
