package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"arsring/internal/capture"
	"arsring/internal/job"
)

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// jobDatabase is where the queue lives: the configured Postgres, else a file in the data folder.
func (a *App) jobDatabase() string {
	if address := a.cfg.Jobs.Database.Reveal(); address != "" {
		return address
	}
	return a.cfg.Path("jobs.db")
}

// openQueue opens the queue for looking and steering, or, with a name, for working.
func (a *App) openQueue(ctx context.Context, id string) (*job.Queue, error) {
	o := a.jobTuning
	o.Database, o.ID, o.Now, o.Log, o.Stagger = a.jobDatabase(), id, a.now, slog.New(warnings{a.log.Handler()}), true
	o.Parallel, o.Pause, o.Attempts = a.cfg.Capture.Parallel, a.cfg.Capture.Pause, a.cfg.Jobs.Attempts
	if id != "" {
		o.Lock = a.cfg.Path("jobs.lock")
		o.Locked = func() error { a.clearTemp(id); return nil }
	}
	q, err := job.Open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	return q, nil
}

// Queue opens the queue for looking and steering; the caller closes it. Without a database there is an empty one.
func (a *App) Queue(ctx context.Context) (*job.Queue, error) { return a.openQueue(ctx, "") }

// daemonID is the name of this data folder's daemon, the same after each start.
func (a *App) daemonID() (string, error) {
	path := a.cfg.Path("daemon-id")
	data, err := os.ReadFile(path)
	if id := strings.TrimSpace(string(data)); err == nil && id != "" {
		return id, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	id := job.DrawID()
	return id, writeFile(path, []byte(id+"\n"))
}

// OrderRequest asks for a snapshot by a daemon.
type OrderRequest struct {
	Account string // as people write it: ID, or tenant/id
	Trigger capture.Trigger
	Reason  string
	By      string
	Since   *time.Time // wanted from; nil: from the end of unbroken coverage
	// Evidence is what is documented, for the trigger evidence; account, reason and orderer are those above.
	Evidence *EvidenceRequest
	// Files are what is handed in, for the trigger ingest: paths on this machine, whose daemon then does the work. Their folder is removed afterwards.
	Files []string
}

// orderDetails are what an order carries besides its own fields.
type orderDetails struct {
	Since  *time.Time `json:"since,omitempty"`
	URL    string     `json:"url,omitempty"` // the rest belongs to evidence and ingest
	Ground string     `json:"ground,omitempty"`
	Diary  string     `json:"diary,omitempty"`
	Ad     bool       `json:"ad,omitempty"`
	Files  []string   `json:"files,omitempty"`
}

// Order puts a snapshot into the queue, before the scheduled ones. While one of the same account and trigger waits or runs, that is the answer.
func (a *App) Order(ctx context.Context, q *job.Queue, r OrderRequest) (job.Placed, error) {
	acc, err := a.Account(r.Account)
	if err != nil {
		return job.Placed{}, err
	}
	now := a.now()
	o := orderFor(&acc, r.Trigger, a.drawID(acc.ID, now, r.Trigger), now)
	o.Reason, o.By = r.Reason, r.By
	more := orderDetails{Since: r.Since, Files: r.Files}
	if e := r.Evidence; e != nil {
		more.URL, more.Ground, more.Diary, more.Ad = e.URL, e.Ground, e.Diary, e.Ad
		sum := sha256.Sum256([]byte(e.URL))
		o.Urgent, o.Once = true, string(r.Trigger)+"/"+hex.EncodeToString(sum[:8]) // one of each post; the address may hold what no list should show
	}
	if len(r.Files) > 0 {
		if o.At, err = a.daemonID(); err != nil {
			return job.Placed{}, err
		}
		o.Lane, o.Once = "", "" // no platform is visited
	}
	if o.Request, err = json.Marshal(more); err != nil {
		return job.Placed{}, err
	}
	placed, err := q.Order(ctx, o)
	if err != nil {
		return job.Placed{}, err
	}
	return placed[0], nil
}

// CancelJob takes a job back and clears away what lies of it in this machine's spool.
func (a *App) CancelJob(ctx context.Context, q *job.Queue, name string) (job.Job, error) {
	j, err := q.Job(ctx, name)
	if err != nil {
		return j, err
	}
	if j.State == job.Delivered {
		return j, &UsageError{fmt.Sprintf("job %s has been delivered and cannot be cancelled", name)}
	}
	if j, err = q.Cancel(ctx, j.ID); err != nil {
		return j, err
	}
	if j.State == job.GivenUp {
		a.sweepOne(filepath.Join(a.spool(j.Tenant), j.Snapshot))
	}
	return j, nil
}

// RetryJob makes a job be tried now.
func (a *App) RetryJob(ctx context.Context, q *job.Queue, name string) (job.Job, error) {
	j, err := q.Job(ctx, name)
	if err != nil {
		return j, err
	}
	if j.State == job.Delivered || j.State == job.Running {
		return j, &UsageError{fmt.Sprintf("job %s is %s: there is nothing to try again", name, j.State)}
	}
	return q.Retry(ctx, j.ID)
}

// PauseScope turns what a person names into the scope of a pause: nothing is everything, platform:NAME, or an account.
func (a *App) PauseScope(name string) (string, error) {
	if name == "" || name == job.ScopeAll || strings.HasPrefix(name, "platform:") {
		if name == "" {
			name = job.ScopeAll
		}
		if err := job.CheckScope(name); err != nil {
			return "", &UsageError{err.Error()}
		}
		return name, nil
	}
	acc, err := a.Account(strings.TrimPrefix(name, "account:"))
	if err != nil {
		return "", err
	}
	return "account:" + acc.Tenant + "/" + acc.ID, nil
}

// doneSuffix marks a passage's folder whose package is delivered and which only waits to be removed.
const doneSuffix = ".done"

// sweepOne removes a passage's folder, so that a kill in the middle leaves nothing that looks like a passage.
func (a *App) sweepOne(dir string) {
	unlock, err := lockFolder(dir)
	if err != nil {
		return // nobody's, or somebody is working on it
	}
	defer unlock()
	if err := os.Rename(dir, dir+doneSuffix); err == nil {
		_ = os.RemoveAll(dir + doneSuffix)
	}
}

// sweep clears the spool of what belongs to jobs that are delivered or taken back. Passages that no job knows are those of commands, and stay.
func (a *App) sweep(ctx context.Context, q *job.Queue) error {
	dirs, err := filepath.Glob(filepath.Join(a.spool(), "*", "*"))
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if strings.HasSuffix(dir, doneSuffix) {
			_ = os.RemoveAll(dir)
			continue
		}
		j, err := q.Job(ctx, filepath.Base(dir))
		if errors.Is(err, job.ErrNoJob) {
			continue
		}
		if err != nil {
			return err
		}
		if j.State == job.Delivered || j.Cancelled {
			a.sweepOne(dir)
		}
	}
	return nil
}

