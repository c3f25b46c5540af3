package app

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"slices"
	"testing"

	"arsring/internal/capture"
	"arsring/internal/pdfa"
	"arsring/internal/sip"
	"arsring/internal/web"
)

// TestLinesWith: words are found whole, over the ends of runs, and from right to left.
func TestLinesWith(t *testing.T) {
	runs := []pdfa.LayerText{{Text: "Hej Lars-"}, {Text: "Åke Ek och"}, {Text: "La"}, {Text: "rs igen"}, {Text: "םולש"}, {Text: "ingenting"}, {Text: "A\u030asa"}}
	for word, want := range map[string][]int{"Lars-Åke": {0, 1}, "Ek": {1}, "lars": {0, 2, 3}, "שלום": {4}, "bo": nil, "åsa": {6}, "Ek och La": {1, 2}} {
		var got []int
		for _, l := range linesWith(web.NewNeedles([]string{word}), runs) {
			got = append(got, slices.IndexFunc(runs, func(r pdfa.LayerText) bool { return r.Text == l.Text }))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s stands in %v, want %v", word, got, want)
		}
	}
}

// TestLostWords: a word of a post that stands on none of its pictures makes those pictures unsafe; a word of a page that stands nowhere makes all.
func TestLostWords(t *testing.T) {
	words := web.NewNeedles([]string{"Anna", "Bo Ek"})
	texts := map[int][]pdfa.LayerText{1: {{Text: "Anna kom"}}, 2: {{Text: "mer text"}}, 3: {{Text: "annat"}}}
	author := "Bo Ek"
	c := sip.Content{Posts: []sip.Post{{Text: "Anna kom, mer text", Tiles: []int{1, 2}}, {Text: "x", Tiles: []int{2}, Comments: []sip.Post{{Text: "y", Author: &author, Tiles: []int{3}}}}}}
	if lost := lostWords(words, c, texts); len(lost) != 1 || !lost[3] {
		t.Errorf("lost %v", lost)
	}
	c.Pages = []sip.Page{{Text: "Anna"}}
	if lost := lostWords(words, c, texts); lost[0] {
		t.Errorf("lost %v", lost)
	}
	c.Pages = append(c.Pages, sip.Page{Text: "Skrivet av Bo Ek"})
	if lost := lostWords(words, c, texts); !lost[0] {
		t.Errorf("lost %v", lost)
	}
}

// TestCover: what is covered is black in the coded picture, and the rest stays.
func TestCover(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 200, 100))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{240, 20, 20, 255}), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	untouched := copiedSheet{data: b.Bytes(), mime: "image/jpeg"}
	if err := untouched.cover(nil, nil); err != nil || !bytes.Equal(untouched.data, b.Bytes()) {
		t.Error("a sheet without anything to hide was coded anew")
	}
	c := copiedSheet{data: b.Bytes(), mime: "image/jpeg"}
	if err := c.cover([]capture.Rect{{X: .5, Y: 0, W: .25, H: .5}}, []pdfa.LayerText{{X: 10, Y: 30, W: 50, H: 12}}); err != nil {
		t.Fatal(err)
	}
	got, _, err := image.Decode(bytes.NewReader(c.data))
	if err != nil || c.Places != 2 {
		t.Fatal(err, c.Places)
	}
	for at, black := range map[image.Point]bool{{120, 20}: true, {30, 76}: true, {30, 40}: false, {180, 90}: false, {120, 80}: false} {
		r, _, _, _ := got.At(at.X, at.Y).RGBA()
		if (r < 0x2000) != black {
			t.Errorf("%v: red %04x", at, r)
		}
	}
}
