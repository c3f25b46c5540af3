package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/egress"
	"arsring/internal/job"
	"arsring/internal/pdfa"
	"arsring/internal/platform"
	"arsring/internal/record"
	"arsring/internal/sip"
	"arsring/internal/vault"
)

// passage is one job on its way: its folder in the spool and the parts it has open.
type passage struct {
	a        *App
	job      capture.Job
	dir      string
	tell     func(Progress)
	proxy    *egress.Proxy
	browser  *capture.Browser
	took     map[string]float64
	receipt  *archive.Receipt
	alone    bool          // no archive belongs to it: the package stays in a folder
	gone     chan struct{} // closed when the browser that was let go has ended
	copy     *vault.Copy   // of the login that the account is captured with
	platform *platform.Platform
	handed   []pdfa.Attachment // files that were handed in, for a record that carries them
}

// Progress is what a person sees of a running passage.
type Progress struct {
	Snapshot    string
	Stage       string // "capture", "record", "pdfa", "package", "deliver"
	Done, Total int64  // bytes, in the stage "deliver"
}

// made is what the record stages leave behind for the package: record.json.
type made struct {
	Title     string       `json:"title"`
	Lang      string       `json:"lang"`
	Author    string       `json:"author"`
	Composed  time.Time    `json:"composed"`
	TileSheet []int        `json:"tile_sheet"`
	Sheets    int          `json:"sheets"`
	Pages     []int        `json:"tile_pages"` // page of the record that shows each tile, 1-based, in the order of the capture's tiles
	Converted time.Time    `json:"converted"`
	Report    *conformance `json:"report,omitempty"`
	Verbatim  bool         `json:"verbatim,omitempty"` // the record is a file that was handed in, byte for byte
}

func (p *passage) stages() []job.Stage {
	return []job.Stage{
		{Name: "capture", Output: "capture/capture.json", Clean: []string{"capture"}, Run: p.capture},
		{Name: "record", Output: "raw.pdf", Clean: []string{"raw.pdf.tmp"}, Run: p.record},
		{Name: "pdfa", Output: "record.pdf", Clean: []string{"record.pdf.tmp"}, Run: p.pdfa},
		{Name: "package", Output: filepath.Join("package", p.job.SnapshotID, "METS.xml"), Run: p.pack},
	}
}

// run takes the passage as far as the package. Delivery is a stage of its own, because --url has none.
func (p *passage) run(ctx context.Context, more ...job.Stage) (err error) {
	defer p.close()
	ctx, end := p.spans(ctx)
	defer func() { end(err) }()
	stages := append(p.stages(), more...)
	for i := range stages {
		name, run := stages[i].Name, stages[i].Run
		stages[i].Run = func(ctx context.Context, dir string) (err error) {
			p.tell(Progress{Snapshot: p.job.SnapshotID, Stage: name})
			ctx, end := p.a.span(ctx, name)
			defer func() { end(noStop(err)) }()
			return run(ctx, dir)
		}
	}
	return job.Passage{Dir: p.dir, Stages: stages, Took: func(s string, d time.Duration) { p.took[s] = d.Seconds() }}.Run(ctx)
}

// letGo begins to end the browser; close waits for it.
func (p *passage) letGo() {
	if p.browser == nil || p.gone != nil {
		return
	}
	b, gone := p.browser, make(chan struct{})
	p.browser, p.gone = nil, gone
	go func() {
		defer close(gone)
		_ = b.Close()
	}()
}

func (p *passage) close() {
	if p.gone != nil {
		<-p.gone
		p.gone = nil
	}
	if p.browser != nil {
		_ = p.browser.Close()
		p.browser = nil
	}
	if p.proxy != nil {
		_ = p.proxy.Close()
		p.proxy = nil
	}
	p.forget()
}

// open gives the passage's browser; the record is printed by the one that captured, when that is still there.
func (p *passage) open(ctx context.Context) (*capture.Browser, error) {
	if p.browser != nil {
		return p.browser, nil
	}
	var err error
	if p.platform, err = p.a.platformOf(p.job.Account); err != nil {
		return nil, err
	}
	// A login lies in a folder of this machine, and so do files that were handed in.
	here := p.profile() != "" || p.job.Trigger == capture.TriggerIngest
	p.browser, p.proxy, err = p.a.openBrowser(ctx, p.job.Account, here, func(o *capture.Options) {
		o.Site, o.Profile, o.Hints = p.a.siteOf(p.job), p.profile(), p.platform
		o.Limits, o.Total = p.a.limitsOf(p.job)
	})
	return p.browser, err
}

func (p *passage) capture(ctx context.Context, dir string) error {
	if err := p.login(ctx); err != nil {
		return err
	}
	b, err := p.open(ctx)
	if err != nil {
		return err
	}
	c, err := b.Capture(ctx, p.job, filepath.Join(dir, "capture"))
	if err != nil {
		return err
	}
	if err := p.crossCheck(ctx, c, p.platform, dir); err != nil {
		return err
	}
	if err := p.smaller(ctx, c, dir); err != nil {
		return err
	}
	if err := p.expired(c, filepath.Join(dir, "capture")); err != nil {
		return err
	}
	if !c.Outcome.Kept() {
		return job.ErrStop
	}
	return nil
}

