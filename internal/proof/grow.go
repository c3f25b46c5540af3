package proof

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"arsring/internal/archive"
)

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
	if err != nil && l.distrustTiles() {
		return l.proven(ctx, head)
	}
	return r, l.notAsSigned(err)
}

// distrustTiles lets the tiles be made from the entries from now on; false when they are already.
func (l *Log) distrustTiles() bool {
	if l.entriesOnly {
		return false
	}
	l.entriesOnly = true
	l.leaves, l.tiles = map[int64]tlog.Hash{}, map[string][]byte{}
	return true
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
