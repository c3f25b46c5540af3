package job

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/riverqueue/river"
)

// Work carries out one attempt of a job. It may be called again for the same job after any interruption, also on another machine; it must do
// what is missing and deliver nothing twice. It ends soon when ctx does.
type Work func(ctx context.Context, t Task) Verdict

// Task is a job as the work sees it.
type Task struct {
	Order
	Job   int64
	Tried int // attempts that failed and count
	Last  bool
	// Attempts are the earlier ones.
	Attempts []Attempt

	q *Queue
}

// Verdict is how an attempt ended.
type Verdict struct {
	// State is Delivered, Waiting (it failed and is tried again), NeedsPerson or GivenUp.
	State   State
	Text    Text
	Outcome string
	Code    string
	Notes   []string  // for whoever ordered it, in the configured language
	Err     error     // the cause
	Next    time.Time // not before; zero: as the queue's own patience says
	// Free failures do not count towards giving up: the work is done and waits for something outside.
	Free bool
	// Quiet ones are no attempts at all: it was not the time.
	Quiet bool
}

// Errors with which a job's context ends.
var (
	ErrCancelled = errors.New("a person cancelled the job")
	errFenced    = errors.New("the job database has not been reached for too long; another process may have taken the job")
)

type worker struct {
	river.WorkerDefaults[args]
	q    *Queue
	do   Work
	next sync.Map // job ID → time of its next try
}

// Work is called by River.
func (w *worker) Work(ctx context.Context, rj *river.Job[args]) error {
	m, err := readMetadata(rj.JobRow)
	if err != nil {
		return river.JobCancel(err)
	}
	st, order := m.Output, rj.Args.Order
	wait, paused, err := w.q.held(ctx, order)
	if err != nil {
		return err
	}
	if paused {
		st.Paused = true
		return w.settle(ctx, rj, st, Verdict{State: Waiting, Quiet: true, Text: st.Text, Next: w.q.o.Now().Add(wait)})
	}
	st.Paused = false
	run, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w.q.begin(rj.ID, cancel)
	v := w.attempt(run, Task{Order: order, Job: rj.ID, Tried: rj.Attempt - 1, Last: rj.Attempt >= rj.MaxAttempts, Attempts: st.Attempts, q: w.q})
	w.q.end(context.WithoutCancel(ctx), rj.ID)
	cause := context.Cause(run)
	switch {
	case errors.Is(cause, errFenced):
		return w.fenced(ctx, rj)
	case v.State == Delivered:
	case errors.Is(cause, ErrCancelled):
		return river.JobCancel(ErrCancelled)
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded): // the process stops, or River was told to cancel
		return fmt.Errorf("interrupted: %w", ctx.Err())
	}
	return w.settle(ctx, rj, st, v)
}

// fenced ends a job that was fenced. When another process has it by now, nothing that River would write is true: this process has to end.
func (w *worker) fenced(ctx context.Context, rj *river.Job[args]) error {
	if w.q.stillOurs(ctx, rj.ID, rj.Attempt) {
		return river.JobSnooze(0)
	}
	w.q.mu.Lock()
	select {
	case <-w.q.lost:
	default:
		close(w.q.lost)
	}
	w.q.mu.Unlock()
	select {} // for ever: returning would change a job that is not ours
}

// attempt calls the work; a panic is a failure like any other.
func (w *worker) attempt(ctx context.Context, t Task) (v Verdict) {
	defer func() {
		if r := recover(); r != nil {
			v = Verdict{State: Waiting, Err: fmt.Errorf("panic: %v\n%s", r, debug.Stack()), Code: "panic",
				Text: Text{"Ett fel i programmet avbröt jobbet.", "A fault in the program ended the job."}}
		}
	}()
	return w.do(ctx, t)
}

// settle writes down how an attempt ended, in the words of River.
func (w *worker) settle(ctx context.Context, rj *river.Job[args], st standing, v Verdict) error {
	now := w.q.o.Now()
	if v.Err == nil && v.State != Delivered {
		v.Err = errors.New(v.Text.EN)
	}
	if v.State != Delivered && !v.Quiet {
		st.add(Attempt{At: now, Worker: w.q.o.ID, Outcome: v.Outcome, Code: v.Code, Error: v.Err.Error(), Text: v.Text})
	}
	if !v.Quiet {
		st.State, st.Text, st.Outcome, st.Code, st.Notes, st.Reclaims = v.State, v.Text, v.Outcome, v.Code, v.Notes, 0
	}
	last := v.State == Waiting && !v.Free && !v.Quiet && rj.Attempt >= rj.MaxAttempts
	if last {
		st.State = GivenUp
	}
	if err := river.RecordOutput(ctx, st); err != nil {
		return err
	}
	switch v.State {
	case Delivered:
		return nil
	case GivenUp:
		return river.JobCancel(v.Err)
	}
	wait := w.q.wait(v, rj.Attempt, len(st.Attempts), now)
	if v.State == NeedsPerson || v.Free || v.Quiet {
		return river.JobSnooze(wait)
	}
	w.next.Store(rj.ID, time.Now().Add(wait+10*time.Millisecond))
	return v.Err
}

// wait is how long a job sleeps after an attempt that did not finish it.
func (q *Queue) wait(v Verdict, counted, noted int, now time.Time) time.Duration {
	switch {
	case !v.Next.IsZero():
		return max(0, v.Next.Sub(now))
	case v.State == NeedsPerson:
		return q.o.Person
	case v.Free:
		return q.patience(noted)
	}
	return q.patience(counted)
}

// NextRetry is called by River after a failure.
func (w *worker) NextRetry(rj *river.Job[args]) time.Time {
	if t, ok := w.next.LoadAndDelete(rj.ID); ok {
		return t.(time.Time)
	}
	return time.Now().Add(w.q.patience(rj.Attempt))
}

// patience is the wait after the n-th failure: four times as long each time, up to a bound, and not the same for all.
func (q *Queue) patience(n int) time.Duration {
	d := q.o.Backoff
	for range max(0, n-1) {
		if d *= 4; d >= q.o.MaxBackoff {
			d = q.o.MaxBackoff
			break
		}
	}
	return d + time.Duration(rand.Int64N(int64(d)/10+1)) //nolint:gosec // spreads waits, protects nothing
}

func (q *Queue) begin(id int64, cancel context.CancelCauseFunc) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.active[id] = &running{cancel: cancel}
}

func (q *Queue) end(ctx context.Context, id int64) {
	q.mu.Lock()
	r := q.active[id]
	q.mu.Unlock()
	if r != nil && r.lane != "" {
		_ = q.leaveLane(ctx, id, r.lane) // the beat tries again
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.active, id)
}

// Active gives the IDs of the jobs that this process works on now.
func (q *Queue) Active() []int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := make([]int64, 0, len(q.active))
	for id := range q.active {
		out = append(out, id)
	}
	return out
}
