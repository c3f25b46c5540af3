package app

import (
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var atName = regexp.MustCompile(`/@([\w.-]+(?:@[\w.-]+)?)`)

// mastodonStatus is what is used of a post in Mastodon's JSON.
type mastodonStatus struct {
	ID, URL, Visibility string
	CreatedAt           string  `json:"created_at"`
	EditedAt            *string `json:"edited_at"`
	InReplyTo           *string `json:"in_reply_to_id"`
	Reblog              *struct{}
	Account             struct {
		DisplayName string `json:"display_name"`
	}
}

// mastodon asks as https://docs.joinmastodon.org/methods/accounts/ describes: look the account up, then its public posts, newest first. Answers and
// posts that were passed on stand on the page in other ways and are left out.
func (q *inquiry) mastodon() (answer, error) {
	a := answer{way: "Mastodon-API", source: "mastodon-api"}
	name := q.mastodonName()
	if name == "" {
		return a, errors.New("the account's name is not known")
	}
	a.address = q.at("/api/v1/accounts/lookup", url.Values{"acct": {name}})
	var acc struct{ ID string }
	if _, err := q.getJSON(a.address, &acc); err != nil || acc.ID == "" {
		return a, errors.Join(err, errors.New("the account is not told of"))
	}
	for last := ""; ; {
		query := url.Values{"limit": {"40"}, "exclude_replies": {"true"}, "exclude_reblogs": {"true"}}
		if last != "" {
			query.Set("max_id", last)
		}
		var list []mastodonStatus
		if _, err := q.getJSON(q.at("/api/v1/accounts/"+url.PathEscape(acc.ID)+"/statuses", query), &list); err != nil {
			return a, err
		}
		old := false
		for _, s := range list {
			at, ok := machineTime(s.CreatedAt)
			old = ok && q.from != nil && at.Before(*q.from)
			if ok && s.Reblog == nil && s.InReplyTo == nil && s.Visibility == "public" {
				a.pieces = append(a.pieces, told{key: keyOf(s.URL), url: s.URL, at: at, edited: optionalTime(s.EditedAt), author: s.Account.DisplayName})
			}
		}
		if len(list) == 0 || list[len(list)-1].ID == last || old {
			a.whole = len(list) == 0 || old // a service that tells the same again tells no more
			return a, nil
		}
		last = list[len(list)-1].ID
	}
}

// mastodonName is the account's name by the page's address, else by whom its own posts are.
func (q *inquiry) mastodonName() string {
	if m := atName.FindStringSubmatch(q.page.Path); m != nil {
		return m[1]
	}
	for _, p := range q.c.Posts {
		u, err := url.Parse(p.AuthorURL)
		if err != nil || p.Origin != "own" || u.Host != q.page.Host {
			continue
		}
		if m := atName.FindStringSubmatch(u.Path); m != nil {
			return m[1]
		}
	}
	return ""
}

func optionalTime(s *string) *time.Time {
	if s == nil {
		return nil
	}
	t, ok := machineTime(*s)
	if !ok {
		return nil
	}
	return &t
}

// wordpress asks as https://developer.wordpress.org/rest-api/reference/ describes: posts and comments by pages of a hundred. What a site does not tell
// (comments may be closed to visitors) is not compared.
func (q *inquiry) wordpress() (answer, error) {
	a := answer{way: "WordPress REST", source: "wordpress-api"}
	root := q.at("/wp-json/", nil)
	if q.c.Hints != nil {
		for _, l := range q.c.Hints.Alternates {
			if u, err := url.Parse(l.URL); l.Rel == "https://api.w.org/" && err == nil && u.Host == q.page.Host {
				root = l.URL
			}
		}
	}
	a.address = root
	if err := q.wordpressPart(root); err != nil {
		return a, err
	}
	ids := map[int]bool{}
	err := q.wordpressPages(root, "posts", "id,link,date_gmt,modified_gmt", func(w wordpressPiece) {
		if at, ok := machineTime(w.DateGMT); ok {
			ids[w.ID] = true
			a.pieces = append(a.pieces, told{key: keyOf(w.Link), url: w.Link, at: at})
		}
	})
	if err != nil {
		return a, err
	}
	a.whole = true
	var said []told
	err = q.wordpressPages(root, "comments", "id,post,link,date_gmt,author_name", func(w wordpressPiece) {
		if at, ok := machineTime(w.DateGMT); ok && ids[w.Post] {
			said = append(said, told{key: keyOf(w.Link), url: w.Link, at: at, author: w.AuthorName, comment: true})
		}
	})
	if err == nil {
		a.pieces = append(a.pieces, said...)
	}
	return a, nil // a site that keeps its comments to itself is compared by its posts
}

var wordpressObject = regexp.MustCompile(`/wp/v2/([\w-]+)/(\d+)/?$`)

// wordpressPart notes of which part of the site the page is, a category or what one author wrote, by the object that it names for itself.
func (q *inquiry) wordpressPart(root string) error {
	if q.c.Hints == nil {
		return nil
	}
	for _, l := range q.c.Hints.Alternates {
		m := wordpressObject.FindStringSubmatch(strings.ReplaceAll(l.URL, "%2F", "/"))
		if m == nil || !strings.Contains(l.Type, "json") || !strings.HasPrefix(l.URL, strings.TrimRight(root, "/")) {
			continue
		}
		switch m[1] {
		case "posts":
			return errors.New("the page is that of one post")
		case "pages", "media":
		case "users":
			q.within, q.number = "author", m[2]
		default: // a taxonomy's route is the name of its parameter too
			q.within, q.number = m[1], m[2]
		}
	}
	return nil
}

type wordpressPiece struct {
	ID, Post   int
	Link       string
	DateGMT    string `json:"date_gmt"`
	AuthorName string `json:"author_name"`
}

func (q *inquiry) wordpressPages(root, kind, fields string, each func(wordpressPiece)) error {
	base, err := url.Parse(root)
	if err != nil {
		return err
	}
	for page := 1; ; page++ {
		u, query := *base, base.Query()
		if query.Has("rest_route") { // where addresses are not rewritten
			query.Set("rest_route", strings.TrimRight(query.Get("rest_route"), "/")+"/wp/v2/"+kind)
		} else {
			u.Path = strings.TrimRight(u.Path, "/") + "/wp/v2/" + kind
		}
		for k, v := range map[string]string{"per_page": "100", "page": strconv.Itoa(page), "_fields": fields, "orderby": "date", "order": "desc"} {
			query.Set(k, v)
		}
		if q.from != nil { // read in the site's own zone, and without that second: a day more is asked for
			query.Set("after", q.from.Add(-26*time.Hour).UTC().Format("2006-01-02T15:04:05"))
		}
		if kind == "posts" && q.within != "" {
			query.Set(q.within, q.number)
		}
		u.RawQuery = query.Encode()
		var list []wordpressPiece
		h, err := q.getJSON(u.String(), &list)
		if err != nil {
			return err
		}
		for _, w := range list {
			each(w)
		}
		if pages, err := strconv.Atoi(h.Get("X-WP-TotalPages")); err != nil || page >= pages || len(list) == 0 {
			return nil //nolint:nilerr // without the header there is one page
		}
	}
}

// bluesky asks the public AppView as https://docs.bsky.app/docs/api/app-bsky-feed-get-author-feed describes.
func (q *inquiry) bluesky() (answer, error) {
	a := answer{way: "Bluesky AppView", source: "bluesky-api"}
	m := regexp.MustCompile(`/profile/([^/]+)`).FindStringSubmatch(q.page.Path)
	if m == nil {
		return a, errors.New("the account's name is not known")
	}
	base := q.at("", nil)
	if strings.HasSuffix(q.page.Hostname(), "bsky.app") {
		base = "https://public.api.bsky.app"
	}
	cursor := ""
	for {
		query := url.Values{"actor": {m[1]}, "limit": {"100"}, "filter": {"posts_no_replies"}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		address := base + "/xrpc/app.bsky.feed.getAuthorFeed?" + query.Encode()
		if a.address == "" {
			a.address = address
		}
		var got struct {
			Cursor string
			Feed   []struct {
				Reason *struct{}
				Post   struct {
					URI    string
					Author struct{ Handle, DisplayName string }
					Record struct{ CreatedAt string }
				}
			}
		}
		if _, err := q.getJSON(address, &got); err != nil {
			return a, err
		}
		old := false
		for _, f := range got.Feed {
			at, ok := machineTime(f.Post.Record.CreatedAt)
			if !ok || f.Reason != nil { // passed on
				continue
			}
			link := q.at("/profile/"+f.Post.Author.Handle+"/post/"+f.Post.URI[strings.LastIndex(f.Post.URI, "/")+1:], nil)
			a.pieces = append(a.pieces, told{key: keyOf(link), url: link, at: at, author: f.Post.Author.DisplayName})
			old = q.from != nil && at.Before(*q.from)
		}
		if got.Cursor == "" || got.Cursor == cursor || len(got.Feed) == 0 || old {
			a.whole = true
			return a, nil
		}
		cursor = got.Cursor
	}
}

// oembedAt are the documented addresses (https://oembed.com) that tell who made a post.
var oembedAt = map[string]string{"youtube.com": "https://www.youtube.com/oembed", "x.com": "https://publish.twitter.com/oembed", "twitter.com": "https://publish.twitter.com/oembed", "tiktok.com": "https://www.tiktok.com/oembed"}

// oembed asks for the author of up to five posts that the page shows without one. It is no count.
func (q *inquiry) oembed() (answer, error) {
	a := answer{way: "oEmbed", source: "oembed"}
	host := strings.TrimPrefix(q.page.Hostname(), "www.")
	a.address = oembedAt[host]
	if q.c.Hints != nil && a.address == "" {
		for _, l := range q.c.Hints.Alternates {
			if u, err := url.Parse(l.URL); strings.Contains(l.Type, "oembed") && err == nil && u.Host == q.page.Host {
				u.RawQuery = ""
				a.address = u.String()
			}
		}
	}
	if a.address == "" {
		return a, errors.New("the service names no such address")
	}
	for i := range q.c.Posts {
		p := &q.c.Posts[i]
		if p.Author != "" || p.Permalink == "" || len(a.pieces) >= 5 {
			continue
		}
		var got struct {
			Author string `json:"author_name"`
			URL    string `json:"author_url"`
		}
		if _, err := q.getJSON(a.address+"?"+url.Values{"url": {p.Permalink}, "format": {"json"}}.Encode(), &got); err != nil {
			return a, err
		}
		if got.Author = clipLine(got.Author, 300); got.Author != "" {
			p.Author = got.Author
			a.pieces = append(a.pieces, told{key: keyOf(p.Permalink)})
		}
	}
	return a, nil
}
