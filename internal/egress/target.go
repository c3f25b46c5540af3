package egress

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// target is where a request wants to go: a host in its normal spelling and a port.
type target struct {
	host string
	port int
	ip   netip.Addr // set when the host is an address
}

func (t target) key() string { return net.JoinHostPort(t.host, strconv.Itoa(t.port)) }

var errHost = errors.New("no host name or address in its usual spelling")

// unknown stands for a target that could not be read: what a hostile page wrote there is not worth keeping.
var unknown = target{host: "(unreadable)"}

// parseTarget reads "host", "host:port" or "[address]:port"; port is the default where none is written, 0 means that one must be.
func parseTarget(authority string, port int) (target, error) {
	host := authority
	if i := strings.LastIndexByte(authority, ':'); i >= 0 && !strings.HasSuffix(authority, "]") {
		host = authority[:i]
		n, err := strconv.ParseUint(authority[i+1:], 10, 16)
		if err != nil {
			return unknown, errHost
		}
		port = int(n)
	}
	if port == 0 {
		return unknown, errHost
	}
	bracketed := strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]")
	if bracketed {
		host = host[1 : len(host)-1]
	}
	host = normalHost(host)
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Zone() != "" || ip.Is4() == bracketed {
			return unknown, errHost
		}
		return target{host: ip.String(), port: port, ip: ip.Unmap()}, nil
	}
	if bracketed || !validName(host) {
		return unknown, errHost
	}
	return target{host: host, port: port}, nil
}

// normalHost lowers the case and drops the root's dot.
func normalHost(host string) string {
	host = strings.ToLower(host)
	if len(host) > 1 {
		host = strings.TrimSuffix(host, ".")
	}
	return host
}

// validName tells whether a resolver may be asked for the name. A name that ends in a number is an address in an odd spelling
// (WHATWG URL, "ends in a number"): system resolvers read 127.1, 2130706433 and 0x7f000001 as loopback, so none of them is passed on.
func validName(host string) bool {
	if host == "" || len(host) > 253 {
		return false
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.IndexFunc(label, notNameRune) >= 0 {
			return false
		}
	}
	last := labels[len(labels)-1]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") != ""
	}
	return strings.Trim(last, "0123456789") != ""
}

func notNameRune(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
}

// isLocalName tells the names that mean this machine whatever a resolver says (RFC 6761 section 6.3).
func isLocalName(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// isInsideName tells names that only a network of one's own can mean: single labels and the special-use suffixes
// (RFC 6762, RFC 8375, RFC 9476 and ICANN's .internal). They matter when a parent proxy resolves instead of us.
func isInsideName(host string) bool {
	if !strings.Contains(host, ".") || isLocalName(host) {
		return true
	}
	for _, suffix := range []string{".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".private", ".home.arpa", ".localdomain", ".alt"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return false
}
