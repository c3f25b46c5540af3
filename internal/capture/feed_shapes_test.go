package capture

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"arsring/internal/register"
)

// shapes are pages on which posts and comments are told by less than elsewhere, or come later.
func (b board) shape(path string) string {
	each := func(one func(i int) string) string {
		var out strings.Builder
		for i := range b.n {
			out.WriteString(one(i))
		}
		return out.String()
	}
	plain := func(i int, text, comments string) string {
		return fmt.Sprintf(`<div style="border:1px solid;margin:9px"><div><strong>Exempelby kommun</strong> <span>%s</span></div><p>%s</p><div style="height:90px;background:#def"></div><div>%s</div></div>`, b.day(b.at(i)), text, comments)
	}
	growing := func(observe string) string {
		return `<script>` + boardFetch + `let a = 0, busy = 0; const go = async () => { if (busy) return; busy = 1; const r = await get(a, 6); a += 6; put(r.html); busy = !r.more; }; ` + observe + `</script>`
	}
	switch path {
	case "closed trees": // a custom element with a closed shadow tree, and one for each post in it
		return `<x-feed></x-feed><script>const put = (h) => { const d = document.createElement("div"); d.innerHTML = h; for (const c of [...d.children]) { const e = document.createElement("x-post"); f.append(e); e.attachShadow({ mode: "closed" }).append(c); } };
const root = document.querySelector("x-feed").attachShadow({ mode: "closed" }); root.innerHTML = "<div id=f></div><div id=s style='height:30px'>&nbsp;</div>"; const f = root.getElementById("f"), s = root.getElementById("s");</script>` +
			growing(`setInterval(() => { if (s.getBoundingClientRect().top < innerHeight + 100) go(); }, 100);`)
	case "declared trees":
		return each(func(i int) string {
			return `<section><template shadowrootmode="closed">` + b.post(i) + `</template></section>`
		})
	case "few rows": // a list that moves eight rows about, whatever the window shows
		return `<div id=list style="position:relative"></div><script>` + boardFetch + `const H = 460; let html = []; const rows = [...Array(8)].map(() => { const d = document.createElement("div"); d.style.cssText = "position:absolute;left:0;right:0;overflow:hidden;height:" + H + "px"; list.append(d); return d; });
const draw = () => { const a = Math.max(0, Math.min(html.length - 8, Math.floor((scrollY - list.offsetTop) / H) - 2)); for (let i = a; i < a + 8; i++) { const r = rows[i % 8]; if (r.dataset.i != i) { r.dataset.i = i; r.style.top = i * H + "px"; r.innerHTML = html[i] || ""; } } };
onscroll = () => requestAnimationFrame(draw); get(0, 99).then((r) => { const d = document.createElement("div"); d.innerHTML = r.html; html = [...d.children].map((e) => e.outerHTML); list.style.height = html.length * H + "px"; draw(); });</script>`
	case "late beginning": // a clock starts the page, and its end lies far above the page's
		return `<div id=f></div><div id=s style="height:2px"></div><footer style="height:2500px">Sidfot</footer><script>const put = (h) => f.insertAdjacentHTML("beforeend", h);</script>` +
			growing(`setTimeout(go, 800); new IntersectionObserver((e) => { if (e[0].isIntersecting && a) setTimeout(go, 400); }).observe(s);`)
	case "rest": // more comes a second after the last scrolling, and the first posts do not fill a window
		return `<div id=f></div><script>` + boardFetch + `let a = 0, t; const go = async () => { const r = await get(a, 4); a += 4; f.insertAdjacentHTML("beforeend", r.html); };
go(); onscroll = () => { clearTimeout(t); t = setTimeout(() => { if (innerHeight + scrollY > document.body.scrollHeight - 60) go(); }, 900); };</script>`
	case "picture button": // in a form around the whole page
		return `<form action="/search"><input name=q><div id=f></div><a id=m href="javascript:void 0"><img alt="Visa fler inlägg" width=40 height=40 src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></a></form><script>` + boardFetch +
			`let a = 0; const go = async () => { const r = await get(a, 10); a += 10; f.insertAdjacentHTML("beforeend", r.html); m.hidden = !r.more; }; m.onclick = go; go();</script>`
	case "silent times": // which structured data has, and nobody sees
		data, out := "", ""
		for i := range b.n {
			at := stockholm(b.at(i)).Format(time.RFC3339)
			if i%2 == 0 {
				out += fmt.Sprintf(`<article itemscope itemtype="https://schema.org/SocialMediaPosting"><meta itemprop=datePublished content="%s"><h2><a href="/p/%d">Sak %d</a></h2><p>Arbetet vid torget går vidare.</p><div style="height:90px;background:#def"></div></article>`, at, i, i)
				continue
			}
			out += fmt.Sprintf(`<article><h2><a href="/p/%d">Sak %d</a></h2><p>Arbetet vid torget går vidare.</p><div style="height:90px;background:#def"></div></article>`, i, i)
			data += fmt.Sprintf(`{"@type":"ListItem","item":{"@type":"BlogPosting","url":"/p/%d","datePublished":"%s"}},`, i, at)
		}
		return `<h1>Exempelby kommun</h1>` + out + `<script type="application/ld+json">{"@context":"https://schema.org","@type":"ItemList","itemListElement":[` + strings.TrimSuffix(data, ",") + `]}</script>`
	case "sections": // what is pinned stands alone below a heading of its own; behind a door
		return `<div id=i><h2>Välkommen</h2><button id=o>Gå vidare till sidan</button></div><div id=p hidden><section><h2>Fäst inlägg</h2>` + b.posts(0, 1) + `</section><section><h2>Inlägg</h2>` + b.posts(1, b.n) + `</section></div><script>o.onclick = () => { i.remove(); p.hidden = false; }</script>`
	case "one at a time", "together": // answers come one after the other, and what is pressed meanwhile is forgotten; or each after a time of its own
		forgets := map[string]string{"one at a time": "true"}[path]
		return each(func(i int) string {
			if i%3 == 0 {
				return plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), "")
			}
			var parts strings.Builder
			for n := range i % 3 {
				one := strings.SplitAfter(b.talk(i), "</p></div>")[n]
				fmt.Fprintf(&parts, `<div><template>%s</template><button onclick="answer(this, %d)">Visa kommentar %d</button></div>`, one, 40+(i*7+n*13)%20*40, n+1)
			}
			return plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), parts.String())
		}) + `<script>let busy = false; const answer = (b, t) => { if (busy) return; busy = !!"` + forgets + `"; setTimeout(() => { b.replaceWith(b.parentElement.querySelector("template").content); busy = false; }, busy ? 60 : t); };</script>`
	case "dialogs", "panels": // comments open over the page, marked up as a dialog or not
		var talk []string
		out := each(func(i int) string {
			talk = append(talk, b.talk(i))
			button := ""
			if i%3 > 0 {
				button = fmt.Sprintf(`<button onclick="show(%d)">%d kommentarer</button>`, i, i%3)
			}
			return plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), button)
		})
		all, _ := json.Marshal(talk)
		role := map[string]string{"dialogs": "role=dialog aria-modal=true"}[path]
		return out + `<div id=d ` + role + ` style="display:none;position:fixed;right:0;top:0;bottom:0;width:420px;background:#fff;overflow:auto"><button id=x aria-label="Stäng">×</button><h2>Kommentarer</h2><div id=c></div></div>
<script>const all = ` + string(all) + `; const show = (i) => setTimeout(() => { c.innerHTML = all[i]; d.style.display = "block"; }, 100); x.onclick = () => { d.style.display = "none"; };</script>`
	case "refused": // the third batch is one too many
		return `<div id=f></div><div id=s style="height:30px">&nbsp;</div><script>const put = (h) => f.insertAdjacentHTML("beforeend", h);</script>` +
			growing(`setInterval(() => { if (s.getBoundingClientRect().top < innerHeight + 100 && a < 12) go(); else if (a >= 12) fetch("/no-more"); }, 300);`)
	case "few words": // comments that are a number, or the name of an act, or say what another says
		return each(func(i int) string {
			said := ""
			for k, w := range []string{"42", "Dela", "Mer", "Tack!", "Tack!"} {
				said += fmt.Sprintf(`<div class="k"><b>Person %d</b> <span>%s</span><p>%s</p></div>`, min(k, 3), b.day(b.at(i).Add(b.gap(min(k, 3)))), w)
			}
			return plain(i, fmt.Sprintf("Sak %d: vilket nummer gäller?", i), said)
		})
	case "same words": // without addresses
		return each(func(i int) string { return plain(i, fmt.Sprintf("God morgon, sak %d!", i%2), "") })
	case "zoomed": // a body in other pixels than the window's
		return `<style>body{zoom:0.8}</style>` + b.posts(0, b.n)
	case "behind a tab":
		return `<div role=tablist><button role=tab aria-selected=true>Om</button><button role=tab id=t aria-selected=false>Inlägg</button></div><p id=o>Om kommunen.</p><div id=p hidden>` + b.posts(0, b.n) +
			`</div><script>t.onclick = () => { p.hidden = false; o.hidden = true; t.setAttribute("aria-selected", "true"); }</script>`
	case "pictures to press": // that lead nowhere, and open a dialog
		out := `<div style="display:grid;grid-template-columns:1fr 1fr 1fr">`
		for i := range b.n {
			out += fmt.Sprintf(`<div style="height:150px;cursor:pointer" onclick="show(%d)"><img alt="" width=200 height=140 src="data:image/svg+xml,%%3Csvg xmlns='http://www.w3.org/2000/svg' width='200' height='140'%%3E%%3Crect width='200' height='140' fill='teal'/%%3E%%3C/svg%%3E"></div>`, i)
		}
		return out + `</div><div id=d role=dialog aria-modal=true hidden style="position:fixed;inset:30px;background:#fff;overflow:auto"><button id=x aria-label="Stäng">×</button><button id=nx aria-label="Nästa">›</button><div id=c></div></div><script>` + boardFetch +
			`let at = 0; const show = async (i) => { at = i; d.hidden = false; c.innerHTML = (await get(i, 1)).html; nx.hidden = i >= 19; }; nx.onclick = () => show(at + 1); x.onclick = () => { d.hidden = true; };</script>`
	case "days": // the day stands above, posts carry a clock
		day := ""
		return each(func(i int) string {
			out, at := "", b.at(i)
			if d := strings.Split(b.day(at), " kl.")[0]; d != day {
				day, out = d, `<div style="text-align:center"><span>`+d+`</span></div>`
			}
			return out + fmt.Sprintf(`<div style="border:1px solid;margin:9px"><div>Exempelby kommun</div><div>Sak %d: arbetet vid torget går vidare.</div><div>%02d:%02d</div></div>`, i, at.Hour(), at.Minute())
		})
	case "columns": // side by side, initials for portraits, times in figures, and words in the text that could be times
		short := func(at time.Time) string {
			return fmt.Sprintf("%d/%d kl. %02d.%02d", at.Day(), at.Month(), at.Hour(), at.Minute())
		}
		columns := make([]string, 3)
		for i := range b.n {
			said := ""
			for k := range i % 3 {
				said += fmt.Sprintf(`<div class="k"><i>P%d</i><div>Person %d</div><span>%s</span><p>Kommentar %d om sak %d: vi ses <em>i morse</em> eller <b>ett</b> annat år.</p></div>`, k, k, short(b.at(i).Add(b.gap(k))), k, i)
			}
			columns[i%3] += fmt.Sprintf(`<div class="x" style="border:1px solid;margin:9px;display:flow-root"><div style="float:left">EK</div><div>Exempelby kommun</div><div>%s</div><p>Sak %d: arbetet vid torget går vidare, och <b>idag</b> stänger vi vägen i <strong>3 dagar</strong>. <a href="/nyheter/fel">Anmäl fel</a></p><div style="height:%dpx;background:#def"></div>%s</div>`,
				short(b.at(i)), i, 60+i*37%90, said)
		}
		return `<div style="display:flex"><div style="width:380px">` + strings.Join(columns, `</div><div style="width:380px">`) + `</div></div>`
	case "lists": // two, each with a button of its own; what is pressed for a post's time leads nowhere, and all posts have one address in their text
		list := func(from, to int) string {
			out := ""
			for i := from; i < to; i++ {
				hidden := ""
				if i-from >= 4 {
					hidden = "hidden"
				}
				out += fmt.Sprintf(`<div class="x" %s style="border:1px solid;margin:9px"><div><strong>Exempelby kommun</strong> <a href="#">%s</a></div><p>Sak %d: arbetet vid torget går vidare. <a href="/nyheter/felanmalan">Anmäl fel</a></p><div style="height:120px;background:#def"></div>%s</div>`,
					hidden, b.day(b.at(i)), i, strings.ReplaceAll(strings.ReplaceAll(b.talk(i), "<span>", `<a href="/p/`+strconv.Itoa(i)+`">`), "</span>", "</a>"))
			}
			return out
		}
		more := `<button onclick="const l = [...this.previousElementSibling.querySelectorAll('.x[hidden]')].slice(0, 4); l.forEach((e) => e.hidden = false); if (l.length < 4) this.remove()">Visa nästa 4</button>`
		return `<h2>Nyheter</h2><div>` + list(0, 10) + `</div>` + more + `<h2>Drift</h2><div>` + list(10, b.n) + `</div>` + strings.Replace(more, "nästa 4", "4 till", 1)
	case "keeps its name": // the button, until the thread ends; or the thread has a scroll bar
		return each(func(i int) string {
			said := ""
			for k := range []int{1, 3, 9}[i%3] {
				said += fmt.Sprintf(`<div class="k" %s><b>Person %d</b> <span>%s</span><p>Kommentar %d om sak %d.</p></div>`, map[bool]string{true: "hidden"}[k > 0], k, b.day(b.at(i).Add(b.gap(k))), k, i)
			}
			press := `<button onclick="more(this.previousElementSibling, 3) || this.remove()">Visa fler kommentarer</button>`
			if i%6 == 5 {
				press = ""
				said = strings.Replace(strings.Replace(said, "hidden", "", 1), "hidden", "", 1)
			}
			box := map[bool]string{true: `style="height:140px;overflow-y:auto" onscroll="if (scrollTop + clientHeight > scrollHeight - 20) setTimeout(() => more(this, 2), 60)"`}[i%6 == 5]
			return plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), `<div `+box+`>`+said+`</div>`+press)
		}) + `<script>const more = (l, n) => { const all = [...l.querySelectorAll("[hidden]")]; all.slice(0, n).forEach((e) => e.hidden = false); return all.length > n; };</script>`
	case "months", "months/2026-10", "months/2026-09": // the newest posts, and links to the months
		out := ""
		for i := range b.n {
			if m := stockholm(b.at(i)).Format("2006-01"); path == "months" && i < 8 || strings.HasSuffix(path, m) {
				out += b.post(i)
			}
		}
		return `<h1>Exempelby kommun</h1><div>` + out + `</div><aside><h3>Arkiv</h3><ul><li><a href="/months/2026-10">oktober 2026</a> (12)</li><li><a href="/months/2026-09">september 2026</a> (8)</li></ul></aside>`
	case "leads away": // the button shows one post in the place of all
		return `<div id=f>` + each(func(i int) string {
			return plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), fmt.Sprintf(`<button onclick="show(%d)">%d kommentarer</button>`, i, i+1))
		}) + `</div><script>const list = f.innerHTML, show = (i) => { f.innerHTML = "<button onclick='f.innerHTML = list'>Tillbaka</button>" + f.children[i].outerHTML; };</script>`
	case "headings": // what belongs together has no element of its own
		return each(func(i int) string {
			return fmt.Sprintf(`<h2>Sak %d</h2><p class="date">%s</p><p>Sak %d: arbetet vid torget går vidare.</p><p>Mer om sak %d.</p>`, i, b.day(b.at(i)), i, i)
		})
	case "beside": // dated things of others, and comments whose time is their last line
		side := ""
		for i := range 9 {
			side += fmt.Sprintf(`<div><b>Person %d</b> <span>%s</span><div>Vad bra att ni skriver om det!</div></div>`, i, b.day(b.at(i)))
		}
		return `<div style="display:flex"><div style="width:500px">` + each(func(i int) string {
			said := ""
			for k := range i % 3 {
				said += fmt.Sprintf(`<div class="k"><span style="display:block">Anna Ek</span><span style="display:block">Kommentar %d om sak %d.</span><span style="display:block">%s · Svara</span></div>`, k, i, b.day(b.at(i).Add(b.gap(k))))
			}
			return plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), said)
		}) + `</div><div style="width:190px"><h3>Senaste kommentarerna</h3>` + side + `</div></div>`
	case "rests": // the button for more is only there while a pointer rests below the posts
		return `<div id=f></div><div id=z style="height:60px"></div><script>` + boardFetch + `let a = 0, left = 1; const go = async () => { const r = await get(a, 8); a += 8; f.insertAdjacentHTML("beforeend", r.html); z.innerHTML = ""; left = r.more; };
z.onmouseenter = () => { if (left && !z.firstChild) { z.innerHTML = "<button>Visa fler inlägg</button>"; z.firstChild.onclick = go; } }; z.onmouseleave = () => { z.innerHTML = ""; }; go()</script>`
	case "kinds": // in tabs, the second of which has a button with nothing but a sign on it
		return `<div role=tablist><button role=tab aria-selected=true id=t>Inlägg</button><button role=tab aria-selected=false id=u>Frågor</button></div><div id=p>` + b.posts(0, 8) +
			`</div><div id=q hidden><div id=f></div><button id=m><svg width=20 height=20><path d="M7 10l5 5 5-5z"/></svg></button></div><script>` + boardFetch + `let a = 8; const go = async () => { const r = await get(a, 6); a += 6; f.insertAdjacentHTML("beforeend", r.html); m.hidden = !r.more; }; m.onclick = go; go();
u.onclick = () => { p.hidden = true; q.hidden = false; u.ariaSelected = "true"; t.ariaSelected = "false"; }</script>`
	case "strange words": // a time in words that are not understood, and buttons in letters of another kind; what was asked for comes at the second try
		return `<div id=f>` + each(func(i int) string {
			talk := ""
			if i%3 > 0 {
				talk = fmt.Sprintf(`<button onclick="if (this.tried++) { this.nextElementSibling.hidden = false; this.remove(); }">1 / %d のコメントを表示</button><div hidden>%s</div>`, i%3, b.talk(i))
			}
			one := strings.Replace(plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), talk), `<div style=`, fmt.Sprintf(`<div %s style=`, map[bool]string{true: "hidden"}[i > 7]), 1)
			if at := b.day(b.at(i)); i%3 == 2 {
				one = strings.Replace(one, "<span>"+at, `<span title="`+at+`">herenegun arratsaldean`, 1)
			}
			return one
		}) + `</div><button onclick="const l = [...f.children].filter((e) => e.hidden); l.slice(0, 6).forEach((e) => e.hidden = false); if (l.length <= 6) this.remove()">もっと見る</button><script>document.querySelectorAll("#f button").forEach((e, i) => e.tried = i)</script>`
	case "time below": // the post's own time is its last line, and comments are headed by links to their writers
		return each(func(i int) string {
			said := ""
			for k := range i % 3 {
				said += fmt.Sprintf(`<li><h3><a href="/u/%d">Person %d</a></h3> <span>Kommentar %d om sak %d.</span><div><time datetime="%s">1 v</time></div></li>`, k, k, k, i, stockholm(b.at(i).Add(b.gap(k))).Format(time.RFC3339))
			}
			return fmt.Sprintf(`<div style="border:1px solid;margin:9px"><h2><a href="/konto/kommun">Exempelby kommun</a></h2><p>Sak %d: arbetet vid torget går vidare.</p><ul>%s</ul><div><a href="/p/%d"><time datetime="%s">%s</time></a></div></div>`, i, said, i, stockholm(b.at(i)).Format(time.RFC3339), b.day(b.at(i)))
		})
	case "fixed": // the page scrolls in a layer of its own, and holds back what is newest; comments include one that is there no more, and one without a time
		out := each(func(i int) string {
			said := strings.ReplaceAll(b.talk(i), "kommentar", "k")
			if i%3 == 2 {
				at := strings.LastIndex(said, "<span>")
				said = said[:at] + said[at+len("<span></span>")+len(b.day(b.at(i).Add(time.Hour))):] + `<div class="k"><b>Borttagen</b><p>Kommentaren har tagits bort.</p></div>`
			}
			return fmt.Sprintf(`<section style="border:1px solid;margin:9px" %s><b>Exempelby kommun</b> <i>%s</i> · Offentligt<p>Sak %d: arbetet vid torget går vidare.</p><div style="height:90px"></div>%s</section>`, map[bool]string{true: "hidden"}[i < 2], b.day(b.at(i)), i, said)
		})
		return `<div style="position:fixed;inset:0;overflow-y:auto"><button style="position:sticky;top:0" onclick="document.querySelectorAll('[hidden]').forEach((e) => e.hidden = false); this.remove()">Visa 2 nya inlägg</button>` + out + `</div>`
	case "own dialogs": // each post has one for its comments, of which the most relevant come first
		return each(func(i int) string {
			if i%3 == 0 {
				return plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), "")
			}
			return plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), fmt.Sprintf(`<button onclick="this.nextElementSibling.showModal()">💬 %d</button><dialog><form method=dialog><button aria-label="Stäng">✕</button></form>%s</dialog>`, i%3, b.talk(i)))
		})
	case "boxes":
		return `<div style="display:flex"><div id=x style="width:340px;height:600px;overflow-y:auto"></div><div id=y style="width:340px;height:600px;overflow-y:auto"></div></div><script>` + boardFetch +
			`for (const [e, from, to] of [[x, 0, 10], [y, 10, 20]]) { let a = from, busy = 0; const go = async () => { if (busy || a >= to) return; busy = 1; const r = await get(a, Math.min(3, to - a)); a += 3; e.insertAdjacentHTML("beforeend", r.html); busy = 0; }; e.onscroll = () => { if (e.scrollTop + e.clientHeight > e.scrollHeight - 50) go(); }; go(); }</script>`
	case "one panel": // for all posts' comments, which come as it is scrolled, one request at a time; its button is called by the act
		var talk [][]string
		out := each(func(i int) string {
			var said []string
			for k := range min(i, 6) % 3 * 4 {
				said = append(said, fmt.Sprintf(`<div class="k" style="padding:14px"><b>Person %d</b> <span>%s</span><div>Kommentar %d om sak %d.</div></div>`, k, b.day(b.at(i).Add(b.gap(k))), k, i))
			}
			talk = append(talk, said)
			return plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), fmt.Sprintf(`<button aria-label="Kommentera" onclick="show(%d)">💬 %d</button>`, i, len(said)))
		})
		all, _ := json.Marshal(talk)
		return out + `<div id=d role=dialog style="display:none;position:fixed;left:0;right:0;bottom:0;height:300px;background:#fff"><button id=x aria-label="Stäng">×</button><div id=c style="height:150px;overflow-y:auto"></div></div>
<script>const all = ` + string(all) + `; let at = 0, n = 0, busy = 0; const load = () => { const of = at; if (busy || n >= all[of].length) return; busy = 1; const w = document.createElement("div"); w.role = "progressbar"; w.textContent = "…"; c.append(w); setTimeout(() => { w.remove(); busy = 0; if (of != at) return; c.insertAdjacentHTML("beforeend", all[of].slice(n, n + 3).join("")); n += 3; }, 200); };
const show = (i) => { at = i; n = 0; c.innerHTML = ""; d.style.display = "block"; load(); }; c.onscroll = () => { if (c.scrollTop + c.clientHeight > c.scrollHeight - 30) load(); }; x.onclick = () => { d.style.display = "none"; };</script>`
	case "wrappers": // each batch comes in a wrapper at the end of the one before
		return `<div id=f>` + b.posts(0, 6) + `<x-more></x-more></div><script>` + boardFetch + `let a = 6; const more = async (e) => { const r = await get(a, 5); a += 5; e.innerHTML = r.html + (r.more ? "<x-more></x-more>" : ""); if (r.more) watch(e.lastElementChild); };
const watch = (e) => { e.style.cssText = "display:block;min-height:20px"; new IntersectionObserver((l, o) => { if (l[0].isIntersecting) { o.disconnect(); more(e); } }).observe(e); }; watch(f.lastElementChild);</script>`
	case "asks for the rest": // which takes the longer the more is asked for, and then stands in the place of the beginning
		return each(func(i int) string {
			return fmt.Sprintf(`<article style="border:1px solid;margin:9px"><header><b>Exempelby kommun</b> <span>%s</span></header><div><p>Sak %d: arbetet…</p><a href="#" role=button onclick="rest(this, %d); return false">Läs hela inlägget</a></div><div style="height:60px"></div></article>`, b.day(b.at(i)), i, i)
		}) + `<script>let asked = 0; const rest = (a, i) => { a.textContent = "Laddar…"; setTimeout(() => { a.parentElement.innerHTML = "<p>Sak " + i + ": arbetet vid torget går vidare under veckan, och trafiken leds om till dess att allt är klart. Slut på sak " + i + ".</p>"; }, 300 + 120 * asked++); };</script>`
	case "noisy heads": // names with buttons, twins for readers of screens and what a writer is to the page beside them
		return each(func(i int) string {
			said := ""
			for k := range i % 3 {
				said += fmt.Sprintf(`<div class="k" style="margin-left:20px"><a href="/u/%d"><h4 style="margin:0"><span aria-hidden=true>Person %d</span><span class=sr>Person %d</span> <span>• 3:e+</span></h4><div>Förskollärare i Exempelby</div></a><div class="mark"><span>Engagerad följare</span></div><div class="said">Kommentar %d om sak %d.</div><span>%s</span></div>`, k, k, k, k, i, b.day(b.at(i).Add(b.gap(k))))
			}
			return fmt.Sprintf(`<div style="border:1px solid;margin:9px"><h2><a href="/konto/kommun"><div>Exempelby kommun</div></a> · <span role=button tabindex=0>Följ</span></h2><a href="/konto/kommun" tabindex=-1>@exempelby.example</a> <a href="/p/%d">%s</a><div class="said">Sak %d: arbetet vid torget går vidare.</div><a href="/e"><div>LÖR 12 DEC 10:00</div><b>Julmarknad på torget</b></a>%s</div>`, i, b.day(b.at(i)), i, said)
		}) + `<style>.sr{position:absolute;width:1px;height:1px;overflow:hidden;white-space:nowrap}</style>`
	case "cards": // links that hold title, day and beginning, to pages on which the time stands between title and text
		return `<div style="display:grid;grid-template-columns:1fr 1fr">` + each(func(i int) string {
			return fmt.Sprintf(`<a href="/nyhet/sak-%d" style="display:block;border:1px solid;margin:9px"><div>%s</div><h3>Sak %d: torget byggs om</h3><p>Arbetet vid torget går vidare.</p><div style="height:90px;background:#def"></div></a>`, i, strings.Split(b.day(b.at(i)), " kl")[0], i)
		}) + `</div>`
	case "topics": // a table of what is discussed, with the number of answers, each on a page of its own
		return `<table><tr><th>Ämne</th><th>Svar</th><th>Senaste</th></tr>` + each(func(i int) string {
			return fmt.Sprintf(`<tr><td><a href="/topic?t=%d">Sak %d: torget byggs om</a><br><small>av <a href="/konto/kommun">Exempelby kommun</a> » %s</small></td><td>%d</td><td><small>%s<br>av Person 1</small></td></tr>`, i, i, b.day(b.at(i)), i%3, b.day(b.at(i).Add(time.Hour)))
		}) + `</table>`
	case "reviews": // by others, whose names are to be pressed; the account's answers stand nested in answers, under numbered addresses
		return each(func(i int) string {
			at := b.day(b.at(i))
			return fmt.Sprintf(`<div style="border:1px solid;margin:9px"><button><div>Anna Ek%c</div><div>Guide · %d recensioner</div></button><div>%s</div><div>Sak %d: badhuset är fint.</div><x-talk style="display:block"><div><a href="/user/%d7">Bo Lind</a> <span>•</span> <span>%s</span></div><div>Håller med om sak %d.</div><x-talk style="display:block;margin-left:20px"><div><a href="/user/1">Exempelby kommun</a> <span>•</span> <span>%s</span></div><div>Tack för det, sak %d!</div></x-talk></x-talk></div>`,
				'a'+rune(i), i+2, at, i, i, b.day(b.at(i).Add(time.Hour)), i, b.day(b.at(i).Add(2*time.Hour)), i)
		})
	case "drawn times": // by letters out of order among others that are not seen, by a drawing that takes its words from another, by a style sheet
		drawings := ""
		out := each(func(i int) string {
			at := b.day(b.at(i))
			how := `<i data-say="` + at + `"></i>`
			switch i % 3 {
			case 0:
				how = `<svg width=250 height=18><use href="#t` + strconv.Itoa(i) + `"/></svg>`
				drawings += `<text id="t` + strconv.Itoa(i) + `" y=14>` + at + `</text>`
			case 1:
				how = `<span style="display:inline-flex;height:20px;overflow:hidden;position:relative">`
				letters := []rune(at)
				for k := range letters {
					from := (k*7 + 3) % len(letters)
					how += fmt.Sprintf(`<b style="order:%d;white-space:pre">%c</b><b style="position:absolute;top:3em;left:%dpx">%d</b>`, from, letters[from], k*9, k%10)
				}
				how += `</span>`
			}
			return strings.Replace(plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), b.talk(i)), at, how, 1)
		})
		return `<style>i::before{content:attr(data-say)}</style>` + out + `<svg style="position:absolute;width:0;height:0">` + drawings + `</svg>`
	case "short days": // without month's name, year or clock
		return each(func(i int) string {
			return fmt.Sprintf(`<article><h2><a href="/p/%d">Sak %d</a></h2><span>%d/%d</span><p>Arbetet vid torget går vidare.</p><div style="height:90px;background:#def"></div></article>`, i, i, b.at(i).Day(), b.at(i).Month())
		})
	case "clocks": // of the day itself, and dates of others
		return each(func(i int) string {
			at, now := recently(i), recently(0)
			says := fmt.Sprintf("%02d:%02d", at.Hour(), at.Minute())
			if at.YearDay() != now.YearDay() {
				says = strings.Split(b.day(at), " kl")[0]
			}
			return strings.Replace(plain(i, fmt.Sprintf("Sak %d: arbetet vid torget går vidare.", i), `<div class="k"><b>Anna Ek</b> <span>`+says+`</span><p>Tack för det!</p></div>`), b.day(b.at(i)), says, 1)
		})
	case "links in lines": // a grid of them, to pages that give month and day
		out := ""
		for i := range b.n {
			out += fmt.Sprintf(`<a href="/video/%d"><img alt="" width=200 height=140 src="data:image/svg+xml,%%3Csvg xmlns='http://www.w3.org/2000/svg' width='200' height='140'%%3E%%3Crect width='200' height='140' fill='teal'/%%3E%%3C/svg%%3E"></a> `, i)
		}
		return out
	case "one line": // name and time are one text
		return each(func(i int) string {
			said := ""
			for k := range i % 3 {
				said += fmt.Sprintf(`<div class="k"><div>Person %d skrev %s:</div><p>Kommentar %d om sak %d.</p></div>`, k, b.day(b.at(i).Add(b.gap(1))), k, i)
			}
			return fmt.Sprintf(`<div style="border:1px solid;margin:9px"><div>%s av <a href="/konto/kommun">Exempelby kommun</a></div><p>Sak %d: arbetet vid torget går vidare.</p><div style="height:90px;background:#def"></div><div>%s</div></div>`, b.day(b.at(i)), i, said)
		})
	}
	return ""
}

