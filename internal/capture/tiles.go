package capture

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"time"
)

// region is what the page shows between two heights, in document pixels.
type region struct {
	Texts  []box   `json:"texts"`
	Links  []box   `json:"links"`
	Atoms  []box   `json:"atoms"`
	Heads  []box   `json:"heads"`
	Height float64 `json:"height"`
	// Outside counts the frames of other origins, whose own texts are not among these yet.
	Outside int `json:"outside"`
}

type box struct {
	Rect
	T    string `json:"t"`
	RTL  bool   `json:"rtl"`
	URL  string `json:"url"`
	Text string `json:"text"`
}

// block is a stretch of the page that should stay on one sheet when it fits one: a post with its id.
type block struct {
	id       string
	top, end float64
}

// shooter takes tiles and writes them to disk as they come, so that memory does not grow with the page.
type shooter struct {
	t     *tab
	dir   string
	image string
	c     *Capture
	bytes int64
	// limits bound a feed.
	limits Limits
	media  mediaKeeper
	framed framed
	left   float64 // where the sheets begin, in a page that is wider than the window
}

// column moves a rectangle to where the sheets begin.
func (s *shooter) column(r Rect) Rect {
	r.X += s.left
	return r
}

// shoot photographs a rectangle of the page (document pixels) that lies inside the window.
func (s *shooter) shoot(ctx context.Context, kind TileKind, r Rect) (*Tile, error) {
	at := s.t.b.o.Now()
	r = s.column(r)
	data, err := s.screenshot(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.keepTile(kind, r, data, at)
}

// keepTile writes a picture of a rectangle of the page to disk.
func (s *shooter) keepTile(kind TileKind, r Rect, data []byte, at time.Time) (*Tile, error) {
	ext, mime := "jpg", "image/jpeg"
	if s.image == "png" {
		ext, mime = "png", "image/png"
	}
	n := len(s.c.Tiles) + 1
	tile := Tile{N: n, Kind: kind, View: s.c.Views, Rect: r, File: fmt.Sprintf("tiles/%04d.%s", n, ext), MIME: mime,
		W: int(math.Round(r.W)), H: int(math.Round(r.H)), At: at, SHA256: digest(data), Text: []TextBox{}, Links: []LinkBox{}, Posts: []string{}}
	if err := os.WriteFile(filepath.Join(s.dir, tile.File), data, 0o600); err != nil {
		return nil, fmt.Errorf("cannot keep a screenshot: %w", err)
	}
	s.bytes += int64(len(data))
	s.c.Tiles = append(s.c.Tiles, tile)
	return &s.c.Tiles[n-1], nil
}

// fill gives a tile the texts and links that it shows, moved to the tile's own corner.
func (tile *Tile) fill(g region) {
	r := tile.Rect
	for _, b := range g.Texts {
		if in, ok := b.inside(r); ok {
			tile.Text = append(tile.Text, TextBox{Rect: in, Text: b.T, RTL: b.RTL})
		}
	}
	for _, b := range g.Links {
		if in, ok := b.inside(r); ok {
			tile.Links = append(tile.Links, LinkBox{Rect: in, URL: withoutSecrets(b.URL), Text: b.Text})
		}
	}
	for _, b := range g.Heads {
		if _, ok := b.inside(r); ok && b.T != "" && len(tile.Shows) < 400 {
			if tile.Shows != "" {
				tile.Shows += "; "
			}
			tile.Shows += b.T
		}
	}
}

// inside moves the box into the rectangle's coordinates and cuts it at its edges; ok is false where its middle lies outside.
func (b box) inside(r Rect) (Rect, bool) {
	cy := b.Y + b.H/2
	if cy < r.Y || cy >= r.Y+r.H {
		return Rect{}, false
	}
	l, right := math.Max(b.X, r.X), math.Min(b.X+b.W, r.X+r.W)
	top, bottom := math.Max(b.Y, r.Y), math.Min(b.Y+b.H, r.Y+r.H)
	if right-l < 1 || bottom-top < 1 {
		return Rect{}, false
	}
	return Rect{X: l - r.X, Y: top - r.Y, W: right - l, H: bottom - top}, true
}

// cut chooses where a sheet that begins at top ends, at most SheetHeight further and not past end, and where the next one begins.
// It never parts a line of text: where columns leave no clear gap, the next sheet begins above the lines that were parted, so that each
// line is whole on one of the two. Blocks (posts) that fit a sheet are kept whole.
func cut(g region, blocks []block, top, end float64) (bottom, next float64) {
	limit := top + SheetHeight
	if end <= limit {
		return end, end
	}
	spans := barriers(g, blocks, top, limit)
	best, bestCost := limit, math.Inf(1)
	for _, y := range candidates(spans, top, limit) {
		cost := (limit - y) / SheetHeight * 3
		for _, s := range spans {
			if s.top < y-0.5 && s.bottom > y+0.5 {
				cost += s.cost
			}
		}
		if cost < bestCost {
			best, bestCost = y, cost
		}
	}
	next = best
	for again := true; again; {
		again = false
		for _, s := range spans {
			if s.text && s.top < next-0.5 && s.bottom > best+0.5 && s.top > top+1 {
				next, again = s.top, true
			}
		}
	}
	if next <= top+SheetHeight/4 { // a wall of overlapping lines: go on rather than stand still
		next = best
	}
	return math.Floor(best), math.Floor(next)
}

// blockCost is how bad it is to part a post that fits a sheet.
const blockCost = 100

type span struct {
	top, bottom, cost float64
	text              bool
}

// barriers lists what a cut between top and limit would part, with how bad that would be.
func barriers(g region, blocks []block, top, limit float64) []span {
	var out []span
	for _, b := range g.Texts {
		if b.Y < limit && b.Y+b.H > top {
			out = append(out, span{b.Y, b.Y + b.H, 1000, true})
		}
	}
	for _, b := range g.Atoms {
		if b.H < SheetHeight*0.9 && b.Y < limit && b.Y+b.H > top {
			out = append(out, span{b.Y, b.Y + b.H, 20, false})
		}
	}
	for _, b := range g.Heads { // a heading belongs to what follows it
		if b.Y < limit && b.Y+b.H > top {
			out = append(out, span{b.Y, b.Y + b.H + 40, 5, false})
		}
	}
	for _, b := range blocks {
		if b.end-b.top <= SheetHeight && b.top < limit && b.end > top {
			out = append(out, span{b.top, b.end, blockCost, false})
		}
	}
	return out
}

// candidates are the heights worth a cut: the limit, and the edges of everything in the sheet.
func candidates(spans []span, top, limit float64) []float64 {
	ys := []float64{limit}
	for _, s := range spans {
		for _, y := range []float64{s.top - 1, s.top - 6, s.bottom + 1, s.bottom + 6} {
			if y > top+SheetHeight*0.25 && y < limit {
				ys = append(ys, math.Floor(y))
			}
		}
	}
	sort.Float64s(ys)
	out := ys[:1]
	for _, y := range ys[1:] {
		if y-out[len(out)-1] >= 1 {
			out = append(out, y)
		}
	}
	return out
}

func digest(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// certDigest is the SHA-256 of a certificate given in base64 DER; empty when it is not readable.
func certDigest(b64 string) string {
	der, err := base64.StdEncoding.DecodeString(b64)
	if err != nil {
		return ""
	}
	return digest(der)
}
