package capture

import (
	"context"
	"math"
	"slices"
	"time"
)

// photograph takes sheets of what the window shows below shot. Unless last, a remainder that does not fill a sheet waits for what follows it.
func (f *feeder) photograph(ctx context.Context, g sight, last bool) error {
	f.blank = false
	end, blocks := f.reach(g, last)
	if end <= f.shot+1 || f.looping(g, end) {
		return nil
	}
	r, err := f.t.region(ctx, f.shot+g.Origin, end+g.Origin)
	if err != nil {
		return err
	}
	if !last && f.stop == "" {
		shown := lowest(r, blocks) - g.Origin
		if f.blank = shown <= f.shot+1; f.blank {
			f.blanks++
		} else {
			f.blanks = 0
		}
		if f.unfilled() {
			return nil
		}
		if !f.blank && end-shown > emptyEnd {
			end = shown
		}
	}
	wait := func(top float64) bool {
		top -= g.Origin
		return !last && f.stop == "" && g.Window > 2*SheetHeight && end-top < SheetHeight && (top > f.shot || end-top < g.Window*0.75)
	}
	framed, err := f.frameBlocks(ctx)
	if err != nil {
		return err
	}
	blocks = append(blocks, framed...)
	next, err := f.stretch(ctx, r, blocks, f.shot+g.Origin, end+g.Origin, wait, f.marks(blocks))
	if err != nil {
		return err
	}
	f.shot = next - g.Origin
	f.remember(g)
	return nil
}

// emptyEnd is how much of a window may show nothing at its lower end before that is taken for what a list has not drawn: px.
const emptyEnd = 48

// lowest is the lower edge of the last thing that is shown, document px.
func lowest(r region, blocks []block) float64 {
	y := 0.0
	for _, b := range r.Texts {
		y = math.Max(y, b.Y+b.H)
	}
	for _, b := range r.Atoms {
		y = math.Max(y, b.Y+b.H)
	}
	for _, b := range blocks {
		y = math.Max(y, b.end)
	}
	return y
}

// unfilled reports that the window shows nothing where something may come: lists draw what is near the window, some of them late.
func (f *feeder) unfilled() bool { return f.blank && f.blanks <= blankPasses }

// blankPasses is how often an empty window is looked at again, every blankPause.
const (
	blankPasses = 8
	blankPause  = 150 * time.Millisecond
)

