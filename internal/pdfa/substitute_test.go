package pdfa

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"arsring/internal/validators"
)

// machineFonts is where Debian keeps fonts.
var machineFonts = []string{"/usr/share/fonts"}

// fontPage is a page that shows a text in a font that the file does not carry.
func fontPage(text string, fonts ...string) []byte {
	var names, content strings.Builder
	var objects []string
	for i, f := range fonts {
		fmt.Fprintf(&names, "/F%d %d 0 R", i, 5+i)
		fmt.Fprintf(&content, "BT /F%d 12 Tf 20 %d Td (%s) Tj 20 0 Td (slut) Tj ET\n", i, 700-30*i, text)
		objects = append(objects, "<</Type/Font/Subtype/"+f+">>")
	}
	return pagePDF("", "/Resources<</Font<<"+names.String()+">>>>", content.String(), objects...)
}

// arialWidths are the widths of Arial from the space to the tilde as any file has them that names it.
const arialWidths = "/FirstChar 32/LastChar 126/Widths[278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 " +
	"1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 " +
	"333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584]"

// TestSubstitutes: fonts that a file names and does not carry are replaced by fonts with the same widths, where that is wished for: the file is
// PDF/A-2u, says the same, and every word stands where it stood. The report says that it may look different.
func TestSubstitutes(t *testing.T) {
	for name, pdf := range map[string][]byte{
		"standard": fontPage(`Bro\\344n 'x' \\(1\\)`, "Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding", "Type1/BaseFont/Times-BoldItalic/Encoding/WinAnsiEncoding", "Type1/BaseFont/Courier-Oblique/Encoding/WinAnsiEncoding"),
		"arial":    fontPage("Hamnen 26 m", "TrueType/BaseFont/Arial,Bold/Encoding/WinAnsiEncoding", "TrueType/BaseFont/ArialMT/Encoding/MacRomanEncoding"+arialWidths+"/FontDescriptor<</Type/FontDescriptor/FontName/ArialMT/Flags 32>>"),
		"named":    fontPage("abc", "Type1/BaseFont/TimesNewRomanPSMT/Encoding<</Differences[97/aring/adieresis/odieresis]>>", "Type1/BaseFont/Helvetica"),
		"twins":    fontPage("abcdefgh \\255-", "Type1/BaseFont/Times-BoldItalic/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[97/mu/Delta/Omega/fraction/macron/periodcentered/hyphen/space]>>"),
		"twice":    fontPage("Sex) (sju", "Type1/BaseFont/Helvetica"),
		"own":      fontPage("abc", "TrueType/BaseFont/ABCDEF+LiberationSans-Bold/Encoding/WinAnsiEncoding"),
		"signs":    fontPage("abc l\\256\\325H", "Type1/BaseFont/Symbol", "Type1/BaseFont/ZapfDingbats"),
	} {
		t.Run(name, func(t *testing.T) {
			path, r := convert(t, pdf, Options{})
			if r.Level != LevelNone {
				t.Errorf("level %s without the fonts", r.Level)
			}
			before := path
			path, r = convert(t, pdf, Options{FontDirs: machineFonts})
			v := validators.VeraPDF(t, "", path)[path]
			if r.Level != Level2U || !v.Valid {
				t.Fatalf("level %q: %s %v %v", r.Level, r.Reason, r.Failed, v)
			}
			said := 0
			for _, c := range r.Changed {
				if c.Visible && strings.HasPrefix(c.What, "font ") && c.Why == "ISO 19005-2, 6.2.11.4.1" {
					said += c.N
				}
			}
			if want := strings.Count(string(pdf), "/Type/Font/"); said != want {
				t.Errorf("%d fonts are said to be replaced, %d were: %+v", said, want, r.Changed)
			}
			if a, b := validators.PDFToText(t, before), validators.PDFToText(t, path); a != b {
				t.Errorf("the text changed: %q became %q", a, b)
			}
			if a, b := validators.PDFToText(t, before, "-bbox"), validators.PDFToText(t, path, "-bbox"); places(a) != places(b) {
				t.Errorf("words moved:\n%s\n%s", places(a), places(b))
			}
		})
	}
}

