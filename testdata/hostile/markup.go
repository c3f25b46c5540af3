package hostile

import (
	"strings"
)

// rough is what names and texts of pages may hold: control characters, marks of direction, beginnings of markup, formulas, and orders to a terminal.
const rough = "=HYPERLINK(\"http://CANARY/\")\x1b]0;kapad\x07\x1b[2J\u202egnp.exe\u0007\u2028<script>alert(1)</script>\"'--></title>&lt;b&gt;{{.}}%0d%0aSet-Cookie: a=b"

// tamper replaces what scripts commonly call, before anybody could have kept the original.
const tamper = `const lie = () => { throw new Error("kapad") }, no = function () { return [] };
for (const k of ["map", "filter", "forEach", "push", "join", "slice", "includes", "indexOf", "some", "find", "flat", "concat", "reduce", "sort"]) Array.prototype[k] = lie;
Array.prototype[Symbol.iterator] = lie; Array.from = lie; JSON.stringify = JSON.parse = () => '"kapad"'; Object.keys = Object.entries = Object.assign = lie;
for (const k of ["querySelectorAll", "querySelector", "getElementsByTagName", "createRange", "createTreeWalker", "elementFromPoint"]) Document.prototype[k] = no;
for (const k of ["querySelectorAll", "querySelector", "getBoundingClientRect", "getClientRects", "getAttribute", "closest", "matches", "checkVisibility", "scrollIntoView", "click"]) Element.prototype[k] = HTMLElement.prototype[k] = no;
for (const k of ["innerText", "textContent", "innerHTML", "offsetHeight", "scrollHeight", "hidden"]) for (const o of [HTMLElement.prototype, Element.prototype, Node.prototype]) try { Object.defineProperty(o, k, { get: () => "Kapad", set: lie }) } catch {}
window.getComputedStyle = no; window.MutationObserver = window.IntersectionObserver = window.ResizeObserver = lie; window.requestAnimationFrame = window.setTimeout = lie; window.scrollTo = window.scrollBy = lie;
window.Promise = lie; window.URL = lie; window.Map = window.Set = window.WeakSet = lie; window.performance = { now: () => 0 }; Date.now = () => 0; String.prototype.trim = String.prototype.split = String.prototype.replace = lie; RegExp.prototype.test = RegExp.prototype.exec = lie;
Function.prototype.call = Function.prototype.apply = Function.prototype.bind = lie; Object.defineProperty(Object.prototype, "then", { get: lie, set: lie }); Object.prototype.toJSON = () => "kapad"; Object.prototype.value = "kapad"; window.arsring = { text: () => "Kapad" };`

