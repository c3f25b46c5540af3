package pdfa

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"maps"
	"os"
	"sort"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

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
	num   byNumber    // old to new
	xref  []xrefEntry // by new number
	buf   []byte

	open   openObjects
	packed []*packedObjects
	late   lateStream
}

type xrefEntry struct {
	kind byte // 1: at an offset; 2: in an object stream
	a, b int64
}

// lateStream is a stream, neither packed nor on disk, whose bytes are known only when everything else is written.
type lateStream struct {
	num     int // as it is in the document
	content func() ([]byte, error)
}

// write writes the document, and last the late stream. The first part of the file ID is kept when the source had one; the other is the SHA-256 of
// everything written before it, cut to 16 bytes. It changes nothing in the document.
func (d *document) write(ctx context.Context, out io.Writer, late lateStream) error {
	w := &writer{ctx: ctx, d: d, w: bufio.NewWriterSize(out, 1<<16), sum: sha256.New(), num: d.byNumber(), xref: make([]xrefEntry, 1), late: late}
	w.put([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"))
	w.reach(*d.ctx.Root)
	if d.ctx.Info != nil {
		w.reach(*d.ctx.Info)
	}
	for i := 0; i < len(w.order); i++ { //nolint:intrange // the list grows while it is gone through
		if err := w.object(i + 1); err != nil {
			return err
		}
	}
	w.putObjects()
	if err := w.putLate(); err != nil {
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

// reach gives the new number of an object, the next one when it is met for the first time; 0 when there is no such object.
func (w *writer) reach(ref types.IndirectRef) int {
	old := int(ref.ObjectNumber)
	num := w.num.get(old)
	if num == 0 && w.d.object(old) != nil {
		w.order = append(w.order, old)
		w.xref = append(w.xref, xrefEntry{})
		num = len(w.order)
		w.num.set(old, num)
	}
	return num
}

func keys(d types.Dict) []string {
	ks := make([]string, 0, len(d))
	for k := range d {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	return ks
}

// object writes the object with the new number, or puts it among those that share the next object stream.
func (w *writer) object(num int) error {
	old := w.order[num-1]
	sd, _ := w.d.stream(*types.NewIndirectRef(old, 0))
	switch {
	case sd == nil:
		w.share(num, w.d.object(old))
		return nil
	case w.late.content != nil && old == w.late.num:
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if file, onDisk := w.d.files[old]; onDisk {
		return w.stream(sd.Dict, num, file.size, func() error { return w.copyFile(file) })
	}
	dict, raw := sd.Dict, sd.Raw
	if raw == nil && sd.Content != nil {
		packed := packStream(maps.Clone(dict), sd.Content)
		dict, raw = packed.Dict, packed.Raw
	}
	return w.stream(dict, num, int64(len(raw)), func() error { w.put(raw); return nil })
}

// stream writes a stream object; Length is written as a direct number.
func (w *writer) stream(dict types.Dict, num int, size int64, body func() error) error {
	w.xref[num] = xrefEntry{kind: 1, a: w.at}
	b := fmt.Appendf(w.buf[:0], "%d 0 obj\n<<", num)
	for _, k := range keys(dict) {
		if k == "Length" || w.isNull(dict[k]) {
			continue
		}
		b = appendName(b, k)
		b = w.appendValue(b, dict[k], 1)
	}
	b = fmt.Appendf(b, "/Length %d>>\nstream\n", size)
	w.put(b)
	w.buf = b
	if err := body(); err != nil {
		return err
	}
	w.put([]byte("\nendstream\nendobj\n"))
	return nil
}

// putLate waits for the bytes of the late stream and writes it.
func (w *writer) putLate() error {
	if w.late.content == nil {
		return nil
	}
	content, err := w.late.content()
	if err != nil {
		return err
	}
	sd, _ := w.d.stream(*types.NewIndirectRef(w.late.num, 0))
	return w.stream(sd.Dict, w.num.get(w.late.num), int64(len(content)), func() error { w.put(content); return nil })
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

// trailer writes the cross-reference stream, whose dictionary is the trailer.
func (w *writer) trailer() {
	self := len(w.xref)
	start := w.at
	w.xref = append(w.xref, xrefEntry{kind: 1, a: start})
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
	b := fmt.Appendf(nil, "%d 0 obj\n<</Type/XRef/Size %d/W[1 5 2]/Root %d 0 R", self, len(w.xref), w.num.get(int(w.d.ctx.Root.ObjectNumber)))
	if w.d.ctx.Info != nil && w.num.get(int(w.d.ctx.Info.ObjectNumber)) != 0 {
		b = fmt.Appendf(b, "/Info %d 0 R", w.num.get(int(w.d.ctx.Info.ObjectNumber)))
	}
	b = fmt.Appendf(b, "/ID[<%s><%x>]/Filter/FlateDecode/Length %d>>\nstream\n", first, id, len(raw))
	w.put(b)
	w.put(raw)
	w.put(fmt.Appendf(nil, "\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", start))
}
