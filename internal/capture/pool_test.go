package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"

	"arsring/internal/egress"
	"arsring/internal/register"
	"arsring/internal/validators"
)

// leftIn counts what is open in a remote browser besides its own first tab.
func leftIn(t *testing.T, address string) (contexts, tabs int) {
	t.Helper()
	ws, err := debugger(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	actx, cancel := remote.NewAllocator(t.Context(), ws, remote.NoModifyURL)
	defer cancel()
	ctx, cancel := chromedp.NewContext(actx)
	defer cancel()
	got, err := chromedp.CallBrowser(ctx, target.GetBrowserContexts, cdp.Empty{})
	if err != nil {
		t.Fatal(err)
	}
	open, err := chromedp.CallBrowser(ctx, target.GetTargets, target.GetTargetsParams{})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range open.TargetInfos {
		if i.Type == "page" {
			tabs++
		}
	}
	return len(got.BrowserContextIDs), tabs - 1
}

func nothingLeft(t *testing.T, address string) {
	t.Helper()
	var contexts, tabs int
	for range 100 {
		if contexts, tabs = leftIn(t, address); contexts == 0 && tabs == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("left in the browser at %s: %d contexts, %d tabs", address, contexts, tabs)
}

// remoteWay is a proxy with a password, and how a remote browser reaches it.
func remoteWay(t *testing.T) (*egress.Proxy, Options, ProxyWay) {
	t.Helper()
	proxy, err := egress.Start(t.Context(), egress.Options{Allow: []string{"127.0.0.1"}, User: "fangst", Password: "hemligt lösen"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = proxy.Close() })
	return proxy, Options{Egress: testEgress{proxy}}, ProxyWay{Server: proxy.Addr(), User: "fangst", Password: "hemligt lösen", Greeting: egress.Greeting, Greeted: proxy.Greeted}
}

func unfit(line string) string { return strings.Join(egress.MissingFlags(line), " ") }

// remoteSite answers with a page that sets a cookie, opens a window and says which cookies came; what it says never changes by itself.
func remoteSite(t *testing.T) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, err := r.Cookie("minne")
		http.SetCookie(w, &http.Cookie{Name: "minne", Value: "1", MaxAge: 3600})
		if r.URL.Path == "/stuck" {
			_, _ = io.WriteString(w, "<!doctype html><link rel=icon href='data:,'><title>Fast</title><h1>Fast</h1><script>setTimeout(() => {for(;;);}, 300)</script>")
			return
		}
		fmt.Fprintf(w, "<!doctype html><html lang=sv><link rel=icon href='data:,'><title>Sida</title><h1>Kommunens sida</h1><p>Sedd förut: %v. Sida %s.</p>"+
			"<script>localStorage.n = (+localStorage.n||0) + 1; document.write('<p>Besök ' + localStorage.n); window.open('/popup%s')</script>", err == nil, r.URL.Path, r.URL.Path)
	}))
	t.Cleanup(srv.Close)
	return srv
}

func remoteJob(url string) Job {
	return Job{SnapshotID: "konto-20261015T073000Z-manual-aaaa", Trigger: TriggerManual, URL: url, Image: "jpeg", Lang: "sv", Account: register.Account{ID: "konto", Tenant: "default", URL: url}}
}

// TestPool captures in two browsers that others started: each capture in a context of its own and through a proxy of its own, nothing of one in the other,
// and nothing left afterwards.
func TestPool(t *testing.T) {
	flags := egress.RemoteFlags([]string{"127.0.0.1"})
	one, _ := validators.Chrome(t, flags...)
	two, killTwo := validators.Chrome(t, flags...)
	site := remoteSite(t)
	pool := NewPool(PoolOptions{Addresses: []string{one, two}, Each: 1, Unfit: unfit, Aside: time.Hour})

	take := func(path string) (*Capture, string, error) {
		proxy, o, way := remoteWay(t)
		b, err := pool.Launch(t.Context(), o, way)
		if err != nil {
			return nil, "", err
		}
		c, err := b.Capture(t.Context(), remoteJob(site.URL+path), t.TempDir())
		if err != nil {
			return nil, "", err
		}
		pdf := t.TempDir() + "/raw.pdf"
		if err := b.Print(t.Context(), []byte("<!doctype html><title>Arkivexemplar</title><p>Text."), pdf); err != nil {
			return nil, "", err
		}
		data, err := os.ReadFile(pdf)
		if err != nil || !strings.HasPrefix(string(data), "%PDF") {
			t.Errorf("printed %.20q %v", data, err)
		}
		if s := proxy.Stats(); s.BytesIn == 0 {
			t.Errorf("nothing came through the proxy: %+v", s)
		}
		return c, b.Version(), b.Close()
	}
	type answer struct {
		c   *Capture
		v   string
		err error
	}
	answers := make(chan answer)
	for _, path := range []string{"/a", "/b", "/c"} { // two at a time, the third waits
		go func() {
			c, v, err := take(path)
			answers <- answer{c, v, err}
		}()
	}
	for range 3 {
		a := <-answers
		if a.err != nil {
			t.Fatal(a.err)
		}
		text := fmt.Sprint(a.c.Pages)
		path := a.c.Job.URL[strings.LastIndex(a.c.Job.URL, "/"):]
		if a.c.Outcome != Complete || len(a.c.Tiles) == 0 || !strings.Contains(text, "Sedd förut: false. Sida "+path+".") || !strings.Contains(text, "Besök 1") || a.v == "" {
			t.Errorf("%s: %s %s %v %q: %s", path, a.c.Outcome, a.c.Code, a.c.Missing, a.v, text)
		}
		for _, i := range a.c.Interventions {
			if i.Act == "popup-closed" && !strings.Contains(i.What, "/popup"+path) {
				t.Errorf("%s: the window of another capture was closed: %+v", path, i)
			}
		}
	}
	nothingLeft(t, one)
	nothingLeft(t, two)
	for _, s := range pool.States() {
		if s.Err != nil || s.Busy != 0 || s.Taken == 0 || s.Version == "" {
			t.Errorf("%+v", s)
		}
	}
	t.Run("gone", func(t *testing.T) { remoteGone(t, pool, one, site.URL, killTwo) })
}

