package web

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"arsring/internal/access"
	"arsring/internal/validators"
)

// TestProviderSignIn signs people in through the page and a real provider process, as a browser without script does, and back to where they
// wanted to go; an answer that nobody asked for, or that is used twice, signs nobody in.
func TestProviderSignIn(t *testing.T) {
	srv := httptest.NewUnstartedServer(nil)
	here := "http://" + srv.Listener.Addr().String()
	tw := newTown(t)
	state, err := access.Open(t.Context(), access.Options{File: filepath.Join(t.TempDir(), "state.db"), HashTime: 1, HashKB: 64})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = state.Close() })
	p, err := access.NewProvider(access.ProviderOptions{Issuer: validators.StartProvider(t, here+"/logga-in/klar"), ClientID: "arsring", ClientSecret: "hemlig-men-bara-i-prov", RedirectURL: here + "/logga-in/klar",
		Scopes: []string{"openid", "profile", "email"}, RoleClaim: "groups", Groups: map[access.Role][]string{access.Archivist: {"arkiv"}, access.Reader: {"alla"}}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{State: state, Archive: tw, Accounts: tw, Year: tw, Orders: tw, Search: tw, Disclose: tw, Provider: p, Organisation: "Älvsunda kommun", URL: here, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	srv.Config.Handler = s.Handler()
	srv.Start()
	t.Cleanup(srv.Close)

	boss := &person{t: t, here: here}
	if page := boss.signIn("anna-arkiv", "/logg"); boss.at != "/logg" || !strings.Contains(page, "Person anna-arkiv") || !strings.Contains(page, "loggade in") {
		t.Fatalf("an archivist came to %s:\n%s", boss.at, clip(800, page))
	}
	if code := boss.ask("/lamna-ut/" + snapID("oppet")); code != http.StatusOK {
		t.Errorf("an archivist may not hand out: %d", code)
	}
	used := boss.back
	if code := boss.ask(used); code == http.StatusOK || code == http.StatusSeeOther {
		t.Errorf("an answer was taken twice: %d", code)
	}
	reader := &person{t: t, here: here}
	if page := reader.signIn("bo-alla", "https://evil.example/"); reader.at != "/" || !strings.Contains(page, "Person bo-alla") {
		t.Errorf("a reader came to %s", reader.at)
	}
	if code := reader.ask("/logg"); code != http.StatusForbidden {
		t.Errorf("a reader opens the log: %d", code)
	}
	nobody := &person{t: t, here: here}
	nobody.signIn("cilla", "/")
	if code := nobody.ask("/konton"); code != http.StatusForbidden && code != http.StatusSeeOther {
		t.Errorf("somebody in no group sees the accounts: %d", code)
	}
	stranger := &person{t: t, here: here}
	for _, path := range []string{used, "/logga-in/klar?code=x&state=y", "/logga-in/klar?error=access_denied", "/logga-in/klar"} {
		if code := stranger.ask(path); code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", clip(60, path), code)
		}
	}
	if code := stranger.ask("/konton"); code != http.StatusSeeOther {
		t.Errorf("a stranger is signed in: %d", code)
	}
}

// person is somebody with a browser without script.
type person struct {
	t        *testing.T
	here     string
	c        *http.Client
	at, back string // where the browser stands; the address that the provider sent it back to
}

func (p *person) browser() *http.Client {
	if p.c == nil {
		jar, _ := cookiejar.New(nil)
		p.c = &http.Client{Jar: jar}
	}
	return p.c
}

// ask gives the status of a page, without following it elsewhere.
func (p *person) ask(path string) int {
	p.t.Helper()
	c := *p.browser()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := c.Get(p.here + path)
	if err != nil {
		p.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// signIn follows the button of the sign-in page, fills in the provider's forms, and gives the page at which it ends.
func (p *person) signIn(login, to string) string {
	p.t.Helper()
	c := p.browser()
	c.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/logga-in/klar" {
			p.back = r.URL.RequestURI()
		}
		return nil
	}
	res, err := c.Get(p.here + "/logga-in?till=" + url.QueryEscape(to))
	if err != nil {
		p.t.Fatal(err)
	}
	button := regexp.MustCompile(`href="(/logga-in/leverantor[^"]*)"`).FindStringSubmatch(p.read(res))
	if button == nil {
		p.t.Fatal("the sign-in page has no button for the provider")
	}
	res, err = c.Get(p.here + strings.ReplaceAll(button[1], "&amp;", "&")) //nolint:bodyclose // read closes it
	for range 5 {
		if err != nil {
			p.t.Fatal(err)
		}
		page := p.read(res)
		if strings.HasPrefix(res.Request.URL.String(), p.here) {
			p.at = res.Request.URL.Path
			return page
		}
		action := regexp.MustCompile(`action="([^"]+)"`).FindStringSubmatch(page)
		prompt := regexp.MustCompile(`name="prompt" value="([^"]+)"`).FindStringSubmatch(page)
		if action == nil || prompt == nil {
			p.t.Fatalf("no form at %s: %d\n%s", res.Request.URL, res.StatusCode, clip(500, page))
		}
		next, perr := res.Request.URL.Parse(action[1])
		if perr != nil {
			p.t.Fatal(perr)
		}
		res, err = c.PostForm(next.String(), url.Values{"prompt": {prompt[1]}, "login": {login}, "password": {"x"}}) //nolint:bodyclose // read closes it
	}
	p.t.Fatal("the provider never sent back")
	return ""
}

func (p *person) read(res *http.Response) string {
	p.t.Helper()
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(b)
}
