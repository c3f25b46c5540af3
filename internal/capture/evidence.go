package capture

import (
	"context"
	_ "embed"
	"math"
	"slices"
	"time"

	"arsring/internal/register"
)

//go:embed js/evidence.js
var evidenceJS string

// evidenceLimits bound how long a thread is opened, and how far beyond it the page is photographed.
const (
	evidenceOpening = 2 * time.Minute
	evidenceRound   = 15 * time.Second
	evidenceSheets  = 400
)

// witness keeps one post or comment in its context.
type witness struct {
	*shooter
	want   place   // the address that was given
	shows  []place // addresses under which the opened page knows itself
	names  owner
	guess  bool // the post was chosen because it is the page's first, not by its address
	single bool // it is the page's only post
}

// evidence keeps the post or comment that the job's evidence names: its text with the whole thread, and the page from the top to the
// thread's end. A page that does not hold it is judged not-found: nothing else may stand in its place.
func (t *tab) evidence(ctx context.Context, s *shooter) error {
	want, ok := placeOf(s.c.Job.URL)
	if !ok {
		s.c.judge(evidenceNotFound(false))
		return nil
	}
	w := &witness{shooter: s, want: want}
	found, err := w.choose(ctx)
	if err != nil {
		return err
	}
	if !found {
		w.c.judge(evidenceNotFound(false))
		return nil
	}
	if err := w.unfold(ctx); err != nil {
		return err
	}
	return w.keep(ctx)
}

func evidenceNotFound(comment bool) verdict {
	v := verdict{outcome: NotFound, code: "post-not-found", text: Text{
		"Inlägget hittades inte på sidan. Öppna inläggets egen sida (klicka på dess tidsangivelse) och använd adressen därifrån.",
		"The post was not found on the page. Open the post's own page (follow its time) and use the address from there."}}
	if comment {
		v.code = "comment-not-found"
		v.text = Text{"Sidan och inlägget visades, men kommentaren som adressen pekar på hittades inte.",
			"The page and the post were shown, but the comment that the address names was not found."}
	}
	return v
}

// candidate is something on the page that may be the post.
type candidate struct {
	Permalink string
	Carries   bool // something in it bears the id that the address names
}

// choose finds the post on the page. A page that shows several posts of which none has the address is no proof of anything.
func (w *witness) choose(ctx context.Context) (bool, error) {
	if err := w.known(ctx); err != nil {
		return false, err
	}
	found, err := eval[[]candidate](ctx, w.t, "evidencePosts", w.want.ids())
	if err != nil {
		return false, err
	}
	pick := slices.IndexFunc(found, func(f candidate) bool { p, ok := placeOf(f.Permalink); return ok && p.page == w.want.page })
	if pick < 0 {
		pick = slices.IndexFunc(found, func(f candidate) bool { p, ok := placeOf(f.Permalink); return ok && w.isShown(p) && !w.isAccount() })
	}
	if pick < 0 {
		pick = slices.IndexFunc(found, func(f candidate) bool { return f.Carries })
	}
	if pick < 0 && len(found) > 0 && w.isShown(w.want) && !w.isAccount() {
		pick, w.guess, w.single = 0, true, len(found) == 1
	}
	if pick < 0 {
		return false, nil
	}
	// On a page of its own, what stands around a post is its thread; in a list it is other posts.
	return eval[bool](ctx, w.t, "evidenceMain", pick, len(found) == 1 || w.isShown(w.want) && !w.isAccount())
}

// known gathers the addresses under which the opened page knows itself.
func (w *witness) known(ctx context.Context) error {
	m, err := eval[struct{ URL, Canonical string }](ctx, w.t, "meta")
	if err != nil {
		return err
	}
	for _, a := range []string{m.URL, m.Canonical} {
		if p, ok := placeOf(a); ok {
			w.shows = append(w.shows, p)
		}
	}
	w.names, err = w.t.evidenceOwner(ctx, w.c)
	return err
}

func (w *witness) isShown(p place) bool {
	for _, s := range w.shows {
		if s.page == p.page {
			return true
		}
	}
	return false
}

// isAccount reports whether what was opened is the account's own page, which shows many posts.
func (w *witness) isAccount() bool {
	p, ok := placeOf(w.c.Job.Account.URL)
	return ok && len(w.shows) > 0 && w.shows[0].page == p.page
}

// evidenceOwner gathers the account's names. The page's own headings count only where the page lies below the account's address:
// elsewhere they may well be the sender's.
func (t *tab) evidenceOwner(ctx context.Context, c *Capture) (owner, error) {
	acc := c.Job.Account
	final, ok := placeOf(c.Facts.FinalURL)
	home, ok2 := placeOf(acc.URL)
	if ok && ok2 && below(final.page, home.page) {
		o, err := t.owner(ctx, c)
		delete(o.paths, pathKey(c.Facts.FinalURL)) // the post's own address is nobody's profile
		return o, err
	}
	return registeredOwner(acc), nil
}

// registeredOwner knows the account by the register alone.
func registeredOwner(acc register.Account) owner {
	o := owner{names: map[string]bool{}, paths: map[string]bool{}}
	for _, n := range []string{acc.Title, acc.Sender} {
		for _, v := range nameVariants(n) {
			o.names[v] = true
		}
	}
	o.paths[pathKey(acc.URL)] = true
	delete(o.names, "")
	delete(o.paths, "")
	return o
}

// unfold opens what is closed in the thread and scrolls through it, so that what comes late has come, until nothing more does.
func (w *witness) unfold(ctx context.Context) error {
	changed, err := eval[[]string](ctx, w.t, "evidenceUnbox")
	if err != nil {
		return err
	}
	for _, c := range changed {
		w.t.note("hidden", c)
	}
	until, height := time.Now().Add(evidenceOpening), 0.0
	for round := 0; ; round++ {
		r, err := eval[struct {
			Pressed []string
			Spent   float64
		}](ctx, w.t, "evidenceOpen", evidenceRound.Milliseconds())
		if err != nil {
			return err
		}
		for _, p := range r.Pressed {
			w.t.note("pressed", p)
		}
		if err := w.passThrough(ctx); err != nil {
			return err
		}
		bottom, err := eval[float64](ctx, w.t, "evidenceBottom")
		if err != nil {
			return err
		}
		full := r.Spent >= float64(evidenceRound.Milliseconds())-50
		if !full && len(r.Pressed) == 0 && math.Abs(bottom-height) < 2 {
			return nil
		}
		height = bottom
		if time.Now().After(until) || round > 60 {
			w.c.lack("comments-unopened", "Alla kommentarer hann inte öppnas.", "Not all comments could be opened in time.")
			return nil
		}
	}
}

// passThrough scrolls from the top to the thread's end, so that pictures and comments that wait to be seen are fetched.
func (w *witness) passThrough(ctx context.Context) error {
	for y, n := 0.0, 0; n < evidenceSheets; n++ {
		if _, err := eval[float64](ctx, w.t, "scrollTo", y); err != nil {
			return err
		}
		if err := w.t.settle(ctx, true); err != nil {
			return err
		}
		bottom, err := eval[float64](ctx, w.t, "evidenceBottom")
		if err != nil {
			return err
		}
		y += SheetHeight * 0.9
		if y > bottom {
			return nil
		}
	}
	return nil
}
