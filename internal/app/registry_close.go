package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/register"
)

// CloseRequest asks for the next step of an account's closure: to announce it, or to end the account once its closure snapshot is safe.
type CloseRequest struct {
	Account         string // id, or tenant/id
	Remove          string // day on which the page goes away, YYYY-MM-DD: announces the closure
	Notice          string // day on which the public was told; empty: today
	Until           string // day on which the account ended; empty: the announced day of removal
	By, Reason      string
	WithoutSnapshot string // why the account ends without a complete closure snapshot in the archive; empty: it does not
	DryRun          bool
	Tell            func(Progress)
}

// Closure is how far an account's closure has come.
type Closure struct {
	Account  string           `json:"account"`
	Tenant   string           `json:"tenant"`
	Step     string           `json:"step"` // "announced", "ended", "refused"
	Notice   *register.Notice `json:"notice"`
	Days     int              `json:"days"` // between notice and removal
	Snapshot *string          `json:"snapshot"`
	Outcome  *capture.Outcome `json:"outcome"`
	Verified bool             `json:"verified"` // the snapshot was read back and compared
	Until    *string          `json:"until"`
	Warnings []capture.Text   `json:"warnings"`
	Text     capture.Text     `json:"text"`
	Taken    *Result          `json:"-"` // the closure snapshot that was taken now
	Exit     int              `json:"-"`
}

func (c *Closure) warn(sv, en string) {
	c.Warnings = append(c.Warnings, capture.Text{SV: sv, EN: en})
}

// refuse says why the account does not end yet.
func (c *Closure) refuse(exit int, sv, en string) {
	c.Step, c.Exit, c.Text = "refused", exit, capture.Text{SV: "Kontot avslutas inte än: " + sv, EN: "The account is not closed yet: " + en}
}

// CloseAccount takes the next step. With Remove it announces the closure in the register. Else it sees to it that a complete closure snapshot, taken after the
// announcement, is in the archive - one is taken now where none is - reads it back, compares it, and only then ends the account.
func (a *App) CloseAccount(ctx context.Context, r CloseRequest) (Closure, error) {
	acc, err := a.Account(r.Account)
	if err != nil {
		return Closure{}, err
	}
	change, err := a.change(RegisterChange{By: r.By})
	if err != nil {
		return Closure{}, err
	}
	c := Closure{Account: acc.ID, Tenant: acc.Tenant, Notice: acc.Notice, Warnings: []capture.Text{}}
	today := a.now().In(register.Location()).Format(time.DateOnly)
	if acc.Until != "" && acc.Until <= today {
		return c, &UsageError{fmt.Sprintf("account %s ended on %s already", acc.ID, acc.Until)}
	}
	if r.Remove != "" {
		change.Reason = r.Reason
		if err := a.announce(ctx, &c, acc, r, change, today); err != nil || r.WithoutSnapshot == "" {
			return c, err
		}
		acc.Notice = c.Notice
	}
	if acc.Notice == nil {
		return c, &UsageError{fmt.Sprintf("the closure of %s has not been announced: say with --remove YYYY-MM-DD when the page goes away, and why with --reason", acc.ID)}
	}
	return c, a.end(ctx, &c, acc, r, change, today)
}

