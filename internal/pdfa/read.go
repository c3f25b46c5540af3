package pdfa

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Limits on what is read. A file beyond them is refused, so that memory and time stay bounded.
const (
	maxFileBytes   = 768 << 20
	maxStreamBytes = 256 << 20
	maxDecodeBytes = 128 << 20 // of one stream
	maxDecodeTotal = 512 << 20 // of all content and font streams of a file together
	maxObjects     = 2_000_000
	maxDepth       = 100
)

// readTime is how long parsing a file of the size may take; a file that needs longer is broken or hostile.
func readTime(size int64) time.Duration {
	return 8*time.Second + time.Duration(size/(4<<20))*time.Second
}

// patience is how many times longer a file may take where the machine is busy with something else.
const patience = 8

// patient ends a context after a time in which this process could work; where it hardly came to, because others do, it waits on. The cause is
// then context.DeadlineExceeded.
func patient(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	began, used := time.Now(), processTime()
	go func() {
		for wait := limit; ; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			spent := processTime() - used
			if spent >= limit*3/4 || time.Since(began) >= patience*limit {
				cancel(context.DeadlineExceeded)
				return
			}
			wait = max(limit-spent, time.Second)
		}
	}()
	return ctx, func() { cancel(context.Canceled) }
}

// processTime is how long all of this process has worked.
func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var (
	errNotPDF    = errors.New("no %PDF header in the first 1,024 bytes")
	errAbandoned = errors.New("pdfa: reading was abandoned")
	onceConfig   sync.Once
)

// read parses a PDF into a document. Every failure is a *RefusedError, except the caller's own cancellation.
func read(ctx context.Context, in io.ReadSeeker) (*document, error) {
	return readAs(ctx, in, versionAt)
}

// readAs reads the file as it would be with the patches.
func readAs(ctx context.Context, in io.ReadSeeker, patches func(io.ReadSeeker) []patch) (*document, error) {
	size, err := probe(in)
	if err != nil {
		return nil, err
	}
	limit, cancel := patient(ctx, readTime(size))
	defer cancel()
	mc, err := parse(limit, in, size, patches(in))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil && limit.Err() != nil {
		err = context.Cause(limit)
	}
	if err != nil {
		return nil, refuseRead(err)
	}
	if mc.Encrypt != nil {
		return nil, &RefusedError{Code: "encrypted", Reason: "the file is encrypted, and PDF/A forbids encryption: save it without a password and try again"}
	}
	d := &document{ctx: mc, files: map[int]fileStream{}}
	d.entries = make([]*model.XRefTableEntry, min(len(mc.Table), maxObjects))
	for n, e := range mc.Table {
		if n >= 0 && n < len(d.entries) {
			d.entries[n] = e
		}
	}
	if err := d.resolveAll(limit); err != nil {
		return nil, refuseRead(err)
	}
	d.dropDangling()
	if err := d.findPages(); err != nil {
		return nil, refuseRead(err)
	}
	return d, nil
}

// probe refuses what is no PDF before the parser sees it, and gives the file's size.
func probe(in io.ReadSeeker) (int64, error) {
	size, err := in.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, fmt.Errorf("pdfa: find the file's size: %w", err)
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return 0, fmt.Errorf("pdfa: go to the file's start: %w", err)
	}
	if size > maxFileBytes {
		return 0, &RefusedError{Code: "limit", Reason: fmt.Sprintf("the file has %d MB; at most %d MB are converted", size>>20, maxFileBytes>>20)}
	}
	head := make([]byte, 1024)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("pdfa: read the file's start: %w", err)
	}
	if !bytes.Contains(head[:n], []byte("%PDF-")) {
		return 0, &RefusedError{Code: "broken", Reason: "this is not a PDF file", Err: errNotPDF}
	}
	return size, nil
}

