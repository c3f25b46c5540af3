package capture

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
)

// part is a stretch of the page for one sheet, in document px. What lies above from is blank and on the sheet before, too.
type part struct{ top, from, bottom float64 }

func (p part) rect() Rect { return Rect{Y: p.top, W: ViewportWidth, H: p.bottom - p.top} }

// rowUnit is the height of a row of coding units in Chrome's screenshots: where sheets begin at its multiples, one screenshot serves many.
const rowUnit = 16

// most is how many sheets one screenshot serves at most; a JPEG has at most 65,535 rows.
const mostInStrip = 16

// parts cuts a stretch into sheets. wait says whether what is left from a height on is left for later; next is where it ended.
func parts(g region, blocks []block, top, end float64, wait func(top float64) bool) (out []part, next float64) {
	base, from := top, top
	for top < end-1 && (wait == nil || !wait(top)) {
		bottom, follow := cut(g, blocks, top, end)
		p := part{top: top, from: from, bottom: bottom}
		top, from = follow, follow
		if follow < end-1 {
			p.bottom, top, from = aligned(g, blocks, p, base, follow)
		}
		out = append(out, p)
		if math.Mod(top-base, rowUnit) != 0 {
			base = top // a strip of its own begins
		}
	}
	return out, top
}

// aligned moves the cut after a piece to a multiple of rowUnit from base, where that parts nothing that the cut does not part already; else
// it lets the next sheet begin a little higher, where that stretch is blank. Where neither can be done, all stays as it is.
func aligned(g region, blocks []block, p part, base, next float64) (bottom, top, from float64) {
	off := math.Mod(next-base, rowUnit)
	if off == 0 || math.Floor(base) != base {
		return p.bottom, next, next
	}
	low, limit := next-off, math.Min(p.top+SheetHeight, next+rowUnit)
	spans := barriers(g, blocks, p.top, limit)
	cost := func(y float64) (sum float64) {
		for _, s := range spans {
			if s.top < y-0.5 && s.bottom > y+0.5 {
				sum += s.cost
			}
		}
		return sum
	}
	if p.bottom == next {
		for _, y := range []float64{low, low + rowUnit} {
			if y <= limit && y > p.top+SheetHeight/4 && cost(y) <= cost(next) {
				return y, y, y
			}
		}
	}
	for _, s := range spans {
		if s.cost != blockCost && s.top < next-0.5 && s.bottom > low+0.5 {
			return p.bottom, next, next
		}
	}
	return p.bottom, low, next
}

// shown reports whether a tile shows more than the edge of a block, below a height.
func (b block) shown(tile *Tile, from float64) bool {
	return b.end > from+1 && b.top < tile.Rect.Y+tile.Rect.H-1
}

// marks tells tiles which posts they show, and the posts which tiles show them.
func (s *shooter) marks(blocks []block) func(*Tile, float64) {
	return func(tile *Tile, from float64) {
		for _, b := range blocks {
			if b.id == "" || !b.shown(tile, from) {
				continue
			}
			tile.Posts = append(tile.Posts, b.id)
			for i := range s.c.Posts {
				if s.c.Posts[i].ID == b.id {
					s.c.Posts[i].Tiles = append(s.c.Posts[i].Tiles, tile.N)
				}
			}
		}
	}
}

// stretch keeps a stretch of the page, in document px, as sheets, and gives where it ended. each gets every tile, and the height from which on
// it shows what the tile before does not.
func (s *shooter) stretch(ctx context.Context, r region, blocks []block, top, end float64, wait func(float64) bool, each func(*Tile, float64)) (float64, error) {
	all, next := parts(r, blocks, top, end, wait)
	tiles, err := s.shootAll(ctx, TilePage, all)
	if err != nil {
		return 0, err
	}
	for i := range tiles {
		tiles[i].fill(r)
		if each != nil {
			each(&tiles[i], all[i].from)
		}
	}
	return next, nil
}

// shootAll photographs parts that lie inside the window, as many as can be with one screenshot, and gives their tiles.
func (s *shooter) shootAll(ctx context.Context, kind TileKind, all []part) ([]Tile, error) {
	had := len(s.c.Tiles)
	for i := 0; i < len(all); {
		n := s.joined(all[i:])
		if err := s.strip(ctx, kind, all[i:i+n]); err != nil {
			return nil, err
		}
		i += n
	}
	return s.c.Tiles[had:], nil
}

// joined is how many pieces can come from one screenshot.
func (s *shooter) joined(all []part) int {
	n := 1
	for s.image != "png" && n < len(all) && n < mostInStrip {
		at := all[n].top - all[0].top
		if math.Mod(at, rowUnit) != 0 || math.Floor(all[0].top) != all[0].top {
			break
		}
		n++
	}
	return n
}

// strip takes one screenshot of pieces and parts it. Where it cannot be parted, each gets one of its own.
func (s *shooter) strip(ctx context.Context, kind TileKind, all []part) error {
	if len(all) > 1 {
		err := s.fromOne(ctx, kind, all)
		if !errors.Is(err, errNoStrip) {
			return err
		}
	}
	for _, p := range all {
		if _, err := s.shoot(ctx, kind, p.rect()); err != nil {
			return err
		}
	}
	return nil
}

func (s *shooter) fromOne(ctx context.Context, kind TileKind, all []part) error {
	top, at := all[0].top, s.t.b.o.Now()
	data, err := s.screenshot(ctx, s.column(Rect{Y: top, W: ViewportWidth, H: all[len(all)-1].bottom - top}))
	if err != nil {
		return err
	}
	whole, err := newStrip(data)
	if err != nil {
		return err
	}
	cuts := make([][]byte, len(all))
	for i, p := range all {
		if cuts[i], err = whole.slice(int(p.top-top), min(int(math.Round(p.bottom-top)), whole.height)); err != nil {
			return fmt.Errorf("%w: %w", errNoStrip, err)
		}
	}
	for i, p := range all {
		if _, err := s.keepTile(kind, s.column(p.rect()), cuts[i], at); err != nil {
			return err
		}
	}
	return nil
}

// screenshot is what a rectangle of the page looks like, encoded.
func (s *shooter) screenshot(ctx context.Context, r Rect) ([]byte, error) {
	p := page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatJpeg, Quality: new(int64(90)), FromSurface: new(true), CaptureBeyondViewport: new(false),
		Clip: &page.Viewport{X: r.X, Y: r.Y, Width: r.W, Height: r.H, Scale: 1},
	}
	if s.image == "png" {
		p.Format, p.Quality = page.CaptureScreenshotFormatPng, nil
	}
	defer s.t.patience()()
	res, err := cdp.Call(ctx, s.t.s, page.CaptureScreenshot, p)
	if err != nil {
		return nil, fmt.Errorf("screenshot: %w", err)
	}
	return res.Data, nil
}