// places keeps the words of poppler's list with where they begin and end, in whole points.
func places(bbox string) string {
	var b strings.Builder
	for line := range strings.Lines(bbox) {
		var x0, y0, x1, y1 float64
		var word string
		if n, _ := fmt.Sscanf(strings.TrimSpace(line), `<word xMin="%f" yMin="%f" xMax="%f" yMax="%f">%s`, &x0, &y0, &x1, &y1, &word); n == 5 {
			fmt.Fprintf(&b, "%.0f %.0f %s\n", x0, x1, word)
		}
	}
	return b.String()
}

// TestNoSubstitute: a font of which no other has the widths, one whose widths in the file are not its own, one without a needed character and
// one that the file leaves to the font are not replaced.
func TestNoSubstitute(t *testing.T) {
	other := strings.ReplaceAll(arialWidths, "556", "500")
	for font, why := range map[string]string{
		"Type1/BaseFont/ArialBlack/Encoding/WinAnsiEncoding":                                    "no other font is known to have its widths",
		"Type1/BaseFont/Arial-Black/Encoding/WinAnsiEncoding":                                   "no other font is known to have its widths",
		"TrueType/BaseFont/Arial/Encoding/WinAnsiEncoding" + other:                              "'a' is 500 wide in the file and 556 in the substitute",
		"Type1/BaseFont/Arial/Encoding<</Differences[97/uni4E00]>>":                             "the substitute does not have '一'",
		"TrueType/BaseFont/Arial/FontDescriptor<</Type/FontDescriptor/FontName/Arial/Flags 4>>": "the file does not say which characters it shows",
		"Type1/BaseFont/Arial/Encoding<</Differences[97/g12]>>":                                 "the file does not say which character code 97 shows",
		"Type1/BaseFont/ZapfDingbats/Encoding<</Differences[97/a207]>>":                         "the substitute does not have the sign of code 97",
	} {
		_, r := convert(t, fontPage("abc", font), Options{FontDirs: machineFonts})
		if r.Level != LevelNone || !strings.Contains(r.Reason, "6.2.11.4.1") || !strings.HasSuffix(r.Reason, why) {
			t.Errorf("%s: level %q, %s", font, r.Level, r.Reason)
		}
	}
	_, r := convert(t, fontPage("abc", "Type1/BaseFont/Helvetica"), Options{FontDirs: []string{t.TempDir()}})
	if r.Level != LevelNone || !strings.HasSuffix(r.Reason, "Liberation Sans, which has its widths, is not on this machine") {
		t.Errorf("level %q, %s", r.Level, r.Reason)
	}
}

// TestMissingWidths: an embedded font without widths gets those of its program.
func TestMissingWidths(t *testing.T) {
	made, _ := convert(t, fontPage("abc", "Type1/BaseFont/Helvetica", "Type1/BaseFont/Symbol"), Options{FontDirs: machineFonts})
	d := readBytes(t, readFile(t, made))
	for _, o := range d.dict(d.pages[0].resources["Font"]) {
		for _, k := range []string{"Widths", "FirstChar", "LastChar"} {
			delete(d.dict(o), k)
		}
	}
	var bare bytes.Buffer
	if err := d.write(t.Context(), &bare, lateStream{}); err != nil {
		t.Fatal(err)
	}
	path, r := convert(t, bare.Bytes(), Options{})
	if v := validators.VeraPDF(t, "", path)[path]; r.Level != Level2U || !v.Valid {
		t.Errorf("level %q, %s; %v", r.Level, r.Reason, v)
	}
	if a, b := validators.PDFToText(t, made, "-bbox"), validators.PDFToText(t, path, "-bbox"); places(a) != places(b) {
		t.Errorf("words moved:\n%s\n%s", places(a), places(b))
	}
}
