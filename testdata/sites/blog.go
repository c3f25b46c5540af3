package sites

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode"
)

var blogShape = shape{
	id:      digits,
	post:    func(id string) string { return "?p=" + id },
	comment: func(_, post, _, id string) string { return post + "#comment-" + id },
	author:  func(handle string) string { return "author/" + handle + "/" },
}

func blogSpec() *spec {
	return &spec{name: "blog", title: "Älvsundabloggen", feed: true, look: "blog", shape: blogShape, mode: "older", pagePath: true, talkOn: "permalink", first: 1 << 20, wholeTalk: true, unfolded: true,
		titled: true, own: Options{Batch: 10, Posts: 34}, tweak: giveSlugs, serve: serveBlog,
		notes: "WordPress-like blog: pages by “Äldre inlägg” (rel=next), long posts cut with “Läs vidare”, comments on single pages, RSS and the public JSON API beside it."}
}

// slug writes a title as the last part of an address.
func slug(title string) string {
	var b strings.Builder
	for _, r := range asciiLetters.Replace(strings.ToLower(title)) {
		switch {
		case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case r == ' ' && b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := b.String()
	return strings.Trim(s[:min(len(s), 40)], "-")
}

// giveSlugs names posts by date and title; the number of the post keeps equal titles apart.
func giveSlugs(s *spec, f *feed, _ *writer) {
	for i := range f.truth.Posts {
		p := &f.truth.Posts[i]
		p.ID = slug(firstLine(p.Text)) + "-" + strconv.Itoa(len(f.truth.Posts)-i)
		p.Permalink = s.path() + p.Published.Format("2006/01/02/") + p.ID + "/"
	}
}

// serveBlog answers with later pages of the list, RSS, and the part of the JSON API that everybody may read.
func serveBlog(c *call) bool {
	switch {
	case strings.HasPrefix(c.rest, "page/"):
		n, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(c.rest, "page/"), "/"))
		if err != nil || n < 1 || (n-1)*c.o.Batch >= len(c.feed().shown) {
			http.NotFound(c.w, c.r)
			return true
		}
		c.feedPage(n)
	case c.rest == "feed/":
		c.rss(10)
	case c.rest == "wp-json/wp/v2/posts":
		c.restPosts()
	case c.rest == "wp-json/wp/v2/comments":
		c.restComments()
	default:
		return false
	}
	return true
}

func (c *call) totals(n, per int) {
	c.w.Header().Set("X-WP-Total", strconv.Itoa(n))
	c.w.Header().Set("X-WP-TotalPages", strconv.Itoa((n+per-1)/per))
}

// span gives the first and last index of the page that a request asks for.
func (c *call) span(n int) (from, to, per int) {
	per = c.number("per_page")
	if per == 0 || per > 100 {
		per = 10
	}
	from = min((max(c.number("page"), 1)-1)*per, n)
	return from, min(from+per, n), per
}

func (c *call) restPosts() {
	posts := c.feed().truth.Posts
	from, to, per := c.span(len(posts))
	c.totals(len(posts), per)
	out := []map[string]any{}
	for i, p := range posts[from:to] {
		title, rest, _ := strings.Cut(p.Text, "\n\n")
		out = append(out, map[string]any{"id": len(posts) - from - i, "date": p.Published.Format("2006-01-02T15:04:05"), "date_gmt": p.Published.UTC().Format("2006-01-02T15:04:05"),
			"slug": p.ID, "link": c.origin() + p.Permalink, "title": map[string]any{"rendered": title}, "content": map[string]any{"rendered": string(c.markup(rest, "")), "protected": false}})
	}
	c.json(out)
}

func (c *call) restComments() {
	posts := c.feed().truth.Posts
	var all []map[string]any
	var walk func(post int, parent string, list []Post)
	walk = func(post int, parent string, list []Post) {
		for _, p := range list {
			all = append(all, map[string]any{"id": p.ID, "post": post, "parent": parent, "author_name": p.Author, "date_gmt": p.Published.UTC().Format("2006-01-02T15:04:05"),
				"link": c.origin() + p.Permalink, "content": map[string]any{"rendered": string(c.markup(p.Text, ""))}})
			walk(post, p.ID, p.Comments)
		}
	}
	for i, p := range posts {
		n := len(posts) - i
		if q := c.r.URL.Query().Get("post"); q == "" || q == fmt.Sprint(n) {
			walk(n, "0", p.Comments)
		}
	}
	from, to, per := c.span(len(all))
	c.totals(len(all), per)
	c.json(append([]map[string]any{}, all[from:to]...))
}
