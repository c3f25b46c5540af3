package egress

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestGreeting: a browser on another machine shows its password at an address that the proxy answers itself, once; of that nothing is kept.
func TestGreeting(t *testing.T) {
	ask := func(p *Proxy, password string) int {
		t.Helper()
		client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: p.Addr(), User: url.UserPassword("u", password)})}}
		defer client.CloseIdleConnections()
		resp, err := client.Get(Greeting)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	p, err := Start(t.Context(), Options{User: "u", Password: "p"})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if got := ask(p, "fel"); got != http.StatusProxyAuthRequired || p.Greeted() {
		t.Errorf("with another password: %d, greeted %v", got, p.Greeted())
	}
	if got := ask(p, "p"); got != http.StatusNoContent || !p.Greeted() {
		t.Errorf("with the password: %d, greeted %v", got, p.Greeted())
	}
	if refused := p.Refused(); len(refused) != 0 {
		t.Errorf("kept of it: %+v", refused)
	}
	if got := ask(p, "p"); got/100 == 2 {
		t.Errorf("a page could tell the proxy by it: %d", got)
	}
	open, err := Start(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	if got := ask(open, ""); got/100 == 2 || open.Greeted() {
		t.Errorf("a proxy without a password: %d", got)
	}
}

func TestRemoteFlags(t *testing.T) {
	flags := RemoteFlags([]string{"10.0.0.5", "arsring.example"}, "Translate")
	line := "/usr/lib/chromium/chromium --headless " + strings.Join(flags, " ")
	if missing := MissingFlags(line); len(missing) != 0 {
		t.Errorf("%v are missing in %s", missing, line)
	}
	if !slices.Contains(flags, "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 10.0.0.5 , EXCLUDE arsring.example") || strings.Contains(line, "--proxy") || !strings.Contains(line, ",Translate") {
		t.Errorf("%q", flags)
	}
	for i, f := range flags {
		less := strings.Join(slices.Delete(slices.Clone(flags), i, i+1), " ")
		if strings.Contains(f, "webrtc-ip") && strings.Contains(f, "--force") && len(MissingFlags(less)) != 1 {
			t.Errorf("without %s nothing is missing", f)
		}
	}
}

// TestListenRange takes the next port where one is taken, and says so where all are.
func TestListenRange(t *testing.T) {
	var first, second net.Listener
	for second == nil { // two ports side by side
		var err error
		if first, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		next := strconv.Itoa(first.Addr().(*net.TCPAddr).Port + 1)
		if second, err = net.Listen("tcp", "127.0.0.1:"+next); err != nil {
			_ = first.Close()
		}
	}
	defer first.Close()
	low := first.Addr().(*net.TCPAddr).Port
	ports := "127.0.0.1:" + strconv.Itoa(low) + "-" + strconv.Itoa(low+1)
	if _, err := Start(t.Context(), Options{Listen: ports}); err == nil || !strings.Contains(err.Error(), "no port of "+ports+" is free") {
		t.Errorf("all taken: %v", err)
	}
	_ = second.Close()
	p, err := Start(t.Context(), Options{Listen: ports})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if want := second.Addr().String(); p.Addr() != want {
		t.Errorf("listens on %s, want %s", p.Addr(), want)
	}
	if _, err := Start(t.Context(), Options{Listen: "127.0.0.1:a-b"}); err == nil {
		t.Error("no ports at all")
	}
}
