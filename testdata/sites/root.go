package sites

import (
	"html/template"
	"net/http"
	"strings"
)

var rootPage = template.Must(template.New("root").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Fixture sites</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}dt{font-weight:600}dd{margin:0 0 .6rem}</style>
<h1>Fixture sites</h1><p>Imitations made for tests and demonstrations. Nothing here belongs to a real municipality or platform.</p>
<dl>{{range .}}<dt><a href="{{.Path}}">{{.Name}}</a> <small><a href="{{.Path}}truth.json">truth</a></small></dt><dd>{{.Notes}}</dd>{{end}}</dl></html>`))

// serveRoot answers what belongs to the host and not to a site.
func (srv *server) serveRoot(w http.ResponseWriter, r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/api/v") || strings.HasPrefix(r.URL.Path, "/@") { // where this platform's servers have them
		r.URL.Path = "/mastodon" + r.URL.Path
		return false
	}
	switch r.URL.Path {
	case "/":
		var list []Site
		for _, s := range srv.order {
			list = append(list, Site{Name: s.name, Path: s.path(), Notes: s.notes})
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = rootPage.Execute(w, list) // the visitor went away
	case "/favicon.ico":
		w.WriteHeader(http.StatusNoContent)
	case "/robots.txt":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte(robots(r)))
	default:
		return false
	}
	return true
}

// robots is the host's robots.txt.
func robots(r *http.Request) string {
	return strings.Join([]string{"User-agent: *", "Disallow: /plain/internt/", "Allow: /", "Sitemap: http://" + r.Host + "/plain/sitemap.xml", ""}, "\n")
}
