package calendar

import (
	"fmt"
	"time"
)

// moment writes a time as people in each language read it. Every time of a decision is in the calendar's zone.
func moment(t time.Time) Text {
	return Text{t.Format("2006-01-02 kl. 15.04"), t.Format("2006-01-02 at 15:04")}
}

func date(t time.Time) string { return t.Format(time.DateOnly) }

// last is the window's last day: Closes is the midnight after it.
func (d *Decision) last() string { return date(d.Closes.Add(-time.Hour)) }

// Why puts the decision into words: why it is due, since when, why not, and when next.
func (d Decision) Why() Text {
	var t Text
	if d.Trigger == TriggerClosure {
		t = d.whyClosure()
	} else {
		t = d.whyScheduled()
		for _, m := range d.Missed {
			t = joined(t, Text{fmt.Sprintf("Fönstret som öppnade %s gick förlorat.", m), fmt.Sprintf("The window that opened on %s was missed.", m)})
		}
	}
	return joined(t, d.whyHeld())
}

func joined(a, b Text) Text {
	if b.SV == "" {
		return a
	}
	return Text{a.SV + " " + b.SV, a.EN + " " + b.EN}
}

func (d *Decision) whyScheduled() Text {
	at, next := moment(d.At), moment(d.Next)
	if d.Next.IsZero() {
		next = Text{"inte alls", "not at all"}
	}
	switch d.Status {
	case StatusEnded:
		return Text{fmt.Sprintf("Kontot upphörde %s.", date(d.Since)), fmt.Sprintf("The account ended on %s.", date(d.Since))}
	case StatusNotBegun:
		if d.Next.IsZero() {
			return Text{fmt.Sprintf("Kontot börjar %s. Kalendern har ingen dag för det än.", d.words.begins), fmt.Sprintf("The account begins on %s. The calendar has no day for it yet.", d.words.begins)}
		}
		return Text{fmt.Sprintf("Kontot börjar %s och tas första gången %s.", d.words.begins, next.SV), fmt.Sprintf("The account begins on %s and is first taken on %s.", d.words.begins, next.EN)}
	case StatusWaiting:
		if d.Slot == "" {
			return Text{"Kontot upphör före sin dag i nästa fönster.", "The account ends before its day in the next window."}
		}
		return Text{fmt.Sprintf("Kontots dag i fönstret %s till %s är %s.", date(d.Opens), d.last(), next.SV), fmt.Sprintf("The account's day in the window %s to %s is %s.", date(d.Opens), d.last(), next.EN)}
	case StatusDue:
		return Text{fmt.Sprintf("Fönstret är öppet till och med %s och kontots dag kom %s.", d.last(), at.SV), fmt.Sprintf("The window is open through %s and the account's day came on %s.", d.last(), at.EN)}
	case StatusOverdue:
		return Text{fmt.Sprintf("Fönstret %s till %s gick utan ögonblicksbild; den tas i efterhand.", date(d.Opens), d.last()), fmt.Sprintf("The window %s to %s passed without a snapshot; it is taken late.", date(d.Opens), d.last())}
	}
	return d.whyKept(next)
}

func (d *Decision) whyKept(next Text) Text {
	sv, en := "Bevarat", "Kept on"
	if d.Status == StatusPartial {
		sv, en = "Delvis bevarat", "Partly kept on"
	}
	t := Text{fmt.Sprintf("%s %s", sv, date(d.Since)), fmt.Sprintf("%s %s", en, date(d.Since))}
	if d.Late {
		t = Text{t.SV + ", i efterhand", t.EN + ", late"}
	}
	return Text{fmt.Sprintf("%s; nästa gång %s.", t.SV, next.SV), fmt.Sprintf("%s; next %s.", t.EN, next.EN)}
}

func (d *Decision) whyClosure() Text {
	remove, next := date(d.Closes), moment(d.Next)
	switch d.Status {
	case StatusKept:
		return Text{fmt.Sprintf("Kontot tas bort %s; ögonblicksbilden inför avslutet togs %s.", remove, date(d.Since)), fmt.Sprintf("The account is removed on %s; the snapshot before its closure was taken on %s.", remove, date(d.Since))}
	case StatusPartial:
		return Text{fmt.Sprintf("Kontot tas bort %s, men ögonblicksbilden inför avslutet (%s) är inte fullständig: ta en ny.", remove, date(d.Since)), fmt.Sprintf("The account is removed on %s, but the snapshot before its closure (%s) is not complete: take another.", remove, date(d.Since))}
	case StatusEnded:
		return Text{"Kontot upphörde utan ögonblicksbild inför avslutet.", "The account ended without a snapshot before its closure."}
	case StatusWaiting:
		return Text{fmt.Sprintf("Kontot tas bort %s; ögonblicksbilden inför avslutet tas %s.", remove, next.SV), fmt.Sprintf("The account is removed on %s; the snapshot before its closure is taken on %s.", remove, next.EN)}
	case StatusOverdue:
		return Text{fmt.Sprintf("Kontot skulle tas bort %s utan att ögonblicksbilden inför avslutet finns: ta inte bort det än.", remove), fmt.Sprintf("The account was to be removed on %s without a snapshot before its closure: do not remove it yet.", remove)}
	}
	return Text{fmt.Sprintf("Kontot tas bort %s; ögonblicksbilden inför avslutet tas nu.", remove), fmt.Sprintf("The account is removed on %s; the snapshot before its closure is taken now.", remove)}
}

// whyHeld says why something due is not taken now.
func (d *Decision) whyHeld() Text {
	next := moment(d.Next)
	switch d.Hold {
	case HoldQueued:
		return queuedText(d.words.state)
	case HoldPaused:
		t := Text{"Kontot är pausat tills vidare", "The account is paused until further notice"}
		if !d.Next.IsZero() {
			t = Text{"Kontot är pausat till " + next.SV, "The account is paused until " + next.EN}
		}
		if d.words.reason != "" {
			t = Text{t.SV + ": " + d.words.reason, t.EN + ": " + d.words.reason}
		}
		return Text{t.SV + ".", t.EN + "."}
	case HoldForbidden:
		return Text{fmt.Sprintf("Det väntar på att den förbjudna tiden %s tar slut, till %s.", d.words.forbidden, next.SV), fmt.Sprintf("It waits for the forbidden period %s to end, until %s.", d.words.forbidden, next.EN)}
	case HoldHour:
		return Text{fmt.Sprintf("Det tas %s.", next.SV), fmt.Sprintf("It is taken on %s.", next.EN)}
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
