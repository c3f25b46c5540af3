package config

import (
	"errors"
	"fmt"
	"strings"
)

// Problem is one thing wrong with the configuration, with a sentence for the person who can mend it.
type Problem struct {
	File string // the file, or empty
	Line int    // 1-based; 0 when unknown
	Key  string // dotted, e.g. "capture.allow_private"
	Env  string // the environment variable that gave the value, or empty
	SV   string // what is wrong and what to do, in Swedish
	EN   string // the same in English
}

// Error gives place, key and the English sentence: "arsring.yaml:12: capture.image: ...".
func (p Problem) Error() string { return p.place() + p.EN }

// In gives the whole line in the language, "sv" or "en"; Swedish when the language is unknown.
func (p Problem) In(lang string) string {
	if lang == "en" {
		return p.Error()
	}
	return p.place() + p.SV
}

func (p Problem) place() string {
	var b strings.Builder
	switch {
	case p.Env != "":
		fmt.Fprintf(&b, "%s: ", p.Env)
	case p.File != "" && p.Line > 0:
		fmt.Fprintf(&b, "%s:%d: ", p.File, p.Line)
	case p.File != "":
		fmt.Fprintf(&b, "%s: ", p.File)
	}
	if p.Key != "" {
		fmt.Fprintf(&b, "%s: ", p.Key)
	}
	return b.String()
}

// Problems is everything found at once, so that a person mends a file in one go. Load returns it as its error (errors.As).
type Problems []Problem

// Error gives one English line a problem.
func (ps Problems) Error() string { return ps.In("en") }

// In gives one line a problem in the language.
func (ps Problems) In(lang string) string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.In(lang)
	}
	return strings.Join(lines, "\n")
}

// AsProblems finds the Problems in an error; nil when there are none.
func AsProblems(err error) Problems {
	var ps Problems
	if errors.As(err, &ps) {
		return ps
	}
	return nil
}
