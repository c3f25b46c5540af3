package app

import (
	"cmp"
	"context"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sys/unix"

	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/notify"
	"arsring/internal/register"
)

// figures are how things stand at one scrape.
type figures struct {
	now      time.Time
	accounts []register.Account
	seen     standing
	jobs     map[job.State]int // nil: the queue was not asked
	telling  *notify.Status    // nil: nobody is told
	remotes  []capture.RemoteState
	spool    int64
	spoolN   int
	free     uint64
	total    uint64
}

// lookup shows the figures of the moment to Prometheus.
type lookup struct{ look func() figures }

var looked = struct {
	kept, known, tick, storeUp, proof, proofAge, loginAge, loginLeft, loginPerson, jobs, mail, mailAge, events, hooks, sent, unsure, refused, spool, spoolN, free, total, remoteUp, remoteBusy, remoteTaken *prometheus.Desc
}{
	kept:        desc("last_kept_age_seconds", "Age of the account's last account-wide snapshot; +Inf when there is none.", "tenant", "account", "platform"),
	known:       desc("accounts", "Accounts in the register that have not ended.", "tenant"),
	tick:        desc("last_tick_age_seconds", "Time since the calendar was last asked."),
	storeUp:     desc("store_up", "1 while the archive answers, 0 while it refuses."),
	proof:       desc("store_lock_proven", "1 when the archive was last seen to refuse the removal of a locked object, 0 when it did not refuse. Absent without archive.lock."),
	proofAge:    desc("store_lock_proof_age_seconds", "Time since the lock was last tried."),
	loginAge:    desc("login_age_seconds", "Age of a stored login.", "profile"),
	loginLeft:   desc("login_expires_seconds", "Time until a stored login probably ends; absent where that is not known.", "profile"),
	loginPerson: desc("login_needs_person", "1 when somebody should log in again.", "profile"),
	jobs:        desc("jobs", "Jobs in the queue by state.", "state"),
	mail:        desc("mail_queue", "Letters that the mail server has not taken yet."),
	mailAge:     desc("mail_queue_age_seconds", "Age of the oldest letter that waits; 0 when none does."),
	events:      desc("mail_events_waiting", "Events that wait for the next digest."),
	hooks:       desc("webhook_queue", "Events that the webhook has not taken yet."),
	sent:        desc("mail_sent_total", "Letters taken by the mail server."),
	unsure:      desc("mail_unsure_total", "Letters of which nobody knows whether they were taken."),
	refused:     desc("mail_refused_total", "Letters given up because the address is refused."),
	spool:       desc("spool_bytes", "Size of what lies in the spool."),
	spoolN:      desc("spool_passages", "Passages in the spool."),
	free:        desc("disk_free_bytes", "Free space in the data folder."),
	remoteUp:    desc("remote_browser_up", "1 while a remote browser is used, 0 while it is put aside; absent until it was first tried.", "address"),
	remoteBusy:  desc("remote_browser_busy", "Captures that this daemon has open in a remote browser.", "address"),
	remoteTaken: desc("remote_browser_captures_total", "Captures that this daemon has opened in a remote browser.", "address"),
	total:       desc("disk_size_bytes", "Size of the file system of the data folder."),
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("arsring_"+name, help, labels, nil)
}

// Describe sends nothing: what there is depends on the moment.
func (l *lookup) Describe(chan<- *prometheus.Desc) {}

