package egress

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestForwardLeavesRequestsAsTheyAre: what the proxy does not have to change it does not change.
func TestForwardLeavesRequestsAsTheyAre(t *testing.T) {
	got := make(chan string, 1)
	at := rawServer(t, func(c *net.TCPConn) {
		br := bufio.NewReader(c)
		var head strings.Builder
		for {
			line, err := br.ReadString('\n')
			if err != nil {
				return
			}
			if head.WriteString(line); line == "\r\n" {
				break
			}
		}
		got <- head.String()
		_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
	})
	p := start(t, Options{Allow: []string{"site.test:" + fmt.Sprint(portOf(at))}, Resolver: one(map[string]string{"site.test": "127.0.0.1"})})
	port := fmt.Sprint(portOf(at))
	for _, path := range []string{"/", "/a?b=c&d", "/100%.html", "/%zz%2f%C3%A5?%", "/å/ä|^`{}\"<>?ö", "//double/slash?x", "/a//b/../c/./d", "/;a=b,c:d@e!$&'()*+", "/?", "/a?b?c", "/%00"} {
		c := dialProxy(t, p)
		fmt.Fprintf(c, "GET http://Site.Test:%s%s HTTP/1.1\r\nHost: elsewhere.test\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic eDp5\r\n"+
			"Connection: X-Hop, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nTE: gzip\r\nAccept-Encoding: br, zstd\r\nCookie: a=b; c=\"d\"\r\nX-Two: 1\r\nX-Two: 2\r\n\r\n", port, path)
		want := "GET " + path + " HTTP/1.1\r\nHost: Site.Test:" + port + "\r\nAccept-Encoding: br, zstd\r\nCookie: a=b; c=\"d\"\r\nX-Two: 1\r\nX-Two: 2\r\n\r\n"
		if head := <-got; head != want {
			t.Errorf("the server saw\n%q, want\n%q", head, want)
		}
	}
}

// TestForwardCarriesBodies in both directions, framed in every way, large and small, over one connection.
func TestForwardCarriesBodies(t *testing.T) {
	_, at := site(t, func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		n, err := io.Copy(sum, r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("X-Seen", fmt.Sprintf("%d %x %v", n, sum.Sum(nil), r.TransferEncoding))
		w.Header().Set("Trailer", "X-End")
		if r.URL.Path == "/length" {
			w.Header().Del("Trailer")
			w.Header().Set("Content-Length", fmt.Sprint(3<<20))
		}
		piece := bytes.Repeat([]byte("å"), 1<<19)
		for range 3 {
			_, _ = w.Write(piece)
		}
		w.Header().Set("X-End", "yes")
	})
	p := start(t, Options{Allow: []string{at}})
	c := through(t, p, nil)
	want := sha256.Sum256(bytes.Repeat([]byte("å"), 3<<19))
	for _, size := range []int{0, 1, 1000, 70_000, 5 << 20} {
		for _, chunked := range []bool{false, true} {
			for _, path := range []string{"/length", "/chunked"} {
				body := make([]byte, size)
				_, _ = rand.Read(body)
				var reader io.Reader = bytes.NewReader(body)
				if chunked {
					reader = io.MultiReader(reader)
				}
				resp, err := c.Post("http://"+at+path, "application/octet-stream", reader)
				if err != nil {
					t.Fatal(err)
				}
				back, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || sha256.Sum256(back) != want {
					t.Fatalf("%d bytes came back, %v", len(back), err)
				}
				te := "[]"
				if chunked {
					te = "[chunked]"
				}
				if seen, w := resp.Header.Get("X-Seen"), fmt.Sprintf("%d %x %s", size, sha256.Sum256(body), te); seen != w {
					t.Fatalf("the server saw %s, want %s", seen, w)
				}
				if path == "/chunked" && resp.Trailer.Get("X-End") != "yes" {
					t.Errorf("trailer %v", resp.Trailer)
				}
			}
		}
	}
	if n := p.Stats().Open; n > 3 {
		t.Errorf("%d connections open after requests one after the other", n)
	}
}

// TestForwardKeepsAlive on both sides, and repeats what a server's closing has swallowed.
func TestForwardKeepsAlive(t *testing.T) {
	closing := make(chan *net.TCPConn, 8)
	at := rawServer(t, func(c *net.TCPConn) {
		br := bufio.NewReader(c)
		for {
			r, err := http.ReadRequest(br)
			if err != nil {
				return
			}
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(r.Method), r.Method)
			if r.URL.Path == "/close" {
				_ = c.CloseWrite()
				closing <- c
				return
			}
		}
	})
	p := start(t, Options{Allow: []string{at}})
	c := through(t, p, nil)
	for range 20 {
		get(t, c, "http://"+at+"/keep")
	}
	if n := p.Stats().Connections; n != 1 {
		t.Errorf("%d connections for 20 requests, want 1", n)
	}
	for range 5 {
		get(t, c, "http://"+at+"/close")
		<-closing
		if _, body := get(t, c, "http://"+at+"/keep"); body != "GET" {
			t.Fatalf("after the server had closed: %q", body)
		}
		get(t, c, "http://"+at+"/close")
		<-closing
		resp, err := c.Post("http://"+at+"/keep", "text/plain", strings.NewReader("x"))
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("POST after the server had closed: %v %v", resp, err)
		}
		resp.Body.Close()
	}
	if s := p.Stats(); s.Failed != 0 {
		t.Errorf("stats %+v", s)
	}
}

