package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"arsring/internal/capture"
	"arsring/internal/platform"
	"arsring/internal/register"
)

// told is a post or comment as the service itself tells it.
type told struct {
	key     string // see keyOf
	url     string
	at      time.Time
	edited  *time.Time
	author  string
	comment bool
	vague   bool // the time is so to a day: it says when, and fills nothing
}

// answer is what one way of asking gave: the pieces, and since when they are all.
type answer struct {
	way, address string
	source       string // as published_source
	pieces       []told
	whole        bool // every piece since the asked time is there; else only the newest, back to the oldest of them
}

// inquiry asks a service for what a capture should hold.
type inquiry struct {
	ctx  context.Context
	http *http.Client
	name string // how we present ourselves
	c    *capture.Capture
	from *time.Time // the oldest time of interest; nil: everything
	page *url.URL
	left int // requests that may still be made
	now  func() time.Time

	within, number string // the part of a WordPress site that the page shows: a parameter and its value
}

// How much one capture may ask beside what the browser asks.
const (
	askMost    = 60 // requests
	askWait    = 2 * time.Minute
	askOne     = 20 * time.Second
	askBetween = 250 * time.Millisecond
	askBytes   = 8 << 20
)

// askWays are the ways to ask, by the names that platform files use.
var askWays = map[string]func(*inquiry) (answer, error){
	"mastodon": (*inquiry).mastodon, "wordpress": (*inquiry).wordpress, "feed": (*inquiry).feed, "youtube": (*inquiry).youtube, "bluesky": (*inquiry).bluesky, "oembed": (*inquiry).oembed,
}

// crossCheck holds a kept capture against what the service tells publicly, through the same way out, and writes the capture again when that changed
// it. A service that does not answer is a note and never a failure.
func (p *passage) crossCheck(ctx context.Context, c *capture.Capture, pl *platform.Platform, dir string) error {
	if !c.Outcome.Kept() || len(c.Posts) == 0 || p.job.Evidence != nil || p.proxy == nil {
		return nil
	}
	page, err := url.Parse(c.Facts.FinalURL)
	if err != nil {
		return nil
	}
	actx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	q := &inquiry{ctx: actx, http: throughProxy(p.proxy.Addr()), name: "arsring/" + p.a.version, c: c, page: page, left: askMost, now: p.a.now}
	defer q.http.CloseIdleConnections()
	q.from = c.Period.WantedFrom
	q.askAll(waysFor(c, pl))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if len(c.Checks) == 0 {
		return nil
	}
	return c.Save(filepath.Join(dir, "capture"))
}

// waysFor lists how the service can be asked: what its platform file says, and what the page itself names.
func waysFor(c *capture.Capture, pl *platform.Platform) []string {
	var out []string
	add := func(way string) {
		if !slices.Contains(out, way) {
			out = append(out, way)
		}
	}
	if pl != nil {
		for _, w := range pl.Check {
			add(w)
		}
	}
	if strings.Contains(c.Facts.Headers["link"], "https://api.w.org/") {
		add("wordpress")
	}
	if c.Hints != nil {
		for _, a := range c.Hints.Alternates {
			switch {
			case a.Rel == "https://api.w.org/":
				add("wordpress")
			case feedType.MatchString(a.Type):
				add("feed")
			}
		}
	}
	// Where a service tells everything, its feed of the newest adds nothing; a list of videos is not asked for as a general feed.
	if slices.ContainsFunc(out, func(w string) bool { return w != "feed" && w != "oembed" }) {
		out = slices.DeleteFunc(out, func(w string) bool { return w == "feed" })
	}
	return out
}

// askAll asks in each way. Where the service keeps to itself what would tell everything, its feed of the newest is asked for.
func (q *inquiry) askAll(ways []string) {
	compared := false
	for _, way := range ways {
		q.ask(way)
		if n := len(q.c.Checks); n > 0 && way != "oembed" {
			compared = compared || q.c.Checks[n-1].Note == ""
		}
	}
	if !compared && !slices.Contains(ways, "feed") && q.left > 0 && q.c.Hints != nil && len(q.kept()) > 0 &&
		slices.ContainsFunc(q.c.Hints.Alternates, func(a capture.Alternate) bool { return feedType.MatchString(a.Type) }) {
		q.ask("feed")
	}
}

// ask asks in one way and compares.
func (q *inquiry) ask(way string) {
	f, ok := askWays[way]
	if !ok {
		return
	}
	a, err := f(q)
	check := capture.Check{Way: way, Address: a.address, At: q.now().In(register.Location()), Absent: []string{}}
	switch {
	case err != nil:
		check.Note = clipLine(err.Error(), 200)
	case way == "oembed":
		check.Filled = len(a.pieces)
	default:
		q.compare(a, &check)
	}
	q.c.Checks = append(q.c.Checks, check)
}

