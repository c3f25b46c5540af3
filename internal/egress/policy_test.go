package egress

import (
	"context"
	"net/netip"
	"strings"
	"testing"
)

func TestRulesRefuseWhatTheyCannotRead(t *testing.T) {
	for _, entry := range []string{"", " ", "a b", "http://intranet", "10.0.0.0/33", "10.0.0.0/8:0", "host:99999", "host:", "[::1", "[]:80", "*", "*.", "0", "70000", "fe80::1%lo", "a/b", "127.1"} {
		_, err := Start(context.Background(), Options{Allow: []string{"ok.example", entry}})
		if err == nil || !strings.Contains(err.Error(), "entry 2") {
			t.Errorf("allow %q: error %v, want one that names entry 2", entry, err)
		}
	}
}

// TestPolicy walks targets and addresses through one set of rules. judge is what admit does for one address.
func TestPolicy(t *testing.T) {
	p, err := newPolicy(
		[]string{"intranet.example", "*.inside.example", "app.example:9000", "10.1.2.3", "10.9.0.0/16:8000", "[fd00::1]:8080", "172.16.0.0/12", ":8008",
			"9418", "169.254.0.0/16", "100.100.100.200", "clients2.google.com", "::ffff:192.168.7.0/120"},
		[]string{"bad.example", "198.41.0.0/24", "172.16.5.5"}, 33333)
	if err != nil {
		t.Fatal(err)
	}
	judge := func(host string, port int, ip string) string {
		tg := target{host: host, port: port}
		if a, err := netip.ParseAddr(host); err == nil {
			tg.ip = a
		}
		if code := p.byName(tg); code != "" {
			return code
		}
		return p.byAddress(tg, netip.MustParseAddr(ip))
	}
	for _, c := range []struct {
		host string
		port int
		ip   string
		want string
	}{
		{"www.example", 80, "1.1.1.1", ""}, {"www.example", 443, "2606:4700::1", ""}, {"www.example", 8080, "1.1.1.1", ""}, {"www.example", 8443, "1.1.1.1", ""},
		{"www.example", 8008, "1.1.1.1", ""}, {"www.example", 9418, "1.1.1.1", ""},
		{"www.example", 22, "1.1.1.1", PortRefused}, {"www.example", 8000, "1.1.1.1", PortRefused}, {"www.example", 81, "1.1.1.1", PortRefused},
		{"1.1.1.1", 25, "1.1.1.1", PortRefused},
		{"www.example", 80, "10.0.0.1", PrivateAddress}, {"www.example", 8008, "10.0.0.1", PrivateAddress},
		{"intranet.example", 80, "10.0.0.1", ""}, {"intranet.example", 6000, "10.0.0.1", ""}, {"intranet.example", 6000, "1.1.1.1", ""},
		{"a.intranet.example", 80, "10.0.0.1", PrivateAddress}, {"x.inside.example", 80, "10.0.0.1", ""}, {"inside.example", 80, "10.0.0.1", PrivateAddress},
		{"evilinside.example", 80, "10.0.0.1", PrivateAddress},
		{"app.example", 9000, "10.0.0.1", ""}, {"app.example", 9001, "1.1.1.1", PortRefused}, {"app.example", 80, "10.0.0.1", PrivateAddress}, {"app.example", 80, "1.1.1.1", ""},
		{"www.example", 80, "10.1.2.3", ""}, {"www.example", 5432, "10.1.2.3", ""}, {"10.1.2.3", 5432, "10.1.2.3", ""}, {"www.example", 80, "::ffff:10.1.2.3", ""},
		{"www.example", 8000, "10.9.8.7", ""}, {"www.example", 80, "10.9.8.7", PrivateAddress},
		{"www.example", 8080, "fd00::1", ""}, {"www.example", 443, "fd00::1", PrivateAddress}, {"www.example", 80, "192.168.7.9", ""},
		{"www.example", 80, "172.20.0.1", ""}, {"www.example", 80, "172.16.5.5", Denied},
		{"bad.example", 80, "1.1.1.1", Denied}, {"www.example", 80, "198.41.0.4", Denied},
		{"www.example", 80, "169.254.1.1", ""}, {"www.example", 80, "169.254.169.254", PrivateAddress}, {"intranet.example", 80, "169.254.169.254", PrivateAddress},
		{"www.example", 80, "100.100.100.200", ""}, {"intranet.example", 80, "0.0.0.0", PrivateAddress}, {"intranet.example", 80, "224.0.0.1", PrivateAddress},
		{"intranet.example", 33333, "127.0.0.1", ProxyItself}, {"intranet.example", 33333, "::1", ProxyItself}, {"intranet.example", 33333, "10.0.0.1", ""},
		{"update.googleapis.com", 443, "1.1.1.1", BrowserOwnCall}, {"clients2.google.com", 443, "1.1.1.1", ""}, {"clients4.google.com", 443, "1.1.1.1", BrowserOwnCall},
		{"r1---sn-abc.gvt1.com", 80, "1.1.1.1", BrowserOwnCall}, {"edgedl.me.gvt1.com", 443, "1.1.1.1", BrowserOwnCall}, {"gvt1.com", 443, "1.1.1.1", ""},
		{"alt3-mtalk.google.com", 443, "1.1.1.1", BrowserOwnCall}, {"chromewebstore.googleapis.com", 443, "1.1.1.1", BrowserOwnCall},
		{"www.google.com", 443, "1.1.1.1", ""}, {"accounts.google.com", 443, "1.1.1.1", ""}, {"fonts.googleapis.com", 443, "1.1.1.1", ""},
	} {
		if got := judge(c.host, c.port, c.ip); got != c.want {
			t.Errorf("%s:%d at %s: %q, want %q", c.host, c.port, c.ip, got, c.want)
		}
	}
}

