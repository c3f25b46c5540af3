package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"arsring/internal/validators"
)

// intentPS gives Ghostscript the output intent that PDF/A asks for, with the sRGB profile that it ships itself.
const intentPS = `%!
[/_objdef {icc} /type /stream /OBJ pdfmark
[{icc} <</N 3>> /PUT pdfmark
[{icc} (PROFILE) (r) file /PUT pdfmark
[/_objdef {intent} /type /dict /OBJ pdfmark
[{intent} <</Type /OutputIntent /S /GTS_PDFA1 /DestOutputProfile {icc} /OutputConditionIdentifier (sRGB)>> /PUT pdfmark
[{Catalog} <</OutputIntents [{intent}]>> /PUT pdfmark
`

// maker is a way to a PDF/A.
type maker struct {
	name string
	make func(b *testing.B, in, out string) error
}

func makers(b *testing.B, dir string) []maker {
	b.Helper()
	intent, profile := filepath.Join(dir, "intent.ps"), filepath.Join(dir, "srgb.icc")
	icc, err := os.ReadFile("/usr/share/color/icc/ghostscript/srgb.icc")
	if err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{profile: icc, intent: []byte(strings.ReplaceAll(intentPS, "PROFILE", profile))} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	all := []maker{
		{"ours", func(b *testing.B, in, out string) error {
			_, err := ConvertPDF(b.Context(), in, out, "bench", time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC), false)
			return err
		}},
		{"Ghostscript", func(b *testing.B, in, out string) error {
			return runQuietly(b, validators.Path(b, "gs"), "--permit-file-read="+profile, "-dPDFA=2", "-dBATCH", "-dNOPAUSE", "-dQUIET", "-sColorConversionStrategy=RGB", "-dPDFACompatibilityPolicy=1", "-sDEVICE=pdfwrite", "-sOutputFile="+out, intent, in)
		}},
	}
	office, err := exec.LookPath("soffice")
	if err != nil {
		return all
	}
	return append(all, maker{"LibreOffice", func(b *testing.B, in, out string) error {
		to := out + ".d"
		if err := runQuietly(b, office, "-env:UserInstallation=file://"+filepath.Join(dir, "office"), "--headless", "--infilter=draw_pdf_import", "--convert-to",
			`pdf:draw_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}`, "--outdir", to, in); err != nil {
			return err
		}
		return os.Rename(filepath.Join(to, filepath.Base(in)), out)
	}})
}

func runQuietly(b *testing.B, program string, args ...string) error {
	b.Helper()
	if out, err := exec.CommandContext(b.Context(), program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(program), err, out)
	}
	return nil
}

// BenchmarkPDFATools: plain prints of a manual's pages become PDF/A in every way that is installed: how long each takes, what veraPDF says of what comes
// out, and whether it still has the tags.
func BenchmarkPDFATools(b *testing.B) {
	const rounds = 3
	dir := testDir(b)
	ways := makers(b, dir)
	files := benchPrints(b, dir)
	t := &table{head: fmt.Sprintf("PDF/A of plain prints, milliseconds (median of %d in turn), veraPDF's word and whether the tags are kept; aim: Ghostscript takes at least %.0f times as long", rounds, aimPDFA)}
	head := "page\tpages\tkB"
	for _, w := range ways {
		head += "\t" + w.name + "\t\t"
	}
	t.row("%s\tratio\t", head)
	for range b.N {
		for _, f := range files {
			took := make([][]float64, len(ways))
			for range rounds {
				for i, w := range ways {
					took[i] = append(took[i], timed(b, func() error { return w.make(b, f, madeBy(f, w)) }))
				}
			}
			row := fmt.Sprintf("%s\t%d\t%d", filepath.Base(f), validators.PDFInfo(b, f).Pages, sizeKB(b, f))
			for i, w := range ways {
				row += fmt.Sprintf("\t%.0f\t%s\t%s", 1000*median(took[i]), said(b, madeBy(f, w)), tagged(b, madeBy(f, w)))
			}
			ratio := median(took[1]) / median(took[0])
			t.row("%s\t%.1f\t%s", row, ratio, verdict(ratio >= aimPDFA))
		}
	}
	t.print()
}

func madeBy(f string, w maker) string { return f + "." + w.name + ".pdf" }

func said(b *testing.B, file string) string {
	b.Helper()
	v := validators.VeraPDF(b, "", file)[file]
	if v.Valid {
		return strings.ReplaceAll(v.Profile, "PDF/", "")
	}
	return "not valid"
}

func tagged(b *testing.B, file string) string {
	b.Helper()
	if validators.PDFInfo(b, file).Tagged {
		return "tagged"
	}
	return "no tags"
}

// benchPrints prints some pages of a manual.
func benchPrints(b *testing.B, dir string) []string {
	b.Helper()
	pages := http.FileServer(http.Dir(validators.ApacheDocs(b)))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html") // which encoding, the page says itself
		pages.ServeHTTP(w, r)
	}))
	b.Cleanup(srv.Close)
	ctx, cancel := bareBrowser(b)
	defer cancel()
	var files []string
	for name, path := range map[string]string{"de-bind": "de/bind.html", "fr-htaccess": "fr/howto/htaccess.html", "ja-bind": "ja/bind.html", "en-core": "en/mod/core.html"} {
		if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+"/"+path)); err != nil {
			b.Fatal(err)
		}
		pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPrintBackground(), chromedp.PDFOutlineAndTagged()))
		if err != nil {
			b.Fatal(err)
		}
		file := filepath.Join(dir, name+".pdf")
		if err := os.WriteFile(file, pdf, 0o600); err != nil {
			b.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}
