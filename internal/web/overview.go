package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"arsring/internal/access"
	"arsring/internal/calendar"
	"arsring/internal/register"
)

// standing is one account as the overview and the list of accounts show it.
type standing struct {
	Account  register.Account
	Decision calendar.Decision
	Last     *Snapshot // newest account-wide one, complete or not
	Valid    bool      // this half-year has a complete one
	Count    int
	Paused   *access.Pause
	Job      *Job // one that has not ended
}

type overviewData struct {
	Half                                   string
	Lacking, Partial, Login, Kept, Waiting []standing
	All                                    int
	Next                                   *calendar.Window
	Open                                   *calendar.Window
	Forbidden                              string
	Recent                                 []Snapshot
	Jobs                                   []Job
	Store                                  string
	StoreOK                                bool
	Snapshots                              int
	Bytes                                  int64
	NoReceipt                              int
	Proposals                              int
	LastCheck                              *access.Event
}

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

// standings are the accounts that the asker may see, with how each stands now.
func (q *ask) standings() ([]standing, error) {
	reg, err := q.o.Accounts.Current()
	if err != nil {
		return nil, err
	}
	due, err := q.o.Year.Due(q.ctx())
	if err != nil {
		return nil, err
	}
	snaps, err := q.visible("", "")
	if err != nil {
		return nil, err
	}
	pauses, err := q.o.Pauses.Pauses(q.ctx())
	if err != nil {
		return nil, err
	}
	jobs, err := q.jobs()
	if err != nil {
		return nil, err
	}
	by := map[[2]string]*standing{}
	var out []*standing
	for _, a := range reg.Accounts {
		if q.seesAccount(a) {
			st := &standing{Account: a}
			out, by[[2]string{a.Tenant, a.ID}] = append(out, st), st
		}
	}
	for _, d := range due {
		if st := by[[2]string{d.Tenant, d.Account}]; st != nil && (st.Decision.Account == "" || d.Trigger == calendar.TriggerScheduled) {
			st.Decision = d
		}
	}
	q.count(by, snaps)
	for i, p := range pauses {
		if st := by[[2]string{p.Tenant, p.Account}]; st != nil {
			st.Paused = &pauses[i]
		}
	}
	for i, j := range jobs {
		if st := by[[2]string{j.Order.Tenant, j.Order.Account}]; st != nil && !j.Ended {
			st.Job = &jobs[i]
		}
	}
	all := make([]standing, len(out))
	for i, st := range out {
		all[i] = *st
	}
	return all, nil
}

func (q *ask) count(by map[[2]string]*standing, snaps []Snapshot) {
	from := halfStart(q.o.Now())
	for i, s := range snaps { // newest first
		st := by[[2]string{s.Tenant, s.Account}]
		if st == nil {
			continue
		}
		st.Count++
		if !wide(s) {
			continue
		}
		if st.Last == nil {
			st.Last = &snaps[i]
		}
		if s.Outcome == "complete" && s.Receipt && !s.Taken.Before(from) {
			st.Valid = true
		}
	}
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
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(j Job) bool { return !q.seesJob(j) }), nil
}

// seesJob: an order is seen by those who may see what it makes.
func (q *ask) seesJob(j Job) bool {
	class := register.ClassOpen
	if r, err := q.o.Accounts.Current(); err == nil {
		if a, ok := r.ByID(j.Order.Tenant, j.Order.Account); ok {
			class = a.Class
		}
	}
	if class == register.ClassOpen && j.Order.Trigger == "evidence" {
		class = register.ClassReview
	}
	return q.actor.May(j.Order.Tenant, access.Reader) && q.actor.MaySee(j.Order.Tenant, class)
}

func (q *ask) overview() error {
	all, err := q.standings()
	if err != nil {
		return err
	}
	now := q.o.Now()
	d := overviewData{Half: q.half(now), All: 0, Store: q.o.Archive.Location(), StoreOK: q.o.Archive.Healthy(q.ctx()) == nil}
	for _, st := range all {
		d.place(st)
	}
	slices.SortStableFunc(d.Lacking, func(a, b standing) int { return urgency(a) - urgency(b) })
	d.windows(q.o.Year, now)
	snaps, err := q.visible("", "")
	if err != nil {
		return err
	}
	d.Snapshots, d.Recent = len(snaps), snaps[:min(len(snaps), 8)]
	for _, s := range snaps {
		d.Bytes += s.Bytes
		if !s.Receipt {
			d.NoReceipt++
		}
	}
	if d.Jobs, err = q.jobs(); err != nil {
		return err
	}
	d.Jobs = slices.DeleteFunc(d.Jobs, func(j Job) bool { return j.Ended })
	if q.actor.MaySomewhere(access.Admin) {
		waiting, err := q.proposals("waiting")
		if err != nil {
			return err
		}
		d.Proposals = len(waiting)
	}
	return q.render(http.StatusOK, "overview", q.t("Översikt", "Overview"), d)
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
func (d *overviewData) place(st standing) {
	if st.Decision.Status == calendar.StatusEnded || st.Decision.Status == calendar.StatusNotBegun {
		return
	}
	d.All++
	if st.Job != nil && st.Job.State == "needs-person" {
		d.Login = append(d.Login, st)
	}
	switch {
	case st.Valid:
		d.Kept = append(d.Kept, st)
		return
	case st.Last != nil && st.Last.Outcome == "partial":
		d.Partial = append(d.Partial, st)
	}
	d.Lacking = append(d.Lacking, st)
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
