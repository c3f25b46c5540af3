package app

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html/charset"
)

// syndicated is what RSS of all versions and Atom (RFC 4287) have in common. RSS 1.0 has its items beside the channel.
type syndicated struct {
	Base    string      `xml:"http://www.w3.org/XML/1998/namespace base,attr"`
	Items   []feedItem  `xml:"channel>item"`
	Beside  []feedItem  `xml:"item"`
	Entries []feedEntry `xml:"entry"`
}

type feedItem struct {
	Links []struct {
		Text string `xml:",chardata"`
	} `xml:"link"`
	GUID struct {
		Permanent string `xml:"isPermaLink,attr"`
		Text      string `xml:",chardata"`
	} `xml:"guid"`
	About   string `xml:"http://www.w3.org/1999/02/22-rdf-syntax-ns# about,attr"`
	Date    string `xml:"pubDate"`
	DCDate  string `xml:"http://purl.org/dc/elements/1.1/ date"`
	Creator string `xml:"http://purl.org/dc/elements/1.1/ creator"`
}

type feedEntry struct {
	Base  string `xml:"http://www.w3.org/XML/1998/namespace base,attr"`
	ID    string `xml:"id"`
	Links []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Author    string `xml:"author>name"`
	Published string `xml:"published"`
}

var (
	commentFeed = regexp.MustCompile(`(?i)kommentar|comment`)
	feedType    = regexp.MustCompile(`(?i)\b(?:rss|atom)\b|feed\+json`)
)

// mostFeeds are the feeds of one page that are asked for until one tells of its posts.
const mostFeeds = 3

// feed asks for the feed that the page names; of several for the first that tells of the posts that are here. It tells the newest posts only.
func (q *inquiry) feed() (answer, error) {
	first, firstErr := answer{way: "RSS/Atom", source: "feed"}, errors.New("the page names no feed of its own host")
	if q.c.Hints == nil {
		return first, firstErr
	}
	asked := 0
	for _, l := range q.c.Hints.Alternates {
		u, err := url.Parse(l.URL)
		if err != nil || !sameSite(u, q.page) || !feedType.MatchString(l.Type) || commentFeed.MatchString(l.Title+" "+u.Path) {
			continue
		}
		if asked++; asked > mostFeeds || q.left <= 0 {
			break
		}
		way := "RSS/Atom"
		if strings.Contains(l.Type, "json") {
			way = "JSON Feed"
		}
		a, err := q.syndication(answer{way: way, source: "feed", address: l.URL})
		if err == nil && q.about(a) {
			return a, nil
		}
		if asked == 1 || firstErr != nil && err == nil {
			first, firstErr = a, err
		}
	}
	return first, firstErr
}

// about reports whether an answer tells of the posts that are here: of half of its own, or more.
func (q *inquiry) about(a answer) bool {
	kept, n := q.kept(), 0
	for _, t := range a.pieces {
		n += one(kept[t.key] != nil)
	}
	return n > 0 && 2*n >= len(a.pieces)
}

// sameSite reports whether two addresses are of one host, with or without www.
func sameSite(a, b *url.URL) bool {
	return strings.TrimPrefix(strings.ToLower(a.Host), "www.") == strings.TrimPrefix(strings.ToLower(b.Host), "www.")
}

// youtube asks for the feed that every channel has: its newest fifteen films.
func (q *inquiry) youtube() (answer, error) {
	a := answer{way: "YouTube-flöde", source: "youtube-feed"}
	if q.c.Hints != nil {
		for _, l := range q.c.Hints.Alternates {
			if u, err := url.Parse(l.URL); err == nil && u.Host == q.page.Host && strings.Contains(u.Path, "/feeds/videos.xml") {
				a.address = l.URL
			}
		}
	}
	if m := regexp.MustCompile(`/channel/(UC[\w-]{22})`).FindStringSubmatch(q.page.Path); m != nil && a.address == "" {
		a.address = q.at("/feeds/videos.xml", url.Values{"channel_id": {m[1]}})
	}
	if a.address == "" {
		return a, errors.New("the channel's number is not known")
	}
	return q.syndication(a)
}

func (q *inquiry) syndication(a answer) (answer, error) {
	data, _, err := q.get(a.address)
	if err != nil {
		return a, err
	}
	base, err := url.Parse(a.address)
	if err != nil {
		return a, err
	}
	a.pieces, err = readSyndication(data, base)
	return a, err
}

var errNoFeed = errors.New("the answer is no feed")

// readSyndication reads a feed of RSS, Atom or JSON Feed that lies at base: what in it has an address. Where it does not say when a piece was published,
// the piece has no time: when it was last changed is another matter.
func readSyndication(data []byte, base *url.URL) (pieces []told, err error) {
	if d := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff"))); bytes.HasPrefix(d, []byte("{")) {
		return readJSONFeed(d, base)
	}
	var f syndicated
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = charset.NewReaderLabel
	d.Strict = false
	if err := d.Decode(&f); err != nil {
		return nil, errNoFeed
	}
	base = resolved(base, f.Base)
	for _, i := range append(f.Items, f.Beside...) {
		link := ""
		for _, l := range i.Links { // an Atom link in an item of RSS has no text
			link = firstText(link, strings.TrimSpace(l.Text))
		}
		if i.GUID.Permanent != "false" {
			link = firstText(link, strings.TrimSpace(i.GUID.Text))
		}
		pieces = addTold(pieces, base, firstText(link, i.About), firstText(i.Date, i.DCDate), i.Creator)
	}
	for _, e := range f.Entries {
		link := ""
		for _, l := range e.Links {
			if l.Rel == "alternate" || l.Rel == "" {
				link = firstText(link, l.Href)
			}
		}
		pieces = addTold(pieces, resolved(base, e.Base), firstText(link, e.ID), e.Published, e.Author)
	}
	return pieces, nil
}

// readJSONFeed reads what https://www.jsonfeed.org/version/1.1/ describes.
func readJSONFeed(data []byte, base *url.URL) (pieces []told, err error) {
	type person struct{ Name string }
	var f struct {
		Items []struct {
			URL       string
			Published string `json:"date_published"`
			Author    person
			Authors   []person
		}
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, errNoFeed
	}
	for _, i := range f.Items {
		if len(i.Authors) > 0 {
			i.Author = i.Authors[0]
		}
		pieces = addTold(pieces, base, i.URL, i.Published, i.Author.Name)
	}
	return pieces, nil
}

// addTold adds a piece with its address made whole, if it has one of the web.
func addTold(pieces []told, base *url.URL, link, date, author string) []told {
	u, err := base.Parse(strings.TrimSpace(link))
	if err != nil || strings.TrimSpace(link) == "" || u.Scheme != "http" && u.Scheme != "https" || keyOf(u.String()) == "" {
		return pieces
	}
	t := told{key: keyOf(u.String()), url: u.String(), author: clipLine(author, 300)}
	t.at, t.vague = feedTime(date)
	return append(pieces, t)
}

// resolved is an address inside another, as xml:base gives it.
func resolved(base *url.URL, s string) *url.URL {
	if u, err := base.Parse(strings.TrimSpace(s)); err == nil && s != "" {
		return u
	}
	return base
}

func firstText(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
