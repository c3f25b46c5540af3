package sites

import (
	"html/template"
	"net/http"
)

// stop is a page that shows nothing of the account.
type stop struct {
	name, outcome, code, notes string
	status                     int
	title, text, extra         string // what it says; extra is markup
	retry                      string // Retry-After
}

const robotForm = `<form method="post" action="#"><div class="box"><label><input type="checkbox" name="robot"> Jag är inte en robot</label><input type="hidden" name="captcha-response"></div><button type="submit">Fortsätt</button></form>`

const passwordForm = `<form method="post" action="login"><input name="email" type="text" autocomplete="username" placeholder="E-postadress"><input name="pass" type="password" autocomplete="current-password" placeholder="Lösenord"><button type="submit">Logga in</button></form>`

const ageForm = `<form method="post" action="#"><select name="year" aria-label="Födelseår"><option>Födelseår</option><option>1990</option></select><button type="submit">Bekräfta ålder</button><a href="https://example.com/">Lämna sidan</a></form>`

var stopList = []stop{
	{name: "wall-first", outcome: "login-wall", code: "login-wall", status: 200, title: "Logga in", text: "Du måste logga in för att fortsätta.", extra: passwordForm, notes: "A login form in the place of the page, status 200."},
	{name: "wall-first-redirect", outcome: "login-wall", code: "login-wall", status: 302, notes: "The page sends everybody to /wall-first-redirect/login."},
	{name: "captcha", outcome: "blocked", code: "captcha", status: 403, title: "Säkerhetskontroll", text: "Vi har upptäckt ovanlig trafik från ditt nätverk. Bekräfta att du är en människa.", extra: robotForm, notes: "403 with a form that asks whether one is a robot."},
	{name: "captcha-200", outcome: "blocked", code: "captcha", status: 200, title: "Ett ögonblick …", text: "Kontrollerar att anslutningen är säker.", extra: robotForm, notes: "The same with status 200."},
	{name: "ratelimit", outcome: "blocked", code: "rate-limited", status: 429, retry: "120", title: "För många förfrågningar", text: "Du gör detta för ofta. Försök igen om en stund.", notes: "429 with Retry-After: 120."},
	{name: "agegate", outcome: "blocked", code: "age-gate", status: 200, title: "Åldersgräns", text: "Innehållet kan vara olämpligt. Du måste vara 18 år eller äldre för att se sidan.", extra: ageForm, notes: "Asks for the year of birth."},
	{name: "gone", outcome: "not-found", code: "http-404", status: 404, title: "Sidan finns inte", text: "Länken kan vara trasig, eller så har sidan tagits bort.", notes: "A removed account, status 404."},
	{name: "gone-200", outcome: "not-found", code: "removed", status: 200, title: "Innehållet är inte tillgängligt just nu", text: "Detta beror oftast på att ägaren har raderat kontot eller bara delar det med ett fåtal personer.", notes: "A removed account, status 200: only the sentence says so."},
	{name: "suspended", outcome: "not-found", code: "removed", status: 200, title: "Konto avstängt", text: "Kontot har stängts av eftersom det bryter mot reglerna.", notes: "A suspended account, status 200."},
	{name: "gone-410", outcome: "not-found", code: "http-410", status: 410, title: "Borttagen", text: "Kontot är nedlagt.", notes: "Status 410."},
	{name: "geoblock", outcome: "blocked", code: "geo-blocked", status: 451, title: "Inte tillgängligt i ditt land", text: "Innehållet är inte tillgängligt i ditt land av juridiska skäl.", notes: "Status 451."},
	{name: "error500", outcome: "unreachable", code: "http-500", status: 500, title: "Något gick fel", text: "Tjänsten svarar inte som den ska. Vi arbetar på att lösa felet.", notes: "Status 500."},
	{name: "blank", outcome: "blank", code: "blank", status: 200, notes: "An empty document, status 200."},
	{name: "blank-script", outcome: "blank", code: "blank", status: 200, extra: `<div id="root"></div><script>throw new Error("bundle failed")</script>`, notes: "A page that its script should have filled, and the script fails."},
}

var stopFrame = template.Must(template.New("stop").Parse(`<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>{{.Title}}</title><style>
body{margin:0;background:#f3f4f6;color:#1c1e21;font:17px/1.5 "Liberation Sans",Arial,sans-serif;display:grid;place-items:center;min-height:100vh}
main{background:#fff;border-radius:10px;box-shadow:0 2px 16px #0002;padding:40px;width:520px;text-align:center}h1{font-size:24px;margin:0 0 10px}
form{display:grid;gap:10px;margin-top:20px}input[type=text],input[type=password],select{font:inherit;padding:12px;border:1px solid #ccd0d5;border-radius:6px}
button{font:inherit;font-weight:700;padding:12px;border:0;border-radius:6px;background:#1a5f7a;color:#fff}.box{border:1px solid #ccd0d5;padding:20px;text-align:left}</style></head>
<body><main><h1>{{.Title}}</h1><p>{{.Text}}</p>{{.Extra}}</main></body></html>`))

func stopPage(title, text string) string { return stopMarkup(stop{title: title, text: text}) }

func stopMarkup(s stop) string {
	if s.title == "" {
		return "<!doctype html><html><head><title></title></head><body>" + s.extra + "</body></html>"
	}
	var b writerString
	_ = stopFrame.Execute(&b, map[string]any{"Title": s.title, "Text": s.text, "Extra": template.HTML(s.extra)})
	return string(b)
}

// writerString collects what a template writes.
type writerString []byte

func (b *writerString) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

// stops are the pages of stopList as sites.
func stops() []*spec {
	var out []*spec
	for _, st := range stopList {
		s := &spec{name: st.name, title: st.title, look: "simple", shape: plainShape, notes: st.notes}
		s.serve = func(c *call) bool { return st.serve(c) }
		s.truth = func(c *call) Truth {
			return Truth{Site: st.name, Path: s.path(), Title: st.title, Owner: owner, Now: c.o.Now, Outcome: st.outcome, Code: st.code, CommentsOn: "none", Posts: []Post{}}
		}
		out = append(out, s)
	}
	return out
}

// serve answers every page of the site in the same way.
func (st stop) serve(c *call) bool {
	if c.rest == "login" || c.rest == "reg" || c.rest == "recover" {
		c.login("")
		return true
	}
	if st.status == http.StatusFound {
		http.Redirect(c.w, c.r, c.spec.path()+"login?next="+template.URLQueryEscaper(c.r.URL.RequestURI()), st.status)
		return true
	}
	if st.retry != "" {
		c.w.Header().Set("Retry-After", st.retry)
	}
	c.html(st.status, stopMarkup(st))
	return true
}