// refuseRead turns a parser's failure into a sentence for people.
func refuseRead(err error) error {
	var refused *RefusedError
	switch {
	case errors.As(err, &refused):
		return err
	case errors.Is(err, pdfcpu.ErrWrongPassword), errors.Is(err, pdfcpu.ErrEncrypted):
		return &RefusedError{Code: "encrypted", Reason: "the file is protected by a password: save it without one and try again", Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &RefusedError{Code: "limit", Reason: "the file takes too long to read: it is broken or was made to block its readers", Err: err}
	}
	return &RefusedError{Code: "broken", Reason: "the file is broken and cannot be read", Err: err}
}

// parse reads the file, with pdfcpu where it is not plain, in a goroutine of its own: a panic becomes an error, and a loop that does not
// listen to the context is left behind, where its next read fails.
func parse(ctx context.Context, in io.ReadSeeker, size int64, patches []patch) (*model.Context, error) {
	onceConfig.Do(func() { model.ConfigPath = "disable" }) // as its package api does, which would bring form fields, fonts and tables with it
	conf := model.NewDefaultConfiguration()
	conf.Limits.MaxStreamBytes = maxStreamBytes
	conf.Limits.MaxDecodeBytes = maxDecodeBytes
	conf.Limits.MaxObjectCount = maxObjects
	conf.Limits.MaxXRefEntries = maxObjects
	conf.Limits.MaxRecursionDepth = maxDepth
	conf.Offline = true
	type result struct {
		mc  *model.Context
		err error
	}
	guard := &guardedReader{in: in, patches: patches}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r = result{err: fmt.Errorf("the parser gave up: %v", p)}
			}
			done <- r
		}()
		r.err = errNotPlain
		if len(patches) == 0 {
			r.mc, r.err = readPlain(guard, size)
		}
		if r.err != nil {
			r.mc, r.err = pdfcpu.ReadWithContext(ctx, guard, conf)
		}
	}()
	select {
	case r := <-done:
		if r.err == nil && (r.mc == nil || r.mc.XRefTable == nil || r.mc.Root == nil) {
			r.err = errors.New("no document catalog")
		}
		if r.err == nil {
			ownStrings(r.mc)
		}
		return r.mc, r.err
	case <-ctx.Done():
		guard.left.Store(true)
		return nil, context.Cause(ctx)
	}
}

// guardedReader stops giving bytes once the reading was abandoned.
type guardedReader struct {
	in      io.ReadSeeker
	left    atomic.Bool
	patches []patch
	at      int64
}

// patch is a text that the parser sees in the place of what the file has there.
type patch struct {
	at   int64
	text string
}

func (g *guardedReader) Read(p []byte) (int, error) {
	if g.left.Load() {
		return 0, errAbandoned
	}
	n, err := g.in.Read(p)
	for _, x := range g.patches {
		for i, c := range []byte(x.text) {
			if j := x.at + int64(i) - g.at; j >= 0 && j < int64(n) {
				p[j] = c
			}
		}
	}
	g.at += int64(n)
	return n, err
}

var knownVersion = regexp.MustCompile(`^(1\.[0-7]|2\.0)`)

// versionAt finds a version in the header that the parser would refuse, such as 1.9; what follows it can still be read.
func versionAt(in io.ReadSeeker) []patch {
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return nil
	}
	head := make([]byte, 1024)
	n, _ := io.ReadFull(in, head)
	i := bytes.Index(head[:n], []byte("%PDF-"))
	if i < 0 || i+8 > n || knownVersion.Match(head[i+5:n]) {
		return nil
	}
	return []patch{{int64(i + 5), "1.7"}}
}

func (g *guardedReader) Seek(offset int64, whence int) (int64, error) {
	if g.left.Load() {
		return 0, errAbandoned
	}
	at, err := g.in.Seek(offset, whence)
	g.at = at
	return at, err
}

// resolveAll parses the objects that pdfcpu left lazy in their object streams. One that cannot be parsed becomes null,
// as a reader of the file would take it.
func (d *document) resolveAll(ctx context.Context) error {
	nums := d.numbers()
	for _, n := range nums {
		e := d.ctx.Table[n]
		lazy, ok := e.Object.(types.LazyObjectStreamObject)
		if !ok {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		o, err := decodeLazy(ctx, lazy)
		if err != nil {
			o = nil
		}
		e.Object = o
	}
	return nil
}

func decodeLazy(ctx context.Context, l types.LazyObjectStreamObject) (o types.Object, err error) {
	defer func() {
		if p := recover(); p != nil {
			o, err = nil, fmt.Errorf("the parser gave up: %v", p)
		}
	}()
	if o, err = l.DecodedObject(ctx); err == nil {
		return o, nil
	}
	// pdfcpu takes a dictionary that has a key named Length for a stream, which cannot stand there.
	text, err := l.GetData()
	if err != nil {
		return nil, err
	}
	rest := string(text)
	return model.ParseObjectContext(ctx, &rest, 0)
}

// numbers gives the object numbers in use, in order.
func (d *document) numbers() []int {
	nums := make([]int, 0, len(d.ctx.Table))
	for n, e := range d.ctx.Table {
		if e != nil && !e.Free {
			nums = append(nums, n)
		}
	}
	sort.Ints(nums)
	return nums
}
