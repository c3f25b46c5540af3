package access

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Event is one line of the audit log: who did what to what, when and from where.
type Event struct {
	ID     int64     `json:"id"`
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	Via    string    `json:"via"`    // "session", "token", "command" or empty
	Place  string    `json:"place"`  // network address
	Tenant string    `json:"tenant"` // empty: of the installation
	Action string    `json:"action"` // e.g. "sign-in", "order", "hand-out"
	Object string    `json:"object"` // what it was done to: an account's or snapshot's id, a login
	Detail string    `json:"detail"`
	Hash   string    `json:"hash"` // SHA-256 over the hash before and this line, so that a line that is changed or taken out shows
}

func (e Event) chain(before string) string {
	b, err := json.Marshal([]any{before, e.At.UnixMilli(), e.Who, e.Via, e.Place, e.Tenant, e.Action, e.Object, e.Detail})
	if err != nil {
		panic(err) // numbers and texts always become JSON
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Note appends a line to the audit log. The database refuses to change or remove lines.
func (s *State) Note(ctx context.Context, e Event) error {
	if e.At.IsZero() {
		e.At = s.now()
	}
	return s.inTx(ctx, func(tx *sql.Tx) error {
		var before string
		if err := tx.QueryRowContext(ctx, `SELECT hash FROM audit ORDER BY id DESC LIMIT 1`).Scan(&before); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO audit (at, who, via, place, tenant, action, object, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			e.At.UnixMilli(), e.Who, e.Via, e.Place, e.Tenant, e.Action, e.Object, e.Detail, e.chain(before))
		return err
	})
}

// AuditFilter narrows the audit log. The zero value is the newest 100 lines of everything.
type AuditFilter struct {
	Tenant string // empty: all
	Who    string // part of the name
	Action string
	Object string // part
	Before int64  // lines older than the one with this id; 0: from the newest
	After  int64  // lines newer than the one with this id
	Oldest bool   // oldest first
	Limit  int    // 0: 100
}

// Audit reads the audit log, newest first unless the filter says otherwise.
func (s *State) Audit(ctx context.Context, f AuditFilter) ([]Event, error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	order := "DESC"
	if f.Oldest {
		order = "ASC"
	}
	rows, err := s.db.QueryContext(ctx, `SELECT id, at, who, via, place, tenant, action, object, detail, hash FROM audit
		WHERE (?1 = '' OR tenant = ?1) AND (?2 = '' OR instr(lower(who), lower(?2)) > 0) AND (?3 = '' OR action = ?3) AND (?4 = '' OR instr(object, ?4) > 0)
		AND (?5 = 0 OR id < ?5) AND id > ?6 ORDER BY id `+order+` LIMIT ?7`, f.Tenant, f.Who, f.Action, f.Object, f.Before, f.After, f.Limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Event{}
	for rows.Next() {
		var e Event
		var at int64
		if err := rows.Scan(&e.ID, &at, &e.Who, &e.Via, &e.Place, &e.Tenant, &e.Action, &e.Object, &e.Detail, &e.Hash); err != nil {
			return nil, err
		}
		e.At = fromUnix(at)
		out = append(out, e)
	}
	return out, rows.Err()
}

// CheckAudit re-reads the whole log and names the first line that does not follow from the one before.
func (s *State) CheckAudit(ctx context.Context) error {
	before, last := "", int64(0)
	for {
		lines, err := s.Audit(ctx, AuditFilter{After: last, Oldest: true, Limit: 1000})
		if err != nil || len(lines) == 0 {
			return err
		}
		for _, e := range lines {
			if e.chain(before) != e.Hash {
				return fmt.Errorf("line %d of the audit log was changed, or one before it taken out", e.ID)
			}
			before, last = e.Hash, e.ID
		}
	}
}

// Unarchived gives the oldest lines of the audit log that have not been copied into the archive, at most so many, and the hash of the line before
// the first of them (empty: there is none).
func (s *State) Unarchived(ctx context.Context, limit int) (before string, lines []Event, err error) {
	var last int64
	err = s.db.QueryRowContext(ctx, `SELECT last FROM archived`).Scan(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", nil, err
	}
	if last > 0 {
		if err := s.db.QueryRowContext(ctx, `SELECT hash FROM audit WHERE id = ?`, last).Scan(&before); err != nil {
			return "", nil, err
		}
	}
	lines, err = s.Audit(ctx, AuditFilter{After: last, Oldest: true, Limit: limit})
	return before, lines, err
}

// Archived notes that all lines up to this one stand in the archive.
func (s *State) Archived(ctx context.Context, last int64) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO archived (one, last) VALUES (1, ?) ON CONFLICT DO UPDATE SET last = max(last, excluded.last)`, last)
	return err
}
