package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"arsring/internal/access"
	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
)

// standing is one account as the overview and the list of accounts show it.
type standing struct {
	Account  register.Account
	Decision calendar.Decision
	Last     *lastKept
	Valid    bool // this half-year has a complete one, stored and read back
	Partial  bool // this half-year has only one with something missing
	Count    int
	Paused   *access.Pause
	Job      *Job // one that has not ended
}

// lastKept is the snapshot that decides how an account stands: this half-year's, else the latest complete one, else the latest.
type lastKept struct {
	ID      string
	Taken   time.Time
	Outcome capture.Outcome
}

type overviewData struct {
	Half                        string
	Lacking                     []standing // the most urgent
	Lacks, Partial, Login, Kept int
	All                         int
	Next                        *calendar.Window
	Open                        *calendar.Window
	Recent                      []catalog.Snapshot
	Jobs                        []Job
	Store                       string
	StoreOK                     bool
	Snapshots                   int
	Bytes                       int64
	NoReceipt                   int
	Proposals                   int
}

// mostLacking is how many accounts without a valid snapshot the overview names; the others stand in the list of accounts.
const mostLacking = 40

// half names the half-year of a time: "2026, andra halvåret".
func (q *ask) half(t time.Time) string {
	t = t.In(register.Location())
	if t.Month() < time.July {
		return t.Format("2006") + q.t(", första halvåret", ", first half-year")
	}
	return t.Format("2006") + q.t(", andra halvåret", ", second half-year")
}

// halfStart is the local midnight with which the half-year of t begins.
func halfStart(t time.Time) time.Time {
	t = t.In(register.Location())
	m := time.January
	if t.Month() >= time.July {
		m = time.July
	}
	return time.Date(t.Year(), m, 1, 0, 0, 0, 0, register.Location())
}

func wide(s Snapshot) bool { return s.Trigger != "evidence" && s.Trigger != "ingest" }

// glance is what the catalogue and the calendar say about the accounts that the asker may see.
type glance struct {
	all       []standing
	recent    []catalog.Snapshot
	snapshots int
	bytes     int64
	noReceipt int
	jobs      []Job
}

// standings are the accounts that the asker may see, with how each stands now.
func (q *ask) standings() ([]standing, error) {
	g, err := q.glance(anyAccount)
	return g.all, err
}

func anyAccount(register.Account) bool { return true }

// glance looks at the accounts that are wanted.
func (q *ask) glance(want func(register.Account) bool) (glance, error) {
	var g glance
	reg, err := q.o.Accounts.Current()
	if err != nil {
		return g, err
	}
	var accounts []register.Account
	at := map[[2]string]int{}
	for _, a := range reg.Accounts {
		if q.seesAccount(a) && want(a) {
			at[[2]string{a.Tenant, a.ID}] = len(accounts)
			accounts = append(accounts, a)
		}
	}
	g.all = make([]standing, len(accounts))
	for i, a := range accounts {
		g.all[i].Account = a
	}
	due, err := q.o.Year.Due(q.ctx())
	if err != nil {
		return g, err
	}
	for _, d := range due {
		if i, ok := at[[2]string{d.Tenant, d.Account}]; ok && (g.all[i].Decision.Account == "" || d.Trigger == calendar.TriggerScheduled) {
			g.all[i].Decision = d
		}
	}
	for _, sc := range q.scopes(reg) {
		if err := q.look(&g, sc, at); err != nil {
			return g, err
		}
	}
	slices.SortStableFunc(g.recent, func(a, b catalog.Snapshot) int { return b.Taken.Compare(a.Taken) })
	return g, q.people(&g, at)
}

// look asks the catalogue about the accounts of the tenants of one scope.
func (q *ask) look(g *glance, sc catalog.Scope, at map[[2]string]int) error {
	var accounts []register.Account
	for _, st := range g.all {
		if slices.Contains(sc.Tenants, st.Account.Tenant) {
			accounts = append(accounts, st.Account)
		}
	}
	o, err := q.o.Search.Overview(q.ctx(), sc, accounts, q.o.Now())
	if err != nil {
		return err
	}
	var only catalog.Filter
	if len(accounts) == 1 {
		only.Tenant, only.Account = accounts[0].Tenant, accounts[0].ID
	}
	sums, err := q.o.Search.Accounts(q.ctx(), sc, only)
	if err != nil {
		return err
	}
	g.recent, g.snapshots, g.bytes, g.noReceipt = append(g.recent, o.Recent...), g.snapshots+o.Totals.Snapshots, g.bytes+o.Totals.Bytes, g.noReceipt+o.NoReceipt
	for _, a := range sums {
		if i, ok := at[[2]string{a.Tenant, a.Account}]; ok {
			st := &g.all[i]
			st.Count, st.Last = a.Snapshots, &lastKept{a.LastID, a.Last, a.LastOutcome}
			if a.ValidID != "" {
				st.Last = &lastKept{a.ValidID, a.Valid, capture.Complete}
			}
		}
	}
	for _, s := range o.Standing {
		if s.Latest == nil {
			continue
		}
		st := &g.all[at[[2]string{s.Account.Tenant, s.Account.ID}]]
		st.Last = &lastKept{s.Latest.ID, s.Latest.Taken, s.Latest.Outcome}
		st.Valid, st.Partial = s.State == catalog.StateValid && s.Latest.Receipt, s.State == catalog.StatePartial
	}
	return nil
}

