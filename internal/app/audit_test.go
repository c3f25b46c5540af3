package app

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"arsring/internal/access"
	"arsring/internal/archive"
)

// TestArchiveAudit: every line of the audit log comes into the archive's log once, with the chain of hashes whole; a note that is changed there is
// found by verify.
func TestArchiveAudit(t *testing.T) {
	t.Parallel()
	w := newArchive(t, nil)
	w.keep(account(0))
	state, err := w.OpenState(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer state.Close()
	note := func(tenant, action string) {
		if err := state.Note(t.Context(), access.Event{Who: "Anna", Tenant: tenant, Action: action, Object: "konto-00"}); err != nil {
			t.Fatal(err)
		}
	}
	archived := func(want int) {
		t.Helper()
		if n, err := w.ArchiveAudit(t.Context()); err != nil || n != want {
			t.Fatalf("%d lines, %v; want %d", n, err, want)
		}
	}
	archived(0)
	note("", "sign-in")
	note(Tenant, "order")
	archived(2)
	note(Tenant, "hand-out")
	archived(1)
	archived(0)
	before, _, err := state.Unarchived(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	var last string
	var keys []string
	for e, err := range w.opened().ReadLog(t.Context(), Tenant, time.Time{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind != KindAudit {
			continue
		}
		var b auditBatch
		if err := json.Unmarshal(e.Data, &b); err != nil || b.Schema != AuditSchema || b.Before != last || len(b.Events) == 0 {
			t.Fatalf("batch %+v after %q, %v", b, last, err)
		}
		last = b.Events[len(b.Events)-1].Hash
		keys = append(keys, archive.LogKey(Tenant, e))
	}
	if len(keys) != 2 || last != before || len(last) != 64 {
		t.Errorf("%d batches that end with %q, the log ends with %q", len(keys), last, before)
	}
	if got := w.findings(); len(got) != 0 {
		t.Errorf("verify finds %v", got)
	}
	data, err := os.ReadFile(w.file(keys[1]))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.file(keys[1]), []byte(strings.Replace(string(data), "Anna", "Bosse", 1)), 0o640); err != nil {
		t.Fatal(err)
	}
	if got := w.findings(); !slices.Contains(got, "replaced "+keys[1]) {
		t.Errorf("a changed batch is not found: %v", got)
	}
}
