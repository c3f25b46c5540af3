package archive

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"iter"
	"path"
	"regexp"
	"strings"
	"time"
)

// LogSchema names the layout of a log entry.
const LogSchema = "arsring-log-1"

// LogEntry is one note in a tenant's append-only log: a failed attempt, a closure, a disposal, a batch of the audit log.
type LogEntry struct {
	Schema   string          `json:"schema"` // set by Log
	ID       string          `json:"id"`     // [a-z0-9-]{1,48}, drawn by Log when empty; the same At, Kind and ID is the same note
	At       time.Time       `json:"at"`     // zero: now; kept to the millisecond
	Kind     string          `json:"kind"`   // [a-z0-9-]{1,32}, e.g. "attempt-failed", "closure", "disposal"
	Account  string          `json:"account,omitempty"`
	Snapshot string          `json:"snapshot,omitempty"`
	By       string          `json:"by,omitempty"`
	Text     Text            `json:"text"`
	Data     json.RawMessage `json:"data,omitempty"`
}

var (
	kindForm  = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	logIDForm = regexp.MustCompile(`^[a-z0-9-]{1,48}$`)
)

// logTime sorts as text in the order of time.
const logTime = "20060102T150405.000Z"

// Log adds a note to the tenant's log. Notes are never overwritten: adding the same one again is success, another one under
// the same time, kind and ID is a *ConflictError.
func (s *Store) Log(ctx context.Context, tenant string, e LogEntry) error {
	e.Schema = LogSchema
	if e.ID == "" {
		e.ID = randomName(8)
	}
	if e.At.IsZero() {
		e.At = s.o.Now()
	}
	e.At = e.At.UTC().Truncate(time.Millisecond)
	if !nameForm.MatchString(tenant) || !kindForm.MatchString(e.Kind) || !logIDForm.MatchString(e.ID) {
		return badInput(
			fmt.Sprintf("Loggposten har en ogiltig tenant (%q), kind (%q) eller id (%q).", tenant, e.Kind, e.ID),
			fmt.Sprintf("The log entry has an invalid tenant (%q), kind (%q) or id (%q).", tenant, e.Kind, e.ID), nil)
	}
	data, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return badInput("Loggposten går inte att skriva som JSON.", "The log entry cannot be written as JSON.", err)
	}
	_, err = s.Put(ctx, LogKey(tenant, e), append(data, '\n'), PutOptions{CreateOnly: true})
	return err
}

// LogKey is where a note with At and ID stands.
func LogKey(tenant string, e LogEntry) string {
	at := e.At.UTC().Truncate(time.Millisecond)
	return fmt.Sprintf("%s%s/%s-%s-%s.json", logFolder(tenant), at.Format("2006"), at.Format(logTime), e.Kind, e.ID)
}

func logFolder(tenant string) string { return tenant + "/_log/" }

// randomName draws n letters of base32, lower case.
func randomName(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))[:n]
}

// ReadLog gives the tenant's notes from the time since on, oldest first. A note that is not one (somebody else's file, broken JSON)
// is given as an *InputError that names it, and reading goes on if the caller does.
func (s *Store) ReadLog(ctx context.Context, tenant string, since time.Time) iter.Seq2[LogEntry, error] {
	return func(yield func(LogEntry, error) bool) {
		if !nameForm.MatchString(tenant) {
			return
		}
		after := ""
		if !since.IsZero() {
			// One millisecond back: names are cut to milliseconds, and the store begins after this name.
			at := since.UTC().Add(-time.Millisecond)
			after = logFolder(tenant) + at.Format("2006") + "/" + at.Format(logTime) + "~"
		}
		for info, err := range s.list(ctx, logFolder(tenant), after, true) {
			if err != nil {
				yield(LogEntry{}, err)
				return
			}
			e, err := s.readLogEntry(ctx, info.Key)
			if err == nil && e.At.Before(since.UTC().Truncate(time.Millisecond)) {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func (s *Store) readLogEntry(ctx context.Context, key string) (LogEntry, error) {
	data, _, err := s.Get(ctx, key)
	if err != nil {
		return LogEntry{}, err
	}
	var e LogEntry
	if err := json.Unmarshal(data, &e); err != nil || e.Schema != LogSchema {
		return LogEntry{}, badInput(
			fmt.Sprintf("%s i arkivets logg är ingen loggpost (%s).", key, path.Base(key)),
			fmt.Sprintf("%s in the archive's log is not a log entry (%s).", key, path.Base(key)), err)
	}
	return e, nil
}
