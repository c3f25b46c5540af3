package job

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Options say where the queue lives and how it is worked.
type Options struct {
	// Database is the path of a SQLite file, or postgres://user:password@host/name.
	Database string
	// Lock is a file that the working process holds: one process a data folder. Empty: no lock, for queues that are not worked.
	Lock string
	// Locked is called when the lock is held, before anything is worked: what an earlier process left can be cleared away then. Nil: nothing.
	Locked func() error
	// ID names the working process; the same after a restart in the same data folder, so that it knows its own jobs. Empty: drawn.
	ID string
	// Parallel is how many jobs are worked at once; 0: 1.
	Parallel int
	// Pause is the least time between two jobs on one lane; a job may ask for more when it enters.
	Pause time.Duration
	// Turn is about how long one job holds its lane: those that find it taken come back one after the other, so far apart. 0: 30 s, or Pause if longer.
	Turn time.Duration
	// Attempts is how many failures make a job give up; 0: 8.
	Attempts int
	// Timeout bounds one attempt; 0: 4 h.
	Timeout time.Duration
	// Backoff is the wait after the first failure, four times as long after each further one, at most MaxBackoff. 0: 5 min and 12 h.
	Backoff, MaxBackoff time.Duration
	// Person is how long a job that needs a person waits before it looks again by itself; 0: 24 h.
	Person time.Duration
	// Beat is how often the process says that it lives, and Dead after how much silence others take its jobs; 0: 5 s and 60 s.
	Beat, Dead time.Duration
	// Poll is how often the database is asked for work; 0: 1 s.
	Poll time.Duration
	// Patience is how long Stop waits, after the grace, for jobs that were told to end; 0: 30 s.
	Patience time.Duration
	// Stagger lets the maintenance of several processes not begin at the same time; tests leave it out.
	Stagger bool
	// Log is for River, which wants one; nil: silent.
	Log *slog.Logger
	Now func() time.Time // nil: time.Now
}

func (o *Options) defaults() {
	def := func(d *time.Duration, to time.Duration) {
		if *d == 0 {
			*d = to
		}
	}
	def(&o.Turn, max(30*time.Second, o.Pause))
	def(&o.Timeout, 4*time.Hour)
	def(&o.Backoff, 5*time.Minute)
	def(&o.MaxBackoff, 12*time.Hour)
	def(&o.Person, 24*time.Hour)
	def(&o.Beat, 5*time.Second)
	def(&o.Dead, time.Minute)
	def(&o.Poll, time.Second)
	def(&o.Patience, 30*time.Second)
	o.Parallel, o.Attempts = max(1, o.Parallel), max(0, o.Attempts)
	if o.Attempts == 0 {
		o.Attempts = 8
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.ID == "" {
		o.ID = DrawID()
	}
}

// DrawID draws a name for a working process: the machine's and some letters.
func DrawID() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "arsring"
	}
	return host[:min(len(host), 60)] + "-" + hex.EncodeToString(b[:])
}

// How long finished jobs are kept. The archive is the truth about what they kept; a job that was given up is ordered anew by the calendar once
// its row is gone, one that a person took back is not while its window matters.
const (
	keepDelivered = 30 * 24 * time.Hour
	keepGivenUp   = 7 * 24 * time.Hour
	keepCancelled = 200 * 24 * time.Hour
)

// Queue is the durable queue. Its methods may be called from several goroutines, and by several processes on one database.
type Queue struct {
	o  Options
	db *database
	w  *worker

	mu     sync.Mutex
	active map[int64]*running
	beaten time.Time // last time that the beat reached the database
	unlock func()
	stop   context.CancelFunc // ends the beat
	lost   chan struct{}      // closed when another process has taken our jobs
	deaf   atomic.Bool        // tests: no beat reaches the database
	beats  sync.WaitGroup
}

// running is a job that this process works on.
type running struct {
	cancel context.CancelCauseFunc
	lane   string // held; empty: none
}

// ErrBusy says that another process works this queue from the same data folder.
var ErrBusy = errors.New("another arsring daemon already works in this data folder")

// Open opens the queue and makes its tables where they are missing. Nothing is worked before Work.
func Open(ctx context.Context, o Options) (*Queue, error) {
	o.defaults()
	q := &Queue{o: o, active: map[int64]*running{}, lost: make(chan struct{})}
	q.w = &worker{q: q}
	workers := river.NewWorkers()
	river.AddWorker(workers, q.w)
	cfg := &river.Config{
		ID: o.ID, Logger: o.Log, Workers: workers, MaxAttempts: o.Attempts, JobTimeout: o.Timeout, RescueStuckJobsAfter: o.Timeout + time.Hour,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: o.Parallel}, ownQueue(o.ID): {MaxWorkers: 1}},
		FetchPollInterval:           o.Poll,
		FetchCooldown:               min(100*time.Millisecond, o.Poll),
		CompletedJobRetentionPeriod: keepDelivered, DiscardedJobRetentionPeriod: keepGivenUp, CancelledJobRetentionPeriod: keepCancelled,
		PollOnly: !IsPostgres(o.Database), // SQLite has no notifications; River would ask twenty times a second
		TestOnly: !o.Stagger,
	}
	db, err := openDatabase(ctx, o.Database, cfg)
	if err != nil {
		return nil, err
	}
	q.db = db
	return q, nil
}

