package app

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"arsring/internal/notify"
	"arsring/internal/register"
)

// Telling opens the journal of what people are told, as the configuration says. It is nil, without an error, where neither mail nor webhook nor
// heartbeat is configured.
func (a *App) Telling() (*notify.Teller, error) {
	c := a.cfg
	if c.Mail.Host == "" && !c.Notify.Webhook.IsSet() && !c.Notify.Heartbeat.IsSet() {
		return nil, nil
	}
	return notify.Open(a.tellingOptions(sync.OnceValues(a.Register)))
}

// tellingOptions: the register is asked for each event of a letter, so whoever gives it should not read its files each time.
func (a *App) tellingOptions(reg func() (*register.Register, error)) notify.Options {
	c := a.cfg
	return notify.Options{
		Dir: c.Path("notify"), Lang: c.Language, Organisation: c.Organisation.Name, URL: a.WebURL(), Location: register.Location(), DigestAt: c.Notify.DigestAt,
		Mail:    a.mailServer(),
		Webhook: notify.Webhook{URL: c.Notify.Webhook.Reveal(), Secret: c.Notify.WebhookSecret.Reveal()},
		Readers: func(e notify.Event) []string { return a.readers(reg, e) }, Heartbeat: c.Notify.Heartbeat.Reveal(), HeartbeatEvery: c.Notify.HeartbeatEvery, Now: a.now, Rand: a.rand,
		Report: func(err error) { a.log.Warn("what people are told waits", "error", err) },
	}
}

func (a *App) mailServer() notify.Mail {
	m := a.cfg.Mail
	return notify.Mail{Host: m.Host, Port: m.Port, TLS: m.TLS, CAFile: m.CAFile, Username: m.Username, Password: m.Password.Reveal(), From: m.From}
}

// WebURL is the address of the web page for people, without a slash at its end: as configured, else by the address listened on. It is empty
// where no page is served.
func (a *App) WebURL() string {
	w := a.cfg.Web
	if w.URL != "" || w.Listen == "" {
		return strings.TrimRight(w.URL, "/")
	}
	host, port, err := net.SplitHostPort(w.Listen)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http"
	if w.CertFile != "" {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// snapshotLink is where people look at a snapshot.
func (a *App) snapshotLink(id string) string {
	if u := a.WebURL(); u != "" && id != "" {
		return u + "/ogonblicksbild/" + url.PathEscape(id)
	}
	return ""
}

// accountLink is where people look at an account.
func (a *App) accountLink(tenant, id string) string {
	if u := a.WebURL(); u != "" && id != "" {
		return u + "/konton/" + url.PathEscape(cmp.Or(tenant, Tenant)) + "/" + url.PathEscape(id)
	}
	return ""
}

// readers are the addresses that an event concerns: the tenant's own, else the configured ones, and by setting the people of the account. What
// concerns the whole machine goes to the configured ones only.
func (a *App) readers(reg func() (*register.Register, error), e notify.Event) []string {
	to := a.cfg.Mail.To
	if e.Tenant == "" {
		return to
	}
	r, err := reg()
	if err != nil {
		return to
	}
	if t := r.Tenant(e.Tenant); len(t.Mail) > 0 {
		to = t.Mail
	}
	if e.Account == "" || a.cfg.Mail.Accounts == "none" {
		return to
	}
	acc, err := r.Find(e.Tenant + "/" + e.Account)
	if err != nil {
		return to
	}
	people := []register.Person{acc.Responsible}
	if a.cfg.Mail.Accounts == "administrators" {
		people = append(people, acc.Administrators...)
	}
	to = slices.Clone(to)
	for _, p := range people {
		if p.Email != "" {
			to = append(to, p.Email)
		}
	}
	return to
}

// tellOnce keeps one event and sends what is due, for commands that end; a running daemon does the sending where there is one.
func (a *App) tellOnce(ctx context.Context, keep func(*notify.Teller) error) error {
	t, err := a.Telling()
	if err != nil || t == nil {
		return err
	}
	if err := keep(t); err != nil {
		return errors.Join(err, t.Close())
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return errors.Join(t.Flush(ctx), t.Close())
}
