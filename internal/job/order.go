package job

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Order is one account's passage as it was ordered. It never changes: every attempt sees the same, on whatever machine.
type Order struct {
	Tenant  string `json:"tenant"`
	Account string `json:"account"` // ID in the register
	// Snapshot is the ID drawn when it was ordered.
	Snapshot string `json:"snapshot"`
	Trigger  string `json:"trigger"`
	// Slot is the account's claim that the job is for. There is one job of a tenant, account and slot, ever, as long as its row is kept.
	Slot string `json:"slot,omitempty"`
	// Once names what no second unfinished job is wanted of, among orders without a slot; empty allows any number.
	Once string `json:"once,omitempty"`
	// Lane is what is used politely: one job at a time, and a pause between two.
	Lane     string          `json:"lane,omitempty"`
	Platform string          `json:"platform,omitempty"`
	Title    string          `json:"title,omitempty"` // of the account, for people
	Late     bool            `json:"late,omitempty"`
	Reason   string          `json:"reason,omitempty"`
	By       string          `json:"by,omitempty"`
	Ordered  time.Time       `json:"ordered"`
	Urgent   bool            `json:"urgent,omitempty"`  // somebody waits for it: before all others
	Manual   bool            `json:"manual,omitempty"`  // a person or a notice asked for it: before scheduled ones, and no pause of an account holds it
	Request  json.RawMessage `json:"request,omitempty"` // what else the work needs
	// At is the ID of the only process that may work it, because what it needs lies on that machine; empty: any.
	At string `json:"at,omitempty"`
}

// Key names the account the way people write it where there are several tenants.
func (o Order) Key() string { return o.Tenant + "/" + o.Account }

// Priorities of River, 1 before 4.
const (
	urgent    = 1
	manual    = 2
	scheduled = 3
)

func (o Order) priority() int {
	switch {
	case o.Urgent:
		return urgent
	case o.Manual:
		return manual
	}
	return scheduled
}

// unfinished are the states in which an order without a slot keeps a second one away.
var unfinished = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}

// kind is the name of our jobs in River's table.
const kind = "passage"

// args are an order as River keeps it.
type args struct {
	Unique string `json:"unique" river:"unique"`
	Order  Order  `json:"order"`
}

// Kind names the job in River's table.
func (args) Kind() string { return kind }

// ownQueue is River's queue of the jobs that only one process may work. The names that River allows are narrower than ours.
func ownQueue(id string) string {
	sum := sha256.Sum256([]byte(id))
	return "at-" + hex.EncodeToString(sum[:6])
}

// insertion says how an order goes into the queue.
func insertion(o Order, attempts int) river.InsertManyParams {
	opts := river.InsertOpts{MaxAttempts: attempts, Priority: o.priority()}
	if o.At != "" {
		opts.Queue = ownQueue(o.At)
	}
	a := args{Order: o}
	switch {
	case o.Slot != "":
		a.Unique = o.Key() + "/slot/" + o.Slot
		opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: rivertype.JobStates()}
	case o.Once != "":
		a.Unique = o.Key() + "/once/" + o.Once
		opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: unfinished}
	}
	return river.InsertManyParams{Args: a, InsertOpts: &opts}
}
