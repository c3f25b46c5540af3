package capture

import (
	"regexp"
	"strings"
)

// belowTitle takes off a list's text the title that on the post's page stands apart from the text, or is written a little differently there.
func belowTitle(list, page, title string) (head, rest, body string) {
	first, rest, _ := strings.Cut(list, "\n")
	t := letters(title)
	switch {
	case t == "" || letters(rest) == "" || letters(page) == "" || !sameTitle(first, title):
		return "", list, page
	case !strings.Contains(letters(page), t):
		return first + "\n\n", strings.TrimSpace(rest), page
	case letters(first) == t:
		return "", list, page
	}
	if top, below, _ := strings.Cut(page, "\n"); sameTitle(top, title) {
		page = strings.TrimSpace(below)
	}
	return first + "\n\n", strings.TrimSpace(rest), page
}

// sameTitle says whether two titles are one, written in full or in short, with or without the name of the site.
func sameTitle(a, b string) bool {
	a, b = letters(a), letters(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	return a != "" && (a == b || len(a) >= 12 && len(a)*2 >= len(b) && strings.Contains(b, a))
}

// article says whether a page goes on where a list's text ends: it begins with all that the list says, or has nearly all its words and many more.
func article(l, g, list, page string) bool {
	if at := strings.Index(g, l); at >= 0 && at <= 60 && len(l) >= 20 {
		return true
	}
	have, words, both := map[string]bool{}, 0, 0
	for _, w := range strings.Fields(plainName(page)) {
		have[w] = true
	}
	for _, w := range strings.Fields(plainName(list)) {
		if words++; have[w] {
			both++
		}
	}
	return words >= 8 && both*10 >= words*9 && len(g) > len(l)*5/4
}

// betterText chooses between the text of the list and that of the page. The page's must say what the list's says and more.
func betterText(list, page string, o ownPage, b *beyond) string {
	l, g := letters(list), letters(page)
	switch {
	case g == "":
		if l == "" {
			return o.Title
		}
		return list
	case l == "":
		if o.Title != "" && !strings.Contains(g, letters(o.Title)) {
			return o.Title + "\n\n" + page
		}
		return page
	case g == l && (strings.Count(page, "\n") > strings.Count(list, "\n") || unended.MatchString(list)):
		return page // an extract has lost the lines
	case len(g) <= len(l):
		return list
	case b.Title && !strings.Contains(g, l):
		return list + "\n\n" + page
	}
	if article(l, g, list, page) || continues(l, g, o, b) || broken(list, g) {
		return page
	}
	return list
}

// broken says whether a line of the list's text breaks off, and the page's letters hold it.
func broken(list, g string) bool {
	for line := range strings.SplitSeq(list, "\n") {
		if l := letters(line); unended.MatchString(line) && len(l) >= 20 && strings.Contains(g, l) {
			return true
		}
	}
	return false
}

// continues says whether the page's letters hold the beginning of the list's, where one of them is known to be the post's text.
func continues(l, g string, o ownPage, b *beyond) bool {
	r := []rune(l)
	n := len(r)
	if b.Cut {
		n = min(60, n*2/3)
	}
	at := strings.Index(g, string(r[:max(1, n)]))
	return at >= 0 && (b.Cut || b.Title || (o.Strong || o.Post.Bodied) && at == 0)
}

var unended = regexp.MustCompile(`(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$`)
