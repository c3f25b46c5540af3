package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"arsring/internal/archive"
	"arsring/internal/pdfa"
	"arsring/internal/proof"
	"arsring/internal/sip"
)

// Checked is one package as verify found it.
type Checked = proof.Package

// VerifyRequest says what is verified.
type VerifyRequest struct {
	IDs        []string      // snapshots or folders; none: the whole archive
	Tell       func(Checked) // nil: nobody listens
	Checkpoint string        // file with a checkpoint that was kept elsewhere; empty: only the remembered one counts
	Keep       bool          // write the report into the archive's log
}

// Verify re-reads the named snapshots, or the whole archive when none is named: bytes, METS against objects, the record's PDF/A, time stamps, log and
// locks. The error is for an archive that cannot be read; what is wrong is in the report.
func (a *App) Verify(ctx context.Context, r VerifyRequest) (proof.Report, error) {
	folders, ids, err := apartFolders(r.IDs)
	if err != nil {
		return proof.Report{}, err
	}
	if r.Tell == nil {
		r.Tell = func(Checked) {}
	}
	report := proof.Report{Schema: proof.ReportSchema, OK: true, Began: a.now().UTC(), Bad: []Checked{}, Findings: []archive.Finding{}, Checkpoints: []proof.Checkpoint{}}
	if len(ids) > 0 || len(folders) == 0 {
		if report, err = a.verifyStore(ctx, ids, r); err != nil {
			return report, err
		}
	}
	for _, dir := range folders {
		c, err := a.verifyFolder(ctx, dir)
		if err != nil {
			return report, err
		}
		report.Packages, report.Folders, report.Objects, report.Bytes = report.Packages+1, report.Folders+1, report.Objects+c.Objects, report.Bytes+c.Bytes
		if !c.OK {
			report.OK, report.Altered, report.Bad = false, report.Altered+1, append(report.Bad, c)
		}
		r.Tell(c)
	}
	report.Ended = a.now().UTC()
	return report, nil
}

func (a *App) verifyStore(ctx context.Context, ids []string, r VerifyRequest) (proof.Report, error) {
	whole, err := a.Store(ctx)
	if err != nil {
		return proof.Report{}, err
	}
	s, unread, err := whole.Readable(ctx)
	if err != nil {
		return proof.Report{}, err
	}
	only, err := a.toVerify(ctx, whole, ids)
	if err != nil {
		return proof.Report{}, err
	}
	o, err := a.verifyOptions(ctx, s)
	if err != nil {
		return proof.Report{}, err
	}
	if r.Checkpoint != "" {
		data, err := os.ReadFile(r.Checkpoint)
		if err != nil {
			return proof.Report{}, &UsageError{fmt.Sprintf("the checkpoint %s cannot be read: %v", r.Checkpoint, err)}
		}
		c, err := a.proofs.key.OpenCheckpoint(data)
		if err != nil {
			return proof.Report{}, &UsageError{fmt.Sprintf("%s: %v", r.Checkpoint, err)}
		}
		o.Known = append(o.Known, c)
	}
	if r.Keep { // nobody is waiting for the answer
		o.Patience = 20 * time.Second
	}
	o.Tenants = slices.DeleteFunc(o.Tenants, func(t string) bool {
		return slices.ContainsFunc(unread, func(u archive.Unread) bool { return u.Tenant == t })
	})
	report, err := proof.Verify(ctx, o, only, r.Tell)
	if err != nil {
		return report, err
	}
	if only == nil {
		sayUnread(&report, s, unread)
	}
	a.tellFindings(ctx, report, len(ids) == 0)
	if r.Keep {
		err = a.keepReport(ctx, s, report)
	}
	return report, err
}

// sayUnread puts the tenants that could not be read among what was found: nothing is known of them.
func sayUnread(report *proof.Report, s *archive.Store, unread []archive.Unread) {
	for _, u := range unread {
		report.OK = false
		report.Findings = append(report.Findings, archive.Finding{Code: "unread", Path: u.Tenant, Key: s.Full(u.Tenant + "/"), Text: u.Text()})
	}
}

