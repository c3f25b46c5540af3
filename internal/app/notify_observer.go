package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"arsring/internal/archive"
	"arsring/internal/job"
	"arsring/internal/notify"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// Observer hears a daemon's events and passes them on: to people through the journal of notify, to machines through the metrics. Beside that
// it looks after what makes no event of its own: the disk, the logins, the archive's lock.
type Observer struct {
	a *App
	t *notify.Teller // nil: nobody is told
	m *metrics

	register func() (*register.Register, error)

	// Jobs gives the queue's jobs by state for the metrics; nil: they are left out.
	Jobs func(context.Context) (map[job.State]int, error)
	// Every is how often the surroundings are looked at: 1 min.
	Every time.Duration
	// ProveEvery is how often the archive's lock is tried where one is configured: 24 h.
	ProveEvery time.Duration
	// ListEvery is how often the archive is listed for the age of what was kept: 6 h; 0: never. What this daemon keeps itself counts at once.
	ListEvery time.Duration
}

// Observe opens what people are told with. Healthy says whether the daemon is well, for the heartbeat; nil: while it runs. Reg gives the
// register that holds now; nil: its files are read each time.
func (a *App) Observe(healthy func(context.Context) error, reg func() (*register.Register, error)) (*Observer, error) {
	if reg == nil {
		reg = a.Register
	}
	o := &Observer{a: a, register: reg, Every: time.Minute, ProveEvery: 24 * time.Hour, ListEvery: 6 * time.Hour}
	c := a.cfg
	if c.Mail.Host != "" || c.Notify.Webhook.IsSet() || c.Notify.Heartbeat.IsSet() {
		opts := a.tellingOptions(reg)
		opts.Healthy = healthy
		t, err := notify.Open(opts)
		if err != nil {
			return nil, err
		}
		o.t = t
	}
	o.m = newMetrics(a.version, o.figures)
	return o, nil
}

// Close lets go of the journal.
func (o *Observer) Close() error {
	if o.t == nil {
		return nil
	}
	return o.t.Close()
}

// Hear takes an event of the daemon. When it returns, what people are to be told of it is on disk.
func (o *Observer) Hear(e Event) {
	if e.At.IsZero() {
		e.At = o.a.now()
	}
	o.m.hear(e)
	if n, ok := o.a.told(e); ok {
		o.tell(n)
	}
	if e.Kind == EventKept {
		o.tell(storeTakes(e))
	}
}

func (o *Observer) tell(n notify.Event) {
	if o.t == nil {
		return
	}
	if err := o.t.Tell(n); err != nil {
		o.a.log.Error("people cannot be told", "event", n.Kind, "account", n.Account, "error", err)
	}
}

// Metrics serves the figures to those who may read them.
func (o *Observer) Metrics() http.Handler {
	return o.m.handler(o.a.cfg.Telemetry.Metrics, o.a.cfg.Telemetry.MetricsToken.Reveal())
}

// Run sends what is due and looks after the surroundings until ctx ends.
func (o *Observer) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	if o.t != nil {
		wg.Go(func() { o.send(ctx) })
	}
	wg.Go(func() { o.every(ctx, o.Every, o.look) })
	if o.ListEvery > 0 {
		wg.Go(func() { o.every(ctx, o.ListEvery, o.list) })
	}
	if o.a.cfg.Archive.Lock.Mode != archive.LockNone {
		wg.Go(func() { o.every(ctx, o.ProveEvery, o.prove) })
	}
	wg.Wait()
	return nil
}

