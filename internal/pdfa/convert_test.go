package pdfa

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"arsring/internal/validators"
)

var testTime = time.Date(2026, 10, 15, 8, 0, 0, 0, time.FixedZone("", 7200))

// convert converts a PDF and writes it beside the test's other files.
func convert(t *testing.T, pdf []byte, o Options) (string, Report) {
	t.Helper()
	o.Now = testTime
	var out bytes.Buffer
	r, err := Convert(t.Context(), bytes.NewReader(pdf), &out, o)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "out.pdf")
	writeFile(t, path, out.Bytes())
	return path, r
}

func testPage(t *testing.T, name string) []byte {
	t.Helper()
	return printHTML(t, string(readFile(t, filepath.Join("testdata", "pages", name+".html"))))
}

// TestConvertPrints converts real prints of hard pages, and asks veraPDF whether each is what it declares to be.
func TestConvertPrints(t *testing.T) {
	want := map[string]struct {
		level Level
		ua    bool
	}{
		"semantics": {Level2A, true}, "scripts": {Level2A, true}, "graphics": {Level2A, true}, "icons": {Level2A, true}, "untagged": {Level2U, false},
	}
	var paths []string
	for name, w := range want {
		pdf := testPage(t, name)
		path, r := convert(t, pdf, Options{UA: true})
		if r.Level != w.level || r.UA != w.ua || r.Partial {
			t.Errorf("%s: level %q, UA %v, failed %+v", name, r.Level, r.UA, r.Failed)
		}
		paths = append(paths, path)
		sameShown(t, name, pdf, path)
		for _, c := range r.Changed {
			if c.Visible {
				t.Errorf("%s: visible change %+v", name, c)
			}
		}
	}
	for path, v := range validators.VeraPDF(t, "", paths...) {
		if !v.Valid {
			t.Errorf("%s: %v", path, v)
		}
		if r := checkFile(t, path); len(r.Failed) > 0 || r.Partial {
			t.Errorf("%s: own check after writing: %+v", path, r.Failed)
		}
	}
}

func checkFile(t *testing.T, path string) Report {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := Check(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sameShown holds text, links and looks of a converted file against the original's.
func sameShown(t *testing.T, name string, pdf []byte, path string) {
	t.Helper()
	before := filepath.Join(t.TempDir(), "before.pdf")
	writeFile(t, before, pdf)
	if a, b := validators.PDFToText(t, before), validators.PDFToText(t, path); a != b {
		t.Errorf("%s: the text changed:\n%q\n%q", name, a, b)
	}
	links := validators.PDFLinks(t, before)
	links = slices.DeleteFunc(links, func(s string) bool { return len(s) > 32767 })
	if after := validators.PDFLinks(t, path); !slices.Equal(links, after) {
		t.Errorf("%s: the links changed: %q, %q", name, links, after)
	}
	a, b := validators.PDFToPNG(t, before, 50), validators.PDFToPNG(t, path, 50)
	if len(a) != len(b) {
		t.Fatalf("%s: %d pages became %d", name, len(a), len(b))
	}
	for i := range a {
		// The output intent makes poppler convert images with profiles by one step more, which rounds.
		samePixels(t, pngFile(t, b[i]), pngFile(t, a[i]), 1)
	}
}

func pngFile(t *testing.T, path string) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(readFile(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestConvertTags looks into a converted print: what a screen reader is told.
func TestConvertTags(t *testing.T) {
	path, r := convert(t, testPage(t, "semantics"), Options{UA: true, Title: "Kommunens sida", Author: "Kommunen"})
	d := readBack(t, path)
	if s, _ := d.text(d.dict(*d.ctx.Info)["Title"]); s != "Kommunens sida" {
		t.Errorf("title %q", s)
	}
	x := d.readXMP()
	for k, want := range map[string]string{"dc:title": "Kommunens sida", "dc:creator": "Kommunen", "dc:language": "sv", "pdfuaid:part": "1"} {
		if got := x.first(k); got != want {
			t.Errorf("XMP %s is %q, not %q", k, got, want)
		}
	}
	var contents []string
	for _, p := range d.pages {
		for _, a := range d.array(p.dict["Annots"]) {
			s, _ := d.text(d.dict(a)["Contents"])
			contents = append(contents, s)
		}
	}
	for _, want := range []string{"En länk", "Startsidan", "Till avsnittet", "skriv till oss"} {
		if !slices.Contains(contents, want) {
			t.Errorf("no link says %q: %q", want, contents)
		}
	}
	tr := d.readTree()
	var alts, kinds []string
	for _, e := range tr.all {
		if e.std == "Figure" {
			s, _ := d.text(e.dict["Alt"])
			alts = append(alts, s)
		}
		kinds = append(kinds, e.std)
	}
	for _, want := range []string{"Röd ruta", "Bild utan beskrivning", "Bildens text"} {
		if !slices.Contains(alts, want) {
			t.Errorf("no figure says %q: %q", want, alts)
		}
	}
	if i, j := slices.Index(kinds, "H1"), slices.Index(kinds, "H3"); i < 0 || j >= 0 && j < i {
		t.Errorf("headings begin with a lower level: %q", kinds)
	}
	if len(d.bookmarks()) == 0 || len(r.Changed) == 0 {
		t.Errorf("bookmarks %d, changes %d", len(d.bookmarks()), len(r.Changed))
	}
}

func readBack(t *testing.T, path string) *document {
	t.Helper()
	d, err := read(t.Context(), bytes.NewReader(readFile(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestConvertIsDeterministic converts twice: the same bytes come out, and another time gives another file ID.
func TestConvertIsDeterministic(t *testing.T) {
	pdf := testPage(t, "semantics")
	var outs [3]bytes.Buffer
	for i := range outs {
		o := Options{UA: true, Now: testTime}
		if i == 2 {
			o.Now = testTime.Add(time.Second)
		}
		if _, err := Convert(t.Context(), bytes.NewReader(pdf), &outs[i], o); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(outs[0].Bytes(), outs[1].Bytes()) {
		t.Error("the same input and time gave different files")
	}
	if bytes.Equal(outs[0].Bytes(), outs[2].Bytes()) {
		t.Error("another time gave the same file")
	}
}

// TestConvertAttachments embeds files in a PDF/A-3a and takes them out again byte for byte.
func TestConvertAttachments(t *testing.T) {
	dir := t.TempDir()
	content := []byte(`{"posts":[{"text":"Hej på er"}]}`)
	writeFile(t, filepath.Join(dir, "content.json"), content)
	o := Options{UA: true, Want: Level3A, Attachments: []Attachment{
		{Name: "content.json", MIME: "application/json", Path: filepath.Join(dir, "content.json"), Relationship: "Source", Description: "Innehållet som data"},
		{Name: "tom fil å.bin", Path: filepath.Join(dir, "empty.bin")},
	}}
	writeFile(t, filepath.Join(dir, "empty.bin"), nil)
	path, r := convert(t, testPage(t, "semantics"), o)
	if r.Level != Level3A || !r.UA {
		t.Fatalf("level %q, UA %v: %+v", r.Level, r.UA, r.Failed)
	}
	for _, v := range validators.VeraPDF(t, "", path) {
		if !v.Valid || !strings.Contains(v.Profile, "3") {
			t.Error(v)
		}
	}
	got := runTool(t, "qpdf", "--show-attachment=content.json", path)
	if !bytes.Equal(got, content) {
		t.Errorf("the attachment came out as %q", got)
	}
}
