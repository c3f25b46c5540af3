package calendar

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"arsring/internal/register"
)

// Settings are the year's rules.
type Settings struct {
	// Openings are cron expressions (minute hour day month weekday); only their dates count.
	Openings []string
	// WindowDays is the length of each window, the opening day included.
	WindowDays int
	// HourFrom and HourTo bound the hour of the day that an account gets, both included.
	HourFrom, HourTo int
	Forbidden        []Forbidden
	// Groups give the accounts with this group openings of their own; empty values inherit.
	Groups []Group
	// Location is the zone of all dates; nil means register.Location.
	Location *time.Location
}

// Forbidden is a part of every year, both days included, in which the calendar takes nothing. It may run over New Year.
type Forbidden struct{ Name, From, To string } // MM-DD

// Group is a set of accounts with openings of its own.
type Group struct {
	Name       string
	Openings   []string
	WindowDays int
}

// Text is a sentence in Swedish and English.
type Text struct {
	SV string `json:"sv"`
	EN string `json:"en"`
}

// Problem is one fault of the settings. Key is the setting's name below "calendar", such as "groups[1].openings[0]".
type Problem struct {
	Key  string
	Text Text
}

// Problems are all faults at once (errors.As).
type Problems []Problem

// Error gives one English line a fault.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Key + ": " + p.Text.EN
	}
	return strings.Join(lines, "\n")
}

// Calendar is a set of checked rules. It is safe for use by several goroutines.
type Calendar struct {
	loc       *time.Location
	hourFrom  int
	hours     int
	forbidden []span
	normal    *rule
	groups    map[string]*rule
}

// rule is when the windows of one group open, and how long they stay open.
type rule struct {
	group    string
	openings []opener
	window   day
}

type opener struct {
	key      string
	expr     string
	schedule cron.Schedule
}

// span is a forbidden period as month and day, coded month*100+day.
type span struct {
	name     string
	from, to int
}

// maxWindow bounds a window; longer ones would meet the next.
const maxWindow = 120

// New checks the settings and makes a calendar of them. The error is Problems: expressions that are none, that never
// happen or happen more than twelve times a year, windows that touch a forbidden period or each other.
func New(s Settings) (*Calendar, error) {
	c := &Calendar{loc: s.Location, hourFrom: s.HourFrom, hours: s.HourTo - s.HourFrom + 1, groups: map[string]*rule{}}
	if c.loc == nil {
		c.loc = register.Location()
	}
	var ps Problems
	if s.HourFrom < 0 || s.HourTo > 23 || c.hours < 1 {
		ps = append(ps, Problem{"hour_to", Text{"timmarna ska ligga mellan 0 och 23, och hour_from inte efter hour_to", "the hours must lie between 0 and 23, and hour_from not after hour_to"}})
	}
	for i, f := range s.Forbidden {
		sp, err := parseSpan(f)
		if err != nil {
			ps = append(ps, Problem{fmt.Sprintf("forbidden[%d]", i), Text{"ska ha from och to som månad och dag, till exempel 06-15", "must have from and to as month and day, such as 06-15"}})
		}
		c.forbidden = append(c.forbidden, sp)
	}
	c.normal = newRule("", "", s.Openings, s.WindowDays, &ps)
	for i, g := range s.Groups {
		key, days, openings := fmt.Sprintf("groups[%d].", i), g.WindowDays, g.Openings
		if days == 0 {
			days = s.WindowDays
		}
		r := newRule(g.Name, key, openings, days, &ps)
		if len(openings) == 0 {
			r.openings = c.normal.openings
		}
		c.groups[g.Name] = r
	}
	if len(ps) > 0 {
		return nil, ps
	}
	if ps = c.check(); len(ps) > 0 {
		return nil, ps
	}
	return c, nil
}

func newRule(group, key string, exprs []string, days int, ps *Problems) *rule {
	r := &rule{group: group, window: day(days)}
	if days < 1 || days > maxWindow {
		*ps = append(*ps, Problem{key + "window_days", Text{fmt.Sprintf("är %d men ska ligga mellan 1 och %d", days, maxWindow), fmt.Sprintf("is %d but must lie between 1 and %d", days, maxWindow)}})
	}
	if group == "" && len(exprs) == 0 {
		*ps = append(*ps, Problem{key + "openings", Text{"saknas: ange minst en öppningsdag, till exempel 0 0 15 4 *", "is missing: give at least one opening day, such as 0 0 15 4 *"}})
	}
	// No descriptors and no CRON_TZ: dates are local to one zone, and an opening is a date, not an interval.
	parser := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
	for i, e := range exprs {
		k := fmt.Sprintf("%sopenings[%d]", key, i)
		sch, err := parser.Parse(e)
		if err != nil || strings.Contains(e, "TZ=") {
			*ps = append(*ps, Problem{k, Text{fmt.Sprintf("%q är inget cronuttryck: skriv minut timme dag månad veckodag, till exempel 0 0 15 4 *", e), fmt.Sprintf("%q is no cron expression: write minute hour day month weekday, such as 0 0 15 4 *", e)}})
			continue
		}
		r.openings = append(r.openings, opener{k, e, sch})
	}
	return r
}

