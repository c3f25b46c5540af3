package capture

import (
	"context"
	"time"

	"arsring/internal/register"
)

// ownPage is what the script reads of a post's own page.
type ownPage struct {
	Post        *rawPost
	Boxes       []*[2]float64 // of the comments in the order of the tree, document px; nil where it is not known
	Claimed     *int          // comments that the page counts
	Top, Bottom float64       // of the post with its comments
	Height      float64
	Strong      bool // the post was found by its address or its role, not by being all there is
	Able        bool // the page takes comments, or shows some
	Title       string
	Headed      bool // the title stands in the post itself
	Stamps      []stamp
	URL         string
}

// stamp is a time that the page's data tell of the post.
type stamp struct{ At, Source string }

// page opens a post's own page, reads it and adds what is new to the post. The code says why nothing could be read; empty is success.
func (v *visitor) page(ctx context.Context, p *Post) (string, error) {
	seen, news := map[string]bool{}, false
	for queue := []string{p.Permalink}; len(queue) > 0 && len(seen) < 200; queue = queue[1:] {
		next := withoutFragment(queue[0])
		if seen[next] || len(seen) > 0 && v.exceeded(ctx) {
			continue
		}
		if code, err := v.enter(ctx, queue[0]); err != nil || code != "" {
			return code, err
		}
		v.expect(ctx, p, len(seen) > 0)
		got, err := v.unroll(ctx, p)
		if err != nil {
			return "", err
		}
		v.t.heedHints(ctx, v.c)
		if got.fresh || v.always && len(seen) == 0 {
			if err := v.photograph(ctx, p); err != nil {
				return "", err
			}
		}
		if err := v.hold(ctx, *p); err != nil {
			return "", err
		}
		news = news || got.fresh || got.able
		seen[next], seen[withoutFragment(got.url)] = true, true
		queue = append(queue, got.more...)
	}
	if news {
		v.found++
	}
	return "", nil
}

