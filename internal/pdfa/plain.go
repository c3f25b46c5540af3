package pdfa

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// maxPlainBytes is how large a file readPlain takes: it holds all of it.
const maxPlainBytes = 64 << 20

// errNotPlain says that a file is not one that readPlain reads; it may be sound all the same.
var errNotPlain = errors.New("pdfa: not a plain file")

// readPlain reads a file as browsers write it: one cross-reference table (ISO 32000-1, 7.5.4) that is right to the byte, no object streams, no comments,
// nothing encrypted. It gives what pdfcpu would, in a tenth of its time, or errNotPlain at the first thing that is out of the ordinary: then pdfcpu, which
// knows how to deal with broken files, reads it from the beginning.
func readPlain(in io.ReadSeeker, size int64) (*model.Context, error) {
	if size > maxPlainBytes {
		return nil, errNotPlain
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return nil, errNotPlain
	}
	src := make([]byte, size)
	if _, err := io.ReadFull(in, src); err != nil {
		return nil, errNotPlain
	}
	p := &plainFile{src: src}
	if !headerPattern.Match(src) || !p.table() || !p.objects() {
		return nil, errNotPlain
	}
	return &model.Context{XRefTable: p.out}, nil
}

// plainFile is a file on its way into a table of objects.
type plainFile struct {
	src     []byte
	offsets []int // of each object; 0 where there is none
	out     *model.XRefTable
}

// table reads the cross-reference table and the trailer behind it.
func (p *plainFile) table() bool {
	tail := p.src[max(0, len(p.src)-64):]
	at := bytes.LastIndex(tail, []byte("startxref"))
	if at < 0 || bytes.Count(p.src, []byte("startxref")) != 1 {
		return false
	}
	l := plainLexer{src: tail, pos: at + len("startxref")}
	start, ok := l.whole()
	if !ok || start <= 0 || start >= len(p.src)-64 || string(bytes.TrimSpace(tail[l.pos:])) != "%%EOF" {
		return false
	}
	l = plainLexer{src: p.src, pos: start}
	first, n := 0, 0
	if ok = l.is("xref"); ok {
		first, ok = l.whole()
	}
	if ok {
		n, ok = l.whole()
	}
	if !ok || first != 0 || n < 2 || n > maxObjects || l.pos+2+n*xrefLine > len(p.src) {
		return false
	}
	rest := bytes.TrimLeft(p.src[l.pos:], " \r\n")
	if !p.entries(rest[:min(len(rest), n*xrefLine)], n) {
		return false
	}
	l.pos = len(p.src) - len(rest) + n*xrefLine
	return l.is("trailer") && p.trailer(&l, n)
}

// xrefLine is how many bytes a line of the table has.
const xrefLine = 20

// entries reads the lines of the table.
func (p *plainFile) entries(b []byte, n int) bool {
	if len(b) != n*xrefLine || !bytes.HasPrefix(b, []byte("0000000000 65535 f")) {
		return false
	}
	p.offsets = make([]int, n)
	p.out = &model.XRefTable{Table: make(map[int]*model.XRefTableEntry, n), Size: &n}
	all := make([]struct {
		model.XRefTableEntry
		at  int64
		gen int
	}, n)
	for i := range n {
		line := b[xrefLine*i : xrefLine*(i+1)]
		offset, ok := digits(line[:10])
		gen, ok2 := digits(line[11:16])
		if !ok || !ok2 || line[10] != ' ' || line[16] != ' ' || !slices.Contains([]string{" \n", "\r\n", " \r"}, string(line[18:])) {
			return false
		}
		e := &all[i]
		e.at, e.gen = int64(offset), gen
		e.Offset, e.Generation = &e.at, &e.gen
		switch {
		case i == 0:
			e.Free = true
		case line[17] != 'n' || gen != 0 || offset < 9 || offset >= len(p.src):
			return false // free entries are told from lost ones by rules of their own
		default:
			p.offsets[i] = offset
		}
		p.out.Table[i] = &e.XRefTableEntry
	}
	return true
}

