package catalog

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"arsring/internal/capture"
	"arsring/internal/sip"
)

// Compare tells what differs between two snapshots of one account, given in any order: the one taken first is the old one. Pieces are the
// same when their ids are, else when an address or author, time and place are and nothing else has these. A piece of the old snapshot that the new
// one did not look for again (older than what it read) is counted as Beyond and is not removed. The error is an *InputError: snapshots of
// different accounts.
func Compare(a, b Side) (Comparison, error) {
	if a.Manifest.Account.ID != b.Manifest.Account.ID || a.Manifest.Tenant != b.Manifest.Tenant {
		return Comparison{}, &InputError{Text{
			SV: "Ögonblicksbilderna är av olika konton. Välj två av samma konto.",
			EN: "The snapshots are of different accounts. Choose two of the same account."}}
	}
	if b.Manifest.Started.Before(a.Manifest.Started) {
		a, b = b, a
	}
	x := newComparing(a, b)
	x.match()
	x.tell()
	return x.out, nil
}

// piece of a snapshot: a post, a comment or a page.
type part struct {
	kind   Kind
	post   *sip.Post // nil for pages
	id     string
	link   string
	parent *part
	text   string
	author string
	sheet  int
	at     *time.Time
	other  *part // its counterpart
}

type comparing struct {
	old, new   Side
	olds, news []*part
	from       *time.Time // what the new one looked at again begins here; nil: everything
	unopened   bool       // the new one could not open all comments
	out        Comparison
}

func newComparing(a, b Side) *comparing {
	x := &comparing{old: a, new: b, olds: parts(a), news: parts(b), from: reach(b)}
	x.out = Comparison{Old: side(a), New: side(b), Added: []Change{}, Changed: []Change{}, Removed: []Change{}, Reliable: b.Manifest.Outcome == capture.Complete}
	for _, m := range b.Manifest.Missing {
		x.unopened = x.unopened || strings.Contains(m.Code, "comment")
	}
	return x
}

func side(s Side) CompareSide {
	_, taken, _, err := sip.ParseID(s.Manifest.ID)
	if err != nil {
		taken = s.Manifest.Started
	}
	return CompareSide{ID: s.Manifest.ID, Taken: taken, Outcome: s.Manifest.Outcome, Posts: s.Manifest.Counts.Posts, Comments: s.Manifest.Counts.Comments}
}

// reach is how far back the snapshot read: nil when it came to the end of the feed or has none, the day it wanted when it got there, else
// its oldest post.
func reach(s Side) *time.Time {
	p := s.Content.Period
	if p.Stop == nil {
		return p.Oldest
	}
	switch *p.Stop {
	case capture.StopEndOfFeed, capture.StopEndOfPage:
		return nil
	case capture.StopReachedDate:
		if p.WantedFrom != nil {
			t := p.WantedFrom.AddDate(0, 0, -p.Overlap)
			return &t
		}
	}
	return p.Oldest
}

// parts lists everything in a snapshot, posts before their comments.
func parts(s Side) []*part {
	sheets := map[int]int{}
	for _, t := range s.Manifest.Tiles {
		if t.RecordPage != nil {
			sheets[t.N] = *t.RecordPage
		}
	}
	var out []*part
	var add func(posts []sip.Post, parent *part)
	add = func(posts []sip.Post, parent *part) {
		for i := range posts {
			p := &posts[i]
			x := &part{kind: KindPost, post: p, id: p.ID, link: text(p.Permalink), parent: parent, text: p.Text, author: text(p.Author), at: p.Published}
			if parent != nil {
				x.kind = KindComment
			}
			if len(p.Tiles) > 0 {
				x.sheet = sheets[p.Tiles[0]]
			}
			out = append(out, x)
			add(p.Comments, x)
		}
	}
	add(s.Content.Posts, nil)
	for i := range s.Content.Pages {
		p := &s.Content.Pages[i]
		out = append(out, &part{kind: KindPage, id: p.URL, link: p.URL, text: p.Text, author: text(p.Title)})
	}
	return out
}

// match pairs what is the same: by id, then by an address or by who wrote when under what, where only one on each side has it. (All comments
// may bear their post's address, and a page that says "3 days ago" gives many the same time.)
func (x *comparing) match() {
	x.pair(false, func(p *part) string { return p.id })
	x.pair(true, func(p *part) string { return p.link })
	x.pair(true, func(p *part) string {
		if p.at == nil || p.author == "" {
			return ""
		}
		under := ""
		if p.parent != nil {
			under = cmp.Or(p.parent.link, p.parent.id)
		}
		return p.author + "\x00" + p.at.UTC().Format(time.RFC3339) + "\x00" + under
	})
}

