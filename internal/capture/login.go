package capture

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// Person says how a person reaches a browser to log in with it. Zero: no person, the browser is for captures.
type Person struct {
	Window bool   // a window on the screen that DISPLAY or WAYLAND_DISPLAY names
	Debug  string // port on 127.0.0.1 at which another browser's developer tools may be attached; "0" takes a free one
}

func (p Person) window() chromedp.ExecAllocatorOption {
	if p.Window {
		return chromedp.Flag("headless", false)
	}
	return chromedp.Headless
}

// args opens the port beside the pipe over which we speak to the browser ourselves. It never listens beyond loopback.
func (p Person) args() []string {
	if p.Debug == "" {
		return nil
	}
	return []string{"--remote-debugging-port=" + p.Debug}
}

// env is what a window needs to know besides: who may draw on the screen.
func (p Person) env(env []string) []string {
	if !p.Window {
		return nil
	}
	var out []string
	given := false
	for _, e := range env {
		switch name, _, _ := strings.Cut(e, "="); name {
		case "XAUTHORITY", "XDG_RUNTIME_DIR":
			out, given = append(out, e), given || name == "XAUTHORITY"
		}
	}
	for _, e := range env {
		if home, ok := strings.CutPrefix(e, "HOME="); ok && !given {
			out = append(out, "XAUTHORITY="+filepath.Join(home, ".Xauthority"))
		}
	}
	return out
}

// LoginCookie is what is told of a cookie after a login. Its value stays in the browser's folder.
type LoginCookie struct {
	Name     string
	Domain   string
	Expires  time.Time // zero: with the browser's session, when the platform said so
	HTTPOnly bool
}

// Login is a browser in which a person logs in.
type Login struct {
	b    *Browser
	addr string
}

// LaunchLogin starts a browser for a person at an address. Options.Person and Options.Profile must be set; the login lies in the folder Profile
// after Finish.
func LaunchLogin(ctx context.Context, o Options, address string) (*Login, error) {
	b, err := Launch(ctx, o)
	if err != nil {
		return nil, err
	}
	l := &Login{b: b}
	if err := l.begin(ctx, address); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return l, nil
}

func (l *Login) begin(ctx context.Context, address string) error {
	if l.b.o.Person.Debug != "" {
		port, err := l.port(ctx)
		if err != nil {
			return err
		}
		l.addr = "http://" + net.JoinHostPort("127.0.0.1", port)
	}
	// A page that does not open is shown as such; the person sees it and can go elsewhere.
	nctx, cancel := context.WithTimeout(l.b.ctx, l.b.o.Load)
	defer cancel()
	if err := chromedp.Do(nctx, chromedp.Navigate(address)); err != nil && l.b.ctx.Err() != nil {
		return fmt.Errorf("the browser ended before the page was open: %w", err)
	}
	return ctx.Err()
}

// port is the port that the browser listens on; it writes it into its folder where it chose one itself.
func (l *Login) port(ctx context.Context) (string, error) {
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); {
		port := l.b.o.Person.Debug
		if port == "0" {
			data, _ := os.ReadFile(filepath.Join(l.b.profile, "DevToolsActivePort"))
			port, _, _ = strings.Cut(string(data), "\n")
		}
		if port != "" {
			d := net.Dialer{Timeout: time.Second}
			if c, err := d.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", port)); err == nil {
				return port, c.Close()
			}
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("the browser does not listen on 127.0.0.1:%s; is the port taken? Name another one with --remote-debugging", l.b.o.Person.Debug)
}

// Address is where developer tools are attached, "http://127.0.0.1:port"; empty for a window.
func (l *Login) Address() string { return l.addr }

// Gone is closed when the browser has ended, by the person or by itself.
func (l *Login) Gone() <-chan struct{} { return l.b.ctx.Done() }

