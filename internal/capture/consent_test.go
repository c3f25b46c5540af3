package capture

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"arsring/internal/egress"
	"arsring/testdata/sites"
)

// stageOut is the proxy of a stage.
type stageOut struct{ p *egress.Proxy }

func (o stageOut) Addr() string              { return o.p.Addr() }
func (o stageOut) IP(string) string          { return "" }
func (o stageOut) Failure(h string) string   { f, _ := o.p.Failure(h); return f.Code }
func (o stageOut) Refused() []RefusedRequest { return nil }

// stage is a browser with one tab, and a server of small pages that remembers what was asked of it.
type stage struct {
	t    *testing.T
	ctx  context.Context
	tab  *tab
	home string

	mu    sync.Mutex
	pages map[string]string // path → body of the page
	asked []string          // "POST /path?query" and "GET /path" in order, favicons left out
}

func newStage(t *testing.T, other http.Handler) *stage {
	t.Helper()
	s := &stage{t: t, pages: map[string]string{}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, other) }))
	t.Cleanup(srv.Close)
	s.home = srv.URL
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	p, err := egress.Start(ctx, egress.Options{Allow: []string{"127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	b, err := Launch(ctx, Options{Egress: stageOut{p}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	if s.tab, err = b.openTab(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.tab.close)
	s.ctx = ctx
	return s
}

func (s *stage) serve(w http.ResponseWriter, r *http.Request, other http.Handler) {
	s.mu.Lock()
	body, ok := s.pages[r.URL.Path]
	if r.URL.Path != "/favicon.ico" {
		s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
	}
	s.mu.Unlock()
	switch {
	case ok && r.Method == http.MethodGet:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<!doctype html><html lang="sv"><meta charset="utf-8"><title>Älvsunda kommun</title><body>`+body)
	case r.Method == http.MethodPost && other == nil:
		w.WriteHeader(http.StatusNoContent)
	case other != nil:
		other.ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// show opens a page made of the body and forgets what happened before.
func (s *stage) show(body string) {
	s.t.Helper()
	s.mu.Lock()
	s.pages["/page"] = body
	s.mu.Unlock()
	s.open("/page")
}

func (s *stage) open(path string) {
	s.t.Helper()
	s.mu.Lock()
	s.asked = nil
	s.mu.Unlock()
	v, _, err := s.tab.open(s.ctx, s.home+path)
	if err != nil || v != nil {
		s.t.Fatal(v, err)
	}
	if err := s.tab.settle(s.ctx, false); err != nil {
		s.t.Fatal(err)
	}
	s.tab.mu.Lock()
	s.tab.interventions = nil
	s.tab.mu.Unlock()
}

// acts lists the interventions as "act: what".
func (s *stage) acts() []string {
	s.tab.mu.Lock()
	defer s.tab.mu.Unlock()
	out := []string{}
	for _, i := range s.tab.interventions {
		out = append(out, i.Act+": "+i.What)
	}
	return out
}

func (s *stage) sent(method string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []string{}
	for _, a := range s.asked {
		if strings.HasPrefix(a, method+" ") {
			out = append(out, strings.TrimPrefix(a, method+" "))
		}
	}
	return out
}

// free reports whether the page scrolls and nothing lies over its middle.
func (s *stage) free() bool {
	s.t.Helper()
	l, err := eval[struct{ Blocked float64 }](s.ctx, s.tab, "layers")
	if err != nil {
		s.t.Fatal(err)
	}
	locked, err := eval[bool](s.ctx, s.tab, "locked")
	if err != nil {
		s.t.Fatal(err)
	}
	return l.Blocked == 0 && !locked
}

// veil is a dimmed page that cannot be scrolled, and a function that lifts both and tells the server what was chosen.
const veil = `<style>.v{position:fixed;inset:0;background:#000a;z-index:80}.d{position:fixed;z-index:81;left:300px;top:300px;width:600px;background:#fff;padding:20px}html.no-scroll{overflow:hidden;height:100vh}</style><div class="v"></div><script>document.documentElement.classList.add("no-scroll");
function choose(c){fetch("/choice?"+c,{method:"POST",keepalive:true});document.querySelectorAll(".v,.d").forEach(e=>e.remove());document.documentElement.classList.remove("no-scroll")}</script>`

var (
	longPage   = `<main><h1>Nyheter från kommunen</h1>` + paragraphs + `</main>`
	paragraphs = strings.Repeat(`<p style="height:120px">Kommunen bygger en ny bro över älven. Arbetet börjar i mars och beräknas vara klart till midsommar nästa år, om vädret tillåter.</p>`, 30)
)

func TestConsentFixtures(t *testing.T) {
	t.Parallel()
	s := newStage(t, sites.Handler(sites.Options{Posts: 3}))
	for site, want := range map[string][]string{
		"consent-necessary": {"consent-refused: Endast nödvändiga"},
		"consent-reject":    {"consent-refused: Avvisa alla"},
		"consent-settings":  {"consent-settings: Inställningar", "consent-refused: Spara mina val"},
		"consent-only":      {"consent-hidden: Vi använder kakor Fortsätter du att använda webbplatsen godkänner du det. Godkänn", "consent-hidden: backdrop", "scroll-unlocked: html.ck-lock, body"},
		"consent-iframe":    {"consent-refused: Fortsätt utan att acceptera"},
		"consent-shadow":    {"consent-refused: Neka"},
	} {
		t.Run(site, func(t *testing.T) {
			s.t = t
			s.open("/" + site + "/")
			if err := s.tab.consent(s.ctx); err != nil {
				t.Fatal(err)
			}
			if got := s.acts(); !reflect.DeepEqual(got, want) {
				t.Errorf("acts = %q, want %q", got, want)
			}
			if !s.free() {
				t.Error("something still lies over the page, or it cannot be scrolled")
			}
			// What a frame tells its server may come a moment after the dialog is gone.
			chosen := s.chosen(site)
			for until := time.Now().Add(10 * time.Second); len(chosen) == 0 && site != "consent-only" && time.Now().Before(until); chosen = s.chosen(site) {
				time.Sleep(20 * time.Millisecond)
			}
			if site == "consent-only" && len(chosen) > 0 || site != "consent-only" && !reflect.DeepEqual(chosen, []string{"necessary"}) {
				t.Errorf("the page heard %q", chosen)
			}
		})
	}
}

// chosen is what a sample site's server was told about consent.
func (s *stage) chosen(site string) (out []string) {
	s.t.Helper()
	res, err := http.Get(s.home + "/" + site + "/consent")
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		s.t.Fatal(err)
	}
	return out
}

func TestConsent(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	t.Run("labels", s.consentLabels)
	t.Run("dialogs", s.consentDialogs)
	t.Run("what is no dialog", s.consentLeavesAlone)
	t.Run("late", s.consentLate)
}

func (s *stage) consentDialogs(t *testing.T) {
	strange := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<p>We value your privacy</p><button>Accept</button>`)
	}))
	t.Cleanup(strange.Close)
	s.pages["/other"] = "<h1>En annan sida</h1>"
	for _, c := range []struct {
		name, dialog string
		acts, posts  []string
	}{
		{"toggles that are on are switched off", `<div class="d" role="dialog"><h2>Kakor</h2><p>Vi använder kakor.</p><label><input type="checkbox" checked disabled> Nödvändiga</label><label><input type="checkbox" checked id="stat"> Statistik</label><span role="switch" aria-checked="true" tabindex="0" onclick="this.setAttribute('aria-checked',this.getAttribute('aria-checked')!='true')">Marknadsföring</span>
			<button onclick="choose('all')">Godkänn alla</button><button onclick="choose('stat='+document.getElementById('stat').checked+'&amp;ads='+document.querySelector('[role=switch]').getAttribute('aria-checked'))">Spara val</button></div>`,
			[]string{"consent-refused: Spara val"}, []string{"/choice?stat=false&ads=false"}},
		{"a toggle that cannot be switched off is never saved", `<div class="d" role="dialog"><h2>Kakor</h2><p>Vi använder kakor.</p><label><input type="checkbox" checked onclick="return false"> Statistik</label> <button onclick="choose('all')">Godkänn alla</button> <button onclick="choose('saved')">Spara val</button></div>`,
			[]string{"consent-hidden: Kakor Vi använder kakor. Statistik Godkänn alla Spara val", "consent-hidden: backdrop", "scroll-unlocked: html.no-scroll"}, []string{}},
		{"a button that sends a form", `<form class="d" method="post" action="/submit"><h2>Cookies</h2><p>Vi använder cookies.</p><button>Avvisa alla</button></form>`,
			[]string{"consent-hidden: Cookies Vi använder cookies. Avvisa alla", "consent-hidden: backdrop", "scroll-unlocked: html.no-scroll"}, []string{}},
		{"a button whose script sends a form", `<form class="d" method="post" action="/submit"><h2>Cookies</h2><p>Vi använder cookies.</p><button type="button" onclick="this.form.submit()">Avvisa alla</button></form>`,
			[]string{"consent-hidden: Cookies Vi använder cookies. Avvisa alla", "consent-hidden: backdrop", "scroll-unlocked: html.no-scroll"}, []string{}},
		{"a link that leads away", `<div class="d"><h2>Cookies</h2><p>Vi använder cookies.</p><a href="/other">Avvisa alla</a> <button onclick="choose('all')">OK</button></div>`,
			[]string{"consent-hidden: Cookies Vi använder cookies. Avvisa alla OK", "consent-hidden: backdrop", "scroll-unlocked: html.no-scroll"}, []string{}},
		{"refusing that must be paid for", `<div class="d"><h2>Ditt samtycke</h2><p>Vi och våra partner använder cookies.</p><button onclick="choose('pay')">Avvisa och prenumerera för 9 kr</button> <button onclick="choose('all')">Acceptera</button></div>`,
			[]string{"consent-hidden: Ditt samtycke Vi och våra partner använder cookies. Avvisa och prenumerera för 9 kr Acceptera", "consent-hidden: backdrop", "scroll-unlocked: html.no-scroll"}, []string{}},
		{"a dialog that stays after it was refused", `<div class="d"><h2>Cookies</h2><p>Vi använder cookies.</p><button onclick="fetch('/choice?none',{method:'POST'})">Avvisa</button></div>`,
			[]string{"consent-refused: Avvisa", "consent-hidden: Cookies Vi använder cookies. Avvisa", "consent-hidden: backdrop", "scroll-unlocked: html.no-scroll"}, []string{"/choice?none"}},
		{"a modal element in the top layer", `<dialog id="m"><h2>Informasjonskapsler</h2><p>Vi bruker informasjonskapsler.</p><form method="dialog"><button onclick="choose('none')">Kun nødvendige</button></form></dialog><script>document.querySelector(".v").remove();m.showModal()</script>`,
			[]string{"consent-refused: Kun nødvendige"}, []string{"/choice?none"}},
		{"a frame of a foreign host", `<div class="d" id="sp_message_container_1"><iframe title="SP Consent Message" style="width:560px;height:300px" src="` + strange.URL + `"></iframe></div>`,
			[]string{"consent-hidden: SP Consent Message", "consent-hidden: backdrop", "scroll-unlocked: html.no-scroll"}, []string{}},
		{"a button marked by its tool alone", `<div class="d" id="onetrust-banner-sdk"><p>Vi bryr oss om dig.</p><button id="onetrust-reject-all-handler" onclick="choose('none')">Ne!</button><button onclick="choose('all')">Ja</button></div>`,
			[]string{"consent-refused: Ne!"}, []string{"/choice?none"}},
		{"a page that loads itself again", `<div class="d"><h2>Cookies</h2><p>Vi använder cookies.</p><button onclick="document.cookie='c=1;max-age=60';location.reload()">Neka</button></div><script>if(/c=1/.test(document.cookie))choose('before')</script>`,
			[]string{"consent-refused: Neka"}, []string{"/choice?before"}},
		{"an answer that leads away", `<div class="d"><h2>Cookies</h2><p>Vi använder cookies.</p><button>Neka</button></div><script>document.querySelector("button").onclick=()=>{location.href='/other'}</script>`,
			[]string{"consent-refused: Neka", "returned: HOME/page", "consent-hidden: Cookies Vi använder cookies. Neka", "consent-hidden: backdrop", "scroll-unlocked: html.no-scroll"}, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			s.show(longPage + veil + c.dialog)
			if err := s.tab.consent(s.ctx); err != nil {
				t.Fatal(err)
			}
			got := s.acts()
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], s.home, "HOME")
			}
			if !reflect.DeepEqual(got, c.acts) {
				t.Errorf("acts = %q, want %q", got, c.acts)
			}
			if got := s.sent("POST"); !reflect.DeepEqual(got, c.posts) {
				t.Errorf("the page sent %q, want %q", got, c.posts)
			}
			if !s.free() {
				t.Error("something still lies over the page, or it cannot be scrolled")
			}
		})
	}
}

