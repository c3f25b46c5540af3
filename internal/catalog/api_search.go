package catalog

import (
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// Query asks for posts, comments, pages and descriptions.
type Query struct {
	Scope
	Filter
	// Text is what a person typed: words (all must occur), "phrases in quotation marks", begin* for beginnings, -word for what must not
	// occur. Nothing else has a meaning. Empty text lists by filter alone.
	Text string
	// WithoutNames leaves authors' names out of what is searched, for rooms where a private person must not be looked up by name.
	WithoutNames bool
	Page
}

// Results is one page of hits: those of the latest snapshots first, within a snapshot in the order of its content.
type Results struct {
	Hits  []Hit
	Next  string // cursor of the next page; empty: this was the last
	Count int    // how many there are; at most CountLimit
	More  bool   // there are more than Count
}

// CountLimit is how far hits are counted.
const CountLimit = 1000

// Hit is one post, comment, page or description that was found.
type Hit struct {
	Snapshot  string          `json:"snapshot"` // ID
	Tenant    string          `json:"tenant"`
	Account   string          `json:"account"`
	Title     string          `json:"title"` // of the account
	Platform  string          `json:"platform"`
	Creator   string          `json:"archive_creator"`
	Unit      string          `json:"unit"`
	Taken     time.Time       `json:"taken"`
	Trigger   capture.Trigger `json:"trigger"`
	Outcome   capture.Outcome `json:"outcome"`
	Class     register.Class  `json:"access_class"`
	Kind      Kind            `json:"kind"`
	Post      string          `json:"post"`      // id of the post or comment in content.json; of a page its address
	Parent    string          `json:"parent"`    // of a comment: id of the post it stands under
	Permalink string          `json:"permalink"` // foreign text: show it as a link only when it is http or https
	Author    string          `json:"author"`
	Origin    capture.Origin  `json:"origin"`
	Published *time.Time      `json:"published"`
	Sheet     int             `json:"sheet"` // page of the record that shows it, 1-based; 0: not known
	Snippet   Snippet         `json:"snippet"`
}

// Snippet is a piece of text with what was found in it. It is plain text and holds whatever the page held.
type Snippet struct {
	Text   string `json:"text"`
	Marks  []Span `json:"marks"`  // in order, never overlapping
	Before bool   `json:"before"` // there is more text before
	After  bool   `json:"after"`  // there is more text after
}

// Span is a half-open range of bytes in a UTF-8 text.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Part is a piece of a snippet, marked or not.
type Part struct {
	Text string
	Mark bool
}

// Parts cuts the snippet at its marks, for templates.
func (s Snippet) Parts() []Part {
	var out []Part
	at := 0
	for _, m := range s.Marks {
		if m.Start > at {
			out = append(out, Part{Text: s.Text[at:m.Start]})
		}
		out = append(out, Part{Text: s.Text[m.Start:m.End], Mark: true})
		at = m.End
	}
	if at < len(s.Text) {
		out = append(out, Part{Text: s.Text[at:]})
	}
	return out
}
