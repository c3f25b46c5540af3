package egress

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// stagger is how long one address is tried before the next one is tried beside it (RFC 8305 section 5).
const stagger = 250 * time.Millisecond

// denial is why a target is not reached: a refusal by policy or a failure of the network.
type denial struct {
	code    string
	address string
	cause   string
	refused bool
}

func (d *denial) Error() string {
	s := "egress: " + d.code
	if d.address != "" {
		s += " " + d.address
	}
	if d.cause != "" {
		s += ": " + d.cause
	}
	return s
}

// route is a target with the addresses that may be dialled. Without addresses the parent proxy finds the way.
type route struct {
	target
	addrs  []netip.Addr
	parent bool
}

// admit judges a target: its name, then the pinned answer, address by address. Private addresses beside public ones are left out rather than
// the host refused: the promise is that none is ever dialled, and networks with two views of the same name answer so for honest sites.
func (p *Proxy) admit(ctx context.Context, method string, t target) (route, *denial) {
	r := route{target: t}
	if p.over.Load() {
		return r, &denial{code: LimitReached, refused: true}
	}
	if code := p.policy.byName(t); code != "" {
		return r, &denial{code: code, refused: true}
	}
	addrs, err := p.pins.lookup(ctx, t)
	if err != nil {
		return p.unresolved(r, err)
	}
	var first *denial
	for _, ip := range addrs {
		if code := p.policy.byAddress(t, ip); code == "" {
			r.addrs = append(r.addrs, ip)
		} else if first == nil {
			first = &denial{code: code, address: ip.String(), refused: true}
		}
	}
	if len(r.addrs) == 0 {
		return r, first
	}
	if first != nil && !isLocalName(t.host) {
		p.ledger.refuse(method, t, AddressDropped, first.address)
	}
	r.parent = p.upstream != nil && !p.policy.inside(r.addrs[0])
	return r, nil
}

// unresolved decides about a name that we cannot look up: behind a parent proxy that may be the network's habit.
func (p *Proxy) unresolved(r route, err error) (route, *denial) {
	code := lookupCode(err)
	if code == LimitReached {
		return r, &denial{code: code, refused: true}
	}
	if p.upstream == nil {
		return r, &denial{code: code, cause: lookupCause(err)}
	}
	named := p.policy.allow.host(r.target)
	if isInsideName(r.host) && !named {
		return r, &denial{code: PrivateAddress, refused: true}
	}
	if !webPorts[r.port] && !named && !p.policy.allow.anyHost(r.port) {
		return r, &denial{code: PortRefused, refused: true}
	}
	r.parent = true
	return r, nil
}

// lookupCause keeps the resolver's own words without the name, which stands beside already.
func lookupCause(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.Err
	}
	return err.Error()
}

// connect opens a connection for the route, directly or as a tunnel through the parent proxy.
func (p *Proxy) connect(ctx context.Context, r route) (*net.TCPConn, []byte, *denial) {
	if r.parent {
		return p.connectParent(ctx, r.target)
	}
	c, d := p.dial(ctx, r)
	return c, nil, d
}

// dial opens a connection to the first of the route's addresses that answers, the one used before tried first.
// The connection is in the proxy's set; its owner removes and closes it.
func (p *Proxy) dial(ctx context.Context, r route) (*net.TCPConn, *denial) {
	ctx, cancel := context.WithTimeout(ctx, p.o.DialTimeout)
	defer cancel()
	defer context.AfterFunc(p.ctx, cancel)()
	c, ip, d := p.race(ctx, r)
	if d != nil {
		return nil, d
	}
	if !p.conns.add(c, serverSide) {
		_ = c.Close()
		return nil, &denial{code: Broken, cause: "the proxy is closed"}
	}
	p.ledger.connected()
	p.ledger.reached(r.target, ip, false)
	return c, nil
}

type dialled struct {
	c   *net.TCPConn
	ip  netip.Addr
	err error
}

// race tries the addresses one after the other, each beside those still trying.
func (p *Proxy) race(ctx context.Context, r route) (*net.TCPConn, netip.Addr, *denial) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	addrs := p.order(r)
	results := make(chan dialled, len(addrs))
	next, running := 0, 0
	start := func() {
		ip := addrs[next]
		next++
		running++
		p.wg.Go(func() { results <- p.dialOne(ctx, r.target, ip) })
	}
	start()
	timer := time.NewTimer(stagger)
	defer timer.Stop()
	var worst *denial
	for running > 0 {
		select {
		case <-timer.C:
			if next < len(addrs) {
				start()
				timer.Reset(stagger)
			}
		case d := <-results:
			running--
			if d.err == nil {
				p.wg.Go(func() { closeLate(results, running) })
				return d.c, d.ip, nil
			}
			worst = moreTelling(worst, &denial{code: dialCode(d.err), address: d.ip.String(), cause: dialCause(d.err)})
			if next < len(addrs) && ctx.Err() == nil {
				start()
				timer.Reset(stagger)
			}
		}
	}
	return nil, netip.Addr{}, worst
}

// closeLate closes the connections that lost the race.
func closeLate(results <-chan dialled, n int) {
	for range n {
		if d := <-results; d.c != nil {
			_ = d.c.Close()
		}
	}
}

// order puts the address that was reached before first.
func (p *Proxy) order(r route) []netip.Addr {
	known, ok := p.ledger.peer(r.key())
	if !ok || known.Upstream {
		return r.addrs
	}
	out := []netip.Addr{known.IP}
	for _, ip := range r.addrs {
		if ip != known.IP {
			out = append(out, ip)
		}
	}
	return out
}

func (p *Proxy) dialOne(ctx context.Context, t target, ip netip.Addr) dialled {
	d := net.Dialer{
		// The last word before connect(2): whatever led here, an address that is not permitted is not dialled.
		Control: func(_, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil {
				return err
			}
			if code := p.policy.byAddress(t, ap.Addr()); code != "" || int(ap.Port()) != t.port {
				return fmt.Errorf("address %s is not permitted: %s", address, code)
			}
			return nil
		},
	}
	c, err := d.DialContext(ctx, "tcp", netip.AddrPortFrom(ip, uint16(t.port)).String())
	if err != nil {
		return dialled{ip: ip, err: err}
	}
	return dialled{c: c.(*net.TCPConn), ip: ip}
}

// dialCode names why a connection failed.
func dialCode(err error) string {
	var ne net.Error
	switch {
	case errors.Is(err, errIdle), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT):
		return ConnTimeout
	case errors.As(err, &ne) && ne.Timeout():
		return ConnTimeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return ConnRefused
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL),
		errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EAFNOSUPPORT):
		return Unreachable
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return ConnReset
	}
	return Broken
}

func dialCause(err error) string {
	var sys syscall.Errno
	if errors.As(err, &sys) {
		return sys.Error()
	}
	return err.Error()
}

// moreTelling prefers what a server said to what a missing route says: a machine without IPv6 finds every IPv6 address unreachable.
func moreTelling(a, b *denial) *denial {
	if a == nil || a.code == Unreachable {
		return b
	}
	return a
}
