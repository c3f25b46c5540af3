package web

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"

	"arsring/internal/access"
	"arsring/internal/capture"
)

// key presses a key as a person does.
func (b *tab) key(name, text string) {
	b.t.Helper()
	codes := map[string]int64{"Tab": 9, "Enter": 13}
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		p := input.DispatchKeyEventParams{Type: kind, Key: name, Code: name, WindowsVirtualKeyCode: codes[name]}
		if text != "" && kind == input.DispatchKeyEventTypeKeyDown {
			p.Text = text
		}
		if _, err := cdp.Call(b.ctx, b.s, input.DispatchKeyEvent, p); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *tab) script(on bool) {
	b.t.Helper()
	if _, err := cdp.Call(b.ctx, b.s, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}); err != nil {
		b.t.Fatal(err)
	}
}

// TestOrder: an officer orders a snapshot, sees it go by itself, loses the connection, and gets the receipt.
func TestOrder(t *testing.T) {
	s := newSite(t, newTown(t))
	s.add(t, "olle", access.Grant{Tenant: "default", Role: access.Officer})
	b := s.tab(t, "olle")
	b.says("Vilka konton saknar giltig ögonblicksbild?", "1 av 2 konton", "Dialogen")
	b.open("/konton/default/oppet")
	b.click(`a[href^="/bestall?konto="]`)
	b.wait(`document.querySelector("#f-konto").value === "default/oppet"`)
	b.click("main form[method=post] button")
	b.wait(`document.activeElement.id === "fel"`)
	b.says("Skriv varför", "Något behöver rättas.")
	b.fill("#f-reason", "Inför ny formgivning")
	b.click("main form[method=post] button")
	b.wait(`location.pathname.startsWith("/jobb/")`)
	b.wait(`document.querySelector("[data-stage]").textContent.startsWith("Sidan läses")`)
	s.set("jobb-1", func(j *Job) { j.Stage, j.Done, j.Total = "deliver", 30, 60 })
	b.wait(`document.querySelector("[data-stage]").textContent === "Lagras och läses tillbaka, 50 %" && document.querySelector("progress").value === 30`)
	s.srv.CloseClientConnections()
	s.set("jobb-1", func(j *Job) { j.Done = 45 })
	b.wait(`document.querySelector("progress").value === 45`)
	s.set("jobb-1", func(j *Job) {
		j.Ended, j.Safe, j.State, j.Outcome, j.Sentence = true, true, "delivered", capture.Complete, capture.Text{SV: "Allt är fångat."}
	})
	b.wait(`document.querySelector(".receipt")`)
	b.says("Kopian är lagrad och kontrolläst", "Allt är fångat.")
	b.click(".receipt a.button")
	b.wait(`location.pathname.startsWith("/ogonblicksbild/")`)
	b.click(`form[action$="/kontrollera"] button`)
	b.wait(`document.querySelector(".note.good")`)
	b.says("Allt är som det levererades.")
	if got := s.calls[0]; got.By != "Person olle (olle)" || got.Reason != "Inför ny formgivning" || got.Trigger != capture.TriggerManual {
		t.Errorf("ordered %+v", got)
	}
}

// TestEvidence: a post is documented without script; until the copy is there the page says that nothing may be deleted.
func TestEvidence(t *testing.T) {
	s := newSite(t, newTown(t))
	s.add(t, "olle", access.Grant{Tenant: "default", Role: access.Officer})
	b := s.tab(t, "olle")
	b.script(false)
	b.open("/dokumentera?konto=default/oppet")
	b.click("#f-url")
	b.says("Ta inte bort inlägget ännu.")
	c := s.client(t, "olle")
	form := func(address string) map[string][]string {
		return map[string][]string{"konto": {"default/oppet"}, "url": {address}, "reason": {"Hot mot tjänsteman"}, "ground": {"17 kap. 1 § brottsbalken"}, "diary": {"KS 2026/12"}}
	}
	for _, wrong := range []string{"", "javascript:alert(1)", "ftp://x/", "https://user:pw@social.example/1", "inte en adress"} {
		if res := s.post(t, c, "/dokumentera", form(wrong)); res.StatusCode != 422 {
			t.Errorf("%q: %d", wrong, res.StatusCode)
		}
	}
	res := s.post(t, c, "/dokumentera", form("https://social.example/@oppet/7"))
	job := res.Header.Get("Location")
	if res.StatusCode != 303 || !strings.HasPrefix(job, "/jobb/") {
		t.Fatalf("%d %s", res.StatusCode, job)
	}
	if _, page := s.get(t, c, job); !strings.Contains(page, `<noscript><meta http-equiv="refresh"`) || strings.Contains(page, "lagrad och kontrolläst</h2>") {
		t.Error("the page does not move on without script, or says too much")
	}
	s.set("jobb-1", func(j *Job) { j.Ended, j.State, j.Outcome = true, "needs-person", capture.LoginWall })
	b.open(job)
	b.script(true)
	b.says("Radera inte ännu")
	s.set("jobb-1", func(j *Job) { j.Safe, j.State, j.Outcome = true, "delivered", capture.Complete })
	b.open(job)
	b.says("Kopian är lagrad och kontrolläst", "kan inlägget tas bort", "KS 2026/12", "17 kap. 1 § brottsbalken")
}

