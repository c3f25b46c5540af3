package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"arsring/internal/access"
	"arsring/internal/capture"
)

// TestDisclose: what is chosen is handed out with what was to be masked taken out, wrong choices are named by field, and the log says what was
// done and never what was masked.
func TestDisclose(t *testing.T) {
	tw := newTown(t)
	tw.texts, tw.names = []string{"Anna Ek undrar om snön.", "Bo svarar Annas syster."}, []string{"Anna Ek", "Bo"}
	s := newSite(t, tw)
	s.add(t, "arkiv", access.Grant{Tenant: "default", Role: access.Archivist, Class: "sekretess"})
	c := s.client(t, "arkiv")
	path := "/lamna-ut/" + snapID("oppet")
	good := func() url.Values {
		return url.Values{"post": {"p0", "c1"}, "words": {"Anna\n070-123"}, "sheet": {"1"}, "hide-1": {"10 20 30 5; 50,5 60 20 10"}, "why": {"Begäran"}, "assessor": {"Eva Mall"}, "to": {"Tidningen"}}
	}
	for name, change := range map[string]func(url.Values){
		"nothing chosen": func(v url.Values) { v.Del("post"); v.Del("sheet") }, "no reason": func(v url.Values) { v.Del("why") }, "no assessor": func(v url.Values) { v.Set("assessor", " ") },
		"one letter": func(v url.Values) { v.Set("words", "A") }, "no such sheet": func(v url.Values) { v.Set("sheet", "7") }, "words for numbers": func(v url.Values) { v.Set("hide-1", "här") },
		"three numbers": func(v url.Values) { v.Set("hide-1", "1 2 3") }, "outside": func(v url.Values) { v.Set("hide-1", "1 2 3 400") }, "not a number": func(v url.Values) { v.Set("hide-1", "1 2 3 NaN") }, "no size": func(v url.Values) { v.Set("hide-1", "1 2 0 4") },
		"masked post on a sheet": func(v url.Values) { v.Set("mask", "p0"); v.Del("hide-1") },
	} {
		v := good()
		change(v)
		if res := s.post(t, c, path, v); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(res.Body, `id="fel"`) {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	if len(s.copies) != 0 {
		t.Fatalf("%d copies of wrong requests", len(s.copies))
	}
	res := s.post(t, c, path, good())
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") || len(s.copies) != 1 {
		t.Fatalf("no copy: %d", res.StatusCode)
	}
	d := s.copies[0]
	if len(d.Posts) != 2 || d.Posts[0].Text != Masked+" Ek undrar om snön." || *d.Posts[0].Author != Masked+" Ek" || d.Posts[1].Text != "Bo svarar "+Masked+" syster." || d.Masked != 3 {
		t.Errorf("posts %+v", d.Posts)
	}
	for _, p := range d.Posts {
		if p.Permalink != nil || p.Warning != nil || len(p.Media) != 0 {
			t.Errorf("the copy carries what it does not show: %+v", p)
		}
	}
	if len(d.Sheets) != 1 || d.Sheets[0].Tile != 1 || len(d.Sheets[0].Hide) != 2 || d.Sheets[0].Hide[1] != (capture.Rect{X: .505, Y: .6, W: .2, H: .1}) {
		t.Errorf("sheets %+v", d.Sheets)
	}
	events, err := s.state.Audit(t.Context(), access.AuditFilter{Action: "hand-out"})
	if err != nil || len(events) != 1 || !strings.Contains(events[0].Detail, "Begäran; prövat av Eva Mall; till Tidningen") || strings.Contains(events[0].Detail, "Anna") {
		t.Errorf("log: %+v, %v", events, err)
	}
	api := s.do(t, c, http.MethodPost, "/api/v1/snapshots/"+snapID("oppet")+"/copy", strings.NewReader(`{"posts":["p0"],"mask":["p0"],"why":"x","assessor":"y"}`), "application/json")
	if api.StatusCode != http.StatusOK || len(s.copies) != 2 || s.copies[1].Posts[0].Text != Masked || s.copies[1].Posts[0].Author != nil {
		t.Errorf("by the API: %d", api.StatusCode)
	}
	for _, wrong := range []string{`{}`, `[]`, `{"posts":["p0"],"why":"x"}`, `{"posts":["p0"],"why":"x","assessor":"y","sheets":[{"tile":1,"hide":[[1,2,3]]}],"more":1}`, `{"posts":["nej"],"why":"x","assessor":"y"}`} {
		if res := s.do(t, c, http.MethodPost, "/api/v1/snapshots/"+snapID("oppet")+"/copy", strings.NewReader(wrong), "application/json"); res.StatusCode != http.StatusUnprocessableEntity || !json.Valid([]byte(res.Body)) {
			t.Errorf("%s: %d %s", wrong, res.StatusCode, res.Body)
		}
	}
}
