package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"arsring/internal/access"
	"arsring/internal/archive"
)

// KindAudit is the kind of the notes in the archive's log that hold a batch of the audit log.
const KindAudit = "audit"

// AuditSchema names the layout of such a batch.
const AuditSchema = "arsring-audit-1"

// auditBatch is a run of lines of the audit log, of one tenant. Each line's hash covers the line before it, of whatever tenant, so the batches of
// all tenants together can be checked as the log itself.
type auditBatch struct {
	Schema string         `json:"schema"`
	Before string         `json:"before"` // hash of the line before the first of the run; empty: the log begins here
	First  int64          `json:"first"`  // of the run, over all tenants
	Last   int64          `json:"last"`
	Events []access.Event `json:"events"`
}

const (
	auditEvery = time.Hour // how often a daemon copies what is new
	auditLines = 1000      // of one note
)

// keepAudit copies the audit log into the archive now and then until ctx ends.
func keepAudit(ctx context.Context, a *App) error {
	t := time.NewTicker(auditEvery)
	defer t.Stop()
	for {
		if _, err := a.ArchiveAudit(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("the audit log could not be copied into the archive; tried again within the hour", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// ArchiveAudit writes the lines of the audit log that are new into the archive's log, a note a tenant and batch, and enters the notes into the
// transparency log. It gives the number of lines. Interrupted, it writes the same notes again, which changes nothing.
func (a *App) ArchiveAudit(ctx context.Context) (n int, err error) {
	if err := mkdir(a.cfg.DataDir); err != nil {
		return 0, err
	}
	state, err := a.OpenState(ctx)
	if err != nil {
		return 0, err
	}
	defer state.Close()
	for {
		before, lines, err := state.Unarchived(ctx, auditLines)
		if err != nil || len(lines) == 0 {
			return n, err
		}
		if err := a.archiveLines(ctx, before, lines); err != nil {
			return n, err
		}
		if err := state.Archived(ctx, lines[len(lines)-1].ID); err != nil {
			return n, err
		}
		n += len(lines)
	}
}

func (a *App) archiveLines(ctx context.Context, before string, lines []access.Event) error {
	s, err := a.Store(ctx)
	if err != nil {
		return err
	}
	first, last := lines[0], lines[len(lines)-1]
	byTenant := map[string][]access.Event{}
	for _, e := range lines {
		t := cmp.Or(e.Tenant, Tenant)
		byTenant[t] = append(byTenant[t], e)
	}
	for _, tenant := range slices.Sorted(maps.Keys(byTenant)) {
		events := byTenant[tenant]
		data, err := json.Marshal(auditBatch{AuditSchema, before, first.ID, last.ID, events})
		if err != nil {
			return err
		}
		// Machines of one installation have audit logs of their own, whose lines count from one: a hash tells them apart.
		entry := archive.LogEntry{ID: fmt.Sprintf("%s-%d-%d", first.Hash[:8], first.ID, last.ID), At: last.At, Kind: KindAudit, By: "arsring", Data: data,
			Text: archive.Text{SV: fmt.Sprintf("%d rader ur loggen över vem som gjort vad.", len(events)), EN: fmt.Sprintf("%d lines of the log of who did what.", len(events))}}
		if err := s.Log(ctx, tenant, entry); err != nil {
			return err
		}
		if err := a.enter(ctx, s, tenant, archive.LogKey(tenant, entry)); err != nil {
			return err
		}
	}
	return nil
}
