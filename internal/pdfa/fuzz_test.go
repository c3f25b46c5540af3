package pdfa

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"
)

// FuzzConvert converts and checks what the fuzzer makes of small files. Nothing may panic or hang; every failure is a
// refusal with a sentence; and a file that was declared PDF/A must hold against the check when it is read again.
func FuzzConvert(f *testing.F) {
	f.Add(minimalPDF())
	f.Add(withCatalog("/OpenAction<</S/JavaScript/JS(1)>>/Lang(sv)"))
	f.Add(pagePDF("/MarkInfo<</Marked true>>/StructTreeRoot 5 0 R", "/Resources<</ExtGState<</G<</TR/Identity/ca .5>>>>>>/StructParents 0",
		"/P<</MCID 0>>BDC /G gs 0 0 0 1 k 1 1 9 9 re f EMC", "<</Type/StructTreeRoot/K 6 0 R/ParentTree<</Nums[0[6 0 R]]>>>>", "<</S/Odd/P 5 0 R/K 0/Pg 3 0 R>>"))
	f.Add(pagePDF("", "/Resources<</XObject<</X 5 0 R>>>>/Annots[<</Type/Annot/Subtype/Square/Rect[0 0 9 9]>>]", "/X Do BI /W 1 /H 1 /BPC 8 /CS /G /I true ID x EI",
		stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "1 0 0 rg 0 0 5 5 re f")))
	f.Fuzz(func(t *testing.T, pdf []byte) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		var refused *RefusedError
		if _, err := Check(ctx, bytes.NewReader(pdf)); err != nil && !errors.As(err, &refused) {
			t.Fatalf("check: %v", err)
		}
		var out bytes.Buffer
		r, err := Convert(ctx, bytes.NewReader(pdf), &out, Options{Now: testTime, UA: true})
		if err != nil {
			if !errors.As(err, &refused) || refused.Reason == "" {
				t.Fatalf("convert: %v", err)
			}
			return
		}
		if r.Level == LevelNone {
			return
		}
		again, err := Check(ctx, bytes.NewReader(out.Bytes()))
		if err != nil || again.Level != r.Level || len(again.Failed) > 0 {
			t.Fatalf("declared %q, and the check says %q: %+v %v", r.Level, again.Level, again.Failed, err)
		}
	})
}

// BenchmarkConvert converts a print; with BenchmarkGhostscript beside it, the two times stand side by side.
func BenchmarkConvert(b *testing.B) {
	pdf := readFileB(b)
	b.SetBytes(int64(len(pdf)))
	for b.Loop() {
		if _, err := Convert(b.Context(), bytes.NewReader(pdf), io.Discard, Options{Now: testTime, UA: true}); err != nil {
			b.Fatal(err)
		}
	}
}
