package capture

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"arsring/testdata/sites"
)

// capture captures a page of the stage's server in the stage's tab.
func (s *stage) capture(path string) *Capture {
	s.t.Helper()
	return s.captureJob(Job{URL: s.home + path, Image: "jpeg"})
}

// captureJob does a job in the stage's tab.
func (s *stage) captureJob(job Job) *Capture {
	s.t.Helper()
	return s.captureIn(job, s.t.TempDir())
}

// captureIn does a job in the stage's tab, into a folder.
func (s *stage) captureIn(job Job, dir string) *Capture {
	s.t.Helper()
	c := &Capture{Job: job, Missing: []Missing{}, Posts: []Post{}}
	for _, d := range []string{"tiles", "media"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			s.t.Fatal(err)
		}
	}
	s.tab.mu.Lock()
	s.tab.interventions = nil
	s.tab.mu.Unlock()
	if err := s.tab.viewport(s.ctx, SheetHeight); err != nil { // the page before may have had a taller one
		s.t.Fatal(err)
	}
	if err := s.tab.run(s.ctx, c, dir); err != nil {
		s.t.Fatal(err)
	}
	s.tab.finish(c)
	return c
}

// Pages that stop a visitor end in their named outcomes.
func TestWallFixtures(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 5, 0, 0, 0, sites.Stockholm)
	s := newStage(t, sites.Handler(sites.Options{Now: now}))
	for _, name := range []string{"wall-first", "wall-first-redirect", "captcha", "captcha-200", "agegate", "gone", "gone-200", "suspended", "gone-410", "ratelimit", "members", "blank", "empty"} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			site, ok := sites.ByName(name, sites.Options{Now: now})
			if !ok {
				t.Fatal("no such site")
			}
			c := s.capture(site.Path)
			if string(c.Outcome) != site.Truth.Outcome || c.Code != site.Truth.Code {
				t.Errorf("%s, %s; want %s, %s", c.Outcome, c.Code, site.Truth.Outcome, site.Truth.Code)
			}
			if name == "empty" && c.Period.Stop != StopEndOfFeed {
				t.Errorf("stop %q", c.Period.Stop)
			}
		})
	}
	t.Run("everything else", func(t *testing.T) { s.t = t; s.noWalls(sites.All(sites.Options{Now: now, Posts: 3, NoImages: true})) })
	for _, k := range []struct{ name, act string }{{"wall-modal", "wall-set-aside"}, {"wall-redirect", "navigation-refused"}, {"popup", "wall-closed"}} {
		t.Run(k.name, func(t *testing.T) {
			s.t = t
			o := sites.Options{Now: now, Posts: 24, Wall: 12, NoImages: true}
			site, _ := sites.ByName(k.name, o)
			c := s.capture(site.Path + "?posts=24&wall=12&images=0")
			want := site.Truth
			if string(c.Outcome) != want.Outcome || want.Code != "" && c.Code != want.Code || string(c.Period.Stop) != want.Stop || len(c.Posts) != want.Reachable {
				t.Errorf("%s, %s, stop %s, %d posts; want %s, %s, stop %s, %d posts", c.Outcome, c.Code, c.Period.Stop, len(c.Posts), want.Outcome, want.Code, want.Stop, want.Reachable)
			}
			if !strings.Contains(strings.Join(acts(c), "\n"), k.act+": ") {
				t.Errorf("acts = %q, want one of %s", acts(c), k.act)
			}
			if want.Outcome == "partial" && (len(c.Missing) != 1 || c.Missing[0].Code != "wall") {
				t.Errorf("missing = %+v", c.Missing)
			}
			for _, tile := range c.Tiles[1:] {
				for _, w := range tile.Text {
					if strings.HasPrefix(w.Text, "Se mer från") {
						t.Errorf("tile %d shows the dialog", tile.N)
					}
				}
			}
			for _, p := range c.Posts {
				if len(p.Tiles) == 0 {
					t.Errorf("post %s is on no sheet", p.ID)
				}
			}
		})
	}
}

