package capture

import (
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// ways knows which addresses of a site have been met, and which are not to be gone.
type ways struct {
	host   string
	seen   map[string]bool
	series map[string]int // pages of one pattern
	forms  map[string]int // queries of one path
	many   int            // most pages of one pattern
}

// The reasons why an address is not gone.
const (
	wayOpen      = ""
	wayKnown     = "known"
	wayElsewhere = "elsewhere"
	wayFile      = "file"
	wayAct       = "act"
	wayEndless   = "endless" // one of a calendar's or a filter's, which make pages by themselves
	waySeries    = "series"  // one of a long row of pages that are numbered, or named by one parameter
)

// The bounds on pages that are alike: what calendars and filters make by themselves.
const (
	mostSeries  = 40  // addresses that differ only in their numbers; more where the limit of pages is high
	mostDates   = 6   // of them, where they are a calendar's days or months
	mostForms   = 8   // choices of a filter on one path
	mostParams  = 4   // in one query
	longestWay  = 500 // characters
	deepestPath = 12  // folders
)

var (
	// tracking parameters, and those of a session, name no page of their own; those that some sites number their pages by do with a number.
	trackParam = regexp.MustCompile(`(?i)^(utm_.*|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|_ga|_gl|phpsessid|jsessionid|aspsessionid.*|sid|session(id)?|ref|print|share|lang_redirect)$`)
	mayNumber  = regexp.MustCompile(`(?i)^(sid|session(id)?|ref)$`)
	fewDigits  = regexp.MustCompile(`^\d{1,8}$`)
	// sessionPart is a session in the path itself, as servlets write it for who takes no cookies.
	sessionPart = regexp.MustCompile(`(?i);(jsessionid|phpsessid|sid)=[^/?;]*`)
	// acts are parts of addresses that do something, or lead to what is nobody's page.
	actWord = regexp.MustCompile(`(?i)^(log-?(in|out|on|off)|sign-?(in|out|up|off)|logga-?(in|ut)|utloggning|inloggning|wp-login|wp-admin|wp-json|xmlrpc|registrera|admin|auth|oauth2?|saml|sso|cart|kundvagn|varukorg|checkout|kassa|delete|remove|ta-bort|avregistrera|unsubscribe|add-to-cart|addtocart|skriv-ut|email-?this|feed|rss|atom|trackback|cgi-bin|api|search|sok|sök)(\.(php|aspx?|html?|jsp))?$`)
	// files are what a browser downloads or shows without a page around it.
	fileName     = regexp.MustCompile(`(?i)\.(pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|csv|txt|zip|gz|tgz|7z|rar|exe|msi|dmg|apk|iso|jpe?g|png|gif|webp|svg|avif|heic|bmp|tiff?|ico|mp[34]|m4[av]|mov|avi|webm|ogg|ogv|wav|wma|wmv|ics|vcf|xml|json|js|css|woff2?|ttf|eot|kml|gpx|epub|eml)$`)
	calendarWord = regexp.MustCompile(`(?i)(kalend|calend|evenemang|event|aktivitet)`)
	dateNumber   = regexp.MustCompile(`(?:^|\D)(19|20)\d\d([-/._]?(0?[1-9]|1[0-2])([-/._]?([12]\d|3[01]|0?[1-9]))?)?(?:\D|$)`)
	dateParam    = regexp.MustCompile(`(?i)^(date|datum|dag|day|week|vecka|month|manad|månad|year|cal.*|kalender.*|ymd|tribe.*|eventdate)$`)
	spanParam    = regexp.MustCompile(`(?i)^(from|to|start|end|slut|fran|från|till)$`) // of dates or of numbers
	pageParam    = regexp.MustCompile(`(?i)^(page|sida|p|paged|pg|offset|skip|limit|start|end|from|to)$`)
	idParam      = regexp.MustCompile(`(?i)((^|[_-])(nr|no|num|nummer)|id|artikel|article|item|post|node|nyhet|news)$`)
	choices      = regexp.MustCompile(`[,;|+ ]`)
	digitRun     = regexp.MustCompile(`\d+`)
)

func newWays(start *url.URL, pages int) *ways {
	return &ways{many: max(mostSeries, pages), host: siteHost(start), seen: map[string]bool{}, series: map[string]int{}, forms: map[string]int{}}
}

// siteHost is a host with its port, without the www that most hosts answer to as well.
func siteHost(u *url.URL) string {
	h := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if p := u.Port(); p != "" && !(u.Scheme == "https" && p == "443") && !(u.Scheme == "http" && p == "80") {
		h += ":" + p
	}
	return h
}

func (w *ways) sameHost(u *url.URL) bool { return siteHost(u) == w.host }

// own reports whether an address lies on the site's host.
func (w *ways) own(address string) bool {
	u, err := url.Parse(address)
	return err == nil && w.sameHost(u)
}

// key is an address in one spelling: without tracking and session, its query in order, of its fragment only what names a view. A slash at the end makes
// no difference.
func (w *ways) key(u *url.URL) string {
	p := path.Clean("/" + u.Path)
	if u.RawPath != "" && strings.Contains(strings.ToLower(u.RawPath), "%2f") { // a slash inside a name
		p = path.Clean("/" + u.RawPath)
	}
	return siteHost(u) + p + "?" + tidyQuery(u.Query()) + "#" + view(u)
}

// view is what a fragment names where the page's script shows another view for each, as "#/news" and "#!/news" do; empty for a place on the page.
func view(u *url.URL) string {
	f := strings.TrimPrefix(u.Fragment, "!")
	if f == u.Fragment && !strings.HasPrefix(f, "/") {
		return ""
	}
	return strings.Trim(f, "/")
}

func tidyQuery(q url.Values) string {
	for k := range q {
		if trackParam.MatchString(k) && !(mayNumber.MatchString(k) && fewDigits.MatchString(q.Get(k))) {
			q.Del(k)
		}
	}
	return q.Encode() // sorted by key
}

// taken notes an address as captured.
func (w *ways) taken(address string) {
	if u, err := url.Parse(address); err == nil {
		w.seen[w.key(u)] = true
	}
}

// first reports whether a key is met for the first time, and notes it.
func (w *ways) first(key string) bool {
	if w.seen[key] {
		return false
	}
	w.seen[key] = true
	return true
}

// judge says whether an address is to be gone, and gives it tidied. An address that is gone counts as met from then on.
// Where it is one of a kind, there may be enough of them already.
func (w *ways) judge(address string, kinds bool) (*url.URL, string) {
	u, why := w.look(address)
	if why != wayOpen {
		return nil, why
	}
	if !w.first(w.key(u)) {
		return nil, wayKnown
	}
	if !kinds {
		return u, wayOpen
	}
	if why := w.alike(u); why != wayOpen {
		return nil, why
	}
	return u, wayOpen
}

// would reports whether an address would be gone if it were not too far away.
func (w *ways) would(address string) bool {
	u, why := w.look(address)
	return why == wayOpen && !w.seen[w.key(u)]
}

func (w *ways) look(address string) (*url.URL, string) {
	u, err := url.Parse(sessionPart.ReplaceAllString(strings.TrimSpace(address), ""))
	if err == nil {
		u.RawQuery = tidyQuery(u.Query())
	}
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.User != nil, !w.sameHost(u):
		return nil, wayElsewhere
	case fileName.MatchString(u.Path):
		return nil, wayFile
	case actPath(u.Path), actPath(view(u)), actQuery(u.Query()):
		return nil, wayAct
	case len(address) > longestWay, strings.Count(u.Path, "/") > deepestPath, repeats(u.Path):
		return nil, wayEndless
	}
	if view(u) == "" {
		u.Fragment, u.RawFragment = "", ""
	}
	u.Host = strings.ToLower(u.Host)
	return u, wayOpen
}

