package capture

import (
	"context"
	"fmt"
	"regexp"
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

// forMembers tells what stands in the place of a post that only some may see.
var forMembers = regexp.MustCompile(`(?i)(?:^|\n)[^\pL\pN]*(?:(?:endast|bara|enbart|only|exclusively|kun|bare|vain|nur|alleen)(?: f[oö]r| til| available to| visible to)? (?:\pL+ )?(?:medlemmar|prenumeranter|följare|members|subscribers|followers|patrons|medlemmer|følgere|jäsenille|tilaajille|mitglieder|abonnenten|leden)|(?:members|subscribers|followers|patrons)[ -]only|(?:det här )?inlägget är (?:bara|endast) (?:synligt )?för|join (?:this channel )?to (?:get access|see|view)|this (?:post|content) is (?:only )?(?:for|available to) (?:members|subscribers|patrons))`)

// closeFeed judges a feed by how its scrolling ended.
func (t *tab) closeFeed(c *Capture) {
	timeless, shut := 0, 0
	for _, p := range c.Posts {
		if p.Published == nil {
			timeless++
		}
		if len(p.Text) < 120 && forMembers.MatchString(p.Text) {
			shut++
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
	if shut > 0 {
		c.lack("posts-withheld", fmt.Sprintf("%d inlägg visas bara för medlemmar; av dem är bara det fångat som alla ser.", shut), fmt.Sprintf("%d posts are shown to members alone; only what everybody sees of them was captured.", shut))
	}
	code := "ok"
	if c.Period.Stop == StopWall {
		code = c.Code
	}
	c.judge(verdict{outcome: Complete, code: code, text: Text{"Alla inlägg i perioden är fångade.", "All posts of the period were captured."}})
}
