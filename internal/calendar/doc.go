// Package calendar says who is due and why.
//
// In: the accounts, what has been kept of each, and the time. Out: one decision an account, with a sentence for people. Everything here
// is a pure function: the archive is asked what it holds, not a timer what it remembers, so a daemon that was away catches up
// by asking again. It decides by local dates, never by durations, so summer time neither skips nor doubles anything.
//
// It imports only the types of register, and is the only room that uses robfig/cron. It keeps no state, starts no
// goroutine, and never reads the clock.
//
// The words: an opening is the local date on which a window opens; a slot is one account's claim to one snapshot for one
// opening, named by the opening's date; overdue is a slot whose window has passed without a snapshot.
package calendar
