package egress

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// dialParent opens a connection to the parent proxy. Its address is the operator's word and is not judged.
func (p *Proxy) dialParent(ctx context.Context) (*net.TCPConn, *denial) {
	ctx, cancel := context.WithTimeout(ctx, p.o.DialTimeout)
	defer cancel()
	defer context.AfterFunc(p.ctx, cancel)()
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", p.upstream.Host)
	if err != nil {
		return nil, &denial{code: UpstreamUnreachable, address: p.upstream.Host, cause: dialCause(err)}
	}
	tcp := c.(*net.TCPConn)
	if !p.conns.add(tcp, serverSide) {
		_ = tcp.Close()
		return nil, &denial{code: Broken, cause: "the proxy is closed"}
	}
	p.ledger.connected()
	return tcp, nil
}

// connectParent asks the parent proxy for a tunnel (RFC 9110 section 9.3.6) and gives the connection with what the server has sent already.
func (p *Proxy) connectParent(ctx context.Context, t target) (*net.TCPConn, []byte, *denial) {
	c, d := p.dialParent(ctx)
	if d != nil {
		return nil, nil, d
	}
	_ = c.SetDeadline(time.Now().Add(p.o.DialTimeout))
	early, d := p.askParent(c, t)
	_ = c.SetDeadline(time.Time{})
	if d != nil {
		p.drop(c)
		return nil, nil, d
	}
	p.ledger.reached(t, netip.Addr{}, true)
	return c, early, nil
}

func (p *Proxy) askParent(c *net.TCPConn, t target) ([]byte, *denial) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n", t.key(), t.key())
	if auth := p.parentAuth(); auth != "" {
		fmt.Fprintf(&b, "Proxy-Authorization: %s\r\n", auth)
	}
	b.WriteString("\r\n")
	if _, err := c.Write(b.Bytes()); err != nil {
		return nil, &denial{code: UpstreamUnreachable, address: p.upstream.Host, cause: dialCause(err)}
	}
	br := bufio.NewReader(io.LimitReader(c, maxHead))
	resp, err := http.ReadResponse(br, &http.Request{Method: http.MethodConnect}) //nolint:bodyclose // closing reads it to its end; the connection is closed instead
	if err != nil {
		return nil, &denial{code: UpstreamUnreachable, address: p.upstream.Host, cause: dialCause(err)}
	}
	if d := parentDenial(resp.StatusCode); d != nil {
		return nil, d
	}
	early, _ := br.Peek(br.Buffered())
	return early, nil
}

// parentDenial names a parent proxy's answer to CONNECT; nil is a tunnel.
func parentDenial(status int) *denial {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusProxyAuthRequired:
		return &denial{code: UpstreamAuth, cause: "status 407"}
	}
	return &denial{code: UpstreamRefused, cause: fmt.Sprintf("status %d", status)}
}

// parentAuth is the value of Proxy-Authorization for the parent, empty without credentials.
func (p *Proxy) parentAuth() string {
	if p.upstream.User == nil {
		return ""
	}
	password, _ := p.upstream.User.Password()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(p.upstream.User.Username()+":"+password))
}
