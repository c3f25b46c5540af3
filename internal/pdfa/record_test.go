package pdfa

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"arsring/internal/validators"
)

// TestConvertRecord converts a record of many sheets with placed pictures and text layers: PDF/A-2a and PDF/UA-1 at once,
// in bounded memory. With ARSRING_SOAK it has 300 sheets of 60 lines.
func TestConvertRecord(t *testing.T) {
	sheets, lines := 40, 20
	if os.Getenv("ARSRING_SOAK") != "" {
		sheets, lines = 300, 60
	}
	ps := onePicture(t, sheets)
	large := append(readFile(t, ps[0].Path), make([]byte, 250_000)...) // as large as a screenshot of a sheet
	writeFile(t, ps[0].Path, large)
	for i := range ps {
		ps[i].Text = nil
		for line := range lines {
			ps[i].Text = append(ps[i].Text, TextRun{
				X: 20, Y: float64(line * 13), W: 500, H: 12, Text: fmt.Sprintf("Rad %d på blad %d handlar om snöröjning, badhus och bibliotek", line, i+1),
			})
		}
	}
	pdf := printHTML(t, sheetsHTML(ps, ""))
	out, err := os.Create(filepath.Join(t.TempDir(), "record.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	r, err := Convert(t.Context(), bytes.NewReader(pdf), out, Options{Now: testTime, UA: true, Placements: ps})
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	size, _ := out.Seek(0, 2)
	grown := int64(after.HeapSys) - int64(before.HeapSys)
	t.Logf("%d sheets, %d MB, in %v; heap grown by %d MB, allocated %d MB in all", sheets, size>>20, time.Since(start), grown>>20, (after.TotalAlloc-before.TotalAlloc)>>20)
	if r.Level != Level2A || !r.UA || r.Pages != sheets {
		t.Errorf("level %q, UA %v, %d pages: %+v", r.Level, r.UA, r.Pages, r.Failed)
	}
	if grown > 120<<20 || size < int64(sheets)*250_000 {
		t.Errorf("the heap grew by %d MB for a file of %d MB", grown>>20, size>>20)
	}
	for _, v := range validators.VeraPDF(t, "", out.Name()) {
		if !v.Valid {
			t.Error(v)
		}
	}
}
