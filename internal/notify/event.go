package notify

import (
	"strings"
	"time"
)

// Kind names what happened.
type Kind string

// The kinds of events.
const (
	KindWindow  Kind = "window-start"   // a window has opened; Slot and Accounts
	KindKept    Kind = "kept"           // a snapshot was delivered
	KindRun     Kind = "run-done"       // every account of a window has an answer; made here
	KindFailed  Kind = "failed"         // an attempt kept nothing and is tried again
	KindPerson  Kind = "needs-person"   // a login or a wall stands in the way
	KindGivenUp Kind = "given-up"       // not tried again by itself
	KindShrank  Kind = "shrank"         // far fewer posts than last time; made here
	KindOverdue Kind = "overdue"        // the window passed without a snapshot
	KindMissed  Kind = "missed"         // a slot that no longer can be filled
	KindLogin   Kind = "login-expires"  // a login profile is about to expire
	KindStore   Kind = "store"          // the archive refuses, or is back
	KindLock    Kind = "lock"           // the archive no longer holds what is locked, or does again
	KindDisk    Kind = "disk"           // little room is left, or there is room again
	KindVerify  Kind = "verify"         // stored packages differ from what was delivered
	KindCheck   Kind = "register"       // the register's files are broken, or whole again
	KindMail    Kind = "mail-refused"   // a reader's address is refused; made here
	KindHook    Kind = "webhook-failed" // the webhook takes nothing; made here
	KindOther   Kind = "other"          // anything else worth a line
)

// Text is a sentence for people, in Swedish and English.
type Text struct {
	SV string `json:"sv"`
	EN string `json:"en"`
}

// In gives the sentence in the language: "en", else Swedish.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.SV
}

// Event is one thing that happened. What stands in Title and Text may come from a hostile page: it is cleaned before anybody sees it.
type Event struct {
	ID   string    `json:"id"`            // drawn by Tell when empty
	Kind Kind      `json:"kind"`          // one of the Kind constants
	Key  string    `json:"key,omitempty"` // the same for the same fact, for ever: a second event with it is no news
	At   time.Time `json:"at"`

	// Topic is what a standing state is about ("store", "account/default/kommunen-facebook"), Fact the state ("full", "login-wall"). The same
	// fact of a topic is told once, until another fact or the empty one, which means that all is well, takes its place.
	Topic string `json:"topic,omitempty"`
	Fact  string `json:"fact,omitempty"`

	Urgent   bool     `json:"urgent,omitempty"` // told at once, not in the day's digest
	Tenant   string   `json:"tenant,omitempty"`
	Account  string   `json:"account,omitempty"`
	Title    string   `json:"title,omitempty"` // of the account
	Trigger  string   `json:"trigger,omitempty"`
	Slot     string   `json:"slot,omitempty"`
	Snapshot string   `json:"snapshot,omitempty"`
	Outcome  string   `json:"outcome,omitempty"` // of the capture
	Posts    *int     `json:"posts,omitempty"`
	Pages    *int     `json:"pages,omitempty"`
	Link     string   `json:"link,omitempty"`     // address for people
	Accounts []string `json:"accounts,omitempty"` // "tenant/id" of a window's accounts
	Text     Text     `json:"text"`
	// Lines are told under the sentence, one a line.
	Lines []Text `json:"lines,omitempty"`
}

// heading is the part of a letter that an event stands in.
type heading int

const (
	toDo heading = iota
	done
	calendar
	wellAgain
	perhaps
)

func (e *Event) heading() heading {
	switch {
	case e.Topic != "" && e.Fact == "" && e.Kind != KindKept:
		return wellAgain
	case e.Kind == KindKept:
		return done
	case e.Kind == KindWindow || e.Kind == KindRun:
		return calendar
	}
	return toDo
}

// ofAccount says that a fault belongs to one account, for which a later snapshot makes up.
func (e *Event) ofAccount() bool { return strings.HasPrefix(e.Topic, "account/") }

// who names the account of an event as "tenant/id"; empty when it belongs to none.
func (e *Event) who() string {
	if e.Account == "" {
		return ""
	}
	return e.Tenant + "/" + e.Account
}

// clean makes every text of an event safe to print: one line, bounded, without control characters or characters that turn the direction of text.
func (e *Event) clean() {
	for _, s := range []*string{&e.Key, &e.Topic, &e.Fact, &e.Tenant, &e.Account, &e.Title, &e.Trigger, &e.Slot, &e.Snapshot, &e.Outcome, &e.Link} {
		*s = Clean(*s, 300)
	}
	e.Text = Text{Clean(e.Text.SV, 1000), Clean(e.Text.EN, 1000)}
	for i, l := range e.Lines {
		e.Lines[i] = Text{Clean(l.SV, 500), Clean(l.EN, 500)}
	}
	for i, a := range e.Accounts {
		e.Accounts[i] = Clean(a, 100)
	}
}
