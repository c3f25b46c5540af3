package capture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"
)

// lease is a capture's seat in a pool.
type lease struct {
	pool *Pool
	at   *seat
}

// open connects to the browser at a seat and opens a tab in a context of its own there. The context goes when the connection does, so nothing is left
// in that browser even if this process is killed.
func (p *Pool) open(ctx context.Context, l *seat, o Options, way ProxyWay) (_ *Browser, err error) {
	dctx, done := context.WithTimeoutCause(ctx, p.o.Dial, fmt.Errorf("no answer within %s", p.o.Dial))
	defer done()
	address, err := debugger(dctx, l.address)
	if err != nil {
		return nil, timedOut(dctx, err)
	}
	b := &Browser{o: o.withDefaults(), lease: &lease{p, l}}
	actx, acancel := remote.NewAllocator(ctx, address, remote.NoModifyURL, remote.WithDialTimeout(p.o.Dial))
	quiet := func(string, ...any) {}
	tctx, tcancel := chromedp.NewContext(actx, chromedp.WithLogf(quiet), chromedp.WithErrorf(quiet), chromedp.WithNewBrowserContext(func(c *target.CreateBrowserContextParams) {
		c.DisposeOnDetach = new(true)
		// Chrome bypasses a proxy for loopback unless told otherwise.
		c.ProxyServer, c.ProxyBypassList = "http://"+way.Server, "<-loopback>"
	}))
	b.ctx, b.cancel = tctx, func() { tcancel(); acancel() }
	// What is bound to tctx lives as long as the browser, so the bound on the way there ends tctx.
	defer context.AfterFunc(dctx, tcancel)()
	defer func() {
		if err != nil {
			b.cancel()
			err = timedOut(dctx, err)
		}
	}()
	version, err := b.survey(address)
	if err != nil {
		return nil, err
	}
	if err := chromedp.Do(tctx); err != nil {
		return nil, err
	}
	// Another daemon may have come at the same moment; both look, and both may go.
	if n, err := b.contexts(); err != nil || n > p.o.Each {
		return nil, errors.Join(err, errFull)
	}
	if err := b.settle(dctx, way); err != nil {
		return nil, err
	}
	b.version = strings.TrimPrefix(strings.TrimPrefix(version, "Headless"), "Chrome/")
	p.reached(l, b.version)
	return b, nil
}

// timedOut names the bound where an error comes of it.
func timedOut(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// survey looks at a browser before anything is opened in it: whether there is room, and whether it was started as it must be.
func (b *Browser) survey(address string) (version string, err error) {
	p, l := b.lease.pool, b.lease.at
	v, err := chromedp.CallBrowser(b.ctx, browser.GetVersion, cdp.Empty{})
	if err != nil {
		return "", err
	}
	if n, err := b.contexts(); err != nil || n >= p.o.Each {
		return "", errors.Join(err, errFull)
	}
	p.mu.Lock()
	known, bare := l.fit == address, l.bare
	p.mu.Unlock()
	if !known {
		info, err := chromedp.CallBrowser(b.ctx, systeminfo.GetInfo, cdp.Empty{})
		if err != nil {
			return "", fmt.Errorf("it does not say how it was started: %w", err)
		}
		bare = strings.Contains(info.CommandLine, "--no-sandbox")
		if bare && b.o.Sandbox == "on" {
			return "", errors.New("it runs without its sandbox (--no-sandbox), and capture.chrome_sandbox is on")
		}
		if p.o.Unfit != nil {
			if why := p.o.Unfit(info.CommandLine); why != "" {
				return "", errors.New(why)
			}
		}
		p.mu.Lock()
		l.fit, l.bare = address, bare
		p.mu.Unlock()
	}
	b.sandbox = !bare
	return v.Product, nil
}

// contexts counts the browser contexts that are open in the browser, by whomever: its default one is none of them.
func (b *Browser) contexts() (int, error) {
	got, err := chromedp.CallBrowser(b.ctx, target.GetBrowserContexts, cdp.Empty{})
	return len(got.BrowserContextIDs), err
}

// own is the browser context of a tab in a remote browser; empty in a browser of our own.
func (b *Browser) own() cdp.BrowserContextID {
	if b.lease == nil {
		return ""
	}
	return chromedp.FromContext(b.ctx).BrowserContextID
}

// permissions are what pages ask for, by the names of the Permissions API.
var permissions = []string{"geolocation", "notifications", "camera", "microphone", "midi", "clipboard-read", "local-fonts", "idle-detection", "window-management",
	"local-network-access", "storage-access", "display-capture"}

// settle does what a local browser's command line does: no permissions, no scroll bars. Then it makes the proxy known.
func (b *Browser) settle(ctx context.Context, way ProxyWay) error {
	for _, name := range permissions {
		// What the browser does not know by this name no page can ask for.
		_, _ = chromedp.CallBrowser(b.ctx, browser.SetPermission, browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: name},
			Setting: browser.PermissionSettingDenied, BrowserContextID: b.own()})
	}
	s := chromedp.FromContext(b.ctx).Target
	if _, err := cdp.Call(ctx, s, emulation.SetScrollbarsHidden, emulation.SetScrollbarsHiddenParams{Hidden: true}); err != nil {
		return err
	}
	return b.greet(ctx, s, way)
}

