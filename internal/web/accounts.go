package web

import (
	"net/http"
	"net/url"
	"slices"
	"sort"
	"time"

	"arsring/internal/access"
	"arsring/internal/calendar"
	"arsring/internal/register"
)

type accountsData struct {
	Rows      []standing
	All       int
	Platforms [][2]string
	Units     [][2]string
	MayAdd    bool
	MayReport bool
	Tenants   bool // more than one
	Fit       int  // so many fit the filter; Rows is one page of them
	Leaf      leaf
}

// accountsPerPage is how many accounts one page of the list shows.
const accountsPerPage = 100

// show names of the list's filter, in the order of its menu.
var shows = [][3]string{{"", "alla", "all"}, {"saknas", "saknar giltig ögonblicksbild", "lacking a valid snapshot"}, {"bevarade", "bevarade det här halvåret", "kept this half-year"}, {"avslutade", "avslutade", "ended"}}

func (q *ask) accounts() error {
	all, err := q.standings()
	if err != nil {
		return err
	}
	v := q.r.URL.Query()
	d := accountsData{All: len(all), Platforms: [][2]string{{"", q.t("alla", "all")}}, Units: [][2]string{{"", q.t("alla", "all")}},
		MayAdd: q.actor.MaySomewhere(access.Archivist), MayReport: q.actor.MaySomewhere(access.Officer)}
	d.menus(all)
	for _, st := range all {
		a := st.Account
		if v.Get("plattform") != "" && v.Get("plattform") != a.Platform || v.Get("verksamhet") != "" && v.Get("verksamhet") != a.Unit || !shown(v.Get("visa"), st) ||
			!matches(v.Get("q"), a.Title, a.ID, a.URL, a.Unit, a.ArchiveCreator, a.Responsible.Name) {
			continue
		}
		d.Rows = append(d.Rows, st)
	}
	sort.SliceStable(d.Rows, func(i, j int) bool { return d.Rows[i].Account.Title < d.Rows[j].Account.Title })
	d.Fit = len(d.Rows)
	d.Leaf = leafOf(q.r.URL, atoi(v.Get("sida")), d.Fit, accountsPerPage)
	d.Rows = d.Rows[d.Leaf.From:d.Leaf.To]
	return q.renderPage(http.StatusOK, "accounts", page{Title: q.t("Konton", "Accounts"), Form: v, Data: d})
}

// menus collects what the filters can be set to.
func (d *accountsData) menus(all []standing) {
	seenP, seenU, seenT := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, st := range all {
		if p := st.Account.Platform; !seenP[p] {
			seenP[p] = true
			d.Platforms = append(d.Platforms, [2]string{p, platformName(p)})
		}
		if u := st.Account.Unit; !seenU[u] && u != "" {
			seenU[u] = true
			d.Units = append(d.Units, [2]string{u, clip(60, u)})
		}
		seenT[st.Account.Tenant] = true
	}
	d.Tenants = len(seenT) > 1
	slices.SortFunc(d.Units[1:], func(a, b [2]string) int { return cmpText(a[1], b[1]) })
	slices.SortFunc(d.Platforms[1:], func(a, b [2]string) int { return cmpText(a[1], b[1]) })
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func shown(show string, st standing) bool {
	ended := st.Decision.Status == calendar.StatusEnded
	switch show {
	case "saknas":
		return !st.Valid && !ended
	case "bevarade":
		return st.Valid
	case "avslutade":
		return ended
	}
	return true
}

// halfYear is one half-year of an account's line of time.
type halfYear struct {
	Name      string
	Snapshots []Snapshot
	None      bool // there should have been one
}

type accountData struct {
	standing
	Halves   []halfYear
	History  []register.Entry
	Period   *time.Time
	Sums     [3]int // snapshots, posts, comments
	MayOrder bool
	MayEdit  bool
	Warnings []string
}

func (q *ask) accountPage() error {
	a, err := q.account(q.r.PathValue("tenant"), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	return q.showAccount(http.StatusOK, a, nil, nil)
}

func (q *ask) showAccount(status int, a register.Account, form url.Values, errs map[string]string) error {
	g, err := q.glance(func(other register.Account) bool { return other.Tenant == a.Tenant && other.ID == a.ID })
	if err != nil {
		return err
	}
	if len(g.all) != 1 {
		return ErrNotFound
	}
	d := accountData{standing: g.all[0], MayOrder: q.MayOrder(a.Tenant), MayEdit: q.MayChange(a.Tenant)}
	snaps, err := q.visible(a.Tenant, a.ID)
	if err != nil {
		return err
	}
	for _, s := range snaps {
		d.Sums[0], d.Sums[1], d.Sums[2] = d.Sums[0]+1, d.Sums[1]+s.Posts, d.Sums[2]+s.Comments
	}
	d.Halves = q.halves(a, snaps)
	if d.History, err = q.o.Accounts.History(a.Tenant, a.ID); err != nil {
		return err
	}
	d.warn(q, a)
	return q.renderPage(status, "account", page{Title: a.Title, Data: d, Form: form, Errors: errs})
}

// warn says what the register lacks about the account.
func (d *accountData) warn(q *ask, a register.Account) {
	r, err := q.o.Accounts.Current()
	if err != nil {
		return
	}
	for _, p := range r.Warnings {
		if p.Account == a.ID || p.Account == a.Tenant+"/"+a.ID {
			d.Warnings = append(d.Warnings, q.label(p.Key)+" "+pair{p.SV, p.EN}.in(q.lang))
		}
	}
}

// halves puts an account's snapshots onto its line of time, the newest half-year first; half-years without any stand there too.
func (q *ask) halves(a register.Account, snaps []Snapshot) []halfYear {
	now := q.o.Now()
	first := halfStart(now)
	for _, s := range snaps {
		if h := halfStart(s.Taken); h.Before(first) {
			first = h
		}
	}
	var out []halfYear
	for at := halfStart(now); !at.Before(first) && len(out) < 80; at = halfStart(at.AddDate(0, 0, -1)) {
		h := halfYear{Name: q.half(at), None: true}
		for _, s := range snaps {
			if halfStart(s.Taken).Equal(at) {
				h.Snapshots = append(h.Snapshots, s)
				h.None = h.None && !wide(s)
			}
		}
		if until, ok := register.Day(a.Until); ok && until.Before(at) {
			h.None = false
		}
		out = append(out, h)
	}
	return out
}

// exportAccounts gives the list of accounts as a file, of the tenants in which the asker may change the register.
func (q *ask) exportAccounts() error {
	r, err := q.o.Accounts.Current()
	if err != nil {
		return err
	}
	var out []register.Account
	for _, a := range r.Accounts {
		if q.MayChange(a.Tenant) && q.seesAccount(a) {
			out = append(out, a)
		}
	}
	if err := q.note("", "download", "konton", q.r.PathValue("file")); err != nil {
		return err
	}
	switch q.r.PathValue("file") {
	case "konton.csv":
		q.attach("text/csv; charset=utf-8", "konton.csv")
		return register.WriteCSV(q.w, out)
	case "konton.xlsx":
		q.attach("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "konton.xlsx")
		return register.WriteXLSX(q.w, out)
	}
	return ErrNotFound
}

// attach says that what follows is a file to be kept, not a page to be shown.
func (q *ask) attach(mime, name string) {
	h := q.w.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Cache-Control", "no-store")
}
