package sip_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

var now = time.Date(2026, 10, 15, 10, 5, 30, 0, register.Location())

// pixel is a PNG of one pixel, byte for byte the same wherever the tests run.
var pixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\r\xefF\xb8\x00\x00\x00\x00IEND\xaeB`\x82")

// pdf is a small PDF with one sheet that says the text.
func pdf(text string) []byte {
	stream := fmt.Sprintf("BT /F1 24 Tf 72 720 Td (%s) Tj ET", text)
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

func digest(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// write puts a file into a folder of the test.
func write(t testing.TB, dir, name string, b []byte) string {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

func account() register.Account {
	return register.Account{
		ID: "facebook-kommunen", Tenant: "default", Platform: "facebook", URL: "https://social.example/kommunen",
		Title: "Exempel kommun på Facebook", ArchiveCreator: "Kommunstyrelsen", Unit: "Kommunikationsavdelningen",
		Responsible:    register.Person{Name: "Karin Ansvarig", Email: "karin@kommun.example"},
		Administrators: []register.Person{{Name: "Ada Admin", Email: "ada@kommun.example"}, {Name: "Bo Admin"}},
		Substitute:     &register.Person{Name: "Sam Ersättare"},
		Purpose:        "Nyheter", Since: "2012-03-01", LoginProfile: "fb-arkiv", Class: register.ClassOpen,
		Disposal:     register.Disposal{Action: "bevara", Decision: "KS 2024:17", Plan: "Dokumenthanteringsplan 4.2"},
		DocumentPlan: "4.2", ProcessingEntry: "RP-31", LegalDeposit: "anmält",
	}
}

func at(day, hour int) *time.Time {
	t := time.Date(2026, 9, day, hour, 30, 0, 0, register.Location())
	return &t
}

func number(n int) *int { return &n }

// newCapture is a capture of a small feed, all of it: two posts, a comment with a reply, a picture and a film.
func newCapture(trigger capture.Trigger) *capture.Capture {
	alt := "Stadshuset i höstsol"
	started := time.Date(2026, 10, 15, 10, 0, 0, 0, register.Location())
	id := "facebook-kommunen-20261015T080000Z-" + string(trigger) + "-k7qa"
	link := "https://social.example/kommunen/posts/101?story_fbid=101&id=7"
	return &capture.Capture{
		Schema: capture.CaptureSchema,
		Job: capture.Job{
			SnapshotID: id, Account: account(), URL: account().URL, Trigger: trigger, By: "Karin Ansvarig",
			Reason: "Inför ny grafisk profil", Created: started.Add(-time.Minute), WantedFrom: at(1, 0), Overlap: 60, Lang: "sv", Image: "png",
		},
		Outcome:  capture.Complete,
		Sentence: capture.Text{SV: "Allt i perioden är bevarat.", EN: "Everything of the period is kept."},
		Facts: capture.Facts{
			RequestedURL: "https://social.example/kommunen", FinalURL: "https://social.example/kommunen/", Status: 200,
			Redirects: []capture.Redirect{{URL: "https://social.example/kommunen", Status: 301, To: "https://social.example/kommunen/"}},
			IP:        "192.0.2.7", MIME: "text/html", Title: "Exempel kommun", Lang: "sv",
			TLS: &capture.TLSFacts{Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Subject: "CN=social.example", Issuer: "CN=Exempel CA",
				Names: []string{"social.example"}, NotBefore: *at(1, 0), NotAfter: *at(30, 0), SHA256: digest([]byte("certificate"))},
			Headers:    map[string]string{"content-type": "text/html; charset=utf-8", "server": "exempel"},
			Structured: []capture.Structured{{Kind: "json-ld", JSON: `{"@type":"Organization","name":"Exempel kommun"}`}},
		},
		Started: started, Ended: started.Add(2 * time.Minute),
		Period: capture.Period{WantedFrom: at(1, 0), Overlap: 60, Oldest: at(3, 9), Newest: at(14, 12), Stop: capture.StopReachedDate},
		Counts: capture.Counts{Posts: 2, Comments: 2, PagePosts: number(2)},
		Interventions: []capture.Intervention{
			{Act: "consent-refused", What: "Kakor på Exempel", At: started.Add(time.Second)},
			{Act: "pressed", What: "Visa fler kommentarer", At: started.Add(2 * time.Second), N: 3},
		},
		Tiles: []capture.Tile{
			{N: 1, Kind: capture.TileFirstView, View: 1, Rect: capture.Rect{W: 1240, H: 1640}, File: "tiles/0001.png", MIME: "image/png", W: 1, H: 1, At: started.Add(time.Second), SHA256: digest(pixel)},
			{N: 2, Kind: capture.TilePage, View: 2, Rect: capture.Rect{Y: 1640, W: 1240, H: 900.5}, File: "tiles/0002.png", MIME: "image/png", W: 1, H: 1, At: started.Add(3 * time.Second), SHA256: digest(pixel), Posts: []string{"p101"}},
		},
		Views: 2,
		Posts: []capture.Post{
			{
				ID: "p101", Permalink: link, Author: "Exempel kommun", AuthorID: "7", AuthorURL: "https://social.example/kommunen", Origin: capture.OriginOwn,
				Published: at(14, 12), PublishedSource: "datetime", PublishedText: "14 september kl. 12:30", Lang: "sv",
				Text: "Välkommen till höstens öppna hus!\nKaffe från klockan tio.", Links: []string{"https://kommun.example/oppet-hus"},
				Media: []capture.Media{
					{Kind: "image", URL: "https://cdn.example/1.png", Alt: &alt, SHA256: digest(pixel), Path: "media/1.png", MIME: "image/png", Bytes: int64(len(pixel)), W: 1, H: 1},
					{Kind: "video", URL: "https://cdn.example/film.mp4"},
				},
				Reactions: &capture.Reactions{Likes: number(12), Comments: number(2)}, Tiles: []int{2},
				Comments: []capture.Post{{
					ID: "c1", Author: "Anna Andersson", Origin: capture.OriginReceived, Published: at(14, 13), PublishedSource: "relative", PublishedText: "3 tim", PublishedPrecision: "hour", Text: "Vi kommer!",
					Comments: []capture.Post{{ID: "c2", Author: "Exempel kommun", Origin: capture.OriginOwn, Text: "Så roligt 🎉"}},
				}},
			},
			{ID: "p100", Author: "Exempel kommun", Origin: capture.OriginOwn, Published: at(3, 9), PublishedSource: "datetime", Text: "Badhuset öppnar igen."},
		},
		Pages: []capture.Page{{URL: account().URL, Title: "Exempel kommun", Lang: "sv", Status: 200, Blocks: []capture.Block{
			{Kind: "h", Level: 1, Text: "Exempel kommun"},
			{Kind: "table", Head: true, Rows: [][]string{{"Dag", "Tid"}, {"Måndag", "10-15"}}},
		}, Links: []capture.Link{{URL: "https://kommun.example/", Text: "Vår webbplats"}}}},
		Versions: []capture.Version{{Name: "Chromium", Version: "156.0.1"}, {Name: "arsring", Version: "1.2.3"}},
		Viewport: capture.Rect{W: 1240, H: 1640},
	}
}

// newInput lays the files of a capture on disk and gives what Build takes.
func newInput(t testing.TB, c *capture.Capture) sip.Input {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "tiles/0001.png", pixel)
	write(t, dir, "tiles/0002.png", pixel)
	write(t, dir, "media/1.png", pixel)
	step := func(kind sip.EventKind, after time.Duration, detail string) sip.Event {
		return sip.Event{Kind: kind, Start: c.Ended.Add(after), Detail: detail}
	}
	return sip.Input{
		Capture: c, CaptureDir: dir, Record: write(t, dir, "record.pdf", pdf("Arkivexemplar")), RecordLevel: "2a", RecordUA: true, Pages: 4,
		TilePages: map[int]int{1: 2, 2: 3}, PDFAReport: map[string]any{"level": "2a", "failed": []string{}},
		Tool: "arsring", ToolVersion: "1.2.3", Organisation: "Exempel kommun", OrganisationID: "212000-0000", Now: now,
		Events: []sip.Event{
			{Kind: sip.EventCaptured, Start: c.Started, Detail: "Sidan öppnades i Chromium och fångades."},
			step(sip.EventComposed, time.Second, "Arkivexemplaret sattes samman av 2 utsnitt."),
			step(sip.EventConverted, 2*time.Second, "PDF gjordes till PDF/A."),
			step(sip.EventValidated, 3*time.Second, "Arkivexemplaret kontrollerades."),
		},
	}
}

// build makes a package and fails the test when it cannot.
func build(t testing.TB, in sip.Input) (string, sip.Manifest) {
	t.Helper()
	dir, m, err := sip.Build(t.Context(), t.TempDir(), in)
	if err != nil {
		t.Fatal(err)
	}
	return dir, m
}

// clean fails the test when a package has problems.
func clean(t testing.TB, dir string) {
	t.Helper()
	problems, err := sip.CheckDir(t.Context(), dir)
	if err != nil || len(problems) > 0 {
		t.Fatalf("CheckDir: %v, %+v", err, problems)
	}
}
