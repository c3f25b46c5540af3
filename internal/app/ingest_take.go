package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"arsring/internal/capture"
	"arsring/internal/pdfa"
	"arsring/internal/sip"
)

// take copies the originals into the spool, makes what the record shows of them, and writes it as the passage's capture.
func (n *ingestRun) take(ctx context.Context, dir string) error {
	for _, d := range []string{"capture/tiles", "capture/media", "originals"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			return err
		}
	}
	for i := range n.files {
		if err := n.keepOriginal(ctx, &n.files[i]); err != nil {
			return err
		}
	}
	c := n.newCapture()
	if err := n.show(ctx, c); err != nil {
		return err
	}
	if len(n.files) == 1 && n.files[0].Kind == kindPDF {
		if err := n.ownRecord(ctx, c); err != nil {
			return err
		}
	}
	c.Ended = n.a.now()
	n.judge(c)
	return c.Save(filepath.Join(dir, "capture"))
}

func (n *ingestRun) original(f handedIn) string { return filepath.Join(n.dir, "originals", f.Kept) }

// keepOriginal copies one file byte for byte. One that changed since it was looked at is refused.
func (n *ingestRun) keepOriginal(ctx context.Context, f *handedIn) error {
	in, err := os.Open(f.Path)
	if err != nil {
		return &UsageError{fmt.Sprintf("%v: the file was there a moment ago; hand it in again", err)}
	}
	defer in.Close()
	var sum string
	err = fillFile(n.original(*f), func(out io.Writer) error {
		var err error
		sum, err = hashAll(ctx, in, out)
		return err
	})
	if err != nil {
		return err
	}
	if sum != f.SHA256 {
		return &UsageError{fmt.Sprintf("%s changed while it was read; hand it in again", f.Path)}
	}
	return nil
}

// newCapture is the capture of something that was never looked at: it only says who handed in what and when.
func (n *ingestRun) newCapture() *capture.Capture {
	acc := n.job.Account
	return &capture.Capture{Schema: capture.CaptureSchema, Job: n.job, Started: n.job.Created, Missing: []capture.Missing{}, Interventions: []capture.Intervention{},
		Facts: capture.Facts{RequestedURL: sip.RedactURL(acc.URL), Redirects: []capture.Redirect{}, Headers: map[string]string{}, Structured: []capture.Structured{}},
		Tiles: []capture.Tile{}, Posts: []capture.Post{}, Pages: []capture.Page{}, Versions: []capture.Version{},
		Viewport: capture.Rect{W: capture.ViewportWidth, H: capture.SheetHeight}}
}

// show lists the files, puts pictures on sheets, and reads archives through.
func (n *ingestRun) show(ctx context.Context, c *capture.Capture) error {
	list := capture.Page{Title: "Inlämnade filer", Lang: "sv", Dir: "ltr", Blocks: []capture.Block{}, Links: []capture.Link{}}
	rows := [][]string{{"Fil", "Slag", "Byte", "SHA-256"}}
	var inside []capture.Page
	for _, f := range n.files {
		rows = append(rows, []string{f.Name, string(f.Kind), fmt.Sprint(f.Size), f.SHA256})
		var lack *capture.Missing
		var err error
		switch {
		case f.Kind.picture():
			c.Tiles, lack, err = n.pictureApart(ctx, f, c.Tiles)
		case f.Kind == kindZIP:
			var p *capture.Page
			if p, lack, err = n.listedApart(ctx, f); p != nil {
				inside = append(inside, *p)
			}
		case f.Kind == kindPDF && len(n.files) > 1:
			_, lack, err = n.viewed(ctx, f, c)
		}
		if err != nil {
			return err
		}
		if lack != nil {
			c.Missing = append(c.Missing, *lack)
		}
	}
	list.Blocks = append(list.Blocks, capture.Block{Kind: "table", Head: true, Rows: rows})
	c.Pages = append(append([]capture.Page{list}, inside...), c.Pages...)
	return nil
}