type shapeBoard struct{ board }

func (b shapeBoard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if path == "no-more" {
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	body := b.shape(path)
	if of, ok := strings.CutPrefix(path, "nyhet/sak-"); ok {
		i, _ := strconv.Atoi(of)
		body = fmt.Sprintf(`<article><h1>Sak %d: torget byggs om</h1><div>Publicerad %s</div><p>Arbetet vid torget går vidare.</p><p>Slut på sak %d.</p><section><h2>Kommentarer (%d)</h2>%s</section></article>`, i, b.day(b.at(i)), i, i%3, b.talk(i))
	}
	if path == "topic" {
		i, _ := strconv.Atoi(r.URL.Query().Get("t"))
		body = fmt.Sprintf(`<h2>Sak %d: torget byggs om</h2><div class="post"><div><strong><a href="/konto/kommun">Exempelby kommun</a></strong> » %s</div><div class="content">Arbetet vid torget går vidare.</div></div>%s`, i, b.day(b.at(i)), strings.ReplaceAll(b.talk(i), "kommentar", "post"))
	}
	if of, ok := strings.CutPrefix(path, "video/"); ok {
		i, _ := strconv.Atoi(of)
		body = fmt.Sprintf(`<main><video width=300 height=300></video><div><a href="/konto/kommun">Exempelby kommun</a> · <span>%d-%d</span></div><div><p>Sak %d: arbetet vid torget går vidare.</p></div></main>`, b.at(i).Month(), b.at(i).Day(), i)
	}
	if body == "" {
		b.board.ServeHTTP(w, r)
		return
	}
	writeBoard(w, body)
}

// Posts and comments are kept where little tells them, and a feed that was refused more is said to be short.
func TestFeedShapes(t *testing.T) {
	t.Parallel()
	b := shapeBoard{board{n: 20}}
	shapes := []feedShape{
		{"closed trees", 20, 19, Complete, ""},
		{"declared trees*", 20, 19, Complete, ""},
		{"few rows", 20, 19, Complete, ""},
		{"late beginning", 20, 19, Complete, ""},
		{"rest", 20, 19, Complete, ""},
		{"picture button", 20, 19, Complete, ""},
		{"dialogs", 20, 19, Complete, ""},
		{"panels*", 20, 19, Complete, ""},
		{"one at a time", 20, 19, Complete, ""},
		{"together", 20, 19, Complete, ""},
		{"sections", 20, 19, Complete, ""},
		{"silent times", 20, 19, Complete, ""},
		{"refused", 12, 12, Partial, "rate-limited"},
		{"few words", 20, 100, Complete, ""},
		{"same words*", 20, 0, Complete, ""},
		{"zoomed*", 20, 19, Complete, ""},
		{"behind a tab", 20, 19, Complete, ""},
		{"pictures to press*", 20, 19, Complete, ""},
		{"days", 20, 0, Complete, ""},
		{"one line", 20, 19, Complete, ""},
		{"columns", 20, 19, Complete, ""},
		{"lists", 20, 19, Complete, ""},
		{"keeps its name", 20, 7*1 + 7*3 + 6*9, Complete, ""},
		{"months", 20, 19, Complete, ""},
		{"headings", 20, 0, Complete, ""},
		{"beside", 20, 19, Complete, ""},
		{"kinds", 20, 19, Complete, ""},
		{"rests", 20, 19, Complete, ""},
		{"boxes", 20, 19, Complete, ""},
		{"strange words", 20, 19, Complete, ""},
		{"time below", 20, 19, Complete, ""},
		{"fixed", 20, 19, Complete, ""},
		{"own dialogs", 20, 19, Complete, ""},
		{"leads away", 20, 0, Partial, "comments-unopened"},
		{"drawn times", 20, 19, Complete, ""},
		{"topics", 20, 19, Complete, ""},
		{"cards", 20, 19, Complete, ""},
		{"one panel", 20, 2*4 + 2*8, Complete, ""},
		{"wrappers", 20, 19, Complete, ""},
		{"asks for the rest", 20, 0, Complete, ""},
		{"noisy heads", 20, 19, Complete, ""},
	}
	const parts = 3 // side by side
	for part := range parts {
		t.Run(fmt.Sprintf("part %d", part+1), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, b)
			for i, k := range shapes {
				if i%parts == part {
					s.board(t, k.path, func(t *testing.T, c *Capture) { k.see(t, b, c) })
				}
			}
		})
	}
}

