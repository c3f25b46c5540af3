package capture

import (
	"context"
	"time"
)

// where tells where the window stands in the scrolled content, in CSS px.
type where struct {
	Origin, Scroll, Height, Window, Page float64
	Inner                                bool // an element scrolls, not the document
}

// sight is what the window shows of a feed.
type sight struct {
	where
	Items []item
	Total int
	How   string
}

type item struct {
	I           int
	Key         string
	Top, Bottom float64
	Grown       bool // the page has added something since it was read
}

// outlook is what the page says about what follows.
type outlook struct {
	More string // label of a button for more
	Left string // label of a button for more that would send a form, and is not pressed
	Next string // address of the next page
	Turn string // label of what is pressed for the next page, where that has no address
	Here string // address of this one
	Busy bool   // a sign of loading is shown
	// Archive is what the page keeps older posts under; the address is empty for what is pressed or chosen, the month 0 for a whole year.
	Archive []struct {
		URL, Label  string
		Year, Month int
	}
	Said  bool   // the page says that this is the end
	Broke bool   // the page says that something failed
	Login string // what the page says below its posts about a login that shows more
	Total int
}

// feeder scrolls a feed back in time and keeps every post as it passes.
type feeder struct {
	*shooter
	limits    Limits
	cutoff    *time.Time // posts older than this are beyond the period
	window    float64
	seen      map[string]bool // keys of posts that were read
	ids       map[string]string
	shot      float64 // everything of the content above this height has been photographed
	pos       float64 // where the window is put next
	old       int     // posts older than the cutoff in a row
	met       bool    // a post of the period was read
	repeats   int     // posts in a row that were seen before, further down than they should be
	stop      Stop
	pages     map[string]bool // addresses of the feed's pages that were opened
	began     time.Time
	lastKey   string
	lastEnd   float64
	names     owner
	loopSeen  map[string]int
	headed    map[string]bool // posts whose author is nothing but a heading, by ID
	prior     *time.Time      // when the post read before was published, of those beyond the period
	last      [3]float64
	same      int       // passes in a row that changed nothing
	dropped   []string  // posts that left the document while they were read, since the window last moved
	lost      []string  // those of them that the window did not stay for any longer
	held      int       // how often the window stayed for them
	pressedAt time.Time // when the button for more was last pressed
	scroll    float64   // where the window came to stand when it was sent to pos
	blank     bool      // whether the window showed nothing below shot
	blanks    int       // how often in a row
	shrunk    bool      // whether the window was made lower once to be scrolled
	free      viewMark
	archive   bool // whether the pages that are opened are those of the page's archive
	led       bool // whether it was said that a button leads away from the feed
}

// feed keeps a whole feed. It returns false where the page turned out to be none, with nothing done.
func (s *shooter) feed(ctx context.Context, window float64) (bool, error) {
	g, err := eval[sight](ctx, s.t, "look", 0, window)
	if err != nil || g.Total == 0 {
		return false, err
	}
	f := &feeder{shooter: s, limits: s.limits, cutoff: s.c.cutoff(), window: window, seen: map[string]bool{}, ids: map[string]string{}, pages: map[string]bool{}, began: time.Now(), loopSeen: map[string]int{}, headed: map[string]bool{}}
	if f.names, err = s.t.owner(ctx, s.c); err != nil {
		return false, err
	}
	if err := f.newestFirst(ctx); err != nil {
		return true, err
	}
	if n, err := eval[*int](ctx, s.t, "claim"); err == nil {
		s.c.Counts.PagePosts = n
	}
	f.t.net.scrolling()
	if err := f.above(ctx); err != nil {
		return true, err
	}
	for f.stop == "" {
		if err := f.pass(ctx); err != nil {
			return true, err
		}
		f.guard()
	}
	if err := f.viewsLeft(ctx); err != nil {
		return true, err
	}
	if err := f.latest(ctx); err != nil {
		return true, err
	}
	if err := f.tail(ctx); err != nil {
		return true, err
	}
	if err := f.linger(ctx); err != nil {
		return true, err
	}
	if err := f.sweep(ctx); err != nil {
		return true, err
	}
	if err := f.leftUnread(ctx, g.Total); err != nil {
		return true, err
	}
	f.names.settle(s.c.Posts, f.headed)
	if err := f.talk(ctx); err != nil {
		return true, err
	}
	s.t.heedHints(ctx, s.c)
	err = s.t.visitPosts(ctx, s, s.c, f.names)
	f.c.unpictured()
	return true, err
}

// guard ends a feed that keeps the window busy without ever showing anything new.
func (f *feeder) guard() {
	now := [3]float64{float64(len(f.c.Posts)), float64(len(f.c.Tiles)), f.scroll}
	if now != f.last {
		f.last, f.same = now, 0
		return
	}
	if f.same++; f.same >= 12 && f.stop == "" {
		f.stop = StopNoGrowth
		f.stalled()
	}
}

// cutoff is the oldest time of interest: the period's start less the overlap; nil is everything.
func (c *Capture) cutoff() *time.Time {
	if c.Period.WantedFrom == nil {
		return nil
	}
	t := c.Period.WantedFrom.AddDate(0, 0, -c.Period.Overlap)
	return &t
}

// pass keeps what the window shows from pos on, and goes on to what follows.
func (f *feeder) pass(ctx context.Context) error {
	f.c.Views++
	var err error
	if f.scroll, err = eval[float64](ctx, f.t, "scrollFeed", f.pos); err != nil {
		return err
	}
	if err := f.clear(ctx); err != nil || f.stop != "" {
		return err
	}
	if err := f.t.quell(ctx, f.c, f.c.Views <= 2); err != nil {
		return err
	}
	g, err := f.ready(ctx)
	if err != nil {
		return err
	}
	f.anchor(g)
	fresh, ahead := f.sort(g)
	if len(fresh) > 0 {
		if g, err = f.keep(ctx, g, fresh); err != nil {
			return err
		}
	}
	if err := f.photograph(ctx, g, false); err != nil {
		return err
	}
	if f.stop != "" || f.exceeded() {
		return nil
	}
	if wall, err := f.barred(ctx); err != nil || wall {
		return err
	}
	if f.unfilled() {
		return pause(ctx, blankPause)
	}
	if err := f.taller(ctx, g); err != nil {
		return err
	}
	return f.advance(ctx, g, len(fresh) > 0, ahead)
}

// sort parts the posts in sight into those never read, and counts how many further down than everything photographed were seen before.
func (f *feeder) sort(g sight) (fresh []item, ahead int) {
	for _, it := range g.Items {
		switch {
		case !f.seen[it.Key]:
			fresh = append(fresh, it)
		case it.Top >= f.shot-1 && f.loopSeen[it.Key] > 0:
			ahead++
		}
	}
	return fresh, ahead
}

// oldInARow is how many posts beyond the period must follow each other before the scrolling ends: a pinned or reordered old post does not end it.
const oldInARow = 4

// oldAtFirst is how many they must be where nothing of the period has been met: some pages begin with old posts that somebody chose, and do not say so.
const oldAtFirst = 12

// exceeded ends the feed when a limit is reached.
func (f *feeder) exceeded() bool {
	code, sv, en := f.limits.reached(Limits{Posts: len(f.c.Posts), Sheets: len(f.c.Tiles), Time: time.Since(f.began), Bytes: f.bytes})
	if code == "" {
		return false
	}
	f.stop = StopLimit
	f.c.lack("limit-"+code, "Gränsen för "+sv+" nåddes; äldre inlägg är inte fångade.", "The limit for "+en+" was reached; older posts were not captured.")
	return true
}
