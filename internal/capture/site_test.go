package capture

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestSiteFaults: what may pass is tried again, what does not pass makes the capture partial, and what leads to nothing does not. Views that a script shows
// by the fragment are pages; places on a page are not.
func TestSiteFaults(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	asked := map[string]int{}
	s := newStage(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path]++
		n := asked[r.URL.Path]
		mu.Unlock()
		switch r.URL.Path {
		case "/robots.txt", "/sitemap.xml", "/gone":
			http.NotFound(w, r)
			return
		case "/broken":
			w.WriteHeader(http.StatusBadGateway)
			return
		case "/once":
			if n == 1 {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		body := fmt.Sprintf("<h1>Sidan %s</h1><p>Kommunen berättar om %s.</p>", r.URL.Path, r.URL.Path)
		switch r.URL.Path {
		case "/":
			if r.URL.Query().Has("broken") {
				body += "<a href=/broken>trasig</a>"
				break
			}
			for _, a := range []string{"/once", "/gone", "/views#/badet", "/views#/skolan", "/views#!/vintern", "/long#slutet", "/long#mitten", "/views#/logga-in"} {
				body += fmt.Sprintf("<p><a href=%q>%s</a></p>", a, a)
			}
		case "/views":
			body = `<h1 id=h></h1><p id=p></p><script>(onhashchange = () => { h.textContent = "Vy " + location.hash; p.textContent = "Här står om " + location.hash; })()</script>`
		}
		fmt.Fprintf(w, "<!doctype html><html lang=sv><link rel=icon href='data:,'><title>%s</title><body>%s", r.URL.Path, body)
	}))
	s.tab.b.o.Site = Site{Pages: 30, Depth: 2, Robots: true}
	c := s.capture("/")
	var titles []string
	for _, p := range c.Pages[1:] {
		for _, b := range p.Blocks {
			if b.Kind == "h" {
				titles = append(titles, b.Text)
			}
		}
	}
	slices.Sort(titles)
	if got, want := strings.Join(titles, ", "), "Sidan /long, Sidan /once, Vy #!/vintern, Vy #/badet, Vy #/skolan"; got != want {
		t.Errorf("kept %q, not %q", got, want)
	}
	if c.Outcome != Complete {
		t.Errorf("%s: %+v", c.Outcome, c.Missing)
	}
	c = s.capture("/?broken")
	if c.Outcome != Partial || !slices.ContainsFunc(c.Missing, func(m Missing) bool {
		return m.Code == "pages-lost" && strings.Contains(m.Text.SV, "/broken (http-502)")
	}) {
		t.Errorf("with a page that answers 502: %s: %+v", c.Outcome, c.Missing)
	}
}
