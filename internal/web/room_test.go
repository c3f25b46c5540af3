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
	_, described := ask("GET", "/api/openapi.json", "", "")
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if _, plain := s.get(t, s.client(t, ""), "/api/openapi.json"); json.Unmarshal([]byte(plain), &doc) != nil || len(doc.Paths) < 13 {
		t.Errorf("the description: %s %s", plain, described)
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
