package notify

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Options say who is told, how and when.
type Options struct {
	Dir          string // folder of the journal; made when it is missing
	Lang         string // "sv" (default) or "en"
	Organisation string // stands at the head of a letter
	URL          string // address of the web page, at its foot; may be empty
	Location     *time.Location
	DigestAt     string // "HH:MM", local; default 07:00

	Mail    Mail    // no Host: no mail
	Webhook Webhook // no URL: none
	// Readers gives the addresses that an event concerns. Nobody: it is told to nobody by mail.
	Readers func(Event) []string

	Heartbeat      string        // address to call while all is well; empty: none
	HeartbeatEvery time.Duration // default 5 min
	// Healthy says whether all is well; nil: it is while Run runs.
	Healthy func(context.Context) error

	UrgentWait  time.Duration // how long urgent events are gathered before the letter; default 1 min
	UrgentEvery time.Duration // the shortest time between two rounds of urgent letters; default 1 h
	Every       time.Duration // how often Run looks; default 15 s
	GiveUp      time.Duration // how long a refused address or a failing webhook call is tried; default 72 h

	Now    func() time.Time // default time.Now
	Rand   io.Reader        // default crypto/rand
	Report func(error)      // hears what Run could not do, for the log; it must not block
}

// Teller keeps events until they are told. It is safe for concurrent use; several processes may hold the same folder, one of them sends.
type Teller struct {
	o            Options
	hour, minute int
	wake         chan struct{}
	hook         *hook

	passing sync.Mutex // held while this process sends

	mu sync.Mutex // guards what follows
	j  *journal
	s  *state

	sender   *os.File // locked while this process sends
	mailNext time.Time
	mailN    int
	mailErr  string
}

// ErrSender says that another process sends what lies in the folder.
var ErrSender = errors.New("another process sends the messages of this folder")

// Open reads the journal in o.Dir. It sends nothing before Run or Flush.
func Open(o Options) (*Teller, error) {
	o = o.withDefaults()
	at, err := time.Parse("15:04", o.DigestAt)
	if err != nil {
		return nil, fmt.Errorf("notify.digest_at %q is no time of day: write for example 07:00", o.DigestAt)
	}
	t := &Teller{o: o, hour: at.Hour(), minute: at.Minute(), wake: make(chan struct{}, 1), s: newState()}
	if t.hook, err = newHook(o.Webhook); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(o.Dir, "attach"), 0o700); err != nil {
		return nil, fmt.Errorf("the folder for messages %s cannot be made: %w", o.Dir, err)
	}
	if t.j, err = openJournal(filepath.Join(o.Dir, "journal.jsonl")); err != nil {
		return nil, err
	}
	if err := t.change(nil); err != nil {
		return nil, err
	}
	return t, nil
}

