package capture

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// printer is a tab for the record. It is opened while the page is being captured, because a new tab costs a process.
type printer struct {
	ctx    context.Context
	cancel func()
	ready  chan struct{}
	err    error
}

// warm begins to open the printer's tab; it returns at once. Called again it does nothing.
func (b *Browser) warm() {
	if b.printer != nil {
		return
	}
	p := &printer{ready: make(chan struct{})}
	p.ctx, p.cancel = chromedp.NewContext(b.ctx)
	b.printer = p
	go func() {
		defer close(p.ready)
		if p.err = chromedp.Do(p.ctx); p.err == nil {
			_, p.err = cdp.Call(p.ctx, chromedp.FromContext(p.ctx).Target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		}
	}()
}

// Print prints a self-contained HTML document to a tagged PDF with an outline, by its own @page size, into the file. Scripts do not run,
// and nothing is fetched: pictures must be data: addresses. It uses a tab of its own, beside the captured page's. Where that fails, the captured page
// is given up, because it may have left the browser no room, and it is printed once more.
func (b *Browser) Print(ctx context.Context, html []byte, file string) (err error) {
	defer func() { err = b.named(err) }()
	pdf, err := b.print(ctx, html)
	if err != nil && ctx.Err() == nil && b.lease == nil {
		if tab := chromedp.FromContext(b.ctx); tab != nil && tab.Target != nil {
			const soon = 2 * time.Second
			cctx, cancel := context.WithTimeout(b.ctx, soon)
			_, _ = cdp.Call(cctx, tab.Target, page.Crash, cdp.Empty{}) // is never answered
			cancel()
		}
		pdf, err = b.print(ctx, html)
	}
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		return fmt.Errorf("cannot write the printed record: %w; check that the disk has room", err)
	}
	return nil
}

func (b *Browser) print(ctx context.Context, html []byte) ([]byte, error) {
	b.warm()
	p := b.printer
	b.printer = nil
	defer p.cancel()
	stop := context.AfterFunc(ctx, p.cancel)
	defer stop()
	if <-p.ready; p.err != nil {
		return nil, p.err
	}
	s := chromedp.FromContext(p.ctx).Target
	tree, err := cdp.Call(p.ctx, s, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	if _, err := cdp.Call(p.ctx, s, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: tree.FrameTree.Frame.ID, HTML: string(html)}); err != nil {
		return nil, err
	}
	return chromedp.Run(p.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground(), chromedp.PDFOutlineAndTagged(), chromedp.PDFStream()))
}
