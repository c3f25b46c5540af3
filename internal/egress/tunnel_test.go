package egress

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"
)

// testCA signs a server certificate for the names.
func testCA(t testing.TB, hosts ...string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	caKey, leafKey := key(), key()
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: hosts[0]}, DNSNames: hosts, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		t.Fatal(err)
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, ca, &leafKey.PublicKey, caKey)
	if err != nil {
		t.Fatal(err)
	}
	root, _ := x509.ParseCertificate(caDER)
	pool := x509.NewCertPool()
	pool.AddCert(root)
	return tls.Certificate{Certificate: [][]byte{leafDER, caDER}, PrivateKey: leafKey}, pool
}

// tlsSite is a https server with a certificate for the names.
func tlsSite(t testing.TB, h http.HandlerFunc, hosts ...string) (string, *x509.CertPool, tls.Certificate) {
	t.Helper()
	cert, pool := testCA(t, hosts...)
	s := httptest.NewUnstartedServer(h)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String(), pool, cert
}

// TestTunnelTLS: the certificate that the browser checks is the server's own.
func TestTunnelTLS(t *testing.T) {
	at, pool, _ := tlsSite(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%s %s", r.Host, r.TLS.ServerName) }, "secure.test")
	port := fmt.Sprint(portOf(at))
	p := start(t, Options{Allow: []string{"secure.test", "other.test"}, Resolver: one(map[string]string{"secure.test": "127.0.0.1", "other.test": "127.0.0.1"})})
	c := through(t, p, &tls.Config{RootCAs: pool})
	if _, body := get(t, c, "https://secure.test:"+port+"/"); body != "secure.test:"+port+" secure.test" {
		t.Errorf("%q", body)
	}
	if _, err := c.Get("https://other.test:" + port + "/"); err == nil {
		t.Error("a certificate for another name was accepted")
	}
	if _, err := through(t, p, &tls.Config{RootCAs: x509.NewCertPool()}).Get("https://secure.test:" + port + "/"); err == nil {
		t.Error("a certificate of an unknown authority was accepted")
	}
	if peer, ok := p.Peer("secure.test:" + port); !ok || peer.IP.String() != "127.0.0.1" {
		t.Errorf("peer %+v %v", peer, ok)
	}
}

// TestTunnelCarriesEverything: large amounts both ways at once, in many tunnels, byte for byte.
func TestTunnelCarriesEverything(t *testing.T) {
	at := rawServer(t, func(c *net.TCPConn) {
		_, _ = io.Copy(c, c)
		_ = c.CloseWrite()
	})
	for _, limit := range []int64{0, 1 << 40} {
		p := start(t, Options{Allow: []string{at}, MaxBytes: limit})
		const tunnels, size = 6, 12 << 20
		var wg sync.WaitGroup
		for range tunnels {
			c, br := connect(t, p, at)
			wg.Go(func() {
				data := make([]byte, 1<<20)
				_, _ = rand.Read(data)
				sent, back := sha256.New(), sha256.New()
				wg.Go(func() {
					for range size >> 20 {
						sent.Write(data)
						if _, err := c.Write(data); err != nil {
							t.Error(err)
							return
						}
					}
					_ = c.(*net.TCPConn).CloseWrite()
				})
				n, err := io.Copy(back, br)
				if err != nil || n != size {
					t.Errorf("%d bytes came back, %v", n, err)
				}
				want := sha256.New()
				for range size >> 20 {
					want.Write(data)
				}
				if !bytes.Equal(back.Sum(nil), want.Sum(nil)) {
					t.Error("other bytes came back")
				}
			})
		}
		wg.Wait()
		eventually(t, "all counted and gone", func() bool {
			s := p.Stats()
			return s.BytesIn == tunnels*size && s.BytesOut == tunnels*size && s.Open == 0
		})
	}
}

// TestTunnelEarlyBytes: what a client sends before it has its tunnel is not lost.
func TestTunnelEarlyBytes(t *testing.T) {
	at := rawServer(t, func(c *net.TCPConn) { _, _ = io.Copy(c, c) })
	p := start(t, Options{Allow: []string{at}})
	c := dialProxy(t, p)
	early := bytes.Repeat([]byte("early "), 10_000)
	go func() {
		fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\n\r\n%s", at, early)
		_ = c.(*net.TCPConn).CloseWrite()
	}()
	br := bufio.NewReader(c)
	if resp, err := http.ReadResponse(br, &http.Request{Method: "CONNECT"}); err != nil || resp.StatusCode != 200 {
		t.Fatalf("%v %v", resp, err)
	}
	if back, err := io.ReadAll(br); err != nil || !bytes.Equal(back, early) {
		t.Errorf("%d bytes came back, want %d, %v", len(back), len(early), err)
	}
}

// TestTunnelIdle: a connection on which nothing moves ends; one on which something moves in one direction only does not.
func TestTunnelIdle(t *testing.T) {
	const idle = 200 * time.Millisecond
	silent := rawServer(t, func(c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) })
	drip := rawServer(t, func(c *net.TCPConn) {
		for range 12 {
			if _, err := c.Write([]byte("x")); err != nil {
				return
			}
			time.Sleep(idle / 3)
		}
	})
	p := start(t, Options{Allow: []string{"127.0.0.1"}, IdleTimeout: idle})
	c, br := connect(t, p, silent)
	_, _ = io.WriteString(c, "hello?")
	begin := time.Now()
	if b, err := io.ReadAll(br); len(b) != 0 || time.Since(begin) < idle {
		t.Errorf("%q %v after %v", b, err, time.Since(begin))
	}
	eventually(t, "the failure", func() bool { f, _ := p.Failure(silent); return f.Code == ConnTimeout })
	_, br = connect(t, p, drip)
	if b, err := io.ReadAll(br); err != nil || len(b) != 12 {
		t.Errorf("a slow stream gave %d bytes, %v, want 12", len(b), err)
	}
	eventually(t, "all gone", func() bool { return p.Stats().Open == 0 })
}

