package proof

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	if err != nil {
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

// publish signs a checkpoint over everything that stands in the log, after proving that it continues what was known.
func (l *Log) publish(ctx context.Context) error {
	for range publishTries {
		head, etag, err := l.head(ctx)
		if err != nil {
			return err
		}
		tree, err := l.grow(ctx, head)
		if err != nil {
			return err
		}
		if etag != "" && tree.N == head.Size {
			if data, _, err := l.o.Store.Get(ctx, checkpointKey(l.o.Tenant)); err == nil && string(data) == head.Note {
				return l.remember(head) // somebody else signed our entry, too
			}
		}
		data, err := l.o.Key.sign(checkpointText(l.o.Tenant, tree))
		if err != nil {
			return err
		}
		_, err = l.o.Store.Put(ctx, checkpointKey(l.o.Tenant), data, archive.PutOptions{CreateOnly: etag == "", IfMatch: etag, ContentType: noteType})
		if err == nil {
			return l.remember(Checkpoint{Origin: origin(l.o.Tenant), Size: tree.N, Root: tree.Hash, Note: string(data)})
		}
		if !isConflict(err) {
			return err
		}
	}
	return fmt.Errorf("the log of %s is written by so many at once that %d tries were not enough", l.o.Tenant, publishTries)
}

const publishTries = 50

// grow reads the entries after head, checks that everything before is what head says, writes the tiles that became whole, and gives the tree.
func (l *Log) grow(ctx context.Context, head Checkpoint) (tlog.Tree, error) {
	hashes, err := l.after(ctx, head.Size)
	if err != nil {
		return tlog.Tree{}, err
	}
	old, err := l.proven(ctx, head)
	if err != nil {
		return tlog.Tree{}, err
	}
	over := &overlay{below: old, more: map[int64]tlog.Hash{}}
	n := head.Size
	for _, h := range hashes {
		stored, err := tlog.StoredHashesForRecordHash(n, h, over)
		if err != nil {
			return tlog.Tree{}, l.notAsSigned(err)
		}
		for i, s := range stored {
			over.more[tlog.StoredHashIndex(0, n)+int64(i)] = s
		}
		n++
	}
	if n == 0 {
		return tlog.Tree{}, nil
	}
	root, err := tlog.TreeHash(n, over)
	if err != nil {
		return tlog.Tree{}, err
	}
	return tlog.Tree{N: n, Hash: root}, l.writeTiles(ctx, head.Size, n, over)
}

// proven gives a reader of the tree that head describes, after reading through it: the reader accepts no tile that does not lead to head's root.
// A tile that is damaged is made again from the entries, which are what counts.
func (l *Log) proven(ctx context.Context, head Checkpoint) (tlog.HashReader, error) {
	r := l.reader(ctx, head.tree())
	if head.Size == 0 {
		return r, nil
	}
	_, err := tlog.TreeHash(head.Size, r)
	if err == nil {
		err = l.continues(r, head)
	}
	if err != nil && !l.entriesOnly {
		l.entriesOnly = true
		l.leaves, l.tiles = map[int64]tlog.Hash{}, map[string][]byte{}
		return l.proven(ctx, head)
	}
	return r, l.notAsSigned(err)
}

// continues says whether the tree holds what the remembered checkpoint held.
func (l *Log) continues(r tlog.HashReader, head Checkpoint) error {
	mem, err := l.Remembered()
	if err != nil || mem.Size == 0 {
		return err
	}
	was, err := tlog.TreeHash(mem.Size, r)
	if err == nil && was != mem.Root {
		err = errors.New("the entries are not those that were there")
	}
	if err != nil {
		return l.tampered(FoundRollback, checkpointKey(l.o.Tenant), fmt.Errorf("a checkpoint of %d entries is known, the log says %d: %w", mem.Size, head.Size, err))
	}
	return nil
}

func (l *Log) notAsSigned(err error) error {
	var t *TamperedError
	if err == nil || errors.As(err, &t) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var u *archive.UnreachableError
	if errors.As(err, &u) {
		return err
	}
	return l.tampered(FoundRollback, checkpointKey(l.o.Tenant), err)
}

func (l *Log) tampered(code, key string, err error) *TamperedError {
	return &TamperedError{Code: code, Key: key, Text: archive.Text{
		SV: fmt.Sprintf("Arkivets logg har ändrats: %s stämmer inte med det som är känt (%v). Inget skrivs över den. Kör arsring verify --all.", key, err),
		EN: fmt.Sprintf("The archive's log was changed: %s does not fit what is known (%v). Nothing is signed over it. Run arsring verify --all.", key, err),
	}}
}

// after reads the entries from place n on until there is none.
func (l *Log) after(ctx context.Context, n int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for ; ; n++ {
		data, _, err := l.o.Store.Get(ctx, entryKey(l.o.Tenant, n))
		if isMissing(err) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		h, err := l.readEntry(n, data)
		if err != nil {
			return out, nil //nolint:nilerr // no entry stands here: the next append puts one, and verify names what is there
		}
		l.leaves[n] = h
		out = append(out, h)
	}
}

// overlay reads hashes of entries that no checkpoint covers yet.
type overlay struct {
	below tlog.HashReader
	more  map[int64]tlog.Hash
}

// ReadHashes gives new hashes from memory and the others from the proven tree.
func (o *overlay) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	var ask []int64
	var at []int
	for i, x := range indexes {
		if h, ok := o.more[x]; ok {
			out[i] = h
			continue
		}
		ask, at = append(ask, x), append(at, i)
	}
	if len(ask) == 0 {
		return out, nil
	}
	got, err := o.below.ReadHashes(ask)
	if err != nil {
		return nil, err
	}
	for i, h := range got {
		out[at[i]] = h
	}
	return out, nil
}

