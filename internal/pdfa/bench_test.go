package pdfa

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"arsring/internal/validators"
)

// benchPDF prints the page that the benchmarks convert and gives the print's path.
func benchPDF(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	page, err := filepath.Abs(filepath.Join("testdata", "pages", "semantics.html"))
	if err != nil {
		b.Fatal(err)
	}
	out := filepath.Join(dir, "print.pdf")
	args := []string{"--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", "--generate-pdf-document-outline",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--print-to-pdf=" + out, "file://" + page}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox")
	}
	if msg, err := exec.CommandContext(b.Context(), validators.Chromium(b), args...).CombinedOutput(); err != nil {
		b.Fatalf("chromium: %v\n%s", err, msg)
	}
	return out
}

func readFileB(b *testing.B) []byte {
	b.Helper()
	pdf, err := os.ReadFile(benchPDF(b))
	if err != nil {
		b.Fatal(err)
	}
	return pdf
}

// BenchmarkGhostscript converts the same print with Ghostscript, a process for each file as it has to be used.
func BenchmarkGhostscript(b *testing.B) {
	in := benchPDF(b)
	out := filepath.Join(b.TempDir(), "gs.pdf")
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), "gs", "-q", "-dPDFA=2", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite",
			"-sColorConversionStrategy=RGB", "-dPDFACompatibilityPolicy=1", "-sOutputFile="+out, in)
		if msg, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("gs: %v\n%s", err, msg)
		}
	}
}
