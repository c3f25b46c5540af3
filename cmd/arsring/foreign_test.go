package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"arsring/internal/sip"
	"arsring/internal/validators"
)

// TestForeignPages takes snapshots of pages that nobody here wrote, in five languages, and asks others whether the records are right: veraPDF and
// commons-ip whether they conform, poppler whether the page's words and links are in them, a bare browser what those are.
func TestForeignPages(t *testing.T) {
	if os.Getenv("ARSRING_SOAK") != "" {
		t.Run("corpora", foreignRecords)
	}
	root := validators.ApacheDocs(t)
	srv := serveManual(t)
	kept := &packages{dir: tempDir(t)}
	b := newBrowser(t)
	var mu sync.Mutex // the browser shows one page at a time
	t.Run("pages", func(t *testing.T) {
		for _, p := range foreignPages(t, root) {
			t.Run(p, func(t *testing.T) {
				t.Parallel()
				a, m := snapshotURL(t, srv.URL+"/"+p)
				if a.PDFA != "2a" {
					t.Errorf("the record is PDF/A-%s", a.PDFA)
				}
				if err := kept.keep(a.Package); err != nil {
					t.Fatal(err)
				}
				mu.Lock()
				b.open(t, srv.URL+"/"+p)
				text := ask[string](t, b, "document.body.innerText")
				links := ask[[]string](t, b, linksScript)
				mu.Unlock()
				checkWords(t, text, a, m)
				checkLinks(t, links, a)
			})
		}
	})
	if !t.Failed() {
		kept.judge(t)
	}
}

// serveManual serves the manual as its own pages say that they are encoded: by no word of the server's.
func serveManual(t *testing.T) *httptest.Server {
	t.Helper()
	files := http.FileServer(http.Dir(validators.ApacheDocs(t)))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".html") {
			w.Header().Set("Content-Type", "text/html")
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv
}

// linksScript lists where the page's visible links lead, as far as they leave for the web.
const linksScript = `[...document.links].filter(a => /^https?:/.test(a.href) && a.getClientRects().length && getComputedStyle(a).visibility === 'visible').map(a => a.href)`

// foreignPages names pages under the manual: one for each of five languages; with ARSRING_SOAK twenty for each that it is written in.
func foreignPages(t *testing.T, root string) []string {
	t.Helper()
	if os.Getenv("ARSRING_SOAK") == "" {
		return []string{"de/bind.html", "fr/howto/htaccess.html", "ja/bind.html", "ko/bind.html", "tr/bind.html"}
	}
	var pages []string
	for _, lang := range []string{"de", "en", "es", "fr", "ja", "ko", "pt-br", "ru", "tr", "zh-cn"} {
		var of []string
		err := filepath.WalkDir(filepath.Join(root, lang), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && filepath.Ext(path) == ".html" { // a link leads to another language
				rel, rerr := filepath.Rel(root, path)
				of, err = append(of, rel), rerr
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		step := max(1, len(of)/20)
		for i := 0; i < len(of); i += step {
			pages = append(pages, of[i])
		}
	}
	return pages
}

// How many of a page's words must be in its record, and in its sheets alone. The record's third part has the text as the page has it; in the
// facsimile's invisible text a few words run together where the page parts them by nothing but their place.
const (
	recordShare = 0.99
	sheetShare  = 0.98
)

// checkWords counts the page's words in the record, and in its sheets alone: the facsimile's text must not lean on part three.
func checkWords(t *testing.T, text string, a answer, m sip.Manifest) {
	t.Helper()
	want := words(text)
	if len(want) == 0 {
		t.Fatal("the page has no words")
	}
	first, last := sheetPages(t, a, m)
	for _, in := range []struct {
		name  string
		text  string
		share float64
	}{
		{"record", validators.PDFToText(t, a.Record), recordShare},
		{"sheets", validators.PDFToText(t, a.Record, "-f", strconv.Itoa(first), "-l", strconv.Itoa(last)), sheetShare},
	} {
		share, lost := held(want, words(in.text))
		t.Logf("%s: %.2f %% of the words, without %q", in.name, 100*share, lost)
		if share < in.share {
			t.Errorf("the %s holds only %.2f %% of the page's words; missing are %q", in.name, 100*share, lost)
		}
	}
}

// words counts words: runs of letters and digits; in scripts without spaces every character is one.
func words(text string) map[string]int {
	out := map[string]int{}
	var run []rune
	end := func() {
		if len(run) > 0 {
			out[string(run)]++
		}
		run = run[:0]
	}
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			end()
			out[string(r)]++
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			run = append(run, r)
		default:
			end()
		}
	}
	end()
	return out
}

// held gives the share of wanted words that were got, as often as they were wanted, and some of the lost.
func held(want, got map[string]int) (float64, []string) {
	n, hit := 0, 0
	var lost []string
	for w, k := range want {
		n += k
		hit += min(k, got[w])
		if got[w] < k {
			lost = append(lost, fmt.Sprintf("%s %d<%d", w, got[w], k))
		}
	}
	slices.Sort(lost)
	return float64(hit) / float64(n), lost[:min(len(lost), 30)]
}

// checkLinks wants every link of the page among the record's link annotations.
func checkLinks(t *testing.T, links []string, a answer) {
	t.Helper()
	if len(links) == 0 {
		t.Fatal("the page has no links")
	}
	got := map[string]bool{}
	for _, l := range validators.PDFLinks(t, a.Record) {
		got[plainURL(l)] = true
	}
	for _, l := range links {
		if !got[plainURL(l)] {
			t.Errorf("the link to %s is no annotation of the record", l)
		}
	}
}

// plainURL writes an address in one way, however its bytes were escaped.
func plainURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	return strings.NewReplacer("%28", "(", "%29", ")").Replace(u.String()) // the same address, as the browser writes it into a PDF
}

var sheetCaption = regexp.MustCompile(`(?m)^Blad (\d+) av (\d+) `)

// sheetPages gives the first and the last page of the record that is a sheet of the facsimile.
func sheetPages(t *testing.T, a answer, m sip.Manifest) (first, last int) {
	t.Helper()
	for i, text := range strings.Split(validators.PDFToText(t, a.Record), "\f") {
		found := sheetCaption.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		if first == 0 {
			first = i + 1
		}
		last = i + 1
		if found[1] != strconv.Itoa(last-first+1) {
			t.Errorf("page %d calls itself sheet %s, it is number %d", i+1, found[1], last-first+1)
		}
	}
	if first == 0 {
		t.Fatal("the record has no sheets")
	}
	for _, tile := range m.Tiles {
		if p := tile.RecordPage; p != nil && (*p < first || *p > last) {
			t.Errorf("the manifest says that tile %d is on page %d; the sheets are pages %d to %d", tile.N, *p, first, last)
		}
	}
	return first, last
}
