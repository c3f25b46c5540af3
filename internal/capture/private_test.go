package capture

import (
	"slices"
	"strings"
	"testing"
)

// loggedInStage is a stage whose browser captures as with a login.
func loggedInStage(t *testing.T) *stage {
	t.Helper()
	s := newStage(t, nil)
	own := s.tab.b.profile
	s.tab.b.o.Profile = own
	t.Cleanup(func() { s.tab.b.o.Profile = "" })
	if err := s.tab.watchPrivate(s.ctx); err != nil {
		t.Fatal(err)
	}
	return s
}

// read shows a page and keeps what is noted meanwhile.
func (s *stage) read(body string) {
	s.t.Helper()
	s.show("<p>En annan sida.</p>")
	s.mu.Lock()
	s.pages["/page"] = body
	s.mu.Unlock()
	if v, _, err := s.tab.open(s.ctx, s.home+"/page"); err != nil || v != nil {
		s.t.Fatal(v, err)
	}
	if err := s.tab.settle(s.ctx, false); err != nil {
		s.t.Fatal(err)
	}
}

// words is what a person reads on the page.
func (s *stage) words() string {
	s.t.Helper()
	blocks, err := eval[[]Block](s.ctx, s.tab, "text", []any{})
	if err != nil {
		s.t.Fatal(err)
	}
	var b strings.Builder
	for _, x := range blocks {
		b.WriteString(x.Text + "\n")
	}
	return b.String()
}

// Parts of a logged-in page that are nobody's public document are gone before the page is read; what is public stays.
func TestPrivateParts(t *testing.T) {
	s := loggedInStage(t)
	const secret = "HEMLIGT"
	feed := `<main role="feed"><article><h2>Inlägg</h2><p>ÖPPET ett. Skriv till oss i <a href="/messages/new">meddelanden</a> om statistik.</p></article></main>`
	for name, c := range map[string]string{
		"box with a role and a name":   `<aside role="complementary" aria-label="Chattar"><p>HEMLIGT</p></aside>`,
		"box with a heading":           `<section><h2>Direktmeddelanden</h2><ul><li>HEMLIGT</li></ul></section>`,
		"box named by another element": `<div role="region" aria-labelledby="n"><span id="n">Notiser (3)</span><p>HEMLIGT</p></div>`,
		"English":                      `<div role="dialog" aria-label="Messages"><p>HEMLIGT</p></div>`,
		"Finnish":                      `<div role="region" aria-label="Ilmoitukset"><p>HEMLIGT</p></div>`,
		"a chat's log":                 `<div role="log"><p>HEMLIGT</p></div>`,
		"a drawer by its class":        `<div class="app msg-overlay-list" style="position:fixed;right:0;bottom:0;width:200px;height:300px">HEMLIGT</div>`,
		"a list of private links":      `<ul><li><a href="/direct/t/1">HEMLIGT</a></li><li><a href="/direct/t/2">HEMLIGT två</a></li></ul>`,
		"a link in the head":           `<nav><a href="/hem">Hem</a> <a href="/notifications">HEMLIGT 5 nya</a></nav>`,
		"statistics in a post":         `<article><p>ÖPPET två</p><button>Visa insikter HEMLIGT 341 nådda</button></article>`,
		"statistics box":               `<section aria-label="Statistik för sidan"><p>HEMLIGT</p></section>`,
		"the platform's tools":         `<a href="http://business.127.0.0.1.nip.example/x" hidden></a><a href="/professional_dashboard/">HEMLIGT</a>`,
		"comes late":                   `<script>setTimeout(() => { const a = document.createElement('aside'); a.setAttribute('aria-label', 'Inkorg'); document.body.append(a); setTimeout(() => { a.innerHTML = '<p>HEMLIGT</p>'; window.late = 1; }, 20) }, 20)</script>`,
		"is named late":                `<div id="x" role="region"><p>HEMLIGT</p></div><script>setTimeout(() => { document.getElementById('x').setAttribute('aria-label', 'Chatt'); window.late = 1; }, 20)</script>`,
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.read(c + feed)
			if strings.Contains(c, "window.late") {
				if _, err := s.tab.call(s.ctx, `new Promise(ok => setTimeout(ok, 300))`); err != nil { // the page's own clock, well beyond its timers
					t.Fatal(err)
				}
			}
			got := s.words()
			if strings.Contains(got, secret) || !strings.Contains(got, "ÖPPET ett") || strings.Contains(c, "ÖPPET två") && !strings.Contains(got, "ÖPPET två") {
				t.Errorf("what is read: %q", got)
			}
			if !strings.Contains(got, "meddelanden") {
				t.Errorf("a post lost its words: %q", got)
			}
			s.tab.keptPrivate(s.ctx)
			if acts := s.acts(); !slices.ContainsFunc(acts, func(a string) bool { return strings.HasPrefix(a, "private-hidden: ") }) || strings.Contains(strings.Join(acts, " "), secret) {
				t.Errorf("interventions: %q", acts)
			}
		})
	}
	t.Run("public", func(t *testing.T) {
		s.t = t
		body := `<header><nav aria-label="Huvudmeny"><a href="/hem">Hem</a><a href="/om">Om oss</a></nav></header><section><h2>Kontakta oss</h2><p>ÖPPET tre</p></section><section><h2>Meddelandeprogram i skolan</h2><p>ÖPPET fyra</p></section>` + feed
		s.show(body)
		if got := s.words(); !strings.Contains(got, "ÖPPET tre") || !strings.Contains(got, "ÖPPET fyra") || !strings.Contains(got, "Om oss") {
			t.Errorf("%q", got)
		}
		if acts := s.acts(); len(acts) > 0 {
			t.Errorf("%q", acts)
		}
	})
}

