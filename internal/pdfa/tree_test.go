package pdfa

import (
	"bytes"
	"errors"
	"testing"

	"arsring/internal/validators"
)

// TestPageTree: a page tree that readers stumble over is refused by the check and put right by the conversion; where the catalog leads to no tree,
// nothing is claimed.
func TestPageTree(t *testing.T) {
	page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<<>>>>"
	drawing := stream("", "0 0 1 rg 10 10 50 50 re f")
	var files []string
	for name, objects := range map[string][]string{ // each of one page
		"entries that are none": {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[null 3 0 R 4 0 R 99 0 R 3 0 R]/Count 5>>", page, drawing},
		"a wrong number":        {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 0>>", page, drawing},
		"no types":              {"<</Type/Catalog/Pages 2 0 R>>", "<</Kids[3 0 R]/Count 1>>", "<</MediaBox[0 0 200 200]/Contents 4 0 R/Resources<<>>>>", drawing},
		"an empty branch": {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[5 0 R 3 0 R]/Count 1>>", page, drawing,
			"<</Type/Pages/Parent 2 0 R/Kids[]/Count 0>>"},
	} {
		pdf := buildPDF(objects...)
		var refused *RefusedError
		if _, err := Check(t.Context(), bytes.NewReader(pdf)); !errors.As(err, &refused) {
			t.Errorf("%s: the check says %v", name, err)
		}
		path, r := convert(t, pdf, Options{})
		if r.Level == LevelNone || r.Pages != 1 {
			t.Errorf("%s: PDF/A-%q, %d pages", name, r.Level, r.Pages)
		}
		files = append(files, path)
	}
	// A page that is no object of its own is a page, and is kept.
	path, _ := convert(t, buildPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids["+page+"3 0 R]/Count 2>>", page, drawing), Options{})
	if again, r := convert(t, readFile(t, path), Options{}); r.Pages != 2 {
		t.Errorf("%s: %d pages of two", again, r.Pages)
	}
	files = append(files, path)
	for _, v := range validators.VeraPDF(t, "", files...) {
		if !v.Valid {
			t.Error(v)
		}
	}
	var out bytes.Buffer
	if r, err := Convert(t.Context(), bytes.NewReader(buildPDF("<</Type/Catalog/Pages 2 0 R>>", page, "null", drawing)), &out, Options{Now: testTime}); err == nil {
		t.Errorf("a page in the place of the tree became PDF/A-%q", r.Level)
	}
}
