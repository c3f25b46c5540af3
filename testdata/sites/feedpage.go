package sites

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

// serveFeed answers everything that a feed's page asks for.
func (c *call) serveFeed() bool {
	switch c.rest {
	case "":
		if c.r.URL.RawQuery == "" || !c.permalink() {
			c.feedPage(0)
		}
	case "_/batch":
		c.batch()
	case "_/fresh":
		c.fresh()
	case "_/comments":
		c.comments()
	case "_/replies":
		c.replies()
	case "_/more":
		c.more()
	case "_/when":
		c.when()
	case "_/post":
		c.onePost()
	default:
		return c.permalink() || c.stub()
	}
	return true
}

// page prepares the page's frame.
func (c *call) page(f *feed) pageView {
	c.srv.mu.Lock()
	c.srv.loads++
	load := c.srv.loads
	c.srv.mu.Unlock()
	s := c.spec
	base := "/" + s.name
	return pageView{Spec: s, Base: base, Q: template.URL(c.query()), Title: s.title, Owner: owner, Handle: ownerHandle, Total: len(f.truth.Posts),
		Now: f.o.Now, Year: f.o.Now.Year(), Private: PlantedPrivate, Scenes: []string{"vinter", "bad", "fullmaktige", "kultur", "vard", "skola", "sport", "bibliotek", "natur"},
		Cfg: map[string]any{"base": base, "q": c.query(), "mode": s.mode, "batch": c.o.Batch, "load": load, "inner": s.inner, "shadow": s.shadow,
			"loops": s.loops, "inserts": s.inserts, "reorders": s.reorders, "lazy": s.lazy, "fails": s.fails, "wall": s.wall, "wallAfter": c.o.Wall, "cellTest": s.cellTest, "forgets": s.forgets, "hollows": s.hollows, "sel": hooks(s)}}
}

// feedPage is the account's page with the first batch, or the page asked for on sites with pages.
func (c *call) feedPage(page int) {
	f := c.feed()
	v := c.page(f)
	from := 0
	if c.spec.mode == "older" {
		from = max(c.number("sida")-1, page-1, 0) * c.o.Batch
		v.Older, v.Newer = c.turn(from+c.o.Batch, len(f.shown)), ""
		if from > 0 {
			v.Newer = c.turn(from-c.o.Batch, len(f.shown))
		}
		for at := 0; at < len(f.shown); at += c.o.Batch {
			leaf := leafView{N: at/c.o.Batch + 1}
			if at != from {
				leaf.URL = c.turn(at, len(f.shown))
			}
			v.Leaves = append(v.Leaves, leaf)
		}
	}
	switch c.spec.mode {
	case "virtual":
	case "none":
		v.Posts = c.slice(f, 0, len(f.shown))
	default:
		v.Posts = c.slice(f, from, from+c.o.Batch)
	}
	c.html(http.StatusOK, c.render("page", v))
}

// turn is the address of the page that begins with a post, empty behind the last.
func (c *call) turn(from, n int) string {
	if from < 0 || from >= n {
		return ""
	}
	q := c.query()
	if c.spec.pagePath {
		if q != "" {
			q = "?" + q
		}
		return strings.Replace(fmt.Sprintf("/%s/page/%d/%s", c.spec.name, from/c.o.Batch+1, q), "page/1/", "", 1)
	}
	if q != "" {
		q += "&"
	}
	return fmt.Sprintf("/%s/?%ssida=%d", c.spec.name, q, from/c.o.Batch+1)
}

// slice prepares the posts from one place up to another, in the page's order. A feed that starts over has no end.
func (c *call) slice(f *feed, from, to int) []postView {
	var out []postView
	n := len(f.shown)
	for i := from; i < to && n > 0; i++ {
		if i >= n && !c.spec.loops {
			break
		}
		k := f.shown[i%n]
		if k == gone {
			out = append(out, postView{S: c.spec, Base: "/" + c.spec.name, Gone: goneText})
			continue
		}
		out = append(out, c.view(f, &f.truth.Posts[k], i%n))
	}
	return out
}

// batch answers with the next posts: {items: [html], next, more}. Where new posts came in on top, the counting has shifted and the first
// post comes twice, as it does on real platforms.
func (c *call) batch() {
	c.wait()
	f, from := c.feed(), c.number("from")
	key := fmt.Sprint("fail ", c.spec.name, c.number("load"))
	if c.spec.fails != "" && from >= 2*c.o.Batch && c.first(key) {
		http.Error(c.w, `{"error":"internal"}`, http.StatusInternalServerError)
		return
	}
	shift := 0
	if c.spec.inserts {
		shift = min(c.number("shifted"), from)
	}
	items := []string{}
	for _, v := range c.slice(f, from-min(shift, 1), from+c.o.Batch) {
		items = append(items, c.render("post", v))
	}
	next := from + c.o.Batch
	c.json(map[string]any{"items": items, "next": next, "more": c.spec.loops || next < len(f.shown)})
}

