package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Options say which store to use and how.
type Options struct {
	Endpoint  string // https://host[:port]; without a scheme https is meant unless Insecure
	Region    string // empty: asked from the store
	Bucket    string
	Prefix    string // <base>: every key stands below it; may be empty
	AccessKey string
	SecretKey string
	CAFile    string // PEM file with certificates that are trusted besides the system's
	PathStyle bool   // bucket in the path, not in the host name
	Insecure  bool   // plain http

	LockMode  string // "none" (or empty), "governance", "compliance"
	LockYears int    // how long a locked object is kept; needed when LockMode is not none

	Existing bool   // the bucket must be there: whoever only reads makes none, because a mistyped name would then look like an empty archive
	Settings string // what the settings are called in sentences for people; empty: "archive"

	Parallel int           // objects read or written at the same time; 0: 4
	Stall    time.Duration // a connection without a byte for so long is given up; 0: 60 s
	Retries  int           // tries of one request; 0: 5
	Tool     string        // name and version written into receipts; empty: "arsring"

	Now       func() time.Time  // nil: time.Now
	Transport http.RoundTripper // nil: the room's own; tests put faults here

	local layout // of the embedded store; zero: the store is elsewhere
	dial  func(ctx context.Context, network, addr string) (net.Conn, error)
	worm  time.Duration // 0: wormLock
}

// The lock modes.
const (
	LockNone       = "none"
	LockGovernance = "governance"
	LockCompliance = "compliance"
)

// Store is an opened archive. It is safe for concurrent use.
type Store struct {
	o  Options
	c  *minio.Core
	rt http.RoundTripper
	tr *http.Transport // nil when the caller brought its own
	// branches are tenants with a place or keys of their own, by ID; see SetBranches.
	branches *atomic.Pointer[map[string]*branch]
}

