package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"arsring/internal/access"
	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
	"arsring/internal/sip"
	"arsring/internal/web"
)

// manyTown is a made-up archive of many accounts, each with twenty snapshots of twenty posts.
type manyTown struct{ accounts int }

const eachTown = 20

func (m manyTown) account(i int) string { return fmt.Sprintf("konto-%05d", i) }

// Tenants is one.
func (m manyTown) Tenants(context.Context) ([]string, error) { return []string{Tenant}, nil }

// Accounts are all.
func (m manyTown) Accounts(context.Context, string) ([]string, error) {
	out := make([]string, m.accounts)
	for i := range out {
		out[i] = m.account(i)
	}
	return out, nil
}

// Snapshots go back half a year at a time; every third account lacks the newest.
func (m manyTown) Snapshots(_ context.Context, _, account string) ([]catalog.Sight, error) {
	i, err := strconv.Atoi(strings.TrimPrefix(account, "konto-"))
	if err != nil {
		return nil, err
	}
	var out []catalog.Sight
	for n := range eachTown {
		if i%3 == 0 {
			n++
		}
		at := time.Date(2026, 10, 15, 6, 0, 0, 0, time.UTC).AddDate(0, -6*n, i%21).Add(time.Duration(i*37%36000) * time.Second)
		h := fnv.New64a()
		fmt.Fprint(h, account, n)
		out = append(out, catalog.Sight{ID: sip.NewID(account, at, capture.TriggerScheduled, bytes.NewReader(h.Sum(nil))), Receipt: true})
	}
	return out, nil
}

// Open makes a package's files up.
func (m manyTown) Open(_ context.Context, _, account, id, path string) (io.ReadCloser, error) {
	_, at, trigger, err := sip.ParseID(id)
	if err != nil {
		return nil, err
	}
	const content = "representations/content/data/content.json"
	var v any
	switch path {
	case manifestPath:
		slot := at.Format("2006-01") + "-15"
		v = sip.Manifest{Schema: sip.ManifestSchema, ID: id, Tenant: Tenant, Trigger: trigger, Slot: &slot, Outcome: capture.Complete, AccessClass: register.ClassOpen, Started: at, Content: content,
			Account: register.Account{ID: account, Tenant: Tenant, Platform: "mastodon", URL: "https://social.example/@" + account, Title: "Kontot " + account, ArchiveCreator: "Kommunstyrelsen", Unit: "Kommunikation", Class: register.ClassOpen},
			Counts:  capture.Counts{Posts: eachTown}, Sentence: capture.Text{SV: "Allt är fångat.", EN: "All is captured."}}
	case content:
		c := sip.Content{Schema: sip.ContentSchema, Snapshot: id, Account: account}
		for k := range eachTown {
			c.Posts = append(c.Posts, sip.Post{ID: fmt.Sprint("p", k), Origin: capture.OriginOwn, Published: &at, Text: "Kommunen berättar om vägar, skolor och bibliotek, nummer " + strconv.Itoa(k)})
		}
		v = c
	default:
		return nil, fs.ErrNotExist
	}
	b, err := json.Marshal(v)
	return io.NopCloser(bytes.NewReader(b)), err
}

// BenchmarkPages asks the page over 100,000 snapshots of 2 million posts for what people look at first, as the server answers: from the
// request to the last byte. ARSRING_BENCH_SNAPSHOTS sets another number.
func BenchmarkPages(b *testing.B) {
	m := manyTown{accounts: 100_000 / eachTown}
	if n, err := strconv.Atoi(os.Getenv("ARSRING_BENCH_SNAPSHOTS")); err == nil {
		m.accounts = max(1, n/eachTown)
	}
	handler, again := manyPage(b, m)
	t := table{head: fmt.Sprintf("pages over %d accounts, %d snapshots, %d posts, at the server (bound for the overview: 200 ms)", m.accounts, m.accounts*eachTown, m.accounts*eachTown*eachTown)}
	var cpu time.Duration // of the last request, of the whole process
	ask := func(path string) time.Duration {
		rec := httptest.NewRecorder()
		start, before := time.Now(), processorTime()
		defer func() { cpu = processorTime() - before }()
		handler.ServeHTTP(rec, httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil))
		took := time.Since(start)
		if rec.Code != http.StatusOK {
			b.Fatalf("%s: %d\n%s", path, rec.Code, rec.Body)
		}
		return took
	}
	first := ask("/")
	firstCPU := cpu
	for b.Loop() {
		for _, x := range []struct{ name, path string }{{"overview", "/"}, {"overview, when something was kept just before", "/"}, {"accounts", "/konton"}, {"one account", "/konton/default/" + m.account(7)}, {"search", "/sok?q=bibliotek+skol*"}} {
			var took, used []time.Duration
			for range 15 {
				if strings.Contains(x.name, "just before") {
					again()
				}
				took = append(took, ask(x.path))
				used = append(used, cpu)
			}
			slices.Sort(took)
			slices.Sort(used)
			t.row("%s\tmedian %.0f ms\tmost %.0f ms\tprocessor median %.0f ms", x.name, float64(took[len(took)/2])/1e6, float64(took[len(took)-1])/1e6, float64(used[len(used)/2])/1e6)
			if x.name == "overview" {
				b.ReportMetric(float64(took[len(took)-1])/1e6, "ms-overview")
				t.row("overview, the first after the start\t%.0f ms\tprocessor %.0f ms\t%s", float64(first)/1e6, float64(firstCPU)/1e6, verdict(max(first, took[len(took)-1]) <= 200*time.Millisecond))
			}
		}
	}
	t.print()
}

// manyPage is the page of an installation that holds the made-up archive in its catalogue; again makes what it remembers outdated.
func manyPage(b *testing.B, m manyTown) (http.Handler, func()) {
	dir := testDir(b)
	a, err := testApp(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = a.Close() })
	a.now = func() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }
	var reg strings.Builder
	reg.WriteString("accounts:\n")
	for i := range m.accounts {
		id := m.account(i)
		fmt.Fprintf(&reg, "  - {id: %s, platform: mastodon, url: \"https://social.example/@%s\", title: \"Kontot %s\", archive_creator: Kommunstyrelsen, unit: Kommunikation, responsible: {name: Anna, email: anna@example.org}}\n", id, id, id)
	}
	a.cfg.Register.Path = filepath.Join(dir, "konton.yaml")
	if err := os.WriteFile(a.cfg.Register.Path, []byte(reg.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	state, err := a.OpenState(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = state.Close() })
	c, err := a.Catalog(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if _, err := c.Rebuild(b.Context(), m, nil); err != nil {
		b.Fatal(err)
	}
	fmt.Printf("the catalogue was filled in %s\n", time.Since(start).Round(time.Second))
	if _, err := a.Store(b.Context()); err != nil { // a daemon has opened it before anybody looks
		b.Fatal(err)
	}
	o, err := a.pageOptions(b.Context(), state)
	if err != nil {
		b.Fatal(err)
	}
	o.Everyone = access.Actor{UserID: 1, Login: "arkiv", Name: "Arkiv", Grants: []access.Grant{{Tenant: access.AnyTenant, Role: access.Admin, Class: register.ClassSecret}}}
	o.Search.(*webSearch).last = time.Now().Add(24 * time.Hour) // the archive behind it is made up
	site, err := web.New(o)
	if err != nil {
		b.Fatal(err)
	}
	return site.Handler(), func() { o.Search.(*webSearch).memo.version = "" }
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
