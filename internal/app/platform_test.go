package app

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/sip"
	"arsring/testdata/sites"
)

// oddFile is what an operator writes for a site that tells nobody what it is.
const oddFile = `name: kvarteret
title: Kvarteret
hosts: [127.0.0.1]
select:
  post: [".gone-since-spring", ".z1"]
  permalink: [".z5"]
  author: [".z3"]
  time: [".z4"]
  time_attribute: [data-k]
  text: [".z6"]
  comment: [".z8"]
  more: [".za"]
  expand: [".z7"]
  warning: [".never-there"]
counters:
  likes: [".likes"]
consent:
  overlay: [".zb"]
  refuse: [".zc"]
private:
  elements: [".zh"]
`

// TestOverrideFile takes a snapshot of a site that defeats the general way, without a platform file and with one in the configuration's folder: the
// first reads a part of it, the second every post and comment.
func TestOverrideFile(t *testing.T) {
	t.Parallel()
	o := sites.Options{Now: time.Now(), Comments: true}
	srv := httptest.NewServer(sites.Handler(o))
	t.Cleanup(srv.Close)
	site, ok := sites.ByName("odd", o)
	if !ok {
		t.Fatal("there is no such site")
	}
	posts, comments := len(site.Truth.Posts), sites.CountComments(site.Truth.Posts)
	a, err := testApp(testDir(t))
	if err != nil {
		t.Fatal(err)
	}
	plain := a.SnapshotURL(t.Context(), srv.URL+site.Path, testDir(t), Request{Trigger: capture.TriggerManual})
	if plain.Err != nil || plain.Posts == nil || *plain.Posts >= posts {
		t.Fatalf("without the file: %+v; it should read a part only", plain)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "kvarteret.yaml"), []byte(oddFile), 0o600); err != nil {
		t.Fatal(err)
	}
	a.cfg.Platforms.Folder = folder
	told := a.SnapshotURL(t.Context(), srv.URL+site.Path, testDir(t), Request{Trigger: capture.TriggerManual})
	if told.Err != nil || told.Posts == nil || *told.Posts != posts || *told.Comments != comments {
		t.Fatalf("with the file: %d posts and %d comments are wanted: %s (%v), %v posts, %v comments, missing %v", posts, comments, told.Sentence, told.Err, deref(told.Posts), deref(told.Comments), told.Missing)
	}
	checkOdd(t, site, *told.Package)
	acts := ""
	for _, i := range told.Interventions {
		acts += i.Act + ": " + i.What + "\n"
	}
	for _, want := range []string{"consent-refused", "hidden: private areas", "pressed: ▾", "pressed: ◌"} {
		if !strings.Contains(acts, want) {
			t.Errorf("%q is not among the interventions:\n%s", want, acts)
		}
	}
}

func deref(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

// checkOdd holds every post's address, author, minute and text against the truth.
func checkOdd(t *testing.T, site sites.Site, pkg string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(pkg, "representations", "content", "data", "content.json"))
	if err != nil {
		t.Fatal(err)
	}
	var c sip.Content
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	got := map[string]sip.Post{}
	for _, p := range c.Posts {
		if p.Permalink != nil {
			_, path, _ := strings.Cut(*p.Permalink, "/odd/")
			got["/odd/"+path] = p
		}
	}
	for i := range site.Truth.Posts {
		w := &site.Truth.Posts[i]
		p, ok := got[w.Permalink]
		switch {
		case !ok:
			t.Errorf("%s is missing", w.Permalink)
		case p.Author == nil || *p.Author != w.Author || p.Published == nil || !p.Published.Truncate(time.Minute).Equal(w.Published.Truncate(time.Minute)) || !sites.Same(p.Text, w.Text):
			t.Errorf("%s: by %v at %v: %q; want %q at %v: %q", w.Permalink, p.Author, p.Published, p.Text, w.Author, w.Published, w.Text)
		}
	}
}
