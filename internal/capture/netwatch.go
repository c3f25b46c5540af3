package capture

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"golang.org/x/net/publicsuffix"
)

// netwatch follows the page's requests: what is under way, what failed, and the answers that made the document.
type netwatch struct {
	now func() time.Time

	mu        sync.Mutex
	open      map[string]request
	last      time.Time // when the last request began or ended
	bytes     int64
	requests  int
	asked     int                // requests made by scripts
	trouble   int                // of those, failed or answered with an error
	answered  int                // of those, answered
	services  map[string]service // of the page's own site, by address without its query
	resumes   time.Time          // when a service that was asked too much may be asked again
	scrolled  bool               // the page has been asked for more than it showed at first
	failed    map[string]string  // URL of a sub-resource → why
	hops      []Redirect
	document  *network.Response
	shown     int // documents that the window has shown
	factsOf   int // shown, when the facts were gathered
	docID     string
	docErr    string
	domReady  bool
	loaded    bool
	download  bool
	responses map[string]int // URL → status, for the document's frames
	leaving   leaving
	pictures  map[string]seenPicture // by address without secrets
}

// service is what scripts ask of the page's own site: the last answer's status, and whether it ever worked.
type service struct {
	last   int
	worked bool
	late   bool // it was first asked when the page was scrolled
}

type request struct {
	url   string
	kind  network.ResourceType
	began time.Time
}

func newNetwatch(now func() time.Time) *netwatch {
	return &netwatch{now: now, open: map[string]request{}, failed: map[string]string{}, responses: map[string]int{}, pictures: map[string]seenPicture{}, services: map[string]service{}, last: now()}
}

// reset forgets the document before a new navigation.
func (n *netwatch) reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open, n.hops, n.document, n.docID, n.docErr = map[string]request{}, nil, nil, "", ""
	n.domReady, n.loaded, n.download = false, false, false
	n.services, n.scrolled = map[string]service{}, false
}

func (n *netwatch) mark(flag *bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	*flag = true
}

// committed says that the window shows another document; what was known of the one before holds no longer.
func (n *netwatch) committed() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.shown++
	n.domReady, n.loaded = false, false
}

// showing counts the documents that the window has shown, and tells whether another one is on its way.
func (n *netwatch) showing() (shown int, coming bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	r, open := n.open[n.docID]
	return n.shown, open && r.kind == network.ResourceTypeDocument
}

func (n *netwatch) sent(ev *network.EventRequestWillBeSent, frame cdp.FrameID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last = n.now()
	n.requests++
	if scripted(ev.Type) {
		n.asked++
	}
	id := string(ev.RequestID)
	if r := ev.RedirectResponse; r != nil && scripted(ev.Type) && n.document != nil && ownSite(r.URL, n.document.URL) && loginAddress(ev.Request.URL) {
		n.tell(r.URL, http.StatusUnauthorized)
	}
	main := ev.Type == network.ResourceTypeDocument && ev.FrameID == frame
	if main && ev.RedirectResponse != nil {
		n.hops = append(n.hops, Redirect{URL: ev.RedirectResponse.URL, Status: int(ev.RedirectResponse.Status), To: ev.Request.URL})
	}
	if main {
		n.docID, n.docErr = id, ""
	}
	n.open[id] = request{named(ev.Request.URL), ev.Type, n.last}
}

// named is an address as a name: of one that holds its content, which may be a hundred megabytes, only the beginning is kept, in bytes of its own.
func named(address string) string {
	const most = 100
	if len(address) <= most || !strings.HasPrefix(address, "data:") {
		return address
	}
	return strings.ToValidUTF8(strings.Clone(address[:most]), "") + "…"
}

func (n *netwatch) received(ev *network.EventResponseReceived, frame cdp.FrameID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if ev.Type == network.ResourceTypeDocument && ev.FrameID == frame {
		n.document, n.docID = ev.Response, string(ev.RequestID)
	}
	n.picture(ev)
	if !scripted(ev.Type) || ev.Response == nil {
		return
	}
	if ev.Response.Status >= 400 {
		n.trouble++
	}
	if n.document != nil && ownSite(ev.Response.URL, n.document.URL) {
		n.tell(ev.Response.URL, int(ev.Response.Status))
		if s := ev.Response.Status; s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable {
			n.heed(ev.Response.Headers)
		}
	}
}

// heed remembers when a service that was asked too much said that it may be asked again.
func (n *netwatch) heed(headers network.Headers) {
	for k, v := range headers {
		if s, ok := v.(string); ok && strings.EqualFold(k, "retry-after") {
			if at := retryAfter(s, n.now()); at != nil && at.After(n.resumes) {
				n.resumes = *at
			}
		}
	}
}

