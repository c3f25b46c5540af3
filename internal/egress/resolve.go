package egress

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

// maxAddresses is how many addresses of one answer are looked at.
const maxAddresses = 16

// retryLookup is how long a failed lookup stands before the name is asked for again. An answer stands for ever.
const retryLookup = 5 * time.Second

var errTooManyHosts = errors.New("too many different hosts")

// pin is one host's answer: the first one that came, for the life of the proxy.
type pin struct {
	done  chan struct{} // closed when the rest is set
	addrs []netip.Addr
	err   error
	until time.Time // when a failure may be tried again
}

// pins resolve each host once. Later answers are never asked for, so a name cannot move to another address
// between the judgement and the connection, nor between two connections.
type pins struct {
	ctx      context.Context // of the proxy: one impatient request must not spoil the lookup for the others
	resolver Resolver
	timeout  time.Duration

	mu sync.Mutex
	m  map[string]*pin
}

func (ps *pins) lookup(ctx context.Context, t target) ([]netip.Addr, error) {
	if t.ip.IsValid() {
		return []netip.Addr{t.ip}, nil
	}
	if isLocalName(t.host) {
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}, nil
	}
	e := ps.entry(t.host)
	if e == nil {
		return nil, errTooManyHosts
	}
	select {
	case <-e.done:
		return e.addrs, e.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// entry finds the host's pin or begins to make one; nil when there are too many.
func (ps *pins) entry(host string) *pin {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	old := ps.m[host]
	if old != nil {
		select {
		case <-old.done:
			if old.err == nil || time.Now().Before(old.until) {
				return old
			}
		default:
			return old
		}
	} else if len(ps.m) >= maxHosts {
		return nil
	}
	e := &pin{done: make(chan struct{})}
	ps.m[host] = e
	go ps.resolve(host, e)
	return e
}

// resolve does not trust the resolver to honour its context.
func (ps *pins) resolve(host string, e *pin) {
	defer close(e.done)
	ctx, cancel := context.WithTimeout(ps.ctx, ps.timeout)
	defer cancel()
	type answer struct {
		addrs []netip.Addr
		err   error
	}
	ch := make(chan answer, 1)
	go func() {
		addrs, err := ps.resolver.LookupNetIP(ctx, "ip", host)
		ch <- answer{addrs, err}
	}()
	var a answer
	select {
	case a = <-ch:
	case <-ctx.Done():
		a.err = ctx.Err()
	}
	seen := map[netip.Addr]bool{}
	for _, ip := range a.addrs {
		if ip = ip.Unmap(); ip.IsValid() && !seen[ip] && len(e.addrs) < maxAddresses && a.err == nil {
			seen[ip] = true
			e.addrs = append(e.addrs, ip)
		}
	}
	if e.err = a.err; e.err == nil && len(e.addrs) == 0 {
		e.err = &net.DNSError{Err: "no addresses", Name: host, IsNotFound: true}
	}
	e.until = time.Now().Add(retryLookup)
}

// lookupCode names why a lookup failed.
func lookupCode(err error) string {
	var dns *net.DNSError
	switch {
	case errors.Is(err, errTooManyHosts):
		return LimitReached
	case errors.As(err, &dns) && dns.IsTimeout, errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return DNSTimeout
	}
	return DNSFailed
}
