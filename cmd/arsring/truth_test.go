package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"arsring/internal/sip"
	"arsring/internal/validators"
	"arsring/testdata/sites"
)

// truthSites names the sample sites that are held against their truth; with ARSRING_SOAK all of them, with more posts.
func truthSites(o sites.Options) (names []string, posts int) {
	if os.Getenv("ARSRING_SOAK") == "" {
		return []string{"facebook", "virtual", "loop", "reorder", "shadow", "gen/4", "wall-modal", "captcha"}, 9
	}
	for _, s := range sites.All(o) {
		names = append(names, s.Name)
	}
	return names, 40
}

// TestTruth takes snapshots of sample sites with the whole program and wants what their truth says: the outcome by name; every post and comment
// that a visitor can reach, once, with its author, origin, time and text, in content.json and in the record; conforming records and packages.
func TestTruth(t *testing.T) {
	now := time.Now().Truncate(time.Minute)
	o := sites.Options{Now: now, Comments: true, Delay: 20 * time.Millisecond}
	names, posts := truthSites(o)
	o.Posts = posts
	srv := httptest.NewServer(sites.Handler(o))
	t.Cleanup(srv.Close)
	kept := &packages{dir: tempDir(t)}
	t.Run("sites", func(t *testing.T) {
		for _, name := range names {
			of, query := o, ""
			if strings.HasPrefix(name, "wall-") { // the wall stands after more posts than a quick test has
				of.Posts, query = 40, "?posts=40"
			}
			s, ok := sites.ByName(name, of)
			if !ok {
				t.Fatalf("there is no site %s", name)
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				hold(t, s, srv.URL+s.Path+query, kept, time.Time{})
			})
		}
	})
	if !t.Failed() {
		kept.judge(t)
	}
}

// TestTruthDrawn does the same with sites and options drawn by lot: how many posts, in what batches, how fast, over how long. ARSRING_SEED
// draws others; a run says its own.
func TestTruthDrawn(t *testing.T) {
	seed, n := int64(1), 1
	if os.Getenv("ARSRING_SOAK") != "" {
		seed, n = time.Now().UnixNano()%1e6, 24
	}
	if v, err := strconv.ParseInt(os.Getenv("ARSRING_SEED"), 10, 64); err == nil {
		seed = v
	}
	t.Logf("ARSRING_SEED=%d", seed)
	r := rand.New(rand.NewPCG(uint64(seed), 11))
	now := time.Now().Truncate(time.Minute)
	all := sites.All(sites.Options{Now: now})
	kept := &packages{dir: tempDir(t)}
	t.Run("sites", func(t *testing.T) {
		for i := range n {
			name := fmt.Sprintf("gen/%d", 100+r.IntN(1e6))
			if i%2 == 1 {
				name = all[r.IntN(len(all))].Name
			}
			o := sites.Options{Now: now, Comments: r.IntN(4) > 0, Seed: r.Int64N(1000), Posts: 4 + r.IntN(5+i*2), Batch: 2 + r.IntN(20),
				Delay: time.Duration(r.IntN(150)) * time.Millisecond, Months: 1 + r.IntN(14)}
			if strings.HasPrefix(name, "wall-") {
				o.Posts, o.Batch = 40, 0
			}
			s, ok := sites.ByName(name, o)
			if !ok {
				t.Fatalf("there is no site %s", name)
			}
			var since time.Time
			if s.Feed && s.Truth.Outcome == "complete" && r.IntN(3) == 0 {
				since = now.AddDate(0, 0, -1-r.IntN(30*o.Months)).Truncate(24 * time.Hour)
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				t.Logf("%d posts of %d months, batches of %d after %v, comments %v, seed %d, since %v", o.Posts, o.Months, o.Batch, o.Delay, o.Comments, o.Seed, since)
				srv := httptest.NewServer(sites.Handler(o))
				t.Cleanup(srv.Close)
				hold(t, s, srv.URL+s.Path, kept, since)
			})
		}
	})
	if !t.Failed() {
		kept.judge(t)
	}
}

// hold takes a snapshot of a site and wants what its truth says; what is older than since may be kept, and need not be.
func hold(t *testing.T, s sites.Site, address string, kept *packages, since time.Time) {
	t.Helper()
	var more []string
	if !since.IsZero() {
		more = []string{"--since", since.Format(time.DateOnly)}
	}
	a := takeTruth(t, address, more...)
	if a.Outcome != s.Truth.Outcome || s.Truth.Code != "" && a.Outcome != "complete" && a.Outcome != "partial" && a.Code != s.Truth.Code {
		t.Errorf("outcome %s (%s), want %s (%s)", a.Outcome, a.Code, s.Truth.Outcome, s.Truth.Code)
	}
	if a.Outcome != "complete" && a.Outcome != "partial" {
		if a.Package != "" {
			t.Errorf("a package was made: %s", a.Package)
		}
		return
	}
	if err := kept.keep(a.Package); err != nil {
		t.Fatal(err)
	}
	if s.Feed {
		holdTruth(t, s, a, since)
	}
}

// takeTruth takes one snapshot, whatever becomes of it.
func takeTruth(t *testing.T, address string, more ...string) (a answer) {
	t.Helper()
	code, stdout, stderr := arsring(t, append([]string{"snapshot", "--url", address, "--out", tempDir(t), "--json"}, more...)...)
	if err := json.Unmarshal(stdout, &a); err != nil {
		t.Fatalf("exit code %d: %v: %s%s", code, err, stdout, stderr)
	}
	if want := map[string]int{"complete": exitKept, "partial": exitPartial, "failed": exitFailed}; code != want[a.Outcome] && code != exitPage {
		t.Errorf("exit code %d for %s", code, a.Outcome)
	}
	return a
}

