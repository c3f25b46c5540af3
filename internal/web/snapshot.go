package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"arsring/internal/access"
	"arsring/internal/capture"
	"arsring/internal/sip"
)

type snapshotData struct {
	Snapshot
	M         sip.Manifest
	Receipt   *Receipt
	Lock      string
	LastCheck *access.Event
	Check     *Check
	Post      *sip.Post // of an evidence: what was documented
	Sheets    []sheet
	MayCheck  bool
	MayGive   bool
	Previous  string // the snapshot before this one, when the asker may see it
}

// sheet is one page of the facsimile: the tiles that one page of the record shows.
type sheet struct {
	Page  int // of the record; 0: not known
	Tiles []sip.Tile
}

func (q *ask) snapshotPage() error {
	k, err := q.kept()
	if err != nil {
		return err
	}
	return q.showSnapshot(k, nil)
}

func (q *ask) showSnapshot(k kept, check *Check) error {
	s, m := k.Snapshot, k.M
	d := snapshotData{Snapshot: s, M: m, Check: check, Sheets: sheetsOf(m), MayCheck: q.actor.May(s.Tenant, access.Officer), MayGive: q.o.Disclose != nil && q.actor.May(s.Tenant, access.Archivist)}
	switch r, err := q.o.Archive.Receipt(q.ctx(), s.ID); {
	case err == nil:
		d.Receipt = &r
	case !errors.Is(err, ErrNotFound):
		return err
	}
	if m.Previous != nil {
		if _, err := q.snapshot(*m.Previous); err == nil {
			d.Previous = *m.Previous
		}
	}
	if q.actor.Known() {
		if checks, err := q.o.State.Audit(q.ctx(), access.AuditFilter{Action: "check", Object: s.ID, Limit: 1}); err == nil && len(checks) == 1 {
			d.LastCheck = &checks[0]
		}
	}
	if m.Evidence != nil && m.Evidence.Post != nil {
		if c, err := q.o.Archive.Content(q.ctx(), s.ID); err == nil {
			d.Post = postByID(c.Posts, *m.Evidence.Post)
		}
	}
	return q.render(http.StatusOK, "snapshot", clip(80, s.Title)+", "+when(s.Taken), d)
}

// sheetsOf puts the tiles onto the pages of the record that show them.
func sheetsOf(m sip.Manifest) []sheet {
	var out []sheet
	at := map[int]int{}
	for _, t := range m.Tiles {
		n := 0
		if t.RecordPage != nil {
			n = *t.RecordPage
		}
		i, ok := at[n]
		if !ok || n == 0 {
			at[n] = len(out)
			out = append(out, sheet{Page: n, Tiles: []sip.Tile{t}})
			continue
		}
		out[i].Tiles = append(out[i].Tiles, t)
	}
	return out
}

func postByID(posts []sip.Post, id string) *sip.Post {
	for i := range posts {
		if posts[i].ID == id {
			return &posts[i]
		}
		if p := postByID(posts[i].Comments, id); p != nil {
			return p
		}
	}
	return nil
}

// check reads the package again, byte for byte, and says what it found.
func (q *ask) check() error {
	s, err := q.snapshot(q.r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := q.need(s.Tenant, access.Officer); err != nil {
		return err
	}
	c, err := q.o.Archive.Check(q.ctx(), s.ID)
	if err != nil {
		return err
	}
	detail := fmt.Sprintf("%d filer, i ordning", c.Objects)
	if !c.OK {
		detail = fmt.Sprintf("%d filer, %d fel", c.Objects, len(c.Findings))
	}
	if err := q.note(s.Tenant, "check", s.ID, detail); err != nil {
		return err
	}
	if q.rt.api {
		return q.json(http.StatusOK, c)
	}
	k, err := q.withManifest(s)
	if err != nil {
		return err
	}
	return q.showSnapshot(k, &c)
}

type sheetsData struct {
	Snapshot
	Sheets []sheet
}

func (q *ask) sheetsPage() error {
	k, err := q.kept()
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, "sheets", q.t("Bilder av sidan", "Pictures of the page")+", "+clip(80, k.Title), sheetsData{k.Snapshot, sheetsOf(k.M)})
}

