package pdfa

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// onePicture is a file of a picture and its placements, each of which the file serves.
func onePicture(t *testing.T, n int) []Placement {
	t.Helper()
	path := filepath.Join(t.TempDir(), "picture.jpg")
	writeFile(t, path, jpegBytes(t, picture(600, 800, 1)))
	ps := make([]Placement, n)
	for i := range ps {
		ps[i] = Placement{
			ID: fmt.Sprintf("sheet-%04d", i+1), Path: path, MIME: "image/jpeg", W: 600, H: 800,
			Text: []TextRun{{X: 100, Y: 200, W: 300, H: 20, Text: fmt.Sprintf("Utsnitt nummer%d", i+1)}},
		}
	}
	return ps
}

// However the page's style has a stand-in drawn, the text stands where the picture does.
func TestLayerFollowsStyle(t *testing.T) {
	x, y := 30+100*0.75, 60+200*0.75 // the picture begins at (40, 80) px
	cases := []struct {
		name, style string
		x, y        float64
	}{
		{"plain", "", x, y},
		{"in a form", "img{opacity:.5}", x, y},
		{"scaled", "section{zoom:.7}", x * 0.7, y * 0.7},
		// Turned about the middle (30+225, 60+300), its upper left corner comes to be its upper right.
		{"turned", "img{transform:rotate(90deg)}", 30 + 225 + 300 - 220*0.75, 60 + 300 - 225 + 100*0.75},
		{"clipped", "img{clip-path:inset(10px);border-radius:9px}", x, y},
	}
	ps := onePicture(t, len(cases))
	var style strings.Builder
	for i, c := range cases {
		nth := fmt.Sprintf("section:nth-of-type(%d)", i+1)
		style.WriteString(strings.NewReplacer("img{", nth+" img{", "section{", nth+"{").Replace(c.style))
	}
	boxes := wordBoxes(t, placeInto(t, printHTML(t, sheetsHTML(ps, style.String())), ps))
	for i, c := range cases {
		n := slices.IndexFunc(boxes, func(b boxWord) bool { return b.Text == fmt.Sprintf("nummer%d", i+1) })
		if n < 1 {
			t.Errorf("%s: the text is missing", c.name)
			continue
		}
		if b := boxes[n-1]; max(abs(b.XMin-c.x), abs(b.YMin-c.y)) > 0.5 {
			t.Errorf("%s: %q stands at (%.1f, %.1f), want (%.1f, %.1f)", c.name, b.Text, b.XMin, b.YMin, c.x, c.y)
		}
	}
}

func abs(f float64) float64 { return max(f, -f) }

// refusedPlacement says how place must refuse the placements; spoil, unless nil, changes the print before.
func refusedPlacement(t *testing.T, pdf []byte, ps []Placement, id, what string, spoil func(*document)) {
	t.Helper()
	d, err := read(t.Context(), bytes.NewReader(pdf))
	if err != nil {
		t.Fatal(err)
	}
	if spoil != nil {
		spoil(d)
	}
	err = d.place(ps)
	var refused *RefusedError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), id) || !strings.Contains(err.Error(), what) {
		t.Errorf("error %v, want a refusal that names %s and says %q", err, id, what)
	}
}

// A picture that is lost, doubled or wrong is said, with its name.
func TestPlaceRefuses(t *testing.T) {
	ps := onePicture(t, 2)
	pdf := printHTML(t, sheetsHTML(ps, ""))
	wrong := onePicture(t, 2)
	wrong[1].W = 601
	twice := onePicture(t, 2)
	twice[1].ID = twice[0].ID
	gone := onePicture(t, 2)
	gone[1].Path += ".gone"
	double := func(d *document) {
		d.add(d.object(d.standIns()["sheet-0001"][0]))
	}
	undrawn := func(d *document) { d.pages[1].dict["Contents"] = d.pages[0].dict["Contents"] }
	refusedPlacement(t, pdf, onePicture(t, 3), "sheet-0003", "no stand-in", nil)
	refusedPlacement(t, pdf, ps[:1], "sheet-0002", "no image was given", nil)
	refusedPlacement(t, pdf, ps, "sheet-0001", "has 2 stand-ins", double)
	refusedPlacement(t, pdf, ps, "sheet-0002", "drawn 0 times", undrawn)
	refusedPlacement(t, pdf, wrong, "sheet-0002", "600 x 800", nil)
	refusedPlacement(t, pdf, twice, "sheet-0001", "given twice", nil)
	refusedPlacement(t, pdf, gone, "picture.jpg.gone", "cannot be read", nil)
	repeated := printHTML(t, sheetsHTML(ps, "img{position:fixed}"))
	refusedPlacement(t, repeated, ps, "sheet-0001", "drawn 2 times", nil)
}

