package calendar

import (
	"time"

	"arsring/internal/register"
)

// Kept is one snapshot that the archive holds of an account.
type Kept struct {
	ID       string
	Trigger  string // "scheduled", "manual", "closure", "evidence" or "ingest"
	Slot     string // the slot that a scheduled one was taken for; empty otherwise
	Complete bool   // outcome complete, and the whole account
	At       time.Time
	// WantedFrom is the start of the period it was asked to cover; nil for everything.
	WantedFrom *time.Time
}

// Pause is a person's decision that the calendar leaves an account alone.
type Pause struct {
	Until  time.Time // zero: until further notice
	Reason string
}

// Standing is how one account stands at a moment.
type Standing struct {
	Account register.Account
	Kept    []Kept // in any order; only the last years matter
	// Known is when the account came into the register; zero when it has always been there. Windows that had closed by then are not demanded.
	Known time.Time
	// Queued gives the state of the job of a slot ("waiting", "running", "needs-person", "given-up"); such a slot is not ordered again.
	Queued map[string]string
	Paused *Pause
}

// Status is how an account stands to its slot.
type Status string

// The statuses.
const (
	StatusKept     Status = "kept"      // the slot is filled by a complete snapshot
	StatusPartial  Status = "partial"   // the slot is filled, but something is missing in the snapshot
	StatusWaiting  Status = "waiting"   // its day has not come
	StatusDue      Status = "due"       // its day has come and the window is open
	StatusOverdue  Status = "overdue"   // the window has passed without a snapshot
	StatusNotBegun Status = "not-begun" // the account begins later
	StatusEnded    Status = "ended"     // the account has ended
)

// Hold is why a due or overdue snapshot is not ordered now.
type Hold string

// The holds.
const (
	HoldNone      Hold = ""
	HoldQueued    Hold = "queued"    // its job is there already
	HoldPaused    Hold = "paused"    // a person has paused the account
	HoldForbidden Hold = "forbidden" // a forbidden period
	HoldHour      Hold = "hour"      // a day that many share: each at its own hour
)

// Triggers that the calendar orders, as the jobs name them.
const (
	TriggerScheduled = "scheduled"
	TriggerClosure   = "closure"
)

// Decision is what holds for one account and slot.
type Decision struct {
	Tenant  string `json:"tenant"`
	Account string `json:"account"`
	Trigger string `json:"trigger"`
	Slot    string `json:"slot"` // the opening's date, or "closure-<date of removal>"; empty when there is none yet
	Status  Status `json:"status"`
	Take    bool   `json:"take"` // order it now
	Late    bool   `json:"late"` // to be marked so
	Hold    Hold   `json:"hold,omitempty"`
	// Opens and Closes bound the window; At is the account's own time in it.
	Opens  time.Time `json:"opens,omitzero"`
	Closes time.Time `json:"closes,omitzero"`
	At     time.Time `json:"at,omitzero"`
	// Since is when it became due, overdue or kept; zero while waiting.
	Since time.Time `json:"since,omitzero"`
	// Next is when the calendar will next take one; zero when now, or never.
	Next time.Time `json:"next,omitzero"`
	// KeptID is the snapshot that fills the slot.
	KeptID string `json:"kept_id,omitempty"`
	// Missed lists earlier slots that never got a snapshot.
	Missed []string `json:"missed,omitempty"`

	words words
}

// words are what Why needs besides the decision. Sentences are made when somebody reads them: the tick asks ten thousand times and reads none.
type words struct {
	begins    day    // first day of an account that has not begun
	forbidden string // name of the forbidden period that holds it
	reason    string // of the pause
	state     string // of the job
}

// Due makes a calendar of the settings and asks it; see Calendar.Due.
func Due(s Settings, standings []Standing, now time.Time) ([]Decision, error) {
	c, err := New(s)
	if err != nil {
		return nil, err
	}
	return c.Due(standings, now), nil
}

// Due decides for every account, in the order given: one decision on its slot, and one on its closure where one is announced. Asking twice
// gives the same answer; whoever orders must make the slot unique among jobs.
func (c *Calendar) Due(standings []Standing, now time.Time) []Decision {
	q := question{c: c, now: now, today: on(now, c.loc), slots: map[*rule]*slots{}}
	q.forbidden, q.isForbidden = c.forbiddenOn(q.today)
	_, q.wasForbidden = c.forbiddenOn(q.today - 1)
	out := make([]Decision, 0, len(standings))
	for i := range standings {
		s := &standings[i]
		out = append(out, q.scheduled(s))
		if d, ok := q.closure(s); ok {
			out = append(out, d)
		}
	}
	return out
}

