package capture

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// offerBoard is a board that offers its posts and comments by ways that few words tell.
type offerBoard struct{ board }

func (b offerBoard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	i, _ := strconv.Atoi(r.URL.Query().Get("i"))
	switch {
	case path == "some": // of the posts, every so many from one on
		step, _ := strconv.Atoi(r.URL.Query().Get("step"))
		for ; i < b.n; i += step {
			_, _ = w.Write([]byte(b.post(i)))
		}
	case path == "talk":
		_, _ = w.Write([]byte(b.talk(i)))
	case b.arranged(path) != "":
		writeBoard(w, b.arranged(path))
	default:
		b.board.ServeHTTP(w, r)
	}
}

const offerFetch = boardFetch + `const text = async (u) => (await fetch(u)).text();`

// each writes all posts, with the time and the comments as they are given.
func (b offerBoard) each(when func(i int) string, talk func(i int) string) string {
	var out strings.Builder
	for i := range b.n {
		fmt.Fprintf(&out, `<div style="border:1px solid;margin:9px"><div><strong>Exempelby kommun</strong> %s</div><p>Sak %d: arbetet vid torget går vidare.</p><div style="height:90px;background:#def"></div>%s</div>`, when(i), i, talk(i))
	}
	return out.String()
}

func (b offerBoard) spelled(i int) string { return "<span>" + b.day(b.at(i)) + "</span>" }

func (b offerBoard) arranged(path string) string {
	switch path {
	case "a choice first": // the list begins with some posts, and says how to see them all
		return `<div><span id=o style="cursor:pointer">Mest relevanta ▾</span><div id=m hidden><div class=v style="cursor:pointer">Mest relevanta<br><small>Ett urval</small></div><div class=v style="cursor:pointer">Nyast<br><small>Alla inlägg</small></div></div></div><div id=f></div><script>` + offerFetch +
			`const [some, all] = document.querySelectorAll(".v"); o.onclick = () => { m.hidden = !m.hidden; }; const show = async (step) => { m.hidden = true; f.innerHTML = await text("/some?i=0&step=" + step); }; some.onclick = () => show(3); all.onclick = () => show(1); show(3);</script>`
	case "plain tabs":
		return `<div id=t>` + strings.Repeat(`<span class=v style="cursor:pointer;margin:9px;border-bottom:3px solid"></span>`, 3) + `</div><div id=f></div><script>` + offerFetch +
			`const v = [...document.querySelectorAll(".v")]; const show = async (k) => { v.forEach((e, i) => { e.style.borderColor = i == k ? "blue" : "white"; }); f.innerHTML = k == 2 ? "<p>Inga bilder</p>" : await text("/some?step=2&i=" + k); }; ["Inlägg", "Svar", "Media"].forEach((x, i) => { v[i].textContent = x; v[i].onclick = () => show(i); }); show(0);</script>`
	case "Nynorsk", "unknown words", "a plain word":
		button := map[string]string{"Nynorsk": `<footer><button id=n>Vis fleire innlegg</button></footer>`, "unknown words": `<button id=n>Vuosehte vielie</button>`, "a plain word": `<div id=n style="cursor:pointer">Äldre</div>`}[path]
		return `<div id=f></div>` + button + `<script>` + offerFetch + `let a = 0; n.onclick = async () => { const g = await get(a, 4); a += 4; f.insertAdjacentHTML("beforeend", g.html); if (!g.more) n.remove(); }; n.onclick();</script>`
	case "popovers": // behind a sign and a number
		return b.each(b.spelled, func(i int) string {
			if i%3 == 0 {
				return ""
			}
			return fmt.Sprintf(`<button popovertarget=p%d><svg width=9 height=9></svg> %d</button><div popover id=p%d data-i=%d style="width:400px;height:200px"></div>`, i, i%3, i, i)
		}) + `<script>` + offerFetch + `for (const p of document.querySelectorAll("[popover]")) p.ontoggle = async (e) => { if (e.newState == "open" && !p.dataset.on) { p.dataset.on = 1; p.innerHTML = await text("/talk?i=" + p.dataset.i); } };</script>`
	case "boxes without a box":
		return b.each(b.spelled, func(i int) string {
			return `<ul style="list-style:none">` + strings.NewReplacer(`<div class="kommentar">`, `<li style="display:contents"><div class="kommentar">`, `</p></div>`, `</p></div></li>`).Replace(b.talk(i)) + `</ul>`
		})
	case "clocks in titles":
		return b.each(func(i int) string {
			t := b.at(i)
			day, _, _ := strings.Cut(b.day(t), " kl.")
			return fmt.Sprintf(`<a href="/p/%d" rel=bookmark title="%02d:%02d">%s</a>`, i, t.Hour(), t.Minute(), day)
		}, b.talk)
	case "in a dialog":
		return `<p>Sökresultat</p><div role=dialog aria-modal=true style="position:fixed;inset:20px;background:#fff;overflow-y:auto"><div id=f></div></div><script>` + offerFetch + `get(0, 99).then((g) => { f.innerHTML = g.html; });</script>`
	case "turns its arrow":
		return b.each(b.spelled, func(i int) string {
			return fmt.Sprintf(`<div><span role=button tabindex=0 style="cursor:pointer" onclick="const k = this.nextElementSibling; k.hidden = !k.hidden; this.textContent = (k.hidden ? '▸' : '▾') + ' Replies'">▸ Replies</span><div hidden>%s</div></div>`, b.talk(i))
		})
	}
	return ""
}

// Whatever words and marks a page has for it, all its posts and comments are kept.
func TestFeedOffers(t *testing.T) {
	t.Parallel()
	b := shapeBoard{board{n: 11}}
	shapes := []string{"a choice first", "plain tabs", "Nynorsk", "unknown words", "a plain word", "popovers", "boxes without a box", "clocks in titles", "in a dialog", "turns its arrow"}
	seeBoards(t, 2, offerBoard(b), b, shapes, nil)
}
