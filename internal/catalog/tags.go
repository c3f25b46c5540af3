package catalog

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// A tag is one word of the index's column tags: a letter that says what it is about and a short hash of the value. Two values that share a
// hash do no harm, since hits are held against the tables too.

var tagCode = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func tag(about byte, value string) string {
	sum := sha256.Sum256([]byte(value))
	return string(about) + tagCode.EncodeToString(sum[:5])
}

const (
	tagTenant   = 't'
	tagAccount  = 'a'
	tagCreator  = 'c'
	tagUnit     = 'u'
	tagPlatform = 'p'
	tagTrigger  = 'r'
	tagOutcome  = 'o'
	tagClass    = 'k'
)

func snapshotTags(s *Snapshot) string {
	return strings.Join([]string{
		tag(tagTenant, s.Tenant), tag(tagAccount, s.Account), tag(tagCreator, s.Creator), tag(tagUnit, s.Unit), tag(tagPlatform, s.Platform),
		tag(tagTrigger, string(s.Trigger)), tag(tagOutcome, string(s.Outcome)), tag(tagClass, string(s.Class)),
	}, " ")
}

// The codes of kinds and origins in the table doc, and their tags.
var (
	kindCodes   = map[Kind]int{KindSnapshot: 0, KindPost: 1, KindComment: 2, KindPage: 3}
	kindNames   = map[int]Kind{0: KindSnapshot, 1: KindPost, 2: KindComment, 3: KindPage}
	originCodes = map[capture.Origin]int{"": 0, capture.OriginUnknown: 1, capture.OriginOwn: 2, capture.OriginReceived: 3}
	originNames = map[int]capture.Origin{0: "", 1: capture.OriginUnknown, 2: capture.OriginOwn, 3: capture.OriginReceived}
)

func kindTag(k Kind) string             { return fmt.Sprintf("x%d", kindCodes[k]) }
func originTag(o capture.Origin) string { return fmt.Sprintf("y%d", originCodes[o]) }

// Publication has a tag for the year and one for the month, both local.
func yearTag(t time.Time) string  { return "z" + t.In(register.Location()).Format("2006") }
func monthTag(t time.Time) string { return "z" + t.In(register.Location()).Format("200601") }

func docTags(k Kind, o capture.Origin, published *time.Time) string {
	s := kindTag(k) + " " + originTag(o)
	if published != nil {
		s += " " + yearTag(*published) + " " + monthTag(*published)
	}
	return s
}

// publishedTags are the tags of which a document published in the period has one: months, or years when the period is long. nil: any.
func publishedTags(from, to time.Time) []string {
	if from.IsZero() && to.IsZero() {
		return nil
	}
	if from.IsZero() {
		from = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC) // no social medium is older
	}
	if to.IsZero() {
		to = from.AddDate(100, 0, 0)
	}
	from, to = from.In(register.Location()), to.In(register.Location())
	var out []string
	if to.Before(from.AddDate(2, 0, 0)) {
		for t := time.Date(from.Year(), from.Month(), 1, 12, 0, 0, 0, from.Location()); t.Before(to.AddDate(0, 0, 1)); t = t.AddDate(0, 1, 0) {
			out = append(out, monthTag(t))
		}
		return out
	}
	for y := from.Year(); y <= to.Year() && len(out) < 200; y++ {
		out = append(out, fmt.Sprintf("z%04d", y))
	}
	return out
}