// announce writes the notice.
func (a *App) announce(ctx context.Context, c *Closure, acc register.Account, r CloseRequest, change register.Change, today string) error {
	if r.Reason == "" {
		return &UsageError{"say with --reason why the account is closed"}
	}
	n := register.Notice{Date: cmp.Or(r.Notice, today), Remove: r.Remove, Reason: r.Reason}
	told, err := Day(n.Date)
	if err != nil {
		return &UsageError{"--notice " + err.Error()}
	}
	remove, err := Day(n.Remove)
	if err != nil {
		return &UsageError{"--remove " + err.Error()}
	}
	c.Notice, c.Days, c.Step = &n, int(remove.Sub(told).Hours()+12)/24, "announced"
	if c.Days < 0 {
		return &UsageError{fmt.Sprintf("--remove %s lies before the notice of %s", n.Remove, n.Date)}
	}
	if c.Days < register.NoticeDays {
		c.warn(fmt.Sprintf("Allmänheten får %d dagar på sig: minst %d är god sed.", c.Days, register.NoticeDays), fmt.Sprintf("The public is given %d days: at least %d are good practice.", c.Days, register.NoticeDays))
	}
	if n.Remove < today {
		c.warn("Dagen för borttagning har redan varit: ta avslutsbilden nu.", "The day of removal has passed: take the closure snapshot now.")
	}
	c.Text = capture.Text{SV: fmt.Sprintf("Avslutet är meddelat: sidan tas bort %s. Avslutsbilden tas före det; ta inte bort sidan innan arsring register close %s säger att den är lagrad och kontrolläst.", n.Remove, acc.ID),
		EN: fmt.Sprintf("The closure is announced: the page goes away on %s. The closure snapshot is taken before that; do not remove the page until arsring register close %s says that it is stored and was read back.", n.Remove, acc.ID)}
	if r.DryRun {
		return nil
	}
	_, err = a.changeRegister(ctx, change, func(change register.Change) (*register.Register, error) {
		return register.Close(a.cfg.Register.Path, acc.Tenant, acc.ID, n, change, a.registerOptions())
	})
	return err
}

// end ends the account when its snapshot is safe, or when a person says why it may end without.
func (a *App) end(ctx context.Context, c *Closure, acc register.Account, r CloseRequest, change register.Change, today string) error {
	until := cmp.Or(r.Until, acc.Notice.Remove)
	if _, err := Day(until); err != nil {
		return &UsageError{"--until " + err.Error()}
	}
	switch {
	case until < acc.Notice.Date:
		return &UsageError{fmt.Sprintf("--until %s lies before the notice of %s", until, acc.Notice.Date)}
	case r.WithoutSnapshot != "":
		change.Reason = "without a complete closure snapshot: " + r.WithoutSnapshot
		c.warn("Kontot avslutas utan fullständig avslutsbild: "+r.WithoutSnapshot, "The account ends without a complete closure snapshot: "+r.WithoutSnapshot)
	case acc.Notice.Date > today:
		c.refuse(1, "avslutet meddelas först "+acc.Notice.Date+", och avslutsbilden tas efter det.", "the closure is announced on "+acc.Notice.Date+" only, and its snapshot is taken after that.")
		return nil
	default:
		change.Reason = cmp.Or(r.Reason, acc.Notice.Reason)
		if safe, err := a.safe(ctx, c, acc, r); err != nil || !safe {
			return err
		}
	}
	c.Until = &until
	if r.DryRun {
		c.Text = capture.Text{SV: "Kontot skulle avslutas " + until + ".", EN: "The account would end on " + until + "."}
		return nil
	}
	_, err := a.changeRegister(ctx, change, func(change register.Change) (*register.Register, error) {
		return register.End(a.cfg.Register.Path, acc.Tenant, acc.ID, until, change, a.registerOptions())
	})
	if err != nil {
		return err
	}
	c.Step = "ended"
	c.Text = capture.Text{SV: fmt.Sprintf("Kontot %s är avslutat i registret (till och med %s).", acc.ID, until), EN: fmt.Sprintf("The account %s has ended in the register (until %s).", acc.ID, until)}
	if c.Verified {
		c.Text.SV = "Kopian är lagrad och kontrolläst. " + c.Text.SV
		c.Text.EN = "The copy is stored and was read back. " + c.Text.EN
	}
	return a.logClosure(ctx, c, change)
}

