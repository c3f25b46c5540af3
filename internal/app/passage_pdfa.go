package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"arsring/internal/capture"
	"arsring/internal/pdfa"
	"arsring/internal/sip"
)

// convert makes record.pdf.tmp of the print, at the level that is wished for or the highest below it that everybody asked agrees to.
func (p *passage) convert(ctx context.Context, dir string, c *capture.Capture, m made) (conformance, error) {
	o := pdfa.Options{Title: m.Title, Lang: m.Lang, Author: m.Author, Creator: p.a.Tool(), Now: m.Converted,
		Want: pdfa.Level(p.a.cfg.PDFA.Level), UA: true, Placements: placements(c, filepath.Join(dir, "capture"))}
	if o.Want == pdfa.Level3A {
		content := filepath.Join(dir, "content.json.tmp")
		if err := writeContent(content, c); err != nil {
			return conformance{}, err
		}
		defer os.Remove(content)
		o.Attachments = append([]pdfa.Attachment{{Name: "content.json", MIME: "application/json", Path: content, Relationship: "Data",
			Description: "Innehållet som data: samma fil som i leveranspaketets representations/content"}}, p.handed...)
	}
	in, err := os.Open(filepath.Join(dir, "raw.pdf"))
	if err != nil {
		return conformance{}, err
	}
	defer in.Close()
	out := filepath.Join(dir, "record.pdf.tmp")
	return p.a.agreed(ctx, func(o pdfa.Options) (pdfa.Report, error) { return convertTo(ctx, in, out, o) }, out, o)
}

func writeContent(path string, c *capture.Capture) error {
	return fillFile(path, func(out io.Writer) error { return sip.WriteContent(out, c) })
}

// conformance is what is said in a package about its record: the own report, and veraPDF's where it was asked.
type conformance struct {
	pdfa.Report
	VeraPDF *secondOpinion `json:"verapdf,omitempty"`
}

// agreed converts a PDF. Where veraPDF is asked for a second opinion and does not agree, the next lower claim is tried; a file of which it
// grants nothing is written without a claim, and the report is partial.
func (a *App) agreed(ctx context.Context, convert func(pdfa.Options) (pdfa.Report, error), path string, o pdfa.Options) (conformance, error) {
	for {
		r, err := convert(o)
		if err != nil || r.Level == pdfa.LevelNone {
			return conformance{Report: r}, err
		}
		second := a.second(ctx, path)
		if !second.denies() {
			return conformance{r, second}, nil
		}
		reason := fmt.Sprintf("veraPDF does not grant PDF/A-%s: %s", r.Level, strings.Join(second.Failed, ", "))
		if !lower(&o, r) {
			o.Undeclared = reason
			r, err = convert(o)
			return conformance{r, second}, err
		}
	}
}

// lower takes back the highest claim of the report; false when the lowest was made.
func lower(o *pdfa.Options, r pdfa.Report) bool {
	if r.UA {
		o.UA = false
		return true
	}
	next := map[pdfa.Level]pdfa.Level{pdfa.Level2A: pdfa.Level2U, pdfa.Level2U: pdfa.Level2B, pdfa.Level3A: pdfa.Level3U, pdfa.Level3U: pdfa.Level3B}
	level, ok := next[r.Level]
	o.Want = level
	return ok
}

func convertTo(ctx context.Context, in io.ReadSeeker, path string, o pdfa.Options) (pdfa.Report, error) {
	var r pdfa.Report
	err := fillFile(path, func(out io.Writer) error {
		var err error
		r, err = pdfa.Convert(ctx, in, out, o)
		return err
	})
	return r, err
}
