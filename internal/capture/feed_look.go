package capture

import (
	"context"
	"math"
	"time"
)

// ready waits for the pictures in the window and looks.
func (f *feeder) ready(ctx context.Context) (sight, error) {
	// Lists that keep only what is near the window put it there at the next frame.
	if err := f.t.painted(ctx); err != nil {
		return sight{}, err
	}
	if err := f.fill(ctx); err != nil {
		return sight{}, err
	}
	if err := f.pictured(ctx); err != nil {
		return sight{}, err
	}
	return f.look(ctx)
}

// look lists the posts between what has been photographed and the window's lower edge.
func (f *feeder) look(ctx context.Context) (sight, error) {
	return eval[sight](ctx, f.t, "look", f.shot, f.pos+f.window)
}

// pictured waits until the pictures and fonts in the window are there, for four seconds at most.
func (f *feeder) pictured(ctx context.Context) error {
	_, err := eval[int](ctx, f.t, "settled", 4000)
	return err
}

// taller makes the window as tall as it may be once the feed has grown: when it was made tall there was no more than the first posts.
func (f *feeder) taller(ctx context.Context, g sight) error {
	const tall = tallSheets * SheetHeight
	if f.window <= SheetHeight || f.window >= tall || g.Inner || g.Height < tall {
		return nil
	}
	f.window = tall
	return f.t.viewport(ctx, tall)
}

// fill waits a moment for posts that are on their way where the window is tall and has room for them: each look costs the same, however much it shows.
func (f *feeder) fill(ctx context.Context) error {
	const most, stale = 250 * time.Millisecond, time.Second
	for began := time.Now(); f.window > SheetHeight && time.Since(began) < most && f.t.net.asking(stale); {
		w, err := eval[where](ctx, f.t, "where")
		if err != nil || w.Scroll+w.Window < w.Height-2 {
			return err
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// anchor corrects the heights when the page moved everything: the last post photographed says by how much.
func (f *feeder) anchor(g sight) {
	if f.lastKey == "" {
		return
	}
	for _, it := range g.Items {
		if it.Key == f.lastKey {
			if d := it.Bottom - f.lastEnd; math.Abs(d) > 1 {
				f.shot += d
				f.lastEnd = it.Bottom
			}
			return
		}
	}
}
