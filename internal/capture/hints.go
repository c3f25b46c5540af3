package capture

import (
	"context"
	"maps"
	"slices"
	"time"

	"arsring/internal/platform"
)

// HintReport is what a platform file's selectors found in one capture.
type HintReport struct {
	Platform   string                    `json:"platform"`
	Source     string                    `json:"source"`     // which files the selectors came from
	Tried      string                    `json:"tried"`      // "never", or the day the file was last held against the live service
	Found      map[string]map[string]int `json:"found"`      // by use ("post", "author", ...) and selector: the most elements it found at once
	Broken     []string                  `json:"broken"`     // what the browser does not understand as a selector
	Distrusted bool                      `json:"distrusted"` // the file's posts were put aside: the general way saw at least twice as many
	LoggedIn   *bool                     `json:"logged_in"`  // by the file's signs; nil where they say nothing
	Alternates []Alternate               `json:"alternates"` // what the account's page names for programs
}

// Alternate is a feed or an interface that a page names for programs.
type Alternate struct {
	Rel   string `json:"rel"`
	Type  string `json:"type"`
	URL   string `json:"url"`
	Title string `json:"title"`
}

// Check is a capture held against what the service itself tells publicly.
type Check struct {
	Way      string     `json:"way"`      // "mastodon", "wordpress", "feed", "youtube", "bluesky" or "oembed"
	Address  string     `json:"address"`  // what was asked
	At       time.Time  `json:"at"`       // when
	From     *time.Time `json:"from"`     // the oldest time from which the service's answer is whole; null: it told nothing
	Posts    int        `json:"posts"`    // posts that it tells of since then, inside the period
	Kept     int        `json:"kept"`     // of these, kept in the snapshot
	Comments int        `json:"comments"` // comments likewise, where it tells them
	Heard    int        `json:"heard"`    // of these, kept
	Absent   []string   `json:"absent"`   // addresses of pieces inside the period that it tells of and the snapshot does not hold, the first 100
	Filled   int        `json:"filled"`   // facts taken over from it, marked as such where they stand
	Note     string     `json:"note"`     // why nothing could be compared; empty otherwise
}

// Silent lists the uses of which no selector found anything.
func (r *HintReport) Silent() []string {
	var out []string
	for _, use := range slices.Sorted(maps.Keys(r.Found)) {
		n := 0
		for _, k := range r.Found[use] {
			n += k
		}
		if n == 0 {
			out = append(out, use)
		}
	}
	return out
}

// scriptHints is what the script is told of a platform.
type scriptHints struct {
	Select     map[string][]string   `json:"select"`
	Attributes []string              `json:"attributes"`
	Words      []string              `json:"words"`
	Walls      map[string]scriptSign `json:"walls"`
}

type scriptSign struct {
	URLs     []string `json:"urls"`
	Elements []string `json:"elements"`
	Phrases  []string `json:"phrases"`
}

// hintsOf puts a platform into the names that the script uses.
func hintsOf(p *platform.Platform) scriptHints {
	s, c := p.Select, p.Counters
	h := scriptHints{Attributes: s.TimeAttribute, Words: p.Never.Words, Walls: map[string]scriptSign{}, Select: map[string][]string{
		"post": s.Post, "permalink": s.Permalink, "author": s.Author, "time": s.Time, "text": s.Text, "warning": s.Warning, "comment": slices.Concat(s.Comment, s.Reply),
		"more": s.More, "expand": s.Expand, "likes": c.Likes, "shares": c.Shares, "comments": c.Comments, "refuse": p.Consent.Refuse, "close": p.Consent.Close,
		"overlay": p.Consent.Overlay, "never": p.Never.Press, "private": p.Private.Elements, "in": p.Login.In, "out": p.Login.Out}}
	for name, w := range map[string]platform.Sign{"login": p.Walls.Login, "captcha": p.Walls.Captcha, "gone": p.Walls.Removed, "age": p.Walls.Age, "geo": p.Walls.Geo,
		"rate": p.Walls.Rate, "members": p.Walls.Members} {
		sign := scriptSign{URLs: w.URLs, Elements: w.Elements}
		for _, ph := range w.Phrases {
			sign.Phrases = append(sign.Phrases, ph.Text)
		}
		h.Walls[name] = sign
	}
	return h
}

// heedHints adds what the platform file's selectors find in the page as it stands now to the capture's report. It asks nothing where no file is used, and
// what it cannot learn is no reason to end a capture.
func (t *tab) heedHints(ctx context.Context, c *Capture) {
	p := t.b.o.Hints
	if p == nil {
		return
	}
	if c.Hints == nil {
		c.Hints = &HintReport{Platform: p.Name, Source: p.Source, Tried: p.Tried, Found: map[string]map[string]int{}, Broken: []string{}}
	}
	got, err := eval[struct {
		Found            map[string]map[string]int
		Broken           []string
		Distrusted       bool
		Alternates       []Alternate
		Private, In, Out int
	}](ctx, t, "hintReport")
	if err != nil {
		return
	}
	r := c.Hints
	if r.Alternates == nil { // the account's page is looked at first
		r.Alternates = got.Alternates
	}
	for use, list := range got.Found {
		if r.Found[use] == nil {
			r.Found[use] = map[string]int{}
		}
		for sel, n := range list {
			r.Found[use][sel] = max(r.Found[use][sel], n)
		}
	}
	r.Broken, r.Distrusted = got.Broken, r.Distrusted || got.Distrusted
	if got.In > 0 != (got.Out > 0) {
		r.LoggedIn = new(got.In > 0)
	}
	if got.Private > 0 && !t.noted("hidden", privateNote) {
		t.note("hidden", privateNote)
	}
}

// privateNote is what the record says of areas that are kept out of its pictures.
const privateNote = "private areas (chats, notices, inbox)"

func (t *tab) noted(act, what string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.interventions, func(i Intervention) bool { return i.Act == act && i.What == what })
}
