package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/register"
)

// daemon is everything that runs while the program is "arsring run".
type daemon struct {
	a       *App
	queue   *job.Queue
	watch   *register.Watcher // nil: this machine has no register files of its own
	ticker  *ticker
	worker  *worker
	watcher *Observer
	again   chan struct{}                     // asks for a tick now
	apart   string                            // what was told last of files that do not hold
	shared  atomic.Pointer[register.Register] // the published register, where it holds instead of the files

	mu       sync.Mutex
	began    time.Time // of the tick under way; zero between ticks
	lastGood time.Time // last tick that went well
	lastErr  error     // of the last tick
	refused  bool      // people were told that the archive refuses
	restored bool      // the pauses of the archive's log hold in the queue
}

// Run is the daemon: it orders what the calendar says is due, works the queue and serves web.listen until ctx ends, and then lets running jobs
// finish within jobs.grace. A value from reload reads the register anew. The error is nil after an orderly stop.
func (a *App) Run(ctx context.Context, reload <-chan struct{}) error {
	// What must outlive the signal to stop, such as the embedded store under a delivery, lives until the very end.
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	d, err := a.newDaemon(ctx, life)
	if d != nil {
		defer d.close()
	}
	if err != nil {
		return err
	}
	return d.run(ctx, life, reload)
}

// newDaemon opens the parts. What it gives is to be closed also when there is an error.
func (a *App) newDaemon(ctx, life context.Context) (*daemon, error) {
	cal, err := a.Calendar()
	if err != nil {
		return nil, err
	}
	if err := mkdir(a.spool()); err != nil {
		return nil, err
	}
	if err := a.SweepLogins(); err != nil {
		return nil, err
	}
	d := &daemon{a: a, again: make(chan struct{}, 1)}
	if d.watcher, err = a.Observe(d.ready, d.current); err != nil {
		return d, err
	}
	a.watcher.Store(d.watcher)
	if err = d.watchRegister(ctx, life); err != nil {
		return d, err
	}
	a.registerHolds(d.holds())
	id, err := a.daemonID()
	if err != nil {
		return d, fmt.Errorf("the daemon's name cannot be kept in the data folder: %w", err)
	}
	if d.queue, err = a.openQueue(ctx, id); err != nil {
		return d, err
	}
	keep := newLedger(func(context.Context) (*archive.Store, error) { return a.Store(life) }, a.now)
	d.watcher.Jobs = d.queue.Counts
	d.worker = &worker{a: a, register: d.holds, cal: cal, keep: keep}
	d.ticker = &ticker{cal: cal, keep: keep, queue: d.queue, now: a.now, id: a.drawID, emit: d.told, told: map[string]bool{}}
	return d, nil
}

// current is the register that holds now.
func (d *daemon) current() (*register.Register, error) {
	if r := d.holds(); r != nil {
		return r, nil
	}
	return nil, errors.New("the register is not read yet")
}

func (d *daemon) close() {
	d.a.watcher.Store(nil)
	if d.watcher != nil {
		_ = d.watcher.Close()
	}
	if d.watch != nil {
		_ = d.watch.Close()
	}
	if d.queue != nil {
		_ = d.queue.Close()
	}
}

// told logs what people are told, and tells them.
func (d *daemon) told(e Event) {
	d.a.log.Info("told", "kind", e.Kind, "account", e.Account, "slot", e.Slot, "text", e.Text.EN)
	d.a.emit(e)
}

func (d *daemon) wake() {
	select {
	case d.again <- struct{}{}:
	default:
	}
}

