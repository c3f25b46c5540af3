package capture

import (
	"context"
	"fmt"
	"os"

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
// and nothing is fetched: pictures must be data: addresses. It uses a tab of its own, beside the captured page's.
func (b *Browser) Print(ctx context.Context, html []byte, file string) (err error) {
	defer func() { err = b.named(err) }()
	b.warm()
	p := b.printer
	b.printer = nil
	defer p.cancel()
	stop := context.AfterFunc(ctx, p.cancel)
	defer stop()
	if <-p.ready; p.err != nil {
		return fmt.Errorf("print: %w", p.err)
	}
	s := chromedp.FromContext(p.ctx).Target
	tree, err := cdp.Call(p.ctx, s, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	if _, err := cdp.Call(p.ctx, s, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: tree.FrameTree.Frame.ID, HTML: string(html)}); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground(), chromedp.PDFOutlineAndTagged(), chromedp.PDFStream()))
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		return fmt.Errorf("cannot write the printed record: %w; check that the disk has room", err)
	}
	return nil
}
