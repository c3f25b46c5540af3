package app

import (
	"context"
	"io"
	"os"
	"path/filepath"
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

// Checked is one package as verify found it.
type Checked struct {
	ID       string            `json:"id"`
	Location string            `json:"location"`
	OK       bool              `json:"ok"`
	Objects  int               `json:"objects"`
	Bytes    int64             `json:"bytes"`
	Findings []archive.Finding `json:"findings"`
}

// Verify re-reads the named snapshots, or all when none is named, and tells each as it is done.
func (a *App) Verify(ctx context.Context, ids []string, tell func(Checked)) error {
	s, err := a.Store(ctx)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		return a.verifyAll(ctx, s, tell)
	}
	for _, id := range ids {
		if info, err := os.Stat(id); err == nil && info.IsDir() {
			if err := a.verifyFolder(ctx, id, tell); err != nil {
				return err
			}
			continue
		}
		e, err := s.Find(ctx, id)
		if err != nil {
			return err
		}
		if err := verifyOne(ctx, s, e, tell); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) verifyAll(ctx context.Context, s *archive.Store, tell func(Checked)) error {
	for e, err := range s.All(ctx, archive.ListFilter{}) {
		if err != nil {
			return err
		}
		if err := verifyOne(ctx, s, e, tell); err != nil {
			return err
		}
	}
	return nil
}

func verifyOne(ctx context.Context, s *archive.Store, e archive.Entry, tell func(Checked)) error {
	f, err := s.Verify(ctx, e, inventory)
	if err != nil {
		return err
	}
	tell(Checked{ID: e.ID, Location: s.Location(e), OK: len(f.Found) == 0, Objects: f.Objects, Bytes: f.Bytes, Findings: append([]archive.Finding{}, f.Found...)})
	return nil
}

// VerifyFolder checks a package that lies in a folder, without any store.
func (a *App) verifyFolder(ctx context.Context, dir string, tell func(Checked)) error {
	problems, err := sip.CheckDir(ctx, dir)
	if err != nil {
		return err
	}
	abs, err := filepath.Abs(dir)
	c := Checked{ID: filepath.Base(abs), Location: abs, OK: len(problems) == 0, Findings: []archive.Finding{}}
	for _, p := range problems {
		c.Findings = append(c.Findings, archive.Finding{Code: string(p.Kind), Path: p.Path, Text: archive.Text{SV: p.Text.SV, EN: p.Text.EN}})
	}
	tell(c)
	return err
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
