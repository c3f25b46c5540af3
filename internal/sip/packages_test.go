package sip_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// packages are the kinds of packages there are, each with what is special about it.
var packages = map[string]func(*testing.T) sip.Input{
	"page": pageInput, "feed": feedInput, "evidence": evidenceInput, "ingest": ingestInput, "export without record": exportInput, "hostile": hostileInput,
}

// pageInput is a page without posts and without a register entry, whose record did not become PDF/A.
func pageInput(t *testing.T) sip.Input {
	c := newCapture(capture.TriggerManual)
	c.Job.Account = register.Account{ID: "facebook-kommunen", Platform: "web", URL: "https://kampanj.example/"}
	c.Posts, c.Counts, c.Period = nil, capture.Counts{}, capture.Period{Stop: capture.StopEndOfPage}
	in := newInput(t, c)
	in.RecordLevel, in.RecordUA, in.PDFAReport, in.TilePages = "", false, nil, nil
	in.Organisation, in.OrganisationID = "", ""
	return in
}

// feedInput is a feed of 600 posts with three comments each and a picture in every tenth.
func feedInput(t *testing.T) sip.Input {
	c := newCapture(capture.TriggerScheduled)
	in := newInput(t, c)
	c.Posts = nil
	for i := range 600 {
		when := at(28, 0).Add(-time.Duration(i) * time.Hour)
		p := capture.Post{
			ID: fmt.Sprintf("p%d", i), Permalink: fmt.Sprintf("https://social.example/kommunen/posts/%d", i), Author: "Exempel kommun",
			Origin: capture.OriginOwn, Published: &when, PublishedSource: "datetime", Text: fmt.Sprintf("Inlägg nummer %d\nmed två rader å ä ö", i),
		}
		for j := range 3 {
			p.Comments = append(p.Comments, capture.Post{ID: fmt.Sprintf("c%d-%d", i, j), Author: "Gäst", Origin: capture.OriginReceived, Text: "Tack!"})
		}
		if i%10 == 0 {
			name, bytes := fmt.Sprintf("media/%d.webp", i), append(pixel[:len(pixel):len(pixel)], byte(i), byte(i>>8))
			write(t, in.CaptureDir, name, bytes)
			p.Media = []capture.Media{{Kind: "image", URL: "https://cdn.example/" + name, Path: name, SHA256: digest(bytes), MIME: "image/webp", Bytes: int64(len(bytes))}}
		}
		c.Posts = append(c.Posts, p)
	}
	c.Counts = capture.Counts{Posts: 600, Comments: 1800, PagePosts: number(600)}
	return in
}

func evidenceInput(t *testing.T) sip.Input {
	c := newCapture(capture.TriggerEvidence)
	c.Job.Evidence = &capture.Evidence{
		URL: c.Posts[0].Permalink, Reason: "Hot mot tjänsteperson", Ground: "BrB 4 kap. 5 §", Diary: "KS 2026/311", By: "Karin Ansvarig",
		Post: c.Posts[0].ID,
	}
	c.Posts = c.Posts[:1]
	return newInput(t, c)
}

// ingestInput is a PDF and two screenshots that a person handed in, two of them under one name.
func ingestInput(t *testing.T) sip.Input {
	c := newCapture(capture.TriggerIngest)
	c.Posts, c.Tiles, c.Counts, c.Period = nil, nil, capture.Counts{}, capture.Period{}
	in := newInput(t, c)
	dir := t.TempDir()
	in.Originals = []sip.Original{
		{Path: write(t, dir, "a", pdf("Original")), Name: "Utskrift från Åsa (1).pdf"},
		{Path: write(t, dir, "b", pixel), Name: `C:\Bilder\Skärmbild.PNG`},
		{Path: write(t, dir, "c", pixel), Name: "skärmbild.png"},
	}
	return in
}

// exportInput is a platform's own export, of which no record could be made.
func exportInput(t *testing.T) sip.Input {
	in := ingestInput(t)
	in.Record, in.RecordLevel, in.RecordUA, in.PDFAReport, in.Pages = "", "", false, nil, 0
	in.Originals = []sip.Original{{Path: write(t, t.TempDir(), "x.zip", []byte("PK\x05\x06"+strings.Repeat("\x00", 18))), Name: "export.zip"}}
	return in
}

