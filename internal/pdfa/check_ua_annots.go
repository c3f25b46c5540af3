package pdfa

import (
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// outside tells whether an annotation is hidden or lies outside the page.
func (c *checker) outside(p page, a types.Dict) bool {
	if f, _ := c.d.integer(a["F"]); f&flagHidden != 0 {
		return true
	}
	box, ok := c.d.rect(c.d.pageAttr(p.dict, "CropBox"))
	if !ok {
		if box, ok = c.d.rect(c.d.pageAttr(p.dict, "MediaBox")); !ok {
			return false
		}
	}
	r, ok := c.d.rect(a["Rect"])
	if !ok {
		return false
	}
	left, right := math.Min(box[0], box[2]), math.Max(box[0], box[2])
	low, high := math.Min(box[1], box[3]), math.Max(box[1], box[3])
	return low >= r[3] || left >= r[2] || high <= r[1] || right <= r[0]
}

func (c *checker) uaAnnotation(o types.Object, langKnown bool) {
	a, num := c.d.dict(o), refNum(o)
	kind := c.d.name(a["Subtype"])
	var owner *element
	if n, ok := c.d.integer(a["StructParent"]); ok {
		owner = c.t.objectOwner(n)
	}
	std, alt := "", ""
	if owner != nil {
		std = owner.std
		alt, _ = c.d.text(owner.dict["Alt"])
	}
	contents, _ := c.d.text(a["Contents"])
	if a["Contents"] != nil && !langKnown && (owner == nil || owner.dict["Lang"] == nil) {
		c.fail(ruleUAAnnotLang, num, "a %s annotation", kind)
	}
	if kind != "Widget" && contents == "" && alt == "" {
		c.fail(ruleUAAnnotText, num, "a %s annotation", kind)
	}
	switch kind {
	case "Link":
		if std != "Link" {
			c.fail(ruleUALinkTag, num, "the link stands in %q", std)
		}
		if contents == "" {
			c.fail(ruleUALinkText, num, "a link without Contents")
		}
	case "Widget":
		c.uaWidget(a, num, std, alt)
	case "TrapNet":
		c.fail(ruleUATrapNet, num, "a TrapNet annotation")
	case "PrinterMark":
		if owner != nil {
			c.fail(ruleUAPrinterMark, num, "the mark stands in %s", owner.kind)
		}
	default:
		if std != "Annot" {
			c.fail(ruleUAAnnotTag, num, "a %s annotation stands in %q", kind, std)
		}
	}
}

func (c *checker) uaWidget(a types.Dict, num int, std, alt string) {
	if std != "Form" {
		c.fail(ruleUAWidgetTag, num, "the widget stands in %q", std)
	}
	tu := ""
	for f, n := a, 0; f != nil && tu == "" && n < maxDepth; f, n = c.d.dict(f["Parent"]), n+1 {
		tu, _ = c.d.text(f["TU"])
	}
	if tu == "" && alt == "" {
		c.fail(ruleUAFieldText, num, "a field without TU")
	}
}
