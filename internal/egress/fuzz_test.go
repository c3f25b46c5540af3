package egress

import (
	"context"
	"net/netip"
	"testing"
)

// FuzzParseTarget: whatever a browser writes as a target, what is read of it is in its usual spelling and reads the same again.
func FuzzParseTarget(f *testing.F) {
	for _, s := range []string{"example.org", "EXAMPLE.org.:8080", "[::1]:443", "127.0.0.1", "127.1", "0x7f.1", "a..b", "[fe80::1%25lo]:1", "å.se:80", "a:65536"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := parseTarget(s, 80)
		if err != nil {
			return
		}
		again, err := parseTarget(got.key(), 0)
		if err != nil || again != got {
			t.Fatalf("%q reads as %+v, which reads as %+v, %v", s, got, again, err)
		}
		if ip, err := netip.ParseAddr(got.host); err == nil != got.ip.IsValid() || err == nil && ip.Unmap() != got.ip {
			t.Fatalf("%q: address %v, %v", s, got.ip, err)
		}
		if !got.ip.IsValid() && !validName(got.host) {
			t.Fatalf("%q: host %q", s, got.host)
		}
	})
}

// FuzzRule: no entry, however written, opens more than it says.
func FuzzRule(f *testing.F) {
	for _, s := range []string{"example.org", "*.a.b:8080", "10.0.0.0/8", "[fd00::/8]:80", ":8008", "22", "::ffff:10.0.0.0/104", "[::1]"} {
		f.Add(s)
	}
	meta := netip.MustParseAddr("169.254.169.254")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := newPolicy([]string{s}, nil, 1)
		if err != nil {
			return
		}
		for _, tg := range []target{{host: "other.test", port: 80}, {host: "other.test", port: 1234}} {
			if code := p.byAddress(tg, netip.IPv4Unspecified()); code != PrivateAddress {
				t.Fatalf("%q opens the unspecified address", s)
			}
			if code := p.byAddress(tg, meta); code == "" && !p.allow.exact(meta, tg.port) {
				t.Fatalf("%q opens a metadata address", s)
			}
		}
	})
}

// FuzzRequest: whatever comes over a connection, nothing but the allowed is reached and the proxy lives on.
func FuzzRequest(f *testing.F) {
	for _, s := range []string{"GET http://a.test/ HTTP/1.1\r\n\r\n", "CONNECT a.test:443 HTTP/1.1\r\n\r\nx", "POST http://a.test/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01"} {
		f.Add([]byte(s))
	}
	p, err := Start(context.Background(), Options{Resolver: one(map[string]string{"a.test": "10.0.0.1"})})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = p.Close() })
	f.Fuzz(func(t *testing.T, b []byte) {
		c := dialProxy(t, p)
		_, _ = c.Write(b)
		_ = c.Close()
		if s := p.Stats(); s.Connections != 0 {
			t.Fatalf("%q reached something", b)
		}
	})
}
