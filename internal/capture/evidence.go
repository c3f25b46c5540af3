package capture

import (
	"context"
	_ "embed"
	"math"
	"strings"

	"arsring/internal/register"
)

//go:embed js/evidence.js
var evidenceJS string

// evidenceSheets bounds how much of a thread is photographed.
const evidenceSheets = 400

// witness keeps one post or comment in its context, from the post's own page.
type witness struct {
	*visitor
	want  place   // the address that was given
	shows []place // addresses under which the opened page knows itself
	post  Post    // the page's post with its thread
}

// evidence keeps the post or comment that the job's evidence names: its text with the whole thread, and the page from the top to the
// thread's end. A page that does not hold it is judged not-found: nothing else may stand in its place.
func (t *tab) evidence(ctx context.Context, s *shooter) error {
	want, ok := placeOf(s.c.Job.URL)
	if !ok {
		s.c.judge(evidenceNotFound(false))
		return nil
	}
	w := &witness{want: want, visitor: s.visitor(owner{})}
	if err := w.known(ctx); err != nil {
		return err
	}
	if _, err := eval[string](ctx, t, "evidencePage"); err != nil {
		return err
	}
	first, err := w.read(ctx, &w.post)
	if err != nil || first.Post == nil {
		return err
	}
	w.post = first.piece(w.visitor)
	// What is closed now is read when it has been opened; only who and when stand as they are.
	w.post.Text, w.post.Links, w.post.Media, w.post.Comments = "", []string{}, []Media{}, []Post{}
	before, err := w.before(ctx, first)
	if err != nil {
		return err
	}
	got, err := w.unroll(ctx, &w.post)
	if err != nil {
		return err
	}
	target, why, err := w.find(ctx, first.Strong)
	if err == nil && target == nil && why.code == commentNotFound {
		target, err = w.leaf(ctx, got.more)
	}
	switch {
	case err != nil:
		return err
	case target == nil:
		w.c.judge(why)
		return nil
	case isTombstone(target):
		w.c.judge(evidenceRemoved())
		return nil
	}
	w.doubtful(target)
	return w.keep(ctx, target, before)
}

// commentNotFound is the code where the page and the post are there and the comment is not.
const commentNotFound = "comment-not-found"

func evidenceRemoved() verdict {
	return verdict{outcome: NotFound, code: "post-removed", text: Text{
		"Det som adressen pekar på är redan borttaget: på dess plats står bara att det har tagits bort.",
		"What the address names was removed already: in its place the page only says so."}}
}

func evidenceNotFound(comment bool) verdict {
	v := verdict{outcome: NotFound, code: "post-not-found", text: Text{
		"Inlägget hittades inte på sidan. Öppna inläggets egen sida (klicka på dess tidsangivelse) och använd adressen därifrån.",
		"The post was not found on the page. Open the post's own page (follow its time) and use the address from there."}}
	if comment {
		v.code = commentNotFound
		v.text = Text{"Sidan och inlägget visades, men kommentaren som adressen pekar på hittades inte.",
			"The page and the post were shown, but the comment that the address names was not found."}
	}
	return v
}

// known gathers the addresses under which the opened page knows itself, and the account's names.
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
	w.names = registeredOwner(w.c.Job.Account)
	return nil
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

// registeredOwner knows the account by the register alone. What a post's own page calls itself may well be the sender's name, or the
// post's first words.
func registeredOwner(acc register.Account) owner {
	o := owner{names: map[string]bool{}, paths: map[string]bool{pathKey(acc.URL): true}}
	for _, n := range []string{acc.Title, acc.Sender} {
		for _, v := range nameVariants(n) {
			o.names[v] = true
		}
		for _, sep := range []string{" på ", " on ", ", "} {
			head, _, _ := strings.Cut(n, sep)
			o.names[plainName(head)] = true
		}
	}
	delete(o.names, "")
	delete(o.paths, "")
	return o
}

// before reads the posts that the page's post answers, where the page shows them over it.
func (w *witness) before(ctx context.Context, o ownPage) ([]Post, error) {
	raw, err := eval[[]*rawPost](ctx, w.t, "evidenceBefore", o.Post.Mark)
	if err != nil {
		return nil, err
	}
	var out []Post
	for _, r := range raw {
		if r != nil && r.Permalink != o.Post.Permalink {
			out = append(out, w.t.post(r, w.c, w.names))
		}
	}
	return out, nil
}

// find gives the piece that the address names. Where it names a comment, only that comment will do; where it names a post, the page's post
// is it when nothing on the page says otherwise.
func (w *witness) find(ctx context.Context, strong bool) (*Post, verdict, error) {
	if w.isAnother() {
		return nil, evidenceNotFound(false), nil
	}
	if c := w.want.comments(&w.post); c != nil {
		return c, verdict{}, nil
	}
	if w.want.comment != "" || looksLikeComment(w.want.hash) {
		return nil, evidenceNotFound(true), nil
	}
	if names, err := w.namesPart(ctx); err != nil || names {
		return nil, evidenceNotFound(true), err
	}
	return w.main(ctx, strong)
}

