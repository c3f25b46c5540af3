package capture

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"arsring/internal/register"
)

const (
	sheet = `position:fixed;inset:0;background:#fff;z-index:90`
	card  = `<div style="position:fixed;inset:0;background:#000b;z-index:80"></div><div style="position:fixed;top:50%;left:50%;transform:translate(-50%,-50%);width:420px;background:#fff;padding:24px;z-index:81">`
	home  = `<header><a href="/">Älvsunda</a> <a href="/login">Logga in</a></header>`
)

// Pages that are not the account's are told from those that are, whatever their language.
func TestWallStrange(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	for name, k := range map[string]struct{ page, code string }{
		"an eID to choose":                       {`<main><h1>Logga in</h1><ul><li><a href="/1">Mobilt BankID</a><li><a href="/2">Freja eID+</a></ul></main>`, "login-wall"},
		"an eID to choose, in Finnish":           {`<h1>Valitse tunnistustapa</h1><ul><li><a href="/1">Pankkitunnus</a><li><a href="/2">Mobiilivarmenne</a></ul>`, "login-wall"},
		"accounts of others":                     {`<h1>Inicia sesión para continuar</h1><button>Continuar con Google</button><button>Continuar con Apple</button>`, "login-wall"},
		"a name before the password":             {`<h1>Accedi</h1><form action="/s" method="post"><input type="email" name="identifier" autocomplete="username"><button>Avanti</button></form>`, "login-wall"},
		"a number of a person":                   {`<h1>Älvsunda</h1><form method="post"><label>Personnummer<input name="pnr"></label><button>Fortsätt</button></form>`, "login-wall"},
		"only links to log in, in Polish":        {`<h1>Aby zobaczyć tę stronę, zaloguj się</h1><a href="/x">Zaloguj się</a>`, "login-wall"},
		"a login in a frame":                     {`<iframe srcdoc="<form method=post><input name=u><input type=password><button>OK</button></form>" style="width:100%;height:500px"></iframe>`, "login-wall"},
		"a user who is gone, in Danish":          {`<h1>Denne bruger findes ikke</h1>`, "removed"},
		"a page that is gone, in Ukrainian":      {`<h1>Сторінку не знайдено</h1>`, "removed"},
		"a page that is gone, in Japanese":       {`<h1>ページが見つかりません</h1>`, "removed"},
		"a status for a heading":                 {`<h1>404</h1><p>Otsitud lehte pole.</p>`, "removed"},
		"a fault of the gateway":                 {`<h1>502 Bad Gateway</h1><hr>nginx`, "fault-page"},
		"forbidden":                              {`<h1>403 Forbidden</h1><hr>openresty`, "denied"},
		"maintenance, in German":                 {`<h1>Wartungsarbeiten</h1><p>Wir sind bald zurück.</p>`, "fault-page"},
		"a program's own fault":                  {`<b>Fatal error</b>: Uncaught Error: Call to undefined function foo() in /var/www/index.php:12 thrown in /var/www/index.php on line 12`, "fault-page"},
		"a part that is called an error":         {`<div class="error-boundary"><h2>Merde alors</h2><button>Encore</button></div>`, "fault-page"},
		"a server's own page":                    {`<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working.</p>`, "parked"},
		"a list of files":                        {`<h1>Index of /alvsunda</h1><pre><a href="../">Parent Directory</a> <a href="x/">x/</a></pre>`, "parked"},
		"a domain for sale, in German":           {`<h1>Diese Domain steht zum Verkauf</h1>`, "parked"},
		"a domain that nobody uses":              {`<h1>alvsunda.example</h1><ul><li><a href="http://a.example/1">Lån</a><li><a href="http://b.example/">Hotell</a><li><a href="http://c.example/">Bilar</a></ul>`, "parked"},
		"an answer for programs":                 {`{"error":{"message":"Not authorized","code":190}}`, "no-page"},
		"nothing but a consent question":         {`<h1>Avant de continuer</h1><p>Nous utilisons des cookies.</p><button>J’accepte</button>`, "consent-page"},
		"an age asked for in the page":           {`<h1>Tem mais de 18 anos?</h1><button>Sim</button><button>Não</button>`, "age-gate"},
		"a waiting room":                         {`<h1>Du står i kö</h1><p>Din plats i kön: 4812.</p><script>1</script>`, "waiting-page"},
		"an age asked for over the page, Polish": {threePosts + card + `<p>Czy masz ukończone 18 lat?</p><button>Tak</button><button>Nie</button></div>`, "age-gate"},
		"an age asked for, language of no list":  {threePosts + card + `<p>Għandek 18-il sena?</p><button>Iva</button><button>Le</button></div>`, "age-gate"},
		"a closed tree without size, an age":     {threePosts + `<div id="h"></div><script>h.attachShadow({mode:"closed"}).innerHTML='<div style="` + sheet + `">Oletko täyttänyt 18 vuotta? <button>Kyllä</button><button>En</button></div>'</script>`, "age-gate"},
		"a missing page beside the site's news":  {`<script>document.title="Sidan kunde inte hittas"</script><h1>Sidan kunde inte hittas</h1>` + threePosts[len(`<main><h1>Älvsunda kommun</h1>`):], "removed"},

		"a visitor who is shut out":          {home + `<main><h2>@alvsunda</h2><h1>Du är blockerad</h1><p>Du kan inte se kontots inlägg.</p></main>`, "denied"},
		"no robots":                          {`<h1>Vi tillåter inte robotar</h1><p>Ring 0999-100 00.</p>`, "denied"},
		"a refusal that cites its reference": {`<H1>Access Denied</H1>You don't have permission to access "http://a.example/" on this server.<P>Reference #18.2d3.1`, "denied"},
		"strange activity":                   {home + `<main><h1>Ovanlig aktivitet upptäckt</h1><p>Dra pusselbiten på plats för att fortsätta.</p></main>`, "captcha"},
		"too many views":                     {`<h1>Vänta lite</h1><p>Du har gjort för många sidvisningar. Försök igen om några minuter.</p>`, "rate-limited"},
		"a page that is sadly gone":          {`<h2>Den här sidan är tyvärr inte tillgänglig.</h2><p>Länken kan vara trasig. <a href=/>Gå tillbaka.</a></p>`, "removed"},
		"an account not found":               {`<div><p>Kunde inte hitta det här kontot</p><p>Letar du efter videor? Bläddra bland våra upphovspersoner.</p></div>`, "removed"},
		"a blog whose author has left":       {`<h1>alvsunda.example is no longer available.</h1><p>The authors have deleted this site.</p>`, "removed"},
		"an account under another name":      {home + `<main><h2>Profilen har bytt namn</h2><p>Kontot @alvsunda heter numera <a href=/x>@x</a>.</p></main>`, "removed"},
		"a domain for sale, in English":      {`<h1>alvsunda.example is available for purchase</h1><a href=https://x.example/>Buy this domain</a>`, "parked"},
		"joining to read":                    {`<h1>Gå med för att läsa vad Älvsunda kommun skriver</h1><button>Registrera dig gratis</button><p>Redan medlem? <a href=/in>Logga in</a></p>`, "login-wall"},
		"being improved":                     {`<h2>Vi uppgraderar webbplatsen</h2><p>Vi är tillbaka inom kort.</p>`, "fault-page"},
		"a system that is not well":          {home + `<main><h1>Nu blev det tokigt!</h1><p>Vårt system mår inte riktigt bra just nu.</p></main>`, "fault-page"},
		"an age in the words of a shop":      {`<h1>Välkommen</h1><p>Du måste ha fyllt 20 år.</p><a href="#" role=button>Jag har fyllt 20 år</a> <a href="#" role=button>Jag har inte fyllt 20 år</a>`, "age-gate"},

		"a puzzle to drag":                  {home + card + `<p>Dra reglaget</p><img src="/p.svg" width="300" height="180"><div role="slider" tabindex="0" style="width:60px;height:40px;background:#f00"></div></div>`, "captcha"},
		"a guard's refusal in no element":   {`The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 12047733918284410233<br><br><a href="javascript:history.back();">[Go Back]</a>`, "denied"},
		"a turn to wait for":                {`<h1>Du står nu i kö</h1><p>Beräknad väntetid: mer än en timme</p><script>1</script>`, "waiting-page"},
		"cookies at the foot of every page": {`<main><h1>Älvsunda kommun</h1><p>212 inlägg</p><button>Följ</button></main><footer><a href="/c">Kakor</a> <a href="/i">Integritet</a></footer>`, ""},

		"an invitation to the young":         {`<h1>Ungdomsfullmäktige</h1><p>Är du mellan 13 och 18 år? Sök senast 1 november.</p><a href=/sok>Ja, jag vill söka</a> <a href=/mer>Läs mer</a>`, ""},
		"news of a form with a captcha":      {home + `<main><h1>Älvsunda kommun</h1><p>Nu måste du bekräfta att du inte är en robot när du gör en felanmälan.</p></main>`, ""},
		"a water pipe that is renewed":       {home + `<main><h1>Älvsunda kommun</h1><p>Vi uppgraderar ledningen i Granby. Vattnet är tillbaka på fredag.</p></main>`, ""},
		"an empty account":                   {home + `<main><h1>Älvsunda kommun</h1><p>0 följare</p><p>When they post, you will see it here.</p></main>`, ""},
		"a page of the season":               {`<main><h1>Älvsunda friluftsbad</h1><p>Badet är stängt för säsongen. Vi öppnar igen i juni.</p></main>`, ""},
		"a road with a number":               {`<main><h1>Väg 404 stängs av</h1><p>Älvsunda kommun lagar väg 404 i november.</p></main>`, ""},
		"a house that turns 18":              {`<main><h1>Ungdomens hus fyller 18 år</h1><p>Kommunen bjuder på tårta.</p><button>Dela</button></main>`, ""},
		"a question with yes and no":         {`<main><h1>Ska torget byggas om?</h1><p>Rösta senast den 18 november.</p><button>Ja</button><button>Nej</button></main>`, ""},
		"a fault in the bills":               {`<main><h1>Älvsunda kommun</h1><p>Ett fel har uppstått i fakturorna för oktober. Nya skickas ut.</p></main>`, ""},
		"a letter of news to order":          {`<main><h1>Prenumerera på nyheter från Älvsunda kommun</h1><form method="post" action="/s"><input type="email" name="email"><button>Prenumerera</button></form></main>`, ""},
		"what to bring to the eID's service": {`<main><h1>E-tjänster</h1><p>Du behöver BankID eller Freja. Saknar du e-legitimation, ring kontaktcenter.</p><a href="/e">Till e-tjänsterna</a></main>`, ""},
		"a few words on cookies":             {`<main><h1>Älvsunda kommun</h1><p>Vi använder inga cookies här. Frågor besvaras på telefon 0999-100 00.</p></main>`, ""},
		"links to other platforms":           {`<main><h1>Älvsunda kommun</h1><a href="https://www.facebook.com/a">Facebook</a> <a href="https://www.google.com/b">Google</a> <a href="https://a.example">Webbplats</a></main>`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.show(k.page)
			if err := s.tab.painted(s.ctx); err != nil {
				t.Fatal(err)
			}
			w, err := s.tab.wall(s.ctx)
			if err != nil {
				t.Fatal(err)
			}
			if v, _ := w.verdict(); v.code != k.code {
				t.Errorf("verdict %q, want %q (%+v)", v.code, k.code, w)
			}
		})
	}
}