// recently is when a post of a page with clocks was published.
func recently(i int) time.Time {
	return time.Now().Truncate(time.Minute).In(register.Location()).Add(-time.Duration(i) * 5 * time.Hour)
}

// Days are read where pages write no more than that, and clocks of the day itself.
func TestShortDates(t *testing.T) {
	t.Parallel()
	b := shapeBoard{board{n: 12}}
	s := newStage(t, b)
	for path, at := range map[string]func(i int) time.Time{"short days": b.at, "links in lines": b.at, "clocks": recently} {
		s.board(t, path, func(t *testing.T, c *Capture) {
			if n, comments := count(c.Posts); n != 12 || c.Outcome != Complete || path == "clocks" && comments != 12 {
				t.Fatalf("%d posts, %d comments, %s", n, comments, c.Outcome)
			}
			for i, p := range c.Posts {
				if want := at(i).Format(time.DateOnly); p.Published == nil || p.Published.In(register.Location()).Format(time.DateOnly) != want || strings.Contains(p.Text, "/") {
					t.Errorf("post %d: published %v, want %s: %s", i, p.Published, want, p.Text)
				}
			}
		})
	}
}

// What others wrote is not taken for the account's where their names are buttons, and an answer in an answer stays one.
func TestNamesToPress(t *testing.T) {
	t.Parallel()
	newStage(t, shapeBoard{board{n: 8}}).board(t, "reviews", func(t *testing.T, c *Capture) {
		if n, comments := count(c.Posts); n != 8 || comments != 16 || c.Outcome != Complete {
			t.Fatalf("%d posts, %d comments, %s", n, comments, c.Outcome)
		}
		for i, p := range c.Posts {
			if p.Author != fmt.Sprintf("Anna Ek%c", 'a'+rune(i)) || p.Origin != OriginReceived || !strings.HasPrefix(p.Text, "Sak ") {
				t.Errorf("post %d: by %q (%s): %q", i, p.Author, p.Origin, p.Text)
			}
			if q := p.Comments[0]; len(p.Comments) != 1 || q.Author != "Bo Lind" || !strings.HasPrefix(q.Text, "Håller") || len(q.Comments) != 1 || q.Comments[0].Author != "Exempelby kommun" {
				t.Errorf("post %d: comments %+v", i, p.Comments)
			}
		}
	})
}