// resting reports that a service said to be asked again later, at a time that comes soon or has just come.
func (n *netwatch) resting(within, after time.Duration) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	left := n.resumes.Sub(n.now())
	return !n.resumes.IsZero() && left < within && left > -after
}

// tell remembers how the page's own site answers its scripts, by address without its query.
func (n *netwatch) tell(address string, status int) {
	const most = 2000
	where, _, _ := strings.Cut(address, "?")
	s, known := n.services[where]
	if !known && len(n.services) >= most {
		return
	}
	if !known {
		s.late = n.scrolled
	}
	s.last = status
	s.worked = s.worked || s.last < 400
	n.services[where] = s
}

// refusing reports that the page's own site ended with refusing what its scripts ask for: limited, that these were too many requests (429); failing,
// that a service which had answered answers with a fault of its own; barred, that it asks for a login where it did not before, or where the page was
// scrolled to its end.
func (n *netwatch) refusing() (limited, failing, barred bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.services {
		limited = limited || s.last == http.StatusTooManyRequests
		failing = failing || s.worked && s.last >= 500
		barred = barred || s.last == http.StatusUnauthorized && (s.worked || s.late) || s.last == http.StatusForbidden && s.worked
	}
	return limited, failing, barred
}

// scrolling says that the page is asked for more from here on.
func (n *netwatch) scrolling() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.scrolled = true
}

// faulty reports that a service of the page's own site answered last with a fault of its own.
func (n *netwatch) faulty() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.services {
		if s.last >= 500 {
			return true
		}
	}
	return false
}

func (n *netwatch) done(id string, size int64, failure string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last = n.now()
	n.bytes += size
	r, ok := n.open[id]
	delete(n.open, id)
	if failure == "" {
		if ok && scripted(r.kind) {
			n.answered++
		}
		return
	}
	if ok && scripted(r.kind) {
		n.trouble++
	}
	if id == n.docID {
		n.docErr = failure
	} else if ok && len(n.failed) < 1000 {
		n.failed[r.url] = failure
	}
}

// scripted says whether scripts make requests of this kind.
func scripted(k network.ResourceType) bool {
	return k == network.ResourceTypeXHR || k == network.ResourceTypeFetch
}

// troubles counts the scripts' requests that failed so far.
func (n *netwatch) troubles() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.trouble
}

// ownSite says whether two addresses are of one site: the same host, or one below the same domain.
func ownSite(a, b string) bool {
	x, errA := url.Parse(a)
	y, errB := url.Parse(b)
	if errA != nil || errB != nil {
		return false
	}
	return siteOf(x.Hostname()) == siteOf(y.Hostname())
}

// siteOf is the domain that was registered (publicsuffix.org); the host itself where it has none.
func siteOf(host string) string {
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

// polls counts the scripts' requests that were answered so far.
func (n *netwatch) polls() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.answered
}

// endless tells kinds of requests that may stay open for ever; a quiet page may well have them.
func endless(k network.ResourceType) bool {
	switch k {
	case network.ResourceTypeEventSource, network.ResourceTypeWebSocket, network.ResourceTypePing, network.ResourceTypeMedia, network.ResourceTypePrefetch:
		return true
	}
	return false
}

// quiet reports for how long nothing has been under way; requests older than stale count as endless.
func (n *netwatch) quiet(stale time.Duration) (time.Duration, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.underWay(stale, func(k network.ResourceType) bool { return !endless(k) }) {
		return 0, false
	}
	return n.now().Sub(n.last), true
}

// asking reports whether a script waits for an answer, and not for longer than stale.
func (n *netwatch) asking(stale time.Duration) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.underWay(stale, scripted)
}

// underWay reports whether a request of some kind is open that is younger than stale. The caller holds the lock.
func (n *netwatch) underWay(stale time.Duration, of func(network.ResourceType) bool) bool {
	now := n.now()
	for _, r := range n.open {
		if of(r.kind) && now.Sub(r.began) < stale {
			return true
		}
	}
	return false
}

func (n *netwatch) state() (domReady, loaded, download bool, docErr string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.domReady, n.loaded, n.download, n.docErr
}

// failures lists the addresses of sub-resources that did not come.
func (n *netwatch) failures() map[string]string {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := make(map[string]string, len(n.failed))
	for k, v := range n.failed {
		out[k] = v
	}
	return out
}
