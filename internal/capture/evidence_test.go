package capture

import (
	"context"
	"net/http/httptest"
	"os"
	"strings"
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
func captureOnce(t *testing.T, job Job) (*Capture, string) {
	t.Helper()
	return captureWith(t, job, Options{})
}

func captureWith(t *testing.T, job Job, o Options) (*Capture, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	proxy, err := egress.Start(ctx, egress.Options{Allow: []string{"127.0.0.1", "localhost"}})
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	o.Egress = testEgress{proxy}
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

// evidenceSites are the sites whose posts and comments are kept as evidence one at a time; the full number only where time does not matter.
func evidenceSites() []string {
	if os.Getenv("ARSRING_SOAK") != "" {
		return []string{"facebook", "x", "instagram", "youtube", "mastodon", "blog", "feed", "shadow"}
	}
	return []string{"facebook", "youtube", "feed"}
}

// threaded picks a post of the account's own with a reply to a comment, and that reply.
func threaded(t *testing.T, s sites.Site) (post, reply *sites.Post) {
	t.Helper()
	for i := range s.Truth.Posts {
		p := &s.Truth.Posts[i]
		for j := range p.Comments {
			if r := p.Comments[j].Comments; len(p.Comments) >= 2 && !p.Shared && len(r) > 0 {
				return p, &r[0]
			}
		}
	}
	t.Fatal("no post with replies")
	return nil, nil
}

// A post, and an answer to a comment in its context, are kept with their senders.
func TestEvidence(t *testing.T) {
	t.Parallel()
	o := sites.Options{Seed: 3, Posts: 12, Comments: true, Now: fixtureNow}
	srv := serveSites(t, o)
	for _, name := range evidenceSites() {
		t.Run(name, func(t *testing.T) {
			s, ok := sites.ByName(name, o)
			if !ok {
				t.Fatal("no site")
			}
			post, reply := threaded(t, s)
			for _, want := range []*sites.Post{post, reply} {
				c, _ := captureOnce(t, evidenceJob(srv.URL+s.Path, srv.URL+want.Permalink))
				if c.Outcome != Complete {
					t.Errorf("%s: %s %s %v", want.Permalink, c.Outcome, c.Code, c.Missing)
				}
				got := FindPost(c.Posts, c.Job.Evidence.Post)
				if got == nil {
					t.Errorf("%s: not found among %d posts", want.Permalink, len(c.Posts))
					continue
				}
				if !strings.HasPrefix(letters(got.Text), letters(want.Text)) || got.Author != want.Author {
					t.Errorf("got %q %q\nwant %q %q", got.Author, got.Text, want.Author, want.Text)
				}
				if len(got.Tiles) == 0 {
					t.Errorf("%s: no sheet shows it", want.Permalink)
				}
				// What stands around it is its context: the whole thread of the post.
				if _, n := count(c.Posts); n < sites.CountComments([]sites.Post{*post}) {
					t.Errorf("%s: %d comments of the thread, want %d", want.Permalink, n, sites.CountComments([]sites.Post{*post}))
				}
			}
		})
	}
}
