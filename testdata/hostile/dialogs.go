package hostile

import (
	"fmt"
	"net/http"
)

// dialogs are pages that ask, call and open.
var dialogs = []Page{
	{Name: "alerts-endless", Does: "shows one message after the other before it has loaded", Ends: []string{"unreachable/timeout", "kept"}, Limit: 40, serve: script(`for (;;) alert("Hej " + Math.random())`)},
	{Name: "alerts-timed", Does: "asks and tells every few milliseconds", Ends: []string{"kept", "unreachable/timeout"}, Limit: 75,
		serve: script(`setInterval(() => { alert("Hej"); confirm("Säkert?"); prompt("Vad heter du?", "x") }, 5)`)},
	{Name: "print-calls", Does: "asks to be printed all the time", Ends: []string{"kept"}, Limit: 30, Keeps: []string{"provtaget"}, serve: script(`setInterval(() => print(), 20); onload = () => print()`)},
	{Name: "popups", Does: "opens window after window", Ends: []string{"kept"}, Limit: 60, Keeps: []string{"provtaget"}, serve: script(`setInterval(() => open("HERE?p=" + Math.random()), 20); onclick = () => open("HERE")`)},
	{Name: "popups-of-popups", Does: "opens windows that open windows", Ends: []string{"kept"}, Limit: 60, serve: script(`for (let i = 0; i < 20; i++) open("HERE"); setInterval(() => open("about:blank"), 100)`)},
	{Name: "password-asked", Does: "asks for a password in the browser's own window (401)", Ends: []string{"login-wall/http-401"}, Limit: 15, Quick: true,
		serve: func(_ *Site, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", `Basic realm="Älvsunda"`)
			http.Error(w, "Lösenord", http.StatusUnauthorized)
		}},
	{Name: "password-of-parts", Does: "asks for a password for each of its pictures", Ends: []string{"kept"}, Limit: 30, Keeps: []string{"provtaget"},
		serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("n") {
				w.Header().Set("WWW-Authenticate", `Digest realm="x", nonce="y"`)
				http.Error(w, "Lösenord", http.StatusUnauthorized)
				return
			}
			script(`for (let i = 0; i < 50; i++) new Image().src = "HERE?n=" + i`)(s, w, r)
		}},
	{Name: "password-of-proxy", Does: "pretends to be a proxy that asks for a password (407)", Ends: []string{"login-wall", "unreachable"}, Limit: 15,
		serve: func(_ *Site, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Proxy-Authenticate", `Basic realm="proxy"`)
			http.Error(w, "Lösenord", http.StatusProxyAuthRequired)
		}},
	{Name: "client-certificate", Does: "asks for the visitor's certificate", Ends: []string{"unreachable/tls"}, Limit: 15, TLS: true, serve: text("<p>Hej</p>")},
	{Name: "permissions", Does: "asks for place, notices, camera, microphone, clipboard, MIDI, devices and screen", Ends: []string{"kept"}, Limit: 30, Keeps: []string{"provtaget"},
		serve: script(`const n = navigator, f = g => { try { const p = g(); p && p.then && p.then(x => fetch("/canary/permission", { method: "POST", body: String(x) }), () => 0) } catch {} };
const sure = g => f(() => g().then(x => { if (x === "denied" || x === "default") throw 0; return x }));
n.geolocation.getCurrentPosition(() => fetch("/canary/place")); sure(() => Notification.requestPermission()); f(() => n.mediaDevices.getUserMedia({ video: true, audio: true }));
f(() => n.mediaDevices.getDisplayMedia()); f(() => n.clipboard.readText()); f(() => n.requestMIDIAccess({ sysex: true })); f(() => n.usb.requestDevice({ filters: [] }));
f(() => n.bluetooth.requestDevice({ acceptAllDevices: true })); f(() => n.serial.requestPort()); f(() => n.hid.requestDevice({ filters: [] })); f(() => showOpenFilePicker());
f(() => showDirectoryPicker()); f(() => queryLocalFonts()); f(() => new IdleDetector().start()); document.body.requestFullscreen().catch(() => 0); document.body.requestPointerLock()`)},
	{Name: "payment", Does: "asks to be paid and installs a handler for payments", Ends: []string{"kept"}, Limit: 30, Keeps: []string{"provtaget"},
		serve: script(`try { new PaymentRequest([{ supportedMethods: location.origin + "/pay" }], { total: { label: "x", amount: { currency: "SEK", value: "1" } } }).show().then(() => fetch("/canary/paid"), () => 0) } catch {} try { navigator.registerProtocolHandler("web+x", "/x?%s", "x") } catch {}
navigator.credentials && navigator.credentials.get({ password: true, publicKey: { challenge: new Uint8Array(8) } }).then(c => c && fetch("/canary/credential"), () => 0)`)},
	{Name: "download", Does: "is a file to be kept", Ends: []string{"unreachable/download"}, Limit: 15, Quick: true,
		serve: func(_ *Site, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Disposition", `attachment; filename="../../../../tmp/arsring-hostile.sh"`)
			_, _ = fmt.Fprint(w, "#!/bin/sh\n")
		}},
	{Name: "downloads", Does: "starts file after file, and files that it makes itself", Ends: []string{"kept"}, Limit: 40, Keeps: []string{"provtaget"},
		serve: script(`setInterval(() => { const a = document.createElement("a"); a.href = URL.createObjectURL(new Blob([new Uint8Array(1e6)])); a.download = "x\u202egnp.exe"; a.click(); a.href = "/download"; a.click() }, 50)`)},
	{Name: "file-choosers", Does: "opens choosers of files at every touch", Ends: []string{"kept"}, Limit: 30, Keeps: []string{"provtaget"},
		serve: script(`const i = document.createElement("input"); i.type = "file"; document.body.append(i); onclick = onscroll = onmousemove = () => i.click(); setInterval(() => i.click(), 50)`)},
	{Name: "consent-form", Does: "has a consent dialog whose buttons send forms", Ends: []string{"kept", "login-wall", "blocked"}, Limit: 40, Quick: true, Keeps: []string{"provtaget"},
		serve: text(`<h1>Badplatser</h1><p>Vattnet är provtaget.</p><div role="dialog" aria-modal="true" aria-label="Kakor" style="position:fixed;inset:20% 20%;background:#fff;z-index:9;border:1px solid">
<p>Vi använder kakor. Godkänner du alla kakor?</p><form method="post" action="/canary/order"><input name="antal" value="100"><input name="namn"><input type="email" name="mejl"><button>Avvisa alla</button><button name="ok">Godkänn alla</button></form></div>`)},
	{Name: "consent-lie", Does: "has a consent dialog whose refusal deletes the account", Ends: []string{"kept", "login-wall", "blocked"}, Limit: 40,
		serve: text(`<h1>Badplatser</h1><p>Vattnet är provtaget.</p><div role="dialog" aria-modal="true" aria-label="Kakor" style="position:fixed;inset:20% 20%;background:#fff;z-index:9;border:1px solid">
<p>Vi använder kakor.</p><a role="button" href="/canary/delete?account=1">Avvisa alla och radera kontot</a> <button onclick="fetch('/canary/buy',{method:'POST'})">Köp nu</button></div>`)},
}
