package validators

import (
	"fmt"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// PDFToText gives the text of a PDF as pdftotext reads it, UTF-8, a form feed after each page.
// Options of pdftotext may follow, for example "-layout", "-f", "3", "-l", "3".
func PDFToText(t testing.TB, path string, options ...string) string {
	t.Helper()
	args := append([]string{"-enc", "UTF-8"}, options...)
	return string(mustRun(t, Path(t, "pdftotext"), append(args, absolute(t, path), "-")...))
}

// Info is what pdfinfo says of a PDF.
type Info struct {
	// Pages is how many pages it has.
	Pages int
	// Tagged tells whether it is marked as tagged.
	Tagged bool
	// Fields holds all lines by pdfinfo's own names: "Title", "Producer", "CreationDate" (ISO 8601), "Page size" ...
	Fields map[string]string
}

// PDFInfo reads the information of a PDF with pdfinfo.
func PDFInfo(t testing.TB, path string) Info {
	t.Helper()
	out := mustRun(t, Path(t, "pdfinfo"), "-isodates", "-enc", "UTF-8", absolute(t, path))
	info, err := parsePDFInfo(string(out))
	if err != nil {
		t.Fatalf("pdfinfo on %s: %v", path, err)
	}
	return info
}

func parsePDFInfo(out string) (Info, error) {
	info := Info{Fields: map[string]string{}}
	for _, line := range strings.Split(out, "\n") {
		if name, value, ok := strings.Cut(line, ":"); ok {
			info.Fields[name] = strings.TrimSpace(value)
		}
	}
	pages, err := strconv.Atoi(info.Fields["Pages"])
	if err != nil {
		return Info{}, fmt.Errorf("no number of pages: %w", err)
	}
	info.Pages, info.Tagged = pages, info.Fields["Tagged"] == "yes"
	return info, nil
}

// PDFLinks gives the addresses that the PDF's link annotations lead to, in the order of the pages,
// as often as they occur.
func PDFLinks(t testing.TB, path string) []string {
	t.Helper()
	out := mustRun(t, Path(t, "pdfinfo"), "-url", absolute(t, path))
	var links []string
	for i, line := range strings.Split(string(out), "\n") {
		// Columns of page, kind and address, below one line of headings.
		if fields := strings.Fields(line); i > 0 && len(fields) >= 3 {
			links = append(links, strings.Join(fields[2:], " "))
		}
	}
	return links
}

// PDFToPNG draws every page of a PDF into a folder of the test's own, at so many dots per inch, and
// gives the files in the order of the pages. Options of pdftoppm may follow, for example "-f", "2", "-l", "2".
func PDFToPNG(t testing.TB, path string, dpi int, options ...string) []string {
	t.Helper()
	dir := t.TempDir()
	args := append([]string{"-png", "-r", strconv.Itoa(dpi)}, options...)
	mustRun(t, Path(t, "pdftoppm"), append(args, absolute(t, path), filepath.Join(dir, "page"))...)
	pages, err := filepath.Glob(filepath.Join(dir, "page-*.png"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("pdftoppm drew nothing of %s: %v", path, err)
	}
	sort.Strings(pages) // the numbers are padded with zeros
	return pages
}
