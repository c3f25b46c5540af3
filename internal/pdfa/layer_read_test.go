package pdfa

import (
	"bytes"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestReadLayers: what was put over the pictures can be read back, each run where it was put; a print without pictures has none.
func TestReadLayers(t *testing.T) {
	ps := onePicture(t, 3)
	ps[1].Text = []TextRun{{X: 10.5, Y: 20.25, W: 180, H: 16, Text: "Lars-Åke Ödling 070-123 45 67"}, {X: 10, Y: 50, W: 90, H: 14, Text: "😀 och mer"}, {X: 1, Y: 700, W: 500, H: 12, Text: "sist"}, {X: 20, Y: 300, W: 60, H: 18, Text: "שלום", RTL: true}}
	ps[2].Text = nil
	in, err := os.Open(placeInto(t, printHTML(t, sheetsHTML(ps, "")), ps))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	layers, err := ReadLayers(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if len(layers) != 2 || // a picture without text has no layer
		!slices.IsSortedFunc(layers, func(a, b Layer) int { return a.Page - b.Page }) {
		t.Fatalf("layers %+v", layers)
	}
	for i, l := range layers {
		if len(l.Text) != len(ps[i].Text) {
			t.Fatalf("picture %d: %+v", i, l.Text)
		}
		for k, got := range l.Text {
			want, text := ps[i].Text[k], got.Text
			if want.RTL {
				r := []rune(text)
				slices.Reverse(r)
				text = string(r)
			}
			if text != want.Text || math.Abs(got.X-want.X) > 0.1 || math.Abs(got.W-want.W) > 1 || math.Abs(got.H-want.H) > 1 || math.Abs(800-got.Y-want.Y) > 1 {
				t.Errorf("picture %d: %+v was put as %+v", i, got, want)
			}
		}
	}
	plain := printHTML(t, "<p>"+strings.Repeat("ord ", 40))
	if layers, err := ReadLayers(t.Context(), bytes.NewReader(plain)); err != nil || len(layers) != 0 {
		t.Errorf("a plain print: %v, %v", layers, err)
	}
}