// noWalls looks at the sites that stop nobody.
func (s *stage) noWalls(all []sites.Site) {
	for _, site := range all {
		if site.Truth.Outcome != "complete" || site.Truth.Code != "" || strings.HasPrefix(site.Name, "consent-") || site.Name == "ratelimit-once" {
			continue
		}
		s.open(site.Path + "?posts=3&images=0")
		if err := s.tab.consent(s.ctx); err != nil {
			s.t.Fatal(err)
		}
		w, err := s.tab.wall(s.ctx)
		if err != nil {
			s.t.Fatal(err)
		}
		if v, ok := w.verdict(); ok || w.Empty && site.Truth.Reachable > 0 || len(s.acts()) > 0 && site.Name != "campaign" { // which has a consent bar
			s.t.Errorf("%s: %s, empty %v, acts %q", site.Name, v.code, w.Empty, s.acts())
		}
	}
}

func acts(c *Capture) []string {
	var out []string
	for _, i := range c.Interventions {
		out = append(out, i.Act+": "+i.What)
	}
	return out
}

const (
	threePosts = `<main><h1>Älvsunda kommun</h1><article><h3><a href="/a">Älvsunda kommun</a></h3><time datetime="2026-10-15T08:12:00+02:00"><a href="/p/1">15 oktober</a></time><p style="height:300px">Simhallen öppnar igen på måndag.</p></article><article><h3><a href="/a">Älvsunda kommun</a></h3><time datetime="2026-10-14T08:12:00+02:00"><a href="/p/2">14 oktober</a></time><p style="height:300px">Vattnet är avstängt i dag.</p></article><article><h3><a href="/a">Älvsunda kommun</a></h3><time datetime="2026-10-13T08:12:00+02:00"><a href="/p/3">13 oktober</a></time><p style="height:2900px">Nämnden söker medborgare.</p></article></main>`
	loginForm  = `<form action="/login" method="post"><input name="email" placeholder="E-post"><input type="password" name="pass"><button>Logga in</button></form>`
	topBar     = `<header><a href="/">Start</a> <a href="/login">Logga in</a> <a href="/reg">Skapa konto</a></header>`
	overlay    = `position:fixed;left:300px;top:400px;width:600px;background:#fff;z-index:90;padding:20px`
	dim        = `<div style="position:fixed;inset:0;background:#000a;z-index:80"></div>`
)

