package job

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/riverqueue/river/rivertype"
)

// State is how far a job has come, apart from the outcome of its capture.
type State string

// The states of a job.
const (
	Waiting     State = "waiting"
	Running     State = "running"
	Delivered   State = "delivered"
	NeedsPerson State = "needs-person"
	GivenUp     State = "given-up"
)

// States are all states, in the order in which people want to see them.
func States() []State { return []State{Running, NeedsPerson, Waiting, GivenUp, Delivered} }

// Text is a sentence for people, in Swedish and English.
type Text struct {
	SV string `json:"sv"`
	EN string `json:"en"`
}

// In gives the sentence in the language: "en", else Swedish.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.SV
}

// Attempt is one try of a job that did not finish it.
type Attempt struct {
	At      time.Time `json:"at"`
	Worker  string    `json:"worker,omitempty"`
	Outcome string    `json:"outcome,omitempty"` // of the capture
	Code    string    `json:"code,omitempty"`
	Error   string    `json:"error,omitempty"` // the cause, in English
	Text    Text      `json:"text"`
}

// maxAttemptsKept bounds the list of a job that is tried for months: the first and the last ones are kept.
const maxAttemptsKept = 50

// Job is an order on its way.
type Job struct {
	ID int64 `json:"job"`
	Order
	State     State      `json:"state"`
	Cancelled bool       `json:"cancelled,omitempty"` // a person took it back; the state is given-up
	Paused    bool       `json:"paused,omitempty"`    // it waits because somebody paused what it belongs to
	Text      Text       `json:"text"`                // what came of the last attempt
	Outcome   string     `json:"outcome,omitempty"`
	Code      string     `json:"code,omitempty"`
	Notes     []string   `json:"notes,omitempty"` // what whoever ordered it should heed
	Tried     int        `json:"tried"`           // attempts that failed and count
	Of        int        `json:"of"`              // so many, and it is given up
	Next      *time.Time `json:"next,omitempty"`  // when it is tried again
	Started   *time.Time `json:"started,omitempty"`
	Ended     *time.Time `json:"ended,omitempty"`
	Worker    string     `json:"worker,omitempty"` // process that works on it, or did last
	Attempts  []Attempt  `json:"attempts"`
}

// standing is what is kept beside River's own columns, as the job's output.
type standing struct {
	State    State     `json:"state,omitempty"`
	Paused   bool      `json:"paused,omitempty"`
	Text     Text      `json:"text"`
	Outcome  string    `json:"outcome,omitempty"`
	Code     string    `json:"code,omitempty"`
	Notes    []string  `json:"notes,omitempty"`
	Reclaims int       `json:"reclaims,omitempty"` // how often in a row its process ended under it
	Attempts []Attempt `json:"attempts,omitempty"`
}

func (s *standing) add(a Attempt) {
	s.Attempts = append(s.Attempts, a)
	if n := len(s.Attempts); n > maxAttemptsKept {
		s.Attempts = append(s.Attempts[:10:10], s.Attempts[n-maxAttemptsKept+10:]...)
	}
}

// metadata is the part of River's metadata that is read here.
type metadata struct {
	Output          standing   `json:"output"`
	CancelAttempted *time.Time `json:"cancel_attempted_at"`
}

func readMetadata(row *rivertype.JobRow) (metadata, error) {
	var m metadata
	if err := json.Unmarshal(row.Metadata, &m); err != nil {
		return m, fmt.Errorf("job %d: its metadata cannot be read: %w", row.ID, err)
	}
	return m, nil
}

// jobOf reads a row of River's.
func jobOf(row *rivertype.JobRow) (Job, error) {
	var a args
	if err := json.Unmarshal(row.EncodedArgs, &a); err != nil {
		return Job{}, fmt.Errorf("job %d: its order cannot be read: %w", row.ID, err)
	}
	m, err := readMetadata(row)
	if err != nil {
		return Job{}, err
	}
	s := m.Output
	j := Job{ID: row.ID, Order: a.Order, State: stateOf(row.State, s.State), Paused: s.Paused, Text: s.Text, Outcome: s.Outcome, Code: s.Code, Notes: s.Notes, Tried: row.Attempt, Of: row.MaxAttempts,
		Started: row.AttemptedAt, Ended: row.FinalizedAt, Worker: ownerOf(row), Attempts: s.Attempts}
	if j.Attempts == nil {
		j.Attempts = []Attempt{}
	}
	switch j.State {
	case Waiting, NeedsPerson:
		next := row.ScheduledAt
		j.Next = &next
	case Running:
		j.Tried = max(0, row.Attempt-1)
	}
	if row.State == rivertype.JobStateCancelled && s.State != GivenUp {
		j.Cancelled = true
		j.Text = Text{"Jobbet är återkallat.", "The job was cancelled."}
	}
	return j, nil
}

// stateOf puts River's state and our own together.
func stateOf(row rivertype.JobState, own State) State {
	switch row {
	case rivertype.JobStateCompleted:
		return Delivered
	case rivertype.JobStateCancelled, rivertype.JobStateDiscarded:
		return GivenUp
	case rivertype.JobStateRunning:
		return Running
	}
	if own == NeedsPerson {
		return NeedsPerson
	}
	return Waiting
}

// ownerOf is the process that took the job last.
func ownerOf(row *rivertype.JobRow) string {
	if n := len(row.AttemptedBy); n > 0 {
		return row.AttemptedBy[n-1]
	}
	return ""
}
