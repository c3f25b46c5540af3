package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/job"
)

// ended turns the end of a passage into a verdict, tells of it, and clears the spool where nothing is left to do.
func (w *worker) ended(ctx context.Context, t job.Task, p *passage, err error) job.Verdict {
	if p.receipt == nil && err == nil {
		var r archive.Receipt
		if readJSON(filepath.Join(p.dir, "receipt.json"), &r) == nil {
			p.receipt = &r
		}
	}
	if t.Trigger == string(capture.TriggerEvidence) {
		return w.evidence(ctx, t, p, err)
	}
	res := w.a.result(p, err)
	if err == nil && res.Outcome != nil && !res.Outcome.Kept() {
		err = w.a.logAttempt(ctx, p)
	}
	if errors.Is(ctx.Err(), context.Canceled) && err != nil {
		return job.Verdict{State: job.Waiting, Quiet: true, Err: ctx.Err()} // the process stops; the queue knows
	}
	if err == nil && res.Outcome == nil {
		err = fmt.Errorf("the capture of %s cannot be read", t.Snapshot)
		_ = os.RemoveAll(filepath.Join(p.dir, "capture")) // it is made again
	}
	if err != nil {
		res.Err = err
		return w.failed(t, &res, err)
	}
	v := job.Verdict{State: job.Delivered, Outcome: string(*res.Outcome), Code: res.Code}
	c, lerr := capture.Load(filepath.Join(p.dir, "capture"))
	if lerr == nil {
		v.Text = job.Text(c.Sentence)
	}
	if !res.Outcome.Kept() {
		missed(&v, *res.Outcome, c)
	} else if m, ok := p.manifest(); ok {
		v.Text = job.Text(m.Sentence)
		if t.Trigger != string(capture.TriggerIngest) {
			w.keep.add(t.Tenant, t.Account, keptOf(m, t.Ordered))
		}
	}
	_ = os.Rename(p.dir, p.dir+doneSuffix) // at once: a kill in the middle leaves nothing that looks like a passage
	_ = os.RemoveAll(p.dir + doneSuffix)
	w.tell(t, &res, v)
	return v
}

// missed is the verdict on a capture that kept nothing; c is nil where it cannot be read.
func missed(v *job.Verdict, o capture.Outcome, c *capture.Capture) {
	v.State, v.Err = job.Waiting, fmt.Errorf("%s: %s", v.Outcome, v.Text.EN)
	if afterwards(o) == job.NeedsPerson {
		v.State = job.NeedsPerson
	}
	if c != nil && c.RetryAfter != nil {
		v.State, v.Next = job.Waiting, *c.RetryAfter
	}
}

// failed is the verdict on a passage that broke. What is captured stays and is not captured again; what waits for the archive or for room on
// the disk is never given up.
func (w *worker) failed(t job.Task, res *Result, err error) job.Verdict {
	v := job.Verdict{State: job.Waiting, Err: err, Code: "failed", Text: job.Text(personText(err))}
	var stage *job.StageError
	if errors.As(err, &stage) {
		v.Code = "stage-" + stage.Stage
	}
	if r := remoteTrouble(err); r != nil {
		if !r.Quiet {
			w.tell(t, res, *r)
		}
		return *r
	}
	var store *archive.UnreachableError
	v.Free = stage != nil && stage.Stage == "deliver" || errors.As(err, &store) || errors.Is(err, syscall.ENOSPC)
	w.tell(t, res, v)
	if v.Free && (errors.As(err, &store) || stage != nil && stage.Stage == "deliver") {
		w.a.emit(Event{Kind: EventStoreRefuses, Key: "store/" + t.Snapshot, Tenant: t.Tenant, Account: t.Account, Title: t.Title, Snapshot: t.Snapshot, Err: err, Text: personText(err)})
	}
	return v
}

// tell says what came of an attempt.
func (w *worker) tell(t job.Task, res *Result, v job.Verdict) {
	e := Event{Kind: EventFailed, Tenant: t.Tenant, Account: t.Account, Title: t.Title, Slot: t.Slot, Trigger: capture.Trigger(t.Trigger), Snapshot: t.Snapshot,
		Attempt: len(t.Attempts) + 1, Next: v.Next, Text: capture.Text(v.Text), Result: res, Err: v.Err}
	switch {
	case v.State == job.Delivered:
		e.Kind = EventKept
	case v.State == job.NeedsPerson:
		e.Kind = EventNeedsPerson
	case v.State == job.GivenUp || t.Last && !v.Free:
		e.Kind = EventGivenUp
	}
	e.Key = fmt.Sprintf("%s/%s/%d", e.Kind, t.Snapshot, e.Attempt)
	w.a.emit(e)
	level := w.a.log.Info
	if e.Kind != EventKept {
		level = w.a.log.Warn
	}
	level("job", "kind", e.Kind, "tenant", t.Tenant, "account", t.Account, "snapshot", t.Snapshot, "attempt", e.Attempt, "outcome", v.Outcome, "code", v.Code, "error", v.Err)
}

// personText is an error's two sentences for people; where it has only its own, that.
func personText(err error) capture.Text {
	var one interface{ Person() archive.Text }
	if errors.As(err, &one) && one.Person().SV != "" {
		return capture.Text(one.Person())
	}
	return capture.Text{SV: err.Error(), EN: err.Error()}
}