// Collect looks and shows.
func (l *lookup) Collect(out chan<- prometheus.Metric) {
	f := l.look()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	counter := func(d *prometheus.Desc, n int, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
	}
	f.accountsTo(gauge)
	if !f.seen.tick.IsZero() {
		gauge(looked.tick, f.now.Sub(f.seen.tick).Seconds())
	}
	if f.seen.storeUp >= 0 {
		gauge(looked.storeUp, f.seen.storeUp)
	}
	if f.seen.proof >= 0 {
		gauge(looked.proof, f.seen.proof)
		gauge(looked.proofAge, f.now.Sub(f.seen.proofAt).Seconds())
	}
	for _, l := range f.seen.logins {
		gauge(looked.loginAge, l.Age.Seconds(), l.Name)
		gauge(looked.loginPerson, truth(l.Person), l.Name)
		if l.Expires != nil {
			gauge(looked.loginLeft, l.Expires.Sub(f.now).Seconds(), l.Name)
		}
	}
	for s, n := range f.jobs {
		gauge(looked.jobs, float64(n), string(s))
	}
	if t := f.telling; t != nil {
		gauge(looked.mail, float64(t.Letters))
		age := 0.0
		if !t.Oldest.IsZero() {
			age = f.now.Sub(t.Oldest).Seconds()
		}
		gauge(looked.mailAge, age)
		gauge(looked.events, float64(t.Events))
		gauge(looked.hooks, float64(t.Hooks))
		counter(looked.sent, t.Sent)
		counter(looked.unsure, t.Unsure)
		counter(looked.refused, t.Refused)
	}
	for _, r := range f.remotes {
		if !r.At.IsZero() {
			gauge(looked.remoteUp, truth(r.Err == nil), r.Address)
		}
		gauge(looked.remoteBusy, float64(r.Busy), r.Address)
		counter(looked.remoteTaken, r.Taken, r.Address)
	}
	gauge(looked.spool, float64(f.spool))
	gauge(looked.spoolN, float64(f.spoolN))
	gauge(looked.free, float64(f.free))
	gauge(looked.total, float64(f.total))
}

func (f *figures) accountsTo(gauge func(*prometheus.Desc, float64, ...string)) {
	n := map[string]int{}
	for _, acc := range f.accounts {
		tenant := cmp.Or(acc.Tenant, Tenant)
		n[tenant]++
		if !f.seen.keptKnown {
			continue // an archive that was not listed yet must not look like one without snapshots
		}
		age := math.Inf(1)
		if at, ok := f.seen.kept[[2]string{tenant, acc.ID}]; ok {
			age = f.now.Sub(at).Seconds()
		}
		gauge(looked.kept, age, tenant, acc.ID, acc.Platform)
	}
	for tenant, count := range n {
		gauge(looked.known, float64(count), tenant)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// wholeAccount says whether a snapshot of this trigger shows the account, and not one piece of it.
func wholeAccount(t capture.Trigger) bool {
	return t == capture.TriggerScheduled || t == capture.TriggerManual || t == capture.TriggerClosure
}

// disk gives the free space for this user and the size of the file system of a folder, or of the nearest folder above that exists.
func disk(dir string) (free, total uint64, err error) {
	var st unix.Statfs_t
	for {
		if err = unix.Statfs(dir, &st); err == nil {
			return st.Bavail * uint64(st.Bsize), st.Blocks * uint64(st.Bsize), nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return 0, 0, err
		}
		dir = up
	}
}

// spoolSize adds up what lies in the spool; what goes away meanwhile does not count.
func (a *App) spoolSize(ctx context.Context) (bytes int64, passages int) {
	root := a.spool()
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return ctx.Err()
		}
		if rel, rerr := filepath.Rel(root, path); rerr == nil && d.IsDir() && strings.Count(rel, string(os.PathSeparator)) == 1 {
			passages++
		}
		if fi, ierr := d.Info(); ierr == nil && d.Type().IsRegular() {
			bytes += fi.Size()
		}
		return nil
	})
	return bytes, passages
}

// size writes a number of bytes for people.
func size(n uint64) string {
	const unit = 1000
	for _, u := range []struct {
		name string
		of   uint64
	}{{"TB", unit * unit * unit * unit}, {"GB", unit * unit * unit}, {"MB", unit * unit}, {"kB", unit}} {
		if n >= u.of {
			return strconv.FormatFloat(float64(n)/float64(u.of), 'f', 1, 64) + " " + u.name
		}
	}
	return strconv.FormatUint(n, 10) + " B"
}
