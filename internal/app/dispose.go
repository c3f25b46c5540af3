package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/proof"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// Decision is what was decided on one package, from its manifest and from the register as it is now; the more careful of the two holds.
type Decision struct {
	Snapshot string            `json:"snapshot"`
	Account  string            `json:"account"`
	Tenant   string            `json:"tenant"`
	Taken    time.Time         `json:"taken"`
	Gallra   bool              `json:"gallra"`
	From     *time.Time        `json:"from"` // the day from which it may go; null: never by this decision
	Decision string            `json:"decision"`
	Plan     string            `json:"plan"`
	Lock     *archive.LockInfo `json:"lock"`
	Legal    bool              `json:"legal_hold"`
	Allowed  bool              `json:"allowed"` // now
	Why      archive.Text      `json:"why"`     // why not, or what allows it
	Bytes    int64             `json:"bytes"`
	entry    archive.Entry
}

// decision reads what was decided on a package, without its locks.
func (a *App) decision(ctx context.Context, s *archive.Store, e archive.Entry) (Decision, error) {
	d := Decision{Snapshot: e.ID, Account: e.Account, Tenant: e.Tenant, Taken: e.Taken, Bytes: e.Bytes, entry: e}
	m, err := a.manifest(ctx, s, e)
	if err != nil {
		return d, fmt.Errorf("the manifest of %s cannot be read, so nothing is known of its disposal: %w", e.ID, err)
	}
	then := packaged(m.Disposal)
	years, ok := then.Years()
	d.Decision, d.Plan = then.Decision, then.Plan
	if reg, rerr := a.Register(); rerr == nil {
		if acc, ferr := reg.Find(e.Tenant + "/" + e.Account); ferr == nil && acc.Disposal.Action != "" {
			now, gallra := acc.Disposal.Years()
			if !gallra || !ok || now >= years { // bevara wins; else the longer time
				years, ok = now, gallra && ok
				d.Decision, d.Plan = acc.Disposal.Decision, acc.Disposal.Plan
			}
		}
	}
	if d.Gallra = ok; ok {
		from := e.Taken.AddDate(years, 0, 0)
		d.From = &from
	}
	return d, nil
}

func packaged(d *sip.Disposal) register.Disposal {
	if d == nil {
		return register.Disposal{}
	}
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	return register.Disposal{Action: d.Action, After: text(d.After), Decision: text(d.Decision), Plan: text(d.Plan)}
}

// judge says whether a package may go now.
func (a *App) judge(ctx context.Context, s *archive.Store, d *Decision) error {
	var err error
	if s.LockMode() != archive.LockNone {
		if d.Lock, d.Legal, err = s.Held(ctx, d.entry); err != nil {
			return err
		}
	}
	day := func(t time.Time) string { return t.In(register.Location()).Format(time.DateOnly) }
	now := a.now()
	_, _, trigger, _ := sip.ParseID(d.Snapshot)
	switch {
	case !d.Gallra:
		d.Why = archive.Text{SV: "Ska bevaras, eller inget gallringsbeslut finns.", EN: "To be kept, or no disposal is decided."}
	case d.From.After(now):
		d.Why = archive.Text{SV: fmt.Sprintf("Får gallras först %s enligt %s.", day(*d.From), d.Decision), EN: fmt.Sprintf("May go from %s on by %s.", day(*d.From), d.Decision)}
	case d.Legal:
		d.Why = archive.Text{SV: "Spärrad (legal hold): häv spärren med arsring dispose --release.", EN: "Under a legal hold: release it with arsring dispose --release."}
	case d.Lock != nil && d.Lock.Until.After(now):
		d.Why = archive.Text{SV: fmt.Sprintf("Låst i lagret till %s.", day(d.Lock.Until)), EN: fmt.Sprintf("Locked in the store until %s.", day(d.Lock.Until))}
	default:
		d.Allowed = true
		d.Why = archive.Text{SV: fmt.Sprintf("Får gallras sedan %s enligt %s.", day(*d.From), d.Decision), EN: fmt.Sprintf("May go since %s by %s.", day(*d.From), d.Decision)}
		if trigger == capture.TriggerEvidence {
			d.Why.SV += " Dokumenterat inlägg: kontrollera att ärendet är avslutat."
			d.Why.EN += " A documented post: make sure that the case is closed."
		}
	}
	return nil
}

// Disposals lists the packages that a decision lets go, soonest first, with those it lets go now marked; all lists the others, too. Where tenants
// cannot be read it gives the others' beside an *archive.UnreadError.
func (a *App) Disposals(ctx context.Context, all bool) ([]Decision, error) {
	s, err := a.Store(ctx)
	if err != nil {
		return nil, err
	}
	entries, unread := s.ListReadable(ctx, archive.ListFilter{})
	if entries == nil && unread != nil {
		return nil, unread
	}
	var out []Decision
	for i := len(entries) - 1; i >= 0; i-- {
		d, err := a.decision(ctx, s, entries[i])
		if err != nil {
			return out, err
		}
		if !d.Gallra && !all {
			continue
		}
		if err := a.judge(ctx, s, &d); err != nil {
			return out, err
		}
		out = append(out, d)
	}
	return out, unread
}

