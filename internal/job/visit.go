package job

import (
	"context"
	"sync"
	"time"
)

// visitor begins the names of those who take a lane without a job.
const visitor = "visit-"

// Visit takes a lane for somebody who is no job of the queue, such as a person at the command line, and waits until it is free: behind whoever has it, and behind
// the pause after them. waits, where it is not nil, is told once that there is something to wait for. leave gives the lane back, for the next one after pause, or
// after Options.Pause where that is longer; it may be called more than once. A visitor whose process ends gives the lane back as a daemon does.
func (q *Queue) Visit(ctx context.Context, lane string, pause time.Duration, waits func()) (leave func(), err error) {
	if lane == "" {
		return func() {}, nil
	}
	v := &visit{q: q, id: visitor + DrawID(), lane: lane}
	pause = max(pause, q.o.Pause)
	if _, err := q.db.exec(ctx, "insert into arsring_lane (lane) values ($1) on conflict do nothing", lane); err != nil {
		return nil, v.failed(ctx, err)
	}
	for {
		// Seen before it is taken: a lane whose holder nobody has seen is free for all.
		if err := v.beat(ctx); err != nil {
			return nil, v.failed(ctx, err)
		}
		n, err := q.db.exec(ctx, "update arsring_lane set holder = $1, job = 0, pause = $2 where lane = $3 and holder = '' and free_at <= now()", v.id, pause.Milliseconds(), lane)
		if err != nil {
			return nil, v.failed(ctx, err)
		}
		if n > 0 {
			return v.stay(ctx), nil
		}
		if waits != nil {
			waits()
			waits = nil
		}
		if err := q.freeLanes(ctx); err != nil {
			return nil, v.failed(ctx, err)
		}
		t := time.NewTimer(min(max(50*time.Millisecond, q.o.Poll/2), 500*time.Millisecond))
		select {
		case <-ctx.Done():
			t.Stop()
			return nil, v.failed(ctx, ctx.Err())
		case <-t.C:
		}
	}
}

// visit is one stay on a lane.
type visit struct {
	q        *Queue
	id, lane string
}

func (v *visit) beat(ctx context.Context) error {
	_, err := v.q.db.exec(ctx, "insert into arsring_daemon (id, started, seen) values ($1, now(), now()) on conflict (id) do update set seen = now()", v.id)
	return err
}

// stay says again and again that the visitor lives, until it leaves.
func (v *visit) stay(ctx context.Context) (leave func()) {
	ctx = context.WithoutCancel(ctx) // a visit that is broken off is ended in order, too
	end := make(chan struct{})
	var beats sync.WaitGroup
	beats.Go(func() {
		t := time.NewTicker(v.q.o.Beat)
		defer t.Stop()
		for {
			select {
			case <-end:
				return
			case <-t.C:
				_ = v.beat(ctx) // the next one tries again
			}
		}
	})
	return sync.OnceFunc(func() {
		close(end)
		beats.Wait()
		v.gone(ctx)
	})
}

// gone gives back what the visitor has, if anything.
func (v *visit) gone(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	// Else the others find out after a minute.
	_, _ = v.q.db.exec(ctx, "update arsring_lane set holder = '', job = 0, free_at = now() + pause where holder = $1", v.id)
	_, _ = v.q.db.exec(ctx, "delete from arsring_daemon where id = $1", v.id)
}

func (v *visit) failed(ctx context.Context, err error) error {
	v.gone(ctx)
	if ctx.Err() != nil { // whatever the database made of it
		return ctx.Err()
	}
	return laneError(v.lane, err)
}
