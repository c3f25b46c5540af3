package catalog

import (
	"time"

	"arsring/internal/capture"
	"arsring/internal/sip"
)

// Side is one of two snapshots that are compared.
type Side struct {
	Manifest sip.Manifest
	Content  sip.Content
}

// Comparison is what differs between two snapshots of one account.
type Comparison struct {
	Old, New CompareSide
	Added    []Change // in the new one only
	Changed  []Change
	Removed  []Change // in the old one only, though the new one looked where it stood
	Same     int      // pieces that did not change
	Beyond   int      // pieces of the old one that the new one did not look for again: older than what it read
	// Reliable is false when the new snapshot is not complete: what it lacks may be missing in it rather than gone from the page. Each
	// removed piece says for itself whether it is Certain.
	Reliable bool
}

// CompareSide says which snapshot stood on a side.
type CompareSide struct {
	ID       string
	Taken    time.Time
	Outcome  capture.Outcome
	Posts    int
	Comments int
}

// Change is one post, comment or page that is new, changed or removed. Texts are foreign: show them through a template.
type Change struct {
	Kind      Kind
	ID        string // in the new one, else in the old one
	Parent    string // of a comment: id of the post it stands under
	Permalink string
	Author    string
	Origin    capture.Origin
	Published *time.Time
	Old, New  string        // whole texts; empty where there is none
	Spans     []DiffSpan    // the text with what was taken out and put in; only of changed ones
	Fields    []FieldChange // what else changed, as "author", "published", "edited", "warning", "media", "origin"
	OldSheet  int           // page of the old record that shows it; 0: not known
	NewSheet  int
	Certain   bool // of removed ones: nothing suggests that it was merely not reached
}

// Op says what happened to a piece of text.
type Op string

// The ops.
const (
	OpSame Op = "same"
	OpAdd  Op = "add"
	OpCut  Op = "cut"
)

// DiffSpan is a piece of a changed text. The same and cut ones together are the old text, the same and added ones the new.
type DiffSpan struct {
	Op   Op
	Text string
}

// FieldChange is a fact of a piece that is not the same in both.
type FieldChange struct {
	Name     string
	Old, New string
}
