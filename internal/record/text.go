package record

import (
	"regexp"
	"strings"
	"unicode"
)

// clean makes a page's text fit to be printed in a document that must hold for ever: control characters, private-use and unassigned code
// points and non-characters have no meaning of their own there and become U+FFFD; marks that turn the text around for everything after them are dropped.
func clean(s string) string {
	if !strings.ContainsFunc(s, odd) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !odd(r):
			b.WriteRune(r)
		case bidiControl(r), unicode.IsControl(r), r == '\u00ad', r == '\ufeff':
		default:
			b.WriteRune('\ufffd')
		}
	}
	return b.String()
}

// odd reports a rune that clean takes care of. Line breaks and tabs are text.
func odd(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x7f:
		return r < 0x20
	case bidiControl(r), r == '\u00ad', r == '\ufeff':
		return true
	}
	return !unicode.IsGraphic(r) && !unicode.Is(unicode.Cf, r) && !unicode.IsSpace(r)
}

// bidiControl are the embeddings, overrides and isolates (UAX #9); paragraphs get their direction from the dir attribute.
func bidiControl(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

var langTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// safeLang lets a BCP 47 tag through; anything else is und, which is undetermined.
func safeLang(s string) string {
	if langTag.MatchString(s) {
		return s
	}
	return "und"
}

func safeDir(s string) string {
	if s == "rtl" || s == "ltr" {
		return s
	}
	return "auto"
}
