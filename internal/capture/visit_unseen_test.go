package capture

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"arsring/internal/register"
)

// unseenPost is a post of a site that the code has not been written for.
type unseenPost struct {
	title, text string
	comments    []string // "author: text", a leading ">" answers the one before
}

func unseenPosts(n int) []unseenPost {
	var out []unseenPost
	for i := range n {
		p := unseenPost{title: fmt.Sprintf("Rubrik nummer %d om vägen", i), text: fmt.Sprintf("Första meningen i inlägg %d.\n\nAndra stycket %d är längre och handlar om bron över ån.\n\nSista stycket %d.", i, i, i)}
		for j := range i % 4 {
			p.comments = append(p.comments, fmt.Sprintf("Person %d%d: Kommentar %d till inlägg %d.", i, j, j, i))
		}
		if i%4 == 3 {
			p.comments = append(p.comments, fmt.Sprintf(">Älvsunda kommun: Svar till inlägg %d.", i))
		}
		out = append(out, p)
	}
	return out
}

func unseenTime(i, j int) string {
	return visitNow.AddDate(0, 0, -2*i-1).Add(-3e9 * 60).Add(6e10 * 7 * 1).Add(6e10 * 5 * 1).Format("2006-01-02T15:04:05Z")[:17] + fmt.Sprintf("%02dZ", j)
}

