package capture

import (
	"context"
	"math"
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

// sheets keeps the whole page from top to bottom as tiles that fit a sheet each.
func (s *shooter) sheets(ctx context.Context, tall float64) error {
	top, began := 0.0, time.Now()
	for view := 0; ; view++ {
		next, end, err := s.view(ctx, top, tall, view == 0)
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
	scroll, err := eval[float64](ctx, s.t, "scrollTo", top)
	if err != nil {
		return 0, 0, err
	}
	if err := s.t.quell(ctx, s.c, first); err != nil {
		return 0, 0, err
	}
	if err := s.t.settle(ctx, false); err != nil {
		return 0, 0, err
	}
	g, err := s.t.region(ctx, top, scroll+window)
	if err != nil {
		return 0, 0, err
	}
	bottom := math.Min(g.Height, scroll+window)
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
