package capture

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"arsring/internal/register"
)

// fetchBoard is a board whose posts fetch what they show, one way or another.
type fetchBoard struct{ board }

const fetchTalk = `const say = async (i) => { await new Promise((r) => setTimeout(r, 300)); return (await fetch("/talk?i=" + i)).text(); };`

func (b fetchBoard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	i, _ := strconv.Atoi(r.URL.Query().Get("i"))
	if path == "talk" {
		_, _ = w.Write([]byte(b.talk(i)))
		return
	}
	if path == "more" {
		if r.URL.Query().Get("try") == "0" {
			w.Header().Set("Retry-After", "2")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		r.URL.Path = "/part"
		b.board.ServeHTTP(w, r)
		return
	}
	body := b.arranged(path, i)
	if of, ok := strings.CutPrefix(path, "own/"); ok {
		i, _ := strconv.Atoi(of)
		body = fmt.Sprintf(`<article><div><strong>Exempelby kommun</strong> <span>%s</span></div><p>Sak %d: arbetet vid torget går vidare.</p><h2>Kommentarer (%d)</h2><div id=c></div></article><script>%s setTimeout(async () => { c.innerHTML = await say(%d); }, 1000);</script>`,
			b.day(b.at(i)), i, i%3, fetchTalk, i)
	}
	if body == "" {
		b.board.ServeHTTP(w, r)
		return
	}
	writeBoard(w, body)
}

func (b fetchBoard) arranged(path string, page int) string {
	each := func(one func(i int) string) string {
		var out strings.Builder
		for i := range b.n {
			fmt.Fprintf(&out, `<div style="border:1px solid;margin:9px"><div><strong>Exempelby kommun</strong> <span>%s</span></div><p>Sak %d: arbetet vid torget går vidare.</p><div style="height:90px;background:#def"></div>%s</div>`, b.day(b.at(i)), i, one(i))
		}
		return out.String()
	}
	asks := func(label, then string) string {
		return each(func(i int) string {
			if i%3 == 0 {
				return `<span role=button aria-label="Mer" tabindex=0>⋯</span>`
			}
			return fmt.Sprintf(`<span role=button aria-label="Mer" tabindex=0>⋯</span><div><button onclick="more(this, %d)">`+label+`</button></div>`, i, i%3)
		}) + `<script>` + fetchTalk + `const more = async (b, i) => { const box = b.parentElement; ` + then + ` };</script>`
	}
	switch path {
	case "vanishes": // the button is gone long before what it promised is there
		return asks("%d kommentarer", `b.remove(); box.innerHTML = await say(i);`)
	case "dots":
		return asks("Visa %d svar", `b.replaceWith("···"); box.innerHTML = await say(i);`)
	case "in Finnish":
		return asks("Näytä kommentit (%d)", `b.disabled = true; box.innerHTML = await say(i);`)
	case "beside": // what is shown is said beside the button
		return strings.ReplaceAll(asks("Visa</button> <i hidden>%d</i><button hidden>", `box.innerHTML = await say(i);`), `<div><button onclick="more`, `<div>Visa även svar som kan vara stötande <button onclick="more`)
	case "again": // the comments fail once, each time
		return asks("%d kommentarer", `b.remove(); if (!box.dataset.n) { box.dataset.n = 1; await say(i); box.innerHTML = "<p>Något gick fel.</p><button onclick='more(this, " + i + ")'>Försök igen</button>"; } else box.innerHTML = await say(i);`)
	case "fails first": // the posts do not come until they are asked for again
		return `<div id=f></div><script>` + boardFetch + `let tries = 0; const go = async () => { f.innerHTML = "Laddar …"; if (tries++ < 2) { await get(0, 1); f.innerHTML = "<p>Något gick fel. Inläggen kunde inte hämtas.</p><button onclick='go()'>Försök igen</button>"; return; } f.innerHTML = (await get(0, 99)).html; }; go();</script>`
	case "trees in trees": // posts without addresses, in trees that hold trees
		return `<script>` + boardFetch + fetchTalk + `customElements.define("x-in", class extends HTMLElement { connectedCallback() { const r = this.attachShadow({ mode: "open" }); r.innerHTML = this.dataset.h; } });
customElements.define("x-post", class extends HTMLElement { connectedCallback() { const r = this.attachShadow({ mode: "open" }), i = +this.dataset.i; r.innerHTML = "<div id=c></div>"; const n = document.createElement("x-in"); n.dataset.h = this.dataset.h; r.prepend(n);
if (i % 3) { const b = document.createElement("button"); b.textContent = i % 3 + " kommentarer"; b.onclick = async () => { b.remove(); r.getElementById("c").innerHTML = await say(i); }; r.append(b, r.getElementById("c")); } } });
get(0, 99).then((g) => { const d = document.createElement("div"); d.innerHTML = g.html; [...d.children].forEach((e, i) => { e.querySelector("[data-i]").innerHTML = ""; e.querySelectorAll("a").forEach((a) => { const t = document.createElement("span"); t.textContent = a.textContent; a.replaceWith(t); }); const p = document.createElement("x-post"); p.dataset.i = i; p.dataset.h = e.outerHTML; document.body.append(p); }); });</script>`
	case "frames": // the comments in a frame of this origin, behind a button
		return each(func(i int) string {
			return fmt.Sprintf(`<iframe src="/comments?i=%d" title="Kommentarer" style="width:100%%;border:0;height:60px"></iframe>`, i)
		}) + `<script>onmessage = (e) => { for (const f of document.querySelectorAll("iframe")) if (f.contentWindow === e.source) f.style.height = e.data + "px"; };</script>`
	case "comments":
		if page%3 == 0 {
			return `<p>Inga kommentarer än.</p>`
		}
		return fmt.Sprintf(`<div id=c><button onclick="more()">Visa %d kommentarer</button></div><script>%s const more = async () => { c.innerHTML = ""; c.innerHTML = await say(%d); parent.postMessage(document.body.scrollHeight + 20, "*"); };</script>`, page%3, fetchTalk, page)
	case "called after acts": // each comment is one large button, and has others that no archive presses
		return each(func(i int) string {
			return strings.NewReplacer(`<div class="kommentar"><b>`, `<div role=button tabindex=0><div class="k"><a href="/konto/x">`, `</b>`, `</a>`, `</p></div>`, `</p><button aria-label="Reagera med Gilla på en av Daviss kommentarer" onclick="fetch('/acted')">♡</button></div></div>`).Replace(b.talk(i))
		})
	case "shows and hides": // by the same button
		return asks("%d notes", `if (box.nextElementSibling) box.nextElementSibling.remove(); else { const d = document.createElement("div"); d.innerHTML = await say(i); box.after(d); }`)
	case "in German":
		return asks("Weitere Kommentare anzeigen (%d)", `b.disabled = true; box.innerHTML = await say(i);`)
	case "in sight": // comments come when their place has been in sight for a second
		return each(func(i int) string {
			return fmt.Sprintf(`<div>%d kommentarer</div><div class="k" data-i="%d" style="min-height:20px"></div>`, i%3, i)
		}) + `<script>` + fetchTalk + `const at = new Map(); const o = new IntersectionObserver((es) => { for (const e of es) { const k = e.target; clearTimeout(at.get(k)); if (e.isIntersecting) at.set(k, setTimeout(async () => { o.unobserve(k); k.innerHTML = await say(+k.dataset.i); }, 1000)); } }); for (const k of document.querySelectorAll(".k")) o.observe(k);</script>`
	case "too much": // the server asks for two seconds' rest
		return `<div id=f></div><div id=s style="height:30px"></div><script>let a = 0, tries = 0, busy = 0; const go = async () => { if (busy || a > 10) return; busy = 1; const r = await fetch("/more?from=" + a + "&n=6&try=" + (a ? tries++ : 1)); if (r.status === 429) { setTimeout(() => { busy = 0; go(); }, 2500); return; } f.insertAdjacentHTML("beforeend", (await r.json()).html); a += 6; busy = 0; }; setInterval(() => { if (s.getBoundingClientRect().top < innerHeight + 50) go(); }, 200);</script>`
	case "years": // behind tabs, and each in pages by numbers
		return `<div role=tablist><button role=tab aria-selected=true>2026</button><button role=tab aria-selected=false disabled>2025</button></div><div id=f></div><nav><ul id=g></ul></nav><script>` + boardFetch + `const go = async (k) => { f.innerHTML = (await get(k * 4, 4)).html; g.innerHTML = ""; for (let i = 0; i < 3; i++) { const l = document.createElement("li"); l.innerHTML = "<a href='?i=" + i + "'" + (i == k ? " aria-current=page" : "") + ">" + (i + 1) + "</a>"; l.firstChild.onclick = (e) => { e.preventDefault(); go(i); }; g.append(l); } }; go(` + strconv.Itoa(page) + `);</script>`
	case "newer next": // what comes next is newer here, and what comes before is older
		out := b.posts(page*5, 5) + "<nav>"
		if page > 0 {
			out += fmt.Sprintf(`<a rel=next href="?i=%d">← Nyare</a> `, page-1)
		}
		if (page+1)*5 < b.n {
			out += fmt.Sprintf(`<a rel=prev href="?i=%d">Äldre →</a>`, page+1)
		}
		return out + "</nav>"
	case "counted": // on pages of their own, a second after these have come to rest
		return each(func(i int) string {
			return fmt.Sprintf(`<a href="/own/%d">%d kommentarer</a>`, i, i%3)
		})
	}
	return ""
}

// What posts fetch when they are asked is waited for, however little the page shows meanwhile.
func TestFeedFetches(t *testing.T) {
	t.Parallel()
	b := shapeBoard{board{n: 11}}
	shapes := []string{"vanishes", "dots", "in Finnish", "beside", "again", "fails first", "trees in trees", "frames", "newer next", "counted",
		"called after acts", "shows and hides", "in German", "in sight", "too much", "years"}
	seeBoards(t, 3, fetchBoard(b), b, shapes, func(t *testing.T, s *stage) {
		if slices.Contains(s.asked, "GET /acted") {
			t.Error("a button was pressed that is called after an act")
		}
	})
}

// seeBoards captures the arrangements of a board of eleven posts with ten comments, in so many parts side by side; after looks at each part's stage.
func seeBoards(t *testing.T, parts int, served http.Handler, b shapeBoard, shapes []string, after func(*testing.T, *stage)) {
	t.Helper()
	for part := range parts {
		t.Run(fmt.Sprintf("part %d", part+1), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, served)
			for i, path := range shapes {
				if i%parts == part {
					k := feedShape{path, 11, 10, Complete, ""}
					s.board(t, path, func(t *testing.T, c *Capture) { k.see(t, b, c) })
				}
			}
			if after != nil {
				after(t, s)
			}
		})
	}
}

