package capture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// errWorldGone says that the page navigated away under our feet, so that the script world has to be made again.
var errWorldGone = errors.New("the page was replaced while it was being read")

// tab is the page under capture: the session, our isolated script world in it, and what the browser told about it.
type tab struct {
	b     *Browser
	ctx   context.Context // chromedp context of the tab
	s     cdp.Session
	frame cdp.FrameID
	world runtime.ExecutionContextID
	net   *netwatch
	// beyond is what posts of a list hint at and do not show, by ID.
	beyond map[string]*beyond
	// consentSince is when the page was first looked at for a consent dialog.
	consentSince time.Time

	attached map[target.ID]cdp.Session // frames in processes of their own
	detach   []func()

	mu            sync.Mutex
	interventions []Intervention
	crashed       bool
	silenced      int       // how often this page kept us waiting for too long
	silencedAt    time.Time // the last time, on any page of the visit
	giveUp        context.CancelCauseFunc
	guardDone     chan struct{}
	commands      chan func()
}

// openTab prepares the browser's tab for a capture: emulation, guards against dialogs and downloads, network watch.
func (b *Browser) openTab(ctx context.Context) (*tab, error) {
	t := &tab{b: b, ctx: b.ctx, s: chromedp.FromContext(b.ctx).Target, net: newNetwatch(b.o.Now),
		guardDone: make(chan struct{}), commands: make(chan func(), 256)}
	tree, err := cdp.Call(ctx, t.s, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	t.frame = tree.FrameTree.Frame.ID
	if err := chromedp.Listen(t.ctx, t.onEvent); err != nil {
		return nil, err
	}
	go t.guard()
	return t, t.prepare(ctx)
}

// introduce adds our name and where we can be reached to the browser's own name, where that is wanted. Frames of other origins and workers go on
// under the browser's name alone.
func (t *tab) introduce(ctx context.Context) error {
	if t.b.o.Contact == "" {
		return nil
	}
	v, err := chromedp.CallBrowser(t.ctx, browser.GetVersion, cdp.Empty{})
	if err != nil {
		return err
	}
	return void(cdp.Call(ctx, t.s, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: v.UserAgent + " Arsring (+" + t.b.o.Contact + ")"}))
}

func (t *tab) prepare(ctx context.Context) error {
	for _, step := range []func() error{
		// chromedp follows every change of the document; feeds change all the time, and nothing here needs it.
		func() error { return void(cdp.Call(ctx, t.s, css.Disable, cdp.Empty{})) },
		func() error { return void(cdp.Call(ctx, t.s, dom.Disable, cdp.Empty{})) },
		func() error { return t.viewport(ctx, SheetHeight) },
		// Some pages say nothing while nobody looks at their window.
		func() error {
			return void(cdp.Call(ctx, t.s, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}))
		},
		func() error {
			return void(cdp.Call(ctx, t.s, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: t.b.o.Timezone}))
		},
		func() error { return t.introduce(ctx) },
		func() error {
			return void(cdp.Call(ctx, t.s, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: strings.ReplaceAll(t.b.o.Locale, "-", "_")}))
		},
		func() error {
			return void(cdp.Call(ctx, t.s, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "screen", Features: []*emulation.MediaFeature{
				{Name: "prefers-reduced-motion", Value: "reduce"}, {Name: "prefers-color-scheme", Value: "light"}}}))
		},
		func() error {
			return void(cdp.Call(ctx, t.s, network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: true}))
		},
		func() error {
			return void(cdp.Call(ctx, t.s, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": acceptLanguage(t.b.o.Locale)}}))
		},
		func() error {
			return void(cdp.Call(ctx, t.s, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true}))
		},
		func() error {
			return void(chromedp.CallBrowser(t.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
				Behavior: browser.SetDownloadBehaviorBehaviorDeny, EventsEnabled: new(true), BrowserContextID: t.b.own()}))
		},
		func() error { return t.watchBrowser() },
		func() error { return t.watchPrivate(ctx) },
	} {
		if err := step(); err != nil {
			return fmt.Errorf("Chrome refused a setting: %w", err)
		}
	}
	return nil
}

// acceptLanguage asks for the locale's language first and takes English when there is none.
func acceptLanguage(locale string) string {
	base, _, _ := strings.Cut(locale, "-")
	return locale + "," + base + ";q=0.9,en;q=0.5"
}

// viewport tells Chrome how large the window is, in CSS px, at scale 1.
func (t *tab) viewport(ctx context.Context, height int64) error {
	defer t.patience()()
	return void(cdp.Call(ctx, t.s, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: ViewportWidth, Height: height, DeviceScaleFactor: 1, Mobile: false}))
}

func void[T any](_ T, err error) error { return err }

