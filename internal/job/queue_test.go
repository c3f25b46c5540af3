package job

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"arsring/internal/validators"
)

// bed is one kind of database that the suite runs on.
type bed struct {
	t       *testing.T
	address string
}

// open opens the suite's database as one more process would.
func (b bed) open(t *testing.T, change func(*Options)) *Queue {
	t.Helper()
	o := Options{Database: b.address, Parallel: 4, Attempts: 3, Backoff: time.Millisecond, MaxBackoff: 5 * time.Millisecond, Poll: 10 * time.Millisecond,
		Beat: 20 * time.Millisecond, Dead: time.Minute, Turn: 30 * time.Millisecond, Lock: filepath.Join(t.TempDir(), "lock")}
	if change != nil {
		change(&o)
	}
	q, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	return q
}

// work works the queue until the test ends.
func work(t *testing.T, q *Queue, do Work) {
	t.Helper()
	if err := q.Work(t.Context(), do); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // before Close
		if err := q.Stop(context.WithoutCancel(t.Context()), 10*time.Second); err != nil {
			t.Error(err)
		}
	})
}

// TestQueue runs the same suite on every database.
func TestQueue(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		suite(t, func(t *testing.T) bed { return bed{t, filepath.Join(t.TempDir(), "jobs.db")} })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		pg := validators.Postgres(t)
		t.Run("suite", func(t *testing.T) { suite(t, func(t *testing.T) bed { return bed{t, pg.Database(t)} }) })
		t.Run("several", func(t *testing.T) { several(t, pg) })
	})
}

func suite(t *testing.T, fresh func(t *testing.T) bed) {
	for name, test := range map[string]func(t *testing.T, b bed){
		"ordered once": testOrderedOnce, "delivered": testDelivered, "retried": testRetried, "given up": testGivenUp, "needs a person": testNeedsPerson,
		"free failures": testFree, "not the time": testQuiet, "panics": testPanic, "cancelled": testCancelled, "urgent first": testUrgentFirst, "lanes": testLanes, "visitors": testVisit,
		"only there": testOnlyThere, "paused": testPaused, "stopped": testStopped, "left behind": testLeftBehind, "thousand": testThousand, "patience": testPatience,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t))
		})
	}
}

// scheduledOrder is what the calendar orders.
func scheduledOrder(account, slot string) Order {
	return Order{Tenant: "default", Account: account, Slot: slot, Snapshot: account + "-" + slot, Trigger: "scheduled", Ordered: time.Now()}
}

func manualOrder(account string, n int) Order {
	return Order{Tenant: "default", Account: account, Snapshot: fmt.Sprintf("%s-manual-%d", account, n), Trigger: "manual", Once: "manual", Manual: true, Ordered: time.Now()}
}

func order(t *testing.T, q *Queue, orders ...Order) []Placed {
	t.Helper()
	placed, err := q.Order(t.Context(), orders...)
	if err != nil {
		t.Fatal(err)
	}
	return placed
}

