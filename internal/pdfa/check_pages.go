package pdfa

import (
	"math"
	"regexp"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

var mimePattern = regexp.MustCompile(`^[-\w+.]+/[-\w+.]+$`)

// annotTypes are the annotation types that ISO 19005-2, 6.3.1 allows.
var annotTypes = wordSet(`Text Link FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Caret
 Ink Popup FileAttachment Widget PrinterMark TrapNet Watermark Redact`)

// Annotation flags (ISO 32000-1, 12.5.3).
const (
	flagInvisible = 1 << iota
	flagHidden
	flagPrint
	flagNoZoom
	flagNoRotate
	flagNoView
	flagReadOnly
	flagLocked
	flagToggleNoView
)

// pages holds the pages and their annotations against 6.1.13, 6.3, 6.5.2 and 6.10.
func (c *checker) pages() {
	for _, p := range c.d.pages {
		for _, k := range []string{"MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox"} {
			c.box(p, k)
		}
		if p.dict["AA"] != nil {
			c.fail(rulePageAA, p.num, "the page has AA")
			c.actions(p.dict["AA"], p.num)
		}
		if p.dict["PresSteps"] != nil {
			c.fail(rulePresSteps, p.num, "the page has PresSteps")
		}
		for _, o := range c.d.array(p.dict["Annots"]) {
			if a := c.d.dict(o); a != nil {
				c.annotation(a, refNum(o))
			}
		}
	}
}

func (c *checker) box(p page, key string) {
	o := p.dict[key]
	if key == "MediaBox" || key == "CropBox" {
		o = c.d.pageAttr(p.dict, key)
	}
	r, ok := c.d.rect(o)
	if !ok {
		return
	}
	w, h := math.Abs(r[2]-r[0]), math.Abs(r[3]-r[1])
	if w < 3 || w > 14400 || h < 3 || h > 14400 {
		c.fail(ruleBox, p.num, "%s is %.0f × %.0f units", key, w, h)
	}
}

// rect reads a rectangle.
func (d *document) rect(o types.Object) (r [4]float64, ok bool) {
	a := d.array(o)
	if len(a) != 4 {
		return r, false
	}
	for i := range r {
		if r[i], ok = d.num(a[i]); !ok {
			return r, false
		}
	}
	return r, true
}

func (c *checker) annotation(a types.Dict, num int) {
	kind := c.d.name(a["Subtype"])
	if !annotTypes[kind] {
		c.fail(ruleAnnotType, num, "annotation type %q", kind)
	}
	flags, hasFlags := c.d.integer(a["F"])
	if !hasFlags && kind != "Popup" {
		c.fail(ruleAnnotF, num, "a %s annotation without F", kind)
	}
	if hasFlags && (flags&flagPrint == 0 || flags&(flagInvisible|flagHidden|flagNoView|flagToggleNoView) != 0) {
		c.fail(ruleAnnotFlags, num, "a %s annotation with flags %d", kind, flags)
	}
	c.annotAppearance(a, kind, num)
	if kind == "Widget" && (a["A"] != nil || a["AA"] != nil) {
		c.fail(ruleWidgetAction, num, "a widget with A or AA")
	}
	c.action(a["A"], num)
	c.actions(a["AA"], num)
}

func (c *checker) annotAppearance(a types.Dict, kind string, num int) {
	ap := c.d.dict(a["AP"])
	if ap == nil {
		r, ok := c.d.rect(a["Rect"])
		empty := ok && r[0] == r[2] && r[1] == r[3]
		if !empty && kind != "Popup" && kind != "Link" {
			c.fail(ruleAnnotAP, num, "a %s annotation without an appearance", kind)
		}
		return
	}
	if len(ap) != 1 || ap["N"] == nil {
		c.fail(ruleAnnotN, num, "a %s annotation with %d appearances", kind, len(ap))
		return
	}
	sd, _ := c.d.stream(ap["N"])
	button := kind == "Widget" && c.d.fieldType(a) == "Btn"
	switch {
	case button && (sd != nil || !c.d.allStreams(ap["N"])):
		c.fail(ruleAnnotButton, num, "a button whose appearance is no dictionary of states")
	case !button && sd == nil:
		c.fail(ruleAnnotStream, num, "a %s annotation whose appearance is no stream", kind)
	}
}

// fieldType gives the FT of a widget, which it may inherit.
func (d *document) fieldType(a types.Dict) string {
	for range maxDepth {
		if a == nil {
			return ""
		}
		if ft := d.name(a["FT"]); ft != "" {
			return ft
		}
		a = d.dict(a["Parent"])
	}
	return ""
}

// form holds the interactive form against 6.4.
func (c *checker) form() {
	root := c.d.catalog()
	form := c.d.dict(root["AcroForm"])
	if form == nil {
		return
	}
	num := refNum(root["AcroForm"])
	if c.d.boolean(form["NeedAppearances"]) {
		c.fail(ruleAppearances, num, "NeedAppearances is true")
	}
	if form["XFA"] != nil {
		c.fail(ruleXFA, num, "the form has XFA")
	}
	for _, f := range c.d.fields() {
		if f.dict["AA"] != nil {
			c.fail(ruleFieldAction, f.num, "a field with AA")
		}
		if c.d.name(f.dict["FT"]) == "Sig" && c.d.dict(f.dict["V"]) != nil {
			c.signature(c.d.dict(f.dict["V"]), orNum(f.dict["V"], f.num))
		}
	}
}

// fields gives the form's fields and their kids.
func (d *document) fields() []bookmark {
	var list []bookmark
	seen := map[int]bool{}
	var walk func(o types.Object, depth int)
	walk = func(o types.Object, depth int) {
		n := refNum(o)
		f := d.dict(o)
		if f == nil || depth > maxDepth || n != 0 && seen[n] {
			return
		}
		seen[n] = true
		list = append(list, bookmark{n, f})
		for _, k := range d.array(f["Kids"]) {
			walk(k, depth+1)
		}
	}
	for _, o := range d.array(d.dict(d.catalog()["AcroForm"])["Fields"]) {
		walk(o, 0)
	}
	return list
}

// signature holds a signature against 6.4.3: its byte range leaves out only itself. Check knows the file's size; a
// document that is about to be written cannot have a valid signature. And against 6.1.12: no digests of parts.
func (c *checker) signature(v types.Dict, num int) {
	r := c.d.array(v["ByteRange"])
	var n [4]int
	for i := range n {
		if i < len(r) {
			n[i], _ = c.d.integer(r[i])
		}
	}
	contents, _ := c.d.bytesOf(v["Contents"])
	gap := n[2] - n[1]
	if len(r) != 4 || n[0] != 0 || int64(n[2]+n[3]) != c.size || gap < 2*len(contents) {
		c.fail(ruleSignature, num, "the byte range leaves out more than the signature")
	}
	if c.d.dict(c.d.catalog()["Perms"])["DocMDP"] == nil {
		return
	}
	for _, o := range c.d.array(v["Reference"]) {
		ref := c.d.dict(o)
		for _, k := range []string{"DigestLocation", "DigestMethod", "DigestValue"} {
			if ref[k] != nil {
				c.fail(ruleSigRef, orNum(o, num), "key %s", k)
			}
		}
	}
}