// TestForwardPipelined: requests that come in one piece are answered in order, bodies included.
func TestForwardPipelined(t *testing.T) {
	_, at := site(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, b)
	})
	p := start(t, Options{Allow: []string{at}})
	c := dialProxy(t, p)
	var in strings.Builder
	for i := range 20 {
		fmt.Fprintf(&in, "GET http://%s/g%d HTTP/1.1\r\n\r\nPOST http://%s/p%d HTTP/1.1\r\nContent-Length: 4\r\n\r\nbodyPUT http://%s/c%d HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", at, i, at, i, at, i)
	}
	go func() { _, _ = io.WriteString(c, in.String()) }()
	br := bufio.NewReader(c)
	for i := range 20 {
		for _, want := range []string{fmt.Sprintf("GET /g%d ", i), fmt.Sprintf("POST /p%d body", i), fmt.Sprintf("PUT /c%d abc", i)} {
			resp, err := http.ReadResponse(br, nil)
			if err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(resp.Body); err != nil || string(b) != want {
				t.Fatalf("%q %v, want %q", b, err, want)
			}
		}
	}
}

// TestForwardStreams: a piece that the server flushes arrives while the answer is still going on.
func TestForwardStreams(t *testing.T) {
	next := make(chan struct{})
	_, at := site(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range 5 {
			fmt.Fprintf(w, "data: %d\n\n", i)
			w.(http.Flusher).Flush()
			<-next
		}
	})
	p := start(t, Options{Allow: []string{at}})
	resp, err := through(t, p, nil).Get("http://" + at + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	br := bufio.NewReader(resp.Body)
	for i := range 5 {
		line, err := br.ReadString('\n')
		if err != nil || line != fmt.Sprintf("data: %d\n", i) {
			t.Fatalf("%q %v", line, err)
		}
		_, _ = br.ReadString('\n')
		next <- struct{}{}
	}
}

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

// TestForwardExpect: a client that waits for permission to send its body gets it.
func TestForwardExpect(t *testing.T) {
	_, at := site(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s", b)
	})
	p := start(t, Options{Allow: []string{at}})
	c := dialProxy(t, p)
	fmt.Fprintf(c, "PUT http://%s/ HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n", at)
	br := bufio.NewReader(c)
	if resp, err := http.ReadResponse(br, nil); err != nil || resp.StatusCode != 100 {
		t.Fatalf("%v %v", resp, err)
	}
	_, _ = io.WriteString(c, "body")
	resp, err := http.ReadResponse(br, nil)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(resp.Body); string(b) != "body" {
		t.Errorf("%q", b)
	}
}

// TestWebSocketUpgrade: a handshake over plain HTTP becomes a tunnel, and a server that declines is heard.
func TestWebSocketUpgrade(t *testing.T) {
	at := rawServer(t, func(c *net.TCPConn) {
		br := bufio.NewReader(c)
		r, err := http.ReadRequest(br)
		if err != nil || !isUpgrade(r.Header) || r.URL.Path == "/no" {
			_, _ = io.WriteString(c, "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno")
			return
		}
		_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: "+r.Header.Get("Upgrade")+"\r\nSec-WebSocket-Accept: x\r\n\r\nfirst")
		_, _ = io.Copy(c, br)
	})
	p := start(t, Options{Allow: []string{at}})
	ask := func(path string) (net.Conn, *bufio.Reader, *http.Response) {
		c := dialProxy(t, p)
		fmt.Fprintf(c, "GET http://%s%s HTTP/1.1\r\nHost: %s\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\nearly", at, path, at)
		br := bufio.NewReader(c)
		resp, err := http.ReadResponse(br, nil)
		if err != nil {
			t.Fatal(err)
		}
		return c, br, resp
	}
	c, br, resp := ask("/ws")
	if resp.StatusCode != 101 || resp.Header.Get("Upgrade") != "websocket" || resp.Header.Get("Sec-Websocket-Accept") != "x" {
		t.Fatalf("%s %v", resp.Status, resp.Header)
	}
	_, _ = io.WriteString(c, "echo")
	_ = c.(*net.TCPConn).CloseWrite()
	if b, err := io.ReadAll(br); err != nil || string(b) != "firstearlyecho" {
		t.Errorf("%q %v", b, err)
	}
	if _, _, resp = ask("/no"); resp.StatusCode != 426 {
		t.Errorf("%s", resp.Status)
	}
}
