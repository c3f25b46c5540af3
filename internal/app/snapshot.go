package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// Request asks for one snapshot.
type Request struct {
	Account register.Account
	Trigger capture.Trigger
	Reason  string
	By      string
	Since   *time.Time // wanted from; nil: from the end of unbroken coverage
	Tell    func(Progress)
	// Pages and Depth make a site of an address that stands in no register: so many pages, so many links from it. Zero: the one page.
	Pages, Depth int

	covered bool // Since is the end of unbroken coverage, not a date that a person asked for
}

// Snapshot takes a snapshot of a registered account, packs it and delivers it. A passage of the same order that was interrupted, or could
// not be delivered, is taken up where it stopped instead of looking at the page again. Captures that wait because of other orders are delivered
// first, and the page is looked at for this one: Result.Earlier says how they ended.
func (a *App) Snapshot(ctx context.Context, r Request) Result {
	var earlier []Result
	for _, p := range a.otherOrders(r) {
		one := a.carry(ctx, p, time.Now())
		one.Note = a.waitedNote(p, one, "Den här bilden väntade sedan en tidigare beställning. Den nya beställningen tas efter den.",
			"This capture waited from an earlier order. The new order is taken after it.")
		earlier = append(earlier, one)
	}
	start := time.Now()
	p, err := a.begin(ctx, r)
	if err != nil {
		res := failed(r, err)
		res.Earlier = earlier
		return res
	}
	waited := captured(p.dir)
	res := a.carry(ctx, p, start)
	if res.Earlier = earlier; waited {
		res.Note = a.waitedNote(p, res, "Det är bilden som väntade på leverans; sidan har inte öppnats igen.", "It is the capture that waited for delivery; the page was not looked at again.")
	}
	return res
}

// carry takes a passage of the spool to its end.
func (a *App) carry(ctx context.Context, p *passage, start time.Time) Result {
	r := Request{Account: p.job.Account, Trigger: p.job.Trigger}
	unlock, err := lockFolder(p.dir)
	if err != nil {
		return failed(r, err)
	}
	defer unlock()
	leave, err := a.inLane(ctx, p)
	if err != nil {
		return failed(r, err)
	}
	defer leave()
	err = p.toStore(ctx)
	res := a.result(p, err)
	res.Seconds = time.Since(start).Seconds()
	if err == nil {
		if res.Outcome != nil && !res.Outcome.Kept() {
			if err := a.logAttempt(ctx, p); err != nil {
				res.Err, res.State = err, job.Waiting
				return res
			}
			res.State = afterwards(*res.Outcome)
		}
		_ = os.RemoveAll(p.dir)
	}
	return res
}

// SnapshotURL takes a snapshot of any address and leaves the finished package in dir/<snapshot-id>. It needs neither register nor store.
func (a *App) SnapshotURL(ctx context.Context, address, dir string, r Request) Result {
	start := time.Now()
	r.Account = asSite(addressAccount(address), r.Pages, r.Depth)
	if err := mkdirNamed(dir); err != nil {
		return failed(r, err)
	}
	tmp, err := os.MkdirTemp(dir, ".arsring-")
	if err != nil {
		return failed(r, err)
	}
	defer os.RemoveAll(tmp)
	p := a.newPassage(tmp, r)
	p.job.WantedFrom, p.alone = r.Since, true
	err = p.run(ctx)
	res := a.result(p, err)
	if err == nil && res.Outcome != nil && res.Outcome.Kept() {
		final := filepath.Join(dir, p.job.SnapshotID)
		if err := os.Rename(filepath.Join(tmp, "package", p.job.SnapshotID), final); err != nil {
			return failed(r, fmt.Errorf("the finished package cannot be moved to %s: %w", final, err))
		}
		abs, _ := filepath.Abs(final)
		res.Package, res.State = &abs, job.Delivered
		rec := filepath.Join(abs, "representations", "pdfa", "data", "record.pdf")
		res.Record = &rec
	}
	res.Seconds = time.Since(start).Seconds()
	return res
}

// newPassage draws the snapshot's ID and makes the passage in a folder.
func (a *App) newPassage(dir string, r Request) *passage {
	now := a.now()
	image := a.cfg.Capture.Image
	if r.Trigger == capture.TriggerClosure || r.Trigger == capture.TriggerEvidence {
		image = "png"
	}
	p := &passage{a: a, dir: dir, tell: r.Tell, took: map[string]float64{}, job: capture.Job{
		SnapshotID: sip.NewID(r.Account.ID, now, r.Trigger, a.rand), Account: r.Account, URL: r.Account.URL, Trigger: r.Trigger, Reason: r.Reason, By: r.By,
		Created: now, WantedFrom: r.Since, Overlap: a.overlap(r), Lang: a.cfg.Language, Image: image}}
	if p.tell == nil {
		p.tell = func(Progress) {}
	}
	return p
}

// overlap is how many days before Since are read again: none before a date that a person named.
func (a *App) overlap(r Request) int {
	if r.Since != nil && !r.covered {
		return 0
	}
	return a.cfg.Capture.OverlapDays
}

