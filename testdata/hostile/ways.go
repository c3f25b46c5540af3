package hostile

import (
	"fmt"
	"net/http"
	"strconv"
)

// next is the page's own address with a number that grows, so that no two are the same.
func next(r *http.Request) string {
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	return fmt.Sprintf("%s?n=%d", r.URL.Path, n+1)
}

func redirect(to string) func(*Site, http.ResponseWriter, *http.Request) {
	return func(s *Site, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", s.fill(r, to))
		w.WriteHeader(http.StatusFound)
	}
}

const circle = "unreachable/too-many-redirects"

// ways are pages that lead their reader astray.
var ways = []Page{
	{Name: "redirect-endless", Does: "answers every request with a redirect to a new address", Ends: []string{circle}, Limit: 15, Quick: true,
		serve: func(_ *Site, w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, next(r), http.StatusFound) }},
	{Name: "redirect-ring", Does: "redirects to itself", Ends: []string{circle}, Limit: 15, serve: redirect("HERE")},
	{Name: "redirect-meta", Does: "sends its reader on with meta refresh, for ever", Ends: []string{circle, "kept"}, Limit: 40,
		serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
			s.html(w, r, `<meta http-equiv="refresh" content="0;url=`+next(r)+`"><p>Vänta</p>`)
		}},
	{Name: "redirect-script", Does: "sends its reader on with a script, for ever", Ends: []string{circle, "kept"}, Limit: 40,
		serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
			s.html(w, r, `<p>Vänta</p><script>location.replace("`+next(r)+`")</script>`)
		}},
	{Name: "redirect-late", Does: "shows another page every half second", Ends: []string{circle, "kept"}, Limit: 60,
		serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
			s.html(w, r, `<h1>Sida</h1><p>Text</p><script>setTimeout(() => location.href = "`+next(r)+`", 500)</script>`)
		}},
	{Name: "redirect-slow", Does: "shows another page every three seconds, in the midst of the capture", Ends: []string{circle, "kept", "unreachable/timeout"}, Limit: 75,
		serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
			s.html(w, r, `<h1>Sida</h1><div style="height:30000px">Text</div><script>setTimeout(() => location.href = "`+next(r)+`", 3000)</script>`)
		}},
	{Name: "redirect-form", Does: "sends a form to itself, for ever", Ends: []string{circle, "kept"}, Limit: 40,
		serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
			s.html(w, r, `<p>Vänta</p><form method="post" action="`+next(r)+`"><input name="a"></form><script>document.forms[0].submit()</script>`)
		}},
	{Name: "redirect-header", Does: "sends its reader on with the Refresh header, for ever", Ends: []string{circle, "kept"}, Limit: 40,
		serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Refresh", "0;url="+next(r))
			s.html(w, r, "<p>Vänta</p>")
		}},
	{Name: "redirect-data", Does: "redirects to a data: address", Ends: []string{"unreachable"}, Limit: 15, serve: redirect("data:text/html,<h1>Data</h1>")},
	{Name: "redirect-script-address", Does: "redirects to a javascript: address", Ends: []string{"unreachable", "blank"}, Limit: 15, serve: redirect("javascript:document.write('x')")},
	{Name: "redirect-file", Does: "redirects to a file of this machine", Ends: []string{"unreachable"}, Limit: 15, serve: redirect("file:///etc/passwd")},
	{Name: "redirect-metadata", Does: "redirects to the address where clouds keep their keys", Ends: []string{"unreachable/private-address"}, Limit: 15, Quick: true, serve: redirect("http://169.254.169.254/latest/meta-data/")},
	{Name: "redirect-canary", Does: "redirects to a server of this machine that is not allowed", Ends: []string{"unreachable/private-address"}, Limit: 15, serve: redirect("http://CANARY/")},
	{Name: "redirect-broken", Does: "redirects to an address that is none", Ends: []string{"unreachable", "blank"}, Limit: 15, serve: redirect("http://[::1")},
	{Name: "history-flood", Does: "fills the history and changes its address all the time", Ends: []string{"kept"}, Limit: 30, Keeps: []string{"provtaget"},
		serve: script(`let n = 0; setInterval(() => { for (let i = 0; i < 50; i++) { try { history.pushState({}, "", "?a=" + n++) } catch {} } location.hash = n }, 10)`)},
	{Name: "reload-storm", Does: "loads itself again as soon as it is there", Ends: []string{circle, "kept"}, Limit: 60, serve: script(`onload = () => setTimeout(() => location.reload(), 1)`)},
	{Name: "leave-trap", Does: "asks whether to leave, and starts over where it is left", Ends: []string{"kept"}, Limit: 30, Keeps: []string{"provtaget"},
		serve: script(`onbeforeunload = e => { e.preventDefault(); e.returnValue = "Stanna!"; return "Stanna!" }; onunload = onpagehide = () => { const t = Date.now(); while (Date.now() - t < 3000); open(location) }`)},
	{Name: "document-reopened", Does: "writes its document anew all the time", Ends: []string{"kept", "blank"}, Limit: 40,
		serve: script(`setInterval(() => { document.open(); document.write("<p>Skrivet " + Math.random() + "</p>"); document.close() }, 50)`)},
	{Name: "late-write", Does: "replaces what it said with document.write, late", Ends: []string{"kept"}, Limit: 30, Keeps: []string{"Skrivet sent"},
		serve: script(`addEventListener("load", () => setTimeout(() => document.write("<h1>Skrivet sent</h1>"), 100))`)},
	{Name: "stopped", Does: "stops its own loading", Ends: []string{"kept", "unreachable/timeout"}, Limit: 30, serve: script(`window.stop(); document.close()`)},
	{Name: "emptied", Does: "removes its own root", Ends: []string{"blank", "kept"}, Limit: 30, serve: script(`setTimeout(() => document.documentElement.remove(), 50)`)},
	{Name: "outside-programs", Does: "calls programs of this machine by their addresses", Ends: []string{"kept", circle, "blank", "unreachable/aborted"}, Limit: 30,
		serve: script(`for (const a of ["mailto:a@example.org", "tel:112", "ms-settings:", "intent://x#Intent;end", "ssh://127.0.0.1", "vscode://x", "chrome://settings", "about:blank", "view-source:" + location, "blob:null/x"]) setTimeout(() => location.href = a, 10)`)},
}