// What covers a page and cannot be closed is set aside and said to have been there; what a visitor may close, and what lies behind or beside, is not.
func TestWallCovered(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	for name, k := range map[string]struct {
		page string
		want []string
	}{
		"no access, in Finnish":       {threePosts + `<div style="` + sheet + `"><h2>Ei käyttöoikeutta</h2><p>Rajattu.</p></div>`, []string{"Ei käyttöoikeutta Rajattu."}},
		"a price to read on":          {threePosts + card + `<h3>Lees verder</h3><p>€ 12 per maand</p><a href="/abo">Neem abonnement</a></div>`, []string{"Lees verder € 12 per maand Neem abonnement"}},
		"a modal dialog":              {threePosts + `<dialog id="d"><h2>Treść jest niedostępna</h2></dialog><script>d.showModal()</script>`, []string{"Treść jest niedostępna"}},
		"a blurred page":              {`<div style="filter:blur(8px)">` + threePosts + `</div><div style="position:fixed;top:300px;left:350px;width:500px;background:#fff;z-index:5"><h3>Contenu réservé</h3></div>`, []string{"Contenu réservé"}},
		"a tree of its own":           {threePosts + `<x-gate></x-gate><script>document.querySelector("x-gate").attachShadow({mode:"closed"}).innerHTML='<div style="` + sheet + `">Síðan er lokuð</div>'</script>`, []string{"Síðan er lokuð"}},
		"one that can be closed":      {threePosts + card + `<h2>Höstlov</h2><p>28 oktober</p><button style="width:30px"><svg width="20" height="20"></svg></button></div>`, nil},
		"one with a word to close":    {threePosts + card + `<h2>Fête</h2><button>Fermer</button></div>`, nil},
		"a letter of news":            {threePosts + card + `<h2>Nieuwsbrief</h2><input type="email"><button>Aanmelden</button></div>`, nil},
		"a choice of language":        {threePosts + card + `<button>Svenska</button><button>English</button></div>`, nil},
		"cookies in another language": {threePosts + card + `<p>Tento web používá soubory cookie.</p><button>Rozumím</button></div>`, nil},
		"what lies behind the page":   {`<div style="position:fixed;inset:0;z-index:-1;background:#eef">Älvsunda</div>` + threePosts, nil},
		"the page itself, fixed":      {`<div style="position:fixed;inset:0;overflow:auto"><h1>Älvsunda kommun</h1><p>Simhallen öppnar igen på måndag.</p><p>Vattnet är avstängt i dag.</p></div>`, nil},
		"a map in the page":           {`<main><h1>Karta över Älvsunda kommun och dess omgivningar, med alla gator och torg</h1><div style="position:absolute;left:0;right:0;top:120px;height:1500px;z-index:20;background:#cde">Karta <button>+</button></div></main>`, nil},
		"a chat in the corner":        {threePosts + `<div style="position:fixed;right:20px;bottom:20px;width:320px;height:420px;background:#fff;z-index:99">Hej! Vad kan vi hjälpa till med?<input></div>`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.show(k.page)
			if err := s.tab.painted(s.ctx); err != nil {
				t.Fatal(err)
			}
			got, err := eval[[]string](s.ctx, s.tab, "uncover")
			if err != nil || !slices.Equal(got, k.want) {
				t.Errorf("%q, want %q (%v)", got, k.want, err)
			}
			if l, err := eval[struct{ Blocked float64 }](s.ctx, s.tab, "layers"); err != nil || len(k.want) > 0 && l.Blocked > 0.3 {
				t.Errorf("%.0f %% of the window is still covered (%v)", 100*l.Blocked, err)
			}
		})
	}
}