func (o Options) withDefaults() Options {
	if o.Location == nil {
		o.Location = time.UTC
	}
	if o.DigestAt == "" {
		o.DigestAt = "07:00"
	}
	for _, d := range []struct {
		of  *time.Duration
		def time.Duration
	}{{&o.HeartbeatEvery, 5 * time.Minute}, {&o.UrgentWait, time.Minute}, {&o.UrgentEvery, time.Hour}, {&o.Every, 15 * time.Second}, {&o.GiveUp, 72 * time.Hour}} {
		if *d.of == 0 {
			*d.of = d.def
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Report == nil {
		o.Report = func(error) {}
	}
	if o.Readers == nil {
		o.Readers = func(Event) []string { return nil }
	}
	o.Mail = o.Mail.withDefaults()
	return o
}

// Close lets go of the journal. What waits is kept.
func (t *Teller) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	err := t.j.f.Close()
	if t.sender != nil {
		err = errors.Join(err, t.sender.Close())
		t.sender = nil
	}
	return err
}

// change reads what is new in the journal, lets next look at the state and say what to add, adds it and applies it; all of it while no other
// process adds.
func (t *Teller) change(next func(*state) ([]record, error)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	reset := func() { t.s = newState() }
	return t.j.locked(reset, func() error {
		if err := t.j.news(t.apply); err != nil || next == nil {
			return err
		}
		records, err := next(t.s)
		if err != nil || len(records) == 0 {
			return err
		}
		if err := t.j.add(records...); err != nil {
			return err
		}
		return t.j.news(t.apply)
	})
}

func (t *Teller) apply(r record) { t.s.apply(r) }

// Tell keeps an event; when it returns without an error, neither a kill nor a power cut loses it. What has been told and still stands is no
// news and is dropped.
func (t *Teller) Tell(e Event) error {
	e, err := t.prepare(e)
	if err != nil {
		return err
	}
	err = t.change(func(s *state) ([]record, error) {
		if !s.isNews(&e) {
			return nil, nil
		}
		return []record{t.eventRecord(e)}, nil
	})
	t.nudge()
	return err
}

func (t *Teller) eventRecord(e Event) record {
	return record{T: recEvent, At: t.o.Now(), Event: &e, Mail: t.o.Mail.Host != "", Hook: t.hook != nil && e.Kind != KindHook}
}

func (t *Teller) prepare(e Event) (Event, error) {
	e.clean()
	if e.At.IsZero() {
		e.At = t.o.Now()
	}
	if e.ID == "" {
		id, err := t.draw()
		if err != nil {
			return e, err
		}
		e.ID = id
	}
	return e, nil
}

// Letter is a letter of its own to one address, such as the registrar's.
type Letter struct {
	To      string
	Subject string
	Body    string
	Attach  string // file to attach; copied before Post returns; empty: none
	Name    string // the attachment's name
}

// Attachment is a file that goes with a letter.
type Attachment struct {
	Path string `json:"path"`
	Name string `json:"name"`
}

// Post keeps a letter that is sent at once, apart from every digest, once for the event's Key. The event goes to the webhook; in a digest it
// stands only when nobody knows whether the letter arrived.
func (t *Teller) Post(e Event, l Letter) error {
	to, ok := address(l.To)
	if !ok {
		return fmt.Errorf("%q is no mail address; correct it in the register", Clean(l.To, 80))
	}
	e, err := t.prepare(e)
	if err != nil {
		return err
	}
	id, err := t.messageID()
	if err != nil {
		return err
	}
	out := &letter{ID: id, To: to, Subject: Clean(l.Subject, 200), Body: l.Body, At: t.o.Now(), Since: t.o.Now(), Own: true, Events: []string{e.ID}}
	if l.Attach != "" {
		out.Attach = &Attachment{Path: filepath.Join(t.o.Dir, "attach", e.ID), Name: Clean(l.Name, 100)}
		if err := copySynced(l.Attach, out.Attach.Path); err != nil {
			return fmt.Errorf("the record cannot be put beside its letter: %w", err)
		}
	}
	kept := false
	err = t.change(func(s *state) ([]record, error) {
		if !s.isNews(&e) {
			return nil, nil
		}
		r := t.eventRecord(e)
		r.T, r.Mail = recLetters, false
		if t.o.Mail.Host != "" {
			r.Letters, kept = []*letter{out}, true
		}
		return []record{r}, nil
	})
	if out.Attach != nil && !kept {
		err = errors.Join(err, os.Remove(out.Attach.Path))
	}
	t.nudge()
	return err
}

func copySynced(from, to string) error {
	b, err := os.ReadFile(filepath.Clean(from))
	if err != nil {
		return err
	}
	return writeSynced(to, b)
}

func (t *Teller) nudge() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

func (t *Teller) draw() (string, error) {
	b := make([]byte, 10)
	if _, err := io.ReadFull(t.o.Rand, b); err != nil {
		return "", err
	}
	return strconv.FormatInt(t.o.Now().UnixMilli(), 36) + hex.EncodeToString(b), nil
}

// become makes this process the sender of the folder.
func (t *Teller) become() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sender != nil {
		return nil
	}
	f, err := os.OpenFile(filepath.Join(t.o.Dir, "sender.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := flock(f, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return ErrSender
		}
		return err
	}
	t.sender = f
	return nil
}

// Status is how much waits.
type Status struct {
	Letters int       // written and not yet taken by the mail server
	Oldest  time.Time // when the oldest of them was written
	Events  int       // not yet in a letter
	Hooks   int       // not yet taken by the webhook
	Error   string    // the last failure of mail, while it lasts
	HookErr string    // the last failure of the webhook, while it lasts
	Sent    int       // letters taken since the journal was begun
	Unsure  int       // letters of which nobody knows
	Refused int       // letters given up
}

// Status gives what waits, as this process knows it.
func (t *Teller) Status() Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	st := Status{Letters: len(t.s.Letters), Error: t.mailErr, HookErr: t.s.HookErr, Sent: t.s.Totals.Sent, Unsure: t.s.Totals.Unsure, Refused: t.s.Totals.Refused}
	for _, l := range t.s.Letters {
		if st.Oldest.IsZero() || l.At.Before(st.Oldest) {
			st.Oldest = l.At
		}
		if st.Error == "" {
			st.Error = l.Error
		}
	}
	for _, k := range t.s.Events {
		if k.Pending {
			st.Events++
		}
		if k.Hook {
			st.Hooks++
		}
	}
	return st
}
