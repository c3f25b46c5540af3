package hostile

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// spun are the ends of pages that keep their own thread busy: what there was to see, or that it was not ready in time.
var spun = []string{"kept", "unreachable/timeout", "failed/unresponsive", "failed/crash", "failed/memory"}

// burst are the ends of pages that take memory: the browser ends them, or we do.
var burst = []string{"kept", "failed/crash", "failed/memory", "unreachable/timeout", "failed/unresponsive"}

// wasmSpin is a module whose one function never ends.
const wasmSpin = `new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]))).exports.f()`

// burdens are pages that take time and memory without end.
var burdens = []Page{
	{Name: "spin-at-once", Does: "computes for ever before it has loaded", Ends: spun, Limit: 40, serve: script(`for (;;);`)},
	{Name: "spin-later", Does: "computes for ever once it has loaded", Ends: spun, Limit: 75, serve: script(`setTimeout(() => { for (;;); }, 300)`)},
	{Name: "spin-on-scroll", Does: "computes for ever as soon as it is scrolled", Ends: spun, Limit: 75, serve: text(`<h1>Badplatser</h1><div style="height:20000px">Vattnet</div><p>Slut</p><script>onscroll = () => { for (;;); }</script>`)},
	{Name: "spin-slices", Does: "computes most of the time, and lets others in for moments", Ends: spun, Limit: 75, serve: script(`setInterval(() => { const t = Date.now(); while (Date.now() - t < 400); }, 1)`)},
	{Name: "spin-microtasks", Does: "promises for ever", Ends: spun, Limit: 75, serve: script(`setTimeout(function f() { (function g() { Promise.resolve().then(g) })() }, 300)`)},
	{Name: "spin-frames", Does: "computes before each picture of itself", Ends: spun, Limit: 75, serve: script(`requestAnimationFrame(function f() { const t = Date.now(); while (Date.now() - t < 300); requestAnimationFrame(f) })`)},
	{Name: "spin-wasm", Does: "computes for ever in WebAssembly", Ends: spun, Limit: 75, serve: script(`setTimeout(() => ` + wasmSpin + `, 300)`)},
	{Name: "spin-workers", Does: "computes for ever in 32 workers", Ends: spun, Limit: 75, serve: script(`for (let i = 0; i < 32; i++) new Worker(URL.createObjectURL(new Blob(["for (;;);"])))`)},
	{Name: "spin-pattern", Does: "looks for a pattern that takes longer than the world exists", Ends: spun, Limit: 75, serve: script(`setTimeout(() => /^(a+)+$/.test("a".repeat(60) + "!"), 300)`)},
	{Name: "spin-observer", Does: "changes itself for every change of itself", Ends: spun, Limit: 75,
		serve: script(`const p = document.querySelector("p"); let n = 0; new MutationObserver(() => { p.dataset.n = n++ }).observe(p, { attributes: true }); setTimeout(() => { p.dataset.n = 0 }, 300)`)},
	{Name: "timers", Does: "has ten thousand clocks", Ends: spun, Limit: 75, serve: script(`for (let i = 0; i < 10000; i++) setInterval(() => { document.title = Math.random() }, 0)`)},
	{Name: "memory-objects", Does: "fills the memory of its scripts", Ends: burst, Limit: 60, serve: script(`setTimeout(() => { const a = []; for (;;) a.push(new Array(1e5).fill({ x: Math.random() })) }, 300)`)},
	{Name: "memory-bytes", Does: "fills memory beside that of its scripts, 20 MB at a time", Ends: burst, Limit: 60, serve: script(`const a = []; setInterval(() => { try { for (let i = 0; i < 5; i++) a.push(new Uint8Array(2e7).fill(7)) } catch {} }, 10)`)},
	{Name: "memory-workers", Does: "fills memory in many workers", Ends: burst, Limit: 60, serve: script(`for (let i = 0; i < 16; i++) new Worker(URL.createObjectURL(new Blob(["const a = []; for (;;) try { a.push(new Uint8Array(5e7).fill(7)) } catch {}"])))`)},
	{Name: "memory-canvases", Does: "paints ever more large canvases", Ends: burst, Limit: 60, serve: script(`setInterval(() => { const c = document.createElement("canvas"); c.width = c.height = 8000; const x = c.getContext("2d"); x.fillRect(0, 0, 8000, 8000); c.style.width = "20px"; document.body.append(c); c.toDataURL() }, 20)`)},
	{Name: "memory-text", Does: "doubles its text until there is no more room", Ends: burst, Limit: 60, serve: script(`const p = document.querySelector("p"); setInterval(() => { p.textContent += p.textContent }, 100)`)},
	{Name: "memory-words", Does: "says one word of 200 million letters", Ends: burst, Limit: 75, serve: script(`document.querySelector("p").textContent = "a".repeat(2e8)`)},
	{Name: "elements-growing", Does: "gets ten thousand new elements every 50 ms", Ends: burst, Limit: 75, serve: script(`setInterval(() => { const f = document.createElement("div"); f.innerHTML = "<p>x</p>".repeat(1e4); document.body.append(f) }, 50)`)},
	{Name: "console-flood", Does: "writes megabytes to the console all the time", Ends: spun, Limit: 75, serve: script(`const s = "x".repeat(1e6); setInterval(() => { for (let i = 0; i < 20; i++) { console.log(s + i); console.error({ s }) } }, 10)`)},
	{Name: "errors-flood", Does: "throws errors all the time, of megabytes each", Ends: spun, Limit: 75, serve: script(`setInterval(() => { throw new Error("x".repeat(5e5) + Math.random()) }, 1); setInterval(() => Promise.reject(new Error("y".repeat(5e5))), 1)`)},
	{Name: "messages-flood", Does: "sends itself messages all the time", Ends: spun, Limit: 75, serve: script(`const b = new BroadcastChannel("x"); for (let i = 0; i < 50; i++) postMessage(0, "*"); onmessage = () => { postMessage("x".repeat(1000), "*"); b.postMessage("y") }`)},
	{Name: "store-flood", Does: "fills every store that a browser gives a page", Ends: spun, Limit: 75,
		serve: script(`const big = new Uint8Array(5e6); let n = 0; setInterval(async () => { try { localStorage["k" + n++] = "x".repeat(1e6) } catch {} try { const c = await caches.open("c"); await c.put("/x" + n, new Response(big)) } catch {} }, 20);
indexedDB.open("d", 1).onupgradeneeded = e => { const d = e.target.result; d.createObjectStore("s", { autoIncrement: true }); e.target.transaction.oncomplete = () => setInterval(() => { try { d.transaction("s", "readwrite").objectStore("s").add(big) } catch {} }, 20) };
navigator.storage.getDirectory().then(async d => { const w = await (await d.getFileHandle("f", { create: true })).createWritable(); for (;;) await w.write(big) }).catch(() => 0)`)},
	{Name: "blobs", Does: "makes files that live on the browser's disk", Ends: append([]string{"failed/disk"}, burst...), Limit: 60, serve: script(`const a = [], big = new Uint8Array(1e7); setInterval(() => { for (let i = 0; i < 10; i++) a.push(new Blob([big])) }, 10)`)},
	{Name: "cookies", Does: "sets ten thousand cookies", Ends: []string{"kept"}, Limit: 40, serve: script(`for (let i = 0; i < 10000; i++) document.cookie = "k" + i + "=" + "x".repeat(2000)`)},
	{Name: "requests-flood", Does: "asks its server for something all the time", Ends: spun, Limit: 75, serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("n") {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		script(`let n = 0; setInterval(() => { for (let i = 0; i < 20; i++) fetch("HERE?n=" + n++).catch(() => 0) }, 5)`)(s, w, r)
	}},
	{Name: "frames-bomb", Does: "holds 500 frames of another origin", Ends: spun, Limit: 75,
		serve: text(`<h1>Badplatser</h1>` + strings.Repeat(`<iframe src="http://OTHER/good" width="60" height="30"></iframe>`, 500))},
	{Name: "frames-within", Does: "holds itself in a frame, which holds itself, and so on", Ends: spun, Limit: 75, serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
		s.html(w, r, fmt.Sprintf(`<h1>Ram</h1><iframe src="%s"></iframe><iframe src="%s&b"></iframe>`, next(r), next(r)))
	}},
	{Name: "frames-endless", Does: "gets a new frame every 20 ms", Ends: spun, Limit: 75, serve: script(`setInterval(() => { const f = document.createElement("iframe"); f.src = "/good?" + Math.random(); document.body.append(f) }, 20)`)},
	{Name: "service-worker", Does: "installs a worker that answers for the server, with something else", Ends: []string{"kept", circle}, Limit: 40, Keeps: []string{"provtaget"}, Hides: []string{"Kapad"},
		serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, ".js") {
				w.Header().Set("Content-Type", "text/javascript")
				w.Header().Set("Service-Worker-Allowed", "/")
				_, _ = io.WriteString(w, `oninstall = e => skipWaiting(); onactivate = e => e.waitUntil(clients.claim()); onfetch = e => e.respondWith(new Response("<h1>Kapad</h1>", { headers: { "content-type": "text/html" } }))`)
				return
			}
			script(`navigator.serviceWorker && navigator.serviceWorker.register("HERE/sw.js", { scope: "/" }).then(() => navigator.serviceWorker.ready).then(() => setTimeout(() => location.href = "HERE?2", 500)).catch(() => 0)`)(s, w, r)
		}},
	{Name: "webgl", Does: "draws with a shader that never ends", Ends: spun, Limit: 75,
		serve: text(`<h1>Badplatser</h1><canvas width="1000" height="1000"></canvas><script>const g = document.querySelector("canvas").getContext("webgl"); if (g) { const p = g.createProgram(); for (const [t, s] of [[g.VERTEX_SHADER, "attribute vec4 a;void main(){gl_Position=a;}"], [g.FRAGMENT_SHADER, "precision highp float;void main(){float x=0.;for(int i=0;i<100000000;i++){x+=sin(float(i)*x);}gl_FragColor=vec4(x);}"]]) { const h = g.createShader(t); g.shaderSource(h, s); g.compileShader(h); g.attachShader(p, h) }
g.linkProgram(p); g.useProgram(p); g.bindBuffer(g.ARRAY_BUFFER, g.createBuffer()); g.bufferData(g.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), g.STATIC_DRAW); g.enableVertexAttribArray(0); g.vertexAttribPointer(0, 2, g.FLOAT, false, 0, 0); setInterval(() => g.drawArrays(g.TRIANGLES, 0, 3), 10) }</script>`)},
	{Name: "media", Does: "plays sound and video by itself, and speaks", Ends: []string{"kept"}, Limit: 40, Keeps: []string{"provtaget"},
		serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("v") {
				w.Header().Set("Content-Type", "video/mp4")
				drip(w, r, "\x00\x00\x00\x18ftypmp42")
				return
			}
			s.html(w, r, `<h1>Badplatser</h1><p>Vattnet är provtaget.</p><video src="HERE?v" autoplay muted loop></video><audio src="HERE?v=2" autoplay></audio><script>speechSynthesis.speak(new SpeechSynthesisUtterance("Hej")); const a = new AudioContext(), o = a.createOscillator(); o.connect(a.destination); o.start()</script>`)
		}},
}
