package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/platform"
	"arsring/internal/register"
	"arsring/testdata/sites"
)

// known makes a capture of a sample site as if every post had been kept.
func known(base string, site sites.Site, page string) *capture.Capture {
	c := &capture.Capture{Outcome: capture.Complete, Started: time.Now().Add(time.Hour), Facts: capture.Facts{FinalURL: base + page, Headers: map[string]string{}}, Hints: &capture.HintReport{}}
	var keep func(p *sites.Post) capture.Post
	keep = func(p *sites.Post) capture.Post {
		at := p.Published
		k := capture.Post{ID: p.ID, Permalink: base + p.Permalink, Author: p.Author, AuthorURL: base + p.AuthorURL, Origin: capture.OriginReceived, Published: &at, PublishedSource: "datetime", PublishedPrecision: "minute"}
		if p.Own {
			k.Origin = capture.OriginOwn
		}
		for i := range p.Comments {
			k.Comments = append(k.Comments, keep(&p.Comments[i]))
		}
		return k
	}
	for i := range site.Truth.Posts {
		c.Posts = append(c.Posts, keep(&site.Truth.Posts[i]))
	}
	return c
}

// asked holds a capture against the service in one way.
func asked(t *testing.T, c *capture.Capture, way string, from *time.Time) capture.Check {
	t.Helper()
	page, err := url.Parse(c.Facts.FinalURL)
	if err != nil {
		t.Fatal(err)
	}
	q := &inquiry{ctx: t.Context(), http: http.DefaultClient, name: "arsring/test", c: c, page: page, left: askMost, now: time.Now, from: from}
	q.ask(way)
	return c.Checks[len(c.Checks)-1]
}

// TestCrossCheck holds captures against imitations of public interfaces, ours and not the services' own: all there is, one post missing, one time unknown.
func TestCrossCheck(t *testing.T) {
	o := sites.Options{Now: time.Now(), Comments: true, Posts: 60}
	srv := httptest.NewServer(sites.Handler(o))
	t.Cleanup(srv.Close)
	for _, k := range []struct{ site, page, way, source string }{
		{"mastodon", "/mastodon/", "mastodon", "mastodon-api"}, {"youtube", "/youtube/", "youtube", "youtube-feed"}, {"blog", "/blog/", "feed", "feed"}, {"blog", "/blog/", "wordpress", "wordpress-api"},
	} {
		t.Run(k.site+" "+k.way, func(t *testing.T) {
			site, ok := sites.ByName(k.site, o)
			if !ok {
				t.Fatal("no such site")
			}
			fresh := func() *capture.Capture {
				c := known(srv.URL, site, k.page)
				c.Hints.Alternates = []capture.Alternate{{Rel: "alternate", Type: "application/atom+xml", URL: srv.URL + "/youtube/feeds/videos.xml"}}
				if k.site == "blog" {
					c.Hints.Alternates = []capture.Alternate{{Rel: "alternate", Type: "application/rss+xml", URL: srv.URL + "/blog/comments/feed/"}, {Rel: "alternate", Type: "application/rss+xml", URL: srv.URL + "/blog/feed/"},
						{Rel: "https://api.w.org/", URL: srv.URL + "/blog/wp-json/"}}
				}
				return c
			}
			c := fresh()
			whole := asked(t, c, k.way, nil)
			if whole.Note != "" || whole.Posts < 10 || whole.Kept != whole.Posts || len(whole.Absent) > 0 || c.Outcome != capture.Complete || len(c.Missing) > 0 {
				t.Fatalf("everything is kept, and still: %+v, %s %v", whole, c.Outcome, c.Missing)
			}
			c = fresh()
			i := slices.IndexFunc(c.Posts, func(p capture.Post) bool { return p.Origin == capture.OriginOwn && !p.Pinned })
			gone := c.Posts[i]
			c.Posts = slices.Delete(c.Posts, i, i+1)
			j := slices.IndexFunc(c.Posts, func(p capture.Post) bool { return p.Origin == capture.OriginOwn })
			at := *c.Posts[j].Published
			c.Posts[j].Published, c.Posts[j].PublishedSource = nil, ""
			short := asked(t, c, k.way, nil)
			if !slices.ContainsFunc(short.Absent, func(a string) bool { return keyOf(a) == keyOf(gone.Permalink) }) || c.Outcome != capture.Partial || len(c.Missing) != 1 || c.Missing[0].Code != "count-differs" {
				t.Errorf("%s is missing: %+v, %s %v", gone.Permalink, short, c.Outcome, c.Missing)
			}
			if p := c.Posts[j]; short.Filled != 1 || p.Published == nil || p.Published.Unix()/60 != at.Unix()/60 || p.PublishedSource != k.source {
				t.Errorf("the time was not filled: %d, %v (%s), want %v", short.Filled, p.Published, p.PublishedSource, at)
			}
			c = fresh()
			since := gone.Published.Add(time.Second)
			c.Posts = slices.Delete(c.Posts, i, i+1)
			if old := asked(t, c, k.way, &since); len(old.Absent) > 0 || c.Outcome != capture.Complete {
				t.Errorf("a post older than the period is no loss: %+v", old)
			}
		})
	}
}

