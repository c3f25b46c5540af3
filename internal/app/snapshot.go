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
	"sort"
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
}

// Result is one snapshot as it ended; it is also the line that --json prints.
type Result struct {
	ID            string             `json:"id"`
	Account       string             `json:"account"`
	Trigger       capture.Trigger    `json:"trigger"`
	Outcome       *capture.Outcome   `json:"outcome"`
	State         job.State          `json:"state"`
	Package       *string            `json:"package"`
	Record        *string            `json:"record"`
	PDFA          *string            `json:"pdfa"`
	Pages         *int               `json:"pages"`
	Posts         *int               `json:"posts"`
	Comments      *int               `json:"comments"`
	Oldest        *time.Time         `json:"oldest"`
	Stop          *capture.Stop      `json:"stop"`
	Missing       []Missing          `json:"missing"`
	Interventions []Intervention     `json:"interventions"`
	Seconds       float64            `json:"seconds"`
	Code          string             `json:"code"`
	Sentence      string             `json:"sentence"`
	Stages        map[string]float64 `json:"stages"` // seconds by stage, of this run
	Receipt       *archive.Receipt   `json:"-"`
	Err           error              `json:"-"`
}

// Missing is a line of what is missing, in the configured language.
type Missing struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Intervention is a line of what was done to the page.
type Intervention struct {
	Act  string `json:"act"`
	What string `json:"what"`
}

// Exit is the exit code of a result: 0 kept, 1 failed or not yet stored, 3 partial, 4 not kept because of the page.
func (r Result) Exit() int {
	switch {
	case r.Err != nil, r.Outcome == nil:
		return 1
	case *r.Outcome == capture.Complete:
		return 0
	case *r.Outcome == capture.Partial:
		return 3
	case *r.Outcome == capture.Failed:
		return 1
	}
	return 4
}

// Snapshot takes a snapshot of a registered account, packs it and delivers it. A passage of the same account and trigger that was
// interrupted, or could not be delivered, is taken up where it stopped instead of looking at the page again.
func (a *App) Snapshot(ctx context.Context, r Request) Result {
	start := time.Now()
	p, err := a.begin(ctx, r)
	if err != nil {
		return failed(r, err)
	}
	unlock, err := lockFolder(p.dir)
	if err != nil {
		return failed(r, err)
	}
	defer unlock()
	err = p.run(ctx, job.Stage{Name: "deliver", Output: "receipt.json", Run: p.deliver})
	res := a.result(p, err)
	res.Seconds = time.Since(start).Seconds()
	if err == nil {
		if res.Outcome != nil && !res.Outcome.Kept() {
			if err := a.logAttempt(ctx, p, res); err != nil {
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
	r.Account = addressAccount(address)
	if err := mkdir(dir); err != nil {
		return failed(r, err)
	}
	tmp, err := os.MkdirTemp(dir, ".arsring-")
	if err != nil {
		return failed(r, err)
	}
	defer os.RemoveAll(tmp)
	p := a.newPassage(tmp, r)
	p.job.WantedFrom = r.Since
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
		Created: now, WantedFrom: r.Since, Overlap: a.cfg.Capture.OverlapDays, Lang: a.cfg.Language, Image: image}}
	if p.tell == nil {
		p.tell = func(Progress) {}
	}
	return p
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
		r.Since = since
	}
	p := a.newPassage("", r)
	p.dir = filepath.Join(root, p.job.SnapshotID)
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return nil, err
	}
	return p, writeJSON(filepath.Join(p.dir, "job.json"), p.job)
}

// waiting finds the oldest passage of the account and trigger in the spool that nobody else is working on.
func (a *App) waiting(root string, r Request) (*passage, bool) {
	jobs, _ := filepath.Glob(filepath.Join(root, r.Account.ID+"-*", "job.json"))
	sort.Strings(jobs)
	for _, file := range jobs {
		var j capture.Job
		if readJSON(file, &j) != nil || j.Account.ID != r.Account.ID || j.Trigger != r.Trigger {
			continue
		}
		unlock, err := lockFolder(filepath.Dir(file))
		if err != nil {
			continue
		}
		unlock()
		p := &passage{a: a, dir: filepath.Dir(file), tell: r.Tell, took: map[string]float64{}, job: j}
		if p.tell == nil {
			p.tell = func(Progress) {}
		}
		return p, true
	}
	return nil, false
}

