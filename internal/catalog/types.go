package catalog

import (
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// Scope is what the one who asks may see. The zero value sees nothing; an unknown class is seen by nobody.
type Scope struct {
	Tenants []string
	Classes []register.Class
}

// AllClasses are every access class, for those who may see everything.
func AllClasses() []register.Class {
	return []register.Class{register.ClassOpen, register.ClassReview, register.ClassSecret}
}

// Filter narrows a search or a list. Zero values do not narrow.
type Filter struct {
	Tenant    string
	Account   string
	Creator   string // archive creator, as the manifests have it
	Unit      string
	Platform  string
	Half      Half      // half-year in which the snapshot was taken
	Year      int       // year in which the snapshot was taken
	TakenFrom time.Time // snapshots taken from here ...
	TakenTo   time.Time // ... and before here
	Trigger   capture.Trigger
	Outcome   capture.Outcome
	Class     register.Class // narrows the scope, never widens it

	// Of posts and comments; they have no meaning in lists of snapshots.
	PublishedFrom time.Time
	PublishedTo   time.Time // before here
	Origin        capture.Origin
	Kinds         []Kind
}

// Kind is what a hit is.
type Kind string

// The kinds.
const (
	KindPost     Kind = "post"
	KindComment  Kind = "comment"
	KindPage     Kind = "page"     // the text of a page without a feed
	KindSnapshot Kind = "snapshot" // the snapshot's own description: title, unit, reason, diary number
)

// Half is a half-year: 2026*2 is the first of 2026, 2026*2+1 the second. Zero is none.
type Half int

// HalfOf is the half-year of a moment by the local date of the register.
func HalfOf(t time.Time) Half {
	t = t.In(register.Location())
	h := Half(t.Year() * 2)
	if t.Month() > time.June {
		h++
	}
	return h
}

// Year is the year of the half.
func (h Half) Year() int { return int(h) / 2 }

// Number is 1 or 2.
func (h Half) Number() int { return int(h)%2 + 1 }

// Bounds are the first moment of the half-year and the first moment after it.
func (h Half) Bounds() (from, to time.Time) {
	month := time.Month(1 + 6*(int(h)%2))
	from = time.Date(h.Year(), month, 1, 0, 0, 0, 0, register.Location())
	return from, from.AddDate(0, 6, 0)
}

// Snapshot is one kept snapshot, as its manifest describes it.
type Snapshot struct {
	ID           string          `json:"id"`
	Tenant       string          `json:"tenant"`
	Account      string          `json:"account"`
	Title        string          `json:"title"`
	Platform     string          `json:"platform"`
	URL          string          `json:"url"`
	Creator      string          `json:"archive_creator"`
	Unit         string          `json:"unit"`
	Organisation string          `json:"organisation"`
	Taken        time.Time       `json:"taken"` // from the ID, UTC
	Packed       time.Time       `json:"packed"`
	Trigger      capture.Trigger `json:"trigger"`
	Slot         string          `json:"slot"` // of the calendar, for which a scheduled one was taken; empty otherwise
	Outcome      capture.Outcome `json:"outcome"`
	Class        register.Class  `json:"access_class"`
	Late         bool            `json:"late"`
	Reason       string          `json:"reason"`
	OrderedBy    string          `json:"ordered_by"`
	Previous     string          `json:"previous"` // may be a snapshot that the scope does not see: ask before showing
	Sentence     capture.Text    `json:"sentence"`
	WantedFrom   *time.Time      `json:"wanted_from"`
	Oldest       *time.Time      `json:"oldest"`
	Newest       *time.Time      `json:"newest"`
	Stop         string          `json:"stop"`
	Posts        int             `json:"posts"`
	Comments     int             `json:"comments"`
	Missing      []string        `json:"missing"` // codes
	Record       string          `json:"record"`  // path in the package; empty: none
	RecordSHA256 string          `json:"record_sha256"`
	Pages        int             `json:"pages"` // sheets of the record
	PDFA         string          `json:"pdfa"`  // level, "2a"; empty: not PDF/A
	UA           bool            `json:"ua"`
	Content      string          `json:"content"` // path of content.json in the package
	Bytes        int64           `json:"bytes"`   // of the files that the manifest lists
	Images       int             `json:"images"`
	Videos       int             `json:"videos"`
	Disposal     string          `json:"disposal"` // "bevara", "gallra" or empty
	DisposeAfter string          `json:"dispose_after"`
	Diary        string          `json:"diary"`        // of an evidence
	EvidenceURL  string          `json:"evidence_url"` // of an evidence
	Receipt      bool            `json:"receipt"`      // stands beside the package
	Token        bool            `json:"token"`        // a time stamp stands beside the package
}

// Half is the half-year in which it was taken.
func (s Snapshot) Half() Half { return HalfOf(s.Taken) }

// Valid says whether it counts as the account's snapshot of its half-year: complete, and of the whole account.
func (s Snapshot) Valid() bool { return s.Outcome == capture.Complete && s.Whole() }

// Whole says whether it is a snapshot of the whole account: neither an evidence nor something handed in.
func (s Snapshot) Whole() bool {
	return s.Trigger != capture.TriggerEvidence && s.Trigger != capture.TriggerIngest
}

// Page asks for one page of a list.
type Page struct {
	After string // cursor from the page before; empty: the first
	Limit int    // 0: 50; at most 1,000
}

// SnapshotList is one page of snapshots, newest first.
type SnapshotList struct {
	Snapshots []Snapshot
	Next      string // cursor of the next page; empty: this was the last
	Total     int    // how many there are in all
}

// Account is one account as the archive knows it.
type Account struct {
	Tenant    string    `json:"tenant"`
	Account   string    `json:"account"`
	Title     string    `json:"title"` // from its latest snapshot, like the next four
	Platform  string    `json:"platform"`
	URL       string    `json:"url"`
	Creator   string    `json:"archive_creator"`
	Unit      string    `json:"unit"`
	Snapshots int       `json:"snapshots"`
	Posts     int       `json:"posts"` // sum over its snapshots; a post that two snapshots hold counts twice
	Comments  int       `json:"comments"`
	Bytes     int64     `json:"bytes"`
	First     time.Time `json:"first"` // taken
	Last      time.Time `json:"last"`
	LastID    string    `json:"last_id"`
	// LastOutcome is the outcome of the latest snapshot, whatever it was taken for.
	LastOutcome capture.Outcome `json:"last_outcome"`
	ValidID     string          `json:"valid_id"` // latest valid snapshot; empty: none
	Valid       time.Time       `json:"valid"`    // when it was taken; zero: never
}

// Group is a count of snapshots under one heading: a year, a half-year, an owner.
type Group struct {
	Tenant    string
	Name      string // archive creator or unit; empty for years and half-years
	Half      Half   // of half-years; for years the first half of it
	Accounts  int
	Snapshots int
	Valid     int
	Partial   int
	Posts     int
	Comments  int
	Bytes     int64
}

// State is how an account stands in one half-year.
type State string

// The states.
const (
	StateValid   State = "valid"   // a complete snapshot of the whole account
	StatePartial State = "partial" // only one with something missing
	StateNone    State = "none"    // none
)

// Standing is how one account of the register stands in one half-year.
type Standing struct {
	Account register.Account
	State   State
	Latest  *Snapshot // the one that decides the state: the latest valid, else the latest partial; nil: none
}

// Overview is the half-year at a glance.
type Overview struct {
	Half     Half
	Standing []Standing // one for each account asked about, in the order given
	Valid    int
	Partial  int
	None     int
	Totals   Group // of everything in the scope
	// NoReceipt counts the snapshots that stand in the archive without a receipt.
	NoReceipt int
	Recent    []Snapshot // the latest ten, newest first
}

// Text is a sentence in Swedish and English.
type Text struct {
	SV string `json:"sv"`
	EN string `json:"en"`
}
