package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"arsring/internal/capture"
	"arsring/internal/egress"
	"arsring/internal/register"
	"arsring/internal/vault"
)

// LoginRequest asks for a login by a person.
type LoginRequest struct {
	Profile string
	URL     string // page to log in at; empty: the address of the first account that names the profile
	Debug   string // "host:port" on loopback where developer tools are attached; empty: a window on the screen
	Anyway  bool   // store it also when the page still seems to ask for a login
	// Ready is told when the browser is there: address is where to attach, empty for a window.
	Ready func(address, page string)
	// Done waits until the person says that the login is done, or gives an error when it is called off.
	Done func(ctx context.Context) error
}

// loginPage finds the page and the account of a profile. An address that a person gives goes before the register's.
func (a *App) loginPage(r LoginRequest) (string, register.Account, error) {
	var acc register.Account
	if reg, err := a.Register(); err == nil {
		for _, x := range reg.Accounts {
			if x.LoginProfile == r.Profile {
				acc = x
				break
			}
		}
	}
	page := r.URL
	if page == "" {
		page = acc.URL
	}
	if page == "" {
		return "", acc, &UsageError{fmt.Sprintf("no account in the register has login_profile %q: say with --url where to log in", r.Profile)}
	}
	return page, acc, CheckAddress(page)
}

// person says how the person reaches the browser, and refuses what would reach beyond this machine.
func (a *App) person(r LoginRequest) (capture.Person, error) {
	if r.Debug == "" {
		if a.getenv("DISPLAY") == "" && a.getenv("WAYLAND_DISPLAY") == "" {
			return capture.Person{}, &UsageError{"this machine has no screen (DISPLAY is not set): use --remote-debugging 127.0.0.1:9222 and attach from your own machine through an ssh tunnel"}
		}
		return capture.Person{Window: true}, nil
	}
	host, port, err := net.SplitHostPort(r.Debug)
	n, perr := strconv.Atoi(port)
	switch {
	case err != nil || perr != nil || n < 0 || n > 65535:
		return capture.Person{}, &UsageError{fmt.Sprintf("--remote-debugging %q is no address: write for example 127.0.0.1:9222", r.Debug)}
	case host != "127.0.0.1" && host != "localhost":
		return capture.Person{}, &UsageError{fmt.Sprintf("--remote-debugging %q: whoever reaches the address controls the browser, so only 127.0.0.1 is allowed; use an ssh tunnel from your own machine", r.Debug)}
	}
	return capture.Person{Debug: strconv.Itoa(n)}, nil
}

// Login has a person log in and stores the profile, in place of the one before. Nothing is stored, and the one before stays, when the login is called
// off or does not look like one.
func (a *App) Login(ctx context.Context, r LoginRequest) (vault.Profile, error) {
	page, acc, err := a.loginPage(r)
	if err != nil {
		return vault.Profile{}, err
	}
	who, err := a.person(r)
	if err != nil {
		return vault.Profile{}, err
	}
	v, err := a.Vault()
	if err != nil {
		return vault.Profile{}, err
	}
	if _, err := v.Get(r.Profile); vault.Code(err) == "name" {
		return vault.Profile{}, &UsageError{err.Error()}
	}
	folder, err := v.Scratch()
	if err != nil {
		return vault.Profile{}, err
	}
	p, err := a.loginIn(ctx, v, folder.Dir, acc, page, who, r)
	return p, errors.Join(err, folder.Close())
}

func (a *App) loginIn(ctx context.Context, v *vault.Vault, dir string, acc register.Account, page string, who capture.Person, r LoginRequest) (vault.Profile, error) {
	proxy, err := a.startEgress(ctx, acc)
	if err != nil {
		return vault.Profile{}, err
	}
	defer proxy.Close()
	o := a.browserOptions(proxy)
	o.Profile, o.Person = dir, who
	facts, err := a.letLogin(ctx, o, page, r)
	if err != nil {
		return vault.Profile{}, err
	}
	// What will be stored is what is tried: a copy goes through the vault's own door, under a name of its own.
	trial, err := v.Trial(ctx, dir)
	if err != nil {
		return vault.Profile{}, err
	}
	code, text, err := a.tryLogin(ctx, acc, trial.Dir, page)
	if err = errors.Join(err, trial.Close()); err != nil {
		return vault.Profile{}, err
	}
	if code != "" && !r.Anyway {
		return vault.Profile{}, fmt.Errorf("this does not look like a login (%s): %s Nothing was stored; log in again, or store it anyway with --anyway", code, text.EN)
	}
	return v.Seal(ctx, r.Profile, dir, facts)
}

