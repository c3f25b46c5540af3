package archive

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
)

// blob is one object on its way into the store. Its SHA-256 is known beforehand, so the store can refuse bytes that were
// damaged on the way, and a second attempt can tell its own bytes from somebody else's.
type blob struct {
	key         string // relative
	size        int64
	sum         string // hex
	contentType string // empty: by ending
	lock        *LockInfo
	legal       bool // held until a person lets go, besides the lock
	open        func() (io.ReadSeekCloser, error)
}

const (
	settleTries = 4 // rounds of put and look until an object's fate is known
	readTries   = 3 // whole reads of one object
	settlePause = 50 * time.Millisecond
)

// create writes an object that must not exist yet. When it exists with the same bytes that is success, too; with other bytes it is a *ConflictError.
//
// A precondition that failed, a connection that was cut and an error on the store's side all mean the same here: unknown, since an
// earlier try inside the client, or another deliverer, may have written it. So we look, and put again only if nothing is there.
func (s *Store) create(ctx context.Context, b blob) (ObjectInfo, error) {
	var cause error
	for try := range settleTries {
		if err := pause(ctx, try); err != nil {
			return ObjectInfo{}, err
		}
		info, err := s.write(ctx, b, func(p *minio.PutObjectOptions) { p.SetMatchETagExcept("*") })
		if err == nil {
			return info, nil
		}
		if !maybeWritten(err) {
			return ObjectInfo{}, s.refusedWrite(ctx, b, err, "")
		}
		cause = err
		info, err = s.compare(ctx, b)
		if err == nil {
			return s.holdBelated(ctx, b, info)
		}
		if !isNotFound(err) {
			return ObjectInfo{}, err
		}
	}
	var resp minio.ErrorResponse
	if errors.As(cause, &resp) && resp.StatusCode == http.StatusPreconditionFailed {
		return ObjectInfo{}, s.unreachable(CodeGhost, fmt.Errorf("%s: %w", s.full(b.key), cause))
	}
	return ObjectInfo{}, s.fault(cause, "")
}

// refusedWrite names why the store would not take an object. MinIO and Amazon's own say no more than "invalid request" where a lock is asked of a
// bucket that has none: the bucket is asked then. key is for an answer that means "not there", empty where it cannot.
func (s *Store) refusedWrite(ctx context.Context, b blob, cause error, key string) error {
	if b.lock != nil && isInvalid(cause) {
		_, _, _, _, err := s.c.GetObjectLockConfig(ctx, s.o.Bucket)
		var resp minio.ErrorResponse
		if errors.As(err, &resp) && responseCode(resp) == CodeNoLock {
			return s.unreachable(CodeNoLock, cause)
		}
	}
	return s.fault(cause, key)
}

func isInvalid(err error) bool {
	var resp minio.ErrorResponse
	return errors.As(err, &resp) && resp.Code == "InvalidRequest"
}

