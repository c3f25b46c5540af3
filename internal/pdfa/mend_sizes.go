package pdfa

import (
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// maxUnits is how large a page may be in each direction (ISO 19005-2, 6.1.13).
const maxUnits = 14400

// mendSizes scales pages that are too large down and makes their unit as much larger (UserUnit, ISO 32000-1, 14.11.2):
// the sheet stays as large as it was, with its links and the bookmarks that lead to it.
func (d *document) mendSizes(s *scanner) {
	scaled := map[int]float64{}
	for _, w := range s.streams {
		if w.kind != kindPage || w.num == 0 {
			continue
		}
		if k := d.shrink(w); k > 0 {
			scaled[w.num] = k
		}
	}
	if len(scaled) == 0 {
		return
	}
	walk := d.walker(func(_ int, o types.Object) {
		if a, ok := o.(types.Array); ok && len(a) > 2 {
			d.scaleDest(a, scaled[refNum(a[0])])
		}
	})
	walk.walk(*d.ctx.Root)
	d.note("pages larger than 14,400 units scaled down, with a unit as much larger", "ISO 19005-2, 6.1.13", len(scaled), false)
}

// shrink scales one page and gives the factor; 0 when it is small enough.
func (d *document) shrink(w *drawn) float64 {
	box, ok := d.rect(d.pageAttr(w.dict, "MediaBox"))
	large := max(math.Abs(box[2]-box[0]), math.Abs(box[3]-box[1]))
	if !ok || large <= maxUnits {
		return 0
	}
	unit := math.Ceil(large / maxUnits)
	for _, k := range []string{"MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox"} {
		if a := d.array(d.pageAttr(w.dict, k)); len(a) == 4 {
			w.dict[k] = d.scaledNumbers(a, 1/unit)
		}
	}
	old, ok := d.num(w.dict["UserUnit"])
	if !ok {
		old = 1
	}
	w.dict["UserUnit"] = types.Float(old * unit)
	for _, o := range d.array(w.dict["Annots"]) {
		a := d.dict(o)
		for _, k := range []string{"Rect", "QuadPoints", "L", "Vertices", "CL"} {
			if v := d.array(a[k]); v != nil {
				a[k] = d.scaledNumbers(v, 1/unit)
			}
		}
	}
	d.scalePatterns(w, 1/unit)
	k := string(appendReal(nil, 1/unit))
	w.edits = append(w.edits, edit{order: editInnerClose, text: k + " 0 0 " + k + " 0 0 cm\n"})
	return 1 / unit
}

func (d *document) scaledNumbers(a types.Array, k float64) types.Array {
	out := make(types.Array, len(a))
	for i, o := range a {
		out[i] = o
		if v, ok := d.num(o); ok {
			out[i] = types.Float(v * k)
		}
	}
	return out
}

// scalePatterns gives the page patterns of its own: theirs is the space of the page, not of what is drawn on it.
func (d *document) scalePatterns(w *drawn, k float64) {
	patterns := d.dict(w.res["Pattern"])
	if len(patterns) == 0 {
		return
	}
	own := types.Dict{}
	for _, name := range keys(patterns) {
		p := types.Dict{}
		for key, v := range d.dict(patterns[name]) {
			p[key] = v
		}
		m := d.array(p["Matrix"])
		if len(m) != 6 {
			m = types.Array{types.Integer(1), types.Integer(0), types.Integer(0), types.Integer(1), types.Integer(0), types.Integer(0)}
		}
		p["Matrix"] = d.scaledNumbers(m, k)
		if sd, _ := d.stream(patterns[name]); sd != nil {
			c := *sd
			c.Dict = p
			own[name] = d.add(c)
		} else {
			own[name] = d.add(p)
		}
	}
	res := types.Dict{}
	for key, v := range w.res {
		res[key] = v
	}
	res["Pattern"] = own
	w.dict["Resources"], w.res = res, res
}

// scaleDest scales the coordinates of a destination on a page that was scaled; the zoom of XYZ is none.
func (d *document) scaleDest(a types.Array, k float64) {
	if k == 0 {
		return
	}
	last := len(a)
	switch d.name(a[1]) {
	case "XYZ":
		last = min(last, 4)
	case "FitH", "FitV", "FitR", "FitBH", "FitBV":
	default:
		return
	}
	for i := 2; i < last; i++ {
		if v, ok := d.num(a[i]); ok {
			a[i] = types.Float(v * k)
		}
	}
}