// actPath reports a path with a part that does something.
func actPath(p string) bool {
	for part := range strings.SplitSeq(p, "/") {
		if actWord.MatchString(part) {
			return true
		}
	}
	return false
}

// actQuery reports a query that asks for something to be done, or that carries a secret.
func actQuery(q url.Values) bool {
	for k, vs := range q {
		switch low := strings.ToLower(k); {
		case low == "s", low == "q", low == "action", low == "do", low == "replytocom", actWord.MatchString(low), secretParam.MatchString(low):
			return true
		}
		for _, v := range vs {
			if actWord.MatchString(v) {
				return true
			}
		}
	}
	return false
}

// repeats reports a path that has the same folder three times: a link that leads ever deeper into itself.
func repeats(p string) bool {
	n := map[string]int{}
	for part := range strings.SplitSeq(p, "/") {
		if part != "" && len(part) > 1 {
			if n[part]++; n[part] >= 3 {
				return true
			}
		}
	}
	return false
}

// queryKind tells whether an address is a day's or a month's of a calendar, whether its query only numbers the pages of a list, and whether it names one thing.
func queryKind(u *url.URL, q url.Values) (byDate, byPage, byID bool) {
	calendar := calendarWord.MatchString(u.Path)
	byDate, byPage = calendar && dateNumber.MatchString(u.Path), len(q) > 0
	for k, vs := range q {
		dated := dateNumber.MatchString(q.Get(k))
		byDate = byDate || dateParam.MatchString(k) || dated && (spanParam.MatchString(k) || calendar)
		byPage = byPage && pageParam.MatchString(k)
		// A query of one thing names pages as a path does; what a filter makes without end are choices put together.
		byID = byID || len(vs) == 1 && !choices.MatchString(vs[0]) && (len(q) == 1 || idParam.MatchString(k))
	}
	return byDate, byPage, byID
}

// alike counts an address among those like it, and says whether there are enough of them already: days of a calendar and choices of a
// filter, which a site makes without end, or numbered pages.
func (w *ways) alike(u *url.URL) string {
	q := u.Query()
	if len(q) > mostParams {
		return wayEndless
	}
	byDate, byPage, byID := queryKind(u, q)
	keys := slices.Sorted(maps.Keys(q))
	pattern := digitRun.ReplaceAllString(u.Path, "#") + "?" + strings.Join(keys, "&")
	switch {
	case byDate:
		if w.series[pattern]++; w.series[pattern] > mostDates {
			return wayEndless
		}
	case len(q) > 0 && !byPage && !byID:
		if w.forms[u.Path]++; w.forms[u.Path] > mostForms {
			return wayEndless
		}
	case byPage || byID || digitRun.MatchString(u.Path):
		if w.series[pattern]++; w.series[pattern] > w.many {
			return waySeries
		}
	}
	return wayOpen
}
