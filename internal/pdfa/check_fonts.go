package pdfa

import (
	"regexp"
	"unicode/utf8"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

var subsetName = regexp.MustCompile(`^[A-Z]{6}\+`)

// usedFonts holds the fonts that text is shown in against 6.2.11.2 to 6.2.11.6.
func (c *checker) usedFonts() {
	for _, f := range c.s.allFonts() {
		if f.touched == 0 {
			continue
		}
		ff := c.facts(f)
		c.fontDict(f.dict, f.num)
		switch {
		case f.wide:
			if ff.leaf == nil {
				c.fail(ruleFontSubtype, f.num, "a composite font without a descendant")
				continue
			}
			c.fontDict(ff.leaf, ff.leafNum)
			c.composite(ff)
		case f.subtype != "Type3":
			c.simple(ff)
		default:
			c.charRange(ff)
		}
		if f.subtype != "Type3" && f.visible() && !ff.embedded() {
			c.fail(ruleEmbedded, f.num, "font %s is not embedded, or its program is broken", c.d.name(f.dict["BaseFont"]))
		}
		c.fontFile(ff)
	}
}

func (c *checker) fontDict(f types.Dict, num int) {
	if c.d.name(f["Type"]) != "Font" {
		c.fail(ruleFontType, num, "Type %q", c.d.name(f["Type"]))
	}
	kind := c.d.name(f["Subtype"])
	switch kind {
	case "Type1", "MMType1", "TrueType", "Type3", "Type0", "CIDFontType0", "CIDFontType2":
	default:
		c.fail(ruleFontSubtype, num, "Subtype %q", kind)
	}
	name := c.d.name(f["BaseFont"])
	if kind != "Type3" && name == "" {
		c.fail(ruleFontName, num, "a %s font", kind)
	}
	if !utf8.ValidString(name) {
		c.fail(ruleUTF8, num, "font name %q", name)
	}
}

func (c *checker) fontFile(ff *fontFacts) {
	if ff.file == nil {
		return
	}
	switch s := c.d.name(ff.file.Dict["Subtype"]); s {
	case "", "Type1C", "CIDFontType0C", "OpenType":
	default:
		c.fail(ruleFontFileType, ff.fileNum, "Subtype %s", s)
	}
}

// composite holds a composite font against 6.2.11.3 and its CIDSet against 6.2.11.4.2.
func (c *checker) composite(ff *fontFacts) {
	f := ff.use
	if c.d.name(ff.leaf["Subtype"]) == "CIDFontType2" && ff.embedded() {
		sd, _ := c.d.stream(ff.leaf["CIDToGIDMap"])
		if sd == nil && c.d.name(ff.leaf["CIDToGIDMap"]) != "Identity" {
			c.fail(ruleCIDToGID, ff.leafNum, "font %s", c.d.name(f.dict["BaseFont"]))
		}
	}
	c.encoding(ff)
	if ff.embedded() && subsetName.MatchString(c.d.name(ff.leaf["BaseFont"])) {
		if sd, n := c.d.stream(ff.desc["CIDSet"]); sd != nil && !c.cidSetComplete(ff, sd, n) {
			c.fail(ruleCIDSet, n, "font %s", c.d.name(f.dict["BaseFont"]))
		}
	}
}

// encoding holds a composite font's CMap against 6.2.11.3.1, 6.2.11.3.3 and 6.1.13.
func (c *checker) encoding(ff *fontFacts) {
	d, f := c.d, ff.use
	if n := d.name(f.dict["Encoding"]); n != "" {
		if !predefined[n] {
			c.fail(ruleCMapEmbedded, f.num, "CMap %s", n)
			c.fail(ruleSystemInfo, f.num, "CMap %s is not known", n)
		} else if !f.cmap.identity {
			c.fail(ruleSystemInfo, f.num, "CMap %s: what it maps is not known here", n)
		}
		return
	}
	sd, n := d.stream(f.dict["Encoding"])
	if sd == nil {
		c.fail(ruleCMapEmbedded, f.num, "a composite font without an encoding")
		return
	}
	if f.cmap.maxCID > 65535 {
		c.fail(ruleCID, n, "CID %d", f.cmap.maxCID)
	}
	if w, _ := d.integer(sd.Dict["WMode"]); w != f.cmap.wmode {
		c.fail(ruleCMapMode, n, "WMode %d in the dictionary, %d in the CMap", w, f.cmap.wmode)
	}
	if f.cmap.uses != "" && !predefined[f.cmap.uses] {
		c.fail(ruleCMapUses, n, "it builds on %s", f.cmap.uses)
	}
	have, want := d.dict(sd.Dict["CIDSystemInfo"]), d.dict(ff.leaf["CIDSystemInfo"])
	if name := f.cmap.name; name == "Identity-H" || name == "Identity-V" {
		return
	}
	for _, k := range []string{"Registry", "Ordering"} {
		a, aok := d.bytesOf(have[k])
		b, bok := d.bytesOf(want[k])
		if !aok || !bok || string(a) != string(b) {
			c.fail(ruleSystemInfo, f.num, "%s is %q in the CMap, %q in the font", k, a, b)
			return
		}
	}
	a, _ := d.integer(have["Supplement"])
	b, _ := d.integer(want["Supplement"])
	if b > a {
		c.fail(ruleSystemInfo, f.num, "Supplement is %d in the CMap, %d in the font", a, b)
	}
}

func (c *checker) cidSetComplete(ff *fontFacts, sd *types.StreamDict, num int) bool {
	set, err := c.d.decode(sd, num, maxDecodeBytes)
	if err != nil {
		return false
	}
	has := func(cid int) bool { return cid/8 < len(set) && set[cid/8]&(0x80>>(cid%8)) != 0 }
	present := map[int]bool{}
	for cid := 1; cid < 65536; cid++ {
		switch {
		case ff.tt != nil && ff.toGID == nil:
			present[cid] = cid < ff.tt.glyphs
		case ff.tt != nil:
			present[cid] = 2*cid+1 < len(ff.toGID) && ff.gid(cid) < ff.tt.glyphs
		case ff.cff != nil && ff.cff.cid:
			_, present[cid] = ff.cff.byCID[cid]
		case ff.cff != nil:
			present[cid] = cid < len(ff.cff.glyphs)
		}
		if present[cid] != has(cid) {
			return false
		}
	}
	return true
}

// simple holds a simple font against 6.2.11.2, 6.2.11.4.2 and 6.2.11.6.
func (c *checker) simple(ff *fontFacts) {
	f := ff.use
	standard := f.subtype != "TrueType" && !ff.embedded() && standardFonts[c.d.name(f.dict["BaseFont"])]
	if !standard {
		c.charRange(ff)
	}
	if f.subtype == "TrueType" {
		c.trueTypeEncoding(ff)
		return
	}
	if ff.embedded() && subsetName.MatchString(c.d.name(f.dict["BaseFont"])) {
		if b, ok := c.d.bytesOf(ff.desc["CharSet"]); ok && !ff.charSetComplete(b) {
			c.fail(ruleCharSet, f.num, "font %s", c.d.name(f.dict["BaseFont"]))
		}
	}
}

var standardFonts = wordSet(`Courier Courier-Bold Courier-Oblique Courier-BoldOblique Helvetica Helvetica-Bold Helvetica-Oblique
 Helvetica-BoldOblique Times-Roman Times-Bold Times-Italic Times-BoldItalic Symbol ZapfDingbats`)

func (c *checker) charRange(ff *fontFacts) {
	f := ff.use
	first, okFirst := c.d.integer(f.dict["FirstChar"])
	last, okLast := c.d.integer(f.dict["LastChar"])
	if !okFirst {
		c.fail(ruleFirstChar, f.num, "a %s font", f.subtype)
	}
	if !okLast {
		c.fail(ruleLastChar, f.num, "a %s font", f.subtype)
	}
	widths, ok := c.d.get(f.dict["Widths"]).(types.Array)
	if !ok || okFirst && okLast && len(widths) != last-first+1 {
		c.fail(ruleWidths, f.num, "%d widths for codes %d to %d", len(widths), first, last)
	}
}

func (ff *fontFacts) charSetComplete(b []byte) bool {
	listed := map[string]bool{}
	l := lexer{src: b}
	for t := l.next(); t.kind != tokEnd; t = l.next() {
		if t.kind == tokName && t.name() != ".notdef" {
			listed[t.name()] = true
		}
	}
	n := 0
	each := func(name string) bool {
		if name == ".notdef" {
			return true
		}
		n++
		return listed[name]
	}
	if ff.t1 != nil {
		for name := range ff.t1.widths {
			if !each(name) {
				return false
			}
		}
	}
	if ff.cff != nil {
		for name := range ff.cff.byName {
			if !each(name) {
				return false
			}
		}
	}
	return n == len(listed)
}

// trueTypeEncoding holds a simple TrueType font against 6.2.11.6.
func (c *checker) trueTypeEncoding(ff *fontFacts) {
	f := ff.use
	enc := c.d.get(f.dict["Encoding"])
	base := c.d.name(enc)
	dict, isDict := enc.(types.Dict)
	if isDict {
		base = c.d.name(dict["BaseEncoding"])
	}
	if ff.symbolic {
		if enc != nil && base != "" {
			c.fail(ruleSymbolicEnc, f.num, "Encoding %s", base)
		}
		if ff.tt != nil && len(ff.tt.cmaps) != 1 && ff.tt.cmap(3, 0) == nil {
			c.fail(ruleSymbolicCmap, ff.fileNum, "%d character maps", len(ff.tt.cmaps))
		}
		return
	}
	if base != "MacRomanEncoding" && base != "WinAnsiEncoding" {
		c.fail(ruleTrueTypeEnc, f.num, "Encoding %q", base)
	} else if isDict && dict["Differences"] != nil && !c.plainDifferences(ff) {
		c.fail(ruleTrueTypeEnc, f.num, "Differences beyond the Adobe Glyph List, or no Microsoft Unicode character map")
	}
	if ff.tt != nil {
		need := 0
		if ff.tt.cmap(3, 0) != nil {
			need = 1
		}
		if len(ff.tt.cmaps) <= need {
			c.fail(ruleTrueTypeCmap, ff.fileNum, "%d character maps", len(ff.tt.cmaps))
		}
	}
}

func (c *checker) plainDifferences(ff *fontFacts) bool {
	if ff.tt == nil || ff.tt.cmap(3, 1) == nil {
		return false
	}
	for _, n := range c.d.glyphNames(c.d.differences(ff.use.dict)) {
		if _, ok := glyphRune(n); !ok {
			return false
		}
	}
	return true
}
