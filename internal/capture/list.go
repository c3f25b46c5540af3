package capture

import (
	"context"
	"fmt"
)

// list keeps a page that lists posts: a feed, or a grid of pictures, which may lie behind a tab. It returns false where the page is none, with nothing
// done but that tab pressed.
func (s *shooter) list(ctx context.Context, tall float64) (bool, error) {
	for looks := 1; ; looks++ {
		if isFeed, err := s.feed(ctx, tall); err != nil || isFeed {
			return true, err
		}
		if isGrid, err := s.grid(ctx, tall); err != nil || isGrid {
			return true, err
		}
		if looks == 2 {
			return false, nil
		}
		tab, err := eval[string](ctx, s.t, "postsTab")
		if err != nil || tab == "" {
			return false, err
		}
		s.t.note("pressed", tab)
		if err := s.t.settle(ctx, true); err != nil {
			return false, err
		}
	}
}

// closeFeed judges a feed by how its scrolling ended.
func (t *tab) closeFeed(c *Capture) {
	timeless := 0
	for _, p := range c.Posts {
		if p.Published == nil {
			timeless++
		}
		if p.Published == nil || p.Pinned {
			continue
		}
		if c.Period.Oldest == nil || p.Published.Before(*c.Period.Oldest) {
			c.Period.Oldest = p.Published
		}
		if c.Period.Newest == nil || p.Published.After(*c.Period.Newest) {
			c.Period.Newest = p.Published
		}
	}
	if c.Period.Stop == StopWall && len(c.Posts) == 0 {
		return // the wall itself has been named
	}
	if timeless > 0 {
		c.lack("times-unread", fmt.Sprintf("Tiden för %d inlägg gick inte att läsa; inläggen är sparade, med det som sidan skriver.", timeless), fmt.Sprintf("The time of %d posts could not be read; the posts are kept, with what the page writes.", timeless))
	}
	code := "ok"
	if c.Period.Stop == StopWall {
		code = c.Code
	}
	c.judge(verdict{outcome: Complete, code: code, text: Text{"Alla inlägg i perioden är fångade.", "All posts of the period were captured."}})
}
