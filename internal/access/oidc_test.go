package access

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"arsring/internal/validators"
)

const redirectURL = "http://127.0.0.1:1/logga-in/klar" // nobody listens: the test reads where it is sent

// atProvider signs in at the provider as a person does with a browser, and gives the query that the provider sends back.
func atProvider(t *testing.T, address, login string) url.Values {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	var back url.Values
	c := &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), redirectURL) {
			back = r.URL.Query()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := c.Get(address)
	for range 4 {
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if back != nil {
			return back
		}
		action := regexp.MustCompile(`action="([^"]+)"`).FindStringSubmatch(string(body))
		prompt := regexp.MustCompile(`name="prompt" value="([^"]+)"`).FindStringSubmatch(string(body))
		if action == nil || prompt == nil {
			t.Fatalf("no form at %s: %d\n%s", res.Request.URL, res.StatusCode, body)
		}
		to, perr := res.Request.URL.Parse(action[1])
		if perr != nil {
			t.Fatal(perr)
		}
		res, err = c.PostForm(to.String(), url.Values{"prompt": {prompt[1]}, "login": {login}, "password": {"x"}})
	}
	t.Fatal("the provider never sent back")
	return nil
}

// TestProvider signs people in through a real provider.
func TestProvider(t *testing.T) {
	issuer := validators.StartProvider(t, redirectURL)
	s := testState(t)
	if _, err := s.AddUser(t.Context(), NewUser{Login: "boss", Name: "Boss", Password: goodPassword, Grants: []Grant{{Tenant: AnyTenant, Role: Admin}}}); err != nil {
		t.Fatal(err)
	}
	p, err := NewProvider(ProviderOptions{Issuer: issuer, ClientID: "arsring", ClientSecret: "hemlig-men-bara-i-prov", RedirectURL: redirectURL, Scopes: []string{"openid", "profile", "email"}, RoleClaim: "groups",
		Groups: map[Role][]string{Archivist: {"arkiv"}, Reader: {"alla"}}})
	if err != nil {
		t.Fatal(err)
	}
	in := func(login string) (User, error) {
		address, memory, err := p.Begin(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		back := atProvider(t, address, login)
		return p.Finish(t.Context(), s, memory, back.Get("state"), back.Get("code"))
	}
	u, err := in("anna-arkiv-alla")
	if err != nil || u.Name != "Person anna-arkiv-alla" || u.Email != "anna-arkiv-alla@example.org" || !u.OIDC || u.Local || len(u.Grants) != 1 || u.Grants[0].Role != Archivist {
		t.Fatalf("%+v, %v", u, err)
	}
	again, err := in("anna-arkiv-alla")
	if err != nil || again.ID != u.ID {
		t.Errorf("the second time: %+v, %v", again, err)
	}
	if none, err := in("bo"); err != nil || len(none.Grants) != 0 {
		t.Errorf("somebody in no group: %+v, %v", none, err)
	}
	if boss, err := in("boss"); err != nil || boss.Login == "boss" || len(boss.Grants) != 0 {
		t.Errorf("a name from the provider became a local user: %+v, %v", boss, err)
	}
	if _, err := s.SignIn(t.Context(), u.Login, "", "x"); !errors.Is(err, ErrWrongLogin) {
		t.Errorf("a user of the provider signs in with an empty password: %v", err)
	}
	address, memory, err := p.Begin(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	back := atProvider(t, address, "anna-arkiv-alla")
	_, other, err := p.Begin(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string][3]string{"another session": {other, back.Get("state"), back.Get("code")}, "no session": {"", back.Get("state"), back.Get("code")}, "another code": {memory, back.Get("state"), "x"},
		"another nonce": {strings.Replace(memory, strings.Split(memory, " ")[1], "x", 1), back.Get("state"), back.Get("code")}} {
		if u, err := p.Finish(t.Context(), s, try[0], try[1], try[2]); err == nil {
			t.Errorf("%s: signed in as %s", name, u.Login)
		}
	}
}

const goodPassword = "en lång mening som lösenord"

func testState(t *testing.T) *State {
	t.Helper()
	s, err := Open(t.Context(), Options{File: filepath.Join(t.TempDir(), "state.db"), HashTime: 1, HashKB: 64})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
