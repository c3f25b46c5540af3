package archive

import (
	"io"
	"os"
	"sync"
)

// meter adds up the bytes of a delivery: each byte counts once when it is written and once when it is read back. What a retry
// sends again is not counted again, so the sum never shrinks and ends at the total.
type meter struct {
	mu          sync.Mutex
	done, total int64
	report      func(done, total int64)
}

func newMeter(files []file, report func(done, total int64)) *meter {
	m := &meter{report: report}
	for _, f := range files {
		m.total += 2 * f.size
	}
	return m
}

// part is one object's share.
func (m *meter) part(size int64) *part { return &part{m: m, size: size} }

type part struct {
	m          *meter
	seen, size int64
}

// to says that the object is done up to this offset.
func (p *part) to(off int64) {
	p.m.mu.Lock()
	defer p.m.mu.Unlock()
	off = min(off, p.size)
	if off <= p.seen {
		return
	}
	p.m.done += off - p.seen
	p.seen = off
	if p.m.report != nil {
		p.m.report(p.m.done, p.m.total)
	}
}

// countedFile tells how far an upload has come.
type countedFile struct {
	*os.File
	off   int64
	count *part
}

func (c *countedFile) Read(b []byte) (int, error) {
	n, err := c.File.Read(b)
	c.off += int64(n)
	c.count.to(c.off)
	return n, err
}

func (c *countedFile) Seek(off int64, whence int) (int64, error) {
	at, err := c.File.Seek(off, whence)
	c.off = at
	return at, err
}

// countedWriter tells how far a read-back has come.
type countedWriter struct {
	off   int64
	count *part
}

var _ io.Writer = (*countedWriter)(nil)

func (c *countedWriter) Write(b []byte) (int, error) {
	c.off += int64(len(b))
	c.count.to(c.off)
	return len(b), nil
}
