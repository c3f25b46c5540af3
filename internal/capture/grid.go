package capture

import (
	"context"
	"fmt"
	"math"
	"time"
)

// gridTile is one picture of a grid: a post that is told only when it is opened.
type gridTile struct {
	I           int
	URL         string // empty where the tile is a button
	X           float64
	Top, Bottom float64
	Pinned      bool
	Alt         string
}

// gridder keeps a grid of pictures and opens its posts, newest first.
type gridder struct {
	*visitor
	window float64
	order  []gridTile
	known  map[string]bool
	shot   float64 // everything above this height has been photographed
	bottom bool    // the grid has ended
	on     map[string][]int
	old    int
	stop   Stop
	home   string
	pages  map[string]bool // further pages of the grid that were opened
	broken int             // own pages in a row that did not show their post
}

// gridStages are how many tiles are looked up before their posts are opened: times are known only then, and a long grid
// need not be scrolled to its end for half a year.
var gridStages = []int{150, 600, 3000, math.MaxInt}

// grid keeps a page of pictures whose posts are told only when they are opened. It returns false where the page is none, with nothing done.
func (s *shooter) grid(ctx context.Context, window float64) (bool, error) {
	tiles, err := eval[[]gridTile](ctx, s.t, "gridLook", false)
	if err != nil || len(tiles) == 0 {
		return false, err
	}
	v := s.visitor(owner{})
	v.always = true
	g := &gridder{visitor: v, window: window, known: map[string]bool{}, on: map[string][]int{}, pages: map[string]bool{}, home: s.c.Job.URL}
	if v.names, err = s.t.owner(ctx, s.c); err != nil {
		return false, err
	}
	if n, err := eval[*int](ctx, s.t, "claim"); err == nil {
		s.c.Counts.PagePosts = n
	}
	if err := g.run(ctx, tiles); err != nil {
		return true, err
	}
	s.c.Period.Stop = g.stop
	v.sum()
	return true, nil
}

// run looks up tiles and opens their posts in turns, until the period is covered or the grid ends.
func (g *gridder) run(ctx context.Context, tiles []gridTile) error {
	if tiles[0].URL == "" {
		if err := g.harvest(ctx, gridStages[0]); err != nil {
			return err
		}
		if err := g.leaf(ctx, 0); err != nil || len(g.c.Posts) > 0 {
			return err
		}
		g.stop = StopNoGrowth
		g.c.lack("grid-closed", "Bilderna på sidan gick inte att öppna; inläggen bakom dem är inte fångade.", "The pictures of the page could not be opened; the posts behind them were not captured.")
		return nil
	}
	opened := 0
	for stage, most := range gridStages {
		if stage > 0 {
			if err := g.back(ctx); err != nil {
				return err
			}
		}
		if g.c.cutoff() == nil {
			most = math.MaxInt
		}
		if err := g.harvest(ctx, most); err != nil {
			return err
		}
		for ; opened < len(g.order) && g.stop == ""; opened++ {
			if err := g.post(ctx, opened); err != nil {
				return err
			}
		}
		if g.stop == "" && g.bottom {
			g.stop = StopEndOfFeed
		}
		if g.stop != "" {
			break
		}
	}
	return nil
}

// back opens the grid again, at its top.
func (g *gridder) back(ctx context.Context) error {
	if err := g.t.viewport(ctx, int64(g.window)); err != nil {
		return err
	}
	code, err := g.enter(ctx, g.home)
	if err == nil && code != "" {
		g.stop = StopNoGrowth
		g.c.lack("grid-lost", "Sidan med bilder gick inte att öppna igen ("+code+"); äldre inlägg är inte fångade.", "The page of pictures could not be opened again ("+code+"); older posts were not captured.")
	}
	return err
}

// harvest scrolls the grid, photographs it and notes its tiles, until it ends or so many are known.
func (g *gridder) harvest(ctx context.Context, most int) error {
	dry := 0
	for g.stop == "" {
		g.c.Views++
		h, fresh, err := g.step(ctx)
		if err != nil {
			return err
		}
		if len(g.order) >= most || g.full(ctx) {
			return nil
		}
		if g.shot < h-2 {
			dry = 0
			continue
		}
		if fresh > 0 {
			dry = 0
		}
		grown, err := g.grown(ctx, h)
		if err != nil {
			return err
		}
		if !grown {
			dry++
		}
		if dry < 2 {
			continue
		}
		if turned, err := g.turn(ctx); err != nil {
			return err
		} else if !turned {
			g.bottom = true
			return nil
		}
		dry = 0
	}
	return nil
}