// pair pairs the parts of one kind that have the same key; with alone only where no other on its side has it.
func (x *comparing) pair(alone bool, key func(*part) string) {
	gather := func(list []*part) map[string][]*part {
		out := map[string][]*part{}
		for _, p := range list {
			if k := key(p); k != "" {
				k = string(p.kind) + "\x00" + k
				out[k] = append(out[k], p)
			}
		}
		return out
	}
	olds, news := gather(x.olds), gather(x.news)
	for k, list := range news {
		others := olds[k]
		if alone && (len(list) > 1 || len(others) > 1) {
			continue
		}
		for i := range min(len(list), len(others)) {
			if list[i].other == nil && others[i].other == nil {
				list[i].other, others[i].other = others[i], list[i]
			}
		}
	}
}

func (x *comparing) tell() {
	for _, n := range x.news {
		if n.other == nil {
			x.out.Added = append(x.out.Added, change(nil, n))
		} else if c := change(n.other, n); len(c.Spans)+len(c.Fields) > 0 {
			x.out.Changed = append(x.out.Changed, c)
		} else {
			x.out.Same++
		}
	}
	for _, o := range x.olds {
		if o.other != nil {
			continue
		}
		looked, certain := x.looked(o)
		if !looked {
			x.out.Beyond++
			continue
		}
		c := change(o, nil)
		c.Certain = certain
		x.out.Removed = append(x.out.Removed, c)
	}
}

// looked says whether the new snapshot looked where a piece of the old one stood, and whether its absence there is certain.
func (x *comparing) looked(o *part) (looked, certain bool) {
	root := o
	for root.parent != nil {
		root = root.parent
	}
	switch {
	case root != o && root.other == nil: // gone, or not looked for, together with its post
		return x.looked(root)
	case root != o: // the post is there, the comment is not
		return true, x.out.Reliable && !x.unopened
	case x.from == nil:
		return true, x.out.Reliable
	case o.at == nil: // nobody knows how old it is
		return true, false
	case o.post != nil && o.post.Pinned && o.at.Before(*x.from): // it stood on top whatever its age, and may only have been unpinned
		return true, false
	}
	return !o.at.Before(*x.from), x.out.Reliable
}

// change describes one piece; o or n may be nil, not both.
func change(o, n *part) Change {
	p := cmp.Or(n, o)
	c := Change{Kind: p.kind, ID: p.id, Permalink: p.link, Author: p.author, Published: p.at}
	if p.kind == KindPage {
		c.Author = ""
	}
	if p.parent != nil {
		c.Parent = p.parent.id
	}
	if p.post != nil {
		c.Origin = p.post.Origin
	}
	if o != nil {
		c.Old, c.OldSheet = o.text, o.sheet
	}
	if n != nil {
		c.New, c.NewSheet = n.text, n.sheet
	}
	if o != nil && n != nil {
		if o.text != n.text {
			c.Spans = Diff(o.text, n.text)
		}
		c.Fields = fields(o, n)
	}
	return c
}

// fields compares what is known of a piece besides its text. What one of the snapshots does not know is no change.
func fields(o, n *part) []FieldChange {
	var out []FieldChange
	add := func(name, a, b string) {
		if a != b {
			out = append(out, FieldChange{Name: name, Old: a, New: b})
		}
	}
	if o.kind == KindPage {
		add("title", o.author, n.author)
		return out
	}
	a, b := o.post, n.post
	add("author", text(a.Author), text(b.Author))
	if a.Origin != capture.OriginUnknown && b.Origin != capture.OriginUnknown {
		add("origin", string(a.Origin), string(b.Origin))
	}
	add("warning", text(a.Warning), text(b.Warning))
	if a.Edited != nil || b.Edited != nil {
		add("edited", stamp(a.Edited), stamp(b.Edited))
	} else if b.EditedShown && !a.EditedShown {
		add("edited", "", "shown")
	}
	if exact(a) && exact(b) {
		add("published", stamp(a.Published), stamp(b.Published))
	}
	add("media", media(a), media(b))
	return out
}

// exact says whether the time of a post is known to the minute, so that two snapshots must agree on it.
func exact(p *sip.Post) bool {
	return p.Published != nil && (p.Precision == nil || *p.Precision == "" || *p.Precision == "minute" || *p.Precision == "second")
}

func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Truncate(time.Minute).Format(time.RFC3339)
}

// media says how many pictures, videos and sounds a piece has: their addresses change from visit to visit.
func media(p *sip.Post) string {
	n := map[string]int{}
	for _, m := range p.Media {
		n[m.Kind]++
	}
	var out []string
	for _, kind := range []string{"image", "video", "audio"} {
		if n[kind] > 0 {
			out = append(out, strconv.Itoa(n[kind])+" "+kind)
		}
	}
	return strings.Join(out, ", ")
}
