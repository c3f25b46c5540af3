package capture

import (
	"context"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // what tiles are
	_ "image/png"
	"math"
	"os"
	"path/filepath"
	"time"
)

// tallSheets is how many sheets the tall window shows at once: a taller window halves the time per sheet.
const tallSheets = 8

// firstView keeps the page as it met a visitor, before anything was answered, hidden or scrolled.
func (s *shooter) firstView(ctx context.Context) error {
	s.c.Views++
	g, err := s.t.region(ctx, 0, SheetHeight)
	if err != nil {
		return err
	}
	h := math.Min(SheetHeight, math.Max(g.Height, 200))
	tile, err := s.shoot(ctx, TileFirstView, Rect{W: ViewportWidth, H: h})
	if err != nil {
		return err
	}
	tile.fill(g)
	return nil
}

// sheets keeps the whole page as tiles that fit a sheet each: from top to bottom, and where it is wider than the window, what lies to the right after that.
func (s *shooter) sheets(ctx context.Context, tall float64) error {
	tall, err := s.unroll(ctx, tall)
	if err != nil {
		return err
	}
	width, err := eval[float64](ctx, s.t, "width")
	if err != nil {
		return err
	}
	if err := s.across(ctx, tall, width); err != nil {
		return err
	}
	return s.lackShown()
}

// across keeps the page as wide as it is, one width of the window after the other.
func (s *shooter) across(ctx context.Context, tall, width float64) error {
	const overlap, most = 40, 5
	defer func() { s.left = 0 }()
	began := time.Now()
	for n := range most {
		if err := s.down(ctx, tall, n == 0, began); err != nil || s.c.Period.Stop == StopLimit || s.left+ViewportWidth >= width {
			return err
		}
		s.left = math.Min(s.left+ViewportWidth-overlap, width-ViewportWidth)
	}
	s.c.lack("wide", "Sidan är bredare än vad bladen visar; det som ligger längst till höger finns inte på dem.", "The page is wider than what the sheets show; what lies furthest to the right is not on them.")
	return nil
}

// down keeps the page from top to bottom, as wide as the window.
func (s *shooter) down(ctx context.Context, tall float64, first bool, began time.Time) error {
	for top := 0.0; ; first = false {
		next, end, err := s.view(ctx, top, tall, first)
		if err != nil {
			return err
		}
		if next >= end-1 { // pages may grow where they are scrolled
			if end, err = eval[float64](ctx, s.t, "height"); err != nil {
				return err
			}
		}
		if next >= end-1 || next <= top {
			s.c.Period.Stop = StopEndOfPage
			return nil
		}
		if code, sv, en := s.limits.reached(Limits{Sheets: len(s.c.Tiles), Bytes: s.bytes, Time: time.Since(began)}); code != "" {
			s.c.Period.Stop = StopLimit
			s.c.lack("limit-"+code, "Gränsen för "+sv+" nåddes; resten av sidan är inte fångad.", "The limit for "+en+" was reached; the rest of the page was not captured.")
			return nil
		}
		top = next
	}
}

// view scrolls to top and keeps what the window shows of the page from there on, sheet by sheet. It returns where the next view
// begins and where the page ends.
func (s *shooter) view(ctx context.Context, top, window float64, first bool) (next, end float64, err error) {
	s.c.Views++
	scroll, err := eval[float64](ctx, s.t, "scrollTo", top, s.left)
	if err != nil {
		return 0, 0, err
	}
	if err := s.t.quell(ctx, s.c, first); err != nil {
		return 0, 0, err
	}
	if err := s.t.settle(ctx, false); err != nil {
		return 0, 0, err
	}
	if err := s.t.finishMoving(ctx); err != nil {
		return 0, 0, err
	}
	g, err := s.t.region(ctx, top, scroll+window)
	if err != nil {
		return 0, 0, err
	}
	bottom := math.Min(g.Height, scroll+window)
	if bottom <= top {
		s.c.lack("not-scrolled", "Sidan gick inte att rulla till slutet; det som ligger längre ned finns inte på bladen.", "The page could not be scrolled to its end; what lies further down is not on the sheets.")
		return top, g.Height, nil
	}
	blocks, err := s.frameBlocks(ctx)
	if err != nil {
		return 0, 0, err
	}
	goesOn := bottom < g.Height-1
	if goesOn && bottom-top <= SheetHeight {
		stop, after := cut(g, blocks, top, bottom+SheetHeight)
		tile, err := s.shoot(ctx, TilePage, Rect{Y: top, W: ViewportWidth, H: math.Min(stop, bottom) - top})
		if err != nil {
			return 0, 0, err
		}
		tile.fill(g)
		s.marks(blocks)(tile, top)
		return math.Min(after, bottom), g.Height, nil
	}
	// The last piece of this window is cut when the next one shows what follows it.
	next, err = s.stretch(ctx, g, blocks, top, bottom, func(y float64) bool { return goesOn && y > top && bottom-y <= SheetHeight }, s.marks(blocks))
	return next, g.Height, err
}