// TestRegisterTasks: an account is reported by an officer, approved by an admin, changed by an archivist, paused and closed.
func TestRegisterTasks(t *testing.T) {
	s := newSite(t, newTown(t))
	s.add(t, "olle", access.Grant{Tenant: "default", Role: access.Officer})
	s.add(t, "arkiv", access.Grant{Tenant: "default", Role: access.Archivist})
	s.add(t, "admin", access.Grant{Tenant: access.AnyTenant, Role: access.Admin})
	b := s.tab(t, "olle")
	b.open("/konton")
	b.click(`a[href="/konton/ny"]`)
	b.wait(`document.querySelector("h1").textContent === "Anmäl konto"`)
	b.fill("#f-title", "Fritidsgården på Ängen")
	b.click("main form[method=post] button")
	b.wait(`document.querySelector("#fel")`)
	b.says("Adressen ska börja med https://", "Ansvarig verksamhet: fyll i")
	for k, v := range map[string]string{"#f-url": "https://social.example/@angen", "#f-archive_creator": "Fritidsnämnden", "#f-unit": "Fritid", "#f-responsible-name": "Eva Mall"} {
		b.fill(k, v)
	}
	b.click("main form[method=post] button")
	b.wait(`document.querySelector(".flash")`)
	b.says("Anmälan är mottagen")

	a := s.tab(t, "admin")
	a.says("Konton väntar på godkännande: 1")
	a.open("/anmalningar")
	a.click(`button[value="ja"]`)
	a.wait(`document.querySelector(".flash")`)
	acc, ok := func() (string, bool) {
		r, err := s.Current()
		if err != nil {
			t.Fatal(err)
		}
		acc, ok := r.ByID("default", "fritidsgarden-pa-angen")
		return acc.Unit, ok
	}()
	if !ok || acc != "Fritid" {
		t.Fatalf("the account is not in the register: %q", acc)
	}

	c := s.tab(t, "arkiv")
	c.open("/konton/default/fritidsgarden-pa-angen/andra")
	c.fill("#f-responsible-email", "inte en adress")
	c.click("main form[method=post] button")
	c.wait(`document.querySelector("#fel")`)
	c.says("är ingen e-postadress")
	c.fill("#f-responsible-email", "eva@example.org")
	c.fill("#f-reason", "Ny adress")
	c.click("main form[method=post] button")
	c.wait(`document.querySelector(".flash")`)
	c.says("Ändringen är sparad", "Ny adress", "Person arkiv (arkiv)", "eva@example.org")
	c.click("details:nth-of-type(1) summary")
	c.fill("#f-pause_reason", "Valrörelse")
	c.click(`form[action$="/paus"] button`)
	c.wait(`document.querySelector("form[action$='/aterta']")`)
	c.says("pausat", "Valrörelse")
	c.click(`form[action$="/aterta"] button`)
	c.wait(`document.querySelector("form[action$='/paus']")`)
	res := s.post(t, s.client(t, "arkiv"), "/konton/default/fritidsgarden-pa-angen/avsluta", map[string][]string{"notice-date": {"2026-10-20"}, "notice-remove": {"2026-11-20"}, "reason": {"Läggs ner"}})
	if res.StatusCode != 303 || len(s.calls) != 1 || s.calls[0].Trigger != capture.TriggerClosure {
		t.Errorf("closing: %d, %+v", res.StatusCode, s.calls)
	}
	a.open("/logg")
	a.says("anmälde konto", "godkände anmälan", "ändrade konto", "pausade konto", "avbröt paus", "avslutade konto")
	if err := s.state.CheckAudit(t.Context()); err != nil {
		t.Error(err)
	}
}
