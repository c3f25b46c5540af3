package vault

import (
	"errors"
	"strconv"
)

// Error is why the vault cannot do what was asked, with a sentence for the person who can mend it. It never holds anything of a profile's content.
type Error struct {
	// Code is stable: "name", "no-profile", "no-identity", "identity-beside", "identity-mode", "identity-broken", "wrong-identity", "broken",
	// "version", "unreadable", "empty", "too-large", "no-room", "write".
	Code   string
	SV, EN string
	Err    error // the cause; nil when the sentence says it all
}

// Error is the English sentence.
func (e *Error) Error() string { return e.In("en") }

// In gives the sentence in the language, "sv" or "en"; Swedish when the language is unknown.
func (e *Error) In(lang string) string {
	s := e.SV
	if lang == "en" {
		s = e.EN
	}
	if e.Err != nil {
		s += " (" + e.Err.Error() + ")"
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Code gives the code of an error of this room, empty for others.
func Code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func fault(code string, cause error, sv, en string) error {
	return &Error{Code: code, SV: sv, EN: en, Err: cause}
}

// quoted shows a name from outside, shortened and without control characters.
func quoted(s string) string {
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80]) + "…"
	}
	return strconv.Quote(s)
}
