package capture

import (
	"context"
	"math"
)

// talk reads the comments that the feed shows in dialogs over the page, one post after the other.
func (f *feeder) talk(ctx context.Context) error {
	opened, err := eval[[]string](ctx, f.t, "talks")
	if err != nil || len(opened) == 0 {
		return err
	}
	v := f.visitor(f.names)
	keys := map[string]string{}
	for _, key := range opened {
		keys[f.ids[key]] = key
	}
	if _, err := eval[bool](ctx, f.t, "visitTalk"); err != nil {
		return err
	}
	cutoff := f.c.cutoff()
	for i := range f.c.Posts {
		p := &f.c.Posts[i]
		if keys[p.ID] == "" || cutoff != nil && p.Published != nil && p.Published.Before(*cutoff) {
			continue
		}
		if v.row >= 3 || v.exceeded(ctx) {
			break
		}
		if err := v.overlaid(ctx, p, keys[p.ID]); err != nil {
			return err
		}
	}
	_, err = eval[bool](ctx, f.t, "visitList")
	return err
}

// overlaid opens one post's dialog, reads and photographs it, and closes it.
func (v *visitor) overlaid(ctx context.Context, p *Post, key string) error {
	if err := v.t.viewport(ctx, SheetHeight); err != nil {
		return err
	}
	opened, err := eval[bool](ctx, v.t, "talkOpen", key, dialogWait.Milliseconds())
	if err != nil {
		return err
	}
	if !opened {
		v.row++
		return nil
	}
	v.row = 0
	v.t.note("pressed", "comments in a dialog")
	if err := v.t.settle(ctx, false); err != nil {
		return err
	}
	if _, err := v.unroll(ctx, p); err != nil {
		return err
	}
	if err := v.portrait(ctx, p); err != nil {
		return err
	}
	if err := v.hold(ctx, *p); err != nil {
		return err
	}
	_, err = eval[bool](ctx, v.t, "talkClose")
	return err
}

// portrait photographs the dialog: the window is made as high as what the dialog holds, because a dialog does not scroll with the page.
func (v *visitor) portrait(ctx context.Context, p *Post) error {
	f, err := eval[frame](ctx, v.t, "visitUnclip")
	if err != nil {
		return err
	}
	if f.Panes > 0 {
		v.t.note("expanded", "a pane with comments that scrolls by itself")
	}
	high := math.Min(math.Max(SheetHeight, math.Ceil(f.Bottom-f.Top)+160), tallSheets*SheetHeight)
	if err := v.t.viewport(ctx, int64(high)); err != nil {
		return err
	}
	if err := v.t.painted(ctx); err != nil {
		return err
	}
	if _, err := eval[int](ctx, v.t, "settled", 3000); err != nil {
		return err
	}
	o, err := v.read(ctx, p)
	if err != nil || o.Post == nil {
		return err
	}
	scroll, err := eval[where](ctx, v.t, "where")
	if err != nil {
		return err
	}
	v.c.Views++
	top, bottom := math.Max(o.Top-8, scroll.Scroll), math.Min(o.Bottom+8, scroll.Scroll+high)
	r, err := v.t.region(ctx, top, bottom)
	if err != nil {
		return err
	}
	blocks := v.blocks(p, o)
	_, err = v.stretch(ctx, r, blocks, top, bottom, nil, func(tile *Tile, _ float64) { v.label(tile, p, o, blocks) })
	return err
}
