package capture

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// merge adds to a post what its own page has more. It reports whether the page had something that a record without the page would lack.
func (v *visitor) merge(p *Post, o ownPage) bool {
	if o.Post == nil || v.deeper(p) && !o.Strong { // a comment is told on its own page by its address or its words, or not at all
		return false
	}
	got := o.piece(v)
	got.Text = v.withoutNames(got)
	b := v.t.beyond[p.ID]
	if b == nil {
		b = &beyond{}
	}
	if (o.Strong || o.Post.Bodied) && o.Headed && o.Title != "" && !strings.Contains(letters(got.Text), letters(o.Title)) && !v.names.names[plainName(o.Title)] {
		got.Text = strings.TrimSpace(o.Title + "\n\n" + got.Text)
	}
	fresh := v.retell(p, got, o, b)
	fresh = better(p, got, b.Title) || fresh
	if v.names.alone && o.Post.Sure && got.Author != "" { // the post's own page says who of the account wrote it
		p.Author, p.AuthorID, p.AuthorURL = got.Author, got.AuthorID, got.AuthorURL
	}
	claim(p, got, o.Claimed)
	return v.addComments(p, o) || fresh
}

// retell takes over the page's text, with its links and media, where it is more than the list's. A comment is said whole where it stands, unless it breaks off.
func (v *visitor) retell(p *Post, got Post, o ownPage, b *beyond) (fresh bool) {
	head, list, page := belowTitle(p.Text, got.Text, o.Title)
	text := list
	if !v.deeper(p) || unended.MatchString(list) {
		text = betterText(list, page, o, b)
	}
	if text != list {
		p.Text, fresh = head+text, true
		v.articles[p.ID] = true
		p.Links = union(p.Links, got.Links)
	}
	if fresh || v.always {
		v.addMedia(p, got.Media)
	}
	return fresh
}

// claim takes over the counters that the list did not show, and the larger number of comments.
func claim(p *Post, got Post, claimed *int) {
	if p.Reactions == nil {
		p.Reactions = got.Reactions
	}
	if claimed == nil {
		return
	}
	if p.Reactions == nil {
		p.Reactions = &Reactions{}
	}
	if p.Reactions.Comments == nil || *p.Reactions.Comments < *claimed {
		p.Reactions.Comments = claimed
	}
}

// better takes over who and when where the list left it open or less exact. It reports whether the time became exact to the minute.
func better(p *Post, got Post, title bool) (exact bool) {
	if got.Published != nil && (p.Published == nil || rank(got.PublishedPrecision) < rank(p.PublishedPrecision) ||
		p.PublishedSource == "relative" && got.PublishedSource != "relative" && got.PublishedPrecision == preciseMinute) {
		exact = got.PublishedPrecision == preciseMinute && p.PublishedPrecision != preciseMinute
		p.Published, p.PublishedSource, p.PublishedPrecision = got.Published, got.PublishedSource, got.PublishedPrecision
		if p.PublishedText == "" {
			p.PublishedText = got.PublishedText
		}
	}
	if got.Author != "" && (p.Author == "" || title && p.Origin != OriginOwn) {
		p.Author, p.AuthorID, p.AuthorURL, p.Origin = got.Author, got.AuthorID, got.AuthorURL, got.Origin
	}
	if p.AuthorURL == "" && p.Author == got.Author {
		p.AuthorURL, p.AuthorID, p.Origin = got.AuthorURL, got.AuthorID, got.Origin
	}
	if got.EditedShown {
		p.EditedShown = true
		if p.Edited == nil {
			p.Edited = got.Edited
		}
	}
	if p.Warning == "" {
		p.Warning = got.Warning
	}
	return exact
}

// trim takes off the ends of the texts that came from posts' own pages what most of these pages end with: it is the site's, and none of them says it.
func (v *visitor) trim() {
	lines, n := map[string]int{}, 0
	for _, p := range v.c.Posts {
		if !v.articles[p.ID] {
			continue
		}
		n++
		for _, l := range distinct(strings.Split(p.Text, "\n")) {
			lines[letters(l)]++
		}
	}
	if n < 4 {
		return
	}
	for i := range v.c.Posts {
		p := &v.c.Posts[i]
		if !v.articles[p.ID] {
			continue
		}
		all := strings.Split(p.Text, "\n")
		for len(all) > 1 {
			k := letters(all[len(all)-1])
			if k != "" && lines[k]*5 < n*4 {
				break
			}
			all = all[:len(all)-1]
		}
		p.Text = strings.Join(all, "\n")
	}
}

// withoutNames is a page's text without lines that are nothing but who published it.
func (v *visitor) withoutNames(got Post) string {
	var out []string
	for line := range strings.SplitSeq(got.Text, "\n") {
		if n := plainName(line); n == "" || n != plainName(got.Author) && !v.names.names[n] {
			out = append(out, line)
		}
	}
	return strings.TrimSpace(blankRun.ReplaceAllString(strings.Join(out, "\n"), "\n\n"))
}

var blankRun = regexp.MustCompile(`\n{3,}`)

// letters is a text by its letters and digits only, for comparison.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func union(a, b []string) []string {
	for _, s := range b {
		found := false
		for _, h := range a {
			found = found || h == s
		}
		if !found {
			a = append(a, s)
		}
	}
	return a
}