// What speaks of cookies and is no consent dialog stays as it is.
func (s *stage) consentLeavesAlone(t *testing.T) {
	const bar = `<header style="position:fixed;top:0;left:0;right:0;height:60px;background:#fff;z-index:50"><a href="/">Start</a> <a href="/kakor">Om kakor</a> <button onclick="fetch('/choice?menu',{method:'POST'})">Meny</button></header>`
	for name, page := range map[string]string{
		"no dialog at all":                  longPage,
		"an article about cookies":          bar + `<main><h1>Så fungerar kakor</h1><p>Du kan avvisa alla kakor. Samtycke krävs enligt lagen.</p>` + paragraphs + `<button onclick="fetch('/choice?x',{method:'POST'})">Avvisa alla</button></main>`,
		"a dialog that asks for an address": longPage + `<div role="dialog" style="position:fixed;left:300px;top:300px;width:500px;background:#fff">Prenumerera på nyhetsbrevet! Vi behandlar dina personuppgifter enligt GDPR. <input type="email" aria-label="E-post"><button onclick="fetch('/choice?x',{method:'POST'})">Nej tack</button></div>`,
		"a login that mentions cookies":     longPage + `<div role="dialog" aria-modal="true" style="position:fixed;left:300px;top:300px;width:500px;background:#fff">Logga in för att se mer. Genom att fortsätta godkänner du användningen av cookies. <a role="button" href="/login">Logga in</a> <button onclick="fetch('/choice?x',{method:'POST'})">Inställningar</button></div>`,
		"a chat bubble":                     longPage + `<div style="position:fixed;right:20px;bottom:20px;width:200px;height:80px;background:#fff;z-index:99"><button onclick="fetch('/choice?x',{method:'POST'})">Chatta med oss</button> Läs om personuppgifter</div>`,
		"a page about cookie settings":      `<main class="cookie-consent"><h1>Kakor</h1><p>Här ändrar du ditt samtycke.</p><label><input type="checkbox" checked> Statistik</label><button onclick="fetch('/choice?x',{method:'POST'})">Spara val</button>` + paragraphs + `</main>`,
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.show(page)
			before, err := eval[[]Block](s.ctx, s.tab, "text", []any{})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.tab.consent(s.ctx); err != nil {
				t.Fatal(err)
			}
			after, err := eval[[]Block](s.ctx, s.tab, "text", []any{})
			if err != nil {
				t.Fatal(err)
			}
			if got := s.acts(); len(got) > 0 {
				t.Errorf("acts = %q", got)
			}
			if got := s.sent("POST"); len(got) > 0 {
				t.Errorf("pressed: %q", got)
			}
			if !reflect.DeepEqual(before, after) {
				t.Error("the page says something else than before")
			}
		})
	}
}

