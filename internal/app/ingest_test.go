package app

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"arsring/config"
	"arsring/internal/capture"
	"arsring/internal/sip"
	"arsring/internal/validators"
)

// handedPDF is a small PDF by hand: pages of a line of text each in a font that is not in the file, or of nothing but a drawing.
func handedPDF(catalog string, lines ...string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(text string) {
		at = append(at, b.Len())
		b.WriteString(strconv.Itoa(len(at)) + " 0 obj\n" + text + "\nendobj\n")
	}
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	object("<</Type/Catalog/Pages 2 0 R" + catalog + ">>")
	var kids string
	for i := range lines {
		kids += strconv.Itoa(4+2*i) + " 0 R "
	}
	object("<</Type/Pages/Kids[" + kids + "]/Count " + strconv.Itoa(len(lines)) + ">>")
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	for i, line := range lines {
		draw := "0 0 0.6 rg 60 700 200 60 re f\n"
		if line != "" {
			draw += "BT /F 24 Tf 60 600 Td (" + line + ") Tj ET\n"
		}
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents " + strconv.Itoa(5+2*i) + " 0 R>>")
		object("<</Length " + strconv.Itoa(len(draw)) + ">>stream\n" + draw + "\nendstream")
	}
	start := b.Len()
	b.WriteString("xref\n0 " + strconv.Itoa(len(at)+1) + "\n0000000000 65535 f \n")
	for _, o := range at {
		b.WriteString(strings.Repeat("0", 10-len(strconv.Itoa(o))) + strconv.Itoa(o) + " 00000 n \n")
	}
	b.WriteString("trailer\n<</Size " + strconv.Itoa(len(at)+1) + "/Root 1 0 R>>\nstartxref\n" + strconv.Itoa(start) + "\n%%EOF\n")
	return b.Bytes()
}

// protected sets passwords.
func protected(t *testing.T, pdf []byte, user string) []byte {
	t.Helper()
	dir := testDir(t)
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.CommandContext(t.Context(), validators.Path(t, "qpdf"), "--encrypt", user, "owner", "256", "--print=none", "--", in, out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, msg)
	}
	return readAll(t, out)
}

