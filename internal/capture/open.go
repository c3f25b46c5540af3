package capture

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
)

// open navigates to the address and waits until the page is there. A non-nil verdict ends the capture: no page came.
func (t *tab) open(ctx context.Context, address string) (*verdict, []Missing, error) {
	if t.refusePrivate(address) {
		return &privateVerdict, nil, nil
	}
	if err := t.unsilence(ctx); err != nil {
		return nil, nil, err
	}
	t.net.reset()
	t.release()
	t.world, t.consentSince = 0, time.Time{}
	shown, _ := t.net.showing()
	nctx, cancel := context.WithTimeout(ctx, t.b.o.Load)
	defer cancel()
	res, err := cdp.Call(nctx, t.s, page.Navigate, page.NavigateParams{URL: address})
	host := hostOf(address)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case err != nil && nctx.Err() != nil:
		v := timeoutVerdict
		return &v, nil, t.stop(ctx)
	case err != nil:
		return nil, nil, err
	case res.ErrorText != "":
		return t.notOpened(ctx, res.ErrorText, address), nil, nil
	}
	missing, err := t.loaded(ctx, nctx)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			v := timeoutVerdict
			if now, _ := t.net.showing(); now-shown >= mostReplaced {
				v = circleVerdict()
			}
			return &v, nil, t.stop(ctx)
		}
		return nil, nil, err
	}
	if t.isCrashed() {
		v := t.b.crashed()
		return &v, nil, nil
	}
	if code := t.net.proxied(); code != "" {
		// The proxy answers a plain http request itself where it cannot or will not reach the host.
		v := byNetError("proxy", code, hostOnly(t.net.host(address)))
		return &v, nil, nil
	}
	if _, _, _, docErr := t.net.state(); docErr != "" && t.net.status() == 0 {
		v := byNetError(docErr, t.b.o.Egress.Failure(host), hostOnly(host))
		return &v, nil, nil
	}
	return nil, missing, nil
}

// notOpened names why a navigation gave no document. A server that answers with an error and no body lands here too.
func (t *tab) notOpened(ctx context.Context, netErr, address string) *verdict {
	// The download event may come some time after the navigation's answer.
	for until := time.Now().Add(time.Second); ; {
		if _, _, download, _ := t.net.state(); download {
			v := byNetError(netErr, "download", "")
			return &v
		}
		if !strings.Contains(netErr, "ERR_ABORTED") || t.net.status() >= 400 || time.Now().After(until) || pause(ctx, 15*time.Millisecond) != nil {
			break
		}
	}
	if s := t.net.status(); s >= 400 {
		if v, bad := byStatus(s, t.net.headers(), t.b.o.Now()); bad && t.b.o.Egress.Failure(t.net.host(address)) == "" {
			return &v
		}
	}
	host := t.net.host(address)
	v := byNetError(netErr, t.b.o.Egress.Failure(host), hostOnly(host))
	return &v
}

// loaded waits for the load event. Where only that is late, a page that has its document is taken as it is, and said to be so.
func (t *tab) loaded(ctx, nctx context.Context) ([]Missing, error) {
	for wait := 2 * time.Millisecond; ; wait = min(wait*2, 25*time.Millisecond) {
		ready, loaded, _, docErr := t.net.state()
		if loaded || docErr != "" || t.isCrashed() {
			return nil, nil
		}
		if err := pause(nctx, wait); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if !ready {
				return nil, err
			}
			return []Missing{{"load-timeout", Text{"Sidan blev aldrig helt färdigladdad; den är fångad som den var.", "The page never finished loading; it was captured as it was."}}}, t.stop(ctx)
		}
	}
}

func (t *tab) stop(ctx context.Context) error {
	sctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, _ = cdp.Call(sctx, t.s, page.StopLoading, cdp.Empty{})
	return ctx.Err()
}

// settle waits until the network has been quiet for a while and the pictures and fonts in the window are there. A page without
// scripts has nothing more to say once it has loaded, so it is not made to wait.
func (t *tab) settle(ctx context.Context, scripted bool) error {
	until := time.Now().Add(t.b.o.Settle)
	need := 0 * time.Millisecond
	if scripted {
		need = 250 * time.Millisecond
	}
	for time.Now().Before(until) {
		if quiet, ok := t.net.quiet(5 * time.Second); ok && quiet >= need {
			break
		}
		if err := pause(ctx, 15*time.Millisecond); err != nil {
			return err
		}
	}
	if err := t.enter(ctx); err != nil {
		return err
	}
	_, err := eval[int](ctx, t, "settled", max(500, time.Until(until).Milliseconds()/2))
	return err
}

