package pdfa

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"arsring/internal/validators"
)

// TestRefused gives the room what it cannot convert: each is a RefusedError with a code and a sentence.
func TestRefused(t *testing.T) {
	plain := minimalPDF()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "plain.pdf"), plain)
	for _, mode := range [][]string{{"user", "owner"}, {"", "owner"}} {
		runTool(t, "qpdf", "--encrypt", mode[0], mode[1], "256", "--", filepath.Join(dir, "plain.pdf"), filepath.Join(dir, "secret"+mode[0]+".pdf"))
	}
	cases := []struct {
		name, code string
		pdf        []byte
		o          Options
	}{
		{"password", "encrypted", readFile(t, filepath.Join(dir, "secretuser.pdf")), Options{}},
		{"owner password", "encrypted", readFile(t, filepath.Join(dir, "secret.pdf")), Options{}},
		{"empty", "broken", nil, Options{}},
		{"no PDF", "broken", []byte("hello"), Options{}},
		{"only a header", "broken", []byte("%PDF-1.7\n"), Options{}},
		{"no pages", "broken", []byte(strings.ReplaceAll(string(plain), "/Pages 2 0 R", "/Xages 2 0 R")), Options{}},
		{"dynamic XFA", "xfa", withCatalog("/AcroForm<</XFA(x)/Fields[]>>/NeedsRendering true"), Options{}},
		{"level 1b", "level", plain, Options{Want: "1b"}},
		{"level 9z", "level", plain, Options{Want: "9z"}},
		{"attachment in 2a", "option", plain, Options{Attachments: []Attachment{{Name: "x", Path: "x"}}}},
	}
	for _, c := range cases {
		c.o.Now = testTime
		var out bytes.Buffer
		_, err := Convert(t.Context(), bytes.NewReader(c.pdf), &out, c.o)
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Code != c.code || refused.Reason == "" {
			t.Errorf("%s: %v", c.name, err)
		}
		if out.Len() > 0 {
			t.Errorf("%s: %d bytes were written", c.name, out.Len())
		}
	}
	if _, err := Convert(t.Context(), bytes.NewReader(plain), io.Discard, Options{}); err == nil {
		t.Error("a conversion without a time was not refused")
	}
}

// TestBrokenFiles cuts and spoils a real print in many places: what comes back is a file or a refusal, never a panic or
// a hang.
func TestBrokenFiles(t *testing.T) {
	pdf := testPage(t, "semantics")
	rounds := 60
	if os.Getenv("ARSRING_SOAK") != "" {
		rounds = 2000
	}
	for i := range rounds {
		b := bytes.Clone(pdf)
		switch i % 3 {
		case 0:
			b = b[:len(b)*(i+1)/(rounds+1)]
		case 1:
			for j := range 40 {
				b[(i*7919+j*104729)%len(b)] ^= byte(1 << (j % 8))
			}
		case 2:
			at := i * len(b) / rounds
			b = append(b[:at:at], b[min(len(b), at+997):]...)
		}
		start := time.Now()
		_, err := Convert(t.Context(), bytes.NewReader(b), io.Discard, Options{Now: testTime, UA: true})
		var refused *RefusedError
		if err != nil && !errors.As(err, &refused) {
			t.Errorf("round %d: %v", i, err)
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("round %d took %v", i, d)
		}
	}
}

// TestCancelled stops when the caller does.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Convert(ctx, bytes.NewReader(minimalPDF()), io.Discard, Options{Now: testTime})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// slowReader gives nothing, as a file on a dead network disk would.
type slowReader struct{ *bytes.Reader }

func (s slowReader) Read(p []byte) (int, error) {
	if len(p) > 1024 {
		select {}
	}
	return s.Reader.Read(p)
}

