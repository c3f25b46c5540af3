package egress

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// privateHosts are hosts that lead to this machine or into a network; %s is nothing. The code is what the refusal must say.
var privateHosts = []struct{ host, code string }{
	// loopback, spelt as it should be
	{"127.0.0.1", PrivateAddress}, {"127.0.0.2", PrivateAddress}, {"127.1.2.3", PrivateAddress}, {"127.255.255.254", PrivateAddress},
	{"[::1]", PrivateAddress}, {"[0:0:0:0:0:0:0:1]", PrivateAddress}, {"[0000::0001]", PrivateAddress}, {"127.0.0.1.", PrivateAddress},
	{"localhost", PrivateAddress}, {"LOCALHOST", PrivateAddress}, {"localhost.", PrivateAddress}, {"a.b.localhost", PrivateAddress},
	// loopback, spelt otherwise
	{"127.1", BadHost}, {"127.0.1", BadHost}, {"2130706433", BadHost}, {"0x7f000001", BadHost}, {"0x7f.0.0.1", BadHost}, {"0x7f.1", BadHost},
	{"0177.0.0.1", BadHost}, {"017700000001", BadHost}, {"127.000.000.001", BadHost}, {"127.0.0.01", BadHost}, {"0x7F000001.", BadHost}, {"00000177.1", BadHost},
	{"127.0.0.1%00", BadHost}, {"127.0.0.1%2f", BadHost}, {"%31%32%37.0.0.1", BadHost}, {"１２７.0.0.1", BadHost}, {"①②⑦.⓪.⓪.①", BadHost}, {"127。0。0。1", BadHost},
	{"::1", BadHost}, {"[::1%25lo]", BadHost}, {"[::1%lo]", BadHost}, {"[127.0.0.1]", BadHost}, {"0", BadHost}, {"1", BadHost}, {"4294967295", BadHost},
	// this host, whichever it is
	{"0.0.0.0", PrivateAddress}, {"0.0.0.1", PrivateAddress}, {"[::]", PrivateAddress},
	// IPv4 inside IPv6
	{"[::ffff:127.0.0.1]", PrivateAddress}, {"[::ffff:7f00:1]", PrivateAddress}, {"[::127.0.0.1]", PrivateAddress}, {"[::ffff:0:127.0.0.1]", PrivateAddress},
	{"[64:ff9b::127.0.0.1]", PrivateAddress}, {"[64:ff9b:1::7f00:1]", PrivateAddress}, {"[2002:7f00:1::]", PrivateAddress}, {"[2001:0:7f00:1::]", PrivateAddress},
	{"[2001:0:101:101:0:0:80ff:fffe]", PrivateAddress}, {"[2606:4700::5efe:127.0.0.1]", PrivateAddress}, {"[::ffff:0.0.0.0]", PrivateAddress},
	{"[64:ff9b::a9fe:a9fe]", PrivateAddress},
	// private and shared networks, link-local, unique local
	{"10.0.0.1", PrivateAddress}, {"172.16.0.1", PrivateAddress}, {"172.31.255.255", PrivateAddress}, {"192.168.1.1", PrivateAddress}, {"100.64.0.1", PrivateAddress},
	{"169.254.1.1", PrivateAddress}, {"[fe80::1]", PrivateAddress}, {"[fc00::1]", PrivateAddress}, {"[fd12:3456::1]", PrivateAddress}, {"[fec0::1]", PrivateAddress},
	// metadata
	{"169.254.169.254", PrivateAddress}, {"[fd00:ec2::254]", PrivateAddress}, {"[::ffff:a9fe:a9fe]", PrivateAddress}, {"100.100.100.200", PrivateAddress},
	{"168.63.129.16", PrivateAddress}, {"192.0.0.192", PrivateAddress}, {"169.254.170.2", PrivateAddress},
	// documentation, benchmarks, reserved, multicast, broadcast
	{"192.0.2.1", PrivateAddress}, {"198.51.100.1", PrivateAddress}, {"203.0.113.1", PrivateAddress}, {"198.18.0.1", PrivateAddress}, {"240.0.0.1", PrivateAddress},
	{"224.0.0.1", PrivateAddress}, {"239.255.255.250", PrivateAddress}, {"255.255.255.255", PrivateAddress}, {"[ff02::1]", PrivateAddress}, {"[2001:db8::1]", PrivateAddress},
	{"[3fff::1]", PrivateAddress}, {"[100::1]", PrivateAddress}, {"[5f00::1]", PrivateAddress},
	// names that lead there
	{"loop.test", PrivateAddress}, {"loop6.test", PrivateAddress}, {"mapped.test", PrivateAddress}, {"nat64.test", PrivateAddress}, {"unspecified.test", PrivateAddress},
	{"ten.test", PrivateAddress}, {"meta.test", PrivateAddress}, {"zone.test", PrivateAddress}, {"many.test", PrivateAddress}, {"MANY.TEST.", PrivateAddress},
	{"ula.test", PrivateAddress}, {"intranet", PrivateAddress}, {"wpad", PrivateAddress},
}