func (p *passage) record(ctx context.Context, dir string) error {
	c, err := capture.Load(filepath.Join(dir, "capture"))
	if err != nil {
		return err
	}
	if !c.Outcome.Kept() {
		return job.ErrStop
	}
	m := made{Composed: p.a.now()}
	sum, err := sip.ContentSum(c)
	if err != nil {
		return err
	}
	organisation, _ := p.a.organisation(p.job.Account.Tenant)
	r, err := record.Compose(record.Input{Capture: c, CaptureDir: filepath.Join(dir, "capture"), ContentSHA256: sum, Tool: p.a.Tool(),
		Organisation: organisation, StandIn: pdfa.StandIn})
	if err != nil {
		return err
	}
	m.Title, m.Lang, m.Author, m.Sheets, m.TileSheet = r.Title, r.Lang, r.Author, r.Sheets, r.TileSheet
	if err := writeJSON(filepath.Join(dir, "record.json"), m); err != nil {
		return err
	}
	b, err := p.open(ctx)
	if err != nil {
		return err
	}
	tmp := filepath.Join(dir, "raw.pdf.tmp")
	if err := b.Print(ctx, r.HTML, tmp); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(dir, "raw.pdf"))
}

func (p *passage) pdfa(ctx context.Context, dir string) error {
	p.letGo() // the browser's work is done; its memory is better used elsewhere
	c, err := capture.Load(filepath.Join(dir, "capture"))
	if err != nil {
		return err
	}
	var m made
	if err := readJSON(filepath.Join(dir, "record.json"), &m); err != nil {
		return err
	}
	m.Converted = p.a.now()
	report, err := p.convert(ctx, dir, c, m)
	if err != nil {
		return err
	}
	m.Report = &report
	for _, pl := range record.Placements(c, "") {
		m.Pages = append(m.Pages, report.Placed[pl.ID])
	}
	if err := writeJSON(filepath.Join(dir, "record.json"), m); err != nil {
		return err
	}
	return os.Rename(filepath.Join(dir, "record.pdf.tmp"), filepath.Join(dir, "record.pdf"))
}

func placements(c *capture.Capture, dir string) []pdfa.Placement {
	out := make([]pdfa.Placement, 0, len(c.Tiles))
	for _, pl := range record.Placements(c, dir) {
		runs := make([]pdfa.TextRun, len(pl.Text))
		for i, b := range pl.Text {
			runs[i] = pdfa.TextRun{X: b.X, Y: b.Y, W: b.W, H: b.H, Text: b.Text, RTL: b.RTL}
		}
		out = append(out, pdfa.Placement{ID: pl.ID, Path: pl.Path, MIME: pl.MIME, W: pl.W, H: pl.H, Text: runs})
	}
	return out
}

func (p *passage) pack(ctx context.Context, dir string) error {
	in, m, err := p.packing(dir)
	if err != nil {
		return err
	}
	c, chrome := in.Capture, in.Capture.Versions
	in.Previous = p.previous(ctx)
	in.Events = []sip.Event{
		{Kind: sip.EventCaptured, Start: c.Started, Detail: c.Sentence.EN, Result: string(c.Outcome), Tools: chrome},
		{Kind: sip.EventComposed, Start: m.Composed, Detail: fmt.Sprintf("record composed of %d tiles on %d sheets", len(c.Tiles), m.Sheets), Tools: chrome},
		{Kind: sip.EventConverted, Start: m.Converted, Detail: "record converted to PDF/A", Result: levelName(m.Report.Report)},
		{Kind: sip.EventValidated, Start: m.Converted, Detail: "record checked against the rules of the level it declares", Result: levelName(m.Report.Report)},
	}
	_, _, err = sip.Build(ctx, filepath.Join(dir, "package"), in)
	return err
}

// packing is what every package is built of: the capture, its record, and who they belong to. The events are for the caller to add.
func (p *passage) packing(dir string) (in sip.Input, m made, err error) {
	c, err := capture.Load(filepath.Join(dir, "capture"))
	if err != nil {
		return in, m, err
	}
	if err := readJSON(filepath.Join(dir, "record.json"), &m); err != nil {
		return in, m, err
	}
	if m.Report == nil {
		return in, m, errors.New("the record has no conformance report")
	}
	organisation, id := p.a.organisation(p.job.Account.Tenant)
	return sip.Input{
		Capture: c, CaptureDir: filepath.Join(dir, "capture"), Record: filepath.Join(dir, "record.pdf"), RecordLevel: string(m.Report.Level), RecordUA: m.Report.UA,
		Pages: m.Report.Pages, TilePages: tilePages(c, m), PDFAReport: m.Report, Tool: "arsring", ToolVersion: p.a.version,
		Organisation: organisation, OrganisationID: id, Now: p.a.now(),
	}, m, nil
}

// tilePages gives the page of the record that shows each tile, by the tile's number.
func tilePages(c *capture.Capture, m made) map[int]int {
	out := map[int]int{}
	for i, t := range c.Tiles {
		if i < len(m.Pages) {
			out[t.N] = m.Pages[i]
		}
	}
	return out
}

func levelName(r pdfa.Report) string {
	if r.Level == pdfa.LevelNone {
		return "not PDF/A: " + r.Reason
	}
	s := "PDF/A-" + string(r.Level)
	if r.UA {
		s += ", PDF/UA-1"
	}
	return s
}

// toStore takes the passage to its end in the archive. Remains of an earlier try under its name, other bytes and no package, are discarded once.
func (p *passage) toStore(ctx context.Context) error {
	deliver := job.Stage{Name: "deliver", Output: "receipt.json", Run: p.deliver}
	err := p.run(ctx, deliver)
	var clash *archive.ConflictError
	if !errors.As(err, &clash) || !clash.Incomplete {
		return err
	}
	s, err := p.a.Store(ctx)
	if err == nil {
		err = s.Discard(ctx, p.job.Account.Tenant, p.job.Account.ID, p.job.SnapshotID)
	}
	if err != nil {
		return &job.StageError{Stage: "deliver", Err: err}
	}
	return p.run(ctx, deliver)
}