// lack says what of an archive cannot be read.
func (c *zipContents) lack(name string) *capture.Missing {
	switch {
	case c.trouble != nil:
		return &capture.Missing{Code: c.trouble.Code, Text: capture.Text{SV: name + ": " + c.trouble.Text.SV, EN: name + ": " + c.trouble.Text.EN}}
	case c.odd > 0:
		return &capture.Missing{Code: "zip-unreadable", Text: capture.Text{
			SV: fmt.Sprintf("%d av %d filer i %s kunde inte läsas; förteckningen säger vilka och varför. ZIP-filen är bevarad som den är.", c.odd, c.files, name),
			EN: fmt.Sprintf("%d of %d files in %s could not be read; the list says which and why. The ZIP file is kept as it is.", c.odd, c.files, name)}}
	}
	return nil
}

// ownRecord makes a single PDF its own record: byte for byte where it is PDF/A already, else converted. One that cannot be is shown in
// pictures of its pages; where that fails, too, it is only listed, or stays a plain PDF, and it is said why.
func (n *ingestRun) ownRecord(ctx context.Context, c *capture.Capture) error {
	f := n.files[0]
	in, err := os.Open(n.original(f))
	if err != nil {
		return err
	}
	defer in.Close()
	report, err := n.convertOriginal(ctx, in)
	var refused *pdfa.RefusedError
	switch {
	case errors.As(err, &refused):
		if err := errors.Join(removeIf(filepath.Join(n.dir, "record.pdf")), removeIf(filepath.Join(n.dir, "record.json"))); err != nil {
			return err
		}
		return n.shownInstead(ctx, c, &capture.Missing{Code: "not-pdfa", Text: capture.Text{
			SV: fmt.Sprintf("%s kunde inte göras till PDF/A (%s). Den är bevarad som den är, och arkivexemplaret förtecknar den bara.", f.Name, refusedSV(refused)),
			EN: fmt.Sprintf("%s could not be made into PDF/A: %s. It is kept as it is, and the record only lists it.", f.Name, refused.Reason)}},
			capture.Text{SV: refusedSV(refused), EN: refused.Reason}, refused.Code == "xfa")
	case err != nil:
		return err
	case report.Level == pdfa.LevelNone:
		return n.shownInstead(ctx, c, &capture.Missing{Code: "not-pdfa", Text: capture.Text{
			SV: fmt.Sprintf("%s kunde inte göras till PDF/A; arkivexemplaret är en vanlig PDF. Orsaken står i rapporten pdfa-report.json.", f.Name),
			EN: fmt.Sprintf("%s could not be made into PDF/A; the record is a plain PDF. The reason: %s", f.Name, report.Reason)}}, reasonOf(report), false)
	}
	n.sayVisible(c, report)
	return nil
}

// actPDFChanged is what was changed in a handed-in PDF so that the record can look different.
const actPDFChanged = "pdf-changed"

// sayVisible lists among the interventions what of the record may look different from the PDF that was handed in.
func (n *ingestRun) sayVisible(c *capture.Capture, report pdfa.Report) {
	for _, x := range report.Changed {
		switch {
		case x.Font != "":
			x.What = x.Font + " → " + x.ReplacedBy
		case !x.Visible:
			continue
		}
		c.Interventions = append(c.Interventions, capture.Intervention{Act: actPDFChanged, What: x.What, At: n.a.now(), N: x.N})
	}
}

func refusedSV(e *pdfa.RefusedError) string {
	switch e.Code {
	case "encrypted":
		return "den är krypterad eller lösenordsskyddad; spara den utan lösenord och lämna in den igen"
	case "broken":
		return "filen är skadad; hämta eller skriv ut den på nytt"
	case "limit":
		return "filen är för stor eller för invecklad"
	case "xfa":
		return "den är ett dynamiskt formulär; skriv ut det till PDF"
	}
	return e.Reason
}

