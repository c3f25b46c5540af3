package capture

import (
	"net/http"
	"strings"
	"testing"
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