// Remembered is the newest checkpoint that this installation has seen; the zero value when there is none.
func (l *Log) Remembered() (Checkpoint, error) {
	if l.o.Memory == "" {
		return Checkpoint{}, nil
	}
	data, err := os.ReadFile(l.o.Memory)
	if errors.Is(err, fs.ErrNotExist) {
		return Checkpoint{}, nil
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the remembered checkpoint %s cannot be read: %w", l.o.Memory, err)
	}
	c, err := l.openHead(data)
	if err != nil {
		return c, fmt.Errorf("the remembered checkpoint %s is damaged (%w): put a saved copy back, or move the file away to trust the log as it is now", l.o.Memory, err)
	}
	return c, nil
}

func (l *Log) remember(c Checkpoint) error {
	if l.o.Memory == "" || c.Size == 0 {
		return nil
	}
	if mem, err := l.Remembered(); err == nil && mem.Size >= c.Size {
		return nil
	}
	dir := filepath.Dir(l.o.Memory)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".checkpoint-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(c.Note)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), l.o.Memory)
}

// Checkpoint is the log's newest checkpoint, for mails and digests; the zero value while the log is empty.
func (l *Log) Checkpoint(ctx context.Context) (Checkpoint, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, _, err := l.head(ctx)
	return c, err
}

// Announce writes the public key beside the log, so that others can check signatures.
func (l *Log) Announce(ctx context.Context) error {
	key := logFolder(l.o.Tenant) + "key/" + keyID(l.o.Key.Public())
	data := []byte(l.o.Key.Public() + "\n")
	if there, _, err := l.o.Store.Get(ctx, key); err == nil && bytes.Equal(there, data) {
		return nil
	}
	_, err := l.o.Store.Put(ctx, key, data, archive.PutOptions{CreateOnly: true, ContentType: noteType})
	return err
}

// TrustFirst believes the public keys that lie beside the log, once: when this installation remembers no checkpoint of it yet, as after its data
// folder was lost, or on a second machine. It gives the keys that were new, so that a person can be told.
func (l *Log) TrustFirst(ctx context.Context) ([]string, error) {
	if mem, err := l.Remembered(); err != nil || mem.Size > 0 {
		return nil, err
	}
	var learnt []string
	for o, err := range l.o.Store.ListKeys(ctx, logFolder(l.o.Tenant)+"key/") {
		if err != nil {
			return nil, err
		}
		data, _, err := l.o.Store.Get(ctx, o.Key)
		if err != nil {
			return nil, err
		}
		public := strings.TrimSpace(string(data))
		if public == l.o.Key.Public() || keyID(public) == "" || slices.Contains(l.o.Key.Trusted(), public) {
			continue
		}
		if err := l.o.Key.Trust(public); err != nil {
			return learnt, err
		}
		learnt = append(learnt, public)
	}
	return learnt, nil
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
