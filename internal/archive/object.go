package archive

import (
	"context"
	"iter"
	"time"
)

// ObjectInfo describes one object. Key is relative to Options.Prefix.
type ObjectInfo struct {
	Key         string
	Size        int64
	SHA256      string // hex, as the store computed it at the time of writing; empty when it does not say
	ETag        string
	VersionID   string
	Modified    time.Time
	ContentType string
	Lock        *LockInfo
}

// PutOptions say under which condition an object is written. The zero value overwrites.
type PutOptions struct {
	ContentType string // empty: by the key's ending
	CreateOnly  bool   // only when there is none; the same bytes already there count as success
	IfMatch     string // only when the object still has this ETag
	Lock        bool   // hold the object as Options.LockMode and LockYears say
}

// Put writes one small object. A broken condition is a *ConflictError.
func (s *Store) Put(ctx context.Context, key string, data []byte, o PutOptions) (ObjectInfo, error) {
	return ObjectInfo{}, nil
}

// Get reads one small object, at most 64 MiB; *NotFoundError when there is none.
func (s *Store) Get(ctx context.Context, key string) ([]byte, ObjectInfo, error) {
	return nil, ObjectInfo{}, nil
}

// Stat describes one object; *NotFoundError when there is none.
func (s *Store) Stat(ctx context.Context, key string) (ObjectInfo, error) { return ObjectInfo{}, nil }

// ListKeys gives the objects whose key begins with prefix, in key order, without lock and SHA-256.
func (s *Store) ListKeys(ctx context.Context, prefix string) iter.Seq2[ObjectInfo, error] { return nil }