// reach is how far down the window can be photographed now, and the posts on the way there.
func (f *feeder) reach(g sight, last bool) (end float64, blocks []block) {
	end = math.Min(g.Height, g.Scroll+g.Window)
	for _, it := range g.Items {
		if it.Top < end-1 && it.Bottom > f.shot {
			blocks = append(blocks, block{f.ids[it.Key], it.Top + g.Origin, it.Bottom + g.Origin})
		}
		if last || it.Top <= f.shot {
			continue
		}
		if it.Top < end && it.Bottom > end && it.Bottom-it.Top <= g.Window {
			end = it.Top // a post that reaches below the window is whole in the next
		}
		if !f.seen[it.Key] {
			end = math.Min(end, it.Top)
		}
	}
	if f.stop == StopReachedDate {
		end = math.Min(end, f.lastWanted(g, end))
	}
	return end, blocks
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

// remember keeps the last post that lies wholly above shot, to find the place again when the page moves.
func (f *feeder) remember(g sight) {
	for _, it := range g.Items {
		if it.Bottom <= f.shot+1 {
			f.lastKey, f.lastEnd = it.Key, it.Bottom
			f.loopSeen[it.Key]++
		}
	}
}

// exhausted reports whether the feed gave all that it would.
func (f *feeder) exhausted() bool { return f.stop == StopEndOfFeed || f.stop == StopNoGrowth }

// tail photographs what is left of the page after the feed has ended.
func (f *feeder) tail(ctx context.Context) error {
	f.c.Period.Stop = f.stop
	if !f.exhausted() {
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

// sweep keeps what stands in the page and was never in the window's way: posts that a feed moved up, past where the window had been, and what
// the page added to posts after they were read, such as comments that come late; and posts that are on no sheet.
func (f *feeder) sweep(ctx context.Context) error {
	const most = 200
	ended := f.exhausted()
	if !ended && f.stop != StopReachedDate {
		return nil
	}
	gaps, err := f.fillGaps(ctx)
	if err != nil {
		return err
	}
	tried := map[string]bool{}
	for range most {
		g, err := eval[sight](ctx, f.t, "look", 0, 1e9)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(g.Items, func(it item) bool {
			return (it.Grown || (ended || gaps && it.Top < f.shot) && !f.seen[it.Key] || f.bare(it.Key)) && !tried[it.Key]
		})
		if i < 0 {
			return nil
		}
		key := g.Items[i].Key
		tried[key] = true
		if err := f.fetch(ctx, g.Items[i], key); err != nil {
			return err
		}
		if f.exceeded() {
			return nil
		}
	}
	return nil
}

// linger stays a while at posts without an address of their own that count more comments than were found: some pages bring them when their post has been
// in sight for a moment. After two in a row to which nothing came it gives up.
func (f *feeder) linger(ctx context.Context) error {
	const most, wait = 200, 1600 * time.Millisecond
	if !f.exhausted() && f.stop != StopReachedDate {
		return nil
	}
	tried := map[string]bool{}
	for dry := 0; dry < 2 && len(tried) < most && !f.exceeded(); {
		g, err := eval[sight](ctx, f.t, "look", 0, 1e9)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(g.Items, func(it item) bool { return !tried[it.Key] && f.wanting(it.Key) })
		if i < 0 {
			return nil
		}
		it := g.Items[i]
		tried[it.Key] = true
		if !it.Grown {
			if _, err := eval[float64](ctx, f.t, "scrollFeed", math.Max(0, it.Bottom-g.Window/2)); err != nil {
				return err
			}
			came, err := f.until(ctx, wait, func(g sight) bool {
				return slices.ContainsFunc(g.Items, func(o item) bool { return o.Key == it.Key && o.Grown })
			})
			if err != nil {
				return err
			}
			if !came {
				dry++
				continue
			}
		}
		dry = 0
		if err := f.fetch(ctx, it, it.Key); err != nil {
			return err
		}
	}
	return nil
}

// wanting reports whether a post that has no page of its own counts more comments than were kept.
func (f *feeder) wanting(key string) bool {
	id := f.ids[key]
	return id != "" && slices.ContainsFunc(f.c.Posts, func(p Post) bool {
		n, replies := count(p.Comments)
		return p.ID == id && p.Permalink == "" && p.Reactions != nil && p.Reactions.Comments != nil && *p.Reactions.Comments > n+replies
	})
}

// fillGaps presses the buttons for more that stand between posts, and reports whether posts came of that.
func (f *feeder) fillGaps(ctx context.Context) (filled bool, err error) {
	const most, limit = 100, 6 * time.Second
	for range most {
		got, err := eval[*struct {
			Label  string
			Filled bool
		}](ctx, f.t, "pressGap", limit.Milliseconds())
		if err != nil || got == nil {
			return filled, err
		}
		f.t.note("pressed", got.Label)
		if !got.Filled {
			f.c.lack("gap-left", "Mellan inlägg finns en knapp för fler (”"+clip(got.Label, 60)+"”) som inte gav några; det som hör hemma där är inte fångat.", "Between posts there is a button for more (“"+clip(got.Label, 60)+"”) that gave none; what belongs there was not captured.")
			return filled, nil
		}
		filled = true
		if f.exceeded() {
			return filled, nil
		}
	}
	return filled, nil
}

// bare reports whether a post of the period was read and is on no sheet: the page moved it while it was photographed.
func (f *feeder) bare(key string) bool {
	id := f.ids[key]
	return id != "" && slices.ContainsFunc(f.c.Posts, func(p Post) bool { return p.ID == id && f.c.unshown(p) })
}

// fetch goes to one post that was passed by, reads it and photographs it on sheets of its own.
func (f *feeder) fetch(ctx context.Context, it item, key string) error {
	f.c.Views++
	if _, err := eval[float64](ctx, f.t, "scrollFeed", math.Max(0, it.Top-40)); err != nil {
		return err
	}
	f.pos, f.shot = it.Top, it.Top
	g, err := f.ready(ctx)
	if err != nil {
		return err
	}
	same := func(i item) bool { return i.Key == key }
	at := slices.IndexFunc(g.Items, same)
	if at < 0 {
		return nil // it went on moving
	}
	if g, err = f.keep(ctx, g, g.Items[at:at+1]); err != nil {
		return err
	}
	if at = slices.IndexFunc(g.Items, same); at < 0 {
		return nil
	}
	top, end := g.Items[at].Top+g.Origin, math.Min(g.Items[at].Bottom, g.Scroll+g.Window)+g.Origin
	r, err := f.t.region(ctx, top, end)
	if err != nil {
		return err
	}
	blocks := []block{{f.ids[key], top, end}}
	_, err = f.stretch(ctx, r, blocks, top, end, nil, f.marks(blocks))
	return err
}