// stops answers with pages that are on their way to another.
func stops(w http.ResponseWriter, r *http.Request) {
	const later = `<script>setTimeout(() => { document.cookie = "passed=1"; location.reload(); }, 3000)</script>`
	_, err := r.Cookie("passed")
	switch r.URL.Path {
	case "/checked", "/refused":
		switch {
		case err == nil:
			_, _ = fmt.Fprint(w, `<!doctype html><title>Älvsunda kommun</title>`+threePosts)
		case r.URL.Path == "/refused":
			w.WriteHeader(http.StatusServiceUnavailable)
			fallthrough
		default:
			_, _ = fmt.Fprint(w, `<!doctype html><title>Ett ögonblick</title><p>Moment</p>`+later)
		}
	case "/sent":
		_, _ = fmt.Fprint(w, `<!doctype html><title>Älvsunda kommun</title><h1>Älvsunda kommun</h1><script>setTimeout(() => location.assign("/who"), 3000)</script>`)
	case "/who":
		_, _ = fmt.Fprint(w, `<!doctype html><form method="post"><input name="u"><input type="password"><button>OK</button></form>`)
	case "/nobody":
		_, _ = fmt.Fprint(w, `<!doctype html><title>Seite</title><h1>Tja</h1><p>Hier ist leider nichts.</p><a href="/">Weiter</a>`)
	case "/json":
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, `{"error":"unknown account"}`)
	default:
		http.NotFound(w, r)
	}
}

