package notify

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes a text from anywhere one line that is safe in a header, in a letter and on a terminal: control characters and characters that turn
// the direction of text are gone, space is single, and what is longer than most characters ends in "…".
func Clean(s string, most int) string {
	var b strings.Builder
	space, n := false, 0
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			space = n > 0
			continue
		case turnsText(r):
			continue
		}
		if space {
			b.WriteByte(' ')
			n++
			space = false
		}
		if n >= most-1 && utf8.RuneCountInString(s) > most {
			return b.String() + "…"
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// turnsText: marks, embeddings and isolates of the bidirectional algorithm, zero-width and tag characters, and line separators.
func turnsText(r rune) bool {
	switch {
	case r >= 0x200B && r <= 0x200F, r >= 0x2028 && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF, r == 0x061C, r >= 0xE0000 && r <= 0xE007F:
		return true
	}
	return false
}

// address reads a mail address and gives it without the name; ok is false for what is none or could break a header.
func address(s string) (string, bool) {
	if strings.ContainsFunc(s, unicode.IsControl) {
		return "", false
	}
	a, err := mail.ParseAddress(s)
	if err != nil {
		return "", false
	}
	return a.Address, true
}
