package main

import (
	"fmt"
	"html"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
)

// fixture serves pages that are good and pages that misbehave, and counts what it was asked for.
type fixture struct {
	plain, tls *httptest.Server
	closed     string // an address at which nobody listens
	done       chan struct{}

	mu    sync.Mutex
	count map[string]int
}

func newFixture() *fixture {
	f := &fixture{count: map[string]int{}, done: make(chan struct{})}
	mux := http.NewServeMux()
	for path, h := range f.pages() {
		mux.HandleFunc(path, h)
	}
	counting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.count[r.URL.Path]++
		f.mu.Unlock()
		mux.ServeHTTP(w, r)
	})
	f.plain = httptest.NewServer(counting)
	f.tls = httptest.NewUnstartedServer(counting)
	f.tls.Config.ErrorLog = log.New(io.Discard, "", 0) // visitors who do not trust it
	f.tls.StartTLS()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	f.closed = "http://" + ln.Addr().String()
	_ = ln.Close()
	return f
}

func (f *fixture) close() {
	close(f.done)
	f.plain.Close()
	f.tls.Close()
}

func (f *fixture) hits(path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count[path]
}

func (f *fixture) port() string {
	u, err := url.Parse(f.plain.URL)
	if err != nil {
		panic(err)
	}
	return u.Port()
}

func (f *fixture) pages() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"/sida":     markup("Badplatser i Provkommun", townText, ""),
		"/andra":    markup("Öppettider", "<p>Kontaktcenter har öppet vardagar 8–16.</p>", ""),
		"/bild.svg": picture,
		"/tom":      markup("", "", ""),
		"/ring":     func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ring2", http.StatusFound) },
		"/ring2":    func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ring", http.StatusFound) },
		"/flyttad": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/sida", http.StatusMovedPermanently)
		},
		"/fil": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Disposition", `attachment; filename="protokoll.docx"`)
			_, _ = io.WriteString(w, "inte en sida")
		},
		"/trog":    f.slow,
		"/401":     status(http.StatusUnauthorized),
		"/403":     status(http.StatusForbidden),
		"/410":     status(http.StatusGone),
		"/429":     status(http.StatusTooManyRequests),
		"/500":     status(http.StatusInternalServerError),
		"/rutor":   markup("Rutor", "<p>Sidan som frågar.</p>", `alert("Hej!"); if (confirm("Godkänner du allt?")) document.body.append("GODKÄNT"); prompt("Vad heter du?");`),
		"/lamna":   markup("Lämna inte", "<p>Sidan som inte vill bli lämnad.</p>", `addEventListener("beforeunload", e => { e.preventDefault(); e.returnValue = "kvar"; }); setTimeout(() => { location.href = "/andra"; }, 50);`),
		"/fonster": markup("Fönster", "<p>Sidan som öppnar fönster.</p>", `for (let i = 0; i < 5; i++) open("/andra", "_blank");`),
		"/hamta":   markup("Hämta", `<p>Sidan som laddar ner.</p><a id="x" href="/fil" download>protokoll</a>`, `document.getElementById("x").click();`),
	}
}

// markup is a small whole page in Swedish; the script runs at its end.
func markup(title, body, script string) http.HandlerFunc {
	text := "<!doctype html><html lang=\"sv\"><head><meta charset=\"utf-8\"><title>" + html.EscapeString(title) + "</title>" +
		"<style>body{font:16px/1.5 'DejaVu Sans',sans-serif;margin:40px;max-width:60em}table{border-collapse:collapse}td,th{border:1px solid #888;padding:4px 8px}</style></head><body>"
	if title != "" {
		text += "<h1>" + html.EscapeString(title) + "</h1>"
	}
	text += body
	if script != "" {
		text += "<script>" + script + "</script>"
	}
	text += "</body></html>"
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, text)
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(code)
		fmt.Fprintf(w, "<!doctype html><title>%d</title><h1>%s</h1>", code, http.StatusText(code))
	}
}

// slow answers with nothing until its visitor gives up.
func (f *fixture) slow(_ http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-f.done:
	}
}

// picture is a drawing of a beach.
func picture(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200" fill="#9fd3f0"/><rect y="120" width="400" height="80" fill="#e8d39a"/><circle cx="330" cy="50" r="28" fill="#f8d648"/></svg>`)
}

// townText is a page of a municipality: headings, running text, links, a list, a table and a picture, on more than one sheet.
var townText = func() string {
	var b strings.Builder
	b.WriteString(`<p>I Provkommun finns <a href="/andra">sju badplatser</a> med brygga. Läs mer hos <a href="https://www.example.org/havet?år=2026">Havs- och vattenprov</a>.</p>
<p><img src="/bild.svg" width="400" height="200" alt="Stranden vid Mörtsjön en solig dag"></p>
<ul><li>Mörtsjön</li><li>Ålgraven</li><li>Östra viken 🏊</li></ul>
<table><tr><th>Plats</th><th>Vatten</th></tr><tr><td>Mörtsjön</td><td>19 °C</td></tr><tr><td>Ålgraven</td><td>17 °C</td></tr></table>`)
	// No two paragraphs are alike: a comparison must be able to tell them apart.
	said := []string{"Här tas prov varannan vecka.", "Bryggan sågs över i maj och är trygg att hoppa från.", "Grillplatsen sköts av byalaget, som ber alla att ta med sig skräpet hem.",
		"Vattnet är klart ner till botten.", "Livboj och stege finns vid bryggans ände, och en telefon på väggen till omklädningsrummet.", "Hundar badar på norra sidan.", "Bussen stannar vid vägskälet."}
	for i := 1; i <= 24; i++ {
		fmt.Fprintf(&b, "<h2>Badplats nummer %d</h2><p>Djupet är %d meter.", i, 2+i*i%7)
		for k := range 3 + i%3 {
			b.WriteString(" " + said[(i*(k+2)+k*k)%len(said)])
		}
		b.WriteString("</p>")
	}
	return b.String()
}()

// fixtureRegister is the register of every script's data folder.
func fixtureRegister(site string) string {
	var b strings.Builder
	b.WriteString("accounts:\n")
	for _, a := range [][2]string{{"badplatser", "/sida"}, {"oppettider", "/andra"}, {"borta", "/finns-inte"}, {"trog", "/trog"}} {
		fmt.Fprintf(&b, `  - id: %s
    platform: web
    url: %s%s
    title: Kontot %s
    archive_creator: Kultur- och fritidsnämnden
    unit: Fritid
    responsible: {name: Anna Exempel, email: anna@example.org}
    administrators:
      - {name: Anna Exempel, email: anna@example.org}
      - {name: Bo Prov, email: bo@example.org}
    substitute: {name: Cecilia Test, email: cecilia@example.org}
    purpose: Upplysningar.
    sender: Provkommun
    since: 2024-05-01
    class: öppen
`, a[0], site, a[1], a[0])
	}
	return b.String()
}
