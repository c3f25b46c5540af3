package egress

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestForwardCleansAnswers: nothing of one connection passes to the other, and no server speaks in the proxy's name.
func TestForwardCleansAnswers(t *testing.T) {
	for _, c := range []struct{ answer, want string }{
		{"HTTP/1.1 200 Fine indeed\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 1\r\nX-Arsring-Refused: port\r\nX-Arsring-Failed: dns\r\nProxy-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nok",
			"HTTP/1.1 200 Fine indeed\r\nContent-Length: 2\r\n\r\nok"},
		{"HTTP/1.0 200 OK\r\nX-A: 1\r\nX-A: 2\r\n\r\nuntil the end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nX-A: 2\r\n\r\n00000d\r\nuntil the end\r\n0\r\n\r\n"},
		{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"},
		{"HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nEtag: \"x\"\r\n\r\n"},
		{"HTTP/1.1 301 \r\nLocation: /å\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 301 \r\nContent-Length: 0\r\nLocation: /å\r\n\r\n"},
	} {
		at := rawServer(t, func(conn *net.TCPConn) {
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = io.WriteString(conn, c.answer)
			}
		})
		p := start(t, Options{Allow: []string{at}})
		conn := dialProxy(t, p)
		fmt.Fprintf(conn, "GET http://%s/ HTTP/1.1\r\n\r\n", at)
		b := make([]byte, len(c.want))
		if _, err := io.ReadFull(conn, b); err != nil || string(b) != c.want {
			t.Errorf("%q came as\n%q, %v, want\n%q", c.answer, b, err, c.want)
		}
	}
}

// TestForwardNamesWhatFails: the browser sees 502, the capture asks for the code.
func TestForwardNamesWhatFails(t *testing.T) {
	answer := func(s string) string {
		return rawServer(t, func(c *net.TCPConn) {
			if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				_, _ = io.WriteString(c, s)
			}
		})
	}
	reset := rawServer(t, func(c *net.TCPConn) {
		_, _ = http.ReadRequest(bufio.NewReader(c))
		_ = c.SetLinger(0)
	})
	silent := rawServer(t, func(c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) })
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := ln.Addr().String()
	ln.Close()
	p := start(t, Options{Allow: []string{"127.0.0.1"}, IdleTimeout: 300 * time.Millisecond, Resolver: one(nil)})
	c := through(t, p, nil)
	for _, x := range []struct{ at, code string }{
		{"missing.test:80", DNSFailed},
		{nobody, ConnRefused},
		{reset, ConnReset},
		{silent, ConnTimeout},
		{answer(""), NoAnswer},
		{answer("nonsense\r\n\r\n"), NotHTTP},
		{answer("SSH-2.0-OpenSSH_9\r\n"), NotHTTP},
		{answer("HTTP/1.1 200 OK\r\nX-Big: " + strings.Repeat("x", maxHead) + "\r\n\r\n"), NotHTTP},
		{answer("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"), NotHTTP},
		{answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), NotHTTP},
		{answer(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 20)), NotHTTP},
	} {
		resp, body := get(t, c, "http://"+x.at+"/secret?token=hemligt")
		if resp.StatusCode != 502 || resp.Header.Get("X-Arsring-Failed") != x.code || strings.Contains(body, "hemligt") {
			t.Errorf("%s: %s %.200v %.200q, want %s", x.at, resp.Status, resp.Header, body, x.code)
		}
		if f, ok := p.Failure(x.at); !ok || f.Code != x.code || strings.Contains(fmt.Sprintf("%+v", f), "hemligt") {
			t.Errorf("%s: failure %+v, want %s", x.at, f, x.code)
		}
	}
	for _, part := range []struct{ s, code string }{
		{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!", NoAnswer},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfive!\r\n", NoAnswer},
	} {
		at := answer(part.s)
		resp, err := c.Get("http://" + at + "/")
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(resp.Body); err == nil {
			t.Errorf("a broken answer passed for a whole one: %q", b)
		}
		resp.Body.Close()
		eventually(t, "the failure of a broken answer", func() bool { f, _ := p.Failure(at); return f.Code == part.code })
	}
}

// TestForwardGivesUpWithTheBrowser: when the browser goes away, the server's connection goes too.
func TestForwardGivesUpWithTheBrowser(t *testing.T) {
	asked, gone := make(chan struct{}), make(chan struct{})
	at := rawServer(t, func(c *net.TCPConn) {
		_, _ = http.ReadRequest(bufio.NewReader(c))
		close(asked)
		_, _ = io.Copy(io.Discard, c)
		close(gone)
	})
	p := start(t, Options{Allow: []string{at}})
	c := dialProxy(t, p)
	fmt.Fprintf(c, "GET http://%s/ HTTP/1.1\r\n\r\n", at)
	<-asked
	c.Close()
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Fatal("the server's connection stayed")
	}
	eventually(t, "all connections gone", func() bool { return p.Stats().Open == 0 })
	if f, ok := p.Failure(at); ok {
		t.Errorf("the browser's leaving was taken for a failure: %+v", f)
	}
}
