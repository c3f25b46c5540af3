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

// Print prints a self-contained HTML document to a tagged PDF with an outline, by its own @page size, into the file. Scripts do not run,
// and nothing is fetched: pictures must be data: addresses. It uses a tab of its own, beside the captured page's.
func (b *Browser) Print(ctx context.Context, html []byte, file string) error {
	tctx, cancel := chromedp.NewContext(b.ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, cancel)
	defer stop()
	if err := chromedp.Do(tctx); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	s := chromedp.FromContext(tctx).Target
	if _, err := cdp.Call(tctx, s, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	tree, err := cdp.Call(tctx, s, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	if _, err := cdp.Call(tctx, s, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: tree.FrameTree.Frame.ID, HTML: string(html)}); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	pdf, err := chromedp.Run(tctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground(), chromedp.PDFOutlineAndTagged(), chromedp.PDFStream()))
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		return fmt.Errorf("cannot write the printed record: %w; check that the disk has room", err)
	}
	return nil
}
