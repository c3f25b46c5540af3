package app

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/register"
	"arsring/internal/web"
)

// webOrders carries out what people order on the page, one after the other, in this process: for an installation without a queue, as the
// demonstration is. What a stop interrupts lies in the spool and is taken up by the next order of the same account.
type webOrders struct {
	a    *App
	ctx  context.Context //nolint:containedctx // the life of the worker, not of a request
	wake chan string
	kept func() // is told when something may have been kept
	seq  int

	mu    sync.Mutex
	jobs  map[string]*web.Job
	order []string // IDs, oldest first
	heard map[string][]chan struct{}
}

// mostJobs is how many orders are remembered.
const mostJobs = 200

func newWebOrders(ctx context.Context, a *App, kept func()) *webOrders {
	o := &webOrders{a: a, kept: kept, ctx: ctx, wake: make(chan string, mostJobs), jobs: map[string]*web.Job{}, heard: map[string][]chan struct{}{}}
	go o.work()
	return o
}

// Place takes an order.
func (o *webOrders) Place(_ context.Context, ord web.Order) (string, error) {
	if _, err := o.evidenceOf(ord); err != nil {
		return "", err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, id := range o.order {
		if j := o.jobs[id]; !j.Ended && j.Order.Tenant == ord.Tenant && j.Order.Account == ord.Account && j.Order.Trigger == ord.Trigger && j.Order.URL == ord.URL && len(ord.Files) == 0 {
			return id, nil // the same is under way already
		}
	}
	o.seq++
	id := fmt.Sprintf("%s-%d", o.a.now().UTC().Format("20060102t150405"), o.seq)
	select {
	case o.wake <- id:
	default:
		return "", &web.Refusal{SV: "För många beställningar väntar. Försök igen om en stund.", EN: "Too many orders are waiting. Try again in a while."}
	}
	o.jobs[id], o.order = &web.Job{ID: id, Order: ord, Placed: o.a.now(), State: string(job.Waiting)}, append(o.order, id)
	o.forget()
	return id, nil
}

// evidenceOf is what an order wants documented; nil for other triggers. A wrong address is a *web.Refusal.
func (o *webOrders) evidenceOf(ord web.Order) (*EvidenceRequest, error) {
	acc, err := o.a.Account(ord.Tenant + "/" + ord.Account)
	if err != nil {
		return nil, web.ErrNotFound
	}
	if ord.Trigger != capture.TriggerEvidence {
		return nil, nil
	}
	r := evidenceRequest(acc, ord)
	if err := CheckEvidence(&r); err != nil {
		return nil, &web.Refusal{Field: "url", SV: "Adressen till inlägget ska börja med https:// och får inte innehålla lösenord.", EN: "The post's address begins with https:// and holds no password."}
	}
	return &r, nil
}

// forget lets go of the oldest orders that have ended.
func (o *webOrders) forget() {
	for i := 0; len(o.order) > mostJobs && i < len(o.order); {
		if id := o.order[i]; o.jobs[id].Ended {
			delete(o.jobs, id)
			o.order = slices.Delete(o.order, i, i+1)
			continue
		}
		i++
	}
}

func evidenceRequest(acc register.Account, ord web.Order) EvidenceRequest {
	return EvidenceRequest{Account: acc, URL: ord.URL, Reason: ord.Reason, Ground: ord.Ground, Diary: ord.Diary, By: ord.By}
}

// Job is one order as it stands.
func (o *webOrders) Job(_ context.Context, id string) (web.Job, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	j, ok := o.jobs[id]
	if !ok {
		return web.Job{}, web.ErrNotFound
	}
	return *j, nil
}

// Jobs lists orders, newest first.
func (o *webOrders) Jobs(context.Context) ([]web.Job, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := make([]web.Job, 0, len(o.order))
	for _, id := range slices.Backward(o.order) {
		out = append(out, *o.jobs[id])
	}
	return out, nil
}

// Watch sends the job at every change until it has ended.
func (o *webOrders) Watch(ctx context.Context, id string) (<-chan web.Job, error) {
	if _, err := o.Job(ctx, id); err != nil {
		return nil, err
	}
	out := make(chan web.Job)
	go func() {
		defer close(out)
		for {
			o.mu.Lock()
			j, ok := o.jobs[id]
			var now web.Job
			changed := make(chan struct{})
			if ok {
				now = *j
				o.heard[id] = append(o.heard[id], changed)
			}
			o.mu.Unlock()
			if !ok {
				return
			}
			select {
			case out <- now:
			case <-ctx.Done():
				return
			}
			if now.Ended {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

// set changes a job and tells whoever watches it.
func (o *webOrders) set(id string, f func(*web.Job)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if j, ok := o.jobs[id]; ok {
		f(j)
	}
	for _, c := range o.heard[id] {
		close(c)
	}
	delete(o.heard, id)
}

func (o *webOrders) work() {
	for {
		select {
		case <-o.ctx.Done():
			return
		case id := <-o.wake:
			j, err := o.Job(o.ctx, id)
			if err != nil {
				continue
			}
			o.set(id, func(j *web.Job) { j.State = string(job.Running) })
			o.finish(id, j.Order, o.carryOut(id, j.Order))
		}
	}
}

// done is what came of an order.
type done struct {
	Result
	safe, evidence bool
	warnings       []string
}

func (o *webOrders) carryOut(id string, ord web.Order) done {
	acc, err := o.a.Account(ord.Tenant + "/" + ord.Account)
	if err != nil {
		return done{Result: failed(Request{Trigger: ord.Trigger}, err)}
	}
	last := time.Time{}
	tell := func(p Progress) {
		if now := time.Now(); p.Done < p.Total && now.Sub(last) < 200*time.Millisecond {
			return // a browser needs no more than that
		}
		last = time.Now()
		o.set(id, func(j *web.Job) { j.Snapshot, j.Stage, j.Done, j.Total = p.Snapshot, p.Stage, p.Done, p.Total })
	}
	switch ord.Trigger {
	case capture.TriggerEvidence:
		r := evidenceRequest(acc, ord)
		r.Tell = tell
		e := o.a.Evidence(o.ctx, r)
		return done{Result: e.Result, safe: e.Safe, evidence: true, warnings: e.Warnings}
	case capture.TriggerIngest:
		defer removeUploads(ord.Files)
		return done{Result: o.a.Ingest(o.ctx, IngestRequest{Account: acc, Files: ord.Files, By: ord.By, Note: ord.Reason, Tell: tell})}
	}
	return done{Result: o.a.Snapshot(o.ctx, Request{Account: acc, Trigger: ord.Trigger, Reason: ord.Reason, By: ord.By, Tell: tell})}
}

func (o *webOrders) finish(id string, ord web.Order, d done) {
	if d.Err != nil {
		o.a.log.Error("an order was not carried out", "account", ord.Account, "trigger", ord.Trigger, "error", d.Err)
	}
	o.kept()
	o.set(id, func(j *web.Job) {
		j.Ended, j.State, j.Warnings, j.Safe = true, string(d.State), d.warnings, d.safe
		if d.ID != "" {
			j.Snapshot = d.ID
		}
		if d.Outcome != nil {
			j.Outcome = *d.Outcome
		}
		if !d.evidence {
			j.Safe = d.Receipt != nil
		}
		j.Sentence = capture.Text{SV: d.Sentence, EN: d.Sentence}
	})
}
