package calendar

import (
	"time"

	"arsring/internal/register"
)

// Kept is one snapshot that the archive holds of an account.
type Kept struct {
	ID       string
	Trigger  string // "scheduled", "manual", "closure", "evidence" or "ingest"
	Slot     string // the slot that a scheduled one was taken for; empty otherwise
	Complete bool   // outcome complete, and the whole account
	At       time.Time
	// WantedFrom is the start of the period it was asked to cover; nil for everything.
	WantedFrom *time.Time
}

// Pause is a person's decision that the calendar leaves an account alone.
type Pause struct {
	Until  time.Time // zero: until further notice
	Reason string
}

// Standing is how one account stands at a moment.
type Standing struct {
	Account register.Account
	Kept    []Kept // in any order; only the last years matter
	// Known is when the account came into the register; zero when it has always been there. Windows that had closed by then are not demanded.
	Known time.Time
	// Queued gives the state of the job of a slot ("waiting", "running", "needs-person", "given-up"); such a slot is not ordered again.
	Queued map[string]string
	Paused *Pause
}

// Status is how an account stands to its slot.
type Status string

// The statuses.
const (
	StatusKept     Status = "kept"      // the slot is filled by a complete snapshot
	StatusPartial  Status = "partial"   // the slot is filled, but something is missing in the snapshot
	StatusWaiting  Status = "waiting"   // its day has not come
	StatusDue      Status = "due"       // its day has come and the window is open
	StatusOverdue  Status = "overdue"   // the window has passed without a snapshot
	StatusNotBegun Status = "not-begun" // the account begins later
	StatusEnded    Status = "ended"     // the account has ended
)

// Hold is why a due or overdue snapshot is not ordered now.
type Hold string

// The holds.
const (
	HoldNone      Hold = ""
	HoldQueued    Hold = "queued"    // its job is there already
	HoldPaused    Hold = "paused"    // a person has paused the account
	HoldForbidden Hold = "forbidden" // a forbidden period
	HoldHour      Hold = "hour"      // a day that many share: each at its own hour
)

// Triggers that the calendar orders, as the jobs name them.
const (
	TriggerScheduled = "scheduled"
	TriggerClosure   = "closure"
)

// Decision is what holds for one account and slot.
type Decision struct {
	Tenant  string `json:"tenant"`
	Account string `json:"account"`
	Trigger string `json:"trigger"`
	Slot    string `json:"slot"` // the opening's date, or "closure-<date of removal>"; empty when there is none yet
	Status  Status `json:"status"`
	Take    bool   `json:"take"` // order it now
	Late    bool   `json:"late"` // to be marked so
	Hold    Hold   `json:"hold,omitempty"`
	// Opens and Closes bound the window; At is the account's own time in it.
	Opens  time.Time `json:"opens,omitzero"`
	Closes time.Time `json:"closes,omitzero"`
	At     time.Time `json:"at,omitzero"`
	// Since is when it became due, overdue or kept; zero while waiting.
	Since time.Time `json:"since,omitzero"`
	// Next is when the calendar will next take one; zero when now, or never.
	Next time.Time `json:"next,omitzero"`
	// KeptID is the snapshot that fills the slot.
	KeptID string `json:"kept_id,omitempty"`
	// Missed lists earlier slots that never got a snapshot.
	Missed []string `json:"missed,omitempty"`

	words words
}

// words are what Why needs besides the decision. Sentences are made when somebody reads them: the tick asks ten thousand times and reads none.
type words struct {
	begins    day    // first day of an account that has not begun
	forbidden string // name of the forbidden period that holds it
	reason    string // of the pause
	state     string // of the job
}