// convertOriginal writes record.pdf and record.json of the one PDF.
func (n *ingestRun) convertOriginal(ctx context.Context, in *os.File) (pdfa.Report, error) {
	m := made{Lang: n.job.Lang, Composed: n.a.now(), Converted: n.a.now()}
	tmp := filepath.Join(n.dir, "record.pdf.tmp")
	report, err := n.a.checkApart(ctx, in.Name())
	if err != nil {
		return report, err
	}
	done := conformance{Report: report}
	if report.Level != pdfa.LevelNone && len(report.Failed) == 0 && report.Reason == "" {
		if err := n.copyVerbatim(ctx, in, tmp); err != nil {
			return report, err
		}
		done.VeraPDF = n.a.second(ctx, tmp)
		m.Verbatim = !done.VeraPDF.denies()
	}
	if !m.Verbatim {
		o := pdfa.Options{Lang: n.job.Lang, Creator: n.a.Tool(), Now: m.Converted, Want: pdfa.Level(n.a.cfg.PDFA.Level), UA: true}
		if o.Want == pdfa.Level3A {
			o.Attachments = n.handed
		}
		if n.a.cfg.PDFA.ReplaceFonts {
			o.FontDirs = fontDirs()
		}
		if done, err = n.a.agreed(ctx, func(o pdfa.Options) (pdfa.Report, error) { return n.a.convertApart(ctx, in.Name(), tmp, o) }, tmp, o); err != nil {
			return done.Report, err
		}
	}
	m.Report = &done
	if err := writeJSON(filepath.Join(n.dir, "record.json"), m); err != nil {
		return done.Report, err
	}
	return done.Report, os.Rename(tmp, filepath.Join(n.dir, "record.pdf"))
}

func (n *ingestRun) copyVerbatim(ctx context.Context, in io.ReadSeeker, path string) error {
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return fillFile(path, func(out io.Writer) error {
		_, err := io.Copy(out, contextReader{ctx, in})
		return err
	})
}

// judge says what became of what was handed in.
func (n *ingestRun) judge(c *capture.Capture) {
	c.Outcome, c.Code = capture.Complete, "ok"
	names := make([]string, len(n.files))
	for i, f := range n.files {
		names[i] = f.Name
	}
	c.Sentence = capture.Text{
		SV: fmt.Sprintf("%s: %s. Filerna är bevarade oförändrade.", count(len(n.files), "inlämnad fil", "inlämnade filer"), shorten(strings.Join(names, ", "), 300)),
		EN: fmt.Sprintf("%s: %s. The files are kept unchanged.", count(len(n.files), "file handed in", "files handed in"), shorten(strings.Join(names, ", "), 300))}
	if len(c.Missing) > 0 {
		c.Outcome, c.Code = capture.Partial, c.Missing[0].Code
	}
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// packIngest makes the package: the originals as they are, the record beside them.
func (n *ingestRun) packIngest(ctx context.Context, dir string) error {
	in, m, err := n.packing(dir)
	if err != nil {
		return err
	}
	c := in.Capture
	for _, f := range n.files {
		in.Originals = append(in.Originals, sip.Original{Path: n.original(f), Name: f.Name, MIME: f.Kind.mime()})
	}
	_, composed := os.Stat(filepath.Join(dir, "raw.pdf"))
	switch {
	case m.Verbatim:
	case composed == nil:
		in.Events = append(in.Events, sip.Event{Kind: sip.EventComposed, Start: m.Composed, Detail: fmt.Sprintf("record composed of %d pictures and the list of files", len(c.Tiles))},
			sip.Event{Kind: sip.EventConverted, Start: m.Converted, Detail: "record converted to PDF/A", Result: levelName(m.Report.Report)})
	default:
		in.Events = append(in.Events, sip.Event{Kind: sip.EventConverted, Start: m.Converted, Detail: "the PDF that was handed in converted to PDF/A", Result: levelName(m.Report.Report)})
	}
	in.Events = append(in.Events, sip.Event{Kind: sip.EventValidated, Start: m.Converted, Detail: "record checked against the rules of the level it declares", Result: levelName(m.Report.Report)})
	_, _, err = sip.Build(ctx, filepath.Join(dir, "package"), in)
	return err
}
