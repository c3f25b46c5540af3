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
			if a, err := readAnswer(br, "GET"); err != nil || a.body != want {
				t.Fatalf("%q %v, want %q", a.body, err, want)
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
	if resp, err := readAnswer(br, "GET"); err != nil || resp.StatusCode != 100 {
		t.Fatalf("%v %v", resp, err)
	}
	_, _ = io.WriteString(c, "body")
	if a, err := readAnswer(br, "GET"); err != nil || a.body != "body" {
		t.Errorf("%q %v", a.body, err)
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
	ask := func(path string) (net.Conn, *bufio.Reader, answer) {
		c := dialProxy(t, p)
		fmt.Fprintf(c, "GET http://%s%s HTTP/1.1\r\nHost: %s\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\nearly", at, path, at)
		br := bufio.NewReader(c)
		resp, err := readAnswer(br, "GET")
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
