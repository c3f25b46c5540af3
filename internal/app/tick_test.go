package app

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"arsring/config"
	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/register"
	"arsring/internal/sip"
	"arsring/internal/validators"
)

// memory is what an archive knows, without the archive: the simulation is about who is ordered when.
type memory struct {
	mu    sync.Mutex
	kept  map[string][]calendar.Kept
	known map[string]time.Time
	now   func() time.Time
}

func (m *memory) refresh(_ context.Context, accounts []register.Account) ([]register.Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range accounts {
		if _, ok := m.known[accounts[i].ID]; !ok {
			m.known[accounts[i].ID] = m.now()
		}
	}
	return accounts, nil
}

func (m *memory) of(a *register.Account) ([]calendar.Kept, time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.kept[a.ID]), m.known[a.ID]
}

func (m *memory) ask(_ context.Context, a *register.Account) ([]calendar.Kept, error) {
	kept, _ := m.of(a)
	return kept, nil
}

// years is a municipality through simulated years: accounts come and go, the daemon is away for up to thirty days, and its queue is the real one.
type years struct {
	t        *testing.T
	rnd      *rand.Rand
	cal      *calendar.Calendar
	m        *memory
	database string

	mu       sync.Mutex
	clock    time.Time
	accounts []register.Account
	taken    map[string]int // account/slot
	late     int
	overdue  map[string]bool
	missed   map[string]bool
}

func (y *years) now() time.Time {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.clock
}

func (y *years) set(t time.Time) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.clock = t
}

func newYears(t *testing.T, seed uint64, database string, n int, start time.Time, span int) *years {
	cfg := config.Default().Calendar
	cfg.Groups = []config.CalendarGroup{{Name: "skola", Openings: []string{"0 0 1 3 *", "0 0 1 10 *"}, WindowDays: 14}}
	cal, err := calendarOf(cfg)
	if err != nil {
		t.Fatal(err)
	}
	y := &years{t: t, rnd: rand.New(rand.NewPCG(seed, 3)), cal: cal, database: database, clock: start, taken: map[string]int{}, overdue: map[string]bool{}, missed: map[string]bool{}}
	y.m = &memory{kept: map[string][]calendar.Kept{}, known: map[string]time.Time{}, now: y.now}
	for i := range n {
		a := register.Account{Tenant: Tenant, ID: fmt.Sprintf("konto-%03d", i), Platform: []string{"facebook", "x", "web"}[i%3], URL: fmt.Sprintf("https://example.org/%d", i), Since: start.AddDate(-1, 0, 0).Format(time.DateOnly)}
		if i%3 == 0 {
			a.Since = start.AddDate(0, 0, y.rnd.IntN(span)).Format(time.DateOnly)
		}
		if i%4 == 0 {
			begins, _ := register.Day(a.Since)
			a.Until = begins.AddDate(0, 0, 1+y.rnd.IntN(span)).Format(time.DateOnly)
		}
		if i%5 == 0 {
			a.Group = "skola"
		}
		y.accounts = append(y.accounts, a)
	}
	return y
}

// inRegister are the accounts that have been reported by now: an account comes into the register on the day on which it begins.
func (y *years) inRegister() []register.Account {
	var out []register.Account
	for i := range y.accounts {
		if d, ok := register.Day(y.accounts[i].Since); !ok || !d.After(y.now()) {
			out = append(out, y.accounts[i])
		}
	}
	return out
}

// daemon opens the queue as a daemon does, and works it with a capture that takes no time.
func (y *years) daemon(done *sync.WaitGroup) (*job.Queue, *ticker) {
	q, err := job.Open(y.t.Context(), job.Options{Database: y.database, ID: "daemon", Parallel: 20, Poll: 5 * time.Millisecond, Backoff: time.Millisecond, Turn: time.Millisecond, Now: y.now})
	if err != nil {
		y.t.Fatal(err)
	}
	if err := q.Work(y.t.Context(), func(_ context.Context, t job.Task) job.Verdict {
		defer done.Done()
		return y.take(t)
	}); err != nil {
		y.t.Fatal(err)
	}
	return q, &ticker{cal: y.cal, keep: y.m, queue: q, now: y.now, emit: y.hear, told: map[string]bool{},
		id: func(account string, at time.Time, trigger capture.Trigger) string {
			return sip.NewID(account, at, trigger, nil)
		}}
}

func (y *years) take(t job.Task) job.Verdict {
	now := y.now()
	if name, bad := y.cal.Forbidden(now); bad {
		y.t.Errorf("%s was taken on %s, in %s", t.Snapshot, now, name)
	}
	y.mu.Lock()
	y.taken[t.Account+"/"+t.Slot]++
	if t.Late {
		y.late++
	}
	y.mu.Unlock()
	y.m.mu.Lock()
	defer y.m.mu.Unlock()
	y.m.kept[t.Account] = append(y.m.kept[t.Account], calendar.Kept{ID: t.Snapshot, Trigger: t.Trigger, Slot: t.Slot, Complete: true, At: t.Ordered})
	return job.Verdict{State: job.Delivered, Outcome: "complete"}
}

