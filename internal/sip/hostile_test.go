package sip_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// texts reads every file of a package that Årsring wrote itself; the record and its like are foreign bytes.
func texts(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range tree(t, dir) {
		if !slices.Contains([]string{".xml", ".json", ".txt"}, path.Ext(name)) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(b)
	}
	return out
}

// TestHostileTexts sees that no text of a page breaks out of its field, in any file.
func TestHostileTexts(t *testing.T) {
	dir, m := build(t, hostileInput(t))
	for name, text := range texts(t, dir) {
		if !utf8.ValidString(text) {
			t.Errorf("%s is no UTF-8", name)
		}
		for i, r := range text {
			if unicode.IsControl(r) && r != '\n' || r == 0xFFFE || r == 0xFFFF {
				t.Errorf("%s holds %U at %d: …%q", name, r, i, text[max(0, i-20):i])
				break
			}
		}
		switch path.Ext(name) {
		case ".xml":
			wellFormed(t, name, text)
			noReordering(t, name, text)
		case ".json":
			if !json.Valid([]byte(text)) {
				t.Errorf("%s is no JSON", name)
			}
		case ".txt":
			noReordering(t, name, text)
			for _, line := range strings.Split(text, "\n") {
				if strings.HasPrefix(line, "PRIVAT") {
					t.Errorf("%s has a forged line: %q", name, line)
				}
			}
		}
	}
	if strings.ContainsAny(*m.Facts.Title+m.Sentence.SV+*m.OrderedBy+m.Interventions[0].What, "\n\r\u202e\u2066\u200b") {
		t.Errorf("a title of several lines or directions: %q", *m.Facts.Title)
	}
	if !strings.Contains(*m.Facts.Title, "🎉 åäö") {
		t.Errorf("what is harmless was lost as well: %q", *m.Facts.Title)
	}
}

func noReordering(t *testing.T, name, text string) {
	t.Helper()
	if i := strings.IndexAny(text, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff"); i >= 0 {
		t.Errorf("%s holds a character that reorders or hides text, at %d", name, i)
	}
}

// wellFormed reads XML to its end and sees that no element of the page's became one of ours.
func wellFormed(t *testing.T, name, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "evil" {
			t.Errorf("%s holds the page's element", name)
		}
	}
}

// TestXMLLint holds the XML of the worst package against another parser.
func TestXMLLint(t *testing.T) {
	dir, _ := build(t, hostileInput(t))
	args := []string{"--noout", "--nonet"}
	for name := range texts(t, dir) {
		if path.Ext(name) == ".xml" {
			args = append(args, filepath.Join(dir, filepath.FromSlash(name)))
		}
	}
	if out, err := exec.Command("xmllint", args...).CombinedOutput(); err != nil || len(args) != 11 {
		t.Errorf("xmllint of %d files: %v\n%s", len(args)-2, err, out)
	}
}

// TestSecretsAreNowhere plants secrets wherever an address or a header can carry them and looks through every file.
func TestSecretsAreNowhere(t *testing.T) {
	const secret = "PLANTED-geheim-4711"
	bad := "https://user:" + secret + "@social.example/p;jsessionid=" + secret + "?id=7&access_token=" + secret + "&sig=" + secret +
		"&next=https%3A%2F%2Fx.example%2F%3Fpassword%3D" + secret + "#id_token=" + secret
	c := newCapture(capture.TriggerEvidence)
	c.Job.Account.URL, c.Job.URL, c.Facts.RequestedURL, c.Facts.FinalURL = bad, bad, bad, bad
	c.Job.Evidence = &capture.Evidence{URL: bad}
	c.Facts.Redirects = []capture.Redirect{{URL: bad, Status: 302, To: bad}}
	c.Facts.Headers = map[string]string{
		"Set-Cookie": "sid=" + secret, "cookie": secret, "Authorization": "Bearer " + secret, "proxy-authorization": secret, "X-Api-Key": secret, "x-auth-token": secret,
		"X-CSRF-Token": secret, "x-amz-security-token": secret, "location": bad, "link": "<" + bad + ">; rel=canonical", "server": "exempel",
	}
	c.Facts.Structured = []capture.Structured{{Kind: "json-ld", JSON: `{"url":"` + strings.ReplaceAll(strings.ReplaceAll(bad, "/", `\/`), "&", `\u0026`) + `"}`}}
	c.Missing = []capture.Missing{{Code: "image-failed", Text: capture.Text{SV: "Bilden " + bad + " kom inte.", EN: bad}}}
	c.Interventions = []capture.Intervention{{Act: "request-refused", What: "GET " + bad}}
	c.Sentence = capture.Text{SV: bad, EN: bad}
	p := &c.Posts[0]
	p.Permalink, p.AuthorURL, p.Links, p.Media[1].URL, p.Media[0].URL = bad, bad, []string{bad}, bad, bad
	c.Pages[0].URL, c.Pages[0].Links[0].URL = bad, bad
	in := newInput(t, c)
	in.Events[0].Detail = "GET " + bad
	in.PDFAReport = map[string]string{"link": bad}
	dir, m := build(t, in)
	for name, text := range texts(t, dir) {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("%s holds a secret: …%s", name, text[max(0, i-80):i+20])
		}
	}
	if m.Facts.Headers["server"] != "exempel" || len(m.Facts.Headers) != 3 || !strings.Contains(m.URL, "https://social.example/p;jsessionid=***?id=7&") {
		t.Errorf("what is no secret was lost: %s %v", m.URL, m.Facts.Headers)
	}
}

