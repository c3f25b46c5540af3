package app

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/job"
)

// stand is what a process holds on to.
type stand struct {
	goroutines, files, browsers int
	heapKB, residentKB          int
}

func (s stand) String() string {
	return fmt.Sprintf("%d goroutines, %d files, %d browser processes, heap %d kB, resident %d kB", s.goroutines, s.files, s.browsers, s.heapKB, s.residentKB)
}

// standOf looks at this process and at the browsers whose profiles lie in a folder.
func standOf(t *testing.T, dir string) (s stand) {
	t.Helper()
	runtime.GC()
	runtime.GC() // the first one may only have let finalizers run
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s.heapKB, s.goroutines = int(m.HeapAlloc>>10), runtime.NumGoroutine()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	s.files = len(files)
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			_, _ = fmt.Sscanf(rest, "%d", &s.residentKB)
		}
	}
	all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range all {
		if line, err := os.ReadFile(f); err == nil && bytes.Contains(line, []byte(dir)) && bytes.Contains(line, []byte("user-data-dir")) {
			s.browsers++
		}
	}
	return s
}

// TestManyCaptures takes snapshot after snapshot in one process, each through the whole passage: no process, file or goroutine is left, and the memory
// stays flat. With ARSRING_SOAK=1 it takes 500 and says how it stands after each 50.
func TestManyCaptures(t *testing.T) {
	first, n, each := 1, 3, 3
	if os.Getenv("ARSRING_SOAK") != "" {
		first, n, each = 50, 500, 50
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><html lang=sv><link rel=icon href='data:,'><title>Sida</title><h1>Kommunens sida</h1><p>Läst %s.</p>", time.Now())
	}))
	t.Cleanup(srv.Close)
	c := newCounter(t, map[string][2]string{"sida": {"web", srv.URL + "/"}})
	acc, err := c.Account("sida")
	if err != nil {
		t.Fatal(err)
	}
	c.temp = testDir(t) // of the browsers' profiles
	if err := os.Chmod(c.temp, 0o711); err != nil {
		t.Fatal(err)
	}
	var before stand
	for i := 1; i <= n; i++ {
		r := c.Snapshot(t.Context(), Request{Account: acc, Trigger: capture.TriggerManual, Reason: "Prov"})
		if r.Err != nil || r.State != job.Delivered {
			t.Fatalf("capture %d: %s %v", i, r.Sentence, r.Err)
		}
		srv.CloseClientConnections()
		if i == first {
			before = standOf(t, c.temp)
		}
		if i%each == 0 {
			t.Logf("after %d: %s", i, standOf(t, c.temp))
		}
	}
	after := standOf(t, c.temp)
	if after.browsers > 0 || after.goroutines > before.goroutines+10 || after.files > before.files+10 || after.heapKB > before.heapKB+16<<10 {
		t.Errorf("after %d captures: %s\nafter %d captures: %s", first, before, n, after)
	}
	if left, _ := filepath.Glob(filepath.Join(c.temp, "*")); len(left) > 0 {
		t.Errorf("left in the temporary folder: %v", left)
	}
	if left, _ := filepath.Glob(c.spool("*", "*")); len(left) > 0 {
		t.Errorf("left in the spool: %v", left)
	}
}
