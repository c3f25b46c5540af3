package egress

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	bulk  = 512 << 10        // bytes passed inside the kernel at a time
	grace = 10 * time.Second // for the other side to end once one has
)

var buffers = sync.Pool{New: func() any { b := make([]byte, 64<<10); return &b }}

// tunnel passes bytes between the browser and a server without looking at them.
type tunnel struct {
	c      *client
	r      *request
	server *net.TCPConn
	act    activity
	ended  atomic.Bool // one side has ended, cleanly or not
	half   atomic.Bool // one side has ended cleanly
	asked  atomic.Bool // the browser has sent something
	heard  atomic.Bool // the server has
}

func newTunnel(c *client, r *request, server *net.TCPConn, heard bool) *tunnel {
	t := &tunnel{c: c, r: r, server: server}
	t.heard.Store(heard)
	t.act.touch()
	return t
}

// tunnel serves CONNECT (RFC 9110 section 9.3.6).
func (c *client) tunnel(r *request) {
	if r.Body != http.NoBody {
		c.deny(r, &denial{code: BadRequest, refused: true})
		return
	}
	ctx, cancel := context.WithCancel(c.p.ctx)
	defer cancel()
	stop := c.watch(cancel)
	rt, d := c.p.admit(ctx, r.Method, r.t)
	var server *net.TCPConn
	var early []byte
	if d == nil {
		server, early, d = c.p.connect(ctx, rt)
	}
	gone := ctx.Err() != nil
	stop()
	if server != nil {
		defer c.p.drop(server)
	}
	if gone {
		return
	}
	if d != nil {
		c.deny(r, d)
		return
	}
	_ = c.conn.SetWriteDeadline(time.Now().Add(c.p.o.IdleTimeout))
	if _, err := io.WriteString(c.conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	t := newTunnel(c, r, server, len(early) > 0)
	if t.pass(c.conn, early, &c.p.meter.in) == nil {
		t.run()
	}
}

// run passes bytes both ways until both sides have ended, one breaks, or nothing moves.
func (t *tunnel) run() {
	p := t.c.p
	ahead := make([]byte, t.c.br.Buffered())
	_, _ = io.ReadFull(t.c.br, ahead)
	ahead = append(ahead, t.c.back.head...)
	t.asked.Store(len(ahead) > 0)
	if t.pass(t.server, ahead, &p.meter.out) != nil {
		return
	}
	up := make(chan struct{})
	p.wg.Go(func() {
		defer close(up)
		t.end(t.c.conn, t.server, t.pump(t.server, t.c.conn, &p.meter.out))
	})
	t.end(t.server, t.c.conn, t.pump(t.c.conn, t.server, &p.meter.in))
	<-up
}

// end hands the end of one direction on: a clean end as such, a broken one to both sides.
func (t *tunnel) end(src, dst *net.TCPConn, err error) {
	if t.ended.CompareAndSwap(false, true) {
		t.report(src, err)
	}
	if err == nil {
		t.half.Store(true)
		t.act.touch()
		if dst.CloseWrite() == nil {
			// Wake the other direction, so that it learns how long it may still wait.
			_ = dst.SetReadDeadline(time.Now().Add(t.limit()))
			return
		}
	}
	_ = t.c.conn.Close()
	_ = t.server.Close()
}

// limit is how long nothing may move.
func (t *tunnel) limit() time.Duration {
	if t.half.Load() {
		return min(grace, t.c.p.o.IdleTimeout)
	}
	return t.c.p.o.IdleTimeout
}

// report notes, as soon as one side has ended, why a server that was reached and asked never said a word, and that the bound of bytes
// ended the tunnel. A browser opens some connections in advance and drops them unused: that is no failure.
func (t *tunnel) report(src *net.TCPConn, err error) {
	p := t.c.p
	switch {
	case p.ctx.Err() != nil:
	case p.over.Load():
		p.ledger.refuse(t.r.Method, t.r.t, LimitReached, "")
	case t.heard.Load() || !t.asked.Load():
	case errors.Is(err, errIdle):
		p.ledger.failed(t.r.t, ConnTimeout, "", errIdle.Error())
	case src != t.server:
	case errors.Is(err, syscall.ECONNRESET):
		p.ledger.failed(t.r.t, ConnReset, "", dialCause(err))
	case err == nil:
		p.ledger.failed(t.r.t, NoAnswer, "", "closed without a byte")
	}
}

// pump passes bytes from src to dst until src ends. Small pieces go through a buffer; when they come thick, the kernel passes them.
func (t *tunnel) pump(dst, src *net.TCPConn, counter *atomic.Int64) error {
	bp := buffers.Get().(*[]byte)
	defer buffers.Put(bp)
	b := *bp
	for {
		n, err := t.read(src, b)
		if n > 0 {
			if src == t.server {
				t.heard.Store(true)
			} else {
				t.asked.Store(true)
			}
			if err := t.pass(dst, b[:n], counter); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n == len(b) {
			if ended, err := t.splice(dst, src, counter); ended || err != nil {
				return err
			}
		}
	}
}

// read waits for bytes for as long as something moves in either direction.
func (t *tunnel) read(src *net.TCPConn, b []byte) (int, error) {
	for {
		_ = src.SetReadDeadline(t.act.deadline(t.limit()))
		n, err := src.Read(b)
		if n > 0 {
			t.act.touch()
		}
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		if !time.Now().Before(t.act.deadline(t.limit())) {
			return 0, errIdle
		}
	}
}

// pass writes what the meter grants.
func (t *tunnel) pass(dst *net.TCPConn, b []byte, counter *atomic.Int64) error {
	if len(b) == 0 {
		return nil
	}
	p := t.c.p
	g := p.meter.take(len(b))
	_ = dst.SetWriteDeadline(time.Now().Add(p.o.IdleTimeout))
	n, err := dst.Write(b[:g])
	counter.Add(int64(n))
	t.act.touch()
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errIdle
	case err == nil && g < len(b):
		p.cut()
		return errLimit
	}
	return err
}

// splice passes bytes inside the kernel while they come thick; ended tells that src has ended. The short deadline
// brings the counts up to date and hands a thin flow back to the buffer.
func (t *tunnel) splice(dst, src *net.TCPConn, counter *atomic.Int64) (ended bool, err error) {
	m, idle := &t.c.p.meter, t.c.p.o.IdleTimeout
	for m.reserve(bulk) {
		start := time.Now()
		_ = src.SetReadDeadline(start.Add(min(time.Second, idle/2)))
		_ = dst.SetWriteDeadline(start.Add(idle))
		n, err := dst.ReadFrom(&io.LimitedReader{R: src, N: bulk})
		m.giveBack(bulk - n)
		counter.Add(n)
		if n > 0 {
			t.act.touch()
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded) && time.Since(start) >= idle:
			return false, errIdle // it was the write: the reader takes nothing, and what it did not take is lost
		case errors.Is(err, os.ErrDeadlineExceeded):
			return false, nil
		case err != nil:
			return false, err
		case n < bulk:
			return true, nil
		}
	}
	return false, nil
}
