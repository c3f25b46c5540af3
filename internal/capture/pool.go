package capture

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"
)

// PoolOptions say which browsers on other machines there are. Zero values take the documented defaults.
type PoolOptions struct {
	// Addresses are where the browsers' remote debugging is reached: ws://, wss://, http:// or https://.
	Addresses []string
	// Each is how many captures one browser may have open at once, of all daemons that use it together; default 2.
	Each int
	// Unfit judges the command line that a browser says it was started with: the sentence says what is wrong with it, empty: nothing. Nil: all are fit.
	Unfit func(commandLine string) string
	// Aside is how long an address that failed is left alone, doubled with every further failure up to 16 times; default 15 s.
	Aside time.Duration
	// Dial bounds the way from a free address to an open tab; default 20 s.
	Dial time.Duration
	// Wait bounds the wait for a free browser; default 10 min.
	Wait time.Duration
	Now  func() time.Time
}

// ProxyWay is how a browser on another machine reaches the capture's own proxy, its only way out.
type ProxyWay struct {
	Server         string      // host:port, as that browser sees it
	User, Password string      // what the proxy asks for
	Greeting       string      // http address that the proxy answers itself
	Greeted        func() bool // whether it has
}

// Pool is a number of browsers on other machines. Its methods may be called from several goroutines.
type Pool struct {
	o PoolOptions

	mu     sync.Mutex
	places []*seat
	freed  chan struct{} // closed when a browser may have become free
}

// seat is one address of the pool.
type seat struct {
	address string
	busy    int       // captures of this process
	full    time.Time // others have all its room: not asked before
	fails   int
	err     error // why it was put aside; nil: it was not
	at      time.Time
	next    time.Time // not tried before
	taken   int
	version string
	fit     string // the instance whose command line was looked at and will do
	bare    bool   // it runs without its sandbox
}

// RemoteState is how one browser of a pool stands.
type RemoteState struct {
	Address string    // without credentials
	Version string    // empty until it was first reached
	Busy    int       // captures that this process has open in it
	Taken   int       // captures so far
	Full    bool      // others had all its room when it was last asked
	Bare    bool      // it runs without its sandbox
	Err     error     // why it was put aside; nil: it is in use, or was not tried yet
	At      time.Time // when it was put aside, or last reached; zero: never tried
	Next    time.Time // when an address put aside is tried again
}

// NewPool makes a pool; nothing is connected before a browser is needed.
func NewPool(o PoolOptions) *Pool {
	if o.Each <= 0 {
		o.Each = 2
	}
	for d, v := range map[*time.Duration]time.Duration{&o.Aside: 15 * time.Second, &o.Dial: 20 * time.Second, &o.Wait: 10 * time.Minute} {
		if *d <= 0 {
			*d = v
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	p := &Pool{o: o, freed: make(chan struct{})}
	for _, a := range o.Addresses {
		p.places = append(p.places, &seat{address: a})
	}
	return p
}

// NoRemoteError says that no browser of the pool can be used, and why not.
type NoRemoteError struct {
	Causes []error
	Busy   bool      // they are well, but were taken all the time
	Next   time.Time // when the first of them is tried again
}

// Error names every address with its reason.
func (e *NoRemoteError) Error() string {
	return fmt.Sprintf("no remote Chrome can be used: %v; see capture.remote", errors.Join(e.Causes...))
}

// Unwrap gives the reasons.
func (e *NoRemoteError) Unwrap() []error { return e.Causes }

// RemoteError is why one browser of a pool cannot be used, or went away.
type RemoteError struct {
	Address string // without credentials
	During  bool   // it went away under a capture
	Cause   error
}

// Error names the address.
func (e *RemoteError) Error() string {
	if e.During {
		return fmt.Sprintf("the remote Chrome at %s went away during the capture: %v", e.Address, e.Cause)
	}
	return fmt.Sprintf("remote Chrome at %s: %v", e.Address, e.Cause)
}

// Unwrap gives the cause.
func (e *RemoteError) Unwrap() error { return e.Cause }

// errFull says that a browser has no room: others have it.
var errFull = errors.New("all its places are taken")

// States tells how every browser stands, in the order of the addresses.
func (p *Pool) States() []RemoteState {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]RemoteState, len(p.places))
	for i, l := range p.places {
		out[i] = RemoteState{Address: shownAddress(l.address), Version: l.version, Busy: l.busy, Taken: l.taken, Full: p.o.Now().Before(l.full), Bare: l.bare, Err: l.err, At: l.at, Next: l.next}
	}
	return out
}

