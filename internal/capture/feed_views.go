package capture

import (
	"context"
	"fmt"
	"time"
)

// oldestView is the first month of interest as the script counts months; 0 where all are.
func (f *feeder) oldestView() int {
	if f.cutoff == nil {
		return 0
	}
	return f.cutoff.Year()*12 + int(f.cutoff.Month()) - 1
}

// otherView shows another list of the page's posts, kept behind a tab or in a choice, or goes to another box that scrolls by itself. It reports whether
// posts came that were not read before.
func (f *feeder) otherView(ctx context.Context, inner bool) (bool, error) {
	for range 60 {
		if err := f.leave(ctx); err != nil {
			return false, err
		}
		if inner {
			inner = false
			if is, err := eval[bool](ctx, f.t, "nextBox"); err != nil || is {
				f.shot, f.pos, f.lastKey = 0, 0, ""
				return is, err
			}
		}
		label, err := eval[string](ctx, f.t, "nextView", f.oldestView(), false)
		if err != nil || label == "" {
			return false, err
		}
		f.t.note("pressed", label)
		if err := f.t.settle(ctx, true); err != nil {
			return false, err
		}
		top := 0.0
		came, err := f.until(ctx, 1500*time.Millisecond, func(g sight) (is bool) {
			top, is = f.unseen(g)
			return is
		})
		if err != nil || came {
			f.shot, f.pos, f.lastKey = top, top, ""
			return came, err
		}
	}
	return false, nil
}

// viewsLeft says that a page has other lists that were not looked at, where the feed ended at the period's beginning.
func (f *feeder) viewsLeft(ctx context.Context) error {
	if f.stop != StopReachedDate {
		return nil
	}
	label, err := eval[string](ctx, f.t, "nextView", f.oldestView(), true)
	if err == nil && label != "" {
		f.c.lack("views-left", "Sidan har fler listor (”"+clip(label, 40)+"”), som inte öppnades.", "The page has further lists (“"+clip(label, 40)+"”), which were not opened.")
	}
	return err
}

// unshown reports whether a post belongs to the period and is on no sheet.
func (c *Capture) unshown(p Post) bool {
	cutoff := c.cutoff()
	return len(p.Tiles) == 0 && (cutoff == nil || p.Published == nil || !p.Published.Before(*cutoff))
}

// unpictured says which posts of the period no sheet shows, as those of a further box that scrolls by itself.
func (c *Capture) unpictured() {
	if stop := c.Period.Stop; stop != StopEndOfFeed && stop != StopNoGrowth && stop != StopReachedDate && stop != StopEndOfPage {
		return // what else ended the feed is said, and what it left is not looked for
	}
	n := 0
	for _, p := range c.Posts {
		if c.unshown(p) {
			n++
		}
	}
	if n > 0 {
		c.lack("posts-unpictured", fmt.Sprintf("%d inlägg finns som text men inte på något ark.", n), fmt.Sprintf("%d posts are kept as text and are on no sheet.", n))
	}
}