// Lost is closed when the database could not be reached for so long that another process has taken this one's jobs. The process must then end
// without Stop, and may start again: it cannot finish what is no longer its own.
func (q *Queue) Lost() <-chan struct{} { return q.lost }

// ID is the name of this process among those that work the queue.
func (q *Queue) ID() string { return q.o.ID }

// Close closes the database. A queue that is worked is stopped first.
func (q *Queue) Close() error {
	q.db.close()
	return nil
}

// Placed is what became of an order.
type Placed struct {
	Job Job
	New bool // false: there was a job for it already, which Job is
}

// Order puts orders into the queue, all or none. An order for which there is a job already becomes that job.
func (q *Queue) Order(ctx context.Context, orders ...Order) ([]Placed, error) {
	params := make([]river.InsertManyParams, len(orders))
	for i, o := range orders {
		if o.Tenant == "" || o.Account == "" || o.Snapshot == "" || o.Trigger == "" {
			return nil, fmt.Errorf("order %d: tenant, account, snapshot and trigger must be given: %+v", i, o)
		}
		params[i] = insertion(o, q.o.Attempts)
	}
	if len(params) == 0 {
		return nil, nil
	}
	results, err := q.db.client.InsertMany(ctx, params)
	if err != nil {
		return nil, fmt.Errorf("the order cannot be queued: %w", err)
	}
	out := make([]Placed, len(results))
	for i, r := range results {
		j, err := jobOf(r.Job)
		if err != nil {
			return nil, err
		}
		out[i] = Placed{j, !r.UniqueSkippedAsDuplicate}
	}
	return out, nil
}

// Work starts working the queue with a function, and goes on in the background until Stop. Jobs that a process left behind when it ended are
// taken up. The error is ErrBusy when another process does this from the same data folder.
func (q *Queue) Work(ctx context.Context, do Work) error {
	q.w.do = do
	if q.o.Lock != "" {
		unlock, err := lockFile(q.o.Lock, syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return ErrBusy
		}
		if err != nil {
			return fmt.Errorf("the lock %s cannot be taken: %w", q.o.Lock, err)
		}
		q.unlock = unlock
	}
	var err error
	if q.o.Locked != nil {
		err = q.o.Locked()
	}
	if err == nil {
		err = q.arrive(ctx)
	}
	if err == nil {
		err = q.db.client.Start(context.WithoutCancel(ctx))
	}
	if err != nil {
		q.release()
		return fmt.Errorf("the queue cannot be worked: %w", err)
	}
	beat, stop := context.WithCancel(context.WithoutCancel(ctx))
	q.stop = stop
	q.beats.Go(func() { q.beatUntil(beat) })
	return nil
}

// Stop takes no more jobs, waits so long for those that run, then ends them: they stay resumable and are tried again without counting.
func (q *Queue) Stop(ctx context.Context, grace time.Duration) error {
	soft, cancel := context.WithTimeout(ctx, grace)
	err := q.db.client.Stop(soft)
	cancel()
	if err != nil {
		hard, cancel := context.WithTimeout(ctx, q.o.Patience)
		err = q.db.client.StopAndCancel(hard)
		cancel()
	}
	if q.stop != nil {
		q.stop()
		q.beats.Wait()
	}
	q.leave(ctx)
	q.release()
	return err
}

func (q *Queue) release() {
	if q.unlock != nil {
		q.unlock()
		q.unlock = nil
	}
}

// Leads reports whether this process is the one that River elected: one of all that work the queue.
func (q *Queue) Leads(ctx context.Context) (bool, error) {
	if q.db.pg == nil {
		return true, nil // the lock lets only one work
	}
	var n int
	err := q.db.pg.QueryRow(ctx, "select count(*) from river_leader where leader_id = $1 and expires_at > now()", q.o.ID).Scan(&n)
	return n > 0, err
}

// list gives all rows of ours in some of River's states, in order.
func (q *Queue) list(ctx context.Context, states ...rivertype.JobState) ([]*rivertype.JobRow, error) {
	const page = 2000
	var out []*rivertype.JobRow
	params := river.NewJobListParams().Kinds(kind).States(states...).OrderBy(river.JobListOrderByID, river.SortOrderAsc).First(page)
	for {
		res, err := q.db.client.JobList(ctx, params)
		if err != nil {
			return nil, err
		}
		out = append(out, res.Jobs...)
		if len(res.Jobs) < page {
			return out, nil
		}
		params = params.After(res.LastCursor)
	}
}
