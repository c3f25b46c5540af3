package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/minio/minio-go/v7"
)

// Branch is a tenant whose objects stand under a prefix of its own, or are written and read with keys of its own. Keys that this room takes and gives are the
// same for it as for any tenant, <tenant>/...; in the bucket they stand below the branch's prefix.
type Branch struct {
	Tenant    string
	Prefix    string // in place of Options.Prefix; empty: the same
	AccessKey string // in place of Options.AccessKey and SecretKey; empty: the same
	SecretKey string
	// Err says why the keys cannot be read. Whatever is asked of the tenant then fails with it; the store's own keys never take their place.
	Err error
}

// branch is a branch in use.
type branch struct {
	prefix string
	c      *minio.Core
	apart  bool      // its prefix is another than the store's
	hidden bool      // it stands in no list; see Readable
	fresh  sync.Once // before the first delivery
	stale  error     // what that found
}

// SetBranches says which tenants have a place or keys of their own, instead of those said before. It may be called at any time; what is under way goes on as it
// began. It fails where a prefix lies inside of another one, because each would then list the other's objects as its own, and leaves the branches as they are.
func (s *Store) SetBranches(branches []Branch) error {
	made := map[string]*branch{}
	for _, b := range branches {
		n := &branch{prefix: s.o.Prefix, c: s.c}
		if p := strings.Trim(b.Prefix, "/"); p != "" && p != s.o.Prefix {
			n.prefix, n.apart = p, true
		}
		if err := s.besideOthers(b.Tenant, n.prefix, made); err != nil {
			return err
		}
		if b.AccessKey != "" || b.Err != nil {
			var err error
			if n.c, err = s.branchClient(b); err != nil {
				return err
			}
		}
		if n.apart || n.c != s.c {
			made[b.Tenant] = n
		}
	}
	s.branches.Store(&made)
	return nil
}

// besideOthers refuses a prefix inside of another, or around it.
func (s *Store) besideOthers(tenant, prefix string, others map[string]*branch) error {
	for _, o := range append([]string{s.o.Prefix}, prefixesOf(others)...) {
		if o != prefix && (inside(o, prefix) || inside(prefix, o)) {
			return badInput(
				fmt.Sprintf("Arkivets prefix %q för %s ligger inuti %q, eller tvärtom. Välj ett som ligger bredvid.", prefix, tenant, cmp.Or(o, "(inget)")),
				fmt.Sprintf("The archive prefix %q of %s lies inside of %q, or around it. Choose one beside it.", prefix, tenant, cmp.Or(o, "(none)")), nil)
		}
	}
	return nil
}

func prefixesOf(m map[string]*branch) (out []string) {
	for _, b := range m {
		out = append(out, b.prefix)
	}
	return out
}

func inside(outer, inner string) bool { return outer == "" || strings.HasPrefix(inner, outer+"/") }

// branchClient talks to the same store with other keys.
func (s *Store) branchClient(b Branch) (*minio.Core, error) {
	o, rt := s.o, s.rt
	o.AccessKey, o.SecretKey = b.AccessKey, b.SecretKey
	retries := o.Retries
	if b.Err != nil {
		rt, retries = noKeys{&keysError{b.Tenant, b.Err}}, 1
	}
	return o.client(rt, retries)
}

// noKeys answers every request with the reason why it cannot be signed.
type noKeys struct{ err *keysError }

func (n noKeys) RoundTrip(*http.Request) (*http.Response, error) { return nil, n.err }

// keysError says that a tenant's keys cannot be read.
type keysError struct {
	tenant string
	cause  error
}

func (e *keysError) Error() string { return e.text().EN }
func (e *keysError) Unwrap() error { return e.cause }

func (e *keysError) text() Text {
	return Text{
		SV: fmt.Sprintf("Arkivlagrets nycklar för %s är inte kända (%v). Se archive.access_key_file och archive.secret_key_file för %s i registret.", e.tenant, e.cause, e.tenant),
		EN: fmt.Sprintf("The store's keys for %s are not known (%v). See archive.access_key_file and archive.secret_key_file of %s in the register.", e.tenant, e.cause, e.tenant)}
}

// ofTenant gives the branch that a key belongs to; nil: the store's own.
func (s *Store) ofTenant(key string) *branch {
	made := s.branches.Load()
	if made == nil {
		return nil
	}
	tenant, _, below := strings.Cut(key, "/")
	if !below {
		return nil
	}
	return (*made)[tenant]
}

// at gives the client with which a key is read and written.
func (s *Store) at(key string) *minio.Core {
	if b := s.ofTenant(key); b != nil {
		return b.c
	}
	return s.c
}

// Apart reports whether a tenant's objects stand under a prefix of its own: no page of the others' can link to its pages.
func (s *Store) Apart(tenant string) bool {
	b := s.ofTenant(tenant + "/")
	return b != nil && b.apart
}

