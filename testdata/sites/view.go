package sites

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"
)

// pageView is what a look's page is filled with.
type pageView struct {
	Spec    *spec
	Base    string // the site's path without the last slash
	Q       template.URL
	Title   string
	Owner   string
	Handle  string
	Cfg     map[string]any
	Posts   []postView
	Total   int
	Single  bool
	Older   string // address of the next page, on sites with pages
	Newer   string
	Leaves  []leafView // every page, on sites with pages
	Now     time.Time
	Year    int
	Private string   // to show to who logged in
	Scenes  []string // of small pictures beside the feed
}

// leafView is a page of a site with pages as its list of numbers shows it.
type leafView struct {
	N   int
	URL string // empty: the page that is shown
}

// postView is a post or a comment as a look shows it.
type postView struct {
	Post
	S        *spec
	Base     string
	Body     template.HTML
	Rel      string // "3 tim"
	Age      string // "3 tim", "5 v": only the age, however old
	Near     string // "i går kl. 14:03"
	Abs      string // "15 oktober 2026 kl. 08:12"
	EditAbs  string
	ISO      string // with the zone's offset
	UTC      string // 2026-10-15T06:12:00.000Z
	Epoch    int64
	N, Of    int // place in the feed
	Talk     talkView
	Replies  int // to a comment, those below replies included
	Depth    int
	Reply    bool
	Kids     []postView // replies, where they are shown at once
	Long     string     // "för 3 timmar sedan"
	Thumb    string     // a video's picture
	Day      string     // the date without the clock
	Views    int        // of videos
	Length   string
	Numeric  string        // "2026-10-15 08.12" or the like, by language
	DayShort string        // "15 okt. 2026"
	Head     string        // the first paragraph, for looks with titles
	Rest     template.HTML // what follows it
	Part     template.HTML // its beginning, with a link to the rest when it is long
	Gone     string        // what stands in the place of a removed post
	Grid     string        // class name for so many pictures
	Even     bool          // half of the posts, for what platforms do now one way, now the other
}

// talkView is the comments of a post as far as they are shown at once.
type talkView struct {
	Post    string
	Shown   []postView
	Left    int
	All     int
	Sorted  bool
	PostURL string
}

// view prepares a post for a look.
func (c *call) view(f *feed, p *Post, n int) postView {
	v := c.bare(f, p)
	v.N, v.Of = n+1, len(f.shown)
	list := c.sortTalk(f, p, "")
	k := min(c.spec.first, len(list))
	v.Talk = talkView{Post: p.ID, All: p.Counted, Left: len(list) - k, Sorted: c.spec.sorted && len(p.Comments) > 1, PostURL: p.Permalink}
	for i := range k {
		v.Talk.Shown = append(v.Talk.Shown, c.bare(f, list[i]))
	}
	return v
}

// bare prepares a comment, or a post without its comments.
func (c *call) bare(f *feed, p *Post) postView {
	t, now := c.spec.tongue(), f.o.Now
	v := postView{Post: *p, S: c.spec, Base: "/" + c.spec.name, Rel: t.relative(p.Published, now), Age: t.age(p.Published, now), Near: t.near(p.Published, now),
		Abs: t.absolute(p.Published), ISO: p.Published.Format(time.RFC3339), UTC: p.Published.UTC().Format("2006-01-02T15:04:05.000Z"), Epoch: p.Published.Unix(), Replies: len(p.Comments) + CountComments(p.Comments),
		Thumb: fmt.Sprintf("%s-%s.jpg", thumbs[p.Published.Day()%len(thumbs)], p.ID), Day: t.day(p.Published, true), Long: t.long(p.Published, now), Views: p.Likes*37 + 12, Length: fmt.Sprintf("%d:%02d", 1+p.Likes%9, p.Shares+11), Even: p.Published.Minute()%2 == 0}
	if c.spec.members {
		v.Media = slices.Clone(v.Media)
		for i := range v.Media {
			v.Media[i].URL += "?token=" + PlantedToken
		}
	}
	v.Grid = c.spec.names()(fmt.Sprintf("n%d", len(p.Media)))
	v.Numeric, v.DayShort = t.numeric(p.Published), t.dayShort(p.Published)
	if c.spec.titled {
		c.title(&v)
	}
	if p.Edited != nil {
		v.EditAbs = t.absolute(*p.Edited)
	}
	text, cut := shorten(p.Text)
	if cut && !c.spec.unfolded {
		v.Body = c.markup(text, c.render("more", v))
	} else {
		v.Body = c.markup(p.Text, "")
	}
	if f.talk[p.ID] != nil {
		v.Reply = true
	}
	for i := range p.Comments {
		if v.Reply && c.spec.wholeTalk {
			v.Kids = append(v.Kids, c.bare(f, &p.Comments[i]))
			v.Kids[len(v.Kids)-1].sink()
		}
	}
	return v
}

// sink puts a piece and what answers it one level deeper.
func (v *postView) sink() {
	v.Depth++
	for i := range v.Kids {
		v.Kids[i].sink()
	}
}

// title parts a text into its title and what follows.
func (c *call) title(v *postView) {
	head, rest, _ := strings.Cut(v.Text, "\n\n")
	v.Head, v.Rest = head, c.markup(rest, "")
	v.Part = v.Rest
	if text, cut := shorten(rest); cut {
		v.Part = c.markup(text, c.render("more", *v))
	}
}

// sortTalk gives a post's comments in the order asked for: "" is the page's own ("top" where comments are sorted), "all" is everything.
func (c *call) sortTalk(f *feed, p *Post, order string) []*Post {
	var out []*Post
	for i := range p.Comments {
		if q := &p.Comments[i]; !c.spec.sorted || order == "all" || order == "new" || !f.folded[q.ID] {
			out = append(out, q)
		}
	}
	return out
}

// thumbs are the scenes of videos' pictures.
var thumbs = []string{"fullmaktige", "vinter", "kultur", "bad", "vag", "vard", "skola", "natur", "sport"}