// DisposalRecord is what stays of a package that was removed by a decision.
type DisposalRecord struct {
	Decision Decision                `json:"decision"`
	METS     string                  `json:"mets_sha256"`
	Objects  []archive.ReceiptObject `json:"objects"`
	Reason   string                  `json:"reason,omitempty"`
}

// Disposed is a package that was removed.
type Disposed struct {
	Snapshot string `json:"snapshot"`
	Record   string `json:"record"` // key of the record in the archive
	Objects  int    `json:"objects"`
}

// Dispose removes one package that a decision lets go now. First the record of it is written and entered into the archive's log, then the objects
// go; a removal that was cut off is finished by calling it again. What no decision allows is a *UsageError.
func (a *App) Dispose(ctx context.Context, id, by string) (Disposed, error) {
	if strings.TrimSpace(by) == "" {
		return Disposed{}, &UsageError{"say who disposes of it: --by NAME"}
	}
	s, err := a.Store(ctx)
	if err != nil {
		return Disposed{}, err
	}
	e, err := s.Find(ctx, id)
	if err != nil {
		return Disposed{}, err
	}
	key, err := a.disposalRecord(ctx, s, e, by)
	if err != nil {
		return Disposed{}, err
	}
	n, err := s.Remove(ctx, e, false)
	if err != nil {
		return Disposed{}, err
	}
	a.afterDelivery(ctx, e.Tenant, id)
	return Disposed{Snapshot: id, Record: key, Objects: n}, nil
}

// disposalRecord writes the record, unless an earlier call did, and enters it into the log.
func (a *App) disposalRecord(ctx context.Context, s *archive.Store, e archive.Entry, by string) (string, error) {
	if key, err := findDisposal(ctx, s, e); err != nil || key != "" {
		if err == nil {
			err = a.enter(ctx, s, e.Tenant, key)
		}
		return key, err
	}
	d, err := a.decision(ctx, s, e)
	if err != nil {
		return "", err
	}
	if err := a.judge(ctx, s, &d); err != nil {
		return "", err
	}
	if !d.Allowed {
		return "", &UsageError{fmt.Sprintf("%s may not be removed: %s", e.ID, d.Why.EN)}
	}
	r, err := s.ReadReceipt(ctx, e)
	if err != nil {
		return "", fmt.Errorf("without its receipt nobody can say what is removed: %w", err)
	}
	data, err := json.Marshal(DisposalRecord{Decision: d, METS: r.METSSHA256, Objects: r.Objects})
	if err != nil {
		return "", err
	}
	text := archive.Text{SV: fmt.Sprintf("%s gallrades enligt %s.", e.ID, d.Decision), EN: fmt.Sprintf("%s was disposed of by %s.", e.ID, d.Decision)}
	entry := archive.LogEntry{ID: disposalID(e.ID), At: a.now(), Kind: proof.KindDisposal, Account: e.Account, Snapshot: e.ID, By: by, Text: text, Data: data}
	if err := s.Log(ctx, e.Tenant, entry); err != nil {
		return "", err
	}
	key := archive.LogKey(e.Tenant, entry)
	return key, a.enter(ctx, s, e.Tenant, key)
}

// disposalID is the note's ID: the end of the snapshot's, which tells it from others of the same second.
func disposalID(id string) string { return id[max(0, len(id)-4):] }

// findDisposal gives the key of a record that an earlier, interrupted disposal has written.
func findDisposal(ctx context.Context, s *archive.Store, e archive.Entry) (string, error) {
	for n, err := range s.ReadLog(ctx, e.Tenant, e.Taken) {
		var input *archive.InputError
		if errors.As(err, &input) {
			continue
		}
		if err != nil {
			return "", err
		}
		if n.Kind == proof.KindDisposal && n.Snapshot == e.ID {
			return archive.LogKey(e.Tenant, n), nil
		}
	}
	return "", nil
}

// ReleaseHold ends the legal hold on a package, and notes who did it and why.
func (a *App) ReleaseHold(ctx context.Context, id, by, reason string) error {
	if strings.TrimSpace(by) == "" || strings.TrimSpace(reason) == "" {
		return &UsageError{"say who releases the hold and why: --by NAME --reason T"}
	}
	s, err := a.Store(ctx)
	if err != nil {
		return err
	}
	e, err := s.Find(ctx, id)
	if err != nil {
		return err
	}
	_, legal, err := s.Held(ctx, e)
	if err != nil {
		return err
	}
	if !legal {
		return &UsageError{fmt.Sprintf("%s is under no legal hold: there is nothing to release", id)}
	}
	// The note comes first: a release that was cut off is finished by calling it again, and none goes without a note.
	err = s.Log(ctx, e.Tenant, archive.LogEntry{Kind: "hold-released", At: a.now(), Account: e.Account, Snapshot: id, By: by,
		Text: archive.Text{SV: fmt.Sprintf("Spärren på %s hävdes: %s", id, reason), EN: fmt.Sprintf("The hold on %s was released: %s", id, reason)}})
	if err != nil {
		return err
	}
	return s.Release(ctx, e)
}
