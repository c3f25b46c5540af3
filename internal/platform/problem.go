package platform

import (
	"fmt"
	"strings"
)

// Problem is one thing wrong with a platform file, with a sentence for the person who can mend it.
type Problem struct {
	File string
	Line int    // 1-based; 0 when unknown
	Key  string // e.g. "select.post[2]"
	Text string
}

// Error gives file, line, key and what to do on one line.
func (p Problem) Error() string {
	place := p.File
	if p.Line > 0 {
		place += fmt.Sprintf(":%d", p.Line)
	}
	if p.Key != "" {
		place += ": " + p.Key
	}
	return place + ": " + p.Text
}

// Problems is everything found at once.
type Problems []Problem

// Error gives one line a problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}