// theme is a blog whose list tells neither how many comments there are nor that there are any.
func theme(posts []unseenPost, pageSize int) http.Handler {
	mux := http.NewServeMux()
	shell := func(w http.ResponseWriter, title, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="sv"><title>%s – Bloggen</title><style>body{font:16px serif;max-width:800px;margin:auto}li{margin:20px 0}</style><header><p><a href="/">Bloggen</a></p><nav><a href="/om">Om</a></nav></header><main>%s</main><footer>Drivs med stolthet</footer>`, title, body)
	}
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		var b strings.Builder
		b.WriteString(`<ul class="qz-tpl">`)
		for i, p := range posts {
			first, _, _ := strings.Cut(p.text, "\n")
			fmt.Fprintf(&b, `<li><h2><a href="/a/%d/">%s</a></h2><div><p>%s […] </p></div><div><a href="/a/%d/"><time datetime="%s">%d nov</time></a></div></li>`, i, p.title, first, i, unseenTime(i, 0), i)
		}
		shell(w, "Start", b.String()+"</ul>")
	})
	mux.HandleFunc("/a/{n}/{rest...}", func(w http.ResponseWriter, r *http.Request) {
		i, _ := strconv.Atoi(r.PathValue("n"))
		p := posts[i]
		from, to := 0, len(p.comments)
		pager := ""
		if pageSize > 0 && len(p.comments) > pageSize {
			if strings.HasPrefix(r.PathValue("rest"), "comment-page-1") {
				to = pageSize
				pager = fmt.Sprintf(`<nav><a href="/a/%d/comment-page-2/#comments">Nyare kommentarer</a></nav>`, i)
			} else {
				from = pageSize
				pager = fmt.Sprintf(`<nav><a href="/a/%d/comment-page-1/#comments">Äldre kommentarer</a></nav>`, i)
			}
		}
		var b strings.Builder
		fmt.Fprintf(&b, `<h1>%s</h1><div><span>Skrivet av <a rel="author" href="/av/kommun">Älvsunda kommun</a> den <time datetime="%s">%d nov</time></span></div><div class="qz-body"><p>%s</p></div>`, p.title, unseenTime(i, 0), i, strings.ReplaceAll(p.text, "\n\n", "</p><p>"))
		if i > 0 {
			fmt.Fprintf(&b, `<nav><a rel="next" href="/a/%d/">%s</a></nav>`, i-1, posts[i-1].title)
		}
		if len(p.comments) > 0 {
			fmt.Fprintf(&b, `<section><h2>%d tankar om ”%s”</h2><ol>`, len(p.comments), p.title)
			for j := from; j < to; j++ {
				who, said, _ := strings.Cut(strings.TrimPrefix(p.comments[j], ">"), ": ")
				reply := strings.HasPrefix(p.comments[j], ">")
				if reply {
					b.WriteString(`<ol style="margin-left:40px">`)
				}
				fmt.Fprintf(&b, `<li id="comment-%d%d"><div><b>%s</b> <span>skriver:</span></div><div><a href="/a/%d/#comment-%d%d"><time datetime="%s">%d nov</time></a></div><div><p>%s</p></div><div><a rel="nofollow" href="/a/%d/?replytocom=%d">Svara</a></div></li>`,
					i, j, who, i, i, j, unseenTime(i, j+1), i, said, i, j)
				if reply {
					b.WriteString(`</ol>`)
				}
			}
			b.WriteString(`</ol>` + pager + `</section>`)
		}
		b.WriteString(`<div id="respond"><h3>Lämna ett svar</h3><form action="/x" method="post"><textarea name="comment"></textarea><input type="submit" value="Skicka"></form></div>`)
		b.WriteString(`<section><h2>Relaterade inlägg</h2>`)
		for k := range 3 {
			fmt.Fprintf(&b, `<article><h3><a href="/a/%d/">%s</a></h3><b>Älvsunda kommun</b> <time datetime="%s">%d nov</time><p>Puff.</p></article>`, (i+k+1)%len(posts), posts[(i+k+1)%len(posts)].title, unseenTime(k, 0), k)
		}
		shell(w, p.title, b.String()+`</section>`)
	})
	return mux
}

// checkUnseen compares what was kept with the posts, newest first.
func checkUnseen(t *testing.T, c *Capture, posts []unseenPost, title bool) {
	t.Helper()
	if len(c.Posts) != len(posts) {
		t.Errorf("%d posts of %d", len(c.Posts), len(posts))
	}
	for i, want := range posts {
		at := slices.IndexFunc(c.Posts, func(p Post) bool { return strings.Contains(p.Text, strings.Split(want.text, "\n")[0]) })
		if at < 0 {
			t.Errorf("post %d is missing", i)
			continue
		}
		got := c.Posts[at]
		text := want.text
		if title {
			text = want.title + "\n\n" + text
		}
		if strings.Join(strings.Fields(got.Text), " ") != strings.Join(strings.Fields(text), " ") {
			t.Errorf("post %d says %q, not %q", i, got.Text, text)
		}
		var said []string
		for _, g := range pieces(got.Comments, 0) {
			said = append(said, strings.Repeat(">", g.depth)+g.Author+": "+g.Text)
			if g.Published == nil || g.PublishedPrecision != preciseMinute {
				t.Errorf("post %d: comment %q has the time %v", i, g.Text, g.Published)
			}
			if own := strings.HasPrefix(g.Author, "Älvsunda"); own != (g.Origin == OriginOwn) {
				t.Errorf("post %d: comment by %s is %s", i, g.Author, g.Origin)
			}
		}
		slices.Sort(said)
		wanted := slices.Sorted(slices.Values(want.comments))
		if !slices.Equal(said, wanted) {
			t.Errorf("post %d has the comments\n%q, not\n%q", i, said, wanted)
		}
	}
}

func snapHandler(t *testing.T, h http.Handler, job Job) *Capture {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	job.URL = srv.URL + "/"
	job.Account = register.Account{ID: "konto", URL: job.URL, Title: "Älvsunda kommun"}
	c := snap(t, job)
	t.Logf("%d tiles, %s %s, missing %v", len(c.Tiles), c.Outcome, c.Period.Stop, c.Missing)
	return c
}

// TestUnsignedBlog finds texts and comments of a blog whose list shows excerpts and no sign of comments; answers lie on pages of their own.
func TestUnsignedBlog(t *testing.T) {
	t.Parallel()
	posts := unseenPosts(8)
	c := snapHandler(t, theme(posts, 2), Job{})
	checkUnseen(t, c, posts, true)
	if c.Outcome != Complete {
		t.Errorf("the outcome is %s: %v", c.Outcome, c.Missing)
	}
}

// TestPostPageFails says how many own pages could not be read, and never calls that complete.
func TestPostPageFails(t *testing.T) {
	t.Parallel()
	posts := unseenPosts(6)
	good := theme(posts, 0)
	c := snapHandler(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a/3/" {
			http.Error(w, "trasig", http.StatusInternalServerError)
			return
		}
		good.ServeHTTP(w, r)
	}), Job{})
	if c.Outcome != Partial || !slices.ContainsFunc(c.Missing, func(m Missing) bool { return m.Code == "post-page" && strings.Contains(m.Text.SV, "1 inlägg") }) {
		t.Errorf("the outcome is %s: %v", c.Outcome, c.Missing)
	}
	if len(c.Posts) != len(posts) || len(c.Posts[2].Comments) != 2 {
		t.Errorf("%d posts kept", len(c.Posts))
	}
}

// Own pages that are not tried any more, because too many in a row could not be read, are counted.
func TestPostPageFailsOften(t *testing.T) {
	t.Parallel()
	good := theme(unseenPosts(9), 0)
	c := snapHandler(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/a/") {
			http.NotFound(w, r)
			return
		}
		good.ServeHTTP(w, r)
	}), Job{})
	if c.Outcome != Partial || !slices.ContainsFunc(c.Missing, func(m Missing) bool {
		return m.Code == "post-pages-untried" && strings.HasPrefix(m.Text.SV, "4 inlägg")
	}) {
		t.Errorf("the outcome is %s: %v", c.Outcome, c.Missing)
	}
}

// scrolled is a list of films whose comments come, ten at a time, when the end of the page is reached. drop is how many may stay in the document;
// hidden is how many comments the page counts and never shows.
func scrolled(posts []unseenPost, drop, hidden int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, `<!doctype html><html lang="sv"><title>Filmer</title><h1>Älvsunda kommun</h1><div>`)
		for i, p := range posts {
			_, _ = fmt.Fprintf(w, `<div style="display:flex;gap:20px;margin:12px"><a href="/film?id=%d"><div style="width:160px;height:90px;background:#9bc">▶</div></a><div><div><a href="/film?id=%d">%s</a></div><div><span>%d visningar</span> · <span>för %d dagar sedan</span></div></div></div>`, i, i, p.title, 100+i, 2*i+1)
		}
	})
	mux.HandleFunc("/film", func(w http.ResponseWriter, r *http.Request) {
		i, _ := strconv.Atoi(r.URL.Query().Get("id"))
		p := posts[i]
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="sv"><title>%s</title><meta property="article:published_time" content="%s"><div class="k1"><div style="height:500px;background:#123"></div><h1>%s</h1><div><a href="/kanal">Älvsunda kommun</a></div><div style="white-space:pre-line">%s</div></div>
<div class="k2"><div class="k3">%d kommentarer</div><div id="q"></div><div id="s" role="progressbar" style="height:40px">…</div></div>
<div style="position:absolute;right:0;top:0;width:200px">%s</div>
<script>let at=0;const q=document.getElementById('q'),s=document.getElementById('s');let busy=false;
async function more(){if(busy)return;busy=true;const r=await fetch('/film/c?id=%d&from='+at);const l=await r.json();at+=l.length;
for(const h of l){const d=document.createElement('div');d.innerHTML=h;q.append(d.firstElementChild);}
while(%d&&q.children.length>%d){const f=q.firstElementChild;const h=f.getBoundingClientRect().height;f.remove();q.style.paddingTop=(parseFloat(q.style.paddingTop||0)+h)+'px';}
busy=false;if(l.length<10)s.remove();else{o.unobserve(s);o.observe(s);}}
const o=new IntersectionObserver(e=>{if(e.some(x=>x.isIntersecting))more();});o.observe(s);</script>`,
			p.title, unseenTime(i, 0), p.title, p.text, len(p.comments)+hidden, strings.Repeat(`<div><a href="/film?id=9">En annan film</a> <span>för 3 dagar sedan</span></div>`, 6), i, drop, drop)
	})
	mux.HandleFunc("/film/c", func(w http.ResponseWriter, r *http.Request) {
		i, _ := strconv.Atoi(r.URL.Query().Get("id"))
		from, _ := strconv.Atoi(r.URL.Query().Get("from"))
		list := []string{}
		for j, c := range posts[i].comments[from:min(from+10, len(posts[i].comments))] {
			who, said, _ := strings.Cut(c, ": ")
			list = append(list, fmt.Sprintf(`<div style="min-height:90px"><div><a href="/k/%d%d">%s</a> <time datetime="%s">för %d dagar sedan</time></div><div>%s</div><div><button>Gilla</button> <button>Svara</button></div></div>`, i, from+j, who, unseenTime(i, from+j+1), 2*i, said))
		}
		_ = json.NewEncoder(w).Encode(list)
	})
	return mux
}

// TestCommentsThatCome finds comments that load while the page is scrolled, also where those that were passed leave the document again, and says
// how many the page counts and does not show.
func TestCommentsThatCome(t *testing.T) {
	t.Parallel()
	posts := unseenPosts(4)
	posts[1].comments, posts[3].comments = nil, nil
	for j := range 34 {
		posts[1].comments = append(posts[1].comments, fmt.Sprintf("Person %d: Det här är kommentar nummer %d.", j, j))
	}
	t.Run("all stay", func(t *testing.T) {
		c := snapHandler(t, scrolled(posts, 0, 0), Job{})
		checkUnseen(t, c, posts, true)
		if c.Outcome != Complete {
			t.Errorf("the outcome is %s: %v", c.Outcome, c.Missing)
		}
	})
	t.Run("passed ones leave", func(t *testing.T) {
		c := snapHandler(t, scrolled(posts, 20, 2), Job{})
		checkUnseen(t, c, posts, true)
		if c.Outcome != Partial || !slices.ContainsFunc(c.Missing, func(m Missing) bool { return m.Code == "comments-unopened" && strings.HasPrefix(m.Text.SV, "8 av ") }) {
			t.Errorf("the outcome is %s: %v", c.Outcome, c.Missing)
		}
	})
}
