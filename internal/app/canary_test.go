package app

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"arsring/testdata/sites"
)

// TestCanary looks at a sample account twice, and once more after its platform has renamed a class: that is found, told, and never becomes what the next
// look is held against.
func TestCanary(t *testing.T) {
	t.Parallel()
	var renamed atomic.Bool
	inner := sites.Handler(sites.Options{Now: time.Now(), Comments: true, Posts: 12})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !renamed.Load() {
			inner.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		inner.ServeHTTP(rec, r)
		w.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
		w.WriteHeader(rec.Code)
		_, _ = w.Write([]byte(strings.ReplaceAll(rec.Body.String(), `class="z3"`, `class="q3"`)))
	}))
	t.Cleanup(srv.Close)
	a, err := testApp(testDir(t))
	if err != nil {
		t.Fatal(err)
	}
	a.cfg.Platforms.Folder = t.TempDir()
	if err := os.WriteFile(filepath.Join(a.cfg.Platforms.Folder, "kvarteret.yaml"), []byte(oddFile), 0o600); err != nil {
		t.Fatal(err)
	}
	acc := addressAccount(srv.URL + "/odd/")
	acc.Platform = "kvarteret"
	for range 2 {
		r, err := a.Canary(t.Context(), acc)
		if err != nil || len(r.Findings) > 0 || r.Posts != 12 || r.Shares["author"] != 100 || r.Found["post"][".z1"] != 12 || r.Platform != "kvarteret" {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	renamed.Store(true)
	for range 2 {
		r, err := a.Canary(t.Context(), acc)
		if err != nil || !slices.ContainsFunc(r.Findings, func(f CanaryFinding) bool { return f.Code == "silent" && f.Use == "author" }) || r.Since == nil {
			t.Fatalf("the renamed class was not found out: %+v, %v", r, err)
		}
	}
}
