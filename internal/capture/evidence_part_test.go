package capture

import (
	"net/http"
	"strings"
	"testing"

	"arsring/internal/register"
)

const postWithComments = `<!doctype html><title>Simhallen öppnar</title><main><article><h1>Simhallen öppnar</h1><p><b>Älvsunda kommun</b> <time datetime="2026-10-15T08:12:00+02:00"><a href="/p/17">15 oktober</a></time></p><p>Simhallen öppnar igen på måndag.</p><h2 id="avsnitt-2">Tider</h2><p>Klockan 6 till 21.</p>
<section class="comments"><h2>Kommentarer</h2><div class="comment" id="c1"><a class="author" href="/u/Maja">Maja</a> <time datetime="2026-10-15T09:00:00+02:00"><a href="#c1">kl. 9</a></time><p>Vad bra!</p></div><div class="comment" id="c2"><a class="author" href="/u/Nils">Nils</a> <time datetime="2026-10-15T10:00:00+02:00"><a href="#c2">kl. 10</a></time><p>Äntligen.</p></div><p id="c4">Borttagen</p></section></article></main>`

// A comment that the address names by a fragment is that comment, or it is not found; a fragment that names a part of the post is the post.
func TestEvidenceFragment(t *testing.T) {
	t.Parallel()
	s := newStage(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(postWithComments)) }))
	for hash, want := range map[string]struct{ code, text string }{
		"#c2": {"ok", "Äntligen."}, "#c9": {"comment-not-found", ""}, "#c4": {"comment-not-found", ""}, "#r-1234": {"comment-not-found", ""},
		"#avsnitt-2": {"ok", "Simhallen öppnar igen på måndag."}, "#p17": {"ok", "Simhallen öppnar igen på måndag."}, "#top": {"ok", "Simhallen öppnar igen på måndag."}, "": {"ok", "Simhallen öppnar igen på måndag."},
	} {
		t.Run(hash, func(t *testing.T) {
			s.t = t
			c := s.captureJob(evidenceJob(s.home+"/", s.home+"/p/17?ref="+strings.Trim(hash, "#")+hash))
			if c.Code != want.code {
				t.Fatalf("%s, %s; want %s", c.Outcome, c.Code, want.code)
			}
			if p := FindPost(c.Posts, c.Job.Evidence.Post); want.text != "" && (p == nil || !strings.Contains(p.Text, want.text)) {
				t.Errorf("got %+v, want %q", p, want.text)
			}
		})
	}
}

