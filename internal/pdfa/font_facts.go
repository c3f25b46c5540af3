package pdfa

import (
	"strings"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// fontFacts is a font with its program opened: what the rules on glyphs ask.
type fontFacts struct {
	use      *fontUse
	leaf     types.Dict // the font itself, or the descendant of a composite one
	leafNum  int
	desc     types.Dict // font descriptor; nil when it has none
	file     *types.StreamDict
	fileNum  int
	fileKey  string
	tt       *trueType
	cff      *cffFont
	t1       *type1Font
	symbolic bool
	encoded  bool                  // a simple font has an Encoding entry
	base     map[int]string        // glyph names of the encoding's base, of a simple font; nil when it has none
	names    func() map[int]string // those that differ from it; nil when there are none
	toGID    []byte                // CIDToGIDMap; nil for Identity
	widths   map[int]float64
	dw       float64
}

// facts opens a font's program, once.
func (c *checker) facts(f *fontUse) *fontFacts {
	if have := c.fonts[f]; have != nil {
		return have
	}
	ff := c.d.openFont(f)
	c.fonts[f] = ff
	return ff
}

func (d *document) openFont(f *fontUse) *fontFacts {
	ff := &fontFacts{use: f, leaf: f.dict, leafNum: f.num}
	if f.wide {
		ff.leaf = nil
		if a := d.array(f.dict["DescendantFonts"]); len(a) > 0 {
			ff.leaf, ff.leafNum = d.dict(a[0]), orNum(a[0], f.num)
		}
	}
	ff.desc = d.dict(ff.leaf["FontDescriptor"])
	flags, _ := d.integer(ff.desc["Flags"])
	ff.symbolic = flags&4 != 0 && flags&32 == 0
	ff.openFile(d)
	if f.wide {
		ff.readCIDWidths(d)
		if sd, n := d.stream(ff.leaf["CIDToGIDMap"]); sd != nil {
			ff.toGID, _ = d.decode(sd, n, maxDecodeBytes)
			if ff.toGID == nil {
				ff.toGID = []byte{}
			}
		}
	} else {
		ff.readEncoding(d)
	}
	return ff
}

// openFile parses the embedded font program as the font's subtype says it must be.
func (ff *fontFacts) openFile(d *document) {
	kind := d.name(ff.leaf["Subtype"])
	for _, k := range []string{"FontFile", "FontFile2", "FontFile3"} {
		sd, n := d.stream(ff.desc[k])
		if sd == nil {
			continue
		}
		ff.file, ff.fileNum, ff.fileKey = sd, n, k
		b, err := d.decode(sd, n, maxDecodeBytes)
		if err != nil {
			continue
		}
		ff.parse(k, kind, d.name(sd.Dict["Subtype"]), b)
		if ff.embedded() {
			return
		}
	}
}

func (ff *fontFacts) parse(key, kind, subtype string, b []byte) {
	trueOutlines := kind == "TrueType" || kind == "CIDFontType2"
	switch {
	case key == "FontFile" && (kind == "Type1" || kind == "MMType1"):
		ff.t1 = parseType1(b)
	case key == "FontFile2" && trueOutlines:
		ff.tt = parseTrueType(b)
	case key == "FontFile3" && subtype == "OpenType" && trueOutlines:
		ff.tt = parseTrueType(b)
	case key == "FontFile3" && subtype == "OpenType":
		if len(b) > 4 && string(b[:4]) == "OTTO" {
			ff.cff = parseCFF(openTypeTable(b, "CFF "))
		}
	case key == "FontFile3" && subtype == "CIDFontType0C" && strings.HasPrefix(kind, "CIDFont"):
		ff.cff = parseCFF(b)
	case key == "FontFile3" && subtype == "Type1C" && (kind == "Type1" || kind == "MMType1"):
		ff.cff = parseCFF(b)
	}
}

func openTypeTable(b []byte, tag string) []byte {
	n := int(b[4])<<8 | int(b[5])
	for i := range n {
		at := 12 + 16*i
		if at+16 > len(b) {
			return nil
		}
		if string(b[at:at+4]) == tag {
			off := int(b[at+8])<<24 | int(b[at+9])<<16 | int(b[at+10])<<8 | int(b[at+11])
			if off < len(b) {
				return b[off:]
			}
		}
	}
	return nil
}

// embedded tells whether a font program is there and was understood.
func (ff *fontFacts) embedded() bool { return ff.tt != nil || ff.cff != nil || ff.t1 != nil }

// readCIDWidths reads W and DW (ISO 32000-1, 9.7.4.3).
func (ff *fontFacts) readCIDWidths(d *document) {
	ff.dw = 1000
	if v, ok := d.num(ff.leaf["DW"]); ok {
		ff.dw = v
	}
	ff.widths = map[int]float64{}
	w := d.array(ff.leaf["W"])
	for i := 0; i+1 < len(w); {
		first, _ := d.integer(w[i])
		if list, ok := d.get(w[i+1]).(types.Array); ok {
			for j, o := range list {
				v, _ := d.num(o)
				ff.widths[first+j] = v
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			return
		}
		last, _ := d.integer(w[i+1])
		v, _ := d.num(w[i+2])
		for c := first; c <= last && c-first < 1<<16; c++ {
			ff.widths[c] = v
		}
		i += 3
	}
}

// readEncoding reads the Encoding of a simple font.
func (ff *fontFacts) readEncoding(d *document) {
	enc := d.get(ff.leaf["Encoding"])
	ff.encoded = enc != nil
	base := d.name(enc)
	if dict, ok := enc.(types.Dict); ok {
		base = d.name(dict["BaseEncoding"])
	}
	ff.base = baseEncoding(base)
	if list := d.differences(ff.leaf); len(list) > 0 { // for many fonts, nobody asks
		ff.names = sync.OnceValue(func() map[int]string { return d.glyphNames(list) })
	}
}

// name gives the glyph name that the encoding has for a code; empty when the font's own encoding decides.
func (ff *fontFacts) name(code int) string {
	if ff.names != nil {
		if n, ok := ff.names()[code]; ok {
			return n
		}
	}
	if n, ok := ff.base[code]; ok || ff.base == nil {
		return n
	}
	return ".notdef"
}

// cid gives the CID of a code of a composite font.
func (ff *fontFacts) cid(code int) (int, bool) { return ff.use.cmap.cid(code) }

func (ff *fontFacts) gid(cid int) int {
	if ff.toGID == nil {
		return cid
	}
	if 2*cid+1 < len(ff.toGID) {
		return int(ff.toGID[2*cid])<<8 | int(ff.toGID[2*cid+1])
	}
	return 0
}

// cidPresent tells whether the embedded program of a composite font has a glyph for a code.
func (ff *fontFacts) cidPresent(code int) bool {
	cid, ok := ff.cid(code)
	if !ok || cid == 0 {
		return false
	}
	switch {
	case ff.tt != nil:
		return (ff.toGID == nil || 2*cid+1 < len(ff.toGID)) && ff.gid(cid) < ff.tt.glyphs
	case ff.cff != nil && ff.cff.cid:
		_, ok := ff.cff.byCID[cid]
		return ok
	case ff.cff != nil:
		return cid < len(ff.cff.glyphs)
	}
	return false
}

// programWidth gives the width that the embedded program of a composite font has for a code.
func (ff *fontFacts) cidWidth(code int) (float64, bool) {
	cid, _ := ff.cid(code)
	switch {
	case ff.tt != nil:
		return ff.tt.width(ff.gid(cid)), true
	case ff.cff != nil && ff.cff.cid:
		g, ok := ff.cff.byCID[cid]
		if !ok {
			return ff.dw, true
		}
		return ff.cff.width(g)
	case ff.cff != nil:
		return ff.cff.width(cid)
	}
	return 0, false
}

// declaredWidth gives the width that the font dictionary has for a code.
func (ff *fontFacts) declaredWidth(d *document, code int) float64 {
	if ff.use.wide {
		cid, _ := ff.cid(code)
		if w, ok := ff.widths[cid]; ok {
			return w
		}
		return ff.dw
	}
	first, _ := d.integer(ff.leaf["FirstChar"])
	widths := d.array(ff.leaf["Widths"])
	if i := code - first; i >= 0 && i < len(widths) {
		w, _ := d.num(widths[i])
		return w
	}
	w, _ := d.num(ff.desc["MissingWidth"])
	return w
}