// A page that only leads to another is waited for; one that shows next to nothing and never names the account is no complete capture.
func TestWallPassing(t *testing.T) {
	t.Parallel()
	s := newStage(t, http.HandlerFunc(stops))
	for _, k := range []struct {
		path    string
		outcome Outcome
		code    string
		missing []string
	}{
		{"/refused", Complete, "ok", nil}, {"/sent", LoginWall, "login-wall", nil}, {"/nobody", Partial, "ok", []string{"account-not-shown"}}, {"/json", Unreachable, "no-page", nil},
	} {
		t.Run(k.path, func(t *testing.T) {
			s.t = t
			c := s.captureJob(Job{URL: s.home + k.path, Image: "jpeg", Account: register.Account{ID: "a", Title: "Älvsunda kommun", URL: s.home + k.path}})
			if c.Outcome != k.outcome || c.Code != k.code || !slices.Equal(codes(c), k.missing) {
				t.Errorf("%s, %s, %q; want %s, %s, %q", c.Outcome, c.Code, codes(c), k.outcome, k.code, k.missing)
			}
		})
	}
}

func TestAccountNames(t *testing.T) {
	for _, k := range []struct {
		title, sender, url string
		want               []string
	}{
		{"Älvsunda kommun på Facebook", "", "https://x.example/alvsunda", []string{"Älvsun", "alvsunda"}},
		{"Biblioteket", "Kultur- och fritidsnämnden", "https://x.example/", []string{"Biblio", "Kultur", "fritid"}},
		{"Kommunen", "", "https://x.example/alvsunda", []string{}},
		{"", "", "https://x.example/alvsunda", []string{}},
	} {
		if got := accountNames(&Capture{Job: Job{Account: register.Account{Title: k.title, Sender: k.sender, URL: k.url}}}); !slices.Equal(got, k.want) {
			t.Errorf("%q: %q, want %q", k.title, got, k.want)
		}
	}
}
