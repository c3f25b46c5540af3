package capture

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"arsring/internal/egress"
	"arsring/internal/register"
	"arsring/testdata/sites"
)

// testOut is the real proxy as a capture asks for it.
type testOut struct{ *egress.Proxy }

func (o testOut) IP(string) string          { return "" }
func (o testOut) Refused() []RefusedRequest { return nil }
func (o testOut) Failure(hostport string) string {
	f, _ := o.Proxy.Failure(hostport)
	return f.Code
}

// visitNow is when the imitated pages are looked at.
var visitNow = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)

// snap captures a page in a fresh browser.
func snap(t *testing.T, job Job) *Capture {
	t.Helper()
	return snapInto(t, job, t.TempDir())
}

// snapInto captures a page in a fresh browser into a folder.
func snapInto(t *testing.T, job Job, dir string) *Capture {
	t.Helper()
	proxy, err := egress.Start(t.Context(), egress.Options{Allow: []string{"127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = proxy.Close() })
	began := time.Now()
	b, err := Launch(t.Context(), Options{Egress: testOut{proxy}, Flags: egress.ChromeFlags(proxy.Addr()), Now: func() time.Time { return visitNow.Add(time.Since(began)) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	job.Image = cmp.Or(job.Image, "jpeg")
	c, err := b.Capture(context.Background(), job, dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// snapSite captures one of the imitated sites and gives its truth.
func snapSite(t *testing.T, name, query string, job Job) (*Capture, sites.Truth) {
	t.Helper()
	srv := httptest.NewServer(sites.Handler(sites.Options{Now: visitNow}))
	t.Cleanup(srv.Close)
	job.URL = srv.URL + "/" + name + "/?" + query
	job.Account = register.Account{ID: "konto", URL: job.URL, Title: "Älvsunda kommun"}
	began := time.Now()
	c := snap(t, job)
	t.Logf("%s: %.1f s, %d tiles, %d views, %s %s, missing %v", name, time.Since(began).Seconds(), len(c.Tiles), c.Views, c.Outcome, c.Period.Stop, c.Missing)
	res, err := http.Get(srv.URL + "/" + name + "/truth.json?" + query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var truth sites.Truth
	if err := json.NewDecoder(res.Body).Decode(&truth); err != nil {
		t.Fatal(err)
	}
	return c, truth
}

// piece is a post or a comment with how deep it is nested.
type piece struct {
	Post
	depth int
}

func pieces(posts []Post, depth int) []piece {
	var out []piece
	for _, p := range posts {
		out = append(append(out, piece{p, depth}), pieces(p.Comments, depth+1)...)
	}
	return out
}

// judge compares what was kept with the truth, piece by piece, and returns the differences.
func differences(c *Capture, truth sites.Truth) (out []string) {
	say := func(what string, p sites.Post, is, want string) {
		out = append(out, what+" "+p.Permalink+": "+is+" is not "+want)
	}
	got := pieces(c.Posts, 0)
	used := map[int]bool{}
	var walk func(list []sites.Post, depth int)
	walk = func(list []sites.Post, depth int) {
		for _, p := range list {
			at := -1
			for i, g := range got {
				if !used[i] && (strings.Contains(g.Text, p.Mark) || pathAndQuery(g.Permalink) == pathAndQuery(p.Permalink)) && (depth == 0) == (g.depth == 0) {
					at = i
					break
				}
			}
			if at < 0 {
				out = append(out, "missing "+p.Permalink+" "+p.Author+": "+clip(p.Text, 60))
				walk(p.Comments, depth+1)
				continue
			}
			used[at] = true
			g := got[at]
			if g.Author != p.Author {
				say("author", p, g.Author, p.Author)
			}
			if (g.Origin == OriginOwn) != p.Own {
				say("origin", p, string(g.Origin), map[bool]string{true: "own", false: "received"}[p.Own])
			}
			if !sites.Same(g.Text, p.Text) {
				say("text", p, strings.ReplaceAll(g.Text, "\n", "|"), strings.ReplaceAll(p.Text, "\n", "|"))
			}
			if g.Published == nil || g.Published.Sub(p.Published).Abs() > time.Minute+truth.Precision {
				say("time", p, g.PublishedText, p.Published.String())
			}
			if g.depth != depth {
				say("depth", p, string(rune('0'+g.depth)), string(rune('0'+depth)))
			}
			walk(p.Comments, depth+1)
		}
	}
	walk(truth.Posts, 0)
	for i, g := range got {
		if !used[i] {
			out = append(out, "too much "+g.Permalink+" "+g.Author+": "+clip(g.Text, 80))
		}
	}
	return out
}

// describes reports whether a difference in text is only that more follows.
func describes(d string) bool {
	_, d, _ = strings.Cut(d, ": ")
	got, want, _ := strings.Cut(d, " is not ")
	return strings.HasPrefix(got, want+"||")
}

func pathAndQuery(address string) string {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return "?"
	}
	u.Scheme, u.Host = "", ""
	return strings.TrimRight(u.String(), "/")
}

// TestOwnPages looks up what lists do not show on the posts' own pages.
func TestOwnPages(t *testing.T) {
	t.Parallel()
	names := []string{"x", "mastodon", "youtube", "blog"}
	query := "posts=8&comments=1"
	if s := os.Getenv("CAPTURE_SITES"); s != "" {
		names = strings.Fields(s)
	}
	if s := os.Getenv("CAPTURE_QUERY"); s != "" {
		query = s
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			c, truth := snapSite(t, name, query, Job{})
			kinds := map[string]int{}
			for _, d := range differences(c, truth) {
				kind, _, _ := strings.Cut(d, " ")
				if name == "mastodon" && kind == "depth" {
					continue // the page does not show what answers what
				}
				if name == "youtube" && kind == "text" && describes(d) {
					continue // the video's description follows its title
				}
				if kinds[kind]++; kinds[kind] <= 3 {
					t.Error(d)
				}
			}
			t.Log("posts", c.Counts.Posts, "comments", c.Counts.Comments, "of", sites.CountComments(truth.Posts), kinds)
		})
	}
}
