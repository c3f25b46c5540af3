package archive

import (
	"errors"
	"fmt"
)

// Text is a sentence for people, in Swedish and English.
type Text struct {
	SV string `json:"sv"`
	EN string `json:"en"`
}

// In returns the sentence in the language: "en", else Swedish.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.SV
}

// The codes of an UnreachableError.
const (
	CodeDNS     = "dns"      // the endpoint's name does not resolve
	CodeRefused = "refused"  // nothing listens at the endpoint
	CodeTLS     = "tls"      // the server's certificate is not trusted, or the scheme is wrong
	CodeKeys    = "keys"     // the access keys are unknown or wrong
	CodeDenied  = "denied"   // the keys are right and may not do this
	CodeBucket  = "bucket"   // the bucket does not exist and could not be made
	CodeAbsent  = "absent"   // the bucket does not exist, and reading makes none
	CodeRegion  = "region"   // the store is in another region than the one configured
	CodeFull    = "full"     // no space left, or quota used up
	CodeTimeout = "timeout"  // no answer, or an answer that stopped
	CodeReset   = "reset"    // the connection was cut
	CodeServer  = "server"   // the store answered with an error of its own (5xx)
	CodeClock   = "clock"    // the store refuses because our clock is off
	CodeNoLock  = "no-lock"  // a lock is demanded and the store gives none
	CodeStart   = "start"    // the embedded store could not be started
	CodeStore   = "store"    // any other refusal
	CodeGhost   = "half-put" // the store says that an object exists and that it does not
)

// UnreachableError says that the store could not be used: not found, not trusted, not permitted, full, silent or broken.
// What was to be delivered is untouched and can be delivered again.
type UnreachableError struct {
	Code     string // one of the Code constants
	Endpoint string // as configured
	Text     Text   // what happened and what to do
	Cause    error  // for the log
}

// Error is the English sentence with its cause.
func (e *UnreachableError) Error() string {
	if e.Cause == nil {
		return e.Text.EN
	}
	return fmt.Sprintf("%s (%v)", e.Text.EN, e.Cause)
}

// Unwrap gives the cause.
func (e *UnreachableError) Unwrap() error { return e.Cause }

// Person is the sentence for people.
func (e *UnreachableError) Person() Text { return e.Text }

// ConflictError says that other bytes already stand under a key that is written only once, or that an object was
// changed by somebody else since it was read (PutOptions.IfMatch).
type ConflictError struct {
	Key    string
	Stored string // SHA-256 in hex of what is there; empty when not known
	Wanted string // SHA-256 in hex of what was to be written; empty when the object is not part of the package
	// Incomplete: the folder holds no METS.xml, so it is no package and may be removed with Discard.
	Incomplete bool
	Text       Text
}

// Error is the English sentence.
func (e *ConflictError) Error() string { return e.Text.EN }

// Person is the sentence for people.
func (e *ConflictError) Person() Text { return e.Text }

// NotFoundError says that the object or package is not in the archive.
type NotFoundError struct {
	Key  string // key or snapshot ID
	Text Text
}

// Error is the English sentence.
func (e *NotFoundError) Error() string { return e.Text.EN }

// Person is the sentence for people.
func (e *NotFoundError) Person() Text { return e.Text }

// InputError says that what was asked for cannot be done as it stands: a name that is no key, a folder that is no package,
// a target that is already there.
type InputError struct {
	Text  Text
	Cause error
}

// Error is the English sentence with its cause.
func (e *InputError) Error() string {
	if e.Cause == nil {
		return e.Text.EN
	}
	return fmt.Sprintf("%s (%v)", e.Text.EN, e.Cause)
}

// Unwrap gives the cause.
func (e *InputError) Unwrap() error { return e.Cause }

// Person is the sentence for people.
func (e *InputError) Person() Text { return e.Text }

func isNotFound(err error) bool {
	var e *NotFoundError
	return errors.As(err, &e)
}

func badInput(sv, en string, cause error) *InputError {
	return &InputError{Text: Text{SV: sv, EN: en}, Cause: cause}
}