func (p *passage) deliver(ctx context.Context, dir string) error {
	s, err := p.a.Store(ctx)
	if err != nil {
		return err
	}
	id := p.job.SnapshotID
	receipt, err := s.Deliver(ctx, p.job.Account.Tenant, p.job.Account.ID, id, filepath.Join(dir, "package", id), func(done, total int64) {
		p.tell(Progress{Snapshot: id, Stage: "deliver", Done: done, Total: total})
	})
	if err != nil {
		return err
	}
	p.receipt = &receipt
	return writeJSON(filepath.Join(dir, "receipt.json"), receipt)
}

// logAttempt writes an attempt that kept nothing into the archive's log: a failure must be findable too.
func (a *App) logAttempt(ctx context.Context, p *passage, res Result) error {
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

// afterwards is the state of a job whose capture kept nothing.
func afterwards(o capture.Outcome) job.State {
	if o == capture.LoginWall || o == capture.Blocked || o == capture.NotFound || o == capture.Blank {
		return job.NeedsPerson
	}
	return job.GivenUp
}

func failed(r Request, err error) Result {
	return Result{Account: r.Account.ID, Trigger: r.Trigger, State: job.GivenUp, Missing: []Missing{}, Interventions: []Intervention{}, Err: err, Sentence: err.Error(), Stages: map[string]float64{}}
}

// result reads what the passage left on disk.
func (a *App) result(p *passage, err error) Result {
	r := Result{ID: p.job.SnapshotID, Account: p.job.Account.ID, Trigger: p.job.Trigger, State: job.Delivered, Missing: []Missing{}, Interventions: []Intervention{},
		Err: err, Stages: p.took, Receipt: p.receipt}
	if err != nil {
		r.State, r.Sentence = job.Waiting, a.explain(p, err)
	}
	c, lerr := capture.Load(filepath.Join(p.dir, "capture"))
	if lerr != nil {
		return r
	}
	r.Outcome, r.Code, r.Oldest = &c.Outcome, c.Code, c.Period.Oldest
	if err == nil {
		r.Sentence = sentence(c.Sentence, a.cfg.Language)
	}
	if c.Period.Stop != "" {
		r.Stop = &c.Period.Stop
	}
	for _, m := range c.Missing {
		r.Missing = append(r.Missing, Missing{m.Code, sentence(m.Text, a.cfg.Language)})
	}
	for _, iv := range c.Interventions {
		r.Interventions = append(r.Interventions, Intervention{iv.Act, iv.What})
	}
	if !c.Outcome.Kept() {
		r.State = afterwards(c.Outcome)
		return r
	}
	r.Posts, r.Comments = &c.Counts.Posts, &c.Counts.Comments
	var m made
	if readJSON(filepath.Join(p.dir, "record.json"), &m) == nil && m.Report != nil {
		level := string(m.Report.Level)
		if level != "" {
			r.PDFA = &level
		}
		r.Pages = &m.Report.Pages
		if level == "" && c.Outcome == capture.Complete {
			o := capture.Partial
			r.Outcome = &o
			r.Missing = append(r.Missing, Missing{"not-pdfa", m.Report.Reason})
		}
	}
	if rc := p.receipt; rc != nil {
		where := "s3://" + rc.Bucket + "/" + rc.Prefix
		rec := where + "representations/pdfa/data/record.pdf"
		r.Package, r.Record = &where, &rec
	}
	return r
}

// explain turns an error of a passage into the sentence for people, with where the work lies.
func (a *App) explain(p *passage, err error) string {
	s := err.Error()
	if errors.Is(err, syscall.ENOSPC) {
		s = fmt.Sprintf("the disk is full (%v); free space under %s", err, p.dir)
	}
	if _, serr := os.Stat(filepath.Join(p.dir, "package", p.job.SnapshotID, "METS.xml")); serr == nil {
		s += fmt.Sprintf("; the finished package waits in %s and is delivered by `arsring snapshot %s` without a new capture", filepath.Join(p.dir, "package", p.job.SnapshotID), p.job.Account.ID)
	}
	return s
}

func sentence(t capture.Text, lang string) string { return t.In(lang) }

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