// remoteGone takes browsers away: one while it is idle, one under a capture.
func remoteGone(t *testing.T, pool *Pool, one, site string, killTwo func()) {
	// A page that occupies its process is left as it is, and the browser is free of it afterwards.
	_, o, way := remoteWay(t)
	o.Patience = 2 * time.Second
	b, err := pool.Launch(t.Context(), o, way)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	_, err = b.Capture(ctx, remoteJob(site+"/stuck"), t.TempDir())
	cancel()
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a capture out of time: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	killTwo()
	// The dead one is found out, put aside with its reason, and the other one serves.
	for range 2 {
		_, o, way = remoteWay(t)
		if b, err = pool.Launch(t.Context(), o, way); err != nil {
			t.Fatal(err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
	nothingLeft(t, one)
	// The browser reaches no proxy.
	_, o, way = remoteWay(t)
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = nobody.Close()
	way.Server = nobody.Addr().String()
	_, err = pool.Launch(t.Context(), o, way)
	var none *NoRemoteError
	if !errors.As(err, &none) || !strings.Contains(err.Error(), "does not reach this machine's proxy at "+way.Server) || !strings.Contains(err.Error(), "connection refused") || none.Next.IsZero() {
		t.Errorf("all dead: %v", err)
	}
	nothingLeft(t, one)
	for _, s := range pool.States() {
		if s.Err == nil || s.Busy != 0 || s.Next.IsZero() {
			t.Errorf("%+v", s)
		}
	}
}

// TestPoolAgain uses a browser again that was gone, and refuses one that was started so that pages could get out past the proxy.
func TestPoolAgain(t *testing.T) {
	now := time.Now()
	address, kill := validators.Chrome(t, egress.RemoteFlags([]string{"127.0.0.1"})...)
	pool := NewPool(PoolOptions{Addresses: []string{address}, Unfit: unfit, Now: func() time.Time { return now }})
	site := remoteSite(t)
	_, o, way := remoteWay(t)
	b, err := pool.Launch(t.Context(), o, way)
	if err != nil {
		t.Fatal(err)
	}
	kill()
	_, err = b.Capture(t.Context(), remoteJob(site.URL+"/a"), t.TempDir())
	var gone *RemoteError
	if !errors.As(err, &gone) || !gone.During || !strings.Contains(err.Error(), "went away during the capture") {
		t.Errorf("killed under a capture: %v", err)
	}
	_ = b.Close()
	if _, err = pool.Launch(t.Context(), o, way); !errors.As(err, new(*NoRemoteError)) {
		t.Errorf("put aside: %v", err)
	}
	// Another one takes its port.
	port := address[strings.LastIndex(address, ":")+1:]
	validators.Chrome(t, append(egress.RemoteFlags([]string{"127.0.0.1"}), "--remote-debugging-port="+port)...)
	now = now.Add(16 * time.Second)
	_, o, way = remoteWay(t)
	if b, err = pool.Launch(t.Context(), o, way); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	open, _ := validators.Chrome(t)
	pool = NewPool(PoolOptions{Addresses: []string{open}, Unfit: unfit})
	if _, err = pool.Launch(t.Context(), o, way); err == nil || !strings.Contains(err.Error(), "--host-resolver-rules") {
		t.Errorf("a browser without switches: %v", err)
	}
	nothingLeft(t, open)
}

// TestPoolShared: two daemons that share a browser keep to its room together, because each asks the browser itself.
func TestPoolShared(t *testing.T) {
	address, _ := validators.Chrome(t, egress.RemoteFlags([]string{"127.0.0.1"})...)
	first, second := NewPool(PoolOptions{Addresses: []string{address}, Each: 1}), NewPool(PoolOptions{Addresses: []string{address}, Each: 1})
	_, o, way := remoteWay(t)
	b, err := first.Launch(t.Context(), o, way)
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	_, o, way = remoteWay(t)
	_, err = second.Launch(short, o, way)
	cancel()
	if s := second.States()[0]; !errors.Is(err, context.DeadlineExceeded) || s.Err != nil || s.Busy != 0 {
		t.Errorf("beside another daemon's capture: %v, %+v", err, s)
	}
	if contexts, _ := leftIn(t, address); contexts != 1 {
		t.Errorf("%d contexts", contexts)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if b, err = second.Launch(t.Context(), o, way); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	nothingLeft(t, address)
}
