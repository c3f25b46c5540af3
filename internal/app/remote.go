package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"arsring/internal/capture"
	"arsring/internal/egress"
	"arsring/internal/job"
	"arsring/internal/register"
)

// remotes is the pool of browsers on other machines; nil where there is none.
func (a *App) remotes() *capture.Pool {
	c := a.cfg.Capture
	if len(c.Remote) == 0 {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pool == nil {
		a.pool = capture.NewPool(capture.PoolOptions{Addresses: c.Remote, Each: c.RemoteEach, Unfit: a.unfitRemote, Dial: c.Timeouts.Start, Now: a.now})
	}
	return a.pool
}

// unfitRemote judges how a browser on another machine was started.
func (a *App) unfitRemote(commandLine string) string {
	missing := egress.MissingFlags(commandLine)
	if len(missing) == 0 {
		return ""
	}
	return "a page could get out past the proxy, because it was started without " + strings.Join(missing, " ") + "; start it with: " + a.remoteFlags("")
}

// remoteFlags are the switches that a browser of the pool is to be started with, for a shell. The port is that of its address.
func (a *App) remoteFlags(address string) string {
	port := "9222"
	if u, err := url.Parse(address); err == nil && u.Port() != "" {
		port = u.Port()
	}
	flags := append([]string{"--headless", "--remote-debugging-port=" + port}, egress.RemoteFlags([]string{a.remoteHost()}, chromeFeaturesOff...)...)
	flags = append(flags, capture.RemoteFlags()...)
	for i, f := range flags {
		if strings.Contains(f, " ") {
			flags[i] = "'" + f + "'"
		}
	}
	return strings.Join(flags, " ")
}

// remoteHost is the host at which a browser on another machine finds this machine's proxies.
func (a *App) remoteHost() string {
	p := a.cfg.Capture.RemoteProxy
	if p.Tell != "" {
		return p.Tell
	}
	host, _, _ := net.SplitHostPort(p.Listen)
	return host
}

// openBrowser opens a browser with a proxy of its own, which ends with it: one of the pool where there is one and the browser needs nothing of this machine,
// else a fresh one here. What is given is to be closed by the caller, the browser first, also where there is an error.
func (a *App) openBrowser(ctx context.Context, acc register.Account, here bool, adjust func(*capture.Options)) (*capture.Browser, *egress.Proxy, error) {
	pool := a.remotes()
	if pool == nil || here {
		proxy, err := a.startEgress(ctx, acc)
		if err != nil {
			return nil, nil, err
		}
		o := a.browserOptions(proxy)
		adjust(&o)
		b, err := capture.Launch(ctx, o)
		return b, proxy, err
	}
	proxy, way, err := a.startRemoteEgress(ctx, acc)
	if err != nil {
		return nil, nil, err
	}
	o := a.browserOptions(proxy)
	adjust(&o)
	b, err := pool.Launch(ctx, o, way)
	return b, proxy, err
}

// startRemoteEgress starts a capture's proxy where a browser on another machine reaches it, with a password of its own.
func (a *App) startRemoteEgress(ctx context.Context, acc register.Account) (*egress.Proxy, capture.ProxyWay, error) {
	o := a.egressOptions(acc)
	o.Listen, o.User, o.Password = a.cfg.Capture.RemoteProxy.Listen, "arsring", rand.Text()
	// Who reaches a browser's remote debugging controls it; no page may, whatever else of the network is allowed.
	o.Deny = append(o.Deny, a.debuggers(ctx)...)
	proxy, err := egress.Start(ctx, o)
	if err != nil {
		return nil, capture.ProxyWay{}, fmt.Errorf("capture.remote_proxy.listen: %w", err)
	}
	_, port, err := net.SplitHostPort(proxy.Addr())
	if err != nil {
		return nil, capture.ProxyWay{}, errors.Join(err, proxy.Close())
	}
	return proxy, capture.ProxyWay{Server: net.JoinHostPort(a.remoteHost(), port), User: o.User, Password: o.Password, Greeting: egress.Greeting, Greeted: proxy.Greeted}, nil
}

// debuggers are the addresses of the pool's browsers, by name and by number.
func (a *App) debuggers(ctx context.Context) []string {
	var out []string
	for _, r := range a.cfg.Capture.Remote {
		u, err := url.Parse(r)
		if err != nil {
			continue
		}
		port := u.Port()
		if port == "" {
			port = map[bool]string{false: "9222", true: "443"}[u.Scheme == "wss" || u.Scheme == "https"]
		}
		hosts := []string{u.Hostname()}
		if ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname()); err == nil {
			for _, ip := range ips {
				hosts = append(hosts, ip.Unmap().String())
			}
		}
		for _, h := range hosts {
			if at := net.JoinHostPort(h, port); !slices.Contains(out, at) {
				out = append(out, at)
			}
		}
	}
	return out
}

