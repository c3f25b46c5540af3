package sip

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"unicode"
)

// longestName is the most characters that LegalName gives, extension included.
const longestName = 100

var plainLetters = strings.NewReplacer(
	"å", "a", "ä", "a", "ö", "o", "é", "e", "è", "e", "ê", "e", "ü", "u", "ø", "o", "æ", "ae", "ß", "ss",
	"Å", "A", "Ä", "A", "Ö", "O", "É", "E", "È", "E", "Ê", "E", "Ü", "U", "Ø", "O", "Æ", "AE",
	"a\u030a", "a", "a\u0308", "a", "o\u0308", "o", "A\u030a", "A", "A\u0308", "A", "O\u0308", "O",
)

var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// LegalName makes a file name that is safe in every file system, object key and METS address out of any text, such
// as the name a handed-in file came with: letters a-z, digits, dot, hyphen and underscore, at most 100 of them, the
// extension kept, never empty, never hidden, never one that Windows reserves. Folders in the text are left out.
func LegalName(s string) string {
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(legalRune, plainLetters.Replace(cleanLine(s, 1000)))
	for strings.Contains(s, "__") {
		s = strings.ReplaceAll(s, "__", "_")
	}
	ext := path.Ext(s)
	stem := strings.Trim(strings.TrimSuffix(s, ext), "._-")
	if ext = strings.TrimRight(ext, "._-"); len(ext) > 16 {
		stem, ext = strings.Trim(s, "._-"), ""
	}
	if stem == "" {
		stem = "fil"
	}
	if reserved.MatchString(stem) {
		stem = "fil-" + stem
	}
	if longest := longestName - len(ext); len(stem) > longest {
		stem = strings.TrimRight(stem[:longest], "._-")
	}
	return stem + ext
}

func legalRune(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-':
		return r
	case unicode.Is(unicode.Mn, r):
		return -1
	}
	return '_'
}

// uniqueName keeps two files of one folder apart, also where upper and lower case are the same; taken is updated.
func uniqueName(name string, taken map[string]bool) string {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := 2; taken[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
	taken[strings.ToLower(name)] = true
	return name
}

var mediaName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// checkPath refuses a path that could lead out of a package or mean another file on another system.
func checkPath(p string) error {
	if len(p) > 1024 || !fs.ValidPath(p) || p == "." || strings.ContainsAny(p, `\:`) || strings.ContainsFunc(p, unicode.IsControl) {
		return fmt.Errorf("%s is no path inside a package: want folders and a name with slashes, without .. and from the root of the package", quote(p))
	}
	return nil
}
