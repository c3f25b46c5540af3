package calendar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"arsring/internal/register"
)

func usual() Settings {
	return Settings{
		Openings: []string{"0 0 15 4 *", "0 0 15 10 *"}, WindowDays: 21, HourFrom: 6, HourTo: 20,
		Forbidden: []Forbidden{{"sommar", "06-15", "08-15"}, {"jul", "12-15", "01-10"}},
		Groups:    []Group{{Name: "skola", Openings: []string{"0 0 1 3 *", "0 0 1 10 *"}, WindowDays: 14}, {Name: "ärver"}},
	}
}

func mustNew(t testing.TB, s Settings) *Calendar {
	t.Helper()
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// at reads a local time of Europe/Stockholm.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	layout := "2006-01-02 15:04"
	out, err := time.ParseInLocation(layout[:len(s)], s, register.Location())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func konto(id string) register.Account {
	return register.Account{Tenant: "default", ID: id, Since: "2015-01-01"}
}

// facebook-kommunen has the seventh day of 21 and 06:35, as its hash says (python: hashlib.sha256(b"default/facebook-kommunen")); see TestOwnDayNeverMoves.
const known = "facebook-kommunen"

func one(t testing.TB, c *Calendar, s Standing, now time.Time) Decision {
	t.Helper()
	return c.Due([]Standing{s}, now)[0]
}

// The dates of an account must be the same in thirty years, on any machine and whatever else is in the register.
func TestOwnDayNeverMoves(t *testing.T) {
	c := mustNew(t, usual())
	for id, want := range map[string]string{
		known:                 "6 06:35",
		"kampanj-vattenvett":  "1 16:02",
		"a":                   "20 12:36",
		"bibliotek-instagram": "9 11:05",
	} {
		a := konto(id)
		o := c.own(&a, c.normal)
		if got := fmt.Sprintf("%d %02d:%02d", o.offset, o.hour, o.minute); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	for y := 2026; y < 2060; y++ {
		for i, d := range c.Year([]register.Account{konto(known)}, y) {
			o := c.own(&register.Account{Tenant: "default", ID: known}, c.normal)
			want := time.Date(y, []time.Month{4, 10}[i], 15+int(o.offset), o.hour, o.minute, 0, 0, register.Location())
			if !d.At.Equal(want) {
				t.Errorf("%d: %s, want %s", y, d.At, want)
			}
		}
	}
}

func TestDaysAndHoursAreSpread(t *testing.T) {
	c := mustNew(t, usual())
	days, hours := map[day]int{}, map[int]int{}
	for i := range 10_000 {
		a := konto(fmt.Sprintf("konto-%d", i))
		o := c.own(&a, c.normal)
		days[o.offset]++
		hours[o.hour]++
	}
	for d := range day(21) {
		if days[d] < 380 || days[d] > 580 {
			t.Errorf("day %d has %d of 10,000 accounts", d, days[d])
		}
	}
	for h := 6; h <= 20; h++ {
		if hours[h] < 560 || hours[h] > 780 {
			t.Errorf("hour %d has %d of 10,000 accounts", h, hours[h])
		}
	}
	if len(days) != 21 || len(hours) != 15 {
		t.Errorf("%d days, %d hours", len(days), len(hours))
	}
}

func TestPassageThroughAWindow(t *testing.T) {
	c := mustNew(t, usual())
	own := c.Year([]register.Account{konto(known)}, 2026)
	spring, autumn := own[0].At, own[1].At
	kept := []Kept{{ID: "k1", Trigger: "scheduled", Slot: "2026-04-15", Complete: true, At: spring.Add(time.Hour)}}
	for name, x := range map[string]struct {
		kept   []Kept
		now    time.Time
		status Status
		take   bool
		late   bool
		hold   Hold
		slot   string
		next   time.Time
	}{
		"before the window":     {nil, at(t, "2026-04-14"), StatusOverdue, true, true, "", "2025-10-15", time.Time{}}, // last autumn's was never taken
		"window open":           {nil, at(t, "2026-04-15 00:00"), StatusWaiting, false, false, "", "2026-04-15", spring},
		"a minute before":       {nil, spring.Add(-time.Minute), StatusWaiting, false, false, "", "2026-04-15", spring},
		"its time":              {nil, spring, StatusDue, true, false, "", "2026-04-15", time.Time{}},
		"the last minute":       {nil, at(t, "2026-05-05 23:59"), StatusDue, true, false, "", "2026-04-15", time.Time{}},
		"after the window":      {nil, at(t, "2026-05-06 00:00"), StatusOverdue, true, true, "", "2026-04-15", time.Time{}},
		"last day before":       {nil, at(t, "2026-06-14 23:59"), StatusOverdue, true, true, "", "2026-04-15", time.Time{}},
		"summer":                {nil, at(t, "2026-06-15 00:00"), StatusOverdue, false, true, HoldForbidden, "2026-04-15", at(t, "2026-08-16").Add(spring.Sub(day0(spring)))},
		"summer's last minute":  {nil, at(t, "2026-08-15 23:59"), StatusOverdue, false, true, HoldForbidden, "2026-04-15", at(t, "2026-08-16").Add(spring.Sub(day0(spring)))},
		"first day, own hour":   {nil, at(t, "2026-08-16 00:00"), StatusOverdue, false, true, HoldHour, "2026-04-15", at(t, "2026-08-16").Add(spring.Sub(day0(spring)))},
		"second day, any hour":  {nil, at(t, "2026-08-17 00:00"), StatusOverdue, true, true, "", "2026-04-15", time.Time{}},
		"christmas":             {nil, at(t, "2027-01-10 23:00"), StatusOverdue, false, true, HoldForbidden, "2026-10-15", at(t, "2027-01-11").Add(spring.Sub(day0(spring)))},
		"kept":                  {kept, spring.Add(2 * time.Hour), StatusKept, false, false, "", "2026-04-15", autumn},
		"kept, still in summer": {kept, at(t, "2026-07-01"), StatusKept, false, false, "", "2026-04-15", autumn},
		"next window":           {kept, at(t, "2026-10-15"), StatusWaiting, false, false, "", "2026-10-15", autumn},
	} {
		t.Run(name, func(t *testing.T) {
			d := one(t, c, Standing{Account: konto(known), Kept: x.kept}, x.now)
			if d.Status != x.status || d.Take != x.take || d.Late != x.late || d.Hold != x.hold || d.Slot != x.slot || !d.Next.Equal(x.next) {
				t.Errorf("got %+v\nwant %+v", d, x)
			}
			if d.Why().SV == "" || d.Why().EN == "" || d.Trigger != "scheduled" {
				t.Errorf("%+v", d)
			}
		})
	}
}

func day0(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

func TestWhatFillsASlot(t *testing.T) {
	c := mustNew(t, usual())
	now := at(t, "2026-05-20")
	for name, x := range map[string]struct {
		kept Kept
		want Status
		late bool
	}{
		"manual, complete, in the window":    {Kept{Trigger: "manual", Complete: true, At: at(t, "2026-04-15 00:01")}, StatusKept, false},
		"manual, last minute":                {Kept{Trigger: "manual", Complete: true, At: at(t, "2026-05-05 23:59")}, StatusKept, false},
		"manual, after the window":           {Kept{Trigger: "manual", Complete: true, At: at(t, "2026-05-06")}, StatusKept, true},
		"manual, the day before":             {Kept{Trigger: "manual", Complete: true, At: at(t, "2026-04-14 23:59")}, StatusOverdue, true},
		"manual, partial":                    {Kept{Trigger: "manual", At: at(t, "2026-04-20")}, StatusOverdue, true},
		"closure, complete":                  {Kept{Trigger: "closure", Complete: true, At: at(t, "2026-04-20")}, StatusKept, false},
		"evidence":                           {Kept{Trigger: "evidence", Complete: true, At: at(t, "2026-04-20")}, StatusOverdue, true},
		"ingest":                             {Kept{Trigger: "ingest", Complete: true, At: at(t, "2026-04-20")}, StatusOverdue, true},
		"scheduled":                          {Kept{Trigger: "scheduled", Slot: "2026-04-15", Complete: true, At: at(t, "2026-04-20")}, StatusKept, false},
		"scheduled, partial":                 {Kept{Trigger: "scheduled", Slot: "2026-04-15", At: at(t, "2026-04-20")}, StatusPartial, false},
		"scheduled, late":                    {Kept{Trigger: "scheduled", Slot: "2026-04-15", Complete: true, At: at(t, "2026-05-10")}, StatusKept, true},
		"scheduled for the autumn before":    {Kept{Trigger: "scheduled", Slot: "2025-10-15", Complete: true, At: at(t, "2026-04-20")}, StatusOverdue, true},
		"scheduled, opening moved since":     {Kept{Trigger: "scheduled", Slot: "2026-04-10", Complete: true, At: at(t, "2026-04-12")}, StatusKept, false},
		"scheduled, other opening last year": {Kept{Trigger: "scheduled", Slot: "2025-04-10", Complete: true, At: at(t, "2025-04-12")}, StatusOverdue, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := one(t, c, Standing{Account: konto(known), Kept: []Kept{x.kept}}, now)
			if d.Status != x.want || d.Late != x.late || d.Take != (x.want == StatusOverdue) {
				t.Errorf("%+v", d)
			}
		})
	}
	both := []Kept{{ID: "p", Trigger: "scheduled", Slot: "2026-04-15", At: at(t, "2026-04-20")}, {ID: "m", Trigger: "manual", Complete: true, At: at(t, "2026-04-22")}}
	if d := one(t, c, Standing{Account: konto(known), Kept: both}, now); d.Status != StatusKept || d.KeptID != "m" {
		t.Errorf("a complete manual snapshot must mend a partial one: %+v", d)
	}
}

func TestAccountsThatComeAndGo(t *testing.T) {
	c := mustNew(t, usual())
	own := c.Year([]register.Account{konto(known)}, 2026)
	with := func(since, until string) register.Account {
		a := konto(known)
		a.Since, a.Until = since, until
		return a
	}
	for name, x := range map[string]struct {
		s      Standing
		now    string
		status Status
		slot   string
		next   string
	}{
		"begins later":             {Standing{Account: with("2026-07-01", "")}, "2026-05-20", StatusNotBegun, "2026-10-15", own[1].At.Format("2006-01-02 15:04")},
		"begins after its window":  {Standing{Account: with("2026-05-06", "")}, "2026-05-20", StatusWaiting, "2026-10-15", own[1].At.Format("2006-01-02 15:04")},
		"begins on the last day":   {Standing{Account: with("2026-05-05", "")}, "2026-05-05 23:00", StatusDue, "2026-04-15", ""},
		"registered after window":  {Standing{Account: with("2015-01-01", ""), Known: at(t, "2026-05-06 10:00")}, "2026-05-20", StatusWaiting, "2026-10-15", own[1].At.Format("2006-01-02 15:04")},
		"registered in the window": {Standing{Account: with("2015-01-01", ""), Known: at(t, "2026-05-05 10:00")}, "2026-05-05 23:00", StatusDue, "2026-04-15", ""},
		"ended":                    {Standing{Account: with("2015-01-01", "2026-05-01")}, "2026-05-20", StatusEnded, "", ""},
		"ends before its day":      {Standing{Account: with("2015-01-01", "2026-04-16")}, "2026-04-15 08:00", StatusWaiting, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := one(t, c, x.s, at(t, x.now))
			next := ""
			if !d.Next.IsZero() {
				next = d.Next.Format("2006-01-02 15:04")
			}
			if d.Status != x.status || d.Slot != x.slot || next != x.next || d.Take != (x.status == StatusDue) {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestHolds(t *testing.T) {
	c := mustNew(t, usual())
	now := at(t, "2026-05-20")
	for name, x := range map[string]struct {
		s    Standing
		hold Hold
		why  string
	}{
		"queued":       {Standing{Queued: map[string]string{"2026-04-15": "waiting"}}, HoldQueued, "Jobbet står i kö."},
		"given up":     {Standing{Queued: map[string]string{"2026-04-15": "given-up"}}, HoldQueued, "Jobbet har gett upp"},
		"other slot":   {Standing{Queued: map[string]string{"2025-10-15": "waiting"}}, HoldNone, ""},
		"paused":       {Standing{Paused: &Pause{Reason: "sidan byggs om"}}, HoldPaused, "Kontot är pausat tills vidare: sidan byggs om."},
		"paused until": {Standing{Paused: &Pause{Until: at(t, "2026-06-01 08:00")}}, HoldPaused, "Kontot är pausat till 2026-06-01 kl. 08.00."},
		"pause over":   {Standing{Paused: &Pause{Until: at(t, "2026-05-19")}}, HoldNone, ""},
	} {
		t.Run(name, func(t *testing.T) {
			x.s.Account = konto(known)
			d := one(t, c, x.s, now)
			if d.Status != StatusOverdue || d.Hold != x.hold || d.Take != (x.hold == HoldNone) || !strings.Contains(d.Why().SV, x.why) {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestMissedWindowIsSaid(t *testing.T) {
	c := mustNew(t, usual())
	s := Standing{Account: konto(known), Kept: []Kept{{Trigger: "scheduled", Slot: "2025-10-15", Complete: true, At: at(t, "2025-10-20")}}}
	d := one(t, c, s, at(t, "2026-10-16"))
	if len(d.Missed) != 1 || d.Missed[0] != "2026-04-15" || !strings.Contains(d.Why().SV, "Fönstret som öppnade 2026-04-15 gick förlorat.") {
		t.Errorf("%+v", d)
	}
	if d := one(t, c, Standing{Account: konto(known)}, at(t, "2026-10-16")); len(d.Missed) > 0 {
		t.Errorf("an account that nobody knew of has missed nothing: %+v", d)
	}
}

func TestClosure(t *testing.T) {
	c := mustNew(t, usual())
	a := konto(known)
	a.Notice = &register.Notice{Date: "2026-07-01", Remove: "2026-07-31", Reason: "slut"}
	kept := func(complete bool, when string) []Kept {
		return []Kept{{ID: "c", Trigger: "closure", Complete: complete, At: at(t, when)}}
	}
	for name, x := range map[string]struct {
		now    string
		kept   []Kept
		until  string
		status Status
		take   bool
		late   bool
	}{
		"announced":                {"2026-07-02", nil, "", StatusWaiting, false, false},
		"in summer nevertheless":   {"2026-07-25", nil, "", StatusDue, true, false},
		"the day has come":         {"2026-07-31", nil, "", StatusOverdue, true, true},
		"kept":                     {"2026-07-26", kept(true, "2026-07-24 20:00"), "", StatusKept, false, false},
		"partial":                  {"2026-07-26", kept(false, "2026-07-24 20:00"), "", StatusPartial, false, false},
		"kept before announced":    {"2026-07-26", kept(true, "2026-06-01"), "", StatusDue, true, false},
		"ended without":            {"2026-08-02", nil, "2026-08-01", StatusEnded, false, false},
		"ended with":               {"2026-08-02", kept(true, "2026-07-24 20:00"), "2026-08-01", StatusKept, false, false},
		"kept on the day itself":   {"2026-08-02", kept(true, "2026-07-31 09:00"), "", StatusKept, false, true},
		"queued is not put in two": {"2026-07-26", kept(true, "2026-07-24 20:00"), "", StatusKept, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := a
			a.Until = x.until
			ds := c.Due([]Standing{{Account: a, Kept: x.kept}}, at(t, x.now))
			if len(ds) != 2 {
				t.Fatalf("%d decisions", len(ds))
			}
			d := ds[1]
			if d.Trigger != "closure" || d.Slot != "closure-2026-07-31" || d.Status != x.status || d.Take != x.take || d.Late != x.late || d.Why().SV == "" {
				t.Errorf("%+v", d)
			}
		})
	}
	after := a
	after.Notice = &register.Notice{Date: "2026-09-01", Remove: "2026-10-01"}
	if d := one(t, c, Standing{Account: after}, at(t, "2026-10-16")); d.Status != StatusEnded {
		t.Errorf("nothing is scheduled after the removal: %+v", d)
	}
	short := a
	short.Notice = &register.Notice{Date: "2026-09-01", Remove: "2026-09-01"}
	ds := c.Due([]Standing{{Account: short}}, at(t, "2026-09-01 23:59"))
	if len(ds) != 2 || !ds[1].Take {
		t.Errorf("a closure without notice is still taken: %+v", ds)
	}
}

func TestSettingsAreRefused(t *testing.T) {
	for name, x := range map[string]struct {
		change    func(*Settings)
		key, want string
	}{
		"touches summer":     {func(s *Settings) { s.Openings[0] = "0 0 26 5 *" }, "openings[0]", "touches the forbidden period sommar"},
		"opens in summer":    {func(s *Settings) { s.Openings[0] = "0 0 1 7 *" }, "openings[0]", "touches the forbidden period sommar"},
		"runs into New Year": {func(s *Settings) { s.Openings[1] = "0 0 25 11 *" }, "openings[1]", "touches the forbidden period jul"},
		"ends at New Year":   {func(s *Settings) { s.Openings[1] = "0 0 10 1 *" }, "openings[1]", "touches the forbidden period jul"},
		"long window":        {func(s *Settings) { s.WindowDays = 62 }, "openings[0]", "touches the forbidden period sommar"},
		"some years only":    {func(s *Settings) { s.Openings[0] = "0 0 24-30 5 1" }, "openings[0]", "touches the forbidden period sommar"},
		"group":              {func(s *Settings) { s.Groups[0].Openings[0] = "0 0 1 8 *" }, "groups[0].openings[0]", "touches"},
		"overlap":            {func(s *Settings) { s.Openings = append(s.Openings, "0 0 20 4 *") }, "openings[0]", "overlap"},
		"no expression":      {func(s *Settings) { s.Openings[0] = "15 april" }, "openings[0]", "is no cron expression"},
		"zone":               {func(s *Settings) { s.Openings[0] = "CRON_TZ=UTC 0 0 15 4 *" }, "openings[0]", "is no cron expression"},
		"descriptor":         {func(s *Settings) { s.Openings[0] = "@monthly" }, "openings[0]", "is no cron expression"},
		"never":              {func(s *Settings) { s.Openings[0] = "0 0 31 4 *" }, "openings[0]", "never happens"},
		"daily":              {func(s *Settings) { s.Openings[0] = "0 0 * * *" }, "openings[0]", "more often than once a month"},
		"none":               {func(s *Settings) { s.Openings = nil }, "openings", "is missing"},
		"no days":            {func(s *Settings) { s.WindowDays = 0 }, "window_days", "must lie between 1 and 120"},
		"hours":              {func(s *Settings) { s.HourTo = 5 }, "hour_to", "hour_from not after hour_to"},
		"bad forbidden":      {func(s *Settings) { s.Forbidden[0].From = "02-30" }, "forbidden[0]", "month and day"},
	} {
		t.Run(name, func(t *testing.T) {
			s := usual()
			x.change(&s)
			_, err := New(s)
			var ps Problems
			if !errors.As(err, &ps) || ps[0].Key != x.key || !strings.Contains(ps.Error(), x.want) || ps[0].Text.SV == "" {
				t.Errorf("%v", err)
			}
			if _, err := Due(s, nil, time.Now()); err == nil {
				t.Error("Due took the settings")
			}
		})
	}
}

func TestGroups(t *testing.T) {
	c := mustNew(t, usual())
	school, inherits, unknown := konto("s"), konto("s"), konto("s")
	school.Group, inherits.Group, unknown.Group = "skola", "ärver", "okänd"
	days := func(a register.Account) string {
		var out []string
		for _, d := range c.Year([]register.Account{a}, 2027) {
			out = append(out, d.Slot)
		}
		return strings.Join(out, " ")
	}
	if days(school) != "2027-03-01 2027-10-01" || days(inherits) != "2027-04-15 2027-10-15" || days(unknown) != "2027-04-15 2027-10-15" {
		t.Errorf("%s | %s | %s", days(school), days(inherits), days(unknown))
	}
	w := c.Windows(2027)
	if len(w) != 6 || w[0].Group != "skola" || w[0].Slot != "2027-03-01" || w[0].Closes.Sub(w[0].Opens) != 14*24*time.Hour {
		t.Errorf("%+v", w)
	}
	// An account that changes its group between two windows of one half-year is not taken twice.
	s := Standing{Account: school, Kept: []Kept{{Trigger: "scheduled", Slot: "2026-10-15", Complete: true, At: at(t, "2026-10-20")}}}
	if d := one(t, c, s, at(t, "2026-11-20")); d.Status != StatusKept {
		t.Errorf("%+v", d)
	}
}

func TestYearLeavesOutWhatIsNotThere(t *testing.T) {
	c := mustNew(t, usual())
	begins, ends := konto("b"), konto("e")
	begins.Since, ends.Until = "2027-06-01", "2027-06-01"
	got := c.Year([]register.Account{begins, ends, konto(known)}, 2027)
	if len(got) != 4 {
		t.Fatalf("%+v", got)
	}
	for i := 1; i < len(got); i++ {
		if got[i].At.Before(got[i-1].At) {
			t.Error("not in the order of time")
		}
	}
}

// Summer time begins and ends in Europe/Stockholm on 2027-03-28 and 2026-10-25: an account whose own time is 02:30 on such a day is
// taken once, on that date.
func TestSummerTime(t *testing.T) {
	s := usual()
	s.Openings, s.WindowDays, s.HourFrom, s.HourTo, s.Groups = []string{"30 2 28 3 *", "30 2 25 10 *"}, 1, 2, 2, nil
	c := mustNew(t, s)
	for _, x := range []struct{ date, before, after string }{
		{"2027-03-28", "2027-03-28 01:59", "2027-03-28 04:00"},
		{"2026-10-25", "2026-10-25 01:59", "2026-10-25 03:00"},
	} {
		st := Standing{Account: konto(known), Known: at(t, x.date)}
		if d := one(t, c, st, at(t, x.before)); d.Take || d.Slot != x.date {
			t.Errorf("%s: %+v", x.before, d)
		}
		d := one(t, c, st, at(t, x.after))
		if !d.Take || d.Slot != x.date || d.At.Format(time.DateOnly) != x.date {
			t.Errorf("%s: %+v", x.after, d)
		}
		st.Kept = []Kept{{Trigger: "scheduled", Slot: d.Slot, Complete: true, At: d.At}}
		for h := range 24 {
			if d := one(t, c, st, at(t, x.date).Add(time.Duration(h)*time.Hour)); d.Take {
				t.Errorf("taken twice: %+v", d)
			}
		}
	}
	normal := mustNew(t, usual())
	for _, w := range normal.Windows(2026) {
		if w.Slot == "2026-10-15" && w.Closes.Sub(w.Opens) != 21*24*time.Hour+time.Hour {
			t.Errorf("21 local days: %s", w.Closes.Sub(w.Opens))
		}
	}
}

func TestLeapDay(t *testing.T) {
	s := usual()
	s.Openings, s.Groups = []string{"0 0 29 2 *", "0 0 15 10 *"}, nil
	c := mustNew(t, s)
	if n := len(c.Windows(2027)); n != 1 {
		t.Errorf("%d windows in 2027", n)
	}
	if w := c.Windows(2028); len(w) != 2 || w[0].Slot != "2028-02-29" {
		t.Errorf("%+v", w)
	}
}

func TestPeriod(t *testing.T) {
	day := func(s string) *time.Time { d := at(t, s); return &d }
	kept := func(trigger string, complete bool, when string, from *time.Time) Kept {
		return Kept{Trigger: trigger, Complete: complete, At: at(t, when), WantedFrom: from}
	}
	for name, x := range map[string]struct {
		since string
		kept  []Kept
		want  *time.Time
	}{
		"nothing known":            {"", nil, nil},
		"from the start":           {"2020-01-01", nil, day("2020-01-01")},
		"after a complete one":     {"2020-01-01", []Kept{kept("scheduled", true, "2026-04-20", day("2020-01-01"))}, day("2026-04-20")},
		"in any order":             {"", []Kept{kept("manual", true, "2026-09-01", day("2026-04-20")), kept("scheduled", true, "2026-04-20", nil)}, day("2026-09-01")},
		"after a partial one":      {"", []Kept{kept("scheduled", true, "2026-04-20", nil), kept("scheduled", false, "2026-10-20", day("2026-04-20"))}, day("2026-04-20")},
		"healed by the next":       {"", []Kept{kept("scheduled", true, "2026-04-20", nil), kept("scheduled", false, "2026-10-20", day("2026-04-20")), kept("manual", true, "2026-11-01", day("2026-04-20"))}, day("2026-11-01")},
		"one that was asked less":  {"", []Kept{kept("scheduled", true, "2026-04-20", nil), kept("manual", true, "2026-10-20", day("2026-10-01"))}, day("2026-04-20")},
		"evidence and ingest":      {"", []Kept{kept("scheduled", true, "2026-04-20", nil), kept("evidence", true, "2026-10-20", nil), kept("ingest", true, "2026-10-21", nil)}, day("2026-04-20")},
		"closure advances":         {"", []Kept{kept("closure", true, "2026-04-20", nil)}, day("2026-04-20")},
		"a year alone, since open": {"", []Kept{kept("manual", true, "2026-04-20", day("2025-04-20"))}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, why := Period(register.Account{Since: x.since}, x.kept)
			if (got == nil) != (x.want == nil) || got != nil && !got.Equal(*x.want) || why.SV == "" || why.EN == "" {
				t.Errorf("%v, want %v (%s)", got, x.want, why.SV)
			}
		})
	}
}

func TestAskingTwiceIsTheSame(t *testing.T) {
	c := mustNew(t, usual())
	st := []Standing{{Account: konto(known)}, {Account: konto("b")}}
	a, b := c.Due(st, at(t, "2026-05-20")), c.Due(st, at(t, "2026-05-20"))
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("%v\n%v", a, b)
	}
}
