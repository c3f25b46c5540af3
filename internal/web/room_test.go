package web

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"arsring/internal/access"
)

// TestReadingRoom: where it is open, anybody may read open records and nothing else; where it is not, nobody may.
func TestReadingRoom(t *testing.T) {
	for _, open := range []bool{false, true} {
		s := newSite(t, newTown(t), func(o *Options) { o.ReadingRoom = open })
		c := s.client(t, "")
		for path, want := range map[string]int{"/sok?q=x": 200, "/ogonblicksbild/" + snapID("oppet"): 200, "/ogonblicksbild/" + snapID("oppet") + "/arkivexemplar.pdf": 200, "/ogonblicksbild/" + snapID("oppet") + "/inlagg": 200,
			"/ogonblicksbild/" + snapID("granskas"): 404, "/ogonblicksbild/" + snapID("hemligt") + "/arkivexemplar.pdf": 404, "/ogonblicksbild/" + snapID("hemligt") + "/miniatyr": 404,
			"/ogonblicksbild/" + snapID("oppet") + "/manifest.json": 303, "/ogonblicksbild/" + snapID("oppet") + "/paket.zip": 303, "/konton": 303, "/logg": 303, "/bestall": 303} {
			if !open {
				want = 303
			}
			if code, page := s.get(t, c, path); code != want || code == 200 && (strings.Contains(page, "Skyddat boende") || strings.Contains(page, "Dialogen") || strings.Contains(page, "anna@example.org")) {
				t.Errorf("open %v: %s gives %d", open, path, code)
			}
		}
	}
	s := newSite(t, newTown(t))
	code, page := s.get(t, s.client(t, ""), "/register")
	if code != 200 || !strings.Contains(page, "Kommunens flöde") || strings.Contains(page, "Skyddat boende") || strings.Contains(page, "Anna Exempel") {
		t.Errorf("the public register: %d", code)
	}
}

