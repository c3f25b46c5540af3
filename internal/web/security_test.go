package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"arsring/internal/access"
	"arsring/internal/capture"
)

// TestHostileTexts plants two hundred texts in posts, names, titles, reasons and form fields, and opens every page that shows them in a real
// browser: nothing runs, nothing is asked for from elsewhere, no address leads to a script.
func TestHostileTexts(t *testing.T) {
	all := corpus()
	if len(all) < 200 {
		t.Fatalf("only %d texts", len(all))
	}
	tw := newTown(t)
	tw.texts, tw.names = all, all
	s := newSite(t, tw)
	s.add(t, "admin", access.Grant{Tenant: access.AnyTenant, Role: access.Admin})
	tw.findings = []capture.Text{{SV: strings.Join(all, "\n"), EN: "x"}}
	for i, text := range all {
		if _, err := tw.Place(t.Context(), Order{Tenant: "default", Account: "oppet", Trigger: capture.TriggerEvidence, Reason: text, URL: text, By: text, Ground: text, Diary: text}); err != nil {
			t.Fatal(err)
		}
		tw.set(fmt.Sprintf("jobb-%d", i+1), func(j *Job) {
			j.Ended, j.Warnings, j.Sentence, j.Stage = true, []string{text}, capture.Text{SV: text}, text
		})
		if err := s.state.Note(t.Context(), access.Event{Who: text, Action: text, Object: text, Detail: text, Place: text}); err != nil {
			t.Fatal(err)
		}
	}
	c := s.client(t, "admin")
	planted := plantAccount(t, s, c, all)
	id := snapID("oppet")
	b := s.tab(t, "admin")
	paths := []string{"/", "/logg", "/bestall", "/ogonblicksbild/" + id, "/lamna-ut/" + id, "/sok?q=x", "/jamfor?konto=default/oppet&a=oppet-20260416T080000Z-scheduled-abce&b=" + id, "/jobb/jobb-14", "/jobb/jobb-60", "/jobb/jobb-120", "/konton", "/register", "/konton/default/" + planted, "/konton/default/" + planted + "/andra", "/oppet/tabell.html"}
	for page := 1; page <= (len(all)+postsPerPage-1)/postsPerPage; page++ {
		paths = append(paths, fmt.Sprintf("/ogonblicksbild/%s/inlagg?sida=%d", id, page))
	}
	for _, path := range paths {
		b.open(path)
		b.harmless(path)
	}
	for _, text := range all[:40] {
		b.open("/sok?q=" + url.QueryEscape(text) + "&konto=" + url.QueryEscape(text) + "&dag1=" + url.QueryEscape(text))
		b.harmless("/sok?q=" + text)
	}
}

// plantAccount puts hostile texts into every field of an account that takes them, through the page's own form.
func plantAccount(t *testing.T, s *site, c *http.Client, all []string) string {
	t.Helper()
	v := url.Values{"id": {"fientligt"}, "tenant": {"default"}, "platform": {"web"}, "url": {"https://social.example/x"}, "class": {"öppen"}}
	for i, k := range []string{"title", "archive_creator", "unit", "responsible-name", "administrators-0-name", "administrators-1-name", "substitute-name", "purpose", "sender", "document_plan", "processing_entry", "legal_deposit", "reason"} {
		v.Set(k, strings.Map(oneLine, strings.Join([]string{"x", all[13+i], all[40+i]}, " ")))
	}
	res := s.post(t, c, "/konton/ny", v)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("the account was refused: %d\n%s", res.StatusCode, regexp.MustCompile(`(?s)<div class="note bad".*?</div>`).FindString(res.Body))
	}
	return "fientligt"
}

// oneLine leaves out what the register itself refuses in a text of one line.
func oneLine(r rune) rune {
	if r < ' ' {
		return -1
	}
	return r
}

