package pdfa

import (
	"fmt"
	"unicode/utf8"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// space holds a colour space against 6.2.4, with those that it is built on.
func (r *resourceChecker) space(o types.Object, res types.Dict, num, depth int) {
	d := r.d
	if depth > 8 {
		return
	}
	num = orNum(o, num)
	if n := d.name(o); n != "" {
		r.device(deviceNamed(n), res, num)
		return
	}
	a := d.array(o)
	if len(a) == 0 {
		return
	}
	kind := d.name(a[0])
	if len(a) == 1 {
		r.device(deviceNamed(kind), res, num)
		return
	}
	if !r.first(o) {
		return
	}
	switch kind {
	case "ICCBased":
		r.icc(a[1])
	case "Indexed", "I", "Pattern":
		r.space(a[1], res, num, depth+1)
	case "Separation":
		r.separation(a, res, num, depth)
	case "DeviceN":
		r.deviceN(a, res, num, depth)
	case "CalCMYK":
		r.device(useCMYK, res, num)
	}
}

// deviceNamed gives the device colour space of the name; nothing for any other.
func deviceNamed(n string) deviceUse {
	switch n {
	case "DeviceGray", "G":
		return useGray
	case "DeviceRGB", "RGB":
		return useRGB
	case "DeviceCMYK", "CMYK":
		return useCMYK
	}
	return 0
}

func (r *resourceChecker) icc(o types.Object) {
	sd, n := r.d.stream(o)
	if sd == nil || !r.first(o) {
		return
	}
	b, err := r.d.decode(sd, n, maxDecodeBytes)
	p, ok := readProfile(b)
	if err != nil || !ok {
		r.fail(ruleICC, n, "the profile cannot be read")
		return
	}
	class := p.class == "prtr" || p.class == "mntr" || p.class == "scnr" || p.class == "spac"
	space := map[string]int{"RGB ": 3, "CMYK": 4, "GRAY": 1, "Lab ": 3}[p.space]
	if !class || space == 0 || p.version >= 5 {
		r.fail(ruleICC, n, "class %q, colour space %q, version %.1f", p.class, p.space, p.version)
		return
	}
	if comps, _ := r.d.integer(sd.Dict["N"]); comps != space {
		r.fail(ruleICC, n, "N is %d and the profile's colour space %q", comps, p.space)
	}
}

func (r *resourceChecker) separation(a types.Array, res types.Dict, num, depth int) {
	name := r.d.name(a[1])
	if !utf8.ValidString(name) {
		r.fail(ruleUTF8, num, "a colourant's name")
	}
	if len(a) < 4 {
		return
	}
	r.space(a[2], res, num, depth+1)
	def := r.d.spell(a[2], 0) + r.d.spell(a[3], 0)
	if have, ok := r.spots[name]; ok && have != def {
		r.fail(ruleSeparation, num, "Separation %s", name)
	}
	r.spots[name] = def
}

// spell writes an object out so that equal objects give equal text; streams are told apart by their raw bytes.
func (d *document) spell(o types.Object, depth int) string {
	if depth > 12 {
		return fmt.Sprintf("%d R", refNum(o))
	}
	switch v := d.get(o).(type) {
	case types.Dict:
		s := "<<"
		for _, k := range keys(v) {
			s += "/" + k + " " + d.spell(v[k], depth+1)
		}
		return s + ">>"
	case types.Array:
		s := "["
		for _, e := range v {
			s += d.spell(e, depth+1) + " "
		}
		return s + "]"
	case types.StreamDict:
		return d.spell(v.Dict, depth+1) + string(v.Raw)
	case nil:
		return "null"
	default:
		return string(appendSimple(nil, v))
	}
}

func (r *resourceChecker) deviceN(a types.Array, res types.Dict, num, depth int) {
	d := r.d
	names := d.array(a[1])
	if len(names) > 32 {
		r.fail(ruleColorants, num, "%d colourants", len(names))
	}
	if len(a) > 2 {
		r.space(a[2], res, num, depth+1)
	}
	var attrs types.Dict
	if len(a) > 4 {
		attrs = d.dict(a[4])
	}
	colorants := d.dict(attrs["Colorants"])
	known := map[string]bool{"None": true, "Cyan": true, "Magenta": true, "Yellow": true, "Black": true}
	for k := range colorants {
		known[k] = true
	}
	process := d.dict(attrs["Process"])
	for _, o := range d.array(process["Components"]) {
		known[d.name(o)] = true
	}
	for _, o := range names {
		n := d.name(o)
		if !utf8.ValidString(n) {
			r.fail(ruleUTF8, num, "a colourant's name")
		}
		if !known[n] {
			r.fail(ruleColorantDict, num, "colourant %s", n)
		}
	}
	for _, k := range keys(colorants) {
		r.space(colorants[k], res, num, depth+1)
	}
	if process != nil {
		r.space(process["ColorSpace"], nil, num, depth+1)
	}
}

// image holds an image against 6.2.4, 6.2.6 and 6.2.8.
func (r *resourceChecker) image(x, res types.Dict, num int) {
	r.imageDict(x, num)
	if !r.d.boolean(x["ImageMask"]) && x["ColorSpace"] != nil {
		r.space(r.d.named(x["ColorSpace"], res), res, num, 0)
	}
}

// imageDict holds an image's or mask's dictionary against 6.2.6 and 6.2.8.
func (r *resourceChecker) imageDict(x types.Dict, num int) {
	d := r.d
	if x["Alternates"] != nil {
		r.fail(ruleAlternates, num, "an image with Alternates")
	}
	if x["OPI"] != nil {
		r.fail(ruleImageOPI, num, "an image with OPI")
	}
	if d.boolean(x["Interpolate"]) {
		r.fail(ruleInterpolate, num, "an image with Interpolate true")
	}
	mask := d.boolean(x["ImageMask"])
	if n, ok := d.integer(x["BitsPerComponent"]); ok {
		switch {
		case mask && n != 1:
			r.fail(ruleMaskBits, num, "%d bits", n)
		case !mask && n != 1 && n != 2 && n != 4 && n != 8 && n != 16:
			r.fail(ruleBits, num, "%d bits", n)
		}
	}
	if ri := d.name(x["Intent"]); x["Intent"] != nil && !validIntent(ri) {
		r.fail(ruleIntent, num, "rendering intent %s", ri)
	}
	for _, f := range d.filters(x) {
		if f == "JPXDecode" {
			r.jpx(x, num)
		}
	}
}

// named resolves a colour space that is given by a name of the resources.
func (d *document) named(o types.Object, res types.Dict) types.Object {
	n := d.name(o)
	if n == "" || deviceNamed(n) != 0 {
		return o
	}
	if cs, ok := d.dict(res["ColorSpace"])[n]; ok {
		return cs
	}
	return o
}