// said is a post or comment as it was kept, with how deep it lies in its thread.
type said struct {
	sip.Post
	depth int
	used  bool
}

// holdTruth compares what was kept with what the site holds.
func holdTruth(t *testing.T, s sites.Site, a answer, since time.Time) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(a.Package, "representations", "content", "data", "content.json"))
	if err != nil {
		t.Fatal(err)
	}
	var c sip.Content
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	var kept []*said
	var walk func(list []sip.Post, depth int)
	walk = func(list []sip.Post, depth int) {
		for _, p := range list {
			kept = append(kept, &said{Post: p, depth: depth})
			walk(p.Comments, depth+1)
		}
	}
	walk(c.Posts, 0)
	h := comparison{t: t, s: s, since: since, kept: kept, record: squeeze(validators.PDFToText(t, a.Record))}
	reach := s.Truth.Posts
	if s.Truth.Outcome == "partial" && s.Truth.Reachable < len(reach) {
		reach = reach[:s.Truth.Reachable]
	}
	h.all(reach, 0)
	extra := 0
	for _, k := range kept {
		if !k.used && !h.allowed(k) {
			extra++
			t.Errorf("kept and not on the site: %q by %q at %s", k.Text, value(k.Author), value(k.Permalink))
		}
	}
	t.Logf("%s: %d of %d posts and comments, %d too many, %d pages, %.1f s", a.Outcome, h.found, h.wanted, extra, a.Pages, a.Seconds)
}

// comparison is one comparison under way.
type comparison struct {
	t             *testing.T
	s             sites.Site
	since         time.Time
	kept          []*said
	record        string
	found, wanted int
}

func (h *comparison) all(posts []sites.Post, depth int) {
	for _, p := range posts {
		k := h.match(p)
		if k == nil && depth == 0 && p.Published.Before(h.since) {
			continue
		}
		h.wanted++
		if k != nil {
			k.used = true
			h.found++
			h.one(p, k, depth)
		} else {
			h.t.Errorf("missing: %s by %s: %q", p.Permalink, p.Author, p.Text)
		}
		if h.s.Truth.CommentsOn != "none" {
			h.all(p.Comments, depth+1)
		}
	}
}

func (h *comparison) match(p sites.Post) *said {
	for _, same := range []func(k *said) bool{
		func(k *said) bool {
			return p.Permalink != "" && addressPath(value(k.Permalink)) == strings.TrimRight(p.Permalink, "/")
		},
		func(k *said) bool { return sites.Same(k.Text, p.Text) },
		func(k *said) bool { return p.Mark != "" && strings.Contains(k.Text, p.Mark) },
	} {
		for _, k := range h.kept {
			if !k.used && same(k) {
				return k
			}
		}
	}
	return nil
}

func (h *comparison) one(p sites.Post, k *said, depth int) {
	h.t.Helper()
	if value(k.Author) != p.Author || (k.Origin == "own") != p.Own {
		h.t.Errorf("%s: by %q (%s), want %q, own %v", p.Permalink, value(k.Author), k.Origin, p.Author, p.Own)
	}
	if !sites.Same(k.Text, p.Text) && !(p.Mark != "" && strings.Contains(k.Text, p.Text)) { // a description below a title belongs to it
		h.t.Errorf("%s:\n got %q\nwant %q", p.Permalink, k.Text, p.Text)
	}
	if k.Published == nil || k.Published.Sub(p.Published).Abs() > time.Minute+h.s.Truth.Precision && !sameWall(*k.Published, p.Published) {
		h.t.Errorf("%s: published %v (%s), want %v", p.Permalink, k.Published, value(k.PublishedText), p.Published)
	}
	// Where a page shows no levels, an answer to an answer may stand too high.
	if k.depth != depth && (!h.s.Truth.Flat || depth < 2 || k.depth < 1 || k.depth > depth) {
		h.t.Errorf("%s: level %d, want %d", p.Permalink, k.depth, depth)
	}
	if p.Mark != "" && p.Dir != "rtl" && !strings.Contains(h.record, squeeze(p.Mark)) {
		h.t.Errorf("%s: %q is not in the record", p.Permalink, p.Mark)
	}
}

// sameWall allows for the hour that comes twice in autumn: a page may show no more than the clock on the wall.
func sameWall(a, b time.Time) bool {
	const wall = "2006-01-02 15:04"
	return a.In(sites.Stockholm).Format(wall) == b.In(sites.Stockholm).Format(wall)
}

// allowed tells what may be kept beside the truth: posts that came while the page was read, and what stands in the place of removed ones.
func (h *comparison) allowed(k *said) bool {
	for _, f := range h.s.Truth.Fresh {
		if addressPath(value(k.Permalink)) == f.Permalink || sites.Same(k.Text, f.Text) {
			return true
		}
	}
	for _, p := range h.s.Truth.Placeholders {
		if strings.Contains(k.Text, p) {
			return true
		}
	}
	return false
}

// addressPath is an address without its host, as truths give it.
func addressPath(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	s := strings.TrimRight(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		s += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		s += "#" + u.Fragment
	}
	return s
}

// squeeze takes out all white space: a line may break anywhere.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