// TestTunnelStalledReader: a browser that takes nothing more does not hold a connection for ever, however much is on its way.
func TestTunnelStalledReader(t *testing.T) {
	at := rawServer(t, func(c *net.TCPConn) {
		b := make([]byte, 1<<20)
		for {
			if _, err := c.Write(b); err != nil {
				return
			}
		}
	})
	p := start(t, Options{Allow: []string{at}, IdleTimeout: 300 * time.Millisecond})
	_, br := connect(t, p, at)
	_, _ = io.CopyN(io.Discard, br, 8<<20) // the flow is thick enough for the kernel's way
	eventually(t, "the stalled tunnel ended", func() bool { return p.Stats().Open == 0 })
}

// TestTunnelHalfOpen: when one side is gone and the other does not notice, the tunnel ends all the same.
func TestTunnelHalfOpen(t *testing.T) {
	release := make(chan struct{})
	at := rawServer(t, func(*net.TCPConn) { <-release })
	defer close(release)
	p := start(t, Options{Allow: []string{at}, IdleTimeout: 300 * time.Millisecond})
	c, _ := connect(t, p, at)
	_ = c.Close()
	eventually(t, "the half-open tunnel ended", func() bool { return p.Stats().Open == 0 })
}

// TestTunnelNamesWhatFails, with the same codes as plain requests.
func TestTunnelNamesWhatFails(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := ln.Addr().String()
	ln.Close()
	reset := rawServer(t, func(c *net.TCPConn) { _, _ = c.Read(make([]byte, 1)); _ = c.SetLinger(0) })
	closed := rawServer(t, func(c *net.TCPConn) { _, _ = c.Read(make([]byte, 100)) })
	p := start(t, Options{Allow: []string{"127.0.0.1"}})
	for at, code := range map[string]string{nobody: ConnRefused, "missing.test:443": DNSFailed} {
		resp := raw(t, p, "CONNECT "+at+" HTTP/1.1\r\n\r\n")
		if f, _ := p.Failure(at); resp.StatusCode != 502 || resp.Header.Get("X-Arsring-Failed") != code || f.Code != code {
			t.Errorf("%s: %s %v, failure %+v, want %s", at, resp.Status, resp.Header, f, code)
		}
	}
	for at, code := range map[string]string{reset: ConnReset, closed: NoAnswer} {
		c, br := connect(t, p, at)
		_, _ = io.WriteString(c, "hello")
		_, _ = io.ReadAll(br)
		_ = c.Close()
		eventually(t, "failure "+code, func() bool { f, _ := p.Failure(at); return f.Code == code })
	}
	quiet := rawServer(t, func(c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) })
	c, _ := connect(t, p, quiet)
	_ = c.Close() // opened in advance and dropped unused, as browsers do
	eventually(t, "all gone", func() bool { return p.Stats().Open == 0 })
	if f, ok := p.Failure(quiet); ok {
		t.Errorf("an unused connection was taken for a failure: %+v", f)
	}
}

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
	ask := func(request, auth string) *http.Response {
		fmt.Fprintf(c, "%s HTTP/1.1\r\n%s\r\n", request, auth)
		resp, err := http.ReadResponse(br, &http.Request{Method: "GET"})
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		if bytes.Contains(b, []byte("Basic")) {
			t.Errorf("the server saw the credentials: %q", b)
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
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || resp.StatusCode != 400 {
			t.Errorf("%v %v", resp, err)
		}
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
				if ne, ok := err.(net.Error); ok && ne.Timeout() {
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
