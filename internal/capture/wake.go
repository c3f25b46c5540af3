package capture

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
)

// readPage reads what an opened page says, and looks whether it lists posts; once more where a visitor's first moves bring something. It gives the height of the
// window to photograph it with.
func (s *shooter) readPage(ctx context.Context) (tall float64, isList bool, err error) {
	for looks := 1; ; looks++ {
		if err := s.t.unfoldPage(ctx); err != nil {
			return 0, false, err
		}
		if err := s.framePosts(ctx); err != nil {
			return 0, false, err
		}
		p, cut, err := s.t.pageText(ctx, s.c.Facts)
		if err != nil {
			return 0, false, err
		}
		s.c.Pages = append(s.c.Pages[:0], p)
		s.c.lackText(cut)
		if tall, err = s.heighten(ctx); err != nil {
			return 0, false, err
		}
		s.t.heedHints(ctx, s.c)
		if isList, err = s.list(ctx, tall); err != nil || isList || looks == 2 {
			return tall, isList, err
		}
		if more, err := s.t.wake(ctx, s.c); err != nil || !more {
			return tall, false, err
		}
	}
}

// wake does what every visitor does before anything else: the pointer moves, and the page is scrolled to its end and back. Many pages load what they say
// only then. It reports whether the page says more than before.
func (t *tab) wake(ctx context.Context, c *Capture) (more bool, err error) {
	const most, x, y = 20 * time.Second, 6, 300
	if t.silent() {
		return false, nil
	}
	before, err := eval[pageLook](ctx, t, "content")
	if err != nil || before.Scripts == 0 {
		return false, err
	}
	if err := void(cdp.Call(ctx, t.s, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: x, Y: y})); err != nil {
		return false, err
	}
	for until := time.Now().Add(most); ; {
		if _, err := eval[any](ctx, t, "toEnd"); err != nil {
			return false, err
		}
		if err := t.settle(ctx, true); err != nil {
			return false, err
		}
		now, err := eval[pageLook](ctx, t, "content")
		if err != nil {
			return false, err
		}
		if now.Chars <= before.Chars+20 && now.Media <= before.Media {
			break
		}
		before, more = now, true
		if time.Now().After(until) {
			c.lack("grows", "Sidan blev längre varje gång den rullades till slutet; det som skulle ha följt är inte fångat.", "The page grew each time it was scrolled to its end; what would have followed was not captured.")
			break
		}
	}
	_, err = eval[float64](ctx, t, "scrollTo", 0)
	return more, err
}
