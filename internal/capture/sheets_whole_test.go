package capture

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Sheets show the whole of a page, whichever way it is scrolled, and as it looks when what moves has come to rest.
func TestSheetsWhole(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	var long, high strings.Builder
	for i := range 40 {
		fmt.Fprintf(&long, `<h2>Avsnitt</h2><p style="height:60px">Rad%02d</p>`, i)
	}
	for i := range 4 {
		fmt.Fprintf(&high, `<section style="height:100vh;scroll-snap-align:start">Rad%02d</section>`, i)
	}
	const pad = `Simhallen i Älvsunda öppnar igen på måndag klockan nio, sedan vattnet har bytts och bastun lagats under hela oktober.`
	const full = `<style>html,body{margin:0;height:100%;overflow:hidden}</style>`
	for name, k := range map[string]struct {
		page    string
		shown   []string
		missing []string
	}{
		"the page is a fixed box":        {full + `<header style="position:fixed;top:0;height:60px">Älvsunda</header><div style="position:fixed;top:60px;bottom:0;left:0;right:0;overflow:auto">` + long.String() + `</div>`, []string{"Älvsunda", "Rad00", "Rad39"}, nil},
		"the page is a fixed box, short": {`<div style="position:fixed;inset:0;overflow:auto"><h1>Älvsunda</h1><p>Rad00</p></div>`, []string{"Rad00"}, nil},
		"boxes beside each other":        {full + `<div style="display:flex;height:100%"><div style="overflow:auto;flex:1">` + long.String() + `</div><div style="overflow:auto;flex:1">Höger` + long.String() + `<p>Slutet</p></div></div>`, []string{"Rad00", "Rad39", "Slutet"}, nil},
		"it snaps to its sections":       {`<style>html{scroll-snap-type:y mandatory}body{margin:0}</style>` + high.String(), []string{"Rad00", "Rad03"}, nil},
		"a box snaps to its sections":    {full + `<div style="height:100vh;overflow-y:scroll;scroll-snap-type:y mandatory">` + high.String() + `</div>`, []string{"Rad00", "Rad03"}, nil},
		"a script moves it":              {full + `<div style="position:fixed;inset:0;overflow:hidden"><div id=s>` + long.String() + `</div></div><script>onwheel=(e)=>{s.style.transform="translateY(-"+e.deltaY+"px)"}</script>`, []string{"Rad00", "Rad39"}, nil},
		"the page is a frame":            {`<style>body{margin:0}</style><iframe style="width:100%;height:100vh;border:0" srcdoc='` + long.String() + `'></iframe>`, []string{"Rad00", "Rad39"}, nil},
		"it is wider than the window":    {`<h1>Älvsunda</h1><div style="width:2900px;text-align:right">LängstBort</div>`, []string{"Älvsunda", "LängstBort"}, nil},
		"it is transparent":              {`<style>body{opacity:0}</style><h1>Älvsunda kommun</h1>`, nil, []string{"sheets-empty"}},
		"its parts fade in, one by one":  {`<style>section{height:700px;background:#000;opacity:0;transition:opacity 2s}.in{opacity:1}</style>` + strings.Repeat("<section>Rad00: "+pad+"</section>", 5) + `<script>const o=new IntersectionObserver((es)=>es.forEach((e)=>e.target.classList.toggle("in",e.isIntersecting)));document.querySelectorAll("section").forEach((e)=>o.observe(e))</script>`, []string{"Rad00"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.pages["/whole"] = k.page + `<a href="/om">Om kommunen</a>` // a page that leads nowhere is waited for
			dir := t.TempDir()
			c := s.captureIn(Job{URL: s.home + "/whole", Image: "jpeg"}, dir)
			for _, want := range k.shown {
				if !slices.ContainsFunc(c.Tiles[1:], func(tile Tile) bool {
					return slices.ContainsFunc(tile.Text, func(b TextBox) bool { return strings.Contains(b.Text, want) })
				}) {
					t.Errorf("%s is on no sheet", want)
				}
			}
			if !slices.Equal(codes(c), k.missing) {
				t.Errorf("missing %q, want %q", codes(c), k.missing)
			}
			if strings.Contains(name, "fade") {
				last := c.Tiles[len(c.Tiles)-1]
				if y := grey(t, filepath.Join(dir, last.File), last.H-100); y > 10 {
					t.Errorf("the last part is of brightness %d: it was photographed while it faded in", y)
				}
			}
		})
	}
}

// grey is the brightness of a picture in a row, at its left edge.
func grey(t *testing.T, file string, y int) uint8 {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return color.GrayModel.Convert(m.At(200, y)).(color.Gray).Y
}
