package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/register"
	"arsring/internal/sip"
)

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
	Note          string             `json:"note,omitempty"` // that the capture was made earlier and waited for its delivery
	Stages        map[string]float64 `json:"stages"`         // seconds by stage, of this run
	Receipt       *archive.Receipt   `json:"-"`
	Err           error              `json:"-"`
	Earlier       []Result           `json:"-"` // captures that waited because of other orders, delivered before this one
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

// afterwards is the state of a job whose capture kept nothing.
func afterwards(o capture.Outcome) job.State {
	if o == capture.LoginWall || o == capture.Blocked || o == capture.NotFound || o == capture.Blank {
		return job.NeedsPerson
	}
	return job.GivenUp
}

func failed(r Request, err error) Result {
	return Result{Account: r.Account.ID, Trigger: r.Trigger, State: job.GivenUp, Missing: []Missing{}, Interventions: []Intervention{}, Err: err, Sentence: Sentence(err), Stages: map[string]float64{}}
}

// result reads what the passage left on disk.
func (a *App) result(p *passage, err error) Result {
	r := Result{ID: p.job.SnapshotID, Account: p.job.Account.ID, Trigger: p.job.Trigger, State: job.Delivered, Missing: []Missing{}, Interventions: []Intervention{},
		Err: err, Stages: p.took, Receipt: p.receipt}
	if err != nil {
		r.State, r.Sentence = stateOf(err), a.explain(p, err)
	}
	c, lerr := capture.Load(filepath.Join(p.dir, "capture"))
	if lerr != nil {
		return r
	}
	lang := a.cfg.Language
	r.Outcome, r.Code, r.Oldest = &c.Outcome, c.Code, c.Period.Oldest
	if err == nil {
		r.Sentence = c.Sentence.In(lang)
	}
	if c.Period.Stop != "" {
		r.Stop = &c.Period.Stop
	}
	for _, iv := range c.Interventions {
		r.Interventions = append(r.Interventions, Intervention{iv.Act, iv.What})
	}
	missing := c.Missing
	if !c.Outcome.Kept() {
		r.State = afterwards(c.Outcome)
	} else {
		r.Posts, r.Comments = &c.Counts.Posts, &c.Counts.Comments
		if m, ok := p.manifest(); ok {
			missing = m.Missing
			r.packed(m, lang)
		}
		r.conformance(p)
	}
	for _, m := range missing {
		r.Missing = append(r.Missing, Missing{m.Code, m.Text.In(lang)})
	}
	if rc := p.receipt; rc != nil {
		where := "s3://" + rc.Bucket + "/" + rc.Prefix
		rec := where + "representations/pdfa/data/record.pdf"
		r.Package, r.Record = &where, &rec
	}
	return r
}

// packed takes the outcome from the package, which knows more than the capture: a record that is no PDF/A is partial.
func (r *Result) packed(m sip.Manifest, lang string) {
	r.Outcome = &m.Outcome
	if m.Code != nil {
		r.Code = *m.Code
	}
	if r.Err == nil {
		r.Sentence = m.Sentence.In(lang)
	}
}

// conformance takes what the record's own check said.
func (r *Result) conformance(p *passage) {
	var m made
	if readJSON(filepath.Join(p.dir, "record.json"), &m) != nil || m.Report == nil {
		return
	}
	r.Pages = &m.Report.Pages
	if level := string(m.Report.Level); level != "" {
		r.PDFA = &level
	}
}

// manifest is the manifest of the passage's finished package; ok is false while there is none.
func (p *passage) manifest() (m sip.Manifest, ok bool) {
	f, err := os.Open(filepath.Join(p.dir, "package", p.job.SnapshotID, manifestPath))
	if err != nil {
		return m, false
	}
	defer f.Close()
	m, err = sip.ReadManifest(f)
	return m, err == nil
}

// waitedNote says when a capture that was carried to its end was made, and why it comes now.
func (a *App) waitedNote(p *passage, r Result, sv, en string) string {
	if r.Err != nil {
		return ""
	}
	when := p.job.Created.In(register.Location()).Format("2006-01-02 15.04")
	if a.cfg.Language == "en" {
		return fmt.Sprintf("Ordered %s with the reason %q. %s", when, p.job.Reason, en)
	}
	return fmt.Sprintf("Beställd %s med skälet ”%s”. %s", when, p.job.Reason, sv)
}

// explain turns an error of a passage into the sentence for people, with where the work lies.
func (a *App) explain(p *passage, err error) string {
	s := Sentence(err)
	switch at := (*job.StageError)(nil); {
	case errors.Is(err, syscall.ENOSPC):
		s = fmt.Sprintf("the disk is full (%v); free space under %s", err, p.dir)
	case errors.Is(err, context.Canceled) && errors.As(err, &at):
		s = fmt.Sprintf("the snapshot was interrupted during %s, before it was delivered; order it again", at.Stage)
	}
	if _, serr := os.Stat(filepath.Join(p.dir, "package", p.job.SnapshotID, "METS.xml")); serr == nil {
		s += fmt.Sprintf("; the finished package waits in %s and is delivered by `arsring snapshot %s` without a new capture", filepath.Join(p.dir, "package", p.job.SnapshotID), p.job.Account.ID)
	}
	return s
}
