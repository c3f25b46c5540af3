package egress

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestBytesAreBounded: not one byte more than the bound passes, plain or tunnelled, and what is open then ends.
func TestBytesAreBounded(t *testing.T) {
	_, plain := site(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 8<<20)) })
	flood := rawServer(t, func(c *net.TCPConn) {
		b := make([]byte, 1<<20)
		for {
			if _, err := c.Write(b); err != nil {
				return
			}
		}
	})
	idle := rawServer(t, func(c *net.TCPConn) { _, _ = io.Copy(c, c) })
	for _, limit := range []int64{1, 5000, 1 << 20, 40 << 20} {
		p := start(t, Options{Allow: []string{"127.0.0.1"}, MaxBytes: limit})
		_, open := connect(t, p, idle)
		if limit == 5000 {
			resp, err := through(t, p, nil).Get("http://" + plain + "/")
			if err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(resp.Body); err == nil {
				t.Errorf("limit %d: %d bytes passed for a whole answer", limit, len(b))
			}
			resp.Body.Close()
		} else {
			var wg sync.WaitGroup
			for range 3 {
				c := dialProxy(t, p)
				fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\n\r\n", flood)
				wg.Go(func() { _, _ = io.Copy(io.Discard, c) })
			}
			wg.Wait()
		}
		_, _ = io.ReadAll(open)
		eventually(t, "all gone", func() bool { return p.Stats().Open <= 1 })
		s := p.Stats()
		if sum := s.BytesIn + s.BytesOut; sum > limit || sum < limit*9/10 {
			t.Errorf("limit %d: %d bytes passed", limit, sum)
		}
		if got := raw(t, p, "CONNECT "+idle+" HTTP/1.1\r\n\r\n").Header.Get("X-Arsring-Refused"); got != LimitReached {
			t.Errorf("limit %d: afterwards %q", limit, got)
		}
	}
}

func TestRequestsAreBounded(t *testing.T) {
	_, at := site(t, func(http.ResponseWriter, *http.Request) {})
	p := start(t, Options{Allow: []string{at}, MaxRequests: 3})
	c := through(t, p, nil)
	for i := range 6 {
		resp, _ := get(t, c, "http://"+at+"/")
		if ok := resp.StatusCode == 200; ok != (i < 3) {
			t.Errorf("request %d: %s", i+1, resp.Status)
		}
	}
	want := []Refusal{{Host: "127.0.0.1", Port: portOf(at), Method: "GET", Reason: LimitReached, N: 3}}
	got := p.Refused()
	if len(got) == 1 {
		got[0].At = time.Time{}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestRefusalsAreBounded: a page that names ever new hosts fills no memory, and the count goes on.
func TestRefusalsAreBounded(t *testing.T) {
	p := start(t, Options{})
	for i := range maxRefusals + 200 {
		p.ledger.refuse("GET", target{host: fmt.Sprintf("h%d.test", i), port: 80}, PrivateAddress, "10.0.0.1")
	}
	if s := p.Stats(); len(p.Refused()) != maxRefusals || s.Dropped != 200 || s.Refused != maxRefusals+200 {
		t.Errorf("%d kept, %+v", len(p.Refused()), s)
	}
	n := one(nil)
	p = start(t, Options{Resolver: n})
	for i := range maxHosts + 5 {
		_, d := p.admit(context.Background(), "GET", target{host: fmt.Sprintf("h%d.test", i), port: 80})
		if want := i >= maxHosts; (d.code == LimitReached) != want {
			t.Fatalf("host %d: %v", i, d)
		}
	}
}

// TestAuthentication for browsers on other machines: nothing without it, and a challenge that a browser can answer on the same connection.
func TestAuthentication(t *testing.T) {
	_, at := site(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Header.Get("Proxy-Authorization")) })
	p := start(t, Options{Allow: []string{at}, User: "chrome", Password: "hemligt", Listen: "0.0.0.0:0"})
	own := fmt.Sprintf("127.0.0.1:%d", portOf(p.Addr()))
	c, err := net.Dial("tcp", own)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	br := bufio.NewReader(c)
	ask := func(request, auth string) answer {
		fmt.Fprintf(c, "%s HTTP/1.1\r\n%s\r\n", request, auth)
		resp, err := readAnswer(br, "GET")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(resp.body, "Basic") {
			t.Errorf("the server saw the credentials: %q", resp.body)
		}
		return resp
	}
	for _, auth := range []string{"", "Proxy-Authorization: Basic Y2hyb21lOmZlbA==\r\n", "Proxy-Authorization: Bearer x\r\n", "Authorization: Basic Y2hyb21lOmhlbWxpZ3Q=\r\n"} {
		for _, request := range []string{"CONNECT " + at, "GET http://" + at + "/", "GET /"} {
			if resp := ask(request, auth); resp.StatusCode != 407 || resp.Header.Get("Proxy-Authenticate") != `Basic realm="arsring"` {
				t.Errorf("%s with %q: %s", request, auth, resp.Status)
			}
		}
	}
	if s := p.Stats(); s.Connections != 0 {
		t.Errorf("%+v", s)
	}
	if resp := ask("GET http://"+at+"/", "Proxy-Authorization: Basic Y2hyb21lOmhlbWxpZ3Q=\r\n"); resp.StatusCode != 200 {
		t.Errorf("%s", resp.Status)
	}
	if f, ok := p.Failure("127.0.0.1:1"); ok {
		t.Errorf("%+v", f)
	}
}

