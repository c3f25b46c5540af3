package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
)

// probeFolder holds the objects of Probe and ProveWORM, outside every tenant.
const probeFolder = "_selftest/"

// Behaviour is what a store was seen to do, as probed with small objects under _selftest/.
type Behaviour struct {
	CreateOnly bool `json:"create_only"` // If-None-Match: * refuses a second write
	IfMatch    bool `json:"if_match"`    // If-Match with another ETag is refused, with the right one accepted
	SHA256     bool `json:"sha256"`      // keeps and gives back the SHA-256 sent with the object
	BadDigest  bool `json:"bad_digest"`  // refuses bytes that do not fit the SHA-256 sent with them
	Versions   bool `json:"versions"`    // gives each write a version
	ObjectLock bool `json:"object_lock"` // takes and gives back a lock
	Deletes    bool `json:"deletes"`     // unlocked objects can be removed
}

// Lacks says what the store does not do, and what follows from it, one sentence each; nothing when it does everything.
func (b Behaviour) Lacks() []Text {
	var out []Text
	for _, x := range []struct {
		has bool
		t   Text
	}{
		{b.CreateOnly, Text{"Lagret vägrar inte att skriva över (If-None-Match): två leverantörer kan skriva över varandra, och arkivets logg är inte säker för flera skrivare.",
			"The store does not refuse to overwrite (If-None-Match): two deliverers can overwrite each other, and the archive's log is not safe for several writers."}},
		{b.IfMatch, Text{"Lagret prövar inte villkoret If-Match: sidor och kontrollpunkt kan skrivas över av en äldre, och rättas vid nästa leverans.",
			"The store does not heed If-Match: pages and checkpoint can be overwritten by older ones, which the next delivery mends."}},
		{b.SHA256, Text{"Lagret behåller inte SHA-256: varje jämförelse läser hela objektet.", "The store keeps no SHA-256: every comparison reads the whole object."}},
		{b.BadDigest, Text{"Lagret upptäcker inte skador på vägen: återläsningen efter leverans är enda skyddet.", "The store does not notice damage on the way: reading back after delivery is the only guard."}},
		{b.Versions, Text{"Lagret håller inga versioner: det som skrivs över eller tas bort av någon med nycklarna är borta.", "The store keeps no versions: what somebody with the keys overwrites or removes is gone."}},
		{b.ObjectLock, Text{"Lagret kan inte låsa objekt: archive.lock.mode måste vara none.", "The store cannot lock objects: archive.lock.mode must be none."}},
		{b.Deletes, Text{"Lagret tar inte bort objekt: gallring och städning måste göras av lagrets ägare.", "The store removes nothing: disposal and tidying must be done by the store's owner."}},
	} {
		if !x.has {
			out = append(out, x.t)
		}
	}
	return out
}

// Probe tries out what the store does. It leaves nothing behind where the store lets go. The error is for a store that cannot be used.
func (s *Store) Probe(ctx context.Context) (Behaviour, error) {
	key := probeFolder + s.o.Now().UTC().Format("20060102T150405Z") + "-" + randomName(8)
	p := &probe{s: s, key: key}
	for _, step := range []func(context.Context) error{p.createOnly, p.ifMatch, p.badDigest, p.lock, p.remove} {
		if err := step(ctx); err != nil {
			return p.b, err
		}
	}
	return p.b, nil
}

type probe struct {
	s   *Store
	key string
	b   Behaviour
}

func smallBlob(key, text string) blob {
	sum := sha256.Sum256([]byte(text))
	return blob{key: key, size: int64(len(text)), sum: hex.EncodeToString(sum[:]), contentType: "text/plain",
		open: func() (io.ReadSeekCloser, error) { return nopCloser{bytes.NewReader([]byte(text))}, nil }}
}

// refused sorts an answer: accepted, refused by the store, or a store that cannot be used.
func (p *probe) refused(err error) (bool, error) {
	var resp minio.ErrorResponse
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &resp) && resp.StatusCode >= 400 && (resp.StatusCode < 500 || resp.StatusCode == http.StatusNotImplemented):
		return true, nil
	}
	return false, p.s.fault(err, "")
}