// TestAPI: a token opens what its owner may, the description names every route that answers, and errors are JSON.
func TestAPI(t *testing.T) {
	s := newSite(t, newTown(t))
	u := s.add(t, "olle", access.Grant{Tenant: "default", Role: access.Officer})
	secret, err := s.state.AddToken(t.Context(), u.ID, access.Token{Name: "skript", Role: access.Officer})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, token, body string) (int, string) {
		t.Helper()
		return s.program(t, method, path, token, body)
	}
	if code, body := ask("GET", "/api/v1/accounts", secret, ""); code != 200 || !strings.Contains(body, `"oppet"`) || strings.Contains(body, "hemligt") || strings.Contains(body, "annat") {
		t.Errorf("accounts: %d %s", code, body)
	}
	if code, body := ask("GET", "/api/v1/accounts", secret+"x", ""); code != 401 || !json.Valid([]byte(body)) {
		t.Errorf("a wrong token: %d %s", code, body)
	}
	if code, _ := ask("GET", "/konton", secret, ""); code != 303 {
		t.Errorf("a token opens a page for people: %d", code)
	}
	code, body := ask("POST", "/api/v1/orders", secret, `{"account":"oppet","trigger":"manual","reason":"Inför ny formgivning"}`)
	if code != 202 || len(s.calls) != 1 || s.calls[0].By != "Person olle (olle)" {
		t.Errorf("an order: %d %s %+v", code, body, s.calls)
	}
	for _, wrong := range []string{``, `[]`, `{"account":"oppet"}`, `{"account":"oppet","trigger":"scheduled","reason":"x"}`, `{"account":"oppet","trigger":"evidence","reason":"x","url":"javascript:1"}`, `{"account":"oppet","trigger":"manual","reason":"x","by":"nån","more":1}`} {
		if code, body := ask("POST", "/api/v1/orders", secret, wrong); code != 422 || !json.Valid([]byte(body)) {
			t.Errorf("%s: %d %s", wrong, code, body)
		}
	}
	if code, _ := ask("POST", "/api/v1/orders", secret, `{"account":"hemligt","trigger":"manual","reason":"x"}`); code != 404 {
		t.Errorf("an order for what may not be seen: %d", code)
	}
	if code, body := ask("POST", "/api/v1/accounts", secret, `{"title":"Nytt konto","url":"https://social.example/@ny","unit":"K","archive_creator":"KS","responsible-name":"Eva Mall"}`); code != 200 || !strings.Contains(body, "Anmälan är mottagen") {
		t.Errorf("reporting an account: %d %s", code, body)
	}
	for path, wrong := range map[string]string{"/api/v1/accounts": `{"titel":"x"}`, "/api/v1/accounts?": `{"title":1}`, "/api/v1/accounts??": `{"title":"x"}`} {
		if code, body := ask("POST", strings.TrimRight(path, "?"), secret, wrong); code != 422 || !json.Valid([]byte(body)) {
			t.Errorf("%s: %d %s", wrong, code, body)
		}
	}
	for path, want := range map[string]string{"search?q=kommun&konto=oppet": `"count"`, "search?q=kommun&konto=default/oppet": `"count"`, "search?konto=annat": "till exempel default/annat", "search?konto=hemligt": "till exempel default/hemligt",
		"search?q=x&dag1=igar": `"error": "Skriv dagen som ÅÅÅÅ-MM-DD."`, "search?fraga=x": "Okänd parameter: fraga. De som finns: q, konto,", "search?q=x&utfall=bra": "utfall: välj blank", "search?q=a&q=b": "står flera gånger", "search?q=%zz": "går inte att läsa",
		"due?konto=oppet": "Okänd parameter: konto. Här finns inga.", "snapshots?limit=alla": "limit ska vara ett heltal från 0 till 1000", "snapshots?offset=-1": "offset ska", "calendar?ar=i%20fjol": "ar ska vara", "compare?a=x": "a och b ska vara två"} {
		code, body := ask("GET", "/api/v1/"+path, secret, "")
		if !strings.Contains(body, want) || (code == 200) != (want == `"count"`) || code != 200 && code != 422 {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	narrowed := func(path string) string {
		_, body := ask("GET", "/api/v1/search?q=kommun"+path, secret, "")
		return body
	}
	if narrowed("&konto=oppet") != narrowed("&konto=default/oppet") {
		t.Error("an account's bare name narrows otherwise than the whole one")
	}
	for body, want := range map[string]string{`{}`: "Det här saknas: account, trigger, reason.", `{"account":"oppet","trigger":"manual"}`: "Det här saknas: reason."} {
		if code, got := ask("POST", "/api/v1/orders", secret, body); code != 422 || !strings.Contains(got, want) {
			t.Errorf("%s: %d %s", body, code, got)
		}
	}
	if code, body := ask("GET", "/api/v1/overview", secret, ""); code != 200 || !strings.Contains(body, `"lacking"`) || strings.Contains(body, "hemligt") {
		t.Errorf("overview: %d %s", code, body)
	}
}

// TestAPIChanges: what the page's forms do is done by a program with the same checks, and leaves the same lines in the log.
func TestAPIChanges(t *testing.T) {
	s := newSite(t, newTown(t))
	u := s.add(t, "admin", access.Grant{Tenant: access.AnyTenant, Role: access.Admin})
	secret, err := s.state.AddToken(t.Context(), u.ID, access.Token{Name: "skript", Role: access.Admin})
	if err != nil {
		t.Fatal(err)
	}
	do := func(path, body string) (int, string) {
		t.Helper()
		code, got := s.program(t, http.MethodPost, path, secret, body)
		if !json.Valid([]byte(got)) {
			t.Errorf("%s: no JSON: %s", path, got)
		}
		return code, got
	}
	before, _ := s.Current()
	old, _ := before.ByID("default", "oppet")
	for _, x := range []struct {
		path, body string
		code       int
	}{{"/api/v1/accounts/default/oppet", `{"purpose":"Ny uppgift"}`, 200}, {"/api/v1/accounts/default/oppet", `{"url":"javascript:1"}`, 422}, {"/api/v1/accounts/default/oppet/pause", `{"pause_reason":"Val"}`, 200}, {"/api/v1/accounts/default/oppet/pause", `{}`, 422},
		{"/api/v1/accounts/default/oppet/resume", ``, 200}, {"/api/v1/accounts/default/finnsinte", `{}`, 404}, {"/api/v1/users", `{"login":"ny","name":"Ny","new_password":"en lång mening till","role":"reader","tenant":"default"}`, 200},
		{"/api/v1/users", `{"login":"ny2","name":"Ny","new_password":"kort","role":"reader"}`, 422}, {"/api/v1/accounts/default/oppet/close", `{"notice-date":"2026-10-20","notice-remove":"2026-11-20","reason":"Läggs ner"}`, 200}} {
		if code, body := do(x.path, x.body); code != x.code {
			t.Errorf("%s %s: %d %s", x.path, x.body, code, body)
		}
	}
	after, err := s.Current()
	if err != nil {
		t.Fatal(err)
	}
	now, _ := after.ByID("default", "oppet")
	if now.Purpose != "Ny uppgift" || now.Title != old.Title || now.Responsible != old.Responsible || len(now.Administrators) != len(old.Administrators) || now.Notice == nil {
		t.Errorf("the account: %+v", now)
	}
	if len(s.calls) != 1 || s.calls[0].Trigger != "closure" {
		t.Errorf("orders %+v", s.calls)
	}
	for _, action := range []string{"account-update", "pause", "resume", "user-add", "account-close"} {
		if e, err := s.state.Audit(t.Context(), access.AuditFilter{Action: action}); err != nil || len(e) != 1 || e[0].Via != "token" {
			t.Errorf("%s in the log: %+v, %v", action, e, err)
		}
	}
}

// TestDescription: the description has every route of the API, with its path's parameters and what it takes, and nothing else; and for every
// form of the page that changes something there is a route.
func TestDescription(t *testing.T) {
	s := newSite(t, newTown(t))
	_, body := s.get(t, s.client(t, ""), "/api/openapi.json")
	var doc struct {
		Paths map[string]map[string]struct {
			Summary    string
			Parameters []struct{ Name, In string }
			Body       *struct{} `json:"requestBody"`
		}
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatal(err)
	}
	served := map[string]bool{}
	for _, rt := range (&Site{}).routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		if !strings.HasPrefix(path, "/api/v1/") {
			continue
		}
		served[rt.pattern] = true
		op, ok := doc.Paths[path][strings.ToLower(method)]
		if !ok || op.Summary == "" {
			t.Errorf("%s is not described", rt.pattern)
		}
		n := 0
		for _, p := range op.Parameters {
			if p.In == "path" && strings.Contains(path, "{"+p.Name+"}") {
				n++
			}
		}
		if n != strings.Count(path, "{") {
			t.Errorf("%s: %d of its parameters are described", rt.pattern, n)
		}
		if takes := len(rt.fields) > 0 || rt.schema != "" || rt.upload != ""; takes != (op.Body != nil) {
			t.Errorf("%s: what it takes is described: %v", rt.pattern, op.Body != nil)
		}
	}
	for path, ops := range doc.Paths {
		for method := range ops {
			if !served[strings.ToUpper(method)+" "+path] {
				t.Errorf("%s %s is described and not served", method, path)
			}
		}
	}
	// What a person does on the page alone: signing in and out, the own password and keys.
	own := []string{"/logga-in", "/logga-ut", "/forsta", "/jag/"}
	for page, api := range map[string]string{"/konton/ny": "accounts", "/konton/{tenant}/{id}/andra": "accounts/{tenant}/{id}", "/konton/{tenant}/{id}/avsluta": "accounts/{tenant}/{id}/close", "/konton/{tenant}/{id}/paus": "accounts/{tenant}/{id}/pause",
		"/konton/{tenant}/{id}/aterta": "accounts/{tenant}/{id}/resume", "/anmalningar/{id}": "proposals/{id}", "/ogonblicksbild/{id}/kontrollera": "snapshots/{id}/check", "/bestall": "orders", "/dokumentera": "orders", "/lamna-in": "files",
		"/lamna-ut/{id}": "snapshots/{id}/copy", "/import": "imports", "/import/{id}": "imports/{id}", "/anvandare": "users", "/anvandare/{id}": "users/{id}"} {
		if !served["POST /api/v1/"+api] {
			t.Errorf("%s has no route of the API", page)
		}
		own = append(own, page)
	}
	for _, rt := range (&Site{}).routes() {
		if path, ok := strings.CutPrefix(rt.pattern, "POST /"); ok && !strings.HasPrefix(path, "api/") {
			found := false
			for _, o := range own {
				found = found || "/"+path == o || strings.HasSuffix(o, "/") && strings.HasPrefix("/"+path, o)
			}
			if !found {
				t.Errorf("nobody has said which route of the API does what %s does", rt.pattern)
			}
		}
	}
}

