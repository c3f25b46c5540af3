package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"arsring/internal/capture"
)

// feedShapes are twelve posts as feeds of all kinds tell them: {B} is the feed's host, {N} the post's number, {D} its time by the layout.
var feedShapes = []struct {
	name, head, each, tail, layout string
	filled                         int
	note                           string
}{
	{"RSS 1.0", `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/>`, `<item r:about="{B}/post/{N}"><dc:date>{D}</dc:date></item>`, `</r:RDF>`, time.RFC3339, 12, ""},
	{"relative links in CDATA", `<rss><channel>`, `<item><link><![CDATA[ /post/{N} ]]></link><pubDate>{D}</pubDate></item>`, `</channel></rss>`, time.RFC1123Z, 12, ""},
	{"an Atom link beside", `<rss xmlns:a="http://www.w3.org/2005/Atom"><channel><a:link href="x"/>`, `<item><link>{B}/post/{N}</link><a:link href="{B}/x"/><guid isPermaLink="false">{B}/?p={N}</guid><pubDate>{D}</pubDate></item>`, `</channel></rss>`, time.RFC1123Z, 12, ""},
	{"a named zone", `<rss><channel>`, `<item><link>{B}/post/{N}</link><pubDate>{D}</pubDate></item>`, `</channel></rss>`, "Mon, 2 Jan 06 15:04:05 CET", 12, ""},
	{"no zone", `<rss><channel>`, `<item><link>{B}/post/{N}</link><pubDate>{D}</pubDate></item>`, `</channel></rss>`, time.DateTime, 0, ""},
	{"no times", `<rss version="0.91"><channel>`, `<item><link>{B}/post/{N}</link></item>`, `</channel></rss>`, "", 0, "does not say when"},
	{"everything twice", `<rss><channel>`, `<item><link>{B}/post/{N}</link><pubDate>{D}</pubDate></item><item><link>{B}/post/{N}?utm_source=rss</link><pubDate>{D}</pubDate></item>`, `</channel></rss>`, time.RFC1123Z, 12, ""},
	{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{B}/post/">`, `<entry><link rel="replies" href="x"/><link href="{N}"/><link rel="alternate" hreflang="en" href="/en/{N}"/><updated>2026-11-20T10:00:00Z</updated><published>{D}</published></entry>`, `</feed>`, "2006-01-02T15:04:05.000Z07:00", 12, ""},
	{"Atom, only changed", `<feed xmlns="http://www.w3.org/2005/Atom">`, `<entry><link href="{B}/post/{N}"/><updated>2026-11-20T10:00:00Z</updated></entry>`, `</feed>`, "", 0, "does not say when"},
	{"JSON Feed", `{"items":[`, `{"url":"{B}/post/{N}","date_published":"{D}"},`, `{"id":"1"}]}`, time.RFC3339, 12, ""},
}

// TestFeedShapes: each kind of feed is read, its posts are counted once, a time is filled where it is exact, and what a feed leaves open is not made up.
func TestFeedShapes(t *testing.T) {
	t.Parallel()
	cet := time.FixedZone("CET", 3600)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, cet)
	for _, k := range feedShapes {
		var srv *httptest.Server
		srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			out := k.head
			for i := range 12 {
				out += strings.NewReplacer("{N}", fmt.Sprint(i), "{D}", now.Add(-time.Duration(50*(i+1))*time.Hour).Format(k.layout)).Replace(k.each)
			}
			_, _ = fmt.Fprint(w, strings.ReplaceAll(out+k.tail, "{B}", srv.URL))
		}))
		for _, lost := range []int{-1, 5} {
			c := &capture.Capture{Outcome: capture.Complete, Started: now, Facts: capture.Facts{FinalURL: srv.URL + "/"}, Hints: &capture.HintReport{Alternates: []capture.Alternate{{Type: "application/feed+json", URL: srv.URL + "/feed"}}}}
			for i := range 12 {
				if i != lost {
					c.Posts = append(c.Posts, capture.Post{Permalink: fmt.Sprintf("%s/post/%d", srv.URL, i)})
				}
			}
			from := now.AddDate(0, 0, -20)
			got := asked(t, c, "feed", &from)
			want := [3]int{9, 9, k.filled}
			if lost >= 0 {
				want = [3]int{9, 8, max(0, k.filled-1)}
			}
			if k.note != "" {
				want = [3]int{}
			}
			if [3]int{got.Posts, got.Kept, got.Filled} != want || !strings.Contains(got.Note, k.note) || (k.note == "") != (got.Note == "") || (lost >= 0 && k.note == "") != (c.Outcome == capture.Partial) {
				t.Errorf("%s, without %d: %+v, %s", k.name, lost, got, c.Outcome)
			}
			if p := c.Posts[0]; k.filled > 0 && !p.Published.Equal(now.Add(-50*time.Hour)) {
				t.Errorf("%s: %v", k.name, p.Published)
			}
		}
		srv.Close()
	}
}

