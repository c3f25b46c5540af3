package app

import (
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
