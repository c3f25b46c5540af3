package capture

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

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

// leftUnread says that posts were there and could not be read: they left the page, or the page itself was gone. shown is how many there were at first.
func (f *feeder) leftUnread(ctx context.Context, shown int) error {
	n, err := eval[int](ctx, f.t, "hollows")
	if err != nil {
		return err
	}
	for _, key := range f.lost {
		if !f.seen[key] {
			n++
		}
	}
	if len(f.c.Posts) == 0 {
		n = max(n, shown)
	}
	if n > 0 {
		f.c.lack("posts-unread", fmt.Sprintf("%d inlägg fanns på sidan men gick inte att läsa: de försvann, eller fick aldrig sitt innehåll.", n), fmt.Sprintf("%d posts were on the page and could not be read: they left it, or never got their content.", n))
	}
	return nil
}
