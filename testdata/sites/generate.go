package sites

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// owner is the account whose pages the sites imitate.
const (
	owner       = "Älvsunda kommun"
	ownerHandle = "alvsunda"
)

// feed is what one site holds under one set of options.
type feed struct {
	truth  Truth
	o      Options
	shown  []int             // indexes into truth.Posts in the order in which the page shows them
	posts  map[string]*Post  // posts and fresh posts by ID
	talk   map[string]*Post  // comments and replies by ID
	under  map[string]string // the post's ID of every comment
	folded map[string]bool   // comments that only "all comments" shows
}

// shape is how one platform writes its identifiers and addresses, below the site's own path.
type shape struct {
	id      func(h uint64) string
	post    func(id string) string
	comment func(base, post, handle, id string) string // the whole address; post is the post's
	author  func(handle string) string
	shared  func(handle, id string) string // of a post that is not the account's own; nil is like the others
}

func digits(h uint64) string { return strconv.FormatUint(1e14+h%9e14, 10) }

// generate writes the content of a feed. The spec's tweak may then change single posts.
func generate(s *spec, o Options) *feed {
	f := &feed{o: o, posts: map[string]*Post{}, talk: map[string]*Post{}, under: map[string]string{}, folded: map[string]bool{}}
	f.truth = Truth{Site: s.name, Path: s.path(), Title: s.title, Owner: owner, Now: o.Now, Outcome: "complete", Stop: "end-of-feed", CommentsOn: "none"}
	w := newWriter(s.name, o.Seed, o.Posts)
	times := postTimes(w, o)
	for i := range o.Posts {
		f.truth.Posts = append(f.truth.Posts, writePost(s, o, w, i, times[i]))
	}
	for i := range o.Fresh {
		p := writePost(s, o, w, o.Posts+i, o.Now.Add(time.Duration(i+1)*time.Minute))
		f.truth.Fresh = append(f.truth.Fresh, p)
	}
	for i := range f.truth.Posts {
		f.shown = append(f.shown, i)
	}
	f.truth.Reachable = len(f.truth.Posts)
	if s.tweak != nil {
		s.tweak(s, f, w)
	}
	if o.Comments && !s.mute && len(f.truth.Posts) > 0 {
		f.truth.CommentsOn, f.truth.Flat = s.commentsOn(), s.flat
		f.writeTalk(s, w)
	}
	f.index(s)
	return f
}

// index makes everything findable by its ID, once nothing moves any more.
func (f *feed) index(s *spec) {
	for _, list := range [][]Post{f.truth.Posts, f.truth.Fresh} {
		for i := range list {
			p := &list[i]
			p.Counted = len(p.Comments) + CountComments(p.Comments)
			f.posts[p.ID] = p
			f.indexTalk(p.ID, p.Comments)
		}
	}
	if s.counter {
		n := len(f.truth.Posts)
		f.truth.PagePosts = &n
	}
}

func (f *feed) indexTalk(post string, list []Post) {
	for i := range list {
		f.talk[list[i].ID] = &list[i]
		f.under[list[i].ID] = post
		f.indexTalk(post, list[i].Comments)
	}
}

// postTimes spreads the posts over the months, newest first, by day where there is room for it, no two in the same minute.
func postTimes(w *writer, o Options) []time.Time {
	span := o.Now.Sub(o.Now.AddDate(0, -o.Months, 0))
	times := make([]time.Time, o.Posts)
	for i := range times {
		age := time.Duration(float64(span) * float64(i) / float64(max(o.Posts, 1)))
		t := o.Now.Add(-age - time.Duration(20+w.r.IntN(150))*time.Minute)
		if day := t.In(Stockholm); age > 48*time.Hour && (day.Hour() < 7 || day.Hour() > 20) {
			t = time.Date(day.Year(), day.Month(), day.Day(), 8+w.r.IntN(11), day.Minute(), 0, 0, Stockholm)
		}
		times[i] = t.In(Stockholm).Truncate(time.Minute)
	}
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	for i := 1; i < len(times); i++ {
		if !times[i].Before(times[i-1]) {
			times[i] = times[i-1].Add(-time.Minute)
		}
	}
	return times
}

// writePost writes the account's own post number i.
func writePost(s *spec, o Options, w *writer, i int, at time.Time) Post {
	st := w.post(at)
	h := hash64(s.name, o.Seed, o.Posts, "post", i)
	id := s.shape.id(h)
	p := Post{ID: id, Permalink: s.path() + s.shape.post(id), Author: owner, AuthorID: ownerHandle, AuthorURL: s.path() + s.shape.author(ownerHandle),
		Own: true, Published: at, Text: st.text, Mark: st.mark, Links: st.links, Lang: "sv", Dir: "ltr", Comments: []Post{},
		Likes: w.r.IntN(240), Shares: w.r.IntN(30), Media: []Media{}}
	if p.Links == nil {
		p.Links = []string{}
	}
	if s.handles {
		p.Author = ownerHandle
	}
	if !o.NoImages || s.alwaysImage {
		p.Media = s.media(w, st.scene, h)
	}
	return p
}

