package web

import (
	"context"
	"errors"
	"io"
	"time"

	"arsring/internal/access"
	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// ErrNotFound is what the interfaces give for what is not there.
var ErrNotFound = errors.New("not found")

// Refusal is an error with a sentence for the person who asked, in both languages.
type Refusal struct {
	Field  string // of the form; empty: the whole
	SV, EN string
}

// Error is the English sentence.
func (e *Refusal) Error() string { return e.EN }

// Snapshot is one snapshot as lists show it.
type Snapshot struct {
	ID         string          `json:"id"`
	Tenant     string          `json:"tenant"`
	Account    string          `json:"account"`
	Title      string          `json:"title"`
	Platform   string          `json:"platform"`
	Unit       string          `json:"unit"`
	Trigger    capture.Trigger `json:"trigger"`
	Outcome    capture.Outcome `json:"outcome"`
	Class      register.Class  `json:"class"`
	Taken      time.Time       `json:"taken"`
	WantedFrom *time.Time      `json:"wanted_from"`
	Oldest     *time.Time      `json:"oldest"`
	Newest     *time.Time      `json:"newest"`
	Reason     string          `json:"reason"`
	By         string          `json:"by"`
	Late       bool            `json:"late"`
	Posts      int             `json:"posts"`
	Comments   int             `json:"comments"`
	Pages      int             `json:"pages"`
	PDFA       string          `json:"pdfa"` // empty: the record is no PDF/A
	Missing    int             `json:"missing"`
	Bytes      int64           `json:"bytes"`
	Receipt    bool            `json:"receipt"` // stored and read back
	Sentence   capture.Text    `json:"sentence"`
}

// Receipt is the proof of delivery as people read it.
type Receipt struct {
	Location  string    `json:"location"`
	Delivered time.Time `json:"delivered"`
	ReadBack  time.Time `json:"read_back"`
	Objects   int       `json:"objects"`
	Bytes     int64     `json:"bytes"`
	METS      string    `json:"mets_sha256"`
	Lock      string    `json:"lock"` // "governance" or "compliance"; empty: not locked
	LockUntil time.Time `json:"lock_until"`
}

// Check is what reading a package again found.
type Check struct {
	ID       string         `json:"id"`
	At       time.Time      `json:"at"`
	OK       bool           `json:"ok"`
	Objects  int            `json:"objects"`
	Bytes    int64          `json:"bytes"`
	Findings []capture.Text `json:"findings"`
}

// Archive is what has been kept. All methods may be called at the same time; those that take an ID give ErrNotFound when there is none.
type Archive interface {
	// Snapshots lists what is kept, newest first; empty tenant and account mean all.
	Snapshots(ctx context.Context, tenant, account string) ([]Snapshot, error)
	Snapshot(ctx context.Context, id string) (Snapshot, error)
	Manifest(ctx context.Context, id string) (sip.Manifest, error)
	Content(ctx context.Context, id string) (sip.Content, error)
	// Receipt gives ErrNotFound while the package has none.
	Receipt(ctx context.Context, id string) (Receipt, error)
	// Open opens one file of the package and gives its size.
	Open(ctx context.Context, id, path string) (io.ReadCloser, int64, error)
	// Tile gives the picture of one tile, as its manifest lists it: in its own size, or no wider than width.
	Tile(ctx context.Context, id string, n, width int) (data []byte, mime string, err error)
	// Package writes the whole package as a ZIP.
	Package(ctx context.Context, id string, w io.Writer) error
	// Check re-reads every byte of the package.
	Check(ctx context.Context, id string) (Check, error)
	// Location says for people where the archive is, and Healthy whether it answers.
	Location() string
	Healthy(ctx context.Context) error
}

// Searcher finds posts, comments, pages and descriptions, compares snapshots, and sums up: the catalogue of the archive. What a scope does
// not see is not there.
type Searcher interface {
	// Overview is the half-year of now at a glance, for these accounts and all that the scope sees.
	Overview(ctx context.Context, sc catalog.Scope, accounts []register.Account, now time.Time) (catalog.Overview, error)
	// Accounts sums up what is kept of each account, in no order.
	Accounts(ctx context.Context, sc catalog.Scope, f catalog.Filter) ([]catalog.Account, error)
	Search(ctx context.Context, q catalog.Query) (catalog.Results, error)
	Compare(ctx context.Context, sc catalog.Scope, id, other string) (catalog.Comparison, error)
}

// Accounts is the register of accounts and its history. A wrong change is register.Problems.
type Accounts interface {
	Current() (*register.Register, error)
	Add(a register.Account, c register.Change) error
	Update(a register.Account, c register.Change) error
	Close(tenant, id string, n register.Notice, c register.Change) error
	History(tenant, id string) ([]register.Entry, error)
	Preview(name string, data io.Reader) (*register.Import, error)
	Apply(i *register.Import, c register.Change) error
	Platforms() []string
}

// Year is the calendar: who is due and why, and the days of a year.
type Year interface {
	Due(ctx context.Context) ([]calendar.Decision, error)
	Windows(year int) []calendar.Window
	Dates(year int) ([]calendar.Date, error)
}

// Pauses are the decisions that the calendar leaves accounts alone.
type Pauses interface {
	SetPause(ctx context.Context, p access.Pause) error
	EndPause(ctx context.Context, tenant, account string) error
	Pauses(ctx context.Context) ([]access.Pause, error)
}

// Order is what a person asks to be done.
type Order struct {
	Tenant  string          `json:"tenant"`
	Account string          `json:"account"`
	Trigger capture.Trigger `json:"trigger"` // manual, closure, evidence or ingest
	Reason  string          `json:"reason"`
	By      string          `json:"by"`
	URL     string          `json:"url"` // evidence: of the post
	Ground  string          `json:"ground"`
	Diary   string          `json:"diary"`
	Files   []string        `json:"-"` // ingest: paths of files, which belong to whoever takes the order
}

// Job is an order on its way.
type Job struct {
	ID       string          `json:"id"`
	Order    Order           `json:"order"`
	Placed   time.Time       `json:"placed"`
	State    string          `json:"state"` // waiting, running, delivered, needs-person, given-up
	Stage    string          `json:"stage"` // capture, record, pdfa, package, deliver
	Done     int64           `json:"done"`
	Total    int64           `json:"total"` // 0: not known
	Ended    bool            `json:"ended"`
	Snapshot string          `json:"snapshot"` // its ID, once there is one
	Outcome  capture.Outcome `json:"outcome"`
	Safe     bool            `json:"safe"` // evidence: the stored copy was read back and holds the post
	Sentence capture.Text    `json:"sentence"`
	Warnings []string        `json:"warnings"`
}

// Orders takes orders and says how they go.
type Orders interface {
	// Place gives the order's ID. A wrong order is a *Refusal.
	Place(ctx context.Context, o Order) (string, error)
	Job(ctx context.Context, id string) (Job, error)
	// Jobs lists those that have not ended, and the newest that have, newest first.
	Jobs(ctx context.Context) ([]Job, error)
	// Watch sends the job as it is and at every change, and closes the channel when it has ended or ctx is done.
	Watch(ctx context.Context, id string) (<-chan Job, error)
}
