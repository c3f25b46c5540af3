package web

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"

	"arsring/internal/access"
	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/validators"
)

type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// axe asks axe-core for barriers by WCAG 2.1 AA and its best practices on headings and landmarks.
func (b *tab) axe(name string) {
	b.t.Helper()
	eval[bool](b, validators.Axe(b.t)+"; true")
	got := eval[string](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], resultTypes: ["violations"], iframes: false}).then(r => JSON.stringify(r.violations))`)
	var all []violation
	if err := json.Unmarshal([]byte(got), &all); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range all {
		for i, n := range v.Nodes {
			if i < 3 {
				b.t.Errorf("%s: %s (%s)\n%s\n%s", name, v.ID, v.Help, n.HTML, n.Summary)
			}
		}
	}
	b.fits(name)
}

// fits looks at what axe-core does not: that the page need not be scrolled sideways, and that it has one main heading.
func (b *tab) fits(name string) {
	b.t.Helper()
	if over := eval[float64](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
		b.t.Errorf("%s: the page is %.0f px wider than the window: %s", name, over, eval[string](b, `[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 4).map(e => e.outerHTML.slice(0, 160)).join("\n")`))
	}
	if n := eval[int](b, `document.querySelectorAll("h1").length`); n != 1 {
		b.t.Errorf("%s: %d main headings", name, n)
	}
	b.shot(name)
}

// pages are every page and state that an admin can come to.
func (s *site) pages(t *testing.T) map[string]string {
	t.Helper()
	id := snapID("oppet")
	run, _ := s.Place(t.Context(), Order{Tenant: "default", Account: "oppet", Trigger: capture.TriggerManual, Reason: "Ny formgivning", By: "Anna"})
	ok, _ := s.Place(t.Context(), Order{Tenant: "default", Account: "oppet", Trigger: capture.TriggerEvidence, Reason: "Hot", By: "Anna", URL: "https://social.example/1"})
	bad, _ := s.Place(t.Context(), Order{Tenant: "default", Account: "hemligt", Trigger: capture.TriggerEvidence, Reason: "Hot", By: "Anna", URL: "https://social.example/2"})
	s.set(ok, func(j *Job) { j.Ended, j.Safe, j.State, j.Outcome = true, true, "delivered", capture.Complete })
	s.set(bad, func(j *Job) {
		j.Ended, j.State, j.Outcome, j.Warnings = true, "needs-person", capture.LoginWall, []string{"Försök igen"}
	})
	if _, err := s.state.Propose(t.Context(), access.Proposal{Tenant: "default", Account: register.Account{Tenant: "default", ID: "nytt", Title: "Nytt konto", URL: "https://social.example/@nytt"}, By: "Bo", Reason: "Start"}); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"oversikt": "/", "konton": "/konton", "konto": "/konton/default/oppet", "konto-nytt": "/konton/ny", "konto-andra": "/konton/default/oppet/andra", "anmalningar": "/anmalningar",
		"ogonblicksbild": "/ogonblicksbild/" + id, "inlagg": "/ogonblicksbild/" + id + "/inlagg", "blad": "/ogonblicksbild/" + id + "/blad", "lamna-ut": "/lamna-ut/" + id,
		"bestall": "/bestall", "dokumentera": "/dokumentera", "lamna-in": "/lamna-in", "jobb-gar": "/jobb/" + run, "jobb-klart": "/jobb/" + ok, "jobb-fel": "/jobb/" + bad,
		"sok": "/sok", "sok-traffar": "/sok?q=kommun&plattform=mastodon", "jamfor": "/jamfor?konto=default/oppet&a=oppet-20260416T080000Z-scheduled-abce&b=" + id, "jamfor-val": "/jamfor?konto=default/oppet",
		"kalender": "/kalender", "logg": "/logg", "anvandare": "/anvandare", "jag": "/jag", "import": "/import", "register": "/register", "saknas": "/finns-inte", "sok-fel": "/sok?q=a&dag1=igar"}
}

// TestBarriers: axe-core finds nothing on any page: wide and narrow, light and dark, Swedish and English, at 200 %.
func TestBarriers(t *testing.T) {
	s := newSite(t, newTown(t))
	s.add(t, "admin", access.Grant{Tenant: access.AnyTenant, Role: access.Admin})
	b := s.tab(t, "admin")
	for name, path := range s.pages(t) {
		b.width(1280, 1)
		b.open(path)
		b.axe(name + "-1280")
		b.width(360, 1)
		b.fits(name + "-360")
	}
	b.width(360, 1)
	for name, path := range map[string]string{"oversikt": "/", "konto": "/konton/default/oppet", "konto-andra": "/konton/default/oppet/andra"} {
		b.open(path)
		b.axe(name + "-360")
	}
	b.width(640, 2) // 1280 px at 200 %
	b.open("/konton/default/oppet")
	b.axe("konto-200")
	dark := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}
	if _, err := cdp.Call(b.ctx, b.s, emulation.SetEmulatedMedia, dark); err != nil {
		t.Fatal(err)
	}
	b.width(1280, 1)
	b.open("/sprak?till=en&fran=/")
	for name, path := range map[string]string{"oversikt": "/", "konto": "/konton/default/oppet", "ogonblicksbild": "/ogonblicksbild/" + snapID("oppet"), "jamfor": "/jamfor?konto=default/oppet&a=oppet-20260416T080000Z-scheduled-abce&b=" + snapID("oppet"), "sok": "/sok?q=kommun", "bestall": "/bestall", "klart": "/jobb/jobb-2", "fel": "/jobb/jobb-3"} {
		b.open(path)
		b.axe(name + "-en-dark")
	}
	visitor := s.tab(t, "")
	for name, path := range map[string]string{"logga-in": "/logga-in", "register-utan": "/register"} {
		visitor.open(path)
		visitor.axe(name)
	}
	if s, err := s.state.FirstCode(t.Context()); err != nil || s != "" {
		t.Errorf("a code for a first admin while there are users: %q, %v", s, err)
	}
}

// TestKeyboard goes through a page with the Tab key alone.
func TestKeyboard(t *testing.T) {
	s := newSite(t, newTown(t))
	s.add(t, "admin", access.Grant{Tenant: access.AnyTenant, Role: access.Admin})
	b := s.tab(t, "admin")
	b.open("/bestall")
	var way []string
	for range 25 {
		b.key("Tab", "")
		at := eval[string](b, `(() => { const e = document.activeElement, r = e.getBoundingClientRect(), o = getComputedStyle(e).outlineStyle; return e.tagName + " " + (e.id || e.textContent.trim().slice(0, 20)) + (r.width && r.bottom > 0 && o !== "none" ? "" : " UNSEEN") })()`)
		way = append(way, at)
	}
	all := strings.Join(way, "\n")
	last := -1
	for _, want := range []string{"A Hoppa till", "A Översikt", "A Beställ", "SELECT f-konto", "INPUT f-reason", "BUTTON Ta ögonblicksbild"} {
		i := strings.Index(all, want)
		if i <= last {
			t.Errorf("%q does not come in its turn:\n%s", want, all)
		}
		last = i
	}
	if strings.Contains(strings.ReplaceAll(all, "BODY Hoppa till innehålle UNSEEN", ""), "UNSEEN") {
		t.Errorf("the focus cannot be seen:\n%s", all)
	}
	b.open("/bestall")
	b.key("Tab", "")
	b.key("Enter", "\r")
	b.wait(`document.activeElement.id === "innehall"`)
}