// photos gives a post no picture, one, or a few; a third of them lack the alt text.
func (s *spec) media(w *writer, scene string, h uint64) []Media {
	n := []int{0, 1, 1, 1, 1, 1, 1, 2, 3, 4}[w.r.IntN(10)]
	if s.alwaysImage {
		n = max(n, 1)
	}
	out := []Media{}
	for i := range n {
		ext := "jpg"
		if scene == "jobb" || scene == "ung" || scene == "foretag" || scene == "plan" {
			ext = []string{"png", "svg", "jpg"}[w.r.IntN(3)]
		}
		m := Media{Kind: "image", URL: s.path() + "media/" + scene + "-" + strconv.FormatUint(h%1e10+uint64(i), 36) + "." + ext}
		if w.chance(67) {
			alt := pick(w, alts[scene])
			m.Alt = &alt
		}
		out = append(out, m)
	}
	return out
}

// writeTalk gives the posts their comments: 1,471 for 600 posts, unevenly, one post with very many.
func (f *feed) writeTalk(s *spec, w *writer) {
	n := len(f.truth.Posts)
	if n == 0 {
		return
	}
	total := (n*1471 + 300) / 600
	counts := make([]int, n)
	if n > 2 {
		counts[2] = min(total/3, 45)
		total -= counts[2]
	}
	for range total {
		counts[int(float64(n)*w.r.Float64()*w.r.Float64())]++ // newer posts get more of them
	}
	for i := range f.truth.Posts {
		f.comment(s, w, &f.truth.Posts[i], counts[i])
	}
}

// comment writes n comments and replies below a post.
func (f *feed) comment(s *spec, w *writer, p *Post, n int) {
	room := max(int(f.o.Now.Sub(p.Published).Minutes()), n+1)
	minutes := make([]int, n)
	for i := range minutes {
		minutes[i] = 1 + w.r.IntN(min(room, 5*24*60))
	}
	slices.Sort(minutes)
	for i, m := range minutes {
		at := p.Published.Add(time.Duration(min(m, room)) * time.Minute)
		parent, depth := f.parentFor(s, w, p)
		c := writeComment(s, f.o, w, p, parent, i, at)
		if depth == 0 {
			p.Comments = append(p.Comments, c)
			f.folded[c.ID] = len(p.Comments) > 1 && w.chance(30)
		} else {
			parent.Comments = append(parent.Comments, c)
		}
	}
}

// parentFor decides whether the next comment answers the post or a comment below it.
func (f *feed) parentFor(s *spec, w *writer, p *Post) (*Post, int) {
	if len(p.Comments) == 0 || w.chance(65) || s.flatTalk {
		return p, 0
	}
	c := &p.Comments[w.r.IntN(len(p.Comments))]
	if len(c.Comments) > 0 && w.chance(25) {
		return &c.Comments[w.r.IntN(len(c.Comments))], 2
	}
	return c, 1
}

func writeComment(s *spec, o Options, w *writer, p, parent *Post, i int, at time.Time) Post {
	h := hash64(s.name, o.Seed, o.Posts, p.ID, "comment", i)
	id := digits(h)
	who := w.person()
	c := Post{ID: id, Author: who, AuthorID: handleOf(who, h), Published: at, Lang: "sv", Dir: "ltr",
		Links: []string{}, Media: []Media{}, Comments: []Post{}, Likes: rand.New(rand.NewPCG(h, 1)).IntN(9)}
	list := remarks
	switch {
	case parent != p && w.chance(40):
		c.Author, c.AuthorID, c.Own, list = owner, ownerHandle, true, answers
	case parent != p:
		list = replies
	case w.chance(12):
		list = rants
	}
	if s.handles {
		c.Author = c.AuthorID
	}
	to, _, _ := cutName(parent.Author)
	c.Text, c.Mark = w.say(list, to)
	c.AuthorURL = s.path() + s.shape.author(c.AuthorID)
	c.Permalink = s.shape.comment(s.path(), p.Permalink, c.AuthorID, id)
	if w.chance(4) {
		e := at.Add(time.Duration(2+w.r.IntN(20)) * time.Minute)
		if e.Before(o.Now) {
			c.Edited = &e
		}
	}
	return c
}
