package capture

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// thread is what the page gave: the post with its comments, and the posts before it that it answers.
type thread struct {
	Post   *rawPost
	Before []*rawPost
}

// spot is where a piece stands on the page, and how many of its own pictures did not come.
type spot struct {
	Rect
	Lost int
}

// keep reads the thread, finds in it what the address names, and photographs the page.
func (w *witness) keep(ctx context.Context) error {
	th, err := eval[thread](ctx, w.t, "evidenceRead")
	if err != nil {
		return err
	}
	if th.Post == nil {
		w.c.judge(evidenceNotFound(false))
		return nil
	}
	if err := w.t.hover(ctx, append([]*rawPost{th.Post}, th.Before...)); err != nil {
		return err
	}
	target, chain := w.find(th.Post)
	if target == nil {
		w.c.judge(evidenceNotFound(true))
		return nil
	}
	w.c.Views++
	at, err := w.photograph(ctx, target)
	if err != nil {
		return err
	}
	if at == nil {
		w.c.judge(evidenceNotFound(len(chain) > 0))
		return nil
	}
	if err := w.write(ctx, th, target, chain, *at); err != nil {
		return err
	}
	what := Text{"Inlägget är fångat i sitt sammanhang.", "The post was captured in its context."}
	if len(chain) > 0 {
		what = Text{"Kommentaren är fångad i sitt sammanhang.", "The comment was captured in its context."}
	}
	w.c.Period.Stop = StopEndOfPage
	w.c.judge(verdict{outcome: Complete, code: "ok", text: what})
	return nil
}

// find gives the piece that the address names, and the way to it through the comments' indexes; nil where it names a comment that is
// not in the thread.
func (w *witness) find(post *rawPost) (*rawPost, []int) {
	if w.want.comment == "" && w.want.named(post, false) && !hasComment(post, w.want) {
		return post, nil
	}
	if c, chain := findComment(post, w.want, nil); c != nil {
		return c, chain
	}
	if w.want.comment != "" || looksLikeComment(w.want.hash) || w.guess && !w.mayBe(post) {
		return nil, nil
	}
	return post, nil
}

// mayBe reports whether a post without an address of its own is what the page's address means: the page shows no other, and nothing on it
// says that the post is another's.
func (w *witness) mayBe(post *rawPost) bool {
	if !w.single {
		return false
	}
	if own, ok := placeOf(post.Permalink); ok && !w.isShown(own) {
		return false
	}
	w.c.lack("address-not-shown", "Sidan anger ingen egen adress för inlägget; sidans enda inlägg är fångat.", "The page gives the post no address of its own; the page's only post was captured.")
	return true
}

func hasComment(post *rawPost, want place) bool {
	if want.hash == "" {
		return false
	}
	c, _ := findComment(post, want, nil)
	return c != nil
}

func findComment(p *rawPost, want place, chain []int) (*rawPost, []int) {
	for i := range p.Comments {
		here := append(chain[:len(chain):len(chain)], i)
		if want.named(&p.Comments[i], true) {
			return &p.Comments[i], here
		}
		if c, way := findComment(&p.Comments[i], want, here); c != nil {
			return c, way
		}
	}
	return nil, nil
}

// looksLikeComment tells a fragment that names a comment from one that only says how the page is shown.
func looksLikeComment(hash string) bool {
	h := strings.ToLower(hash)
	for _, word := range []string{"comment", "kommentar", "reply", "svar"} {
		if strings.Contains(h, word) && strings.ContainsAny(h, "0123456789") {
			return true
		}
	}
	return false
}

// photograph takes the page from the top to the thread's end and a little further, and makes sure that the piece stood still meanwhile.
func (w *witness) photograph(ctx context.Context, target *rawPost) (*spot, error) {
	first := len(w.c.Tiles)
	for try := 0; ; try++ {
		before, err := w.at(ctx, target)
		if err != nil || before == nil {
			return nil, err
		}
		end, err := w.shootDown(ctx)
		if err != nil {
			return nil, err
		}
		after, err := w.at(ctx, target)
		if err != nil {
			return nil, err
		}
		if after != nil && math.Abs(after.Y-before.Y) < 3 && math.Abs(after.H-before.H) < 3 && after.Y+after.H <= end+1 {
			return after, nil
		}
		if try >= 2 {
			w.c.lack("evidence-moved", "Sidan ändrade sig medan den fotograferades; bilden av det som ska dokumenteras kan vara ofullständig.",
				"The page changed while it was photographed; the picture of what is to be documented may be incomplete.")
			return before, nil
		}
		for _, tile := range w.c.Tiles[first:] {
			if err := os.Remove(filepath.Join(w.dir, tile.File)); err != nil {
				return nil, err
			}
		}
		w.c.Tiles = w.c.Tiles[:first]
	}
}