// toVerify finds the packages with these IDs. One that is gone but for its receipt is among them: what became of it is what verifying finds out.
func (a *App) toVerify(ctx context.Context, s *archive.Store, ids []string) (only []archive.Entry, err error) {
	for _, id := range ids {
		e, err := s.Find(ctx, id)
		var none *archive.NotFoundError
		if errors.As(err, &none) {
			e, err = a.goneButReceipt(ctx, s, id, err)
		}
		if err != nil {
			return nil, err
		}
		only = append(only, e)
	}
	return only, nil
}

// goneButReceipt looks for the receipt of a package that is not there, and that no disposal let go. cause is the error where there is none.
func (a *App) goneButReceipt(ctx context.Context, s *archive.Store, id string, cause error) (archive.Entry, error) {
	account, taken, _, err := sip.ParseID(id)
	if err != nil {
		return archive.Entry{}, cause
	}
	for _, tenant := range append([]string{Tenant}, a.knownTenants()...) {
		e := archive.Entry{Tenant: tenant, Account: account, ID: id, Taken: taken, Prefix: tenant + "/" + account + "/" + id + "/"}
		if _, err := s.Stat(ctx, strings.TrimSuffix(e.Prefix, "/")+".receipt.json"); err != nil {
			continue // whatever it is, that the package is not there has been said
		}
		if by, err := findDisposal(ctx, s, e); err != nil || by == "" {
			return e, err
		}
	}
	return archive.Entry{}, cause
}

// verifyOptions put together what verifying needs of this installation.
func (a *App) verifyOptions(ctx context.Context, s *archive.Store) (proof.VerifyOptions, error) {
	if _, err := a.sealer(ctx, s, Tenant); err != nil {
		return proof.VerifyOptions{}, err
	}
	waiting, err := a.PendingProofs()
	if err != nil {
		return proof.VerifyOptions{}, err
	}
	temp, err := a.proofTemp()
	return proof.VerifyOptions{Archive: s, Stamper: a.proofs.stamper, Inventory: inventory, CheckPDF: pdfa.Check, Waiting: waiting, WaitingNow: a.PendingProofs, Tenants: a.knownTenants(), Temp: temp,
		Locks: true, Now: a.now, Log: func(tenant string) *proof.Log {
			return proof.OpenLog(proof.LogOptions{Store: s, Tenant: tenant, Key: a.proofs.key, Memory: a.remembered(tenant), Now: a.now})
		}}, err
}

// KindVerified is the kind of the note in the archive's log that holds a report of verify.
const KindVerified = "verified"

// keepReport writes the report into each tenant's log of notes.
func (a *App) keepReport(ctx context.Context, s *archive.Store, r proof.Report) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	text := r.Summary()
	text.SV, _, _ = strings.Cut(text.SV, "\n")
	text.EN, _, _ = strings.Cut(text.EN, "\n")
	return s.Log(ctx, Tenant, archive.LogEntry{Kind: KindVerified, At: r.Began, Text: text, Data: data})
}

// VerifySchedule re-reads the whole archive and keeps the report in its log: what a daemon does by itself. Report.SV is the mail's text.
func (a *App) VerifySchedule(ctx context.Context) (proof.Report, error) {
	return a.Verify(ctx, VerifyRequest{Keep: true})
}

// LastVerified is the newest report that was kept; ok is false when there is none in this year or the last.
func (a *App) LastVerified(ctx context.Context) (r proof.Report, ok bool, err error) {
	s, err := a.Store(ctx)
	if err != nil {
		return r, false, err
	}
	newest := ""
	for _, year := range []int{a.now().UTC().Year(), a.now().UTC().Year() - 1} {
		for o, err := range s.ListKeys(ctx, fmt.Sprintf("%s/_log/%d/", Tenant, year)) {
			if err != nil {
				return r, false, err
			}
			if strings.Contains(o.Key, "-"+KindVerified+"-") {
				newest = max(newest, o.Key)
			}
		}
		if newest != "" {
			break
		}
	}
	if newest == "" {
		return r, false, nil
	}
	data, _, err := s.Get(ctx, newest)
	if err != nil {
		return r, false, err
	}
	var e archive.LogEntry
	ok = json.Unmarshal(data, &e) == nil && json.Unmarshal(e.Data, &r) == nil
	return r, ok, nil
}
