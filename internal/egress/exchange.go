package egress

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	keepIdle    = 30 * time.Second // how long a server's connection waits for another request
	idlePerHost = 16
)

// server is a connection on which plain requests are exchanged. http.Transport is not used because it writes what servers say out
// of turn into the program's log.
type server struct {
	p     *Proxy
	conn  *net.TCPConn
	m     *meteredConn
	lim   *io.LimitedReader // bounds heads
	br    *bufio.Reader
	bw    *bufio.Writer
	route route
	timer *time.Timer
}

func (p *Proxy) newServer(rt route, c *net.TCPConn, early []byte) *server {
	m := p.metered(c)
	lim := &io.LimitedReader{R: io.MultiReader(bytes.NewReader(early), m)}
	return &server{p: p, conn: c, m: m, lim: lim, br: bufio.NewReaderSize(lim, 64<<10), bw: bufio.NewWriterSize(m, 16<<10), route: rt}
}

// repeatable methods may go over a connection that was used before: when the server has just closed it, they are sent again.
var repeatable = map[string]bool{http.MethodGet: true, http.MethodHead: true, http.MethodOptions: true}

// exchange sends the request and reads the answer's head. The server is the caller's to release or drop.
func (p *Proxy) exchange(ctx context.Context, rt route, out *http.Request, upgrade bool) (*http.Response, *server, *denial) {
	if !upgrade && out.Body == nil && repeatable[out.Method] {
		if s := p.idle.get(rt.key()); s != nil {
			resp, _ := s.do(ctx, out)
			if resp != nil {
				return resp, s, nil
			}
			s.drop()
			if ctx.Err() != nil {
				return nil, nil, &denial{code: Broken, cause: "the browser went away"}
			}
		}
	}
	var c *net.TCPConn
	var early []byte
	var d *denial
	if rt.parent && !upgrade {
		c, d = p.dialParent(ctx)
	} else {
		c, early, d = p.connect(ctx, rt)
	}
	if d != nil {
		return nil, nil, d
	}
	s := p.newServer(rt, c, early)
	resp, err := s.do(ctx, out)
	if err != nil {
		s.drop()
		return nil, nil, p.answerDenial(err)
	}
	return resp, s, nil
}

// do sends one request and reads the head of its answer. A body is sent beside, since an answer may come before its end.
func (s *server) do(ctx context.Context, out *http.Request) (*http.Response, error) {
	defer context.AfterFunc(ctx, func() { _ = s.conn.Close() })()
	sent := make(chan error, 1)
	if out.Body == nil {
		sent <- s.send(out)
	} else {
		s.p.wg.Go(func() { sent <- s.send(out) })
	}
	s.lim.N = maxHead
	if _, err := s.br.Peek(1); err != nil {
		select {
		case werr := <-sent:
			if werr != nil {
				err = werr
			}
		default:
		}
		return nil, err
	}
	s.m.until = time.Now().Add(s.p.o.IdleTimeout)
	defer func() { s.m.until = time.Time{} }()
	for range 10 {
		resp, err := http.ReadResponse(s.br, out)
		s.lim.N = math.MaxInt64
		if err != nil {
			return nil, &notHTTP{err}
		}
		if resp.StatusCode >= 200 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, nil
		}
		s.lim.N = maxHead
	}
	return nil, &notHTTP{errors.New("too many interim answers")}
}

func (s *server) send(out *http.Request) error {
	if err := out.Write(s.bw); err != nil {
		return err
	}
	return s.bw.Flush()
}

// drop ends the connection.
func (s *server) drop() { s.p.drop(s.conn) }

// release keeps the connection for another request when nothing speaks against it.
func (s *server) release(resp *http.Response, whole bool) {
	if !whole || resp.Close || s.br.Buffered() > 0 || resp.Request.Body != nil || !s.p.idle.put(s) {
		s.drop()
	}
}

// notHTTP is an answer that cannot be read. Its words may quote the server and go no further.
type notHTTP struct{ err error }

func (e *notHTTP) Error() string { return "the answer is not HTTP" }
func (e *notHTTP) Unwrap() error { return e.err }

// answerDenial names why a server that was reached gave no answer.
func (p *Proxy) answerDenial(err error) *denial {
	var bad *notHTTP
	code := dialCode(err)
	switch {
	case p.over.Load(), errors.Is(err, errLimit):
		return &denial{code: LimitReached, refused: true}
	case code != Broken:
		return &denial{code: code, cause: dialCause(err)}
	case errors.As(err, &bad):
		return &denial{code: NotHTTP, cause: bad.Error()}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &denial{code: NoAnswer, cause: "closed before the end of the answer"}
	}
	return &denial{code: Broken}
}

// idlePool keeps connections that wait for another request to the same target.
type idlePool struct {
	mu     sync.Mutex
	m      map[string][]*server
	closed bool
}

// get takes the connection that waited least.
func (ip *idlePool) get(key string) *server {
	ip.mu.Lock()
	defer ip.mu.Unlock()
	list := ip.m[key]
	if len(list) == 0 {
		return nil
	}
	s := list[len(list)-1]
	ip.remove(s)
	if !s.timer.Stop() {
		return nil // its time is up; the timer drops it
	}
	s.m.act.touch()
	return s
}

// put keeps the connection; false means that there is no room.
func (ip *idlePool) put(s *server) bool {
	ip.mu.Lock()
	defer ip.mu.Unlock()
	key := s.route.key()
	if ip.closed || len(ip.m[key]) >= idlePerHost {
		return false
	}
	ip.m[key] = append(ip.m[key], s)
	s.timer = time.AfterFunc(keepIdle, func() {
		ip.mu.Lock()
		ip.remove(s)
		ip.mu.Unlock()
		s.drop()
	})
	return true
}

// remove is called with the lock held.
func (ip *idlePool) remove(s *server) {
	key := s.route.key()
	list := ip.m[key]
	for i, have := range list {
		if have == s {
			ip.m[key] = append(list[:i:i], list[i+1:]...)
			break
		}
	}
	if len(ip.m[key]) == 0 {
		delete(ip.m, key)
	}
}

// close forgets all; the connections themselves are closed with the proxy.
func (ip *idlePool) close() {
	ip.mu.Lock()
	defer ip.mu.Unlock()
	ip.closed = true
	for _, list := range ip.m {
		for _, s := range list {
			s.timer.Stop()
		}
	}
	clear(ip.m)
}