// A page may lead on, say that the post is gone, keep its comments on several pages, count more than it shows, or use a number twice.
func TestEvidenceElsewhere(t *testing.T) {
	t.Parallel()
	post := func(link, text, comments string) string {
		return `<!doctype html><title>Inlägg</title><main><article><p><a class="author" href="/konto">Älvsunda kommun</a> <a href="` + link + `"><time datetime="2026-10-15T08:12:00+02:00">15 oktober</time></a></p><p>` + text +
			`</p><section class="comments"><h2>Kommentarer</h2>` + comments + `</section></article></main>`
	}
	comment := func(id, who, text string) string {
		return `<div class="comment" id="comment-` + id + `"><a class="author" href="/u/` + who + `">` + who + `</a> <a href="#comment-` + id + `"><time datetime="2026-10-15T09:00:00+02:00">kl. 9</time></a><p>` + text + `</p></div>`
	}
	s := newStage(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := ""
		switch q := r.URL.Query(); r.URL.Path {
		case "/trad":
			if q.Get("t") == "17" {
				http.Redirect(w, r, "/trad?t=18", http.StatusFound)
				return
			}
			page = post("/trad?t="+q.Get("t"), "Tråden.", comment("1", "Maja", "Vad bra!"))
		case "/kort":
			http.Redirect(w, r, "/P/19?okand=1", http.StatusFound)
			return
		case "/P/19":
			page = post("/p/19", "Nitton.", comment("1", "Maja", "Samma nummer.")+comment("1", "Nils", "Ett annat svar med samma nummer."))
		case "/borta":
			page = post("/borta", "[borttaget]", comment("2", "Nils", "Den här kommentaren har tagits bort av administratören."))
		case "/sidor":
			page = post("/sidor", "Två sidor.", comment("1", "Maja", "Först.")+`<a href="/sidor?cpage=2">2</a>`)
			if q.Get("cpage") == "2" {
				page = post("/sidor", "Två sidor.", comment("88", "Nils", "På sida två.")+`<a href="/sidor?cpage=1">1</a>`)
			}
		case "/antal":
			page = strings.Replace(post("/antal", "Tjugofem.", comment("1", "Maja", "Vad bra!")), "Kommentarer", "25 kommentarer", 1)
		}
		_, _ = w.Write([]byte(page))
	}))
	for _, x := range []struct{ address, code, text, lack string }{
		{"/trad?t=17", "post-not-found", "", ""}, {"/trad?t=18", "ok", "Tråden.", ""}, {"/kort", "ok", "Nitton.", "address-moved"}, {"/P/19?okand=2#comment-1", "ok", "Samma nummer.", ""},
		{"/borta", "post-removed", "", ""}, {"/borta?ref=2#comment-2", "post-removed", "", ""}, {"/sidor#comment-88", "ok", "På sida två.", ""}, {"/sidor?ref=2#comment-89", "comment-not-found", "", ""},
		{"/antal", "ok", "Tjugofem.", "comments-unopened"},
	} {
		t.Run(x.address, func(t *testing.T) {
			s.t = t
			c := s.captureJob(evidenceJob(s.home+"/konto", s.home+x.address))
			lack := ""
			if len(c.Missing) > 0 {
				lack = c.Missing[0].Code
			}
			if c.Code != x.code || lack != x.lack {
				t.Fatalf("%s, %s, missing %v; want %s, %q", c.Outcome, c.Code, c.Missing, x.code, x.lack)
			}
			if p := FindPost(c.Posts, c.Job.Evidence.Post); x.text != "" && (p == nil || p.Text != x.text || len(p.Tiles) == 0) {
				t.Errorf("got %+v, want %q", p, x.text)
			}
		})
	}
}

// What of an address tells one post from another, and what only says where a visitor came from.
func TestEvidenceAddress(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		a, b string
		same bool
	}{
		{"https://www.youtube.com/watch?v=abc&t=42s", "https://m.youtube.com/watch?v=abc&ab_channel=X", true},
		{"https://x.com/a/status/1?s=20&t=xyz", "https://twitter.com/a/status/1", true},
		{"https://forum.example/viewtopic.php?t=17", "https://forum.example/viewtopic.php?t=18", false},
		{"https://a.example/nyhet/comment-page-2/#comment-9", "https://a.example/nyhet/?cpage=2", true},
		{"https://a.example/p/1?trk=x&fbclid=y&msclkid=z", "https://a.example/p/1/", true},
	} {
		a, _ := placeOf(x.a)
		b, _ := placeOf(x.b)
		if (a.page == b.page) != x.same {
			t.Errorf("%s and %s: %q, %q", x.a, x.b, a.page, b.page)
		}
	}
	own, _ := placeOf("https://a.example/index.php")
	if long, _ := placeOf("https://a.example/index.php?id=7"); own.barer(long) {
		t.Error("a page that may show any post was taken for one")
	}
	acc := register.Account{URL: "https://www.facebook.com/kommunen", AllowedHosts: []string{"bilder.example"}}
	for address, want := range map[string]string{"https://m.facebook.com/p/1": "", "https://fb.me/x": "", "https://bilder.example/1": "", "https://x.com/a": "x.com", "https://facebook.com.evil.example/1": "facebook.com.evil.example"} {
		if got := ForeignHost(acc, address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	for text, want := range map[string]bool{"[deleted]": true, "Borttaget.": true, "Inlägget har tagits bort av moderatorn": true, "This comment has been removed": true, "Ni har tagits bort ur registret": false, "Borttaget ur planen: allt. Skandal!": false, "": false} {
		if isTombstone(&Post{Text: text}) != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
}
