package sites

import (
	"strings"
	"time"
)

// Truth is exactly what a site holds: what a perfect record of it would say.
type Truth struct {
	Site      string    `json:"site"`
	Path      string    `json:"path"` // of the page on the server
	Title     string    `json:"title"`
	Owner     string    `json:"owner"`     // the account's own name, author of the own posts
	Now       time.Time `json:"now"`       // the feed's "today"
	Outcome   string    `json:"outcome"`   // how an honest capture ends: "complete", "partial", "login-wall", "blocked", "not-found", "blank"
	Code      string    `json:"code"`      // finer than the outcome: "login-wall", "captcha", "rate-limited", "age-gate", "http-404", "removed", "geo-blocked", "http-500", "empty", "blank"; empty when nothing is special
	Stop      string    `json:"stop"`      // why scrolling back for everything ends: "end-of-feed", "loop", "wall", "end-of-page"; empty where there is nothing to scroll
	Reachable int       `json:"reachable"` // how many of Posts a visitor without a login can reach
	// CommentsOn says where a visitor finds the comments: "feed" (behind buttons in the feed), "permalink" (only on the post's own page),
	// "modal" (in the dialog that opens the post), "none".
	CommentsOn string `json:"comments_on"`
	// Flat says that all comments stand below each other, and nothing shows which ones answer which.
	Flat bool `json:"flat"`
	// Precision is how exactly the page tells its times (at most so far from Published): zero means to the minute.
	Precision    time.Duration `json:"precision"`
	PagePosts    *int          `json:"page_posts"`   // the page's own counter, nil when it shows none
	Posts        []Post        `json:"posts"`        // newest first, whatever order the page shows
	Fresh        []Post        `json:"fresh"`        // posts that come in on top while the page is read: may be kept, need not
	Placeholders []string      `json:"placeholders"` // what stands in the place of removed posts
	Private      []string      `json:"private"`      // what only the person who logged in may read, and no record may hold
	Pages        []Page        `json:"pages"`        // of sites that are no feeds, and of blogs
}

// Post is a post or a comment as its page shows it.
type Post struct {
	ID        string     `json:"id"`
	Permalink string     `json:"permalink"` // path on the server, with query or fragment where the platform's shape has one
	Author    string     `json:"author"`
	AuthorID  string     `json:"author_id"`  // handle or number
	AuthorURL string     `json:"author_url"` // path on the server
	Shared    bool       `json:"shared"`     // somebody else's post, passed on by the account
	Own       bool       `json:"own"`        // made by the account itself, not received or passed on
	Published time.Time  `json:"published"`  // to the minute, Europe/Stockholm
	Edited    *time.Time `json:"edited"`
	Text      string     `json:"text"`    // "\n" is a line break, "\n\n" a new paragraph; compare with Same
	Mark      string     `json:"mark"`    // a piece of Text that occurs nowhere else on the site
	Warning   string     `json:"warning"` // content warning shown instead of the text until it is opened
	Lang      string     `json:"lang"`
	Dir       string     `json:"dir"`
	Links     []string   `json:"links"`
	Media     []Media    `json:"media"`
	Pinned    bool       `json:"pinned"`
	Likes     int        `json:"likes"`
	Shares    int        `json:"shares"`
	Counted   int        `json:"counted"` // the post's own comment counter: comments and replies
	Comments  []Post     `json:"comments"`
}

// Media is a picture or a video of a post.
type Media struct {
	Kind string  `json:"kind"` // "image", "video"
	URL  string  `json:"url"`  // path on the server: the picture, or the video's page
	Alt  *string `json:"alt"`  // nil: the page has no alt attribute, or an empty one
}

// Page is a page of a site that is more than one page.
type Page struct {
	Path   string   `json:"path"`
	Title  string   `json:"title"`
	Marks  []string `json:"marks"`  // sentences that stand on this page and on no other
	Depth  int      `json:"depth"`  // clicks from the start page; -1: only the sitemap leads there
	Robots bool     `json:"robots"` // robots.txt asks not to fetch it
}

// CountComments counts comments and the replies below them in a list of posts.
func CountComments(posts []Post) int {
	n := 0
	for _, p := range posts {
		n += len(p.Comments) + CountComments(p.Comments)
	}
	return n
}

// All returns the posts with every comment and reply below them, in order.
func (t Truth) All() []Post {
	var out []Post
	var walk func([]Post)
	walk = func(ps []Post) {
		for _, p := range ps {
			out = append(out, p)
			walk(p.Comments)
		}
	}
	walk(t.Posts)
	return out
}

// Same reports whether two texts say the same with the same lines: platforms differ in how they mark a paragraph, so runs of blank lines
// count as one line break and runs of spaces as one space.
func Same(a, b string) bool { return plain(a) == plain(b) }

func plain(s string) string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if f := strings.Fields(line); len(f) > 0 {
			lines = append(lines, strings.Join(f, " "))
		}
	}
	return strings.Join(lines, "\n")
}
