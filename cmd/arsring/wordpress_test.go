package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"arsring/internal/sip"
	"arsring/internal/validators"
	"arsring/testdata/sites"
)

// TestWordPress takes snapshots of sites that WordPress runs, in two of its own looks, and wants every post and every comment that WordPress says
// it holds: who, when, what, in which order of answers. With ARSRING_SOAK the sites have 300 posts.
func TestWordPress(t *testing.T) {
	posts := map[string]int{"twentytwentythree": 40, "twentytwentyone": 12}
	kept := &packages{dir: tempDir(t)}
	for _, theme := range []string{"twentytwentythree", "twentytwentyone"} {
		t.Run(theme, func(t *testing.T) {
			n := posts[theme]
			if os.Getenv("ARSRING_SOAK") != "" {
				n = 300
			}
			site := validators.WordPress(t, n, theme, time.Now())
			a, m := snapshotURL(t, site.URL)
			if err := kept.keep(a.Package); err != nil {
				t.Fatal(err)
			}
			checkWordPress(t, site, a)
			checkTold(t, site, m)
		})
	}
	if !t.Failed() {
		kept.judge(t)
	}
}

// checkTold wants the program to have asked WordPress's own interface, and to have found there exactly what it kept.
func checkTold(t *testing.T, site validators.WordPressSite, m sip.Manifest) {
	t.Helper()
	comments := 0
	for _, p := range site.Posts {
		comments += len(p.Comments)
	}
	for _, k := range m.Checks {
		if k.Way != "wordpress" {
			continue
		}
		if k.Note != "" || k.Posts != len(site.Posts) || k.Kept != k.Posts || k.Comments != comments || k.Heard != comments || len(k.Absent) > 0 {
			t.Errorf("WordPress tells of %d posts and %d comments; the check says %+v", len(site.Posts), comments, k)
		}
		return
	}
	t.Errorf("WordPress was not asked: %+v", m.Checks)
}

// checkWordPress holds content.json and the record against what WordPress says.
func checkWordPress(t *testing.T, site validators.WordPressSite, a answer) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(a.Package, "representations", "content", "data", "content.json"))
	if err != nil {
		t.Fatal(err)
	}
	var c sip.Content
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	text := validators.PDFToText(t, a.Record)
	got := map[string]sip.Post{}
	for _, p := range c.Posts {
		got[value(p.Permalink)] = p
	}
	if len(got) != len(site.Posts) || len(c.Posts) != len(site.Posts) {
		t.Errorf("%d posts under %d addresses are kept, the site has %d", len(c.Posts), len(got), len(site.Posts))
	}
	comments, want := 0, 0
	for _, w := range site.Posts {
		want += len(w.Comments)
		p, ok := got[w.URL]
		if !ok {
			t.Errorf("the post %s is missing", w.URL)
			continue
		}
		comments += checkWordPressPost(t, w, p, text)
	}
	t.Logf("%s: %d of %d posts, %d of %d comments, %d pages, %.1f s", a.Outcome, len(got), len(site.Posts), comments, want, a.Pages, a.Seconds)
}

// checkWordPressPost checks one post and gives how many of its comments were kept.
func checkWordPressPost(t *testing.T, w validators.WordPressPost, p sip.Post, record string) int {
	t.Helper()
	if author := value(p.Author); author != w.Author || p.Origin != "own" {
		t.Errorf("%s: author %q (%s), want %q (own)", w.URL, author, p.Origin, w.Author)
	}
	checkMinute(t, w.URL, p.Published, w.At)
	for _, mark := range append([]string{w.Title}, w.Marks...) {
		if !strings.Contains(p.Text, mark) || !strings.Contains(record, mark) && !strings.Contains(mark, " ") {
			t.Errorf("%s: %q is not in the post's text or not in the record: %q", w.URL, mark, p.Text)
		}
	}
	if w.Picture != "" && !slices.ContainsFunc(p.Media, func(m sip.Media) bool { return value(m.Alt) == w.Picture && m.SHA256 != nil }) {
		t.Errorf("%s: the picture %q is not kept: %+v", w.URL, w.Picture, p.Media)
	}
	said, ids := map[string]sip.Post{}, map[int]string{0: ""}
	parents := map[string]string{}
	var walk func(list []sip.Post, parent string)
	walk = func(list []sip.Post, parent string) {
		for _, c := range list {
			at := value(c.Permalink)
			if _, twice := said[at]; twice {
				t.Errorf("the comment %s is kept twice", at)
			}
			said[at], parents[at] = c, parent
			walk(c.Comments, at)
		}
	}
	walk(p.Comments, "")
	for _, c := range w.Comments {
		ids[c.ID] = c.URL
	}
	found := 0
	for _, c := range w.Comments {
		k, ok := said[c.URL]
		if !ok {
			t.Errorf("the comment %s is missing", c.URL)
			continue
		}
		found++
		if k.Text != c.Text || value(k.Author) != c.Author || (k.Origin == "own") != (c.Author == w.Author) {
			t.Errorf("%s: %q by %q (%s), want %q by %q", c.URL, k.Text, value(k.Author), k.Origin, c.Text, c.Author)
		}
		if parents[c.URL] != ids[c.Parent] {
			t.Errorf("%s answers %q, want %q", c.URL, parents[c.URL], ids[c.Parent])
		}
		checkMinute(t, c.URL, k.Published, c.At)
		if mark := c.Text[strings.LastIndex(c.Text, " ")+1:]; !strings.Contains(record, mark) {
			t.Errorf("%s: %q is not in the record", c.URL, mark)
		}
	}
	if len(said) != len(w.Comments) {
		t.Errorf("%s: %d comments are kept, there are %d", w.URL, len(said), len(w.Comments))
	}
	return found
}

// checkMinute wants a time that is right to the minute.
func checkMinute(t *testing.T, what string, got *time.Time, want int64) {
	t.Helper()
	const wall = "2006-01-02 15:04" // all that a page shows of the hour that comes twice in autumn
	if got == nil || got.Unix()/60 != want/60 && got.In(sites.Stockholm).Format(wall) != time.Unix(want, 0).In(sites.Stockholm).Format(wall) {
		t.Errorf("%s: published %v, want %v", what, got, time.Unix(want, 0))
	}
}

// value is what a pointer points to, or nothing.
func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
