package calendar

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"arsring/internal/register"
)

// world is ten years of a municipality: accounts that come and go, and a daemon that is away for up to thirty days at a time.
type world struct {
	t         *testing.T
	c         *Calendar
	rnd       *rand.Rand
	standings []Standing
	overdue   map[string]bool // account/slot that was reported overdue
	taken     map[string]int  // account/slot → snapshots
	late      int
}

func newWorld(t *testing.T, seed uint64, start time.Time) *world {
	w := &world{t: t, c: mustNew(t, usual()), rnd: rand.New(rand.NewPCG(seed, 7)), overdue: map[string]bool{}, taken: map[string]int{}}
	span := 10 * 365
	for i := range 300 {
		a := register.Account{Tenant: "default", ID: fmt.Sprintf("konto-%03d", i), Since: start.AddDate(-1, 0, 0).Format(time.DateOnly)}
		if i%3 == 0 {
			a.Since = start.AddDate(0, 0, w.rnd.IntN(span)).Format(time.DateOnly)
		}
		if i%4 == 0 {
			begins, _ := register.Day(a.Since)
			a.Until = begins.AddDate(0, 0, 1+w.rnd.IntN(span)).Format(time.DateOnly)
		}
		if i%5 == 0 {
			a.Group = "skola"
		}
		known, _ := register.Day(a.Since)
		w.standings = append(w.standings, Standing{Account: a, Known: later(known, start)})
	}
	return w
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// tick asks the calendar once, and takes what it says after a queue of up to three hours.
func (w *world) tick(now time.Time) {
	for _, d := range w.c.Due(w.standings, now) {
		key := d.Account + "/" + d.Slot
		if d.Status == StatusOverdue {
			w.overdue[key] = true
		}
		if len(d.Missed) > 0 {
			w.t.Fatalf("%s: a window was missed: %+v", now, d)
		}
		if !d.Take {
			continue
		}
		if name, bad := w.c.Forbidden(now); bad {
			w.t.Fatalf("%s: ordered in %s: %+v", now, name, d)
		}
		if d.Late != !now.Before(d.Closes) || now.Before(d.At) {
			w.t.Fatalf("%s: late or early: %+v", now, d)
		}
		if d.Late {
			w.late++
		}
		w.taken[key]++
		for i := range w.standings {
			if s := &w.standings[i]; s.Account.ID == d.Account {
				k := Kept{Trigger: "scheduled", Slot: d.Slot, Complete: true, At: now.Add(time.Duration(w.rnd.IntN(180)) * time.Minute)}
				s.Kept = append(s.Kept, k)
			}
		}
	}
}

// demanded lists every slot that an account owes between two times, told apart from the room's own reckoning.
func (w *world) demanded(s Standing, start, end time.Time) []string {
	var out []string
	openings, length := [][2]int{{4, 15}, {10, 15}}, 21
	if s.Account.Group == "skola" {
		openings, length = [][2]int{{3, 1}, {10, 1}}, 14
	}
	for y := start.Year(); y <= end.Year(); y++ {
		for _, o := range openings {
			open := time.Date(y, time.Month(o[0]), o[1], 0, 0, 0, 0, register.Location())
			closes := open.AddDate(0, 0, length)
			until, ends := register.Day(s.Account.Until)
			if open.Before(start) || closes.AddDate(0, 0, 140).After(end) || !s.Known.Before(closes) || ends && until.Before(closes.AddDate(0, 0, 140)) {
				continue // the account was not there for the whole of it, or the run of late days goes on after the end
			}
			out = append(out, open.Format(time.DateOnly))
		}
	}
	return out
}

func TestTenYears(t *testing.T) {
	rounds := 1
	if os.Getenv("ARSRING_SOAK") != "" {
		rounds = 100
	}
	for seed := range rounds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			start := at(t, "2026-01-15")
			end := start.AddDate(10, 0, 0)
			w := newWorld(t, uint64(seed), start)
			downtimes := 0
			for now := start; now.Before(end); now = now.Add(time.Duration(6+w.rnd.IntN(14)) * time.Hour) {
				if w.rnd.IntN(200) == 0 {
					downtimes++
					now = now.Add(time.Duration(w.rnd.IntN(30*24)) * time.Hour)
				}
				w.tick(now)
			}
			owed, onTime := 0, 0
			for _, s := range w.standings {
				for _, slot := range w.demanded(s, start, end) {
					owed++
					key := s.Account.ID + "/" + slot
					switch {
					case w.taken[key] != 1:
						t.Errorf("%s was taken %d times", key, w.taken[key])
					case !w.overdue[key]:
						onTime++
					}
				}
			}
			for key, n := range w.taken {
				if n > 1 {
					t.Errorf("%s was taken %d times", key, n)
				}
			}
			if owed < 2500 || w.late == 0 || downtimes < 20 {
				t.Errorf("the simulation shows little: %d owed, %d late, %d downtimes", owed, w.late, downtimes)
			}
			t.Logf("%d owed, %d on time, %d late, %d downtimes", owed, onTime, w.late, downtimes)
		})
	}
}

// The dates of next year do not move when accounts come and go around an account.
func TestNextYearIsStable(t *testing.T) {
	c := mustNew(t, usual())
	alone := c.Year([]register.Account{konto(known)}, 2030)
	for n := range 50 {
		accounts := []register.Account{konto(known)}
		for i := range n {
			accounts = append(accounts, konto(fmt.Sprintf("granne-%d", i)))
		}
		var mine []Date
		for _, d := range c.Year(accounts, 2030) {
			if d.Account == known {
				mine = append(mine, d)
			}
		}
		if fmt.Sprint(mine) != fmt.Sprint(alone) {
			t.Fatalf("with %d neighbours: %v, alone %v", n, mine, alone)
		}
	}
}

// thousands makes n accounts of forty municipalities with ten years of snapshots each.
func thousands(n int) []Standing {
	out := make([]Standing, n)
	for i := range out {
		a := register.Account{Tenant: fmt.Sprintf("kommun-%02d", i%40), ID: fmt.Sprintf("konto-%d", i), Since: "2015-01-01"}
		if i%7 == 0 {
			a.Group = "skola"
		}
		out[i].Account = a
		for y := 2016; y < 2026; y++ {
			for _, m := range []time.Month{4, 10} {
				when := time.Date(y, m, 20, 10, 0, 0, 0, time.UTC)
				out[i].Kept = append(out[i].Kept, Kept{ID: "x", Trigger: "scheduled", Slot: time.Date(y, m, 15, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), Complete: true, At: when})
			}
		}
	}
	return out
}

func BenchmarkDue10000(b *testing.B) {
	c := mustNew(b, usual())
	st := thousands(10_000)
	for _, when := range []string{"2026-04-25 12:00", "2026-07-01", "2026-02-01"} {
		b.Run(when, func(b *testing.B) {
			now := at(b, when)
			for b.Loop() {
				if n := len(c.Due(st, now)); n != 10_000 {
					b.Fatal(n)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/asking")
		})
	}
}
