package sites

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"
)

var testNow = time.Date(2026, 10, 15, 14, 5, 0, 0, Stockholm)

func TestMain(m *testing.M) {
	if at := os.Getenv("SITES_SERVE"); at != "" {
		o := Options{Now: testNow, Comments: true}
		_ = http.ListenAndServe(at, Handler(o)) //nolint:gosec // by hand, on loopback
		return
	}
	os.Exit(m.Run())
}

func TestTruthAgreesWithTheServer(t *testing.T) {
	o := Options{Now: testNow, Comments: true}
	srv := httptest.NewServer(Handler(o))
	defer srv.Close()
	for _, s := range All(o) {
		res, err := http.Get(srv.URL + s.Path + "truth.json")
		if err != nil {
			t.Fatal(err)
		}
		var got Truth
		if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		_ = res.Body.Close()
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(s.Truth)
		if string(a) != string(b) {
			t.Errorf("%s: truth.json differs from the generator's truth", s.Name)
		}
	}
}
