package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Limits on a PDF that is looked at in the browser's viewer.
const (
	viewLoad      = 30 * time.Second // until it is open
	viewPage      = 5 * time.Second  // until a page has come to rest
	viewText      = 20 * time.Second
	viewTextBytes = 8 << 20
	viewTick      = 60 * time.Millisecond
)

// pdfViewer is where the browser's own viewer lives.
const pdfViewer = "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/"

// PDFView is a PDF as the browser's own viewer shows it.
type PDFView struct {
	Pages int    // how many pages it has
	Tiles []Tile // a picture of each page that was looked at
	Text  string // all text that the viewer finds, a line each; empty when the file has none or keeps it to itself
}

// The reasons why the browser's viewer shows nothing of a PDF.
const (
	ViewPassword = "password"  // it asks for one
	ViewBroken   = "broken"    // the viewer cannot open it
	ViewSlow     = "slow"      // it was not open in time
	ViewShape    = "shape"     // one of its pages is too narrow to be seen
	ViewNone     = "no-viewer" // the browser has no viewer, or one of another make
)

// ViewError says why the browser's viewer shows nothing of a PDF.
type ViewError struct {
	Code  string
	Cause error // may be nil
}

// Error names the reason.
func (e *ViewError) Error() string {
	var s string
	switch e.Code {
	case ViewPassword:
		s = "the PDF asks for a password"
	case ViewBroken:
		s = "the browser cannot open the PDF either"
	case ViewSlow:
		s = "the PDF did not open in time"
	default:
		s = "this browser has no PDF viewer that can be looked at"
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *ViewError) Unwrap() error { return e.Cause }

// ViewPDF shows a PDF in the browser's own viewer and photographs its pages, at most so many, into dir/tiles, numbered after the given
// number. It is for files that can be made into a PDF/A in no other way. What the viewer cannot show is a *ViewError.
func (b *Browser) ViewPDF(ctx context.Context, file, dir string, after, most int) (*PDFView, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*viewLoad+time.Duration(most)*viewPage)
	defer cancel()
	v, err := b.openPDF(ctx, file)
	if err != nil {
		return nil, err
	}
	defer v.close()
	if err := v.ready(ctx); err != nil {
		return nil, err
	}
	out := &PDFView{}
	if out.Pages, err = inView[int](ctx, v, `viewer.viewport.documentDimensions_.pageDimensions.length`); err != nil {
		return nil, &ViewError{Code: ViewNone, Cause: err}
	} else if out.Pages < 1 {
		return nil, &ViewError{Code: ViewBroken}
	}
	var last []byte
	for i := range min(out.Pages, most) {
		tile, err := v.shoot(ctx, i, after, dir, &last)
		if err != nil {
			return nil, err
		}
		out.Tiles = append(out.Tiles, tile)
	}
	out.Text = v.text(ctx)
	return out, nil
}

// pdfTab is a tab with an open PDF.
type pdfTab struct {
	b      *Browser
	tab    context.Context // the tab
	view   context.Context // the viewer's own frame in it
	copy   string
	cancel []func()
}

func (v *pdfTab) close() {
	for i := len(v.cancel) - 1; i >= 0; i-- {
		v.cancel[i]()
	}
	_ = os.Remove(v.copy)
}

// openPDF copies the file to where the browser's user can read it, opens it in a tab, and finds the viewer.
func (b *Browser) openPDF(ctx context.Context, file string) (_ *pdfTab, err error) {
	v := &pdfTab{b: b, copy: filepath.Join(b.profile, "view.pdf")}
	defer func() {
		if err != nil {
			v.close()
		}
	}()
	if err := copyReadable(file, v.copy); err != nil {
		return nil, err
	}
	tab, cancel := chromedp.NewContext(b.ctx)
	v.tab, v.cancel = tab, append(v.cancel, cancel)
	stop := context.AfterFunc(ctx, cancel)
	v.cancel = append(v.cancel, func() { stop() })
	if err := chromedp.Do(tab); err != nil {
		return nil, fmt.Errorf("view a PDF: %w", err)
	}
	s := chromedp.FromContext(tab).Target
	if _, err := cdp.Call(tab, s, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: ViewportWidth, Height: SheetHeight, DeviceScaleFactor: 1}); err != nil {
		return nil, fmt.Errorf("view a PDF: %w", err)
	}
	if err := chromedp.Do(tab, chromedp.Navigate("file://"+v.copy+"#toolbar=0&navpanes=0&view=Fit")); err != nil {
		return nil, fmt.Errorf("view a PDF: %w", err)
	}
	return v, v.attach(ctx)
}

func copyReadable(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	// The browser may run as another user; the folder is its own.
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Chmod(0o644), out.Close())
}

// attach finds the viewer's frame.
func (v *pdfTab) attach(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, viewLoad)
	defer cancel()
	for {
		res, err := chromedp.CallBrowser(v.tab, target.GetTargets, target.GetTargetsParams{Filter: target.Filter{{}}})
		if err != nil {
			return fmt.Errorf("view a PDF: %w", err)
		}
		for _, i := range res.TargetInfos {
			if i.Type != "iframe" || !strings.HasPrefix(i.URL, pdfViewer) {
				continue
			}
			return v.enter(i.TargetID)
		}
		if err := pause(limit, viewTick); err != nil {
			return v.late(ctx, ViewNone)
		}
	}
}

