package sites

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"
)

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Entries []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Link      atomLink `xml:"link"`
	Author    string   `xml:"author>name"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type rssFeed struct {
	XMLName xml.Name  `xml:"rss"`
	Version string    `xml:"version,attr"`
	Title   string    `xml:"channel>title"`
	Link    string    `xml:"channel>link"`
	About   string    `xml:"channel>description"`
	Items   []rssItem `xml:"channel>item"`
}

type rssItem struct {
	Title string `xml:"title"`
	Link  string `xml:"link"`
	GUID  string `xml:"guid"`
	Date  string `xml:"pubDate"`
	Text  string `xml:"description"`
}

// origin is the server's own address as the visitor wrote it.
func (c *call) origin() string { return "http://" + c.r.Host }

// xml answers with an XML document.
func (c *call) xml(kind string, v any) {
	body, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("sites: %s: %v", kind, err)) // our own types can always be written
	}
	c.w.Header().Set("Content-Type", kind+"; charset=utf-8")
	_, _ = c.w.Write(append([]byte(xml.Header), body...)) // the visitor went away
}

// newest gives the feed's first n posts by time.
func (c *call) newest(n int) []Post {
	posts := c.feed().truth.Posts
	return posts[:min(n, len(posts))]
}

// rss answers with the newest own posts as RSS 2.0.
func (c *call) rss(n int) {
	f := rssFeed{Version: "2.0", Title: c.spec.title, Link: c.origin() + c.spec.path(), About: "Inlägg från " + owner}
	for _, p := range c.newest(n) {
		if p.Own {
			f.Items = append(f.Items, rssItem{Title: firstLine(p.Text), Link: c.origin() + p.Permalink, GUID: c.origin() + p.Permalink, Date: p.Published.Format(time.RFC1123Z), Text: string(c.markup(p.Text, ""))})
		}
	}
	c.xml("application/rss+xml", f)
}

// videoFeed answers with the Atom feed that a video channel has: the newest 15.
func videoFeed(c *call) bool {
	if c.rest != "feeds/videos.xml" {
		return false
	}
	f := atomFeed{Title: owner, ID: "yt:channel:" + ownerHandle, Updated: c.o.Now.Format(time.RFC3339)}
	for _, p := range c.newest(15) {
		at := p.Published.UTC().Format(time.RFC3339)
		f.Entries = append(f.Entries, atomEntry{ID: "yt:video:" + p.ID, Title: p.Text, Link: atomLink{"alternate", c.origin() + p.Permalink}, Author: owner, Published: at, Updated: at})
	}
	c.xml("application/atom+xml", f)
	return true
}

// mastodonAPI answers as the public part of the platform's documented API does: lookup, statuses, context, and RSS.
func mastodonAPI(c *call) bool {
	switch {
	case c.rest == "@"+ownerHandle:
		c.feedPage(0)
	case c.rest == "@"+ownerHandle+".rss":
		c.rss(20)
	case c.rest == "api/v1/accounts/lookup":
		c.json(c.account(owner, ownerHandle, "/mastodon/@"+ownerHandle))
	case c.rest == "api/v1/accounts/1/statuses":
		c.statuses()
	case strings.HasPrefix(c.rest, "api/v1/statuses/"):
		c.status()
	case c.rest == "api/v1/instance", c.rest == "api/v2/instance":
		c.json(map[string]any{"domain": c.r.Host, "uri": c.r.Host, "title": "Efterliknad", "version": "4.3.0"})
	case strings.HasPrefix(c.rest, "api/"):
		http.NotFound(c.w, c.r)
	default:
		return false
	}
	return true
}

func (c *call) account(name, handle, url string) map[string]any {
	id := "1"
	if handle != ownerHandle {
		id = fmt.Sprint(hash64(handle) % 1e9)
	}
	return map[string]any{"id": id, "username": handle, "acct": handle, "display_name": name, "url": c.origin() + url, "statuses_count": len(c.feed().truth.Posts), "bot": false, "locked": false}
}

// statuses answers with one page of the account's posts; the Link header leads to the next.
func (c *call) statuses() {
	f, q := c.feed(), c.r.URL.Query()
	limit := c.number("limit")
	if limit == 0 || limit > 40 {
		limit = 20
	}
	from := 0
	for i, p := range f.truth.Posts {
		if p.ID == q.Get("max_id") {
			from = i + 1
		}
	}
	out := []map[string]any{}
	for _, p := range f.truth.Posts[min(from, len(f.truth.Posts)):] {
		if len(out) == limit {
			break
		}
		if q.Get("pinned") != "true" || p.Pinned {
			out = append(out, c.statusJSON(&p, ""))
		}
	}
	if last := from + limit; last < len(f.truth.Posts) && q.Get("pinned") != "true" {
		c.w.Header().Set("Link", fmt.Sprintf(`<%s%s?limit=%d&max_id=%s>; rel="next"`, c.origin(), c.r.URL.Path, limit, f.truth.Posts[last-1].ID))
	}
	c.json(out)
}

// status answers with one post, or what was written below it.
func (c *call) status() {
	id, rest, _ := strings.Cut(strings.TrimPrefix(c.rest, "api/v1/statuses/"), "/")
	f := c.holder(id)
	if f == nil || f.posts[id] == nil {
		c.w.WriteHeader(http.StatusNotFound)
		c.json(map[string]string{"error": "Record not found"})
		return
	}
	if rest != "context" {
		c.json(c.statusJSON(f.posts[id], ""))
		return
	}
	below := []map[string]any{}
	var walk func(p *Post)
	walk = func(p *Post) {
		for i := range p.Comments {
			below = append(below, c.statusJSON(&p.Comments[i], p.ID))
			walk(&p.Comments[i])
		}
	}
	walk(f.posts[id])
	c.json(map[string]any{"ancestors": []any{}, "descendants": below})
}

// statusJSON is a post in the platform's JSON. A post that was passed on lies inside the one that passes it on.
func (c *call) statusJSON(p *Post, answers string) map[string]any {
	at := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
	media := []map[string]any{}
	for i, m := range p.Media {
		media = append(media, map[string]any{"id": fmt.Sprint(p.ID, i), "type": m.Kind, "url": c.origin() + m.URL, "description": m.Alt})
	}
	out := map[string]any{"id": p.ID, "created_at": at(p.Published), "edited_at": nil, "url": c.origin() + p.Permalink, "uri": c.origin() + p.Permalink, "content": string(c.markup(p.Text, "")),
		"spoiler_text": p.Warning, "sensitive": p.Warning != "", "visibility": "public", "language": p.Lang, "replies_count": p.Counted, "reblogs_count": p.Shares, "favourites_count": p.Likes,
		"account": c.account(p.Author, p.AuthorID, p.AuthorURL), "media_attachments": media, "in_reply_to_id": nil, "reblog": nil, "pinned": p.Pinned}
	if p.Edited != nil {
		out["edited_at"] = at(*p.Edited)
	}
	if answers != "" {
		out["in_reply_to_id"] = answers
	}
	if p.Shared {
		inner := *p
		inner.Shared = false
		out["reblog"], out["content"], out["account"] = c.statusJSON(&inner, ""), "", c.account(owner, ownerHandle, "/mastodon/@"+ownerHandle)
	}
	return out
}
