package egress

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

type routeKey struct{}

// repeatable methods may go over a connection that was used before: when the server has just closed it, they are sent again.
var repeatable = map[string]bool{http.MethodGet: true, http.MethodHead: true, http.MethodOptions: true}

// newTransport makes the carrier of plain requests: it dials admitted addresses only, follows nothing and unpacks nothing.
func (p *Proxy) newTransport() *http.Transport {
	t := &http.Transport{
		DisableCompression:     true,
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        30 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: maxHead,
		ReadBufferSize:         64 << 10,
		Proxy: func(r *http.Request) (*url.URL, error) {
			if rt, ok := r.Context().Value(routeKey{}).(route); ok && rt.parent {
				return p.upstream, nil
			}
			return nil, nil
		},
	}
	t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		rt, ok := ctx.Value(routeKey{}).(route)
		if !ok {
			return nil, errors.New("no route")
		}
		var c *net.TCPConn
		var d *denial
		if rt.parent {
			c, d = p.dialParent(ctx)
		} else {
			c, d = p.dial(ctx, rt)
		}
		if d != nil {
			return nil, d
		}
		return p.metered(c), nil
	}
	return t
}

// forward passes a plain request on and its answer back, and tells whether the connection can carry another.
func (c *client) forward(r *request) bool {
	ctx, cancel := context.WithCancel(c.p.ctx)
	defer cancel()
	body := &bodyReader{c: c, r: r}
	stop := func() {}
	if r.Body == http.NoBody {
		stop = c.watch(cancel)
	}
	rt, d := c.p.admit(ctx, r.Method, r.t)
	if d != nil {
		gone := ctx.Err() != nil
		stop()
		return !gone && c.deny(r, d)
	}
	if isUpgrade(r.Header) {
		stop()
		return c.upgrade(ctx, r, rt)
	}
	carrier := c.p.transport
	if r.Body != http.NoBody || !repeatable[r.Method] {
		carrier = c.p.fresh
	}
	resp, err := carrier.RoundTrip(c.p.outgoing(context.WithValue(ctx, routeKey{}, rt), r, rt, body))
	if d = c.p.broken(rt, resp, err); d != nil {
		gone := ctx.Err() != nil
		stop()
		return !gone && c.deny(r, d)
	}
	defer resp.Body.Close()
	if rt.parent {
		c.p.ledger.through(rt.target)
	}
	keep := c.reply(r, resp) && (r.Body == http.NoBody || body.eof.Load())
	stop()
	if keep && r.Body != http.NoBody {
		c.finish(r.inner)
	}
	return keep
}

// outgoing makes the request as the server should see it: without what concerns the proxy, otherwise as the browser wrote it.
func (p *Proxy) outgoing(ctx context.Context, r *request, rt route, body *bodyReader) *http.Request {
	h := r.Header.Clone()
	cleanHop(h)
	if _, ok := h["User-Agent"]; !ok {
		h["User-Agent"] = nil // else the standard library names itself
	}
	u := &url.URL{Scheme: "http", Host: rt.key(), Opaque: r.rest}
	if rt.parent {
		u.Opaque = "//" + r.authority + r.rest
	} else if strings.HasPrefix(r.rest, "//") {
		u = p.doubleSlash(rt, r.rest)
	}
	out := (&http.Request{
		Method: r.Method, URL: u, Host: r.authority, Header: h, ContentLength: r.ContentLength,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx)
	if r.Body != http.NoBody {
		out.Body = body
		out.Trailer = r.Trailer
	}
	return out
}

// doubleSlash makes the URL of a path that begins with two slashes, which the opaque form would take for a host.
func (p *Proxy) doubleSlash(rt route, rest string) *url.URL {
	path, query, has := strings.Cut(rest, "?")
	u := &url.URL{Scheme: "http", Host: rt.key(), RawPath: path, RawQuery: query, ForceQuery: has && query == ""}
	plain, err := url.PathUnescape(path)
	if err != nil {
		plain = path
	}
	u.Path = plain
	return u
}

// broken says what went wrong with a plain request; nil when there is an answer to pass on.
func (p *Proxy) broken(rt route, resp *http.Response, err error) *denial {
	if err != nil {
		var d *denial
		switch {
		case errors.As(err, &d):
			return d
		case p.over.Load(), errors.Is(err, errLimit):
			return &denial{code: LimitReached, refused: true}
		}
		return &denial{code: answerCode(err), cause: answerCause(err)}
	}
	if resp.StatusCode == http.StatusSwitchingProtocols && resp.Request.Header.Get("Upgrade") == "" {
		_ = resp.Body.Close()
		return &denial{code: NotHTTP, cause: "status 101 unasked"}
	}
	if resp.StatusCode == http.StatusProxyAuthRequired {
		// From the parent it concerns us; from a server it would make the browser hand out what it knows for this proxy.
		_ = resp.Body.Close()
		if rt.parent {
			return parentDenial(resp.StatusCode)
		}
		return &denial{code: NotHTTP, cause: "status 407 from a server"}
	}
	return nil
}

// answerCode names why a server that was reached gave no answer.
func answerCode(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return NoAnswer
	}
	if code := dialCode(err); code != Broken {
		return code
	}
	return NotHTTP
}

// answerCause keeps the system's words; the standard library's may quote what the server sent.
func answerCause(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		return dialCause(op.Err)
	}
	return ""
}

// hopHeaders concern one connection only (RFC 9110 section 7.6.1).
var hopHeaders = []string{"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info",
	"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

func cleanHop(h http.Header) {
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			h.Del(textproto.TrimString(name))
		}
	}
	for _, name := range hopHeaders {
		h.Del(name)
	}
}

// bodyReader reads a request's body for the transport, which may go on reading after the answer came.
type bodyReader struct {
	c       *client
	r       *request
	started bool
	eof     atomic.Bool
}

func (b *bodyReader) Read(buf []byte) (int, error) {
	if !b.started {
		b.started = true
		if strings.EqualFold(b.r.Header.Get("Expect"), "100-continue") {
			_, _ = io.WriteString(b.c.conn, "HTTP/1.1 100 Continue\r\n\r\n")
		}
	}
	_ = b.c.conn.SetReadDeadline(time.Now().Add(b.c.p.o.IdleTimeout))
	n, err := b.r.Body.Read(buf)
	if errors.Is(err, io.EOF) {
		_ = b.c.conn.SetReadDeadline(time.Time{})
		b.eof.Store(true)
	}
	return n, err
}

// Close leaves the rest of the body where it is: the connection is closed then.
func (b *bodyReader) Close() error { return nil }
