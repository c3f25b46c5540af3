package capture

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// beyond is what a post in a list hints at and does not show there.
type beyond struct {
	Comments *int   // the post's own counter; nil when it shows none
	Offers   bool   // a link to comments on its own page, without a number
	Able     bool   // a button to comment, without a number
	Cut      bool   // the text goes on elsewhere
	Title    bool   // nothing but a title is shown
	Head     string // the heading that leads to the post's own page
}

// visitor opens, one at a time, the own pages of posts whose comments or text the list does not show.
type visitor struct {
	*shooter
	names   owner
	began   time.Time
	failed  []string // codes of pages that could not be read
	row     int      // failures in a row
	silent  int      // pages in a row whose times told nothing more to a resting pointer
	pages   int      // own pages that were opened
	found   int      // own pages that had something new
	ended   bool
	dry     int           // pages in a row that were waited for and to which nothing came late
	lateBy  time.Duration // how late it came at most where something did
	waited  string        // the post whose page was waited for last
	untried int           // own pages that were not opened, because those before could not be read
	root    *Post         // the post whose pages are being visited
	always  bool          // every page is photographed, also one with nothing more than is known
	// top holds the posts of the list; elsewhere counts, by post, answers that are themselves posts of the list.
	top       map[string]bool
	elsewhere map[string]int
	met       map[string]bool
	articles  map[string]bool // posts whose text is that of their own page
}

// visitor is one that has opened no page yet.
func (s *shooter) visitor(names owner) *visitor {
	return &visitor{shooter: s, names: names, began: time.Now(), top: map[string]bool{}, elsewhere: map[string]int{}, met: map[string]bool{}, articles: map[string]bool{}}
}

// heed remembers what a post in a list hints at, and puts the heading that leads to its own page before its text.
func (t *tab) heed(r *rawPost, p Post) Post {
	if t.beyond == nil {
		t.beyond = map[string]*beyond{}
	}
	b := r.Beyond
	if b == nil {
		return p
	}
	t.beyond[p.ID] = b
	p.Text = strings.TrimSpace(signs.ReplaceAllString(p.Text, ""))
	if b.Head != "" && !strings.Contains(letters(p.Text), letters(b.Head)) && plainName(b.Head) != plainName(p.Author) {
		p.Text = strings.TrimSpace(b.Head + "\n\n" + p.Text)
	}
	return p
}

// signs are lines of a text that are nothing but a player's buttons.
var signs = regexp.MustCompile(`(?m)^[▶►▸⏵⏸❚×✕✖•·|]+$\n?`)

// visitPosts opens, after a feed has ended, the own pages of posts whose comments or text the feed does not show.
func (t *tab) visitPosts(ctx context.Context, s *shooter, c *Capture, names owner) error {
	v := s.visitor(names)
	due, probes := v.choose()
	for _, p := range c.Posts {
		v.top[p.ID] = true
	}
	if err := v.visitAll(ctx, due, true); err != nil {
		return err
	}
	if err := v.probe(ctx, probes); err != nil {
		return err
	}
	v.trim()
	v.sum()
	return nil
}

// choose parts the posts into those whose own page has more to tell, and those that give no sign either way.
func (v *visitor) choose() (due, probes []int) {
	counted := false
	for i := range v.c.Posts {
		p := &v.c.Posts[i]
		counted = counted || len(p.Comments) > 0 || v.claimed(p) != nil
	}
	cutoff := v.c.cutoff()
	for i := range v.c.Posts {
		p := &v.c.Posts[i]
		if cutoff != nil && p.Published != nil && p.Published.Before(*cutoff) || !v.visitable(p.Permalink) {
			continue
		}
		switch more, silent := v.promises(p); {
		case more:
			due = append(due, i)
		case silent && !counted:
			probes = append(probes, i)
		}
	}
	return due, probes
}

// promises says whether a post hints at more than was kept of it, or is silent on whether there is any.
func (v *visitor) promises(p *Post) (more, silent bool) {
	b, n, kept := v.t.beyond[p.ID], v.claimed(p), v.kept(p)
	if b == nil {
		b = &beyond{}
	}
	more = b.Cut || b.Title || n != nil && *n > kept || n == nil && b.Offers || v.awaited(p.Permalink, p.Comments, nil) != nil
	return more, !more && n == nil && kept == 0 && !b.Able
}

// claimed is the post's own comment counter; nil where none is shown.
func (v *visitor) claimed(p *Post) *int {
	if p.Reactions != nil && p.Reactions.Comments != nil {
		return p.Reactions.Comments
	}
	if b := v.t.beyond[p.ID]; b != nil {
		return b.Comments
	}
	return nil
}

// kept is how many comments and replies of a post were kept; an answer that stands in the feed as a post of its own counts.
func (v *visitor) kept(p *Post) int {
	n, replies := count(p.Comments)
	return n + replies + v.elsewhere[p.ID]
}

// visitable says whether the address is a page of its own on the account's host.
func (v *visitor) visitable(address string) bool {
	u, err := url.Parse(address)
	if v.t.b.o.Hints.IsPrivate(address) {
		return false
	}
	if err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "http") {
		return false
	}
	for _, own := range []string{v.c.Facts.FinalURL, v.c.Job.URL} {
		o, err := url.Parse(own)
		if err != nil || !strings.EqualFold(strings.TrimPrefix(o.Host, "www."), strings.TrimPrefix(u.Host, "www.")) {
			continue
		}
		return o.Path != u.Path || o.RawQuery != u.RawQuery && u.RawQuery != ""
	}
	return false
}

