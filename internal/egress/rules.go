package egress

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// rule is one entry of Options.Allow or Deny. Exactly one of name, suffix and network is set, or none for a bare port.
type rule struct {
	name    string
	suffix  string // ".example.org": every host below
	network netip.Prefix
	port    int // 0: every port
}

type rules []rule

// parseRules reads the entries; an error names the entry and says what may stand there.
func parseRules(what string, entries []string) (rules, error) {
	var out rules
	for i, entry := range entries {
		r, ok := parseRule(strings.ToLower(strings.TrimSpace(entry)))
		if !ok {
			return nil, fmt.Errorf("egress: %s entry %d, %q: write a host, *.host, an address, a network like 10.0.0.0/8, any of them with :port, or :port alone", what, i+1, entry)
		}
		out = append(out, r)
	}
	return out, nil
}

func parseRule(s string) (rule, bool) {
	place, port, ok := cutPort(s)
	if !ok {
		return rule{}, false
	}
	if place == "" {
		return rule{port: port}, port != 0
	}
	if strings.Contains(place, "/") {
		n, err := netip.ParsePrefix(place)
		if err != nil {
			return rule{}, false
		}
		if n.Addr().Is4In6() && n.Bits() >= 96 {
			n = netip.PrefixFrom(n.Addr().Unmap(), n.Bits()-96)
		}
		return rule{network: n.Masked(), port: port}, true
	}
	if ip, err := netip.ParseAddr(place); err == nil {
		ip = ip.Unmap()
		return rule{network: netip.PrefixFrom(ip, ip.BitLen()), port: port}, ip.Zone() == ""
	}
	if below, ok := strings.CutPrefix(place, "*."); ok {
		return rule{suffix: "." + normalHost(below), port: port}, validName(normalHost(below))
	}
	return rule{name: normalHost(place), port: port}, validName(normalHost(place))
}

// cutPort splits "place", "place:port", "[v6]:port", "v6", ":port" and "port".
func cutPort(s string) (place string, port int, ok bool) {
	if n, err := strconv.ParseUint(s, 10, 16); err == nil {
		return "", int(n), n > 0
	}
	var digits string
	switch {
	case strings.HasPrefix(s, "["):
		inside, rest, found := strings.Cut(s[1:], "]")
		if !found || inside == "" || (rest != "" && rest[0] != ':') {
			return "", 0, false
		}
		if rest == "" {
			return inside, 0, true
		}
		place, digits = inside, rest[1:]
	case strings.Count(s, ":") == 1:
		place, digits, _ = strings.Cut(s, ":")
	default:
		return s, 0, s != ""
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	return place, int(n), err == nil && n > 0
}

func (r rule) covers(port int) bool { return r.port == 0 || r.port == port }

// host tells whether the target's name is named.
func (rs rules) host(t target) bool {
	for _, r := range rs {
		if r.covers(t.port) && (r.name != "" && r.name == t.host || r.suffix != "" && strings.HasSuffix(t.host, r.suffix)) {
			return true
		}
	}
	return false
}

// addr tells whether the address lies in a network that is named.
func (rs rules) addr(ip netip.Addr, port int) bool {
	for _, r := range rs {
		if r.network.IsValid() && r.covers(port) && r.network.Contains(ip) {
			return true
		}
	}
	return false
}

// exact tells whether this very address is named, not only a network around it.
func (rs rules) exact(ip netip.Addr, port int) bool {
	for _, r := range rs {
		if r.network.IsSingleIP() && r.covers(port) && r.network.Addr() == ip {
			return true
		}
	}
	return false
}

// anyHost tells whether the port stands alone among the rules.
func (rs rules) anyHost(port int) bool {
	for _, r := range rs {
		if r.name == "" && r.suffix == "" && !r.network.IsValid() && r.port == port {
			return true
		}
	}
	return false
}

// anyAddr tells whether some network is named with this port or with every port: then the name must be resolved to know.
func (rs rules) anyAddr(port int) bool {
	for _, r := range rs {
		if r.network.IsValid() && r.covers(port) {
			return true
		}
	}
	return false
}
