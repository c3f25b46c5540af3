package capture

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"arsring/internal/register"
)

// board is an account without any markup, written here: posts with up to two comments each, arranged in the ways that pages have.
type board struct{ n int }

func (b board) at(i int) time.Time {
	return time.Date(2026, 10, 20, 9, 14, 0, 0, time.UTC).Add(-time.Duration(i) * 37 * time.Hour)
}

func (b board) gap(k int) time.Duration { return time.Duration(k+1) * time.Minute }

func (b board) day(t time.Time) string {
	months := []string{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"}
	return fmt.Sprintf("%d %s %d kl. %02d:%02d", t.Day(), months[t.Month()-1], t.Year(), t.Hour(), t.Minute())
}

func (b board) talk(i int) string {
	var out strings.Builder
	for k := range i % 3 {
		fmt.Fprintf(&out, `<div class="kommentar"><b>Person %d</b> <span>%s</span><p>Kommentar %d om sak %d.</p></div>`, k, b.day(b.at(i).Add(time.Hour)), k, i)
	}
	return out.String()
}

func (b board) post(i int) string {
	return fmt.Sprintf(`<div class="x" style="margin:9px;border:1px solid"><div><strong>Exempelby kommun</strong> <a href="/p/%d">%s</a></div><p>Sak %d: arbetet vid torget går vidare under veckan.</p><div style="height:120px;background:#def"></div><div data-i="%d">%s</div></div>`,
		i, b.day(b.at(i)), i, i, b.talk(i))
}

func (b board) posts(from, n int) string {
	var out strings.Builder
	for i := from; i < min(b.n, from+n); i++ {
		out.WriteString(b.post(i))
	}
	return out.String()
}

const boardFetch = `const get = async (from, n) => (await fetch("/part?from=" + from + "&n=" + n)).json();`

// boardPages are the arrangements, by path.
func (b board) page(path string, number int) string {
	switch path {
	case "buttons":
		return `<div id=f></div><button id=b>Föregående</button> <button id=n>Nästa</button><script>` + boardFetch + `let a = 0; const go = async (d) => { a += d; const r = await get(a, 10); f.innerHTML = r.html; b.disabled = !a; n.disabled = !r.more; scrollTo(0, 0); }; b.onclick = () => go(-10); n.onclick = () => go(10); go(0);</script>`
	case "pressed numbers":
		return `<div id=f></div><ul id=g></ul><script>` + boardFetch + `const go = async (k) => { const r = await get(k * 10, 10); f.innerHTML = r.html; g.innerHTML = ""; for (let i = 0; i * 10 < r.total; i++) { const l = document.createElement("li"); l.innerHTML = "<a href='#'" + (i == k ? " aria-current=page" : "") + ">" + (i + 1) + "</a>"; l.firstChild.onclick = (e) => { e.preventDefault(); go(i); }; g.append(l); } }; go(0);</script>`
	case "linked numbers":
		out := b.posts(number*10, 10) + "<nav>"
		for i := range (b.n + 9) / 10 {
			if i == number {
				out += fmt.Sprintf("<b>%d</b> ", i+1)
			} else {
				out += fmt.Sprintf(`<a href="?sida=%d">%d</a> `, i, i+1)
			}
		}
		return out + "</nav>"
	case "arrows":
		out := b.posts(number*10, 10)
		if number > 0 {
			out += fmt.Sprintf(`<a href="?sida=%d">‹</a>`, number-1)
		}
		if number*10+10 < b.n {
			out += fmt.Sprintf(` <a href="?sida=%d">›</a>`, number+1)
		}
		return out
	case "on top": // and the words are those of no pager
		out := ""
		if number > 0 {
			out = fmt.Sprintf(`<a href="?sida=%d">Bakåt</a> `, number-8)
		}
		if number+8 < b.n {
			out += fmt.Sprintf(`<a href="?sida=%d">Mot slutet</a>`, number+8)
		}
		return out + b.posts(number, 8)
	case "link for more", "form": // shows the same and ten more; asks for the next ten
		from, to := 0, number+10
		if path == "form" {
			from = number
		}
		out := b.posts(from, to-from)
		if to < b.n && path == "form" {
			return out + fmt.Sprintf(`<form action="/form"><input type=hidden name=sida value=%d><button>Nästa sida</button></form>`, to)
		} else if to < b.n {
			out += fmt.Sprintf(`<a href="?sida=%d">Visa fler nyheter</a>`, to)
		}
		return out
	case "stuck": // the button never does anything
		return b.posts(0, 10) + `<button>Nästa sida</button>`
	case "round": // the last page is followed by the first
		return `<div id=f></div><button id=n>Nästa</button><script>` + boardFetch + `let a = -10; const go = async () => { a = (a + 10) % 30; const r = await get(a, 10); f.innerHTML = r.html; }; n.onclick = go; go();</script>`
	case "months":
		out := ""
		for i := 0; i < b.n; i += 7 {
			out += fmt.Sprintf("<details><summary>Del %d</summary>%s</details>", i/7, b.posts(i, 7))
		}
		return out
	case "above":
		return `<button id=o>Visa äldre inlägg</button><div id=f></div><script>` + boardFetch + `let a = 0; const go = async () => { const r = await get(a, 12); a += 12; const d = document.createElement("div"); d.innerHTML = r.html; f.prepend(...[...d.children].reverse()); if (!r.more) o.remove(); }; o.onclick = go; go();</script>`
	case "slow button":
		return `<div id=f></div><span id=n style="cursor:pointer">Läs in fler</span><script>` + boardFetch + `let a = 0; const go = async () => { n.textContent = "Laddar…"; if (a) await new Promise((r) => setTimeout(r, 2500)); const r = await get(a, 18); a += 18; f.insertAdjacentHTML("beforeend", r.html); n.textContent = "Läs in fler"; if (!r.more) n.remove(); }; n.onclick = go; go();</script>`
	case "late comments":
		out := ""
		for i := range b.n {
			out += strings.Replace(b.post(i), b.talk(i)+"</div></div>", "<template>"+b.talk(i)+"</template></div></div>", 1)
		}
		return out + `<script>const o = new IntersectionObserver((es) => es.forEach((e) => { if (!e.isIntersecting) return; o.unobserve(e.target); setTimeout(() => { const t = e.target.querySelector("template"); if (t) t.replaceWith(t.content); }, 700); })); document.querySelectorAll("[data-i]").forEach((e) => o.observe(e));</script>`
	case "again", "broken": // the second batch fails: once, and for ever
		return `<div id=f></div><div id=s></div><script>` + boardFetch + fmt.Sprintf(`const times = %d;`, map[string]int{"again": 1, "broken": 99}[path]) + `let a = 0, k = 0; const more = () => { s.innerHTML = "<button>Visa fler</button>"; s.firstChild.onclick = go; }; const go = async () => { if (a && k++ < times) { s.innerHTML = "Något gick fel. <button>Försök igen</button>"; s.lastChild.onclick = go; return; } const r = await get(a, 12); a += 12; f.insertAdjacentHTML("beforeend", r.html); s.innerHTML = ""; if (r.more) more(); }; go();</script>`
	case "quotes": // each shows an older piece of somebody else
		out := ""
		for i := range 8 {
			out += strings.Replace(b.post(3*i), "<div style=", fmt.Sprintf(`<div><strong>Region Exempel</strong> <a href="/q/%d">%s</a><p>Delat %d.</p></div><div style=`, i, b.day(b.at(3*i).Add(-24*time.Hour)), i), 1)
		}
		return out
	case "talk in pages": // seven comments, three at a time
		out := ""
		for i := range 6 {
			said := ""
			for k := range 7 {
				said += fmt.Sprintf(`<div><b>Person %d</b> <span>%s</span><p>Kommentar %d om sak %d.</p></div>`, k, b.day(b.at(i).Add(time.Duration(k+1)*time.Minute)), k, i)
			}
			out += strings.Replace(b.post(3*i), "</div></div>", "</div><div class=t></div><template>"+said+"</template><button>Föregående</button> <button>Nästa</button></div>", 1)
		}
		return out + `<script>document.querySelectorAll(".t").forEach((t) => { const all = [...t.nextElementSibling.content.children], [p, n] = t.parentElement.querySelectorAll("button"); let a = 0; const go = (d) => { a += d; t.replaceChildren(...all.slice(a, a + 3)); p.disabled = !a; n.disabled = a + 3 >= all.length; }; p.onclick = () => go(-3); n.onclick = () => setTimeout(go, 200, 3); go(0); });</script>`
	case "lone":
		return b.post(2)
	case "framed", "framed for ever": // in a frame that the page's own scripts cannot see into
		return `<iframe sandbox="allow-scripts" src="` + map[string]string{"framed": "/late%20comments", "framed for ever": "/stuck"}[path] + `" style="width:690px;height:500px"></iframe><p>Följ oss.</p>`
	}
	return ""
}

func (b board) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	from, _ := strconv.Atoi(q.Get("from"))
	n, _ := strconv.Atoi(q.Get("n"))
	number, _ := strconv.Atoi(q.Get("sida"))
	path := strings.TrimPrefix(r.URL.Path, "/")
	if path == "part" {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"html": b.posts(from, n), "more": from+n < b.n, "total": b.n})
		return
	}
	body := b.page(path, number)
	if id, ok := strings.CutPrefix(path, "p/"); ok {
		i, _ := strconv.Atoi(id)
		body = b.post(i)
	}
	writeBoard(w, body)
}

