package calendar

import (
	"time"
)

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
		q.open(&d, &a)
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
func (q *question) open(d *Decision, a *account) {
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
