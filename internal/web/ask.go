package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"arsring/internal/access"
	"arsring/internal/register"
)

// ask is one request with who asks and in which language.
type ask struct {
	*Site
	w     http.ResponseWriter
	r     *http.Request
	rt    route
	lang  string
	actor access.Actor
	token bool   // came with an API token
	said  string // to a program, instead of a sentence on the next page
}

var (
	errForbidden = errors.New("forbidden")
	errBadToken  = errors.New("the token is wrong or has expired")
)

// t chooses the sentence in the asker's language.
func (q *ask) t(sv, en string) string {
	if q.lang == "en" {
		return en
	}
	return sv
}

func (q *ask) ctx() context.Context { return q.r.Context() }

// identify finds out who asks: by token, by session, or everybody at a demonstration.
func (q *ask) identify() (err error) {
	if q.o.Everyone.Known() {
		q.actor = q.o.Everyone
		return nil
	}
	if h := q.r.Header.Get("Authorization"); h != "" && q.rt.api {
		secret, ok := strings.CutPrefix(h, "Bearer ")
		q.token = true
		if !ok {
			return errBadToken
		}
		q.actor, err = q.o.State.ByToken(q.ctx(), strings.TrimSpace(secret))
		if errors.Is(err, access.ErrWrongLogin) {
			return errBadToken
		}
		return err
	}
	q.actor, err = q.sessions.Actor(q.ctx())
	return err
}

// language is what the person chose, else the site's.
func (s *Site) language(r *http.Request) string {
	if c, err := r.Cookie("sprak"); err == nil && (c.Value == "sv" || c.Value == "en") {
		return c.Value
	}
	return s.o.Lang
}

// address is the network address that the request comes from, believing only trusted proxies.
func (q *ask) address() string {
	host, _, err := net.SplitHostPort(q.r.RemoteAddr)
	if err != nil {
		host = q.r.RemoteAddr
	}
	hops := strings.Split(strings.Join(q.r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && q.trusted(host); i-- {
		ip, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		host = ip.Unmap().String()
	}
	return host
}

func (q *ask) trusted(host string) bool {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range q.o.TrustedProxies {
		if p.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

// note writes a line into the audit log. What cannot be noted is not done: callers note before they act, or give the error.
func (q *ask) note(tenant, action, object, detail string) error {
	return q.o.State.Note(q.ctx(), access.Event{Who: q.actor.Who(), Via: q.actor.Via, Place: q.address(), Tenant: tenant, Action: action, Object: object, Detail: detail})
}

// page is what every template gets.
type page struct {
	Lang, Title, Path, Org, Version string
	Public                          bool // nobody is signed in
	Actor                           access.Actor
	Everyone                        bool
	Flash                           string
	Errors                          map[string]string // by field
	Form                            url.Values        // what was sent, to be corrected
	Refresh                         int               // seconds, for browsers without script
	Data                            any
	JSON                            any // for a program that asks the same
	Q                               *ask
}

// render sends a page. It is made whole before anything is sent.
func (q *ask) render(status int, name, title string, data any) error {
	return q.renderPage(status, name, page{Title: title, Data: data})
}

func (q *ask) renderPage(status int, name string, p page) error {
	if q.rt.api && name != "trouble" {
		return q.formJSON(status, p)
	}
	p.Lang, p.Path, p.Org, p.Version, p.Actor, p.Q = q.lang, q.r.URL.Path, q.o.Organisation, q.o.Version, q.actor, q
	p.Public, p.Everyone = !q.actor.Known(), q.o.Everyone.Known()
	p.Flash = q.sessions.Pop(q.ctx(), "flash")
	if p.Form == nil {
		p.Form = url.Values{}
	}
	var b bytes.Buffer
	if err := q.views.execute(&b, q.lang, name, p); err != nil {
		return err
	}
	q.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.w.Header().Set("Cache-Control", "no-store")
	q.w.WriteHeader(status)
	_, err := b.WriteTo(q.w)
	if err != nil {
		return context.Canceled // the browser went away
	}
	return nil
}

// redirect sends the browser to another page of this site.
func (q *ask) redirect(to string) error {
	if q.rt.api {
		return q.doneJSON(to)
	}
	http.Redirect(q.w, q.r, to, http.StatusSeeOther)
	return nil
}

// flash is a sentence for the next page.
func (q *ask) flash(text string) {
	if q.said = text; !q.rt.api {
		q.sessions.Put(q.ctx(), "flash", text)
	}
}

// json answers a program.
func (q *ask) json(status int, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	q.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	q.w.Header().Set("Cache-Control", "no-store")
	q.w.WriteHeader(status)
	if _, err := q.w.Write(append(b, '\n')); err != nil {
		return context.Canceled
	}
	return nil
}

// sees reports whether the asker may know of a record: by a role, or as anybody in an open reading room.
func (q *ask) sees(tenant string, class register.Class) bool {
	if !q.actor.Known() {
		return q.o.ReadingRoom && q.rt.room && class == register.ClassOpen
	}
	return q.actor.MaySee(tenant, class)
}

// snapshot finds a snapshot that the asker may see; any other is not there.
func (q *ask) snapshot(id string) (Snapshot, error) {
	s, err := q.o.Archive.Snapshot(q.ctx(), id)
	if err != nil {
		return s, err
	}
	if !q.sees(s.Tenant, s.Class) {
		return Snapshot{}, ErrNotFound
	}
	return s, nil
}

// account finds an account that the asker may see: everybody of the tenant sees all but the secret ones.
func (q *ask) account(tenant, id string) (register.Account, error) {
	r, err := q.o.Accounts.Current()
	if err != nil {
		return register.Account{}, err
	}
	a, ok := r.ByID(tenant, id)
	if !ok || !q.seesAccount(a) {
		return register.Account{}, ErrNotFound
	}
	return a, nil
}

func (q *ask) seesAccount(a register.Account) bool {
	return q.actor.May(a.Tenant, access.Reader) && (a.Class != register.ClassSecret || q.actor.MaySee(a.Tenant, a.Class))
}

// need refuses who has not the role in the tenant.
func (q *ask) need(tenant string, role access.Role) error {
	if !q.actor.May(tenant, role) {
		return errForbidden
	}
	return nil
}