// Launch opens a tab in the least busy browser of the pool, in a browser context that is its own and goes with it. It waits while all are taken. The
// error is a *NoRemoteError where none can be used.
func (p *Pool) Launch(ctx context.Context, o Options, way ProxyWay) (*Browser, error) {
	wait := time.NewTimer(p.o.Wait)
	defer wait.Stop()
	for {
		l, freed, soon, err := p.take()
		if err != nil {
			return nil, err
		}
		if l != nil {
			b, err := p.open(ctx, l, o, way)
			if err == nil {
				return b, nil
			}
			if ctx.Err() != nil {
				p.release(l)
				return nil, ctx.Err()
			}
			p.fail(l, err)
			continue
		}
		again := time.NewTimer(soon)
		select {
		case <-ctx.Done():
			again.Stop()
			return nil, ctx.Err()
		case <-wait.C:
			again.Stop()
			return nil, &NoRemoteError{Busy: true, Causes: []error{fmt.Errorf("all were taken for %s", p.o.Wait)}, Next: p.o.Now().Add(p.o.Aside)}
		case <-freed:
		case <-again.C:
		}
		again.Stop()
	}
}

// take gives a seat with room. Without one, it gives what to wait for; the error says that there is nothing to wait for.
func (p *Pool) take() (best *seat, freed chan struct{}, soon time.Duration, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.o.Now()
	none := &NoRemoteError{}
	soon = time.Second
	alive := false
	for _, l := range p.places {
		if l.err != nil && now.Before(l.next) {
			none.Causes = append(none.Causes, &RemoteError{Address: shownAddress(l.address), Cause: l.err})
			if none.Next.IsZero() || l.next.Before(none.Next) {
				none.Next = l.next
			}
			continue
		}
		alive = true
		if l.busy >= p.o.Each || now.Before(l.full) {
			continue
		}
		// One that failed before comes last: a capture must not wait for it while others are free.
		if best == nil || l.fails < best.fails || l.fails == best.fails && l.busy < best.busy {
			best = l
		}
	}
	if !alive {
		return nil, nil, 0, none
	}
	if best != nil {
		best.busy++
	}
	return best, p.freed, soon, nil
}

// fail gives a seat back that could not be opened.
func (p *Pool) fail(l *seat, err error) {
	if errors.Is(err, errFull) {
		p.mu.Lock()
		l.full = p.o.Now().Add(time.Second)
		p.mu.Unlock()
	} else {
		p.aside(l, err)
	}
	p.release(l)
}

// aside leaves an address alone for a while.
func (p *Pool) aside(l *seat, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.err, l.at, l.fit = err, p.o.Now(), ""
	l.next = l.at.Add(p.o.Aside << min(l.fails, 4))
	l.fails++
}

// reached notes that an address gave a tab.
func (p *Pool) reached(l *seat, version string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.err, l.fails, l.at, l.next, l.version = nil, 0, p.o.Now(), time.Time{}, version
	l.taken++
}

func (p *Pool) release(l *seat) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.busy--
	close(p.freed)
	p.freed = make(chan struct{})
}

// Try opens a tab at every address, whatever is known of it, and gives how each stands then; what it opens is gone when it returns. It calls way for
// each, because each wants a proxy of its own, and end when it is done with it.
func (p *Pool) Try(ctx context.Context, way func(context.Context) (Options, ProxyWay, func(), error)) ([]RemoteState, error) {
	for _, l := range p.places {
		o, w, end, err := way(ctx)
		if err != nil {
			return nil, err
		}
		p.mu.Lock()
		l.busy++
		l.fit = ""
		p.mu.Unlock()
		b, err := p.open(ctx, l, o, w)
		switch {
		case err != nil && ctx.Err() == nil:
			p.fail(l, err)
		case err != nil:
			p.release(l)
		default:
			_ = b.Close()
		}
		end()
		if ctx.Err() != nil {
			return p.States(), ctx.Err()
		}
	}
	return p.States(), nil
}

// shownAddress is an address without what may be secret in it.
func shownAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(no address)"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}

// RemoteFlags are the switches by which a browser on another machine shows pages as one of ours does. None of them concerns the network.
func RemoteFlags() []string {
	return []string{"--deny-permission-prompts", "--disable-notifications", "--mute-audio", "--disable-extensions", "--disable-default-apps", "--disable-breakpad",
		"--disable-dev-shm-usage", "--disable-gpu", "--disable-hang-monitor", "--disable-renderer-backgrounding", "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
		"--force-color-profile=srgb", "--font-render-hinting=none", "--export-tagged-pdf", "--autoplay-policy=user-gesture-required", "--password-store=basic"}
}