// Finish writes down the login and ends the browser in order. Cookies that the platform meant for this session only are given a date, as a browser
// does that is told to go on where it stopped: else they would be lost with the window.
func (l *Login) Finish(ctx context.Context) ([]LoginCookie, error) {
	got, err := chromedp.CallBrowser(l.b.ctx, storage.GetCookies, storage.GetCookiesParams{})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the browser could not be asked for its cookies: %w", err), l.Close())
	}
	var out []LoginCookie
	for _, c := range got.Cookies {
		lc := LoginCookie{Name: c.Name, Domain: c.Domain, HTTPOnly: c.HTTPOnly}
		if c.Session {
			if err := l.hold(c); err != nil {
				return nil, errors.Join(err, l.Close())
			}
		} else {
			lc.Expires = time.Unix(int64(c.Expires), 0).UTC()
		}
		out = append(out, lc)
	}
	cctx, cancel := context.WithTimeout(l.b.ctx, 20*time.Second)
	defer cancel()
	// An orderly end has the browser write what it still has in memory.
	if err := chromedp.Cancel(cctx); err != nil && ctx.Err() == nil {
		return nil, errors.Join(fmt.Errorf("the browser did not end in order: %w", err), l.Close())
	}
	return out, errors.Join(ctx.Err(), l.Close())
}

// hold gives a session's cookie the longest life that the browser allows.
func (l *Login) hold(c *network.Cookie) error {
	const days = 399
	at := cdp.TimeSinceEpoch(time.Now().AddDate(0, 0, days).Unix()) // the browser has no clock but the machine's
	p := &network.CookieParam{Name: c.Name, Value: c.Value, Path: c.Path, Secure: c.Secure, HTTPOnly: c.HTTPOnly, SameSite: c.SameSite, Expires: at,
		Priority: c.Priority, PartitionKey: c.PartitionKey}
	if strings.HasPrefix(c.Domain, ".") {
		p.Domain = c.Domain
	} else { // a cookie of one host has no domain of its own
		u := url.URL{Scheme: "http", Host: c.Domain, Path: c.Path}
		if c.Secure {
			u.Scheme = "https"
		}
		p.URL = u.String()
	}
	if _, err := chromedp.CallBrowser(l.b.ctx, storage.SetCookies, storage.SetCookiesParams{Cookies: []*network.CookieParam{p}}); err != nil {
		return fmt.Errorf("the cookie %q of %s could not be kept beyond the session", clip(c.Name, 60), clip(c.Domain, 100)) // the cause may quote its value
	}
	return nil
}

// Close ends the browser. It may be called after Finish.
func (l *Login) Close() error { return l.b.Close() }

// LoggedIn opens an address and says whether it looks as to somebody who is logged in. code is empty when it does, else that of what stood in the
// way ("login-wall", "captcha", "http-500", ...) or "login-form" or "login-link" when the page still asks for a login; text says so for people.
func (b *Browser) LoggedIn(ctx context.Context, address string) (code string, text Text, err error) {
	t, err := b.openTab(ctx)
	if err != nil {
		return "", text, fmt.Errorf("Chrome: %w", err)
	}
	defer t.close()
	v, err := t.peek(ctx, address)
	if err != nil || v != nil {
		if v != nil {
			code, text = v.code, v.text
		}
		return code, text, err
	}
	sign, err := eval[string](ctx, t, "loggedOut")
	if err != nil || sign == "" {
		return "", text, err
	}
	return "login-" + sign, Text{"Sidan ber fortfarande besökaren att logga in.", "The page still asks its visitor to log in."}, nil
}

// peek opens a page and gives what bars the way, nil when nothing does.
func (t *tab) peek(ctx context.Context, address string) (*verdict, error) {
	v, _, err := t.open(ctx, address)
	if err != nil || v != nil {
		return v, err
	}
	look, v, err := t.arrive(ctx)
	if err != nil || v != nil {
		return v, err
	}
	if v, bad := byStatus(t.net.status(), t.net.headers(), t.b.o.Now()); bad {
		v = t.sharper(ctx, v)
		return &v, nil
	}
	if look.blank() {
		return &blankVerdict, nil
	}
	if err := t.consent(ctx); err != nil {
		return nil, err
	}
	w, err := t.wall(ctx)
	if err != nil {
		return nil, err
	}
	if v, ok := w.verdict(); ok {
		return &v, nil
	}
	return nil, nil
}
