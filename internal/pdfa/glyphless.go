package pdfa

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

const (
	// glyphlessName is the name of the layer's font.
	glyphlessName = "ArsringLayer"
	// maxCodes is how many codes one font object holds; a document with more code points gets a second font object.
	maxCodes = 60000
	// The advances of the font's glyphs are the multiples of glyphStep from 0 to maxGlyphWidth, in thousandths of the size.
	glyphStep     = 50
	maxGlyphWidth = 1250
)

// glyphCode is a code point's place in the layer's fonts.
type glyphCode struct{ font, code int }

// glyphless is the font of the invisible text: it has advances and meanings (ToUnicode), and nothing to be seen.
// Codes are given out in the order of first use, so the same layers make the same font.
type glyphless struct {
	d     *document
	codes map[layerRune]glyphCode
	runes []layerRune // by font and code, codes from 1
	refs  []types.IndirectRef
}

func newGlyphless(d *document) *glyphless {
	return &glyphless{d: d, codes: map[layerRune]glyphCode{}}
}

// code gives the code of a code point with its advance, a new one when it has not been used before.
func (g *glyphless) code(r layerRune) glyphCode {
	if c, ok := g.codes[r]; ok {
		return c
	}
	n := len(g.runes)
	c := glyphCode{font: n / maxCodes, code: n%maxCodes + 1}
	if c.font == len(g.refs) {
		g.refs = append(g.refs, g.d.add(types.Dict{})) // filled by finish, when the codes are known
	}
	g.codes[r] = c
	g.runes = append(g.runes, r)
	return c
}

// resource is the name of a font in the resources of a page.
func (g *glyphless) resource(font int) string { return fmt.Sprintf("%s%d", glyphlessName, font) }

// finish writes the font objects: one font program, descriptor and all for the document, and one Type0 font with its
// CIDToGIDMap, widths and ToUnicode map for each maxCodes code points.
func (g *glyphless) finish() {
	if len(g.refs) == 0 {
		return
	}
	program := glyphlessTrueType()
	file := g.d.addStream(types.Dict{"Length1": types.Integer(len(program))}, program)
	descriptor := g.d.add(types.Dict{
		"Type": types.Name("FontDescriptor"), "FontName": types.Name(glyphlessName),
		"Flags":    types.Integer(4), // symbolic: no standard character set
		"FontBBox": types.NewIntegerArray(0, glyphlessDescent, maxGlyphWidth, glyphlessAscent),
		"Ascent":   types.Integer(glyphlessAscent), "Descent": types.Integer(glyphlessDescent),
		"CapHeight": types.Integer(700), "ItalicAngle": types.Integer(0), "StemV": types.Integer(80),
		"FontFile2": file,
	})
	for i, ref := range g.refs {
		part := g.runes[i*maxCodes : min(len(g.runes), (i+1)*maxCodes)]
		g.d.set(int(ref.ObjectNumber), g.type0(part, descriptor))
	}
}

// type0 is the composite font for the code points, whose codes count from 1.
func (g *glyphless) type0(runes []layerRune, descriptor types.IndirectRef) types.Dict {
	widths := make(types.Array, 0, len(runes))
	gids := make([]byte, 2, 2*len(runes)+2) // code 0 is no character and leads to .notdef
	for _, r := range runes {
		widths = append(widths, types.Integer(r.width))
		gids = binary.BigEndian.AppendUint16(gids, uint16(1+r.width/glyphStep))
	}
	cid := g.d.add(types.Dict{
		"Type": types.Name("Font"), "Subtype": types.Name("CIDFontType2"), "BaseFont": types.Name(glyphlessName),
		"CIDSystemInfo": types.Dict{
			"Registry": types.StringLiteral("Adobe"), "Ordering": types.StringLiteral("Identity"), "Supplement": types.Integer(0),
		},
		"FontDescriptor": descriptor,
		"DW":             types.Integer(glyphlessNotdef), "W": types.Array{types.Integer(1), widths},
		"CIDToGIDMap": g.d.addStream(types.Dict{}, gids),
	})
	return types.Dict{
		"Type": types.Name("Font"), "Subtype": types.Name("Type0"), "BaseFont": types.Name(glyphlessName),
		"Encoding": types.Name("Identity-H"), "DescendantFonts": types.Array{cid},
		"ToUnicode": g.d.addStream(types.Dict{}, toUnicodeMap(runes)),
	}
}

// toUnicodeMap is the CMap that gives each code its code point (ISO 32000-1, 9.10.3).
func toUnicodeMap(runes []layerRune) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	const block = 100 // the most that a block may hold
	for from := 0; from < len(runes); from += block {
		part := runes[from:min(len(runes), from+block)]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for i, r := range part {
			fmt.Fprintf(&b, "<%04X> <", from+i+1)
			for _, u := range utf16.AppendRune(nil, r.r) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
