package app

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"arsring/config"
	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/register"
)

// IsProblems reports whether an error is a list of problems in the register or in platform files: wrong input, not a failure.
func IsProblems(err error) bool {
	var p register.Problems
	return errors.As(err, &p) || isPlatformProblem(err)
}

// OnlyUnread reports whether an answer is right but for tenants that could not be read, which the error names.
func OnlyUnread(err error) bool {
	var u *archive.UnreadError
	return errors.As(err, &u)
}

// Sentence is an error as a person should read it. Rooms whose errors have two faces give the one for people, in English:
// commands and logs are English, mail and pages choose by setting. What the error was wrapped in, such as the stage, stays in front.
func Sentence(err error) string {
	var one interface {
		error
		Person() archive.Text
	}
	if !errors.As(err, &one) || one.Person().EN == "" {
		return err.Error()
	}
	before, _, wrapped := strings.Cut(err.Error(), one.Error())
	if !wrapped {
		before = ""
	}
	return before + one.Person().EN
}

// CheckAddress says what is wrong with an address that a person gave.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return &UsageError{fmt.Sprintf("--url %q is no address: %v", address, err)}
	case u.Scheme != "http" && u.Scheme != "https":
		return &UsageError{fmt.Sprintf("--url %q must begin with https:// or http://", address)}
	case u.Host == "":
		return &UsageError{fmt.Sprintf("--url %q names no host", address)}
	case u.User != nil:
		return &UsageError{"--url holds a user name or password; leave it out, and use a login profile for pages that need one"}
	}
	return nil
}

// With gives an App with another configuration and nothing open.
func (a *App) With(cfg config.Config) *App {
	return &App{cfg: cfg, version: a.version, now: a.now, log: a.log, command: a.command, reading: a.reading, rand: a.rand, env: a.env, hooks: a.hooks, jobTuning: a.jobTuning}
}

// Ordered gives the trigger of a snapshot that a person orders.
func Ordered(name string) (capture.Trigger, error) {
	t := capture.Trigger(name)
	if t != capture.TriggerManual && t != capture.TriggerClosure {
		return "", fmt.Errorf("--trigger %q: it is manual or closure", name)
	}
	return t, nil
}

// Day reads a day as people write it, YYYY-MM-DD, as its beginning in Europe/Stockholm.
func Day(s string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, s, register.Location())
	if err != nil {
		return t, fmt.Errorf("%q is no date: write YYYY-MM-DD", s)
	}
	return t, nil
}

// Location is Europe/Stockholm, in which people read and write times.
func Location() *time.Location { return register.Location() }
