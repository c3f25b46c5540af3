package capture

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"arsring/internal/egress"
	"arsring/internal/register"
	"arsring/testdata/sites"
)

// testEgress adapts the proxy as the program does.
type testEgress struct{ p *egress.Proxy }

func (e testEgress) Addr() string              { return e.p.Addr() }
func (e testEgress) IP(string) string          { return "" }
func (e testEgress) Failure(h string) string   { f, _ := e.p.Failure(h); return f.Code }
func (e testEgress) Refused() []RefusedRequest { return nil }

// fixtureNow is the day on which the fixture sites are read.
var fixtureNow = time.Date(2026, 10, 15, 9, 30, 0, 0, register.Location())

func serveSites(t *testing.T, o sites.Options) *httptest.Server {
	t.Helper()
	o.Now = fixtureNow
	srv := httptest.NewServer(sites.Handler(o))
	t.Cleanup(srv.Close)
	return srv
}

// captureOnce looks at one page as the program does, in a browser of its own.
func captureOnce(t *testing.T, job Job, more func(*Options)) (*Capture, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	proxy, err := egress.Start(ctx, egress.Options{Allow: []string{"127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	o := Options{Egress: testEgress{proxy}, Now: func() time.Time { return fixtureNow }}
	if more != nil {
		more(&o)
	}
	o.Now = nil
	b, err := Launch(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	dir := t.TempDir()
	c, err := b.Capture(ctx, job, dir)
	if err != nil {
		t.Fatal(err)
	}
	return c, dir
}

func evidenceJob(home, url string) Job {
	return Job{SnapshotID: "konto-20261015T073000Z-evidence-aaaa", Trigger: TriggerEvidence, URL: url, Image: "png", Lang: "sv",
		Account:  register.Account{ID: "konto", Tenant: "default", Title: "Älvsunda kommun", URL: home},
		Evidence: &Evidence{URL: url, Reason: "hot"}}
}

// find looks for a piece by its id in a thread.
func findPiece(posts []Post, id string) *Post {
	for i := range posts {
		if posts[i].ID == id && id != "" {
			return &posts[i]
		}
		if p := findPiece(posts[i].Comments, id); p != nil {
			return p
		}
	}
	return nil
}

func TestTryEvidence(t *testing.T) {
	srv := serveSites(t, sites.Options{Seed: 3, Posts: 12, Comments: true})
	for _, name := range []string{"facebook", "x", "instagram", "youtube", "mastodon", "blog", "feed", "shadow"} {
		t.Run(name, func(t *testing.T) {
			s, ok := sites.ByName(name, sites.Options{Seed: 3, Posts: 12, Comments: true, Now: fixtureNow})
			if !ok {
				t.Fatal("no site")
			}
			var post, comment *sites.Post
			for i := range s.Truth.Posts {
				p := &s.Truth.Posts[i]
				if len(p.Comments) < 2 || p.Shared {
					continue
				}
				for j := range p.Comments {
					if len(p.Comments[j].Comments) > 0 {
						post, comment = p, &p.Comments[j].Comments[0]
					}
				}
				if post != nil {
					break
				}
			}
			if post == nil {
				t.Fatal("no post with replies")
			}
			for _, want := range []*sites.Post{post, comment} {
				start := time.Now()
				c, _ := captureOnce(t, evidenceJob(srv.URL+s.Path, srv.URL+want.Permalink), nil)
				got := findPiece(c.Posts, c.Job.Evidence.Post)
				posts, comments := count(c.Posts)
				t.Logf("%s %s: %s %s %.1fs posts %d comments %d (truth %d) tiles %d views %d missing %v", want.Permalink, want.Author, c.Outcome, c.Code, time.Since(start).Seconds(), posts, comments, sites.CountComments([]sites.Post{*post}), len(c.Tiles), c.Views, c.Missing)
				for _, iv := range c.Interventions {
					t.Logf("   %s %s %d", iv.Act, iv.What, iv.N)
				}
				if got == nil {
					t.Errorf("not found")
					for _, p := range c.Posts {
						t.Logf("%+v", p)
					}
					continue
				}
				if !sites.Same(got.Text, want.Text) || got.Author != want.Author {
					t.Errorf("got %q %q\nwant %q %q", got.Author, got.Text, want.Author, want.Text)
				}
				t.Logf("origin %s published %v (%s) want %v media %+v tiles %v", got.Origin, got.Published, got.PublishedSource, want.Published, got.Media, got.Tiles)
			}
		})
	}
}

func TestTrySite(t *testing.T) {
	srv := serveSites(t, sites.Options{Seed: 3})
	c, _ := captureOnce(t, Job{SnapshotID: "konto-20261015T073000Z-manual-aaaa", Trigger: TriggerManual, URL: srv.URL + "/plain/", Image: "jpeg", Lang: "sv",
		Account: register.Account{ID: "konto", Tenant: "default", Platform: "web", URL: srv.URL + "/plain/"}}, func(o *Options) { o.Site = Site{Pages: 50, Depth: 2, Robots: true} })
	t.Logf("%s %s %s", c.Outcome, c.Code, c.Sentence.SV)
	for _, p := range c.Pages {
		t.Logf("%s %d %s blocks %d", p.URL, p.Status, p.Title, len(p.Blocks))
	}
	for _, m := range c.Missing {
		t.Logf("%s: %s", m.Code, m.Text.SV)
	}
	s, _ := sites.ByName("plain", sites.Options{Seed: 3, Now: fixtureNow})
	for _, p := range s.Truth.Pages {
		t.Logf("truth %s depth %d robots %v", p.Path, p.Depth, p.Robots)
	}
	for _, tile := range c.Tiles {
		t.Logf("tile %d page %d %v", tile.N, tile.Page, tile.Rect)
	}
}