func (y *years) hear(e Event) {
	switch e.Kind {
	case EventOverdue:
		y.overdue[e.Account+"/"+e.Slot] = true
	case EventMissed:
		y.missed[e.Account+"/"+e.Slot] = true
	}
}

// run lives through the years and gives how often the daemon was away.
func (y *years) run(end time.Time) (downtimes, ordered int) {
	var done sync.WaitGroup
	q, tick := y.daemon(&done)
	stop := func() {
		if err := q.Stop(y.t.Context(), 10*time.Second); err != nil {
			y.t.Fatal(err)
		}
		_ = q.Close()
	}
	for now := y.now(); now.Before(end); now = now.Add(time.Duration(6+y.rnd.IntN(14)) * time.Hour) {
		if y.rnd.IntN(150) == 0 {
			downtimes++
			stop()
			now = now.Add(time.Duration(y.rnd.IntN(30*24)) * time.Hour)
			y.set(now)
			q, tick = y.daemon(&done)
		}
		y.set(now)
		done.Add(len(y.accounts)) // more than can come
		n, err := tick.tick(y.t.Context(), y.inRegister())
		if err != nil {
			y.t.Fatal(err)
		}
		done.Add(n - len(y.accounts))
		ordered += n
		if again, err := tick.tick(y.t.Context(), y.inRegister()); err != nil || again != 0 { // asking twice orders nothing more
			y.t.Fatalf("%s: asked again, ordered %d more, %v", now, again, err)
		}
		done.Wait()
	}
	stop()
	return downtimes, ordered
}

// demanded lists every slot that an account owes, told apart from the calendar's own reckoning.
func demanded(a register.Account, start, end time.Time) []string {
	var out []string
	openings, length := [][2]int{{4, 15}, {10, 15}}, 21
	if a.Group == "skola" {
		openings, length = [][2]int{{3, 1}, {10, 1}}, 14
	}
	begins, _ := register.Day(a.Since)
	for year := start.Year(); year <= end.Year(); year++ {
		for _, o := range openings {
			open := time.Date(year, time.Month(o[0]), o[1], 0, 0, 0, 0, register.Location())
			closes := open.AddDate(0, 0, length)
			until, ends := register.Day(a.Until)
			if open.Before(start) || closes.AddDate(0, 0, 140).After(end) || !begins.Before(open) || ends && until.Before(closes.AddDate(0, 0, 140)) {
				continue // not there for the whole of it, or the run of late days goes on after the end
			}
			out = append(out, open.Format(time.DateOnly))
		}
	}
	return out
}

// TestYearsThroughTheQueue lives through years with the real queue on both databases: every account has its snapshots, none twice, none in a
// forbidden period; what came late had been reported; and both databases end alike.
func TestYearsThroughTheQueue(t *testing.T) {
	t.Parallel()
	n, span := 20, 2
	if os.Getenv("ARSRING_SOAK") != "" {
		n, span = 300, 10
	}
	start := time.Date(2026, 1, 15, 8, 0, 0, 0, register.Location())
	end := start.AddDate(span, 0, 0)
	ends := map[string]map[string]int{}
	for name, address := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "jobs.db"), "postgres": validators.Postgres(t).Database(t)} {
		y := newYears(t, 11, address, n, start, span*365)
		began := time.Now()
		downtimes, ordered := y.run(end)
		owed, reported := 0, 0
		for _, a := range y.accounts {
			for _, slot := range demanded(a, start, end) {
				owed++
				key := a.ID + "/" + slot
				switch {
				case y.taken[key] == 1:
				case y.taken[key] == 0 && y.missed[key] && y.overdue[key]:
					reported++ // the daemon was away until the next window had opened, and said so
				default:
					t.Errorf("%s: %s was taken %d times, overdue %v, missed %v", name, key, y.taken[key], y.overdue[key], y.missed[key])
				}
			}
		}
		for key, k := range y.taken {
			if k > 1 {
				t.Errorf("%s: %s was taken %d times", name, key, k)
			}
		}
		if owed < n || downtimes < span || ordered != len(y.taken) {
			t.Errorf("%s: the simulation shows little: %d owed, %d downtimes, %d ordered, %d taken", name, owed, downtimes, ordered, len(y.taken))
		}
		ends[name] = y.taken
		t.Logf("%s: %d accounts, %d years, %d downtimes: %d slots owed, %d jobs, %d of them late, %d overdue reported, %d never taken and said so; %s", name, n, span, downtimes,
			owed, ordered, y.late, len(y.overdue), reported, time.Since(began).Round(time.Second))
	}
	if !maps.Equal(ends["sqlite"], ends["postgres"]) {
		t.Errorf("the databases ended differently: %d and %d slots", len(ends["sqlite"]), len(ends["postgres"]))
	}
}

// TestCalendarFault names the file and the line of a setting of the calendar that is wrong.
func TestCalendarFault(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "arsring.yaml")
	if err := os.WriteFile(file, []byte("calendar:\n  openings: [\"61 0 15 4 *\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(config.Options{File: file, Overrides: map[string]any{"data_dir": t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = New(Options{Config: cfg}).Calendar(); err == nil || !strings.Contains(err.Error(), "arsring.yaml:2: calendar.openings[0]: ") {
		t.Error(err)
	}
}
