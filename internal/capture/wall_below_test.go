package capture

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A login that is asked for over posts or below them, in sight or only by the server that the page's scripts ask, ends the feed: what was reached is
// kept, and is never complete. A login that nothing hangs on, and a button for what was left out between posts, are none.
func TestWallBelow(t *testing.T) {
	t.Parallel()
	s := newStage(t, http.HandlerFunc(below))
	for path, k := range map[string]struct {
		posts   int
		outcome Outcome
		code    string
	}{
		"/below/dialog": {6, Partial, "wall"}, "/below/words": {6, Partial, "wall"}, "/below/asks": {6, Partial, "wall"}, "/below/sent": {6, Partial, "wall"},
		"/below/part": {6, Complete, ""}, "/below/gap": {9, Complete, ""}, "/below/members": {7, Partial, "posts-withheld"}, "/below/pages/": {18, Complete, ""},
		"/below/none": {0, Partial, "content-missing"},
	} {
		t.Run(strings.Trim(path[7:], "/"), func(t *testing.T) {
			s.t = t
			c := s.capture(path)
			if got := strings.Join(codes(c), " "); len(c.Posts) != k.posts || c.Outcome != k.outcome || got != k.code {
				t.Errorf("%d posts, %s, %q; want %d, %s, %q", len(c.Posts), c.Outcome, got, k.posts, k.outcome, k.code)
			}
		})
	}
}

func below(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	const login = `<a href="/login">Logga in</a> <a href="/new">Skapa konto</a>`
	atEnd := func(address string) string {
		return `<p style="height:9000px"></p><script>let asked=0;addEventListener("scroll",()=>{if(!asked++)fetch("` + address + `").catch(()=>0)})</script>`
	}
	page, rest := belowPosts(0, 6), ""
	switch r.URL.Path {
	case "/below/dialog":
		rest = `<div role="dialog" aria-modal="true" style="position:fixed;inset:0;background:#fffe;z-index:9"><h2>Se mer från Älvsunda kommun</h2><input><input type="password"><button>Logga in</button></div><style>body{overflow:hidden}</style>`
	case "/below/words":
		rest = `<div><h3>Logga in för att se fler inlägg</h3>` + login + `</div>`
	case "/below/part":
		rest = `<div><p>Logga in för att kommentera</p>` + login + `</div>`
	case "/below/asks":
		rest = atEnd("/below/401")
	case "/below/401":
		w.WriteHeader(http.StatusUnauthorized)
		return
	case "/below/sent":
		rest = atEnd("/below/more") + `<script>fetch("/below/more?first")</script>`
	case "/below/more":
		if r.URL.RawQuery != "first" {
			http.Redirect(w, r, "/login", http.StatusFound)
		}
		return
	case "/below/gap":
		rest = `<script>const b=document.createElement("button");b.textContent="Visa fler";b.style="display:block;width:100%";b.onclick=()=>{b.insertAdjacentHTML("beforebegin",` + "`" + belowPosts(3, 6) + "`" + `);b.remove()};document.querySelectorAll("article")[3].before(b)</script>`
		page = belowPosts(0, 3) + belowPosts(6, 9)
	case "/below/members":
		page += `<article><b>Älvsunda kommun</b> <time datetime="2026-09-01T10:00:00+02:00">1 september 2026</time><p>🔒 Endast medlemmar kan se det här inlägget.</p></article>`
	case "/below/none":
		page, rest = `<p>1 480 inlägg</p><p>Inga inlägg att visa</p>`, ``
	case "/below/pages/", "/below/pages/2", "/below/pages/3":
		at, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/below/pages/"))
		at = max(1, at)
		page = belowPosts(at*6-6, at*6)
		if at > 1 {
			rest = fmt.Sprintf(`<a href="/below/pages/%d">Föregående sida</a> `, at-1)
		}
		if at < 3 {
			rest += fmt.Sprintf(`<a href="/below/pages/%d">Nästa sida</a>`, at+1)
		}
	}
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="sv"><link rel="icon" href="data:,"><title>Älvsunda kommun</title><h1>Älvsunda kommun</h1><main><div>%s</div></main>%s<a href="/om">Om oss</a>`, page, rest)
}

func belowPosts(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		at := time.Date(2026, 10, 20, 10, 0, 0, 0, time.UTC).AddDate(0, 0, -i)
		fmt.Fprintf(&b, `<article><b>Älvsunda kommun</b> <time datetime="%s">%s</time><p>Inlägg nummer %d om vägen vid torget och vad som händer där.</p></article>`, at.Format(time.RFC3339), at.Format("2006-01-02 15:04"), i)
	}
	return b.String()
}
