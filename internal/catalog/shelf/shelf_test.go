package shelf

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
)

// What is delivered stands on the pages of its account, owner and year, and what is not open stands nowhere.
func TestOnlyOpenOnPages(t *testing.T) {
	s, _ := newStore(t)
	x := New(Options{Store: s, Catalog: newCatalog(t)})
	open := deliver(t, s, kept{title: "Kommunens sida", creator: "Kommunstyrelsen"})
	hidden := []string{
		deliver(t, s, kept{title: "Kommunens sida", creator: "Kommunstyrelsen", trigger: capture.TriggerEvidence, class: register.ClassReview}),
		deliver(t, s, kept{account: "hemligt-konto", title: "Skyddat boende", creator: "Socialnämnden", class: register.ClassSecret, taken: time.Date(2019, 5, 1, 8, 0, 0, 0, time.UTC)}),
		deliver(t, s, kept{account: "nytt", title: "Utan klass", class: register.Class("påhittad")}),
		deliver(t, s, kept{tenant: "sluten", account: "internt", title: "Slutet arkiv", class: register.ClassReview}),
	}
	refresh(t, x, "")
	pages := pagesIn(t, s)
	want := []string{"default/_owner/" + slug("Kommunstyrelsen") + "/index.html", "default/_year/2026/index.html", "default/facebook-kommunen/index.html",
		"default/facebook-kommunen/manifests.ndjson", "default/index.html", "index.html"}
	if got := slices.Sorted(maps.Keys(pages)); !slices.Equal(got, want) {
		t.Fatalf("the pages are %q, want %q", got, want)
	}
	for key, page := range pages {
		for _, secret := range append(hidden, "Skyddat boende", "Socialnämnden", "hemligt-konto", "Utan klass", "Slutet arkiv", "sluten", "2019", "Planterad", "planterad@") {
			if strings.Contains(page, secret) {
				t.Errorf("%s tells of %q", key, secret)
			}
		}
	}
	for _, key := range want[1:4] {
		if !strings.Contains(pages[key], open) {
			t.Errorf("%s does not name %s", key, open)
		}
	}
	if r := refresh(t, x, ""); r.Written+r.Removed+r.Changes.Added != 0 {
		t.Errorf("a second refresh did something: %+v", r)
	}
}

// A snapshot that is gone is gone from the pages, and pages with nothing left go, too.
func TestPagesFollowRemovals(t *testing.T) {
	s, _ := newStore(t)
	c := newCatalog(t)
	x := New(Options{Store: s, Catalog: c})
	a := deliver(t, s, kept{account: "ett", creator: "Nämnd A", taken: time.Date(2025, 4, 15, 8, 0, 0, 0, time.UTC)})
	b := deliver(t, s, kept{account: "ett", creator: "Nämnd A"})
	only := deliver(t, s, kept{account: "tva", creator: "Nämnd B", taken: time.Date(2024, 4, 15, 8, 0, 0, 0, time.UTC)})
	refresh(t, x, "default")
	if n := len(pagesIn(t, s)); n != 2+4+3+2 {
		t.Fatalf("%d pages: %q", n, slices.Sorted(maps.Keys(pagesIn(t, s))))
	}
	removePackage(t, s, a)
	removePackage(t, s, only)
	refresh(t, x, "default")
	pages := pagesIn(t, s)
	if got, want := slices.Sorted(maps.Keys(pages)), []string{"default/_owner/" + slug("Nämnd A") + "/index.html", "default/_year/2026/index.html",
		"default/ett/index.html", "default/ett/manifests.ndjson", "default/index.html", "index.html"}; !slices.Equal(got, want) {
		t.Fatalf("the pages are %q, want %q", got, want)
	}
	for key, page := range pages {
		if strings.Contains(page, a) || strings.Contains(page, only) {
			t.Errorf("%s still names what is gone", key)
		}
	}
	if !strings.Contains(pages["default/ett/index.html"], b) {
		t.Error("what is left is not named")
	}
}

