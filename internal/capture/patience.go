package capture

import (
	"context"
	"errors"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
)

// errUnresponsive ends a visit to a page that does not let us in, with or without its own scripts.
var errUnresponsive = errors.New("the page does not answer")

var unresponsiveVerdict = verdict{outcome: Failed, code: "unresponsive",
	text: Text{"Sidan upptog webbläsaren helt och svarade inte.", "The page kept the browser busy and did not answer."}}

// unreadableVerdict is the verdict on a page that our own script cannot read; it names the cause, for whoever mends that.
func unreadableVerdict(cause error) verdict {
	return verdict{outcome: Failed, code: "unreadable", text: Text{"Sidan gick inte att läsa: " + clip(cause.Error(), 200), "The page could not be read: " + clip(cause.Error(), 200)}}
}

// patience bounds how long the page may keep us waiting for one answer. The caller calls what it returns when the answer is there.
// The first time it runs out, the page's scripts are ended for good, and what the page shows by then is captured; the second time the page
// itself is more than the browser can handle, and the visit ends.
func (t *tab) patience() (answered func()) {
	timer := time.AfterFunc(t.b.o.Patience, t.silence)
	again := time.AfterFunc(2*t.b.o.Patience, t.silence)
	return func() { timer.Stop(); again.Stop() }
}

// silence ends the page's scripts: those that run, and all that would follow. Ours are not the page's and still run.
func (t *tab) silence() {
	t.mu.Lock()
	if time.Since(t.silencedAt) < t.b.o.Patience/2 { // several of us waited for the same
		t.mu.Unlock()
		return
	}
	t.silenced, t.silencedAt = t.silenced+1, time.Now()
	n, giveUp := t.silenced, t.giveUp
	t.mu.Unlock()
	if n > 1 && giveUp != nil {
		giveUp(errUnresponsive)
		return
	}
	for range 10 {
		if t.ctx.Err() != nil {
			return
		}
		t.terminate()
		ctx, cancel := context.WithTimeout(t.ctx, time.Second)
		_, err := cdp.Call(ctx, t.s, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		cancel()
		if err == nil {
			return
		}
	}
}

// terminate interrupts the script that runs. The browser takes this order in even while the page's own thread is busy.
func (t *tab) terminate() {
	ctx, cancel := context.WithTimeout(t.ctx, time.Second)
	defer cancel()
	_, _ = cdp.Call(ctx, t.s, runtime.TerminateExecution, cdp.Empty{})
}

// bound says how the visit is ended before its time.
func (t *tab) bound(giveUp context.CancelCauseFunc) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.giveUp = giveUp
	if t.crashed {
		giveUp(errCrashed)
	}
}

// crash notes that the page lost its process; nothing that it was asked will be answered.
func (t *tab) crash() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.crashed = true
	if t.giveUp != nil {
		t.giveUp(errCrashed)
	}
}

// wasSilenced reports whether the scripts of a page of the visit were ended.
func (t *tab) wasSilenced() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.silencedAt.IsZero()
}

// silent reports whether the scripts of the page that is open were ended.
func (t *tab) silent() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.silenced > 0
}

// unsilence lets the next page's scripts run.
func (t *tab) unsilence(ctx context.Context) error {
	t.mu.Lock()
	n := t.silenced
	t.silenced = 0
	t.mu.Unlock()
	if n == 0 {
		return nil
	}
	return void(cdp.Call(ctx, t.s, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false}))
}

// ended names how a visit ended that an error ended, where the page is the cause. Another error is given back.
func (t *tab) ended(ctx context.Context, c *Capture, err error) error {
	var script *scriptError
	switch {
	case t.b.deaf(): // it was not the page
		return &RemoteError{Address: shownAddress(t.b.lease.at.address), During: true, Cause: err}
	case t.isCrashed():
		c.judge(t.b.crashed())
	case errors.Is(context.Cause(ctx), errUnresponsive):
		c.cutShort(t, unresponsiveVerdict)
	case ctx.Err() != nil:
		c.cutShort(t, timeoutVerdict)
	case errors.Is(err, errWorldGone):
		c.cutShort(t, circleVerdict())
	case errors.As(err, &script):
		c.cutShort(t, unreadableVerdict(script))
	default:
		return err
	}
	return nil
}

// pageFault is the code of an error whose cause is the page; empty for another one.
func pageFault(err error) string {
	switch {
	case errors.Is(err, errWorldGone):
		return "too-many-redirects"
	case errors.As(err, new(*scriptError)):
		return "unreadable"
	}
	return ""
}

// cutShort judges a visit that had to end before it was done: what was kept by then is partial, with the reason named, and where nothing was
// kept the verdict stands. Evidence is whole or not at all.
func (c *Capture) cutShort(t *tab, v verdict) {
	if len(c.Pages) == 0 || len(c.Tiles) == 0 || c.Job.Evidence != nil {
		c.judge(v)
		return
	}
	c.Period.Stop = StopLimit
	t.closeFeed(c)
	switch v.code {
	case "unresponsive":
		c.lack("page-hung", "Sidan slutade svara; bara det som hann fångas dessförinnan är med.", "The page stopped answering; only what had been captured by then is kept.")
	case "unreadable":
		c.lack("page-unreadable", "Sidan gick inte att läsa till slutet; bara det som hann fångas dessförinnan är med.", "The page could not be read to its end; only what had been captured by then is kept.")
	case "too-many-redirects":
		c.lack("page-replaced", "Sidan byttes ut mot en annan, gång på gång, medan den fångades; bara det som hann fångas dessförinnan är med.", "The page was replaced by another one, again and again, while it was captured; only what had been captured by then is kept.")
	default:
		c.lack("limit-minutes", "Gränsen för tid nåddes; bara det som hann fångas är med.", "The limit for time was reached; only what had been captured by then is kept.")
	}
}