// fresh answers with a post that came in while the page was read.
func (c *call) fresh() {
	f, i := c.feed(), c.number("i")
	if i >= len(f.truth.Fresh) {
		c.json(map[string]any{"items": []string{}})
		return
	}
	v := c.view(f, &f.truth.Fresh[i], 0)
	c.json(map[string]any{"items": []string{c.render("post", v)}})
}

// comments answers with the next comments of a post: {items, left}.
func (c *call) comments() {
	id, q := c.r.URL.Query().Get("id"), c.r.URL.Query()
	f := c.holder(id)
	if f == nil {
		http.NotFound(c.w, c.r)
		return
	}
	list := c.sortTalk(f, f.posts[id], q.Get("sort"))
	from := min(c.number("from"), len(list))
	chunk := c.spec.chunk
	if chunk == 0 {
		chunk = 10
	}
	to := min(from+chunk, len(list))
	c.json(map[string]any{"items": c.talkItems(f, list[from:to], 0), "left": len(list) - to})
}

// replies answers with all replies to a comment.
func (c *call) replies() {
	id := c.r.URL.Query().Get("id")
	f := c.holder(c.r.URL.Query().Get("post"))
	if f == nil || f.talk[id] == nil {
		http.NotFound(c.w, c.r)
		return
	}
	var list []*Post
	for i := range f.talk[id].Comments {
		list = append(list, &f.talk[id].Comments[i])
	}
	c.json(map[string]any{"items": c.talkItems(f, list, c.number("depth")+1), "left": 0})
}

func (c *call) talkItems(f *feed, list []*Post, depth int) []string {
	items := []string{}
	for _, p := range list {
		v := c.bare(f, p)
		v.Depth = depth
		items = append(items, c.render("comment", v))
	}
	return items
}

// piece finds the post or comment that a request is about; nil, answered with 404, when there is none.
func (c *call) piece() *Post {
	q := c.r.URL.Query()
	if f := c.holder(q.Get("post")); f != nil {
		if p := f.posts[q.Get("id")]; p != nil {
			return p
		}
		if p := f.talk[q.Get("id")]; p != nil {
			return p
		}
	}
	http.NotFound(c.w, c.r)
	return nil
}

// more answers with the whole text of a post or comment.
func (c *call) more() {
	if p := c.piece(); p != nil {
		c.json(map[string]any{"items": []string{string(c.markup(p.Text, ""))}})
	}
}

// when answers with the absolute time of a post or comment, with the day of the week.
func (c *call) when() {
	if p := c.piece(); p != nil {
		at := p.Published.In(Stockholm)
		c.json(map[string]any{"items": []string{svDays[at.Weekday()] + " " + c.spec.tongue().absolute(at)}})
	}
}

// onePost answers with one post, for pages that open posts in a dialog: {items, prev, next}.
func (c *call) onePost() {
	id := c.r.URL.Query().Get("id")
	f := c.holder(id)
	if f == nil {
		http.NotFound(c.w, c.r)
		return
	}
	prev, next := "", ""
	for i, k := range f.shown {
		if f.truth.Posts[k].ID == id {
			if i > 0 {
				prev = f.truth.Posts[f.shown[i-1]].ID
			}
			if i+1 < len(f.shown) {
				next = f.truth.Posts[f.shown[i+1]].ID
			}
		}
	}
	c.json(map[string]any{"items": []string{c.render("open", c.view(f, f.posts[id], 0))}, "prev": prev, "next": next})
}

// permalink answers with the page of one post.
func (c *call) permalink() bool {
	id := c.postID()
	if id == "" {
		return false
	}
	f := c.holder(id)
	v := c.page(f)
	v.Single, v.Cfg["mode"], v.Cfg["wall"] = true, "none", ""
	v.Cfg["q"] = ""
	v.Title = firstLine(f.posts[id].Text) + " | " + c.spec.title
	v.Posts = []postView{c.view(f, f.posts[id], 0)}
	c.html(http.StatusOK, c.render("page", v))
	return true
}

// postID finds the post that an address below the site belongs to, empty when none does.
func (c *call) postID() string {
	at := c.rest
	if c.r.URL.RawQuery != "" {
		at += "?" + c.r.URL.RawQuery
	}
	for piece := range strings.FieldsFuncSeq(at, func(r rune) bool { return strings.ContainsRune("/?&=:", r) }) {
		f := c.holder(piece)
		if f == nil {
			continue
		}
		if post := f.under[piece]; post != "" {
			return post
		}
		if strings.HasPrefix(c.spec.path()+at, strings.TrimSuffix(f.posts[piece].Permalink, "/")) {
			return piece
		}
	}
	return ""
}

// stub answers for profiles and tags, which hold nothing of the account.
func (c *call) stub() bool {
	for _, p := range []string{"profil/", "tagg/", "hashtag/", "profile/"} {
		if strings.HasPrefix(c.rest, p) {
			c.html(http.StatusOK, `<!doctype html><html lang="sv"><meta charset="utf-8"><title>Profil</title><h1>Den här sidan är tom</h1></html>`)
			return true
		}
	}
	return false
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
