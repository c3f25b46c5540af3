package platform

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestBuiltIn wants every platform that the design names, each with its terms and export named and said to be untried.
func TestBuiltIn(t *testing.T) {
	s, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"bluesky", "facebook", "instagram", "linkedin", "mastodon", "threads", "tiktok", "web", "wordpress", "x", "youtube"}
	if got := s.Names(); !slices.Equal(got, want) {
		t.Fatalf("platforms are %v, want %v", got, want)
	}
	for _, n := range want {
		p, ok := s.Get(n)
		if !ok || p.Title == "" || p.Source == "" {
			t.Errorf("%s: %+v", n, p)
		}
		if p.Tried != Never {
			t.Errorf("%s says that it was tried on %s; nobody did", n, p.Tried)
		}
		if n != "web" && (p.Export.Name == "" || p.Export.SV == "" || p.Export.EN == "" || p.Politeness.Pause == 0) {
			t.Errorf("%s names no export or no pause", n)
		}
		if len(p.Hosts) > 0 && p.Terms == "" {
			t.Errorf("%s names no terms of use", n)
		}
		if !slices.Contains(p.Never.Words, "Radera") || !p.IsPrivate("https://x.example/direct/inbox") {
			t.Errorf("%s lacks what holds for every page", n)
		}
	}
}

func TestMatch(t *testing.T) {
	s, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"https://www.facebook.com/kommunen": "facebook", "https://sv-se.facebook.com/x": "facebook", "https://twitter.com/k": "x", "https://youtu.be/abc": "youtube",
		"https://notfacebook.com/": Generic, "https://facebook.com.evil.example/": Generic, "https://kommunen.example/": Generic, "::": Generic,
	} {
		if p := s.Match(address); p.Name != want {
			t.Errorf("%s is %s, want %s", address, p.Name, want)
		}
	}
	p, _ := s.Get("facebook")
	if !p.IsPrivate("https://www.facebook.com/messages/t/1") || p.IsPrivate("https://www.facebook.com/kommunen/posts/1") {
		t.Error("private areas are not told from posts")
	}
}

// TestOverride lays a folder over the built-in files: lists that it gives replace theirs, everything else stays, a new name is a new platform.
func TestOverride(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "facebook.yaml", "name: facebook\ntried: 2026-10-01\nselect:\n  post: [\".my-post\"]\n")
	write(t, dir, "kommunappen.yaml", "name: kommunappen\ntitle: Kommunappen\nhosts: [appen.example]\nselect: {post: [\".p\"], time_attribute: [data-at]}\n")
	write(t, dir, "README.md", "not a platform")
	s, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	built, _ := Load("")
	was, _ := built.Get("facebook")
	p, _ := s.Get("facebook")
	if !slices.Equal(p.Select.Post, []string{".my-post"}) || p.Tried != "2026-10-01" || !slices.Equal(p.Select.Text, was.Select.Text) || p.Title != "Facebook" || !strings.Contains(p.Source, dir) {
		t.Errorf("the files were not merged: %+v", p)
	}
	if len(was.Select.Post) != 2 {
		t.Errorf("the built-in set was changed: %v", was.Select.Post)
	}
	if n := s.Match("https://m.appen.example/flode"); n.Name != "kommunappen" || n.Tried != Never {
		t.Errorf("the new platform is not found: %+v", n)
	}
}

// TestRefused holds what is said of files that cannot be used: file, line, key and what to do.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown key":      {"name: min\ntitle: Min\nselekt:\n  post: [a]\n", "min.yaml:3: selekt: is no key here; there are: check, consent,"},
		"unknown inner":    {"name: min\ntitle: Min\nselect:\n  posts: [a]\n", "min.yaml:4: select.posts: is no key here; there are: author, comment,"},
		"twice":            {"name: min\ntitle: Min\ntitle: Din\n", "min.yaml:3"},
		"wrong type":       {"name: min\ntitle: Min\nhosts: {a: b}\n", "min.yaml:3: cannot unmarshal"},
		"other name":       {"name: din\ntitle: Min\n", `min.yaml:1: name: must be "min" like the file, not "din"`},
		"no title":         {"name: min\n", "title: is missing"},
		"tried":            {"name: min\ntitle: Min\ntried: i går\n", `min.yaml:3: tried: "i går" is neither never nor a day`},
		"host":             {"name: min\ntitle: Min\nhosts:\n  - https://a.example\n", "min.yaml:4: hosts[0]"},
		"selector":         {"name: min\ntitle: Min\nselect:\n  post: [\"div[\"]\n", "min.yaml:4: select.post[0]: \"div[\" is no CSS selector: a bracket is not closed"},
		"rule as selector": {"name: min\ntitle: Min\nnever:\n  press: [\"a{}\"]\n", "never.press[0]"},
		"pattern":          {"name: min\ntitle: Min\nprivate:\n  urls: [\"(\"]\n", "private.urls[0]"},
		"flags":            {"name: min\ntitle: Min\nprivate:\n  urls: [\"(?i)x\"]\n", "private.urls[0]"},
		"phrase":           {"name: min\ntitle: Min\nwalls:\n  age:\n    phrases:\n      - {lang: swedish, text: a}\n", "min.yaml:6: walls.age.phrases[0]: needs lang"},
		"check":            {"name: min\ntitle: Min\ncheck: [telegraph]\n", `check[0]: "telegraph" is no way to check; there are: feed,`},
		"pause":            {"name: min\ntitle: Min\npoliteness: {pause: 2h}\n", "politeness.pause"},
		"pause unit":       {"name: min\ntitle: Min\npoliteness: {pause: soon}\n", "min.yaml:3: cannot unmarshal"},
		"alias":            {"name: &n min\ntitle: *n\n", "min.yaml:2: title: refers to another place"},
		"no mapping":       {"- a\n", "must be keys with values"},
		"broken":           {"name: [\n", "min.yaml:"},
		"empty":            {"", "is empty"},
		"terms":            {"name: min\ntitle: Min\nterms: javascript:alert(1)\n", "min.yaml:3: terms: "},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "min.yaml", c.text)
			_, err := Load(dir)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), dir) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "platforms.folder") {
		t.Errorf("a missing folder: %v", err)
	}
}

// FuzzFile wants every file to be taken or refused, never to end the program.
func FuzzFile(f *testing.F) {
	entries, err := builtIn.ReadDir("data")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		data, err := builtIn.ReadFile("data/" + e.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("name: [\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &Set{all: map[string]*Platform{}}
		for _, p := range s.add("fuzz.yaml", data) {
			if p.Error() == "" {
				t.Error("a problem without a sentence")
			}
		}
	})
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
