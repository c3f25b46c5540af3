package validators

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// xmpPDFA is the least XMP that declares PDF/A-2b.
const xmpPDFA = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>` +
	`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">` +
	`<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>` +
	`</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

// writePDF writes a PDF of one page that declares PDF/A-2b. Without text it is one; with text it is
// not, because the text's font is not embedded. Its page links to example.org.
func writePDF(t *testing.T, name, text string) string {
	t.Helper()
	content := ""
	if text != "" {
		content = fmt.Sprintf("BT /F1 24 Tf 72 700 Td (%s) Tj ET", text)
	}
	stream := func(dict, data string) string {
		return fmt.Sprintf("<</Length %d%s>>\nstream\n%s\nendstream", len(data), dict, data)
	}
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[7 0 R]>>",
		stream("", content),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		stream("/Type/Metadata/Subtype/XML", xmpPDFA),
		"<</Type/Annot/Subtype/Link/F 4/Rect[72 700 200 730]/Border[0 0 0]/A<</S/URI/URI(https://example.org/a)>>>>",
	}
	var pdf bytes.Buffer
	pdf.WriteString("%PDF-1.7\n%\xe5\xe4\xf6\xfc\n")
	offsets := make([]int, 0, len(objects))
	for i, object := range objects {
		offsets = append(offsets, pdf.Len())
		fmt.Fprintf(&pdf, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	xref := pdf.Len()
	fmt.Fprintf(&pdf, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&pdf, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&pdf, "trailer\n<</Size %d/Root 1 0 R/ID[<00112233><00112233>]>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return writeFile(t, name, pdf.Bytes())
}

func writeFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestVeraPDFJudgesManyFilesInOneRun(t *testing.T) {
	good := writePDF(t, "tom sida åäö.pdf", "")
	bad := writePDF(t, "text.pdf", "Hej")
	junk := writeFile(t, "junk.bin", []byte("no PDF at all"))
	verdicts := VeraPDF(t, "", good, bad, junk)
	if len(verdicts) != 3 {
		t.Fatalf("%d verdicts for three files: %v", len(verdicts), verdicts)
	}
	if got := verdicts[good]; !got.Valid || got.Profile != "PDF/A-2b" || len(got.Failed) != 0 {
		t.Errorf("a conformant file: %s", got)
	}
	if got := verdicts[bad]; got.Valid || !got.Fails("6.2.11.4.1-1") || len(got.Details) != len(got.Failed) {
		t.Errorf("a file with a font that is not embedded: %s", got)
	}
	if got := verdicts[junk]; got.Valid || !got.Fails("unreadable") || got.Profile != "" {
		t.Errorf("a file that is no PDF: %s", got)
	}
}

func TestVeraPDFHoldsAgainstTheProfileAsked(t *testing.T) {
	path := writePDF(t, "empty.pdf", "")
	got := VeraPDF(t, "ua1", path)[path]
	if got.Valid || got.Profile != "PDF/UA-1" || len(got.Failed) == 0 {
		t.Errorf("an untagged file against PDF/UA-1: %s", got)
	}
}

func TestCommonsIPNamesWhatIsBroken(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "stray.txt"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := CommonsIP(t, dir)
	if got.Valid || !got.Fails("CSIPSTR4") {
		t.Errorf("a folder without METS.xml: %s", got)
	}
	if !strings.Contains(got.String(), "METS.xml") {
		t.Errorf("the sentence names no METS.xml: %s", got)
	}
}

func TestParseCommonsIPLeavesWarningsOut(t *testing.T) {
	const report = `{"header":{"specifications":[{"id":"CSIP-2.1.0"},{"id":"SIP-2.1.0"}]},"summary":{"result":"VALID"},
		"validation":[{"id":"CSIPSTR15","level":"SHOULD","testing":{"outcome":"FAILED","issues":[],"warnings":["w"]}},
		{"id":"CSIP1","level":"MUST","testing":{"outcome":"PASSED","issues":[]}}]}`
	got, err := parseCommonsIP([]byte(report))
	if err != nil || !got.Valid || len(got.Failed) != 0 || got.Profile != "CSIP-2.1.0, SIP-2.1.0" {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := parseCommonsIP([]byte(`{"summary":{}}`)); err == nil {
		t.Error("a report without a result was taken for a verdict")
	}
}

func TestPopplerReadsTextPagesAndLinks(t *testing.T) {
	path := writePDF(t, "text.pdf", "Hej hopp")
	if got := PDFToText(t, path); strings.TrimSpace(got) != "Hej hopp" {
		t.Errorf("text %q", got)
	}
	if got := PDFInfo(t, path); got.Pages != 1 || got.Tagged || got.Fields["PDF version"] != "1.7" {
		t.Errorf("info %+v", got)
	}
	if got := PDFLinks(t, path); len(got) != 1 || got[0] != "https://example.org/a" {
		t.Errorf("links %q", got)
	}
	pages := PDFToPNG(t, path, 50)
	if len(pages) != 1 {
		t.Fatalf("pages %q", pages)
	}
	png, err := os.ReadFile(pages[0])
	if err != nil || !bytes.HasPrefix(png, []byte("\x89PNG")) {
		t.Errorf("no picture in %s: %v", pages[0], err)
	}
}

// fatalTB is a test that only remembers why it was ended.
type fatalTB struct {
	testing.TB
	reason string
}

func (f *fatalTB) Helper() {}

func (f *fatalTB) Fatalf(format string, args ...any) {
	f.reason = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func TestMissingProgramSaysWhatToDo(t *testing.T) {
	tb := &fatalTB{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		Path(tb, "arsring-no-such-program", "arsring-nor-this")
	}()
	<-done
	if want := "arsring-no-such-program is not installed: run make tools"; tb.reason != want {
		t.Errorf("reason %q, want %q", tb.reason, want)
	}
}

func TestOwnToolsComeBeforeThoseInPath(t *testing.T) {
	tools := t.TempDir()
	own := filepath.Join(tools, "bin", "sh")
	if err := os.MkdirAll(filepath.Dir(own), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(own, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ARSRING_TOOLS", tools)
	if got := Path(t, "sh"); got != own {
		t.Errorf("found %s, want %s", got, own)
	}
}