func readAll(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// takenIn is what became of a PDF that was handed in.
type takenIn struct {
	Result
	dir      string // the package
	record   string
	manifest sip.Manifest
}

func (w *smallArchive) takeIn(t *testing.T, name string, files ...[]byte) takenIn {
	t.Helper()
	dir := testDir(t)
	var names []string
	for i, data := range files {
		names = append(names, filepath.Join(dir, strconv.Itoa(i)+"-"+name))
		if err := os.WriteFile(names[i], data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := w.Ingest(t.Context(), IngestRequest{Account: account(len(name)), Files: names, By: "Prov"})
	if r.Err != nil {
		t.Fatalf("%s: %v", name, r.Err)
	}
	out := takenIn{Result: r}
	var err error
	if out.dir, err = w.Export(t.Context(), r.ID, testDir(t)); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(out.dir, "metadata", "descriptive", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if out.manifest, err = sip.ReadManifest(f); err != nil {
		t.Fatal(err)
	}
	out.record = filepath.Join(out.dir, "representations", "pdfa", "data", "record.pdf")
	// Whatever was made of them, the files are there as they were.
	originals, err := filepath.Glob(filepath.Join(out.dir, "representations", "original", "data", "*"))
	if err != nil || len(originals) != len(files) {
		t.Fatalf("%s: originals %q, %v", name, originals, err)
	}
	for i, o := range originals {
		if !bytes.Equal(readAll(t, o), files[i]) {
			t.Errorf("%s: the original is not what was handed in", name)
		}
	}
	return out
}

func (k takenIn) lacks() []string {
	var codes []string
	for _, m := range k.manifest.Missing {
		codes = append(codes, m.Code)
	}
	return codes
}

// TestIngestPDF hands in PDFs of every kind: what is valid is kept byte for byte, what can be mended is mended, what cannot is shown in pictures of its
// pages with its text, and what not even the browser can open is said to be so.
func TestIngestPDF(t *testing.T) {
	t.Parallel()
	w := newArchive(t, nil)
	valid := smallPDF(t, 1)
	foreign := handedPDF("", "Protokoll fran namnden", "Andra sidan")
	var records []string
	for _, c := range []struct {
		name     string
		files    [][]byte
		outcome  capture.Outcome
		lacks    []string
		pictures int
		text     string
		same     bool
		changed  []string // what may look different
	}{
		{name: "valid.pdf", files: [][]byte{valid}, outcome: capture.Complete, same: true},
		{name: "script.pdf", files: [][]byte{handedPDF("/OpenAction<</S/JavaScript/JS(1)>>", "")}, outcome: capture.Complete},
		{name: "font.pdf", files: [][]byte{foreign}, outcome: capture.Complete, text: "Protokoll fran namnden", changed: []string{"Helvetica → Liberation Sans"}},
		{name: "unheard.pdf", files: [][]byte{bytes.ReplaceAll(foreign, []byte("/Helvetica"), []byte("/Hemgjort1"))}, outcome: capture.Complete, pictures: 2, text: "Protokoll fran namnden"},
		{name: "locked.pdf", files: [][]byte{protected(t, foreign, "")}, outcome: capture.Complete, pictures: 2, text: "Andra sidan"},
		{name: "password.pdf", files: [][]byte{protected(t, foreign, "hemligt")}, outcome: capture.Partial, lacks: []string{"pdf-not-shown", "not-pdfa"}},
		{name: "form.pdf", files: [][]byte{handedPDF("/AcroForm<</XFA 3 0 R/Fields[]>>/NeedsRendering true", "Vanta")}, outcome: capture.Partial, lacks: []string{"not-pdfa"}, pictures: 1, text: "Vanta"},
		{name: "several.pdf", files: [][]byte{valid, foreign}, outcome: capture.Complete, pictures: 3, text: "Protokoll fran namnden"},
	} {
		k := w.takeIn(t, c.name, c.files...)
		records = append(records, k.record)
		if k.manifest.Outcome != c.outcome || !slices.Equal(k.lacks(), c.lacks) || len(k.manifest.Tiles) != c.pictures {
			t.Errorf("%s: %s, missing %q, %d pictures", c.name, k.manifest.Outcome, k.lacks(), len(k.manifest.Tiles))
		}
		var changed []string
		for _, iv := range k.manifest.Interventions {
			if iv.Act == actPDFChanged {
				changed = append(changed, iv.What)
			}
		}
		if !slices.Equal(changed, c.changed) {
			t.Errorf("%s: said to be changed are %q, wanted %q", c.name, changed, c.changed)
		}
		if same := bytes.Equal(readAll(t, k.record), c.files[0]); same != c.same {
			t.Errorf("%s: the record is the file itself: %v", c.name, same)
		}
		if text := validators.PDFToText(t, k.record); !strings.Contains(text, c.text) {
			t.Errorf("%s: the record has no %q: %q", c.name, c.text, text)
		}
	}
	for r, v := range validators.VeraPDF(t, "", records...) {
		if !v.Valid {
			t.Errorf("%s: %v", r, v)
		}
	}
}

// TestIngest3A keeps the data and the originals in the record itself, by setting, with veraPDF as a second opinion.
func TestIngest3A(t *testing.T) {
	t.Parallel()
	w := newArchive(t, func(c *config.Config) { c.PDFA = config.PDFA{Level: "3a", VeraPDF: validators.Path(t, "verapdf")} })
	file := protected(t, handedPDF("", "Bilaga"), "")
	k := w.takeIn(t, "bilaga.pdf", file)
	if v := validators.VeraPDF(t, "", k.record)[k.record]; !v.Valid || !strings.Contains(v.Profile, "3a") {
		t.Error(v)
	}
	if v := validators.CommonsIP(t, k.dir); !v.Valid {
		t.Error(v)
	}
	content := readAll(t, filepath.Join(k.dir, "representations", "content", "data", "content.json"))
	for name, want := range map[string][]byte{"content.json": content, "001-0-bilaga.pdf": file} {
		got, err := exec.CommandContext(t.Context(), validators.Path(t, "qpdf"), "--show-attachment="+name, k.record).Output()
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("the record's attachment %s is not the package's: %d bytes, wanted %d, %v", name, len(got), len(want), err)
		}
	}
	report := readAll(t, filepath.Join(k.dir, "representations", "pdfa", "metadata", "preservation", "pdfa-report.json"))
	for _, want := range []string{`"level": "3a"`, `"verapdf": {`, `"valid": true`} {
		if !bytes.Contains(report, []byte(want)) {
			t.Errorf("the report says no %s:\n%s", want, report)
		}
	}
}

// TestRefusedFiles says of each file that is not taken in what it is and what to do instead.
func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	head := strings.Repeat("\x00", 4)
	for name, x := range map[string]struct{ data, want string }{
		"tom.png": {"", "fetch or save it again"}, "a.heif": {head + "ftypmsf1", "save it as JPEG"}, "a.heic": {head + "ftyphevc", "save it as JPEG"}, "a.avif": {head + "ftypavis", "save it as PNG"},
		"a.mp4": {head + "ftypisom", "a film"}, "a.avi": {"RIFF" + head + "AVI LIST", "a film"}, "a.wav": {"RIFF" + head + "WAVEfmt ", "a sound"}, "a.tif": {"II+\x00" + head, "a TIFF picture"},
		"a.tar": {strings.Repeat("a", 257) + "ustar\x00", "pack the files as ZIP"}, "a.xz": {"\xfd7zXZ\x00", "pack the files as ZIP"}, "a.json": {"{}", "into a ZIP file"}, "a.txt": {"hej", "into a ZIP file"},
	} {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(x.data), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := receive(t.Context(), []string{file})
		var use *UsageError
		if !errors.As(err, &use) || !strings.Contains(err.Error(), x.want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v; want %q", name, err, x.want)
		}
	}
}

// TestIngestPipe refuses a pipe instead of waiting for somebody to write to it.
func TestIngestPipe(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	said := make(chan error, 1)
	go func() {
		_, err := receive(t.Context(), []string{pipe})
		said <- err
	}()
	select {
	case err := <-said:
		var use *UsageError
		if !errors.As(err, &use) {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("a pipe is waited for")
	}
}

// TestWaitingCommand says what to type so that the order is known again, whatever stands in it.
func TestWaitingCommand(t *testing.T) {
	t.Parallel()
	j := capture.Job{Account: account(1), Reason: "hot mot Anna's barn", By: "Bo", Evidence: &capture.Evidence{Ground: "BBS-lagen 5 §", Ad: true}}
	want := `arsring evidence konto-01 'https://a.example/p?id=1&x=2' --reason 'hot mot Anna'\''s barn' --by Bo --ground 'BBS-lagen 5 §' --ad`
	if got := evidenceCommand(j, "https://a.example/p?id=1&x=2"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
