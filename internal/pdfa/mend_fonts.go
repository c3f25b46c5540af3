package pdfa

import (
	"fmt"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// noText stands for U+0000 and U+FEFF in ToUnicode maps: a glyph that is a part of a cluster whose text another glyph
// carries. The word joiner is as invisible and does not break a word.
const noText = "\u2060"

// forbiddenText replaces what ToUnicode must not lead to.
var forbiddenText = strings.NewReplacer("\x00", noText, "\uFEFF", noText, "\uFFFE", "\uFFFD")

// mendFonts mends the fonts that are shown in.
func (d *document) mendFonts(s *scanner) {
	d.mendNotdef(s)
	for _, f := range s.allFonts() {
		if f.touched == 0 {
			continue
		}
		ff := d.openFont(f)
		d.mendUnicode(f, f.codes())
		d.mendFontDict(ff)
		d.mendMissingWidths(ff)
		d.mendWidths(s, f, ff)
	}
}

// mendUnicode rewrites ToUnicode entries that lead to U+0000, U+FEFF or U+FFFE (ISO 19005-2, 6.2.11.7.2).
func (d *document) mendUnicode(f *fontUse, codes []int) {
	if f.unicode == nil || f.unicode.identity || f.unicode.uni == nil {
		return
	}
	n := 0
	for _, code := range codes {
		v, ok := f.unicode.value(code)
		if !ok {
			continue
		}
		s := unicodeText(v)
		fixed := forbiddenText.Replace(s)
		if fixed != s {
			f.unicode.uni[code] = string(utf16be(fixed, false))
			n++
		}
	}
	if f.unicode.broken {
		d.note("ToUnicode maps with wrong counts written anew", "ISO 19005-2, 6.2.11.7.2", 1, false)
	}
	if n == 0 && !f.unicode.broken && !f.unicode.changed {
		return
	}
	f.unicode.broken, f.unicode.changed = false, false
	ref := d.addStream(types.Dict{}, f.unicode.file(f.wide))
	f.dict["ToUnicode"] = ref
	d.note("character codes that mapped to U+0000, U+FEFF or U+FFFE mapped to an invisible character", "ISO 19005-2, 6.2.11.7.2", n, false)
}

// file writes a ToUnicode CMap (ISO 32000-1, 9.10.3) of every code that the map has a value for.
func (m *cmap) file(wide bool) []byte {
	width := 2
	if wide {
		width = 4
	}
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n")
	fmt.Fprintf(&b, "<%0*X> <%s>\nendcodespacerange\n", width, 0, strings.Repeat("F", width))
	codes := m.codes()
	for len(codes) > 0 {
		n := min(100, len(codes))
		fmt.Fprintf(&b, "%d beginbfchar\n", n)
		for _, c := range codes[:n] {
			v, _ := m.value(c)
			fmt.Fprintf(&b, "<%0*X> <%X>\n", width, c, v)
		}
		b.WriteString("endbfchar\n")
		codes = codes[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return []byte(b.String())
}

// mendMissingWidths gives a simple font without widths those of its program, by which readers place its text then.
func (d *document) mendMissingWidths(ff *fontFacts) {
	f := ff.use
	if f.wide || f.subtype == "Type3" || !ff.embedded() || d.get(f.dict["Widths"]) != nil {
		return
	}
	widths := map[int]float64{}
	for _, code := range f.codes() {
		_, w, known := ff.simpleGlyph(code)
		if !known {
			return
		}
		widths[code] = w
	}
	d.giveWidths(ff, widths)
	d.note("widths given to fonts that had none", "ISO 19005-2, 6.2.11.2", 1, false)
}

// mendFontDict takes away entries that have to be right but need not be there, and adds those that have one right value.
func (d *document) mendFontDict(ff *fontFacts) {
	f := ff.use
	if ff.desc["CIDSet"] != nil {
		delete(ff.desc, "CIDSet")
		d.note("CIDSet of a font taken away", "ISO 19005-2, 6.2.11.4.2: it is optional, and often incomplete", 1, false)
	}
	if ff.desc["CharSet"] != nil && f.subtype == "Type1" {
		delete(ff.desc, "CharSet")
		d.note("CharSet of a font taken away", "ISO 19005-2, 6.2.11.4.2: it is optional, and often incomplete", 1, false)
	}
	if sd, _ := d.stream(ff.leaf["CIDToGIDMap"]); f.wide && ff.tt != nil && sd == nil && d.name(ff.leaf["CIDToGIDMap"]) != "Identity" {
		ff.leaf["CIDToGIDMap"] = types.Name("Identity")
		d.note("CIDToGIDMap Identity added to a font", "ISO 19005-2, 6.2.11.3.2: it is the default in ISO 32000-1", 1, false)
	}
	if f.subtype == "TrueType" && ff.symbolic && ff.encoded {
		// A symbolic font is shown by its program's own encoding, whatever this entry says (ISO 32000-1, 9.6.6.4).
		delete(ff.leaf, "Encoding")
		d.note("Encoding of a symbolic TrueType font taken away", "ISO 19005-2, 6.2.11.6", 1, false)
	}
	if sd, _ := d.stream(f.dict["Encoding"]); f.wide && sd != nil {
		if w, _ := d.integer(sd.Dict["WMode"]); w != f.cmap.wmode {
			sd.Dict["WMode"] = types.Integer(f.cmap.wmode)
			d.note("writing mode of a CMap's dictionary set to what the CMap says", "ISO 19005-2, 6.2.11.3.3", 1, false)
		}
	}
	if d.name(f.dict["Type"]) != "Font" {
		f.dict["Type"] = types.Name("Font")
		d.note("Type added to a font", "ISO 19005-2, 6.2.11.2", 1, false)
	}
}
