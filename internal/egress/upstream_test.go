package egress

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// parent is a network's own proxy: it wants credentials and knows one name, which leads to a server on loopback.
type parent struct {
	at   string
	mu   sync.Mutex
	seen []string
}

func newParent(t *testing.T, user, password, name, leadsTo string) *parent {
	t.Helper()
	pa := &parent{}
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
	pa.at = rawServer(t, func(c *net.TCPConn) {
		br := bufio.NewReader(c)
		r, err := http.ReadRequest(br)
		if err != nil {
			return
		}
		pa.mu.Lock()
		pa.seen = append(pa.seen, r.Method+" "+r.RequestURI+" "+r.Host)
		pa.mu.Unlock()
		if r.Header.Get("Proxy-Authorization") != want {
			_, _ = io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"parent\"\r\nContent-Length: 0\r\n\r\n")
			return
		}
		if !strings.HasPrefix(r.Host, name+":") && r.Host != name {
			_, _ = io.WriteString(c, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
			return
		}
		s, err := net.Dial("tcp", leadsTo)
		if err != nil {
			return
		}
		defer s.Close()
		if r.Method == http.MethodConnect {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nX-Parent: yes\r\n\r\n")
		} else {
			r.Header.Del("Proxy-Authorization")
			_ = r.Write(s)
		}
		go func() { _, _ = io.Copy(s, br); _ = s.(*net.TCPConn).CloseWrite() }()
		_, _ = io.Copy(c, s)
	})
	return pa
}

func (pa *parent) requests() []string {
	pa.mu.Lock()
	defer pa.mu.Unlock()
	return append([]string(nil), pa.seen...)
}

func TestUpstream(t *testing.T) {
	_, plain := site(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		fmt.Fprintf(w, "%s %s %q", r.Host, r.URL, r.Header.Get("Proxy-Authorization"))
	})
	secure, pool, _ := tlsSite(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "secure") }, "www.example.test")
	n := one(map[string]string{"www.example.test": "93.184.216.34", "inside.example.test": "10.0.0.1", "near.example.test": "127.0.0.1", "other.example.test": "93.184.216.35"})
	pp := newParent(t, "anna", "p@ss:ord/1", "www.example.test", plain)
	ps := newParent(t, "anna", "p@ss:ord/1", "www.example.test", secure)
	options := Options{Resolver: n, Allow: []string{"near.example.test"}}
	auth := url.UserPassword("anna", "p@ss:ord/1").String()
	options.Upstream = "http://" + auth + "@" + pp.at
	p := start(t, options)
	c := through(t, p, nil)
	for _, path := range []string{"/a%zz?b=c", "//two"} {
		if _, body := get(t, c, "http://www.example.test"+strings.ReplaceAll(path, "%zz", "%7A")); body != "www.example.test "+strings.ReplaceAll(path, "%zz", "%7A")+` ""` {
			t.Errorf("plain: %q", body)
		}
	}
	if peer, ok := p.Peer("www.example.test:80"); !ok || !peer.Upstream || peer.IP.IsValid() {
		t.Errorf("peer %+v %v: the address that a parent chose is not ours to name", peer, ok)
	}
	// Private names are refused before the parent hears of them; allowed ones are reached directly.
	for host, code := range map[string]string{"inside.example.test": PrivateAddress, "10.0.0.1": PrivateAddress, "localhost": PrivateAddress, "intranet": PrivateAddress,
		"printer.local": PrivateAddress, "vault.internal": PrivateAddress, "unresolved.example.test:22": PortRefused} {
		if resp, _ := get(t, c, "http://"+host+"/"); resp.Header.Get("X-Arsring-Refused") != code {
			t.Errorf("%s: %s %v, want %s", host, resp.Status, resp.Header, code)
		}
	}
	if _, body := get(t, c, "http://near.example.test:"+fmt.Sprint(portOf(plain))+"/"); !strings.HasPrefix(body, "near.example.test") {
		t.Errorf("an allowed private host: %q", body)
	}
	// A name that only the parent can resolve is the parent's to judge; what it refuses is named.
	resp := raw(t, p, "CONNECT unresolved.example.test:443 HTTP/1.1\r\n\r\n")
	if f, _ := p.Failure("unresolved.example.test:443"); resp.Header.Get("X-Arsring-Failed") != UpstreamRefused || f.Code != UpstreamRefused || f.Cause != "status 503" {
		t.Errorf("%s %v %+v", resp.Status, resp.Header, f)
	}
	want := []string{"GET http://www.example.test/a%7A?b=c www.example.test", "GET http://www.example.test//two www.example.test", "CONNECT unresolved.example.test:443 unresolved.example.test:443"}
	if got := pp.requests(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the parent saw %q, want %q", got, want)
	}
	options.Upstream = "http://" + auth + "@" + ps.at
	p = start(t, options)
	if _, body := get(t, through(t, p, &tls.Config{RootCAs: pool}), "https://www.example.test/"); body != "secure" {
		t.Errorf("tunnel: %q", body)
	}
	if peer, ok := p.Peer("www.example.test:443"); !ok || !peer.Upstream {
		t.Errorf("peer %+v %v", peer, ok)
	}
}

// TestUpstreamFailures are named, and the browser is never asked for the parent's credentials.
func TestUpstreamFailures(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := ln.Addr().String()
	ln.Close()
	pa := newParent(t, "anna", "right", "www.example.test", nobody)
	silly := rawServer(t, func(c *net.TCPConn) { _, _ = c.Read(make([]byte, 1000)); _, _ = io.WriteString(c, "hello\r\n\r\n") })
	for _, x := range []struct{ upstream, code string }{
		{"http://anna:wrong-hemligt@" + pa.at, UpstreamAuth}, {"http://" + pa.at, UpstreamAuth}, {"http://anna:hemligt@" + nobody, UpstreamUnreachable},
	} {
		p := start(t, Options{Resolver: one(map[string]string{"www.example.test": "93.184.216.34"}), Upstream: x.upstream})
		for at, request := range map[string]string{"www.example.test:443": "CONNECT www.example.test:443 HTTP/1.1\r\n\r\n", "www.example.test:80": "GET http://www.example.test/ HTTP/1.1\r\n\r\n"} {
			resp := raw(t, p, request)
			f, _ := p.Failure(at)
			if resp.StatusCode != 502 || resp.Header.Get("X-Arsring-Failed") != x.code || f.Code != x.code || resp.Header.Get("Proxy-Authenticate") != "" {
				t.Errorf("%s: %s %v %+v, want %s", x.code, resp.Status, resp.Header, f, x.code)
			}
			if strings.Contains(fmt.Sprintf("%+v %v", f, resp.Header), "hemligt") {
				t.Errorf("the password is in %+v %v", f, resp.Header)
			}
		}
	}
	p := start(t, Options{Resolver: one(map[string]string{"www.example.test": "93.184.216.34"}), Upstream: "http://" + silly})
	if resp := raw(t, p, "CONNECT www.example.test:443 HTTP/1.1\r\n\r\n"); resp.Header.Get("X-Arsring-Failed") == "" {
		t.Errorf("a parent that speaks no HTTP: %s", resp.Status)
	}
}