// send lets the journal send. Where another process does that now, such as a command that ends soon, it waits for its turn.
func (o *Observer) send(ctx context.Context) {
	for ctx.Err() == nil {
		err := o.t.Run(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		if !errors.Is(err, notify.ErrSender) {
			o.a.log.Error("people cannot be told", "error", err)
		}
		pause(ctx, 5*time.Second)
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// every does something at once and then again and again; after an error sooner.
func (o *Observer) every(ctx context.Context, d time.Duration, do func(context.Context) error) {
	for ctx.Err() == nil {
		wait := d
		if err := do(ctx); err != nil && ctx.Err() == nil {
			wait = min(d, 5*time.Minute)
			o.a.log.Warn("the daemon's surroundings could not be looked at", "error", err)
		}
		pause(ctx, wait)
	}
}

// look sees to the disk and to the logins.
func (o *Observer) look(context.Context) error {
	o.lookAtDisk()
	logins, err := o.a.loginAges()
	if err != nil {
		return err
	}
	o.m.note(func(s *standing) { s.logins = logins })
	for _, l := range logins {
		n := notify.Event{Kind: notify.KindLogin, Topic: "login/" + l.Name, Title: l.Name, Text: notify.Text{SV: l.SV, EN: l.EN}}
		if l.Person {
			n.Fact = "needs-person"
			if l.Expires != nil && !l.Expires.After(o.a.now()) {
				n.Fact = "expired"
			}
		}
		o.tell(n)
	}
	return nil
}

func (o *Observer) lookAtDisk() {
	dir, low := o.a.cfg.DataDir, uint64(o.a.cfg.Notify.DiskLow)
	free, _, err := disk(dir)
	if err != nil || low == 0 {
		return
	}
	n := notify.Event{Kind: notify.KindDisk, Topic: "disk"}
	switch {
	case free < low:
		n.Fact, n.Urgent = "low", true
		n.Text = notify.Text{
			SV: fmt.Sprintf("Bara %s är ledigt i %s (gränsen är %s): frigör utrymme, annars stannar fångsterna.", size(free), dir, size(low)),
			EN: fmt.Sprintf("Only %s are free in %s (the limit is %s): free some space, or captures stop.", size(free), dir, size(low)),
		}
	case free < low+low/10: // between the two nothing changes, so that a disk at the limit is not told of again and again
		return
	default:
		n.Text = notify.Text{SV: fmt.Sprintf("Det finns plats igen: %s är ledigt i %s.", size(free), dir), EN: fmt.Sprintf("There is room again: %s are free in %s.", size(free), dir)}
	}
	o.tell(n)
}

// list reads from the archive when each account was last kept.
func (o *Observer) list(ctx context.Context) error {
	s, err := o.a.Store(ctx)
	if err != nil {
		o.m.note(func(s *standing) { s.storeUp = 0 })
		return err
	}
	kept := map[[2]string]time.Time{}
	for e, err := range s.All(ctx, archive.ListFilter{}) {
		if err != nil {
			return err
		}
		_, at, trigger, err := sip.ParseID(e.ID)
		key := [2]string{e.Tenant, e.Account}
		if err == nil && wholeAccount(trigger) && at.After(kept[key]) {
			kept[key] = at
		}
	}
	o.m.note(func(s *standing) {
		for key, at := range s.kept {
			if at.After(kept[key]) {
				kept[key] = at
			}
		}
		s.kept, s.keptKnown, s.storeUp = kept, true, 1
	})
	return nil
}

// prove tries whether the archive still refuses to remove what is locked.
func (o *Observer) prove(ctx context.Context) error {
	s, err := o.a.Store(ctx)
	if err != nil {
		return err
	}
	w, err := s.ProveWORM(ctx)
	if err != nil {
		return err
	}
	o.m.note(func(s *standing) { s.proof, s.proofAt = truth(w.Proven), o.a.now() })
	n := notify.Event{Kind: notify.KindLock, Topic: "lock", Text: notify.Text{SV: w.Text.SV, EN: w.Text.EN}}
	if !w.Proven {
		n.Fact, n.Urgent = "lost", true
	}
	o.tell(n)
	return nil
}

// figures gathers how things stand for a scrape.
func (o *Observer) figures() figures {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	f := figures{now: o.a.now()}
	o.m.note(func(s *standing) {
		f.seen = *s
		f.seen.kept = make(map[[2]string]time.Time, len(s.kept))
		for k, v := range s.kept {
			f.seen.kept[k] = v
		}
	})
	if r, err := o.register(); err == nil {
		today := f.now.In(Location()).Format(time.DateOnly)
		for _, acc := range r.Accounts {
			if acc.Until == "" || acc.Until >= today {
				f.accounts = append(f.accounts, acc)
			}
		}
	}
	if o.Jobs != nil {
		if jobs, err := o.Jobs(ctx); err == nil {
			f.jobs = jobs
		}
	}
	if o.t != nil {
		st := o.t.Status()
		f.telling = &st
	}
	if pool := o.a.remotes(); pool != nil {
		f.remotes = pool.States()
	}
	f.spool, f.spoolN = o.a.spoolSize(ctx)
	f.free, f.total, _ = disk(o.a.cfg.DataDir)
	return f
}