func parseSpan(f Forbidden) (span, error) {
	from, err1 := time.Parse(time.DateOnly, "2028-"+f.From) // a leap year, so that 29 February counts
	to, err2 := time.Parse(time.DateOnly, "2028-"+f.To)
	if err1 != nil || err2 != nil {
		return span{}, fmt.Errorf("forbidden period %q: %q to %q", f.Name, f.From, f.To)
	}
	return span{f.Name, int(from.Month())*100 + from.Day(), int(to.Month())*100 + to.Day()}, nil
}

// checkedYears is how far ahead windows are held against forbidden periods: weekdays and dates come together again after 28 years.
const checkedYears = 28

// check looks at every window of the coming years. It starts at a fixed year, so that settings do not become wrong as time passes.
func (c *Calendar) check() Problems {
	var ps Problems
	rules := []*rule{c.normal}
	for _, g := range c.groups {
		rules = append(rules, g)
	}
	for _, r := range rules {
		ps = append(ps, c.checkRule(r)...)
	}
	return ps
}

func (c *Calendar) checkRule(r *rule) Problems {
	from, to := dayOf(2025, 1, 1), dayOf(2025+checkedYears, 12, 31)
	var ps Problems
	for _, o := range r.openings {
		days := o.between(from, to)
		if len(days) == 0 || len(days) > 12*(checkedYears+1) {
			ps = append(ps, Problem{o.key, Text{fmt.Sprintf("%q inträffar aldrig eller oftare än en gång i månaden", o.expr), fmt.Sprintf("%q never happens, or more often than once a month", o.expr)}})
			continue
		}
		for _, d := range days {
			if name, bad := c.touches(d, d+r.window-1); bad {
				ps = append(ps, Problem{o.key, Text{
					fmt.Sprintf("fönstret %s till %s når in i den förbjudna tiden %s: flytta öppningsdagen eller korta window_days", d, d+r.window-1, name),
					fmt.Sprintf("the window %s to %s touches the forbidden period %s: move the opening day or shorten window_days", d, d+r.window-1, name)}})
				break
			}
		}
	}
	if len(ps) > 0 {
		return ps
	}
	all := r.between(from, to)
	for i := 1; i < len(all); i++ {
		if all[i-1]+r.window > all[i] {
			return Problems{{r.openings[0].key, Text{fmt.Sprintf("fönstren som öppnar %s och %s överlappar: flytta en öppningsdag eller korta window_days", all[i-1], all[i]),
				fmt.Sprintf("the windows that open %s and %s overlap: move an opening day or shorten window_days", all[i-1], all[i])}}}
		}
	}
	return nil
}

// on reports whether a date lies in the span.
func (s span) on(md int) bool {
	if s.from <= s.to {
		return s.from <= md && md <= s.to
	}
	return md >= s.from || md <= s.to
}

// forbiddenOn gives the name of the forbidden period that a date lies in.
func (c *Calendar) forbiddenOn(d day) (string, bool) {
	_, m, dd := d.utc().Date()
	for _, s := range c.forbidden {
		if s.on(int(m)*100 + dd) {
			return s.name, true
		}
	}
	return "", false
}

func (c *Calendar) touches(from, to day) (string, bool) {
	for d := from; d <= to; d++ {
		if name, bad := c.forbiddenOn(d); bad {
			return name, true
		}
	}
	return "", false
}

// allowed gives the first date from d on that no forbidden period holds; ok is false when the year has none.
func (c *Calendar) allowed(d day) (first day, ok bool) {
	for i := range day(367) {
		if _, bad := c.forbiddenOn(d + i); !bad {
			return d + i, true
		}
	}
	return 0, false
}

// Forbidden tells whether the calendar takes nothing on the local date of t, and names the period.
func (c *Calendar) Forbidden(t time.Time) (name string, forbidden bool) {
	return c.forbiddenOn(on(t, c.loc))
}