// question is one asking: the moment, and the openings around it by rule.
type question struct {
	c     *Calendar
	now   time.Time
	today day
	slots map[*rule]*slots

	forbidden    string // name of the forbidden period of today
	isForbidden  bool
	wasForbidden bool // yesterday
}

// slots are a rule's openings in the years around today.
type slots struct {
	days   []day
	names  []string
	opens  []time.Time // local midnights
	closes []time.Time
	now    int // index of the last opening up to today; -1 when there is none
}

// horizon is how far back and ahead openings are looked at: further than any rule's longest step, 29 February apart.
const horizon = 4*366 + 1

func (q *question) slotsOf(r *rule) *slots {
	if s, ok := q.slots[r]; ok {
		return s
	}
	s := &slots{days: r.between(q.today-horizon, q.today+horizon), now: -1}
	for i, d := range s.days {
		s.names = append(s.names, d.String())
		s.opens = append(s.opens, d.at(0, 0, q.c.loc))
		s.closes = append(s.closes, (d+r.window).at(0, 0, q.c.loc))
		if d <= q.today {
			s.now = i
		}
	}
	q.slots[r] = s
	return s
}

// account is one account's view of the openings.
type account struct {
	*Standing
	loc   *time.Location
	r     *rule
	o     own
	life  life
	known day
	slots *slots
}

func (q *question) accountOf(s *Standing) account {
	r := q.c.ruleFor(s.Account.Group)
	a := account{Standing: s, loc: q.c.loc, r: r, o: q.c.own(&s.Account, r), life: lifeOf(&s.Account), known: always, slots: q.slotsOf(r)}
	if !s.Known.IsZero() {
		a.known = on(s.Known, q.c.loc)
	}
	return a
}

// has reports whether the account owes a snapshot for the opening.
func (a *account) has(i int) bool {
	if i < 0 || i >= len(a.slots.days) {
		return false
	}
	open := a.slots.days[i]
	return a.life.from < open+a.r.window && a.life.to > a.day(i) && a.known < open+a.r.window
}

// day is the account's own day in a window; one that begins later is taken on its first day.
func (a *account) day(i int) day { return max(a.slots.days[i]+a.o.offset, a.life.from) }

func (q *question) scheduled(s *Standing) Decision {
	a := q.accountOf(s)
	d := Decision{Tenant: s.Account.Tenant, Account: s.Account.ID, Trigger: TriggerScheduled}
	i := a.slots.now
	switch {
	case a.life.to <= q.today:
		d.Status, d.Since = StatusEnded, a.life.to.at(0, 0, q.c.loc)
		return d
	case !a.has(i):
		d.Status = StatusWaiting
		if a.life.from > q.today {
			d.Status, d.words.begins = StatusNotBegun, a.life.from
		}
		q.next(&d, &a, i)
		if !d.Next.IsZero() {
			q.place(&d, &a, a.indexAt(d.Slot))
		}
		return d
	}
	q.place(&d, &a, i)
	if k := a.filler(i); k != nil {
		q.kept(&d, &a, k, i)
	} else {
		q.open(&d, &a, i)
	}
	if i > 0 && a.has(i-1) && a.watched(i-1) && a.filler(i-1) == nil {
		d.Missed = []string{a.slots.names[i-1]}
	}
	return d
}

// watched reports whether the register or the archive knew the account while the window was open; before that nothing was missed.
func (a *account) watched(i int) bool {
	if a.known != always {
		return true
	}
	for _, k := range a.Kept {
		if on(k.At, a.loc) < a.slots.days[i]+a.r.window {
			return true
		}
	}
	return false
}

func (a *account) indexAt(slot string) int {
	for i, n := range a.slots.names {
		if n == slot {
			return i
		}
	}
	return -1
}

// place writes the window and the account's own time into the decision.
func (q *question) place(d *Decision, a *account, i int) {
	open := a.slots.days[i]
	d.Slot = a.slots.names[i]
	d.Opens, d.Closes = open.at(0, 0, q.c.loc), (open+a.r.window).at(0, 0, q.c.loc)
	d.At = a.day(i).at(a.o.hour, a.o.minute, q.c.loc)
}