// letLogin opens the browser for the person and waits.
func (a *App) letLogin(ctx context.Context, o capture.Options, page string, r LoginRequest) (vault.Facts, error) {
	l, err := capture.LaunchLogin(ctx, o, page)
	if err != nil {
		return vault.Facts{}, err
	}
	defer l.Close()
	if r.Ready != nil {
		r.Ready(l.Address(), page)
	}
	wctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- r.Done(wctx) }()
	select {
	case err := <-done:
		if err != nil {
			return vault.Facts{}, err
		}
	case <-l.Gone():
		if ctx.Err() != nil {
			return vault.Facts{}, ctx.Err()
		}
		return vault.Facts{}, errors.New("the browser was closed before the login was said to be done: nothing was stored")
	}
	cookies, err := l.Finish(ctx)
	if err != nil {
		return vault.Facts{}, err
	}
	return factsOf(page, cookies), nil
}

// factsOf takes the cookies of the page's own site: others', such as those of advertisers, say nothing about the login.
func factsOf(page string, cookies []capture.LoginCookie) vault.Facts {
	var f vault.Facts
	if u, err := url.Parse(page); err == nil {
		f.Host = u.Hostname()
	}
	for _, c := range cookies {
		if d := strings.TrimPrefix(c.Domain, "."); d == f.Host || strings.HasSuffix(f.Host, "."+d) || strings.HasSuffix(d, "."+strings.TrimPrefix(f.Host, "www.")) {
			f.Cookies = append(f.Cookies, vault.Cookie{Name: c.Name, Expires: c.Expires, HTTPOnly: c.HTTPOnly})
		}
	}
	return f
}

// tryLogin opens a page with a readable copy of a login, as a capture would.
func (a *App) tryLogin(ctx context.Context, acc register.Account, dir, page string) (code string, text capture.Text, err error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	proxy, err := a.startEgress(ctx, acc)
	if err != nil {
		return "", text, err
	}
	defer proxy.Close()
	o := a.browserOptions(proxy)
	o.Profile = dir
	b, err := capture.Launch(ctx, o)
	if err != nil {
		return "", text, err
	}
	defer b.Close()
	return b.LoggedIn(ctx, page)
}

// LoginCheck is what a stored login shows when it is tried.
type LoginCheck struct {
	vault.Status
	OK   bool   `json:"ok"`
	Code string `json:"code"` // what stood in the way; empty when nothing did
	Text string `json:"text"` // in the configured language
}

// CheckLogin tries a stored login at the page of an account that uses it, or at address.
func (a *App) CheckLogin(ctx context.Context, profile, address string) (LoginCheck, error) {
	page, acc, err := a.loginPage(LoginRequest{Profile: profile, URL: address})
	if err != nil {
		return LoginCheck{}, err
	}
	v, err := a.Vault()
	if err != nil {
		return LoginCheck{}, err
	}
	c, err := v.Open(ctx, profile)
	if err != nil {
		return LoginCheck{}, err
	}
	code, text, err := a.tryLogin(ctx, acc, c.Dir, page)
	if err = errors.Join(err, c.Close()); err != nil {
		return LoginCheck{}, err
	}
	out := LoginCheck{OK: code == "", Code: code, Text: text.In(a.cfg.Language)}
	all, err := a.Logins()
	for _, s := range all {
		if s.Name == profile {
			out.Status = s
		}
	}
	return out, err
}

// RemoveLogin takes a stored login away.
func (a *App) RemoveLogin(profile string) error {
	v, err := a.Vault()
	if err != nil {
		return err
	}
	if err = v.Remove(profile); vault.Code(err) == "no-profile" {
		return fmt.Errorf("no login %q is stored; `arsring login --list` shows those there are", profile)
	}
	return err
}

// browserOptions are those that every browser of this configuration is started with.
func (a *App) browserOptions(proxy *egress.Proxy) capture.Options {
	c := a.cfg.Capture
	contact := ""
	if c.UserAgent == "named" {
		contact = c.Contact
	}
	return capture.Options{Contact: contact, TempDir: a.temp, Chrome: c.Chrome, Sandbox: c.ChromeSandbox, User: c.ChromeUser, Egress: wayOut{proxy}, Memory: int64(c.ChromeMemory), Disk: int64(c.ChromeDisk),
		Flags: egress.ChromeFlags(proxy.Addr(), chromeFeaturesOff...),
		Env:   a.env, Locale: c.Locale, Timezone: c.Timezone, Load: c.Timeouts.Load, Now: a.now}
}

// chromeFeaturesOff are the browser's own features that would change how a page looks.
var chromeFeaturesOff = []string{"Translate", "InterestFeedContentSuggestions", "PaintHolding"}