// TestPolicyKeepsToItself: a public address that is this machine's own is as private as loopback.
func TestPolicyKeepsToItself(t *testing.T) {
	p, err := newPolicy(nil, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	ip := netip.MustParseAddr("1.2.3.4")
	p.own[ip] = true
	if got := p.byAddress(target{host: "www.example", port: 80}, ip); got != PrivateAddress {
		t.Errorf("own public address: %q, want %q", got, PrivateAddress)
	}
	if !p.inside(ip) {
		t.Error("own public address is not inside")
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, c := range []struct {
		o     Options
		word  string
		never string
	}{
		{Options{Listen: "0.0.0.0:0"}, "password", "\x00"},
		{Options{Listen: ":0"}, "password", "\x00"},
		{Options{Listen: "nonsense"}, "host:port", "\x00"},
		{Options{Upstream: "socks5://user:hemligt@parent.example:1080"}, "http://", "hemligt"},
		{Options{Upstream: "http://user:hem ligt@parent.example"}, "percent-encoded", "hem ligt"},
		{Options{Upstream: "http://user:hemligt@/"}, "http://", "hemligt"},
		{Options{Deny: []string{"a/b"}}, "deny entry 1", "\x00"},
	} {
		_, err := Start(context.Background(), c.o)
		if err == nil || !strings.Contains(err.Error(), c.word) || strings.Contains(err.Error(), c.never) {
			t.Errorf("%+v: error %v, want one with %q and without the password", c.o.Listen+c.o.Upstream, err, c.word)
		}
	}
}

// TestChromeFlags: Chrome heeds only the last --disable-features, so there is one.
func TestChromeFlags(t *testing.T) {
	flags := strings.Join(ChromeFlags("10.0.0.1:3128", "Translate", "Other"), "\n")
	for _, want := range []string{"--proxy-server=http://10.0.0.1:3128\n", "--proxy-bypass-list=<-loopback>\n", ", EXCLUDE 10.0.0.1\n", ",Translate,Other"} {
		if !strings.Contains(flags+"\n", want) {
			t.Errorf("no %q in %s", want, flags)
		}
	}
	if strings.Count(flags, "--disable-features=") != 1 {
		t.Error("more than one --disable-features")
	}
}