type weekBoard struct{ board }

// at is a clock of one of the last days.
func (weekBoard) at(i int) time.Time {
	n := time.Now().In(register.Location())
	return time.Date(n.Year(), n.Month(), n.Day(), 9, 14, 0, 0, register.Location()).AddDate(0, 0, -2-i/2).Add(-time.Duration(i%2) * 41 * time.Minute)
}

func (b weekBoard) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	var out strings.Builder
	names := []string{"Söndag", "Måndag", "Tisdag", "Onsdag", "Torsdag", "Fredag", "Lördag"}
	for i := range b.n {
		at := b.at(i)
		if i%2 == 0 {
			fmt.Fprintf(&out, `<h3>%s</h3>`, names[at.Weekday()])
		}
		fmt.Fprintf(&out, `<div style="border:1px solid;margin:9px"><div><b>Exempelby kommun</b> <span>%02d:%02d</span></div><p>Sak %d: arbetet vid torget går vidare.</p></div>`, at.Hour(), at.Minute(), i)
	}
	writeBoard(w, out.String())
}

// The name of a day above posts that carry a clock is their day, the last one so called.
func TestWeekdaysAbove(t *testing.T) {
	t.Parallel()
	b := weekBoard{board{n: 8}}
	newStage(t, b).board(t, "week", func(t *testing.T, c *Capture) {
		if len(c.Posts) != 8 || c.Outcome != Complete {
			t.Fatalf("%d posts, %s", len(c.Posts), c.Outcome)
		}
		for i, p := range c.Posts {
			if p.Published == nil || !p.Published.Equal(b.at(i)) {
				t.Errorf("post %d: published %v, want %v: %s", i, p.Published, b.at(i), p.Text)
			}
		}
	})
}
