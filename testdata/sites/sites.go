package sites

import (
	"net/http"
	"strings"
	"time"
)

// Site is one imitated site.
type Site struct {
	Name  string // e.g. "facebook"; generated ones are "gen/7"
	Path  string // of its page on the server, e.g. "/facebook/"
	Title string
	Feed  bool // it holds posts by date
	Truth Truth
	Notes string // what it imitates and what is difficult about it
}

// Handler serves every site, and a list of them at "/". It keeps what it needs in memory and never ends on its own. It panics only when the
// embedded pages are broken.
func Handler(o Options) http.Handler { return newServer(o) }

// Demo serves a small set of sites that are good to look at (a page of posts with comments, a blog, a campaign page), with today's dates,
// and says which they are.
func Demo(now time.Time) (http.Handler, []Site) {
	srv := newServer(Options{Now: now, Posts: 24, Comments: true})
	var list []Site
	for _, name := range []string{"facebook", "blog", "campaign"} {
		list = append(list, srv.site(srv.specs[name]))
	}
	return srv, list
}

// All returns every site with its truth under the options. Give Options.Now when the result is compared with what a Handler served.
func All(o Options) []Site {
	srv := newServer(o)
	var out []Site
	for _, s := range srv.order {
		out = append(out, srv.site(s))
	}
	return out
}

// ByName returns one site with its truth under the options; "gen/<seed>" names a generated one. The result is false when there is none.
func ByName(name string, o Options) (Site, bool) {
	srv := newServer(o)
	s, _ := srv.find("/" + strings.Trim(name, "/") + "/")
	if s == nil {
		return Site{}, false
	}
	return srv.site(s), true
}

func (srv *server) site(s *spec) Site {
	c := &call{srv: srv, spec: s, o: srv.o.filled(s.own)}
	return Site{Name: s.name, Path: s.path(), Title: s.title, Feed: s.feed, Notes: s.notes, Truth: c.truth()}
}