func vectorNames() *names {
	n := one(map[string]string{
		"loop.test": "127.0.0.1", "loop6.test": "::1", "mapped.test": "::ffff:127.0.0.1", "nat64.test": "64:ff9b::7f00:1", "unspecified.test": "0.0.0.0",
		"ten.test": "10.0.0.1", "meta.test": "169.254.169.254", "zone.test": "fe80::1%lo", "ula.test": "fd00::1", "intranet": "192.168.0.10", "wpad": "127.0.0.1",
		"open.test": "127.0.0.9",
	})
	n.answers["many.test"] = [][]string{{"10.0.0.1", "127.0.0.1", "::1"}}
	return n
}

// TestPrivateHostsAreNeverDialled asks for each host in three ways: a page load, a tunnel (https and WebSocket) and an upgrade.
func TestPrivateHostsAreNeverDialled(t *testing.T) {
	v := newVictim(t)
	for _, port := range []int{v.port, 80} {
		p := start(t, Options{Resolver: vectorNames(), Allow: []string{fmt.Sprintf(":%d", v.port)}})
		for _, c := range privateHosts {
			at := fmt.Sprintf("%s:%d", c.host, port)
			for _, request := range []string{
				"GET http://" + at + "/secret HTTP/1.1\r\nHost: " + at + "\r\n\r\n",
				"CONNECT " + at + " HTTP/1.1\r\nHost: " + at + "\r\n\r\n",
				"GET http://" + at + "/ws HTTP/1.1\r\nHost: " + at + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
			} {
				resp := raw(t, p, request)
				if code := resp.Header.Get("X-Arsring-Refused"); resp.StatusCode != 403 || code != c.code {
					t.Errorf("%q: %s, refused %q, want 403 and %q", request[:20], resp.Status, code, c.code)
				}
			}
		}
		if s := p.Stats(); s.Connections != 0 || s.BytesOut != 0 || s.Failed != 0 || s.Refused != int64(3*len(privateHosts)) {
			t.Errorf("stats %+v, want no connection and %d refusals", s, 3*len(privateHosts))
		}
	}
	if n := v.hits.Load(); n != 0 {
		t.Errorf("%d connections arrived", n)
	}
	t.Logf("%d hosts, three ways each, on two ports", len(privateHosts))
}

