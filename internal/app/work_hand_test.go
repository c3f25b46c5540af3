package app

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/register"
	"arsring/internal/web"
	"arsring/testdata/sites"
)

// counter is an installation with a queue that is worked, as the page sees it.
type counter struct {
	*App
	t      *testing.T
	queue  *job.Queue
	worker *worker
	orders *queueOrders
}

// newCounter writes the register, as entries by ID with platform and address, and opens the queue.
func newCounter(t *testing.T, entries map[string][2]string) *counter {
	t.Helper()
	a, err := testApp(testDir(t))
	if err != nil {
		t.Fatal(err)
	}
	a.cfg.Capture.Pause = 0
	var text strings.Builder
	text.WriteString("accounts:\n")
	for id, e := range entries {
		fmt.Fprintf(&text, "  - {id: %s, platform: %s, url: %q, title: T, archive_creator: N, unit: E, responsible: {name: A, email: a@example.org}, administrators: [{name: A, email: a@example.org}, {name: B, email: b@example.org}], since: 2024-01-01, class: öppen}\n",
			id, e[0], e[1])
	}
	a.cfg.Register.Path = filepath.Join(a.cfg.DataDir, "register.yaml")
	if err := os.WriteFile(a.cfg.Register.Path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &counter{App: a, t: t}
	cal, err := a.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	current := func() *register.Register {
		r, err := a.Register()
		if err != nil {
			t.Error(err)
		}
		return r
	}
	c.worker = &worker{a: a, register: current, cal: cal, keep: newLedger(a.Store, a.now)}
	a.jobTuning = job.Options{Backoff: 20 * time.Millisecond, MaxBackoff: 100 * time.Millisecond, Poll: 20 * time.Millisecond, Beat: 50 * time.Millisecond, Turn: 100 * time.Millisecond}
	id, err := a.daemonID()
	if err != nil {
		t.Fatal(err)
	}
	if c.queue, err = a.openQueue(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	c.orders = &queueOrders{webOrders: newWebOrders(ctx, a, func() {}), queue: c.queue}
	t.Cleanup(func() {
		end()
		_ = c.queue.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// open begins to work the queue.
func (c *counter) open(do job.Work) {
	c.t.Helper()
	if err := c.queue.Work(c.t.Context(), do); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		if err := c.queue.Stop(context.WithoutCancel(c.t.Context()), time.Minute); err != nil {
			c.t.Error(err)
		}
	})
}

// ended waits until an order has ended on the page.
func (c *counter) ended(id string) web.Job {
	c.t.Helper()
	seen, err := c.orders.Watch(c.t.Context(), id)
	if err != nil {
		c.t.Fatal(err)
	}
	var last web.Job
	for last = range seen {
	}
	if !last.Ended {
		c.t.Fatalf("%s has not ended: %+v", id, last)
	}
	return last
}

func (c *counter) place(o web.Order) string {
	c.t.Helper()
	o.Tenant, o.By = Tenant, "Anna Exempel"
	id, err := c.orders.Place(c.t.Context(), o)
	if err != nil {
		c.t.Fatal(err)
	}
	if !strings.HasPrefix(id, queueMark) {
		c.t.Fatalf("%s is no job of the queue", id)
	}
	return id
}

// TestEvidenceAndIngestAreQueued: what people order on the page waits in the queue before all that the calendar ordered, is taken up again by another
// process that finds it begun, and says in the end whether the post may go.
func TestEvidenceAndIngestAreQueued(t *testing.T) {
	t.Parallel()
	o := sites.Options{Now: time.Now()}
	srv := httptest.NewServer(sites.Handler(o))
	t.Cleanup(srv.Close)
	site, _ := sites.ByName("blog", o)
	c := newCounter(t, map[string][2]string{"blogg": {"web", srv.URL + site.Path + "?posts=2"}})
	piece := site.Truth.Posts[0]
	file := filepath.Join(c.spool("uploads"), "in-1", "handling.pdf")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, smallPDF(t, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(c.spool("uploads"), "in-2", "brev.txt")
	_ = os.MkdirAll(filepath.Dir(wrong), 0o700)
	_ = os.WriteFile(wrong, []byte("inget av det som tas emot"), 0o600)

	plain := c.place(web.Order{Account: "blogg", Trigger: capture.TriggerManual, Reason: "Före ombyggnad"})
	handed := c.place(web.Order{Account: "blogg", Trigger: capture.TriggerIngest, Reason: "Protokoll", Files: []string{file}})
	refused := c.place(web.Order{Account: "blogg", Trigger: capture.TriggerIngest, Reason: "Protokoll", Files: []string{wrong}})
	order := web.Order{Account: "blogg", Trigger: capture.TriggerEvidence, URL: srv.URL + piece.Permalink, Reason: "Kränkande", Ground: "BBS-lagen 5 §", Diary: "KS 2026/1"}
	proof := c.place(order)
	if again := c.place(order); again != proof {
		t.Errorf("the same post twice: %s and %s", proof, again)
	}
	if _, err := c.orders.Place(t.Context(), web.Order{Tenant: Tenant, Account: "blogg", Trigger: capture.TriggerEvidence, URL: "ftp://x", Reason: "R"}); err == nil {
		t.Error("an address that is none was taken")
	}
	var mu sync.Mutex
	var began []string
	killed := map[string]bool{}
	c.open(func(ctx context.Context, task job.Task) job.Verdict {
		mu.Lock()
		if task.At == "" {
			began = append(began, task.Trigger)
		}
		first := !killed[task.Snapshot]
		killed[task.Snapshot] = true
		mu.Unlock()
		v := c.worker.work(ctx, task)
		if first && v.State == job.Delivered { // the queue does not hear of it, as when the process is killed right after
			return job.Verdict{State: job.Waiting, Err: context.Canceled}
		}
		return v
	})
	if j := c.ended(proof); j.State != string(job.Delivered) || !j.Safe || !j.Outcome.Kept() || j.Sentence.SV != EvidenceStored || len(j.Warnings) == 0 {
		t.Errorf("evidence: %+v", j)
	}
	if j := c.ended(plain); j.State != string(job.Delivered) || j.Outcome != capture.Complete {
		t.Errorf("manual: %+v", j)
	}
	if j := c.ended(handed); j.State != string(job.Delivered) || !j.Outcome.Kept() {
		t.Errorf("ingest: %+v", j)
	}
	if j := c.ended(refused); j.State != string(job.GivenUp) || j.Safe || !strings.Contains(j.Sentence.SV, "brev.txt") {
		t.Errorf("a file that is not taken in: %+v", j)
	}
	if mu.Lock(); began[0] != string(capture.TriggerEvidence) {
		t.Errorf("worked in the order %v", began)
	}
	mu.Unlock()
	s, err := c.Store(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entries, err := s.List(t.Context(), archive.ListFilter{})
	if err != nil || len(entries) != 3 {
		t.Fatalf("%d packages are stored, %v", len(entries), err)
	}
	for _, e := range entries {
		if !e.Receipt {
			t.Errorf("no receipt: %+v", e)
		}
		if m, err := c.manifest(t.Context(), s, e); err != nil || m.Trigger == capture.TriggerEvidence && (m.Evidence == nil || *m.Evidence.Ground != "BBS-lagen 5 §" || *m.Evidence.Diary != "KS 2026/1" || m.AccessClass != register.ClassReview) {
			t.Errorf("%+v %v", m, err)
		}
	}
	left, _ := filepath.Glob(c.spool("*", "*"))
	if len(left) > 0 {
		t.Errorf("left in the spool: %v", left)
	}
}

// TestEvidenceOfNothing: a post that is gone is no reason to look again tomorrow, and nobody is told that it may be removed.
func TestEvidenceOfNothing(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(srv.Close)
	c := newCounter(t, map[string][2]string{"blogg": {"web", srv.URL}})
	id := c.place(web.Order{Account: "blogg", Trigger: capture.TriggerEvidence, URL: srv.URL + "/borta", Reason: "Kränkande"})
	c.open(c.worker.work)
	if j := c.ended(id); j.State != string(job.GivenUp) || j.Safe || j.Outcome != capture.NotFound || !strings.HasPrefix(j.Sentence.SV, EvidenceWait) {
		t.Errorf("%+v", j)
	}
}

// TestPlatformPause: between two captures of one platform lies the pause that its own file asks for.
func TestPlatformPause(t *testing.T) {
	t.Parallel()
	const pause = 2 * time.Second
	var mu sync.Mutex
	asked := map[string][]time.Time{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path] = append(asked[r.URL.Path], time.Now())
		mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><html lang=sv><link rel=icon href='data:,'><title>Sida</title><h1>Kommunens sida</h1><p>En mening som går att läsa.</p>")
	}))
	t.Cleanup(srv.Close)
	c := newCounter(t, map[string][2]string{"ett": {"kvarteret", srv.URL + "/ett"}, "tva": {"kvarteret", srv.URL + "/tva"}})
	c.cfg.Platforms.Folder = t.TempDir()
	file := fmt.Sprintf("name: kvarteret\ntitle: Kvarteret\nhosts: [127.0.0.1]\npoliteness: {pause: %s}\n", pause)
	if err := os.WriteFile(filepath.Join(c.cfg.Platforms.Folder, "kvarteret.yaml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := c.Pause(register.Account{Platform: "facebook"}); got != time.Minute {
		t.Errorf("facebook rests %v", got)
	}
	ids := []string{c.place(web.Order{Account: "ett", Trigger: capture.TriggerManual}), c.place(web.Order{Account: "tva", Trigger: capture.TriggerManual})}
	c.open(c.worker.work)
	for _, id := range ids {
		if j := c.ended(id); j.State != string(job.Delivered) {
			t.Fatalf("%+v", j)
		}
	}
	first, second := asked["/ett"], asked["/tva"]
	if first[0].After(second[0]) {
		first, second = second, first
	}
	if d := second[0].Sub(first[len(first)-1]); d < pause {
		t.Errorf("only %v between the two", d)
	}
}
