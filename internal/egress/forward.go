package egress

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// forward passes a plain request on and its answer back, and tells whether the connection can carry another.
func (c *client) forward(r *request) bool {
	ctx, cancel := context.WithCancel(c.p.ctx)
	defer cancel()
	upgrade := isUpgrade(r.Header)
	var body *bodyReader
	stop := func() {}
	if r.Body == http.NoBody {
		stop = sync.OnceFunc(c.watch(cancel))
	} else {
		body = &bodyReader{c: c, r: r}
	}
	defer stop()
	resp, s, d := c.ask(ctx, r, body, upgrade) //nolint:bodyclose // the server's connection is kept or dropped as a whole
	if d != nil {
		gone := ctx.Err() != nil
		stop()
		return !gone && c.deny(r, d)
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		stop()
		c.switched(r, resp, s)
		return false
	}
	defer context.AfterFunc(ctx, s.drop)()
	keep, err := c.reply(r, resp)
	s.release(resp, err == nil)
	gone := ctx.Err() != nil
	stop()
	var broken *bodyError
	if errors.As(err, &broken) && !gone {
		c.p.brokeOff(r, broken)
	}
	if body == nil {
		return keep
	}
	if keep = keep && body.eof.Load(); keep {
		c.finish()
	}
	return keep
}

// ask has the request judged and exchanged; without a denial there is an answer fit for the browser.
func (c *client) ask(ctx context.Context, r *request, body *bodyReader, upgrade bool) (*http.Response, *server, *denial) {
	rt, d := c.p.admit(ctx, r.Method, r.t)
	if d != nil {
		return nil, nil, d
	}
	resp, s, d := c.p.exchange(ctx, rt, c.p.outgoing(r, rt, body, upgrade), upgrade)
	if d != nil {
		return nil, nil, d
	}
	if d = unwanted(rt, resp, upgrade); d != nil {
		s.drop()
		return nil, nil, d
	}
	c.p.ledger.answered(rt)
	return resp, s, nil
}

// brokeOff records an answer that ended before its end; the browser sees that too, but not why.
func (p *Proxy) brokeOff(r *request, err error) {
	d := p.answerDenial(err)
	if d.refused {
		p.ledger.refuse(r.Method, r.t, d.code, "")
		return
	}
	p.ledger.failed(r.t, d.code, d.address, d.cause)
}

// unwanted finds answers that must not reach the browser.
func unwanted(rt route, resp *http.Response, upgrade bool) *denial {
	switch {
	case resp.StatusCode == http.StatusSwitchingProtocols && !upgrade:
		return &denial{code: NotHTTP, cause: "status 101 unasked"}
	case resp.StatusCode == http.StatusProxyAuthRequired && rt.parent && !upgrade:
		return parentDenial(resp.StatusCode)
	case resp.StatusCode == http.StatusProxyAuthRequired:
		// It would make the browser hand out what it knows for this proxy.
		return &denial{code: NotHTTP, cause: "status 407 from a server"}
	}
	return nil
}

// outgoing makes the request as the server should see it: without what concerns the proxy, otherwise as the browser wrote it.
func (p *Proxy) outgoing(r *request, rt route, body *bodyReader, upgrade bool) *http.Request {
	h := r.Header.Clone()
	protocol := h.Get("Upgrade")
	cleanHop(h)
	h.Del("Expect") // answered here, see bodyReader
	if _, ok := h["User-Agent"]; !ok {
		h["User-Agent"] = nil // else the standard library names itself
	}
	u := &url.URL{Scheme: "http", Host: rt.key(), Opaque: r.rest}
	switch {
	case upgrade:
		h.Set("Connection", "Upgrade")
		h.Set("Upgrade", protocol)
	case rt.parent:
		u.Opaque = "//" + r.authority + r.rest
		if auth := p.parentAuth(); auth != "" {
			h.Set("Proxy-Authorization", auth)
		}
	}
	if strings.HasPrefix(u.Opaque, "//") && (upgrade || !rt.parent) {
		u = doubleSlash(rt, r.rest)
	}
	out := &http.Request{
		Method: r.Method, URL: u, Host: r.authority, Header: h, ContentLength: r.ContentLength, TransferEncoding: r.TransferEncoding,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if body != nil {
		out.Body = body
		out.Trailer = r.Trailer
	}
	return out
}

// doubleSlash makes the URL of a path that begins with two slashes, which the opaque form would take for a host.
func doubleSlash(rt route, rest string) *url.URL {
	path, query, has := strings.Cut(rest, "?")
	u := &url.URL{Scheme: "http", Host: rt.key(), RawPath: path, RawQuery: query, ForceQuery: has && query == ""}
	plain, err := url.PathUnescape(path)
	if err != nil {
		plain = path
	}
	u.Path = plain
	return u
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

// isUpgrade tells a request that wants to leave HTTP, as a WebSocket handshake does (RFC 9110 section 7.8).
func isUpgrade(h http.Header) bool {
	if h.Get("Upgrade") == "" {
		return false
	}
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(textproto.TrimString(name), "upgrade") {
				return true
			}
		}
	}
	return false
}

// bodyReader reads a request's body while it is sent, which may go on after the answer came.
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

// switched passes the server's consent on; what follows is a tunnel.
func (c *client) switched(r *request, resp *http.Response, s *server) {
	defer s.drop()
	protocol := resp.Header.Get("Upgrade")
	cleanHop(resp.Header)
	resp.Header.Set("Connection", "Upgrade")
	resp.Header.Set("Upgrade", protocol)
	if c.writeHead(resp) != nil {
		return
	}
	ahead := make([]byte, s.br.Buffered())
	_, _ = io.ReadFull(s.br, ahead)
	if _, err := c.conn.Write(ahead); err == nil {
		newTunnel(c, r, s.conn, true).run()
	}
}