// postsPerPage is how many posts one page of the list shows.
const postsPerPage = 30

type postsData struct {
	Snapshot
	Posts       []sip.Post
	Pages       []sip.Page
	All, Fit    int
	Leaf        leaf
	WithOrigins bool
}

func (q *ask) postsPage() error {
	s, err := q.snapshot(q.r.PathValue("id"))
	if err != nil {
		return err
	}
	c, err := q.o.Archive.Content(q.ctx(), s.ID)
	if err != nil {
		return err
	}
	v := q.r.URL.Query()
	d := postsData{Snapshot: s, Pages: c.Pages, All: len(c.Posts), WithOrigins: true}
	var fit []sip.Post
	for _, p := range c.Posts {
		if fits(p, capture.Origin(v.Get("fran")), v.Get("q"), v.Get("dag1"), v.Get("dag2")) {
			fit = append(fit, p)
		}
	}
	d.Fit = len(fit)
	n := atoi(v.Get("sida"))
	if want := v.Get("visa"); want != "" { // a hit of a search: the page of the list that holds it
		for i, p := range fit {
			if p.ID == want || postByID(p.Comments, want) != nil {
				n = i/postsPerPage + 1
			}
		}
	}
	d.Leaf = leafOf(q.r.URL, n, d.Fit, postsPerPage)
	d.Posts = fit[d.Leaf.From:d.Leaf.To]
	return q.renderPage(http.StatusOK, "posts", page{Title: q.t("Inlägg", "Posts") + ", " + clip(80, s.Title), Form: v, Data: d})
}

// fits reports whether a post, or a comment on it, is of the origin and holds the words; the days are the post's own.
func fits(p sip.Post, origin capture.Origin, words, first, last string) bool {
	if p.Published == nil && (first != "" || last != "") {
		return false
	}
	if d := day(p.Published); first != "" && d < first || last != "" && d > last {
		return false
	}
	return anyOf(p, func(p sip.Post) bool {
		return (origin == "" || p.Origin == origin) && matches(words, p.Text, str(p.Author))
	})
}

func anyOf(p sip.Post, f func(sip.Post) bool) bool {
	return f(p) || slices.ContainsFunc(p.Comments, func(c sip.Post) bool { return anyOf(c, f) })
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// tile gives the picture of a tile, small with ?bredd=.
func (q *ask) tile() error {
	s, err := q.snapshot(q.r.PathValue("id"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(q.r.PathValue("n"))
	if err != nil {
		return ErrNotFound
	}
	width := 0
	if q.r.URL.Query().Get("bredd") != "" {
		width = 520
	}
	return q.picture(s.ID, n, width)
}

// thumb gives a small picture of a snapshot: the first tile of the page itself, else the first of all.
func (q *ask) thumb() error {
	k, err := q.kept()
	if err != nil {
		return err
	}
	if len(k.M.Tiles) == 0 {
		return ErrNotFound
	}
	t := k.M.Tiles[0]
	if i := slices.IndexFunc(k.M.Tiles, func(t sip.Tile) bool { return t.Kind == capture.TilePage }); i >= 0 {
		t = k.M.Tiles[i]
	}
	return q.picture(k.ID, t.N, 176)
}

func (q *ask) picture(id string, n, width int) error {
	data, mime, err := q.o.Archive.Tile(q.ctx(), id, n, width)
	if err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Cache-Control", "private, max-age=86400")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = q.w.Write(data) // the browser may go away
	return nil
}

// Origins are the filter of a list of posts.
func (q *ask) Origins() [][2]string {
	return [][2]string{{"", q.t("alla", "all")}, {"own", q.t("egna", "own")}, {"received", q.t("mottagna", "received")}, {"unknown", q.t("okänd avsändare", "unknown sender")}}
}

// Times says how often an intervention was made.
func (q *ask) Times(n int) int { return cmp.Or(n, 1) }
