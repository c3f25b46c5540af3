package record

import (
	"fmt"
	"strings"

	"arsring/internal/capture"
)

type postView struct {
	Head, Origin, Lang, Dir, Text, Warning, Permalink, URL string
	Facts                                                  []string
	Media                                                  []string
	Links                                                  []string
	Level                                                  int
	Comments                                               []postView
}

// deepest bounds how far comments are indented; deeper replies stand at that depth.
const deepest = 3

func postViews(posts []capture.Post, t *labels, level int) []postView {
	out := make([]postView, 0, len(posts))
	for _, p := range posts {
		v := postView{Head: postHead(p, t), Lang: safeLang(p.Lang), Dir: safeDir(p.Dir), Text: clean(p.Text), Warning: clean(p.Warning),
			Permalink: clean(p.Permalink), URL: linkable(p.Permalink), Level: min(level, deepest), Facts: postFacts(p, t), Media: media(p, t)}
		for _, l := range p.Links {
			v.Links = append(v.Links, clean(l))
		}
		v.Comments = postViews(p.Comments, t, level+1)
		out = append(out, v)
	}
	return out
}

func postHead(p capture.Post, t *labels) string {
	author := clean(p.Author)
	if author == "" {
		author = t.UnknownOrigin
	}
	when := t.Unknown
	if p.Published != nil {
		when = stamp(*p.Published)
	}
	return author + ", " + when
}

func postFacts(p capture.Post, t *labels) []string {
	origin := map[capture.Origin]string{capture.OriginOwn: t.Own, capture.OriginReceived: t.Received}[p.Origin]
	if origin == "" {
		origin = t.UnknownOrigin
	}
	facts := []string{origin}
	if p.PublishedSource != "" {
		facts = append(facts, t.TimeBy+" "+word(t.Sources, p.PublishedSource))
	}
	if p.Edited != nil {
		facts = append(facts, t.Edited+" "+stamp(*p.Edited))
	} else if p.EditedShown {
		facts = append(facts, t.EditedShown)
	}
	if p.Pinned {
		facts = append(facts, t.Pinned)
	}
	if r := p.Reactions; r != nil {
		for _, n := range []*int{r.Likes, r.Shares, r.Comments} {
			if n != nil {
				facts = append(facts, t.Reactions+" "+reactions(*r))
				break
			}
		}
	}
	return facts
}

func reactions(r capture.Reactions) string {
	s := make([]string, 0, 3)
	for _, n := range []*int{r.Likes, r.Shares, r.Comments} {
		if n == nil {
			s = append(s, "–")
		} else {
			s = append(s, fmt.Sprint(*n))
		}
	}
	return strings.Join(s, " / ")
}

func media(p capture.Post, t *labels) []string {
	var out []string
	for _, m := range p.Media {
		s := word(t.MediaKinds, m.Kind) + ": "
		if m.Alt != nil && *m.Alt != "" {
			s += clean(*m.Alt)
		} else {
			s += t.NoAlt
		}
		out = append(out, s+" · "+clean(m.URL))
	}
	return out
}

type pageView struct {
	Title, URL, Lang, Dir string
	Blocks                []blockView
}

type blockView struct {
	capture.Block
	Level int
	Items []string // consecutive list items are one list
}

func pageViews(pages []capture.Page) []pageView {
	out := make([]pageView, 0, len(pages))
	for _, p := range pages {
		v := pageView{Title: clean(p.Title), URL: clean(p.URL), Lang: safeLang(p.Lang), Dir: safeDir(p.Dir)}
		if v.Title == "" {
			v.Title = v.URL
		}
		v.Blocks = blockViews(p.Blocks, v.Lang)
		out = append(out, v)
	}
	return out
}

// blockViews cleans blocks, joins list items to lists, and gives headings levels without a gap below the page's own h2.
func blockViews(blocks []capture.Block, lang string) []blockView {
	var out []blockView
	level := 2
	for _, b := range blocks {
		v := blockView{Block: b, Level: level}
		v.Text, v.Dir = clean(b.Text), safeDir(b.Dir)
		if v.Lang = safeLang(b.Lang); v.Lang == "und" {
			v.Lang = lang
		}
		for i, r := range b.Rows {
			cells := make([]string, len(r))
			for j, cell := range r {
				cells[j] = clean(cell)
			}
			v.Rows[i] = cells
		}
		switch b.Kind {
		case "h":
			level = min(max(b.Level, 1)+2, level+1, 6)
			v.Level = level
			v.Text = strings.Join(strings.Fields(v.Text), " ")
		case "li":
			if n := len(out); n > 0 && out[n-1].Kind == "li" && out[n-1].Lang == v.Lang && out[n-1].Dir == v.Dir {
				out[n-1].Items = append(out[n-1].Items, v.Text)
				continue
			}
			v.Items = []string{v.Text}
		}
		out = append(out, v)
	}
	return out
}