// markup are pages that reach for whoever reads their elements.
var markup = []Page{
	{Name: "tampered", Does: "replaces the language's and the document's own functions", Ends: kept, Limit: 40, Quick: true, Keeps: []string{"provtaget", "Ett inlägg"}, Hides: []string{"Kapad", "kapad"},
		serve: text(`<script>` + tamper + `</script><h1>Badplatser</h1><p>Vattnet är provtaget.</p><article role="article"><h2>Älvsunda</h2><time datetime="2026-10-01T08:00">1 okt</time><p>Ett inlägg</p></article><table><tr><td>a<td>b<tr><td>c<td>d</table>`)},
	{Name: "tampered-feed", Does: "does the same with a feed", Ends: kept, Limit: 60, Keeps: []string{"Inlägg ett", "Inlägg tre"}, Hides: []string{"Kapad", "kapad"},
		serve: text(`<script>` + tamper + `</script><main role="feed">` + post("ett", 1) + post("två", 2) + post("tre", 3) + `</main>`)},
	{Name: "clobbered", Does: "names its elements like the functions that a reader calls", Ends: kept, Limit: 40, Quick: true, Keeps: []string{"provtaget"},
		serve: text(clobber("innerText", "children", "childNodes", "getAttribute", "querySelectorAll", "querySelector", "parentNode", "parentElement", "closest", "matches", "getBoundingClientRect", "style", "checkVisibility", "getRootNode",
			"localName", "nodeType", "shadowRoot", "contains", "attributes", "id", "title", "href", "textContent", "firstChild", "nextSibling", "ownerDocument", "isConnected", "hasAttribute", "tagName", "getClientRects", "scrollTop", "scrollHeight", "clientHeight", "dispatchEvent", "click", "remove", "compareDocumentPosition", "assignedSlot", "className", "classList", "dataset", "lang", "hidden", "offsetParent", "offsetHeight", "children"))},
	{Name: "clobbered-document", Does: "names its pictures like the document's own functions", Ends: kept, Limit: 40, Keeps: []string{"provtaget"},
		serve: text(named("img", "querySelectorAll", "querySelector", "body", "documentElement", "title", "fonts", "createRange", "scripts", "getElementsByTagName", "contentType", "baseURI", "scrollingElement", "defaultView", "createElement", "elementFromPoint", "activeElement", "head", "readyState", "createTreeWalker", "getElementById", "arsring", "location", "scrollY", "innerHeight") + `<h1>Badplatser</h1><p>Vattnet är provtaget.</p>`)},
	{Name: "shadow-maze", Does: "hides its words in shadow trees, 500 deep, some of them closed", Ends: kept, Limit: 75, Keeps: []string{"Ytterst", "Innerst"},
		serve: script(`let e = document.body; for (let i = 0; i < 500; i++) { const d = document.createElement("div"); e.append(d); const r = d.attachShadow({ mode: "open" }); r.append(i ? "" : "Ytterst"); e = r } e.append("Innerst"); const c = document.createElement("div"); document.body.append(c); c.attachShadow({ mode: "closed" }).append("Stängd")`)},
	{Name: "shadow-slots", Does: "moves its words through slots of slots", Ends: kept, Limit: 75,
		serve: script(`customElements.define("x-a", class extends HTMLElement { connectedCallback() { if (this.d) return; this.d = 1; const n = +this.getAttribute("n"); this.attachShadow({ mode: "open" }).innerHTML = n ? '<x-a n="' + (n - 1) + '"><slot></slot></x-a>' : "<slot></slot>" } }); document.body.innerHTML += '<x-a n="200"><p>Innerst</p></x-a>'`)},
	{Name: "frames-deep", Does: "has frames in frames, 40 deep, and says something innermost", Ends: kept, Limit: 60, Keeps: []string{"Badplatser"},
		serve: script(`let d = document; for (let i = 0; i < 40; i++) { const f = d.createElement("iframe"); d.body.append(f); d = f.contentDocument; d.body.append("Nivå " + i) }`)},
	{Name: "changing", Does: "is different whenever it is looked at", Ends: kept, Limit: 75, Keeps: []string{"Badplatser"},
		serve: script(`(function f() { document.querySelector("p").textContent = Math.random(); document.body.append(document.createElement("p")); if (document.body.children.length > 50) document.body.lastChild.remove(); requestAnimationFrame(f) })()`)},
	{Name: "changing-feed", Does: "replaces every post of a feed whenever it is looked at", Ends: []string{"kept", "unreachable/timeout"}, Limit: 90,
		serve: text(`<main role="feed"></main><script>const m = document.querySelector("main"); let n = 0; setInterval(() => { m.innerHTML = ""; for (let i = 0; i < 12; i++) { const a = document.createElement("article"); a.setAttribute("role", "article"); a.innerHTML = '<h2>Älvsunda</h2><time datetime="2026-10-01T08:00">1 okt</time><p>Inlägg ' + n++ + "</p>"; m.append(a) } }, 30)</script>`)},
	{Name: "growing-on-scroll", Does: "grows by what was scrolled, for ever", Ends: kept, Limit: 75, Keeps: []string{"Badplatser"}, serve: script(`const grow = () => { const d = document.createElement("div"); d.style.height = "3000px"; d.textContent = "Mer"; document.body.append(d) }; grow(); onscroll = grow; setInterval(() => { if (scrollY + innerHeight > document.body.scrollHeight - 4000) grow() }, 50)`)},
	{Name: "feed-endless", Does: "is a feed that never ends", Ends: kept, Limit: 90, Keeps: []string{"Inlägg 1"},
		serve: text(`<main role="feed"></main><script>const m = document.querySelector("main"); let n = 0; const more = () => { for (let i = 0; i < 10; i++) { const a = document.createElement("article"); a.setAttribute("role", "article"); n++; a.innerHTML = '<h2>Älvsunda</h2><a href="/good?' + n + '"><time datetime="2026-10-01T08:00">1 okt</time></a><p>Inlägg ' + n + "</p>"; m.append(a) } }; more(); onscroll = () => { if (scrollY + innerHeight > document.body.scrollHeight - 3000) more() }</script>`)},
	{Name: "comments-endless", Does: "has a button for more comments that never runs out", Ends: kept, Limit: 90, Keeps: []string{"Ett inlägg"},
		serve: text(`<main role="feed"><article role="article"><h2>Älvsunda</h2><time datetime="2026-10-01T08:00">1 okt</time><p>Ett inlägg</p><div id="c"></div><button onclick="let n = +(this.dataset.n || 0); for (let i = 0; i < 5; i++) { const d = document.createElement('div'); d.setAttribute('role', 'article'); d.innerHTML = '<b>Anna</b> <time datetime=2026-10-02T08:00>2 okt</time><p>Svar ' + n++ + '</p>'; c.append(d) } this.dataset.n = n">Visa fler kommentarer</button></article></main>`)},
	{Name: "growing-with-window", Does: "is ten times as high as its window, whatever that is", Ends: kept, Limit: 60, Keeps: []string{"Badplatser"}, serve: text(`<h1>Badplatser</h1><div style="height:1000vh;background:linear-gradient(red,blue)">Vattnet</div><p>Slut</p>`)},
	{Name: "resizing", Does: "changes its height by thousands of pixels all the time", Ends: kept, Limit: 75, Keeps: []string{"Badplatser"}, serve: script(`const d = document.createElement("div"); document.body.prepend(d); setInterval(() => { d.style.height = Math.random() * 20000 + "px" }, 20)`)},
	{Name: "scroll-thief", Does: "scrolls itself back to its top", Ends: kept, Limit: 60, Keeps: []string{"Badplatser"}, serve: text(`<h1>Badplatser</h1><div style="height:20000px">Vattnet</div><p>Slut</p><script>onscroll = () => scrollTo(0, 0); setInterval(() => scrollTo(0, 0), 5)</script>`)},
	{Name: "title-long", Does: "has a title, a description and a language of a megabyte each", Ends: kept, Limit: 40, Keeps: []string{"provtaget"},
		serve: text(`<title>` + strings.Repeat("Titel ", 170_000) + `</title><meta name="description" content="` + strings.Repeat("x", 1<<20) + `"><script>document.title = "T".repeat(1e6); document.documentElement.lang = "s".repeat(1e6)</script><h1>Badplatser</h1><p>Vattnet är provtaget.</p>`)},
	{Name: "title-rough", Does: "has names and texts of control characters, formulas, markup and orders to a terminal", Ends: kept, Limit: 40, Quick: true, Keeps: []string{"provtaget"},
		serve: script("document.title = " + roughJS + "; document.querySelector('h1').textContent = " + roughJS + "; for (let i = 0; i < 40; i++) { const p = document.createElement('p'); p.textContent = String.fromCharCode(i, 0xd800, 0xfffe, 0xffff, 0xdc00) + " + roughJS + "; document.body.append(p) } document.documentElement.lang = " + roughJS + "; document.documentElement.dir = 'rtl'")},
	{Name: "posts-rough", Does: "has posts, authors, links and times of the same kind", Ends: kept, Limit: 60, Keeps: []string{"Ett inlägg"},
		serve: text(`<main role="feed"></main><script>const r = ` + roughJS + `; for (let i = 0; i < 5; i++) { const a = document.createElement("article"); a.setAttribute("role", "article"); a.innerHTML = '<h2></h2><a><time></time></a><p>Ett inlägg </p><img width="300" height="200">'; a.querySelector("h2").textContent = r; a.querySelector("a").href = "javascript:" + r; a.querySelector("time").dateTime = r; a.querySelector("time").textContent = r + i; a.querySelector("p").append(r); a.querySelector("img").alt = r; a.querySelector("img").src = "data:image/png;base64," + r; a.setAttribute("data-id", r); a.id = r + i; document.querySelector("main").append(a) }</script>`)},
	{Name: "attributes-long", Does: "has addresses and attributes of a megabyte each", Ends: kept, Limit: 60, Keeps: []string{"provtaget"},
		serve: script(`const b = "x".repeat(1e6); for (let i = 0; i < 20; i++) { const a = document.createElement("a"); a.href = "https://a.example/" + i + b; a.title = a.id = a.className = b; a.setAttribute("aria-label", b); a.textContent = "Länk " + i; document.body.append(a); const m = document.createElement("img"); m.alt = b; m.src = "/good?" + b; m.width = m.height = 100; document.body.append(m) }`)},
	{Name: "data-rough", Does: "has thousands of pieces of structured data, deep, long and wrong", Ends: kept, Limit: 60, Keeps: []string{"Badplatser"},
		serve: many(`<script type="application/ld+json">`+strings.Repeat(`{"a":[`, 20_000)+`</script>`, `<script type="application/ld+json">{"@type":"SocialMediaPosting","datePublished":"%d-99-99","text":"\ud800","x":1e999}</script><meta property="og:x%[1]d" content="x">`, 5000)},
	{Name: "links-odd", Does: "has links that are scripts, files, data and nonsense", Ends: kept, Limit: 40, Keeps: []string{"provtaget"}, serve: text(`<h1>Badplatser</h1><p>Vattnet är provtaget.</p>` + odd())},
}

