package shelf

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/validators"
)

// planted are names that accounts and owners may come with.
var planted = []string{
	`<script>document.title="ond"</script>`, `"><img src=x onerror=alert(1)>`, "\u202eesrever", "javascript:alert(1)", "😀 Älvsunda & co", strings.Repeat("lång ", 300),
	"a\x00b", "</title><h1>x", "../../hemligt", "{{.}}", "#frag?x=1", "\xff\xfe",
}

// filled is an archive of several years, owners and accounts with planted names, and a plain copy of its folder.
func filled(t *testing.T) string {
	t.Helper()
	s, dir := newStore(t)
	for i, name := range planted {
		account := fmt.Sprintf("konto-%02d", i)
		deliver(t, s, kept{account: account, title: name, creator: planted[(i+1)%len(planted)], url: []string{"https://example.org/?a=1&b=<x>", "javascript:alert(1)", ""}[i%3],
			taken: time.Date(2024+i%3, time.Month(1+i), 5, 8, 0, 0, 0, time.UTC), trigger: []capture.Trigger{capture.TriggerScheduled, capture.TriggerIngest}[i%2], text: name})
		if i%4 == 0 {
			deliver(t, s, kept{account: account, title: name, creator: planted[i], taken: time.Date(2026, 10, 5+i, 8, 0, 0, 0, time.UTC)})
			deliver(t, s, kept{account: account, class: register.ClassSecret})
		}
	}
	refresh(t, New(Options{Store: s, Catalog: newCatalog(t)}), "default")
	copied := filepath.Join(t.TempDir(), "kopia")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return copied
}

// A plain copy of the archive's folder is browsed in a real browser, without script: every page is opened from the first one, every link leads
// to something that is there, and nothing planted in names comes alive.
func TestBrowsedFromAPlainCopy(t *testing.T) {
	dir := filled(t)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(validators.Chromium(t)), chromedp.NoSandbox, chromedp.UserDataDir(browserDir(t)),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	actx, acancel := chromedp.NewExecAllocator(t.Context(), opts...)
	defer acancel()
	ctx, cancel := chromedp.NewContext(actx)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	target := chromedp.FromContext(ctx).Target
	if _, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	type seen struct {
		Title, Lang, Landmarks string
		Headings               []int
		Links                  []string
		Wide                   bool
		Bare                   int // header cells without a scope, and tables without header cells
	}
	pages, files := map[string]bool{}, map[string]bool{}
	todo := []string{(&url.URL{Scheme: "file", Path: filepath.Join(dir, pageName)}).String()}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		if pages[at] {
			continue
		}
		pages[at] = true
		if err := chromedp.Do(ctx, chromedp.Navigate(at)); err != nil {
			t.Fatalf("%s: %v", at, err)
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[seen](`({Title: document.title, Lang: document.documentElement.lang,
			Landmarks: ["header", "main", "footer"].map(n => document.querySelectorAll("body > " + n).length).join(" "),
			Headings: [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(h => +h.tagName[1]), Links: [...document.links].map(a => a.href),
			Wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
			Bare: document.querySelectorAll("th:not([scope])").length + [...document.querySelectorAll("table")].filter(t => !t.querySelector("thead th")).length
				+ document.querySelectorAll("script, img, iframe, [onerror]").length})`))
		if err != nil {
			t.Fatalf("%s: %v", at, err)
		}
		if got.Lang != "sv" || got.Landmarks != "1 1 1" || got.Bare != 0 || got.Title == "" || got.Title == "ond" || got.Wide {
			t.Errorf("%s: %+v", at, got)
		}
		if len(got.Headings) == 0 || got.Headings[0] != 1 || slices.Contains(got.Headings[1:], 1) || slices.ContainsFunc(got.Headings, func(h int) bool { return h > 2 }) {
			t.Errorf("%s: the headings are %v", at, got.Headings)
		}
		for _, link := range got.Links {
			if u := inside(t, dir, at, link); u != "" {
				if strings.HasSuffix(u, "/"+pageName) {
					todo = append(todo, "file://"+u)
				} else {
					files[strings.TrimPrefix(u, dir)] = true
				}
			}
		}
	}
	want := map[string]bool{}
	if err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == pageName {
			want[p] = true
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(pages) != len(want) {
		t.Errorf("%d pages were reached from the first, %d are there", len(pages), len(want))
	}
	for _, ending := range []string{"/METS.xml", "/record.pdf", "/manifest.json", ".receipt.json", "/manifests.ndjson"} {
		n := 0
		for f := range files {
			if strings.HasSuffix(f, ending) {
				n++
			}
		}
		if n < len(planted) {
			t.Errorf("only %d links lead to %s", n, ending)
		}
	}
}

// inside follows a link of a page: what it leads to in the archive must be there. Addresses of accounts lead out and are given back empty.
func inside(t *testing.T, dir, at, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	switch {
	case err != nil:
		t.Errorf("%s: %q: %v", at, link, err)
	case u.Scheme == "https" && u.Host == "example.org":
	case u.Scheme != "file" || !strings.HasPrefix(u.Path, dir+"/"):
		t.Errorf("%s leads to %q", at, link)
	default:
		if info, err := os.Stat(u.Path); err != nil || info.IsDir() {
			t.Errorf("%s leads to %s, which is not there", at, link)
		}
		if u.Fragment == "" {
			return u.Path
		}
	}
	return ""
}

// browserDir is a folder that the browser may still be writing to when the test ends.
func browserDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "arsring-shelf-browser-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// voids are elements that have no end.
var voids = []string{"meta", "link", "br", "img", "input", "hr"}

// Each page is what it says: every tag that is opened is closed in its turn, and a parser finds the elements where they were written, with
// nothing added, moved or left out.
func TestPagesAreWellFormed(t *testing.T) {
	dir := filled(t)
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != pageName {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if want, got := written(t, p, string(data)), parsed(t, string(data)); !slices.Equal(want, got) {
			t.Errorf("%s: a parser reads other elements than were written:\n%v\n%v", p, want, got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// written lists the elements as their tags stand in the text, each with its depth, and checks that they nest.
func written(t *testing.T, name, text string) []string {
	t.Helper()
	var out, open []string
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("%s: never closed: %v", name, open)
			}
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			n, _ := z.TagName()
			out = append(out, fmt.Sprintf("%d %s", len(open), n))
			if !slices.Contains(voids, string(n)) {
				open = append(open, string(n))
			}
		case html.EndTagToken:
			n, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(n) {
				t.Fatalf("%s: </%s> closes %v", name, n, open)
			}
			open = open[:len(open)-1]
		}
	}
}

// parsed lists the elements of the tree that a parser makes.
func parsed(t *testing.T, text string) []string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		if n.Type == html.ElementNode {
			out = append(out, fmt.Sprintf("%d %s", depth, n.Data))
			depth++
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, depth)
		}
	}
	walk(doc, 0)
	return out
}