// removePackage takes a package out of the bucket as a store's owner could.
func removePackage(t testing.TB, s *archive.Store, id string) {
	t.Helper()
	e, err := s.Find(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := removeObjects(t, s, e); err != nil {
		t.Fatal(err)
	}
}

// Pages that were lost or altered, and pages of accounts that are no more, are put right by a rebuild, to the same bytes as before.
func TestRebuildMakesTheSamePages(t *testing.T) {
	s, _ := newStore(t)
	x := New(Options{Store: s, Catalog: newCatalog(t)})
	for i := range 6 {
		deliver(t, s, kept{account: []string{"ett", "tva", "tre"}[i%3], title: []string{"Åhus", "Ängen", "Öppet"}[i%3], taken: time.Date(2025, time.Month(1+i*3), 3, 8, 0, 0, 0, time.UTC)})
	}
	refresh(t, x, "default")
	before := pagesIn(t, s)
	for _, key := range []string{"default/ett/index.html", "default/tva/manifests.ndjson", "index.html"} {
		if err := s.RemovePage(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"default/index.html", "default/_year/1999/index.html", "default/borta/index.html", "default/tre/index.html"} {
		if _, err := s.Put(t.Context(), key, []byte("<p>något annat"), archive.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	fresh := New(Options{Store: s, Catalog: newCatalog(t)}) // the catalogue is lost as well
	if _, err := fresh.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if after := pagesIn(t, s); !maps.Equal(before, after) {
		t.Fatalf("the pages differ after a rebuild: %q and %q", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
	}
}

// Several writers with catalogues of their own deliver and refresh at the same time; in the end everything is on the pages.
func TestWritersAtTheSameTime(t *testing.T) {
	s, _ := newStore(t)
	const writers, each = 4, 4
	var wg sync.WaitGroup
	var mu sync.Mutex
	var ids []string
	for w := range writers {
		x := New(Options{Store: s, Catalog: newCatalog(t)})
		wg.Go(func() {
			for i := range each {
				id := deliver(t, s, kept{account: []string{"delat", "eget-" + string(rune('a'+w))}[i%2], taken: time.Date(2026, 4, 1+w, 8, i, 0, 0, time.UTC)})
				mu.Lock()
				ids = append(ids, id)
				mu.Unlock()
				if _, err := x.Refresh(t.Context(), "default"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := pagesIn(t, s)
	for _, id := range ids {
		for _, key := range []string{"default/_year/2026/index.html", "default/" + id[:strings.Index(id, "-2026")] + "/index.html"} {
			if !strings.Contains(got[key], id) {
				t.Errorf("%s does not name %s", key, id)
			}
		}
	}
	fresh := New(Options{Store: s, Catalog: newCatalog(t)})
	if _, err := fresh.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	want := pagesIn(t, s)
	for key := range want {
		if got[key] != want[key] {
			t.Errorf("%s differs from that of a rebuild:\n%s\n--\n%s", key, got[key], want[key])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d pages, after a rebuild %d", len(got), len(want))
	}
}

// An account whose class has been raised since is on no page, and one whose refresh failed is made good by the next.
func TestHiddenAndRepeated(t *testing.T) {
	s, _ := newStore(t)
	c := newCatalog(t)
	deliver(t, s, kept{account: "ett"})
	deliver(t, s, kept{account: "tva"})
	// The catalogue learns of both, but nobody writes pages: as after a refresh that failed in the middle.
	if _, err := c.Update(t.Context(), catalog.Store(s), catalog.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	if n := len(pagesIn(t, s)); n != 0 {
		t.Fatalf("there are %d pages already", n)
	}
	var hidden []string
	x := New(Options{Store: s, Catalog: c, Hidden: func(context.Context) ([]string, error) { return hidden, nil }})
	for _, step := range []struct {
		hidden []string
		shown  bool
	}{{nil, true}, {[]string{"default/tva"}, false}, {[]string{"default/tva", "default/annat"}, false}, {nil, true}} {
		hidden = step.hidden
		refresh(t, x, "default")
		pages := pagesIn(t, s)
		if pages["default/ett/index.html"] == "" {
			t.Fatal("an open account has no page")
		}
		if got := pages["default/tva/index.html"] != ""; got != step.shown {
			t.Errorf("hidden %q: the account has a page: %v", step.hidden, got)
		}
		if got := strings.Contains(pages["default/index.html"]+pages["index.html"]+pages["default/_year/2026/index.html"], "tva"); got != step.shown {
			t.Errorf("hidden %q: the account is named: %v", step.hidden, got)
		}
	}
}