// TestOddRequestsReachNothing sends what no browser should: V is the victim's port, O an allowed site's.
func TestOddRequestsReachNothing(t *testing.T) {
	v := newVictim(t)
	_, open := site(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "open") })
	p := start(t, Options{Resolver: vectorNames(), Allow: []string{"127.0.0.9", open}})
	own := fmt.Sprint(portOf(p.Addr()))
	requests := []string{
		// who is asked
		"GET http://open.test@127.0.0.1:V/ HTTP/1.1\r\n\r\n",
		"GET http://open.test:80@127.0.0.1:V/ HTTP/1.1\r\n\r\n",
		"GET http://open.test\\@127.0.0.1:V/ HTTP/1.1\r\n\r\n",
		"GET http://127.0.0.1:V\\@open.test/ HTTP/1.1\r\n\r\n",
		"GET http://127.0.0.1:V#@open.test/ HTTP/1.1\r\n\r\n",
		"GET http://127.0.0.1:V?@open.test/ HTTP/1.1\r\n\r\n",
		"GET http://127.0.0.1:V/ HTTP/1.1\r\nHost: O\r\n\r\n",
		"GET http://127.0.0.1:V:80/ HTTP/1.1\r\n\r\n",
		"GET http://127.0.0.1:V%20/ HTTP/1.1\r\n\r\n",
		"GET http://127.0.0.1:+V/ HTTP/1.1\r\n\r\n",
		"GET http:///127.0.0.1:V/ HTTP/1.1\r\n\r\n",
		"GET http://open.test,127.0.0.1:V/ HTTP/1.1\r\n\r\n",
		"GET http://[::1]:V@open.test:x/ HTTP/1.1\r\n\r\n",
		"GET http://127.0.0.1:V;open.test/ HTTP/1.1\r\n\r\n",
		"GET http://open.test.127.0.0.1:V/ HTTP/1.1\r\n\r\n",
		// in which form
		"GET / HTTP/1.1\r\nHost: 127.0.0.1:V\r\n\r\n",
		"GET //127.0.0.1:V/ HTTP/1.1\r\nHost: O\r\n\r\n",
		"GET 127.0.0.1:V HTTP/1.1\r\nHost: 127.0.0.1:V\r\n\r\n",
		"GET https://127.0.0.1:V/ HTTP/1.1\r\n\r\n",
		"GET ws://127.0.0.1:V/ HTTP/1.1\r\n\r\n",
		"GET ftp://127.0.0.1:V/ HTTP/1.1\r\n\r\n",
		"GET gopher://127.0.0.1:V/_x HTTP/1.1\r\n\r\n",
		"GET file:///etc/passwd HTTP/1.1\r\n\r\n",
		"GET file://127.0.0.1:V/etc/passwd HTTP/1.1\r\n\r\n",
		"GET dict://127.0.0.1:V/x HTTP/1.1\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:V\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: 127.0.0.1:V\r\nContent-Length: 60\r\n\r\nGET http://O/ HTTP/1.1\r\n\r\nCONNECT 127.0.0.1:V HTTP/1.1\r\n\r\n",
		"CONNECT 127.0.0.1 HTTP/1.1\r\n\r\n",
		"CONNECT /127.0.0.1:V HTTP/1.1\r\n\r\n",
		"CONNECT http://127.0.0.1:V HTTP/1.1\r\n\r\n",
		"CONNECT 127.0.0.1:V/x HTTP/1.1\r\n\r\n",
		"CONNECT open.test@127.0.0.1:V HTTP/1.1\r\n\r\n",
		"CONNECT 127.0.0.1:V@open.test:80 HTTP/1.1\r\n\r\n",
		"CONNECT O HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody",
		"CONNECT O HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		// which port
		"CONNECT 127.0.0.1:0 HTTP/1.1\r\n\r\n",
		"CONNECT 127.0.0.9:65616 HTTP/1.1\r\n\r\n",
		"CONNECT 127.0.0.9:-80 HTTP/1.1\r\n\r\n",
		"CONNECT 127.0.0.9:0x50 HTTP/1.1\r\n\r\n",
		// the proxy itself
		"GET http://127.0.0.1:P/ HTTP/1.1\r\n\r\n",
		"GET http://127.0.0.9:P/ HTTP/1.1\r\n\r\n",
		"CONNECT 127.0.0.9:P HTTP/1.1\r\n\r\n",
		"CONNECT open.test:P HTTP/1.1\r\n\r\n",
		"CONNECT localhost:P HTTP/1.1\r\n\r\n",
		"GET http://127.0.0.9:P/ HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
		// malformed
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"GET http://O/ HTTP/1.1\r\nBad Header: x\r\n\r\n",
		"GET http://O/\x00 HTTP/1.1\r\n\r\n",
		"GET http://O/ x HTTP/1.1\r\n\r\n",
		"GET  http://O/ HTTP/1.1\r\n\r\n",
		"GET\thttp://O/ HTTP/1.1\r\n\r\n",
		"GET http://O/ HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
		"GET http://O/ HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
		"GET http://O/ HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
		"GET http://O/ HTTP/9.9\r\n\r\n",
		"G@T http://O/ HTTP/1.1\r\n\r\n",
		"\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n",
		"\r\n\r\n",
	}
	for _, r := range requests {
		r = strings.NewReplacer(":V", fmt.Sprintf(":%d", v.port), "+V", fmt.Sprintf("+%d", v.port), ":P", ":"+own, "//O", "//"+open, " O ", " "+open+" ", ": O\r", ": "+open+"\r").Replace(r)
		resp := raw(t, p, r)
		if resp.StatusCode != 400 && resp.StatusCode != 403 || resp.Header.Get("X-Arsring-Refused") == "" {
			t.Errorf("%q: %s, want a refusal", r, resp.Status)
		}
	}
	if s := p.Stats(); s.Connections != 0 || s.Failed != 0 {
		t.Errorf("stats %+v, want no connection", s)
	}
	if n := v.hits.Load(); n != 0 {
		t.Errorf("%d connections arrived", n)
	}
	t.Logf("%d requests", len(requests))
	if _, body := get(t, through(t, p, nil), "http://"+open+"/"); body != "open" {
		t.Errorf("the allowed site gave %q", body)
	}
}

