package pdfa

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// walker visits everything reachable, each object once, with the number of the object that it stands in.
type walker struct {
	d     *document
	seen  byNumber
	visit func(num int, o types.Object)
	queue []int
	n     int // how many were seen
}

func (d *document) walker(visit func(num int, o types.Object)) *walker {
	return &walker{d: d, seen: d.byNumber(), visit: visit}
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
	if w.seen.get(n) == 0 && w.d.object(n) != nil {
		w.seen.set(n, 1)
		w.n++
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

// byNumber tells a number of objects by theirs: from a slice for the objects that the file began with, and those added, from a map for wild numbers.
type byNumber struct {
	dense []int32
	wild  map[int]int32
}

// byNumber gives one that says 0 of every object.
func (d *document) byNumber() byNumber {
	return byNumber{dense: make([]int32, len(d.entries)+len(d.entries)/4+64), wild: map[int]int32{}}
}

func (b *byNumber) get(n int) int {
	if n >= 0 && n < len(b.dense) {
		return int(b.dense[n])
	}
	return int(b.wild[n])
}

func (b *byNumber) set(n, to int) {
	if n >= 0 && n < len(b.dense) {
		b.dense[n] = int32(to)
		return
	}
	b.wild[n] = int32(to)
}
