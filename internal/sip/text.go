package sip

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// replacement stands where a character was that XML 1.0 or a terminal must not meet.
const replacement = '\uFFFD'

// cleanText makes foreign text of several lines safe for XML, JSON and plain text: valid UTF-8, line breaks as \n,
// no control characters but \n and \t. What is replaced stays visible as U+FFFD; nothing is dropped silently.
func cleanText(s string) string { return cleanJSON(strings.ReplaceAll(s, "\u0085", "\n")) }

// cleanJSON does the same with a text that is JSON, where a line break more would be one too many.
func cleanJSON(s string) string {
	s = strings.ToValidUTF8(s, string(replacement))
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !forbidden(r) {
			return r
		}
		return replacement
	}, s)
}

// forbidden reports the characters outside XML 1.0's Char, and the C1 controls, which XML allows and terminals obey.
func forbidden(r rune) bool {
	return r < 0x20 || r >= 0x7F && r <= 0x9F || r == 0xFFFE || r == 0xFFFF
}

// cleanLine makes foreign text a single line of at most limit runes: a title, a label, a name. White space of any
// kind becomes one space so that no line can be forged, and characters that reorder or hide the text around them go.
func cleanLine(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if hiding(r) {
			return -1
		}
		return r
	}, cleanText(s))
	s = strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
	return cut(s, limit)
}

// hiding reports the characters that change how the text after them is ordered or shown (bidirectional embeddings,
// overrides and isolates, zero-width space, byte order mark). Joiners stay: emoji and Indic scripts need them.
func hiding(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x200B || r == 0xFEFF
}

// cut shortens a text to limit runes, the last of them an ellipsis.
func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	r := []rune(s)
	return strings.TrimRightFunc(string(r[:limit-1]), unicode.IsSpace) + "…"
}

// orNull is nil for a text that is unknown: an empty one.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// zeroNull is nil for a number that is unknown: zero.
func zeroNull[T int | int64](n T) *T {
	if n == 0 {
		return nil
	}
	return &n
}

// firstOf returns the first text that is not empty.
func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// full is a copy of a slice that is never nil, so that JSON shows [] and not null.
func full[T any](in []T) []T { return append(make([]T, 0, len(in)), in...) }
