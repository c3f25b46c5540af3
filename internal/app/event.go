package app

import (
	"context"
	"net/http"
	"time"

	"arsring/internal/capture"
)

// EventKind names what happened.
type EventKind string

// The events of a daemon. Each is told once when it happens; those about a window, a slot or a state are told once per Key as long as the
// daemon lives, and again by the next daemon: whoever must not repeat them remembers the keys.
const (
	EventStarted      EventKind = "started"       // the daemon works
	EventStopping     EventKind = "stopping"      // it has been asked to stop
	EventTick         EventKind = "tick"          // the calendar was asked and its jobs were ordered: all is well so far
	EventTickFailed   EventKind = "tick-failed"   // it could not be asked, or the jobs not be ordered
	EventWindowStart  EventKind = "window-start"  // a window has opened; Slot, and Accounts that are in it
	EventKept         EventKind = "kept"          // a snapshot was delivered; Result, whose outcome is complete or partial
	EventFailed       EventKind = "failed"        // an attempt kept nothing and is tried again at Next
	EventNeedsPerson  EventKind = "needs-person"  // an attempt met a wall: a person is needed before Next
	EventGivenUp      EventKind = "given-up"      // the job is not tried again by itself
	EventOverdue      EventKind = "overdue"       // a window passed without a snapshot; it is taken late
	EventMissed       EventKind = "missed"        // a slot never got a snapshot and no longer can
	EventStoreRefuses EventKind = "store-refuses" // the archive cannot be read or written
	EventStoreBack    EventKind = "store-back"    // it can again
	EventRegister     EventKind = "register"      // a new register holds
	EventRegisterBad  EventKind = "register-bad"  // the register's files are broken and the old register stays
)

// Event is something that people or other programs may want to be told of. Fields that do not apply are empty.
type Event struct {
	Kind EventKind
	// Key is the same for the same fact, also after a restart: "overdue/default/kommunen-facebook/2026-10-15".
	Key      string
	At       time.Time
	Tenant   string
	Account  string // ID in the register
	Title    string // of the account
	Slot     string
	Trigger  capture.Trigger
	Snapshot string
	Attempt  int       // 1 for the first
	Next     time.Time // when it is tried again
	Text     capture.Text
	Accounts []string // "tenant/id" of a window's accounts
	Result   *Result  // of the attempt, as far as it came
	Err      error    // the cause, for logs
}

// Hooks are what others plug into the daemon.
type Hooks struct {
	// Events is told of everything that happens, in no promised order and from several goroutines. It must not block.
	Events func(Event)
	// Handler gives what is served at web.listen beside /livez and /readyz; nil serves nothing more. It is asked once, when the daemon's parts are
	// open.
	Handler func(*App) (http.Handler, error)
	// Companions run beside the daemon until ctx ends; one that ends with an error is logged and started again after a while.
	Companions map[string]func(ctx context.Context, a *App) error
}

// emit tells the hook of an event.
func (a *App) emit(e Event) {
	if e.At.IsZero() {
		e.At = a.now()
	}
	if o := a.watcher.Load(); o != nil {
		o.Hear(e)
	}
	if a.hooks.Events != nil {
		a.hooks.Events(e)
	}
}