func (p *probe) createOnly(ctx context.Context) error {
	only := func(o *minio.PutObjectOptions) { o.SetMatchETagExcept("*") }
	info, err := p.s.write(ctx, smallBlob(p.key, "one"), only)
	if err != nil {
		return p.s.fault(err, "")
	}
	p.b.Versions = info.VersionID != "" && info.VersionID != "null"
	_, err = p.s.write(ctx, smallBlob(p.key, "two"), only)
	if p.b.CreateOnly, err = p.refused(err); err != nil {
		return err
	}
	stat, err := p.s.Stat(ctx, p.key)
	p.b.SHA256 = stat.SHA256 != ""
	return err
}

func (p *probe) ifMatch(ctx context.Context) error {
	stat, err := p.s.Stat(ctx, p.key)
	if err != nil {
		return err
	}
	_, err = p.s.write(ctx, smallBlob(p.key, "three"), func(o *minio.PutObjectOptions) { o.SetMatchETag("0123456789abcdef0123456789abcdef") })
	wrong, err := p.refused(err)
	if err != nil {
		return err
	}
	_, err = p.s.write(ctx, smallBlob(p.key, "four"), func(o *minio.PutObjectOptions) { o.SetMatchETag(stat.ETag) })
	right, err := p.refused(err)
	p.b.IfMatch = wrong && !right
	return err
}

func (p *probe) badDigest(ctx context.Context) error {
	bad := smallBlob(p.key+"-bad", "five")
	bad.sum = smallBlob("", "nine").sum
	_, err := p.s.write(ctx, bad, func(*minio.PutObjectOptions) {})
	p.b.BadDigest, err = p.refused(err)
	return err
}

func (p *probe) lock(ctx context.Context) error {
	b := smallBlob(p.key+"-lock", "six")
	b.lock = &LockInfo{Mode: LockGovernance, Until: shortLock(p.s.o.worm)}
	_, err := p.s.write(ctx, b, func(*minio.PutObjectOptions) {})
	no, err := p.refused(err)
	if err != nil || no {
		return err
	}
	stat, err := p.s.Stat(ctx, b.key)
	p.b.ObjectLock = stat.Lock != nil && stat.Lock.Mode == LockGovernance
	return err
}

func (p *probe) remove(ctx context.Context) error {
	_ = p.s.removeVersions(ctx, p.key+"-bad", true)
	_ = p.s.removeVersions(ctx, p.key+"-lock", true) // may be held for some seconds more; small, and outside every tenant
	no, err := p.refused(p.s.removeVersions(ctx, p.key, false))
	if err != nil || no {
		return err
	}
	_, err = p.s.Stat(ctx, p.key)
	p.b.Deletes = isNotFound(err)
	if p.b.Deletes {
		return nil
	}
	return err
}

