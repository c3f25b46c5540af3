package egress

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Proxy is one capture's way out. Its methods may be called from several goroutines, also after Close.
type Proxy struct {
	o        Options
	policy   policy
	ledger   *ledger
	meter    meter
	pins     pins
	conns    connSet
	idle     idlePool
	upstream *url.URL
	auth     string // expected Proxy-Authorization, empty for none

	ln       net.Listener
	ctx      context.Context
	cancel   context.CancelFunc
	requests atomic.Int64
	over     atomic.Bool // the bound of bytes is reached
	greeted  atomic.Bool // a browser has shown the credentials at Greeting
	wg       sync.WaitGroup
	closing  sync.Once
}

// Start opens the proxy and serves until ctx ends or Close is called. An error says which option cannot be used or that the address cannot be listened on.
func Start(ctx context.Context, o Options) (*Proxy, error) {
	o = o.withDefaults()
	if err := o.checkListen(); err != nil {
		return nil, err
	}
	upstream, err := parseUpstream(o.Upstream)
	if err != nil {
		return nil, err
	}
	ln, err := listen(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("egress: %w", err)
	}
	pol, err := newPolicy(o.Allow, o.Deny, ln.Addr().(*net.TCPAddr).Port)
	if err != nil {
		_ = ln.Close()
		return nil, err
	}
	p := &Proxy{o: o, policy: pol, ledger: newLedger(o.Now), ln: ln, upstream: upstream}
	p.ctx, p.cancel = context.WithCancel(ctx)
	p.meter.max = o.MaxBytes
	p.pins = pins{ctx: p.ctx, resolver: o.Resolver, timeout: o.DialTimeout, m: map[string]*pin{}}
	p.conns.m = map[*net.TCPConn]side{}
	p.idle.m = map[string][]*server{}
	if o.Password != "" {
		p.auth = "Basic " + base64.StdEncoding.EncodeToString([]byte(o.User+":"+o.Password))
	}
	p.wg.Go(p.accept)
	context.AfterFunc(p.ctx, func() { _ = p.Close() })
	return p, nil
}

// listen opens a port, or the first that is free of a range.
func listen(address string) (net.Listener, error) {
	host, ports, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	from, to, several := strings.Cut(ports, "-")
	if !several {
		return net.Listen("tcp", address)
	}
	low, err := strconv.Atoi(from)
	high, err2 := strconv.Atoi(to)
	if err = errors.Join(err, err2); err != nil {
		return nil, fmt.Errorf("listen address %q: want host:port or host:from-to", address)
	}
	for port := low; port <= high; port++ {
		ln, lerr := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if lerr == nil {
			return ln, nil
		}
		err = lerr
	}
	return nil, fmt.Errorf("no port of %s is free: %w", address, err)
}

// Addr is the address to point the browser at, host:port.
func (p *Proxy) Addr() string { return p.ln.Addr().String() }

// Close ends every connection and waits until the proxy has stopped. It may be called more than once.
func (p *Proxy) Close() error {
	p.closing.Do(func() {
		p.cancel()
		_ = p.ln.Close()
		p.conns.closeAll()
		p.idle.close()
		p.wg.Wait()
	})
	return nil
}

func (p *Proxy) accept() {
	for {
		c, err := p.ln.Accept()
		if err != nil {
			if p.ctx.Err() != nil {
				return
			}
			// Out of file descriptors, most likely: let some go.
			select {
			case <-p.ctx.Done():
				return
			case <-time.After(20 * time.Millisecond):
			}
			continue
		}
		tcp := c.(*net.TCPConn)
		if !p.conns.add(tcp, browserSide) {
			_ = tcp.Close()
			continue
		}
		p.wg.Go(func() {
			defer p.drop(tcp)
			newClient(p, tcp).serve()
		})
	}
}

// drop closes a connection and forgets it.
func (p *Proxy) drop(c *net.TCPConn) {
	p.conns.remove(c)
	_ = c.Close()
}

// cut ends everything that is under way because the bound of bytes is reached.
func (p *Proxy) cut() {
	if p.over.CompareAndSwap(false, true) {
		p.conns.closeServers()
	}
}

// authorised checks the browser's credentials in constant time.
func (p *Proxy) authorised(r *http.Request) bool {
	return p.auth == "" || subtle.ConstantTimeCompare([]byte(p.auth), []byte(r.Header.Get("Proxy-Authorization"))) == 1
}
