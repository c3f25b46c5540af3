package app

import (
	"os"
	"testing"

	"arsring/internal/proof"
	"arsring/internal/validators"
)

// TestDeliveriesAreSealed: every delivery gets its token and its entry, or waits for them and says so.
func TestDeliveriesAreSealed(t *testing.T) {
	t.Parallel()
	tsa := validators.StartAuthority(t)
	w := newArchive(t, stampedBy(tsa))
	one := w.keep(account(1))
	tsa.Down.Store(true)
	two := w.keep(account(1))
	waiting, err := w.PendingProofs()
	if err != nil || len(waiting) != 1 || waiting[0].Snapshot != two || waiting[0].Time() != proof.TimePending {
		t.Fatalf("waiting: %+v, %v", waiting, err)
	}
	times := map[string]string{}
	r, err := w.Verify(t.Context(), VerifyRequest{Tell: func(c Checked) { times[c.ID] = c.Time }})
	if err != nil || !r.OK || r.Packages != 2 || r.Stamped != 1 || r.Pending != 1 || times[one] != proof.TimeStamped || times[two] != proof.TimePending {
		t.Errorf("%s, %v, %v", r.SV(), times, err)
	}
	tsa.Down.Store(false)
	if swept, err := w.SweepProofs(t.Context()); err != nil || len(swept) != 1 || !swept[0].Done() {
		t.Errorf("swept: %+v, %v", swept, err)
	}
	r, err = w.VerifySchedule(t.Context())
	if err != nil || !r.OK || r.Stamped != 2 || r.Entries != 3 || len(r.Checkpoints) != 1 {
		t.Errorf("%s, %v", r.SV(), err)
	}
	if kept, ok, err := w.LastVerified(t.Context()); err != nil || !ok || kept.Packages != 2 || !kept.OK {
		t.Errorf("kept report: %+v, %v, %v", kept, ok, err)
	}
	if got := w.findings(); len(got) != 0 {
		t.Errorf("the kept report is found: %v", got)
	}
	if c, err := w.Checkpoint(t.Context(), Tenant); err != nil || c.Size != 3 || c.Note == "" {
		t.Errorf("checkpoint %+v, %v", c, err)
	}
}

// TestTenants: each tenant has a log of its own, and all are verified in one run.
func TestTenants(t *testing.T) {
	t.Parallel()
	w := newArchive(t, nil)
	var last string
	for _, tenant := range []string{"andra", Tenant, "tredje"} {
		for n := range 3 {
			acc := account(n)
			acc.Tenant = tenant
			last = w.keep(acc)
		}
	}
	r, err := w.Verify(t.Context(), VerifyRequest{})
	if err != nil || !r.OK || r.Packages != 9 || r.Entries != 9 || len(r.Checkpoints) != 3 {
		t.Errorf("%s, %v", r.SV(), err)
	}
	gone := "tredje/konto-02/" + last + "/METS.xml"
	if err := os.Remove(w.file(gone)); err != nil {
		t.Fatal(err)
	}
	if got := w.findings(); len(got) != 1 || got[0] != "missing "+gone {
		t.Errorf("found: %v", got)
	}
}
