package capture

import (
	"context"
	"fmt"
	"slices"
	"strings"
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
	hollow    int       // things in the place of posts that hold nothing: the page never filled them
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
	f.leftUnread(g.Total)
	f.names.settle(s.c.Posts, f.headed)
	if err := f.talk(ctx); err != nil {
		return true, err
	}
	s.t.heedHints(ctx, s.c)
	err = s.t.visitPosts(ctx, s, s.c, f.names)
	f.c.unpictured()
	return true, err
}

// leftUnread says that posts were there and could not be read: they left the page, or the page itself was gone. shown is how many there were at first.
func (f *feeder) leftUnread(shown int) {
	n := 0
	for _, key := range f.lost {
		if !f.seen[key] {
			n++
		}
	}
	if len(f.c.Posts) == 0 {
		n = max(n, shown)
	}
	n += f.hollow
	if n > 0 {
		f.c.lack("posts-unread", fmt.Sprintf("%d inlägg fanns på sidan men gick inte att läsa: de försvann, eller fick aldrig sitt innehåll.", n), fmt.Sprintf("%d posts were on the page and could not be read: they left it, or never got their content.", n))
	}
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

// keep opens and reads posts, then looks again, because they grew.
func (f *feeder) keep(ctx context.Context, g sight, fresh []item) (sight, error) {
	is := make([]int, len(fresh))
	for i, it := range fresh {
		is[i] = it.I
	}
	pressed, busy, err := f.unfold(ctx, is)
	if err != nil {
		return g, err
	}
	if pressed {
		if err := f.t.enter(ctx); err != nil {
			return g, err
		}
	}
	raw, err := eval[[]*rawPost](ctx, f.t, "take", is)
	if err != nil {
		return g, err
	}
	if err := f.t.hover(ctx, raw); err != nil {
		return g, err
	}
	had := len(f.c.Posts)
	for i, r := range raw {
		if r == nil {
			f.dropped = append(f.dropped, fresh[i].Key) // it left the document while it was opened: the window stays until it has come back
			continue
		}
		f.seen[r.Key], f.seen[fresh[i].Key] = true, true
		if r.Hollow {
			f.hollow++
			continue
		}
		f.add(r)
		if r.Paged {
			if err := f.turnTalk(ctx, fresh[i].I, f.ids[r.Key]); err != nil {
				return g, err
			}
			pressed = true
		}
	}
	f.keepMedia(ctx, f.c.Posts[had:])
	switch {
	case busy: // something is still on its way into these posts
		err = f.t.settle(ctx, false)
	case pressed: // the feed may be loading what follows, and is not waited for
		err = f.pictured(ctx)
	}
	if err != nil {
		return g, err
	}
	return f.look(ctx)
}

// turnTalk goes through the pages in which a post shows its comments, and adds those that each of them holds. Sheets show the page that came last.
func (f *feeder) turnTalk(ctx context.Context, i int, id string) error {
	const most, limit = 100, 4 * time.Second
	at := slices.IndexFunc(f.c.Posts, func(p Post) bool { return p.ID == id })
	for range most {
		got, err := eval[*struct {
			Label string
			Post  rawPost
			More  bool
		}](ctx, f.t, "turnTalk", i, limit.Milliseconds())
		if err != nil {
			return err
		}
		if got == nil {
			break
		}
		f.t.note("pressed", got.Label)
		more := f.t.post(&got.Post, f.c, f.names)
		added := f.c.Posts[at].talk(more.Comments)
		if !got.More {
			return nil
		}
		if added == 0 || f.exceeded() {
			break // it leads round
		}
	}
	f.c.lack("comments-paged", "Kommentarer visas på flera sidor i inlägg; de som står på sidor som inte gick att bläddra fram är inte fångade.", "Comments are shown on several pages within posts; those on pages that could not be reached were not captured.")
	return nil
}

// talk adds comments that are not kept yet, each where it belongs, and counts them.
func (p *Post) talk(more []Post) (added int) {
	for _, m := range more {
		k := slices.IndexFunc(p.Comments, func(c Post) bool { return c.ID == m.ID })
		if k < 0 {
			p.Comments = append(p.Comments, m)
			added++
			continue
		}
		added += p.Comments[k].talk(m.Comments)
	}
	return added
}

// unfold opens what is closed in posts until nothing is left to open. A thread that takes longer than a capture can wait is said to be cut. Busy says
// that one of them still shows a sign of loading.
func (f *feeder) unfold(ctx context.Context, is []int) (pressed, busy bool, err error) {
	const turn, most = 20 * time.Second, 10 * time.Minute
	for began := time.Now(); ; {
		got, err := eval[struct {
			Pressed      []string
			Cut, Endless int
			Busy         bool
			Led          string // a button that put one post in the place of the feed
		}](ctx, f.t, "unfold", is, turn.Milliseconds())
		if err != nil {
			return pressed, false, err
		}
		for _, p := range got.Pressed {
			f.t.note("pressed", p)
		}
		pressed = pressed || len(got.Pressed) > 0
		if got.Led != "" && !f.led {
			f.led = true
			f.c.lack("opened-elsewhere", "Knappen ”"+clip(got.Led, 60)+"” visar inlägget i stället för flödet och användes inte mer; det som bara visas där är inte fångat.", "The button “"+clip(got.Led, 60)+"” shows the post in place of the feed and was not used any more; what is shown only there was not captured.")
		}
		if got.Cut == 0 && got.Endless == 0 {
			return pressed, got.Busy, nil
		}
		if got.Cut == 0 || time.Since(began) > most || f.exceeded() {
			f.c.lack("thread-cut", "Trådar var för långa för att öppnas helt; en del kommentarer eller text är inte fångad.", "Threads were too long to be opened to the end; some comments or text were not captured.")
			return pressed, got.Busy, nil
		}
	}
}

// add puts a post into the capture and counts towards the stop.
func (f *feeder) add(r *rawPost) {
	p := f.t.post(r, f.c, f.names)
	if id := f.ids[r.Key]; id != "" {
		p.ID = id
	}
	if id := f.c.twin(p); id != "" {
		p.ID = id
	}
	f.ids[r.Key] = p.ID
	if f.c.grew(p) {
		return
	}
	f.headed[p.ID] = r.Headed || r.Guess
	f.c.Posts = append(f.c.Posts, p)
	switch {
	case f.cutoff == nil || p.Pinned || p.Published == nil:
	case !p.Published.Before(*f.cutoff):
		f.old, f.prior, f.met = 0, nil, true
	case f.prior != nil && p.Published.After(f.prior.AddDate(0, 0, 1)):
		f.old, f.prior = 1, p.Published // newer below older: what follows may be newer still
	default:
		f.old, f.prior = f.old+1, p.Published
	}
	if f.old >= oldInARow && (f.met || f.old >= oldAtFirst) {
		f.stop = StopReachedDate
	}
}

// twin gives the ID of a post that was kept under the same address but for its fragment, which pages change from time to time, and says the same at
// the same time; "" where there is none.
func (c *Capture) twin(p Post) string {
	if !strings.Contains(p.Permalink, "#") || p.Published == nil {
		return ""
	}
	for _, o := range c.Posts {
		if o.Permalink != p.Permalink && withoutFragment(o.Permalink) == withoutFragment(p.Permalink) && o.Text == p.Text && o.Published != nil && o.Published.Equal(*p.Published) {
			return o.ID
		}
	}
	return ""
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