// run works until ctx ends, and stops in order.
func (d *daemon) run(ctx, life context.Context, reload <-chan struct{}) error {
	server, err := d.serve(life)
	if err != nil {
		return err
	}
	defer server.close(life)
	if err := d.queue.Work(life, d.worker.work); err != nil {
		if errors.Is(err, job.ErrBusy) {
			return &UsageError{fmt.Sprintf("%v: %s; one daemon a data folder is enough", err, d.a.cfg.DataDir)}
		}
		return err
	}
	if err := d.a.sweep(life, d.queue); err != nil {
		d.a.log.Warn("the spool could not be swept", "error", err)
	}
	beside, endBeside := context.WithCancel(life)
	var companions sync.WaitGroup
	companions.Go(func() {
		d.companion(beside, "watcher", func(ctx context.Context, _ *App) error { return d.watcher.Run(ctx) })
	})
	for name, f := range d.a.hooks.Companions {
		companions.Go(func() { d.companion(beside, name, f) })
	}
	companions.Go(func() { d.companion(beside, "pages", keepPages) })
	companions.Go(func() { d.companion(beside, "audit", keepAudit) })
	d.a.log.Info("arsring runs", "version", d.a.version, "daemon", d.queue.ID(), "data", d.a.cfg.DataDir, "accounts", len(d.holds().Accounts))
	d.a.emit(Event{Kind: EventStarted, Key: "started", Text: capture.Text{SV: "Årsring är igång.", EN: "Årsring is running."}})
	lost := d.loop(ctx, life, reload)
	if lost {
		endBeside()
		return errors.New("the job database could not be reached for so long that another daemon has taken this one's jobs; start again")
	}
	d.a.log.Info("arsring stops", "grace", d.a.cfg.Jobs.Grace, "running", len(d.queue.Active()))
	d.a.emit(Event{Kind: EventStopping, Key: "stopping", Text: capture.Text{SV: "Årsring stannar.", EN: "Årsring stops."}})
	err = d.queue.Stop(life, d.a.cfg.Jobs.Grace)
	if d.a.temp != "" {
		_ = os.RemoveAll(d.a.temp)
	}
	endBeside()
	companions.Wait()
	return err
}

// companion runs what others plugged in, again after an error.
func (d *daemon) companion(ctx context.Context, name string, f func(context.Context, *App) error) {
	const rest = 30 * time.Second
	for ctx.Err() == nil {
		err := f(ctx, d.a)
		if ctx.Err() != nil || err == nil {
			return
		}
		d.a.log.Error("a part of the daemon ended and is started again", "part", name, "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(rest):
		}
	}
}

// loop ticks until ctx ends; true when the queue was lost to another process.
func (d *daemon) loop(ctx, life context.Context, reload <-chan struct{}) bool {
	t := time.NewTicker(d.a.cfg.Jobs.Tick)
	defer t.Stop()
	d.tick(ctx)
	for {
		select {
		case <-ctx.Done():
			return false
		case <-d.queue.Lost():
			return true
		case <-reload:
			if d.watch == nil {
				break // the tick looks at what is published
			}
			if err := d.watch.Reload(); err == nil {
				d.a.log.Info("the register was read anew")
			}
			continue
		case <-d.again:
		case <-t.C:
		}
		d.tick(ctx)
		d.tidy(life)
	}
}

// tidy clears the spool of what is delivered or taken back.
func (d *daemon) tidy(ctx context.Context) {
	if err := d.a.sweep(ctx, d.queue); err != nil {
		d.a.log.Warn("the spool could not be swept", "error", err)
	}
}

// tick asks the calendar, when this daemon is the one that does so.
func (d *daemon) tick(ctx context.Context) {
	d.mu.Lock()
	d.began = time.Now()
	d.mu.Unlock()
	n := 0
	shareErr := d.share(ctx)
	leads, err := d.queue.Leads(ctx)
	if err == nil && leads && !d.restored { // before anything is ordered
		err = d.a.restorePauses(ctx, d.queue, tenantsOf(d.holds().Accounts))
		d.restored = err == nil
	}
	if err == nil && leads {
		n, err = d.ticker.tick(ctx, d.holds().Accounts)
	} else if err == nil {
		_, err = d.a.Store(ctx)
	}
	if err == nil { // what was due is ordered by the register that held before
		err = shareErr
	}
	d.mu.Lock()
	d.began = time.Time{}
	d.lastErr = err
	if err == nil {
		d.lastGood = time.Now()
	}
	refused := d.refused
	d.refused = err != nil && isStoreError(err)
	d.mu.Unlock()
	switch {
	case err != nil && ctx.Err() != nil:
	case err != nil:
		d.a.log.Error("the calendar could not be asked", "error", err)
		d.a.emit(Event{Kind: EventTickFailed, Key: "tick-failed", Err: err, Text: personText(err)})
		if isStoreError(err) && !refused {
			d.told(Event{Kind: EventStoreRefuses, Key: "store", Err: err, Text: personText(err)})
		}
	default:
		if refused {
			d.told(Event{Kind: EventStoreBack, Key: "store-back", Text: capture.Text{SV: "Arkivet svarar igen.", EN: "The archive answers again."}})
		}
		d.a.emit(Event{Kind: EventTick, Key: "tick"})
		if n > 0 {
			d.a.log.Info("ordered", "jobs", n)
		}
	}
}

func isStoreError(err error) bool {
	var store *archive.UnreachableError
	return errors.As(err, &store)
}