// harmless fails when something ran or would run, or when the page asked something of another place.
func (b *tab) harmless(path string) {
	b.t.Helper()
	bad := eval[string](b, `(() => {
		const out = [];
		if (window.__ran) out.push("something ran");
		for (const e of document.querySelectorAll("*")) {
			for (const a of e.attributes) if (/^on/i.test(a.name)) out.push("handler " + e.outerHTML.slice(0, 120));
			if (["SCRIPT", "BASE", "OBJECT", "EMBED", "STYLE"].includes(e.tagName) && e.getAttribute("src") !== "/static/arsring.js") out.push(e.outerHTML.slice(0, 120));
			for (const n of ["href", "src", "action", "formaction"]) {
				const v = e.getAttribute(n);
				if (v !== null && !/^(\/|#|\?|https?:\/\/)/.test(v)) out.push(n + " " + v.slice(0, 80));
			}
		}
		for (const r of performance.getEntriesByType("resource")) if (!r.name.startsWith(location.origin)) out.push("asked for " + r.name);
		return out.slice(0, 5).join("\n");
	})()`)
	if bad != "" {
		b.t.Errorf("%s: %s", clip(120, path), bad)
	}
}

// TestForeignRequests: what another site has a browser send is not carried out.
func TestForeignRequests(t *testing.T) {
	s := newSite(t, newTown(t))
	s.add(t, "admin", access.Grant{Tenant: access.AnyTenant, Role: access.Admin})
	c := s.client(t, "admin")
	form := url.Values{"konto": {"default/oppet"}, "reason": {"x"}, "login": {"admin"}, "password": {password}}.Encode()
	for _, rt := range (&Site{}).routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		if method != http.MethodPost {
			continue
		}
		for header, value := range map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"} {
			req, err := http.NewRequestWithContext(t.Context(), method, s.srv.URL+fillPath(path, "default", "oppet"), strings.NewReader(form))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set(header, value)
			res, err := c.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %s %s: %d", rt.pattern, header, value, res.StatusCode)
			}
		}
	}
	if len(s.calls) != 0 {
		t.Errorf("ordered: %+v", s.calls)
	}
}

