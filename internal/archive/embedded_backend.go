package archive

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// folderBackend is the gateway's folder backend with what an archive needs besides:
//
//   - The gateway answers before the disk has the bytes. A package must not be acknowledged and then be lost with the power, so
//     everything before it is on the disk before METS.xml, a receipt or a note appears, and they are before the answer goes out.
//   - Metadata lies in files of its own, written before the object appears. A process killed in between, or a file removed in the folder,
//     leaves metadata of an object that is not there, and a create-only write would be refused for ever; a delete marker does the same.
//     Both are cleared before the write.
//   - A full disk is named as such whatever step it hit.
type folderBackend struct {
	*posix.Posix
	meta meta.MetadataStorer
	root string // objects/
	disk *os.File

	mu   sync.Mutex
	busy map[string]int // writes under way, by bucket/key: their metadata is no leftover
}

func newFolderBackend(l layout) (*folderBackend, error) {
	side, err := meta.NewSideCar(l.meta)
	if err != nil {
		return nil, err
	}
	opts := posix.PosixOpts{SideCarDir: l.meta, VersioningDir: l.versions}
	opts.SetNewDirPerm(0o750)
	opts.SetNewFilePerm(0o640)
	p, err := posix.New(l.objects, side, opts)
	if err != nil {
		return nil, err
	}
	disk, err := os.Open(l.data)
	if err != nil {
		p.Shutdown()
		return nil, err
	}
	return &folderBackend{Posix: p, meta: side, root: l.objects, disk: disk, busy: map[string]int{}}, nil
}

// Shutdown lets go of the folder.
func (b *folderBackend) Shutdown() {
	b.Posix.Shutdown()
	b.disk.Close()
}

// PutObject stores one object.
func (b *folderBackend) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	bucket, key := *in.Bucket, *in.Key
	marker, err := b.enter(bucket, key)
	if err != nil {
		return s3response.PutObjectOutput{}, b.fullDisk(err)
	}
	defer b.leave(bucket, key)
	seals := sealing(key)
	if seals {
		if err := syncDisk(b.disk); err != nil {
			return s3response.PutObjectOutput{}, b.fullDisk(err)
		}
	}
	out, err := b.PutObjectWithPostFunc(ctx, in, func(f *os.File) error {
		if seals {
			return f.Sync()
		}
		return nil
	})
	if err == nil && marker {
		// The gateway leaves the mark on the object that takes the marker's place, and would hide it.
		err = b.meta.DeleteAttribute(bucket, key, markerAttr)
	}
	if err == nil && seals {
		err = syncDisk(b.disk)
	}
	return out, b.fullDisk(err)
}

// sealing keys are those whose presence says that something else is there.
func sealing(key string) bool {
	return strings.HasSuffix(key, "/"+metsName) && !strings.Contains(key, "/representations/") ||
		strings.HasSuffix(key, receiptSuffix) || strings.HasSuffix(key, tokenSuffix) || strings.Contains(key, "/_log/") || strings.Contains(key, "/_tlog/")
}

// enter notes a write under way and says whether a delete marker stands where the object will be.
func (b *folderBackend) enter(bucket, key string) (marker bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	name := bucket + "/" + key
	if b.busy[name] == 0 {
		if marker, err = b.prepare(bucket, key); err != nil {
			return false, err
		}
	}
	b.busy[name]++
	return marker, nil
}

func (b *folderBackend) leave(bucket, key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	name := bucket + "/" + key
	if b.busy[name]--; b.busy[name] == 0 {
		delete(b.busy, name)
	}
}

// quiet says that no write is under way.
func (b *folderBackend) quiet() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.busy) == 0
}

// The gateway's names for two pieces of metadata.
const (
	etagAttr   = "etag"
	markerAttr = "delete-marker"
)

// prepare clears what would wrongly refuse a create-only write: the gateway goes by the ETag alone.
func (b *folderBackend) prepare(bucket, key string) (marker bool, err error) {
	_, err = os.Lstat(filepath.Join(b.root, bucket, key))
	if errors.Is(err, fs.ErrNotExist) {
		if attrs, err := b.meta.ListAttributes(bucket, key); err == nil && len(attrs) > 0 {
			return false, b.meta.DeleteAttributes(bucket, key)
		}
	}
	if err == nil {
		if _, err := b.meta.RetrieveAttribute(nil, bucket, key, markerAttr); err == nil {
			_ = b.meta.DeleteAttribute(bucket, key, etagAttr)
			return true, nil
		}
	}
	return false, nil // whatever else is wrong here, the write itself says it better
}

// fullDisk replaces an error by the one for a full disk when the disk is full: deep inside, the gateway words it in several ways.
func (b *folderBackend) fullDisk(err error) error {
	if err != nil && diskIsFull(b.root) {
		return s3err.GetAPIError(s3err.ErrNoSpaceLeftOnDevice)
	}
	return err
}

// sweepHalfBuckets removes bucket folders that a killed process left without their metadata; their name could never be used again.
func sweepHalfBuckets(l layout) error {
	entries, err := os.ReadDir(l.objects)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if _, err := os.Stat(filepath.Join(l.meta, e.Name(), "meta", "acl")); errors.Is(err, fs.ErrNotExist) {
			_ = os.Remove(filepath.Join(l.objects, e.Name())) // only when empty
		}
	}
	return nil
}
