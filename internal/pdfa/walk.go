package pdfa

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// walker visits everything reachable, each object once, with the number of the object that it stands in.
type walker struct {
	d     *document
	seen  map[int]bool
	visit func(num int, o types.Object)
	queue []int
}

func (w *walker) walk(ref types.IndirectRef) {
	w.enter(ref)
	for len(w.queue) > 0 {
		n := w.queue[len(w.queue)-1]
		w.queue = w.queue[:len(w.queue)-1]
		w.value(n, w.d.object(n), 0)
	}
}

func (w *walker) enter(ref types.IndirectRef) {
	n := int(ref.ObjectNumber)
	if !w.seen[n] && w.d.object(n) != nil {
		w.seen[n] = true
		w.queue = append(w.queue, n)
	}
}

func (w *walker) value(num int, o types.Object, depth int) {
	if depth > maxDepth {
		return
	}
	w.visit(num, o)
	switch v := o.(type) {
	case types.IndirectRef:
		w.enter(v)
	case *types.IndirectRef:
		w.enter(*v)
	case types.Array:
		for _, e := range v {
			w.value(num, e, depth+1)
		}
	case types.Dict:
		w.dict(num, v, depth)
	case types.StreamDict:
		w.dict(num, v.Dict, depth)
	case *types.StreamDict:
		w.dict(num, v.Dict, depth)
	}
}

func (w *walker) dict(num int, v types.Dict, depth int) {
	for k, e := range v {
		if len(k) > 127 {
			w.visit(num, types.Name(k))
		}
		w.value(num, e, depth+1)
	}
}
