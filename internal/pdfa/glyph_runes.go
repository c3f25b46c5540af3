package pdfa

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// glyphRune gives the character that a glyph name stands for: by the Adobe Glyph List's naming (uniXXXX, uXXXXX), by the
// list of names, or as a letter with an accent. False when the name says nothing.
func glyphRune(name string) (rune, bool) {
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	if r, ok := glyphTable()[name]; ok {
		return r, true
	}
	switch {
	case strings.HasPrefix(name, "uni") && len(name) >= 7:
		return hexName(name[3:7])
	case strings.HasPrefix(name, "u") && len(name) >= 5 && len(name) <= 7:
		if r, ok := hexName(name[1:]); ok {
			return r, true
		}
	case strings.HasPrefix(name, "afii"):
		return afii(name[4:])
	}
	for suffix, mark := range accents {
		base, ok := strings.CutSuffix(name, suffix)
		if !ok || len(base) != 1 {
			continue
		}
		if r := []rune(norm.NFC.String(base + string(mark))); len(r) == 1 {
			return r[0], true
		}
	}
	return 0, false
}

// afii gives the Cyrillic letters of the names afii10017 and on, which follow the alphabet with Ё after Е.
func afii(digits string) (rune, bool) {
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	letter := func(i int, base, yo rune) rune {
		switch {
		case i < 6:
			return base + rune(i)
		case i == 6:
			return yo
		}
		return base + rune(i) - 1
	}
	switch {
	case n >= 10017 && n <= 10049:
		return letter(n-10017, 'А', 'Ё'), true
	case n >= 10065 && n <= 10097:
		return letter(n-10065, 'а', 'ё'), true
	case n == 61352:
		return '№', true
	case n == 208:
		return '―', true
	}
	return 0, false
}