// people adds what people have decided and ordered.
func (q *ask) people(g *glance, at map[[2]string]int) error {
	pauses, err := q.o.Pauses.Pauses(q.ctx())
	if err != nil {
		return err
	}
	for i, p := range pauses {
		if k, ok := at[[2]string{p.Tenant, p.Account}]; ok {
			g.all[k].Paused = &pauses[i]
		}
	}
	if g.jobs, err = q.jobs(); err != nil {
		return err
	}
	for i, j := range g.jobs {
		if k, ok := at[[2]string{j.Order.Tenant, j.Order.Account}]; ok && !j.Ended {
			g.all[k].Job = &g.jobs[i]
		}
	}
	return nil
}

// visible lists the snapshots that the asker may see.
func (q *ask) visible(tenant, account string) ([]Snapshot, error) {
	all, err := q.o.Archive.Snapshots(q.ctx(), tenant, account)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(s Snapshot) bool { return !q.sees(s.Tenant, s.Class) }), nil
}

// jobs lists the orders of the tenants that the asker may see.
func (q *ask) jobs() ([]Job, error) {
	all, err := q.o.Orders.Jobs(q.ctx())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	r, err := q.o.Accounts.Current()
	if err != nil {
		r = &register.Register{}
	}
	return slices.DeleteFunc(slices.Clone(all), func(j Job) bool { return !q.seesJobIn(r, j) }), nil
}

// seesJob: an order is seen by those who may see what it makes.
func (q *ask) seesJob(j Job) bool {
	r, err := q.o.Accounts.Current()
	if err != nil {
		r = &register.Register{}
	}
	return q.seesJobIn(r, j)
}

func (q *ask) seesJobIn(r *register.Register, j Job) bool {
	class := register.ClassOpen
	if a, ok := r.ByID(j.Order.Tenant, j.Order.Account); ok {
		class = a.Class
	}
	if class == register.ClassOpen && j.Order.Trigger == "evidence" {
		class = register.ClassReview
	}
	return q.actor.May(j.Order.Tenant, access.Reader) && q.actor.MaySee(j.Order.Tenant, class)
}

func (q *ask) overview() error {
	d, err := q.atAGlance()
	if err != nil {
		return err
	}
	d.Store, d.Recent, d.Lacking = q.o.Archive.Location(), d.Recent[:min(len(d.Recent), 8)], d.Lacking[:min(len(d.Lacking), mostLacking)]
	d.windows(q.o.Year, q.o.Now())
	if q.actor.MaySomewhere(access.Admin) {
		waiting, err := q.proposals("waiting")
		if err != nil {
			return err
		}
		d.Proposals = len(waiting)
	}
	return q.render(http.StatusOK, "overview", q.t("Översikt", "Overview"), d)
}

// atAGlance is this half-year in sums, with every account that lacks a valid snapshot, the most urgent first.
func (q *ask) atAGlance() (overviewData, error) {
	g, err := q.glance(anyAccount)
	if err != nil {
		return overviewData{}, err
	}
	d := overviewData{Half: q.half(q.o.Now()), StoreOK: q.o.Archive.Healthy(q.ctx()) == nil, Snapshots: g.snapshots, Bytes: g.bytes, NoReceipt: g.noReceipt, Recent: g.recent,
		Jobs: slices.DeleteFunc(g.jobs, func(j Job) bool { return j.Ended })}
	for i := range g.all {
		d.place(&g.all[i])
	}
	d.Lacks = len(d.Lacking)
	slices.SortStableFunc(d.Lacking, func(a, b standing) int { return urgency(a) - urgency(b) })
	return d, nil
}

// proposals lists the reported accounts of a state in the tenants that the asker administers.
func (q *ask) proposals(state string) ([]access.Proposal, error) {
	all, err := q.o.State.Proposals(q.ctx(), state)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(p access.Proposal) bool { return !q.actor.May(p.Tenant, access.Admin) }), nil
}

func urgency(st standing) int {
	switch {
	case st.Decision.Status == calendar.StatusOverdue:
		return 0
	case st.Last == nil:
		return 1
	case st.Decision.Status == calendar.StatusDue:
		return 2
	}
	return 3
}

// place puts an account into its part of the overview.
func (d *overviewData) place(st *standing) {
	if st.Decision.Status == calendar.StatusEnded || st.Decision.Status == calendar.StatusNotBegun {
		return
	}
	d.All++
	if st.Job != nil && st.Job.State == "needs-person" {
		d.Login++
	}
	switch {
	case st.Valid:
		d.Kept++
		return
	case st.Partial:
		d.Partial++
	}
	d.Lacking = append(d.Lacking, *st)
}

// windows finds the window that is open, and the next.
func (d *overviewData) windows(y Year, now time.Time) {
	year := now.In(register.Location()).Year()
	for _, w := range slices.Concat(y.Windows(year), y.Windows(year+1)) {
		if w.Group != "" {
			continue
		}
		switch {
		case !now.Before(w.Opens) && now.Before(w.Closes):
			d.Open = &w
		case now.Before(w.Opens) && d.Next == nil:
			d.Next = &w
		}
	}
}

// matches reports whether one of the texts contains what was looked for, whatever the case.
func matches(look string, in ...string) bool {
	look = strings.ToLower(strings.TrimSpace(look))
	return look == "" || slices.ContainsFunc(in, func(s string) bool { return strings.Contains(strings.ToLower(s), look) })
}
