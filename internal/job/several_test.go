package job

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"arsring/internal/validators"
)

// several are tests of more than one process on one Postgres.
func several(t *testing.T, pg *validators.PostgresServer) {
	t.Run("share", func(t *testing.T) { testShare(t, bed{t, pg.Database(t)}) })
	t.Run("one is gone", func(t *testing.T) { testGone(t, bed{t, pg.Database(t)}) })
	t.Run("the database restarts", func(t *testing.T) { testRestart(t, bed{t, pg.Database(t)}, pg) })
}

// Three processes share 300 jobs on three lanes: none is worked twice, no lane holds two.
func testShare(t *testing.T, b bed) {
	const n = 300
	var mu sync.Mutex
	times, inside, by := map[string]int{}, map[string]int{}, map[string]int{}
	var queues []*Queue
	var opened sync.WaitGroup
	var qmu sync.Mutex
	for range 3 { // at once: they make the tables together
		opened.Go(func() {
			q := b.open(t, func(o *Options) { o.Parallel, o.Turn = 3, time.Millisecond })
			qmu.Lock()
			queues = append(queues, q)
			qmu.Unlock()
		})
	}
	opened.Wait()
	orders := make([]Order, n)
	for i := range orders {
		orders[i] = scheduledOrder(fmt.Sprint("a", i), "s")
		orders[i].Lane = fmt.Sprint("lane", i%3)
	}
	placed := order(t, queues[0], orders...)
	for _, q := range queues {
		work(t, q, func(ctx context.Context, task Task) Verdict {
			if wait, err := task.Enter(ctx, 0); err != nil || wait > 0 {
				return Verdict{State: Waiting, Quiet: true, Err: err, Next: time.Now().Add(wait)}
			}
			mu.Lock()
			times[task.Account]++
			by[q.ID()]++
			if inside[task.Lane]++; inside[task.Lane] > 1 {
				t.Errorf("two at once on %s", task.Lane)
			}
			mu.Unlock()
			time.Sleep(time.Millisecond)
			mu.Lock()
			inside[task.Lane]--
			mu.Unlock()
			if err := task.Leave(ctx); err != nil {
				t.Error(err)
			}
			return Verdict{State: Delivered}
		})
	}
	for _, p := range placed {
		until(t, queues[0], p.Job.ID, is(Delivered))
	}
	for account, k := range times {
		if k != 1 {
			t.Errorf("%s was worked %d times", account, k)
		}
	}
	if len(by) != 3 {
		t.Errorf("not all took part: %v", by)
	}
	leaders := 0
	for leaders != 1 {
		leaders = 0
		for _, q := range queues {
			if leads, err := q.Leads(t.Context()); err != nil {
				t.Fatal(err)
			} else if leads {
				leaders++
			}
		}
		if leaders > 1 {
			t.Fatalf("%d lead", leaders)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// A process that is not heard of loses its job to another, and ends it itself when it cannot be heard.
func testGone(t *testing.T, b bed) {
	quick := func(o *Options) { o.Dead, o.Parallel, o.Patience = 400*time.Millisecond, 1, 100*time.Millisecond }
	gone, other := b.open(t, quick), b.open(t, quick)
	o := scheduledOrder("a", "s")
	o.Lane = "facebook"
	p := order(t, gone, o)[0]
	started, fenced := make(chan struct{}), make(chan error, 1)
	if err := gone.Work(t.Context(), func(ctx context.Context, task Task) Verdict {
		if wait, err := task.Enter(ctx, 0); err != nil || wait > 0 {
			t.Errorf("%v %v", wait, err)
		}
		close(started)
		<-ctx.Done()
		fenced <- context.Cause(ctx)
		return Verdict{State: Waiting, Err: ctx.Err()}
	}); err != nil {
		t.Fatal(err)
	}
	<-started
	work(t, other, func(ctx context.Context, task Task) Verdict {
		if wait, err := task.Enter(ctx, 0); err != nil || wait > 0 {
			return Verdict{State: Waiting, Quiet: true, Err: err, Next: time.Now().Add(wait)}
		}
		return Verdict{State: Delivered}
	})
	gone.deaf.Store(true) // from here on no beat of it arrives
	if err := <-fenced; !errors.Is(err, errFenced) {
		t.Errorf("its job ended with %v", err)
	}
	j := until(t, other, p.Job.ID, is(Delivered))
	if j.Worker != other.ID() || len(j.Attempts) != 1 {
		t.Errorf("%+v", j)
	}
	gone.deaf.Store(false)
	<-gone.Lost()
	if j, err := other.Job(t.Context(), fmt.Sprint(p.Job.ID)); err != nil || j.State != Delivered {
		t.Errorf("after the first process came back: %+v %v", j, err)
	}
	if err := gone.Stop(t.Context(), time.Millisecond); err == nil {
		t.Error("it stopped as if it still had its job")
	}
}

// The server of the database ends under the work and comes back: no job is lost or worked twice to its end.
func testRestart(t *testing.T, b bed, pg *validators.PostgresServer) {
	const n = 60
	q := b.open(t, func(o *Options) { o.Parallel = 2 })
	orders := make([]Order, n)
	for i := range orders {
		orders[i] = scheduledOrder(fmt.Sprint("a", i), "s")
	}
	placed := order(t, q, orders...)
	half := make(chan struct{})
	var once sync.Once
	var mu sync.Mutex
	seen := map[string]bool{}
	work(t, q, func(_ context.Context, task Task) Verdict {
		mu.Lock()
		defer mu.Unlock()
		if seen[task.Account] = true; len(seen) == n/2 {
			once.Do(func() { close(half) })
		}
		return Verdict{State: Delivered}
	})
	<-half
	pg.Stop(t)
	pg.Start(t)
	for _, p := range placed {
		for {
			j, err := q.Job(t.Context(), fmt.Sprint(p.Job.ID))
			if err == nil && j.State == Delivered {
				break
			}
			if err == nil && j.State == GivenUp {
				t.Fatalf("given up: %+v", j)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	if len(seen) != n {
		t.Errorf("%d of %d were worked", len(seen), n)
	}
}