// TestPersonsStandInTheManifestOnly looks for the names and addresses of the register's role holders.
func TestPersonsStandInTheManifestOnly(t *testing.T) {
	c := newCapture(capture.TriggerScheduled)
	c.Job.By = ""
	c.Job.Account.Registrar = &register.Person{Name: "Rut Registrator", Email: "rut@kommun.example"}
	dir, m := build(t, newInput(t, c))
	for name, text := range texts(t, dir) {
		for _, person := range []string{"Karin Ansvarig", "Ada Admin", "Bo Admin", "Sam Ersättare", "Rut Registrator", "@kommun.example"} {
			if found := strings.Contains(text, person); found != (name == "metadata/descriptive/manifest.json") {
				t.Errorf("%s in %s: %v", person, name, found)
			}
		}
	}
	if m.OrderedBy != nil {
		t.Errorf("nobody ordered it, but the manifest says %q", *m.OrderedBy)
	}
}

// TestLasmigTellsTheTruth runs the commands of LASMIG.txt as a person would, on a whole and on a damaged package.
func TestLasmigTellsTheTruth(t *testing.T) {
	dir, _ := build(t, hostileInput(t))
	lasmig := texts(t, dir)["documentation/LASMIG.txt"]
	run := func(first, last string) error {
		_, rest, _ := strings.Cut(lasmig, first)
		body, _, ok := strings.Cut(rest, last)
		if !ok {
			t.Fatalf("LASMIG.txt has no command from %q to %q", first, last)
		}
		cmd := exec.Command("sh", "-ec", first+body+last)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		t.Logf("%s", out)
		return err
	}
	lint := func() error { return run("xmllint", "metadata/*/*.xml\n\n") }
	sums := func() error { return run("for m in", "sha256sum -c --quiet") }
	if err := errors.Join(lint(), sums()); err != nil {
		t.Fatalf("on a whole package: %v", err)
	}
	media := filepath.Join(dir, "representations/content/data/media/1.png")
	if err := flip(media); err != nil {
		t.Fatal(err)
	}
	if sums() == nil {
		t.Error("sha256sum finds nothing after a byte was changed")
	}
	if err := errors.Join(flip(media), os.Remove(filepath.Join(dir, "schemas/content.schema.json"))); err != nil {
		t.Fatal(err)
	}
	if sums() == nil {
		t.Error("sha256sum finds nothing after a file was removed")
	}
}

// TestMediaForLegalDeposit sees that the authority's own film and sound are listed, and nobody else's.
func TestMediaForLegalDeposit(t *testing.T) {
	c := newCapture(capture.TriggerScheduled)
	c.Posts[0].Comments[0].Media = []capture.Media{{Kind: "video", URL: "https://cdn.example/guest.mp4"}}
	c.Posts[0].Comments[0].Comments[0].Media = []capture.Media{{Kind: "audio", URL: "https://cdn.example/own.mp3"}}
	_, m := build(t, newInput(t, c))
	want := sip.MediaSummary{Images: 1, Videos: 2, Audio: 1, Kept: 1, KeptBytes: int64(len(pixel))}
	got := m.Media
	if len(got.LegalDeposit) != 2 || *got.LegalDeposit[0].URL != "https://cdn.example/film.mp4" || got.LegalDeposit[1].Post != "c2" || got.LegalDeposit[1].Permalink != nil {
		t.Errorf("legal deposit: %+v", got.LegalDeposit)
	}
	got.LegalDeposit = nil
	if got.Images != want.Images || got.Videos != want.Videos || got.Audio != want.Audio || got.Kept != want.Kept || got.KeptBytes != want.KeptBytes {
		t.Errorf("media: %+v, want %+v", got, want)
	}
}
