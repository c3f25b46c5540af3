package proof

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"arsring/internal/archive"
)

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
