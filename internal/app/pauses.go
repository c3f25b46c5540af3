package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"arsring/internal/archive"
	"arsring/internal/job"
	"arsring/internal/register"
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
	if !p.Until.IsZero() && !p.Until.After(p.At) {
		return &UsageError{"the last day of the pause is over already: name one that is to come, or none"}
	}
	if name, ok := strings.CutPrefix(p.Scope, "platform:"); ok {
		if err := a.checkPlatform(name); err != nil {
			return err
		}
	}
	if err := a.notePause(ctx, kindPause, p, archive.Text{SV: "Pausat: " + p.Scope + ". " + p.Reason, EN: "Paused: " + p.Scope + ". " + p.Reason}); err != nil {
		return err
	}
	return q.Pause(ctx, p)
}

// checkPlatform refuses a platform that neither a platform file nor an account of the register names.
func (a *App) checkPlatform(name string) error {
	set, err := a.Platforms()
	if err != nil {
		return err
	}
	if _, ok := set.Get(name); ok {
		return nil
	}
	if r, err := a.Register(); err == nil && slices.ContainsFunc(r.Accounts, func(acc register.Account) bool { return acc.Platform == name }) {
		return nil
	}
	return &UsageError{fmt.Sprintf("there is no platform %q: it is written as in the register's key platform", name)}
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

// OrderNotes are what a person who orders should know besides: that the capture was ordered already, and that it, or the account's calendar, is paused.
func OrderNotes(ctx context.Context, q *job.Queue, p job.Placed, lang string) ([]string, error) {
	var out []string
	say := func(sv, en string) {
		if lang == "en" {
			sv = en
		}
		out = append(out, sv)
	}
	if !p.New {
		say("redan beställt: jobbet ovan gäller", "ordered already: the job above is the one")
	}
	pauses, err := q.Pauses(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range pauses {
		sv, en := "tills vidare", "until further notice"
		if !one.Until.IsZero() {
			day := one.Until.In(register.Location()).Format("2006-01-02 15:04")
			sv, en = "till "+day, "until "+day
		}
		switch one.Scope {
		case job.ScopeAll:
			say("allt är pausat "+sv+": beställningen väntar", "everything is paused "+en+": the order waits")
		case "account:" + p.Job.Key(), "platform:" + p.Job.Platform:
			say(one.Scope+" är pausat "+sv+": beställningen tas ändå, kalenderns tas inte", one.Scope+" is paused "+en+": the order is taken all the same, the calendar's are not")
		}
	}
	return out, nil
}
