package app

import (
	"context"
	"time"
)

// proofTick is how often a daemon looks whether something waits for its seal or the archive is due to be re-read.
const proofTick = 5 * time.Minute

// KeepProofs runs beside the daemon until ctx ends: it asks again for time stamps and log entries that wait, extends the locks of what is kept for
// good, and re-reads the whole archive every proof.verify_every, keeps the report in the archive's log and tells people of what was found.
func (a *App) KeepProofs(ctx context.Context) error {
	t := time.NewTicker(proofTick)
	defer t.Stop()
	for {
		if err := a.proofRound(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("the archive's proofs could not be kept up; tried again soon", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// proofRound does what is due now.
func (a *App) proofRound(ctx context.Context) error {
	if _, err := a.SweepProofs(ctx); err != nil {
		return err
	}
	every := a.cfg.Proof.VerifyEvery
	if every <= 0 {
		return nil
	}
	last, ok, err := a.LastVerified(ctx)
	if err != nil || ok && a.now().Before(last.Began.Add(every)) {
		return err
	}
	if _, _, err := a.RenewLocks(ctx); err != nil {
		a.log.Warn("locks could not be extended", "error", err)
	}
	r, err := a.VerifySchedule(ctx)
	if err != nil {
		return err
	}
	a.log.Info("the whole archive was re-read", "ok", r.OK, "packages", r.Packages, "altered", r.Altered, "unmet", r.Unmet, "faults", len(r.Findings), "bytes", r.Bytes)
	return nil
}
