package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// What pages, stores and people wrote must not steer the terminal that shows it: everything that the commands print goes through these.
var (
	stdout io.Writer = tame{os.Stdout, func(rune) string { return " " }}
	stderr io.Writer = tame{os.Stderr, func(rune) string { return " " }}
	// jsonOut is for JSON, where such characters stand in strings only and have an escape.
	jsonOut io.Writer = tame{os.Stdout, func(r rune) string {
		if r >= 0x10000 {
			return fmt.Sprintf(`\u%04x\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		}
		return fmt.Sprintf(`\u%04x`, r)
	}}
)

// tame writes text without what steers a terminal; other says what is written instead. Each Write must hold whole characters, as those of fmt and
// of encoding/json do.
type tame struct {
	w     io.Writer
	other func(r rune) string
}

func (t tame) Write(p []byte) (int, error) {
	var b strings.Builder
	for _, r := range string(p) {
		switch {
		case r == utf8.RuneError:
			b.WriteRune(utf8.RuneError)
		case steers(r):
			b.WriteString(t.other(r))
		default:
			b.WriteRune(r)
		}
	}
	if _, err := io.WriteString(t.w, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// steers tells control characters, all but the end of a line and the tab, and characters that turn the direction of text or are not seen.
func steers(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < ' ', r >= 0x7f && r < 0xa0, r == 0x061c, r >= 0x200e && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x206f, r == 0xfeff, r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}