// greet has the browser visit the proxy once and give its credentials there; it then gives them with every request by itself. This shows as well that
// it reaches the proxy at all.
func (b *Browser) greet(ctx context.Context, s cdp.Session, way ProxyWay) error {
	lctx, stop := context.WithCancel(b.ctx)
	defer stop()
	// Answers go their own way: the listener runs in the browser's message loop and may not wait.
	err := chromedp.Listen(lctx, func(ev any) {
		switch ev := ev.(type) {
		case *fetch.EventAuthRequired:
			answer := &fetch.AuthChallengeResponse{Response: fetch.AuthChallengeResponseResponseProvideCredentials, Username: way.User, Password: way.Password}
			if ev.AuthChallenge.Source != fetch.AuthChallengeSourceProxy {
				answer = &fetch.AuthChallengeResponse{Response: fetch.AuthChallengeResponseResponseCancelAuth}
			}
			go func() {
				_, _ = cdp.Call(lctx, s, fetch.ContinueWithAuth, fetch.ContinueWithAuthParams{RequestID: ev.RequestID, AuthChallengeResponse: answer})
			}()
		case *fetch.EventRequestPaused:
			go func() {
				_, _ = cdp.Call(lctx, s, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: ev.RequestID})
			}()
		}
	})
	if err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, s, fetch.Enable, fetch.EnableParams{HandleAuthRequests: new(true)}); err != nil {
		return err
	}
	// The proxy answers that there is nothing to see, so that the tab stays as it is.
	res, err := cdp.Call(ctx, s, page.Navigate, page.NavigateParams{URL: way.Greeting})
	if err != nil {
		return err
	}
	if !way.Greeted() {
		return fmt.Errorf("it does not reach this machine's proxy at %s (%s); set capture.remote_proxy to an address that it reaches, and open the firewall between", way.Server, res.ErrorText)
	}
	_, err = cdp.Call(ctx, s, fetch.Disable, cdp.Empty{})
	return err
}

// lost reports whether the connection to a remote browser is gone.
func (b *Browser) lost() bool {
	if b.lease == nil {
		return false
	}
	c := chromedp.FromContext(b.ctx)
	if c.Browser == nil {
		return true
	}
	select {
	case <-c.Browser.LostConnection:
		return true
	default:
		return false
	}
}

// deaf reports whether a remote browser is gone or does not answer: then it is not the page that kept us waiting.
func (b *Browser) deaf() bool {
	if b.lease == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err := cdp.Call(ctx, chromedp.FromContext(b.ctx).Browser, browser.GetVersion, cdp.Empty{})
	return err != nil
}

// named says of an error that a remote browser went away under us where that is its cause.
func (b *Browser) named(err error) error {
	var known *RemoteError
	if err == nil || errors.As(err, &known) || !b.lost() {
		return err
	}
	return &RemoteError{Address: shownAddress(b.lease.at.address), During: true, Cause: err}
}

// giveBack ends the tab in a remote browser, with its context, and makes room for the next.
func (b *Browser) giveBack() {
	lost := b.lost()
	b.cancel()
	if lost {
		b.lease.pool.aside(b.lease.at, errors.New("it went away during a capture"))
	}
	b.lease.pool.release(b.lease.at)
}

// debugger finds the address of the browser itself behind that of its remote debugging.
func debugger(ctx context.Context, address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", errors.New("is no address")
	}
	secure := u.Scheme == "wss" || u.Scheme == "https"
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), map[bool]string{false: "9222", true: "443"}[secure])
	}
	if !secure { // Chrome answers to addresses only, against pages that would reach it by a name of theirs; what stands before it with TLS wants its name
		ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
		if err != nil {
			return "", err
		}
		u.Host = net.JoinHostPort(ips[0].Unmap().String(), u.Port())
	}
	ws := *u
	ws.Scheme = map[bool]string{false: "ws", true: "wss"}[secure]
	if strings.Contains(u.Path, "/devtools/browser/") {
		return ws.String(), nil
	}
	u.Scheme = map[bool]string{false: "http", true: "https"}[secure]
	u.Path = strings.TrimSuffix(u.Path, "/") + "/json/version"
	path, err := debuggerPath(ctx, u.String())
	if err != nil {
		var uerr *url.Error
		if errors.As(err, &uerr) {
			err = uerr.Err // it would quote the address, with what may be secret in it
		}
		return "", err
	}
	ws.Path = path
	return ws.String(), nil
}

func debuggerPath(ctx context.Context, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return "", err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var v struct {
		Debugger string `json:"webSocketDebuggerUrl"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&v); err != nil || resp.StatusCode != http.StatusOK || v.Debugger == "" {
		return "", fmt.Errorf("what answers there is no Chrome with remote debugging (status %d)", resp.StatusCode)
	}
	found, err := url.Parse(v.Debugger)
	if err != nil {
		return "", err
	}
	return found.Path, nil
}
