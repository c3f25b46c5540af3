package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/proof"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// sealing are the parts that prove: one key and one stamper, and a log for each tenant.
type sealing struct {
	mu      sync.Mutex
	key     *proof.Key
	stamper *proof.Stamper
	sealers map[string]*proof.Sealer
}

// stamper is the one that asks the configured time stamping authorities.
func (a *App) stamper() (*proof.Stamper, error) {
	var o proof.StampOptions
	for _, t := range a.cfg.Proof.TSA {
		o.Authorities = append(o.Authorities, proof.Authority{URL: t.URL, CAFile: t.CAFile, Username: t.Username, Password: t.Password.Reveal()})
	}
	return proof.NewStamper(o)
}

// sealer gives the parts that seal a tenant's packages. Where the log was begun by another data folder its keys are believed once, and said.
func (a *App) sealer(ctx context.Context, s *archive.Store, tenant string) (*proof.Sealer, error) {
	p := &a.proofs
	p.mu.Lock()
	defer p.mu.Unlock()
	if x := p.sealers[tenant]; x != nil {
		return x, nil
	}
	var err error
	if p.key == nil {
		if p.key, err = proof.OpenKey(a.cfg.Path("keys")); err != nil {
			return nil, err
		}
	}
	if p.stamper == nil {
		if p.stamper, err = a.stamper(); err != nil {
			return nil, err
		}
	}
	log := proof.OpenLog(proof.LogOptions{Store: s, Tenant: tenant, Key: p.key, Memory: a.remembered(tenant), Now: a.now})
	learnt, err := log.TrustFirst(ctx)
	for _, k := range learnt {
		a.log.Warn("the archive's log was begun with another key, which counts from now on; compare it with the one that was written down", "tenant", tenant, "key", k)
	}
	if err != nil {
		return nil, err
	}
	x := &proof.Sealer{Log: log, Stamper: p.stamper, Store: s, Pending: a.cfg.Path("proof", "pending", tenant)}
	if p.sealers == nil {
		p.sealers = map[string]*proof.Sealer{}
	}
	p.sealers[tenant] = x
	return x, nil
}

func (a *App) remembered(tenant string) string { return a.cfg.Path("proof", tenant+".checkpoint") }

// knownTenants are those whose log this installation remembers.
func (a *App) knownTenants() []string {
	names, _ := filepath.Glob(a.cfg.Path("proof", "*.checkpoint"))
	out := make([]string, 0, len(names))
	for _, n := range names {
		out = append(out, strings.TrimSuffix(filepath.Base(n), ".checkpoint"))
	}
	return out
}

// seal stamps a delivered package and enters it into the log. A package is kept whether or not it can be sealed now: what waits is swept later.
func (a *App) seal(ctx context.Context, s *archive.Store, r archive.Receipt) error {
	x, err := a.sealer(ctx, s, r.Tenant)
	if err != nil {
		return err
	}
	w, err := x.Seal(ctx, r.Tenant, r.Account, r.Snapshot, r.METSSHA256)
	a.sayWaiting(w)
	return err
}

func (a *App) sayWaiting(w proof.Sealed) {
	for _, p := range w.Problems {
		a.log.Warn("the package is kept, and its seal waits", "snapshot", w.Snapshot, "error", p)
	}
}

// enter writes objects beside packages into the log. What cannot be entered is named by verify: it is no reason to undo what was kept.
func (a *App) enter(ctx context.Context, s *archive.Store, tenant string, keys ...string) error {
	x, err := a.sealer(ctx, s, tenant)
	if err != nil {
		return err
	}
	return x.Enter(ctx, keys...)
}