// TestTheSameHostsWorkWhenAllowed is the proof that the vectors above would have arrived.
func TestTheSameHostsWorkWhenAllowed(t *testing.T) {
	v := newVictim(t)
	p := start(t, Options{Resolver: vectorNames(), Allow: []string{"127.0.0.0/8", "::1"}})
	c := through(t, p, nil)
	for _, host := range []string{"127.0.0.1", "127.0.0.2", "localhost", "a.b.localhost", "loop.test", "wpad", "[::ffff:127.0.0.1]", "mapped.test", "many.test", "[::1]", "loop6.test"} {
		if _, body := get(t, c, fmt.Sprintf("http://%s:%d/", host, v.port)); body != "secret" {
			t.Errorf("%s: %q", host, body)
		}
	}
	if v.hits.Load() != 11 {
		t.Errorf("%d connections arrived, want 11", v.hits.Load())
	}
}

// TestRedirectsAreJudgedAgain: the proxy follows nothing; the browser comes back with the new address.
func TestRedirectsAreJudgedAgain(t *testing.T) {
	v := newVictim(t)
	_, open := site(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, fmt.Sprintf("http://127.0.0.1:%d/secret", v.port), http.StatusFound)
	})
	p := start(t, Options{Allow: []string{open}})
	resp, _ := get(t, through(t, p, nil), "http://"+open+"/")
	if resp.StatusCode != 403 || v.hits.Load() != 0 {
		t.Errorf("%s, %d connections arrived", resp.Status, v.hits.Load())
	}
	f, _ := p.Failure(fmt.Sprintf("127.0.0.1:%d", v.port))
	if f.Code != PrivateAddress || f.Address != "127.0.0.1" {
		t.Errorf("failure %+v", f)
	}
}

