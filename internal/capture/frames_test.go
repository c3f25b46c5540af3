package capture

import (
	"fmt"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"arsring/internal/register"
)

// Frames of other origins are read where they stand: one that the browser keeps in a process of its own, and one in the page's process.
func TestForeignFrames(t *testing.T) {
	t.Parallel()
	inner := func(words string) *httptest.Server {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><html lang="sv"><body style="margin:0;font:16px sans-serif"><p style="margin:10px">%s</p><a href="https://example.org/%s">Läs om %s</a><div style="height:900px"></div><p>NEDANFÖR</p></body>`, words, words, words)
		}))
		t.Cleanup(srv.Close)
		return srv
	}
	near, far := inner("Simhallen"), inner("Biblioteket")
	_, port, err := net.SplitHostPort(far.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="sv"><title>Ramar</title><body style="margin:0"><h1 style="margin:0;height:200px">Rubriken</h1>
			<iframe src="%s/" style="position:absolute;left:100px;top:300px;width:500px;height:200px;border:5px solid;padding:3px"></iframe>
			<iframe src="http://localhost:%s/" style="position:absolute;left:50px;top:2500px;width:500px;height:200px;border:0"></iframe>
			<iframe src="%s/" style="position:absolute;left:700px;top:300px;width:500px;height:200px;visibility:hidden"></iframe>
			<div style="height:2900px"></div></body>`, near.URL, port, near.URL)
	}))
	defer page.Close()
	c, _ := captureWith(t, Job{SnapshotID: "konto-20261015T073000Z-manual-aaaa", Trigger: TriggerManual, URL: page.URL, Image: "jpeg", Lang: "sv",
		Account: register.Account{ID: "konto", Tenant: "default", URL: page.URL}}, Options{})
	if c.Outcome != Complete {
		t.Fatalf("%s %v", c.Outcome, c.Missing)
	}
	var text []string
	for _, b := range c.Pages[0].Blocks {
		text = append(text, b.Text)
	}
	all := strings.Join(text, "\n")
	for _, want := range []string{"Rubriken", "Simhallen", "Biblioteket"} {
		if strings.Count(all, want) == 0 {
			t.Errorf("%s is not in the text:\n%s", want, all)
		}
	}
	for _, want := range []struct {
		word string
		x, y float64
	}{{"Simhallen", 118, 318}, {"Biblioteket", 60, 2510}} {
		found := 0
		for _, tile := range c.Tiles {
			if tile.Kind != TilePage {
				continue
			}
			for _, b := range tile.Text {
				if strings.Contains(b.Text, "NEDANFÖR") {
					t.Error("what the frame does not show is in the text layer")
				}
				if b.Text != want.word {
					continue
				}
				found++
				if math.Abs(b.X-want.x) > 1 || math.Abs(tile.Rect.Y+b.Y-want.y) > 4 {
					t.Errorf("%s stands at %.0f, %.0f; want %.0f, %.0f", want.word, b.X, tile.Rect.Y+b.Y, want.x, want.y)
				}
			}
			for _, l := range tile.Links {
				if strings.HasSuffix(l.URL, "/"+want.word) {
					found++
				}
			}
		}
		if found != 2 {
			t.Errorf("%s and its link were found %d times in the tiles, want 2", want.word, found)
		}
	}
}