// safe finds the closure snapshot, takes it where there is none, and reads it back.
func (a *App) safe(ctx context.Context, c *Closure, acc register.Account, r CloseRequest) (bool, error) {
	s, err := a.Store(ctx)
	if err != nil {
		return false, err
	}
	e, err := a.closureKept(ctx, s, acc, c)
	if err != nil {
		return false, err
	}
	if e == nil && r.DryRun {
		c.refuse(1, "ingen fullständig avslutsbild finns; den skulle tas nu.", "there is no complete closure snapshot; it would be taken now.")
		return false, nil
	}
	if e == nil {
		res := a.Snapshot(ctx, Request{Account: acc, Trigger: capture.TriggerClosure, Reason: cmp.Or(r.Reason, acc.Notice.Reason), By: r.By, Tell: r.Tell})
		c.Taken = &res
		if res.ID != "" {
			c.Snapshot, c.Outcome = &res.ID, res.Outcome
		}
		if res.Exit() != 0 {
			c.refuse(res.Exit(), res.Sentence+" Försök igen, eller säg varför det får ske ändå med --without-snapshot.", res.Sentence+" Try again, or say with --without-snapshot why it may end all the same.")
			return false, res.Err
		}
		if e, err = a.closureKept(ctx, s, acc, c); err != nil {
			return false, err
		}
	}
	if e == nil {
		c.refuse(1, "avslutsbilden finns inte i arkivet.", "the closure snapshot is not in the archive.")
		return false, nil
	}
	f, err := s.Verify(ctx, *e, inventory)
	if err != nil {
		return false, err
	}
	if c.Verified = len(f.Found) == 0 && e.Receipt; !c.Verified {
		c.refuse(1, fmt.Sprintf("avslutsbilden %s i arkivet har %d avvikelser. Ta inte bort sidan; kör arsring verify %s.", e.ID, len(f.Found), e.ID),
			fmt.Sprintf("the closure snapshot %s in the archive has %d findings. Do not remove the page; run arsring verify %s.", e.ID, len(f.Found), e.ID))
	}
	return c.Verified, nil
}

// closureKept is the newest complete closure snapshot since the announcement; nil when there is none.
func (a *App) closureKept(ctx context.Context, s *archive.Store, acc register.Account, c *Closure) (*archive.Entry, error) {
	told, err := Day(acc.Notice.Date)
	if err != nil {
		return nil, err
	}
	since := func(_ string, at time.Time, t capture.Trigger) bool {
		return t == capture.TriggerClosure && !at.Before(told)
	}
	for p, err := range a.packages(ctx, s, acc, since) {
		if err != nil {
			return nil, err
		}
		if p.manifest.Outcome == capture.Complete {
			c.Snapshot, c.Outcome = &p.entry.ID, &p.manifest.Outcome
			return &p.entry, nil
		}
	}
	return nil, nil
}

// logClosure writes the closure into the archive's own log, which outlives the register. Without a snapshot the archive may be out of reach, and that must
// not undo what was decided.
func (a *App) logClosure(ctx context.Context, c *Closure, change register.Change) error {
	data, err := json.Marshal(map[string]any{"notice": c.Notice, "until": c.Until, "snapshot": c.Snapshot, "verified": c.Verified, "reason": change.Reason})
	if err != nil {
		return err
	}
	e := archive.LogEntry{At: change.At, Kind: "closure", Account: c.Account, By: change.By, Text: archive.Text{SV: c.Text.SV, EN: c.Text.EN}, Data: data}
	if c.Snapshot != nil {
		e.Snapshot = *c.Snapshot
	}
	s, err := a.Store(ctx)
	if err == nil {
		err = s.Log(ctx, c.Tenant, e)
	}
	if err != nil && ctx.Err() == nil {
		a.log.Warn("the closure stands in the register, but not in the archive's log", "account", c.Account, "error", err)
		c.warn("Avslutet står i registret, men kunde inte antecknas i arkivets logg.", "The closure stands in the register, but could not be noted in the archive's log.")
		return nil
	}
	return errors.Join(err, ctx.Err())
}
