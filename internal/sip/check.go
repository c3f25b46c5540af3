package sip

import (
	"context"
	"errors"

	"arsring/internal/capture"
)

// ProblemKind says what is wrong with a file of a package.
type ProblemKind string

// The kinds of problems.
const (
	ProblemMissing    ProblemKind = "missing"    // named by METS, not there
	ProblemExtra      ProblemKind = "extra"      // there, named by no METS
	ProblemAltered    ProblemKind = "altered"    // other bytes than METS says
	ProblemRenamed    ProblemKind = "renamed"    // the bytes of a missing file under another name
	ProblemUnreadable ProblemKind = "unreadable" // cannot be read or understood
)

// Problem is one finding about one file.
type Problem struct {
	Kind  ProblemKind  `json:"kind"`
	Path  string       `json:"path"`            // from the package's root
	Other string       `json:"other,omitempty"` // for renamed: where the bytes are now
	Text  capture.Text `json:"text"`
}

// CheckDir compares a package folder with its METS files: missing, extra, altered and renamed files, each named, in
// the order of their paths. No problems and no error means that every byte METS.xml covers is as it was packed.
// METS.xml itself is covered by the time stamp, the receipt and the log beside the package, not by the folder.
// The error is for what keeps the check from being made at all, such as a folder that cannot be opened.
func CheckDir(ctx context.Context, dir string) ([]Problem, error) {
	return nil, errors.ErrUnsupported
}
