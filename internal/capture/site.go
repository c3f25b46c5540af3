package capture

import (
	"context"
	_ "embed"
	"net/url"
	"strings"
	"time"
)

//go:embed js/site.js
var siteJS string

// Site bounds how much of a site is captured beside its start page. The zero value captures the one page.
type Site struct {
	Pages  int  // most pages of the host, the start page included; below 2 there are no others
	Depth  int  // most links from the start page; 0 takes only what the sitemap names
	Robots bool // robots.txt is heeded for every page but the start page
	Sheets int  // most sheets of the whole site; 0: no limit
}

// noLoss are the codes of what is said to be missing although the capture holds everything that was its task.
var noLoss = map[string]bool{
	"image-failed": true, "address-not-shown": true, "moved": true, "times-unread": true,
	"page-broken": true, "robots-heeded": true, "robots-ignored": true, "beyond-depth": true, "files-not-fetched": true, "ways-not-taken": true, "ways-endless": true, "sitemap-broken": true,
}

// The bounds of one page of a site, and of what a site may offer.
const (
	sitePageSheets = 60              // sheets of one page: some grow without end as they are scrolled
	sitePageTime   = 2 * time.Minute // for one page
	siteReserve    = 45 * time.Second
	siteWays       = 5000 // links of one page that are looked at
	siteQueue      = 20_000
	siteNamed      = 12 // addresses named in a sentence on what is missing
)

// way is a page that may be captured.
type way struct {
	address string
	key     string // the address in one spelling
	depth   int    // links from the start page; 1 also for what only the sitemap names
	again   bool   // it failed once, in a way that may pass
}

// crawler captures the pages of a site one after the other, through the same tab.
type crawler struct {
	*shooter
	o      Site
	ways   *ways
	robots *robotsRules
	maps   siteMap
	queue  []way

	pictures map[int][]string // of the pages kept, by their place

	lost                                            []string // pages that are there and could not be kept
	broken, heeded, files, untaken, endless, series []string
	beyond                                          int
	stopped                                         string // code of what ended it early
}

// site captures, after the start page, the pages of the same host that the site's map names and that the pages link to, within the limits.
// It returns an error only when the capture itself cannot go on; a page that fails is said to be missing.
func (t *tab) site(ctx context.Context, s *shooter) error {
	if t.b.o.Site.Pages < 2 {
		return nil
	}
	start, err := url.Parse(s.c.Facts.FinalURL)
	if err != nil || start.Host == "" {
		return nil //nolint:nilerr // without an address of its own the page leads nowhere
	}
	w := &crawler{shooter: s, o: t.b.o.Site, ways: newWays(start, t.b.o.Site.Pages), pictures: map[int][]string{}}
	if err := w.begin(ctx, start); err != nil {
		return err
	}
	for len(w.queue) > 0 && w.stopped == "" {
		if w.full(ctx) {
			break
		}
		next := w.queue[0]
		w.queue = w.queue[1:]
		if err := w.visit(ctx, next); err != nil {
			return err
		}
	}
	w.sum()
	return nil
}

// begin reads robots.txt and the sitemap, and queues what the start page links to. Those pages come first: where the limit does not let
// everything in, what the start page shows the way to matters more than the order of a long map.
func (w *crawler) begin(ctx context.Context, start *url.URL) error {
	w.ways.taken(start.String())
	w.ways.taken(w.c.Job.URL)
	var err error
	if w.robots, err = w.t.robots(ctx, start); err != nil {
		return err
	}
	if w.maps, err = w.t.sitemap(ctx, start, w.robots.sitemaps); err != nil {
		return err
	}
	if w.o.Depth > 0 {
		if err := w.follow(ctx, 0); err != nil {
			return err
		}
	}
	home := start.Path[:strings.LastIndexByte(start.Path, '/')+1]
	for _, a := range w.maps.pages {
		// A map covers the whole host; of an account that begins further down only what lies below it is meant.
		if u, err := url.Parse(a); err == nil && strings.HasPrefix(u.Path, home) {
			w.offer(a, 1, true)
		}
	}
	return nil
}

// follow queues what the page in the tab links to; depth is the page's own.
func (w *crawler) follow(ctx context.Context, depth int) error {
	links, err := eval[[]struct {
		URL  string
		File bool
	}](ctx, w.t, "ways", siteWays)
	if err != nil {
		return err
	}
	for _, l := range links {
		if l.File {
			if w.ways.own(l.URL) {
				note(&w.files, withoutSecrets(l.URL))
			}
			continue
		}
		if depth >= w.o.Depth {
			if w.ways.would(l.URL) {
				w.beyond++
			}
			continue
		}
		w.offer(l.URL, depth+1, false)
	}
	return nil
}

// offer queues an address unless it is known, leads elsewhere, or is not to be gone. What the site's map names is no link that is made without end.
func (w *crawler) offer(address string, depth int, mapped bool) {
	u, why := w.ways.judge(address, !mapped)
	switch why {
	case wayOpen:
	case wayFile:
		note(&w.files, withoutSecrets(address))
		return
	case wayEndless:
		note(&w.endless, withoutSecrets(address))
		return
	case waySeries:
		note(&w.series, withoutSecrets(address))
		return
	case wayAct:
		note(&w.untaken, withoutSecrets(address))
		return
	default:
		return
	}
	if w.o.Robots && !w.robots.allows(u) {
		note(&w.heeded, withoutSecrets(u.String()))
		return
	}
	if len(w.queue) < siteQueue {
		w.queue = append(w.queue, way{address: u.String(), key: w.ways.key(u), depth: depth})
	}
}

// full ends the crawl when a limit is reached. What is left in the queue is then missing.
func (w *crawler) full(ctx context.Context) bool {
	deadline, bounded := ctx.Deadline()
	switch {
	case len(w.c.Pages) >= w.o.Pages:
		w.stopped = "limit-pages"
	case w.o.Sheets > 0 && len(w.c.Tiles) >= w.o.Sheets:
		w.stopped = "limit-sheets"
	case bounded && time.Until(deadline) < siteReserve:
		w.stopped = "limit-minutes"
	default:
		return false
	}
	return true
}