// turn opens the grid's next page, and reports whether there was one.
func (g *gridder) turn(ctx context.Context) (bool, error) {
	o, err := eval[outlook](ctx, g.t, "outlook")
	if err != nil || o.Next == "" || g.pages[o.Next] {
		return false, err
	}
	g.pages[o.Next] = true
	if code, err := g.enter(ctx, o.Next); err != nil || code != "" {
		if err == nil {
			g.c.lack("next-page", "Nästa sida med bilder gick inte att öppna ("+code+"); äldre inlägg är inte fångade.", "The next page of pictures could not be opened ("+code+"); older posts were not captured.")
		}
		return false, err
	}
	g.t.note("opened", withoutSecrets(o.Next))
	g.home, g.shot = o.Next, 0
	return true, nil
}

// full ends the looking up at the limit of posts.
func (g *gridder) full(ctx context.Context) bool {
	if n := g.limits.Posts; n > 0 && len(g.order) >= n {
		return true
	}
	return g.exceeded(ctx)
}

// step keeps one window of the grid from shot on.
func (g *gridder) step(ctx context.Context) (height float64, fresh int, err error) {
	scroll, err := eval[float64](ctx, g.t, "scrollTo", g.shot)
	if err != nil {
		return 0, 0, err
	}
	if err := g.t.quell(ctx, g.c, g.shot < 5); err != nil {
		return 0, 0, err
	}
	if err := g.rest(ctx); err != nil {
		return 0, 0, err
	}
	if _, err := eval[int](ctx, g.t, "settled", 4000); err != nil {
		return 0, 0, err
	}
	tiles, err := eval[[]gridTile](ctx, g.t, "gridLook", true)
	if err != nil {
		return 0, 0, err
	}
	for _, tile := range tiles {
		if k := tile.key(); !g.known[k] {
			g.known[k] = true
			g.order = append(g.order, tile)
			fresh++
		}
	}
	height, err = g.expose(ctx, tiles, scroll)
	return height, fresh, err
}

// key tells a tile apart from the others.
func (t gridTile) key() string {
	if t.URL != "" {
		return t.URL
	}
	return fmt.Sprintf("%.0f,%.0f", t.X, t.Top)
}

// expose photographs what the window shows of the grid below shot. No row is parted.
func (g *gridder) expose(ctx context.Context, tiles []gridTile, scroll float64) (float64, error) {
	r, err := g.t.region(ctx, g.shot, scroll+g.window)
	if err != nil {
		return 0, err
	}
	var rows []block
	for _, t := range tiles {
		rows = append(rows, block{t.key(), t.Top, t.Bottom})
	}
	bottom := math.Min(r.Height, scroll+g.window)
	// The last stretch of this window is cut when the next one shows what follows it.
	wait := func(top float64) bool { return bottom < r.Height-1 && bottom-top < SheetHeight && top > scroll+1 }
	if g.shot, err = g.stretch(ctx, r, rows, g.shot, bottom, wait, func(tile *Tile, from float64) {
		for _, b := range rows {
			if b.shown(tile, from) {
				g.on[b.id] = append(g.on[b.id], tile.N)
			}
		}
	}); err != nil {
		return 0, err
	}
	return r.Height, nil
}

// grown gets the grid to show more, by scrolling, a button or waiting, and reports whether it did.
func (g *gridder) grown(ctx context.Context, height float64) (bool, error) {
	const patience = 2500 * time.Millisecond
	until := time.Now().Add(patience)
	for round := 0; time.Now().Before(until); round++ {
		if round%8 == 0 {
			if _, err := eval[where](ctx, g.t, "nudge"); err != nil {
				return false, err
			}
		}
		o, err := eval[outlook](ctx, g.t, "outlook")
		if err != nil {
			return false, err
		}
		_, quiet := g.t.net.quiet(8 * time.Second)
		if o.More != "" && quiet {
			if label, err := eval[string](ctx, g.t, "pressMore"); err != nil {
				return false, err
			} else if label != "" {
				g.t.note("pressed", label)
				until = time.Now().Add(patience)
			}
		}
		if soon := time.Now().Add(time.Second); !quiet && soon.After(until) {
			until = soon
		}
		tiles, err := eval[[]gridTile](ctx, g.t, "gridLook", true)
		if err != nil {
			return false, err
		}
		for _, t := range tiles {
			if !g.known[t.key()] {
				return true, nil
			}
		}
		if h, err := eval[float64](ctx, g.t, "height"); err != nil || h > height+1 {
			return err == nil, err
		}
		if err := pause(ctx, 60*time.Millisecond); err != nil {
			return false, err
		}
	}
	return false, nil
}
