package capture

import (
	"context"
	"fmt"
	"math"
)

// photograph keeps a post's own page, from the post to its last comment, as sheets that tell which posts they show.
func (v *visitor) photograph(ctx context.Context, p *Post) error {
	if err := v.unclip(ctx); err != nil {
		return err
	}
	o, err := v.read(ctx, p)
	if err != nil || o.Post == nil {
		return err
	}
	top := o.Top - 12
	if top < SheetHeight/2 {
		top = 0 // what stands over the post tells where it is
	}
	for view := range 400 {
		next, end, err := v.sheet(ctx, p, top, view == 0)
		if err != nil {
			return err
		}
		if next >= end-1 || next <= top || v.exceeded(ctx) {
			return nil
		}
		top = next
	}
	return nil
}

// frame is where the post stands after panes that scroll by themselves were made as high as what they hold.
type frame struct {
	Panes               int
	Top, Bottom, Height float64
}

func (v *visitor) unclip(ctx context.Context) error {
	f, err := eval[frame](ctx, v.t, "visitUnclip")
	if err != nil || f.Panes == 0 {
		return err
	}
	v.t.note("expanded", "a pane with comments that scrolls by itself")
	return v.t.painted(ctx)
}

// sheet scrolls to top and keeps one window of the page.
func (v *visitor) sheet(ctx context.Context, p *Post, top float64, first bool) (next, end float64, err error) {
	v.c.Views++
	scroll, err := eval[float64](ctx, v.t, "scrollTo", math.Max(0, top))
	if err != nil {
		return 0, 0, err
	}
	if err := v.t.quell(ctx, v.c, first && top < 5); err != nil {
		return 0, 0, err
	}
	if err := v.t.settle(ctx, false); err != nil {
		return 0, 0, err
	}
	o, err := v.read(ctx, p)
	if err != nil {
		return 0, 0, err
	}
	blocks := v.blocks(p, o)
	g, err := v.t.region(ctx, top, scroll+SheetHeight)
	if err != nil {
		return 0, 0, err
	}
	end = math.Min(g.Height, o.Bottom+24)
	bottom := math.Min(end, scroll+SheetHeight)
	if bottom <= top+1 {
		return end, end, nil
	}
	stop, after := bottom, bottom
	if bottom < end-1 {
		stop, after = cut(g, blocks, top, bottom+SheetHeight)
		stop, after = math.Min(stop, bottom), math.Min(after, bottom)
	}
	tile, err := v.shoot(ctx, TilePage, Rect{Y: top, W: ViewportWidth, H: stop - top})
	if err != nil {
		return 0, 0, fmt.Errorf("%w: %w", errDisk, err)
	}
	tile.fill(g)
	v.label(tile, p, o, blocks)
	return after, end, nil
}

// blocks are the comments' places on the page with their ids.
func (v *visitor) blocks(p *Post, o ownPage) []block {
	var out []block
	n := 0
	var walk func(raw []rawPost)
	walk = func(raw []rawPost) {
		for i := range raw {
			r := raw[i]
			r.Comments = nil
			if n < len(o.Boxes) && o.Boxes[n] != nil {
				out = append(out, block{v.t.piece(&r, v.names, p.ID, true).ID, o.Boxes[n][0], o.Boxes[n][1]})
			}
			n++
			walk(raw[i].Comments)
		}
	}
	if o.Post != nil {
		walk(o.Post.Comments)
	}
	return out
}

// label tells a tile what it shows, and the post and its comments where they are shown.
func (v *visitor) label(tile *Tile, p *Post, _ ownPage, blocks []block) {
	tile.Posts = append(tile.Posts, p.ID)
	p.Tiles = append(p.Tiles, tile.N)
	if r := v.root; v.deeper(p) { // a comment's own page belongs to its post
		tile.Posts = append(tile.Posts, r.ID)
		r.Tiles = append(r.Tiles, tile.N)
	}
	on := map[string]bool{}
	for _, b := range blocks {
		if b.end > tile.Rect.Y+1 && b.top < tile.Rect.Y+tile.Rect.H-1 && !on[b.id] {
			on[b.id] = true
			tile.Posts = append(tile.Posts, b.id)
		}
	}
	var mark func(list []Post)
	mark = func(list []Post) {
		for i := range list {
			if on[list[i].ID] {
				list[i].Tiles = append(list[i].Tiles, tile.N)
			}
			mark(list[i].Comments)
		}
	}
	mark(p.Comments)
}
