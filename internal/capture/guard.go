package capture

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// onEvent hears every event of the tab in order. It runs in the browser's message loop: it must return at once and may
// send no command, so what needs one is handed to guard.
func (t *tab) onEvent(ev any) {
	switch ev := ev.(type) {
	case *page.EventJavascriptDialogOpening:
		// A question whether to leave is answered yes, everything else no: the page must neither hold us nor get a consent.
		accept := ev.Type == page.DialogTypeBeforeunload
		t.note("dialog", string(ev.Type)+": "+ev.Message)
		t.command(func() {
			ctx, cancel := context.WithTimeout(t.ctx, 5*time.Second)
			defer cancel()
			_, _ = cdp.Call(ctx, t.s, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: accept})
		})
	case *page.EventFileChooserOpened:
		t.note("dialog", "file chooser")
	case *inspector.EventTargetCrashed:
		t.crash()
	case *network.EventRequestWillBeSent:
		t.net.sent(ev, t.frame)
	case *network.EventResponseReceived:
		t.net.received(ev, t.frame)
	case *network.EventLoadingFinished:
		t.net.done(string(ev.RequestID), int64(ev.EncodedDataLength), "")
	case *network.EventLoadingFailed:
		t.net.done(string(ev.RequestID), 0, ev.ErrorText)
	case *page.EventFrameNavigated:
		if ev.Frame.ID == t.frame {
			t.net.committed()
		}
	case *page.EventDomContentEventFired:
		t.net.mark(&t.net.domReady)
	case *page.EventLoadEventFired:
		t.net.mark(&t.net.loaded)
	}
}

// watchBrowser closes windows that the page opens and notes refused downloads.
func (t *tab) watchBrowser() error {
	own, mine := chromedp.FromContext(t.ctx).Target.TargetID, t.b.own()
	return chromedp.ListenBrowser(t.ctx, func(ev any) {
		switch ev := ev.(type) {
		case *target.EventTargetCreated:
			if ev.TargetInfo.Type != "page" || ev.TargetInfo.TargetID == own || ev.TargetInfo.OpenerID == "" ||
				mine != "" && ev.TargetInfo.BrowserContextID != mine { // another capture's, in a browser that we share
				return
			}
			t.note("popup-closed", withoutSecrets(ev.TargetInfo.URL))
			id := ev.TargetInfo.TargetID
			t.command(func() {
				_, _ = chromedp.CallBrowser(t.ctx, target.CloseTarget, target.CloseTargetParams{TargetID: id})
			})
		case *browser.EventDownloadWillBegin:
			t.net.mark(&t.net.download)
			t.note("download-refused", ev.SuggestedFilename)
		}
	})
}

// command queues work for guard; a page that floods us only loses its own commands.
func (t *tab) command(f func()) {
	select {
	case t.commands <- f:
	default:
		go f()
	}
}

// guard answers what the page asks while the capture itself may be waiting.
func (t *tab) guard() {
	for {
		select {
		case <-t.guardDone:
			return
		case <-t.ctx.Done():
			return
		case f := <-t.commands:
			f()
		}
	}
}
