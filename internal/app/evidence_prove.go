package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// essential are the codes of what is missing of the very piece that is documented: with one of them its removal would lose something.
var essential = map[string]bool{"evidence-media": true, "evidence-video": true, "evidence-audio": true, "evidence-moved": true}

// describe tells of the piece what the capture found: who, when, what.
func (r *EvidenceResult) describe(p *passage) {
	if d := p.job.Account.Disposal; d != (register.Disposal{}) {
		r.Disposal = &d
	}
	if e := p.job.Evidence; e != nil && e.Diary != "" {
		r.Diary = &e.Diary
	}
	if host := capture.ForeignHost(p.job.Account, p.job.URL); host != "" {
		r.Warnings = append(r.Warnings, fmt.Sprintf("Adressen ligger på %s, inte där kontot finns (%s). Kontrollera att det är rätt konto.", host, sip.RedactURL(p.job.Account.URL)))
	}
	c, err := capture.Load(filepath.Join(p.dir, "capture"))
	if err != nil || c.Job.Evidence == nil {
		return
	}
	post := capture.FindPost(c.Posts, c.Job.Evidence.Post)
	if post == nil {
		return
	}
	r.Post, r.Published, r.Origin = &post.ID, post.Published, &post.Origin
	r.Sender = &Sender{Name: post.Author, ID: post.AuthorID, URL: post.AuthorURL}
	if post.Permalink != "" {
		r.Permalink = &post.Permalink
	}
	if post.PublishedText != "" {
		r.Shown = &post.PublishedText
	}
	if post.Text != "" {
		r.Text = &post.Text
	}
	for _, m := range post.Media {
		if m.Kind == "image" && m.Path == "" {
			r.Warnings = append(r.Warnings, "En bild i inlägget finns bara i fotografiet av sidan, inte som egen fil.")
			break
		}
	}
}

// evidenceMissed writes an attempt that kept nothing into the archive's log and clears the spool.
func (a *App) evidenceMissed(ctx context.Context, p *passage, res *EvidenceResult) {
	if res.Outcome == nil {
		return
	}
	res.State = job.NeedsPerson
	if err := a.logAttempt(ctx, p); err != nil {
		res.Warnings = append(res.Warnings, "Försöket kunde inte antecknas i arkivets logg: "+Sentence(err))
	}
	if err := os.RemoveAll(p.dir); err != nil {
		res.Warnings = append(res.Warnings, fmt.Sprintf("%s kunde inte tas bort: %v", p.dir, err))
	}
}

// proveEvidence reads the stored package back once more and judges whether the piece may go. Only a package that was found whole lets its
// copy in the spool be removed.
func (a *App) proveEvidence(ctx context.Context, p *passage, res *EvidenceResult) {
	res.Stored = true
	checked, err := a.verifyStored(ctx, p.job.SnapshotID)
	switch {
	case err != nil:
		res.Err, res.State = err, job.Waiting
		res.Sentence = "det lagrade paketet kunde inte läsas tillbaka: " + Sentence(err)
		return
	case !checked.OK:
		res.State = job.Waiting
		res.Sentence = fmt.Sprintf("det lagrade paketet avviker från det som levererades (%s); kopian ligger kvar i %s", firstFinding(checked), p.dir)
		res.Err = fmt.Errorf("%s: %d findings in the stored package", p.job.SnapshotID, len(checked.Findings))
		return
	}
	res.Verified = true
	res.judge()
	a.tellRegistrar(ctx, p, res)
	if err := os.RemoveAll(p.dir); err != nil {
		res.Warnings = append(res.Warnings, fmt.Sprintf("%s kunde inte tas bort: %v", p.dir, err))
	}
}

func (a *App) verifyStored(ctx context.Context, id string) (Checked, error) {
	s, err := a.Store(ctx)
	if err != nil {
		return Checked{}, err
	}
	e, err := s.Find(ctx, id)
	if err != nil {
		return Checked{}, err
	}
	f, err := s.Verify(ctx, e, inventory)
	return Checked{ID: id, Tenant: e.Tenant, Account: e.Account, Location: s.Location(e), OK: err == nil && len(f.Found) == 0, Objects: f.Objects, Bytes: f.Bytes, Findings: f.Found}, err
}

func firstFinding(c Checked) string {
	if len(c.Findings) == 0 {
		return "okänt"
	}
	return c.Findings[0].Path + ": " + c.Findings[0].Text.SV
}

// judge decides whether the piece may be removed as far as its copy is concerned, and says what a person should heed all the same.
func (r *EvidenceResult) judge() {
	var lost []string
	for _, m := range r.Missing {
		switch {
		case essential[m.Code]:
			lost = append(lost, m.Text)
		default:
			r.Warnings = append(r.Warnings, m.Text)
		}
	}
	if r.Post == nil {
		lost = append(lost, "Det framgår inte av kopian vilket inlägg den gäller.")
	}
	if r.Disposal == nil || r.Disposal.Decision == "" {
		r.Warnings = append(r.Warnings, "Registret anger inget gallringsbeslut för kontot. Utan ett beslut får en allmän handling inte tas bort.")
	}
	if r.Sender != nil && r.Sender.Name == "" {
		r.Warnings = append(r.Warnings, "Sidan visar inget namn på avsändaren.")
	}
	if r.Published == nil {
		r.Warnings = append(r.Warnings, "Tiden för inlägget gick inte att fastställa.")
	}
	if len(lost) > 0 {
		r.Sentence = "kopian är lagrad men ofullständig. " + strings.Join(lost, " ")
		return
	}
	r.Safe, r.Sentence = true, EvidenceStored
}
