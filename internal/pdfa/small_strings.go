package pdfa

import (
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// manyObjects is from how many objects on it is worth while to copy their strings.
const manyObjects = 10_000

// ownStrings gives every name and string of a large file bytes of its own. As they were parsed they are pieces of the text of their object, and keep
// a kilobyte or more each in memory: of a file with a font of forty thousand drawn glyphs, sixty megabytes.
func ownStrings(mc *model.Context) {
	if len(mc.Table) < manyObjects {
		return
	}
	o := owner{names: map[string]string{}}
	for _, e := range mc.Table {
		if e != nil {
			e.Object = o.own(e.Object, 0)
		}
	}
}

type owner struct{ names map[string]string }

// name gives one and the same copy of a name that comes often.
func (o *owner) name(s string) string {
	if c, ok := o.names[s]; ok {
		return c
	}
	c := strings.Clone(s)
	o.names[c] = c
	return c
}

// own copies the strings of an object, in place where it has parts.
func (o *owner) own(x types.Object, depth int) types.Object {
	if depth > maxDepth {
		return x
	}
	switch v := x.(type) {
	case types.Name:
		return types.Name(o.name(string(v)))
	case types.StringLiteral:
		return types.StringLiteral(strings.Clone(string(v)))
	case types.HexLiteral:
		return types.HexLiteral(strings.Clone(string(v)))
	case types.Array:
		for i := range v {
			v[i] = o.own(v[i], depth+1)
		}
	case types.Dict:
		o.dict(v, depth)
	case types.StreamDict:
		o.stream(v, depth)
	case *types.StreamDict:
		o.stream(*v, depth)
	case types.ObjectStreamDict:
		o.stream(v.StreamDict, depth)
	case *types.ObjectStreamDict:
		o.stream(v.StreamDict, depth)
	case types.XRefStreamDict:
		o.stream(v.StreamDict, depth)
	case *types.XRefStreamDict:
		o.stream(v.StreamDict, depth)
	}
	return x
}

func (o *owner) stream(sd types.StreamDict, depth int) {
	o.dict(sd.Dict, depth)
	for i := range sd.FilterPipeline {
		f := &sd.FilterPipeline[i]
		f.Name = o.name(f.Name)
		o.dict(f.DecodeParms, depth)
	}
}

// dict copies keys and values. A map keeps the key that it was first given, so each goes and comes back.
func (o *owner) dict(d types.Dict, depth int) {
	for _, k := range keys(d) {
		v := d[k]
		delete(d, k)
		d[o.name(k)] = o.own(v, depth+1)
	}
}
