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

// leaving remembers that a page tried to go to a login page by itself. That navigation is ended, so that what the page showed before stays and
// can be read; the login page is never fetched.
type leaving struct {
	mu sync.Mutex
	on bool
	to string
}

// loginPath tells a login page by its address.
var loginPath = regexp.MustCompile(`(?i)/(log-?in|sign-?in|inloggning|logga-in|auth|authwall|checkpoint|sso|uas)([/?#.]|$)`)

// holdLogins begins to watch for a page that leaves for a login page. Called again it does nothing.
func (t *tab) holdLogins(ctx context.Context) error {
	l := &t.net.leaving
	l.mu.Lock()
	on := l.on
	l.on = true
	l.mu.Unlock()
	if on {
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
	u, err := url.Parse(p.Request.URL)
	away := err == nil && !own && p.FrameID == t.frame && loginPath.MatchString(u.Path)
	if away {
		t.net.leaving.mu.Lock()
		t.net.leaving.to = p.Request.URL
		t.net.leaving.mu.Unlock()
		t.note("navigation-refused", withoutSecrets(p.Request.URL))
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

// leavingFor tells whether the page wanted to leave for a login page and was not let.
func (t *tab) leavingFor() bool {
	t.net.leaving.mu.Lock()
	defer t.net.leaving.mu.Unlock()
	return t.net.leaving.to != ""
}

// stayed forgets that the page wanted to leave.
func (t *tab) stayed() {
	t.net.leaving.mu.Lock()
	defer t.net.leaving.mu.Unlock()
	t.net.leaving.to = ""
}