// SweepProofs asks again for the time stamps and log entries that wait, in every tenant, and gives what it looked at: Sealed.Done says what is finished.
// It is cheap when nothing waits; a daemon calls it on its tick.
func (a *App) SweepProofs(ctx context.Context) ([]proof.Sealed, error) {
	dirs, err := filepath.Glob(a.cfg.Path("proof", "pending", "*"))
	if err != nil {
		return nil, err
	}
	var out []proof.Sealed
	for _, dir := range dirs {
		if left, _ := filepath.Glob(filepath.Join(dir, "*.json")); len(left) == 0 {
			continue
		}
		s, err := a.Store(ctx)
		if err != nil {
			return out, err
		}
		x, err := a.sealer(ctx, s, filepath.Base(dir))
		if err != nil {
			return out, err
		}
		swept, err := x.Sweep(ctx)
		for _, w := range swept {
			a.sayWaiting(w)
		}
		out = append(out, swept...)
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// PendingProofs lists what waits for a time stamp or for the log, without trying again.
func (a *App) PendingProofs() ([]proof.Sealed, error) {
	dirs, err := filepath.Glob(a.cfg.Path("proof", "pending", "*"))
	var out []proof.Sealed
	for _, dir := range dirs {
		w, werr := (&proof.Sealer{Pending: dir}).Waiting()
		out, err = append(out, w...), errors.Join(err, werr)
	}
	return out, err
}

// Checkpoint is the newest checkpoint of a tenant's log, for mails and digests: whoever keeps one can show later that nothing was taken away. The
// note is empty while nothing was delivered.
func (a *App) Checkpoint(ctx context.Context, tenant string) (proof.Checkpoint, error) {
	s, err := a.Store(ctx)
	if err != nil {
		return proof.Checkpoint{}, err
	}
	x, err := a.sealer(ctx, s, tenant)
	if err != nil {
		return proof.Checkpoint{}, err
	}
	return x.Log.Checkpoint(ctx)
}

// LogKeys are the public keys whose signatures count in the archive's log, this installation's own first. A key that is given counts from now on.
func (a *App) LogKeys(ctx context.Context, trust string) ([]string, error) {
	s, err := a.Store(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := a.sealer(ctx, s, Tenant); err != nil {
		return nil, err
	}
	k := a.proofs.key
	if trust != "" {
		if err := k.Trust(trust); err != nil {
			return nil, &UsageError{err.Error()}
		}
	}
	out := []string{k.Public()}
	for _, p := range k.Trusted() {
		if p != k.Public() {
			out = append(out, p)
		}
	}
	return out, nil
}

// hold is how long an account's package is held: as long as the disposal decision says, else as the configuration does; evidence until a person
// lets go besides.
func hold(acc register.Account, id string) archive.Hold {
	_, taken, trigger, err := sip.ParseID(id)
	h := archive.Hold{Legal: trigger == capture.TriggerEvidence}
	if years, ok := acc.Disposal.Years(); ok && err == nil {
		h.Until = taken.AddDate(years, 0, 0)
	}
	return h
}

// RenewLocks extends the locks of packages that are to be kept for good (bevara, or nothing decided) and end within half of archive.lock.years, and
// gives how many packages it looked at and how many objects it moved. Without a lock mode nothing is done.
func (a *App) RenewLocks(ctx context.Context) (packages, moved int, err error) {
	s, err := a.Store(ctx)
	if err != nil || s.LockMode() == archive.LockNone {
		return 0, 0, err
	}
	now := a.now()
	for e, err := range s.All(ctx, archive.ListFilter{}) {
		if err != nil {
			return packages, moved, err
		}
		d, err := a.decision(ctx, s, e)
		if err != nil {
			return packages, moved, err
		}
		if d.Gallra {
			continue
		}
		packages++
		r, err := s.ReadReceipt(ctx, e)
		if err == nil && r.Lock != nil && e.Stored.Add(time.Duration(s.LockYears())*365*24*time.Hour/2).After(now) {
			continue // its first lock is still long
		}
		lock, _, err := s.Held(ctx, e)
		if err != nil {
			return packages, moved, err
		}
		if lock != nil && lock.Until.After(now.AddDate(0, s.LockYears()*6, 0)) {
			continue
		}
		n, err := s.Extend(ctx, e, now.AddDate(s.LockYears(), 0, 0))
		moved += n
		if err != nil {
			return packages, moved, err
		}
	}
	return packages, moved, nil
}

// proofTemp is the folder for records while they are checked.
func (a *App) proofTemp() (string, error) {
	dir := a.cfg.Path("proof", "tmp")
	return dir, os.MkdirAll(dir, 0o700)
}
