package web

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	shots "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"arsring/internal/validators"
)

// One real browser is shared by all tests; each has tabs and cookies of its own.
var (
	chromeOnce sync.Once
	chromeCtx  context.Context
	chromeErr  error
	chromeEnd  = func() {}
)

func TestMain(m *testing.M) {
	code := m.Run()
	chromeEnd()
	os.Exit(code)
}

func startChrome(t *testing.T) {
	t.Helper()
	path := validators.Chromium(t)
	chromeOnce.Do(func() {
		dir, err := os.MkdirTemp("", "arsring-web-")
		if err != nil {
			chromeErr = err
			return
		}
		opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(dir), chromedp.WindowSize(1280, 900),
			chromedp.Flag("disable-gpu", true), chromedp.Flag("lang", "sv-SE"), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
		actx, acancel := chromedp.NewExecAllocator(context.Background(), opts...)
		ctx, cancel := chromedp.NewContext(actx)
		chromeErr = chromedp.Do(ctx)
		chromeCtx = ctx //nolint:fatcontext // the browser outlives the test that started it
		chromeEnd = func() { cancel(); acancel(); _ = os.RemoveAll(dir) }
	})
	if chromeErr != nil {
		t.Fatal(chromeErr)
	}
}

// tab is a tab of the browser in a window of its own, signed in or not.
type tab struct {
	*site
	t   *testing.T
	ctx context.Context
	s   cdp.Session
}

func (s *site) tab(t *testing.T, login string) *tab {
	t.Helper()
	startChrome(t)
	ctx, cancel := chromedp.NewContext(chromeCtx, chromedp.WithNewBrowserContext())
	ctx, stop := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(func() { stop(); cancel() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	b := &tab{s, t, ctx, chromedp.FromContext(ctx).Target}
	if login != "" {
		b.open("/logga-in")
		b.fill("#f-login", login)
		b.fill("#f-password", password)
		b.click("main form button")
		b.wait(`location.pathname === "/"`)
	}
	return b
}

// width sets the window's width in CSS pixels at a zoom: 2 is 200 %.
func (b *tab) width(css int, zoom float64) {
	b.t.Helper()
	p := emulation.SetDeviceMetricsOverrideParams{Width: int64(css), Height: 900, DeviceScaleFactor: zoom}
	if _, err := cdp.Call(b.ctx, b.s, emulation.SetDeviceMetricsOverride, p); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) open(path string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate(b.srv.URL+path)); err != nil {
		b.t.Fatalf("%s: %v", path, err)
	}
}

func eval[T any](b *tab, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", clip(200, script), err)
	}
	return v
}

// wait waits until an expression holds; the tab's own limit ends it.
func (b *tab) wait(condition string) {
	b.t.Helper()
	for {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("document.readyState === 'complete' && !!("+condition+")"))
		if err == nil && ok {
			return
		}
		select {
		case <-b.ctx.Done():
			b.t.Fatalf("never came true: %s\n%s", condition, clip(3000, b.text()))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (b *tab) text() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), 5*time.Second)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href + '\\n' + document.body.innerText"))
	if err != nil {
		return err.Error()
	}
	return s
}

func (b *tab) fill(selector, value string) {
	b.t.Helper()
	eval[bool](b, `(() => { const e = document.querySelector(`+quoteJS(selector)+`); e.value = `+quoteJS(value)+`; e.dispatchEvent(new Event("change", {bubbles: true})); return true })()`)
}

func (b *tab) click(selector string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		b.t.Fatalf("%s: %v\n%s", selector, err, clip(2000, b.text()))
	}
}

// says fails unless the page says all of it.
func (b *tab) says(want ...string) {
	b.t.Helper()
	got := b.text()
	for _, w := range want {
		if !strings.Contains(got, w) {
			b.t.Errorf("the page does not say %q:\n%s", w, clip(3000, got))
		}
	}
}

func quoteJS(s string) string {
	r := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\u2028", `\u2028`, "\u2029", `\u2029`, "</", `<\/`)
	return `"` + r.Replace(s) + `"`
}

// shot keeps a picture of the whole page where ARSRING_SHOTS names a folder, for people to look at.
func (b *tab) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("ARSRING_SHOTS")
	if dir == "" {
		return
	}
	h := eval[float64](b, "Math.ceil(document.documentElement.scrollHeight)")
	w := eval[float64](b, "document.documentElement.clientWidth")
	res, err := cdp.Call(b.ctx, b.s, shots.CaptureScreenshot, shots.CaptureScreenshotParams{Format: shots.CaptureScreenshotFormatPng, CaptureBeyondViewport: new(true), Clip: &shots.Viewport{Width: w, Height: min(h, 4000), Scale: 1}})
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), res.Data, 0o600); err != nil {
		b.t.Fatal(err)
	}
}
