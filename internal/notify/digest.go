package notify

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxLines bounds the lines under one heading and under one event; the rest is counted.
const maxLines = 200

var headings = []Text{
	toDo:      {"BEHÖVER ÅTGÄRDAS", "NEEDS ATTENTION"},
	done:      {"TAGNA ÖGONBLICKSBILDER", "SNAPSHOTS TAKEN"},
	calendar:  {"KALENDERN", "CALENDAR"},
	wellAgain: {"ÅTER I ORDNING", "WELL AGAIN"},
	perhaps:   {"KAN HA SAGTS FÖRUT", "MAY HAVE BEEN SAID BEFORE"},
}

var perhapsWhy = Text{
	"E-postservern svarade aldrig om brevet med dessa rader togs emot.",
	"The mail server never answered whether the letter with these lines was taken.",
}

// author writes letters.
type author struct {
	lang string
	loc  *time.Location
	name string // of the organisation
	url  string // of the web page
	// standing are the facts that hold now, by topic: what has passed already needs nobody's attention.
	standing map[string]string
}

func (a author) in(t Text) string { return t.In(a.lang) }

// subject says what a reader meets in the list of letters: how much is to be done, how much was taken.
func (a author) subject(events []*kept, urgent bool) string {
	n := map[heading]int{}
	for _, k := range events {
		n[a.place(k)]++
	}
	if urgent && len(events) == 1 {
		return Clean("Årsring: "+named(&events[0].Event)+a.in(events[0].Text), 120)
	}
	var parts []string
	add := func(n int, one, more Text) {
		switch {
		case n == 1:
			parts = append(parts, a.in(one))
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", n, a.in(more)))
		}
	}
	add(n[toDo], Text{"1 behöver åtgärdas", "1 needs attention"}, Text{"behöver åtgärdas", "need attention"})
	add(n[done], Text{"1 tagen", "1 taken"}, Text{"tagna", "taken"})
	add(n[wellAgain], Text{"1 åter i ordning", "1 well again"}, Text{"åter i ordning", "well again"})
	if len(parts) == 0 && n[calendar] > 0 {
		parts = append(parts, a.in(Text{"kalendern", "calendar"}))
	}
	if len(parts) == 0 {
		parts = append(parts, a.in(Text{"kan ha sagts förut", "may have been said before"}))
	}
	return "Årsring: " + strings.Join(parts, ", ")
}

func (a author) place(k *kept) heading {
	h := k.heading()
	switch {
	case k.Again:
		return perhaps
	case h == toDo && k.Topic != "" && a.standing[k.Topic] != k.Fact:
		return wellAgain
	}
	return h
}

// body is the letter itself: what needs somebody first.
func (a author) body(events []*kept, now time.Time) string {
	var b strings.Builder
	whom := a.name
	if whom == "" {
		whom = "Årsring"
	}
	fmt.Fprintf(&b, "%s, %s\n", whom, now.In(a.loc).Format("2006-01-02 15:04"))
	for h := range headings {
		var under []*kept
		for _, k := range events {
			if a.place(k) == heading(h) {
				under = append(under, k)
			}
		}
		if len(under) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s\n", a.in(headings[h]))
		if heading(h) == perhaps {
			fmt.Fprintf(&b, "%s\n", a.in(perhapsWhy))
		}
		a.list(&b, under)
	}
	b.WriteString("\n-- \n" + a.in(Text{"Brevet är skrivet av Årsring. Svar läses inte.", "This letter was written by Årsring. Replies are not read."}) + "\n")
	if a.url != "" {
		b.WriteString(a.url + "\n")
	}
	return b.String()
}

func (a author) list(b *strings.Builder, events []*kept) {
	slices.SortStableFunc(events, func(x, y *kept) int { return x.At.Compare(y.At) })
	for i, k := range events {
		if i == maxLines {
			fmt.Fprintf(b, a.in(Text{"... och %d till\n", "... and %d more\n"}), len(events)-i)
			return
		}
		a.line(b, &k.Event)
	}
}

// line is one event: the account where there is one, the sentence, when; under it its own lines and where to look.
func (a author) line(b *strings.Builder, e *Event) {
	fmt.Fprintf(b, "* %s%s [%s]\n", named(e), a.in(e.Text), e.At.In(a.loc).Format("2006-01-02 15:04"))
	for i, l := range e.Lines {
		if i == maxLines {
			fmt.Fprintf(b, a.in(Text{"  - ... och %d till\n", "  - ... and %d more\n"}), len(e.Lines)-i)
			break
		}
		fmt.Fprintf(b, "  - %s\n", a.in(l))
	}
	if e.Link != "" {
		fmt.Fprintf(b, "  %s\n", e.Link)
	}
}

// named is the account before a sentence about it.
func named(e *Event) string {
	switch {
	case e.Title != "" && e.Account != "":
		return e.Title + " (" + e.Account + "): "
	case e.Title+e.Account != "":
		return e.Title + e.Account + ": "
	}
	return ""
}

// slot is the last time of the digest up to now: hour and minute of the local day. A time that the clock skips or repeats in spring and autumn
// counts once, as the zone's rules read it.
func slot(now time.Time, hour, minute int, loc *time.Location) time.Time {
	l := now.In(loc)
	t := time.Date(l.Year(), l.Month(), l.Day(), hour, minute, 0, 0, loc)
	if t.After(now) {
		t = time.Date(l.Year(), l.Month(), l.Day()-1, hour, minute, 0, 0, loc)
	}
	return t
}
