package capture

import (
	"context"
	"time"
)

// pageLook is how much a page shows.
type pageLook struct {
	Chars, Media, Elements, Scripts int
	Broken                          bool // it calls itself XML and is none
	Refresh                         int  // ms after which the page says that it sends its reader on; 0 when it does not
}

func (l pageLook) blank() bool { return l.Chars == 0 && l.Media == 0 }

// openPatiently opens an address like open, and once again where the server says that it is too busy and to come back soon.
func (t *tab) openPatiently(ctx context.Context, address string) (*verdict, []Missing, error) {
	const soon = time.Minute
	v, missing, err := t.open(ctx, address)
	if err != nil {
		return nil, nil, err
	}
	busy, is := byStatus(t.net.status(), t.net.headers(), t.b.o.Now())
	if !is || busy.retryAfter == nil {
		return v, missing, nil
	}
	wait := max(time.Second, busy.retryAfter.Sub(t.b.o.Now()))
	if wait > soon {
		return v, missing, nil
	}
	if err := pause(ctx, wait); err != nil {
		return nil, nil, err
	}
	return t.open(ctx, address)
}

// mostReplaced is how many documents a visit sees one after the other before it calls them a circle.
const mostReplaced = 10

// arrive waits until the opened page has come to rest, and goes with it where it sends its reader on by itself. A non-nil verdict says
// that it never came to rest on one page.
func (t *tab) arrive(ctx context.Context) (pageLook, *verdict, error) {
	for range mostReplaced {
		shown, _ := t.net.showing()
		look, err := eval[pageLook](ctx, t, "content")
		if err != nil {
			return look, nil, err
		}
		if err := t.sentOn(ctx, look, shown); err != nil {
			return look, nil, err
		}
		if err := t.settle(ctx, look.Scripts > 0); err != nil {
			return look, nil, err
		}
		if err := t.late(ctx); err != nil {
			return look, nil, err
		}
		if err := t.passing(ctx, shown); err != nil {
			return look, nil, err
		}
		if now, coming := t.net.showing(); now == shown && !coming {
			look, err = eval[pageLook](ctx, t, "content")
			return look, nil, err
		}
		if err := t.reloaded(ctx); err != nil {
			return look, nil, err
		}
	}
	v := circleVerdict()
	return pageLook{}, &v, t.stop(ctx)
}

// come arrives at the opened page, and goes on from one that does nothing but ask for a language to what it has in the best one.
func (t *tab) come(ctx context.Context, c *Capture) (pageLook, *verdict, error) {
	look, v, err := t.arrive(ctx)
	if v != nil || err != nil || look.blank() || t.net.status() >= 400 {
		return look, v, err
	}
	way, err := eval[struct{ Label, URL string }](ctx, t, "choice")
	if err != nil || way.Label == "" {
		return look, nil, err
	}
	t.note("pressed", way.Label)
	if way.URL != "" {
		v, missing, err := t.open(ctx, way.URL)
		c.Missing = append(c.Missing, missing...)
		if v != nil || err != nil {
			return look, v, err
		}
	}
	return t.arrive(ctx)
}

// circleVerdict is the verdict on a page that leads to another one for ever.
func circleVerdict() verdict { return byNetError("net::ERR_TOO_MANY_REDIRECTS", "", "") }

// sentOn waits for what a page announces that it will do soon: show another page instead.
func (t *tab) sentOn(ctx context.Context, look pageLook, shown int) error {
	const soon = 10 * time.Second // a page that sends its reader on later is meant to be read
	wait := time.Duration(look.Refresh) * time.Millisecond
	if wait == 0 || wait > soon {
		return nil
	}
	for until := time.Now().Add(wait + time.Second); time.Now().Before(until); {
		if now, coming := t.net.showing(); now != shown || coming {
			return nil
		}
		if err := pause(ctx, 15*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// reloaded waits until the document that is on its way is there.
func (t *tab) reloaded(ctx context.Context) error {
	nctx, cancel := context.WithTimeout(ctx, t.b.o.Load)
	defer cancel()
	for nctx.Err() == nil {
		_, coming := t.net.showing()
		if _, loaded, _, _ := t.net.state(); loaded && !coming || t.isCrashed() {
			return nil
		}
		if err := pause(nctx, 15*time.Millisecond); err != nil {
			break
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return t.stop(ctx)
}

// How long a page that shows little is given to show more by itself, and one that says that it is busy.
const (
	lateLittle = 1500 * time.Millisecond
	lateBusy   = 6 * time.Second
	lateRounds = 4
)

// late waits where a page with scripts shows so little that more may come: some begin by a clock, when their network has long been quiet.
func (t *tab) late(ctx context.Context) error {
	for range lateRounds {
		state, err := eval[string](ctx, t, "unfinished")
		if err != nil || state == "" {
			return err
		}
		before, err := eval[pageLook](ctx, t, "content")
		if err != nil {
			return err
		}
		wait := lateLittle
		if state == "busy" {
			wait = lateBusy
		}
		more, err := t.moved(ctx, before, wait)
		if err != nil || !more {
			return err
		}
		if err := t.settle(ctx, true); err != nil {
			return err
		}
	}
	return nil
}

// moved waits until the page shows something else than before, at most d.
func (t *tab) moved(ctx context.Context, before pageLook, d time.Duration) (bool, error) {
	const beat = 120 * time.Millisecond
	for until := time.Now().Add(d); time.Now().Before(until); {
		if err := pause(ctx, beat); err != nil {
			return false, err
		}
		now, err := eval[pageLook](ctx, t, "content")
		if err != nil {
			return false, err
		}
		if now.Media != before.Media || now.Chars < before.Chars-20 || now.Chars > before.Chars+20 || now.Elements > before.Elements+5 {
			return true, nil
		}
	}
	return false, nil
}
