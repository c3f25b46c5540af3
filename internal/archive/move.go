package archive

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Moved is what was copied from one place to another.
type Moved struct {
	Objects int      `json:"objects"` // written and read back equal
	Already int      `json:"already"` // stood there with the same size
	Bytes   int64    `json:"bytes"`   // written
	Differ  []string `json:"differ"`  // keys that stand there with other bytes, and were left alone
}

// bundle gives the objects of an archive, wherever it lies. Keys are relative to the base.
type bundle interface {
	each(ctx context.Context, take func(key string, size int64) error) error
	open(ctx context.Context, key string) (io.ReadCloser, error)
}

// CopyTo copies every object to another store that this one is not there yet, each package's METS.xml after its other objects and the log's
// checkpoint last, and reads back what it wrote. What stands there is never overwritten, but for the few objects that are rewritten here as well
// (checkpoint, pages, lists); other bytes under the key of a package are told in Differ. It may be run again at any time.
func (s *Store) CopyTo(ctx context.Context, to *Store) (Moved, error) {
	return to.take(ctx, storeSource{s})
}

type storeSource struct{ s *Store }

func (x storeSource) each(ctx context.Context, take func(string, int64) error) error {
	for o, err := range x.s.ListKeys(ctx, "") {
		if err != nil {
			return err
		}
		if strings.HasPrefix(o.Key, probeFolder) {
			continue
		}
		if err := take(o.Key, o.Size); err != nil {
			return err
		}
	}
	return nil
}

func (x storeSource) open(ctx context.Context, key string) (io.ReadCloser, error) {
	rc, _, err := x.s.OpenKey(ctx, key)
	return rc, err
}

// taking is one run of take.
type taking struct {
	s   *Store
	src bundle

	mu  sync.Mutex
	out Moved
}

// take brings the objects of a source into the store.
func (s *Store) take(ctx context.Context, src bundle) (Moved, error) {
	t := &taking{s: s, src: src, out: Moved{Differ: []string{}}}
	var batch []string // of one snapshot: written together, in order
	var last []string  // rewritten objects, which speak of all others
	sizes := map[string]int64{}
	name := ""
	flush := func() error {
		err := t.group(ctx, batch, sizes)
		batch, sizes = nil, map[string]int64{}
		return err
	}
	err := src.each(ctx, func(key string, size int64) error {
		if rewritten(key) {
			last = append(last, key)
			return nil
		}
		if n := snapshotName(key); n != name {
			if err := flush(); err != nil {
				return err
			}
			name = n
		}
		batch, sizes[key] = append(batch, key), size
		return nil
	})
	if err == nil {
		err = flush()
	}
	for _, key := range last {
		if err == nil {
			err = t.rewrite(ctx, key)
		}
	}
	slices.Sort(t.out.Differ)
	return t.out, err
}

// rewritten objects change over time, here and there.
func rewritten(key string) bool {
	return strings.HasSuffix(key, "/_tlog/checkpoint") || strings.HasSuffix(key, ".html") && !strings.Contains(key, "/representations/") ||
		strings.HasSuffix(key, ".css") && !strings.Contains(key, "/representations/") || strings.HasSuffix(key, ".ndjson") && !strings.Contains(key, "/representations/")
}

// snapshotName is what an object's package and all that stands beside it have in common.
func snapshotName(key string) string {
	parts := strings.SplitN(key, "/", 4)
	if len(parts) < 3 {
		return key
	}
	id, _, _ := strings.Cut(parts[2], ".")
	return parts[0] + "/" + parts[1] + "/" + id
}

// order of writing: the objects in the folder, METS.xml, what stands beside it.
func order(key string) int {
	parts := strings.SplitN(key, "/", 4)
	switch {
	case len(parts) < 4:
		return 2
	case parts[3] == metsName:
		return 1
	}
	return 0
}

func (t *taking) group(ctx context.Context, keys []string, sizes map[string]int64) error {
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(order(a), order(b)) })
	for len(keys) > 0 {
		n := slices.IndexFunc(keys, func(k string) bool { return order(k) != order(keys[0]) })
		if n < 0 {
			n = len(keys)
		}
		g, gctx := errgroup.WithContext(ctx)
		g.SetLimit(t.s.o.Parallel)
		for _, key := range keys[:n] {
			g.Go(func() error { return t.one(gctx, key, sizes[key]) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

// one writes an object create-only and reads it back.
func (t *taking) one(ctx context.Context, key string, size int64) error {
	there, err := t.s.Stat(ctx, key)
	if err == nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.out.Already++; there.Size != size {
			t.out.Already--
			t.out.Differ = append(t.out.Differ, key)
		}
		return nil
	}
	if !isNotFound(err) {
		return err
	}
	b, done, err := t.spool(ctx, key)
	if err != nil {
		return err
	}
	defer done()
	b.lock = t.s.newLock()
	if _, err = t.s.create(ctx, b); err == nil {
		err = t.readBack(ctx, b)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if isConflict(err) {
		t.out.Differ = append(t.out.Differ, key)
		return nil
	}
	if err == nil {
		t.out.Objects++
		t.out.Bytes += b.size
	}
	return err
}

func (t *taking) readBack(ctx context.Context, b blob) error {
	h := sha256.New()
	if _, err := t.s.read(ctx, b.key, func() io.Writer { h.Reset(); return h }); err != nil {
		return err
	}
	if sum := hex.EncodeToString(h.Sum(nil)); sum != b.sum {
		return readBackDiffers(b.key, sum, b.sum)
	}
	return nil
}

// spool copies an object to a temporary file, so that its SHA-256 is known before it is written and every try sends the same bytes.
func (t *taking) spool(ctx context.Context, key string) (blob, func(), error) {
	in, err := t.src.open(ctx, key)
	if err != nil {
		return blob{}, nil, err
	}
	defer in.Close()
	f, err := os.CreateTemp("", "arsring-copy-*")
	if err != nil {
		return blob{}, nil, unwritable(os.TempDir(), err)
	}
	done := func() { _ = f.Close(); _ = os.Remove(f.Name()) }
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), in)
	if err != nil {
		done()
		return blob{}, nil, fmt.Errorf("%s cannot be copied: %w", key, err)
	}
	return blob{key: key, size: n, sum: hex.EncodeToString(h.Sum(nil)), open: func() (io.ReadSeekCloser, error) {
		in, err := os.Open(f.Name())
		if err != nil {
			return nil, unreadable(f.Name(), err)
		}
		return in, nil
	}}, done, nil
}

// rewrite brings an object that changes over time to what it is in the source.
func (t *taking) rewrite(ctx context.Context, key string) error {
	in, err := t.src.open(ctx, key)
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	data, err := io.ReadAll(in)
	if err = errors.Join(err, in.Close()); err != nil {
		return err
	}
	if there, _, err := t.s.Get(ctx, key); err == nil && string(there) == string(data) {
		t.out.Already++
		return nil
	}
	if _, err := t.s.Put(ctx, key, data, PutOptions{}); err != nil {
		return err
	}
	t.out.Objects++
	t.out.Bytes += int64(len(data))
	return nil
}
