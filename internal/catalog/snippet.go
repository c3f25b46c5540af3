package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	snippetBytes = 320 // of text, about
	snippetLead  = 80  // of text before the first mark
)

// newSnippet takes a text in which what was found stands between markOpen and markClose, and cuts a piece around the first find.
func newSnippet(marked string) Snippet {
	text, marks := unmark(marked)
	start := 0
	if len(marks) > 0 && marks[0].Start > snippetLead {
		start = wordStart(text, marks[0].Start-snippetLead)
	}
	end := len(text)
	if end > start+snippetBytes {
		end = wordEnd(text, start+snippetBytes)
	}
	s := Snippet{Text: text[start:end], Marks: []Span{}, Before: start > 0, After: end < len(text)}
	for _, m := range marks {
		if m.Start >= start && m.End <= end {
			s.Marks = append(s.Marks, Span{m.Start - start, m.End - start})
		}
	}
	return s
}

// unmark takes the marks out of a text and says where they stood.
func unmark(marked string) (string, []Span) {
	if !strings.ContainsRune(marked, markOpen) {
		return marked, nil
	}
	var b strings.Builder
	b.Grow(len(marked))
	var marks []Span
	open := -1
	for _, r := range marked {
		switch r {
		case markOpen:
			open = b.Len()
		case markClose:
			if open >= 0 && b.Len() > open {
				marks = append(marks, Span{open, b.Len()})
			}
			open = -1
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), marks
}

// wordStart moves a place in a text forward to where a word begins, or at least a character.
func wordStart(s string, at int) int {
	for at < len(s) && !utf8.RuneStart(s[at]) {
		at++
	}
	for i, r := range s[at:min(len(s), at+40)] {
		if unicode.IsSpace(r) {
			return at + i + utf8.RuneLen(r)
		}
	}
	return at
}

// wordEnd moves a place in a text back to where a word ends, or at least a character.
func wordEnd(s string, at int) int {
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	if i := strings.LastIndexFunc(s[max(0, at-40):at], unicode.IsSpace); i > 0 {
		return max(0, at-40) + i
	}
	return at
}
