package app

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"arsring/internal/job"
)

// laneDatabase bounds how long a person at the command line waits for a job database that does not answer.
const laneDatabase = 10 * time.Second

// inLane takes the lane of a passage that is no job of the queue, as its jobs do: at most one capture at a time on a platform or login, and the pause after it. It
// waits for it, and gives it back when the page has been left; leave does so at the latest. Without a job database there is no daemon to take turns with, and one
// that does not answer must not stand in the way of what a person keeps before it is gone: that is said, and the passage goes on.
func (a *App) inLane(ctx context.Context, p *passage) (leave func(), err error) {
	none := func() {}
	lane := laneOf(&p.job.Account)
	if a.queueless || lane == "" || exists(filepath.Join(p.dir, "capture", "capture.json")) {
		return none, nil
	}
	if _, err := os.Stat(a.jobDatabase()); err != nil && !job.IsPostgres(a.jobDatabase()) {
		return none, nil
	}
	octx, cancel := context.WithTimeout(ctx, laneDatabase)
	defer cancel()
	q, err := a.Queue(octx)
	if err != nil {
		a.notInLane(lane, err)
		return none, ctx.Err()
	}
	left, err := q.Visit(ctx, lane, a.Pause(p.job.Account), func() { p.tell(Progress{Snapshot: p.job.SnapshotID, Stage: "wait"}) })
	if err != nil {
		_ = q.Close()
		if ctx.Err() == nil {
			a.notInLane(lane, err)
		}
		return none, ctx.Err()
	}
	tell := p.tell
	p.tell = func(s Progress) {
		if s.Stage != "capture" { // the page has been left
			left()
		}
		tell(s)
	}
	return func() { left(); _ = q.Close() }, nil
}

func (a *App) notInLane(lane string, err error) {
	a.log.Warn("the job database does not answer, so the pause between captures of one platform is not kept with the daemon's", "lane", lane, "error", err)
}
