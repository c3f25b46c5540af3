package app

import (
	"context"
	"io"
	"iter"
	"time"

	"arsring/internal/archive"
	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

const manifestPath = "metadata/descriptive/manifest.json"

// ownPackage is a package of an account with what its ID and its manifest say.
type ownPackage struct {
	entry    archive.Entry
	at       time.Time // from the ID
	trigger  capture.Trigger
	manifest sip.Manifest
}

// packages walks the account's packages that fit, newest first. A manifest is read when its package is asked for; the first error ends the walk.
func (a *App) packages(ctx context.Context, s *archive.Store, acc register.Account, fits func(id string, at time.Time, trigger capture.Trigger) bool) iter.Seq2[ownPackage, error] {
	return func(yield func(ownPackage, error) bool) {
		entries, err := s.List(ctx, archive.ListFilter{Tenant: acc.Tenant, Account: acc.ID})
		if err != nil {
			yield(ownPackage{}, err)
			return
		}
		for _, e := range entries {
			_, at, trigger, err := sip.ParseID(e.ID)
			if err != nil || !fits(e.ID, at, trigger) {
				continue
			}
			m, err := a.manifest(ctx, s, e)
			if !yield(ownPackage{e, at, trigger, m}, err) || err != nil {
				return
			}
		}
	}
}

// ofAccount says whether a trigger's snapshots are of the whole account.
func ofAccount(t capture.Trigger) bool {
	return t != capture.TriggerEvidence && t != capture.TriggerIngest
}

// coverage is the end of the account's unbroken coverage, as the calendar counts it; nil means everything there is. Where the archive cannot be asked
// it is the account's start: too much is better than a gap.
func (a *App) coverage(ctx context.Context, acc register.Account) (*time.Time, error) {
	start, _ := calendar.Period(acc, nil)
	s, err := a.Store(ctx)
	if err != nil {
		return start, err
	}
	var kept []calendar.Kept
	for p, err := range a.packages(ctx, s, acc, func(_ string, _ time.Time, t capture.Trigger) bool { return ofAccount(t) }) {
		if err != nil {
			return start, err
		}
		k := keptOf(p.manifest, p.at)
		kept = append(kept, k)
		if k.Complete && (k.WantedFrom == nil || start != nil && !k.WantedFrom.After(*start)) {
			break // it covers all from the start, whatever was kept before it
		}
	}
	from, _ := calendar.Period(acc, kept)
	return from, nil
}

// askPrevious bounds how long a package waits for the archive's answer about the one before it.
const askPrevious = 20 * time.Second

// previous is the ID of the account's snapshot before this one; empty when there is none, or when the archive cannot be asked now. A
// package that waits for its archive is worth more than one that waits for this answer.
func (p *passage) previous(ctx context.Context) string {
	if p.alone {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, askPrevious)
	defer cancel()
	s, err := p.a.Store(ctx)
	if err == nil {
		var entries []archive.Entry
		entries, err = s.List(ctx, archive.ListFilter{Tenant: p.job.Account.Tenant, Account: p.job.Account.ID})
		for _, e := range entries {
			if _, at, _, bad := sip.ParseID(e.ID); bad == nil && e.ID != p.job.SnapshotID && !at.After(p.job.Created) {
				return e.ID
			}
		}
	}
	if err != nil {
		p.a.log.Info("the archive could not be asked for the snapshot before this one", "snapshot", p.job.SnapshotID, "error", err)
	}
	return ""
}

func (a *App) manifest(ctx context.Context, s *archive.Store, e archive.Entry) (sip.Manifest, error) {
	r, _, err := s.Open(ctx, e, manifestPath)
	if err != nil {
		return sip.Manifest{}, err
	}
	defer r.Close()
	return sip.ReadManifest(r)
}

// List gives what the archive holds, newest first. Where tenants cannot be read it gives the others' beside an *archive.UnreadError.
func (a *App) List(ctx context.Context) ([]archive.Entry, error) {
	s, err := a.Store(ctx)
	if err != nil {
		return nil, err
	}
	return s.ListReadable(ctx, archive.ListFilter{})
}

// Export writes one snapshot's package to dir/<id>.
func (a *App) Export(ctx context.Context, id, dir string) (string, error) {
	s, err := a.Store(ctx)
	if err != nil {
		return "", err
	}
	e, err := s.Find(ctx, id)
	if err != nil {
		return "", err
	}
	if err := mkdirNamed(dir); err != nil {
		return "", err
	}
	return s.Export(ctx, e, dir)
}

// inventory hands the archive what the package's own METS files name.
func inventory(open func(path string) (io.ReadCloser, error)) ([]archive.Want, error) {
	entries, err := sip.Inventory(open)
	if err != nil {
		return nil, err
	}
	out := make([]archive.Want, len(entries))
	for i, e := range entries {
		out[i] = archive.Want{Path: e.Path, Size: e.Size, SHA256: e.SHA256}
	}
	return out, nil
}