func (w *witness) at(ctx context.Context, p *rawPost) (*spot, error) {
	return eval[*spot](ctx, w.t, "evidenceAt", p.Mark, p.CommentID)
}

// shootDown photographs the page from the top to the thread's end, and on to the page's end where that is near. It returns how far it came.
func (w *witness) shootDown(ctx context.Context) (float64, error) {
	bottom, err := eval[float64](ctx, w.t, "evidenceBottom")
	if err != nil {
		return 0, err
	}
	height, err := eval[float64](ctx, w.t, "height")
	if err != nil {
		return 0, err
	}
	end := math.Min(height, math.Ceil(bottom)+24)
	if height-end < SheetHeight {
		end = height
	}
	for top, n := 0.0, 0; top < end-1; n++ {
		if n >= evidenceSheets {
			w.c.lack("limit-sheets", "Tråden är för lång för att fotograferas i sin helhet.", "The thread is too long to be photographed as a whole.")
			return top, nil
		}
		next, err := w.sheet(ctx, top, end, n == 0)
		if err != nil {
			return top, err
		}
		top = next
	}
	return end, nil
}

// sheet photographs one sheet from top on, and gives where the next one begins.
func (w *witness) sheet(ctx context.Context, top, end float64, first bool) (float64, error) {
	w.c.Views++
	if _, err := eval[float64](ctx, w.t, "scrollTo", top); err != nil {
		return 0, err
	}
	quelled, err := eval[[]string](ctx, w.t, "quell", first)
	if err != nil {
		return 0, err
	}
	for _, q := range quelled {
		w.t.note("hidden", q)
	}
	if err := w.t.settle(ctx, false); err != nil {
		return 0, err
	}
	g, err := eval[region](ctx, w.t, "region", top, math.Min(end, top+SheetHeight))
	if err != nil {
		return 0, err
	}
	whole, err := eval[[]struct{ Top, End float64 }](ctx, w.t, "evidenceBlocks")
	if err != nil {
		return 0, err
	}
	var blocks []block
	for _, b := range whole {
		blocks = append(blocks, block{"", b.Top, b.End})
	}
	stop, next := cut(g, blocks, top, end)
	tile, err := w.shoot(ctx, TilePage, Rect{Y: top, W: ViewportWidth, H: stop - top})
	if err != nil {
		return 0, err
	}
	tile.fill(g)
	return next, nil
}

// write puts the thread into the capture: which piece the evidence is about, its pictures as files, which tiles show it.
func (w *witness) write(ctx context.Context, th thread, target *rawPost, chain []int, at spot) error {
	for _, r := range th.Before {
		if r != nil {
			w.c.Posts = append(w.c.Posts, w.post(r))
		}
	}
	w.c.Posts = append(w.c.Posts, w.post(th.Post))
	piece := &w.c.Posts[len(w.c.Posts)-1]
	for _, i := range chain {
		piece = &piece.Comments[i]
	}
	if err := w.media(ctx, target, piece); err != nil {
		return err
	}
	if at.Lost > 0 {
		w.c.lack("evidence-media", "En bild i det som ska dokumenteras gick inte att hämta.", "A picture in what is to be documented could not be fetched.")
	}
	w.mark(piece, at)
	p, err := w.t.pageText(ctx, w.c.Facts)
	if err != nil {
		return err
	}
	if p.Blocks, err = eval[[]Block](ctx, w.t, "evidenceText"); err != nil {
		return err
	}
	w.c.Pages = append(w.c.Pages, p)
	ev := *w.c.Job.Evidence
	ev.Post = piece.ID
	w.c.Job.Evidence = &ev
	return nil
}

// post makes a post of what was read. Without an address to go by, an unknown name is not called somebody else's where the account's
// own name may be another than the register's.
func (w *witness) post(r *rawPost) Post {
	p := w.t.post(r, w.c, w.names)
	var doubt func(p *Post)
	doubt = func(p *Post) {
		if p.Origin == OriginReceived && p.AuthorURL == "" && w.names.host == "" {
			p.Origin = OriginUnknown
		}
		for i := range p.Comments {
			doubt(&p.Comments[i])
		}
	}
	doubt(&p)
	return p
}

// mark tells which tiles show the piece.
func (w *witness) mark(piece *Post, at spot) {
	for i := range w.c.Tiles {
		t := &w.c.Tiles[i]
		if t.Kind == TilePage && at.Y < t.Rect.Y+t.Rect.H-1 && at.Y+at.H > t.Rect.Y+1 {
			t.Posts = append(t.Posts, piece.ID)
			piece.Tiles = append(piece.Tiles, t.N)
		}
	}
}
