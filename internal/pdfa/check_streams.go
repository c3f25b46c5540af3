package pdfa

import (
	"reflect"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// streams holds what the content streams were seen to do against 6.1.13, 6.2.2 and 6.2.4.3.
func (c *checker) streams() {
	for _, w := range c.s.streams {
		for _, f := range slices.Concat(w.findings, w.mendable) {
			if f.Level != "ua1" || c.ua {
				c.out = append(c.out, f)
			}
		}
		if w.deep > 28 {
			c.fail(ruleNesting, w.num, "q is nested %d deep", w.deep)
		}
		if len(w.inherited) > 0 {
			c.fail(ruleResources, w.num, "%s is found only in what is inherited", strings.Join(w.inherited[:min(5, len(w.inherited))], " "))
		}
		c.device(w.device, w.res, w.num)
		if w.kind == kindPage && c.intent == "" && w.blended {
			if c.d.dict(w.dict["Group"])["CS"] == nil {
				c.fail(ruleGroup, w.num, "the page has transparency")
			}
		}
	}
}

// device holds device colour spaces against 6.2.4.3: each needs a default in the resources or the output intent.
func (c *checker) device(u deviceUse, res types.Dict, num int) {
	defaults := c.d.dict(res["ColorSpace"])
	if u&useGray != 0 && c.intent == "" && defaults["DefaultGray"] == nil {
		c.fail(ruleGray, num, "DeviceGray without an output intent")
	}
	if u&useRGB != 0 && c.intent != "RGB " && defaults["DefaultRGB"] == nil {
		c.fail(ruleRGB, num, "DeviceRGB, and the output intent is %q", c.intent)
	}
	if u&useCMYK != 0 && c.intent != "CMYK" && defaults["DefaultCMYK"] == nil {
		c.fail(ruleCMYK, num, "DeviceCMYK, and the output intent is %q", c.intent)
	}
}

// resources holds the resources of every content stream against 6.2.4 to 6.2.10, each dictionary once.
func (c *checker) resources() {
	r := &resourceChecker{checker: c, seen: map[int]bool{}, dicts: map[uintptr]bool{}, spots: map[string]string{}}
	for _, w := range c.s.streams {
		r.all(w.res, w.num)
		r.group(w.dict, w.res, w.num)
		if w.kind != kindPage {
			r.formDict(w.dict, w.num)
		}
	}
}

// resourceChecker remembers what it has seen: resources are shared by many streams.
type resourceChecker struct {
	*checker
	seen  map[int]bool
	dicts map[uintptr]bool  // resource dictionaries already seen, by where they lie; they stay in the document meanwhile
	spots map[string]string // name of a spot colour to its definition
}

// first tells whether an object is met for the first time; a direct one always is.
func (r *resourceChecker) first(o types.Object) bool {
	n := refNum(o)
	if n == 0 {
		return true
	}
	was := r.seen[n]
	r.seen[n] = true
	return !was
}

func (r *resourceChecker) all(res types.Dict, num int) {
	if res == nil {
		return
	}
	at := reflect.ValueOf(res).Pointer()
	if r.dicts[at] {
		return
	}
	r.dicts[at] = true
	d := r.d
	each := func(category string, f func(o types.Object)) {
		entries := d.dict(res[category])
		for _, k := range keys(entries) {
			f(entries[k])
		}
	}
	each("ExtGState", func(o types.Object) {
		if r.first(o) {
			r.extGState(d.dict(o), orNum(o, num))
		}
	})
	each("ColorSpace", func(o types.Object) { r.space(o, res, orNum(o, num), 0) })
	each("XObject", func(o types.Object) {
		if r.first(o) {
			r.xobject(o, res)
		}
	})
	each("Pattern", func(o types.Object) { r.pattern(d.dict(o), res, orNum(o, num)) })
	each("Shading", func(o types.Object) { r.space(d.dict(o)["ColorSpace"], res, orNum(o, num), 0) })
}

// orNum gives the number of a reference, else that of the object around.
func orNum(o types.Object, around int) int {
	if n := refNum(o); n != 0 {
		return n
	}
	return around
}

func (r *resourceChecker) pattern(p, res types.Dict, num int) {
	if n, _ := r.d.integer(p["PatternType"]); n == 2 {
		r.space(r.d.dict(p["Shading"])["ColorSpace"], res, num, 0)
		r.extGState(r.d.dict(p["ExtGState"]), num)
	}
}

// extGState holds a graphics state against 6.2.5, 6.2.6 and 6.2.10.
func (r *resourceChecker) extGState(gs types.Dict, num int) {
	d := r.d
	if gs == nil {
		return
	}
	if gs["TR"] != nil {
		r.fail(ruleTR, num, "a graphics state with TR")
	}
	if gs["TR2"] != nil && d.name(gs["TR2"]) != "Default" {
		r.fail(ruleTR2, num, "a graphics state with TR2")
	}
	if gs["HTP"] != nil {
		r.fail(ruleHTP, num, "a graphics state with HTP")
	}
	if ri := d.name(gs["RI"]); gs["RI"] != nil && !validIntent(ri) {
		r.fail(ruleIntent, num, "rendering intent %s", ri)
	}
	if ht := d.dict(gs["HT"]); ht != nil {
		r.halftone(ht, num, "", 0)
	}
	bm := d.name(gs["BM"])
	for _, o := range d.array(gs["BM"]) {
		if bm = d.name(o); bm != "" {
			break
		}
	}
	if bm != "" && !blendModes[bm] {
		r.fail(ruleBlend, num, "blend mode %s", bm)
	}
	if n, _ := d.integer(gs["OPM"]); n == 1 && d.overprinted() && r.iccCMYK() {
		r.fail(ruleOverprint, num, "OPM 1 with overprint")
	}
}

// overprinted tells whether any graphics state of the file switches overprinting on. Its mode may have been set by another one before.
func (d *document) overprinted() bool {
	if d.overprint == nil {
		on := false
		w := d.walker(func(_ int, o types.Object) {
			if v, ok := o.(types.Dict); ok {
				on = on || d.boolean(v["OP"]) || d.boolean(v["op"])
			}
		})
		w.walk(*d.ctx.Root)
		d.overprint = &on
	}
	return *d.overprint
}

// iccCMYK tells whether the file has an ICCBased colour space of four components.
func (r *resourceChecker) iccCMYK() bool {
	found := false
	w := r.d.walker(func(_ int, o types.Object) {
		a, ok := o.(types.Array)
		if ok && len(a) == 2 && r.d.name(a[0]) == "ICCBased" {
			n, _ := r.d.integer(r.d.dict(a[1])["N"])
			found = found || n == 4
		}
	})
	w.walk(*r.d.ctx.Root)
	return found
}

var blendModes = wordSet(`Normal Compatible Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight Difference
 Exclusion Hue Saturation Color Luminosity`)

func validIntent(s string) bool {
	switch s {
	case "RelativeColorimetric", "AbsoluteColorimetric", "Perceptual", "Saturation":
		return true
	}
	return false
}

func (r *resourceChecker) halftone(ht types.Dict, num int, colorant string, depth int) {
	n, ok := r.d.integer(ht["HalftoneType"])
	if !ok || n != 1 && n != 5 {
		r.fail(ruleHalftone, num, "halftone type %d", n)
	}
	if ht["HalftoneName"] != nil {
		r.fail(ruleHalftoneName, num, "a halftone with a name")
	}
	process := colorant == "" || colorant == "Cyan" || colorant == "Magenta" || colorant == "Yellow" || colorant == "Black"
	if colorant != "Default" && process == (ht["TransferFunction"] != nil) {
		r.fail(ruleHalftoneTR, num, "colorant %q", colorant)
	}
	if n != 5 || depth > 2 {
		return
	}
	for _, k := range keys(ht) {
		if sub := r.d.dict(ht[k]); sub != nil {
			r.halftone(sub, num, k, depth+1)
		}
	}
}

// xobject holds an image, form or PostScript XObject against 6.2.8 and 6.2.9.
func (r *resourceChecker) xobject(o types.Object, res types.Dict) {
	x, num := r.d.dict(o), refNum(o)
	switch r.d.name(x["Subtype"]) {
	case "Image":
		r.image(x, res, num)
		for _, k := range []string{"SMask", "Mask"} {
			if sd, n := r.d.stream(x[k]); sd != nil && r.first(x[k]) {
				r.imageDict(sd.Dict, n)
				if n2, ok := r.d.integer(sd.Dict["BitsPerComponent"]); k == "Mask" && ok && n2 != 1 {
					r.fail(ruleMaskBits, n, "%d bits", n2)
				}
			}
		}
	case "Form":
		r.formDict(x, num)
	case "PS":
		r.fail(rulePostScript, num, "a PostScript XObject")
	}
}

func (r *resourceChecker) formDict(x types.Dict, num int) {
	if x["OPI"] != nil || x["PS"] != nil || r.d.name(x["Subtype2"]) == "PS" {
		r.fail(ruleFormPS, num, "a form with OPI or PostScript")
	}
	if x["Ref"] != nil {
		r.fail(ruleFormRef, num, "a reference XObject")
	}
}

// group holds the colour space of a transparency group against 6.2.4.3.
func (r *resourceChecker) group(x, res types.Dict, num int) {
	g := r.d.dict(x["Group"])
	if g != nil && g["CS"] != nil {
		r.space(g["CS"], res, num, 0)
	}
}