// probe opens a few posts that give no sign, spread over the feed; only where one of their pages takes comments or tells more are all opened.
func (v *visitor) probe(ctx context.Context, posts []int) error {
	const most = 5
	var few, rest []int
	step := max(1, len(posts)/most)
	for k, i := range posts {
		if k < 3 || k%step == 0 && len(few) < most+3 {
			few = append(few, i)
		} else {
			rest = append(rest, i)
		}
	}
	before, failed, untried := v.found, v.failed, v.untried
	if err := v.visitAll(ctx, few, false); err != nil || v.found == before {
		v.failed, v.untried = failed, untried // nothing says that there was something to be had
		return err
	}
	return v.visitAll(ctx, rest, true)
}

// visitAll opens the posts' pages one after the other, within the limits.
func (v *visitor) visitAll(ctx context.Context, posts []int, sure bool) error {
	if len(posts) == 0 || v.ended {
		v.leave(len(posts))
		return nil
	}
	if err := v.t.viewport(ctx, SheetHeight); err != nil {
		return err
	}
	for k, i := range posts {
		if v.exceeded(ctx) {
			return nil
		}
		if err := v.visit(ctx, &v.c.Posts[i]); err != nil {
			return err
		}
		if v.row >= 5 || v.row >= 3 && !sure {
			v.ended = true
			v.leave(len(posts) - k - 1)
			return nil
		}
	}
	return nil
}

// leave counts own pages that are not opened any more after too many in a row could not be read. Where a limit ended the visits, that is said instead.
func (v *visitor) leave(n int) {
	if v.row > 0 {
		v.untried += n
	}
}

// visit opens one post's page; a page that fails is counted, and only the end of the capture itself is an error.
func (v *visitor) visit(ctx context.Context, p *Post) error {
	const most = 2 * time.Minute
	pctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	v.pages++
	v.root = p
	code, err := v.page(pctx, p)
	if code == "" && err == nil {
		code, err = "", v.answers(ctx, p)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case v.t.isCrashed():
		v.ended, code = true, "crash"
	case err != nil && pctx.Err() != nil:
		code = "timeout"
	case errors.Is(err, errDisk):
		return err
	case err != nil:
		code = "unreadable"
	}
	if code == "" {
		v.row = 0
		return nil
	}
	v.failed = append(v.failed, code)
	v.row++
	return nil
}

// errDisk marks a failure to keep a tile: the capture cannot go on.
var errDisk = errors.New("a tile could not be kept")

// exceeded ends the visits when a limit is reached, or when what is left of the capture's time is needed to end it in order.
func (v *visitor) exceeded(ctx context.Context) bool {
	if v.ended {
		return true
	}
	code, sv, en := v.limits.reached(Limits{Sheets: len(v.c.Tiles), Time: time.Since(v.began), Bytes: v.bytes})
	if deadline, bounded := ctx.Deadline(); code == "" && bounded && time.Until(deadline) < 45*time.Second {
		code, sv, en = "minutes", "tid", "time"
	}
	if code == "" {
		return false
	}
	v.ended = true
	v.c.lack("limit-post-pages", "Gränsen för "+sv+" nåddes innan alla inläggs egna sidor var öppnade.", "The limit for "+en+" was reached before every post's own page had been opened.")
	return true
}

// sum says what the visits did not find: pages that failed, and comments that the page counts and does not show.
func (v *visitor) sum() {
	if n := len(v.failed); n > 0 {
		codes := strings.Join(distinct(v.failed), ", ")
		v.c.lack("post-page", fmt.Sprintf("%d inläggs egna sidor gick inte att läsa (%s).", n, codes), fmt.Sprintf("The own pages of %d posts could not be read (%s).", n, codes))
	}
	if n := v.untried; n > 0 {
		v.c.lack("post-pages-untried", fmt.Sprintf("%d inläggs egna sidor öppnades inte, sedan flera i rad inte gått att läsa.", n), fmt.Sprintf("The own pages of %d posts were not opened, after several in a row could not be read.", n))
	}
	claimed, missing, posts, counted := 0, 0, 0, false
	cutoff := v.c.cutoff()
	for i := range v.c.Posts {
		p := &v.c.Posts[i]
		n := v.claimed(p)
		if n == nil || cutoff != nil && p.Published != nil && p.Published.Before(*cutoff) {
			continue
		}
		lost := max(*n-v.kept(p), unanswered(p.Comments))
		claimed, counted = claimed+*n, true
		if lost > 0 {
			missing, posts = missing+lost, posts+1
		}
	}
	if counted && v.c.Counts.PageComments == nil {
		v.c.Counts.PageComments = &claimed
	}
	if missing > 0 {
		v.c.lack("comments-unopened", fmt.Sprintf("%d av %d kommentarer som sidan räknar gick inte att öppna (i %d inlägg).", missing, claimed, posts),
			fmt.Sprintf("%d of %d comments that the page counts could not be opened (in %d posts).", missing, claimed, posts))
	}
}

func distinct(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
