package pdfa

import (
	"maps"
	"slices"
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

// dingbatRune gives the character of one of ZapfDingbats' signs. Unicode took them over in the order of that font's own encoding, but for those
// that it had already.
func (f *type1Font) dingbatRune(name string) (rune, bool) {
	if !dingbat(name) {
		return 0, false
	}
	for _, code := range slices.Sorted(maps.Keys(f.encoding)) {
		if f.encoding[code] != name {
			continue
		}
		if r, ok := unlikeDingbats[code]; ok {
			return r, true
		}
		switch {
		case code >= 0x21 && code <= 0x7e:
			return rune(0x2701 + code - 0x21), true
		case code >= 0xac && code <= 0xb5:
			return rune(0x2460 + code - 0xac), true
		case code >= 0xa1 && code <= 0xfe:
			return rune(0x2761 + code - 0xa1), true
		}
	}
	return 0, false
}

// unlikeDingbats are the signs of ZapfDingbats that Unicode has elsewhere, by their codes.
var unlikeDingbats = map[int]rune{
	0x25: '☎', 0x2a: '☛', 0x2b: '☞', 0x48: '★', 0x6c: '●', 0x6e: '■', 0x73: '▲', 0x74: '▼', 0x75: '◆', 0x77: '◗',
	0xa8: '♣', 0xa9: '♦', 0xaa: '♥', 0xab: '♠', 0xd5: '→', 0xd6: '↔', 0xd7: '↕',
}
