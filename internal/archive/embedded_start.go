package archive

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

const (
	startWait  = 30 * time.Second // until a started store answers
	stopWait   = 15 * time.Second // until a store that was asked to stop is killed; it gives writes under way five seconds
	healthWait = 2 * time.Second
)

// Embedded is a running embedded store, our own child or one that somebody else started.
type Embedded struct {
	o EmbeddedOptions
	l layout

	mu     sync.Mutex // guards what follows, and that only one start runs at a time
	now    state
	keys   access
	child  *child // nil: somebody else's
	closed bool
	detach func() bool
}

// StartEmbedded gives the running store of the folder, and starts it as a child process when there is none.
// When the store goes away later, because its owner ended or it crashed, the next connection starts it again.
// The child ends with ctx, with Close, or when this process dies.
func StartEmbedded(ctx context.Context, o EmbeddedOptions) (*Embedded, error) {
	l, err := o.layout()
	if err != nil {
		return nil, err
	}
	if len(o.Command) == 0 {
		return nil, badInput("Kommandot som startar det inbyggda arkivlagret saknas.", "The command that starts the embedded archive store is missing.", nil)
	}
	o.Wait = orDefault(o.Wait, startWait)
	e := &Embedded{o: o, l: l}
	if err := e.ensure(ctx); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.detach = context.AfterFunc(ctx, func() { _ = e.Close() })
	return e, nil
}

// Options are what Open needs to use the store; the caller adds prefix, lock and clock.
func (e *Embedded) Options() Options {
	e.mu.Lock()
	defer e.mu.Unlock()
	bucket := e.o.Bucket
	if bucket == "" {
		bucket = defaultBucket
	}
	return Options{
		Endpoint: e.now.Endpoint, Region: embeddedRegion, Bucket: bucket, PathStyle: true,
		AccessKey: e.keys.AccessKey, SecretKey: e.keys.SecretKey, CAFile: e.l.caCert, dial: e.dial, local: e.l,
	}
}

// PID is the process that serves the folder, as last seen.
func (e *Embedded) PID() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now.PID
}

// Owned says whether the store is a child of this process.
func (e *Embedded) Owned() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.child != nil && !e.child.ended()
}

// Close stops the store when it is our child and waits for its end; a store that somebody else started is left alone.
func (e *Embedded) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	if e.detach != nil {
		e.detach()
	}
	if e.child == nil {
		return nil
	}
	return e.child.stop()
}

// dial connects to wherever the store is now, whatever address the caller remembers, and starts it again when nobody answers.
func (e *Embedded) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTimeout}
	e.mu.Lock()
	addr := e.now.Addr
	e.mu.Unlock()
	c, err := d.DialContext(ctx, network, addr)
	if err == nil || !errors.Is(err, syscall.ECONNREFUSED) {
		return c, err
	}
	if err := e.ensure(ctx); err != nil {
		return nil, err
	}
	e.mu.Lock()
	addr = e.now.Addr
	e.mu.Unlock()
	return d.DialContext(ctx, network, addr)
}

// ensure finds the running store or starts one.
func (e *Embedded) ensure(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return notStarted(e.l, errors.New("closed"))
	}
	ctx, cancel := context.WithTimeout(ctx, e.o.Wait)
	defer cancel()
	for try := 0; ; try++ {
		if e.attach(ctx) {
			return nil
		}
		st, err := e.spawn(ctx)
		switch {
		case err != nil:
			return notStarted(e.l, err)
		case st.Ready:
			return e.adopt(st)
		}
		// Somebody else holds the folder: starting, stopping, or stuck.
		if perr := pause(ctx, 1+min(try, 4)); perr != nil {
			return notStarted(e.l, fmt.Errorf("another process holds %s and does not answer: %w", e.l.lock, perr))
		}
	}
}

// attach uses the store that the state file names, if it answers as the store of this folder.
func (e *Embedded) attach(ctx context.Context) bool {
	st, err := e.l.readState()
	if err != nil {
		return false
	}
	return e.healthy(ctx, st) && e.adopt(st) == nil
}

func (e *Embedded) adopt(st state) error {
	keys, err := e.l.readAccess()
	if err != nil {
		return err
	}
	e.now, e.keys = st, keys
	return nil
}

func (e *Embedded) healthy(ctx context.Context, st state) bool {
	ctx, cancel := context.WithTimeout(ctx, healthWait)
	defer cancel()
	tr, err := newTransport(Options{CAFile: e.l.caCert, Stall: healthWait, Parallel: 1})
	if err != nil {
		return false
	}
	tr.Proxy = nil
	defer tr.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, st.Endpoint+st.Health, nil)
	if err != nil {
		return false
	}
	resp, err := tr.RoundTrip(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}
