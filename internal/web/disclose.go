package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"arsring/internal/access"
	"arsring/internal/sip"
)

// Disclosure is a copy of chosen posts that is handed out to somebody who asked.
type Disclosure struct {
	Snapshot Snapshot
	Posts    []sip.Post // chosen, masked where chosen; comments only those chosen
	Masked   int
	Assessor string
	When     string
	Org      string
}

// Discloser makes the PDF of a copy. The original is not touched.
type Discloser interface {
	Copy(ctx context.Context, d Disclosure) (pdf []byte, err error)
}

type discloseData struct {
	Snapshot
	Posts []choice
	More  bool // there are posts beyond those that are listed
}

// choice is one post or comment that can be handed out.
type choice struct {
	sip.Post
	Depth   int
	On, Off bool // chosen; masked
}

// mostChoices bounds the form.
const mostChoices = 1000

func (q *ask) disclosable() (Snapshot, error) {
	s, err := q.snapshot(q.r.PathValue("id"))
	if err != nil {
		return s, err
	}
	if !q.actor.MayDo(s.Tenant, s.Class, access.Archivist) {
		return s, ErrNotFound
	}
	return s, nil
}

func (q *ask) disclosePage() error {
	s, err := q.disclosable()
	if err != nil {
		return err
	}
	return q.showDisclose(http.StatusOK, s, url.Values{"assessor": {q.actor.Name}}, nil)
}

func (q *ask) showDisclose(status int, s Snapshot, form url.Values, errs map[string]string) error {
	c, err := q.o.Archive.Content(q.ctx(), s.ID)
	if err != nil {
		return err
	}
	d := discloseData{Snapshot: s}
	var walk func(posts []sip.Post, depth int)
	walk = func(posts []sip.Post, depth int) {
		for _, p := range posts {
			if len(d.Posts) >= mostChoices {
				d.More = true
				return
			}
			d.Posts = append(d.Posts, choice{p, depth, slices.Contains(form["post"], p.ID), slices.Contains(form["mask"], p.ID)})
			walk(p.Comments, depth+1)
		}
	}
	walk(c.Posts, 0)
	return q.renderPage(status, "disclose", page{Title: q.t("Lämna ut kopia", "Hand out a copy"), Form: form, Errors: errs, Data: d})
}

// disclose makes the copy, and notes what was handed out, why, by whom it was assessed and when. Who asked is noted only when it was written:
// nobody has to say who they are to read a public document.
func (q *ask) disclose() error {
	s, err := q.disclosable()
	if err != nil {
		return err
	}
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	v, errs := q.r.PostForm, map[string]string{}
	why := q.sentence(v, "why", "Skriv vad begäran gäller.", "Write what the request is about.", errs)
	assessor := q.sentence(v, "assessor", "Skriv vem som har prövat utlämnandet.", "Write who has assessed the request.", errs)
	if len(v["post"]) == 0 {
		errs["post"] = q.t("Välj minst ett inlägg.", "Choose at least one post.")
	}
	if len(errs) > 0 {
		return q.showDisclose(http.StatusUnprocessableEntity, s, v, errs)
	}
	if q.o.Disclose == nil {
		return ErrNotFound
	}
	c, err := q.o.Archive.Content(q.ctx(), s.ID)
	if err != nil {
		return err
	}
	d := Disclosure{Snapshot: s, Assessor: assessor, When: when(q.o.Now()), Org: q.o.Organisation}
	d.Posts = d.choose(c.Posts, v)
	if len(d.Posts) == 0 {
		return q.showDisclose(http.StatusUnprocessableEntity, s, v, map[string]string{"post": q.t("Välj minst ett inlägg.", "Choose at least one post.")})
	}
	pdf, err := q.o.Disclose.Copy(q.ctx(), d)
	if err != nil {
		return err
	}
	detail := fmt.Sprintf("%d inlägg, %d maskade; %s; prövat av %s", len(v["post"]), d.Masked, why, assessor)
	if to := strings.TrimSpace(v.Get("to")); to != "" {
		detail += "; till " + clip(200, to)
	}
	if err := q.note(s.Tenant, "hand-out", s.ID, detail); err != nil {
		return err
	}
	q.attach("application/pdf", "kopia-"+s.ID+".pdf")
	_, _ = q.w.Write(pdf) // the browser may go away
	return nil
}

// choose gives the chosen posts with their chosen comments; a comment that is chosen alone stands alone.
func (d *Disclosure) choose(posts []sip.Post, v url.Values) []sip.Post {
	var out []sip.Post
	for _, p := range posts {
		below := d.choose(p.Comments, v)
		if !slices.Contains(v["post"], p.ID) {
			out = append(out, below...)
			continue
		}
		if slices.Contains(v["mask"], p.ID) {
			d.Masked++
			p = sip.Post{ID: p.ID, Origin: p.Origin, Published: p.Published, Text: Masked}
		}
		p.Comments = below
		out = append(out, p)
	}
	return out
}

// Masked stands where a text was taken out of a copy.
const Masked = "█████ [maskat]"
