package capture

import (
	"context"
	"math"
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
}

// outlook is what the page says about what follows.
type outlook struct {
	More  string // label of a button for more
	Next  string // address of the next page
	Busy  bool   // a sign of loading is shown
	Said  bool   // the page says that this is the end
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
	repeats   int     // posts in a row that were seen before, further down than they should be
	stop      Stop
	pages     map[string]bool // addresses of the feed's pages that were opened
	began     time.Time
	lastKey   string
	lastEnd   float64
	names     owner
	loopSeen  map[string]int
	last      [3]float64
	same      int       // passes in a row that changed nothing
	dropped   int       // posts that left the document while they were read, since the window last moved
	held      int       // how often the window stayed for them
	pressedAt time.Time // when the button for more was last pressed
}

// Limits bound one capture. Zero is no limit.
type Limits struct {
	Posts, Sheets int
	Time          time.Duration
	Bytes         int64
}

// feed keeps a whole feed. It returns false where the page turned out to be none, with nothing done.
func (s *shooter) feed(ctx context.Context, window float64) (bool, error) {
	g, err := eval[sight](ctx, s.t, "look", 0, window)
	if err != nil || g.Total == 0 {
		return false, err
	}
	f := &feeder{shooter: s, limits: s.limits, cutoff: s.c.cutoff(), window: window, seen: map[string]bool{}, ids: map[string]string{}, pages: map[string]bool{}, began: time.Now(), loopSeen: map[string]int{}}
	if f.names, err = s.t.owner(ctx, s.c); err != nil {
		return false, err
	}
	if n, err := eval[*int](ctx, s.t, "claim"); err == nil {
		s.c.Counts.PagePosts = n
	}
	for f.stop == "" {
		if err := f.pass(ctx); err != nil {
			return true, err
		}
		f.guard()
	}
	if err := f.tail(ctx); err != nil {
		return true, err
	}
	f.names.unnamed(s.c.Posts)
	return true, s.t.visitPosts(ctx, s, s.c, f.names)
}