// TestCrossCheckBluesky asks an imitation of the public AppView, page by page.
func TestCrossCheckBluesky(t *testing.T) {
	now := time.Now()
	mux := http.NewServeMux()
	mux.HandleFunc("/xrpc/app.bsky.feed.getAuthorFeed", func(w http.ResponseWriter, r *http.Request) {
		from := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("cursor"), &from)
		var feed []any
		for i := from; i < min(from+100, 130); i++ {
			feed = append(feed, map[string]any{"post": map[string]any{"uri": fmt.Sprintf("at://did:plc:x/app.bsky.feed.post/p%d", i), "author": map[string]any{"handle": "kommunen.example", "displayName": "Kommunen"},
				"record": map[string]any{"createdAt": now.Add(-time.Duration(i) * time.Hour).UTC().Format(time.RFC3339)}}})
		}
		out := map[string]any{"feed": feed}
		if from+100 < 130 {
			out["cursor"] = fmt.Sprint(from + 100)
		}
		_ = json.NewEncoder(w).Encode(out)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	c := &capture.Capture{Outcome: capture.Complete, Started: now, Facts: capture.Facts{FinalURL: srv.URL + "/profile/kommunen.example"}}
	for i := range 130 {
		if i != 110 {
			c.Posts = append(c.Posts, capture.Post{Permalink: fmt.Sprintf("%s/profile/kommunen.example/post/p%d", srv.URL, i)})
		}
	}
	got := asked(t, c, "bluesky", nil)
	if got.Posts != 130 || got.Kept != 129 || len(got.Absent) != 1 || !strings.HasSuffix(got.Absent[0], "/p110") || got.Filled != 258 || c.Outcome != capture.Partial {
		t.Errorf("%+v, %s", got, c.Outcome)
	}
}

// TestCrossCheckHostile wants a note, and nothing changed, from services that answer with something else.
func TestCrossCheckHostile(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/other", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `<rss><channel><item><link>https://annat.example/1</link><pubDate>Mon, 02 Nov 2026 10:00:00 +0000</pubDate></item><item><link>https://annat.example/2</link><pubDate>Mon, 02 Nov 2026 11:00:00 +0000</pubDate></item></channel></rss>`)
	})
	mux.HandleFunc("/busy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) })
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<html>nej") })
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, askBytes+10))
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://localhost.example/", http.StatusFound)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	for _, path := range []string{"/other", "/busy", "/page", "/endless", "/away", "/none"} {
		at := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
		c := &capture.Capture{Outcome: capture.Complete, Started: at, Facts: capture.Facts{FinalURL: srv.URL + "/"}, Posts: []capture.Post{{Permalink: srv.URL + "/post/1"}},
			Hints: &capture.HintReport{Alternates: []capture.Alternate{{Type: "application/rss+xml", URL: srv.URL + path}}}}
		if got := asked(t, c, "feed", nil); got.Note == "" || c.Outcome != capture.Complete || len(c.Missing) > 0 || c.Posts[0].Published != nil {
			t.Errorf("%s: %+v, %s %v", path, got, c.Outcome, c.Missing)
		}
	}
}