// hold keeps the post's pictures before the page is left: the browser drops them with it.
func (v *visitor) hold(ctx context.Context, p Post) error {
	v.keepMedia(ctx, []Post{p})
	for until := time.Now().Add(time.Second); len(v.media.queue) > 0 && time.Now().Before(until); {
		if err := pause(ctx, 3*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// enter opens an address and waits until it has come to rest. The code says what was in the way.
func (v *visitor) enter(ctx context.Context, address string) (string, error) {
	verdict, _, err := v.t.openPatiently(ctx, address)
	if err != nil {
		return "", err
	}
	if verdict != nil {
		return verdict.code, nil
	}
	if bad, is := byStatus(v.t.net.status(), v.t.net.headers(), v.t.b.o.Now()); is {
		return bad.code, nil
	}
	if err := v.rest(ctx); err != nil {
		return "", err
	}
	v.t.lackCut(v.c)
	defer v.t.hold()
	if err := v.t.consent(ctx); err != nil {
		return "", err
	}
	w, err := eval[wallSigns](ctx, v.t, "wall")
	if err != nil {
		return "", err
	}
	if bad, is := w.verdict(); is {
		if label, err := eval[string](ctx, v.t, "closeWall"); err != nil || label == "" {
			return bad.code, err
		} else {
			v.t.note("pressed", label)
		}
	}
	return "", nil
}

// rest waits until a page neither loads nor changes, and no longer than it has to.
func (v *visitor) rest(ctx context.Context) error {
	begin, last, still := time.Now(), "", 0
	for time.Since(begin) < v.t.b.o.Settle {
		if err := v.t.painted(ctx); err != nil {
			return err
		}
		st, err := eval[pageState](ctx, v.t, "visitState")
		if err != nil {
			return err
		}
		quiet, calm := v.t.net.quiet(5 * time.Second)
		if st.State == last && calm && quiet > 30*time.Millisecond {
			still++
		} else {
			still = 0
		}
		// What says that it loads is given longer, as long as something may still come of it.
		if still >= 2 && (!st.Busy || quiet > 1200*time.Millisecond) {
			return nil
		}
		last = st.State
	}
	return nil
}

// pageState is how a post's own page stands, and whether it says that it loads.
type pageState struct {
	State string
	Busy  bool
}

// late waits for comments that a page adds a moment after it has come to rest, where it shows fewer than it counts or none. It reports whether
// something came. After two pages in a row to which nothing came no other is waited for; many more, where something came late before.
func (v *visitor) late(ctx context.Context, p *Post) (bool, error) {
	most, patience := 1500*time.Millisecond, 2
	if v.lateBy > 0 {
		most, patience = min(most, 2*v.lateBy+300*time.Millisecond), 20
	}
	n, kept := v.claimed(p), v.kept(p)
	if n != nil && *n > 0 && kept == 0 { // it counts some and shows none
		most, patience = 4*time.Second, max(patience, 3)
	}
	if v.dry >= patience || v.waited == p.ID || n == nil && kept > 0 || n != nil && *n <= kept {
		return false, nil
	}
	v.waited = p.ID
	before, err := eval[pageState](ctx, v.t, "visitState")
	if err != nil {
		return false, err
	}
	for began := time.Now(); time.Since(began) < most; {
		if err := pause(ctx, 30*time.Millisecond); err != nil {
			return false, err
		}
		now, err := eval[pageState](ctx, v.t, "visitState")
		if err != nil {
			return false, err
		}
		if now.State != before.State {
			v.dry, v.lateBy = 0, max(v.lateBy, time.Since(began))
			return true, v.rest(ctx)
		}
	}
	v.dry++
	return false, nil
}

// unrolled is what opening and scrolling a post's own page came to.
type unrolled struct {
	fresh, able bool
	more        []string // addresses of further pages of comments
	url         string
}

// unroll opens what is closed and scrolls to the end, and reads the post and its comments at every step, because some lists drop what has passed.
func (v *visitor) unroll(ctx context.Context, p *Post) (unrolled, error) {
	var out unrolled
	moved := time.Now() // when something last came
	for step := range 400 {
		height, fresh, pressed, err := v.unfold(ctx, p, &out)
		if err != nil {
			return out, err
		}
		if step == 0 {
			if err := v.slides(ctx, p); err != nil {
				return out, err
			}
		}
		more, err := v.further(ctx, p, &moved, height, fresh, pressed)
		if err != nil {
			return out, err
		}
		if !more {
			break
		}
	}
	var err error
	out.more, err = eval[[]string](ctx, v.t, "visitPages")
	return out, err
}

// further scrolls a piece further down, and reports whether more may come. moved is when something last came.
func (v *visitor) further(ctx context.Context, p *Post, moved *time.Time, height float64, fresh, pressed bool) (bool, error) {
	down, err := eval[struct{ End, Moved, Busy bool }](ctx, v.t, "visitDown")
	if err != nil {
		return false, err
	}
	if down.End && !down.Moved && !down.Busy && !pressed { // the window shows all there is
		return v.late(ctx, p)
	}
	if err := v.rest(ctx); err != nil {
		return false, err
	}
	h, err := eval[float64](ctx, v.t, "height")
	if err != nil {
		return false, err
	}
	if !down.End || h > height+1 || fresh || pressed {
		*moved = time.Now()
		return true, nil
	}
	return down.Busy && time.Since(*moved) < lateBusy, nil // a wheel may turn for ever
}

// unfold presses what shows more and reads the page as it then stands.
func (v *visitor) unfold(ctx context.Context, p *Post, out *unrolled) (height float64, fresh, pressed bool, err error) {
	labels, err := eval[[]string](ctx, v.t, "visitOpen", hint(p), 20000)
	if err != nil {
		return 0, false, false, err
	}
	for _, label := range labels {
		v.t.note("pressed", label)
	}
	o, err := v.read(ctx, p)
	if err != nil {
		return 0, false, false, err
	}
	fresh = v.merge(p, o)
	out.fresh, out.able, out.url = out.fresh || fresh, out.able || o.Able, o.URL
	return o.Height, fresh, len(labels) > 0, nil
}

// slides goes through pictures that are shown one at a time and lists them all, in their order.
func (v *visitor) slides(ctx context.Context, p *Post) error {
	got, err := eval[struct {
		Pressed int
		Media   []rawMedia
	}](ctx, v.t, "visitSlides", 30000)
	if err != nil || got.Pressed == 0 {
		return err
	}
	v.t.note("pressed", "next picture")
	before := p.Media
	p.Media = nil
	v.addMedia(p, mediaOf(got.Media))
	v.addMedia(p, before)
	return nil
}

// rawMedia is a picture or video as the script read it.
type rawMedia struct {
	Kind, URL string
	Alt       *string
	W, H      int
}

func mediaOf(raw []rawMedia) []Media {
	out := []Media{}
	for _, m := range raw {
		out = append(out, Media{Kind: m.Kind, URL: withoutSecrets(m.URL), Alt: m.Alt, W: m.W, H: m.H})
	}
	return out
}

// read reads the page as it stands, with the times that only a resting pointer shows.
func (v *visitor) read(ctx context.Context, p *Post) (ownPage, error) {
	o, err := eval[ownPage](ctx, v.t, "visitRead", hint(p))
	if err != nil || o.Post == nil {
		return o, err
	}
	if v.silent >= 2 {
		return o, nil
	}
	before, vague := tips(*o.Post, v.t.b.o.Now())
	if vague == 0 {
		return o, nil
	}
	if err := v.t.hover(ctx, []*rawPost{o.Post}); err != nil {
		return o, err
	}
	if after, _ := tips(*o.Post, v.t.b.o.Now()); after == before {
		v.silent++
	} else {
		v.silent = -1 << 20
	}
	return o, nil
}

// tips counts what the times of a post and its comments say beside their text, and the times that are not exact.
func tips(r rawPost, now time.Time) (said, vague int) {
	if r.When != nil {
		said = len(r.When.Titles)
		if m, ok := r.When.resolve(now, register.Location()); !ok || m.precision != preciseMinute || m.source == "relative" {
			vague = 1
		}
	}
	for _, c := range r.Comments {
		s, v := tips(c, now)
		said, vague = said+s, vague+v
	}
	return said, vague
}

// hint is how a post's text begins, to find it on its own page.
func hint(p *Post) string {
	r := []rune(p.Text)
	return string(r[:min(len(r), 80)])
}

// piece makes a post of the page: what the page's own data tell of time fills what its text leaves open.
func (o *ownPage) piece(v *visitor) Post {
	p := v.t.piece(o.Post, v.names, "", false)
	for _, s := range o.Stamps {
		m, ok := parseMachine(s.At, register.Location())
		if ok && (p.Published == nil || rank(m.precision) < rank(p.PublishedPrecision) || p.PublishedSource == "relative" && m.precision == preciseMinute) {
			at := m.at
			p.Published, p.PublishedSource, p.PublishedPrecision = &at, s.Source, m.precision
		}
	}
	return p
}
