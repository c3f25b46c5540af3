package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// Hold says how one package is held, where Options.LockMode holds packages at all.
type Hold struct {
	Until time.Time // end of the lock; zero: Options.LockYears from now
	Legal bool      // a legal hold besides, which ends only when a person lets go (Release)
}

// lockFor is the lock of one package; nil for none.
func (s *Store) lockFor(h Hold) *LockInfo {
	l := s.newLock()
	if l != nil && !h.Until.IsZero() {
		// A lock in the past would be refused: what may go already is held a day, so that a receipt still says what was asked for.
		l.Until = h.Until.UTC().Truncate(time.Second)
		if soon := s.o.Now().UTC().Add(24 * time.Hour).Truncate(time.Second); l.Until.Before(soon) {
			l.Until = soon
		}
	}
	return l
}

// LockMode is the configured mode: LockNone, LockGovernance or LockCompliance.
func (s *Store) LockMode() string { return s.o.LockMode }

// LockYears is how many years objects are held where nothing else is said.
func (s *Store) LockYears() int { return s.o.LockYears }

// checkLock compares an object's lock with what the receipt says of the package.
func (v *verification) checkLock(ctx context.Context, p string, info ObjectInfo) error {
	if !v.locks {
		return nil
	}
	lock := info.Lock
	promised := v.receipt != nil && v.receipt.Lock != nil && v.receipt.Lock.Until.After(v.s.o.Now())
	if lock == nil && (promised || v.s.o.LockMode != LockNone) { // not every store tells the lock on GET
		stat, err := v.s.Stat(ctx, v.e.Prefix+p)
		if err != nil {
			return err
		}
		lock = stat.Lock
	}
	v.mu.Lock()
	if v.held == nil {
		v.held = map[string]*LockInfo{}
	}
	v.held[p] = lock
	v.mu.Unlock()
	switch {
	case !promised:
	case lock == nil:
		v.found(FoundLockMissing, p)
	case lock.Until.Before(v.receipt.Lock.Until):
		v.found(FoundLockShort, p)
	}
	return nil
}

func (v *verification) weakest() *LockInfo {
	if len(v.held) == 0 {
		return nil
	}
	list := make([]*LockInfo, 0, len(v.held))
	for _, l := range v.held {
		list = append(list, l)
	}
	return weakest(list)
}

// Extend lets the lock of every object of a package, of its receipt and of what else stands beside it end no earlier than until. Locks that end
// later are left alone. It gives how many were moved. Without a lock mode nothing is done.
func (s *Store) Extend(ctx context.Context, e Entry, until time.Time) (int, error) {
	if s.o.LockMode == LockNone {
		return 0, nil
	}
	keys, err := s.packageKeys(ctx, e, true)
	if err != nil {
		return 0, err
	}
	until = until.UTC().Truncate(time.Second)
	n := 0
	for _, key := range keys {
		info, err := s.Stat(ctx, key)
		if err != nil {
			return n, err
		}
		if info.Lock != nil && !info.Lock.Until.Before(until) {
			continue
		}
		mode := retentionMode(s.o.LockMode)
		o := minio.PutObjectRetentionOptions{Mode: &mode, RetainUntilDate: &until, VersionID: info.VersionID}
		if err := s.at(key).PutObjectRetention(ctx, s.o.Bucket, s.full(key), o); err != nil {
			return n, s.fault(err, key)
		}
		n++
	}
	return n, nil
}

// Held says how a package is held: the lock that ends first (nil when an object has none) and whether any object is under a legal hold.
func (s *Store) Held(ctx context.Context, e Entry) (lock *LockInfo, legal bool, err error) {
	keys, err := s.packageKeys(ctx, e, false)
	if err != nil {
		return nil, false, err
	}
	list := make([]*LockInfo, 0, len(keys))
	for _, key := range keys {
		info, err := s.Stat(ctx, key)
		if err != nil {
			return nil, false, err
		}
		list, legal = append(list, info.Lock), legal || info.Legal
	}
	return weakest(list), legal, nil
}