// TestRebinding: the second answer of a name is never asked for, by whichever way a request comes.
func TestRebinding(t *testing.T) {
	_, open := site(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		fmt.Fprint(w, "open")
	})
	v := newVictim(t)
	n := newNames(map[string][][]string{
		"rebind.test":  {{"127.0.0.1"}, {"127.0.0.2"}},
		"rebind2.test": {{"10.0.0.1"}, {"127.0.0.1"}},
		"flicker.test": {{"10.0.0.1", "127.0.0.1"}, {"127.0.0.2"}},
	})
	p := start(t, Options{Resolver: n, Allow: []string{open, fmt.Sprintf("127.0.0.2:%d", v.port)}})
	port := fmt.Sprint(portOf(open))
	c := through(t, p, nil)
	for range 5 {
		if _, body := get(t, c, "http://rebind.test:"+port+"/"); body != "open" {
			t.Fatalf("first answer: %q", body)
		}
		if resp, _ := get(t, c, fmt.Sprintf("http://rebind.test:%d/", v.port)); resp.StatusCode != 403 {
			t.Fatalf("another port of the pinned address: %s", resp.Status)
		}
		if resp, _ := get(t, c, "http://rebind2.test:"+port+"/"); resp.StatusCode != 403 {
			t.Fatalf("a private first answer: %s", resp.Status)
		}
		if _, body := get(t, c, "http://flicker.test:"+port+"/"); body != "open" {
			t.Fatalf("mixed answer: %q", body)
		}
	}
	if v.hits.Load() != 0 || n.count("rebind.test") != 1 || n.count("rebind2.test") != 1 || n.count("flicker.test") != 1 {
		t.Errorf("%d hits, asked %v", v.hits.Load(), n.asked)
	}
	dropped := false
	for _, r := range p.Refused() {
		dropped = dropped || r.Host == "flicker.test" && r.Reason == AddressDropped && r.Address == "10.0.0.1"
	}
	if _, failed := p.Failure("flicker.test:" + port); !dropped || failed {
		t.Errorf("the address left out of a mixed answer is not on the list: %+v", p.Refused())
	}
	if peer, ok := p.Peer("Rebind.Test.:" + port); !ok || peer.IP.String() != "127.0.0.1" || peer.Port != portOf(open) {
		t.Errorf("peer %+v, %v", peer, ok)
	}
}

// TestPortsAreRefusedBeforeTheNameIsAskedFor: what is refused anyway tells no name server.
func TestPortsAreRefusedBeforeTheNameIsAskedFor(t *testing.T) {
	n := one(map[string]string{"www.test": "93.184.216.34", "update.googleapis.com": "93.184.216.34"})
	p := start(t, Options{Resolver: n})
	for _, port := range []int{1, 21, 22, 23, 25, 53, 110, 139, 143, 389, 445, 631, 3306, 3389, 5432, 5900, 6379, 9200, 11211, 27017} {
		for _, request := range []string{"GET http://www.test:%d/ HTTP/1.1\r\n\r\n", "CONNECT www.test:%d HTTP/1.1\r\n\r\n"} {
			if got := raw(t, p, fmt.Sprintf(request, port)).Header.Get("X-Arsring-Refused"); got != PortRefused {
				t.Errorf("port %d: %q", port, got)
			}
		}
	}
	if got := raw(t, p, "CONNECT update.googleapis.com:443 HTTP/1.1\r\n\r\n").Header.Get("X-Arsring-Refused"); got != BrowserOwnCall {
		t.Errorf("browser's own call: %q", got)
	}
	if len(n.asked) != 0 || p.Stats().Connections != 0 {
		t.Errorf("asked %v, %d connections", n.asked, p.Stats().Connections)
	}
}

// TestOriginFormEndsTheConnection: a page that posts to the proxy's port smuggles no second request in its body.
func TestOriginFormEndsTheConnection(t *testing.T) {
	_, open := site(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "open") })
	p := start(t, Options{Allow: []string{open}})
	c := dialProxy(t, p)
	body := "GET http://" + open + "/ HTTP/1.1\r\nHost: " + open + "\r\n\r\n"
	fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s%s", p.Addr(), len(body), body, body)
	br := bufio.NewReader(c)
	if resp, err := readAnswer(br, "POST"); err != nil || resp.StatusCode != 400 || !resp.Close {
		t.Fatalf("%v %v", resp, err)
	}
	if rest, err := io.ReadAll(br); err != nil || len(rest) != 0 {
		t.Errorf("after the refusal came %q, %v", rest, err)
	}
	if p.Stats().Connections != 0 {
		t.Error("the body was taken for a request")
	}
}
