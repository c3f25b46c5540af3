package proof

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"arsring/internal/archive"
)

// Objects is what the log needs of the archive. Put with CreateOnly must let one of several writers win and give the others an
// *archive.ConflictError; Get of nothing is an *archive.NotFoundError.
type Objects interface {
	Get(ctx context.Context, key string) ([]byte, archive.ObjectInfo, error)
	Put(ctx context.Context, key string, data []byte, o archive.PutOptions) (archive.ObjectInfo, error)
	ListKeys(ctx context.Context, prefix string) iter.Seq2[archive.ObjectInfo, error]
}

// LogOptions say which log to keep and how.
type LogOptions struct {
	Store  Objects
	Tenant string
	Key    *Key
	Memory string           // file that remembers the newest checkpoint seen; empty: nothing is remembered
	Now    func() time.Time // nil: time.Now
}

// Log is one tenant's transparency log. It is safe for concurrent use, also by several processes and machines on the same bucket.
type Log struct {
	o  LogOptions
	mu sync.Mutex // one append at a time in this process

	leaves map[int64]tlog.Hash // of entries in the unfinished tile
	tiles  map[string][]byte   // finished tiles, proven

	entriesOnly bool // a tile in the bucket was wrong: believe none
}

// OpenLog makes the log's reader and writer. Nothing is read or written yet.
func OpenLog(o LogOptions) *Log {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Log{o: o, leaves: map[int64]tlog.Hash{}, tiles: map[string][]byte{}}
}

// TamperedError says that the log in the bucket does not continue the one that was known: nothing is signed over it.
type TamperedError struct {
	Code string // one of the Found codes
	Key  string
	Text archive.Text
}

// Error is the English sentence.
func (e *TamperedError) Error() string { return e.Text.EN }

// Person is the sentence for people.
func (e *TamperedError) Person() archive.Text { return e.Text }

func logFolder(tenant string) string     { return tenant + "/_tlog/" }
func checkpointKey(tenant string) string { return logFolder(tenant) + "checkpoint" }
func entryKey(tenant string, n int64) string {
	return fmt.Sprintf("%sentry/%09d", logFolder(tenant), n)
}
func tileKey(tenant string, t tlog.Tile) string { return logFolder(tenant) + t.Path() }

func isMissing(err error) bool {
	var n *archive.NotFoundError
	return errors.As(err, &n)
}

func isConflict(err error) bool {
	var c *archive.ConflictError
	return errors.As(err, &c)
}

// Append adds an entry with these lines, signs a checkpoint over it and gives its place. An error after the entry was written leaves an entry that
// the next append signs; the same lines may then stand in the log twice, which says the same as once.
func (l *Log) Append(ctx context.Context, lines []Line) (int64, error) {
	if len(lines) == 0 {
		return 0, errors.New("an entry of the log needs at least one line")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	head, _, err := l.head(ctx)
	if err != nil {
		return 0, err
	}
	n, err := l.take(ctx, head.Size, lines)
	if err != nil {
		return 0, err
	}
	return n, l.publish(ctx)
}

// take writes the entry into the first free place. The create-only write decides between several writers.
func (l *Log) take(ctx context.Context, n int64, lines []Line) (int64, error) {
	for ; ; n++ {
		text, err := Entry{N: n, Time: l.o.Now(), Lines: lines}.text()
		if err != nil {
			return 0, err
		}
		data, err := l.o.Key.sign(text)
		if err != nil {
			return 0, err
		}
		key := entryKey(l.o.Tenant, n)
		_, err = l.o.Store.Put(ctx, key, data, archive.PutOptions{CreateOnly: true, Lock: true, ContentType: noteType})
		if err == nil {
			return n, nil
		}
		if !isConflict(err) {
			return 0, err
		}
		there, info, err := l.o.Store.Get(ctx, key)
		if isMissing(err) {
			n-- // gone again: look again
			continue
		}
		if err != nil {
			return 0, err
		}
		if _, bad := l.readEntry(n, there); bad == nil {
			continue
		}
		// What stands here is no entry, and no checkpoint covers it: whoever put it there must not stop the log.
		if _, err = l.o.Store.Put(ctx, key, data, archive.PutOptions{IfMatch: info.ETag, Lock: true, ContentType: noteType}); err == nil {
			return n, nil
		}
		if !isConflict(err) {
			return 0, err
		}
		n-- // somebody else was faster: look again
	}
}

const noteType = "text/plain; charset=utf-8"

// readEntry reads the entry of a place; the hash is of its text.
func (l *Log) readEntry(n int64, data []byte) (tlog.Hash, error) {
	s, err := l.o.Key.openNote(data)
	if err != nil {
		return tlog.Hash{}, err
	}
	e, err := parseEntry(s.text)
	if err == nil && e.N != n {
		err = fmt.Errorf("it is entry %d", e.N)
	}
	return tlog.RecordHash([]byte(s.text)), err
}

// head is the newest checkpoint in the bucket, held against the one remembered. Without any, the log is empty.
func (l *Log) head(ctx context.Context) (Checkpoint, string, error) {
	key := checkpointKey(l.o.Tenant)
	data, info, err := l.o.Store.Get(ctx, key)
	mem, merr := l.Remembered()
	if merr != nil {
		return Checkpoint{}, "", merr
	}
	if isMissing(err) {
		if mem.Size > 0 {
			return mem, "", nil // entries decide whether it is only the checkpoint that is gone
		}
		return Checkpoint{}, "", nil
	}
	if err != nil {
		return Checkpoint{}, "", err
	}
	c, err := l.openHead(data)
	switch {
	case err != nil && mem.Size > 0:
		return mem, info.ETag, nil // what is remembered and the entries prove the log without it; the next one takes its place
	case err != nil:
		return c, "", l.tampered(FoundCheckpoint, key, err)
	}
	if c.Size < mem.Size {
		return mem, info.ETag, nil
	}
	return c, info.ETag, nil
}

// openHead reads the checkpoint in the bucket. Where nothing is remembered yet, the key that signed the log and lies beside it is believed once.
func (l *Log) openHead(data []byte) (Checkpoint, error) {
	s, err := l.o.Key.openNote(data)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := parseCheckpoint(s.text)
	if err == nil && c.Origin != origin(l.o.Tenant) {
		err = fmt.Errorf("it is of %q", c.Origin)
	}
	c.Note = string(data)
	return c, err
}

// Checkpoint is the log's newest checkpoint, for mails and digests; the zero value while the log is empty.
func (l *Log) Checkpoint(ctx context.Context) (Checkpoint, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, _, err := l.head(ctx)
	return c, err
}

// sortedKeys gives a map's keys in order.
func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