// Rendered where a pixel of the picture is a pixel of the page, the page shows the picture; the text layer adds nothing.
func TestPageShowsPicture(t *testing.T) {
	ps := onePicture(t, 2)
	m := picture(600, 800, 2)
	grey := image.NewGray(m.Bounds()) // decoders make the same of it; of colours only nearly
	draw.Draw(grey, grey.Bounds(), m, image.Point{}, draw.Src)
	ps[0].Path, ps[0].MIME = filepath.Join(t.TempDir(), "colour.png"), "image/png"
	writeFile(t, ps[0].Path, pngBytes(t, m))
	ps[1].Path = filepath.Join(t.TempDir(), "grey.jpg")
	writeFile(t, ps[1].Path, jpegBytes(t, grey))
	pdf := placeInto(t, printHTML(t, sheetsHTML(ps, "")), ps)
	out := filepath.Join(t.TempDir(), "page")
	runTool(t, "pdftocairo", "-r", "96", "-png", pdf, out) // pdftoppm draws pictures a pixel too large
	for i, p := range ps {
		page := onWhite(decodeImage(t, readFile(t, fmt.Sprintf("%s-%d.png", out, i+1)))).(*image.RGBA)
		samePixels(t, page.SubImage(image.Rect(40, 80, 640, 880)), decodeImage(t, readFile(t, p.Path)), i)
	}
}

func TestPlaceTwiceIsTheSame(t *testing.T) {
	ps := onePicture(t, 2)
	pdf := printHTML(t, sheetsHTML(ps, ""))
	first := readFile(t, placeInto(t, pdf, ps))
	for range 2 {
		if !bytes.Equal(first, readFile(t, placeInto(t, pdf, ps))) {
			t.Fatal("the same input gave another file")
		}
	}
}

// 300 sheets of text, with ARSRING_SOAK of 60 lines each. Of the stand-ins none is dropped, made one with another, or encoded anew by the browser,
// and no picture is held in memory.
func TestPlaceMany(t *testing.T) {
	ps := onePicture(t, 300)
	large := append(readFile(t, ps[0].Path), make([]byte, 250_000)...) // as large as a screenshot of a sheet
	writeFile(t, ps[0].Path, large)
	lines := 10
	if os.Getenv("ARSRING_SOAK") != "" {
		lines = 60
	}
	for i := range ps {
		ps[i].Text = nil
		for line := range lines {
			ps[i].Text = append(ps[i].Text, TextRun{
				X: 20, Y: float64(line * 13), W: 500, H: 12, Text: fmt.Sprintf("Rad %d på blad %d handlar om snöröjning, badhus och bibliotek", line, i+1),
			})
		}
	}
	d, err := read(t.Context(), bytes.NewReader(printHTML(t, sheetsHTML(ps, ""))))
	if err != nil {
		t.Fatal(err)
	}
	untouched(t, d, ps)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	if err := d.place(ps); err != nil {
		t.Fatal(err)
	}
	placing := time.Since(start)
	for i, p := range ps {
		if d.placed[p.ID] != i+1 {
			t.Fatalf("placement %s is said to be on page %d, want %d", p.ID, d.placed[p.ID], i+1)
		}
	}
	out := counter(0)
	if err := d.write(t.Context(), &out, lateStream{}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapSys) - int64(before.HeapSys)
	t.Logf("placed in %v, placed and written in %v, file %d MB, heap grown by %d MB, allocated %d MB in all",
		placing, time.Since(start), out>>20, grown>>20, (after.TotalAlloc-before.TotalAlloc)>>20)
	if grown > 70<<20 || out < 300*250_000 {
		t.Errorf("the heap grew by %d MB for a file of %d MB", grown>>20, out>>20)
	}
}

// untouched checks that the print holds each stand-in once, as it was made.
func untouched(t *testing.T, d *document, ps []Placement) {
	t.Helper()
	found := d.standIns()
	if len(found) != len(ps) {
		t.Fatalf("%d stand-ins, want %d", len(found), len(ps))
	}
	for _, p := range ps {
		nrs := found[p.ID]
		if len(nrs) != 1 {
			t.Fatalf("%s has objects %v", p.ID, nrs)
		}
		if sd, _ := d.stream(*types.NewIndirectRef(nrs[0], 0)); !bytes.Equal(sd.Raw, StandIn(p.ID)) {
			t.Fatalf("the bytes of %s were changed", p.ID)
		}
	}
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