func digits(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// trailer reads the trailer's dictionary (7.5.5).
func (p *plainFile) trailer(l *plainLexer, n int) bool {
	d, ok := l.object(0)
	dict, isDict := d.(types.Dict)
	if !ok || !isDict || dict["Size"] != types.Integer(n) {
		return false
	}
	for _, k := range []string{"Prev", "XRefStm", "Encrypt", "AdditionalStreams"} {
		if dict[k] != nil {
			return false
		}
	}
	root, ok := dict["Root"].(types.IndirectRef)
	if !ok {
		return false
	}
	p.out.Root = &root
	switch info := dict["Info"].(type) {
	case nil:
	case types.IndirectRef:
		p.out.Info = &info
	default:
		return false
	}
	switch id := dict["ID"].(type) {
	case nil:
	case types.Array:
		if len(id) != 2 || !isString(id[0]) || !isString(id[1]) {
			return false
		}
		p.out.ID = id
	default:
		return false
	}
	return l.is("startxref")
}

func isString(o types.Object) bool {
	switch o.(type) {
	case types.StringLiteral, types.HexLiteral:
		return true
	}
	return false
}

// objects reads every object that the table names, in parts side by side.
func (p *plainFile) objects() bool {
	parts := runtime.GOMAXPROCS(0)
	var wrong atomic.Bool
	var reading sync.WaitGroup
	for i := range parts {
		reading.Go(func() {
			if !p.between(len(p.offsets)*i/parts, len(p.offsets)*(i+1)/parts) {
				wrong.Store(true)
			}
		})
	}
	reading.Wait()
	if wrong.Load() {
		return false
	}
	root := p.out.Table[int(p.out.Root.ObjectNumber)]
	if root == nil {
		return false
	}
	_, isDict := root.Object.(types.Dict)
	return isDict
}

// between reads the objects with numbers from one to below another.
func (p *plainFile) between(from, to int) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false // pdfcpu is to make what it can of it
		}
	}()
	l := plainLexer{src: p.src, names: map[string]string{}}
	for n := from; n < to; n++ {
		if p.offsets[n] == 0 {
			continue
		}
		l.pos = p.offsets[n]
		o, ok := p.indirect(&l, n)
		if !ok {
			return false
		}
		p.out.Table[n].Object = o
	}
	return true
}

// indirect reads the object with a number (7.3.10), and its stream when it has one.
func (p *plainFile) indirect(l *plainLexer, n int) (types.Object, bool) {
	if !l.begins(n) {
		return nil, false
	}
	o, ok := l.object(0)
	if !ok {
		return nil, false
	}
	dict, isDict := o.(types.Dict)
	if isDict && dict["Linearized"] != nil {
		return nil, false
	}
	if isDict && l.is("stream") {
		return p.stream(l, dict)
	}
	return o, l.line("endobj")
}

// stream reads the bytes of a stream (7.3.8) from behind its keyword.
func (p *plainFile) stream(l *plainLexer, dict types.Dict) (types.Object, bool) {
	switch rest := p.src[l.pos:]; {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		l.pos += 2
	case bytes.HasPrefix(rest, []byte("\n")):
		l.pos++
	default:
		return nil, false
	}
	sd := types.StreamDict{Dict: dict, StreamOffset: int64(l.pos)}
	length := -1
	switch v := dict["Length"].(type) {
	case types.Integer:
		length = int(v)
	case types.IndirectRef:
		num := int(v.ObjectNumber)
		if num <= 0 || num >= len(p.offsets) || p.offsets[num] == 0 {
			return nil, false
		}
		at := plainLexer{src: p.src, pos: p.offsets[num]}
		whole, ok := 0, at.begins(num)
		if ok {
			whole, ok = at.whole()
		}
		if !ok || !at.line("endobj") {
			return nil, false
		}
		length, sd.StreamLengthObjNr = whole, &num
	}
	if length <= 0 || length > len(p.src)-l.pos {
		return nil, false
	}
	filters, ok := plainFilters(dict)
	if !ok {
		return nil, false
	}
	n := int64(length)
	sd.StreamLength, sd.Raw, sd.FilterPipeline = &n, p.src[l.pos:l.pos+length:l.pos+length], filters
	l.pos += length
	if !l.line("endstream") || !l.line("endobj") {
		return nil, false
	}
	return sd, true
}

// plainFilters gives the filters of a stream that needs no parameters to be unpacked.
func plainFilters(dict types.Dict) ([]types.PDFFilter, bool) {
	f := dict["Filter"]
	if dict["DecodeParms"] != nil || dict["F"] != nil || dict["DL"] != nil {
		return nil, false
	}
	if a, ok := f.(types.Array); ok && len(a) == 1 {
		f = a[0]
	}
	switch f {
	case nil:
		return nil, true
	case types.Name("FlateDecode"), types.Name("DCTDecode"):
		return []types.PDFFilter{{Name: string(f.(types.Name))}}, true
	}
	return nil, false
}