// nasty is text as a page could send it: markup, controls, half characters, forged lines, text that turns around.
const nasty = "</name><evil a=\"1\">&lt;&#0;]]>\x00\x01\x1b[31m\x7f\u0085\u2028\ufffe\uffff\xed\xa0\x80\xff\r\nPRIVAT: forged\n\u202eelifdp\u2066x\u2069 \u200b\ufeff🎉 åäö"

// hostileInput has such text in every field that a page or a person fills.
func hostileInput(t *testing.T) sip.Input {
	c := newCapture(capture.TriggerClosure)
	a := &c.Job.Account
	a.Title, a.ArchiveCreator, a.Unit, a.Sender, a.Platform, a.Purpose = nasty, nasty, nasty, nasty, nasty, nasty
	a.Disposal, a.Class = register.Disposal{Action: "gallra", After: "10y", Decision: nasty, Plan: nasty}, register.Class(nasty)
	c.Job.Reason, c.Job.By, c.Job.Lang, c.Job.URL = nasty, nasty, nasty, "https://social.example/"+nasty
	c.Sentence, c.Code = capture.Text{SV: nasty, EN: nasty}, nasty
	c.Facts.Title, c.Facts.Lang, c.Facts.MIME, c.Facts.Description, c.Facts.IP, c.Facts.FinalURL = nasty, nasty, nasty, nasty, nasty, nasty
	c.Facts.Headers = map[string]string{nasty: nasty, "server": nasty}
	c.Facts.TLS.Subject, c.Facts.TLS.Names = nasty, []string{nasty}
	c.Facts.Structured = []capture.Structured{{Kind: nasty, JSON: nasty}}
	c.Missing = []capture.Missing{{Code: nasty, Text: capture.Text{SV: nasty, EN: nasty}}}
	c.Interventions = []capture.Intervention{{Act: nasty, What: nasty}}
	c.Versions = []capture.Version{{Name: nasty, Version: nasty}}
	p := &c.Posts[0]
	p.ID, p.Author, p.AuthorID, p.AuthorURL, p.Permalink, p.Text, p.Warning, p.PublishedText = nasty, nasty, nasty, nasty, nasty, nasty, nasty, nasty
	p.Lang, p.Dir, p.Origin, p.Links = nasty, nasty, capture.Origin(nasty), []string{nasty}
	alt := nasty
	p.Media[0].Alt, p.Media[0].MIME, p.Media[1].URL, p.Media[1].MIME = &alt, nasty, nasty, nasty
	c.Pages[0].Title, c.Pages[0].Blocks[0].Text, c.Pages[0].Blocks[1].Rows[0][0] = nasty, nasty, nasty
	in := newInput(t, c)
	in.Organisation, in.OrganisationID, in.Tool, in.ToolVersion = nasty, nasty, nasty, nasty
	in.Events[0].Detail, in.Events[0].Result = nasty, nasty
	in.PDFAReport = map[string]string{"title": nasty}
	return in
}

// TestPackagesAreValid holds every kind of package against commons-ip, the archives' own validator.
func TestPackagesAreValid(t *testing.T) {
	for name, input := range packages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, _ := build(t, input(t))
			clean(t, dir)
			if result, failed := commonsIP(t, dir); result != "VALID" {
				t.Errorf("commons-ip says %s:\n%s", result, strings.Join(failed, "\n"))
			}
		})
	}
}

// commonsIP validates a package and returns the result and what failed.
func commonsIP(t *testing.T, dir string) (string, []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, tool(t, "commons-ip"), dir).Output()
	if err != nil {
		t.Fatalf("commons-ip: %v\n%s", err, out)
	}
	var report struct {
		Summary    struct{ Result string }
		Validation []struct {
			ID      string
			Level   string
			Testing struct {
				Outcome string
				Issues  []string
			}
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	var failed []string
	for _, v := range report.Validation {
		if v.Testing.Outcome == "FAILED" && len(v.Testing.Issues) > 0 {
			failed = append(failed, fmt.Sprint(v.ID, " ", v.Level, " ", v.Testing.Issues))
		}
	}
	return report.Summary.Result, failed
}

// tool finds a validator that "make tools" installs.
func tool(t *testing.T, name string) string {
	t.Helper()
	base := os.Getenv("ARSRING_TOOLS")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			t.Fatal(err)
		}
		base = filepath.Join(home, ".cache", "arsring", "tools")
	}
	file := filepath.Join(base, "bin", name)
	if _, err := os.Stat(file); err != nil {
		t.Fatalf("%s is not installed: run make tools (%v)", name, err)
	}
	return file
}
