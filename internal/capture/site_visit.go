package capture

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
)

// visit opens one page and keeps it. Only the end of the whole capture is an error.
func (w *crawler) visit(ctx context.Context, next way) error {
	limit := sitePageTime
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, max(time.Until(deadline)-siteReserve/2, time.Second))
	}
	pctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tiles, pages := len(w.c.Tiles), len(w.c.Pages)
	why, err := w.page(pctx, next)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case w.t.isCrashed():
		w.stopped, why = "crash", "crash"
	case err != nil && pctx.Err() != nil:
		why = "timeout"
	case pageFault(err) != "":
		why = pageFault(err)
	case err != nil:
		return err
	}
	if why == "" {
		return nil
	}
	if why != "known" && why != "file" {
		w.failed(next, why)
	}
	return w.undo(tiles, pages)
}

// failed notes a page that could not be kept. What may pass is tried once again, when all others have been; then the page counts as missing. A link that
// leads to nothing, elsewhere or to a login is the site's own matter.
func (w *crawler) failed(next way, why string) {
	passing := strings.HasPrefix(why, "http-5") || passingFaults[why]
	named := fmt.Sprintf("%s (%s)", withoutSecrets(next.address), why)
	switch {
	case passing && !next.again:
		next.again = true
		w.queue = append(w.queue, next)
	case passing:
		w.lost = append(w.lost, named)
	default:
		w.broken = append(w.broken, named)
	}
}

// passingFaults are the codes, beside answers of 500 and more, of what another try may overcome.
var passingFaults = map[string]bool{"timeout": true, "closed": true, "refused": true, "rate-limited": true, "unreadable": true, "network-changed": true, "network-io-suspended": true, "unknown": true}

// undo takes back what was kept of a page that could not be kept whole.
func (w *crawler) undo(tiles, pages int) error {
	for _, t := range w.c.Tiles[tiles:] {
		if err := os.Remove(filepath.Join(w.dir, t.File)); err != nil {
			return err
		}
	}
	w.c.Tiles, w.c.Pages = w.c.Tiles[:tiles], w.c.Pages[:pages]
	return nil
}

// page opens one page and keeps its sheets and its text. The code says why it was not kept; "known" is a page that another address led to.
func (w *crawler) page(ctx context.Context, next way) (string, error) {
	if err := w.t.viewport(ctx, SheetHeight); err != nil {
		return "", err
	}
	if code, err := w.enter(ctx, next); err != nil || code != "" {
		return code, err
	}
	f, err := w.t.facts(ctx, next.address)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(f.FinalURL)
	if err != nil || !w.ways.sameHost(u) {
		return "elsewhere", nil //nolint:nilerr // an address that cannot be read is not the site's
	}
	if k := w.ways.key(u); k != next.key && !w.ways.first(k) {
		return "known", nil
	}
	if w.o.Robots && !w.robots.allows(u) {
		note(&w.heeded, withoutSecrets(f.FinalURL))
		return "known", nil
	}
	if isFile(f.MIME) {
		note(&w.files, withoutSecrets(f.FinalURL))
		return "file", nil
	}
	p, cut, err := w.t.pageText(ctx, f)
	if err != nil {
		return "", err
	}
	pictures, err := eval[[]string](ctx, w.t, "pictures")
	if err != nil {
		return "", err
	}
	if w.same(p, pictures) {
		return "known", nil
	}
	w.c.Pages = append(w.c.Pages, p)
	w.pictures[len(w.c.Pages)-1] = pictures
	w.c.lackText(cut)
	if err := w.follow(ctx, next.depth); err != nil {
		return "", err
	}
	return "", w.photograph(ctx)
}

// same reports whether a page says exactly what another one says that was kept, and shows the same pictures: sites show one page under many addresses.
// Of the start page, which has been scrolled through, the text decides alone.
func (w *crawler) same(p Page, pictures []string) bool {
	for i, have := range w.c.Pages {
		if i > 0 && !slices.Equal(w.pictures[i], pictures) {
			continue
		}
		if have.Title == p.Title && len(p.Blocks) > 0 && slices.EqualFunc(have.Blocks, p.Blocks, func(a, b Block) bool {
			return a.Kind == b.Kind && a.Text == b.Text && slices.EqualFunc(a.Rows, b.Rows, slices.Equal[[]string])
		}) {
			return true
		}
	}
	return false
}

// isFile reports a kind of answer that the browser shows without a page around it, or not at all: an address does not always tell.
func isFile(mime string) bool {
	kind, of, _ := strings.Cut(mime, "/")
	switch kind {
	case "image", "video", "audio", "font":
		return true
	case "application":
		return !strings.HasSuffix(of, "xml") && !strings.Contains(of, "html")
	}
	return false
}

// enter opens the address and waits until it has come to rest; the code says what was in the way.
func (w *crawler) enter(ctx context.Context, next way) (string, error) {
	if err := pause(ctx, w.robots.delay); err != nil {
		return "", err
	}
	if err := w.clean(ctx, next); err != nil {
		return "", err
	}
	v, _, err := w.t.openPatiently(ctx, next.address)
	switch {
	case err != nil:
		return "", err
	case v != nil && v.code == "download":
		note(&w.files, withoutSecrets(next.address))
		return "file", nil
	case v != nil:
		return v.code, nil
	}
	if v, bad := byStatus(w.t.net.status(), w.t.net.headers(), w.t.b.o.Now()); bad {
		return v.code, nil
	}
	_, v, err = w.t.arrive(ctx)
	if err != nil {
		return "", err
	}
	if v != nil {
		return v.code, nil
	}
	if err := w.t.consent(ctx); err != nil {
		return "", err
	}
	sign, err := w.t.wall(ctx)
	if err != nil {
		return "", err
	}
	if v, ok := sign.verdict(); ok {
		return v.code, nil
	}
	w.t.hold()
	look, err := eval[pageLook](ctx, w.t, "content")
	if err == nil && look.blank() {
		return "blank", nil
	}
	return "", err
}

// clean leaves the page in the tab where only a fragment may part the next one from it: the browser would not open that anew.
func (w *crawler) clean(ctx context.Context, next way) error {
	if !strings.Contains(next.address, "#") {
		return nil
	}
	_, err := cdp.Call(ctx, w.t.s, page.Navigate, page.NavigateParams{URL: "about:blank"})
	return err
}

// photograph keeps the page in the tab from top to bottom, within the bounds of one page.
func (w *crawler) photograph(ctx context.Context) error {
	first, page := len(w.c.Tiles), len(w.c.Pages)-1
	tall, err := w.heighten(ctx)
	if err != nil {
		return err
	}
	if tall, err = w.unroll(ctx, tall); err != nil {
		return err
	}
	for top, n := 0.0, 0; ; n++ {
		next, end, err := w.view(ctx, top, tall, n == 0)
		if err != nil {
			return err
		}
		if next >= end-1 || next <= top {
			break
		}
		if len(w.c.Tiles)-first >= sitePageSheets {
			w.c.lack("limit-page-sheets", fmt.Sprintf("En eller flera sidor var längre än %d blad och är inte fångade till slutet: %s.", sitePageSheets, w.c.Pages[page].URL),
				fmt.Sprintf("One or more pages were longer than %d sheets and were not captured to their end: %s.", sitePageSheets, w.c.Pages[page].URL))
			break
		}
		top = next
	}
	for i := first; i < len(w.c.Tiles); i++ {
		w.c.Tiles[i].Page = page
	}
	return nil
}
