package capture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// Capture opens the job's page and captures it into dir (made when missing). It returns the Capture also for pages that were not
// kept, with the outcome that says why; it has been written to dir/capture.json by then. An error means that the capture itself could
// not be done: no disk, browser gone, or ctx ended.
func (b *Browser) Capture(ctx context.Context, job Job, dir string) (_ *Capture, err error) {
	defer func() { err = b.named(err) }()
	for _, d := range []string{"tiles", "media"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			return nil, fmt.Errorf("cannot write the capture: %w; check that the folder is writable and has room", err)
		}
	}
	c := &Capture{Schema: CaptureSchema, Job: job, Started: b.o.Now(), Missing: []Missing{}, Interventions: []Intervention{}, Tiles: []Tile{},
		Posts: []Post{}, Pages: []Page{}, Versions: []Version{{"Chromium", b.version}}, Viewport: Rect{W: ViewportWidth, H: SheetHeight},
		Period: Period{WantedFrom: job.WantedFrom, Overlap: job.Overlap}}
	tctx, cancel := context.WithTimeout(ctx, b.o.Total)
	defer cancel()
	tctx, giveUp := context.WithCancelCause(tctx)
	defer giveUp(nil)
	t, err := b.openTab(tctx)
	if err != nil {
		return nil, fmt.Errorf("Chrome: %w", err)
	}
	t.bound(giveUp)
	defer t.close()
	err = t.run(tctx, c, dir)
	t.keptPrivate(tctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err = t.ended(tctx, c, err); err != nil {
			return nil, err
		}
	}
	t.finish(c)
	return c, c.Save(dir)
}

// run is the whole visit to the page.
func (t *tab) run(ctx context.Context, c *Capture, dir string) error {
	v, missing, err := t.openPatiently(ctx, c.Job.URL)
	if err != nil {
		return err
	}
	c.Facts.RequestedURL = withoutSecrets(c.Job.URL)
	if v != nil {
		c.Facts.FinalURL, c.Facts.Status = c.Facts.RequestedURL, t.net.status()
		c.judge(*v)
		return nil
	}
	c.Missing = append(c.Missing, missing...)
	t.b.warm() // beside what the page's own process does from now on; the load has both processors' work
	look, v, err := t.come(ctx, c)
	if err != nil {
		return err
	}
	if v != nil {
		c.Facts.FinalURL = c.Facts.RequestedURL
		c.judge(*v)
		return nil
	}
	if c.Facts, err = t.facts(ctx, c.Job.URL); err != nil {
		return err
	}
	if v, bad := byStatus(c.Facts.Status, c.Facts.Headers, t.b.o.Now()); bad {
		c.judge(t.sharper(ctx, v))
		return nil
	}
	if look.blank() {
		if _, _, _, broke := t.net.state(); broke != "" { // what came of it shows nothing
			c.judge(byNetError(broke, "", hostOnly(t.net.host(c.Job.URL))))
			return nil
		}
		c.judge(blankVerdict)
		return nil
	}
	t.lackCut(c)
	t.lackEnd(ctx, c, look)
	return t.capturePage(ctx, c, dir)
}

// capturePage keeps an opened page: first view, sheets, text.
func (t *tab) capturePage(ctx context.Context, c *Capture, dir string) (err error) {
	s := &shooter{t: t, dir: dir, image: c.Job.Image, c: c, limits: t.b.o.Limits}
	defer func() { err = errors.Join(err, s.closeMedia(ctx)) }()
	if err := s.firstView(ctx); err != nil {
		return err
	}
	w, behind, err := t.clearWay(ctx, c)
	if err != nil || c.Outcome != "" {
		return err
	}
	if err := t.loggedOut(ctx, c); err != nil {
		return err
	}
	t.hold()
	if bad, err := t.whereNow(ctx, c); err != nil || bad {
		return err
	}
	if c.Job.Evidence != nil {
		return t.evidence(ctx, s)
	}
	tall, isList, err := s.readPage(ctx)
	if isList {
		t.closeFeed(c)
	}
	if err != nil || isList {
		return err
	}
	if behind != nil { // no post behind it could be told apart
		c.judge(*behind)
		return nil
	}
	if err := s.sheets(ctx, tall); err != nil {
		return err
	}
	if err := t.closePage(ctx, c, w); err != nil {
		return err
	}
	return t.site(ctx, s)
}

// clearWay answers what lies over the page and looks for a wall. A wall that leaves nothing to be read is the capture's outcome then; of one that
// came over posts the verdict is given, for what can be read of them is kept.
func (t *tab) clearWay(ctx context.Context, c *Capture) (w wallSigns, behind *verdict, err error) {
	if err := t.consent(ctx); err != nil {
		return w, nil, err
	}
	if err := t.toPage(ctx); err != nil {
		return w, nil, err
	}
	if err := t.askAgain(ctx); err != nil {
		return w, nil, err
	}
	if w, err = t.wall(ctx); err != nil {
		return w, nil, err
	}
	v, ok := w.verdict()
	switch {
	case !ok:
	case w.Items > 0 && !w.Full && !w.Age && c.Job.Evidence == nil:
		return w, &v, nil
	default:
		c.judge(v)
	}
	return w, nil, nil
}

// closePage judges a page that is no feed.
func (t *tab) closePage(ctx context.Context, c *Capture, w wallSigns) error {
	c.judge(verdict{outcome: Complete, code: "ok", text: Text{"Hela sidan är fångad.", "The whole page was captured."}})
	if len(c.Posts) > 0 {
		c.unpictured()
		t.closeFeed(c)
	}
	if w.Empty && len(c.Posts) == 0 && !t.net.faulty() && !t.countsPosts(ctx) {
		c.Period.Stop = StopEndOfFeed
		c.judge(emptyVerdict)
		return nil
	}
	return t.lackAll(ctx, c, c.Pages[0], w.Doubt)
}

