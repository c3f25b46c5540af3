package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"arsring/internal/capture"
	"arsring/internal/pdfa"
)

// mostViewed bounds the pages of PDFs that are shown as pictures in one record.
const mostViewed = 300

// The act that says that a record shows pictures of a PDF's pages.
const actRendered = "rendered"

// viewed shows the pages of a PDF that can be no PDF/A, or that is one of several files, as pictures on the record's sheets, with the text that
// the browser finds in it. lack says why it cannot, or what is left out.
func (n *ingestRun) viewed(ctx context.Context, f handedIn, c *capture.Capture) (shown bool, lack *capture.Missing, _ error) {
	if len(c.Tiles) >= mostViewed {
		return false, tooManyPages(f, 0), nil
	}
	b, err := n.open(ctx)
	if err != nil {
		return false, nil, err
	}
	v, err := b.ViewPDF(ctx, n.original(f), filepath.Join(n.dir, "capture"), len(c.Tiles), mostViewed-len(c.Tiles))
	var bad *capture.ViewError
	switch {
	case errors.As(err, &bad):
		return false, notShown(f, bad), nil
	case err != nil:
		return false, nil, err
	}
	for i := range v.Tiles {
		v.Tiles[i].Shows = fmt.Sprintf("%s (%d/%d)", f.Name, i+1, v.Pages)
	}
	c.Tiles = append(c.Tiles, v.Tiles...)
	if len(c.Versions) == 0 {
		c.Versions = append(c.Versions, capture.Version{Name: "Chromium", Version: b.Version()})
	}
	if p := textPage(f.Name, v.Text); p != nil {
		c.Pages = append(c.Pages, *p)
	}
	c.Interventions = append(c.Interventions, capture.Intervention{Act: actRendered, What: fmt.Sprintf("%s: %d", f.Name, len(v.Tiles)), At: n.a.now()})
	if len(v.Tiles) < v.Pages {
		lack = tooManyPages(f, v.Pages)
	}
	return true, lack, nil
}

func tooManyPages(f handedIn, pages int) *capture.Missing {
	sv, en := fmt.Sprintf("Arkivexemplaret visar högst %d blad; resten av %s finns bara i originalet.", mostViewed, f.Name), fmt.Sprintf("The record shows at most %d sheets; the rest of %s is in the original only.", mostViewed, f.Name)
	if pages > 0 {
		sv, en = fmt.Sprintf("%s har %d sidor. ", f.Name, pages)+sv, fmt.Sprintf("%s has %d pages. ", f.Name, pages)+en
	}
	return &capture.Missing{Code: "sheets-limit", Text: capture.Text{SV: sv, EN: en}}
}

func notShown(f handedIn, e *capture.ViewError) *capture.Missing {
	var sv, en string
	switch e.Code {
	case capture.ViewPassword:
		sv, en = "den kräver ett lösenord; spara den utan lösenord och lämna in den igen", "it asks for a password; save it without one and hand it in again"
	case capture.ViewBroken:
		sv, en = "webbläsaren kan inte heller öppna den", "the browser cannot open it either"
	case capture.ViewShape:
		sv, en = "en av sidorna är för smal för att synas", "one of its pages is too narrow to be seen"
	case capture.ViewSlow:
		sv, en = "den öppnades inte i tid", "it did not open in time"
	default:
		sv, en = "webbläsaren har ingen PDF-visare", "the browser has no PDF viewer"
	}
	return &capture.Missing{Code: "pdf-not-shown", Text: capture.Text{
		SV: fmt.Sprintf("Sidorna i %s kan inte visas i arkivexemplaret: %s. Filen är bevarad som den är.", f.Name, sv),
		EN: fmt.Sprintf("The pages of %s cannot be shown in the record: %s. The file is kept as it is.", f.Name, en)}}
}

// textPage is the text of a PDF as a page of the record's third part; nil where there is none.
func textPage(name, text string) *capture.Page {
	p := &capture.Page{Title: "Text i " + name, Dir: "ltr", Blocks: []capture.Block{}, Links: []capture.Link{}}
	var lines []string
	size := 0
	flush := func() {
		if len(lines) > 0 {
			p.Blocks = append(p.Blocks, capture.Block{Kind: "p", Text: strings.Join(lines, "\n")})
		}
		lines, size = nil, 0
	}
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line == "" {
			flush()
			continue
		}
		lines = append(lines, line)
		// A paragraph of a whole book helps nobody who reads by ear.
		if size += len(line); size > 1200 && strings.HasSuffix(line, ".") || size > 4000 {
			flush()
		}
	}
	flush()
	if len(p.Blocks) == 0 {
		return nil
	}
	return p
}

// shownInstead replaces the record of a single PDF that is no PDF/A by one of its pages' pictures, where the browser can show them. Where it
// cannot, what was there before stands, and both reasons are said.
// blind says that the pictures cannot show what the file is about, because the browser does not draw it.
func (n *ingestRun) shownInstead(ctx context.Context, c *capture.Capture, why *capture.Missing, reason capture.Text, blind bool) error {
	f := n.files[0]
	shown, lack, err := n.viewed(ctx, f, c)
	if err != nil {
		return err
	}
	if lack != nil {
		c.Missing = append(c.Missing, *lack)
	}
	if !shown || blind {
		c.Missing = append(c.Missing, *why)
	}
	if !shown {
		return nil
	}
	c.Pages[0].Blocks = append(c.Pages[0].Blocks, capture.Block{Kind: "p", Text: fmt.Sprintf(
		"%s kunde inte göras till PDF/A (%s). Bladen är bilder av sidorna som webbläsaren visar dem, med texten som den hittar i filen; filen själv ligger oförändrad bredvid.", f.Name, reason.SV)})
	return errors.Join(removeIf(filepath.Join(n.dir, "record.pdf")), removeIf(filepath.Join(n.dir, "record.json")))
}

// reasonOf says in both languages why a conversion reached no level. Rules have no Swedish names; their clauses are the same everywhere.
func reasonOf(r pdfa.Report) capture.Text {
	for _, f := range r.Failed {
		if f.Level == "2b" || f.Level == "3b" {
			return capture.Text{SV: fmt.Sprintf("ISO 19005, %s: regeln håller inte", f.Clause), EN: r.Reason}
		}
	}
	return capture.Text{SV: "regler i ISO 19005 håller inte", EN: r.Reason}
}
