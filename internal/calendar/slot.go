package calendar

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"arsring/internal/register"
)

// between gives the dates from one to another, both included, on which the expression holds, in order. The
// schedule runs in UTC over civil dates, where no hour is missing or double.
func (o opener) between(from, to day) []day {
	var out []day
	for t := from.utc().Add(-time.Second); ; {
		t = o.schedule.Next(t)
		if t.IsZero() {
			return out
		}
		d := on(t, time.UTC)
		if d > to {
			return out
		}
		out = append(out, d)
		t = (d + 1).utc().Add(-time.Second)
	}
}

func (r *rule) between(from, to day) []day {
	var out []day
	for _, o := range r.openings {
		out = append(out, o.between(from, to)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ruleFor gives the rule of an account's group; an unknown group has the normal one.
func (c *Calendar) ruleFor(group string) *rule {
	if r, ok := c.groups[group]; ok && group != "" {
		return r
	}
	return c.normal
}

// own is an account's place in every window. It depends on nothing but tenant and ID, so it stays the same whatever accounts come and go:
// the first eight bytes of SHA-256("tenant/id"), big endian, divided in turn by days, hours and sixty minutes.
type own struct {
	offset       day
	hour, minute int
}

func (c *Calendar) own(a *register.Account, r *rule) own {
	var buf [128]byte
	b := append(append(append(buf[:0], a.Tenant...), '/'), a.ID...)
	sum := sha256.Sum256(b)
	n := binary.BigEndian.Uint64(sum[:8])
	o := own{offset: day(n % uint64(r.window))}
	n /= uint64(r.window)
	o.hour = c.hourFrom + int(n%uint64(c.hours))
	o.minute = int(n / uint64(c.hours) % 60)
	return o
}

// Date is one account's place in one window.
type Date struct {
	Tenant  string    `json:"tenant"`
	Account string    `json:"account"`
	Slot    string    `json:"slot"`   // the opening's date
	Opens   time.Time `json:"opens"`  // local midnight
	Closes  time.Time `json:"closes"` // local midnight after the window's last day
	At      time.Time `json:"at"`
}

// Year gives every account's dates in a year's windows, in the order of time. An account that has not begun by a window's end, or has
// ended at its own time in it, has none there.
func (c *Calendar) Year(accounts []register.Account, year int) []Date {
	days := map[*rule][]day{}
	var out []Date
	for i := range accounts {
		a := &accounts[i]
		r := c.ruleFor(a.Group)
		if _, done := days[r]; !done {
			days[r] = r.between(dayOf(year, 1, 1), dayOf(year, 12, 31))
		}
		o := c.own(a, r)
		for _, open := range days[r] {
			if life := lifeOf(a); life.from >= open+r.window || life.to <= max(open+o.offset, life.from) {
				continue
			}
			d := c.date(a, r, o, open)
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b Date) int { return a.At.Compare(b.At) })
	return out
}

// date places an account in a window; one that begins after its own day is taken on its first.
func (c *Calendar) date(a *register.Account, r *rule, o own, open day) Date {
	d := max(open+o.offset, lifeOf(a).from)
	return Date{
		Tenant: a.Tenant, Account: a.ID, Slot: open.String(),
		Opens: open.at(0, 0, c.loc), Closes: (open + r.window).at(0, 0, c.loc), At: d.at(o.hour, o.minute, c.loc),
	}
}

// life is the span of dates in which an account exists: from included, to excluded.
type life struct{ from, to day }

const (
	always day = -1 << 30
	never  day = 1 << 30
)

func lifeOf(a *register.Account) life {
	l := life{always, never}
	if d, ok := parseDay(a.Since); ok {
		l.from = d
	}
	if d, ok := parseDay(a.Until); ok {
		l.to = d
	}
	if _, remove, ok := noticeOf(a); ok {
		l.to = min(l.to, remove)
	}
	return l
}

// Window is one window of one group.
type Window struct {
	Group  string    `json:"group"` // empty for accounts without a group
	Slot   string    `json:"slot"`
	Opens  time.Time `json:"opens"`
	Closes time.Time `json:"closes"`
}

// Windows gives the windows that open in a year, in the order of time.
func (c *Calendar) Windows(year int) []Window {
	rules := []*rule{c.normal}
	for _, g := range c.groups {
		rules = append(rules, g)
	}
	var out []Window
	for _, r := range rules {
		for _, open := range r.between(dayOf(year, 1, 1), dayOf(year, 12, 31)) {
			out = append(out, Window{r.group, open.String(), open.at(0, 0, c.loc), (open + r.window).at(0, 0, c.loc)})
		}
	}
	slices.SortFunc(out, func(a, b Window) int {
		if n := a.Opens.Compare(b.Opens); n != 0 {
			return n
		}
		return slices.Compare([]string{a.Group}, []string{b.Group})
	})
	return out
}
