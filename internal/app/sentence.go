package app

import (
	"errors"
	"fmt"
	"net/url"

	"arsring/config"
	"arsring/internal/register"
)

// IsProblems reports whether an error is a list of problems in the register: wrong input, not a failure.
func IsProblems(err error) bool {
	var p register.Problems
	return errors.As(err, &p)
}

// Sentence is an error as a person should read it. Rooms whose errors have two faces give the one for people, in English:
// commands and logs are English, mail and pages choose by setting.
func Sentence(err error) string {
	var one interface{ Person() (sv, en string) }
	if errors.As(err, &one) {
		_, en := one.Person()
		return en
	}
	return err.Error()
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
	return &App{cfg: cfg, version: a.version, now: a.now, log: a.log, command: a.command, rand: a.rand}
}
