package app

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"arsring/internal/access"
	"arsring/internal/web"
)

// Page is the web page of this installation and what it has open.
type Page struct {
	*web.Site
	State *access.State

	disclose *webCopies
}

// Close closes the page's state.
func (p *Page) Close() error { return p.State.Close() }

// OpenState opens state.db of this installation.
func (a *App) OpenState(ctx context.Context) (*access.State, error) {
	return access.Open(ctx, access.Options{File: a.cfg.Path("state.db"), Now: a.now, Rand: a.rand})
}

// OpenPage puts the web page together. ctx is the page's life: orders that people place are carried out until it ends. everyone, when it is
// somebody, is who every visitor is: for the demonstration on loopback.
func (a *App) OpenPage(ctx context.Context, everyone access.Actor) (*Page, error) {
	state, err := a.OpenState(ctx)
	if err != nil {
		return nil, err
	}
	o, err := a.pageOptions(ctx, state)
	if err == nil {
		o.Everyone = everyone
		var site *web.Site
		if site, err = web.New(o); err == nil {
			if !everyone.Known() {
				err = a.tellFirstCode(ctx, state)
			}
			if err == nil {
				copies, _ := o.Disclose.(*webCopies)
				return &Page{site, state, copies}, nil
			}
		}
	}
	return nil, errors.Join(err, state.Close())
}

func (a *App) pageOptions(ctx context.Context, state *access.State) (web.Options, error) {
	w := a.cfg.Web
	cal, err := a.Calendar()
	if err != nil {
		return web.Options{}, err
	}
	search := &webSearch{a: a}
	orders, pauses := a.pageOrders(ctx, search.stale, state)
	arch := newWebArchive(a, search)
	reg := &webAccounts{a: a}
	_, _ = reg.Current() // a large one takes a while to parse: not while the first person waits; what is wrong with it is said to whoever looks
	o := web.Options{State: state, Archive: arch, Accounts: reg, Year: &webYear{a: a, c: cal, search: search, reg: reg, pause: pauses}, Pauses: pauses, Orders: orders, Search: search, Disclose: &webCopies{a, arch, make(chan struct{}, 1)},
		Organisation: a.cfg.Organisation.Name, URL: a.pageURL(), Session: w.Session, Lang: a.cfg.Language, PublicRegister: w.PublicRegister, ReadingRoom: w.ReadingRoom,
		Uploads: a.cfg.Path("spool", "uploads"), Version: a.version, Log: a.log, Now: a.now}
	for _, s := range w.TrustedProxies {
		if p, ok := networkOf(s); ok {
			o.TrustedProxies = append(o.TrustedProxies, p)
		}
	}
	if w.OIDC.Issuer != "" {
		o.Provider, err = a.provider(o.URL)
	}
	return o, err
}

// networkOf reads an address as a network of one, and a network as it is.
func networkOf(s string) (netip.Prefix, bool) {
	if ip, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(ip, ip.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	return p, err == nil
}

// pageURL is the address that people use.
func (a *App) pageURL() string {
	w := a.cfg.Web
	switch {
	case w.URL != "":
		return strings.TrimSuffix(w.URL, "/")
	case w.CertFile != "":
		return "https://" + w.Listen
	}
	return "http://" + w.Listen
}

func (a *App) provider(address string) (*access.Provider, error) {
	c := a.cfg.Web.OIDC
	redirect, err := url.JoinPath(address, "logga-in", "klar")
	if err != nil {
		return nil, err
	}
	return access.NewProvider(access.ProviderOptions{Issuer: c.Issuer, ClientID: c.ClientID, ClientSecret: c.ClientSecret.Reveal(), Scopes: c.Scopes, RedirectURL: redirect, CAFile: c.CAFile,
		RoleClaim: c.RoleClaim, Groups: map[access.Role][]string{access.Reader: c.Readers, access.Officer: c.Officers, access.Archivist: c.Archivists, access.Admin: c.Admins}, Now: a.now})
}

// tellFirstCode puts the code for the first admin into the log while there are no users.
func (a *App) tellFirstCode(ctx context.Context, state *access.State) error {
	code, err := state.FirstCode(ctx)
	if err != nil || code == "" {
		return err
	}
	// The code is meant to be read in the log: whoever can read it there runs this machine. It works once, and only while there are no users.
	a.log.Warn("there are no users yet: open the page and make the first administrator with this code", "page", a.pageURL()+"/forsta", "code", code)
	return nil
}

// PageHandler serves the web page of a daemon; it is a hook of Options. Its orders are carried out as long as the process lives.
func PageHandler(a *App) (http.Handler, error) {
	p, err := a.OpenPage(context.Background(), access.Actor{})
	if err != nil {
		return nil, err
	}
	return p.Handler(), nil
}