// Open connects to the store, checks endpoint, certificate, keys and bucket, and makes the bucket (with object lock
// and versions where the store has them) when it is missing and that is allowed; see Options.Existing. It fails with *UnreachableError or *InputError.
func Open(ctx context.Context, o Options) (*Store, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	s := &Store{o: o, branches: new(atomic.Pointer[map[string]*branch])}
	rt := o.Transport
	if rt == nil {
		if s.tr, err = newTransport(o); err != nil {
			return nil, err
		}
		rt = s.tr
	}
	s.rt = rt
	if s.c, err = o.client(rt, o.Retries); err != nil {
		return nil, s.unreachable(CodeStore, err)
	}
	// Two tries suffice to see whether anybody is there: a person may be waiting for the answer.
	first, err := o.client(rt, min(2, o.Retries))
	if err != nil {
		return nil, s.unreachable(CodeStore, err)
	}
	if err := s.ensureBucket(ctx, first); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close lets idle connections go. The store can still be used afterwards.
func (s *Store) Close() {
	if s.tr != nil {
		s.tr.CloseIdleConnections()
	}
}

func (o Options) complete() (Options, error) {
	o.Parallel = orDefault(o.Parallel, 4)
	o.Retries = orDefault(o.Retries, 5)
	o.Stall = orDefault(o.Stall, time.Minute)
	o.worm = orDefault(o.worm, wormLock)
	o.Tool, o.Settings = cmp.Or(o.Tool, "arsring"), cmp.Or(o.Settings, "archive")
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LockMode == "" {
		o.LockMode = LockNone
	}
	o.Prefix = strings.Trim(o.Prefix, "/")
	if err := o.checkLock(); err != nil {
		return o, err
	}
	return o.completeEndpoint()
}

func orDefault[T int | time.Duration](v, d T) T {
	if v <= 0 {
		return d
	}
	return v
}

func (o Options) checkLock() error {
	switch {
	case o.LockMode == LockNone:
		return nil
	case o.LockMode != LockGovernance && o.LockMode != LockCompliance:
		return badInput(
			fmt.Sprintf("archive.lock.mode är %q; välj none, governance eller compliance.", o.LockMode),
			fmt.Sprintf("archive.lock.mode is %q; choose none, governance or compliance.", o.LockMode), nil)
	case o.LockYears <= 0:
		return badInput(
			fmt.Sprintf("archive.lock.mode är %s men archive.lock.years saknas. Ange hur många år objekten ska vara låsta.", o.LockMode),
			fmt.Sprintf("archive.lock.mode is %s but archive.lock.years is missing. Say for how many years objects are locked.", o.LockMode), nil)
	}
	return nil
}

func (o Options) completeEndpoint() (Options, error) {
	raw := o.Endpoint
	if !strings.Contains(raw, "://") {
		raw = map[bool]string{true: "http://", false: "https://"}[o.Insecure] + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || strings.Trim(u.Path, "/") != "" {
		return o, badInput(
			fmt.Sprintf("archive.endpoint är %q; det ska vara en adress som https://s3.exempel.se utan sökväg.", o.Endpoint),
			fmt.Sprintf("archive.endpoint is %q; it should be an address like https://s3.example.org without a path.", o.Endpoint), err)
	}
	if u.Scheme == "http" && !o.Insecure {
		return o, badInput(
			fmt.Sprintf("archive.endpoint är %q, men okrypterad http är inte tillåten. Använd https eller sätt archive.insecure.", o.Endpoint),
			fmt.Sprintf("archive.endpoint is %q, but plain http is not allowed. Use https or set archive.insecure.", o.Endpoint), nil)
	}
	if o.Bucket == "" {
		return o, badInput("archive.bucket saknas. Ange behållarens namn.", "archive.bucket is missing. Name the bucket.", nil)
	}
	o.Endpoint = u.Scheme + "://" + u.Host
	o.Insecure = u.Scheme == "http"
	return o, nil
}

func (o Options) client(rt http.RoundTripper, retries int) (*minio.Core, error) {
	lookup := minio.BucketLookupAuto
	if o.PathStyle {
		lookup = minio.BucketLookupPath
	}
	_, host, _ := strings.Cut(o.Endpoint, "://")
	c, err := minio.NewCore(host, &minio.Options{
		Creds:           credentials.NewStaticV4(o.AccessKey, o.SecretKey, ""),
		Secure:          !o.Insecure,
		Transport:       rt,
		Region:          o.Region,
		BucketLookup:    lookup,
		TrailingHeaders: true, // minio-go demands it for checksums given in advance
		MaxRetries:      retries,
	})
	if err != nil {
		return nil, fmt.Errorf("set up S3 client for %s: %w", o.Endpoint, err)
	}
	return c, nil
}

// ensureBucket asks with a list, not with HEAD: only a list's answer has a body that tells wrong keys from missing rights.
func (s *Store) ensureBucket(ctx context.Context, c *minio.Core) error {
	err := firstError(ctx, c, s.o.Bucket, s.full(""))
	var resp minio.ErrorResponse
	if !errors.As(err, &resp) || resp.Code != minio.NoSuchBucket || s.o.Existing && !s.o.local.fresh() {
		return s.fault(err, "")
	}
	return s.makeBucket(ctx, c)
}

func firstError(ctx context.Context, c *minio.Core, bucket, prefix string) error {
	for o := range c.ListObjectsIter(ctx, bucket, minio.ListObjectsOptions{Prefix: prefix, MaxKeys: 1}) {
		return o.Err
	}
	return ctx.Err() // the iterator ends silently when its context has ended
}

func (s *Store) makeBucket(ctx context.Context, c *minio.Core) error {
	// Object lock can only be turned on when a bucket is made, so ask for it even if no lock is wanted today.
	err := c.MakeBucket(ctx, s.o.Bucket, minio.MakeBucketOptions{Region: s.o.Region, ObjectLocking: true})
	if err != nil && s.o.LockMode == LockNone && !isOwned(err) {
		if again := c.MakeBucket(ctx, s.o.Bucket, minio.MakeBucketOptions{Region: s.o.Region}); again == nil || isOwned(again) {
			err = nil
		}
	}
	if err == nil || isOwned(err) {
		return nil
	}
	var resp minio.ErrorResponse
	if !errors.As(err, &resp) {
		return s.fault(err, "")
	}
	if code := responseCode(resp); code == CodeFull || code == CodeServer {
		return s.fault(err, "")
	}
	return s.unreachable(CodeBucket, err)
}

// isOwned: somebody made the bucket in the meantime.
func isOwned(err error) bool {
	var resp minio.ErrorResponse
	return errors.As(err, &resp) && resp.Code == "BucketAlreadyOwnedByYou"
}
