package catalog

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// generated is an archive that is made up while it is read: the same every time, and as large as one likes.
type generated struct {
	t                          testing.TB
	accounts, perAccount, each int // accounts, snapshots of each, posts in each
	words                      []string
}

func newGenerated(t testing.TB, accounts, perAccount, posts int) *generated {
	g := &generated{t: t, accounts: accounts, perAccount: perAccount, each: posts}
	r := rand.New(rand.NewPCG(3, 5))
	syllables := strings.Fields("kom mun sko la väg bad hus rå by sam man trä de öpp nar stäng ning in for ma tion bib lio tek kul tur par ken tor get vat ten led äld re om sorg för äl drar miljö be slut nämn den")
	seen := map[string]bool{}
	for len(g.words) < 40_000 {
		w := ""
		for range 1 + r.IntN(4) {
			w += syllables[r.IntN(len(syllables))]
		}
		if !seen[w] {
			seen[w] = true
			g.words = append(g.words, w)
		}
	}
	// The most frequent words of a text are short.
	slices.SortStableFunc(g.words[:2000], func(a, b string) int { return len(a) - len(b) })
	return g
}

func (g *generated) Tenants(context.Context) ([]string, error) { return []string{"default"}, nil }

func (g *generated) account(i int) string { return fmt.Sprintf("konto-%05d", i) }

func (g *generated) Accounts(context.Context, string) ([]string, error) {
	out := make([]string, g.accounts)
	for i := range out {
		out[i] = g.account(i)
	}
	return out, nil
}

// taken are the times of an account's snapshots: twice a year back from October 2026, each account on its own day and hour.
func (g *generated) taken(account, n int) time.Time {
	t := time.Date(2026, 10, 15, 6, 0, 0, 0, time.UTC).AddDate(0, -6*n, account%21)
	return t.Add(time.Duration(account*37%36000) * time.Second)
}

func (g *generated) Snapshots(_ context.Context, _, account string) ([]Sight, error) {
	i, err := strconv.Atoi(strings.TrimPrefix(account, "konto-"))
	if err != nil {
		return nil, err
	}
	var out []Sight
	for n := range g.perAccount {
		out = append(out, Sight{ID: sip.NewID(account, g.taken(i, n), g.trigger(i, n), bytes.NewReader(seedOf(account, n))), Receipt: true})
	}
	return out, nil
}

func (g *generated) trigger(account, n int) capture.Trigger {
	switch (account*31 + n) % 40 {
	case 0:
		return capture.TriggerEvidence
	case 1, 2:
		return capture.TriggerManual
	}
	return capture.TriggerScheduled
}

func seedOf(account string, n int) []byte {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%d", account, n)
	return h.Sum(nil)
}

func (g *generated) pack(account, id string) pack {
	h := fnv.New64a()
	_, _ = io.WriteString(h, id)
	r := rand.New(rand.NewPCG(h.Sum64(), 1))
	_, taken, trigger, err := sip.ParseID(id)
	if err != nil {
		g.t.Error(err)
	}
	i, _ := strconv.Atoi(strings.TrimPrefix(account, "konto-"))
	s := spec{tenant: "default", account: account, taken: taken, trigger: trigger, rand: r,
		creator: fmt.Sprintf("Nämnd %d", i%25), unit: fmt.Sprintf("Enhet %d", i%180), platform: []string{"facebook", "instagram", "web", "x"}[i%4]}
	if r.IntN(12) == 0 {
		s.outcome = capture.Partial
	}
	if trigger == capture.TriggerEvidence {
		s.class = register.ClassReview
	}
	zipf := rand.NewZipf(r, 1.07, 8, uint64(len(g.words)-1))
	for k := range g.each {
		at := taken.Add(-time.Duration(k*9) * 24 * time.Hour)
		var b strings.Builder
		for range 12 + r.IntN(30) {
			b.WriteString(g.words[zipf.Uint64()] + " ")
		}
		p := post(fmt.Sprintf("%s-%d", account, k), b.String(), at)
		if k%3 == 2 {
			p.Origin, p.Author = capture.OriginReceived, str(fmt.Sprintf("Person %d", r.IntN(50_000)))
		}
		s.posts = append(s.posts, p)
	}
	p := newPack(s)
	p.m.ID, p.c.Snapshot = id, id
	return p
}

