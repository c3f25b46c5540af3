package pdfa

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/zlib"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// packers and unpackers are kept: each allocates more than most streams hold.
var (
	packers   = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}
	unpackers = sync.Pool{New: func() any { return new(unpacker) }}
)

type unpacker struct{ z io.ReadCloser }

// deflate packs the parts as one.
func deflate(parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	out := bytes.NewBuffer(make([]byte, 0, n/3+64))
	z := packers.Get().(*zlib.Writer)
	defer packers.Put(z)
	z.Reset(out)
	for _, p := range parts {
		_, _ = z.Write(p) // a bytes.Buffer takes everything
	}
	_ = z.Close()
	return out.Bytes()
}

func inflate(raw []byte, limit int64) ([]byte, error) {
	u := unpackers.Get().(*unpacker)
	defer unpackers.Put(u)
	src := bytes.NewReader(raw)
	var err error
	if u.z == nil {
		u.z, err = zlib.NewReader(src)
	} else {
		err = u.z.(zlib.Resetter).Reset(src, nil)
	}
	if err != nil {
		return nil, err
	}
	out := bytes.NewBuffer(make([]byte, 0, min(int64(len(raw))*4+512, limit)))
	n, err := out.ReadFrom(io.LimitReader(u.z, limit+1))
	if n > limit {
		return nil, errStreamTooLong
	}
	if err != nil && n == 0 {
		return nil, err
	}
	return out.Bytes(), nil
}

// Limits on what is kept unpacked.
const (
	maxKeptStream = 1 << 20
	maxKeptTotal  = 8 << 20
)

// unpackedStreams keeps small streams, which are asked for again and again, by where their encoded bytes begin. Nobody changes either. It may be used
// from several goroutines.
type unpackedStreams struct {
	mu    sync.Mutex
	kept  map[*byte]*unpacked
	bytes atomic.Int64 // all of what a slice has room for stays, and not only what was filled
}

// unpacked is what came of the encoded bytes, of which there were so many.
type unpacked struct {
	from    int
	once    sync.Once
	content []byte
	err     error // errStreamTooLong: it is not kept
}

// inflate unpacks bytes to at most so many, or gives what came of them before.
func (u *unpackedStreams) inflate(raw []byte, limit int64) ([]byte, error) {
	if len(raw) == 0 || len(raw) > maxKeptStream/4 {
		return inflate(raw, limit)
	}
	e := u.entry(raw)
	e.once.Do(func() { e.content, e.err = u.first(raw) })
	if errors.Is(e.err, errStreamTooLong) || int64(len(e.content)) > limit {
		return inflate(raw, limit)
	}
	return e.content, e.err
}

func (u *unpackedStreams) entry(raw []byte) *unpacked {
	u.mu.Lock()
	defer u.mu.Unlock()
	e := u.kept[&raw[0]]
	if e == nil || e.from != len(raw) {
		if u.kept == nil {
			u.kept = map[*byte]*unpacked{}
		}
		e = &unpacked{from: len(raw)}
		u.kept[&raw[0]] = e
	}
	return e
}

// first unpacks bytes to be kept.
func (u *unpackedStreams) first(raw []byte) (b []byte, err error) {
	if u.bytes.Load() > maxKeptTotal {
		return nil, errStreamTooLong
	}
	defer func() {
		if p := recover(); p != nil {
			b, err = nil, fmt.Errorf("unpack a stream: %v", p)
		}
	}()
	b, err = inflate(raw, maxKeptStream)
	u.bytes.Add(int64(cap(b)))
	return b[:len(b):len(b)], err
}

// unpackAhead unpacks the small streams of the document while it is worked at; all of them are needed sooner or later, but for pictures. What it
// gives ends it, and waits until it has ended.
func (d *document) unpackAhead() (end func()) {
	var raws [][]byte
	for _, n := range d.numbers() {
		sd, _ := d.ctx.Table[n].Object.(types.StreamDict)
		if flateOnly(&sd) && len(sd.Raw) > 0 && len(sd.Raw) <= maxKeptStream/4 && d.name(sd.Dict["Subtype"]) != "Image" {
			raws = append(raws, sd.Raw)
		}
	}
	slices.SortStableFunc(raws, func(a, b []byte) int { return len(b) - len(a) }) // pages and fonts are asked for before the drawings of glyphs
	var stop atomic.Bool
	var done sync.WaitGroup
	done.Go(func() {
		for _, raw := range raws {
			if stop.Load() || d.unpacked.bytes.Load() > maxKeptTotal {
				return
			}
			_, _ = d.unpacked.inflate(raw, maxKeptStream) // who asks for it meets the error
		}
	})
	return func() {
		stop.Store(true)
		done.Wait()
	}
}

// flateOnly tells whether nothing but Flate without parameters packs a stream.
func flateOnly(sd *types.StreamDict) bool {
	return len(sd.FilterPipeline) == 1 && sd.FilterPipeline[0].Name == "FlateDecode" && sd.FilterPipeline[0].DecodeParms == nil
}
