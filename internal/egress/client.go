package egress

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"time"
)

const (
	maxHead     = 256 << 10        // bytes of a request's or response's head
	headTimeout = 15 * time.Second // from a head's first byte to its last
)

// client is one connection of the browser and the requests that come over it, one after the other.
// http.Server is not used because it answers by itself, and unmarked, what it cannot parse: a page's address with a stray percent sign is enough.
type client struct {
	p    *Proxy
	conn *net.TCPConn
	lim  *io.LimitedReader // bounds heads
	back *pushback
	br   *bufio.Reader
	head *bufio.Reader // reads one request and its body; free again when both are done
}

func newClient(p *Proxy, c *net.TCPConn) *client {
	lim := &io.LimitedReader{R: c}
	back := &pushback{r: lim}
	return &client{p: p, conn: c, lim: lim, back: back, br: bufio.NewReaderSize(back, 16<<10), head: bufio.NewReaderSize(nil, 16<<10)}
}

// request is what the browser asked for, with what the parsed form has lost.
type request struct {
	*http.Request
	t         target
	authority string // as the browser wrote it, for Host
	rest      string // path and query as the browser wrote them; they are passed on, never kept
	parsed    bool   // false: no proxy request
}

var errHead = errors.New("head cannot be read")

// serve answers requests until the connection is done. Closing it is the caller's.
func (c *client) serve() {
	for c.p.ctx.Err() == nil {
		r, err := c.read()
		if errors.Is(err, errHead) {
			c.p.ledger.refuse("", unknown, BadRequest, "")
			c.refuse(http.StatusBadRequest, BadRequest, true)
			return
		}
		if err != nil || !c.answer(r) {
			return
		}
	}
}

// read waits for the next request. errHead means that something came which is no request; any other error that nothing did.
func (c *client) read() (*request, error) {
	c.lim.N = math.MaxInt64
	_ = c.conn.SetReadDeadline(time.Now().Add(c.p.o.IdleTimeout))
	if _, err := c.br.Peek(1); err != nil {
		return nil, err
	}
	_ = c.conn.SetReadDeadline(time.Now().Add(min(headTimeout, c.p.o.IdleTimeout)))
	c.lim.N = maxHead
	line, err := c.readLine()
	if err != nil {
		return nil, errHead
	}
	method, rest, ok1 := strings.Cut(line, " ")
	uri, proto, ok2 := strings.Cut(rest, " ")
	if !ok1 || !ok2 || (proto != "HTTP/1.1" && proto != "HTTP/1.0") || badToken(method) || badURI(uri) {
		return nil, errHead
	}
	// The standard library reads the fields and frames the body; the target stays out of its parser, which knows fewer addresses than browsers do.
	safe := strings.NewReader(method + " http://target.invalid/ " + proto + "\r\n")
	if method == http.MethodConnect {
		safe = strings.NewReader("CONNECT target.invalid:443 " + proto + "\r\n")
	}
	c.head.Reset(io.MultiReader(safe, c.br))
	hr, err := http.ReadRequest(c.head)
	if err != nil || badFields(hr.Header) {
		return nil, errHead
	}
	_ = c.conn.SetReadDeadline(time.Time{})
	c.lim.N = math.MaxInt64
	r := &request{Request: hr}
	if hr.Body == http.NoBody {
		c.finish()
	}
	r.split(uri)
	return r, nil
}

// finish makes what the request's reader has read ahead the connection's next bytes. It is called when the body is done.
func (c *client) finish() {
	ahead, _ := c.head.Peek(c.head.Buffered())
	own, _ := c.br.Peek(c.br.Buffered())
	if len(ahead) == 0 {
		return
	}
	c.back.head = append(append(append([]byte(nil), ahead...), own...), c.back.head...)
	c.br.Reset(c.back)
}

// pushback reads what was put back before it reads on.
type pushback struct {
	head []byte
	r    io.Reader
}

func (p *pushback) Read(b []byte) (int, error) {
	if len(p.head) == 0 {
		return p.r.Read(b)
	}
	n := copy(b, p.head)
	p.head = p.head[n:]
	return n, nil
}

// readLine reads the request line, which may be as long as a head.
func (c *client) readLine() (string, error) {
	var line []byte
	for {
		part, err := c.br.ReadSlice('\n')
		line = append(line, part...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return "", err
		}
		return strings.TrimRight(string(line), "\r\n"), nil
	}
}

func badToken(s string) bool {
	return s == "" || len(s) > 32 || strings.IndexFunc(s, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-'
	}) >= 0
}

// badFields finds fields that could not be passed on as they are (RFC 9110 section 5.1 and 5.5).
func badFields(h http.Header) bool {
	for name, values := range h {
		if name == "" || strings.IndexFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r) }) >= 0 {
			return true
		}
		for _, v := range values {
			if strings.IndexFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) >= 0 {
				return true
			}
		}
	}
	return false
}

