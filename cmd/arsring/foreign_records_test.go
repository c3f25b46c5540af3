package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"arsring/internal/validators"
)

// signIn are templates of nothing but a form to log in with, or to ask for an account, and one that has such a form in its midst.
var signIn = regexp.MustCompile(`(login|register|sign-(in|up)|lockscreen|password|validation)[^/]*\.html$`)

// foreignRecords takes snapshots of the corpora's two hundred pages: every record is PDF/A-2a and PDF/UA-1 at once, by its own word and by veraPDF's.
func foreignRecords(t *testing.T) {
	srv, paths := validators.ForeignPages(t)
	dir := tempDir(t)
	if keep := os.Getenv("ARSRING_KEEP"); keep != "" { // to look at what failed
		dir = keep
	}
	var mu sync.Mutex
	pages := map[string]string{} // by record
	t.Run("pages", func(t *testing.T) {
		for i, p := range paths {
			t.Run(p, func(t *testing.T) {
				t.Parallel()
				if signIn.MatchString(p) { // a template of one: it is told by its outcome, and has no record
					if code, said, _ := arsring(t, "snapshot", "--url", srv.URL+"/"+p, "--out", tempDir(t), "--json"); code != exitKept && !bytes.Contains(said, []byte("login-wall")) {
						t.Errorf("exit code %d: %s", code, said)
					}
					return
				}
				a, m := snapshotURL(t, srv.URL+"/"+p)
				if a.PDFA != "2a" || !m.Record.UA {
					t.Errorf("the record is PDF/A-%s, PDF/UA-1: %v", a.PDFA, m.Record.UA)
				}
				to := filepath.Join(dir, strconv.Itoa(i)+".pdf")
				copyFile(t, a.Record, to)
				_ = os.RemoveAll(a.Package)
				mu.Lock()
				defer mu.Unlock()
				pages[to] = p
			})
		}
	})
	var records []string
	for r := range pages {
		records = append(records, r)
	}
	for r, v := range validators.VeraPDF(t, "", records...) {
		if !v.Valid || v.Profile != "PDF/A-2a, PDF/UA-1" {
			t.Errorf("%s: %v", pages[r], v)
		}
	}
	t.Logf("%d records are PDF/A-2a and PDF/UA-1, unless said otherwise above", len(records))
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
}
