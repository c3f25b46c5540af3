package capture

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"arsring/internal/register"
)

// rawPost is a post as the script read it.
type rawPost struct {
	Key         string `json:"key"`
	Permalink   string `json:"permalink"`
	Author      string `json:"author"`
	AuthorURL   string `json:"author_url"`
	Handle      string `json:"handle"`
	When        *when  `json:"when"`
	EditedShown bool   `json:"edited_shown"`
	Edited      *when  `json:"edited"`
	Pinned      bool   `json:"pinned"`
	Shared      bool   `json:"shared"`
	Warning     string `json:"warning"`
	Text        string `json:"text"`
	Links       []string
	Media       []struct {
		Kind, URL string
		Alt       *string
		W, H      int
	}
	Lang, Dir string
	Reactions *Reactions
	Comments  []rawPost
	ID        string
	CommentID string  `json:"comment_id"`
	Twin      int     `json:"twin"` // how many like it stand before it in the same list
	Sure      bool    // the author is marked up as such
	Headed    bool    // the author is nothing but a heading
	Guess     bool    // nothing but its place says that this is the author
	Bodied    bool    // the text is marked up as the post's
	Beyond    *beyond // what the post hints at and does not show; nil for comments
	Hollow    bool    // it stands for a post that has not come
	Paged     bool    // its comments are shown in pages, of which this is one
	Mark      int     // number of the time's element in the script, -1 for none
}

// hover lets the pointer rest on times that are not exact to the minute, and adds what the page then tells.
func (t *tab) hover(ctx context.Context, posts []*rawPost) error {
	now, vague := t.b.o.Now(), map[int]*when{}
	var order []int
	var walk func(r *rawPost)
	walk = func(r *rawPost) {
		if r.When != nil && r.Mark >= 0 {
			if m, ok := r.When.resolve(now, register.Location()); !ok || m.precision != preciseMinute || m.source == "relative" {
				vague[r.Mark] = r.When
				order = append(order, r.Mark)
			}
		}
		for i := range r.Comments {
			walk(&r.Comments[i])
		}
	}
	for _, r := range posts {
		if r != nil {
			walk(r)
		}
	}
	if len(order) == 0 {
		return nil
	}
	tips, err := eval[map[int][]string](ctx, t, "hover", order, 400)
	for i, found := range tips {
		vague[i].Titles = append(vague[i].Titles, found...)
	}
	return err
}

// owner is who the account is: the names and addresses under which its own posts stand.
type owner struct {
	names map[string]bool
	paths map[string]bool
	host  string
	shown string // the name under which the page presents the account
	alone bool   // no post in the feed names an author: what is there is taken for the account's
}

// owner gathers the account's own names from the register and from the page.
func (t *tab) owner(ctx context.Context, c *Capture) (owner, error) {
	o := owner{names: map[string]bool{}, paths: map[string]bool{}}
	shown, err := eval[[]string](ctx, t, "owner")
	if err != nil {
		return o, err
	}
	acc := c.Job.Account
	if o.shown = acc.Title; o.shown == "" && len(shown) > 0 {
		o.shown = shown[0]
	}
	for _, n := range append([]string{acc.Title, acc.Sender}, shown...) {
		for _, v := range nameVariants(n) {
			o.names[v] = true
		}
	}
	for _, a := range []string{acc.URL, c.Facts.FinalURL} {
		if u, err := url.Parse(a); err == nil {
			o.paths[pathOf(u)] = true
			o.host = u.Host
		}
	}
	delete(o.names, "")
	delete(o.paths, "")
	return o, nil
}

// nameVariants are a name and what stands before the separators that page titles use.
func nameVariants(s string) []string {
	out := []string{plainName(s)}
	for _, sep := range []string{" | ", " - ", " – ", " — ", " · ", " • ", " (", " / ", ": "} {
		if head, tail, ok := strings.Cut(s, sep); ok {
			out = append(out, plainName(head))
			if sep == " (" {
				out = append(out, plainName(strings.TrimSuffix(strings.SplitN(tail, ")", 2)[0], ")")))
			}
		}
	}
	return out
}

// plainName lowers case and keeps letters, digits and single spaces.
func plainName(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '.'
	}), " ")
}

// pathOf is an address's path for comparison; empty for a site's root.
func pathOf(u *url.URL) string {
	p := strings.ToLower(strings.TrimRight(u.Path, "/"))
	if p == "" {
		return ""
	}
	return strings.ToLower(u.Host) + p
}

// origin judges who made a piece.
func (o owner) origin(r *rawPost, comment bool) Origin {
	if r.AuthorURL != "" {
		if u, err := url.Parse(r.AuthorURL); err == nil && o.paths[pathOf(u)] {
			return OriginOwn
		}
	}
	name := plainName(r.Author)
	switch {
	case name != "" && o.names[name]:
		return OriginOwn
	case name != "":
		return OriginReceived
	case comment:
		return OriginUnknown
	}
	return OriginUnknown
}

// post makes a post of what the script read: times resolved, origin judged, secrets out of addresses.
func (t *tab) post(r *rawPost, _ *Capture, o owner) Post {
	p := t.piece(r, o, "", false)
	p.quote()
	return t.heed(r, p)
}

// older says that a piece was certainly published before the post: it is no comment on it.
func (p *Post) older(c Post) bool {
	return p.Published != nil && c.Published != nil && p.PublishedPrecision == preciseMinute && c.PublishedPrecision == preciseMinute && c.Published.Before(p.Published.Add(-time.Minute))
}