func badURI(s string) bool {
	return s == "" || strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) >= 0
}

// split reads the request's target (RFC 9112 section 3.2): authority-form for CONNECT, else absolute-form with http. Everything else is
// no proxy request: a page that reaches the proxy's port as if it were a web server gets nothing.
func (r *request) split(uri string) {
	r.t = unknown
	if r.Method == http.MethodConnect {
		r.authority = uri
	} else {
		scheme, after, ok := strings.Cut(uri, "://")
		if !ok || !strings.EqualFold(scheme, "http") {
			return
		}
		r.authority, r.rest = after, "/"
		if i := strings.IndexAny(after, "/?#"); i >= 0 {
			r.authority, r.rest = after[:i], after[i:]
		}
		r.rest, _, _ = strings.Cut(r.rest, "#")
		if !strings.HasPrefix(r.rest, "/") {
			r.rest = "/" + r.rest
		}
	}
	r.parsed = true
}

// answer deals with one request and tells whether the connection can carry another.
func (c *client) answer(r *request) bool {
	p := c.p
	n := p.requests.Add(1)
	if !p.authorised(r.Request) {
		c.say(http.StatusProxyAuthRequired, "X-Arsring-Refused", "credentials", "Proxy-Authenticate: Basic realm=\"arsring\"\r\n", r.last())
		return !r.last()
	}
	if !r.parsed {
		p.ledger.refuse(r.Method, unknown, BadRequest, "")
		c.refuse(http.StatusBadRequest, BadRequest, true)
		return false
	}
	if p.auth != "" && strings.EqualFold(r.authority, greeting) && p.greeted.CompareAndSwap(false, true) {
		c.say(http.StatusNoContent, "X-Arsring", "greeting", "", r.last())
		return !r.last()
	}
	port := 80
	if r.Method == http.MethodConnect {
		port = 0
	}
	var err error
	if r.t, err = parseTarget(r.authority, port); err != nil {
		return c.deny(r, &denial{code: BadHost, refused: true})
	}
	if p.o.MaxRequests > 0 && n > int64(p.o.MaxRequests) {
		return c.deny(r, &denial{code: LimitReached, refused: true})
	}
	if r.Method == http.MethodConnect {
		c.tunnel(r)
		return false
	}
	return c.forward(r)
}

// deny records why the request is not served and says so to the browser.
func (c *client) deny(r *request, d *denial) bool {
	last := r.Method == http.MethodConnect || r.last()
	if d.refused {
		c.p.ledger.refuse(r.Method, r.t, d.code, d.address)
		c.refuse(http.StatusForbidden, d.code, last)
	} else {
		c.p.ledger.failed(r.t, d.code, d.address, d.cause)
		c.say(http.StatusBadGateway, "X-Arsring-Failed", d.code, "", last)
	}
	return !last
}

// last tells that the connection cannot carry another request once this one was answered without reading its body.
func (r *request) last() bool {
	return r.Close || r.Body != http.NoBody || r.ProtoMinor == 0
}

func (c *client) refuse(status int, code string, last bool) {
	c.say(status, "X-Arsring-Refused", code, "", last)
}

// say sends an answer of the proxy's own: plain, inert, and never kept by a cache.
func (c *client) say(status int, header, code, more string, last bool) {
	body := "arsring egress: " + code + "\n"
	length := fmt.Sprintf("Content-Length: %d\r\n", len(body))
	if status == http.StatusNoContent {
		body, length = "", "" // RFC 9110 section 8.6
	}
	connection := "keep-alive"
	if last {
		connection = "close"
	}
	_ = c.conn.SetWriteDeadline(time.Now().Add(headTimeout))
	_, err := fmt.Fprintf(c.conn, "HTTP/1.1 %d %s\r\n%s: %s\r\n%sContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"+
		"Content-Security-Policy: default-src 'none'; sandbox\r\nCache-Control: no-store\r\n%sConnection: %s\r\n\r\n%s",
		status, http.StatusText(status), header, code, more, length, connection, body)
	if err == nil && last {
		c.linger()
	}
}

// linger lets the browser read the answer before the connection goes: closing with unread bytes would reset it.
func (c *client) linger() {
	_ = c.conn.CloseWrite()
	_ = c.conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
	_, _ = io.CopyN(io.Discard, c.conn, maxHead)
}

// watch cancels the request's work when the browser goes away. The result stops watching; it must be called before the connection is read again.
func (c *client) watch(cancel context.CancelFunc) (stop func()) {
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		if _, err := c.br.Peek(1); err != nil {
			select {
			case <-over:
			default:
				cancel()
			}
		}
	}()
	return func() {
		close(over)
		_ = c.conn.SetReadDeadline(time.Unix(1, 0))
		<-done
		_ = c.conn.SetReadDeadline(time.Time{})
	}
}
