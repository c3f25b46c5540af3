package calendar

import (
	"fmt"
	"time"
)

// moment writes a time as people in each language read it.
func (q *question) moment(t time.Time) (sv, en string) {
	t = t.In(q.c.loc)
	return t.Format("2006-01-02 kl. 15.04"), t.Format("2006-01-02 at 15:04")
}

func (q *question) date(t time.Time) string { return t.In(q.c.loc).Format(time.DateOnly) }

// last is the window's last day: Closes is the midnight after it.
func (q *question) last(d *Decision) string { return q.date(d.Closes.Add(-time.Hour)) }

// explain puts the decision into words.
func (q *question) explain(d *Decision, a *account) {
	if d.Trigger == TriggerClosure {
		d.Why = q.whyClosure(d)
	} else {
		d.Why = q.whyScheduled(d, a)
	}
	d.Why = joined(d.Why, q.whyHeld(d, a))
	for _, m := range d.Missed {
		if d.Trigger == TriggerScheduled {
			d.Why = joined(d.Why, Text{fmt.Sprintf("Fönstret som öppnade %s gick förlorat.", m), fmt.Sprintf("The window that opened on %s was missed.", m)})
		}
	}
}

func joined(a, b Text) Text {
	if b.SV == "" {
		return a
	}
	return Text{a.SV + " " + b.SV, a.EN + " " + b.EN}
}

func (q *question) whyScheduled(d *Decision, a *account) Text {
	atSV, atEN := q.moment(d.At)
	nextSV, nextEN := q.moment(d.Next)
	if d.Next.IsZero() {
		nextSV, nextEN = "inte alls", "not at all"
	}
	switch d.Status {
	case StatusEnded:
		return Text{fmt.Sprintf("Kontot upphörde %s.", q.date(d.Since)), fmt.Sprintf("The account ended on %s.", q.date(d.Since))}
	case StatusNotBegun:
		return Text{fmt.Sprintf("Kontot börjar %s och tas första gången %s.", a.life.from, nextSV), fmt.Sprintf("The account begins on %s and is first taken on %s.", a.life.from, nextEN)}
	case StatusWaiting:
		if d.Slot == "" {
			return Text{"Kontot upphör före sin dag i nästa fönster.", "The account ends before its day in the next window."}
		}
		return Text{fmt.Sprintf("Kontots dag i fönstret %s till %s är %s.", q.date(d.Opens), q.last(d), nextSV), fmt.Sprintf("The account's day in the window %s to %s is %s.", q.date(d.Opens), q.last(d), nextEN)}
	case StatusDue:
		return Text{fmt.Sprintf("Fönstret är öppet till och med %s och kontots dag kom %s.", q.last(d), atSV), fmt.Sprintf("The window is open through %s and the account's day came on %s.", q.last(d), atEN)}
	case StatusOverdue:
		return Text{fmt.Sprintf("Fönstret %s till %s gick utan ögonblicksbild; den tas i efterhand.", q.date(d.Opens), q.last(d)), fmt.Sprintf("The window %s to %s passed without a snapshot; it is taken late.", q.date(d.Opens), q.last(d))}
	}
	return q.whyKept(d, nextSV, nextEN)
}

func (q *question) whyKept(d *Decision, nextSV, nextEN string) Text {
	sv, en := "Bevarat", "Kept on"
	if d.Status == StatusPartial {
		sv, en = "Delvis bevarat", "Partly kept on"
	}
	t := Text{fmt.Sprintf("%s %s", sv, q.date(d.Since)), fmt.Sprintf("%s %s", en, q.date(d.Since))}
	if d.Late {
		t = Text{t.SV + ", i efterhand", t.EN + ", late"}
	}
	return Text{fmt.Sprintf("%s; nästa gång %s.", t.SV, nextSV), fmt.Sprintf("%s; next %s.", t.EN, nextEN)}
}

func (q *question) whyClosure(d *Decision) Text {
	remove := q.date(d.Closes)
	nextSV, nextEN := q.moment(d.Next)
	switch d.Status {
	case StatusKept:
		return Text{fmt.Sprintf("Kontot tas bort %s; ögonblicksbilden inför avslutet togs %s.", remove, q.date(d.Since)), fmt.Sprintf("The account is removed on %s; the snapshot before its closure was taken on %s.", remove, q.date(d.Since))}
	case StatusPartial:
		return Text{fmt.Sprintf("Kontot tas bort %s, men ögonblicksbilden inför avslutet (%s) är inte fullständig: ta en ny.", remove, q.date(d.Since)), fmt.Sprintf("The account is removed on %s, but the snapshot before its closure (%s) is not complete: take another.", remove, q.date(d.Since))}
	case StatusEnded:
		return Text{"Kontot upphörde utan ögonblicksbild inför avslutet.", "The account ended without a snapshot before its closure."}
	case StatusWaiting:
		return Text{fmt.Sprintf("Kontot tas bort %s; ögonblicksbilden inför avslutet tas %s.", remove, nextSV), fmt.Sprintf("The account is removed on %s; the snapshot before its closure is taken on %s.", remove, nextEN)}
	case StatusOverdue:
		return Text{fmt.Sprintf("Kontot skulle tas bort %s utan att ögonblicksbilden inför avslutet finns: ta inte bort det än.", remove), fmt.Sprintf("The account was to be removed on %s without a snapshot before its closure: do not remove it yet.", remove)}
	}
	return Text{fmt.Sprintf("Kontot tas bort %s; ögonblicksbilden inför avslutet tas nu.", remove), fmt.Sprintf("The account is removed on %s; the snapshot before its closure is taken now.", remove)}
}

// whyHeld says why something due is not taken now.
func (q *question) whyHeld(d *Decision, a *account) Text {
	nextSV, nextEN := q.moment(d.Next)
	switch d.Hold {
	case HoldQueued:
		return queuedText(a.Queued[d.Slot])
	case HoldPaused:
		t := Text{"Kontot är pausat tills vidare", "The account is paused until further notice"}
		if !d.Next.IsZero() {
			t = Text{"Kontot är pausat till " + nextSV, "The account is paused until " + nextEN}
		}
		if a.Paused.Reason != "" {
			t = Text{t.SV + ": " + a.Paused.Reason, t.EN + ": " + a.Paused.Reason}
		}
		return Text{t.SV + ".", t.EN + "."}
	case HoldForbidden:
		name, _ := q.c.forbiddenOn(q.today)
		return Text{fmt.Sprintf("Det väntar på att den förbjudna tiden %s tar slut, till %s.", name, nextSV), fmt.Sprintf("It waits for the forbidden period %s to end, until %s.", name, nextEN)}
	case HoldHour:
		return Text{fmt.Sprintf("Det tas %s.", nextSV), fmt.Sprintf("It is taken on %s.", nextEN)}
	}
	return Text{}
}

func queuedText(state string) Text {
	switch state {
	case "running":
		return Text{"Den tas just nu.", "It is being taken now."}
	case "needs-person":
		return Text{"Jobbet väntar på en person.", "Its job waits for a person."}
	case "given-up":
		return Text{"Jobbet har gett upp: beställ en ny ögonblicksbild eller försök igen.", "Its job has given up: order a new snapshot, or retry."}
	}
	return Text{"Jobbet står i kö.", "Its job is queued."}
}
