package capture

import (
	"context"
	"math"
	"time"
)

// turn opens the feed's next page. What is left of this one is photographed first.
func (f *feeder) turn(ctx context.Context, next string) error {
	if err := f.leave(ctx); err != nil {
		return err
	}
	f.pages[next] = true
	learned, err := eval[[]string](ctx, f.t, "recall")
	if err != nil {
		return err
	}
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
	_, v, err = f.t.arrive(ctx)
	f.t.hold()
	if v != nil {
		f.stop = StopNoGrowth
	}
	if err != nil {
		return err
	}
	if err := f.t.unfoldPage(ctx); err != nil {
		return err
	}
	if _, err := eval[int](ctx, f.t, "remember", learned); err != nil {
		return err
	}
	return f.skip(ctx)
}

// skip begins a page that repeats what the page before showed with the first post that is new.
func (f *feeder) skip(ctx context.Context) error {
	g, err := eval[sight](ctx, f.t, "look", 0, 1e9)
	if err != nil || len(g.Items) == 0 || !f.seen[g.Items[0].Key] {
		return err
	}
	for _, it := range g.Items {
		if !f.seen[it.Key] {
			f.shot, f.pos = it.Top, it.Top
			break
		}
	}
	return nil
}

// leave photographs what is left of a page of the feed.
func (f *feeder) leave(ctx context.Context) error {
	g, err := f.look(ctx)
	if err != nil {
		return err
	}
	return f.photograph(ctx, g, true)
}

// turnWait is how long a page has for showing its next one, from when it last answered.
const turnWait = 8 * time.Second

// turnHere presses what puts the next page of the feed in the place of this one, and waits for it.
func (f *feeder) turnHere(ctx context.Context) error {
	if err := f.leave(ctx); err != nil {
		return err
	}
	before, err := eval[sight](ctx, f.t, "look", 0, 1e9)
	if err != nil {
		return err
	}
	label, err := eval[string](ctx, f.t, "turnPage")
	if err != nil {
		return err
	}
	if label != "" {
		f.t.note("pressed", label)
	}
	top := 0.0
	turned, err := f.until(ctx, turnWait, func(g sight) (is bool) {
		top, is = f.unseen(g)
		return is
	})
	if err != nil {
		return err
	}
	if turned {
		f.shot, f.pos, f.lastKey = top, top, ""
		return f.t.settle(ctx, false)
	}
	return f.notTurned(ctx, before)
}

// unseen gives the height at which posts begin, where one of them was never read.
func (f *feeder) unseen(g sight) (top float64, is bool) {
	top = math.Inf(1)
	for _, it := range g.Items {
		top, is = math.Min(top, it.Top), is || !f.seen[it.Key]
	}
	return math.Max(0, top), is
}

// notTurned names why a press for the next page gave no new posts: there was none, the pages go round, or it failed.
func (f *feeder) notTurned(ctx context.Context, before sight) error {
	o, err := eval[outlook](ctx, f.t, "outlook")
	if err != nil {
		return err
	}
	now, err := eval[sight](ctx, f.t, "look", 0, 1e9)
	if err != nil {
		return err
	}
	switch same := sameItems(before, now); {
	case !same:
		f.stop = StopLoop
	case o.Turn == "":
		f.stop = StopEndOfFeed
	default:
		f.stop = StopNoGrowth
		f.stalled()
	}
	return nil
}

func sameItems(a, b sight) bool {
	if len(a.Items) != len(b.Items) {
		return false
	}
	for i := range a.Items {
		if a.Items[i].Key != b.Items[i].Key {
			return false
		}
	}
	return true
}

// stalled says that the feed gave no more, and that nobody knows whether there was more.
func (f *feeder) stalled() {
	f.c.lack("feed-stalled", "Flödet slutade ge fler inlägg utan att säga att det var slut.", "The feed stopped giving posts without saying that it had ended.")
}

// above brings in what a feed that begins with its oldest posts offers above them, until nothing more comes.
func (f *feeder) above(ctx context.Context) error {
	for {
		before, err := eval[sight](ctx, f.t, "look", 0, 1e9)
		if err != nil {
			return err
		}
		label, err := eval[string](ctx, f.t, "pressAbove")
		if err != nil || label == "" {
			return err
		}
		f.t.note("pressed", label)
		if more, err := f.until(ctx, 3*time.Second, func(g sight) bool { return g.Total > before.Total }); err != nil || !more || f.exceeded() || f.limits.Posts > 0 && before.Total > f.limits.Posts {
			return err
		}
	}
}

// newestFirst has a list that begins with a choice of its posts, the most relevant ones, show the newest first.
func (f *feeder) newestFirst(ctx context.Context) error {
	done, err := eval[[]string](ctx, f.t, "orderFeed", 8000)
	if err != nil || len(done) == 0 {
		return err
	}
	for _, label := range done {
		f.t.note("pressed", label)
	}
	_, err = f.until(ctx, 3*time.Second, func(g sight) bool { return g.Total > 0 })
	return err
}

// latest brings in what was published while the feed was read, where the page offers it.
func (f *feeder) latest(ctx context.Context) error {
	label, err := eval[string](ctx, f.t, "latest")
	if err != nil || label == "" {
		return err
	}
	f.t.note("pressed", label)
	_, err = f.until(ctx, 3*time.Second, func(g sight) bool {
		_, unseen := f.unseen(g)
		return unseen
	})
	return err
}

// until looks at the feed again and again until it shows what is waited for, and no longer than wait after the page was last answered.
func (f *feeder) until(ctx context.Context, wait time.Duration, shows func(sight) bool) (bool, error) {
	for last := time.Now(); time.Since(last) < wait; {
		if err := pause(ctx, 25*time.Millisecond); err != nil {
			return false, err
		}
		if _, quiet := f.t.net.quiet(turnWait); !quiet {
			last = time.Now()
		}
		g, err := eval[sight](ctx, f.t, "look", 0, 1e9)
		if err != nil {
			return false, err
		}
		if shows(g) {
			return true, nil
		}
	}
	return false, nil
}