// Release ends the legal hold on every object of a package.
func (s *Store) Release(ctx context.Context, e Entry) error {
	keys, err := s.packageKeys(ctx, e, false)
	if err != nil {
		return err
	}
	off := minio.LegalHoldDisabled
	for _, key := range keys {
		info, err := s.Stat(ctx, key)
		if err != nil {
			return err
		}
		if !info.Legal {
			continue
		}
		if err := s.at(key).PutObjectLegalHold(ctx, s.o.Bucket, s.full(key), minio.PutObjectLegalHoldOptions{Status: &off, VersionID: info.VersionID}); err != nil {
			return s.fault(err, key)
		}
	}
	return nil
}

// packageKeys lists a package's objects, METS.xml last; with beside also the receipt, tokens and notes.
func (s *Store) packageKeys(ctx context.Context, e Entry, beside bool) ([]string, error) {
	if _, err := e.place(); err != nil {
		return nil, err
	}
	var keys []string
	folder := strings.TrimSuffix(e.Prefix, "/")
	for _, prefix := range []string{folder + ".", folder + "/"} {
		if prefix == folder+"." && !beside {
			continue
		}
		for o, err := range s.ListKeys(ctx, prefix) {
			if err != nil {
				return nil, err
			}
			keys = append(keys, o.Key)
		}
	}
	if i := slices.Index(keys, e.Prefix+metsName); i >= 0 {
		keys = append(slices.Delete(keys, i, i+1), e.Prefix+metsName)
	}
	return keys, nil
}

// Remove takes a package away with all its versions, METS.xml last, so that a removal that was cut off can be found and finished. Receipt, tokens
// and notes beside it stay: they hold hashes, and say that it was there. bypass lifts governance locks that have not ended; compliance locks and
// legal holds are the store's to refuse. Only a decision may lead here: the caller has recorded it.
func (s *Store) Remove(ctx context.Context, e Entry, bypass bool) (int, error) {
	keys, err := s.packageKeys(ctx, e, false)
	if err != nil {
		return 0, err
	}
	for i, key := range keys {
		if err := s.removeVersions(ctx, key, bypass); err != nil {
			return i, s.refusedRemoval(ctx, err, key)
		}
		if _, err := s.Stat(ctx, key); !isNotFound(err) {
			return i, errors.Join(err, s.refusedRemoval(ctx, errors.New("the store says that it removed the object, and it is still there"), key))
		}
	}
	return len(keys), nil
}

// refusedRemoval tells an object that is held from a store that cannot be used. MinIO says no more of the former than "invalid request".
func (s *Store) refusedRemoval(ctx context.Context, cause error, key string) error {
	var resp minio.ErrorResponse
	if err := s.fault(cause, key); errors.As(cause, &resp) && responseCode(resp) != CodeDenied {
		info, serr := s.Stat(ctx, key)
		if !isInvalid(cause) || serr != nil || !info.Legal && (info.Lock == nil || info.Lock.Until.Before(s.o.Now())) {
			return err
		}
	}
	return badInput(
		fmt.Sprintf("Arkivlagret vägrar ta bort %s: objektet är låst eller spärrat. Vänta tills låset går ut, eller häv spärren.", key),
		fmt.Sprintf("The archive store refuses to remove %s: the object is locked or under a legal hold. Wait for the lock's end, or release the hold.", key), cause)
}

// OpenKey opens any object for reading, and gives what is known of it.
func (s *Store) OpenKey(ctx context.Context, key string) (io.ReadCloser, ObjectInfo, error) {
	if err := checkPath(key); err != nil || path.IsAbs(key) {
		return nil, ObjectInfo{}, err
	}
	body, info, _, err := s.at(key).GetObject(ctx, s.o.Bucket, s.full(key), minio.GetObjectOptions{})
	if err != nil {
		return nil, ObjectInfo{}, s.fault(err, key)
	}
	return &openObject{ReadCloser: body, s: s, key: key, left: info.Size}, s.info(key, info), nil
}

// Full is the key as it stands in the bucket, with the configured prefix.
func (s *Store) Full(key string) string { return s.full(key) }
