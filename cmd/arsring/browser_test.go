package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image/png"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"arsring/internal/capture"
	"arsring/internal/sip"
	"arsring/internal/validators"
)

// browser is a bare Chrome of the tests' own, driven by nothing of ours: records are held against what it shows.
type browser struct {
	ctx context.Context
	s   cdp.Session
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(validators.Chromium(t)), chromedp.NoSandbox, chromedp.UserDataDir(tempDir(t)),
		chromedp.WindowSize(capture.ViewportWidth, capture.SheetHeight), chromedp.Flag("disable-gpu", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("lang", "sv-SE"), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	actx, acancel := chromedp.NewExecAllocator(t.Context(), opts...)
	ctx, cancel := chromedp.NewContext(actx)
	t.Cleanup(func() { cancel(); acancel() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	b := &browser{ctx: ctx, s: chromedp.FromContext(ctx).Target}
	if _, err := cdp.Call(ctx, b.s, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: capture.ViewportWidth, Height: capture.SheetHeight, DeviceScaleFactor: 1}); err != nil {
		t.Fatal(err)
	}
	return b
}

// open shows a page and waits for its pictures and fonts.
func (b *browser) open(t *testing.T, url string) {
	t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate(url)); err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	ask[bool](t, b, `document.fonts.ready.then(() => Promise.all([...document.images].map(i => i.decode().catch(() => 0)))).then(() => true)`)
}

func ask[T any](t *testing.T, b *browser, script string) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// shot is the browser's own picture of a rectangle of the page.
func (b *browser) shot(t *testing.T, r capture.Rect) raster {
	t.Helper()
	res, err := cdp.Call(b.ctx, b.s, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatPng, CaptureBeyondViewport: new(true), Clip: &page.Viewport{X: r.X, Y: r.Y, Width: r.W, Height: r.H, Scale: 1}})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(res.Data))
	if err != nil {
		t.Fatal(err)
	}
	return rasterOf(img)
}

// answer is what the program printed as JSON.
type answer struct {
	ID, Outcome, Code, Sentence string
	Package, Record, PDFA       string
	Pages                       int
	Seconds                     float64
}

// snapshotURL runs `arsring snapshot --url` and wants it to keep the page whole.
func snapshotURL(t *testing.T, url string, more ...string) (answer, sip.Manifest) {
	t.Helper()
	args := append([]string{"snapshot", "--url", url, "--out", tempDir(t), "--json"}, more...)
	code, stdout, stderr := arsring(t, args...)
	if code != exitKept {
		t.Fatalf("arsring %q: exit code %d\n%s%s", args, code, stdout, stderr)
	}
	var a answer
	if err := json.Unmarshal(stdout, &a); err != nil {
		t.Fatalf("%v: %s", err, stdout)
	}
	f, err := os.Open(a.Package + "/metadata/descriptive/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := sip.ReadManifest(f)
	if err != nil {
		t.Fatal(err)
	}
	return a, m
}

// arsring runs the program with loopback allowed.
func arsring(t testing.TB, args ...string) (code int, stdout, stderr []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	var out, bad bytes.Buffer
	cmd := exec.CommandContext(ctx, "arsring", args...)
	cmd.Env = append(os.Environ(), "ARSRING_CAPTURE_ALLOW_PRIVATE=127.0.0.1", "ARSRING_DATA_DIR="+tempDir(t))
	cmd.Stdout, cmd.Stderr = &out, &bad
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.Bytes(), bad.Bytes()
}
