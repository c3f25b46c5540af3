package capture

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// answer is how a page heads what is said in answer: "Svar från ägaren".
var answer = regexp.MustCompile(`(?i)^(?:svar|response|reply|answer|antwort|vastaus)\s+(?:från|from|by|fra|von|vom)\s+(?:the\s+|der\s+|dem\s+)?(.+?)(?:\s*\([^)]*\))?\s*:?$`)

// holder is whoever holds the account, by no name.
var holder = regexp.MustCompile(`(?i)^(?:ägaren|owner|eieren|ejeren|inhaber|verksamheten|business|redaktionen|kommunen|oss|us)$`)

// answers puts the name of who answered in the place of the words around it.
func (o owner) answers(r *rawPost) {
	m := answer.FindStringSubmatch(r.Author)
	switch {
	case m == nil:
	case holder.MatchString(m[1]) && o.shown != "":
		r.Author = o.shown
	case !holder.MatchString(m[1]):
		r.Author = m[1]
	}
}

// untitle gives headings that stand where an author would back to the text: those of a feed are all different, and hardly any is a person's name.
func untitle(posts []Post, headed map[string]bool) {
	different, people := map[string]bool{}, 0
	for _, p := range posts {
		if !headed[p.ID] || p.Origin == OriginOwn || p.Author == "" {
			return
		}
		different[p.Author] = true
		if !titleLike(p.Author) {
			people++
		}
	}
	if len(posts) < 3 || len(different) < len(posts) || people*2 > len(posts) {
		return
	}
	for i := range posts {
		p := &posts[i]
		p.Text, p.Author, p.AuthorID = strings.TrimSpace(p.Author+"\n\n"+p.Text), "", ""
	}
}

// titleLike tells a title from a name: it is long, holds a number, or has a word in lower case that no name has.
func titleLike(s string) bool {
	words := strings.Fields(s)
	if len(words) > 5 || strings.ContainsFunc(s, unicode.IsDigit) {
		return true
	}
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) && !slices.Contains([]string{"af", "av", "von", "van", "de", "der", "den", "du", "la"}, w) {
			return true
		}
	}
	return false
}
