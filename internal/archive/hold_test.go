package archive

import (
	"errors"
	"testing"
	"time"
)

// testHeld: a package's own lock and legal hold, asked for and got back, and a removal that the store refuses until both have ended.
func testHeld(t *testing.T, s *Store) {
	b, err := s.Probe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !b.ObjectLock {
		return // testLocked says what a store without locks does
	}
	until := time.Now().UTC().AddDate(3, 0, 0).Truncate(time.Second)
	dir := writePackage(t, smallPackage(8))
	r, err := s.DeliverHeld(t.Context(), "default", "facebook-kommunen", testID, dir, Hold{Until: until, Legal: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Lock == nil || !r.Lock.Until.Equal(until) {
		t.Errorf("receipt's lock: %+v, want until %v", r.Lock, until)
	}
	e := find(t, s)
	held := func(wantUntil time.Time, wantLegal bool) {
		t.Helper()
		lock, legal, err := s.Held(t.Context(), e)
		if err != nil || lock == nil || !lock.Until.Equal(wantUntil) || legal != wantLegal {
			t.Errorf("held %+v, legal %v, %v; want until %v, %v", lock, legal, err, wantUntil, wantLegal)
		}
	}
	held(until, true)
	v, err := s.VerifyWith(t.Context(), e, VerifyOptions{Inventory: listInventory, Locks: true})
	if err != nil || len(v.Found) != 0 || v.Lock == nil || !v.Lock.Until.Equal(until) {
		t.Errorf("verify: %+v, %v", v, err)
	}
	later := until.AddDate(2, 0, 0)
	n, err := s.Extend(t.Context(), e, later)
	if err != nil || n != len(r.Objects) { // the receipt's lock is the longer one already
		t.Errorf("extended %d objects, %v", n, err)
	}
	held(later, true)
	if n, err := s.Extend(t.Context(), e, until); err != nil || n != 0 {
		t.Errorf("a lock was made shorter: %d, %v", n, err)
	}
	var input *InputError
	if _, err := s.Remove(t.Context(), e, true); !errors.As(err, &input) {
		t.Errorf("removed under a legal hold: %v", err)
	}
	if err := s.Release(t.Context(), e); err != nil {
		t.Error(err)
	}
	held(later, false)
	if _, err := s.Remove(t.Context(), e, false); !errors.As(err, &input) {
		t.Errorf("removed under a lock: %v", err)
	}
	if v, err := s.Verify(t.Context(), e, listInventory); err != nil || len(v.Found) != 0 {
		t.Errorf("after the removals that were refused: %+v, %v", v.Found, err)
	}
	if n, err := s.Remove(t.Context(), e, true); err != nil || n != len(r.Objects) {
		t.Errorf("removed %d with the right to: %v", n, err)
	}
	if _, err := s.Find(t.Context(), testID); !isNotFound(err) {
		t.Errorf("still found: %v", err)
	}
	if _, err := s.ReadReceipt(t.Context(), e); err != nil {
		t.Errorf("the receipt went, too: %v", err)
	}
}

// testCopied: everything of one store in another, and what differs there is left alone.
func testCopied(t *testing.T, from, to *Store) {
	deliver(t, from, writePackage(t, packageFiles(9)))
	m, err := from.CopyTo(t.Context(), to)
	if err != nil || m.Objects == 0 || len(m.Differ) != 0 {
		t.Fatalf("%+v, %v", m, err)
	}
	got, want := stored(t, to), stored(t, from)
	if len(got) != len(want) {
		t.Errorf("%d objects of %d", len(got), len(want))
	}
	for k, b := range want {
		if string(got[k]) != string(b) {
			t.Errorf("%s differs", k)
		}
	}
	if v, err := to.Verify(t.Context(), find(t, to), listInventory); err != nil || len(v.Found) != 0 {
		t.Errorf("%+v, %v", v.Found, err)
	}
	if m, err := from.CopyTo(t.Context(), to); err != nil || m.Objects != 0 || m.Already != len(want) {
		t.Errorf("once more: %+v, %v", m, err)
	}
}
