package pdfa

import (
	"testing"

	"arsring/internal/validators"
)

// TestNamesThatSayNothing: glyphs whose names are those of dingbats pass as signs, as veraPDF has it; names that only look like them leave level u.
func TestNamesThatSayNothing(t *testing.T) {
	names := map[string]Level{"a39": Level2U, "a206": Level2U, "a80": Level2B, "a114": Level2B, "a207": Level2B, "a039": Level2B}
	said := map[string]string{} // by the file that was made
	var paths []string
	for name, want := range names {
		path, r := convert(t, pagePDF("", "/Resources<</Font<</F 5 0 R>>>>", "BT /F 9 Tf (A) Tj ET",
			"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 65/LastChar 65/Widths[9]/Resources<<>>/Encoding<</Differences[65/"+name+"]>>/CharProcs<</"+name+" 6 0 R>>>>",
			stream("", "9 0 0 0 9 9 d1 0 0 9 9 re f")), Options{})
		if r.Level != want {
			t.Errorf("%s: level %q, want %q", name, r.Level, want)
		}
		said[path], paths = name, append(paths, path)
	}
	for path, v := range validators.VeraPDF(t, "", paths...) {
		if !v.Valid {
			t.Errorf("%s: %v", said[path], v)
		}
	}
}