// TestHangingReader leaves a read behind that never comes back, when the caller's time is up.
func TestHangingReader(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := Convert(ctx, slowReader{bytes.NewReader(append(minimalPDF(), make([]byte, 2048)...))}, io.Discard, Options{Now: testTime})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// TestDangling: a reference to an object that the file does not have stays null, also when an object gets that number.
func TestDangling(t *testing.T) {
	for n := 5; n < 12; n++ {
		path, r := convert(t, pagePDF(fmt.Sprintf("/PageLabels %d 0 R", n), fmt.Sprintf("/Annots[%d 0 R]/Resources<</Properties<</A %[1]d 0 R>>>>", n), "/P /A BDC EMC"), Options{})
		if r.Level == LevelNone {
			t.Errorf("%d: %s", n, r.Reason)
		}
		d := readBytes(t, readFile(t, path))
		if d.catalog()["PageLabels"] != nil || d.pages[0].dict["Annots"] != nil {
			t.Errorf("what was nothing became object %v", d.catalog()["PageLabels"])
		}
	}
}

// TestBrokenTable: a file whose cross-reference table is wrong is converted by the objects in it, the last of each number, and that is said; the
// check takes it for what it is. An encrypted one stays refused.
func TestBrokenTable(t *testing.T) {
	good := string(pagePDF("", "", "0 0 5 5 re f"))
	table, trailer := strings.Index(good, "xref\n"), strings.Index(good, "trailer")
	entries := good[table:trailer]
	newer := "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 77 77]/Resources<<>>>>\nendobj\n"
	for name, pdf := range map[string]string{
		"size":   strings.Replace(good, "/Size", "/Sise", 1),
		"number": strings.Replace(good, entries, strings.Replace(entries, "00000000", "00x00000", 2), 1),
		"offset": strings.Replace(good, entries, regexp.MustCompile(`\d{10} 00000 n`).ReplaceAllString(entries, "0000000003 00000 n"), 1),
		"newer":  good[:table] + newer + strings.Replace(good[table:], "/Size", "/Sise", 1),
	} {
		var refused *RefusedError
		if _, err := Check(t.Context(), strings.NewReader(pdf)); !errors.As(err, &refused) || refused.Code != "broken" {
			t.Errorf("%s: the check says %v", name, err)
		}
		path, r := convert(t, []byte(pdf), Options{})
		if r.Level == LevelNone || len(r.Changed) == 0 || !strings.HasPrefix(r.Changed[0].What, "cross-reference table") {
			t.Errorf("%s: level %q, %+v", name, r.Level, r.Changed)
		}
		d := readBytes(t, readFile(t, path))
		if box := d.numbersOf(d.pages[0].dict["MediaBox"]); (box[2] == "77.000") != (name == "newer") {
			t.Errorf("%s: the page is %v", name, box)
		}
		locked := strings.Replace(pdf, "/Root", "/Encrypt<</Filter/Standard/V 9>>/Root", 1)
		if _, err := Convert(t.Context(), strings.NewReader(locked), io.Discard, Options{Now: testTime}); !errors.As(err, &refused) {
			t.Errorf("%s: an encrypted file gives %v", name, err)
		}
	}
}

// TestMistakenInfo: a file whose Info or Metadata leads to something else that it needs keeps that.
func TestMistakenInfo(t *testing.T) {
	pdf := pagePDF("/Metadata 5 0 R", "/Resources<</XObject<</X 5 0 R/Y 6 0 R>>>>", "/X Do /Y Do", stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "1 0 0 rg 0 0 5 5 re f"),
		stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 1 0 rg 0 0 3 3 re f"))
	pdf = bytes.Replace(pdf, []byte("/Root 1 0 R"), []byte("/Info 6 0 R/Root 1 0 R"), 1)
	path, r := convert(t, pdf, Options{})
	if r.Level != Level2B && r.Level != Level2U {
		t.Fatalf("level %q: %s", r.Level, r.Reason)
	}
	d := readBytes(t, readFile(t, path))
	for name, want := range map[string]string{"X": "1 0 0 rg", "Y": "0 1 0 rg"} {
		sd, n := d.stream(d.dict(d.pages[0].resources["XObject"])[name])
		if sd == nil {
			t.Fatalf("%s is gone", name)
		}
		if b, err := d.decode(sd, n, maxDecodeBytes); err != nil || !bytes.Contains(b, []byte(want)) {
			t.Errorf("%s became %q, %v", name, b, err)
		}
	}
	if c := checkFile(t, path); len(c.Failed) > 0 {
		t.Errorf("it declares PDF/A-%s, and fails %v", c.Level, c.Failed)
	}
}

// TestButtonStates: a button whose states have no appearance gets empty ones, and is what it declares by veraPDF too.
func TestButtonStates(t *testing.T) {
	path, r := convert(t, pagePDF("/AcroForm<</Fields[5 0 R 6 0 R 7 0 R]>>", "/Annots[5 0 R 6 0 R 7 0 R]", "",
		"<</Type/Annot/Subtype/Widget/FT/Btn/T(a)/F 4/Rect[0 0 9 9]/AS/Off/AP<</N<</Yes<<>>>>>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Btn/T(b)/F 4/Rect[0 0 9 9]/AS/Off/AP<</N<<>>>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Btn/T(c)/F 4/Rect[0 0 9 9]/AS/On/AP<</N<</On 8 0 R/Off null>>>>>>",
		stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f")), Options{})
	if v := validators.VeraPDF(t, "", path)[path]; r.Level == LevelNone || !v.Valid {
		t.Errorf("level %q: %v", r.Level, v)
	}
}

// TestStrays: what stands astray between two operators is taken out, and they stay two.
func TestStrays(t *testing.T) {
	path, r := convert(t, pagePDF("", "/Resources<<>>", "0 0 5 5 re B)j 0 g q]Q 1 1 3 3 re f>S\n1 g xx/N gs 0 0 4 4 re f"), Options{})
	if r.Level == LevelNone {
		t.Fatal(r.Reason)
	}
	if c := checkFile(t, path); len(c.Failed) > 0 {
		t.Errorf("it declares PDF/A-%s, and fails %+v", c.Level, c.Failed)
	}
}
