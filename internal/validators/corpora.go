package validators

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// corporaDir is the folder that .ci/corpora.sh fetches into.
func corporaDir() string {
	if dir := os.Getenv("ARSRING_CORPORA"); dir != "" {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return string(filepath.Separator)
	}
	return filepath.Join(home, ".cache", "arsring", "corpora")
}

// foreignSites says which pages of the corpora are looked at: how many of a folder, spread evenly over those that are no longer than a
// manual's chapter usually is. Two hundred in all: 140 of manuals in seventeen languages, 60 of templates.
var foreignSites = []struct {
	dir string
	n   int
}{
	{"installation-guide-amd64/usr/share/doc/installation-guide-amd64/sv", 15},
	{"installation-guide-amd64/usr/share/doc/installation-guide-amd64/el", 8},
	{"installation-guide-amd64/usr/share/doc/installation-guide-amd64/ko", 8},
	{"installation-guide-amd64/usr/share/doc/installation-guide-amd64/ro", 8},
	{"installation-guide-amd64/usr/share/doc/installation-guide-amd64/da", 8},
	{"installation-guide-amd64/usr/share/doc/installation-guide-amd64/zh_CN", 8},
	{"gimp-help-fa/usr/share/gimp/2.0/help/fa", 15},
	{"aptitude-doc-cs/usr/share/doc/aptitude/html/cs", 8},
	{"aptitude-doc-fi/usr/share/doc/aptitude/html/fi", 8},
	{"aptitude-doc-nl/usr/share/doc/aptitude/html/nl", 6},
	{"aptitude-doc-ru/usr/share/doc/aptitude/html/ru", 8},
	{"maint-guide-vi/usr/share/doc/maint-guide-vi/html", 6},
	{"maint-guide-ca/usr/share/doc/maint-guide-ca/html", 5},
	{"debian-faq-ko/usr/share/doc/debian/FAQ/ko", 3},
	{"debian-reference-ja/usr/share/debian-reference", 5},
	{"debian-reference-fr/usr/share/debian-reference", 4},
	{"debian-reference-es/usr/share/debian-reference", 4},
	{"debian-reference-zh-tw/usr/share/debian-reference", 4},
	{"developers-reference-de/usr/share/developers-reference", 5},
	{"developers-reference-ja/usr/share/developers-reference", 4},
	{"startbootstrap-sb-admin-2", 12},
	{"startbootstrap-sb-admin", 8},
	{"startbootstrap-creative", 1},
	{"startbootstrap-resume", 1},
	{"admin-lte/pages", 12},
	{"gentelella/production", 12},
	{"soft-ui-dashboard", 6},
	{"material-dashboard", 6},
	{"material-kit", 2},
}

// longestPage bounds the pages that are looked at, in bytes of HTML: a book on one page says no more about rules than a chapter does.
const longestPage = 120 << 10

// ForeignPages gives the addresses of two hundred pages that nobody here wrote, served on loopback while the test runs, keyed by where they lie.
// They are there once "make corpora" has fetched them. ARSRING_PART=2/4 gives the second of four shares.
func ForeignPages(t testing.TB) (srv *httptest.Server, paths []string) {
	t.Helper()
	root := filepath.Join(corporaDir(), "pages")
	for _, s := range foreignSites {
		found := pagesIn(t, root, s.dir)
		if len(found) < s.n {
			t.Fatalf("%s has %d pages, wanted are %d: run make corpora", s.dir, len(found), s.n)
		}
		for i := range s.n {
			paths = append(paths, found[i*len(found)/s.n])
		}
	}
	srv = httptest.NewServer(foreignHandler(root))
	t.Cleanup(srv.Close)
	return srv, partOf(t, paths)
}

// pagesIn lists the pages below a folder, by their paths under the root.
func pagesIn(t testing.TB, root, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(filepath.Join(root, dir), func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || filepath.Ext(path) != ".html" {
			return err
		}
		info, err := e.Info()
		if err != nil || info.Size() > longestPage {
			return err
		}
		rel, err := filepath.Rel(root, path)
		found = append(found, rel)
		return err
	})
	if err != nil {
		t.Fatalf("%v: run make corpora", err)
	}
	return found
}

// foreignHandler serves the corpora by what their pages say of themselves, not by headers. What a package leaves to another one, its pictures
// and style sheets, is looked for there.
func foreignHandler(root string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".html") {
			w.Header().Set("Content-Type", "text/html")
		}
		_, below, _ := strings.Cut(strings.TrimPrefix(filepath.Clean(r.URL.Path), "/"), "/")
		for _, file := range []string{r.URL.Path, "gimp-help-common/" + below, "debian-reference-common/" + below} {
			in, err := os.Open(filepath.Join(root, filepath.Clean("/"+file)))
			if err != nil {
				continue
			}
			defer in.Close()
			if info, err := in.Stat(); err == nil && info.Mode().IsRegular() { // not ServeFile, which leads away from index.html
				http.ServeContent(w, r, info.Name(), info.ModTime(), in)
				return
			}
		}
		http.NotFound(w, r)
	})
}

// ForeignPDFs gives the PDFs that "make corpora" has fetched: documents of packages, and what readers of PDF are tested with.
// ARSRING_PART=2/4 gives the second of four shares.
func ForeignPDFs(t testing.TB) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(filepath.Join(corporaDir(), "pdfs"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil || len(paths) < 1000 {
		t.Fatalf("%d PDFs, %v: run make corpora", len(paths), err)
	}
	return partOf(t, paths)
}

// partOf gives the share of a list that ARSRING_PART asks for, so that a run of hours can be made in portions whose sum is whole:
// with 2/4 the second item and every fourth after it.
func partOf(t testing.TB, list []string) []string {
	t.Helper()
	part, err := shareOf(list, os.Getenv("ARSRING_PART"))
	if err != nil {
		t.Fatal(err)
	}
	return part
}

func shareOf(list []string, share string) ([]string, error) {
	if share == "" {
		return list, nil
	}
	which, of, _ := strings.Cut(share, "/")
	k, err1 := strconv.Atoi(which)
	n, err2 := strconv.Atoi(of)
	if err1 != nil || err2 != nil || k < 1 || k > n {
		return nil, fmt.Errorf("ARSRING_PART is %q; write it like 2/4: the second of four shares", share)
	}
	var part []string
	for i := k - 1; i < len(list); i += n {
		part = append(part, list[i])
	}
	return part, nil
}
