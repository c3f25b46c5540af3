package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/web"
)

// queueOrders takes orders where a daemon works the queue: there they survive a restart and keep the platforms' pauses. Posts to be documented go
// before all others.
type queueOrders struct {
	*webOrders

	mu    sync.Mutex
	queue *job.Queue
}

// queueMark tells the ID of a job of the queue from one of this process.
const queueMark = "q"

// pollQueue is how often a watched job of the queue is looked at.
const pollQueue = time.Second

// open gives the queue for looking and ordering; it is opened once.
func (o *queueOrders) open(ctx context.Context) (*job.Queue, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.queue != nil {
		return o.queue, nil
	}
	q, err := o.a.Queue(context.WithoutCancel(ctx))
	if err != nil {
		return nil, err
	}
	o.queue = q
	return q, nil
}

// Place takes an order.
func (o *queueOrders) Place(ctx context.Context, ord web.Order) (string, error) {
	piece, err := o.evidenceOf(ord)
	if err != nil {
		return "", err
	}
	q, err := o.open(ctx)
	if err != nil {
		return "", err
	}
	placed, err := o.a.Order(ctx, q, OrderRequest{Account: ord.Tenant + "/" + ord.Account, Trigger: ord.Trigger, Reason: ord.Reason, By: ord.By, Evidence: piece, Files: ord.Files})
	if err != nil {
		return "", err
	}
	return fmt.Sprint(queueMark, placed.Job.ID), nil
}

// Job is one order as it stands.
func (o *queueOrders) Job(ctx context.Context, id string) (web.Job, error) {
	name, ok := strings.CutPrefix(id, queueMark)
	if !ok {
		return o.webOrders.Job(ctx, id)
	}
	q, err := o.open(ctx)
	if err != nil {
		return web.Job{}, err
	}
	j, err := q.Job(ctx, name)
	if errors.Is(err, job.ErrNoJob) {
		return web.Job{}, web.ErrNotFound
	}
	if err != nil {
		return web.Job{}, err
	}
	return o.shown(j), nil
}

// shown is a job of the queue as the page shows it. One that needs a person, or has been given up, has ended as far as the one who waits for it
// is concerned.
func (o *queueOrders) shown(j job.Job) web.Job {
	out := web.Job{ID: fmt.Sprint(queueMark, j.ID), Placed: j.Ordered, State: string(j.State), Snapshot: j.Snapshot, Outcome: capture.Outcome(j.Outcome), Sentence: capture.Text{SV: j.Text.SV, EN: j.Text.EN}, Warnings: j.Notes,
		Order: web.Order{Tenant: j.Tenant, Account: j.Account, Trigger: capture.Trigger(j.Trigger), Reason: j.Reason, By: j.By}}
	switch j.State {
	case job.Delivered:
		out.Ended, out.Safe = true, j.Code != codeUnsafe
	case job.NeedsPerson, job.GivenUp:
		out.Ended = true
	case job.Running:
		out.Stage = o.stage(filepath.Join(o.a.spool(j.Tenant), j.Snapshot))
	}
	return out
}

// stage is the first one whose output is missing in a passage's folder.
func (o *queueOrders) stage(dir string) string {
	for _, s := range []struct{ name, output string }{{"capture", "capture/capture.json"}, {"record", "raw.pdf"}, {"pdfa", "record.pdf"}, {"package", filepath.Join("package", filepath.Base(dir), "METS.xml")}} {
		made := exists(filepath.Join(dir, s.output)) || s.name == "record" && exists(filepath.Join(dir, "record.pdf")) // a PDF that was handed in is its own record
		if !made {
			return s.name
		}
	}
	return "deliver"
}

// Jobs lists orders, newest first: those of this process and the newest of the queue.
func (o *queueOrders) Jobs(ctx context.Context) ([]web.Job, error) {
	out, err := o.webOrders.Jobs(ctx)
	if err != nil {
		return nil, err
	}
	q, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	all, err := q.Jobs(ctx, job.Filter{Limit: mostJobs})
	if err != nil {
		return nil, err
	}
	for _, j := range all {
		out = append(out, o.shown(j))
	}
	return out, nil
}

// Watch sends the job at every change until it has ended.
func (o *queueOrders) Watch(ctx context.Context, id string) (<-chan web.Job, error) {
	if !strings.HasPrefix(id, queueMark) {
		return o.webOrders.Watch(ctx, id)
	}
	now, err := o.Job(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make(chan web.Job)
	go func() {
		defer close(out)
		tick := time.NewTicker(pollQueue)
		defer tick.Stop()
		for said := (web.Job{}); ; {
			if now.State != said.State || now.Stage != said.Stage || now.Ended != said.Ended {
				select {
				case out <- now:
				case <-ctx.Done():
					return
				}
				said = now
			}
			if now.Ended {
				o.kept()
				return
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			if next, err := o.Job(ctx, id); err == nil {
				now = next
			}
		}
	}()
	return out, nil
}