// facts gathers what is known of the page as a response, and the document's own facts.
func (t *tab) facts(ctx context.Context, requested string) (Facts, error) {
	f := Facts{RequestedURL: withoutSecrets(requested), Redirects: []Redirect{}, Headers: map[string]string{}, Structured: []Structured{}}
	t.net.mu.Lock()
	doc := t.net.document
	t.net.factsOf = t.net.shown
	for _, h := range t.net.hops {
		f.Redirects = append(f.Redirects, Redirect{withoutSecrets(h.URL), h.Status, withoutSecrets(h.To)})
	}
	t.net.mu.Unlock()
	if doc != nil {
		f.FinalURL, f.Status, f.MIME = withoutSecrets(doc.URL), int(doc.Status), doc.MimeType
		f.Headers = withoutSecretHeaders(doc.Headers)
		f.IP = t.b.o.Egress.IP(hostOf(doc.URL))
		f.TLS = t.tlsFacts(ctx, doc)
	}
	m, err := eval[struct {
		Title, Lang, Dir, Description, Canonical, URL, MIME string
		Structured                                          []Structured
	}](ctx, t, "meta")
	if err != nil {
		return f, err
	}
	f.Title, f.Lang, f.Dir, f.Description = m.Title, m.Lang, m.Dir, m.Description
	for _, d := range m.Structured {
		f.Structured = append(f.Structured, Structured{d.Kind, withoutSecretPairs(d.JSON)})
	}
	if m.URL != "" && strings.HasPrefix(m.URL, "http") {
		f.FinalURL = withoutSecrets(m.URL)
	}
	return f, nil
}

func (t *tab) tlsFacts(ctx context.Context, doc *network.Response) *TLSFacts {
	d := doc.SecurityDetails
	if d == nil {
		return nil
	}
	at := func(s cdp.TimeSinceEpoch) time.Time { return time.Unix(int64(s), 0).UTC() }
	out := &TLSFacts{Version: d.Protocol, Cipher: d.Cipher, Subject: d.SubjectName, Issuer: d.Issuer, Names: d.SanList,
		NotBefore: at(d.ValidFrom), NotAfter: at(d.ValidTo)}
	u, err := url.Parse(doc.URL)
	if err != nil {
		return out
	}
	res, err := cdp.Call(ctx, t.s, network.GetCertificate, network.GetCertificateParams{Origin: u.Scheme + "://" + u.Host})
	if err == nil && len(res.TableNames) > 0 {
		out.SHA256 = certDigest(res.TableNames[0])
	}
	return out
}

func (n *netwatch) status() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.document == nil {
		return 0
	}
	return int(n.document.Status)
}

// proxied is the proxy's own code when it, and not the page's server, answered for the document.
func (n *netwatch) proxied() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.document == nil || !strings.HasPrefix(n.document.URL, "http:") {
		return "" // an encrypted answer is never the proxy's
	}
	for k, v := range n.document.Headers {
		if s, ok := v.(string); ok && (strings.EqualFold(k, "X-Arsring-Failed") || strings.EqualFold(k, "X-Arsring-Refused")) {
			return s
		}
	}
	return ""
}

func (n *netwatch) headers() map[string]string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.document == nil {
		return nil
	}
	return withoutSecretHeaders(n.document.Headers)
}

// host is the host:port that the last hop of the navigation went to.
func (n *netwatch) host(address string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.hops) > 0 {
		address = n.hops[len(n.hops)-1].To
	}
	return hostOf(address)
}

// hostOf gives "host:port" of an address, with the scheme's port when none is written.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "wss": "443"}[u.Scheme]
	}
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func hostOnly(hostport string) string {
	h, p, err := net.SplitHostPort(hostport)
	if err != nil || p == "80" || p == "443" {
		if h == "" {
			return hostport
		}
		return h
	}
	return hostport
}