// next finds the account's own time in the first window after the i-th that it has.
func (q *question) next(d *Decision, a *account, i int) {
	for j := i + 1; j < len(a.slots.days); j++ {
		if a.has(j) {
			if d.Slot == "" {
				d.Slot = a.slots.names[j]
			}
			d.Next = a.day(j).at(a.o.hour, a.o.minute, q.c.loc)
			return
		}
	}
}

func (q *question) kept(d *Decision, a *account, k *Kept, i int) {
	d.Status, d.Since, d.KeptID = StatusKept, k.At, k.ID
	if !k.Complete {
		d.Status = StatusPartial
	}
	d.Late = !k.At.Before(d.Closes)
	q.next(d, a, i)
}

// open decides about a slot that nothing fills.
func (q *question) open(d *Decision, a *account, i int) {
	switch {
	case q.now.Before(d.At):
		d.Status, d.Next = StatusWaiting, d.At
		return
	case q.now.Before(d.Closes):
		d.Status, d.Since = StatusDue, d.At
	default:
		d.Status, d.Since, d.Late = StatusOverdue, d.Closes, true
		q.afterForbidden(d, a)
	}
	q.hold(d, a)
	d.Take = d.Hold == HoldNone
}

// afterForbidden holds an overdue snapshot through a forbidden period and, since many wait for the day after it, until its own hour then.
func (q *question) afterForbidden(d *Decision, a *account) {
	if q.isForbidden {
		d.Hold, d.words.forbidden = HoldForbidden, q.forbidden
		if first, ok := q.c.allowed(q.today); ok {
			d.Next = first.at(a.o.hour, a.o.minute, q.c.loc)
		}
		return
	}
	if q.wasForbidden {
		if at := q.today.at(a.o.hour, a.o.minute, q.c.loc); q.now.Before(at) {
			d.Hold, d.Next = HoldHour, at
		}
	}
}

// hold lets a person's pause and a job that is there already go before the calendar.
func (q *question) hold(d *Decision, a *account) {
	if p := a.Paused; p != nil && (p.Until.IsZero() || q.now.Before(p.Until)) {
		d.Hold, d.Next, d.words.reason = HoldPaused, p.Until, p.Reason
	}
	if state := a.Queued[d.Slot]; state != "" {
		d.Hold, d.Next, d.words.state = HoldQueued, time.Time{}, state
	}
}

// filler finds the snapshot that fills the i-th slot, a complete one before a partial.
//
// A scheduled one fills the slot it was taken for, also when partial: taking the same wall again each minute helps nobody, and it is reported.
// A complete manual or closure snapshot fills the slot in whose window, or late time after it, it was taken. Evidence and ingest fill none.
func (a *account) filler(i int) *Kept {
	var best *Kept
	for n := range a.Kept {
		k := &a.Kept[n]
		if i > 0 && k.At.Before(a.slots.opens[i-1]) { // older than the opening before: cannot be for this one
			continue
		}
		if !a.fills(k, i) {
			continue
		}
		if best == nil || k.Complete && !best.Complete || k.Complete == best.Complete && k.At.Before(best.At) {
			best = k
		}
	}
	return best
}

func (a *account) fills(k *Kept, i int) bool {
	switch k.Trigger {
	case TriggerScheduled:
		if k.Slot == a.slots.names[i] {
			return true
		}
		return a.indexAt(k.Slot) < 0 && a.nearest(k) == i
	case "manual", TriggerClosure:
		if !k.Complete {
			return false
		}
		d := on(k.At, a.loc)
		return a.slots.days[i] <= d && (i+1 == len(a.slots.days) || d < a.slots.days[i+1])
	}
	return false
}

// nearest gives the opening nearest to a scheduled snapshot whose own slot is no opening any more: when opening days are
// moved in the settings, what has been taken counts for the moved ones, and nothing is taken twice.
func (a *account) nearest(k *Kept) int {
	d, ok := parseDay(k.Slot)
	if !ok {
		d = on(k.At, a.loc)
	}
	best, distance := -1, never
	for i, open := range a.slots.days {
		if x := max(open-d, d-open); x < distance {
			best, distance = i, x
		}
	}
	return best
}
