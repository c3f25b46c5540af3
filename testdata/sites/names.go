package sites

import (
	"strconv"
	"strings"
	"unicode"
)

// cutName parts a name into first and last name.
func cutName(name string) (first, last string, ok bool) { return strings.Cut(name, " ") }

var asciiLetters = strings.NewReplacer("å", "a", "ä", "a", "ö", "o", "ü", "u", "ı", "i", "é", "e", "-", "")

// handleOf makes a user name of a person's name, as platforms write it.
func handleOf(name string, h uint64) string {
	first, last, _ := cutName(strings.ToLower(name))
	return asciiLetters.Replace(first) + "." + asciiLetters.Replace(last) + strconv.FormatUint(h%97, 10)
}

// initials of a name, for round pictures of people.
func initials(name string) string {
	var out []rune
	for part := range strings.FieldsSeq(name) {
		out = append(out, unicode.ToUpper([]rune(part)[0]))
	}
	if len(out) > 2 {
		out = out[:2]
	}
	return string(out)
}

// colourOf gives a person's round picture its colour.
func colourOf(name string) string {
	list := []string{"#8a5a44", "#3f6b57", "#41648a", "#7a4b78", "#9a6a1f", "#50627a", "#a14f4f", "#2f7a7a"}
	return list[hash64(name)%uint64(len(list))]
}