// unfoldPage opens what the page keeps folded, and waits for what that brings.
func (t *tab) unfoldPage(ctx context.Context) error {
	const most = 20 * time.Second
	pressed, err := eval[[]string](ctx, t, "unfoldPage", most.Milliseconds())
	if err != nil || len(pressed) == 0 {
		return err
	}
	for _, p := range pressed {
		t.note("pressed", p)
	}
	return t.settle(ctx, true)
}

// lackText says that a page said more than is kept as text, if so.
func (c *Capture) lackText(cut bool) {
	if !cut {
		return
	}
	c.lack("limit-text", "Sidan innehöll mer text än vad som sparas som text; bladen visar den.", "The page held more text than is kept as text; the sheets show it.")
}

// pageText reads what a page says; cut is true where it said more than is kept.
func (t *tab) pageText(ctx context.Context, f Facts) (p Page, cut bool, err error) {
	p = Page{URL: f.FinalURL, Title: f.Title, Lang: f.Lang, Dir: f.Dir, Status: f.Status}
	read, err := eval[[]struct {
		Block
		Cut bool
	}](ctx, t, "text", []any{})
	if err != nil {
		return p, false, err
	}
	for _, b := range read {
		p.Blocks, cut = append(p.Blocks, b.Block), cut || b.Cut
	}
	if p.Links, err = eval[[]Link](ctx, t, "links", 5000); err != nil {
		return p, cut, err
	}
	blocks, links, err := t.foreignText(ctx)
	if err != nil {
		return p, cut, err
	}
	p.Blocks, p.Links = append(p.Blocks, blocks...), append(p.Links, links...)
	for i := range p.Links {
		p.Links[i].URL = withoutSecrets(p.Links[i].URL)
	}
	return p, cut, nil
}

func (c *Capture) judge(v verdict) {
	c.Outcome, c.Code, c.Sentence, c.RetryAfter = v.outcome, v.code, v.text, v.retryAfter
}

// lack adds something missing, once for each code.
func (c *Capture) lack(code, sv, en string) {
	for _, m := range c.Missing {
		if m.Code == code {
			return
		}
	}
	c.Missing = append(c.Missing, Missing{code, Text{sv, en}})
}

// finish closes the books: interventions, failed resources, refused requests, and whether anything missing makes it partial.
func (t *tab) finish(c *Capture) {
	c.Ended = t.b.o.Now()
	if t.wasSilenced() {
		t.note("scripts-stopped", "the page's own scripts")
		c.lack("scripts-stopped", "Sidans egna skript upptog webbläsaren och stoppades; sidan är fångad som den var då.", "The page's own scripts kept the browser busy and were stopped; the page was captured as it was then.")
	}
	for _, r := range t.b.o.Egress.Refused() {
		if r.Reason != "browser-own-call" {
			t.note("request-refused", r.Host+" ("+r.Reason+")")
		}
	}
	t.mu.Lock()
	c.Interventions = append(c.Interventions, t.interventions...)
	t.mu.Unlock()
	if !c.Outcome.Kept() {
		return
	}
	if n, where := t.lostImages(); n > 0 {
		c.lack("image-failed", fmt.Sprintf("%d bilder eller andra delar gick inte att hämta: %s.", n, where), fmt.Sprintf("%d pictures or other parts could not be fetched: %s.", n, where))
	}
	c.Counts.Posts, c.Counts.Comments = count(c.Posts)
	if c.Outcome == Complete && c.incomplete() {
		c.Outcome = Partial
		c.Sentence = Text{"En del av det som skulle fångas saknas; se listan över det som saknas.", "A part of what should be captured is missing; see the list of what is missing."}
	}
}

// incomplete reports whether something missing weighs so much that the capture is not complete. A picture that its own server does
// not give is missing on the page for everybody and does not.
func (c *Capture) incomplete() bool {
	for _, m := range c.Missing {
		if !noLoss[m.Code] {
			return true
		}
	}
	return false
}

// lostImages counts sub-resources that failed, and names up to three.
func (t *tab) lostImages() (int, string) {
	failed := t.net.failures()
	var urls []string
	for u, why := range failed {
		if !strings.Contains(why, "ERR_ABORTED") && !strings.Contains(why, "ERR_BLOCKED") {
			urls = append(urls, withoutSecrets(u))
		}
	}
	sort.Strings(urls)
	return len(urls), clip(strings.Join(urls[:min(3, len(urls))], ", "), 300)
}

func count(posts []Post) (n, comments int) {
	for _, p := range posts {
		n++
		c, cc := count(p.Comments)
		comments += c + cc
	}
	return n, comments
}

// Save writes the capture to dir/capture.json: whole or not at all.
func (c *Capture) Save(dir string) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	tmp := filepath.Join(dir, "capture.json.tmp")
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("cannot write the capture: %w", err)
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return fmt.Errorf("cannot write the capture: %w", err)
	}
	return os.Rename(tmp, filepath.Join(dir, "capture.json"))
}

// Load reads a capture that Save wrote.
func Load(dir string) (*Capture, error) {
	data, err := os.ReadFile(filepath.Join(dir, "capture.json"))
	if err != nil {
		return nil, err
	}
	var c Capture
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("%s: not a capture: %w", filepath.Join(dir, "capture.json"), err)
	}
	if c.Schema != CaptureSchema {
		return nil, fmt.Errorf("%s: schema %q, this version reads %q", filepath.Join(dir, "capture.json"), c.Schema, CaptureSchema)
	}
	return &c, nil
}
