package app

import (
	"context"
	"io"
	"iter"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"arsring/internal/archive"
	"arsring/internal/pdfa"
	"arsring/internal/proof"
)

// busyArchive is an archive in which something happens between the reading of its log and the listing of its packages.
type busyArchive struct {
	proof.Archive
	once  sync.Once
	happy func()
}

func (b *busyArchive) ListKeys(ctx context.Context, prefix string) iter.Seq2[archive.ObjectInfo, error] {
	if prefix == "" {
		b.once.Do(b.happy)
	}
	return b.Archive.ListKeys(ctx, prefix)
}

// TestVerifyWhileDelivering: what is delivered and logged while the archive is re-read is no finding; what a stranger puts there in the same
// moment is one.
func TestVerifyWhileDelivering(t *testing.T) {
	t.Parallel()
	w := newArchive(t, nil)
	for i := range 3 {
		w.keep(account(i))
	}
	verify := func(happens func()) (proof.Report, []string) {
		o, err := w.verifyOptions(t.Context(), w.opened())
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		o.Archive = &busyArchive{Archive: o.Archive, happy: happens}
		r, err := proof.Verify(t.Context(), o, nil, func(p Checked) {
			if !p.OK {
				told = append(told, p.ID)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return r, told
	}
	if r, told := verify(func() { w.keep(account(0)); w.keep(account(7)) }); !r.OK || r.Packages != 5 || r.Altered != 0 || r.Unlogged != 0 || len(told) != 0 {
		t.Errorf("a delivery is called an alteration: %d packages, %d altered, %d not logged, told %v, %+v", r.Packages, r.Altered, r.Unlogged, told, r.Findings)
	}
	stranger := Tenant + "/konto-01/konto-01-20261015T080000Z-manual-abcd/METS.xml"
	r, told := verify(func() {
		if _, err := w.opened().Put(t.Context(), stranger, []byte("<mets/>"), archive.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	if r.OK || r.Packages != 6 || r.Altered != 1 || len(told) != 1 || len(r.Bad) != 1 || r.Bad[0].ID != "konto-01-20261015T080000Z-manual-abcd" {
		t.Errorf("a stranger's package: %d packages, %d altered, told %v, %+v", r.Packages, r.Altered, told, r.Bad)
	}
}

// TestRecordBelowItsLevel: a check that has become stricter since a record was delivered says so, and does not call the package altered.
func TestRecordBelowItsLevel(t *testing.T) {
	t.Parallel()
	w := newArchive(t, nil)
	w.keep(account(0))
	id := w.keep(account(1))
	o, err := w.verifyOptions(t.Context(), w.opened())
	if err != nil {
		t.Fatal(err)
	}
	var strict atomic.Int64 // packages are checked side by side
	o.CheckPDF = func(ctx context.Context, in io.ReadSeeker) (pdfa.Report, error) {
		r, err := pdfa.Check(ctx, in)
		r.Failed = append(r.Failed, pdfa.Finding{})
		strict.Add(1)
		return r, err
	}
	r, err := proof.Verify(t.Context(), o, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.OK || r.Altered != 0 || r.Unmet != 2 || strict.Load() < 2 || !strings.Contains(r.SV(), "inga ändringar, men 2 arkivexemplar") {
		t.Errorf("%d altered, %d below their level:\n%s", r.Altered, r.Unmet, r.SV())
	}
	flip(t, w.file(Tenant+"/konto-01/"+id+"/representations/pdfa/data/record.pdf"))
	if r, err = proof.Verify(t.Context(), o, nil, nil); err != nil || r.Altered != 1 || r.Unmet != 1 {
		t.Errorf("%d altered, %d below their level, %v", r.Altered, r.Unmet, err)
	}
}

// flip changes one byte in the middle of a file.
func flip(t *testing.T, name string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(name, data, 0o640); err != nil {
		t.Fatal(err)
	}
}
