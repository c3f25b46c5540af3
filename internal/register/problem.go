package register

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Severity tells a problem that stops from one that does not.
type Severity string

// The severities. A register with errors is not used; one with warnings is.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Problem is one thing wrong with the register or with a list to import, with a sentence for the person who can mend it.
type Problem struct {
	File     string   `json:"file"`
	Line     int      `json:"line"` // 1-based line, or row of a spreadsheet; 0 when unknown
	Key      string   `json:"key"`  // within the entry, e.g. "administrators[1].email"
	Account  string   `json:"account"`
	Code     string   `json:"code"` // stable, e.g. "double-id"
	Severity Severity `json:"severity"`
	SV       string   `json:"sv"`
	EN       string   `json:"en"`
}

// Error gives place, account, key and the English sentence on one line.
func (p Problem) Error() string { return p.In("en") }

// In gives the whole line in the language, "sv" or "en"; Swedish when the language is unknown.
func (p Problem) In(lang string) string {
	word, sentence := "varning: ", p.SV
	if lang == "en" {
		word, sentence = "warning: ", p.EN
	}
	if p.Severity != SeverityWarning {
		word = ""
	}
	return p.place() + word + sentence
}

func (p Problem) place() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(printable(p.File))
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
		}
		b.WriteString(": ")
	}
	if p.Account != "" {
		b.WriteString(printable(p.Account) + ": ")
	}
	if p.Key != "" {
		b.WriteString(printable(p.Key) + ": ")
	}
	return b.String()
}

// Problems is everything found at once. As an error it holds at least one Problem of SeverityError (errors.As).
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

// Errors gives those that stop.
func (ps Problems) Errors() Problems { return ps.only(SeverityError) }

// Warnings gives those that do not stop.
func (ps Problems) Warnings() Problems { return ps.only(SeverityWarning) }

func (ps Problems) only(s Severity) Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.Severity != s })
}

// Has reports whether one of the problems has the code.
func (ps Problems) Has(code string) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return p.Code == code })
}

// err gives the problems as an error when one of them stops.
func (ps Problems) err() error {
	if len(ps.Errors()) == 0 {
		return nil
	}
	return ps
}

// AsProblems finds the Problems in an error; nil when there are none.
func AsProblems(err error) Problems {
	var ps Problems
	if errors.As(err, &ps) {
		return ps
	}
	return nil
}

// printable keeps control characters, directional tricks and endless names of a hostile file away from terminal and page.
func printable(s string) string {
	if r := []rune(s); len(r) > 300 {
		s = "…" + string(r[len(r)-300:])
	}
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

// quoted shows a value in a sentence, shortened and harmless.
func quoted(s string) string {
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80]) + "…"
	}
	return strconv.Quote(s)
}