// remoteTrouble names an error that came of a browser on another machine; nil where none did. Where all are gone the job waits, as it does for a
// store that is gone; where one went away under a capture, it may have been the page.
func remoteTrouble(err error) *job.Verdict {
	var none *capture.NoRemoteError
	var gone *capture.RemoteError
	switch {
	case errors.As(err, &none) && none.Busy:
		return &job.Verdict{State: job.Waiting, Quiet: true, Err: err, Next: none.Next}
	case errors.As(err, &none):
		return &job.Verdict{State: job.Waiting, Free: true, Err: err, Code: "no-remote-browser", Text: job.Text{
			SV: "Ingen av de fjärrstyrda webbläsarna går att använda: " + shortly(none.Causes) + ". Fångsten försöker igen. Se arsring doctor.",
			EN: "None of the remote browsers can be used: " + shortly(none.Causes) + ". The capture tries again. See arsring doctor."}}
	case errors.As(err, &gone):
		return &job.Verdict{State: job.Waiting, Err: err, Code: "remote-browser-gone", Text: job.Text{
			SV: "Den fjärrstyrda webbläsaren på " + gone.Address + " försvann under fångsten, som försöker igen.", EN: "The remote browser at " + gone.Address + " went away during the capture, which tries again."}}
	}
	return nil
}

func shortly(causes []error) string {
	var out []string
	for _, c := range causes {
		out = append(out, c.Error())
	}
	text := strings.Join(out, "; ")
	if len(text) > 500 {
		text = strings.ToValidUTF8(text[:500], "") + "…"
	}
	return text
}

// remote tries every browser of the pool as a capture would.
func (d *doctor) remote(ctx context.Context) {
	pool := d.a.remotes()
	if pool == nil {
		return
	}
	states, err := pool.Try(ctx, func(ctx context.Context) (capture.Options, capture.ProxyWay, func(), error) {
		proxy, way, err := d.a.startRemoteEgress(ctx, register.Account{})
		if err != nil {
			return capture.Options{}, way, nil, err
		}
		return d.a.browserOptions(proxy), way, func() { _ = proxy.Close() }, nil
	})
	if err != nil {
		d.failed("remote", err, capture.Text{SV: "Kontrollera capture.remote_proxy.", EN: "Check capture.remote_proxy."})
		return
	}
	for _, s := range states {
		switch {
		case s.Full:
			d.ok("remote", "Fjärrstyrda webbläsaren på "+s.Address+" svarar; alla dess platser är tagna just nu.", "The remote browser at "+s.Address+" answers; all its places are taken at the moment.")
		case s.Err != nil:
			d.say("remote", HealthError, capture.Text{SV: "Fjärrstyrda webbläsaren på " + s.Address + " går inte att använda: " + s.Err.Error(), EN: "The remote browser at " + s.Address + " cannot be used: " + s.Err.Error()},
				capture.Text{SV: "Starta den med: chromium " + d.a.remoteFlags(s.Address) + ". Se docs/scale.md.", EN: "Start it with: chromium " + d.a.remoteFlags(s.Address) + ". See docs/scale.md."})
		case s.Bare && d.a.cfg.Capture.ChromeSandbox != "off":
			d.say("remote", HealthWarning, capture.Text{SV: "Fjärrstyrda webbläsaren på " + s.Address + " läser främmande sidor utan webbläsarens skydd (--no-sandbox).", EN: "The remote browser at " + s.Address + " reads foreign pages without its sandbox (--no-sandbox)."},
				capture.Text{SV: "Starta den utan --no-sandbox, som en vanlig användare.", EN: "Start it without --no-sandbox, as an ordinary user."})
		default:
			d.ok("remote", "Fjärrstyrda webbläsaren på "+s.Address+" (Chrome "+s.Version+") svarar och når den här maskinens proxy.", "The remote browser at "+s.Address+" (Chrome "+s.Version+") answers and reaches this machine's proxy.")
		}
	}
}
