package capture

import (
	"math"
	"math/rand/v2"
	"testing"
)

func line(x, y, w, h float64) box { return box{Rect: Rect{X: x, Y: y, W: w, H: h}, T: "text"} }

// sheetsOf cuts a page from top to bottom and checks what must hold of every cut.
func sheetsOf(t *testing.T, g region, blocks []block) [][2]float64 {
	t.Helper()
	var out [][2]float64
	all, end := parts(g, blocks, 0, g.Height, nil)
	if end < g.Height-1 {
		t.Fatalf("the sheets end at %.0f, the page at %.0f", end, g.Height)
	}
	for i, p := range all {
		switch {
		case p.bottom-p.top > SheetHeight+0.5:
			t.Fatalf("a sheet from %.0f to %.0f is higher than a sheet", p.top, p.bottom)
		case i+1 < len(all):
			if next := all[i+1].top; next <= p.top || next > p.bottom || all[i+1].from > p.bottom || all[i+1].from < next {
				t.Fatalf("after the sheet from %.0f to %.0f the next begins at %.0f with what is new from %.0f on", p.top, p.bottom, next, all[i+1].from)
			}
		}
		out = append(out, [2]float64{p.top, p.bottom})
	}
	return out
}

// whole reports the lines that no sheet shows from their top to their foot.
func parted(lines []box, sheets [][2]float64) (out []box) {
	for _, l := range lines {
		found := false
		for _, s := range sheets {
			found = found || l.Y >= s[0]-1 && l.Y+l.H <= s[1]+1
		}
		if !found {
			out = append(out, l)
		}
	}
	return out
}

func TestCutPartsNoLine(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		g := region{}
		columns := 1 + int(seed%3)
		for c := range columns {
			y := r.Float64() * 30
			size := 14 + r.Float64()*20
			for y < 9000 {
				g.Texts = append(g.Texts, line(float64(c)*400, y, 380, size))
				y += size + r.Float64()*size
				if r.IntN(12) == 0 {
					y += r.Float64() * 300
				}
			}
			g.Height = math.Max(g.Height, y)
		}
		sheets := sheetsOf(t, g, nil)
		if p := parted(g.Texts, sheets); len(p) > 0 {
			t.Errorf("seed %d, %d columns: %d lines are parted, such as %+v", seed, columns, len(p), p[0].Rect)
		}
	}
}

func TestCutOverlapsWhereColumnsInterleave(t *testing.T) {
	g := region{Height: 4040}
	for y := 0.0; y < 3980; y += 40 { // two columns that leave no gap between them
		g.Texts = append(g.Texts, line(0, y, 500, 38), line(600, y+20, 500, 38))
	}
	bottom, next := cut(g, nil, 0, g.Height)
	if next >= bottom {
		t.Errorf("the next sheet begins at %.0f, the first ends at %.0f: a line is on neither", next, bottom)
	}
	if p := parted(g.Texts, sheetsOf(t, g, nil)); len(p) > 0 {
		t.Errorf("%d lines are parted", len(p))
	}
}

func TestCutKeepsPostsWhole(t *testing.T) {
	g := region{Height: 6000}
	var posts []block
	for y := 20.0; y < 5900; y += 700 { // posts of 680 with gaps of 20
		posts = append(posts, block{top: y, end: y + 680})
		for l := y + 10; l < y+660; l += 30 {
			g.Texts = append(g.Texts, line(100, l, 600, 20))
		}
	}
	sheets := sheetsOf(t, g, posts)
	strips := 1
	for i := 1; i < len(sheets); i++ {
		if math.Mod(sheets[i][0]-sheets[i-1][0], rowUnit) != 0 {
			strips++
		}
	}
	if strips > 1 {
		t.Errorf("gaps of 20 between posts, and %d sheets need %d screenshots", len(sheets), strips)
	}
	for _, p := range posts {
		found := false
		for _, s := range sheets {
			found = found || p.top >= s[0]-1 && p.end <= s[1]+1
		}
		if !found && p.end <= g.Height {
			t.Errorf("the post from %.0f to %.0f is on no sheet whole; sheets %v", p.top, p.end, sheets)
		}
	}
}

func TestCutGoesOnThroughWhatFitsNoSheet(t *testing.T) {
	g := region{Height: 20000, Atoms: []box{line(0, 0, 1200, 20000)}}
	for y := 0.0; y < 20000; y += 5 { // lines over lines
		g.Texts = append(g.Texts, line(0, y, 900, 40))
	}
	if n := len(sheetsOf(t, g, []block{{top: 0, end: 20000}})); n > 60 {
		t.Errorf("%d sheets for a page of 13", n)
	}
}

func TestCutEndsWithThePage(t *testing.T) {
	for _, h := range []float64{10, SheetHeight - 1, SheetHeight} {
		if b, n := cut(region{Height: h}, nil, 0, h); b != h || n != h {
			t.Errorf("a page of %.0f is cut at %.0f, %.0f", h, b, n)
		}
	}
}

func TestTileShowsWhatLiesInIt(t *testing.T) {
	tile := Tile{Rect: Rect{X: 0, Y: 1000, W: 1240, H: 500}}
	head := line(10, 1020, 200, 30)
	head.T = "Badplatser"
	tile.fill(region{
		Texts: []box{line(10, 990, 100, 16), line(10, 1100, 2000, 16), line(10, 1495, 100, 16)},
		Links: []box{{Rect: Rect{X: 10, Y: 1100, W: 50, H: 16}, URL: "https://example.org/", Text: "länk"}, {Rect: Rect{X: 10, Y: 100, W: 50, H: 16}}},
		Heads: []box{head},
	})
	if len(tile.Text) != 1 || tile.Text[0].Y != 100 || tile.Text[0].W != 1230 {
		t.Errorf("texts %+v", tile.Text)
	}
	if len(tile.Links) != 1 || tile.Links[0].URL != "https://example.org/" || tile.Links[0].Y != 100 {
		t.Errorf("links %+v", tile.Links)
	}
	if tile.Shows != "Badplatser" {
		t.Errorf("shows %q", tile.Shows)
	}
}