// until waits for a job to fit, and no longer than any machine needs.
func until(t *testing.T, q *Queue, id int64, fits func(Job) bool) Job {
	t.Helper()
	for end := time.Now().Add(3 * time.Minute); ; {
		j, err := q.Job(t.Context(), fmt.Sprint(id))
		if err != nil {
			t.Fatal(err)
		}
		if fits(j) {
			return j
		}
		if time.Now().After(end) {
			t.Fatalf("the job never came to fit: %+v", j)
		}
		select {
		case <-t.Context().Done():
			t.Fatal("the test ended")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func is(s State) func(Job) bool { return func(j Job) bool { return j.State == s } }

func delivered(context.Context, Task) Verdict { return Verdict{State: Delivered} }

func testOrderedOnce(t *testing.T, b bed) {
	q := b.open(t, nil)
	first := order(t, q, scheduledOrder("a", "2026-04-15"), scheduledOrder("a", "2026-10-15"), scheduledOrder("b", "2026-04-15"), manualOrder("a", 1))
	for i, p := range first {
		if !p.New || p.Job.State != Waiting || p.Job.ID == 0 {
			t.Errorf("order %d: %+v", i, p)
		}
	}
	again := scheduledOrder("a", "2026-04-15")
	again.Snapshot = "another"
	for range 2 { // before and after it is done
		p := order(t, q, again, manualOrder("c", 1))[0]
		if p.New || p.Job.ID != first[0].Job.ID || p.Job.Snapshot != "a-2026-04-15" {
			t.Errorf("ordered twice: %+v", p)
		}
		if q.w.do == nil {
			work(t, q, delivered)
		}
		until(t, q, first[0].Job.ID, is(Delivered))
		until(t, q, first[3].Job.ID, is(Delivered))
	}
	if p := order(t, q, manualOrder("a", 2))[0]; !p.New || p.Job.Snapshot != "a-manual-2" {
		t.Errorf("a second manual one after the first was delivered: %+v", p)
	}
	if _, err := q.Order(t.Context(), Order{Account: "a"}); err == nil {
		t.Error("an order without a tenant was taken")
	}
}

func testDelivered(t *testing.T, b bed) {
	q := b.open(t, nil)
	o := scheduledOrder("a", "2026-04-15")
	o.Title, o.Reason, o.By, o.Late, o.Platform, o.Request = "Åäö", "därför", "Anna", true, "web", []byte(`{"x":1}`)
	p := order(t, q, o)[0]
	if slots, err := q.Slots(t.Context()); err != nil || slots["default/a"]["2026-04-15"] != Waiting {
		t.Errorf("slots %v, %v", slots, err)
	}
	seen := make(chan Task, 1)
	work(t, q, func(_ context.Context, task Task) Verdict {
		seen <- task
		return Verdict{State: Delivered, Outcome: "complete", Text: Text{"klart", "done"}}
	})
	j := until(t, q, p.Job.ID, is(Delivered))
	if j.Outcome != "complete" || j.Text.SV != "klart" || len(j.Attempts) != 0 || j.Ended == nil || j.Worker != q.ID() || j.Title != "Åäö" || !j.Late {
		t.Errorf("%+v", j)
	}
	task := <-seen
	if !task.Ordered.Equal(o.Ordered) || task.Tried != 0 || task.Last || string(task.Request) != `{"x":1}` && string(task.Request) != `{"x": 1}` {
		t.Errorf("the work saw %+v", task)
	}
	if byID, err := q.Job(t.Context(), o.Snapshot); err != nil || byID.ID != j.ID {
		t.Errorf("by its snapshot: %+v %v", byID, err)
	}
	for _, name := range []string{"999999", "no-such-snapshot"} {
		if _, err := q.Job(t.Context(), name); !errors.Is(err, ErrNoJob) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if slots, err := q.Slots(t.Context()); err != nil || len(slots) != 0 {
		t.Errorf("slots after it: %v, %v", slots, err)
	}
	if n, err := q.Counts(t.Context()); err != nil || n[Delivered] != 1 || n[Waiting] != 0 {
		t.Errorf("counts %v %v", n, err)
	}
}

func testRetried(t *testing.T, b bed) {
	q := b.open(t, nil)
	p := order(t, q, scheduledOrder("a", "s"))[0]
	var tries atomic.Int32
	work(t, q, func(_ context.Context, task Task) Verdict {
		n := int(tries.Add(1))
		if task.Tried != n-1 || task.Last != (n == 3) || len(task.Attempts) != n-1 {
			t.Errorf("try %d sees %+v", n, task)
		}
		if n < 3 {
			return Verdict{State: Waiting, Outcome: "unreachable", Code: "dns", Err: fmt.Errorf("cause %d", n), Text: Text{"gick inte", "did not go"}}
		}
		return Verdict{State: Delivered, Outcome: "complete"}
	})
	j := until(t, q, p.Job.ID, is(Delivered))
	if len(j.Attempts) != 2 || j.Attempts[0].Error != "cause 1" || j.Attempts[1].Error != "cause 2" || j.Attempts[0].Code != "dns" || j.Attempts[0].Text.SV != "gick inte" || j.Outcome != "complete" {
		t.Errorf("%+v", j)
	}
}

func testGivenUp(t *testing.T, b bed) {
	q := b.open(t, nil)
	placed := order(t, q, scheduledOrder("worn", "s"), scheduledOrder("at-once", "s"))
	var mended atomic.Bool
	work(t, q, func(_ context.Context, task Task) Verdict {
		switch {
		case mended.Load():
			return Verdict{State: Delivered}
		case task.Account == "at-once":
			return Verdict{State: GivenUp, Code: "unknown-account", Text: Text{"finns inte", "is not there"}}
		}
		return Verdict{State: Waiting, Err: errors.New("no")}
	})
	worn, atOnce := until(t, q, placed[0].Job.ID, is(GivenUp)), until(t, q, placed[1].Job.ID, is(GivenUp))
	if len(worn.Attempts) != 3 || worn.Tried != 3 || worn.Of != 3 || worn.Cancelled {
		t.Errorf("worn out: %+v", worn)
	}
	if len(atOnce.Attempts) != 1 || atOnce.Text.EN != "is not there" || atOnce.Cancelled {
		t.Errorf("at once: %+v", atOnce)
	}
	slots, err := q.Slots(t.Context())
	if err != nil || slots["default/worn"]["s"] != GivenUp || slots["default/at-once"]["s"] != GivenUp {
		t.Errorf("slots %v %v", slots, err)
	}
	if n, err := q.Counts(t.Context()); err != nil || n[GivenUp] != 2 {
		t.Errorf("counts %v %v", n, err)
	}
	mended.Store(true)
	for _, j := range []Job{worn, atOnce} {
		if _, err := q.Retry(t.Context(), j.ID); err != nil {
			t.Fatal(err)
		}
		if got := until(t, q, j.ID, is(Delivered)); len(got.Attempts) != len(j.Attempts) {
			t.Errorf("attempts after the retry: %+v", got)
		}
	}
}

func testNeedsPerson(t *testing.T, b bed) {
	q := b.open(t, nil)
	p := order(t, q, scheduledOrder("a", "s"))[0]
	var mended atomic.Bool
	work(t, q, func(context.Context, Task) Verdict {
		if mended.Load() {
			return Verdict{State: Delivered}
		}
		return Verdict{State: NeedsPerson, Outcome: "login-wall", Text: Text{"vägg", "wall"}}
	})
	j := until(t, q, p.Job.ID, is(NeedsPerson))
	if len(j.Attempts) != 1 || j.Attempts[0].Outcome != "login-wall" || j.Tried != 0 || j.Next == nil || time.Until(*j.Next) < 23*time.Hour {
		t.Errorf("%+v", j)
	}
	slots, err := q.Slots(t.Context())
	if err != nil || slots["default/a"]["s"] != NeedsPerson {
		t.Errorf("slots %v %v", slots, err)
	}
	listed, err := q.Jobs(t.Context(), Filter{States: []State{NeedsPerson}})
	if err != nil || len(listed) != 1 {
		t.Errorf("listed %+v %v", listed, err)
	}
	if listed, err := q.Jobs(t.Context(), Filter{States: []State{Waiting}}); err != nil || len(listed) != 0 {
		t.Errorf("called waiting: %+v %v", listed, err)
	}
	mended.Store(true)
	if _, err := q.Retry(t.Context(), p.Job.ID); err != nil {
		t.Fatal(err)
	}
	until(t, q, p.Job.ID, is(Delivered))
}

// Work that is done and waits for its archive never gives up.
func testFree(t *testing.T, b bed) {
	q := b.open(t, nil)
	p := order(t, q, scheduledOrder("a", "s"))[0]
	var tries atomic.Int32
	work(t, q, func(context.Context, Task) Verdict {
		if tries.Add(1) <= 7 {
			return Verdict{State: Waiting, Free: true, Err: errors.New("the store is full")}
		}
		return Verdict{State: Delivered}
	})
	if j := until(t, q, p.Job.ID, is(Delivered)); len(j.Attempts) != 7 {
		t.Errorf("%+v", j)
	}
}

func testQuiet(t *testing.T, b bed) {
	q := b.open(t, nil)
	p := order(t, q, scheduledOrder("a", "s"))[0]
	var at time.Time // told by the first try, however late it comes
	var tries atomic.Int32
	work(t, q, func(context.Context, Task) Verdict {
		if tries.Add(1) == 1 {
			at = time.Now().Add(300 * time.Millisecond)
		}
		if time.Now().Before(at) {
			return Verdict{State: Waiting, Quiet: true, Next: at}
		}
		return Verdict{State: Delivered}
	})
	if j := until(t, q, p.Job.ID, is(Delivered)); len(j.Attempts) != 0 || j.Ended.Before(at.Add(-time.Millisecond)) || tries.Load() < 2 {
		t.Errorf("after %d tries: %+v", tries.Load(), j)
	}
}

func testPanic(t *testing.T, b bed) {
	q := b.open(t, nil)
	o := scheduledOrder("a", "s")
	o.Lane = "facebook"
	p := order(t, q, o)[0]
	var tries atomic.Int32
	work(t, q, func(ctx context.Context, task Task) Verdict {
		if wait, err := task.Enter(ctx, 0); err != nil || wait > 0 {
			return Verdict{State: Waiting, Quiet: true, Next: time.Now().Add(wait)}
		}
		if tries.Add(1) == 1 {
			panic("oh no")
		}
		return Verdict{State: Delivered}
	})
	j := until(t, q, p.Job.ID, is(Delivered))
	if len(j.Attempts) != 1 || j.Attempts[0].Code != "panic" || !strings.Contains(j.Attempts[0].Error, "oh no") {
		t.Errorf("%+v", j)
	}
}

func testCancelled(t *testing.T, b bed) {
	q, other := b.open(t, nil), b.open(t, nil) // another process, such as a command
	placed := order(t, q, scheduledOrder("waits", "s"), scheduledOrder("runs", "s"))
	if j, err := other.Cancel(t.Context(), placed[0].Job.ID); err != nil || j.State != GivenUp || !j.Cancelled {
		t.Errorf("%+v %v", j, err)
	}
	started := make(chan struct{})
	ended := make(chan error, 1)
	var fine atomic.Bool
	work(t, q, func(ctx context.Context, task Task) Verdict {
		if fine.Load() {
			return Verdict{State: Delivered}
		}
		if task.Account == "waits" {
			t.Error("a cancelled job was worked")
		}
		close(started)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return Verdict{State: Waiting, Err: ctx.Err()}
	})
	<-started
	if j := until(t, q, placed[1].Job.ID, is(Running)); j.Worker != q.ID() {
		t.Errorf("%+v", j)
	}
	if _, err := other.Cancel(t.Context(), placed[1].Job.ID); err != nil {
		t.Fatal(err)
	}
	if j := until(t, q, placed[1].Job.ID, is(GivenUp)); !j.Cancelled {
		t.Errorf("%+v", j)
	}
	if err := <-ended; err == nil {
		t.Error("its context ended without a cause")
	}
	if p := order(t, q, scheduledOrder("runs", "s"))[0]; p.New {
		t.Errorf("the calendar ordered again what a person had taken back: %+v", p)
	}
	fine.Store(true)
	if _, err := other.Retry(t.Context(), placed[1].Job.ID); err != nil {
		t.Fatal(err)
	}
	until(t, q, placed[1].Job.ID, is(Delivered))
}

func testUrgentFirst(t *testing.T, b bed) {
	q := b.open(t, func(o *Options) { o.Parallel = 1 })
	var orders []Order
	for i := range 5 {
		orders = append(orders, scheduledOrder(fmt.Sprint("s", i), "s"))
	}
	evidence := manualOrder("e", 1)
	evidence.Urgent = true
	order(t, q, append(orders, manualOrder("m", 1), evidence)...)
	var mu sync.Mutex
	var got []string
	all := make(chan struct{})
	work(t, q, func(_ context.Context, task Task) Verdict {
		mu.Lock()
		defer mu.Unlock()
		if got = append(got, task.Account); len(got) == 7 {
			close(all)
		}
		return Verdict{State: Delivered}
	})
	<-all
	if want := []string{"e", "m", "s0", "s1", "s2", "s3", "s4"}; !slices.Equal(got, want) {
		t.Errorf("worked in the order %v", got)
	}
}

// A job that only one process may work waits for it, past all others, and what the work notes stays with it.
func testOnlyThere(t *testing.T, b bed) {
	here := b.open(t, func(o *Options) { o.ID = "Maskin-1.example.org" })
	there := b.open(t, func(o *Options) { o.ID = "Maskin-2.example.org" })
	bound := manualOrder("bound", 1)
	bound.At = there.ID()
	placed := order(t, here, bound, manualOrder("free", 1))
	var worked sync.Map
	by := func(q *Queue) Work {
		return func(_ context.Context, task Task) Verdict {
			worked.Store(task.Account, q.ID())
			return Verdict{State: Delivered, Notes: []string{"en sak"}}
		}
	}
	work(t, here, by(here))
	until(t, here, placed[1].Job.ID, is(Delivered))
	if j := until(t, here, placed[0].Job.ID, func(Job) bool { return true }); j.State != Waiting {
		t.Errorf("%+v", j)
	}
	work(t, there, by(there))
	if j := until(t, here, placed[0].Job.ID, is(Delivered)); j.Worker != there.ID() || !slices.Equal(j.Notes, []string{"en sak"}) {
		t.Errorf("%+v", j)
	}
	if who, _ := worked.Load("bound"); who != there.ID() {
		t.Errorf("worked by %v", who)
	}
}

// On one lane there is one at a time, and a pause between; lanes do not wait for each other; who is urgent does not take a turn.
func testLanes(t *testing.T, b bed) {
	const pause = 40 * time.Millisecond
	own := map[string]time.Duration{"facebook": 3 * pause, "youtube": pause / 2} // what the platforms themselves ask for
	q := b.open(t, func(o *Options) { o.Parallel, o.Pause = 6, pause })
	var ids []int64
	for i := range 10 {
		o := scheduledOrder(fmt.Sprint("a", i), "s")
		o.Lane = []string{"facebook", "youtube"}[i%2]
		if i == 8 {
			o.Manual, o.Slot, o.Once = true, "", "m"
		}
		ids = append(ids, order(t, q, o)[0].Job.ID)
	}
	var mu sync.Mutex
	inside, last := map[string]int{}, map[string]time.Time{}
	// The first on each lane waits for the first on the other: were one lane to wait for the other, this would never end.
	there := map[string]chan struct{}{"facebook": make(chan struct{}), "youtube": make(chan struct{})}
	first := map[string]*sync.Once{"facebook": {}, "youtube": {}}
	work(t, q, func(ctx context.Context, task Task) Verdict {
		wait, err := task.Enter(ctx, own[task.Lane])
		if err != nil {
			t.Error(err)
		}
		if wait > 0 {
			return Verdict{State: Waiting, Quiet: true, Next: time.Now().Add(wait)}
		}
		mu.Lock()
		if inside[task.Lane]++; inside[task.Lane] > 1 {
			t.Errorf("two at once on %s", task.Lane)
		}
		if l := last[task.Lane]; !l.IsZero() && time.Since(l) < max(pause, own[task.Lane])-5*time.Millisecond {
			t.Errorf("only %s between two on %s", time.Since(l), task.Lane)
		}
		mu.Unlock()
		first[task.Lane].Do(func() { close(there[task.Lane]) })
		<-there["facebook"]
		<-there["youtube"]
		time.Sleep(5 * time.Millisecond) // gives a second one the chance to come in, which it must not
		mu.Lock()
		inside[task.Lane]--
		last[task.Lane] = time.Now()
		mu.Unlock()
		if err := task.Leave(ctx); err != nil {
			t.Error(err)
		}
		return Verdict{State: Delivered}
	})
	for _, id := range ids {
		until(t, q, id, is(Delivered))
	}
}

func testPaused(t *testing.T, b bed) {
	q := b.open(t, nil)
	for _, bad := range []string{"", "account:a", "platform:", "everything"} {
		if err := q.Pause(t.Context(), Pause{Scope: bad}); err == nil {
			t.Errorf("%q was paused", bad)
		}
	}
	scoped := func(platform, account string) Order {
		o := scheduledOrder(account, "s")
		o.Platform = platform
		return o
	}
	for _, p := range []Pause{{Scope: "platform:facebook", Reason: "bråk", By: "Anna"}, {Scope: "account:default/paused"}} {
		if err := q.Pause(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	by := manualOrder("paused", 1)
	placed := order(t, q, scoped("facebook", "fb"), scoped("web", "paused"), scoped("web", "free"), by)
	work(t, q, delivered)
	until(t, q, placed[2].Job.ID, is(Delivered))
	until(t, q, placed[3].Job.ID, is(Delivered)) // a person's own order is not held
	for i := range 2 {
		j := until(t, q, placed[i].Job.ID, func(j Job) bool { return j.Paused })
		if j.State != Waiting || len(j.Attempts) != 0 || j.Tried != 0 {
			t.Errorf("%+v", j)
		}
	}
	pauses, err := q.Pauses(t.Context())
	if err != nil || len(pauses) != 2 || pauses[1].Reason != "bråk" || pauses[1].By != "Anna" || !pauses[1].Until.IsZero() {
		t.Errorf("%+v %v", pauses, err)
	}
	if was, err := q.Resume(t.Context(), "platform:facebook"); err != nil || !was {
		t.Errorf("%v %v", was, err)
	}
	until(t, q, placed[0].Job.ID, is(Delivered))
	// An end ends a pause by itself.
	if err := q.Pause(t.Context(), Pause{Scope: "account:default/paused", Until: time.Now().Add(50 * time.Millisecond)}); err != nil {
		t.Fatal(err)
	}
	until(t, q, placed[1].Job.ID, is(Delivered))
	if err := q.Pause(t.Context(), Pause{Scope: ScopeAll}); err != nil {
		t.Fatal(err)
	}
	here := manualOrder("y", 1)
	here.At = q.ID()
	held := order(t, q, manualOrder("x", 1), here)
	until(t, q, held[1].Job.ID, func(j Job) bool { return j.Paused })
	until(t, q, held[0].Job.ID, is(Waiting)) // a worker that had not heard of the pause may take it up, and puts it back
	if was, err := q.Resume(t.Context(), ScopeAll); err != nil || !was {
		t.Errorf("%v %v", was, err)
	}
	until(t, q, held[0].Job.ID, is(Delivered))
	until(t, q, held[1].Job.ID, is(Delivered))
	// A pause may end just when a worker has read of it: its job is not among those that the end wakes.
	if err := q.Pause(t.Context(), Pause{Scope: "account:default/missed"}); err != nil {
		t.Fatal(err)
	}
	missed := order(t, q, scheduledOrder("missed", "s"))[0]
	until(t, q, missed.Job.ID, func(j Job) bool { return j.Paused })
	if _, err := q.db.exec(t.Context(), "delete from arsring_pause"); err != nil {
		t.Fatal(err)
	}
	until(t, q, missed.Job.ID, is(Delivered))
}

// A job that a stop interrupts stays resumable and has not failed.
func testStopped(t *testing.T, b bed) {
	q := b.open(t, nil)
	p := order(t, q, scheduledOrder("a", "s"))[0]
	started := make(chan struct{})
	if err := q.Work(t.Context(), func(ctx context.Context, _ Task) Verdict {
		close(started)
		<-ctx.Done()
		return Verdict{State: Waiting, Err: ctx.Err()}
	}); err != nil {
		t.Fatal(err)
	}
	<-started
	if err := q.Stop(t.Context(), 20*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	j, err := q.Job(t.Context(), fmt.Sprint(p.Job.ID))
	if err != nil || j.State != Waiting || j.Tried != 0 || len(j.Attempts) != 0 {
		t.Errorf("%+v %v", j, err)
	}
	next := b.open(t, nil)
	work(t, next, delivered)
	until(t, next, p.Job.ID, is(Delivered))
}

// testLeftBehind ends a process under its job: the next one in the same data folder takes it up at once.
func testLeftBehind(t *testing.T, b bed) {
	lock, id := filepath.Join(t.TempDir(), "lock"), DrawID()
	same := func(o *Options) { o.Lock, o.ID, o.Parallel = lock, id, 1 }
	dead := b.open(t, same)
	o := scheduledOrder("a", "s")
	o.Lane = "facebook"
	p := order(t, dead, o)[0]
	started, end := make(chan struct{}), make(chan struct{})
	if err := dead.Work(t.Context(), func(ctx context.Context, task Task) Verdict {
		if wait, err := task.Enter(ctx, time.Minute); err != nil || wait > 0 {
			t.Errorf("%v %v", wait, err)
		}
		close(started)
		<-end
		return Verdict{State: Waiting, Err: errors.New("too late")}
	}); err != nil {
		t.Fatal(err)
	}
	<-started
	if err := b.open(t, same).Work(t.Context(), delivered); !errors.Is(err, ErrBusy) {
		t.Errorf("a second process in the same data folder: %v", err)
	}
	for n := range 5 { // as kill -9 does: no more beats, the lock gone, the row still says running
		if n == 0 {
			dead.stop()
			dead.beats.Wait()
			dead.release()
		} else if _, err := dead.db.exec(t.Context(), "update river_job set state = 'running', attempt = attempt + 1 where id = $1", p.Job.ID); err != nil {
			t.Fatal(err)
		}
		next := b.open(t, same)
		if err := next.arrive(t.Context()); err != nil {
			t.Fatal(err)
		}
		j, err := next.Job(t.Context(), fmt.Sprint(p.Job.ID))
		if err != nil || j.State != Waiting || j.Tried != 0 || len(j.Attempts) != n+1 || j.Attempts[n].Code != "process-ended" {
			t.Errorf("%+v %v", j, err)
		}
	}
	var rest int64 // what the process that is gone owed the lane
	if err := dead.db.row(t.Context(), "select free_at - now() from arsring_lane where lane = 'facebook' and holder = ''", nil, &rest); err != nil || rest <= 0 || rest > time.Minute.Milliseconds() {
		t.Errorf("the lane rests for %d ms: %v", rest, err)
	}
	if _, err := dead.db.exec(t.Context(), "update arsring_lane set free_at = 0"); err != nil {
		t.Fatal(err)
	}
	next := b.open(t, same)
	work(t, next, func(ctx context.Context, task Task) Verdict {
		if wait, err := task.Enter(ctx, 0); err != nil || wait > 0 {
			return Verdict{State: Waiting, Quiet: true, Err: err, Next: time.Now().Add(wait)}
		}
		return Verdict{State: Delivered}
	})
	until(t, next, p.Job.ID, is(Delivered))
	close(end)
}

func testThousand(t *testing.T, b bed) {
	const n = 1000
	q := b.open(t, func(o *Options) { o.Parallel = 50 })
	orders := make([]Order, n)
	for i := range orders {
		orders[i] = scheduledOrder(fmt.Sprintf("a%04d", i), "s")
	}
	placed := order(t, q, orders...)
	var mu sync.Mutex
	times := map[string]int{}
	var wait sync.WaitGroup
	wait.Add(n)
	work(t, q, func(_ context.Context, task Task) Verdict {
		mu.Lock()
		times[task.Account]++
		mu.Unlock()
		wait.Done()
		return Verdict{State: Delivered}
	})
	wait.Wait()
	for _, p := range placed {
		until(t, q, p.Job.ID, is(Delivered))
	}
	for account, k := range times {
		if k != 1 {
			t.Errorf("%s was worked %d times", account, k)
		}
	}
	if n, err := q.Counts(t.Context()); err != nil || n[Delivered] != 1000 {
		t.Errorf("%v %v", n, err)
	}
	if jobs, err := q.Jobs(t.Context(), Filter{Limit: 3}); err != nil || len(jobs) != 3 || jobs[0].Account != "a0999" {
		t.Errorf("%d %v", len(jobs), err)
	}
}

func testPatience(t *testing.T, b bed) {
	q := b.open(t, func(o *Options) { o.Backoff, o.MaxBackoff = 5*time.Minute, 12*time.Hour })
	var sum time.Duration
	for n, low := range []time.Duration{5 * time.Minute, 20 * time.Minute, 80 * time.Minute, 320 * time.Minute, 12 * time.Hour, 12 * time.Hour} {
		d := q.patience(n + 1)
		if d < low || d > low+low/10 {
			t.Errorf("after failure %d: %s", n+1, d)
		}
		sum += d
	}
	if sum < 24*time.Hour {
		t.Errorf("a network that is away for a day is given up after %s", sum)
	}
}
