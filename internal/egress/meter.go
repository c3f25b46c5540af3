package egress

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

var (
	errLimit = errors.New("the capture's limit of bytes is reached")
	errIdle  = errors.New("nothing moved for the idle time")
)

// meter counts what passes and keeps it under a bound: nothing is passed on before it was taken, so the bound is never exceeded.
type meter struct {
	max     int64 // 0: no bound
	taken   atomic.Int64
	in, out atomic.Int64 // passed, from and to servers
}

// take asks for n bytes and gives how many may pass.
func (m *meter) take(n int) int {
	if m.max == 0 {
		return n
	}
	for {
		cur := m.taken.Load()
		g := min(int64(n), m.max-cur)
		if g <= 0 {
			return 0
		}
		if m.taken.CompareAndSwap(cur, cur+g) {
			return int(g)
		}
	}
}

// reserve asks for a piece to be passed in bulk, uncounted until it is through. Near the bound there is none:
// reservations in flight would starve the others.
func (m *meter) reserve(n int64) bool {
	if m.max == 0 {
		return true
	}
	if m.max-m.taken.Load() < 16*n {
		return false
	}
	m.taken.Add(n)
	return true
}

func (m *meter) giveBack(n int64) {
	if m.max != 0 {
		m.taken.Add(-n)
	}
}

// activity is when something last moved in either direction of a connection.
type activity struct{ last atomic.Int64 }

func (a *activity) touch() { a.last.Store(time.Now().UnixNano()) }

// deadline is when the connection counts as idle unless something moves before.
func (a *activity) deadline(limit time.Duration) time.Time {
	return time.Unix(0, a.last.Load()).Add(limit)
}

// meteredConn is a server's connection that plain requests go over: counted, bounded, and ended when idle in both directions.
type meteredConn struct {
	net.Conn // not *net.TCPConn: its ReadFrom and WriteTo would pass bytes uncounted
	p        *Proxy
	act      activity
	until    time.Time // when not zero: a head must be through by then, however it drips; set by the reader
}

func (p *Proxy) metered(c *net.TCPConn) *meteredConn {
	mc := &meteredConn{Conn: c, p: p}
	mc.act.touch()
	return mc
}

func (c *meteredConn) Read(b []byte) (int, error) {
	for {
		deadline := c.act.deadline(c.p.o.IdleTimeout)
		if !c.until.IsZero() && c.until.Before(deadline) {
			deadline = c.until
		}
		_ = c.SetReadDeadline(deadline)
		n, err := c.Conn.Read(b)
		if n > 0 {
			c.act.touch()
			g := c.p.meter.take(n)
			c.p.meter.in.Add(int64(g))
			if g < n {
				c.p.cut()
				return g, errLimit
			}
		}
		if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
			if !deadline.Equal(c.until) && c.act.deadline(c.p.o.IdleTimeout).After(deadline) {
				continue // the other direction moved meanwhile
			}
			return 0, errIdle
		}
		return n, err
	}
}

func (c *meteredConn) Write(b []byte) (int, error) {
	g := c.p.meter.take(len(b))
	_ = c.SetWriteDeadline(time.Now().Add(c.p.o.IdleTimeout))
	n, err := c.Conn.Write(b[:g])
	c.p.meter.out.Add(int64(n))
	c.act.touch()
	if err == nil && g < len(b) {
		c.p.cut()
		err = errLimit
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errIdle
	}
	return n, err
}