// TestSession: a token that was planted before the sign-in is worth nothing after it, and signing out ends it.
func TestSession(t *testing.T) {
	s := newSite(t, newTown(t), func(o *Options) { o.URL = "https://arkiv.example" })
	s.add(t, "admin", access.Grant{Tenant: access.AnyTenant, Role: access.Admin})
	send := func(method, path, cookie string, v url.Values) reply {
		req, err := http.NewRequestWithContext(t.Context(), method, s.srv.URL+path, strings.NewReader(v.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if cookie != "" {
			req.AddCookie(&http.Cookie{Name: "__Host-arsring", Value: cookie})
		}
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return reply{StatusCode: res.StatusCode, Header: res.Header}
	}
	const planted = "a-token-that-somebody-planted-in-the-browser"
	in := send(http.MethodPost, "/logga-in", planted, url.Values{"login": {"admin"}, "password": {password}})
	k, err := http.ParseSetCookie(in.Header.Get("Set-Cookie"))
	if err != nil {
		t.Fatalf("cookies: %v, %v", in.Header, err)
	}
	if k.Name != "__Host-arsring" || !k.Secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Value == planted || len(k.Value) < 40 {
		t.Errorf("cookie %+v", k)
	}
	if got := send(http.MethodGet, "/", planted, nil).StatusCode; got != http.StatusSeeOther {
		t.Errorf("the planted token opens: %d", got)
	}
	if got := send(http.MethodGet, "/", k.Value, nil); got.StatusCode != http.StatusOK || got.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("the own token does not open: %d", got.StatusCode)
	}
	send(http.MethodPost, "/logga-ut", k.Value, nil)
	if got := send(http.MethodGet, "/", k.Value, nil).StatusCode; got != http.StatusSeeOther {
		t.Errorf("after signing out the token still opens: %d", got)
	}
}

// TestWayBack: no parameter sends a browser to another site.
func TestWayBack(t *testing.T) {
	for to, want := range map[string]string{"/konton": "/konton", "/sok?q=a&b=c": "/sok?q=a&b=c", "": "/", "https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/", "/%5cevil.example": "/", "/%2f/evil.example": "/",
		"javascript:alert(1)": "/", "/\t/evil.example": "/", "evil.example": "/", "/x\r\nSet-Cookie: a=b": "/", "///evil": "/", "http:evil.example": "/", "?x": "/"} {
		if got := within(to); got != want {
			t.Errorf("%q leads to %q", to, got)
		}
	}
	s := newSite(t, newTown(t))
	res := s.do(t, s.client(t, ""), http.MethodGet, "/sprak?till=en&fran=//evil.example", nil, "")
	if res.Header.Get("Location") != "/" {
		t.Errorf("sent to %s", res.Header.Get("Location"))
	}
}

// TestPaths: no path leads out of what is served.
func TestPaths(t *testing.T) {
	s := newSite(t, newTown(t))
	s.add(t, "admin", access.Grant{Tenant: access.AnyTenant, Role: access.Admin})
	c := s.client(t, "admin")
	for _, path := range []string{"/static/..%2fsite.go", "/static/%2e%2e/site.go", "/static/..%5csite.go", "/static/", "/static/templates", "/ogonblicksbild/..%2f..%2fetc%2fpasswd", "/ogonblicksbild/%00", "/konton/default/..%2foppet", "/konton/..%2f/oppet",
		"/ogonblicksbild/" + snapID("oppet") + "/utsnitt/..%2f1", "/ogonblicksbild/" + snapID("oppet") + "/utsnitt/x", "/lista/..%2fkonton.csv", "/oppet/..%2fregister.json", "/jobb/..%2fx"} {
		if code, _ := s.get(t, c, path); code != http.StatusNotFound && code != http.StatusMovedPermanently && code != http.StatusTemporaryRedirect {
			t.Errorf("%s: %d", path, code)
		}
	}
}

// TestUpload: files are looked at, bounded, and left nowhere when they are refused.
func TestUpload(t *testing.T) {
	s := newSite(t, newTown(t))
	s.add(t, "olle", access.Grant{Tenant: "default", Role: access.Officer})
	c := s.client(t, "olle")
	send := func(files map[string]string) int {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		_ = w.WriteField("konto", "default/oppet")
		_ = w.WriteField("reason", "Egna skärmbilder")
		for name, text := range files {
			f, err := w.CreateFormFile("files", name)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = f.Write([]byte(text))
		}
		_ = w.Close()
		return s.do(t, c, http.MethodPost, "/lamna-in", &b, w.FormDataContentType()).StatusCode
	}
	many := map[string]string{}
	for i := range uploadFiles + 1 {
		many[fmt.Sprintf("%d.pdf", i)] = pdf
	}
	for name, files := range map[string]map[string]string{"none": {}, "program": {"a.exe": "MZ"}, "disguised": {"a.png": "<html>"}, "page": {"a.html": "<script>"}, "svg": {"a.svg": "<svg>"}, "empty": {"a.pdf": ""}, "too many": many} {
		if code := send(files); code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, code)
		}
	}
	left, err := os.ReadDir(s.o.Uploads)
	if err != nil || len(left) != 0 {
		t.Errorf("refused files stay: %v, %v", left, err)
	}
	if code := send(map[string]string{`..\..\..//etc/pass<wd>.pdf`: pdf, "ok.png": "\x89PNG\r\n\x1a\nrest"}); code != http.StatusSeeOther {
		t.Fatalf("good files: %d", code)
	}
	for _, path := range s.calls[0].Files {
		if !strings.HasPrefix(path, s.o.Uploads) || strings.Contains(path, "..") || strings.ContainsAny(path, "<>\\") {
			t.Errorf("a file lies at %s", path)
		}
	}
	for in, want := range map[string]string{"../../x.pdf": "x.pdf", "a\x00b.png": "a_b.png", ".htaccess": "htaccess", "": "fil", strings.Repeat("å", 400) + ".pdf": strings.Repeat("å", 48) + ".pdf", "con:a?.jpg": "con_a_.jpg", "/": "fil"} {
		if got := safeName(in); got != want {
			t.Errorf("%q becomes %q", clip(20, in), got)
		}
	}
}
