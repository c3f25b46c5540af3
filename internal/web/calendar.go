package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"arsring/internal/access"
	"arsring/internal/calendar"
	"arsring/internal/register"
)

type calendarData struct {
	Year     int
	Windows  []windowData
	Overdue  []standing
	Paused   []standing
	Decision map[string]calendar.Decision
	Feed     bool
}

type windowData struct {
	calendar.Window
	Days []dayData
	N    int
}

// dayData is one local date with the accounts whose day it is.
type dayData struct {
	Date     time.Time
	Accounts []dayAccount
}

type dayAccount struct {
	Tenant, ID, Title string
	At                time.Time
}

// dates are the days of the accounts that the asker may see.
func (q *ask) dates(year int) ([]calendar.Date, map[string]string, error) {
	r, err := q.o.Accounts.Current()
	if err != nil {
		return nil, nil, err
	}
	titles := map[string]string{}
	for _, a := range r.Accounts {
		if q.seesAccount(a) {
			titles[a.Tenant+"/"+a.ID] = a.Title
		}
	}
	all, err := q.o.Year.Dates(year)
	if err != nil {
		return nil, nil, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(d calendar.Date) bool { _, ok := titles[d.Tenant+"/"+d.Account]; return !ok }), titles, nil
}

func (q *ask) calendar() error {
	year := q.o.Now().In(register.Location()).Year()
	if y := atoi(q.r.URL.Query().Get("ar")); y >= 2000 && y <= 2200 {
		year = y
	}
	dates, titles, err := q.dates(year)
	if err != nil {
		return err
	}
	d := calendarData{Year: year}
	for _, w := range q.o.Year.Windows(year) {
		wd := windowData{Window: w}
		for _, x := range dates {
			if x.Slot != w.Slot || !x.Opens.Equal(w.Opens) {
				continue
			}
			wd.N++
			wd.add(x, titles[x.Tenant+"/"+x.Account])
		}
		if wd.N > 0 || w.Group == "" {
			d.Windows = append(d.Windows, wd)
		}
	}
	all, err := q.standings()
	if err != nil {
		return err
	}
	for _, st := range all {
		if st.Decision.Status == calendar.StatusOverdue || len(st.Decision.Missed) > 0 && !st.Valid {
			d.Overdue = append(d.Overdue, st)
		}
		if st.Paused != nil {
			d.Paused = append(d.Paused, st)
		}
	}
	return q.render(http.StatusOK, "calendar", q.t("Kalender", "Calendar")+fmt.Sprintf(" %d", year), d)
}

func (w *windowData) add(x calendar.Date, title string) {
	a := dayAccount{x.Tenant, x.Account, title, x.At}
	date := day(x.At)
	for i := range w.Days {
		if day(w.Days[i].Date) == date {
			w.Days[i].Accounts = append(w.Days[i].Accounts, a)
			return
		}
	}
	w.Days = append(w.Days, dayData{x.At, []dayAccount{a}})
}

// feed is the calendar as iCalendar (RFC 5545), for those who sign in or have a token.
func (q *ask) feed() error {
	year := q.o.Now().In(register.Location()).Year()
	var b strings.Builder
	line := func(s string) { fold(&b, s) }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Årsring//Kalender//SV")
	line("CALSCALE:GREGORIAN")
	line("X-WR-CALNAME:Årsring " + escapeText(q.o.Organisation))
	for y := year; y <= year+1; y++ {
		dates, titles, err := q.dates(y)
		if err != nil {
			return err
		}
		for _, x := range dates {
			line("BEGIN:VEVENT")
			line("UID:" + x.Tenant + "-" + x.Account + "-" + x.Slot + "@arsring")
			line("DTSTAMP:" + q.o.Now().UTC().Format("20060102T150405Z"))
			line("DTSTART:" + x.At.UTC().Format("20060102T150405Z"))
			line("DTEND:" + x.At.Add(time.Hour).UTC().Format("20060102T150405Z"))
			line("SUMMARY:" + escapeText(q.t("Ögonblicksbild: ", "Snapshot: ")+titles[x.Tenant+"/"+x.Account]))
			line("TRANSP:TRANSPARENT")
			line("END:VEVENT")
		}
	}
	line("END:VCALENDAR")
	q.w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	q.w.Header().Set("Content-Disposition", `inline; filename="arsring.ics"`)
	_, err := q.w.Write([]byte(b.String()))
	return err
}

// escapeText writes a text value (RFC 5545, 3.3.11).
func escapeText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// fold ends lines with CRLF and breaks them at 75 bytes, never inside a character (RFC 5545, 3.1).
func fold(b *strings.Builder, s string) {
	n := 0
	for _, r := range s {
		if k := len(string(r)); n+k > 73 {
			b.WriteString("\r\n ")
			n = 1
		}
		n += len(string(r))
		b.WriteRune(r)
	}
	b.WriteString("\r\n")
}

type auditData struct {
	Events  []access.Event
	More    string
	Actions [][2]string
	Broken  string
}

// audit shows who did what. An archivist of one tenant sees that tenant's lines; an admin of everything also the installation's own.
func (q *ask) audit() error {
	v := q.r.URL.Query()
	f := access.AuditFilter{Who: v.Get("vem"), Action: v.Get("vad"), Object: v.Get("pa"), Before: int64(atoi(v.Get("fore"))), Limit: 200}
	d := auditData{Actions: [][2]string{{"", q.t("allt", "everything")}}}
	for a := range actions {
		d.Actions = append(d.Actions, [2]string{a, word(actions, a, q.lang)})
	}
	slices.SortFunc(d.Actions[1:], func(a, b [2]string) int { return cmpText(a[1], b[1]) })
	events, err := q.o.State.Audit(q.ctx(), f)
	if err != nil {
		return err
	}
	if len(events) == f.Limit {
		next := cloneValues(v)
		next.Set("fore", fmt.Sprint(events[len(events)-1].ID))
		d.More = "/logg?" + next.Encode()
	}
	for _, e := range events {
		if e.Tenant == "" && q.actor.MayEverywhere(access.Archivist) || e.Tenant != "" && q.actor.May(e.Tenant, access.Archivist) {
			d.Events = append(d.Events, e)
		}
	}
	if err := q.o.State.CheckAudit(q.ctx()); err != nil && q.actor.MayEverywhere(access.Archivist) {
		d.Broken = err.Error()
	}
	if q.rt.api {
		if d.Events == nil {
			d.Events = []access.Event{}
		}
		return q.json(http.StatusOK, d.Events)
	}
	return q.renderPage(http.StatusOK, "audit", page{Title: q.t("Logg", "Log"), Form: v, Data: d})
}
