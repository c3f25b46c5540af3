package egress

import (
	"net"
	"net/netip"
)

// policy says which targets and which of their addresses may be reached. It is read-only once made.
type policy struct {
	allow, deny rules
	own         map[netip.Addr]bool // the addresses of this machine, public ones included
	port        int                 // the proxy's own
}

// webPorts are the ports that every public host may be reached on.
var webPorts = map[int]bool{80: true, 443: true, 8080: true, 8443: true}

func newPolicy(allow, deny []string, port int) (policy, error) {
	p := policy{own: map[netip.Addr]bool{}, port: port}
	var err error
	if p.allow, err = parseRules("allow", allow); err != nil {
		return p, err
	}
	if p.deny, err = parseRules("deny", deny); err != nil {
		return p, err
	}
	// A service that trusts "this machine" trusts its public address too, and no firewall stands between.
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return p, err
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				p.own[ip.Unmap()] = true
			}
		}
	}
	return p, nil
}

// byName judges what can be judged before the name is resolved; "" means go on.
func (p policy) byName(t target) string {
	switch {
	case p.deny.host(t):
		return Denied
	case p.allow.host(t):
		return ""
	case isBrowserOwn(t.host):
		return BrowserOwnCall
	case t.ip.IsValid() || webPorts[t.port] || p.allow.anyHost(t.port) || p.allow.anyAddr(t.port):
		return ""
	}
	return PortRefused
}

// byAddress judges one address that the target resolved to; "" means that it may be dialled.
func (p policy) byAddress(t target, ip netip.Addr) string {
	ip = ip.Unmap()
	c := classify(ip)
	named := p.allow.host(t) || p.allow.addr(ip, t.port)
	switch {
	case p.deny.addr(ip, t.port):
		return Denied
	case t.port == p.port && (ip.IsLoopback() || p.own[ip]):
		return ProxyItself
	case c == never, c == metadata && !p.allow.exact(ip, t.port):
		return PrivateAddress
	case (c == private || p.own[ip]) && !named:
		return PrivateAddress
	case c == public && !named && !webPorts[t.port] && !p.allow.anyHost(t.port):
		return PortRefused
	}
	return ""
}

// inside tells whether the address belongs to a network of one's own: such hosts are reached directly, not through a parent proxy.
func (p policy) inside(ip netip.Addr) bool {
	return classify(ip) != public || p.own[ip.Unmap()]
}