// removeVersions removes every version of one object, on a bucket without versions the object. Errors are minio-go's.
func (s *Store) removeVersions(ctx context.Context, key string, bypass bool) error {
	full := s.full(key)
	c := s.at(key)
	v, err := c.GetBucketVersioning(ctx, s.o.Bucket)
	if err != nil || v.Status == "" { // no versions, or a store that knows none
		return c.RemoveObject(ctx, s.o.Bucket, full, minio.RemoveObjectOptions{GovernanceBypass: bypass})
	}
	for o := range c.ListObjectsIter(ctx, s.o.Bucket, minio.ListObjectsOptions{Prefix: full, Recursive: true, WithVersions: true}) {
		if o.Err != nil {
			return o.Err
		}
		if o.Key != full {
			continue
		}
		opt := minio.RemoveObjectOptions{VersionID: o.VersionID, GovernanceBypass: bypass}
		if err := c.RemoveObject(ctx, s.o.Bucket, full, opt); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// WORM is the result of ProveWORM.
type WORM struct {
	Key       string    `json:"key"`        // full key of the object that was tried
	Mode      string    `json:"mode"`       // asked for; "governance" when Options.LockMode is none
	Until     time.Time `json:"until"`      // end of the short lock
	Locked    bool      `json:"locked"`     // the store gave mode and end of the lock back
	SHA256    bool      `json:"sha256"`     // the bytes were read back equal
	Version   string    `json:"version"`    // empty: no versions
	Refused   bool      `json:"refused"`    // the deletion was refused
	StillHere bool      `json:"still_here"` // the object was there after it
	Proven    bool      `json:"proven"`     // locked, equal, refused and still there
	Text      Text      `json:"text"`
}

// wormLock is how long the object of ProveWORM is held.
const wormLock = 5 * time.Second

// shortLock is the end of a short lock by the machine's real clock: the store judges it by its own, whatever time a test pretends.
func shortLock(d time.Duration) time.Time {
	return time.Now().UTC().Add(d + time.Second).Truncate(time.Second)
}

// ProveWORM puts a small object with a lock of five seconds, reads mode, checksum and version back, tries to remove it and says whether
// the store really refused. The object is removed when its lock has ended, which the call waits for.
func (s *Store) ProveWORM(ctx context.Context) (WORM, error) {
	w := WORM{Mode: s.o.LockMode, Until: shortLock(s.o.worm)}
	if w.Mode == LockNone {
		w.Mode = LockGovernance
	}
	b := smallBlob(probeFolder+"worm-"+w.Until.Format("20060102T150405Z")+"-"+randomName(8), "held for five seconds")
	b.lock = &LockInfo{Mode: w.Mode, Until: w.Until}
	w.Key = s.full(b.key)
	p := &probe{s: s, key: b.key}
	_, err := s.write(ctx, b, func(*minio.PutObjectOptions) {})
	no, err := p.refused(err)
	if err != nil {
		return w, err
	}
	if !no {
		if err := p.tryRemove(ctx, &w, b); err != nil {
			return w, err
		}
	}
	w.Proven = w.Locked && w.SHA256 && w.Refused && w.StillHere
	w.Text = w.sentence(s.o.Endpoint)
	if no {
		return w, nil
	}
	return w, p.letGo(ctx, w.Until)
}

func (p *probe) tryRemove(ctx context.Context, w *WORM, b blob) error {
	stat, err := p.s.Stat(ctx, b.key)
	if err != nil {
		return err
	}
	w.Version = stat.VersionID
	w.Locked = stat.Lock != nil && stat.Lock.Mode == w.Mode && !stat.Lock.Until.Before(w.Until)
	err = p.s.c.RemoveObject(ctx, p.s.o.Bucket, w.Key, minio.RemoveObjectOptions{VersionID: stat.VersionID})
	if w.Refused, err = p.refused(err); err != nil {
		return err
	}
	h := sha256.New()
	_, err = p.s.read(ctx, b.key, func() io.Writer { h.Reset(); return h })
	w.StillHere = err == nil
	w.SHA256 = hex.EncodeToString(h.Sum(nil)) == b.sum
	if isNotFound(err) {
		return nil
	}
	return err
}

// letGo waits for the lock's end and removes the object.
func (p *probe) letGo(ctx context.Context, until time.Time) error {
	t := time.NewTimer(time.Until(until) + 100*time.Millisecond)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
	}
	_, err := p.refused(p.s.removeVersions(ctx, p.key, false)) // a store that holds it longer is no fault
	return err
}

func (w WORM) sentence(endpoint string) Text {
	if w.Proven {
		return Text{
			SV: fmt.Sprintf("Arkivlagret %s vägrade ta bort ett låst objekt (%s).", endpoint, w.Mode),
			EN: fmt.Sprintf("The archive store %s refused to remove a locked object (%s).", endpoint, w.Mode)}
	}
	return Text{
		SV: fmt.Sprintf("Arkivlagret %s skyddar inte låsta objekt mot borttagning (%s): lita inte på archive.lock där.", endpoint, w.Mode),
		EN: fmt.Sprintf("The archive store %s does not protect locked objects from removal (%s): do not rely on archive.lock there.", endpoint, w.Mode)}
}
