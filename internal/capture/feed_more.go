package capture

import (
	"context"
	"math"
	"time"
)

// advance decides where to look next: further down, or, at the end of what there is, how to get more.
func (f *feeder) advance(ctx context.Context, g sight, fresh bool, ahead int) error {
	if fresh {
		f.repeats = 0
	} else {
		f.repeats += ahead
	}
	if f.repeats >= 40 && !f.archive { // a page of the archive may show again what the feed has shown
		f.stop = StopLoop
		if f.c.Counts.PagePosts != nil && !f.counted() {
			f.stalled() // it counts more than it gives
		}
		return nil
	}
	if len(f.dropped) > 0 && f.held < 5 {
		f.dropped, f.held = nil, f.held+1
		return nil
	}
	f.lost = append(f.lost, f.dropped...)
	f.dropped, f.held = nil, 0
	if g.Scroll+g.Window >= g.Height-2 {
		return f.more(ctx, g)
	}
	f.pos = f.onward(g)
	return nil
}

// onward is where the window goes next: to what has not been photographed, else to the first post that did not fit, else further down.
func (f *feeder) onward(g sight) float64 {
	if f.shot > f.pos+1 {
		return f.shot
	}
	for _, it := range g.Items {
		if it.Top > f.pos+1 && it.Bottom > g.Scroll+g.Window && f.loopSeen[it.Key] == 0 {
			return it.Top
		}
	}
	return f.pos + g.Window*0.8
}

// restMost is how long a service is waited for that was asked too much and said when it may be asked again (Retry-After, RFC 9110, 10.2.3); afterRest
// is how long the page has from then on.
const restMost, afterRest = 60 * time.Second, 3 * time.Second

// manyPolls is how many answered requests without a new post tell a page that asks its server for ever.
const manyPolls = 30

// more gets the feed to give what follows, by waiting, scrolling, a button or the next page. Where nothing comes, it names the stop.
func (f *feeder) more(ctx context.Context, g sight) error {
	trouble, began, polls := f.t.net.troubles(), time.Now(), f.t.net.polls()
	last, scrolled := began, time.Time{}
	var o outlook
	for round := 0; ; round++ {
		grown, err := f.grown(ctx, g)
		if err != nil {
			return err
		}
		if grown {
			f.pos = math.Max(math.Min(f.shot, g.Height), f.pos)
			return nil
		}
		if o, err = eval[outlook](ctx, f.t, "outlook"); err != nil {
			return err
		}
		_, quiet := f.t.net.quiet(30 * time.Second)
		if f.t.net.polls()-polls >= manyPolls {
			quiet = true // it asks again and again, and nothing comes of it
		}
		if !quiet || time.Since(began) < restMost && f.t.net.resting(restMost, afterRest) {
			last = time.Now()
		}
		if wall, err := f.barred(ctx); err != nil || wall {
			return err
		}
		if f.given(o, quiet, round) || f.waited(o, quiet, f.pressedAt.After(began), time.Since(last)) && time.Since(scrolled) > afterScroll {
			break
		}
		if err := f.prompt(ctx, o, quiet, round); err != nil {
			return err
		}
		if prompts(round) {
			scrolled = time.Now()
		}
		if err := pause(ctx, time.Duration(min(10+round*10, 120))*time.Millisecond); err != nil {
			return err
		}
	}
	return f.settleEnd(ctx, g, o, trouble)
}

// counted reports whether the page has given as many posts as it says that it has.
func (f *feeder) counted() bool {
	n := f.c.Counts.PagePosts
	return n != nil && len(f.c.Posts) >= *n
}

// given reports whether the page itself says that there is no more: in words, or because its own count has been reached.
func (f *feeder) given(o outlook, quiet bool, round int) bool {
	if o.More != "" || !quiet {
		return false
	}
	if f.counted() && o.Next == "" && o.Turn == "" {
		return true
	}
	return o.Said && !o.Busy && round >= 2
}

