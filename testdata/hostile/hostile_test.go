package hostile

import (
	"net/http"
	"strings"
	"testing"
)

// TestPages: every page is named once, says what it does and how it may end, and is served.
func TestPages(t *testing.T) {
	s := Start()
	defer s.Close()
	names := map[string]bool{}
	for _, p := range Pages() {
		if names[p.Name] || p.Does == "" || len(p.Ends) == 0 || p.Limit == 0 || p.serve == nil || strings.ContainsAny(p.Name, "/ ") {
			t.Errorf("%+v", p)
		}
		names[p.Name] = true
	}
	if len(names) < 60 {
		t.Errorf("%d pages", len(names))
	}
	t.Logf("%d pages", len(names))
	good, _ := s.Good()
	resp, err := http.Get(good)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	defer resp.Body.Close()
	if len(s.Hits()) != 0 {
		t.Error(s.Hits())
	}
}

func TestEnds(t *testing.T) {
	p := Page{Ends: []string{"kept", "unreachable/timeout", "blocked"}}
	for end, want := range map[[2]string]bool{{"complete", "ok"}: true, {"partial", "x"}: true, {"unreachable", "timeout"}: true, {"unreachable", "dns"}: false, {"blocked", "captcha"}: true, {"failed", "crash"}: false} {
		if p.Allows(end[0], end[1]) != want {
			t.Error(end)
		}
	}
}
