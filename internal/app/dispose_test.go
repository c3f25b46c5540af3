package app

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"arsring/config"
	"arsring/internal/archive"
	"arsring/internal/proof"
	"arsring/internal/register"
)

func gallras(n int, after string) register.Account {
	a := account(n)
	a.Disposal = register.Disposal{Action: "gallra", After: after, Decision: "KS 2026/123 § 45", Plan: "4.2"}
	return a
}

// TestDispose: only what a decision lets go goes, at its time; the record of it stays, in the log too, and verify does not call it missing.
func TestDispose(t *testing.T) {
	t.Parallel()
	w := newArchive(t, nil)
	kept, early, goes := w.keep(account(1)), w.keep(gallras(2, "10y")), w.keep(gallras(3, "2y"))
	w.set(w.today().AddDate(3, 0, 0))
	list, err := w.Disposals(t.Context(), false)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, d := range list {
		if d.Allowed != (d.Snapshot == goes) || d.Decision != "KS 2026/123 § 45" || d.Why.SV == "" || d.From == nil {
			t.Errorf("%+v", d)
		}
	}
	if all, err := w.Disposals(t.Context(), true); err != nil || len(all) != 3 {
		t.Errorf("all: %+v, %v", all, err)
	}
	before := w.keys()
	var use *UsageError
	for _, id := range []string{kept, early} {
		if _, err := w.Dispose(t.Context(), id, "Anna Exempel"); !errors.As(err, &use) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := w.Dispose(t.Context(), goes, ""); !errors.As(err, &use) {
		t.Errorf("by nobody: %v", err)
	}
	if !slices.Equal(w.keys(), before) {
		t.Fatal("a refused disposal changed something")
	}
	if err := w.ReleaseHold(t.Context(), kept, "Anna Exempel", "Ärendet är avslutat"); !errors.As(err, &use) || !slices.Equal(w.keys(), before) {
		t.Errorf("a hold that is not there was released: %v", err)
	}
	r, err := w.opened().ReadReceipt(t.Context(), mustFind(t, w, goes))
	if err != nil {
		t.Fatal(err)
	}
	d, err := w.Dispose(t.Context(), goes, "Anna Exempel")
	if err != nil || d.Objects != len(r.Objects) {
		t.Fatalf("%+v, %v", d, err)
	}
	checkDisposal(t, w, d, goes, r)
	var missing *archive.NotFoundError
	if _, err := w.Dispose(t.Context(), goes, "Anna Exempel"); !errors.As(err, &missing) {
		t.Errorf("once more: %v", err)
	}
	report, err := w.Verify(t.Context(), VerifyRequest{})
	if err != nil || !report.OK || report.Packages != 2 || report.Disposed != 1 {
		t.Errorf("%s, %v", report.SV(), err)
	}
	// The record itself is guarded: without it the package is missed again.
	data, err := os.ReadFile(w.file(d.Record))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(w.file(d.Record)); err != nil {
		t.Fatal(err)
	}
	got := w.findings()
	slices.Sort(got)
	want := []string{proof.FoundRemoved + " " + d.Record, proof.FoundRemoved + " " + Tenant + "/konto-03/" + goes + "/METS.xml"}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("without the record: %v, want %v", got, want)
	}
	if err := os.WriteFile(w.file(d.Record), data, 0o640); err != nil {
		t.Fatal(err)
	}
	// What somebody puts back is named.
	back := Tenant + "/konto-03/" + goes + "/METS.xml"
	if err := os.MkdirAll(strings.TrimSuffix(w.file(back), "/METS.xml"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.file(back), []byte("<mets/>"), 0o640); err != nil {
		t.Fatal(err)
	}
	if got := w.findings(); len(got) != 1 || !strings.HasPrefix(got[0], proof.FoundRemains) {
		t.Errorf("put back: %v", got)
	}
}

func mustFind(t *testing.T, w *smallArchive, id string) archive.Entry {
	t.Helper()
	e, err := w.opened().Find(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// checkDisposal reads the record that stays: what, when, by whom, which decision, and the hashes.
func checkDisposal(t *testing.T, w *smallArchive, d Disposed, id string, r archive.Receipt) {
	t.Helper()
	data, _, err := w.opened().Get(t.Context(), d.Record)
	if err != nil {
		t.Fatal(err)
	}
	var e archive.LogEntry
	var rec DisposalRecord
	if err := errors.Join(json.Unmarshal(data, &e), json.Unmarshal(e.Data, &rec)); err != nil {
		t.Fatal(err)
	}
	if e.Kind != proof.KindDisposal || e.Snapshot != id || e.By != "Anna Exempel" || e.At.Before(w.today().Add(-time.Hour)) || e.Text.SV == "" ||
		rec.METS != r.METSSHA256 || len(rec.Objects) != len(r.Objects) || rec.Decision.Decision != "KS 2026/123 § 45" || rec.Decision.Plan != "4.2" {
		t.Errorf("record: %+v, %+v", e, rec)
	}
	for _, key := range w.keys() {
		if strings.Contains(key, id+"/") {
			t.Errorf("%s is still there", key)
		}
	}
}

// TestDisposeInterrupted: a removal that was cut off after its record is finished by the next call, and not called tampering in between but remains.
func TestDisposeInterrupted(t *testing.T) {
	t.Parallel()
	w := newArchive(t, nil)
	goes := w.keep(gallras(3, "2y"))
	w.set(w.today().AddDate(3, 0, 0))
	s := w.opened()
	if _, err := w.disposalRecord(t.Context(), s, mustFind(t, w, goes), "Anna Exempel"); err != nil {
		t.Fatal(err)
	}
	if got := w.findings(); len(got) != 1 || got[0] != proof.FoundRemains+" "+Tenant+"/konto-03/"+goes+"/" {
		t.Errorf("in between: %v", got)
	}
	if _, err := w.Dispose(t.Context(), goes, "Bo Prov"); err != nil {
		t.Fatal(err)
	}
	if r, err := w.Verify(t.Context(), VerifyRequest{}); err != nil || !r.OK || r.Disposed != 1 || r.Entries != 3 {
		t.Errorf("%s, %v", r.SV(), err)
	}
}

// TestDecisionsLock: the years of the decision are those of the lock; what is locked is not disposed of, and what is kept for good is renewed.
func TestDecisionsLock(t *testing.T) {
	t.Parallel()
	w := newArchive(t, func(c *config.Config) { c.Archive.Lock = config.Lock{Mode: "governance", Years: 10} })
	w.set(time.Now().UTC())
	began := w.today()
	short, kept := w.keep(gallras(2, "2y")), w.keep(account(1))
	until := func(id string) time.Time {
		t.Helper()
		lock, legal, err := w.opened().Held(t.Context(), mustFind(t, w, id))
		if err != nil || lock == nil || lock.Mode != archive.LockGovernance || legal {
			t.Fatalf("%s: %+v, %v, %v", id, lock, legal, err)
		}
		return lock.Until
	}
	near := func(what string, got time.Time, years int) {
		t.Helper()
		if d := got.Sub(began.AddDate(years, 0, 0)); d < -time.Hour || d > time.Hour {
			t.Errorf("%s: locked until %v, want %d years from %v", what, got, years, began)
		}
	}
	near("by decision", until(short), 2)
	near("by setting", until(kept), 10)
	r, err := w.Verify(t.Context(), VerifyRequest{})
	if err != nil || !r.OK {
		t.Errorf("%s, %v", r.SV(), err)
	}
	if n, moved, err := w.RenewLocks(t.Context()); err != nil || n != 1 || moved != 0 {
		t.Errorf("renewed at once: %d, %d, %v", n, moved, err)
	}
	w.set(began.AddDate(6, 0, 0))
	if n, moved, err := w.RenewLocks(t.Context()); err != nil || n != 1 || moved == 0 {
		t.Errorf("renewed after six years: %d, %d, %v", n, moved, err)
	}
	near("renewed", until(kept), 16)
	near("not renewed", until(short), 2)
	w.set(began.AddDate(1, 0, 0))
	var use *UsageError
	if _, err := w.Dispose(t.Context(), short, "Anna Exempel"); !errors.As(err, &use) {
		t.Errorf("before its time: %v", err)
	}
	// By our clock its time has come, by the store's it has not: the store refuses, and everything is still there.
	w.set(began.AddDate(2, 0, 1))
	var input *archive.InputError
	if _, err := w.Dispose(t.Context(), short, "Anna Exempel"); !errors.As(err, &input) {
		t.Errorf("under the store's lock: %v", err)
	}
	if _, err := w.opened().Find(t.Context(), short); err != nil {
		t.Error(err)
	}
}
