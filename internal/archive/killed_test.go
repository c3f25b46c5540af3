package archive

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"
)

// TestStoreKilled kills the embedded store again and again while packages are delivered to it.
func TestStoreKilled(t *testing.T) {
	t.Parallel()
	e := startEmbedded(t, t.TempDir())
	o := e.Options()
	files := packageFiles(12)
	dir := writePackage(t, files)
	stop, stopped := make(chan struct{}), make(chan struct{})
	kills, killed := 0, 0
	go func() {
		defer close(stopped)
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				// Each store once, some time after it answered: a killer faster than the start would never let it live.
				if pid := e.PID(); kills < rounds(6, 300) && pid != killed && syscall.Kill(pid, syscall.SIGKILL) == nil {
					kills, killed = kills+1, pid
				}
			}
		}
	}()
	for i := range rounds(6, 100) {
		o.Prefix = fmt.Sprintf("k%d", i)
		r, s := deliverThroughKills(t, o, dir)
		checkAfterKills(t, s, files, r)
		if t.Failed() {
			break
		}
	}
	close(stop)
	<-stopped
	t.Logf("%d kills", kills)
	if kills == 0 {
		t.Error("the store was never killed")
	}
}

// deliverThroughKills tries as a job would: again after each failure.
func deliverThroughKills(t *testing.T, o Options, dir string) (Receipt, *Store) {
	t.Helper()
	var err error
	for range 20 {
		var s *Store
		if s, err = Open(t.Context(), o); err == nil {
			t.Cleanup(s.Close)
			var r Receipt
			if r, err = s.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil); err == nil {
				return r, s
			}
		}
		var u *UnreachableError
		if !errors.As(err, &u) {
			break
		}
	}
	t.Fatal(err)
	return Receipt{}, nil
}

// checkAfterKills reads with patience: the store may die under the check as well.
func checkAfterKills(t *testing.T, s *Store, files map[string][]byte, r Receipt) {
	t.Helper()
	var err error
	for range 20 {
		var e Entry
		var v Findings
		if e, err = s.Find(t.Context(), testID); err == nil {
			if v, err = s.Verify(t.Context(), e, listInventory); err == nil {
				if len(v.Found) != 0 || v.Objects != len(files) || len(r.Objects) != len(files) {
					t.Errorf("after kills: %+v", v)
				}
				return
			}
		}
		var u *UnreachableError
		if !errors.As(err, &u) {
			break
		}
	}
	t.Error(err)
}