// Names for those who steer the queue from outside.
type (
	// Queue is the durable queue.
	Queue = job.Queue
	// Job is an order on its way.
	Job = job.Job
	// Pause is a person's decision that something is left alone.
	Pause = job.Pause
)

// QueueList gives the jobs that are not delivered, or all, and the pauses that hold.
func QueueList(ctx context.Context, q *Queue, all bool) ([]Job, []Pause, error) {
	f := job.Filter{}
	if !all {
		f.States = []job.State{job.Waiting, job.Running, job.NeedsPerson, job.GivenUp}
	}
	jobs, err := q.Jobs(ctx, f)
	if err != nil {
		return nil, nil, err
	}
	pauses, err := q.Pauses(ctx)
	return jobs, pauses, err
}

// clearTemp gives this daemon a folder of its own for browsers' profiles, without what a killed process left in it. It lies outside the data
// folder, because the browser may run as a user who cannot reach that. Where there can be none, profiles lie in the system's folder itself.
func (a *App) clearTemp(id string) {
	dir := filepath.Join(os.TempDir(), "ar-"+id[max(0, len(id)-8):]) // short: Chrome refuses sockets with long paths
	_ = os.RemoveAll(dir)
	if err := os.Mkdir(dir, 0o711); err != nil { // the browser's user must pass through it
		a.log.Warn("there is no folder for browsers' profiles that a later start could clear", "error", err)
		return
	}
	a.temp = dir
}
