package capture

import (
	"context"
	"net/url"
	"slices"
	"time"
)

// answers opens, one after the other, the own pages of a post's comments that count more answers than the post's page shows.
func (v *visitor) answers(ctx context.Context, p *Post) error {
	const most, each = 100, time.Minute
	tried := map[string]bool{}
	for range most {
		c := v.awaited(p.Permalink, p.Comments, tried)
		if c == nil || v.exceeded(ctx) {
			return nil
		}
		address := c.Permalink
		tried[address] = true
		actx, cancel := context.WithTimeout(ctx, each)
		_, err := v.page(actx, c) // what it could not open is counted in the end
		late := actx.Err() != nil
		cancel()
		if err != nil && !late {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		over := map[string]bool{p.ID: true}
		above(p.Comments, address, over)
		c.Comments = slices.DeleteFunc(c.Comments, func(a Post) bool { return over[a.ID] }) // what it answers may stand on its page
		p.Comments = reparent(p.Comments, address, answersOf(c))
	}
	return nil
}

// answersOf is what stands right below a comment, by number.
func answersOf(c *Post) map[string]bool {
	out := map[string]bool{}
	for _, a := range c.Comments {
		out[a.ID] = true
	}
	return out
}

// above notes the numbers of the comment at the given address and of those that it stands below; it reports whether the list holds it.
func above(comments []Post, address string, over map[string]bool) bool {
	for _, c := range comments {
		if c.Permalink == address || above(c.Comments, address, over) {
			over[c.ID] = true
			return true
		}
	}
	return false
}

// reparent takes the answers of the comment at the given address out of every other place in the tree: the post's page may have listed them without saying
// what they answer. What was kept below such a one, and on which tiles it is, goes with it.
func reparent(comments []Post, address string, answers map[string]bool) []Post {
	moved := map[string]Post{}
	var take func(list []Post, here bool) []Post
	take = func(list []Post, here bool) []Post {
		out := list[:0:0]
		for _, c := range list {
			c.Comments = take(c.Comments, c.Permalink == address)
			if answers[c.ID] && !here {
				moved[c.ID] = c
				continue
			}
			out = append(out, c)
		}
		return out
	}
	out := take(comments, false)
	if len(moved) == 0 {
		return out
	}
	var put func(list []Post)
	put = func(list []Post) {
		for i := range list {
			c := &list[i]
			if had, is := moved[c.ID]; is {
				c.Tiles = slices.Compact(slices.Sorted(slices.Values(append(had.Tiles, c.Tiles...))))
				if len(c.Comments) == 0 {
					c.Comments = had.Comments
				}
			}
			put(c.Comments)
		}
	}
	put(out)
	return out
}

// deeper says whether a piece is a comment of the post whose pages are being visited.
func (v *visitor) deeper(p *Post) bool { return v.root != nil && v.root != p }

// expect tells the page that it is a comment's, or a further one of the post's comments, on which the post itself may not stand.
func (v *visitor) expect(ctx context.Context, p *Post, further bool) {
	// a page that has no script by now fails at the next call
	if v.deeper(p) {
		_, _ = eval[bool](ctx, v.t, "visitAnswer")
		return
	}
	if !further {
		return
	}
	var at int64
	if p.Published != nil {
		at = p.Published.UnixMilli()
	}
	_, _ = eval[bool](ctx, v.t, "visitLater", p.PublishedText, at)
}

// awaited is the next comment, at any depth, with a page of its own that has more answers than are kept; nil for none. of is the post's own page.
func (v *visitor) awaited(of string, comments []Post, tried map[string]bool) *Post {
	for i := range comments {
		c := &comments[i]
		if short(c) > 0 && !tried[c.Permalink] && ownAddress(of, c.Permalink) && v.visitable(c.Permalink) {
			return c
		}
		if deeper := v.awaited(of, c.Comments, tried); deeper != nil {
			return deeper
		}
	}
	return nil
}

// ownAddress says whether an address is another page than the post's, and no place on it.
func ownAddress(of, address string) bool {
	a, err := url.Parse(of)
	b, err2 := url.Parse(address)
	return err == nil && err2 == nil && (a.Path != b.Path || a.RawQuery != b.RawQuery)
}

// short is how many of the answers that a comment's own counter promises are not kept.
func short(c *Post) int {
	if c.Reactions == nil || c.Reactions.Comments == nil {
		return 0
	}
	n, replies := count(c.Comments)
	return max(0, *c.Reactions.Comments-n-replies)
}

// unanswered is how many answers comments promise, at any depth, that are not kept.
func unanswered(comments []Post) int {
	n := 0
	for i := range comments {
		n += short(&comments[i]) + unanswered(comments[i].Comments)
	}
	return n
}