// TestFeedTimes: a zone is read by its name or not at all.
func TestFeedTimes(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{"Mon, 02 Nov 2026 10:00:00 EST": "2026-11-02T15:00Z", "mån, 2 nov 2026 10:00 CET": "2026-11-02T09:00Z", "2 Oct 26 10:00:00 CEST": "2026-10-02T08:00Z", "2026-11-02T10:00Z": "2026-11-02T10:00Z",
		"Tue, 20 Oct 2026 10:00:00 +0200": "2026-10-20T08:00Z", "Tue, 20 okt 2026 10:00:00 (GMT)": "2026-10-20T10:00Z", "2026-10-25 04:30:00": "2026-10-25T03:30Z?", "2026-11-02": "2026-11-01T23:00Z?",
		"Mon, 02 Nov 2026 10:00:00 XYZ": "2026-11-02T09:00Z?", "igår": "0001-01-01T00:00Z", "": "0001-01-01T00:00Z"} {
		at, vague := feedTime(s)
		got := at.UTC().Format("2006-01-02T15:04Z")
		if vague {
			got += "?"
		}
		if got != want {
			t.Errorf("%q is %s, not %s", s, got, want)
		}
	}
}

// TestCrossCheckElsewhere: a page of one category is compared with that; a site that keeps its interface to itself is asked for its feed; posts without
// addresses are compared with nothing; of several feeds the one about the page counts.
func TestCrossCheckElsewhere(t *testing.T) {
	t.Parallel()
	now := time.Now()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	defer srv.Close()
	mux.HandleFunc("/wp-json/wp/v2/posts", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("categories") != "5" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = fmt.Fprintf(w, `[{"id":1,"link":"%s/post/1/","date_gmt":%q}]`, srv.URL, now.Add(-time.Hour).UTC().Format("2006-01-02T15:04:05"))
	})
	item := func(n int) string {
		return fmt.Sprintf("<item><link>%s/post/%d</link><pubDate>%s</pubDate></item>", srv.URL, n, now.Add(-time.Duration(n)*time.Hour).Format(time.RFC1123Z))
	}
	mux.HandleFunc("/all", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "<rss><channel>"+item(1)+item(7)+item(8)+"</channel></rss>")
	})
	mux.HandleFunc("/here", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "<rss><channel>"+item(1)+"</channel></rss>")
	})
	feeds := []capture.Alternate{{Type: "application/rss+xml", URL: srv.URL + "/none"}, {Type: "application/rss+xml", URL: srv.URL + "/all"}, {Type: "application/rss+xml", URL: srv.URL + "/here"}}
	category := capture.Alternate{Rel: "alternate", Type: "application/json", URL: srv.URL + "/wp-json/wp/v2/categories/5"}
	page, _ := url.Parse(srv.URL + "/")
	for name, k := range map[string]struct {
		alternates []capture.Alternate
		link       string
		want       string
	}{
		"category":     {append(feeds, category), srv.URL + "/post/1", "wordpress 1/1 "},
		"closed":       {feeds, srv.URL + "/post/1", "wordpress 0/0 the service answered 403; feed 1/1 "},
		"no addresses": {append(feeds, category), "", "wordpress 0/0 the posts on the page have no addresses to compare by"},
	} {
		c := &capture.Capture{Outcome: capture.Complete, Started: now, Posts: []capture.Post{{Permalink: k.link}}, Hints: &capture.HintReport{Alternates: k.alternates}, Facts: capture.Facts{FinalURL: page.String()}}
		q := &inquiry{ctx: t.Context(), http: http.DefaultClient, name: "arsring/test", c: c, page: page, left: askMost, now: time.Now}
		q.askAll([]string{"wordpress"})
		var got []string
		for _, h := range c.Checks {
			got = append(got, fmt.Sprintf("%s %d/%d %s", h.Way, h.Kept, h.Posts, h.Note))
		}
		if s := strings.Join(got, "; "); s != k.want || c.Outcome != capture.Complete {
			t.Errorf("%s: %q, not %q (%s)", name, s, k.want, c.Outcome)
		}
	}
}
