package archive

import (
	"context"
	"encoding/json"
	"iter"
	"time"
)

// LogSchema names the layout of a log entry.
const LogSchema = "arsring-log-1"

// LogEntry is one note in a tenant's append-only log: a failed attempt, a closure, a disposal, a batch of the audit log.
type LogEntry struct {
	Schema   string          `json:"schema"` // set by Log
	ID       string          `json:"id"`     // drawn by Log when empty; the same At, Kind and ID is the same note
	At       time.Time       `json:"at"`     // zero: now
	Kind     string          `json:"kind"`   // [a-z0-9-]{1,32}, e.g. "attempt-failed", "closure", "disposal"
	Account  string          `json:"account,omitempty"`
	Snapshot string          `json:"snapshot,omitempty"`
	By       string          `json:"by,omitempty"`
	Text     Text            `json:"text"`
	Data     json.RawMessage `json:"data,omitempty"`
}

// Log adds a note to the tenant's log. Notes are never overwritten.
func (s *Store) Log(ctx context.Context, tenant string, e LogEntry) error { return nil }

// ReadLog gives the tenant's notes from the time since on, oldest first.
func (s *Store) ReadLog(ctx context.Context, tenant string, since time.Time) iter.Seq2[LogEntry, error] {
	return nil
}
