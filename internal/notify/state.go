package notify

import (
	"slices"
	"time"
)

// record is one line of the journal.
type record struct {
	T     string    `json:"t"`
	At    time.Time `json:"at"`
	ID    string    `json:"id,omitempty"` // of a letter or an event
	Event *Event    `json:"event,omitempty"`
	Mail  bool      `json:"mail,omitempty"` // the event is to be told by mail
	Hook  bool      `json:"hook,omitempty"` // and to the webhook

	Letters   []*letter `json:"letters,omitempty"`
	Withdrawn []string  `json:"withdrawn,omitempty"` // letters that new ones take the place of
	Told      []string  `json:"told,omitempty"`      // events that need no further letter

	Next  time.Time `json:"next,omitzero"`
	Error string    `json:"error,omitempty"`
	State *state    `json:"state,omitempty"`
}

// The sorts of records.
const (
	recEvent      = "event"
	recLetters    = "letters"
	recCommit     = "commit"  // the letter's last line goes out now
	recFailed     = "failed"  // the letter was not taken, and is tried again
	recSent       = "sent"    // the letter was taken
	recUnsure     = "unsure"  // nobody knows whether it was
	recRefused    = "refused" // its address is not taken; given up
	recHooked     = "hooked"
	recHookFailed = "hook-failed"
	recHookGone   = "hook-given-up"
	recState      = "state" // everything so far
)

// letter is one mail to one reader, with everything that a second try needs.
type letter struct {
	ID      string      `json:"id"` // Message-ID without brackets
	To      string      `json:"to"`
	Subject string      `json:"subject"`
	Body    string      `json:"body"`
	At      time.Time   `json:"at"`
	Since   time.Time   `json:"since"` // when the first letter was written that went into this one
	Urgent  bool        `json:"urgent,omitempty"`
	Own     bool        `json:"own,omitempty"` // a letter of its own, never merged into another
	Events  []string    `json:"events,omitempty"`
	Attach  *Attachment `json:"attach,omitempty"`

	Tries     int       `json:"tries,omitempty"`
	Next      time.Time `json:"next,omitzero"`
	Error     string    `json:"error,omitempty"`
	Committed bool      `json:"committed,omitempty"`
}

// kept is an event that is still needed.
type kept struct {
	Event
	Accepted time.Time `json:"accepted"`
	Pending  bool      `json:"pending,omitempty"` // no letter tells it yet
	Again    bool      `json:"again,omitempty"`   // a letter that may have arrived told it
	Hook     bool      `json:"hook,omitempty"`    // the webhook has not taken it yet
}

// count is what the last scheduled snapshot of an account held.
type count struct {
	Posts int `json:"posts"`
	Pages int `json:"pages"`
}

// totals are counted since the journal was begun.
type totals struct {
	Sent    int `json:"sent"`
	Unsure  int `json:"unsure"`
	Refused int `json:"refused"`
	Hooked  int `json:"hooked"`
	Dropped int `json:"dropped"` // webhook calls given up
}

// state is what the journal adds up to.
type state struct {
	Events   []*kept              `json:"events"` // in the order of their coming
	Letters  []*letter            `json:"letters"`
	Standing map[string]string    `json:"standing"` // fact by topic
	Seen     map[string]time.Time `json:"seen"`     // keys of events
	Runs     map[string]*run      `json:"runs"`     // by "tenant/slot"
	Counts   map[string]count     `json:"counts"`   // by "tenant/account"
	Urgent   time.Time            `json:"urgent"`   // when the last urgent letters were written
	HookNext time.Time            `json:"hook_next,omitzero"`
	HookN    int                  `json:"hook_n,omitempty"` // failures in a row
	HookErr  string               `json:"hook_err,omitempty"`
	Totals   totals               `json:"totals"`
}

func newState() *state {
	return &state{Standing: map[string]string{}, Seen: map[string]time.Time{}, Runs: map[string]*run{}, Counts: map[string]count{}}
}

// apply is the only place that changes a state, so that reading the journal again gives the same one.
func (s *state) apply(r record) {
	switch r.T {
	case recState:
		if r.State != nil {
			*s = *r.State
			s.complete()
		}
	case recEvent:
		if r.Event != nil {
			s.accept(*r.Event, r)
		}
	case recLetters:
		s.letters(r)
		if r.Event != nil { // a letter of its own comes with its event
			s.accept(*r.Event, r)
		}
	case recCommit:
		s.on(r.ID, func(l *letter) { l.Committed = true })
	case recFailed:
		s.on(r.ID, func(l *letter) { l.Committed, l.Next, l.Error = false, r.Next, r.Error; l.Tries++ })
	case recSent:
		s.Totals.Sent++
		s.drop(r.ID)
	case recUnsure:
		s.Totals.Unsure++
		s.unsure(r.ID)
	case recRefused:
		s.Totals.Refused++
		s.drop(r.ID)
	case recHooked, recHookGone:
		s.hooked(r)
	case recHookFailed:
		s.HookN, s.HookNext, s.HookErr = s.HookN+1, r.Next, r.Error
	}
}

