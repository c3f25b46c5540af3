package egress

import (
	"bufio"
	"bytes"
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
	if resp, err := c.Get("https://other.test:" + port + "/"); err == nil {
		resp.Body.Close()
		t.Error("a certificate for another name was accepted")
	}
	if resp, err := through(t, p, &tls.Config{RootCAs: x509.NewCertPool()}).Get("https://secure.test:" + port + "/"); err == nil {
		resp.Body.Close()
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
	if resp, err := readAnswer(br, "CONNECT"); err != nil || resp.StatusCode != 200 {
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
