package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/job"
)

// TestLostPauses: a job database that was lost gets its pauses back from the archive, and only those that hold.
func TestLostPauses(t *testing.T) {
	c := newCounter(t, map[string][2]string{"ett": {"web", "https://ett.example.org/"}, "tva": {"web", "https://tva.example.org/"}})
	soon := c.now().Add(time.Hour)
	for _, p := range []job.Pause{
		{Scope: "account:default/ett", Reason: "Valrörelse", By: "Anna Exempel", Until: soon.AddDate(0, 1, 0)}, {Scope: "account:default/tva", Reason: "Ombyggnad", By: "Bo Prov"},
		{Scope: "platform:facebook", Reason: "Bråk", By: "Anna Exempel"}, {Scope: job.ScopeAll, Reason: "Flytt", By: "Anna Exempel", Until: soon},
	} {
		if err := c.Hold(t.Context(), c.queue, p); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Hold(t.Context(), c.queue, job.Pause{Scope: "ett"}); err == nil {
		t.Error("something without a scope was paused")
	}
	var use *UsageError
	for _, p := range []job.Pause{{Scope: "platform:hej"}, {Scope: job.ScopeAll, Until: c.now().AddDate(-1, 0, 0)}} {
		if err := c.Hold(t.Context(), c.queue, p); !errors.As(err, &use) {
			t.Errorf("%+v was paused: %v", p, err)
		}
	}
	for n := range 2 {
		placed, err := c.Order(t.Context(), c.queue, OrderRequest{Account: "ett", Trigger: capture.TriggerManual})
		if err != nil {
			t.Fatal(err)
		}
		lines, err := OrderNotes(t.Context(), c.queue, placed, "en")
		if said := strings.Join(lines, "\n"); err != nil || strings.Contains(said, "ordered already") != (n > 0) || !strings.Contains(said, "account:default/ett is paused until") || !strings.Contains(said, "the order waits") {
			t.Errorf("%d: %q %v", n, said, err)
		}
	}
	for was, scope := range map[bool]string{true: "platform:facebook", false: "platform:x"} {
		if got, err := c.Release(t.Context(), c.queue, scope, "Bo Prov"); err != nil || got != was {
			t.Errorf("%s: %v %v", scope, got, err)
		}
	}
	fresh, err := job.Open(t.Context(), job.Options{Database: filepath.Join(t.TempDir(), "jobs.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	c.App.now = func() time.Time { return soon.Add(time.Minute) }
	for range 2 { // the second time it knows them
		if err := c.restorePauses(t.Context(), fresh, []string{Tenant}); err != nil {
			t.Fatal(err)
		}
		got, err := fresh.Pauses(t.Context())
		if err != nil || len(got) != 2 || got[0].Reason != "Valrörelse" || got[0].Until.IsZero() || got[1].By != "Bo Prov" || !got[1].Until.IsZero() {
			t.Errorf("%+v %v", got, err)
		}
	}
	// Without the archive nothing is paused or resumed that only the database would know.
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c.App.store, c.App.embedded, c.App.command = nil, nil, []string{"/bin/false"}
	if err := os.RemoveAll(c.cfg.Path("store")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Release(t.Context(), c.queue, "account:default/tva", "Bo Prov"); err == nil {
		t.Error("resumed without a note")
	}
	if pauses, err := c.queue.Pauses(t.Context()); err != nil || len(pauses) != 3 {
		t.Errorf("%+v %v", pauses, err)
	}
}