func post(word string, day int) string {
	return `<article role="article"><h2>Älvsunda</h2><time datetime="2026-10-0` + string(rune('0'+day)) + `T08:00">okt</time><p>Inlägg ` + word + `</p></article>`
}

// clobber is a form whose fields hide the form's own properties, around the words.
func clobber(names ...string) string {
	return `<form>` + named("input", names...) + `<h1>Badplatser</h1><p>Vattnet är provtaget.</p><div role="dialog" aria-label="Kakor">Kakor</div></form><form role="dialog" aria-modal="true" aria-label="Kakor">` + named("button", names...) + `</form>` +
		`<main role="feed"><form role="article">` + named("input", names...) + `<time datetime="2026-10-01T08:00">1 okt</time><p>Ett inlägg</p></form></main>`
}

func named(tag string, names ...string) string {
	var b strings.Builder
	for _, n := range names {
		b.WriteString(`<` + tag + ` name="` + n + `" id="` + n + `">`)
		if tag == "button" {
			b.WriteString("</button>")
		}
	}
	return b.String()
}

// roughJS is the rough text as a string of JavaScript that may stand in HTML.
var roughJS = func() string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range rough {
		switch {
		case c < ' ' || c > '~' || strings.ContainsRune(`"\<>&'`, c):
			b.WriteString(`\u`)
			for shift := 12; shift >= 0; shift -= 4 {
				b.WriteByte("0123456789abcdef"[c>>shift&15])
			}
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}()

func odd() string {
	var b strings.Builder
	for _, a := range []string{"javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "http://", "http://[::1", "//", "mailto:a@example.org?subject=x%0d%0aBcc:b@example.org", "tel:112", "http://a.example/%zz%00", "http://a\u202e.example/", "http://xn--/", "blob:x", "about:blank", "#", "?", "http://user:losen@a.example/", strings.Repeat("http://a.example/", 200)} {
		b.WriteString(`<p><a href="` + a + `">En länk</a></p>`)
	}
	return b.String()
}
