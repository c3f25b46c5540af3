package sip

import (
	crand "crypto/rand"
	"encoding/base32"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"arsring/internal/capture"
)

// stamp is the layout of the time inside a snapshot ID, in UTC.
const stamp = "20060102T150405Z"

var idPattern = regexp.MustCompile(`^([a-z0-9-]{1,48})-([0-9]{8}T[0-9]{6}Z)-(scheduled|manual|closure|evidence|ingest)-([a-z2-7]{4})$`)

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewID draws the ID of a snapshot: <account>-<YYYYMMDDTHHMMSSZ>-<trigger>-<4 letters of base32, lower case>. The
// time is written in UTC to the second; the letters keep two snapshots of the same second apart. It is drawn once,
// when the job is made. rand may be nil, and when it gives too few bytes the system's own randomness is used instead.
func NewID(account string, at time.Time, trigger capture.Trigger, rand io.Reader) string {
	var b [3]byte
	if rand == nil {
		rand = crand.Reader
	}
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		_, _ = crand.Read(b[:]) // never fails: the runtime ends the program instead
	}
	letters := lowerBase32.EncodeToString(b[:])[:4]
	return account + "-" + at.UTC().Format(stamp) + "-" + string(trigger) + "-" + letters
}

// ParseID takes a snapshot ID apart. The time comes back in UTC. An ID that NewID could not have made is an error,
// so a parsed ID is safe as a folder name and as part of an object key.
func ParseID(id string) (account string, at time.Time, trigger capture.Trigger, err error) {
	m := idPattern.FindStringSubmatch(id)
	if m == nil {
		return "", time.Time{}, "", fmt.Errorf("%s is no snapshot ID: want <account>-<YYYYMMDDTHHMMSSZ>-<trigger>-<4 letters>", quote(id))
	}
	at, err = time.Parse(stamp, m[2])
	if err != nil {
		return "", time.Time{}, "", fmt.Errorf("%s is no snapshot ID: %q is no time", quote(id), m[2])
	}
	return m[1], at, capture.Trigger(m[3]), nil
}

// quote shows foreign text in an error: escaped, and never longer than a line.
func quote(s string) string {
	if len(s) > 120 {
		s = strings.ToValidUTF8(s[:120], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}
