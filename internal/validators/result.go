package validators

import (
	"slices"
	"strings"
)

// Result is one validator's verdict on one file or package.
type Result struct {
	// Valid is the validator's own verdict, not a count of ours.
	Valid bool
	// Profile is what the file was held against, for example "PDF/A-2a" or "CSIP-2.1.0, SIP-2.1.0".
	// It is empty when the file could not be read at all.
	Profile string
	// Failed names each broken rule once, in the validator's order: clause and test number for a
	// PDF ("6.2.4.3-2"), the requirement for a package ("CSIP1"), "unreadable" for neither.
	Failed []string
	// Details tells the same for a person, a line each: the rule, what it asks, and where it broke first.
	Details []string
}

// String is what a failing test prints: the verdict and one line for each broken rule.
func (r Result) String() string {
	verdict := "not valid"
	if r.Valid {
		verdict = "valid"
	}
	profile := r.Profile
	if profile == "" {
		profile = "no profile"
	}
	return strings.Join(append([]string{profile + ": " + verdict}, r.Details...), "\n  ")
}

// Fails tells whether the named rule is among the broken ones.
func (r Result) Fails(rule string) bool {
	return slices.Contains(r.Failed, rule)
}

// add notes a broken rule, once however often it was broken.
func (r *Result) add(rule, detail string) {
	if r.Fails(rule) {
		return
	}
	r.Failed = append(r.Failed, rule)
	r.Details = append(r.Details, rule+" "+detail)
}
