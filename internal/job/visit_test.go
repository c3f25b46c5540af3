package job

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

// testVisit: who is no job takes the same lane as the jobs do, waits for them, and they for it. One whose process is gone is not waited for for ever.
func testVisit(t *testing.T, b bed) {
	const pause = 60 * time.Millisecond
	q := b.open(t, func(o *Options) { o.Pause = pause })
	o := scheduledOrder("a", "s")
	o.Lane = "facebook"
	var inside, done atomic.Bool
	var left atomic.Int64
	entered, told := make(chan struct{}), make(chan struct{})
	person := b.open(t, func(o *Options) { o.Pause, o.Beat, o.Dead = pause, 10*time.Millisecond, 500*time.Millisecond })
	leave, err := person.Visit(t.Context(), "facebook", 0, func() { t.Error("a free lane was waited for") })
	if err != nil {
		t.Fatal(err)
	}
	order(t, q, o)
	work(t, q, func(ctx context.Context, task Task) Verdict {
		wait, err := task.Enter(ctx, 0)
		if err != nil {
			t.Error(err)
		}
		if wait > 0 {
			return Verdict{State: Waiting, Quiet: true, Next: time.Now().Add(wait)}
		}
		if !done.Load() || time.Since(time.UnixMilli(left.Load())) < pause-5*time.Millisecond {
			t.Errorf("the job came in while the person was there (%v), or right after", !done.Load())
		}
		inside.Store(true)
		close(entered)
		<-told                            // the person has come, and waits
		time.Sleep(30 * time.Millisecond) // gives it the chance to come in, which it must not
		inside.Store(false)
		return Verdict{State: Delivered}
	})
	time.Sleep(100 * time.Millisecond) // gives the job the chance to come in, which it must not
	done.Store(true)
	left.Store(time.Now().UnixMilli())
	leave()
	leave()
	<-entered
	leave, err = person.Visit(t.Context(), "facebook", 0, func() { close(told) })
	if err != nil {
		t.Fatal(err)
	}
	if inside.Load() {
		t.Error("the person came in while the job was there")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	if _, err := q.Visit(ctx, "facebook", 0, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("two persons at once: %v", err)
	}
	cancel()
	leave()
	// A process that is gone holds a lane no longer than it takes to find that out.
	if _, err := person.db.exec(t.Context(), "update arsring_lane set holder = 'visit-gone', free_at = 0 where lane = 'facebook'"); err != nil {
		t.Fatal(err)
	}
	if leave, err = person.Visit(t.Context(), "facebook", 0, nil); err != nil {
		t.Fatal(err)
	}
	leave()
}