// Private addresses are never asked for, whoever wants to open them.
func TestPrivateAddresses(t *testing.T) {
	s := loggedInStage(t)
	v, _, err := s.tab.open(s.ctx, s.home+"/messages/17")
	if err != nil || v == nil || v.code != "private-page" {
		t.Fatalf("%+v %v", v, err)
	}
	s.show(`<p>Sidan</p><iframe src="/notifications/"></iframe>`)
	s.show(`<p>Sidan</p><script>setTimeout(() => { location.href = '/inbox'; window.gone = 1 }, 10)</script>`)
	if _, err := s.tab.call(s.ctx, `new Promise(ok => setTimeout(ok, 300))`); err != nil {
		t.Fatal(err)
	}
	for _, asked := range s.sent("GET") {
		if asked != "/page" {
			t.Errorf("%s was asked for", asked)
		}
	}
	for address, want := range map[string]bool{
		"https://www.facebook.com/messages/t/1": true, "https://www.instagram.com/direct/inbox/": true, "https://www.linkedin.com/messaging/": true, "https://x.com/notifications": true,
		"https://studio.youtube.com/channel/1": true, "https://business.facebook.com/latest": true, "https://mastodon.example/conversations": true, "https://www.linkedin.com/company/1/admin/analytics/": true,
		"https://www.facebook.com/exempelkommun/posts/1": false, "https://x.com/kommunen/status/1": false, "https://www.exempel.se/nyheter/nya-meddelandesystem": false, "https://www.exempel.se/": false,
	} {
		if privateAddress(address) != want {
			t.Errorf("%s: %v", address, !want)
		}
	}
}

func TestLoggedOut(t *testing.T) {
	s := loggedInStage(t)
	for body, want := range map[string]string{
		`<form><input type="password"></form><p>Flöde</p>`:                                "form",
		`<header><a href="/login">Logga in</a></header><p>Flöde</p>`:                      "link",
		`<header><a href="/logout">Logga ut</a></header><p>Flöde</p>`:                     "",
		`<article><a href="/login">Logga in</a></article>`:                                "",
		`<header><button>Logga ut</button></header><a href="/x">Logga in</a><p>Flöde</p>`: "",
		`<p>Logga in på Mina sidor för att boka.</p>`:                                     "",
	} {
		s.show(body)
		if got, err := eval[string](s.ctx, s.tab, "loggedOut"); err != nil || got != want {
			t.Errorf("%s: %q %v", body, got, err)
		}
	}
}
