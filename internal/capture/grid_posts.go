package capture

import (
	"context"
	"time"
)

// post opens one tile's post by its own page, or, where pages do not show their posts, goes on through the dialog.
func (g *gridder) post(ctx context.Context, i int) error {
	if l := g.limits.Posts; l > 0 && len(g.c.Posts) >= l {
		g.stop = StopLimit
		g.c.lack("limit-posts", "Gränsen för antal inlägg nåddes; äldre inlägg är inte fångade.", "The limit for number of posts was reached; older posts were not captured.")
		return nil
	}
	if g.exceeded(ctx) {
		g.stop = StopLimit
		return nil
	}
	tile := g.order[i]
	p := Post{Permalink: withoutSecrets(tile.URL), Pinned: tile.Pinned, Origin: OriginUnknown, Links: []string{}, Media: []Media{}, Comments: []Post{}}
	p.ID = pieceID(&rawPost{}, p, "")
	if i == 0 || g.broken == 0 {
		if err := g.t.viewport(ctx, SheetHeight); err != nil {
			return err
		}
	}
	failures := len(g.failed)
	if err := g.visit(ctx, &p); err != nil {
		return err
	}
	if len(g.failed) == failures && told(p) {
		g.broken = 0
		g.keep(p, tile)
		return nil
	}
	if g.broken++; g.broken == 1 || g.broken == 3 {
		n := len(g.c.Posts)
		if err := g.leaf(ctx, i); err != nil {
			return err
		}
		if len(g.c.Posts) > n {
			return nil
		}
	}
	if len(g.failed) == failures {
		g.failed = append(g.failed, "unreadable")
	}
	if g.broken >= 5 {
		g.stop = StopWall
	}
	return nil
}

// told says whether opening a post told more of it than its picture.
func told(p Post) bool { return p.Text != "" || p.Published != nil && p.Author != "" }

// keep adds a post and counts towards the stop.
func (g *gridder) keep(p Post, tile gridTile) {
	for _, n := range g.on[tile.key()] {
		p.Tiles = append([]int{n}, p.Tiles...)
		g.c.Tiles[n-1].Posts = append(g.c.Tiles[n-1].Posts, p.ID)
	}
	for _, have := range g.c.Posts {
		if have.ID == p.ID {
			return
		}
	}
	g.c.Posts = append(g.c.Posts, p)
	cutoff := g.c.cutoff()
	switch {
	case cutoff == nil || p.Pinned || p.Published == nil:
	case p.Published.Before(*cutoff):
		g.old++
	default:
		g.old = 0
	}
	if g.old >= oldInARow {
		g.stop = StopReachedDate
	}
}

// leaf opens the dialog of a tile on the grid's page and goes through the posts that follow by its arrow.
func (g *gridder) leaf(ctx context.Context, i int) error {
	if len(g.order) == 0 {
		g.stop = StopEndOfFeed
		return nil
	}
	if g.order[i].URL != "" {
		if err := g.back(ctx); err != nil || g.stop != "" {
			return err
		}
	}
	if _, err := eval[[]gridTile](ctx, g.t, "gridLook", true); err != nil {
		return err
	}
	pressed, err := eval[bool](ctx, g.t, "gridPress", g.order[i].URL, g.order[i].I)
	if err != nil || !pressed {
		return err
	}
	mark := ""
	for seen := map[string]bool{}; g.stop == ""; i++ {
		if mark, err = eval[string](ctx, g.t, "dialogReady", mark, dialogWait.Milliseconds()); err != nil {
			return err
		}
		if mark == "" {
			break
		}
		again, err := g.dialog(ctx, i, seen)
		if err != nil {
			return err
		}
		if again || g.exceeded(ctx) {
			break
		}
		label, err := eval[string](ctx, g.t, "dialogNext")
		if err != nil {
			return err
		}
		g.t.note("pressed", label)
	}
	if len(g.c.Posts) > 0 && g.stop == "" {
		g.stop = StopEndOfFeed
	}
	return nil
}

// dialog reads the post that stands open in the dialog. It reports whether that post was read before.
func (g *gridder) dialog(ctx context.Context, i int, seen map[string]bool) (bool, error) {
	if _, err := eval[bool](ctx, g.t, "visitDialog"); err != nil {
		return false, err
	}
	if err := g.t.settle(ctx, false); err != nil {
		return false, err
	}
	p := Post{Origin: OriginUnknown, Links: []string{}, Media: []Media{}, Comments: []Post{}}
	o, err := g.read(ctx, &p)
	if err != nil || o.Post == nil {
		return true, err
	}
	tile := gridTile{}
	if i < len(g.order) {
		tile = g.order[i]
	}
	p.Permalink = g.address(o, tile)
	p.ID = pieceID(o.Post, p, "")
	if seen[p.ID] {
		return true, nil
	}
	seen[p.ID] = true
	if _, err := g.unroll(ctx, &p); err != nil {
		return false, err
	}
	for _, t := range g.order {
		if t.URL != "" && withoutSecrets(t.URL) == p.Permalink {
			tile = t
		}
	}
	p.Pinned = p.Pinned || tile.Pinned
	if err := g.portrait(ctx, &p); err != nil {
		return false, err
	}
	if err := g.hold(ctx, p); err != nil {
		return false, err
	}
	g.keep(p, tile)
	return false, nil
}

// address is the permalink of the post in the dialog: what the address bar, the post or the tile says.
func (g *gridder) address(o ownPage, tile gridTile) string {
	if withoutFragment(o.URL) != withoutFragment(g.home) && withoutFragment(withoutSecrets(o.URL)) != withoutFragment(g.c.Facts.FinalURL) {
		return withoutSecrets(withoutFragment(o.URL))
	}
	if o.Post.Permalink != "" && withoutFragment(o.Post.Permalink) != withoutFragment(o.URL) {
		return withoutSecrets(o.Post.Permalink)
	}
	return withoutSecrets(tile.URL)
}

// dialogWait is how long a dialog may take to show its post.
const dialogWait = 6 * time.Second
