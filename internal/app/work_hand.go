package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/sip"
)

// codeUnsafe marks a delivered job of evidence whose copy does not hold all of the piece: it must not be removed.
const codeUnsafe = "evidence-incomplete"

// evidence turns the end of a documented piece's passage into a verdict. It is delivered only when the stored package was read back once more.
func (w *worker) evidence(ctx context.Context, t job.Task, p *passage, err error) job.Verdict {
	res := EvidenceResult{URL: sip.RedactURL(p.job.URL), Warnings: []string{}}
	w.a.evidenceEnded(ctx, p, &res, err)
	if errors.Is(ctx.Err(), context.Canceled) && !res.Verified {
		return job.Verdict{State: job.Waiting, Quiet: true, Err: ctx.Err()} // the process stops; the queue knows
	}
	if err == nil && res.Outcome == nil {
		err = fmt.Errorf("the capture of %s cannot be read", t.Snapshot)
		_ = os.RemoveAll(filepath.Join(p.dir, "capture")) // it is made again
	}
	if err == nil && res.Stored && !res.Verified {
		err = &job.StageError{Stage: "deliver", Err: res.Err}
	}
	if err != nil {
		res.Err = err
		return cautious(w.failed(t, &res.Result, err))
	}
	v := job.Verdict{State: job.Delivered, Outcome: string(*res.Outcome), Code: res.Code, Text: job.Text{SV: res.Sentence, EN: res.Sentence}, Notes: res.Warnings}
	if !res.Outcome.Kept() {
		v.State, v.Err = job.Waiting, fmt.Errorf("%s: %s", v.Outcome, v.Text.EN)
		switch *res.Outcome {
		case capture.LoginWall, capture.Blocked:
			v.State = job.NeedsPerson
		case capture.NotFound, capture.Blank: // looking again by itself tomorrow helps nobody who waits today
			v.State = job.GivenUp
		}
		v = cautious(v)
	}
	return w.documented(t, &res.Result, v, res.Safe)
}

// documented tells of a documented piece's end; of one that is delivered and must stay where it is, with the warning.
func (w *worker) documented(t job.Task, res *Result, v job.Verdict, safe bool) job.Verdict {
	if v.State == job.Delivered && !safe {
		v.Code = codeUnsafe
		v = cautious(v)
	}
	w.tell(t, res, v)
	return v
}

// cautious puts before the sentences that the piece must stay where it is.
func cautious(v job.Verdict) job.Verdict {
	v.Text = job.Text{SV: EvidenceWait + ": " + v.Text.SV, EN: "do not remove it yet: " + v.Text.EN}
	return v
}

// provedAgain is the verdict on a documented piece that an earlier process delivered: its package is read back here, too, before anybody is told
// that the piece may go.
func (w *worker) provedAgain(ctx context.Context, t job.Task, m sip.Manifest, err error) job.Verdict {
	var checked Checked
	if err == nil {
		checked, err = w.a.verifyStored(ctx, t.Snapshot)
	}
	if err == nil && !checked.OK {
		err = fmt.Errorf("the stored package %s is not what was delivered: %s", t.Snapshot, firstFinding(checked))
	}
	if err != nil {
		return cautious(w.failed(t, nil, &job.StageError{Stage: "deliver", Err: err}))
	}
	res := EvidenceResult{Warnings: []string{}}
	res.Sentence = EvidenceStored
	for _, lack := range m.Missing {
		res.Missing = append(res.Missing, Missing{lack.Code, lack.Text.In(w.a.cfg.Language)})
	}
	if e := m.Evidence; e != nil {
		res.Post, res.Published = e.Post, e.Published
	}
	if acc, ok := w.register().ByID(t.Tenant, t.Account); ok {
		res.Disposal = &acc.Disposal
	}
	res.judge()
	v := job.Verdict{State: job.Delivered, Outcome: string(m.Outcome), Text: job.Text{SV: res.Sentence, EN: res.Sentence}, Notes: res.Warnings}
	return w.documented(t, nil, v, res.Safe)
}

// ingest makes and delivers the package of files that were handed in. They lie on this machine; nobody else gets the job.
func (w *worker) ingest(ctx context.Context, t job.Task, dir string) job.Verdict {
	p, files, err := w.handedIn(ctx, t, dir)
	var wrong *UsageError
	switch {
	case errors.As(err, &wrong):
		_ = os.RemoveAll(dir)
		return w.refused(t, err)
	case err != nil:
		return w.failed(t, nil, err)
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return job.Verdict{State: job.Waiting, Quiet: true, Err: err, Next: w.a.now().Add(busyFolder)}
	}
	defer unlock()
	err = w.a.ingestPassage(p, files).run(ctx)
	if errors.As(err, &wrong) {
		_ = os.RemoveAll(dir)
		return w.refused(t, err)
	}
	v := w.ended(ctx, t, p, err)
	if v.State == job.Delivered {
		w.removeHandedIn(t)
	}
	return v
}

// refused is the verdict on files that can be no package, today or tomorrow.
func (w *worker) refused(t job.Task, err error) job.Verdict {
	w.removeHandedIn(t)
	s := Sentence(err)
	return job.Verdict{State: job.GivenUp, Code: "refused", Err: err, Text: job.Text{SV: s, EN: s}}
}

func (w *worker) removeHandedIn(t job.Task) {
	if more, err := detailsOf(t); err == nil {
		removeUploads(more.Files)
	}
}

// handedIn takes up the passage of an ingest, or begins it.
func (w *worker) handedIn(ctx context.Context, t job.Task, dir string) (*passage, []handedIn, error) {
	var j capture.Job
	var files []handedIn
	err := readJSON(filepath.Join(dir, "job.json"), &j)
	if err == nil {
		err = readJSON(filepath.Join(dir, ingestList), &files)
	}
	if err == nil {
		return w.a.resume(dir, j), files, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		_ = os.RemoveAll(dir) // a file that a crash of the machine broke
	}
	acc, ok := w.register().ByID(t.Tenant, t.Account)
	if !ok {
		return nil, nil, &UsageError{fmt.Sprintf("the account %s is no longer in the register", t.Account)}
	}
	more, err := detailsOf(t)
	if err != nil {
		return nil, nil, err
	}
	if files, err = receive(ctx, more.Files); err != nil {
		return nil, nil, err
	}
	p := w.a.newPassage(dir, Request{Account: acc, Trigger: capture.TriggerIngest, Reason: t.Reason, By: t.By})
	p.job.Overlap = 0
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	if err := writeJSON(filepath.Join(dir, ingestList), files); err != nil {
		return nil, nil, err
	}
	return p, files, p.putDown(t, false)
}

// removeUploads removes the folder in which one upload's files lay.
func removeUploads(files []string) {
	if len(files) == 0 {
		return
	}
	if dir := filepath.Dir(files[0]); strings.HasPrefix(filepath.Base(dir), "in-") {
		_ = os.RemoveAll(dir)
	}
}