func writeBoard(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!doctype html><html lang=sv><link rel=icon href='data:,'><title>Exempelby kommun</title><body style='width:700px'><h1>Exempelby kommun</h1>%s", body)
}

// board captures a page of a board, in a test of its own; one with a star is seen with ARSRING_SOAK only.
func (s *stage) board(t *testing.T, path string, see func(*testing.T, *Capture)) {
	path, long := strings.CutSuffix(path, "*")
	if long && os.Getenv("ARSRING_SOAK") == "" {
		return
	}
	t.Run(path, func(t *testing.T) {
		s.t = t
		see(t, s.capture("/"+strings.ReplaceAll(path, " ", "%20")))
	})
}

// Feeds that are cut into pages, folded away, or begin with their oldest posts are kept whole, and those that cannot be are said not to be.
func TestFeedPages(t *testing.T) {
	t.Parallel() // it waits more than it works
	b := board{n: 24}
	s := newStage(t, b)
	for _, k := range []struct {
		path            string
		posts, comments int
		stop            Stop
		outcome         Outcome
	}{
		{"buttons", 24, 24, StopEndOfFeed, Complete},
		{"pressed numbers*", 24, 24, StopEndOfFeed, Complete},
		{"linked numbers", 24, 24, StopEndOfFeed, Complete},
		{"on top", 24, 24, StopEndOfFeed, Complete},
		{"arrows*", 24, 24, StopEndOfFeed, Complete},
		{"link for more", 24, 24, StopEndOfFeed, Complete},
		{"form", 24, 24, StopEndOfFeed, Complete},
		{"stuck", 10, 9, StopNoGrowth, Partial},
		{"round*", 24, 24, StopLoop, Complete},
		{"months", 24, 24, StopEndOfFeed, Complete},
		{"above", 24, 24, StopEndOfFeed, Complete},
		{"slow button*", 24, 24, StopEndOfFeed, Complete},
		{"late comments", 24, 24, StopEndOfFeed, Complete},
		{"lone", 1, 2, StopEndOfFeed, Complete},
		{"again*", 24, 24, StopEndOfFeed, Complete},
		{"broken", 12, 12, StopNoGrowth, Partial},
		{"quotes", 8, 0, StopEndOfFeed, Complete},
		{"talk in pages", 6, 42, StopEndOfFeed, Complete},
		{"framed", 24, 24, StopEndOfPage, Complete},
		{"framed for ever*", 10, 9, StopEndOfPage, Partial},
	} {
		s.board(t, k.path, func(t *testing.T, c *Capture) {
			if n, comments := count(c.Posts); n != k.posts || comments != k.comments || c.Period.Stop != k.stop || c.Outcome != k.outcome {
				t.Errorf("%d posts, %d comments, stop %s, %s; want %d, %d, %s, %s", n, comments, c.Period.Stop, c.Outcome, k.posts, k.comments, k.stop, k.outcome)
			}
			for _, p := range c.Posts {
				if i, err := strconv.Atoi(p.Permalink[strings.LastIndex(p.Permalink, "/")+1:]); err != nil || p.Published == nil || !p.Published.Equal(stockholm(b.at(i))) || len(p.Tiles) == 0 || p.Origin != OriginOwn {
					t.Errorf("%s: published %v, on sheets %v, by %s (%s)", p.Permalink, p.Published, p.Tiles, p.Author, p.Origin)
				}
			}
		})
	}
}

// stockholm reads a clock as the page's readers do.
func stockholm(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, register.Location())
}
