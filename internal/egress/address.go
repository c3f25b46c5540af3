package egress

import "net/netip"

// class is what kind of place an address is.
type class int

const (
	public   class = iota
	private        // inside some network: reachable only when allowed
	metadata       // a cloud's machine metadata: reachable only when that very address is allowed
	never          // no host can be there: unspecified, multicast, broadcast
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// The address blocks that are no place on the public internet (IANA special-purpose registries, RFC 6890 and its successors).
var (
	neverBlocks = prefixes(
		"0.0.0.0/8",          // this network, RFC 791
		"224.0.0.0/4",        // multicast, RFC 5771
		"255.255.255.255/32", // limited broadcast, RFC 8190
		"::/128",             // unspecified, RFC 4291
		"ff00::/8",           // multicast, RFC 4291
	)
	metadataBlocks = prefixes(
		"169.254.169.254/32",     // most clouds
		"169.254.170.2/32",       // container credentials
		"169.254.170.23/32",      // container credentials
		"100.100.100.200/32",     // inside shared address space
		"168.63.129.16/32",       // a public address that a cloud answers for itself
		"192.0.0.192/32",         // inside the protocol assignments
		"fd00:ec2::254/128",      // the IPv6 form
		"fd00:ec2::23/128",       // container credentials
		"fd20:ce::254/128",       // the IPv6 form of another cloud
		"fd00:42::42/128",        // the IPv6 form of a third
		"fe80::a9fe:a9fe/128",    // link-local spelling of 169.254.169.254
		"fd00:a9fe:a9fe::1/128",  // ULA spelling
		"fd00:c1::a9fe:a9fe/128", // ULA spelling
	)
	privateBlocks = prefixes(
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // RFC 1918
		"100.64.0.0/10",                                     // carrier-grade NAT, RFC 6598
		"127.0.0.0/8",                                       // loopback, RFC 1122
		"169.254.0.0/16",                                    // link-local, RFC 3927
		"192.0.0.0/24",                                      // protocol assignments, RFC 6890
		"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation, RFC 5737
		"192.88.99.0/24", // 6to4 relays, deprecated by RFC 7526
		"198.18.0.0/15",  // benchmarking, RFC 2544
		"240.0.0.0/4",    // reserved, RFC 1112
	)
	// Of IPv6 only the global unicast block is in use (RFC 4291); these parts of it are no ordinary hosts.
	global6  = netip.MustParsePrefix("2000::/3")
	private6 = prefixes(
		"2001::/23",     // protocol assignments, RFC 2928: Teredo, benchmarking, ORCHID and others
		"2001:db8::/32", // documentation, RFC 3849
		"2002::/16",     // 6to4, RFC 3056: an IPv4 address inside, deprecated by RFC 7526
		"3fff::/20",     // documentation, RFC 9637
	)
	nat64 = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: the IPv4 address in the last 32 bits
)

// classify says what kind of place an address is. An IPv4 address embedded in an IPv6 one is judged as itself where networks
// translate it today (IPv4-mapped, NAT64, ISATAP); the deprecated ways of embedding (6to4, Teredo, IPv4-compatible, IPv4-translated,
// local NAT64 prefixes) are private whatever they hold, since no public site lives there.
func classify(ip netip.Addr) class {
	ip = ip.Unmap().WithZone("")
	switch {
	case !ip.IsValid() || within(ip, neverBlocks):
		return never
	case within(ip, metadataBlocks):
		return metadata
	case ip.Is4():
		if within(ip, privateBlocks) {
			return private
		}
		return public
	case nat64.Contains(ip):
		return classify(lastIPv4(ip))
	case !global6.Contains(ip) || within(ip, private6):
		return private
	case isISATAP(ip):
		return classify(lastIPv4(ip))
	}
	return public
}

func within(ip netip.Addr, blocks []netip.Prefix) bool {
	for _, b := range blocks {
		if b.Contains(ip) {
			return true
		}
	}
	return false
}

func lastIPv4(ip netip.Addr) netip.Addr {
	b := ip.As16()
	return netip.AddrFrom4([4]byte(b[12:16]))
}

// isISATAP tells an interface identifier that holds an IPv4 address (RFC 5214 section 6.1).
func isISATAP(ip netip.Addr) bool {
	b := ip.As16()
	return (b[8] == 0x00 || b[8] == 0x02) && b[9] == 0x00 && b[10] == 0x5e && b[11] == 0xfe
}
