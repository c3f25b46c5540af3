package app

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/egress"
	"arsring/internal/job"
	"arsring/internal/validators"
	"arsring/internal/web"
)

// TestRemoteBrowser takes a snapshot with a browser on another machine, where this one has none. While that browser is gone the job says so and waits; when
// it is back the job is delivered. Doctor and metrics tell how it stands.
func TestRemoteBrowser(t *testing.T) {
	flags := append(egress.RemoteFlags([]string{"127.0.0.1"}), capture.RemoteFlags()...)
	address, kill := validators.Chrome(t, flags...)
	_, port, _ := strings.Cut(strings.TrimPrefix(address, "ws://"), ":")
	site := remotePages(t)
	c := newCounter(t, map[string][2]string{"sida": {"web", site.URL + "/"}})
	c.App.cfg.Capture.Chrome = "/nowhere/chromium"
	c.App.cfg.Capture.Remote = []string{address}
	c.App.pool = capture.NewPool(capture.PoolOptions{Addresses: []string{address}, Unfit: c.unfitRemote, Aside: 100 * time.Millisecond})
	o, err := c.Observe(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	if n := value(scrape(t, o.Metrics()), "arsring_remote_browser_captures_total", "address", address); n != 0 {
		t.Errorf("captures before the first: %v", n)
	}
	c.open(c.worker.work)
	if j := c.ended(c.place(web.Order{Account: "sida", Trigger: capture.TriggerManual, Reason: "Prov"})); j.State != string(job.Delivered) || j.Outcome != capture.Complete {
		t.Errorf("delivered: %+v", j)
	}
	families := scrape(t, o.Metrics())
	if up, n, busy := value(families, "arsring_remote_browser_up", "address", address), value(families, "arsring_remote_browser_captures_total", "address", address),
		value(families, "arsring_remote_browser_busy", "address", address); up != 1 || n != 1 || busy != 0 {
		t.Errorf("up %v, captures %v, busy %v", up, n, busy)
	}
	if lines := examine(t, c.App, func(d *doctor) { d.remote(t.Context()) }); len(lines) != 1 || lines[0].State != HealthOK || !strings.Contains(lines[0].Text.SV, "når den här maskinens proxy") {
		t.Errorf("doctor: %+v", lines)
	}
	kill()
	id := c.place(web.Order{Account: "sida", Trigger: capture.TriggerManual, Reason: "Ett prov till"})
	waited := waitFor(t, c, "no-remote-browser")
	if waited.Tried != 0 || !strings.Contains(waited.Text.SV, "Ingen av de fjärrstyrda webbläsarna går att använda") || !strings.Contains(waited.Text.SV, address) {
		t.Errorf("while it is gone: %+v", waited)
	}
	if up := value(scrape(t, o.Metrics()), "arsring_remote_browser_up", "address", address); up != 0 {
		t.Errorf("gone, but up %v", up)
	}
	if lines := examine(t, c.App, func(d *doctor) { d.remote(t.Context()) }); len(lines) != 1 || lines[0].State != HealthError || !strings.Contains(lines[0].Do.SV, "--host-resolver-rules") {
		t.Errorf("doctor: %+v", lines)
	}
	validators.Chrome(t, append(flags, "--remote-debugging-port="+port)...)
	if j := c.ended(id); j.State != string(job.Delivered) || j.Outcome != capture.Complete {
		t.Errorf("after it is back: %+v", j)
	}
}

// waitFor waits until a job of the queue says a code.
func waitFor(t *testing.T, c *counter, code string) job.Job {
	t.Helper()
	for range 600 {
		jobs, err := c.queue.Jobs(t.Context(), job.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			if j.Code == code {
				return j
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("no job says %s", code)
	return job.Job{}
}

// TestPagesCannotReachDebuggers: whoever reaches a browser's remote debugging controls it, so no page may, on whatever network captures are allowed.
func TestPagesCannotReachDebuggers(t *testing.T) {
	a, err := testApp(testDir(t))
	if err != nil {
		t.Fatal(err)
	}
	a.cfg.Capture.Remote = []string{"ws://localhost:9222", "https://127.0.0.1/x?token=hemligt"}
	got := strings.Join(a.debuggers(t.Context()), " ")
	for _, want := range []string{"localhost:9222", "127.0.0.1:9222", "127.0.0.1:443"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not refused: %s", want, got)
		}
	}
	site := remotePages(t)
	u, _ := url.Parse(site.URL)
	a.cfg.Capture.Remote = []string{site.URL}
	proxy, way, err := a.startRemoteEgress(t.Context(), addressAccount(site.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	if status := byProxy(t, way, site.URL+"/json/version"); status != 403 {
		t.Errorf("a page reached the debugger: %d", status)
	}
	if f, ok := proxy.Failure(u.Host); !ok || f.Code != egress.Denied {
		t.Errorf("%+v %v", f, ok)
	}
	way.Password = "fel"
	if status := byProxy(t, way, site.URL); status != 407 {
		t.Errorf("without the password: %d", status)
	}
}

func remotePages(t *testing.T) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html><html lang=sv><link rel=icon href='data:,'><title>Sida</title><h1>Kommunens sida</h1><p>Text.</p>")
	}))
	t.Cleanup(srv.Close)
	return srv
}

// byProxy asks for an address as a remote browser would, and gives the status.
func byProxy(t *testing.T, way capture.ProxyWay, address string) int {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: way.Server, User: url.UserPassword(way.User, way.Password)})}}
	resp, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}
