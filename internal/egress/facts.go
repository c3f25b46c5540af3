package egress

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The codes of refusals (Refusal.Reason, header X-Arsring-Refused) and of failures (Failure.Code, header X-Arsring-Failed).
// A refusal is recorded as the host's failure too.
const (
	// Refusals: the proxy would not.
	PrivateAddress = "private-address"  // no address of the host is public or allowed
	AddressDropped = "address-dropped"  // a private address stood beside public ones and was left out; the host itself was served
	PortRefused    = "port"             // neither a usual web port nor one that is allowed
	BrowserOwnCall = "browser-own-call" // a host that only the browser itself calls
	Denied         = "denied"           // named in Options.Deny
	LimitReached   = "limit"            // MaxBytes, MaxRequests or the number of hosts
	ProxyItself    = "proxy-itself"     // the target is this proxy
	BadRequest     = "bad-request"      // not a proxy request: origin-form, https in absolute-form, malformed
	BadHost        = "bad-host"         // no host name or address in its usual spelling

	// Failures: the network could not.
	DNSFailed           = "dns"                  // the name does not resolve
	DNSTimeout          = "dns-timeout"          // the resolver did not answer in time
	ConnRefused         = "refused"              // connection refused
	ConnTimeout         = "timeout"              // no connection, or nothing moved for IdleTimeout
	Unreachable         = "unreachable"          // no route to the host or network
	ConnReset           = "reset"                // the server broke the connection before it answered
	NoAnswer            = "no-answer"            // the server closed the connection before its answer, or the end of it, came
	NotHTTP             = "protocol"             // the answer was not HTTP, or its headers were too large
	UpstreamUnreachable = "upstream-unreachable" // the parent proxy cannot be reached
	UpstreamAuth        = "upstream-auth"        // the parent proxy wants other credentials
	UpstreamRefused     = "upstream-refused"     // the parent proxy would not connect
	Broken              = "broken"               // anything else; see Failure.Cause
)

// Peer is the address at which a host was really reached.
type Peer struct {
	IP       netip.Addr `json:"ip"` // the zero Addr when a parent proxy made the connection
	Port     int        `json:"port"`
	Upstream bool       `json:"upstream,omitempty"` // reached through the parent proxy
	At       time.Time  `json:"at"`                 // of the first connection
}

// Refusal is one kind of request that was refused, with how often. It never holds a path or a query.
type Refusal struct {
	Host    string    `json:"host"`
	Port    int       `json:"port"`
	Method  string    `json:"method"`
	Reason  string    `json:"reason"`            // one of the refusal codes
	Address string    `json:"address,omitempty"` // the address that was judged, when it came so far
	N       int       `json:"n"`
	At      time.Time `json:"at"` // of the first
}

// Failure is why the last connection to a host failed.
type Failure struct {
	Code    string    `json:"code"`
	Address string    `json:"address,omitempty"`
	Cause   string    `json:"cause,omitempty"` // for the log; names addresses at most
	At      time.Time `json:"at"`
}

// Stats are a proxy's counters. Bytes are those that passed the servers' side; answers of the proxy itself are not counted.
type Stats struct {
	BytesIn     int64 // from servers
	BytesOut    int64 // to servers
	Requests    int64 // tunnels and plain requests asked for, refused ones included
	Connections int64 // made to servers
	Refused     int64 // requests refused
	Failed      int64 // requests that failed
	Open        int64 // connections open now, browser's and servers'
	Dropped     int64 // kinds of refusals that no longer fitted into Refused()
}

// The bounds of what is remembered: a hostile page can name hosts without end.
const (
	maxRefusals = 500
	maxHosts    = 10_000
)

type refusalKey struct {
	host, method, reason, address string
	port                          int
}

// ledger keeps the facts of one proxy.
type ledger struct {
	now func() time.Time

	mu       sync.Mutex
	peers    map[string]Peer
	failures map[string]Failure
	refusals []Refusal
	index    map[refusalKey]int
	stats    Stats
}

func newLedger(now func() time.Time) *ledger {
	return &ledger{now: now, peers: map[string]Peer{}, failures: map[string]Failure{}, index: map[refusalKey]int{}}
}

func (l *ledger) refuse(method string, t target, reason, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if reason != AddressDropped {
		l.stats.Refused++
		l.fail(t.key(), Failure{Code: reason, Address: address, At: l.now()})
	}
	k := refusalKey{t.host, method, reason, address, t.port}
	if i, ok := l.index[k]; ok {
		l.refusals[i].N++
		return
	}
	if len(l.refusals) >= maxRefusals {
		l.stats.Dropped++
		return
	}
	l.index[k] = len(l.refusals)
	l.refusals = append(l.refusals, Refusal{Host: t.host, Port: t.port, Method: method, Reason: reason, Address: address, N: 1, At: l.now()})
}

func (l *ledger) failed(t target, code, address, cause string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats.Failed++
	l.fail(t.key(), Failure{Code: code, Address: address, Cause: cause, At: l.now()})
}

// fail is called with the lock held.
func (l *ledger) fail(key string, f Failure) {
	if _, known := l.failures[key]; !known && len(l.failures) >= maxHosts {
		return
	}
	l.failures[key] = f
}

// connected counts a connection to a server or to the parent proxy.
func (l *ledger) connected() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats.Connections++
}

// reached notes where a target was reached, without an address when a parent proxy did it.
func (l *ledger) reached(t target, ip netip.Addr, upstream bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.failures, t.key())
	if _, known := l.peers[t.key()]; known || len(l.peers) >= maxHosts {
		return
	}
	l.peers[t.key()] = Peer{IP: ip, Port: t.port, Upstream: upstream, At: l.now()}
}

// answered forgets why the target failed before, since it answers now.
func (l *ledger) answered(rt route) {
	if rt.parent {
		l.reached(rt.target, netip.Addr{}, true)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.failures, rt.key())
}

func (l *ledger) peer(key string) (Peer, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.peers[key]
	return p, ok
}

// normalKey brings what a caller writes as host:port into the ledger's spelling.
func normalKey(hostport string) string {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return strings.ToLower(hostport)
	}
	n, _ := strconv.Atoi(port)
	return target{host: normalHost(host), port: n}.key()
}

// Peer gives the pinned address that was really connected to for a "host:port", and false when there was no connection.
func (p *Proxy) Peer(hostport string) (Peer, bool) { return p.ledger.peer(normalKey(hostport)) }

// Failure says why the last connection to a "host:port" failed or was refused, and false when it did not.
func (p *Proxy) Failure(hostport string) (Failure, bool) {
	p.ledger.mu.Lock()
	defer p.ledger.mu.Unlock()
	f, ok := p.ledger.failures[normalKey(hostport)]
	return f, ok
}

// Refused lists what was refused, each kind once with its count, in the order in which they first came; at most 500 kinds.
func (p *Proxy) Refused() []Refusal {
	p.ledger.mu.Lock()
	defer p.ledger.mu.Unlock()
	return append([]Refusal(nil), p.ledger.refusals...)
}

// Stats gives the counters as they stand now.
func (p *Proxy) Stats() Stats {
	p.ledger.mu.Lock()
	s := p.ledger.stats
	p.ledger.mu.Unlock()
	s.BytesIn, s.BytesOut = p.meter.in.Load(), p.meter.out.Load()
	s.Requests = p.requests.Load()
	s.Open = int64(p.conns.len())
	return s
}
