package hostile

import (
	"net/http"
	"slices"
	"strings"
)

// Page is one hostile page.
type Page struct {
	Name string // its path, and its name in tables
	Does string // what it tries
	// Ends are the acceptable ends, each an outcome ("partial"), an outcome with its code ("unreachable/timeout"), or "kept" for complete and partial.
	Ends []string
	// Limit is how many seconds the capture may take beside the time for making its record, on a quiet machine.
	Limit int
	Keeps []string // what the kept text must hold
	Hides []string // what the kept text must not hold
	Quick bool     // one of the few for every run
	TLS   bool     // served encrypted, by a server that asks for a client's certificate

	serve func(s *Site, w http.ResponseWriter, r *http.Request)
}

// Allows reports whether a capture may end like this.
func (p Page) Allows(outcome, code string) bool {
	return slices.ContainsFunc(p.Ends, func(e string) bool {
		if e == "kept" {
			return outcome == "complete" || outcome == "partial"
		}
		o, c, named := strings.Cut(e, "/")
		return o == outcome && (!named || c == code)
	})
}

// Pages lists every hostile page, by what they go for.
func Pages() []Page {
	return slices.Concat(ways, dialogs, burdens, sizes, markup, wires, codings, looks, reaches)
}

// Find gives the page of that name.
func Find(name string) (Page, bool) {
	pages := Pages()
	i := slices.IndexFunc(pages, func(p Page) bool { return p.Name == name })
	if i < 0 {
		return Page{}, false
	}
	return pages[i], true
}

// text is a page whose body is the text as it stands; HERE and CANARY are replaced by the page's own address and that of the canaries.
func text(body string) func(*Site, http.ResponseWriter, *http.Request) {
	return func(s *Site, w http.ResponseWriter, r *http.Request) { s.html(w, r, body) }
}

// script is a page with a few words that runs a script.
func script(js string) func(*Site, http.ResponseWriter, *http.Request) {
	return text("<h1>Badplatser</h1><p>Vattnet är provtaget.</p><script>" + js + "</script>")
}
