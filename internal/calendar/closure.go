package calendar

import (
	"time"

	"arsring/internal/register"
)

// closureDays is how long before an announced removal the closure snapshot is taken: late enough to hold what people answered to
// the announcement, early enough to be taken again when a page does not answer.
const closureDays = 7

// noticeOf gives the days of an announced closure; ok is false without one or with broken dates.
func noticeOf(a *register.Account) (told, remove day, ok bool) {
	if a.Notice == nil {
		return 0, 0, false
	}
	told, ok1 := parseDay(a.Notice.Date)
	remove, ok2 := parseDay(a.Notice.Remove)
	return told, remove, ok1 && ok2
}

// closure decides about the snapshot before an announced removal. It is taken on any day, forbidden periods included, after the announcement and
// before the removal; once that day has come it is overdue, and still tried until the register says that the account has ended.
func (q *question) closure(s *Standing) (Decision, bool) {
	told, remove, ok := noticeOf(&s.Account)
	if !ok {
		return Decision{}, false
	}
	start := min(max(told+1, remove-closureDays), max(remove-1, told))
	r := q.c.ruleFor(s.Account.Group)
	o := q.c.own(&s.Account, r)
	d := Decision{
		Tenant: s.Account.Tenant, Account: s.Account.ID, Trigger: TriggerClosure, Slot: "closure-" + remove.String(),
		Opens: start.at(0, 0, q.c.loc), Closes: remove.at(0, 0, q.c.loc), At: start.at(o.hour, o.minute, q.c.loc),
	}
	a := account{Standing: s, loc: q.c.loc}
	until, ends := parseDay(s.Account.Until)
	switch k := closureKept(s.Kept, told, q.c.loc); {
	case k != nil:
		d.Status, d.Since, d.KeptID, d.Late = StatusKept, k.At, k.ID, !k.At.Before(d.Closes)
		if !k.Complete {
			d.Status = StatusPartial
		}
	case ends && until <= q.today:
		d.Status, d.Missed = StatusEnded, []string{d.Slot}
	case q.now.Before(d.At):
		d.Status, d.Next = StatusWaiting, d.At
	default:
		d.Status, d.Since = StatusDue, d.At
		if !q.now.Before(d.Closes) {
			d.Status, d.Since, d.Late = StatusOverdue, d.Closes, true
		}
		q.hold(&d, &a)
		d.Take = d.Hold == HoldNone
	}
	return d, true
}

// closureKept finds the closure snapshot taken since the announcement, a complete one before a partial.
func closureKept(kept []Kept, told day, loc *time.Location) *Kept {
	var best *Kept
	for i := range kept {
		k := &kept[i]
		if k.Trigger != TriggerClosure || on(k.At, loc) < told {
			continue
		}
		if best == nil || k.Complete && !best.Complete {
			best = k
		}
	}
	return best
}
