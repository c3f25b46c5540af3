package pdfa

import (
	"fmt"
	"runtime"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// objectsPerStream is how many objects share one object stream. Readers unpack a whole one to reach an object in it.
const objectsPerStream = 200

// openObjects are those that will share the next object stream.
type openObjects struct {
	n           int
	index, body []byte
}

// packedObjects is an object stream on its way into the file.
type packedObjects struct {
	n, first int
	raw      []byte
	done     chan struct{} // closed when raw is there
}

// share puts an object that is no stream among the next that share an object stream.
func (w *writer) share(num int, o types.Object) {
	s := &w.open
	w.xref[num] = xrefEntry{kind: 2, a: int64(len(w.packed)), b: int64(s.n)}
	s.index = strconv.AppendInt(s.index, int64(num), 10)
	s.index = append(s.index, ' ')
	s.index = strconv.AppendInt(s.index, int64(len(s.body)), 10)
	s.index = append(s.index, ' ')
	s.body = append(w.appendValue(s.body, o, 0), '\n')
	if s.n++; s.n == objectsPerStream {
		w.pack()
	}
}

// pack packs what shares an object stream while the next objects are put together.
func (w *writer) pack() {
	if w.open.n == 0 {
		return
	}
	if behind := len(w.packed) - runtime.GOMAXPROCS(0); behind >= 0 {
		<-w.packed[behind].done
	}
	index, body := w.open.index, w.open.body
	s := &packedObjects{n: w.open.n, first: len(index), done: make(chan struct{})}
	go func() {
		s.raw = deflate(index, body)
		close(s.done)
	}()
	w.packed = append(w.packed, s)
	w.open = openObjects{index: make([]byte, 0, len(index)), body: make([]byte, 0, len(body)+len(body)/8)}
}

// putObjects writes the object streams, behind everything that is a stream itself. Their numbers follow those of the document's objects.
func (w *writer) putObjects() {
	w.pack()
	first := len(w.xref)
	for num, e := range w.xref {
		if e.kind == 2 {
			w.xref[num].a += int64(first)
		}
	}
	for _, s := range w.packed {
		<-s.done
		num := len(w.xref)
		w.xref = append(w.xref, xrefEntry{kind: 1, a: w.at})
		w.put(fmt.Appendf(nil, "%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n", num, s.n, s.first, len(s.raw)))
		w.put(s.raw)
		w.put([]byte("\nendstream\nendobj\n"))
	}
}