// quote makes a piece of somebody else's that a post shows and that is older than the post a part of its text: it was shared, not said in answer.
func (p *Post) quote() {
	if len(p.Comments) == 0 || !p.older(p.Comments[0]) || len(p.Comments[0].Comments) > 0 || slices.ContainsFunc(p.Comments[1:], p.older) {
		return
	}
	q := p.Comments[0]
	p.Comments = p.Comments[1:]
	p.Text = strings.TrimSpace(p.Text + "\n\n" + strings.TrimSpace(q.Author+" "+q.PublishedText) + ":\n" + q.Text)
	p.Links, p.Media = union(p.Links, q.Links), append(p.Media, q.Media...)
	if q.Permalink != "" {
		p.Links = union(p.Links, []string{q.Permalink})
	}
}

func (t *tab) piece(r *rawPost, o owner, parent string, comment bool) Post {
	o.answers(r)
	p := Post{Permalink: withoutSecrets(r.Permalink), Author: clip(r.Author, 300), AuthorURL: withoutSecrets(r.AuthorURL), AuthorID: handle(r.AuthorURL),
		Origin: o.origin(r, comment), EditedShown: r.EditedShown, Pinned: r.Pinned, Warning: r.Warning, Lang: r.Lang, Dir: r.Dir,
		Text: r.Text, Links: []string{}, Media: []Media{}, Comments: []Post{}, Reactions: r.Reactions}
	if r.Handle != "" {
		p.AuthorID = r.Handle
	}
	now := t.b.o.Now()
	if r.When != nil {
		p.PublishedText = clip(r.When.Text, 120)
		if m, ok := r.When.resolve(now, register.Location()); ok {
			at := m.at
			p.Published, p.PublishedSource, p.PublishedPrecision = &at, m.source, m.precision
		}
	}
	if r.EditedShown && r.Edited != nil {
		if m, ok := r.Edited.resolve(now, register.Location()); ok && (p.Published == nil || !m.at.Before(*p.Published)) {
			at := m.at
			p.Edited = &at
		}
	}
	for _, l := range r.Links {
		p.Links = append(p.Links, withoutSecrets(l))
	}
	for _, m := range r.Media {
		p.Media = append(p.Media, Media{Kind: m.Kind, URL: withoutSecrets(m.URL), Alt: m.Alt, W: m.W, H: m.H})
	}
	p.ID = pieceID(r, p, parent)
	for i := range r.Comments {
		p.Comments = append(p.Comments, t.piece(&r.Comments[i], o, p.ID, true))
	}
	return p
}

// pieceID is stable from one capture to the next: it comes from the permalink, else from what the piece is.
func pieceID(r *rawPost, p Post, parent string) string {
	if p.Permalink != "" {
		return "p-" + digest([]byte(p.Permalink))[:16]
	}
	when := ""
	if r.When != nil {
		when = r.When.Datetime + r.When.Epoch
		if exact := p.PublishedPrecision == preciseMinute || p.PublishedPrecision == preciseDay; when == "" && exact && p.PublishedSource != "relative" {
			when = p.Published.UTC().Format(time.RFC3339)
		}
	}
	if r.Twin > 0 {
		when += "\x00" + strconv.Itoa(r.Twin)
	}
	if r.CommentID != "" {
		return "c-" + digest([]byte(parent + "\x00" + r.CommentID))[:16]
	}
	return "t-" + digest([]byte(strings.Join([]string{parent, r.Author, when, r.Text}, "\x00")))[:16]
}

// handle is the last part of a profile address, by which platforms name a person.
func handle(profile string) string {
	u, err := url.Parse(profile)
	if err != nil || u.Host == "" {
		return ""
	}
	if id := u.Query().Get("id"); id != "" {
		return id
	}
	parts := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}

// settle judges what only the whole feed can tell. Where every post has a heading of its own in the place of its author, that is what it is
// called (headed: the posts of which the author is nothing but a heading). Where the page shows no author at any post, everything on it is the account's own; where
// no post stands under the account's own name, the one who wrote most of them is the account.
func (o *owner) settle(posts []Post, headed map[string]bool) {
	untitle(posts, headed)
	by := map[string]int{}
	for _, p := range posts {
		if p.Origin == OriginOwn {
			return
		}
		by[p.Author]++
	}
	if by[""] == len(posts) && o.shown != "" {
		o.alone = true
		for i := range posts {
			posts[i].Author, posts[i].Origin = o.shown, OriginOwn
			if first, rest, _ := strings.Cut(posts[i].Text, "\n"); rest != "" && plainName(first) == plainName(o.shown) {
				posts[i].Text = strings.TrimSpace(rest) // who wrote it, below its time
			}
		}
		return
	}
	for author, n := range by {
		if author != "" && n >= 3 && n*10 >= len(posts)*6 {
			o.names[plainName(author)] = true
			own(posts, author)
		}
	}
}

// own marks the pieces of one author as the account's, comments included.
func own(posts []Post, author string) {
	for i := range posts {
		if posts[i].Author == author {
			posts[i].Origin = OriginOwn
		}
		own(posts[i].Comments, author)
	}
}

// grow takes over what a later reading of the same post has more: comments, text, pictures.
func (p *Post) grow(later Post) {
	_, had := count(p.Comments)
	_, has := count(later.Comments)
	had, has = had+len(p.Comments), has+len(later.Comments)
	if has < had || has == had && len(letters(later.Text)) <= len(letters(p.Text)) {
		return
	}
	if len(letters(later.Text)) < len(letters(p.Text)) {
		later.Text, later.Links = p.Text, p.Links
	}
	if len(later.Media) < len(p.Media) {
		later.Media = p.Media
	}
	later.Tiles, later.Pinned = p.Tiles, p.Pinned
	*p = later
}
