package egress

import (
	"net/netip"
	"testing"
)

func TestClassify(t *testing.T) {
	for want, list := range map[class][]string{
		public: {
			"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1", "172.15.255.255", "172.32.0.0",
			"192.0.1.1", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "::ffff:1.1.1.1",
			"2606:4700::1", "2a00:1450:400f::1", "2001:200::1", "2001:67c::1", "2003::1", "3ffe::1", "64:ff9b::101:101", "2606:4700::5efe:101:101",
		},
		private: {
			"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.1", "100.64.0.0", "100.127.255.255",
			"127.0.0.1", "127.255.255.255", "169.254.0.1", "192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "198.18.0.1",
			"198.19.255.255", "240.0.0.1", "255.255.255.254", "::1", "::2", "::ffff:10.0.0.1", "::ffff:7f00:1", "::7f00:1", "::ffff:0:7f00:1",
			"64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::101:101", "100::1", "2001::1", "2001:0:7f00:1::", "2001:2::1", "2001:10::1",
			"2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:101:101::", "3fff::1", "5f00::1", "4000::1", "fc00::1", "fd12::1", "fe80::1",
			"febf::1", "fec0::1", "2606:4700::5efe:a00:1", "2606:4700::200:5efe:7f00:1", "fe80::1%lo",
		},
		metadata: {
			"169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192",
			"fd00:ec2::254", "fe80::a9fe:a9fe", "fe80::a9fe:a9fe%eth0",
		},
		never: {"0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0", "224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1", "ff05::1:3", "64:ff9b::e000:1"},
	} {
		for _, s := range list {
			if got := classify(netip.MustParseAddr(s)); got != want {
				t.Errorf("classify(%s) = %d, want %d", s, got, want)
			}
		}
	}
	if got := classify(netip.Addr{}); got != never {
		t.Errorf("classify(no address) = %d, want never", got)
	}
}

func TestParseTarget(t *testing.T) {
	for authority, want := range map[string]string{
		"example.org": "example.org:80", "EXAMPLE.org.:8080": "example.org:8080", "xn--rsring-hua.se": "xn--rsring-hua.se:80",
		"under_score.example": "under_score.example:80", "10.0.0.1": "10.0.0.1:80", "127.0.0.1.:81": "127.0.0.1:81",
		"[::1]": "[::1]:80", "[0:0::1]:443": "[::1]:443", "1.example": "1.example:80", "0xg": "0xg:80", "a.0x1z": "a.0x1z:80",
	} {
		got, err := parseTarget(authority, 80)
		if err != nil || got.key() != want {
			t.Errorf("parseTarget(%q) = %s, %v, want %s", authority, got.key(), err, want)
		}
	}
	for _, authority := range []string{
		"", ".", "..", ":80", "a..b", ".a", "a:", "a:x", "a:65536", "a:-1", "a:+1", "a:0x50", "a b", "a/b", "a%00", "a@b", "a\\b", "å.se", "１.１.１.１",
		"127.1", "2130706433", "0x7f000001", "0x7f.1", "0x", "017700000001", "127.0.0.01", "1.2.3.4.5", "256.1.1.1", "a.1", "::1", "[::1", "::1]",
		"[127.0.0.1]", "[fe80::1%25lo]", "[fe80::1%lo]", "[example.org]", "[]",
	} {
		if got, err := parseTarget(authority, 80); err == nil {
			t.Errorf("parseTarget(%q) = %s, want an error", authority, got.key())
		}
	}
	if _, err := parseTarget("example.org", 0); err == nil {
		t.Error("a missing port must be an error where one must be written")
	}
}
