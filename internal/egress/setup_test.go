package egress

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// names is a resolver whose answers change from one question to the next; the last one stays.
type names struct {
	mu      sync.Mutex
	answers map[string][][]string
	asked   map[string]int
}

func newNames(answers map[string][][]string) *names {
	return &names{answers: answers, asked: map[string]int{}}
}

// one makes a resolver with one answer for each name.
func one(m map[string]string) *names {
	n := newNames(map[string][][]string{})
	for host, ip := range m {
		n.answers[host] = [][]string{{ip}}
	}
	return n
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked[host]++
	all := n.answers[host]
	if len(all) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var out []netip.Addr
	for _, s := range all[min(n.asked[host], len(all))-1] {
		out = append(out, netip.MustParseAddr(s))
	}
	return out, nil
}

func (n *names) count(host string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.asked[host]
}

func start(t testing.TB, o Options) *Proxy {
	t.Helper()
	if o.Resolver == nil {
		o.Resolver = one(nil)
	}
	p, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// through makes an HTTP client that goes through the proxy.
func through(t testing.TB, p *Proxy, conf *tls.Config) *http.Client {
	t.Helper()
	tr := &http.Transport{
		Proxy:              http.ProxyURL(&url.URL{Scheme: "http", Host: p.Addr()}),
		TLSClientConfig:    conf,
		DisableCompression: true,
	}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: 20 * time.Second}
}

// answer is what came back, its body read.
type answer struct {
	Status     string
	StatusCode int
	Header     http.Header
	Close      bool
	body       string
}

// readAnswer reads one answer; what follows consent to a tunnel stays unread.
func readAnswer(br *bufio.Reader, method string) (answer, error) {
	resp, err := http.ReadResponse(br, &http.Request{Method: method})
	if err != nil {
		return answer{}, err
	}
	a := answer{Status: resp.Status, StatusCode: resp.StatusCode, Header: resp.Header, Close: resp.Close}
	if resp.StatusCode == http.StatusSwitchingProtocols || method == http.MethodConnect && resp.StatusCode == http.StatusOK {
		return a, nil // closing would read the tunnel
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	a.body = string(b)
	return a, err
}

func get(t testing.TB, c *http.Client, u string) (answer, string) {
	t.Helper()
	resp, err := c.Get(u)
	if err != nil {
		t.Fatalf("GET %s: %v", u, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("GET %s: body: %v", u, err)
	}
	return answer{Status: resp.Status, StatusCode: resp.StatusCode, Header: resp.Header, body: string(b)}, string(b)
}

// dialProxy opens a raw connection to the proxy.
func dialProxy(t testing.TB, p *Proxy) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

// raw sends bytes as they are and reads the first answer.
func raw(t testing.TB, p *Proxy, request string) answer {
	t.Helper()
	c := dialProxy(t, p)
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	a, err := readAnswer(bufio.NewReader(c), "GET")
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	return a
}

// connect opens a tunnel.
func connect(t testing.TB, p *Proxy, hostport string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c := dialProxy(t, p)
	fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", hostport, hostport)
	br := bufio.NewReader(c)
	resp, err := readAnswer(br, "CONNECT")
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 200 {
		t.Fatalf("CONNECT %s: %s", hostport, resp.Status)
	}
	return c, br
}

// victim is a listener on every address of this machine that nobody should reach.
type victim struct {
	ln   net.Listener
	port int
	hits atomic.Int64
}

func newVictim(t testing.TB) *victim {
	t.Helper()
	ln, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	v := &victim{ln: ln, port: ln.Addr().(*net.TCPAddr).Port}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			v.hits.Add(1)
			_, _ = c.Read(make([]byte, 4096))
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
			_ = c.Close()
		}
	}()
	return v
}

// rawServer answers every connection with a function.
func rawServer(t testing.TB, serve func(c *net.TCPConn)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() { _ = ln.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { defer c.Close(); serve(c.(*net.TCPConn)) })
		}
	})
	return ln.Addr().String()
}

// site is a server on loopback; its host:port stands second.
func site(t testing.TB, h http.HandlerFunc) (*httptest.Server, string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s, s.Listener.Addr().String()
}

func portOf(hostport string) int {
	_, port, _ := net.SplitHostPort(hostport)
	n, _ := strconv.Atoi(port)
	return n
}

// eventually waits for something that another goroutine brings about.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

// mute is a resolver that answers when it is told to stop.
type mute struct{}

func (mute) LookupNetIP(ctx context.Context, _, _ string) ([]netip.Addr, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}