// main gives the page's post where nothing on the page says that it is not the one that the address names.
func (w *witness) main(ctx context.Context, strong bool) (*Post, verdict, error) {
	own, ok := placeOf(w.post.Permalink)
	near := ok && w.isAlmost(own)
	switch {
	case ok && own.page == w.want.page:
		return &w.post, verdict{}, nil
	case !near && (ok || !w.isShown(w.want)), w.isAccount(), !strong:
		// The page leads elsewhere now, shows many posts, or its post has another address.
		return nil, evidenceNotFound(false), nil
	case ok && w.isShown(own):
		return &w.post, verdict{}, nil
	}
	n, err := eval[int](ctx, w.t, "evidenceAlone")
	switch {
	case err != nil || n != 1:
		return nil, evidenceNotFound(false), err
	case ok:
		return &w.post, verdict{}, nil
	}
	w.c.lack("address-not-shown", "Sidan anger ingen egen adress för inlägget; sidans enda inlägg är fångat.", "The page gives the post no address of its own; the page's only post was captured.")
	return &w.post, verdict{}, nil
}

// namesPart reports whether the address's fragment names a part of the page that is not the post: one that is not there, or one that lies among
// the comments and could not be read as one of them.
func (w *witness) namesPart(ctx context.Context) (bool, error) {
	if !namesSomething(w.want.hash, w.want.page) {
		return false, nil
	}
	return eval[bool](ctx, w.t, "evidenceElsewhere", w.want.hash)
}

// keep photographs the page and writes the thread into the capture.
func (w *witness) keep(ctx context.Context, target *Post, before []Post) error {
	n, err := eval[int](ctx, w.t, "evidenceUnclip")
	if err != nil {
		return err
	}
	if n > 0 {
		w.t.note("hidden", "unboxed: a pane that scrolls by itself")
	}
	if err := w.photographAll(ctx); err != nil {
		return err
	}
	if len(target.Tiles) == 0 {
		w.c.lack("evidence-moved", "Det som ska dokumenteras syns inte på bilderna av sidan.", "What is to be documented is not seen in the pictures of the page.")
	}
	if err := w.pictures(ctx, target); err != nil {
		return err
	}
	p, _, err := w.t.pageText(ctx, w.c.Facts)
	if err != nil {
		return err
	}
	what := Text{"Inlägget är fångat i sitt sammanhang.", "The post was captured in its context."}
	if target != &w.post {
		what = Text{"Kommentaren är fångad i sitt sammanhang.", "The comment was captured in its context."}
	}
	w.c.Pages = append(w.c.Pages, p)
	ev := *w.c.Job.Evidence
	ev.Post = target.ID
	w.c.Job.Evidence = &ev
	doubt(&w.post)
	w.c.Posts = append(before, w.post)
	w.c.Period.Stop = StopEndOfPage
	w.c.judge(verdict{outcome: Complete, code: "ok", text: what})
	return nil
}

// doubt takes back that a piece was received where nothing but its name says so, and the account may have other names than the register's.
func doubt(p *Post) {
	if p.Origin == OriginReceived && p.AuthorURL == "" {
		p.Origin = OriginUnknown
	}
	for i := range p.Comments {
		doubt(&p.Comments[i])
	}
}

// photographAll keeps the page from its top to the thread's end as sheets that tell what they show.
func (w *witness) photographAll(ctx context.Context) error {
	if err := w.t.viewport(ctx, SheetHeight); err != nil {
		return err
	}
	for top, n := 0.0, 0; n < evidenceSheets; n++ {
		next, end, err := w.sheet(ctx, &w.post, top, n == 0)
		if err != nil || next >= end-1 || next <= top {
			return err
		}
		top = next
	}
	w.c.lack("limit-sheets", "Tråden är för lång för att fotograferas i sin helhet.", "The thread is too long to be photographed as a whole.")
	return nil
}

// pictures says which of the piece's pictures, and what else of it, is not in the copy.
func (w *witness) pictures(ctx context.Context, target *Post) error {
	for _, m := range target.Media {
		if m.Kind != "image" {
			w.c.lack("evidence-"+m.Kind, "Filmen eller ljudet i det som ska dokumenteras är inte sparat, bara dess adress och bild. Spara det för sig och lämna in det i en ZIP-fil (arsring ingest).",
				"The video or sound in what is to be documented was not kept, only its address and picture. Save it by itself and hand it in as a ZIP file (arsring ingest).")
		}
	}
	o, err := w.read(ctx, &w.post)
	if err != nil || o.Post == nil {
		return err
	}
	top, end, except := o.Top, o.Bottom, [][2]float64{}
	for _, b := range w.blocks(&w.post, o) {
		if b.id == target.ID {
			top, end = b.top, b.end
		} else if target == &w.post {
			except = append(except, [2]float64{b.top, math.Max(b.top, b.end)})
		}
	}
	lost, err := eval[int](ctx, w.t, "evidenceLost", top, end, except)
	if lost > 0 {
		w.c.lack("evidence-media", "En bild i det som ska dokumenteras gick inte att hämta.", "A picture in what is to be documented could not be fetched.")
	}
	return err
}