// TestWaysFor tells which services are asked: by the platform's file, and by what the page names.
func TestWaysFor(t *testing.T) {
	set, err := platform.Load("")
	if err != nil {
		t.Fatal(err)
	}
	p, _ := set.Get("mastodon")
	c := &capture.Capture{Facts: capture.Facts{Headers: map[string]string{}}, Hints: &capture.HintReport{Alternates: []capture.Alternate{{Type: "application/rss+xml"}}}}
	if got := waysFor(c, p); !slices.Equal(got, []string{"mastodon"}) {
		t.Errorf("a Mastodon account is asked by %v", got)
	}
	if got := waysFor(c, set.Match("https://a.example/")); !slices.Equal(got, []string{"feed"}) {
		t.Errorf("a page with a feed is asked by %v", got)
	}
	c.Facts.Headers["link"] = `<https://a.example/wp-json/>; rel="https://api.w.org/"`
	if got := waysFor(c, nil); !slices.Equal(got, []string{"wordpress"}) {
		t.Errorf("a WordPress site is asked by %v", got)
	}
}

// TestSmaller compares captures with the last complete one: the same span of time, else the rate, else the page's height.
func TestSmaller(t *testing.T) {
	at := time.Date(2026, 10, 15, 8, 0, 0, 0, register.Location())
	every := func(n int, from time.Time, step time.Duration) (out []capture.Post) {
		for i := range n {
			day := from.Add(-time.Duration(i) * step)
			out = append(out, capture.Post{Published: &day})
		}
		return out
	}
	feed := &baseline{at: at, total: 60, from: at.AddDate(0, -6, 0), posts: times(every(60, at, 72*time.Hour))}
	tall := &baseline{at: at, sheets: 20}
	sparse := &baseline{at: at, total: 40, from: at.AddDate(0, -6, 0), posts: times(every(40, at.AddDate(0, -5, 0), 12*time.Hour))}
	later := at.AddDate(0, 6, 0)
	for name, k := range map[string]struct {
		b     *baseline
		posts []capture.Post
		tiles int
		want  bool
	}{
		"the same and more":         {feed, every(120, later, 48*time.Hour), 90, false},
		"the first posts only":      {feed, every(5, later, 48*time.Hour), 4, true},
		"half of the shared span":   {feed, append(every(80, later, 54*time.Hour), every(3, at, 20*24*time.Hour)...), 60, true},
		"a slow half-year":          {feed, append(every(4, later, 30*24*time.Hour), every(30, at, 72*time.Hour)...), 30, false},
		"nothing":                   {feed, nil, 2, true},
		"few shared, usual rate":    {sparse, every(45, later, 96*time.Hour), 40, false},
		"few shared, far too few":   {sparse, every(6, later, 96*time.Hour), 4, true},
		"a page as tall as before":  {tall, nil, 19, false},
		"a page of a tenth":         {tall, nil, 2, true},
		"no complete snapshot yet":  {nil, nil, 1, false},
		"a small account last time": {&baseline{at: at, total: 3, from: at.AddDate(0, -6, 0)}, nil, 1, false},
	} {
		c := &capture.Capture{Started: later, Posts: k.posts, Tiles: make([]capture.Tile, k.tiles), Period: capture.Period{WantedFrom: &at, Overlap: 60}}
		sv, en := k.b.compare(c, 50)
		if (sv != "") != k.want || (en != "") != k.want {
			t.Errorf("%s: %q / %q", name, sv, en)
		}
	}
}
