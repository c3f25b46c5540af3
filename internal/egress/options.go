package egress

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"time"
)

// Resolver turns a host name into addresses. net.DefaultResolver is one. It is asked at most once for each host whose
// lookup succeeds; it may be called from several goroutines.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Options say what a proxy permits. The zero value is a safe proxy on a random loopback port.
type Options struct {
	// Allow names what may be private, or reached on an unusual port: "intranet.example", "*.intranet.example",
	// "host:port", "10.1.2.3", "10.0.0.0/8", "[fd00::1]:8080", "10.0.0.0/8:8080" and ":8008" (a port of every
	// public host). Without a port an entry permits every port. A host of the browser's maker named here is let through.
	Allow []string
	// Deny names, in the same spelling, what is never reached even when it is public or allowed.
	Deny []string
	// Resolver looks names up; nil is net.DefaultResolver.
	Resolver Resolver
	// DialTimeout bounds one lookup and, apart from it, one connection; 0 is 15 seconds.
	DialTimeout time.Duration
	// IdleTimeout ends a connection on which nothing moves in either direction; 0 is two minutes.
	IdleTimeout time.Duration
	// MaxBytes bounds what passes in both directions over the proxy's whole life; 0 is no bound.
	MaxBytes int64
	// MaxRequests bounds the tunnels and plain requests over the proxy's whole life; 0 is no bound.
	MaxRequests int
	// Upstream is a parent proxy, "http://user:password@host:port", for networks without another way out.
	// A name is still resolved and judged here when it can be; the parent resolves it again, so the last word on the address is the parent's.
	// Hosts whose judged address is private and allowed are reached directly.
	Upstream string
	// Listen is the address to listen on, host:port, or host:from-to for the first free one of several ports; empty is "127.0.0.1:0". Anything but loopback
	// needs a Password.
	Listen string
	// User and Password are asked of every client (Basic, RFC 7617) when Password is set: for browsers on other machines.
	User, Password string
	// Now is the clock of the facts; nil is time.Now.
	Now func() time.Time
}

// withDefaults fills the empty fields.
func (o Options) withDefaults() Options {
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.DialTimeout <= 0 {
		o.DialTimeout = 15 * time.Second
	}
	if o.IdleTimeout <= 0 {
		o.IdleTimeout = 2 * time.Minute
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// checkListen refuses an open proxy: whoever reaches it could use what Allow permits.
func (o Options) checkListen() error {
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return fmt.Errorf("egress: listen address %q: want host:port: %w", o.Listen, err)
	}
	ip, err := netip.ParseAddr(host)
	if host == "localhost" || err == nil && ip.IsLoopback() || o.Password != "" {
		return nil
	}
	return fmt.Errorf("egress: listen address %q is not loopback: set a user and a password, or listen on 127.0.0.1:0", o.Listen)
}

// parseUpstream reads the parent proxy's URL. Its errors never repeat the text, which may hold a password.
func parseUpstream(s string) (*url.URL, error) {
	if s == "" {
		return nil, nil
	}
	u, err := url.Parse(s)
	if err != nil {
		return nil, errors.New("egress: upstream is no URL: write http://user:password@host:port, special characters percent-encoded")
	}
	if u.Scheme != "http" || u.Hostname() == "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "" {
		return nil, fmt.Errorf("egress: upstream %q: write http://user:password@host:port", u.Redacted())
	}
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), "3128")
	}
	u.Path = ""
	return u, nil
}
