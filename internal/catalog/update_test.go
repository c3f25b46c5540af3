package catalog

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// randomPack is a package of one of a few accounts, with a few posts.
func randomPack(r *rand.Rand) pack {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	s := spec{
		rand: r, tenant: pick("default", "grannby"), account: pick("facebook-kommunen", "instagram-museet", "webben", "x-bolaget"),
		taken:   time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(900)) * 24 * time.Hour).Add(time.Duration(r.IntN(3)) * time.Second),
		trigger: capture.Trigger(pick("scheduled", "manual", "evidence", "ingest", "closure")), outcome: capture.Outcome(pick("complete", "partial")),
		class: register.Class(pick("öppen", "öppen", "sekretessprövning krävs", "sekretess")), creator: pick("Kommunstyrelsen", "Barnnämnden"),
		unit: pick("Kommunikation", "Museet"), platform: pick("facebook", "web"),
	}
	for i := range r.IntN(4) {
		at := s.taken.Add(-time.Duration(r.IntN(200)) * 24 * time.Hour)
		id := fmt.Sprintf("%d-%d", r.IntN(50), i)
		s.posts = append(s.posts, post(id, fmt.Sprintf("Inlägg nummer %s om %s", id, pick("badhuset", "vägen", "skolan")), at, comment(id+"c", "Någon", "Svar "+id, at)))
	}
	return newPack(s)
}

// After any adding and removing, a catalogue kept up to date holds the same as one made anew, and so does one whose file was lost.
func TestUpdateEqualsRebuild(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	src := newMemory(t)
	c := openNew(t)
	var there []pack
	for round := range 25 {
		for range r.IntN(12) {
			p := randomPack(r)
			src.add(p)
			there = append(there, p)
		}
		for range r.IntN(8) {
			if len(there) > 0 {
				i := r.IntN(len(there))
				src.remove(there[i])
				there = append(there[:i], there[i+1:]...)
			}
		}
		bring(t, c, src)
		if round%6 != 0 {
			continue
		}
		fresh := openNew(t)
		if _, err := fresh.Rebuild(t.Context(), src, nil); err != nil {
			t.Fatal(err)
		}
		if a, b := export(t, c), export(t, fresh); a != b {
			t.Fatalf("round %d: an updated catalogue differs from a rebuilt one:\n%s\n--\n%s", round, a, b)
		}
		sameAnswers(t, c, fresh)
		check(t, c)
		check(t, fresh)
	}
	if _, err := c.Rebuild(t.Context(), src, nil); err != nil {
		t.Fatal(err)
	}
	if len(there) == 0 {
		t.Fatal("the archive is empty: nothing was shown")
	}
}

// sameAnswers asks two catalogues the same questions.
func sameAnswers(t *testing.T, a, b *Catalog) {
	t.Helper()
	ask := func(c *Catalog) string {
		var out []any
		for _, sc := range []Scope{everything, {Tenants: []string{"default"}, Classes: []register.Class{register.ClassOpen}}} {
			acc, err1 := c.Accounts(t.Context(), sc, Filter{})
			halves, err2 := c.Halves(t.Context(), sc, Filter{})
			owners, err3 := c.Owners(t.Context(), sc, Filter{Platform: "web"})
			total, err4 := c.Totals(t.Context(), sc)
			list, err5 := c.Snapshots(t.Context(), sc, Filter{Trigger: capture.TriggerScheduled}, Page{Limit: 7})
			for _, err := range []error{err1, err2, err3, err4, err5} {
				if err != nil {
					t.Fatal(err)
				}
			}
			out = append(out, acc, halves, owners, total, list)
			for _, q := range []string{"badhuset", "skol*", `"inlägg nummer"`, "svar -badhuset", ""} {
				res, err := c.Search(t.Context(), Query{Scope: sc, Text: q, Filter: Filter{Origin: capture.OriginOwn}, Page: Page{Limit: 5}})
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, res)
			}
		}
		return string(mustJSON(t, out))
	}
	if x, y := ask(a), ask(b); x != y {
		t.Fatalf("the answers differ:\n%s\n--\n%s", x, y)
	}
}
