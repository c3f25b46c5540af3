package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Filter narrows a list of jobs. The zero value lists all.
type Filter struct {
	States  []State
	Tenant  string
	Account string
	Limit   int // newest first; 0: all
}

// allStates are River's.
var allStates = rivertype.JobStates()

// riverStates are those of River's states that one of ours may have.
func riverStates(states []State) []rivertype.JobState {
	if len(states) == 0 {
		return allStates
	}
	var out []rivertype.JobState
	for _, s := range states {
		switch s {
		case Running:
			out = append(out, rivertype.JobStateRunning)
		case Delivered:
			out = append(out, rivertype.JobStateCompleted)
		case GivenUp:
			out = append(out, rivertype.JobStateCancelled, rivertype.JobStateDiscarded)
		case Waiting, NeedsPerson:
			out = append(out, rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateScheduled)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Jobs lists jobs, the newest order first.
func (q *Queue) Jobs(ctx context.Context, f Filter) ([]Job, error) {
	rows, err := q.list(ctx, riverStates(f.States)...)
	if err != nil {
		return nil, err
	}
	out := []Job{}
	for _, row := range slices.Backward(rows) {
		j, err := jobOf(row)
		if err != nil {
			return nil, err
		}
		if len(f.States) > 0 && !slices.Contains(f.States, j.State) || f.Tenant != "" && f.Tenant != j.Tenant || f.Account != "" && f.Account != j.Account {
			continue
		}
		if out = append(out, j); f.Limit > 0 && len(out) == f.Limit {
			break
		}
	}
	return out, nil
}

// ErrNoJob says that there is no such job.
var ErrNoJob = errors.New("no such job")

// Job finds a job by its number or its snapshot's ID.
func (q *Queue) Job(ctx context.Context, name string) (Job, error) {
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		err := q.db.row(ctx, "select id from river_job where kind = '"+kind+"' and args->'order'->>'snapshot' = $1", []any{name}, &id)
		if errors.Is(err, sql.ErrNoRows) {
			return Job{}, fmt.Errorf("%w: %s", ErrNoJob, name)
		}
		if err != nil {
			return Job{}, err
		}
	}
	row, err := q.db.client.JobGet(ctx, id)
	return answered(name, row, err)
}

func answered(name string, row *rivertype.JobRow, err error) (Job, error) {
	if errors.Is(err, rivertype.ErrNotFound) {
		return Job{}, fmt.Errorf("%w: %s", ErrNoJob, name)
	}
	if err != nil {
		return Job{}, err
	}
	return jobOf(row)
}

// Cancel takes a job back. One that runs is ended within some seconds; what it had made is left to the caller to clear away.
func (q *Queue) Cancel(ctx context.Context, id int64) (Job, error) {
	row, err := q.db.client.JobCancel(ctx, id)
	return answered(strconv.FormatInt(id, 10), row, err)
}

// Retry makes a job that waits, needs a person or has been given up be tried now.
func (q *Queue) Retry(ctx context.Context, id int64) (Job, error) {
	row, err := q.db.client.JobRetry(ctx, id)
	return answered(strconv.FormatInt(id, 10), row, err)
}

// Slots gives the state of the jobs that are there for each account's slots, but for delivered ones, by "tenant/account" and slot.
func (q *Queue) Slots(ctx context.Context) (map[string]map[string]State, error) {
	out := map[string]map[string]State{}
	query := `select args->'order'->>'tenant', args->'order'->>'account', args->'order'->>'slot', cast(state as text), coalesce(metadata->'output'->>'state', '')
		from river_job where kind = '` + kind + `' and state <> 'completed' and args->'order'->>'slot' <> ''`
	err := q.db.each(ctx, query, nil, func(scan func(...any) error) error {
		var tenant, account, slot, row, own string
		if err := scan(&tenant, &account, &slot, &row, &own); err != nil {
			return err
		}
		key := tenant + "/" + account
		if out[key] == nil {
			out[key] = map[string]State{}
		}
		out[key][slot] = stateOf(rivertype.JobState(row), State(own))
		return nil
	})
	return out, err
}

// Counts gives the number of jobs by state.
func (q *Queue) Counts(ctx context.Context) (map[State]int, error) {
	out := map[State]int{}
	for _, s := range States() {
		out[s] = 0
	}
	query := `select cast(state as text), coalesce(metadata->'output'->>'state', ''), count(*) from river_job where kind = '` + kind + `' group by 1, 2`
	err := q.db.each(ctx, query, nil, func(scan func(...any) error) error {
		var row, own string
		var n int
		err := scan(&row, &own, &n)
		out[stateOf(rivertype.JobState(row), State(own))] += n
		return err
	})
	return out, err
}

// ScopeAll is the scope of a pause that holds everything; others are "account:tenant/id" and "platform:name".
const ScopeAll = "all"

// Pause is a person's decision that something is left alone.
type Pause struct {
	Scope  string    `json:"scope"`
	Until  time.Time `json:"until,omitzero"` // zero: until further notice
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at"`
}

// CheckScope says what is wrong with a scope.
func CheckScope(scope string) error {
	what, name, _ := strings.Cut(scope, ":")
	if scope == ScopeAll || name != "" && (what == "platform" || what == "account" && strings.Contains(name, "/")) {
		return nil
	}
	return fmt.Errorf("%q is nothing that can be paused: it is %q, platform:NAME or account:TENANT/ID", scope, ScopeAll)
}

// Pause holds jobs of a scope that do not run yet. ScopeAll holds every job; the others hold those that the calendar ordered, never those of
// a person. Pausing again changes reason and end.
func (q *Queue) Pause(ctx context.Context, p Pause) error {
	if err := CheckScope(p.Scope); err != nil {
		return err
	}
	var until int64
	if !p.Until.IsZero() {
		until = p.Until.UnixMilli()
	}
	if p.Scope == ScopeAll {
		if err := q.db.client.QueuePause(ctx, river.QueueDefault, nil); err != nil && !errors.Is(err, rivertype.ErrNotFound) {
			return fmt.Errorf("the queue cannot be paused: %w", err)
		}
	}
	_, err := q.db.exec(ctx, `insert into arsring_pause (scope, until_at, reason, by_name, at) values ($1, $2, $3, $4, $5)
		on conflict (scope) do update set until_at = excluded.until_at, reason = excluded.reason, by_name = excluded.by_name, at = excluded.at`,
		p.Scope, until, p.Reason, p.By, q.o.Now().UnixMilli())
	return err
}

// Resume ends a pause; the jobs that it held go on. It reports whether there was one.
func (q *Queue) Resume(ctx context.Context, scope string) (bool, error) {
	if err := CheckScope(scope); err != nil {
		return false, err
	}
	n, err := q.db.exec(ctx, "delete from arsring_pause where scope = $1", scope)
	if err != nil {
		return false, err
	}
	if scope == ScopeAll {
		if err := q.db.client.QueueResume(ctx, river.QueueDefault, nil); err != nil && !errors.Is(err, rivertype.ErrNotFound) {
			return n > 0, fmt.Errorf("the queue cannot be resumed: %w", err)
		}
	}
	return n > 0, q.freeHeld(ctx)
}

// Pauses lists the pauses that hold now.
func (q *Queue) Pauses(ctx context.Context) ([]Pause, error) {
	out := []Pause{}
	now := q.o.Now()
	err := q.db.each(ctx, "select scope, until_at, reason, by_name, at from arsring_pause order by scope", nil, func(scan func(...any) error) error {
		var p Pause
		var until, at int64
		if err := scan(&p.Scope, &until, &p.Reason, &p.By, &at); err != nil {
			return err
		}
		if p.At = time.UnixMilli(at); until != 0 {
			p.Until = time.UnixMilli(until)
		}
		if until == 0 || now.Before(p.Until) {
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

// recheck is how long a held job sleeps when nobody said until when.
const recheck = 6 * time.Hour

// held says whether a pause holds an order, and how long to sleep then.
func (q *Queue) held(ctx context.Context, o Order) (wait time.Duration, held bool, err error) {
	pauses, err := q.Pauses(ctx)
	if err != nil {
		return 0, false, err
	}
	wait, held = q.heldBy(pauses, o)
	return wait, held, nil
}

// heldBy says whether one of the pauses holds an order, and for how long.
func (q *Queue) heldBy(pauses []Pause, o Order) (wait time.Duration, held bool) {
	wait = recheck
	for _, p := range pauses {
		switch { // a pause of everything is River's own, but for the queues that only one process works
		case p.Scope == ScopeAll:
		case o.Manual || o.Urgent, p.Scope != "account:"+o.Key() && p.Scope != "platform:"+o.Platform:
			continue
		}
		held = true
		if !p.Until.IsZero() {
			wait = min(wait, p.Until.Sub(q.o.Now()))
		}
	}
	return max(time.Second, wait), held
}

// freeHeld lets jobs go on that sleep because of a pause that holds them no more. It is called when a pause ends, and now and then: a job that a worker
// reads as held just when its pause ends falls asleep after that.
func (q *Queue) freeHeld(ctx context.Context) error {
	asleep := map[int64]Order{}
	query := `select id, args->>'order' from river_job where kind = '` + kind + `' and state = 'scheduled' and cast(metadata->'output'->>'paused' as text) in ('true', '1')`
	err := q.db.each(ctx, query, nil, func(scan func(...any) error) error {
		var id int64
		var text []byte
		if err := scan(&id, &text); err != nil {
			return err
		}
		var o Order
		err := json.Unmarshal(text, &o)
		asleep[id] = o
		return err
	})
	if err != nil || len(asleep) == 0 {
		return err
	}
	pauses, err := q.Pauses(ctx)
	if err != nil {
		return err
	}
	for id, o := range asleep {
		if _, held := q.heldBy(pauses, o); held {
			continue
		}
		if _, err := q.Retry(ctx, id); err != nil && !errors.Is(err, ErrNoJob) {
			return err
		}
	}
	return nil
}

// endPauses takes away the pauses whose end has come.
func (q *Queue) endPauses(ctx context.Context) error {
	var over []string
	now := q.o.Now().UnixMilli()
	err := q.db.each(ctx, "select scope from arsring_pause where until_at > 0 and until_at <= $1", []any{now}, func(scan func(...any) error) error {
		var s string
		err := scan(&s)
		over = append(over, s)
		return err
	})
	for _, s := range over {
		if _, rerr := q.Resume(ctx, s); rerr != nil {
			err = errors.Join(err, rerr)
		}
	}
	return err
}