// lackShown says that the sheets show nothing of a page that says something: it is transparent, or lies under a cover.
func (s *shooter) lackShown() error {
	if n := len(s.c.Pages); n == 0 || len(s.c.Pages[n-1].Blocks) == 0 {
		return nil
	}
	for _, tile := range s.c.Tiles {
		if tile.Kind == TileFirstView {
			continue
		}
		if plain, err := oneColour(filepath.Join(s.dir, tile.File)); err != nil || !plain {
			return err
		}
	}
	s.c.lack("sheets-empty", "Bladen är tomma fast sidan innehåller text: den är genomskinlig eller täckt. Texten är sparad.", "The sheets are empty although the page holds text: it is transparent or covered. The text is kept.")
	return nil
}

// oneColour tells whether a picture shows a single colour.
func oneColour(file string) (bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	const little = 100_000 // bytes: a sheet of one colour takes a fifth of that
	if at, err := f.Stat(); err != nil || at.Size() > little {
		return false, err
	}
	m, _, err := image.Decode(f)
	if err != nil {
		return false, fmt.Errorf("%s: %w", file, err)
	}
	const near = 3 // what a JPEG may make of one colour, of 255
	b, first := m.Bounds(), color.GrayModel.Convert(m.At(m.Bounds().Min.X, m.Bounds().Min.Y)).(color.Gray).Y
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if g := color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y; max(g, first)-min(g, first) > near {
				return false, nil
			}
		}
	}
	return true, nil
}

// finishMoving brings what moves in the window to its end.
func (t *tab) finishMoving(ctx context.Context) error {
	if t.silent() {
		return nil
	}
	_, err := eval[any](ctx, t, "finish", mostMoving.Milliseconds())
	return err
}

// mostMoving is how long a page's own movements are waited for before a view is photographed.
const mostMoving = 1500 * time.Millisecond

// unroll gives a page that scrolls in boxes of its own all of its height. It returns the height of the window to use.
func (s *shooter) unroll(ctx context.Context, tall float64) (float64, error) {
	boxes, err := eval[[]string](ctx, s.t, "unrollPage")
	if err != nil || len(boxes) == 0 {
		return tall, err
	}
	for _, b := range boxes {
		s.t.note("unrolled", b)
	}
	if err := s.t.settle(ctx, true); err != nil {
		return 0, err
	}
	return s.heighten(ctx)
}

// heighten makes the window tall, unless the page's look depends on the window's height. It returns the height in use.
func (s *shooter) heighten(ctx context.Context) (float64, error) {
	const sample = 400
	before, err := eval[[][2]float64](ctx, s.t, "signature", sample)
	if err != nil {
		return 0, err
	}
	height, err := eval[float64](ctx, s.t, "height")
	if err != nil {
		return 0, err
	}
	if height <= SheetHeight {
		return SheetHeight, nil
	}
	tall := math.Min(height, tallSheets*SheetHeight)
	if err := s.t.viewport(ctx, int64(tall)); err != nil {
		return 0, err
	}
	if err := s.t.painted(ctx); err != nil {
		return 0, err
	}
	after, err := eval[[][2]float64](ctx, s.t, "signature", sample)
	if err != nil {
		return 0, err
	}
	if sameLayout(before, after) {
		return tall, nil
	}
	return SheetHeight, s.t.viewport(ctx, SheetHeight)
}

// sameLayout compares two signatures; a few elements may move, because pictures arrive meanwhile.
func sameLayout(a, b [][2]float64) bool {
	n := min(len(a), len(b))
	if n == 0 {
		return true
	}
	moved := 0
	for i := range n {
		if math.Abs(a[i][1]-b[i][1]) > 2 || math.Abs(a[i][0]-b[i][0]) > 2 {
			moved++
		}
	}
	return moved*50 <= n
}