// note records an intervention; the same act on the same thing is counted, not repeated, and the list is bounded.
func (t *tab) note(act, what string) {
	const most = 500
	what = clip(strings.Join(strings.Fields(what), " "), 200)
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.interventions {
		if iv := &t.interventions[i]; iv.Act == act && iv.What == what {
			iv.N = max(iv.N, 1) + 1
			return
		}
	}
	if len(t.interventions) < most {
		t.interventions = append(t.interventions, Intervention{Act: act, What: what, At: t.b.o.Now()})
	}
}

// clip cuts s to at most n runes.
func clip(s string, n int) string {
	if most := 4 * (n + 1); len(s) > most {
		s = s[:most] // more than n characters in any case; a page may give a hundred megabytes
	}
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// eval calls a function of our library in the isolated world with arguments given as JSON and decodes its (awaited) result.
func eval[T any](ctx context.Context, t *tab, fn string, args ...any) (T, error) {
	var zero T
	expr, err := callExpr(fn, args)
	if err != nil {
		return zero, err
	}
	for try := 0; ; try++ {
		raw, err := t.call(ctx, expr)
		if errors.Is(err, errWorldGone) && try < 5 {
			// The new document may be on its way, so that its world is gone again at once.
			if err := pause(ctx, time.Duration(try)*50*time.Millisecond); err != nil {
				return zero, err
			}
			t.world = 0
			continue
		}
		if err != nil {
			return zero, fmt.Errorf("%s: %w", fn, err)
		}
		var v T
		if len(raw) > 0 {
			if err := json.Unmarshal(raw, &v); err != nil {
				return zero, fmt.Errorf("%s gave something unexpected: %w", fn, err)
			}
		}
		return v, nil
	}
}

// call evaluates in our world, which is made first where there is none.
func (t *tab) call(ctx context.Context, expr string) ([]byte, error) {
	if t.world == 0 {
		answered := t.patience()
		err := t.makeWorld(ctx)
		if answered(); err != nil {
			return nil, err
		}
	}
	return t.evaluate(ctx, expr)
}

func callExpr(fn string, args []any) (string, error) {
	parts := make([]string, len(args))
	for i, a := range args {
		j, err := json.Marshal(a)
		if err != nil {
			return "", err
		}
		parts[i] = string(j)
	}
	return "arsring.free(),arsring." + fn + "(" + strings.Join(parts, ",") + ")", nil
}

func (t *tab) evaluate(ctx context.Context, expr string) ([]byte, error) {
	defer t.patience()()
	res, err := cdp.Call(ctx, t.s, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expr, ContextID: t.world, ReturnByValue: new(true), AwaitPromise: new(true)})
	if err != nil {
		return nil, t.gone(ctx, err)
	}
	if d := res.ExceptionDetails; d != nil {
		text := d.Text
		if d.Exception != nil && d.Exception.Description != "" {
			text = d.Exception.Description
		}
		return nil, &scriptError{clip(text, 300)}
	}
	if res.Result == nil {
		return nil, nil
	}
	return []byte(res.Result.Value), nil
}

// scriptError is what our own script says of a page that is not as any page should be.
type scriptError struct{ text string }

func (e *scriptError) Error() string { return "script: " + e.text }

// gone tells a world that went away with its document from other trouble.
func (t *tab) gone(ctx context.Context, err error) error {
	// The protocol has no code of its own for a context that is gone: -32000 and -32602 cover it.
	var pe *cdproto.Error
	if errors.As(err, &pe) && ctx.Err() == nil && !t.isCrashed() {
		return fmt.Errorf("%w (%w)", errWorldGone, err)
	}
	return err
}

// makeWorld gives the page's main frame a script world of ours: it shares the document with the page and nothing else.
func (t *tab) makeWorld(ctx context.Context) error {
	res, err := cdp.Call(ctx, t.s, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: t.frame, WorldName: "arsring"})
	if err != nil {
		return t.gone(ctx, err)
	}
	t.world = res.ExecutionContextID
	if _, err = t.evaluate(ctx, library); err != nil {
		return err
	}
	if t.b.o.Hints != nil {
		if _, err = eval[bool](ctx, t, "setHints", hintsOf(t.b.o.Hints)); err != nil {
			return err
		}
	}
	return t.keepPrivate(ctx)
}

// painted waits until what the document says now has been drawn, and sees into what is new in it. Where scripts were ended no clock runs in the page,
// ours neither.
func (t *tab) painted(ctx context.Context) error {
	if t.silent() {
		return nil
	}
	if _, err := eval[any](ctx, t, "painted"); err != nil {
		return err
	}
	return t.enter(ctx)
}

func (t *tab) isCrashed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.crashed
}

// close stops the tab's guard. The browser itself lives on, for the print.
func (t *tab) close() {
	close(t.guardDone)
	for _, d := range t.detach {
		d()
	}
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
