package job

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/riverqueue/river/rivertype"
)

// lag is how long a job that this process has finished may still be called running in the database.
const lag = time.Minute

// arrive makes this process known, and takes up what an earlier one with the same name left.
func (q *Queue) arrive(ctx context.Context) error {
	if q.db.pg == nil { // whoever else worked here has ended: we hold the lock. Persons may be visiting all the same
		if _, err := q.db.exec(ctx, "delete from arsring_daemon where id not like $1", visitor+"%"); err != nil {
			return err
		}
	}
	if err := q.beat(ctx); err != nil {
		return err
	}
	if _, err := q.db.exec(ctx, "update arsring_lane set holder = '', job = 0, free_at = now() + pause where holder = $1", q.o.ID); err != nil {
		return err
	}
	return q.reclaim(ctx, 0)
}

// leave tells the others that they need not wait for this process.
func (q *Queue) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, _ = q.db.exec(ctx, "delete from arsring_daemon where id = $1", q.o.ID) // else they find out after a minute
}

func (q *Queue) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, max(time.Second, q.o.Dead/3))
	defer cancel()
	if q.deaf.Load() {
		return context.DeadlineExceeded
	}
	_, err := q.db.exec(ctx, "insert into arsring_daemon (id, started, seen) values ($1, now(), now()) on conflict (id) do update set seen = now()", q.o.ID)
	if err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.beaten = time.Now()
	return nil
}

// beatUntil says again and again that this process lives, and looks after what runs: jobs that a person took back, jobs that others left.
func (q *Queue) beatUntil(ctx context.Context) {
	beats := 0
	t := time.NewTicker(q.o.Beat)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		// Errors are those of a database that does not answer; the next beat tries again.
		if err := q.beat(ctx); err != nil {
			q.fence()
			continue
		}
		q.heedCancels(ctx)
		_ = q.reclaim(ctx, lag)
		_ = q.endPauses(ctx)
		if beats++; beats%heldBeats == 0 {
			_ = q.freeHeld(ctx)
		}
	}
}

// heldBeats is how many beats pass between looks at jobs that sleep because of a pause: a minute.
const heldBeats = 12

// fence ends our jobs when the others must by now believe that we are gone.
func (q *Queue) fence() {
	if q.db.pg == nil {
		return // no other process can take them: we hold the lock
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if time.Since(q.beaten) < q.o.Dead*2/3 {
		return
	}
	for _, r := range q.active {
		r.cancel(errFenced)
	}
}

// stillOurs waits, after a fence, until the database answers again, and says whether it still calls the job ours.
func (q *Queue) stillOurs(ctx context.Context, id int64, attempt int) bool {
	t := time.NewTicker(q.o.Beat)
	defer t.Stop()
	for {
		if !q.deaf.Load() {
			row, err := q.db.client.JobGet(ctx, id)
			if err == nil {
				return row.State == rivertype.JobStateRunning && ownerOf(row) == q.o.ID && row.Attempt == attempt
			}
			if errors.Is(err, rivertype.ErrNotFound) {
				return false
			}
		}
		select {
		case <-ctx.Done():
			return true // the process stops; what it says now reaches nobody, or is true
		case <-t.C:
		}
	}
}

// heedCancels ends those of our jobs that were taken back, perhaps by another process.
func (q *Queue) heedCancels(ctx context.Context) {
	for _, id := range q.Active() {
		row, err := q.db.client.JobGet(ctx, id)
		if err != nil {
			continue
		}
		if m, err := readMetadata(row); err == nil && m.CancelAttempted != nil {
			q.mu.Lock()
			if r := q.active[id]; r != nil {
				r.cancel(ErrCancelled)
			}
			q.mu.Unlock()
		}
	}
}

// reclaim makes jobs waiting again that are called running by a process that is gone, or by this one, which has not had them for so long.
func (q *Queue) reclaim(ctx context.Context, since time.Duration) error {
	rows, err := q.list(ctx, rivertype.JobStateRunning)
	if err != nil || len(rows) == 0 {
		return err
	}
	alive, err := q.alive(ctx)
	if err != nil {
		return err
	}
	if err := q.freeLanes(ctx); err != nil {
		return err
	}
	for _, row := range rows {
		owner := ownerOf(row)
		if owner == q.o.ID && (q.works(row.ID) || row.AttemptedAt != nil && time.Since(*row.AttemptedAt) < since) || owner != q.o.ID && alive[owner] {
			continue
		}
		if err := q.takeBack(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

func (q *Queue) works(id int64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.active[id] != nil
}

// alive are the processes that have been heard of lately.
func (q *Queue) alive(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	err := q.db.each(ctx, "select id from arsring_daemon where seen > now() - $1", []any{q.o.Dead.Milliseconds()}, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		out[id] = true
		return err
	})
	return out, err
}

// freeLanes gives back the lanes of processes that are gone.
func (q *Queue) freeLanes(ctx context.Context) error {
	_, err := q.db.exec(ctx, `update arsring_lane set holder = '', job = 0, free_at = now() + pause
		where holder <> '' and not exists (select 1 from arsring_daemon d where d.id = arsring_lane.holder and d.seen > now() - $1)`, q.o.Dead.Milliseconds())
	return err
}

// takeBack makes one job waiting again. It does not count as a failure of the job; one under which its process ends again and again waits longer
// each time, so that it does not keep the others from their turn.
func (q *Queue) takeBack(ctx context.Context, row *rivertype.JobRow) error {
	all := map[string]json.RawMessage{}
	m, err := readMetadata(row)
	if err == nil {
		err = json.Unmarshal(row.Metadata, &all)
	}
	if err != nil {
		return err
	}
	m.Output.Reclaims++
	m.Output.add(Attempt{At: q.o.Now(), Worker: ownerOf(row), Code: "process-ended", Error: "the process that worked on it has ended",
		Text: Text{"Programmet avslutades under jobbet; det tas om där det slutade.", "The program ended during the job; it goes on where it stopped."}})
	output, err := json.Marshal(m.Output)
	if err != nil {
		return err
	}
	all["output"] = output
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	var wait time.Duration
	if n := m.Output.Reclaims; n > 3 {
		wait = q.patience(n - 3)
	}
	query := `update river_job set state = 'available', attempt = $1, metadata = $2::jsonb, scheduled_at = clock_timestamp() + $3 * interval '1 millisecond' where id = $4 and state = 'running' and attempt = $5`
	if q.db.pg == nil {
		query = `update river_job set state = 'available', attempt = $1, metadata = jsonb($2), scheduled_at = strftime('%Y-%m-%d %H:%M:%f', 'now', ($3 / 1000.0) || ' seconds') where id = $4 and state = 'running' and attempt = $5`
	}
	n, err := q.db.exec(ctx, query, max(0, row.Attempt-1), string(data), wait.Milliseconds(), row.ID, row.Attempt)
	if err != nil || n == 0 {
		return err
	}
	if m.CancelAttempted != nil {
		_, err = q.db.client.JobCancel(ctx, row.ID)
	}
	if errors.Is(err, rivertype.ErrNotFound) {
		return nil
	}
	return err
}
