package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// maxTurn bounds how far ahead turns on a lane are given out.
const maxTurn = 6 * time.Hour

// Enter takes the job's lane. When somebody else has it, or its pause is not over, wait says when to come again. Leave gives the lane back;
// the end of the attempt does so too. A job without a lane enters at once. After it the lane rests for pause, or for Options.Pause where that is
// longer; the rest is written down with the holder, so that it is kept also when this process ends under the job.
func (t Task) Enter(ctx context.Context, pause time.Duration) (wait time.Duration, err error) {
	if t.Lane == "" {
		return 0, nil
	}
	q := t.q
	pause = max(pause, q.o.Pause)
	if _, err := q.db.exec(ctx, "insert into arsring_lane (lane) values ($1) on conflict do nothing", t.Lane); err != nil {
		return 0, laneError(t.Lane, err)
	}
	n, err := q.db.exec(ctx, "update arsring_lane set holder = $1, job = $2, pause = $3 where lane = $4 and holder = '' and free_at <= now()", q.o.ID, t.Job, pause.Milliseconds(), t.Lane)
	if err != nil {
		return 0, laneError(t.Lane, err)
	}
	if n == 0 {
		return q.turn(ctx, t, pause)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if r := q.active[t.Job]; r != nil {
		r.lane = t.Lane
	}
	return 0, nil
}

// Leave gives the lane back, for the next job after a pause.
func (t Task) Leave(ctx context.Context) error {
	if t.Lane == "" {
		return nil
	}
	q := t.q
	q.mu.Lock()
	r := q.active[t.Job]
	if r == nil || r.lane == "" {
		q.mu.Unlock()
		return nil
	}
	lane := r.lane
	q.mu.Unlock()
	if err := q.leaveLane(ctx, t.Job, lane); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	r.lane = ""
	return nil
}

func (q *Queue) leaveLane(ctx context.Context, job int64, lane string) error {
	_, err := q.db.exec(ctx, "update arsring_lane set holder = '', job = 0, free_at = now() + pause where lane = $1 and holder = $2 and job = $3", lane, q.o.ID, job)
	if err != nil {
		return laneError(lane, err)
	}
	return nil
}

// turn says when to come again to a lane that is taken. Those that somebody waits for come soon; the others one after the other, so that
// hundreds of jobs of one platform do not all ask all the time.
func (q *Queue) turn(ctx context.Context, t Task, pause time.Duration) (time.Duration, error) {
	var free, now int64
	err := q.db.row(ctx, "select free_at, now() from arsring_lane where lane = $1 and holder = ''", []any{t.Lane}, &free, &now)
	taken := errors.Is(err, sql.ErrNoRows)
	if err != nil && !taken {
		return 0, laneError(t.Lane, err)
	}
	if t.priority() < scheduled {
		if taken {
			return max(50*time.Millisecond, min(q.o.Turn, 2*time.Second)), nil
		}
		return max(50*time.Millisecond, time.Duration(free-now)*time.Millisecond), nil
	}
	var at int64
	err = q.db.row(ctx, `update arsring_lane set turn = case
		when turn + $1 <= now() then now() + $1
		when turn > now() + $2 then now() + $1
		else turn + $1 end where lane = $3 returning turn, now()`, []any{max(q.o.Turn, pause).Milliseconds(), maxTurn.Milliseconds(), t.Lane}, &at, &now)
	if err != nil {
		return 0, laneError(t.Lane, err)
	}
	return max(50*time.Millisecond, time.Duration(at-now)*time.Millisecond), nil
}

func laneError(lane string, err error) error {
	return fmt.Errorf("the lane %s cannot be asked for: %w", lane, err)
}