func (g *generated) Open(_ context.Context, _, account, id, path string) (io.ReadCloser, error) {
	p := g.pack(account, id)
	switch path {
	case manifestPath:
		p.c.Posts = nil
		return io.NopCloser(bytes.NewReader(p.manifestJSON(g.t))), nil
	case p.m.Content:
		return io.NopCloser(bytes.NewReader(mustJSON(g.t, p.c))), nil
	}
	return nil, fs.ErrNotExist
}

// questions are what people ask, by kind.
func (g *generated) questions() map[string][]Query {
	r := rand.New(rand.NewPCG(8, 8))
	word := func(from, to int) string { return g.words[from+r.IntN(to-from)] }
	out := map[string][]Query{}
	add := func(kind string, n int, q func() Query) {
		for range n {
			x := q()
			x.Scope = everything
			x.Page.Limit = 20
			out[kind] = append(out[kind], x)
		}
	}
	add("frequent word", 40, func() Query { return Query{Text: word(0, 30)} })
	add("middling word", 40, func() Query { return Query{Text: word(200, 3000)} })
	add("rare word", 40, func() Query { return Query{Text: word(20_000, 40_000)} })
	add("two words", 40, func() Query { return Query{Text: word(0, 200) + " " + word(50, 2000)} })
	add("three words", 40, func() Query { return Query{Text: word(0, 100) + " " + word(0, 300) + " " + word(100, 3000)} })
	add("beginning of 3", 20, func() Query { return Query{Text: string([]rune(word(0, 5000) + "kom")[:3]) + "*"} })
	add("beginning of 5", 40, func() Query { return Query{Text: string([]rune(word(0, 5000) + "munsko")[:5]) + "*"} })
	add("beginning of 8", 40, func() Query { return Query{Text: string([]rune(word(0, 9000) + "munskolan")[:8]) + "*"} })
	add("phrase", 40, func() Query { return Query{Text: `"` + word(0, 40) + " " + word(0, 40) + `"`} })
	add("word without another", 40, func() Query { return Query{Text: word(0, 100) + " -" + word(0, 20)} })
	add("account", 40, func() Query { return Query{Text: word(0, 60), Filter: Filter{Account: g.account(r.IntN(g.accounts))}} })
	add("owner and platform", 40, func() Query {
		return Query{Text: word(0, 2000), Filter: Filter{Creator: fmt.Sprintf("Nämnd %d", r.IntN(25)), Platform: "web"}}
	})
	add("period", 40, func() Query {
		from := time.Date(2018+r.IntN(8), 3, 1, 0, 0, 0, 0, time.UTC)
		return Query{Text: word(0, 500), Filter: Filter{PublishedFrom: from, PublishedTo: from.AddDate(0, 4, 0)}}
	})
	add("half-year", 40, func() Query { return Query{Text: word(0, 500), Filter: Filter{Half: Half(2018*2 + r.IntN(16))}} })
	add("evidence", 40, func() Query { return Query{Text: word(0, 500), Filter: Filter{Trigger: capture.TriggerEvidence}} })
	add("received, partial", 40, func() Query {
		return Query{Text: word(0, 500), Filter: Filter{Origin: capture.OriginReceived, Outcome: capture.Partial}}
	})
	add("no text", 20, func() Query {
		return Query{Filter: Filter{Unit: fmt.Sprintf("Enhet %d", r.IntN(180)), Origin: capture.OriginReceived}}
	})
	add("name", 20, func() Query { return Query{Text: fmt.Sprintf(`"Person %d"`, r.IntN(50_000))} })
	for k, list := range out {
		for i := range list {
			if i%4 == 3 { // one in four asks as a reader, who sees only what is open
				list[i].Classes = []register.Class{register.ClassOpen}
			}
		}
		out[k] = list
	}
	return out
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// BenchmarkScale fills a catalogue with 100,000 snapshots of 2 million posts and asks it what people ask. ARSRING_BENCH_SNAPSHOTS sets
// another number.
func BenchmarkScale(b *testing.B) {
	accounts := 5000
	if n, err := strconv.Atoi(os.Getenv("ARSRING_BENCH_SNAPSHOTS")); err == nil {
		accounts = max(1, n/20)
	}
	g := newGenerated(b, accounts, 20, 20)
	path := filepath.Join(b.TempDir(), "catalog.db")
	c := openAt(b, path)
	start, cpu := time.Now(), used()
	ch, err := c.Rebuild(b.Context(), g, nil)
	if err != nil {
		b.Fatal(err)
	}
	took := time.Since(start)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	fmt.Printf("%d snapshots, %d posts: built in %s (processor %s, with making them up), %.0f MB on disk, at most %d MB of memory in use\n", ch.Added, ch.Added*20,
		took.Round(time.Second), (used() - cpu).Round(time.Second), float64(info.Size())/1e6, peak()>>20)
	for b.Loop() {
		askAll(b, c, g)
		overviews(b, c, g)
	}
}

func askAll(b *testing.B, c *Catalog, g *generated) {
	b.Helper()
	questions := g.questions()
	kinds := make([]string, 0, len(questions))
	for k := range questions {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	var all, allCPU []time.Duration
	for _, k := range kinds {
		var took, cpu []time.Duration
		hits := 0
		for _, q := range questions[k] {
			start, before := time.Now(), used()
			res, err := c.Search(b.Context(), q)
			if err != nil {
				b.Fatal(err)
			}
			took, cpu = append(took, time.Since(start)), append(cpu, used()-before)
			hits += res.Count
		}
		all, allCPU = append(all, took...), append(allCPU, cpu...)
		slices.Sort(took)
		slices.Sort(cpu)
		fmt.Printf("%-22s p50 %8s  p95 %8s  max %8s  processor p95 %8s  %5d hits on average\n", k, quantile(took, 0.5).Round(10*time.Microsecond), quantile(took, 0.95).Round(10*time.Microsecond),
			took[len(took)-1].Round(10*time.Microsecond), quantile(cpu, 0.95).Round(10*time.Microsecond), hits/len(took))
	}
	slices.Sort(all)
	slices.Sort(allCPU)
	fmt.Printf("%-22s p50 %8s  p95 %8s  max %8s  processor p95 %8s\n", "all", quantile(all, 0.5).Round(10*time.Microsecond), quantile(all, 0.95).Round(10*time.Microsecond),
		all[len(all)-1].Round(time.Millisecond), quantile(allCPU, 0.95).Round(10*time.Microsecond))
	b.ReportMetric(float64(quantile(all, 0.95))/1e6, "ms-p95")
}

func overviews(b *testing.B, c *Catalog, g *generated) {
	b.Helper()
	accounts := make([]register.Account, g.accounts)
	for i := range accounts {
		accounts[i] = register.Account{ID: g.account(i), Tenant: "default"}
	}
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		name string
		run  func() error
	}{
		{"overview", func() error { _, err := c.Overview(b.Context(), everything, accounts, now); return err }},
		{"accounts", func() error { _, err := c.Accounts(b.Context(), everything, Filter{}); return err }},
		{"half-years", func() error { _, err := c.Halves(b.Context(), everything, Filter{}); return err }},
		{"owners", func() error { _, err := c.Owners(b.Context(), everything, Filter{}); return err }},
		{"page of snapshots", func() error {
			_, err := c.Snapshots(b.Context(), everything, Filter{Outcome: capture.Partial}, Page{})
			return err
		}},
	} {
		var took, cpu []time.Duration
		for range 15 {
			start, before := time.Now(), used()
			if err := x.run(); err != nil {
				b.Fatal(err)
			}
			took, cpu = append(took, time.Since(start)), append(cpu, used()-before)
		}
		slices.Sort(took)
		slices.Sort(cpu)
		fmt.Printf("%-22s p50 %8s  max %8s  processor p50 %8s\n", x.name, quantile(took, 0.5).Round(100*time.Microsecond), took[len(took)-1].Round(100*time.Microsecond), quantile(cpu, 0.5).Round(100*time.Microsecond))
	}
}

// used is the processor time of this process so far.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak is the most memory that this process has had, in bytes.
func peak() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Maxrss * 1024
}
