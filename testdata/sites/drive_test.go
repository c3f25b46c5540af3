package sites

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// browser finds Chromium; the tests of this package need one, as the product does.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	t.Fatal("no Chromium found: install the package chromium")
	return ""
}

// chromium prepares a headless browser with a fresh profile; cancelling the context ends it and its children.
func chromium(ctx context.Context, t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	profile, err := os.MkdirTemp("", "sites-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) }) // a child that is just ending may still write
	all := append([]string{"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--lang=sv-SE", "--window-size=1240,1600", "--user-data-dir=" + profile}, args...)
	if os.Geteuid() == 0 {
		all = append([]string{"--no-sandbox"}, all...)
	}
	cmd := exec.CommandContext(ctx, browser(t), all...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// harness serves the sites and, at /drive/<site>, a page that drives one of them in a frame and tells the verdict.
func harness(t *testing.T, o Options) (*httptest.Server, <-chan string) {
	t.Helper()
	script, err := os.ReadFile("drive_test.js")
	if err != nil {
		t.Fatal(err)
	}
	all, verdicts := Handler(o), make(chan string, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site, ok := strings.CutPrefix(r.URL.Path, "/drive/")
		switch {
		case ok:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = fmt.Fprintf(w, `<!doctype html><meta charset="utf-8"><iframe width="1240" height="1300"></iframe><script>window.DRIVE = {site: %q, query: %q, steps: 900};</script><script type="module">%s</script>`, site, r.URL.RawQuery, script)
		case r.URL.Path == "/verdict":
			body, _ := io.ReadAll(r.Body)
			verdicts <- string(body)
		default:
			all.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv, verdicts
}

// drive opens a site in a browser and gives the verdict.
func drive(t *testing.T, url string, verdicts <-chan string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	cmd := chromium(ctx, t, url)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cancel(); _ = cmd.Wait() }() // it was killed
	select {
	case v := <-verdicts:
		return v
	case <-ctx.Done():
		return "ERROR no verdict"
	}
}

// TestEverythingCanBeReached drives feeds as a visitor who knows them would, and finds every post and comment of their truth, none twice.
func TestEverythingCanBeReached(t *testing.T) {
	srv, verdicts := harness(t, Options{Now: testNow})
	names := []string{"facebook", "x", "gen/2"}
	if os.Getenv("ARSRING_SOAK") == "1" {
		names = nil
		for _, s := range All(Options{Now: testNow}) {
			if s.Feed && !slices.Contains([]string{"members", "empty", "ratelimit-once"}, s.Name) {
				names = append(names, s.Name)
			}
		}
	}
	if s := os.Getenv("DRIVE_SITES"); s != "" {
		names = strings.Fields(s)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			got := drive(t, srv.URL+"/drive/"+name+"?posts=24&comments=1&images=0&wall=999&delay=1", verdicts)
			if !strings.HasPrefix(got, "DONE twice=0") || !strings.Contains(got, " missing=0 ") {
				t.Errorf("%s: %s", name, got)
			}
		})
	}
}