func (s *stage) consentLate(t *testing.T) {
	s.t = t
	s.show(longPage + `<script>setTimeout(()=>{const d=document.createElement("div");d.setAttribute("role","dialog");d.style.cssText="position:fixed;left:0;right:0;bottom:0;height:200px;background:#fff";d.innerHTML="<p>Vi använder kakor.</p><button>Endast nödvändiga kakor</button>";d.querySelector("button").onclick=()=>{fetch("/choice?late",{method:"POST"});d.remove()};document.body.append(d)},700)</script>`)
	if err := s.tab.consent(s.ctx); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(20 * time.Second); len(s.acts()) == 0 && time.Now().Before(until); {
		if _, err := s.tab.consentLate(s.ctx); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.acts(); !reflect.DeepEqual(got, []string{"consent-refused: Endast nödvändiga kakor"}) {
		t.Errorf("acts = %q", got)
	}
}

func (s *stage) consentLabels(t *testing.T) {
	s.t = t
	s.show(longPage)
	for kind, labels := range map[string][]string{
		"refuse": {"Avvisa alla", "Endast nödvändiga", "Neka", "Reject all", "Only necessary", "Decline", "Fortsätt utan att godkänna", "Fortsätt utan att acceptera", "Neka valfria cookies", "Jag accepterar inte",
			"Godkänn endast nödvändiga kakor", "Acceptera nödvändiga", "Använd bara nödvändiga cookies", "Avvisa icke nödvändiga", "Nej tack", "Nej, tack", "Avböj alla", "Decline optional cookies", "Only allow essential cookies",
			"Refuse non-essential cookies", "Continue without accepting", "I do not agree", "Don't accept", "Do not consent", "Necessary cookies only", "Disagree", "Strictly necessary only", "Avvis alle", "Kun nødvendige", "Bare nødvendige informasjonskapsler",
			"Tillat kun nødvendige", "Ikke godta", "Nei takk", "Afvis alle", "Brug kun nødvendige cookies", "Fortsæt uden at acceptere", "Nej tak", "Hylkää kaikki", "Vain välttämättömät", "Hyväksy vain välttämättömät evästeet", "En hyväksy", "Jatka hyväksymättä",
			"Kieltäydy", "Alle ablehnen", "Ablehnen", "Nur notwendige Cookies", "Nur essenzielle Cookies akzeptieren", "Weiter ohne Zustimmung", "Nicht zustimmen", "Ohne Einwilligung fortfahren", "REJECT ALL", "Avvisa alla ›"},
		"accept": {"Godkänn", "Godkänn alla", "Acceptera alla cookies", "Tillåt alla", "Accept", "Accept all", "Allow all cookies", "I agree", "Ok", "OK!", "Jag förstår", "Got it", "Godta alle", "Tillad alle", "Hyväksy kaikki", "Alle akzeptieren", "Zustimmen",
			"Spara och acceptera alla", "Acceptera alla, även icke nödvändiga", "Ja, tillåt alla kakor"},
		"save": {"Spara val", "Spara mina val", "Bekräfta mina val", "Tillåt urval", "Tillåt valda", "Save", "Save preferences", "Confirm my choices", "Allow selection", "Accept selected", "Lagre valg", "Gem indstillinger", "Tallenna asetukset", "Auswahl speichern",
			"Auswahl erlauben", "Spara inställningar"},
		"settings": {"Inställningar", "Cookie-inställningar", "Anpassa", "Hantera kakor", "Visa detaljer", "Fler alternativ", "Mer", "Manage options", "Settings", "Customize", "Cookie preferences", "More options", "Tilpass", "Vis detaljer", "Asetukset", "Muokkaa", "Einstellungen", "Mehr"},
		"":         {"Läs mer om kakor", "Läs vår policy", "Visa leverantörer", "Våra partner", "Logga in", "Avvisa och prenumerera", "Neka och betala 10 kr", "Reject and pay", "Kontakta oss", "Stäng", ""},
	} {
		for _, l := range labels {
			got, err := eval[string](s.ctx, s.tab, "consentKind", l)
			if err != nil {
				t.Fatal(err)
			}
			if got != kind {
				t.Errorf("%q is taken for %q, want %q", l, got, kind)
			}
		}
	}
}
