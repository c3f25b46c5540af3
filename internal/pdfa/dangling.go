package pdfa

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// dropDangling makes null of every reference to an object that the file does not have (ISO 32000-1, 7.3.10). Left as they are, such
// references would lead to whatever object is added under the number.
func (d *document) dropDangling() {
	for _, n := range d.numbers() {
		e := d.ctx.Table[n]
		if d.dangles(e.Object) {
			e.Object = nil
			continue
		}
		d.dropIn(e.Object, 0)
	}
	if d.ctx.Info != nil && d.dangles(*d.ctx.Info) {
		d.ctx.Info = nil
	}
}

func (d *document) dangles(o types.Object) bool {
	ref, ok := asRef(o)
	return ok && d.entry(int(ref.ObjectNumber)) == nil
}

func (d *document) dropIn(o types.Object, depth int) {
	if depth > maxDepth {
		return
	}
	switch v := o.(type) {
	case types.Array:
		for i, e := range v {
			if d.dangles(e) {
				v[i] = nil
			} else {
				d.dropIn(e, depth+1)
			}
		}
	case types.Dict:
		for k, e := range v {
			if d.dangles(e) {
				delete(v, k)
			} else {
				d.dropIn(e, depth+1)
			}
		}
	case types.StreamDict:
		d.dropIn(v.Dict, depth+1)
	case *types.StreamDict:
		d.dropIn(v.Dict, depth+1)
	}
}