// compare counts what is told against what is kept, fills facts, and names what is known to be absent.
func (q *inquiry) compare(a answer, check *capture.Check) {
	kept := q.kept()
	dated := slices.DeleteFunc(slices.Clone(a.pieces), func(t told) bool { return t.at.IsZero() })
	check.Note = incomparable(len(a.pieces), len(kept), len(dated))
	for _, t := range a.pieces {
		if post := kept[t.key]; post != nil {
			check.Filled += fill(post, t, a.source)
		}
	}
	if check.Note != "" {
		return
	}
	from := a.since(q.from).In(register.Location())
	check.From = &from
	var absent []told
	seen := map[string]bool{}
	for _, t := range dated {
		post := kept[t.key]
		if seen[t.key] || !t.between(from, q.c.Started, post != nil) {
			continue
		}
		seen[t.key] = true
		switch {
		case t.comment:
			check.Comments++
			check.Heard += one(post != nil)
		default:
			check.Posts++
			check.Kept += one(post != nil)
		}
		if post == nil {
			absent = append(absent, t)
		}
	}
	// A feed that tells of other things than this page does not judge it.
	if check.Posts > 0 && check.Kept*2 < check.Posts && (!a.whole || check.Kept == 0) {
		check.Note = fmt.Sprintf("of %d posts that it tells of, %d are on this page: it seems to be about something else", check.Posts, check.Kept)
		return
	}
	for _, t := range absent[:min(len(absent), 100)] {
		check.Absent = append(check.Absent, t.url)
	}
	if len(absent) > 0 {
		q.lack(a, *check, len(absent))
	}
}

// incomparable says why there is nothing to compare; empty where there is.
func incomparable(pieces, kept, dated int) string {
	switch {
	case pieces == 0:
		return "the service tells of no posts"
	case kept == 0:
		return "the posts on the page have no addresses to compare by"
	case dated == 0:
		return "the service does not say when its posts were published"
	}
	return ""
}

// between reports whether a piece was published in a span. One whose time is vague, at an end of the span, is only if it is kept: else nobody knows.
func (t told) between(from, to time.Time, kept bool) bool {
	if t.vague && !kept {
		from, to = from.Add(26*time.Hour), to.Add(-26*time.Hour)
	}
	return !t.at.Before(from) && !t.at.After(to)
}

// kept lists what the capture holds by its addresses.
func (q *inquiry) kept() map[string]*capture.Post {
	kept := map[string]*capture.Post{}
	index(q.c.Posts, kept)
	return kept
}

// since is the time from which the answer tells of everything: the asked one, else that of its oldest post.
func (a *answer) since(asked *time.Time) time.Time {
	oldest := time.Time{}
	for _, t := range a.pieces {
		if !t.comment && !t.at.IsZero() && (oldest.IsZero() || t.at.Before(oldest)) {
			oldest = t.at
		}
	}
	if asked == nil || !a.whole && oldest.After(*asked) {
		return oldest
	}
	return *asked
}

// lack says what is absent, and makes the capture partial: pieces inside the period are known to be missing.
func (q *inquiry) lack(a answer, check capture.Check, n int) {
	first := strings.Join(check.Absent[:min(3, n)], ", ")
	q.c.Missing = append(q.c.Missing, capture.Missing{Code: "count-differs", Text: capture.Text{
		SV: fmt.Sprintf("Tjänsten själv (%s) berättar om %d inlägg och %d kommentarer i perioden; %d av dem finns inte i arkivexemplaret: %s.", a.way, check.Posts, check.Comments, n, first),
		EN: fmt.Sprintf("The service itself (%s) tells of %d posts and %d comments in the period; %d of them are not in the record: %s.", a.way, check.Posts, check.Comments, n, first)}})
	if q.c.Outcome == capture.Complete {
		q.c.Outcome = capture.Partial
		q.c.Sentence = capture.Text{SV: "En del av det som skulle fångas saknas; se listan över det som saknas.", EN: "A part of what should be captured is missing; see the list of what is missing."}
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// fill takes over what the page left open or told less exactly, and marks where it came from. It gives how many facts it took.
func fill(p *capture.Post, t told, source string) int {
	n := 0
	exact := p.Published != nil && p.PublishedPrecision == "minute" && p.PublishedSource != "relative"
	if !exact && !t.at.IsZero() && !t.vague {
		at := t.at.In(register.Location())
		p.Published, p.PublishedSource, p.PublishedPrecision = &at, source, "minute"
		n++
	}
	if p.Edited == nil && p.EditedShown && t.edited != nil {
		at := t.edited.In(register.Location())
		p.Edited = &at
		n++
	}
	if p.Author == "" && t.author != "" {
		p.Author = t.author
		n++
	}
	return n
}

// index lists posts and comments by the keys of their addresses.
func index(posts []capture.Post, in map[string]*capture.Post) {
	for i := range posts {
		if k := keyOf(posts[i].Permalink); k != "" {
			in[k] = &posts[i]
		}
		index(posts[i].Comments, in)
	}
}

// keyOf is an address for comparison: without scheme, www, final slash and tracking; a film by its number alone, however it is linked.
func keyOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return ""
	}
	host := strings.ToLower(u.Host)
	for _, p := range []string{"www.", "m.", "mobile."} {
		host = strings.TrimPrefix(host, p)
	}
	path := strings.TrimRight(u.Path, "/")
	q := u.Query()
	if v := q.Get("v"); v != "" && strings.HasSuffix(path, "/watch") {
		return strings.TrimSuffix("film:"+v+"#"+q.Get("lc"), "#") // lc: a comment on it
	}
	if id, ok := strings.CutPrefix(path, "/shorts/"); ok {
		return "film:" + id
	}
	for k := range q {
		if strings.HasPrefix(k, "utm_") || k == "fbclid" || k == "ref" {
			q.Del(k)
		}
	}
	key := host + path
	if len(q) > 0 {
		key += "?" + q.Encode()
	}
	if u.Fragment != "" && strings.ContainsAny(u.Fragment, "0123456789") {
		key += "#" + u.Fragment
	}
	return key
}
