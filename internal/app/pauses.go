package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"arsring/internal/archive"
	"arsring/internal/job"
)

// The kinds of the notes in the archive's log that say who paused what, and who ended it. The queue's database holds the pauses that the jobs are
// held by; a database that was lost gets them back from these notes.
const (
	kindPause  = "pause"
	kindResume = "resume"
)

// Hold pauses something, and notes it in the archive's log first: a pause that a lost database forgot would be a capture that nobody wanted.
func (a *App) Hold(ctx context.Context, q *job.Queue, p job.Pause) error {
	if err := job.CheckScope(p.Scope); err != nil {
		return &UsageError{err.Error()}
	}
	p.At = a.now()
	if err := a.notePause(ctx, kindPause, p, archive.Text{SV: "Pausat: " + p.Scope + ". " + p.Reason, EN: "Paused: " + p.Scope + ". " + p.Reason}); err != nil {
		return err
	}
	return q.Pause(ctx, p)
}

// Release ends a pause. It reports whether there was one.
func (a *App) Release(ctx context.Context, q *job.Queue, scope, by string) (bool, error) {
	pauses, err := q.Pauses(ctx)
	if err != nil {
		return false, err
	}
	for _, p := range pauses {
		if p.Scope != scope {
			continue
		}
		err := a.notePause(ctx, kindResume, job.Pause{Scope: scope, By: by, At: a.now()}, archive.Text{SV: "Återupptaget: " + scope, EN: "Resumed: " + scope})
		if err != nil {
			return true, err
		}
	}
	return q.Resume(ctx, scope)
}

func (a *App) notePause(ctx context.Context, kind string, p job.Pause, text archive.Text) error {
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	s, err := a.Store(ctx)
	if err == nil {
		e := archive.LogEntry{At: p.At, Kind: kind, By: p.By, Text: text, Data: data}
		tenant := a.home()
		if name, ok := strings.CutPrefix(p.Scope, "account:"); ok {
			tenant, e.Account, _ = strings.Cut(name, "/")
		}
		err = s.Log(ctx, tenant, e)
	}
	if err != nil {
		return fmt.Errorf("nothing is changed, because it cannot be noted in the archive's log: %w", err)
	}
	return nil
}

// home is the tenant in whose log stands what concerns no one tenant: the municipality's own where the register has it, else the first.
func (a *App) home() string {
	r, err := a.Register()
	if err != nil {
		return Tenant
	}
	tenants := tenantsOf(r.Accounts)
	for _, t := range tenants {
		if t == Tenant {
			return t
		}
	}
	return tenants[0] // a register has at least one account
}

// restorePauses gives the queue the pauses that hold by the archive's log and that its database does not know.
func (a *App) restorePauses(ctx context.Context, q *job.Queue, tenants []string) error {
	s, err := a.Store(ctx)
	if err != nil {
		return err
	}
	type note struct {
		at   time.Time
		held bool
		job.Pause
	}
	last := map[string]note{} // by scope
	for _, tenant := range tenants {
		for o, err := range s.ListKeys(ctx, tenant+"/_log/") {
			if err != nil {
				return err
			}
			kind, ok := pauseKind(o.Key)
			if !ok {
				continue
			}
			data, _, err := s.Get(ctx, o.Key)
			if err != nil {
				return err
			}
			var e archive.LogEntry
			var p job.Pause
			if json.Unmarshal(data, &e) != nil || json.Unmarshal(e.Data, &p) != nil || e.At.Before(last[p.Scope].at) {
				continue // somebody else's file, or something older
			}
			last[p.Scope] = note{e.At, kind == kindPause, p}
		}
	}
	known, err := q.Pauses(ctx)
	if err != nil {
		return err
	}
	for _, p := range known {
		delete(last, p.Scope)
	}
	var errs []error
	for _, p := range last {
		if !p.held || !p.Until.IsZero() && !a.now().Before(p.Until) {
			continue
		}
		a.log.Info("a pause is taken from the archive's log, because the job database does not know it", "scope", p.Scope, "by", p.By, "reason", p.Reason)
		errs = append(errs, q.Pause(ctx, p.Pause))
	}
	return errors.Join(errs...)
}

func pauseKind(key string) (string, bool) {
	for _, k := range []string{kindPause, kindResume} {
		if strings.Contains(key, "Z-"+k+"-") {
			return k, true
		}
	}
	return "", false
}
