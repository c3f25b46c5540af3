package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
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
	Legal       bool // under a legal hold; Stat says so where the store does
}

// PutOptions say under which condition an object is written. The zero value overwrites.
type PutOptions struct {
	ContentType string // empty: by the key's ending
	CreateOnly  bool   // only when there is none; the same bytes already there count as success
	IfMatch     string // only when the object still has this ETag
	Lock        bool   // hold the object as Options.LockMode and LockYears say
}

// getLimit bounds what Get takes into memory.
const getLimit = 64 << 20

// Put writes one small object. A broken condition is a *ConflictError.
func (s *Store) Put(ctx context.Context, key string, data []byte, o PutOptions) (ObjectInfo, error) {
	if err := checkPath(key); err != nil {
		return ObjectInfo{}, err
	}
	sum := sha256.Sum256(data)
	b := blob{key: key, size: int64(len(data)), sum: hex.EncodeToString(sum[:]), contentType: o.ContentType}
	b.open = func() (io.ReadSeekCloser, error) { return nopCloser{bytes.NewReader(data)}, nil }
	if o.Lock {
		b.lock = s.newLock()
	}
	if o.CreateOnly {
		return s.create(ctx, b)
	}
	info, err := s.write(ctx, b, func(p *minio.PutObjectOptions) {
		if o.IfMatch != "" {
			p.SetMatchETag(o.IfMatch)
		}
	})
	if err == nil || !maybeWritten(err) {
		if err != nil {
			err = s.refusedWrite(ctx, b, err, key)
		}
		return info, err
	}
	return s.settleReplace(ctx, b, err)
}

// settleReplace finds out, after an unclear answer, whether an unconditional or If-Match write got through.
func (s *Store) settleReplace(ctx context.Context, b blob, cause error) (ObjectInfo, error) {
	there, err := s.compare(ctx, b)
	switch {
	case err == nil:
		return there, nil
	case isConflict(err) || isNotFound(err):
		var resp minio.ErrorResponse
		if errors.As(cause, &resp) && (resp.StatusCode == http.StatusPreconditionFailed || resp.StatusCode == http.StatusConflict) {
			return ObjectInfo{}, changedMeanwhile(b.key)
		}
		return ObjectInfo{}, s.fault(cause, "")
	}
	return ObjectInfo{}, err
}

func changedMeanwhile(key string) *ConflictError {
	return &ConflictError{Key: key, Text: Text{
		SV: fmt.Sprintf("%s i arkivlagret har ändrats av någon annan sedan det lästes.", key),
		EN: fmt.Sprintf("%s in the archive store was changed by somebody else since it was read.", key),
	}}
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// Get reads one small object, at most 64 MiB; *NotFoundError when there is none.
func (s *Store) Get(ctx context.Context, key string) ([]byte, ObjectInfo, error) {
	var buf bytes.Buffer
	info, err := s.read(ctx, key, func() io.Writer { buf.Reset(); return &limitWriter{&buf, getLimit} })
	if err != nil {
		return nil, ObjectInfo{}, err
	}
	return buf.Bytes(), info, nil
}

type limitWriter struct {
	w    io.Writer
	left int64
}

var errTooBig = errors.New("object is larger than 64 MiB")

func (l *limitWriter) Write(b []byte) (int, error) {
	if l.left -= int64(len(b)); l.left < 0 {
		return 0, errTooBig
	}
	return l.w.Write(b)
}

// Stat describes one object; *NotFoundError when there is none.
func (s *Store) Stat(ctx context.Context, key string) (ObjectInfo, error) {
	info, err := s.at(key).StatObject(ctx, s.o.Bucket, s.full(key), minio.StatObjectOptions{Checksum: true})
	if err != nil {
		return ObjectInfo{}, s.fault(err, key)
	}
	return s.info(key, info), nil
}

func (s *Store) info(key string, i minio.ObjectInfo) ObjectInfo {
	out := ObjectInfo{
		Key: key, Size: i.Size, ETag: i.ETag, VersionID: i.VersionID, Modified: i.LastModified, ContentType: i.ContentType, SHA256: hexSum(i.ChecksumSHA256),
	}
	if out.VersionID == "null" {
		out.VersionID = ""
	}
	mode := i.Headers.Get("X-Amz-Object-Lock-Mode")
	until, err := time.Parse(time.RFC3339, i.Headers.Get("X-Amz-Object-Lock-Retain-Until-Date"))
	if mode != "" && err == nil {
		out.Lock = &LockInfo{Mode: strings.ToLower(mode), Until: until.UTC()}
	}
	out.Legal = i.Headers.Get("X-Amz-Object-Lock-Legal-Hold") == "ON"
	return out
}

func hexSum(b64 string) string {
	raw, err := base64.StdEncoding.DecodeString(b64)
	if err != nil || len(raw) != sha256.Size {
		return ""
	}
	return hex.EncodeToString(raw)
}

// ListKeys gives the objects whose key begins with prefix, in key order, without lock and SHA-256.
func (s *Store) ListKeys(ctx context.Context, prefix string) iter.Seq2[ObjectInfo, error] {
	return s.list(ctx, prefix, "", true)
}