// TestHeadsAreBounded in size and time, for clients that mean harm.
func TestHeadsAreBounded(t *testing.T) {
	p := start(t, Options{})
	for _, request := range []string{
		"GET http://a.test/" + string(bytes.Repeat([]byte("x"), maxHead+32<<10)),
		"GET http://a.test/ HTTP/1.1\r\nX: " + string(bytes.Repeat([]byte("x"), maxHead+32<<10)),
	} {
		c := dialProxy(t, p)
		go func() { _, _ = io.WriteString(c, request) }()
		resp, err := readAnswer(bufio.NewReader(c), "GET")
		if err != nil || resp.StatusCode != 400 {
			t.Errorf("%v %v", resp, err)
		}
	}
}

// TestDrippingHeads: a head that comes byte by byte is given up on, on either side.
func TestDrippingHeads(t *testing.T) {
	const idle = 250 * time.Millisecond
	drip := func(c net.Conn, first string) {
		_, _ = io.WriteString(c, first)
		for {
			if _, err := io.WriteString(c, "x"); err != nil {
				return
			}
			time.Sleep(idle / 5)
		}
	}
	at := rawServer(t, func(c *net.TCPConn) {
		_, _ = http.ReadRequest(bufio.NewReader(c))
		drip(c, "HTTP/1.1 200 OK\r\nX-Slow: ")
	})
	p := start(t, Options{Allow: []string{at}, IdleTimeout: idle})
	resp, _ := get(t, through(t, p, nil), "http://"+at+"/")
	if f, _ := p.Failure(at); resp.StatusCode != 502 || f.Code != ConnTimeout {
		t.Errorf("a dripping answer: %s, %+v", resp.Status, f)
	}
	c := dialProxy(t, p)
	go drip(c, "GET http://"+at+"/ HTTP/1.1\r\nX-Slow: ")
	if resp, err := readAnswer(bufio.NewReader(c), "GET"); err != nil || resp.StatusCode != 400 {
		t.Errorf("a dripping request: %v %v", resp, err)
	}
}

// TestCloseLeavesNothing: no goroutine and no connection outlives the proxy, whatever was under way.
func TestCloseLeavesNothing(t *testing.T) {
	stuck := rawServer(t, func(c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) })
	_, quick := site(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "quick") })
	before := runtime.NumGoroutine()
	for _, by := range []string{"Close", "context"} {
		ctx, cancel := context.WithCancel(context.Background())
		p, err := Start(ctx, Options{Allow: []string{"127.0.0.1"}, Resolver: mute{}, DialTimeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		var conns []net.Conn
		send := func(s string) {
			c, err := net.Dial("tcp", p.Addr())
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(c, s)
			conns = append(conns, c)
		}
		for range 5 {
			send("CONNECT " + stuck + " HTTP/1.1\r\n\r\nhello")
			send("GET http://" + stuck + "/ HTTP/1.1\r\n\r\n")
			send("POST http://" + stuck + "/ HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
			send("GET http://" + quick + "/ HTTP/1.1\r\n\r\n")
			send("GET http://slow.test/ HTTP/1.1\r\n\r\n")
			send("GET http://half")
			send("")
		}
		eventually(t, "all under way", func() bool { s := p.Stats(); return s.Requests == 25 && s.Connections >= 16 && s.Open >= 51 })
		if by == "Close" {
			_ = p.Close()
		} else {
			cancel()
		}
		eventually(t, "everything ended by "+by, func() bool { return p.Stats().Open == 0 })
		for _, c := range conns {
			_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
			if _, err := io.Copy(io.Discard, c); err != nil {
				if errors.Is(err, os.ErrDeadlineExceeded) {
					t.Error("a connection stayed open")
				}
			}
			_ = c.Close()
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if _, err := net.Dial("tcp", p.Addr()); err == nil {
			t.Error("the proxy still listens")
		}
		cancel()
	}
	eventually(t, "no goroutine left", func() bool { return runtime.NumGoroutine() <= before })
}
