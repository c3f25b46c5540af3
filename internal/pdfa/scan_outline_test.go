package pdfa

import (
	"reflect"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// sameOutline holds what outline takes of a glyph against what run makes of it, and tells whether it took it at all.
func sameOutline(t *testing.T, content string) bool {
	t.Helper()
	size := 1
	d := &document{ctx: &model.Context{XRefTable: &model.XRefTable{Table: map[int]*model.XRefTableEntry{}, Size: &size}}}
	glyph := func() *drawn {
		return &drawn{kind: kindGlyph, num: 5, dict: types.Dict{}, res: types.Dict{}, own: true, marks: map[int]*markUse{}, parents: -1}
	}
	got, want := glyph(), glyph()
	if !got.outline([]byte(content)) {
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q is left to others, and changed: %+v", content, got)
		}
		return false
	}
	s := &scanner{d: d, ctx: t.Context(), fonts: map[int]*fontUse{}, done: map[int]*drawn{}}
	if err := s.run(want, []byte(content), nil); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q draws %+v, and is interpreted as %+v", content, got, want)
	}
	return true
}

var outlines = []string{
	"500 0 50 -556 453 12 d1\n281 12 m\n345 12 392 -7 432 -33 c\n399 -92 l\nh\n140 -317 m\n147 -423 l\nh\nf\n",
	"1000 0 0 0 0 0 d1\n", "9 0 0 0 9 9 d1 0 0 9 9 re f", "9 0 0 0 9 9 d1 .5 -.25 m 3. 4 l S 1 1 m 2 2 l B*", "9 0 0 0 9 9 d1 1 1 m 2 2 l", "",
}

// TestOutline: drawings of nothing but paths are taken for what they are, and anything else is left to the interpreter.
func TestOutline(t *testing.T) {
	for _, s := range outlines {
		if !sameOutline(t, s) {
			t.Errorf("%q is not taken", s)
		}
	}
	for _, s := range []string{
		"9 0 d0 1 0 0 rg 0 0 9 9 re f", "0 0 9 9 re f", "9 0 0 0 9 9 d1 q 0 0 9 9 re f Q", "9 0 0 0 9 9 d1 99999999999 0 9 9 re f", "9 0 0 0 9 9 d1 0 0 9 9 re W n",
		"9 0 0 0 9 9 d1 0 0 9 9 re f /X Do", "9 0 0 0 9 9 d1 0 0 9 9 re f 7", "9 0 0 0 9 9 d1 (f) f", "9 0 0 0 9 9 d1 --1 0 m", "9 0 0 0 9 9 d1 % f\n",
	} {
		if sameOutline(t, s) {
			t.Errorf("%q is taken", s)
		}
	}
}

func FuzzOutline(f *testing.F) {
	for _, s := range outlines {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, content string) { sameOutline(t, content) })
}
