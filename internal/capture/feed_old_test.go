package capture

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestOldFirst: a page that begins with old posts, and does not say that they were put there, is read on until posts of the period are met. A time of change
// beside the word for it is that of the change.
func TestOldFirst(t *testing.T) {
	t.Parallel()
	post := func(name string, at time.Time, more string) string {
		return fmt.Sprintf(`<article><h2><a href="/p/%s">Inlägg %[1]s</a></h2><time datetime="%s">%s</time>%s<p>Texten i inlägg %[1]s om det som hände den dagen.</p></article>`, name, at.Format(time.RFC3339), at.Format("2006-01-02 15:04"), more)
	}
	changed := visitNow.AddDate(0, 0, -1).Truncate(time.Minute)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var out strings.Builder
		next := `<a rel=next href="/?page=2">Nästa</a>`
		if r.URL.Query().Get("page") == "2" {
			next = ""
		}
		for i := range 6 {
			switch {
			case r.URL.Query().Get("page") != "2":
				out.WriteString(post(fmt.Sprint("old", i), visitNow.AddDate(-2, 0, -i), ""))
			case i == 0:
				out.WriteString(post("new0", visitNow.AddDate(0, 0, -3), fmt.Sprintf(`<p>Uppdaterad: <time datetime="%s">%s</time></p>`, changed.Format(time.RFC3339), changed.Format("2006-01-02 15:04"))))
			default:
				out.WriteString(post(fmt.Sprint("new", i), visitNow.AddDate(0, 0, -3*i-3), ""))
			}
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang=sv><link rel=icon href="data:,"><title>Kommunen</title><h1>Kommunen</h1><main role=feed>%s</main><nav><a href="/?page=1">1</a> %s</nav>`, out.String(), next)
	}))
	t.Cleanup(srv.Close)
	from := visitNow.AddDate(0, -2, 0)
	c := snap(t, Job{URL: srv.URL + "/", WantedFrom: &from})
	n := 0
	for _, p := range c.Posts {
		if strings.Contains(p.Permalink, "/p/new") {
			n++
		}
		if strings.HasSuffix(p.Permalink, "/new0") && (p.Edited == nil || !p.Edited.Equal(changed) || !p.Published.Equal(visitNow.AddDate(0, 0, -3).Truncate(time.Second))) {
			t.Errorf("published %v, changed %v", p.Published, p.Edited)
		}
	}
	if n != 6 || c.Outcome != Complete {
		t.Errorf("%d of 6 posts of the period, %s %v", n, c.Outcome, c.Missing)
	}
}