// What bars the way is named by what it is.
func TestWalls(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	for name, k := range map[string]struct {
		page string
		code string // empty: no wall
		acts []string
	}{
		"login dialog without a way out, over posts":  {threePosts + dim + `<div role="dialog" style="` + overlay + `"><h2>Se mer</h2>` + loginForm + `</div>`, "login-wall", nil},
		"login dialog that dims in one piece":         {threePosts + `<div style="position:fixed;inset:0;background:#000a;z-index:80"><div style="margin:300px;background:#fff">Logga in för att se fler inlägg <a href="/login" role="button">Logga in</a> <a href="/reg">Skapa nytt konto</a></div></div>`, "login-wall", nil},
		"login dialog with a cross":                   {threePosts + dim + `<div role="dialog" aria-modal="true" style="` + overlay + `"><button aria-label="Stäng" onclick="document.querySelectorAll('[role=dialog],body>div').forEach(e=>e.remove())">✕</button>` + loginForm + `</div>`, "", []string{"wall-closed: Stäng"}},
		"login dialog with words to go on":            {threePosts + dim + `<div role="dialog" aria-modal="true" style="` + overlay + `">` + loginForm + `<button onclick="document.querySelectorAll('[role=dialog],body>div').forEach(e=>e.remove())">Inte nu</button></div>`, "", []string{"wall-closed: Inte nu"}},
		"login dialog in a shadow tree":               {threePosts + `<div id="h"></div><script>const r=h.attachShadow({mode:"open"});r.innerHTML='<div style="position:fixed;inset:0;background:#fffd;z-index:80">Logga in för att fortsätta <a role="button" href="/login">Logga in</a></div>'</script>`, "login-wall", nil},
		"login dialog that says it can be closed":     {threePosts + dim + `<div role="dialog" aria-modal="true" style="` + overlay + `"><button aria-label="Stäng">✕</button>` + loginForm + `</div>`, "login-wall", []string{"wall-closed: Stäng", "wall-closed: Stäng", "wall-closed: Stäng", "wall-closed: Stäng"}},
		"login bar at the bottom that bars nothing":   {threePosts + `<div style="position:fixed;left:0;right:0;bottom:0;height:90px;background:#08f;z-index:9">Missa inte vad som händer. <a role="button" href="/login">Logga in</a> <a role="button" href="/reg">Registrera dig</a></div>`, "", nil},
		"posts and a login link in the header":        {topBar + threePosts, "", nil},
		"posts and a login form in a side column":     {topBar + threePosts + `<aside>` + loginForm + `</aside>`, "", nil},
		"age question over the page":                  {longPage + dim + `<div role="dialog" aria-modal="true" style="` + overlay + `"><h2>Är du över 18 år?</h2><button>Ja, jag är 18</button><button>Nej</button></div>`, "age-gate", nil},
		"captcha over the page":                       {longPage + dim + `<div role="dialog" aria-modal="true" style="` + overlay + `">Ett ögonblick<div class="h-captcha" style="width:303px;height:78px;background:#eee"></div></div>`, "captcha", nil},
		"captcha in the place of the page, in German": {`<main><h1>Einen Moment</h1><div class="cf-turnstile" style="width:300px;height:65px;background:#eee"></div></main>`, "captcha", nil},
		"private account":                             {topBar + `<main><h1>alvsunda</h1><p>34 följare</p><h2>Det här kontot är privat</h2><p>Följ kontot för att se bilder.</p></main>`, "members-only", nil},
		"closed group":                                {topBar + `<main><h1>Föräldrar i Älvsunda</h1><p>Privat grupp · 312 medlemmar</p></main>`, "members-only", nil},
		"not in this country":                         {`<main><h1>Hoppsan</h1><p>Innehållet är inte tillgängligt i ditt land.</p></main>`, "geo-blocked", nil},
		"too many requests, status 200":               {`<main><h1>Rate limit exceeded</h1><p>Try again later.</p></main>`, "rate-limited", nil},
		"too many requests, under posts":              {threePosts + `<div role="alert">Du gör detta för ofta. Vänta en stund.</div>`, "rate-limited", nil},
		"removed, in Finnish":                         {topBar + `<main><h1>Sivua ei löydy</h1><p>Tarkista osoite.</p></main><footer>Tietoa</footer>`, "removed", nil},
		"removed, in English":                         {`<main><h1>Sorry, this page isn't available.</h1><p>The link you followed may be broken.</p></main>`, "removed", nil},

		"not found, in the words of no list":      {topBar + `<main><h1>Det gick inte att hitta sidan</h1><p>Länken kan vara trasig, eller så har sidan tagits bort.</p></main>`, "removed", nil},
		"an account that was closed by its owner": {topBar + `<main><h2>Den här användaren har stängt av sitt konto</h2></main>`, "removed", nil},
		"a question for the date of birth":        {`<main><h1>Age verification</h1><p>Enter your date of birth to continue.</p><form><select name="y"><option>2000</option></select><button>Continue</button></form></main>`, "age-gate", nil},
		"a limit that is reached":                 {`<h1>Hoppsan!</h1><p>Du har nått gränsen för hur många sidor du kan visa. Vänta några minuter och försök igen.</p>`, "rate-limited", nil},
		"maintenance, status 200":                 {`<h1>Vi är strax tillbaka</h1><p>Tjänsten är tillfälligt otillgänglig på grund av underhåll.</p>`, "fault-page", nil},
		"the page's own fault":                    {topBar + `<main><h1>Något gick fel</h1><p>Försök att ladda om sidan.</p><button>Ladda om</button></main>`, "fault-page", nil},
		"another browser is wanted":               {`<h1>Din webbläsare stöds inte</h1><p>Uppdatera till en nyare version.</p>`, "browser", nil},
		"a login that is only a link":             {`<p>Inloggning krävs</p><a href="/login">Logga in för att fortsätta</a>`, "login-wall", nil},
		"works on the road":                       {topBar + `<main><h1>Underhåll av gator</h1><p>Vi underhåller gatorna i centrum under veckan.</p></main>`, "", nil},

		"a page with a login link in its header":  {topBar + longPage, "", nil},
		"a short page with a login link":          {topBar + `<main><h1>Kontakt</h1><p>Rådhustorget 1, Älvsunda. Telefon 0999-100 00. Öppet vardagar 8–16.</p><p>Logga in för att se dina ärenden i e-tjänsten, eller ring oss.</p></main>`, "", nil},
		"an article about logins":                 {topBar + `<main><article><h1>Du måste logga in med e-legitimation</h1><time datetime="2026-10-01">1 oktober</time>` + paragraphs + `</article></main>`, "", nil},
		"an article about captcha":                {topBar + `<main><article><h1>Därför visar vi captcha</h1><p>Ibland måste du bekräfta att du inte är en robot.</p>` + paragraphs + `</article></main>`, "", nil},
		"a contact form with a captcha":           {topBar + `<main><h1>Felanmälan</h1><form action="/send"><input name="namn"><input name="epost" type="email"><textarea name="text"></textarea><div class="g-recaptcha" style="width:304px;height:78px"></div><button>Skicka</button></form></main>`, "", nil},
		"a login among other forms":               {topBar + `<main><h1>E-tjänster</h1><form action="/sok"><input name="q"><select name="omrade"><option>Alla</option></select><button>Sök</button></form><form action="/tid"><input name="dag"><input name="namn"><button>Boka tid</button></form>` + loginForm + `</main>`, "", nil},
		"a login beside a choice of language":     {`<main><form><select name="lang"><option>Svenska</option></select></form><h1>Välkommen</h1>` + loginForm + `</main>`, "login-wall", nil},
		"news that mention a missing page":        {topBar + `<main><h1>Nytt diarium</h1><p>Om du får svaret att sidan finns inte ska du tömma webbläsarens cache. Kontot har stängts av för dem som inte bytt lösenord, meddelar kommunens it-enhet i ett utskick till alla anställda under måndagen.</p></main>`, "", nil},
		"a long article headed by a missing page": {topBar + `<main><h1>Sidan finns inte – så hittar du rätt</h1>` + paragraphs + `</main>`, "", nil},
		"an article about age limits":             {topBar + `<main><article><h1>Åldersgräns på badet</h1><p>Du måste vara 18 år eller äldre för att bada ensam kvällstid.</p>` + paragraphs + `</article><button>Dela</button></main>`, "", nil},
		"a menu over the page":                    {longPage + dim + `<nav role="dialog" aria-modal="true" style="` + overlay + `"><a href="/">Start</a><a href="/om">Om kommunen</a><a href="/kontakt">Kontakt</a></nav>`, "", nil},
		"a consent dialog":                        {longPage + dim + `<div role="dialog" style="` + overlay + `">Vi använder kakor <button>Endast nödvändiga</button></div>`, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.show(k.page)
			w, err := s.tab.wall(s.ctx)
			if err != nil {
				t.Fatal(err)
			}
			v, _ := w.verdict()
			if v.code != k.code {
				t.Errorf("verdict %q, want %q (%+v)", v.code, k.code, w)
			}
			got := strings.Join(s.acts(), "\n")
			if want := uniq(k.acts); !reflect.DeepEqual(uniq(strings.Split(got, "\n")), want) && got+strings.Join(want, "") != "" {
				t.Errorf("acts = %q, want %q", got, k.acts)
			}
		})
	}
}

// uniq leaves out repetitions: interventions are counted, not repeated.
func uniq(in []string) (out []string) {
	for _, s := range in {
		if len(out) == 0 || out[len(out)-1] != s {
			out = append(out, s)
		}
	}
	return out
}