// complete makes the maps that an older journal may lack.
func (s *state) complete() {
	n := newState()
	if s.Standing == nil {
		s.Standing = n.Standing
	}
	if s.Seen == nil {
		s.Seen = n.Seen
	}
	if s.Runs == nil {
		s.Runs = n.Runs
	}
	if s.Counts == nil {
		s.Counts = n.Counts
	}
}

// accept takes an event that is news, and what follows from it.
func (s *state) accept(e Event, r record) {
	if !s.isNews(&e) {
		return
	}
	if e.Key != "" {
		s.Seen[e.Key] = r.At
	}
	if e.Topic != "" {
		s.stands(&e)
	}
	s.Events = append(s.Events, &kept{Event: e, Accepted: r.At, Pending: r.Mail, Hook: r.Hook})
	for _, f := range s.follows(&e) {
		s.accept(f, r)
	}
	s.sweep()
}

func (s *state) isNews(e *Event) bool {
	if _, seen := s.Seen[e.Key]; seen && e.Key != "" {
		return false
	}
	return e.Topic == "" || e.Kind == KindKept || s.Standing[e.Topic] != e.Fact
}

// stands notes a topic's new fact. What no letter has told yet of the topic is overtaken by it: an account that has been kept after all needs
// no word about the attempts before; a store that is back is worth both lines, but no longer an urgent one.
func (s *state) stands(e *Event) {
	if e.Fact == "" {
		delete(s.Standing, e.Topic)
	} else {
		s.Standing[e.Topic] = e.Fact
	}
	for _, k := range s.Events {
		switch {
		case !k.Pending || k.Topic != e.Topic || k.Fact == "":
		case e.ofAccount() || e.Fact != "":
			k.Pending = false
		default:
			k.Urgent = false
		}
	}
}

func (s *state) letters(r record) {
	s.Letters = slices.DeleteFunc(s.Letters, func(l *letter) bool { return slices.Contains(r.Withdrawn, l.ID) })
	s.Letters = append(s.Letters, r.Letters...)
	told := map[string]bool{}
	for _, id := range r.Told {
		told[id] = true
	}
	for _, k := range s.Events {
		if told[k.ID] {
			k.Pending = false
		}
	}
	for _, l := range r.Letters {
		if l.Urgent {
			s.Urgent = r.At
		}
	}
	s.sweep()
}

func (s *state) on(id string, do func(*letter)) {
	for _, l := range s.Letters {
		if l.ID == id {
			do(l)
		}
	}
}

func (s *state) drop(id string) {
	s.Letters = slices.DeleteFunc(s.Letters, func(l *letter) bool { return l.ID == id })
	s.sweep()
}

// unsure puts the lines of a letter that may have arrived back among those to be told.
func (s *state) unsure(id string) {
	s.on(id, func(l *letter) {
		for _, k := range s.Events {
			if slices.Contains(l.Events, k.ID) {
				k.Pending, k.Again, k.Urgent = true, true, false
			}
		}
	})
	s.drop(id)
}

func (s *state) hooked(r record) {
	s.HookN, s.HookNext, s.HookErr = 0, time.Time{}, ""
	if r.T == recHooked {
		s.Totals.Hooked++
	} else {
		s.Totals.Dropped++
	}
	for _, k := range s.Events {
		if k.ID == r.ID {
			k.Hook = false
		}
	}
	s.sweep()
}

// sweep forgets events that nothing waits for.
func (s *state) sweep() {
	used := map[string]bool{}
	for _, l := range s.Letters {
		for _, id := range l.Events {
			used[id] = true
		}
	}
	s.Events = slices.DeleteFunc(s.Events, func(k *kept) bool { return !k.Pending && !k.Hook && !used[k.ID] })
}

// remembered is how long a key is known: longer than any slot, window or snapshot can be told of again.
const remembered = 800 * 24 * time.Hour

// prune forgets what can no longer matter, before the state is written anew.
func (s *state) prune(now time.Time) {
	for k, at := range s.Seen {
		if now.Sub(at) > remembered {
			delete(s.Seen, k)
		}
	}
	for k, r := range s.Runs {
		if now.Sub(r.Began) > remembered {
			delete(s.Runs, k)
		}
	}
}

// find gives an event by its ID; nil when it is forgotten.
func (s *state) find(id string) *kept {
	for _, k := range s.Events {
		if k.ID == id {
			return k
		}
	}
	return nil
}