// enter makes the viewer's frame the one that scripts run in.
func (v *pdfTab) enter(frame target.ID) error {
	view, cancel := chromedp.NewContext(v.tab, chromedp.WithTargetID(frame))
	v.view, v.cancel = view, append(v.cancel, cancel)
	if err := chromedp.Do(view); err != nil {
		return &ViewError{Code: ViewNone, Cause: err}
	}
	return nil
}

// late tells the viewer's slowness from the caller's own end.
func (v *pdfTab) late(ctx context.Context, code string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &ViewError{Code: code}
}

// inView runs a script in the viewer's frame.
func inView[T any](ctx context.Context, v *pdfTab, script string) (T, error) {
	var none T
	if ctx.Err() != nil {
		return none, ctx.Err()
	}
	return chromedp.Run(v.view, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// stateScript tells how far the viewer has come.
const stateScript = `(() => {
	const v = window.viewer;
	if (!v || !v.shadowRoot) return 'loading';
	if (v.shadowRoot.querySelector('viewer-password-dialog')) return 'password';
	return String(v.loadState_);
})()`

// ready waits until the file is open.
func (v *pdfTab) ready(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, viewLoad)
	defer cancel()
	for {
		state, err := inView[string](ctx, v, stateScript)
		switch {
		case err != nil && ctx.Err() == nil:
			return &ViewError{Code: ViewNone, Cause: err}
		case state == "success":
			return nil
		case state == "failed":
			return &ViewError{Code: ViewBroken}
		case state == "password":
			return &ViewError{Code: ViewPassword}
		}
		if pause(limit, viewTick) != nil {
			return v.late(ctx, ViewSlow)
		}
	}
}

// goScript shows one page whole and tells where it is, once the frame has been drawn.
const goScript = `(async i => {
	const p = viewer.viewport;
	p.goToPage(i);
	for (let n = 0; n < 3; n++) await new Promise(r => requestAnimationFrame(r));
	const r = p.getPageScreenRect(i);
	return {x: r.x, y: r.y, w: r.width, h: r.height};
})(%d)`

// shoot photographs one page, counted from 0, once two pictures of it are the same.
func (v *pdfTab) shoot(ctx context.Context, i, after int, dir string, last *[]byte) (Tile, error) {
	r, err := inView[Rect](ctx, v, fmt.Sprintf(goScript, i))
	if err != nil {
		return Tile{}, &ViewError{Code: ViewNone, Cause: err}
	}
	clip := Rect{X: math.Ceil(max(0, r.X)), Y: math.Ceil(max(0, r.Y))}
	clip.W, clip.H = math.Floor(min(ViewportWidth, r.X+r.W))-clip.X, math.Floor(min(SheetHeight, r.Y+r.H))-clip.Y
	if clip.W < 8 || clip.H < 8 {
		return Tile{}, &ViewError{Code: ViewShape, Cause: fmt.Errorf("page %d is shown at %+v", i+1, r)}
	}
	at := v.b.o.Now()
	pic, err := v.still(ctx, clip, *last)
	if err != nil {
		return Tile{}, err
	}
	*last = pic
	n := after + i + 1
	tile := Tile{N: n, Kind: TilePage, Rect: Rect{W: clip.W, H: clip.H}, File: fmt.Sprintf("tiles/%04d.jpg", n), MIME: "image/jpeg",
		W: int(clip.W), H: int(clip.H), At: at, SHA256: digest(pic), Text: []TextBox{}, Links: []LinkBox{}, Posts: []string{}}
	return tile, os.WriteFile(filepath.Join(dir, tile.File), pic, 0o600)
}

// still takes pictures until two in a row are the same. One like the page before is given more time: it may not have been turned yet.
func (v *pdfTab) still(ctx context.Context, clip Rect, before []byte) ([]byte, error) {
	limit, cancel := context.WithTimeout(ctx, viewPage)
	defer cancel()
	var last []byte
	for alike := 0; ; {
		if err := pause(limit, viewTick); err != nil {
			if last != nil && ctx.Err() == nil {
				return last, nil // it moves; a moment of it is a picture, too
			}
			return nil, v.late(ctx, ViewSlow)
		}
		res, err := cdp.Call(v.tab, chromedp.FromContext(v.tab).Target, page.CaptureScreenshot, page.CaptureScreenshotParams{
			Format: page.CaptureScreenshotFormatJpeg, Quality: new(int64(90)), FromSurface: new(true),
			Clip: &page.Viewport{X: clip.X, Y: clip.Y, Width: clip.W, Height: clip.H, Scale: 1}})
		if err != nil {
			return nil, fmt.Errorf("view a PDF: %w", err)
		}
		if bytes.Equal(res.Data, last) {
			alike++
		} else {
			alike = 0
		}
		if alike >= 12 || alike >= 2 && !bytes.Equal(res.Data, before) {
			return res.Data, nil
		}
		last = res.Data
	}
}

// text asks the viewer for all text of the file, as a person would by selecting everything. No answer is no text.
func (v *pdfTab) text(ctx context.Context) string {
	limit, cancel := context.WithTimeout(ctx, viewText)
	defer cancel()
	text, err := inView[string](limit, v, fmt.Sprintf(`(async () => {
		viewer.currentController.selectAll();
		const got = await Promise.race([viewer.currentController.getSelectedText(), new Promise(r => setTimeout(() => r({}), %d))]);
		return String(got.selectedText || '').slice(0, %d);
	})()`, viewText.Milliseconds(), viewTextBytes))
	if err != nil {
		return ""
	}
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "\uFFFD")
}