// waited reports whether the page has had the time that a page of its kind needs to answer; pressed says that it was asked for more by its
// own button and has given nothing yet.
func (f *feeder) waited(o outlook, quiet, pressed bool, d time.Duration) bool {
	switch {
	case !quiet:
		return false
	case pressed && o.More == "":
		return d > 8*time.Second
	case o.More != "":
		return d > 6*time.Second
	case o.Busy:
		return d > 3500*time.Millisecond
	case o.Next != "" || o.Turn != "":
		return d > 300*time.Millisecond
	}
	return d > 2000*time.Millisecond
}

// afterScroll is how long a page has that gives more when nobody scrolls any longer. On a slow machine the rounds of waiting are few and long.
const afterScroll = 1300 * time.Millisecond

// prompts tells the rounds of waiting in which the page is scrolled. Between these the window rests: some feeds wait until nobody has scrolled for a second.
func prompts(round int) bool {
	return round == 1 || round == 3 || round == 6 || round%16 == 9 || round%32 == 31
}

// prompt asks the page for more: it presses its button, or scrolls.
func (f *feeder) prompt(ctx context.Context, o outlook, quiet bool, round int) error {
	if o.More != "" && quiet && (f.pressedAt.IsZero() || time.Since(f.pressedAt) > time.Second) {
		label, err := eval[string](ctx, f.t, "pressMore")
		if err != nil || label == "" {
			return err
		}
		f.pressedAt = time.Now()
		f.t.note("pressed", label)
		return nil
	}
	switch {
	case round == 1, round%16 == 9:
		_, err := eval[where](ctx, f.t, "nudge")
		return err
	case round == 2:
		_, err := eval[bool](ctx, f.t, "restBelow")
		return err
	case prompts(round):
		return f.comeBack(ctx)
	}
	return nil
}

// comeBack leaves the feed's end and returns to it: some feeds give more when their end comes into view, and the window may never have been without
// it, or the page goes on far below it.
func (f *feeder) comeBack(ctx context.Context) error {
	g, err := eval[sight](ctx, f.t, "look", 0, 1e9)
	if err != nil || len(g.Items) == 0 {
		return err
	}
	end := g.Items[len(g.Items)-1].Bottom
	for _, y := range []float64{end - 2.5*g.Window, end - g.Window/2} {
		if _, err := eval[float64](ctx, f.t, "scrollFeed", math.Max(0, y)); err != nil {
			return err
		}
		if err := f.t.painted(ctx); err != nil {
			return err
		}
	}
	return nil
}

// settleEnd names why nothing more came, unless there is a next page or a lower window to try.
func (f *feeder) settleEnd(ctx context.Context, g sight, o outlook, trouble int) error {
	f.pages[o.Here] = true
	switch {
	case o.Next != "" && !f.pages[o.Next]:
		return f.turn(ctx, o.Next)
	case o.Turn != "":
		return f.turnHere(ctx)
	}
	if next, _ := f.archived(o); next != "" {
		f.archive = true
		return f.turn(ctx, next)
	}
	if more, err := f.otherView(ctx, g.Inner); err != nil || more {
		return err
	}
	if !f.given(o, true, 9) {
		switch {
		case f.window > SheetHeight && !g.Inner:
			return f.lower(ctx)
		case !f.shrunk && g.Height <= g.Window+2:
			return f.shrink(ctx)
		}
	}
	return f.ended(ctx, o, trouble)
}

// ended names the feed's stop and what it leaves.
func (f *feeder) ended(ctx context.Context, o outlook, trouble int) error {
	f.stop = StopEndOfFeed
	if _, left := f.archived(o); left != "" { // what is chosen may have been looked at since
		now, err := eval[outlook](ctx, f.t, "outlook")
		if err != nil {
			return err
		}
		if _, left = f.archived(now); left != "" {
			f.c.lack("archive-left", "Sidan har äldre inlägg under ”"+left+"”, som inte öppnades.", "The page has older posts under “"+left+"”, which was not opened.")
		}
	}
	limited, failing, barred := f.t.net.refusing()
	if f.counted() {
		o.Login = "" // it has given what it counts
	}
	if o.Login != "" || barred {
		f.walled(o.Login)
		return nil
	}
	if f.promised(o) || f.t.net.troubles() > trouble || limited || failing {
		f.stop = StopNoGrowth
		f.stalled()
	}
	if limited {
		f.c.lack("rate-limited", "Plattformen svarade att det blev för många förfrågningar. Vänta och ta en ny ögonblicksbild.", "The platform answered that there were too many requests. Wait and take another snapshot.")
	}
	return nil
}