// guard ends a feed that keeps the window busy without ever showing anything new.
func (f *feeder) guard() {
	now := [3]float64{float64(len(f.c.Posts)), float64(len(f.c.Tiles)), f.pos}
	if now != f.last {
		f.last, f.same = now, 0
		return
	}
	if f.same++; f.same >= 12 && f.stop == "" {
		f.stop = StopNoGrowth
		f.c.lack("feed-stalled", "Flödet slutade ge fler inlägg utan att säga att det var slut.", "The feed stopped giving posts without saying that it had ended.")
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
	if _, err := eval[float64](ctx, f.t, "scrollFeed", f.pos); err != nil {
		return err
	}
	if err := f.clear(ctx); err != nil || f.stop != "" {
		return err
	}
	if err := f.quell(ctx); err != nil {
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
	before := f.shot
	if err := f.photograph(ctx, g, false); err != nil {
		return err
	}
	if f.stop != "" || f.exceeded() {
		return nil
	}
	if wall, err := f.walled(ctx); err != nil || wall {
		return err
	}
	return f.advance(ctx, g, len(fresh) > 0 || f.shot > before+1, ahead)
}

func (f *feeder) quell(ctx context.Context) error {
	quelled, err := eval[[]string](ctx, f.t, "quell", f.c.Views <= 2)
	for _, q := range quelled {
		f.t.note("hidden", q)
	}
	return err
}

// ready waits for the pictures in the window and looks.
func (f *feeder) ready(ctx context.Context) (sight, error) {
	// Lists that keep only what is near the window put it there at the next frame.
	if _, err := eval[any](ctx, f.t, "painted"); err != nil {
		return sight{}, err
	}
	if _, err := eval[int](ctx, f.t, "settled", 4000); err != nil {
		return sight{}, err
	}
	return eval[sight](ctx, f.t, "look", f.shot, f.pos+f.window)
}

// anchor corrects the heights when the page moved everything: the last post photographed says by how much.
func (f *feeder) anchor(g sight) {
	if f.lastKey == "" {
		return
	}
	for _, it := range g.Items {
		if it.Key == f.lastKey {
			if d := it.Bottom - f.lastEnd; math.Abs(d) > 1 {
				f.shot += d
				f.lastEnd = it.Bottom
			}
			return
		}
	}
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
	pressed, err := eval[[]string](ctx, f.t, "unfold", is, 20000)
	if err != nil {
		return g, err
	}
	for _, p := range pressed {
		f.t.note("pressed", p)
	}
	raw, err := eval[[]*rawPost](ctx, f.t, "take", is)
	if err != nil {
		return g, err
	}
	if err := f.t.hover(ctx, raw); err != nil {
		return g, err
	}
	for i, r := range raw {
		if r == nil {
			f.dropped++ // it left the document while it was opened: the window stays until it has come back
			continue
		}
		f.seen[r.Key], f.seen[fresh[i].Key] = true, true
		f.add(r)
	}
	if len(pressed) > 0 {
		if _, err := eval[any](ctx, f.t, "painted"); err != nil {
			return g, err
		}
		if err := f.t.settle(ctx, false); err != nil {
			return g, err
		}
	}
	return eval[sight](ctx, f.t, "look", f.shot, f.pos+f.window)
}

// add puts a post into the capture and counts towards the stop.
func (f *feeder) add(r *rawPost) {
	p := f.t.post(r, f.c, f.names)
	for _, have := range f.c.Posts {
		if have.ID == p.ID {
			return
		}
	}
	f.ids[r.Key] = p.ID
	f.c.Posts = append(f.c.Posts, p)
	switch {
	case f.cutoff == nil || p.Pinned || p.Published == nil:
	case p.Published.Before(*f.cutoff):
		f.old++
	default:
		f.old = 0
	}
	if f.old >= oldInARow {
		f.stop = StopReachedDate
	}
}

// oldInARow is how many posts beyond the period must follow each other before the scrolling ends: a pinned or reordered old post does not end it.
const oldInARow = 4

// photograph takes sheets of what the window shows below shot. Unless last, a remainder that does not fill a sheet waits for what follows it.
func (f *feeder) photograph(ctx context.Context, g sight, last bool) error {
	end := math.Min(g.Height, g.Scroll+g.Window)
	var blocks []block
	for _, it := range g.Items {
		if it.Top < end-1 && it.Bottom > f.shot {
			blocks = append(blocks, block{f.ids[it.Key], it.Top + g.Origin, it.Bottom + g.Origin})
		}
		if !last && it.Top < end && it.Bottom > end && it.Bottom-it.Top <= g.Window && it.Top > f.shot {
			end = it.Top // a post that reaches below the window is whole in the next
		}
		if !last && !f.seen[it.Key] && it.Top > f.shot {
			end = math.Min(end, it.Top)
		}
	}
	if f.stop == StopReachedDate {
		end = math.Min(end, f.lastWanted(g, end))
	}
	if end <= f.shot+1 || f.looping(g, end) {
		return nil
	}
	r, err := eval[region](ctx, f.t, "region", f.shot+g.Origin, end+g.Origin)
	if err != nil {
		return err
	}
	top := f.shot
	for top < end-1 {
		if !last && f.stop == "" && g.Window > 2*SheetHeight && end-top < SheetHeight && (top > f.shot || end-top < g.Window*0.75) {
			break
		}
		stop, next := cut(r, blocks, top+g.Origin, end+g.Origin)
		tile, err := f.shoot(ctx, TilePage, Rect{Y: top + g.Origin, W: ViewportWidth, H: stop - top - g.Origin})
		if err != nil {
			return err
		}
		tile.fill(r)
		f.mark(tile, blocks)
		top = next - g.Origin
	}
	f.shot = top
	f.remember(g)
	return nil
}

// lastWanted is the bottom of the last post in sight that belongs to the period.
func (f *feeder) lastWanted(g sight, end float64) float64 {
	beyond := map[string]bool{}
	for _, p := range f.c.Posts[max(0, len(f.c.Posts)-f.old):] {
		beyond[p.ID] = true
	}
	for _, it := range g.Items {
		if id := f.ids[it.Key]; id != "" && beyond[id] && it.Top >= f.shot {
			return it.Top
		}
	}
	return end
}

// looping reports whether everything between shot and end was photographed before under another height.
func (f *feeder) looping(g sight, end float64) bool {
	n := 0
	for _, it := range g.Items {
		if it.Top < f.shot-1 || it.Top > end {
			continue
		}
		if f.ids[it.Key] == "" || f.loopSeen[it.Key] == 0 {
			return false
		}
		n++
	}
	return n >= 3
}

// mark tells a tile which posts it shows, and the posts which tiles show them.
func (f *feeder) mark(tile *Tile, blocks []block) {
	for _, b := range blocks {
		if b.id == "" || b.end <= tile.Rect.Y+1 || b.top >= tile.Rect.Y+tile.Rect.H-1 {
			continue
		}
		tile.Posts = append(tile.Posts, b.id)
		for i := range f.c.Posts {
			if f.c.Posts[i].ID == b.id {
				f.c.Posts[i].Tiles = append(f.c.Posts[i].Tiles, tile.N)
			}
		}
	}
}

// remember keeps the last post that lies wholly above shot, to find the place again when the page moves.
func (f *feeder) remember(g sight) {
	for _, it := range g.Items {
		if it.Bottom <= f.shot+1 {
			f.lastKey, f.lastEnd = it.Key, it.Bottom
			f.loopSeen[it.Key]++
		}
	}
}

// exceeded ends the feed when a limit is reached.
func (f *feeder) exceeded() bool {
	l := f.limits
	what := ""
	switch {
	case l.Posts > 0 && len(f.c.Posts) >= l.Posts:
		what = "posts"
	case l.Sheets > 0 && len(f.c.Tiles) >= l.Sheets:
		what = "sheets"
	case l.Time > 0 && time.Since(f.began) >= l.Time:
		what = "minutes"
	case l.Bytes > 0 && f.bytes >= l.Bytes:
		what = "bytes"
	default:
		return false
	}
	f.stop = StopLimit
	sv := map[string]string{"posts": "antal inlägg", "sheets": "antal blad", "minutes": "tid", "bytes": "mängd data"}[what]
	en := map[string]string{"posts": "number of posts", "sheets": "number of sheets", "minutes": "time", "bytes": "amount of data"}[what]
	f.c.lack("limit-"+what, "Gränsen för "+sv+" nåddes; äldre inlägg är inte fångade.", "The limit for "+en+" was reached; older posts were not captured.")
	return true
}

// advance decides where to look next: further down, or, at the end of what there is, how to get more.
func (f *feeder) advance(ctx context.Context, g sight, progress bool, ahead int) error {
	if !progress && ahead > 0 {
		f.repeats += ahead
	} else if progress {
		f.repeats = 0
	}
	if f.repeats >= 40 {
		f.stop = StopLoop
		return nil
	}
	if f.dropped > 0 && f.held < 5 {
		f.dropped, f.held = 0, f.held+1
		return nil
	}
	f.dropped, f.held = 0, 0
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

// more gets the feed to give what follows, by waiting, scrolling, a button or the next page. Where nothing comes, it names the stop.
func (f *feeder) more(ctx context.Context, g sight) error {
	trouble, last := f.t.net.troubles(), time.Now()
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
		if !quiet {
			last = time.Now()
		}
		if wall, err := f.walled(ctx); err != nil || wall {
			return err
		}
		if f.given(o, quiet, round) || f.waited(o, quiet, time.Since(last)) {
			break
		}
		if err := f.prompt(ctx, o, quiet, round, &last); err != nil {
			return err
		}
		if err := pause(ctx, time.Duration(min(10+round*10, 120))*time.Millisecond); err != nil {
			return err
		}
	}
	return f.settleEnd(ctx, g, o, trouble)
}

// given reports whether the page itself says that there is no more: in words, or because its own count has been reached.
func (f *feeder) given(o outlook, quiet bool, round int) bool {
	if o.More != "" || !quiet {
		return false
	}
	if n := f.c.Counts.PagePosts; n != nil && len(f.c.Posts) >= *n && o.Next == "" {
		return true
	}
	return o.Said && !o.Busy && round >= 2
}

// waited reports whether the page has had the time that a page of its kind needs to answer.
func (f *feeder) waited(o outlook, quiet bool, d time.Duration) bool {
	switch {
	case !quiet:
		return false
	case o.More != "":
		return d > 6*time.Second
	case o.Busy:
		return d > 3500*time.Millisecond
	case o.Next != "":
		return d > 300*time.Millisecond
	}
	return d > 1600*time.Millisecond
}

// prompt asks the page for more: it presses its button, or scrolls.
func (f *feeder) prompt(ctx context.Context, o outlook, quiet bool, round int, last *time.Time) error {
	if o.More != "" && quiet && (f.pressedAt.IsZero() || time.Since(f.pressedAt) > time.Second) {
		label, err := eval[string](ctx, f.t, "pressMore")
		if err != nil || label == "" {
			return err
		}
		f.pressedAt = time.Now()
		f.t.note("pressed", label)
		return nil
	}
	if round == 1 || round%10 == 9 {
		_, err := eval[where](ctx, f.t, "nudge")
		return err
	}
	return nil
}

// settleEnd names why nothing more came, unless there is a next page or a lower window to try.
func (f *feeder) settleEnd(ctx context.Context, g sight, o outlook, trouble int) error {
	if o.Next != "" && !f.pages[o.Next] {
		return f.turn(ctx, o.Next)
	}
	if f.window > SheetHeight && !g.Inner && !f.given(o, true, 9) {
		return f.lower(ctx)
	}
	f.stop = StopEndOfFeed
	short := f.c.Counts.PagePosts != nil && o.Busy && len(f.c.Posts) < *f.c.Counts.PagePosts
	if o.More != "" || short || f.t.net.troubles() > trouble {
		f.stop = StopNoGrowth
		f.c.lack("feed-stalled", "Flödet slutade ge fler inlägg utan att säga att det var slut.", "The feed stopped giving posts without saying that it had ended.")
	}
	return nil
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
	if _, err := eval[any](ctx, f.t, "painted"); err != nil {
		return err
	}
	w, err := eval[where](ctx, f.t, "nudge")
	if err != nil {
		return err
	}
	f.pos = math.Max(0, math.Min(f.shot, w.Height-w.Window))
	return nil
}

// turn opens the feed's next page. What is left of this one is photographed first.
func (f *feeder) turn(ctx context.Context, next string) error {
	g, err := eval[sight](ctx, f.t, "look", f.shot, f.pos+f.window)
	if err != nil {
		return err
	}
	if err := f.photograph(ctx, g, true); err != nil {
		return err
	}
	f.pages[next] = true
	v, _, err := f.t.open(ctx, next)
	if err != nil {
		return err
	}
	if v != nil {
		f.stop = StopNoGrowth
		f.c.lack("next-page", "Nästa sida i flödet gick inte att öppna: "+v.text.SV, "The feed's next page could not be opened: "+v.text.EN)
		return nil
	}
	f.t.note("opened", withoutSecrets(next))
	f.shot, f.pos, f.lastKey = 0, 0, ""
	return f.t.settle(ctx, true)
}

// tail photographs what is left of the page after the feed has ended.
func (f *feeder) tail(ctx context.Context) error {
	f.c.Period.Stop = f.stop
	if f.stop != StopEndOfFeed && f.stop != StopNoGrowth {
		return nil
	}
	if _, err := eval[float64](ctx, f.t, "scrollFeed", f.shot); err != nil {
		return err
	}
	for range 40 {
		g, err := eval[sight](ctx, f.t, "look", f.shot, f.shot+f.window)
		if err != nil {
			return err
		}
		before := f.shot
		if err := f.photograph(ctx, g, true); err != nil {
			return err
		}
		if f.shot >= g.Height-2 || f.shot <= before+1 {
			return nil
		}
		if _, err := eval[float64](ctx, f.t, "scrollFeed", f.shot); err != nil {
			return err
		}
	}
	return nil
}

// walled reports whether something bars the way to more, and ends the feed if so.
func (f *feeder) walled(ctx context.Context) (bool, error) {
	return f.barred(ctx)
}