// TestImport: a list is shown before anything is written, and written when the person says so.
func TestImport(t *testing.T) {
	s := newSite(t, newTown(t))
	s.add(t, "arkiv", access.Grant{Tenant: "default", Role: access.Archivist})
	c := s.client(t, "arkiv")
	send := func(name, text string) (int, string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		f, err := w.CreateFormFile("list", name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write([]byte(text))
		_ = w.Close()
		res := s.do(t, c, http.MethodPost, "/import", &b, w.FormDataContentType())
		return res.StatusCode, res.Body
	}
	if code, _ := send("x.xlsx", "inte ett kalkylblad"); code != 422 {
		t.Errorf("a broken list: %d", code)
	}
	const list = "id;plattform;adress;namn;arkivbildare;verksamhet;ansvarig\nbiblioteket;mastodon;https://social.example/@bib;Biblioteket;Kulturnämnden;Kultur;Eva Mall\n"
	code, page := send("lista.csv", list)
	action := regexp.MustCompile(`action="(/import/[A-Z2-7]+)"`).FindStringSubmatch(page)
	if code != 200 || action == nil || !strings.Contains(page, "Biblioteket") {
		t.Fatalf("no preview: %d\n%s", code, page)
	}
	if r, err := s.Current(); err != nil || len(r.Accounts) != 5 {
		t.Errorf("something was written before the yes: %v", err)
	}
	if res := s.post(t, c, action[1], nil); res.StatusCode != 303 {
		t.Errorf("the yes: %d\n%s", res.StatusCode, res.Body)
	}
	if r, err := s.Current(); err != nil || len(r.Accounts) != 6 {
		t.Errorf("nothing was written: %v", err)
	}
}

// program asks as a program does: with a token.
func (s *site) program(t *testing.T, method, path, token, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	_, _ = b.ReadFrom(res.Body)
	return res.StatusCode, b.String()
}