// archived gives the address of the newest part of the page's archive that may hold posts of the period which the feed did not reach, or else the
// name of such a part that has no address.
func (f *feeder) archived(o outlook) (next, left string) {
	oldest := f.oldest()
	if oldest.IsZero() || len(o.Archive) < 2 && !f.archive {
		return "", ""
	}
	var best time.Time
	for _, a := range o.Archive {
		from := time.Date(a.Year, time.Month(max(1, a.Month)), 1, 0, 0, 0, 0, oldest.Location())
		to := from.AddDate(1, 0, 0)
		if a.Month > 0 {
			to = from.AddDate(0, 1, 0)
		}
		if from.After(oldest) || a.URL == "" && to.After(oldest) || f.cutoff != nil && !to.After(*f.cutoff) || f.pages[a.URL] && a.URL != "" || !best.IsZero() && !from.After(best) {
			continue
		}
		best, next, left = from, a.URL, ""
		if next == "" {
			left = clip(a.Label, 40)
		}
	}
	return next, left
}

// oldest is when the oldest post was published that is not pinned; zero where none has a time.
func (f *feeder) oldest() (at time.Time) {
	for _, p := range f.c.Posts {
		if p.Published != nil && !p.Pinned && (at.IsZero() || p.Published.Before(at)) {
			at = *p.Published
		}
	}
	return at
}

// promised reports whether the page says that there is more than it gave: by a button that is left, or by waiting for what does not come.
func (f *feeder) promised(o outlook) bool {
	return o.More != "" || o.Left != "" || o.Broke || o.Busy && f.t.net.asking(time.Hour) || f.short(o)
}

// short reports whether the page counts more posts than it gave, without saying that this was the end. Where it does not seem to be waiting,
// a few may be missing: pages go on counting what was removed.
func (f *feeder) short(o outlook) bool {
	if f.c.Counts.PagePosts == nil || o.Said {
		return false
	}
	missing := *f.c.Counts.PagePosts - len(f.c.Posts)
	return missing > 0 && (o.Busy || missing > 2+*f.c.Counts.PagePosts/20)
}

// grown reports whether the feed shows something new since g.
func (f *feeder) grown(ctx context.Context, g sight) (bool, error) {
	n, err := eval[sight](ctx, f.t, "look", f.shot, g.Height+1e6)
	if err != nil {
		return false, err
	}
	if n.Height > g.Height+1 {
		return true, nil
	}
	for _, it := range n.Items {
		if !f.seen[it.Key] {
			return true, nil
		}
	}
	return false, nil
}

// lower makes a tall window as high as a sheet again: a page shorter than its window cannot be scrolled, and some feeds wait for that.
func (f *feeder) lower(ctx context.Context) error {
	f.window = SheetHeight
	if err := f.t.viewport(ctx, SheetHeight); err != nil {
		return err
	}
	if err := f.t.painted(ctx); err != nil {
		return err
	}
	w, err := eval[where](ctx, f.t, "nudge")
	if err != nil {
		return err
	}
	f.pos = math.Max(0, math.Min(f.shot, w.Height-w.Window))
	return nil
}

// shrink makes the window lower for a moment where everything fits into it: a feed that waits for somebody to scroll would wait for ever.
func (f *feeder) shrink(ctx context.Context) error {
	f.shrunk = true
	if err := f.t.viewport(ctx, SheetHeight/3); err != nil {
		return err
	}
	for range 2 {
		if err := f.t.painted(ctx); err != nil {
			return err
		}
		if _, err := eval[where](ctx, f.t, "nudge"); err != nil {
			return err
		}
		if err := pause(ctx, 1100*time.Millisecond); err != nil {
			return err
		}
	}
	if err := f.t.viewport(ctx, int64(f.window)); err != nil {
		return err
	}
	return f.t.painted(ctx)
}
