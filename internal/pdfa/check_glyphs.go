package pdfa

import "strings"

// glyphText holds every code that is shown against 6.2.11.4.1, 6.2.11.5, 6.2.11.7 and 6.2.11.8.
func (c *checker) glyphText() {
	for _, f := range c.s.allFonts() {
		ff := c.facts(f)
		for _, code := range f.codes() {
			c.glyph(ff, code, f.flags(code))
			c.unicode(ff, code, f.flags(code))
		}
	}
}

func (c *checker) glyph(ff *fontFacts, code int, flags uint8) {
	f := ff.use
	name := c.d.name(f.dict["BaseFont"])
	switch {
	case f.subtype == "Type3":
		c.type3Glyph(ff, code, flags)
		return
	case f.wide:
		c.wideGlyph(ff, code, flags)
		return
	}
	if ff.name(code) == ".notdef" || f.subtype == "TrueType" && code == 0 && ff.name(code) == "" {
		c.fail(ruleNotdef, f.num, "code %d of font %s", code, name)
	}
	if !ff.embedded() || flags&shownVisible == 0 {
		return
	}
	present, w, known := ff.simpleGlyph(code)
	if !present && code != 0 {
		c.fail(ruleGlyph, f.num, "code %d of font %s", code, name)
	}
	c.width(ff, code, w, known || !present)
}

// wideGlyph holds a glyph of a composite font against the program that is embedded.
func (c *checker) wideGlyph(ff *fontFacts, code int, flags uint8) {
	f, name := ff.use, c.d.name(ff.use.dict["BaseFont"])
	if !ff.embedded() {
		return
	}
	if f.cmap.unknown {
		if c.d.name(f.dict["Encoding"]) == "" { // else the CMap itself has failed
			c.fail(ruleGlyph, f.num, "what the CMap of font %s maps is not known here", name)
		}
		return
	}
	present := ff.cidPresent(code)
	if !present {
		c.fail(ruleNotdef, f.num, "code %04X of font %s", code, name)
	}
	if flags&shownVisible == 0 {
		return
	}
	if !present && code != 0 {
		c.fail(ruleGlyph, f.num, "code %04X of font %s", code, name)
	}
	w, known := ff.cidWidth(code)
	c.width(ff, code, w, known)
}

func (c *checker) width(ff *fontFacts, code int, w float64, known bool) {
	declared := ff.declaredWidth(c.d, code)
	if !known {
		c.fail(ruleGlyphWidth, ff.use.num, "code %d of font %s: the program's width cannot be read", code, c.d.name(ff.use.dict["BaseFont"]))
	} else if !near(declared, w) {
		c.fail(ruleGlyphWidth, ff.use.num, "code %d of font %s: %.1f in the dictionary, %.1f in the program", code, c.d.name(ff.use.dict["BaseFont"]), declared, w)
	}
}

// type3Glyph holds a glyph procedure's width against the Widths of a Type 3 font.
func (c *checker) type3Glyph(ff *fontFacts, code int, flags uint8) {
	if ff.name(code) == ".notdef" {
		c.fail(ruleNotdef, ff.use.num, "code %d of a Type 3 font", code)
	}
	if flags&shownVisible == 0 {
		return
	}
	sd, n := c.d.stream(c.d.dict(ff.use.dict["CharProcs"])[ff.name(code)])
	if sd == nil {
		c.fail(ruleGlyph, ff.use.num, "code %d of a Type 3 font", code)
		return
	}
	b, err := c.d.decode(sd, n, maxDecodeBytes)
	if err != nil {
		c.fail(ruleGlyph, n, "the glyph's procedure cannot be read")
		return
	}
	l := lexer{src: b}
	var first token
	for t := l.next(); t.kind == tokNumber; t = l.next() {
		if first.kind == tokEnd {
			first = t
		}
	}
	c.width(ff, code, first.num, first.kind == tokNumber)
}

// unicode holds a code's Unicode value against 6.2.11.7.
func (c *checker) unicode(ff *fontFacts, code int, flags uint8) {
	name := c.d.name(ff.use.dict["BaseFont"])
	s, ok, symbol := ff.text(code)
	if symbol {
		return
	}
	if !ok {
		c.fail(ruleUnicode, ff.use.num, "code %04X of font %s", code, name)
		return
	}
	if strings.ContainsAny(s, "\x00\uFEFF\uFFFE") {
		c.fail(ruleUnicodeValues, ff.use.num, "code %04X of font %s maps to %+q", code, name, s)
	}
	if flags&shownBare != 0 && hasPUA(s) {
		c.fail(rulePUA, ff.use.num, "code %04X of font %s maps to %+q", code, name, s)
	}
}