var sizeSuffix = regexp.MustCompile(`-\d{2,4}x\d{2,4}(\.\w+)$`)

// sameMedia is an address without what only tells the size of the picture.
func sameMedia(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.RawQuery, u.Fragment = "", ""
	return sizeSuffix.ReplaceAllString(u.String(), "$1")
}

// addMedia adds pictures that the list did not show.
func (v *visitor) addMedia(p *Post, more []Media) {
	have := map[string]bool{}
	for _, m := range p.Media {
		have[sameMedia(m.URL)] = true
	}
	for _, m := range more {
		if k := sameMedia(m.URL); !have[k] {
			have[k] = true
			p.Media = append(p.Media, m)
		}
	}
}

// addComments merges the page's comments into the post's: none twice, replies below what they answer.
func (v *visitor) addComments(p *Post, o ownPage) bool {
	index := map[string]*twig{}
	root := &twig{}
	root.grow(v.unsaid(p, o), index)
	fresh := false
	var graft func(to *twig, raw []rawPost)
	graft = func(to *twig, raw []rawPost) {
		for i := range raw {
			r := raw[i]
			replies := r.Comments
			r.Comments = nil
			c := v.t.piece(&r, v.names, p.ID, true)
			c.Text = withoutRe(c.Text, p.Text)
			if p.older(c) && strings.Contains(letters(p.Text), letters(c.Text)) {
				continue // what the post quotes
			}
			if v.top[c.ID] {
				if c.ID != p.ID && !v.met[p.ID+c.ID] {
					v.met[p.ID+c.ID] = true
					v.elsewhere[p.ID]++
				}
				graft(to, replies)
				continue
			}
			at := index[c.ID]
			if at != nil && isOther(at.post, c) { // two pieces under one number
				c.ID = c.ID[:2] + digest([]byte(c.ID + "\x00" + signature(c)))[:16]
				at = index[c.ID]
			}
			if at == nil {
				at = index[signature(c)]
			}
			if at == nil {
				at = &twig{post: c}
				to.kids = append(to.kids, at)
				index[c.ID], index[signature(c)] = at, at
				fresh = true
			} else {
				if len(letters(c.Text)) > len(letters(at.post.Text)) {
					at.post.Text = c.Text
				}
				better(&at.post, c, false)
			}
			graft(at, replies)
		}
	}
	graft(root, o.Post.Comments)
	p.Comments = root.list()
	return fresh
}

var answering = regexp.MustCompile(`(?i)^(?:re|sv|vs|aw)\s*:\s*`)

// withoutRe is an answer's text without the title of what it answers, with which forums begin it.
func withoutRe(text, of string) string {
	head, rest, _ := strings.Cut(text, "\n")
	title, _, _ := strings.Cut(of, "\n")
	if bare := answering.ReplaceAllString(head, ""); bare == head || letters(bare) != letters(title) {
		return text
	}
	return strings.TrimSpace(rest)
}

// unsaid is the comments that the list gives a post, without those that are no more than who spoke last, and when: its own page has them whole.
func (v *visitor) unsaid(p *Post, o ownPage) []Post {
	mute := func(c Post) bool { return c.Text == "" && len(c.Media) == 0 && len(c.Comments) == 0 }
	if !slices.ContainsFunc(p.Comments, mute) {
		return p.Comments
	}
	by := func(c Post) string { c.Text = ""; return signature(c) }
	whole := map[string]bool{by(*p): true}
	var note func(raw []rawPost)
	note = func(raw []rawPost) {
		for i := range raw {
			whole[by(v.t.piece(&raw[i], v.names, p.ID, true))] = true
			note(raw[i].Comments)
		}
	}
	note(o.Post.Comments)
	var out []Post
	for _, c := range p.Comments {
		if !mute(c) || !whole[by(c)] {
			out = append(out, c)
		}
	}
	return out
}

// isOther reports whether two comments that go by one number are two: of different people, with different words.
func isOther(a, b Post) bool {
	x, y := letters(a.Text), letters(b.Text)
	return a.Author != "" && b.Author != "" && a.Author != b.Author && !strings.HasPrefix(x, y) && !strings.HasPrefix(y, x)
}

// signature tells a comment apart where the same one goes under two addresses.
func signature(c Post) string {
	when := c.PublishedText
	if c.Published != nil && c.PublishedSource != "relative" {
		when = c.Published.Format("2006-01-02T15:04")
	}
	return strings.Join([]string{letters(c.Author), when, letters(c.Text)}, "\x00")
}

// twig is a comment with its replies while the tree grows.
type twig struct {
	post Post
	kids []*twig
}

func (t *twig) grow(posts []Post, index map[string]*twig) {
	for _, c := range posts {
		k := &twig{post: c}
		t.kids = append(t.kids, k)
		index[c.ID], index[signature(c)] = k, k
		k.grow(c.Comments, index)
	}
}

func (t *twig) list() []Post {
	out := []Post{}
	for _, k := range t.kids {
		k.post.Comments = k.list()
		out = append(out, k.post)
	}
	return out
}

func withoutFragment(address string) string {
	head, _, _ := strings.Cut(address, "#")
	return head
}
