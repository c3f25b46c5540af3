package sip

import (
	"encoding/json"
	"io"
	"strings"

	"arsring/internal/capture"
)

// newContent turns a capture into the contract of content.json. The texts of posts are kept as they were published,
// but for characters that no reader can show; addresses lose their secrets.
func newContent(c *capture.Capture) Content {
	return Content{
		Schema:     ContentSchema,
		Snapshot:   c.Job.SnapshotID,
		Account:    c.Job.Account.ID,
		URL:        openedURL(c),
		Period:     newPeriod(&c.Period),
		Counts:     c.Counts,
		Posts:      newPosts(c.Posts),
		Pages:      newPages(c.Pages),
		Structured: newStructured(c.Facts.Structured),
	}
}

func newPeriod(p *capture.Period) Period {
	return Period{
		WantedFrom: p.WantedFrom, Overlap: p.Overlap, Oldest: p.Oldest, Newest: p.Newest,
		Stop: (*capture.Stop)(orNull(string(p.Stop))),
	}
}

// openedURL is the address that was opened, without secrets.
func openedURL(c *capture.Capture) string {
	return address(firstOf(c.Job.URL, c.Facts.RequestedURL, c.Job.Account.URL))
}

// address makes a foreign address fit for the package.
func address(s string) string { return RedactURL(cleanLine(s, longestAddress)) }

// longestAddress bounds what one address may weigh; only data: addresses are longer.
const longestAddress = 32 << 10

func newPosts(in []capture.Post) []Post {
	out := make([]Post, 0, len(in))
	for i := range in {
		out = append(out, newPost(&in[i]))
	}
	return out
}

func newPost(p *capture.Post) Post {
	return Post{
		ID:              cleanLine(p.ID, 1000),
		Permalink:       orNull(address(p.Permalink)),
		Author:          orNull(cleanText(p.Author)),
		AuthorID:        orNull(cleanText(p.AuthorID)),
		AuthorURL:       orNull(address(p.AuthorURL)),
		Origin:          origin(p.Origin),
		Published:       p.Published,
		PublishedSource: orNull(cleanLine(p.PublishedSource, 100)),
		PublishedText:   orNull(cleanText(p.PublishedText)),
		Precision:       orNull(cleanLine(p.PublishedPrecision, 20)),
		Edited:          p.Edited,
		EditedShown:     p.EditedShown,
		Pinned:          p.Pinned,
		Warning:         orNull(cleanText(p.Warning)),
		Lang:            orNull(cleanLine(p.Lang, 100)),
		Dir:             orNull(cleanLine(p.Dir, 10)),
		Text:            cleanText(p.Text),
		Links:           addresses(p.Links),
		Media:           newMedia(p.Media),
		Reactions:       p.Reactions,
		Comments:        newPosts(p.Comments),
		Tiles:           full(p.Tiles),
	}
}

// origin never guesses: what the capture did not say is unknown.
func origin(o capture.Origin) capture.Origin {
	if o == capture.OriginOwn || o == capture.OriginReceived {
		return o
	}
	return capture.OriginUnknown
}

func addresses(in []string) []string {
	out := make([]string, 0, len(in))
	for _, u := range in {
		out = append(out, address(u))
	}
	return out
}

func newMedia(in []capture.Media) []Media {
	out := make([]Media, 0, len(in))
	for _, m := range in {
		n := Media{Kind: m.Kind, URL: orNull(address(m.URL)), MIME: orNull(cleanLine(m.MIME, 200)), W: zeroNull(m.W), H: zeroNull(m.H)}
		if m.Alt != nil {
			alt := cleanText(*m.Alt)
			n.Alt = &alt
		}
		if m.Path != "" {
			n.Path, n.SHA256, n.Bytes = &m.Path, orNull(strings.ToLower(m.SHA256)), zeroNull(m.Bytes)
		}
		out = append(out, n)
	}
	return out
}

func newPages(in []capture.Page) []Page {
	out := make([]Page, 0, len(in))
	for _, p := range in {
		n := Page{
			URL: address(p.URL), Title: orNull(cleanLine(p.Title, 2000)), Lang: orNull(cleanLine(p.Lang, 100)),
			Dir: orNull(cleanLine(p.Dir, 10)), Status: zeroNull(p.Status), Blocks: newBlocks(p.Blocks),
			Links: make([]capture.Link, 0, len(p.Links)),
		}
		for _, l := range p.Links {
			n.Links = append(n.Links, capture.Link{URL: address(l.URL), Text: cleanText(l.Text)})
		}
		n.Text = plainText(n.Blocks)
		out = append(out, n)
	}
	return out
}

func newBlocks(in []capture.Block) []Block {
	out := make([]Block, 0, len(in))
	for _, b := range in {
		n := Block{
			Kind: b.Kind, Level: zeroNull(b.Level), Text: cleanText(b.Text), Rows: make([][]string, 0, len(b.Rows)),
			Head: b.Head, Lang: orNull(cleanLine(b.Lang, 100)), Dir: orNull(cleanLine(b.Dir, 10)),
		}
		for _, row := range b.Rows {
			cells := make([]string, 0, len(row))
			for _, cell := range row {
				cells = append(cells, cleanText(cell))
			}
			n.Rows = append(n.Rows, cells)
		}
		out = append(out, n)
	}
	return out
}

// plainText is a page's text without its structure, for search and for reading without a program.
func plainText(blocks []Block) string {
	var out strings.Builder
	line := func(s string) {
		if s != "" {
			out.WriteString(s)
			out.WriteByte('\n')
		}
	}
	for _, b := range blocks {
		line(b.Text)
		for _, row := range b.Rows {
			line(strings.Join(row, "\t"))
		}
	}
	return out.String()
}

func newStructured(in []capture.Structured) []Structured {
	out := make([]Structured, 0, len(in))
	for _, s := range in {
		out = append(out, Structured{Kind: cleanLine(s.Kind, 100), JSON: RedactText(cleanJSON(s.JSON))})
	}
	return out
}

// writeJSON writes a contract file: indented, because a person may have to read it, and with < and & as they are.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