// begin takes up a waiting passage of the account, or puts a new one into the spool.
func (a *App) begin(ctx context.Context, r Request) (*passage, error) {
	root := a.spool(r.Account.Tenant)
	if err := mkdir(root); err != nil {
		return nil, err
	}
	if old, ok := a.waiting(root, r); ok {
		return old, nil
	}
	if r.Since == nil {
		since, err := a.coverage(ctx, r.Account)
		if err != nil {
			// Where the archive cannot be asked, everything is wanted: too much is better than a gap.
			a.log.Warn("the archive could not be asked what is covered", "account", r.Account.ID, "error", err)
		}
		r.Since, r.covered = since, true
	}
	p := a.newPassage("", r)
	p.dir = filepath.Join(root, p.job.SnapshotID)
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return nil, err
	}
	return p, writeJSON(filepath.Join(p.dir, "job.json"), p.job)
}

// waiting finds the oldest passage of the same order in the spool that nobody else is working on.
func (a *App) waiting(root string, r Request) (*passage, bool) {
	p, ok := a.waitingFor(root, r.Account.ID, r.Trigger, func(j capture.Job, _ string) bool { return r.same(j) })
	if ok {
		p.tell = quiet(r.Tell)
	}
	return p, ok
}

// otherOrders finds the captures of the account and trigger, oldest first, that wait in the spool because of other orders. A passage that has not
// looked at the page yet holds nothing that could be delivered; it stays with who began it.
func (a *App) otherOrders(r Request) []*passage {
	list := a.allWaiting(a.spool(r.Account.Tenant), r.Account.ID, r.Trigger, func(j capture.Job, dir string) bool { return !r.same(j) && captured(dir) })
	for _, p := range list {
		p.tell = quiet(r.Tell)
	}
	return list
}

// same says whether a passage was begun by this order. Who gives no reason wants what waits delivered, as the sentence about it says.
func (r Request) same(j capture.Job) bool {
	since := r.Since == nil || j.WantedFrom != nil && r.Since.Equal(*j.WantedFrom)
	return since && (r.Reason == "" || r.Reason == j.Reason && r.By == j.By)
}

// captured says whether a passage has looked at the page.
func captured(dir string) bool { return exists(filepath.Join(dir, "capture", "capture.json")) }

func (p *passage) deliver(ctx context.Context, dir string) error {
	s, err := p.a.Store(ctx)
	if err != nil {
		return err
	}
	id := p.job.SnapshotID
	receipt, err := s.DeliverHeld(ctx, p.job.Account.Tenant, p.job.Account.ID, id, filepath.Join(dir, "package", id), hold(p.job.Account, id), func(done, total int64) {
		p.tell(Progress{Snapshot: id, Stage: "deliver", Done: done, Total: total})
	})
	if err != nil {
		return err
	}
	p.receipt = &receipt
	if err := p.a.seal(ctx, s, receipt); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(dir, "receipt.json"), receipt); err != nil {
		return err
	}
	p.a.afterDelivery(ctx, p.job.Account.Tenant, id)
	return nil
}

// logAttempt writes an attempt that kept nothing into the archive's log: a failure must be findable too.
func (a *App) logAttempt(ctx context.Context, p *passage) error {
	s, err := a.Store(ctx)
	if err != nil {
		return err
	}
	c, err := capture.Load(filepath.Join(p.dir, "capture"))
	if err != nil {
		return err
	}
	data, err := json.Marshal(map[string]any{"outcome": c.Outcome, "code": c.Code, "url": c.Facts.RequestedURL, "status": c.Facts.Status, "trigger": p.job.Trigger, "retry_after": c.RetryAfter})
	if err != nil {
		return err
	}
	return s.Log(ctx, p.job.Account.Tenant, archive.LogEntry{ID: p.job.SnapshotID[len(p.job.SnapshotID)-4:], At: c.Ended, Kind: "attempt-failed", Account: p.job.Account.ID,
		Snapshot: p.job.SnapshotID, By: p.job.By, Text: archive.Text{SV: c.Sentence.SV, EN: c.Sentence.EN}, Data: data})
}

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// addressAccount makes the account of an address that stands in no register.
func addressAccount(address string) register.Account {
	acc := register.Account{Tenant: Tenant, URL: address, Platform: "", Class: register.ClassReview}
	u, err := url.Parse(address)
	if err != nil {
		acc.ID = "page"
		return acc
	}
	path := strings.Trim(u.Path, "/")
	id := strings.Trim(notID.ReplaceAllString(strings.ToLower(u.Hostname()+"-"+path), "-"), "-")
	if len(id) > 48 {
		id = strings.Trim(id[:48], "-")
	}
	if id == "" {
		id = "page"
	}
	acc.ID = id
	return acc
}

// lockFolder takes the folder's lock, so that no two processes carry the same passage. The lock goes with the process.
func lockFolder(dir string) (func(), error) {
	f, err := os.OpenFile(filepath.Join(dir, ".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another arsring is already working on %s", dir), f.Close())
	}
	return func() { _ = f.Close() }, nil
}