// pause waits before the second and later tries, longer each time.
func pause(ctx context.Context, try int) error {
	if try == 0 {
		return ctx.Err()
	}
	t := time.NewTimer(settlePause << (try - 1))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// write puts one object in one request with its SHA-256 in the header. Errors are minio-go's.
func (s *Store) write(ctx context.Context, b blob, cond func(*minio.PutObjectOptions)) (ObjectInfo, error) {
	raw, err := hex.DecodeString(b.sum)
	if err != nil || len(raw) != sha256.Size {
		return ObjectInfo{}, fmt.Errorf("%s: %q is no SHA-256", b.key, b.sum)
	}
	body, err := b.open()
	if err != nil {
		return ObjectInfo{}, err
	}
	defer body.Close()
	o := minio.PutObjectOptions{
		ContentType:      b.contentType,
		DisableMultipart: true,
		// Signed whole with the sum we have; chunk signatures would hash everything once more, and some stores keep their framing.
		DisableContentSha256: true,
		UserMetadata:         map[string]string{"x-amz-checksum-sha256": base64.StdEncoding.EncodeToString(raw)},
	}
	if o.ContentType == "" {
		o.ContentType = contentType(b.key)
	}
	if b.lock != nil {
		o.Mode, o.RetainUntilDate = retentionMode(b.lock.Mode), b.lock.Until
	}
	if b.legal {
		o.LegalHold = minio.LegalHoldEnabled
	}
	cond(&o)
	src := &source{rs: body}
	up, err := s.at(b.key).PutObject(ctx, s.o.Bucket, s.full(b.key), src, b.size, "", b.sum, o)
	if src.err != nil {
		return ObjectInfo{}, unreadable(b.key, src.err)
	}
	if err != nil {
		return ObjectInfo{}, err
	}
	return ObjectInfo{Key: b.key, Size: b.size, SHA256: b.sum, ETag: up.ETag, VersionID: up.VersionID, ContentType: o.ContentType, Lock: b.lock}, nil
}

// source hides Close, which the client would call between its tries, and remembers our own read error, which the client
// would report as if the store had failed.
type source struct {
	rs  io.ReadSeeker
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.rs.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

func (s *source) Seek(off int64, whence int) (int64, error) { return s.rs.Seek(off, whence) }

func unreadable(name string, cause error) *InputError {
	return badInput(
		fmt.Sprintf("%s går inte att läsa på den här maskinen. Kontrollera disken och rättigheterna.", name),
		fmt.Sprintf("%s cannot be read on this machine. Check the disk and the permissions.", name), cause)
}

// compare looks at what stands under the blob's key: nil error when it is the same, *ConflictError when it is not, *NotFoundError when nothing is there.
func (s *Store) compare(ctx context.Context, b blob) (ObjectInfo, error) {
	info, err := s.Stat(ctx, b.key)
	if err != nil || info.Size == b.size && info.SHA256 == b.sum {
		return info, err
	}
	// The store keeps no SHA-256, or says that these are other bytes: that is said only after they were read.
	h := sha256.New()
	read, err := s.read(ctx, b.key, func() io.Writer { h.Reset(); return h })
	if err != nil {
		return info, err
	}
	info.Size, info.SHA256 = read.Size, hex.EncodeToString(h.Sum(nil))
	if info.Size == b.size && info.SHA256 == b.sum {
		return info, nil
	}
	return info, otherBytes(b.key, info.SHA256, b.sum)
}

func otherBytes(key, stored, wanted string) *ConflictError {
	return &ConflictError{Key: key, Stored: stored, Wanted: wanted, Text: Text{
		SV: fmt.Sprintf("%s finns redan i arkivet med annat innehåll. Det som är arkiverat skrivs aldrig över.", key),
		EN: fmt.Sprintf("%s is already in the archive with other content. What is archived is never overwritten.", key),
	}}
}

func isConflict(err error) bool {
	var c *ConflictError
	return errors.As(err, &c)
}

func retentionMode(mode string) minio.RetentionMode {
	if mode == LockCompliance {
		return minio.Compliance
	}
	return minio.Governance
}

// newLock is the lock that the options demand from now on; nil for none.
func (s *Store) newLock() *LockInfo {
	if s.o.LockMode == LockNone {
		return nil
	}
	return &LockInfo{Mode: s.o.LockMode, Until: s.o.Now().UTC().AddDate(s.o.LockYears, 0, 0).Truncate(time.Second)}
}

// holdBelated sets the lock on an object that was written earlier: a store that died between the bytes and their lock leaves them unlocked.
func (s *Store) holdBelated(ctx context.Context, b blob, info ObjectInfo) (ObjectInfo, error) {
	if b.lock == nil || info.Lock != nil {
		return info, nil
	}
	mode := retentionMode(b.lock.Mode)
	err := s.at(b.key).PutObjectRetention(ctx, s.o.Bucket, s.full(b.key), minio.PutObjectRetentionOptions{Mode: &mode, RetainUntilDate: &b.lock.Until, VersionID: info.VersionID})
	if err != nil {
		return info, s.fault(err, b.key)
	}
	return s.Stat(ctx, b.key)
}

// read streams an object into the writer that fresh gives; when the stream breaks it begins again with a fresh one.
func (s *Store) read(ctx context.Context, key string, fresh func() io.Writer) (ObjectInfo, error) {
	var last error
	for try := range readTries {
		if err := pause(ctx, try); err != nil {
			return ObjectInfo{}, err
		}
		info, err := s.readOnce(ctx, key, fresh())
		if err == nil {
			return info, nil
		}
		if ctx.Err() != nil {
			return ObjectInfo{}, ctx.Err()
		}
		if last = err; !maybeWritten(err) {
			break
		}
	}
	return ObjectInfo{}, s.fault(last, key)
}

// copyBuffers are used again: an archive is made of many small objects.
var copyBuffers = sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}

func (s *Store) readOnce(ctx context.Context, key string, w io.Writer) (ObjectInfo, error) {
	body, info, _, err := s.at(key).GetObject(ctx, s.o.Bucket, s.full(key), minio.GetObjectOptions{})
	if err != nil {
		return ObjectInfo{}, err
	}
	defer body.Close()
	buf := copyBuffers.Get().(*[]byte) //nolint:forcetypeassert // nothing else is put there
	defer copyBuffers.Put(buf)
	n, err := io.CopyBuffer(struct{ io.Writer }{w}, body, *buf)
	if err != nil {
		return ObjectInfo{}, err
	}
	if n != info.Size {
		return ObjectInfo{}, io.ErrUnexpectedEOF
	}
	return s.info(key, info), nil
}
