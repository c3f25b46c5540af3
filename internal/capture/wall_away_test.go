package capture

import (
	"net/http"
	"strconv"
	"testing"
)

// codes lists what a capture says to be missing.
func codes(c *Capture) (out []string) {
	for _, m := range c.Missing {
		out = append(out, m.Code)
	}
	return out
}

func TestLackMoved(t *testing.T) {
	for _, k := range []struct{ wanted, final, code string }{
		{"https://x.example/granby", "https://x.example/", "moved-home"},
		{"https://x.example/granby", "https://other.example/sv/", "moved-home"},
		{"https://x.example/granby", "https://x.example/index.php", "moved-home"},
		{"https://x.example/granby", "https://x.example/nya-granby", "moved"},
		{"https://x.example/profile.php?id=7", "https://x.example/granby", "moved"},
		{"https://x.example/granby", "https://x.example/sok?q=granby", "moved-away"},
		{"https://x.example/granby", "https://x.example/errors/404.html", "moved-away"},
		{"https://x.example/sok", "https://x.example/sv/sok", ""},
		{"http://x.example/granby", "https://www.x.example/Granby/", ""},
		{"https://x.example/@granby", "https://x.example/users/granby", ""},
		{"https://x.example/granby", "https://x.example/#/granby", ""},
		{"https://x.example/granby", "https://granby.x.example/", ""},
		{"https://x.example/", "https://x.example/sv/start", ""},
		{"https://x.example/index.html", "https://x.example/", ""},
	} {
		c := &Capture{Facts: Facts{RequestedURL: k.wanted, FinalURL: k.final}}
		c.lackMoved()
		if got := append(codes(c), "")[0]; got != k.code {
			t.Errorf("%s to %s: %q, want %q", k.wanted, k.final, got, k.code)
		}
	}
}

func TestEndsEarly(t *testing.T) {
	for source, want := range map[string]bool{
		"<!doctype html><html lang=sv><head><title>A</title></head><body><main><h1>A</h1><p>Kommunen bes": true,
		"<h1>A</h1><p>B</p><a href=\"/läs-m":                                                     true,
		"<body class=a><script>var a = 1;":                                                       true,
		"<!doctype html><html lang=sv><title>A</title><body class=b><main><h1>A</h1><p>B</main>": false,
		"<!doctype html><title>A</title><h1>A</h1><div>B":                                        false,
		"<html><body><div>A</body></html>":                                                       false,
		"<h1>1 < 2</h1><p>och 2 < 3":                                                             false,
		"<body class=b><main><p>A</main><script>a = '<div><div>';</script>":                      false,
		"": false,
	} {
		if got := endsEarly(source); got != want {
			t.Errorf("%s: %v", source, got)
		}
	}
}

// away answers with pages that end early or lead elsewhere.
func away(w http.ResponseWriter, r *http.Request) {
	switch page := `<!doctype html><title>Älvsunda kommun</title>` + threePosts; r.URL.Path {
	case "/cut":
		w.Header().Set("Content-Length", strconv.Itoa(len(page)+5000))
		_, _ = w.Write([]byte(page))
	case "/left":
		http.Redirect(w, r, "/", http.StatusFound)
	case "/renamed":
		http.Redirect(w, r, "/other", http.StatusMovedPermanently)
	case "/sent":
		_, _ = w.Write([]byte(page + `<script>setTimeout(() => location.href = "/", 900)</script>`))
	case "/waiting":
		_, _ = w.Write([]byte(`<!doctype html><title>Älvsunda kommun</title><h1>Älvsunda kommun</h1><p>Nyheter från kommunen.</p><div id=f>` + "Laddar…" + `</div><script>fetch("/posts").then((r) => { if (!r.ok) f.textContent = "Inläggen kunde inte laddas."; });</script>`))
	case "/posts":
		w.WriteHeader(http.StatusInternalServerError)
	case "/", "/other":
		_, _ = w.Write([]byte(`<!doctype html><title>Start</title><header><a href="/om">Om</a></header><main><h1>Välkommen</h1>` + paragraphs + `</main>`))
	default:
		http.NotFound(w, r)
	}
}

// A page of which a part came, and one that leads elsewhere, are not kept as if they were what was asked for.
func TestWallAway(t *testing.T) {
	t.Parallel()
	s := newStage(t, http.HandlerFunc(away))
	for path, want := range map[string]struct {
		outcome Outcome
		code    string
	}{"/cut": {Partial, "page-cut"}, "/left": {Partial, "moved-home"}, "/renamed": {Complete, "moved"}, "/sent": {Partial, "moved-home"}, "/waiting": {Partial, "content-missing"}} {
		t.Run(path, func(t *testing.T) {
			s.t = t
			c := s.capture(path)
			found := false
			for _, code := range codes(c) {
				found = found || code == want.code
			}
			if c.Outcome != want.outcome || !found {
				t.Errorf("%s, missing %q; want %s with %s", c.Outcome, codes(c), want.outcome, want.code)
			}
		})
	}
}
