package web

import (
	"strings"
	"time"

	"arsring/internal/access"
)

// menuItem is a link of the main menu.
type menuItem struct {
	Href, Name string
	Here       bool
}

// Menu are the pages that the asker may open.
func (q *ask) Menu() []menuItem {
	var out []menuItem
	add := func(show bool, href, sv, en string, more ...string) {
		if !show {
			return
		}
		here := q.r.URL.Path == href
		for _, m := range append(more, href) {
			here = here || m != "/" && strings.HasPrefix(q.r.URL.Path, m+"/")
		}
		out = append(out, menuItem{href, q.t(sv, en), here})
	}
	may := q.actor.MaySomewhere
	add(may(access.Reader), "/", "Översikt", "Overview")
	add(may(access.Reader), "/konton", "Konton", "Accounts", "/ogonblicksbild", "/anmalningar", "/import", "/lamna-ut", "/jamfor")
	add(may(access.Officer), "/bestall", "Beställ", "Order", "/jobb")
	add(may(access.Reader) || q.o.ReadingRoom, "/sok", "Sök", "Search")
	add(may(access.Reader), "/kalender", "Kalender", "Calendar")
	add(q.o.PublicRegister && !q.actor.Known(), "/register", "Kontoregister", "Register of accounts")
	add(may(access.Archivist), "/logg", "Logg", "Log")
	add(q.actor.MayEverywhere(access.Admin), "/anvandare", "Användare", "Users")
	add(!q.actor.Known(), "/logga-in", "Logga in", "Sign in")
	return out
}

// MayOrder reports whether the asker may order snapshots in a tenant.
func (q *ask) MayOrder(tenant string) bool { return q.actor.May(tenant, access.Officer) }

// MayChange reports whether the asker may change the register of a tenant.
func (q *ask) MayChange(tenant string) bool { return q.actor.May(tenant, access.Archivist) }

// MayDecide reports whether the asker may approve and look after people in a tenant.
func (q *ask) MayDecide(tenant string) bool { return q.actor.May(tenant, access.Admin) }

// DayBefore is the last day of a window that closes at a midnight.
func (q *ask) DayBefore(t time.Time) time.Time { return t.AddDate(0, 0, -1) }

// Shows are the filter of the list of accounts.
func (q *ask) Shows() [][2]string {
	out := make([][2]string, len(shows))
	for i, s := range shows {
		out[i] = [2]string{s[0], q.t(s[1], s[2])}
	}
	return out
}

// Label names a key of the register.
func (q *ask) Label(key string) string { return q.label(key) }

// MayCompare reports whether there is something to compare.
func (q *ask) MayCompare(n int) bool { return n > 1 }

// Known reports whether somebody is signed in.
func (q *ask) Known() bool { return q.actor.Known() }