// feedShape is a page of a board, and what is to be kept of it.
type feedShape struct {
	path            string
	posts, comments int
	outcome         Outcome
	missing         string
}

func (k feedShape) see(t *testing.T, b shapeBoard, c *Capture) {
	if n, comments := count(c.Posts); n != k.posts || comments != k.comments || c.Outcome != k.outcome {
		t.Errorf("%d posts, %d comments, stop %s, %s %v; want %d, %d, %s", n, comments, c.Period.Stop, c.Outcome, codes(c), k.posts, k.comments, k.outcome)
	}
	if k.missing != "" && (len(c.Missing) == 0 || c.Missing[len(c.Missing)-1].Code != k.missing) {
		t.Errorf("missing %+v, want %s", c.Missing, k.missing)
	}
	if slices.ContainsFunc(c.Posts, func(p Post) bool { return p.Published == nil }) {
		t.Fatalf("a post without a time: %+v", c.Posts)
	}
	slices.SortStableFunc(c.Posts, func(p, q Post) int { return q.Published.Compare(*p.Published) }) // lists side by side
	for i, p := range c.Posts {
		if p.Published == nil || !p.Published.Equal(stockholm(b.at(i))) || len(p.Tiles) == 0 || p.Origin != OriginOwn || !strings.Contains(p.Text, "sak") && !strings.Contains(p.Text, "Sak") {
			t.Errorf("post %d: published %v, on sheets %v, by %s (%s): %s", i, p.Published, p.Tiles, p.Author, p.Origin, p.Text)
		}
		if k.path == "noisy heads" && !(strings.HasPrefix(p.Text, "Sak ") && strings.HasSuffix(p.Text, "LÖR 12 DEC 10:00\nJulmarknad på torget")) || k.path == "asks for the rest" && !strings.HasSuffix(p.Text, fmt.Sprintf("Slut på sak %d.", i)) {
			t.Errorf("post %d: %q", i, p.Text)
		}
		for _, q := range p.Comments {
			if k.path == "noisy heads" && (!strings.HasPrefix(q.Text, "Kommentar ") || len(q.Author) != len("Person 1")) {
				t.Errorf("a comment of post %d: by %q: %q", i, q.Author, q.Text)
			}
			if q.Author == "" || q.Text == "" || q.Published == nil && k.path != "fixed" {
				t.Errorf("a comment of post %d: by %q at %v: %q", i, q.Author, q.Published, q.Text)
			}
		}
	}
}
