package proof

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Inclusion proves that an entry stands in the log that a checkpoint describes (RFC 6962, 2.1.1).
type Inclusion struct {
	Entry      string           `json:"entry"` // text of the entry: the leaf
	N          int64            `json:"place"`
	Checkpoint Checkpoint       `json:"checkpoint"`
	Proof      tlog.RecordProof `json:"proof"`
}

// ProveInclusion gives the proof of an entry under the newest checkpoint.
func (l *Log) ProveInclusion(ctx context.Context, n int64) (Inclusion, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	head, _, err := l.head(ctx)
	if err != nil {
		return Inclusion{}, err
	}
	if n < 0 || n >= head.Size {
		return Inclusion{}, fmt.Errorf("the log of %s has %d entries, and so no entry %d", l.o.Tenant, head.Size, n)
	}
	key := entryKey(l.o.Tenant, n)
	data, _, err := l.o.Store.Get(ctx, key)
	if err != nil {
		return Inclusion{}, err
	}
	if _, err := l.readEntry(n, data); err != nil {
		return Inclusion{}, l.tampered(FoundEntryAltered, key, err)
	}
	s, err := l.o.Key.openNote(data)
	if err != nil {
		return Inclusion{}, l.tampered(FoundEntryAltered, key, err)
	}
	var proof tlog.RecordProof
	err = l.prove(ctx, head, func(r tlog.HashReader) (err error) {
		proof, err = tlog.ProveRecord(head.Size, n, r)
		return err
	})
	if err != nil {
		return Inclusion{}, err
	}
	return Inclusion{Entry: s.text, N: n, Checkpoint: head, Proof: proof}, nil
}

// prove reads hashes for a proof; when a tile is damaged, once more from the entries alone.
func (l *Log) prove(ctx context.Context, head Checkpoint, read func(tlog.HashReader) error) error {
	r, err := l.proven(ctx, head)
	if err != nil {
		return err
	}
	if err = read(r); err != nil && l.distrustTiles() {
		err = read(l.reader(ctx, head.tree()))
	}
	return l.notAsSigned(err)
}

// Check holds a proof against its own checkpoint; nil says that the entry stands in that log. The checkpoint's signature is checked by OpenCheckpoint.
func (p Inclusion) Check() error {
	return tlog.CheckRecord(p.Proof, p.Checkpoint.Size, p.Checkpoint.Root, p.N, tlog.RecordHash([]byte(p.Entry)))
}

// Consistency proves that the newest checkpoint's log begins with the log of an older checkpoint (RFC 6962, 2.1.2).
type Consistency struct {
	Old   Checkpoint     `json:"old"`
	New   Checkpoint     `json:"new"`
	Proof tlog.TreeProof `json:"proof"`
}

// ProveConsistency gives the proof from an older checkpoint to the newest; a *TamperedError when the log is not a continuation of it.
func (l *Log) ProveConsistency(ctx context.Context, old Checkpoint) (Consistency, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	head, _, err := l.head(ctx)
	if err != nil {
		return Consistency{}, err
	}
	if old.Size < 1 || old.Size > head.Size {
		return Consistency{}, l.tampered(FoundRollback, checkpointKey(l.o.Tenant), fmt.Errorf("a checkpoint of %d entries is known, the log has %d", old.Size, head.Size))
	}
	var proof tlog.TreeProof
	err = l.prove(ctx, head, func(r tlog.HashReader) (err error) {
		proof, err = tlog.ProveTree(head.Size, old.Size, r)
		return err
	})
	if err != nil {
		return Consistency{}, err
	}
	c := Consistency{Old: old, New: head, Proof: proof}
	if err := c.Check(); err != nil {
		return c, l.tampered(FoundRollback, checkpointKey(l.o.Tenant), err)
	}
	return c, nil
}

// Check holds the proof against its checkpoints; nil says that nothing of the older log was removed, changed or moved.
func (c Consistency) Check() error {
	return tlog.CheckTree(c.Proof, c.New.Size, c.New.Root, c.Old.Size, c.Old.Root)
}
