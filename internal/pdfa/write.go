package pdfa

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"runtime"
	"sort"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// objectsPerStream is how many objects share one object stream. Readers unpack a whole one to reach an object in it.
const objectsPerStream = 200

// writer serializes a document: only what the catalog and Info reach, numbered in the order it is reached, so that the
// same document gives the same bytes. Streams go out as they are, from memory or from disk; everything else lies in
// object streams (ISO 32000-1, 7.5.7), which makes the structure tree of a long record a tenth of its size.
type writer struct {
	ctx   context.Context
	d     *document
	w     *bufio.Writer
	sum   hash.Hash
	at    int64
	order []int       // old object numbers in their new order; the new number is the index + 1
	num   map[int]int // old to new
	xref  []xrefEntry // by new number
	buf   []byte
}

type xrefEntry struct {
	kind   byte // 1: at an offset; 2: in an object stream
	a, b   int64
	filled bool
}

// write writes the document. The first part of the file ID is kept when the source had one; the other is the SHA-256 of
// everything written before it, cut to 16 bytes.
func (d *document) write(ctx context.Context, out io.Writer) error {
	w := &writer{ctx: ctx, d: d, w: bufio.NewWriterSize(out, 1<<16), sum: sha256.New(), num: map[int]int{}}
	w.number()
	w.put([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"))
	if err := w.streams(); err != nil {
		return err
	}
	if err := w.packed(); err != nil {
		return err
	}
	w.trailer()
	if err := w.w.Flush(); err != nil {
		return fmt.Errorf("pdfa: write the file: %w", err)
	}
	return nil
}

// put writes bytes; a failure stays in the bufio.Writer and comes out of Flush.
func (w *writer) put(b []byte) {
	_, _ = w.w.Write(b)
	w.sum.Write(b)
	w.at += int64(len(b))
}

// number gives every reachable object its new number, breadth first from the catalog and Info.
func (w *writer) number() {
	w.reach(*w.d.ctx.Root)
	if w.d.ctx.Info != nil {
		w.reach(*w.d.ctx.Info)
	}
	for i := 0; i < len(w.order); i++ { //nolint:intrange // the list grows while it is gone through
		w.reachIn(w.d.object(w.order[i]), 0)
	}
	w.xref = make([]xrefEntry, len(w.order)+1)
}

func (w *writer) reach(ref types.IndirectRef) {
	n := int(ref.ObjectNumber)
	if w.num[n] != 0 || w.d.object(n) == nil {
		return
	}
	w.order = append(w.order, n)
	w.num[n] = len(w.order)
}

func (w *writer) reachIn(o types.Object, depth int) {
	if depth > maxDepth {
		return
	}
	switch v := o.(type) {
	case types.IndirectRef:
		w.reach(v)
	case *types.IndirectRef:
		w.reach(*v)
	case types.Array:
		for _, e := range v {
			w.reachIn(e, depth+1)
		}
	case types.Dict:
		for _, k := range keys(v) {
			w.reachIn(v[k], depth+1)
		}
	case types.StreamDict:
		w.reachStream(v.Dict)
	case *types.StreamDict:
		w.reachStream(v.Dict)
	}
}

// reachStream leaves Length out: it is written as a direct number.
func (w *writer) reachStream(dict types.Dict) {
	for _, k := range keys(dict) {
		if k != "Length" {
			w.reachIn(dict[k], 1)
		}
	}
}

func keys(d types.Dict) []string {
	ks := make([]string, 0, len(d))
	for k := range d {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	return ks
}

// streams writes the stream objects.
func (w *writer) streams() error {
	for i, old := range w.order {
		sd, _ := w.d.stream(*types.NewIndirectRef(old, 0))
		if sd == nil {
			continue
		}
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := w.stream(sd, old, i+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) stream(sd *types.StreamDict, old, num int) error {
	file, onDisk := w.d.files[old]
	size := file.size
	if !onDisk {
		if sd.Raw == nil && sd.Content != nil {
			*sd = packStream(sd.Dict, sd.Content)
		}
		size = int64(len(sd.Raw))
	}
	w.xref[num] = xrefEntry{kind: 1, a: w.at, filled: true}
	b := fmt.Appendf(w.buf[:0], "%d 0 obj\n<<", num)
	for _, k := range keys(sd.Dict) {
		if k == "Length" || w.isNull(sd.Dict[k]) {
			continue
		}
		b = appendName(b, k)
		b = w.appendValue(b, sd.Dict[k], 1)
	}
	b = fmt.Appendf(b, "/Length %d>>\nstream\n", size)
	w.put(b)
	w.buf = b
	if onDisk {
		if err := w.copyFile(file); err != nil {
			return err
		}
	} else {
		w.put(sd.Raw)
	}
	w.put([]byte("\nendstream\nendobj\n"))
	return nil
}

func (w *writer) copyFile(f fileStream) error {
	file, err := os.Open(f.path)
	if err != nil {
		return fmt.Errorf("pdfa: open a file to embed: %w", err)
	}
	defer file.Close()
	n, err := io.Copy(struct{ io.Writer }{io.MultiWriter(w.w, w.sum)}, io.NewSectionReader(file, f.offset, f.size))
	w.at += n
	if err != nil {
		return fmt.Errorf("pdfa: copy %s: %w", f.path, err)
	}
	if n != f.size {
		return fmt.Errorf("pdfa: copy %s: %d bytes at %d wanted, %d found: the file was changed meanwhile", f.path, f.size, f.offset, n)
	}
	return nil
}

// packed writes everything that is no stream into object streams. While one is packed, the next ones are put together.
func (w *writer) packed() error {
	var nums []int
	for i, old := range w.order {
		if sd, _ := w.d.stream(*types.NewIndirectRef(old, 0)); sd == nil {
			nums = append(nums, i+1)
		}
	}
	var ahead []objectStream
	for len(nums) > 0 || len(ahead) > 0 {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if n := min(len(nums), objectsPerStream); n > 0 {
			ahead = append(ahead, w.objectStream(nums[:n]))
			nums = nums[n:]
		}
		if len(nums) == 0 || len(ahead) > runtime.GOMAXPROCS(0) {
			w.putObjectStream(ahead[0])
			ahead = ahead[1:]
		}
	}
	return nil
}

// objectStream is one on its way into the file.
type objectStream struct {
	self, n, first int
	raw            <-chan []byte
}

func (w *writer) objectStream(nums []int) objectStream {
	s := objectStream{self: len(w.xref), n: len(nums)}
	w.xref = append(w.xref, xrefEntry{kind: 1, filled: true})
	index, body := make([]byte, 0, 16*len(nums)), make([]byte, 0, 128*len(nums))
	for i, num := range nums {
		index = strconv.AppendInt(index, int64(num), 10)
		index = append(index, ' ')
		index = strconv.AppendInt(index, int64(len(body)), 10)
		index = append(index, ' ')
		body = w.appendValue(body, w.d.object(w.order[num-1]), 0)
		body = append(body, '\n')
		w.xref[num] = xrefEntry{kind: 2, a: int64(s.self), b: int64(i), filled: true}
	}
	s.first = len(index)
	raw := make(chan []byte, 1)
	go func() { raw <- deflate(index, body) }()
	s.raw = raw
	return s
}

func (w *writer) putObjectStream(s objectStream) {
	raw := <-s.raw
	w.xref[s.self].a = w.at
	w.put(fmt.Appendf(nil, "%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n", s.self, s.n, s.first, len(raw)))
	w.put(raw)
	w.put([]byte("\nendstream\nendobj\n"))
}

// trailer writes the cross-reference stream, whose dictionary is the trailer.
func (w *writer) trailer() {
	self := len(w.xref)
	start := w.at
	w.xref = append(w.xref, xrefEntry{kind: 1, a: start, filled: true})
	table := make([]byte, 0, len(w.xref)*8)
	for _, e := range w.xref {
		table = append(table, e.kind, byte(e.a>>32), byte(e.a>>24), byte(e.a>>16), byte(e.a>>8), byte(e.a), byte(e.b>>8), byte(e.b))
	}
	table[6], table[7] = 0xff, 0xff // object 0 heads the list of free objects
	raw := deflate(table)
	id := w.sum.Sum(nil)[:16]
	first := hex.EncodeToString(id)
	if len(w.d.ctx.ID) > 0 {
		if b, ok := w.d.bytesOf(w.d.ctx.ID[0]); ok && len(b) >= 8 && len(b) <= 64 {
			first = hex.EncodeToString(b)
		}
	}
	b := fmt.Appendf(nil, "%d 0 obj\n<</Type/XRef/Size %d/W[1 5 2]/Root %d 0 R", self, len(w.xref), w.num[int(w.d.ctx.Root.ObjectNumber)])
	if w.d.ctx.Info != nil && w.num[int(w.d.ctx.Info.ObjectNumber)] != 0 {
		b = fmt.Appendf(b, "/Info %d 0 R", w.num[int(w.d.ctx.Info.ObjectNumber)])
	}
	b = fmt.Appendf(b, "/ID[<%s><%x>]/Filter/FlateDecode/Length %d>>\nstream\n", first, id, len(raw))
	w.put(b)
	w.put(raw)
	w.put(fmt.Appendf(nil, "\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", start))
}
