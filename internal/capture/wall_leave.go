package capture

import (
	"context"
	"net/url"
	"regexp"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// leaving remembers that a page tried to go elsewhere by itself: to a login page, or, once it is being read, to any other page. That navigation
// is ended, so that what the page showed before stays and can be read; the other page is never fetched.
type leaving struct {
	mu      sync.Mutex
	on      bool
	watched bool   // documents' requests are looked at before they leave
	fixed   bool   // the page is being read: it may go nowhere
	to      string // the login page that it wanted to go to
	wanted  string // any other page that it wanted to go to while it was read
	refused int    // navigations that were ended
}

// loginPath tells a login page by its address.
var loginPath = regexp.MustCompile(`(?i)/(log-?in|sign-?in|inloggning|logga-in|auth|authwall|checkpoint|sso|uas)([/?#.]|$)`)

// loginAddress tells a login page by its whole address.
func loginAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && loginPath.MatchString(u.Path)
}

// holdLogins begins to watch for a page that leaves for a login page. Called again it does nothing.
func (t *tab) holdLogins(ctx context.Context) error {
	l := &t.net.leaving
	l.mu.Lock()
	l.on = true
	l.mu.Unlock()
	return t.watchDocuments(ctx)
}

// watchDocuments has every document's request looked at before it leaves. Called again it does nothing.
func (t *tab) watchDocuments(ctx context.Context) error {
	l := &t.net.leaving
	l.mu.Lock()
	watched := l.watched
	l.watched = true
	l.mu.Unlock()
	if watched {
		return nil
	}
	if err := chromedp.Listen(t.ctx, func(ev any) {
		if p, ok := ev.(*fetch.EventRequestPaused); ok {
			t.paused(p)
		}
	}); err != nil {
		return err
	}
	return void(cdp.Call(ctx, t.s, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{ResourceType: network.ResourceTypeDocument}}}))
}

// paused judges a document's request: what the capture itself opens and what frames load goes on, as does everything but a login page.
func (t *tab) paused(p *fetch.EventRequestPaused) {
	t.net.mu.Lock()
	own := t.net.document == nil // a navigation of ours begins without a document
	t.net.mu.Unlock()
	away := !own && p.FrameID == t.frame && t.net.leaving.refuse(p.Request.URL, loginAddress(p.Request.URL))
	if away {
		t.note("navigation-refused", withoutSecrets(p.Request.URL))
	}
	if !away && t.refusePrivate(p.Request.URL) {
		away = true
	}
	t.command(func() {
		ctx, cancel := context.WithTimeout(t.ctx, 5*time.Second)
		defer cancel()
		if away {
			_, _ = cdp.Call(ctx, t.s, fetch.FailRequest, fetch.FailRequestParams{RequestID: p.RequestID, ErrorReason: network.ErrorReasonAborted})
			return
		}
		_, _ = cdp.Call(ctx, t.s, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: p.RequestID})
	})
}

// refuse says whether a page may not go where it wants to, and remembers it.
func (l *leaving) refuse(to string, login bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.on || !login && !l.fixed {
		return false
	}
	l.refused++
	if login {
		l.to = to
	} else {
		l.wanted = to
	}
	return true
}

// hold keeps the page where it is from here on: it is being read, and half of one page with half of another would be neither.
// What the capture itself opens is not held.
func (t *tab) hold() {
	t.net.leaving.mu.Lock()
	defer t.net.leaving.mu.Unlock()
	t.net.leaving.fixed = true
}

// release lets the tab go elsewhere again, before the capture opens another page.
func (t *tab) release() {
	t.net.leaving.mu.Lock()
	defer t.net.leaving.mu.Unlock()
	t.net.leaving.fixed = false
}

// refusals counts the navigations that were ended so far.
func (t *tab) refusals() int {
	t.net.leaving.mu.Lock()
	defer t.net.leaving.mu.Unlock()
	return t.net.leaving.refused
}

// leavingFor tells whether the page wanted to leave for a login page and was not let.
func (t *tab) leavingFor() bool {
	t.net.leaving.mu.Lock()
	defer t.net.leaving.mu.Unlock()
	return t.net.leaving.to != ""
}

// wantedTo is the page that is no login to which the page wanted to go while it was read; empty for none.
func (t *tab) wantedTo() string {
	t.net.leaving.mu.Lock()
	defer t.net.leaving.mu.Unlock()
	return t.net.leaving.wanted
}

// stayed forgets that the page wanted to leave.
func (t *tab) stayed() {
	t.net.leaving.mu.Lock()
	defer t.net.leaving.mu.Unlock()
	t.net.leaving.to = ""
}
