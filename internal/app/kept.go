package app

import (
	"context"
	"io"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

const manifestPath = "metadata/descriptive/manifest.json"

// coverage is the end of the account's unbroken coverage: when its last complete account-wide snapshot was taken, else the account's start,
// else nil, which means everything there is. Evidence and ingest never advance it.
func (a *App) coverage(ctx context.Context, acc register.Account) (*time.Time, error) {
	start := localDate(acc.Since)
	s, err := a.Store(ctx)
	if err != nil {
		return start, err
	}
	entries, err := s.List(ctx, archive.ListFilter{Tenant: acc.Tenant, Account: acc.ID})
	if err != nil {
		return start, err
	}
	for _, e := range entries {
		_, at, trigger, err := sip.ParseID(e.ID)
		if err != nil || trigger == capture.TriggerEvidence || trigger == capture.TriggerIngest {
			continue
		}
		m, err := a.manifest(ctx, s, e)
		if err != nil {
			return start, err
		}
		if m.Outcome == capture.Complete {
			return &at, nil
		}
	}
	return start, nil
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

// localDate reads a register date as the beginning of that day in Europe/Stockholm; nil when it is empty.
func localDate(s string) *time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, register.Location())
	if err != nil {
		return nil
	}
	return &t
}

// List gives what the archive holds, newest first.
func (a *App) List(ctx context.Context) ([]archive.Entry, error) {
	s, err := a.Store(ctx)
	if err != nil {
		return nil, err
	}
	return s.List(ctx, archive.ListFilter{})
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
	if err := mkdir(dir); err != nil {
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
