package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"arsring/internal/archive"
	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// worker carries out the queue's jobs. It may be asked for the same job again after any interruption.
type worker struct {
	a        *App
	register func() *register.Register
	cal      *calendar.Calendar
	keep     *ledger
}

// busyFolder is how long a job waits whose folder another program is working on.
const busyFolder = 30 * time.Second

// work is one attempt of a job.
func (w *worker) work(ctx context.Context, t job.Task) job.Verdict {
	dir := filepath.Join(w.a.spool(t.Tenant), t.Snapshot)
	if done, v := w.kept(ctx, t, dir); done {
		return v
	}
	if t.Trigger == string(capture.TriggerIngest) {
		return w.ingest(ctx, t, dir)
	}
	p, v := w.passage(ctx, t, dir)
	if p == nil {
		return v
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return job.Verdict{State: job.Waiting, Quiet: true, Err: err, Next: w.a.now().Add(busyFolder)}
	}
	defer func() { unlock() }()
	if !exists(filepath.Join(dir, "capture", "capture.json")) {
		if wait, err := t.Enter(ctx, w.a.Pause(p.job.Account)); err != nil || wait > 0 {
			return job.Verdict{State: job.Waiting, Quiet: true, Err: err, Next: w.a.now().Add(max(wait, time.Second/4))}
		}
	}
	p.tell = func(s Progress) {
		if s.Stage != "capture" { // the page has been left
			_ = t.Leave(ctx) // else the end of the attempt does it
		}
	}
	err = p.toStore(ctx)
	var clash *archive.ConflictError
	if errors.As(err, &clash) && !clash.Incomplete {
		if e, found, serr := w.stored(ctx, t); serr == nil && found { // another process had the job and delivered it: ours is not needed
			unlock()
			unlock = func() {}
			return w.settled(ctx, t, e, dir)
		}
	}
	return w.ended(ctx, t, p, err)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// kept reports whether the job's package stands in the archive though its passage is not in this machine's spool: another process delivered it,
// or this one was killed while it cleared up.
func (w *worker) kept(ctx context.Context, t job.Task, dir string) (bool, job.Verdict) {
	if len(t.Attempts) == 0 && !exists(dir) || exists(filepath.Join(dir, "package", t.Snapshot, "METS.xml")) {
		return false, job.Verdict{} // nobody has begun, or the delivery goes on from here
	}
	e, found, err := w.stored(ctx, t)
	if err != nil && !exists(filepath.Join(dir, "job.json")) {
		return true, w.failed(t, nil, err)
	}
	if err != nil || !found {
		return false, job.Verdict{}
	}
	return true, w.settled(ctx, t, e, dir)
}

// settled is the verdict on a job whose package stands in the archive. What the process that delivered it did not come to do is done: the receipt,
// the seal.
func (w *worker) settled(ctx context.Context, t job.Task, e archive.Entry, dir string) job.Verdict {
	s, err := w.a.Store(ctx)
	var r archive.Receipt
	if err == nil && e.Receipt {
		r, err = s.ReadReceipt(ctx, e)
	} else if err == nil {
		r, err = w.readBack(ctx, s, t, e)
	}
	if err == nil {
		err = w.a.seal(ctx, s, r)
	}
	if err != nil {
		return w.failed(t, nil, &job.StageError{Stage: "deliver", Err: err})
	}
	w.a.sweepOne(dir)
	v := job.Verdict{State: job.Delivered, Text: job.Text{SV: "Paketet ligger i arkivet.", EN: "The package is in the archive."}}
	m, err := w.a.manifest(ctx, s, e)
	switch {
	case t.Trigger == string(capture.TriggerEvidence):
		return w.provedAgain(ctx, t, m, err)
	case err == nil:
		v.Outcome, v.Text = string(m.Outcome), job.Text(m.Sentence)
		if t.Trigger != string(capture.TriggerIngest) {
			w.keep.add(t.Tenant, t.Account, keptOf(m, t.Ordered))
		}
	}
	w.tell(t, nil, v) // the process that delivered it may not have come to it; who was told already is not told again
	return v
}

func (w *worker) stored(ctx context.Context, t job.Task) (archive.Entry, bool, error) {
	s, err := w.a.Store(ctx)
	if err != nil {
		return archive.Entry{}, false, err
	}
	entries, err := s.List(ctx, archive.ListFilter{Tenant: t.Tenant, Account: t.Account})
	for _, e := range entries {
		if e.ID == t.Snapshot {
			return e, true, nil
		}
	}
	return archive.Entry{}, false, err
}

// readBack gives a stored package the receipt that the process which delivered it did not come to write: it is fetched, held against its own
// METS files, and delivered once more, which changes nothing and reads every object back.
func (w *worker) readBack(ctx context.Context, s *archive.Store, t job.Task, e archive.Entry) (archive.Receipt, error) {
	var r archive.Receipt
	tmp, err := os.MkdirTemp(w.a.spool(), "readback-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(tmp)
	folder, err := s.Export(ctx, e, tmp)
	if err != nil {
		return r, err
	}
	problems, err := sip.CheckDir(ctx, folder)
	if err != nil {
		return r, err
	}
	if len(problems) > 0 {
		return r, fmt.Errorf("the package %s in the archive is not whole: %s", t.Snapshot, problems[0].Text.EN)
	}
	acc, _ := w.register().ByID(t.Tenant, t.Account)
	return s.DeliverHeld(ctx, t.Tenant, t.Account, t.Snapshot, folder, hold(acc, t.Snapshot), nil)
}

// passage takes up the job's passage, or begins it. Without one, the verdict says why.
func (w *worker) passage(ctx context.Context, t job.Task, dir string) (*passage, job.Verdict) {
	var j capture.Job
	err := readJSON(filepath.Join(dir, "job.json"), &j)
	captured := exists(filepath.Join(dir, "capture", "capture.json"))
	if err == nil && captured {
		return w.a.resume(dir, j), job.Verdict{}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		_ = os.RemoveAll(dir) // a file that a crash of the machine broke
	}
	acc, ok := w.register().ByID(t.Tenant, t.Account)
	if !ok {
		return nil, job.Verdict{State: job.GivenUp, Code: "unknown-account", Text: job.Text{SV: "Kontot står inte längre i registret.", EN: "The account is no longer in the register."}}
	}
	late := t.Late
	if t.Slot != "" {
		d, v := w.stillDue(ctx, t, acc)
		if d == nil {
			return nil, v
		}
		late = d.Late
	}
	p, err := w.a.beginOrder(ctx, t, acc, dir, late)
	if err != nil {
		return nil, w.failed(t, nil, err)
	}
	return p, job.Verdict{}
}

func (a *App) resume(dir string, j capture.Job) *passage {
	return &passage{a: a, dir: dir, tell: quiet(nil), took: map[string]float64{}, job: j}
}

// beginOrder puts the job's passage into the spool, under the ID that was drawn when it was ordered.
func (a *App) beginOrder(ctx context.Context, t job.Task, acc register.Account, dir string, late bool) (*passage, error) {
	if err := mkdir(filepath.Dir(dir)); err != nil {
		return nil, err
	}
	r := Request{Account: acc, Trigger: capture.Trigger(t.Trigger), Reason: t.Reason, By: t.By}
	more, err := detailsOf(t)
	if err != nil {
		return nil, err
	}
	if t.Trigger == string(capture.TriggerEvidence) {
		p := a.newEvidence(dir, EvidenceRequest{Account: acc, URL: more.URL, Reason: t.Reason, Ground: more.Ground, Diary: more.Diary, By: t.By, Ad: more.Ad})
		return p, p.putDown(t, late)
	}
	if r.Since = more.Since; r.Since == nil {
		since, err := a.coverage(ctx, acc)
		if err != nil {
			a.log.Warn("the archive could not be asked what is covered", "account", acc.ID, "error", err)
		}
		r.Since, r.covered = since, true
	}
	p := a.newPassage(dir, r)
	return p, p.putDown(t, late)
}

// putDown writes a passage that begins into the spool, under the name and time of its order.
func (p *passage) putDown(t job.Task, late bool) error {
	p.job.SnapshotID, p.job.Created, p.job.Slot, p.job.Late = t.Snapshot, t.Ordered, t.Slot, late
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return err
	}
	return writeJSON(filepath.Join(p.dir, "job.json"), p.job)
}

func detailsOf(t job.Task) (more orderDetails, err error) {
	if len(t.Request) > 0 {
		err = json.Unmarshal(t.Request, &more)
	}
	if err != nil {
		err = fmt.Errorf("the order of %s cannot be read: %w", t.Snapshot, err)
	}
	return more, err
}

// stillDue asks the calendar once more: between order and attempt a forbidden period may have begun, the window been filled by hand, the next one
// opened, or the account ended.
func (w *worker) stillDue(ctx context.Context, t job.Task, acc register.Account) (*calendar.Decision, job.Verdict) {
	kept, err := w.keep.ask(ctx, &acc)
	if err != nil {
		return nil, job.Verdict{State: job.Waiting, Free: true, Err: err, Text: job.Text(personText(err))}
	}
	_, known := w.keep.of(&acc)
	now := w.a.now()
	for _, d := range w.cal.Due([]calendar.Standing{{Account: acc, Kept: kept, Known: known}}, now) {
		if d.Trigger != t.Trigger || d.Slot != t.Slot {
			continue
		}
		why := job.Text(d.Why())
		switch {
		case d.Take:
			return &d, job.Verdict{}
		case d.Status == calendar.StatusKept || d.Status == calendar.StatusPartial:
			return nil, job.Verdict{State: job.Delivered, Text: why}
		case !d.Next.IsZero():
			return nil, job.Verdict{State: job.Waiting, Quiet: true, Text: why, Next: d.Next}
		}
		return nil, job.Verdict{State: job.GivenUp, Code: "not-due", Text: why}
	}
	return nil, job.Verdict{State: job.GivenUp, Code: "not-due", Text: job.Text{SV: "Fönstret är förbi och nästa har öppnat, eller så har kontot upphört.",
		EN: "The window is past and the next one has opened, or the account has ended."}}
}