// Branches lists the tenants with a place or keys of their own, in order.
func (s *Store) Branches() []string {
	var out []string
	if made := s.branches.Load(); made != nil {
		for t := range *made {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return out
}

// CheckBranch lists a tenant's place with its keys, and sees that nothing of the tenant's was left at the store's own place.
func (s *Store) CheckBranch(ctx context.Context, tenant string) error {
	b := s.ofTenant(tenant + "/")
	if b == nil {
		return nil
	}
	if err := firstError(ctx, b.c, s.o.Bucket, joined(b.prefix, tenant+"/")); err != nil {
		return s.fault(err, "")
	}
	return s.leftBehind(ctx, b, tenant)
}

// leftBehind finds a tenant's objects at the store's own place, from a time when it had none of its own. They would be in no list any more, and the tenant's
// log would begin anew.
func (s *Store) leftBehind(ctx context.Context, b *branch, tenant string) error {
	if !b.apart {
		return nil
	}
	old := joined(s.o.Prefix, tenant+"/")
	for o := range s.c.ListObjectsIter(ctx, s.o.Bucket, minio.ListObjectsOptions{Prefix: old, MaxKeys: 1}) {
		if o.Err != nil {
			return s.fault(o.Err, "")
		}
		return badInput(
			fmt.Sprintf("%s har fått prefixet %q i registret, men det som redan är arkiverat ligger under %s. Flytta det dit med lagrets egna verktyg, eller ta bort archive.prefix ur registret.", tenant, b.prefix, old),
			fmt.Sprintf("%s was given the prefix %q in the register, but what is archived already stands under %s. Move it there with the store's own tools, or take archive.prefix out of the register.", tenant, b.prefix, old), nil)
	}
	return ctx.Err()
}

// mayDeliver asks once for each branch whether something was left behind.
func (s *Store) mayDeliver(ctx context.Context, tenant string) error {
	b := s.ofTenant(tenant + "/")
	if b == nil || !b.apart {
		return nil
	}
	b.fresh.Do(func() { b.stale = s.leftBehind(ctx, b, tenant) })
	var input *InputError
	if err := b.stale; err != nil && !errors.As(err, &input) {
		return s.leftBehind(ctx, b, tenant) // it could not be asked then
	}
	return b.stale
}

func joined(prefix, key string) string {
	if prefix == "" {
		return key
	}
	return prefix + "/" + key
}

// list gives what stands below a prefix, in key order, the branches in their places. Without recursive it gives the next segments.
func (s *Store) list(ctx context.Context, prefix, after string, recursive bool) iter.Seq2[ObjectInfo, error] {
	if b := s.ofTenant(prefix); b != nil {
		return s.listOne(ctx, b.c, b.prefix, prefix, after, recursive)
	}
	own := s.listOne(ctx, s.c, s.o.Prefix, prefix, after, recursive)
	made := s.branches.Load()
	if made == nil || len(*made) == 0 || strings.Contains(prefix, "/") {
		return own
	}
	return s.listWith(ctx, *made, own, prefix, recursive)
}

// listWith puts the branches that a prefix without a slash is about among the store's own objects.
func (s *Store) listWith(ctx context.Context, made map[string]*branch, own iter.Seq2[ObjectInfo, error], prefix string, recursive bool) iter.Seq2[ObjectInfo, error] {
	var waiting []string
	for tenant, b := range made {
		if strings.HasPrefix(tenant+"/", prefix) && !b.hidden {
			waiting = append(waiting, tenant)
		}
	}
	slices.Sort(waiting)
	return func(yield func(ObjectInfo, error) bool) {
		// upTo gives the branches that stand before a key; empty: all that are left.
		upTo := func(key string) bool {
			for len(waiting) > 0 && (key == "" || waiting[0]+"/" < key) {
				if !s.yieldBranch(ctx, waiting[0], made[waiting[0]], recursive, yield) {
					return false
				}
				waiting = waiting[1:]
			}
			return true
		}
		for o, err := range own {
			tenant, _, below := strings.Cut(o.Key, "/")
			if below && made[tenant] != nil {
				continue // given with its branch
			}
			if err == nil && !upTo(o.Key) || !yield(o, err) || err != nil {
				return
			}
		}
		upTo("")
	}
}

// yieldBranch gives the objects of one branch, or the one folder that they stand in.
func (s *Store) yieldBranch(ctx context.Context, tenant string, b *branch, recursive bool, yield func(ObjectInfo, error) bool) bool {
	for o, err := range s.listOne(ctx, b.c, b.prefix, tenant+"/", "", true) {
		if err == nil && !recursive {
			o = ObjectInfo{Key: tenant + "/"}
		}
		if !yield(o, err) || err != nil {
			return false
		}
		if !recursive {
			break
		}
	}
	return true
}

// listOne lists one place. base is its prefix in the bucket.
func (s *Store) listOne(ctx context.Context, c *minio.Core, base, prefix, after string, recursive bool) iter.Seq2[ObjectInfo, error] {
	owner := false
	o := minio.ListObjectsOptions{Prefix: joined(base, prefix), Recursive: recursive, FetchOwner: &owner}
	if after != "" {
		o.StartAfter = joined(base, after)
	}
	return func(yield func(ObjectInfo, error) bool) {
		for i := range c.ListObjectsIter(ctx, s.o.Bucket, o) {
			if i.Err != nil {
				yield(ObjectInfo{}, s.fault(i.Err, ""))
				return
			}
			if !yield(s.info(strings.TrimPrefix(i.Key, joined(base, "")), i), nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil { // the iterator ends silently when its context has ended
			yield(ObjectInfo{}, err)
		}
	}
}
