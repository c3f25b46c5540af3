package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"arsring/config"
	"arsring/internal/archive"
	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/register"
)

// workshop is a worker with an archive of its own and pages to look at.
type workshop struct {
	*smallArchive
	*worker
	events []Event
	reg    *register.Register
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/bra":
			fmt.Fprintf(w, "<!doctype html><html lang=sv><title>Bra</title><h1>Kommunens sida</h1><p>Läst %s.</p>", time.Now())
		case "/trott":
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<!doctype html><title>404</title><h1>Finns inte</h1>")
		}
	}))
	t.Cleanup(srv.Close)
	w := &workshop{}
	w.smallArchive = newArchive(t, func(c *config.Config) { c.Capture.AllowPrivate = []string{"127.0.0.1"} })
	w.hooks.Events = func(e Event) { w.events = append(w.events, e) }
	w.reg = &register.Register{}
	var text strings.Builder
	text.WriteString("accounts:\n")
	for _, id := range []string{"bra", "trott", "borta"} {
		fmt.Fprintf(&text, "  - {id: %s, platform: web, url: %q, title: T, archive_creator: N, unit: E, responsible: {name: A, email: a@example.org}, administrators: [{name: A, email: a@example.org}, {name: B, email: b@example.org}], since: 2024-01-01, class: öppen}\n",
			id, srv.URL+"/"+id)
	}
	reg, err := register.Parse("register.yaml", []byte(text.String()), register.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.reg = reg
	cal, err := w.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	w.worker = &worker{a: w.App, register: func() *register.Register { return w.reg }, cal: cal, keep: newLedger(w.Store, w.App.now)}
	return w
}

func (w *workshop) task(account string, tried int) job.Task {
	return job.Task{Order: job.Order{Tenant: Tenant, Account: account, Snapshot: account + "-20261015T080000Z-manual-aaaa", Trigger: "manual", Ordered: time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)},
		Attempts: make([]job.Attempt, tried)}
}

// stored gives the objects of a snapshot, and whether its receipt stands beside it.
func (w *workshop) entries(account string) []archive.Entry {
	w.t.Helper()
	out, err := w.opened().List(w.t.Context(), archive.ListFilter{Account: account})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// TestWork lets a worker try a job again after its process was killed at every moment that matters for the archive.
func TestWork(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	spool := w.spool(Tenant, w.task("bra", 0).Snapshot)
	kept := func(what string, tried int) archive.Entry {
		t.Helper()
		w.events = nil
		v := w.work(t.Context(), w.task("bra", tried))
		if v.State != job.Delivered || v.Outcome != "complete" || v.Text.SV == "" {
			t.Fatalf("%s: %+v", what, v)
		}
		got := w.entries("bra")
		if len(got) != 1 || !got[0].Receipt || got[0].ID != w.task("bra", 0).Snapshot {
			t.Fatalf("%s: in the archive: %+v", what, got)
		}
		if _, err := os.Stat(spool); err == nil {
			t.Errorf("%s: the spool still holds it", what)
		}
		return got[0]
	}
	first := kept("the first attempt", 0)
	if len(w.events) != 1 || w.events[0].Kind != EventKept || w.events[0].Result == nil || w.events[0].Result.Receipt == nil {
		t.Errorf("told: %+v", w.events)
	}
	if again := kept("killed before the queue knew", 1); !again.Stored.Equal(first.Stored) {
		t.Error("it was delivered again")
	}
	remove := func(keys ...string) {
		t.Helper()
		for _, k := range keys {
			if err := os.Remove(w.file(k)); err != nil {
				t.Fatal(err)
			}
		}
	}
	receipt := strings.TrimSuffix(first.Prefix, "/") + ".receipt.json"
	remove(receipt)
	if again := kept("killed before the receipt, spool lost", 1); !again.Stored.Equal(first.Stored) {
		t.Error("it was delivered again")
	}
	remove(receipt, first.Prefix+"METS.xml")
	if again := kept("killed amid the delivery, spool lost", 1); again.Stored.Equal(first.Stored) {
		t.Error("it was not delivered again")
	}
	if left, _ := filepath.Glob(w.spool("*")); !slices.Equal(left, []string{w.spool(Tenant)}) {
		t.Errorf("left in the spool: %v", left)
	}
}

// TestWorkThatKeepsNothing tells a wall, a page that asks for patience and an account that is gone apart.
func TestWorkThatKeepsNothing(t *testing.T) {
	w := newWorkshop(t)
	v := w.work(t.Context(), w.task("borta", 0))
	if v.State != job.NeedsPerson || v.Outcome != string(capture.NotFound) {
		t.Errorf("404: %+v", v)
	}
	if e := w.events[len(w.events)-1]; e.Kind != EventNeedsPerson || e.Account != "borta" || e.Attempt != 1 {
		t.Errorf("told: %+v", e)
	}
	noted := 0
	for e, err := range w.opened().ReadLog(t.Context(), Tenant, time.Time{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == "attempt-failed" && e.Snapshot == w.task("borta", 0).Snapshot {
			noted++
		}
	}
	if noted != 1 {
		t.Errorf("%d notes in the archive's log", noted)
	}
	before := time.Now()
	v = w.work(t.Context(), w.task("trott", 0))
	if v.State != job.Waiting || v.Free || v.Quiet || v.Next.IsZero() {
		t.Errorf("429 with Retry-After (asked at %s): %+v", before, v)
	}
	v = w.work(t.Context(), w.task("okand", 0))
	if v.State != job.GivenUp || v.Code != "unknown-account" {
		t.Errorf("an account that is not in the register: %+v", v)
	}
	if left, _ := filepath.Glob(w.spool(Tenant, "*")); len(left) > 0 {
		t.Errorf("left in the spool: %v", left)
	}
}

// TestWorkAsksAgain sees that between order and attempt the calendar still has its say.
func TestWorkAsksAgain(t *testing.T) {
	w := newWorkshop(t)
	acc := w.reg.Accounts[0]
	slot := func(slot string) job.Task {
		task := w.task(acc.ID, 0)
		task.Slot, task.Trigger = slot, "scheduled"
		return task
	}
	at := func(s string) {
		d, ok := register.Day(s)
		if !ok {
			t.Fatal(s)
		}
		w.set(d.Add(21*time.Hour + time.Minute))
	}
	at("2026-05-05")
	if d, v := w.stillDue(t.Context(), slot("2026-04-15"), acc); d == nil || d.Late {
		t.Errorf("in its window: %+v %+v", d, v)
	}
	at("2026-05-20")
	if d, v := w.stillDue(t.Context(), slot("2026-04-15"), acc); d == nil || !d.Late {
		t.Errorf("after its window: %+v %+v", d, v)
	}
	at("2026-07-01")
	if d, v := w.stillDue(t.Context(), slot("2026-04-15"), acc); d != nil || v.State != job.Waiting || !v.Quiet || v.Next.In(register.Location()).Format(time.DateOnly) != "2026-08-16" {
		t.Errorf("in summer: %+v %+v", d, v)
	}
	at("2026-10-20")
	if d, v := w.stillDue(t.Context(), slot("2026-04-15"), acc); d != nil || v.State != job.GivenUp || v.Code != "not-due" {
		t.Errorf("when the next window has opened: %+v %+v", d, v)
	}
	w.worker.keep.add(acc.Tenant, acc.ID, calendar.Kept{ID: "by-hand", Trigger: "manual", Complete: true, At: w.today()})
	if d, v := w.stillDue(t.Context(), slot("2026-10-15"), acc); d != nil || v.State != job.Delivered {
		t.Errorf("when it was filled by hand: %+v %+v", d, v)
	}
}
