package capture

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// viewMark is how far a feed had been photographed when nothing lay over the page.
type viewMark struct {
	tiles         int
	shot, lastEnd float64
	lastKey       string
	loopSeen      map[string]int
}

// markView remembers that everything photographed so far was seen freely.
func (f *feeder) markView() {
	f.free = viewMark{len(f.c.Tiles), f.shot, f.lastEnd, f.lastKey, maps.Clone(f.loopSeen)}
}

// forgetView takes back the tiles since markView: a dialog came while they were photographed, and may lie over what they show.
func (f *feeder) forgetView() {
	m := f.free
	if m.loopSeen == nil || m.tiles >= len(f.c.Tiles) {
		return
	}
	for _, t := range f.c.Tiles[m.tiles:] {
		_ = os.Remove(filepath.Join(f.dir, t.File)) // the next tile of that number is written over it
	}
	f.c.Tiles = f.c.Tiles[:m.tiles]
	for i := range f.c.Posts {
		p := &f.c.Posts[i]
		p.Tiles = slices.DeleteFunc(p.Tiles, func(n int) bool { return n > m.tiles })
	}
	f.shot, f.lastEnd, f.lastKey, f.loopSeen = m.shot, m.lastEnd, m.lastKey, maps.Clone(m.loopSeen)
}

// redoView photographs the window again after a dialog was closed.
func (f *feeder) redoView(ctx context.Context) error {
	if f.free.loopSeen == nil || f.free.tiles >= len(f.c.Tiles) {
		return nil
	}
	f.forgetView()
	g, err := f.ready(ctx)
	if err != nil {
		return err
	}
	f.anchor(g)
	return f.photograph(ctx, g, false)
}
