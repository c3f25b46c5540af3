package app

import (
	"bytes"
	"encoding/xml"
	"errors"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html/charset"
)

// syndicated is what RSS 2.0 and Atom (RFC 4287) have in common.
type syndicated struct {
	Items []struct {
		Link    string `xml:"link"`
		GUID    string `xml:"guid"`
		Date    string `xml:"pubDate"`
		Creator string `xml:"http://purl.org/dc/elements/1.1/ creator"`
	} `xml:"channel>item"`
	Entries []struct {
		Links []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
		Author    string `xml:"author>name"`
		Published string `xml:"published"`
		Updated   string `xml:"updated"`
	} `xml:"entry"`
}

var commentFeed = regexp.MustCompile(`(?i)kommentar|comment`)

// feed asks for the feed that the page names. It tells the newest posts only.
func (q *inquiry) feed() (answer, error) {
	a := answer{way: "RSS/Atom", source: "feed"}
	if q.c.Hints != nil {
		for _, l := range q.c.Hints.Alternates {
			u, err := url.Parse(l.URL)
			if err != nil || u.Host != q.page.Host || !strings.Contains(l.Type, "rss") && !strings.Contains(l.Type, "atom") || commentFeed.MatchString(l.Title+" "+u.Path) {
				continue
			}
			a.address = l.URL
			break
		}
	}
	if a.address == "" {
		return a, errors.New("the page names no feed")
	}
	return q.syndication(a)
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
	a.pieces, err = readSyndication(data)
	return a, err
}

// readSyndication reads a feed of RSS or Atom: what in it has an address and a time.
func readSyndication(data []byte) (pieces []told, err error) {
	var f syndicated
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = charset.NewReaderLabel
	d.Strict = false
	if err := d.Decode(&f); err != nil {
		return nil, errors.New("the answer is no feed")
	}
	for _, i := range f.Items {
		link := firstText(strings.TrimSpace(i.Link), strings.TrimSpace(i.GUID))
		if at, ok := machineTime(i.Date); ok && keyOf(link) != "" {
			pieces = append(pieces, told{key: keyOf(link), url: link, at: at, author: clipLine(i.Creator, 300)})
		}
	}
	for _, e := range f.Entries {
		link := ""
		for _, l := range e.Links {
			if l.Rel == "alternate" || l.Rel == "" {
				link = l.Href
			}
		}
		if at, ok := machineTime(firstText(e.Published, e.Updated)); ok && keyOf(link) != "" {
			pieces = append(pieces, told{key: keyOf(link), url: link, at: at, author: clipLine(e.Author, 300)})
		}
	}
	return pieces, nil
}

func firstText(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
