package sites

import (
	"html/template"
	"net/http"
	"strings"
	"time"
)

// What a logged-in page of the site "members" plants where it must never be kept: in cookies, in addresses, and in what only the person who
// logged in may read.
const (
	PlantedCookie  = "hemlig-sessionskaka-5b1e7c"
	PlantedToken   = "hemlig-adressnyckel-9d40aa"
	PlantedPrivate = "Hej chefen, jag är sjuk i dag och vill inte att någon får veta varför"
)

// walls are pages that stop a visitor somewhere.
func walls() []*spec {
	face := func(name, notes, wall string) *spec {
		return &spec{name: name, title: "Älvsunda kommun | Efterliknad", feed: true, look: "facebook", shape: facebookShape, mode: "scroll", sorted: true, first: 1, emojiImages: true,
			wall: wall, own: Options{Wall: 20, Posts: 60}, notes: notes, serve: loginPages, tweak: endAtWall}
	}
	members := variant("members", "Everything behind a login that works (any name, the password is not empty); the logged-in page shows messages. /members/logout ends every session.",
		func(s *spec) { s.serve, s.members = membersOnly, true })
	members.tweak = func(_ *spec, f *feed, _ *writer) {
		f.truth.Outcome, f.truth.Code, f.truth.Reachable, f.truth.Private = "login-wall", "login-wall", 0, []string{PlantedPrivate}
	}
	out := []*spec{
		face("wall-modal", "After 20 posts (?wall=) a login dialog covers the page and locks scrolling; it cannot be closed.", "modal"),
		face("wall-redirect", "After 20 posts (?wall=) the page goes to /wall-redirect/login.", "redirect"),
		face("popup", "After 20 posts (?wall=) a login dialog comes up; it can be closed, and the feed goes on.", "popup"),
		variant("ratelimit-once", "The first request gets 429 with Retry-After: 2, later ones the feed.", func(s *spec) { s.own, s.serve = Options{Posts: 20}, limitOnce }),
		members,
		variant("empty", "An account without posts.", func(s *spec) {
			s.own, s.tweak = Options{Posts: -1}, func(_ *spec, f *feed, _ *writer) { f.truth.Code = "empty" }
		}),
	}
	return append(out, stops()...)
}

// endAtWall says what can be reached: whole batches up to the wall.
func endAtWall(s *spec, f *feed, _ *writer) {
	n := len(f.truth.Posts)
	if s.wall == "popup" || f.o.Wall >= n {
		return
	}
	batches := max((f.o.Wall+f.o.Batch-1)/f.o.Batch, 1)
	f.truth.Reachable = min(batches*f.o.Batch, n)
	if f.truth.Reachable < n {
		f.truth.Outcome, f.truth.Stop, f.truth.Code = "partial", "wall", "login-wall"
	}
}

var loginForm = template.Must(template.New("login").Parse(`<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Logga in</title><style>
body{margin:0;background:#f0f2f5;font:16px/1.4 "Liberation Sans",Arial,sans-serif;display:grid;place-items:center;min-height:100vh}
form{background:#fff;border-radius:8px;box-shadow:0 2px 12px #0003;padding:24px;width:400px;display:grid;gap:12px;text-align:center}
input{font:inherit;padding:14px;border:1px solid #ccd0d5;border-radius:6px}button{font:inherit;font-weight:700;padding:13px;border:0;border-radius:6px;background:#0866ff;color:#fff}
h1{font-size:20px;margin:0 0 6px}p{margin:0;color:#a00}a{color:#0866ff;text-decoration:none}</style></head>
<body><form method="post" action="{{.Base}}/login"><h1>Logga in för att fortsätta</h1>{{with .Wrong}}<p role="alert">{{.}}</p>{{end}}<input type="hidden" name="next" value="{{.Next}}">
<input name="email" type="text" autocomplete="username" placeholder="E-postadress eller telefonnummer" aria-label="E-postadress eller telefonnummer">
<input name="pass" type="password" autocomplete="current-password" placeholder="Lösenord" aria-label="Lösenord"><button type="submit" name="login">Logga in</button>
<a href="{{.Base}}/recover">Glömt lösenordet?</a><a href="{{.Base}}/reg">Skapa nytt konto</a></form></body></html>`))

// login answers with the login form.
func (c *call) login(wrong string) {
	var b strings.Builder
	_ = loginForm.Execute(&b, map[string]string{"Base": "/" + c.spec.name, "Wrong": wrong, "Next": c.r.FormValue("next")}) // into memory
	c.html(http.StatusOK, b.String())
}

// loginPages answers where the walls lead. Batches behind the wall are refused.
func loginPages(c *call) bool {
	switch {
	case c.rest == "login" || c.rest == "reg" || c.rest == "recover":
		c.login("")
	case c.rest == "_/batch" && c.spec.wall != "popup" && c.number("from") >= c.feed().truth.Reachable:
		http.Error(c.w, `{"error":"login required"}`, http.StatusUnauthorized)
	default:
		return false
	}
	return true
}

// membersOnly lets nobody in without the session cookie.
func membersOnly(c *call) bool {
	const cookie = "session"
	key := "members logged out"
	switch c.rest {
	case "login":
		c.enter(cookie)
		return true
	case "logout":
		c.first(key)
		http.SetCookie(c.w, &http.Cookie{Name: cookie, Path: c.spec.path(), MaxAge: -1})
		c.html(http.StatusOK, `<!doctype html><html lang="sv"><meta charset="utf-8"><title>Utloggad</title><p>Du är utloggad.</p></html>`)
		return true
	}
	if in, err := c.r.Cookie(cookie); err == nil && in.Value == PlantedCookie && !c.happened(key) {
		return false
	}
	if strings.HasPrefix(c.rest, "_/") {
		http.Error(c.w, `{"error":"login required"}`, http.StatusUnauthorized)
		return true
	}
	http.Redirect(c.w, c.r, c.spec.path()+"login?next="+template.URLQueryEscaper(c.r.URL.RequestURI()), http.StatusFound)
	return true
}

// enter shows the login form, and opens the session for any name with a password.
func (c *call) enter(cookie string) {
	if c.r.Method != http.MethodPost {
		c.login("")
		return
	}
	if c.r.FormValue("email") == "" || c.r.FormValue("pass") == "" {
		c.login("Fel användarnamn eller lösenord.")
		return
	}
	c.srv.mu.Lock()
	delete(c.srv.once, "members logged out")
	c.srv.mu.Unlock()
	http.SetCookie(c.w, &http.Cookie{Name: cookie, Value: PlantedCookie, Path: c.spec.path(), HttpOnly: true, Expires: time.Now().AddDate(0, 3, 0)})
	next := c.r.FormValue("next")
	if !strings.HasPrefix(next, c.spec.path()) {
		next = c.spec.path()
	}
	http.Redirect(c.w, c.r, next, http.StatusSeeOther)
}

// limitOnce refuses the first request for the page.
func limitOnce(c *call) bool {
	if c.rest != "" || !c.first("ratelimit-once") {
		return false
	}
	c.w.Header().Set("Retry-After", "2")
	c.html(http.StatusTooManyRequests, stopPage("För många förfrågningar", "Du gör detta för ofta. Försök igen om en stund."))
	return true
}
