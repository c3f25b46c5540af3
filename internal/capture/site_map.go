package capture

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdpio "github.com/chromedp/cdproto/io"
	"github.com/chromedp/cdproto/network"
)

// The bounds on robots.txt and sitemaps, which may come from anywhere (RFC 9309, 2.5 asks for at least 500 KiB).
const (
	robotsBytes  = 512 << 10
	sitemapBytes = 10 << 20
	sitemapOpen  = 40 << 20 // unpacked
	sitemapFiles = 200
	sitemapTime  = 3 * time.Minute
	sitemapURLs  = 10_000
	longestDelay = 5 * time.Second
	fetchTime    = 30 * time.Second
)

// agent is the name under which robots.txt may speak to us.
const agent = "arsring"

// robots reads the site's rules through the browser's own network.
func (t *tab) robots(ctx context.Context, start *url.URL) (*robotsRules, error) {
	r := &robotsRules{}
	status, body, err := t.fetch(ctx, (&url.URL{Scheme: start.Scheme, Host: start.Host, Path: "/robots.txt"}).String(), robotsBytes)
	if err != nil {
		return r, err
	}
	switch {
	case status == 0 || status >= 500 || status == 429:
		r.unreachable = true
		return r, nil
	case status >= 400:
		r.none = true
		return r, nil
	}
	r.read(body)
	return r, nil
}

// siteMap is what a site's maps tell.
type siteMap struct {
	pages  []string
	unread []string // maps that are there, as far as is known, and were not read or not to their end
	broken []string // maps that are named and are none

	host  *ways
	queue []string // maps that are still to be read
}

// sitemap gives the addresses that the site's maps name: those that robots.txt points at, wherever they lie, else /sitemap.xml.
func (t *tab) sitemap(ctx context.Context, start *url.URL, named []string) (siteMap, error) {
	m, root := siteMap{host: newWays(start, 0)}, &url.URL{Scheme: start.Scheme, Host: start.Host, Path: "/"}
	m.queueAll(root, named)
	guess := ""
	if len(m.queue) == 0 {
		guess = webAddress(root, "/sitemap.xml")
		m.queue = append(m.queue, guess)
	}
	seen, until := map[string]bool{}, time.Now().Add(sitemapTime)
	for len(m.queue) > 0 {
		next := m.queue[0]
		m.queue = m.queue[1:]
		if seen[next] {
			continue
		}
		if len(seen) >= sitemapFiles || len(m.pages) >= sitemapURLs || time.Now().After(until) {
			note(&m.unread, withoutSecrets(next))
			continue
		}
		seen[next] = true
		status, body, err := t.fetch(ctx, next, sitemapBytes)
		if err != nil {
			return m, err
		}
		m.take(next, status, body, next != guess)
	}
	return m, nil
}

func (m *siteMap) queueAll(base *url.URL, maps []string) {
	for _, a := range maps {
		if a = webAddress(base, a); a != "" {
			m.queue = append(m.queue, a)
		}
	}
}

// take reads one answer; named tells that something refers to the map, so that it should be there.
func (m *siteMap) take(address string, status int, body []byte, named bool) {
	if status != 200 {
		if status == 0 || status >= 500 || status == 429 {
			note(&m.unread, withoutSecrets(address))
		} else if named {
			note(&m.broken, withoutSecrets(address))
		}
		return
	}
	pages, maps, read := readSitemap(body)
	switch {
	case read == mapCut, len(body) >= sitemapBytes:
		note(&m.unread, withoutSecrets(address))
	case read == mapNone && named:
		note(&m.broken, withoutSecrets(address))
	}
	base, err := url.Parse(address)
	if err != nil {
		return
	}
	m.queueAll(base, maps)
	for _, p := range pages {
		if p = webAddress(base, p); m.host.own(p) && len(m.pages) < sitemapURLs {
			m.pages = append(m.pages, p)
		}
	}
}

// webAddress is an address as a map at base writes it, made whole; empty where it is none of the web.
func webAddress(base *url.URL, s string) string {
	u, err := base.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// How far a map could be read.
const (
	mapWhole = iota
	mapCut   // it ends before its end
	mapNone  // it is no map
)

// looseLoc finds an address where the text around it cannot be read as XML.
var looseLoc = regexp.MustCompile(`<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]+?)\s*(?:\]\]>)?\s*</`)

// readSitemap reads a map of pages, or a map of maps, packed or not, as far as it can be read. Plain text holds an address a line.
func readSitemap(b []byte) (pages, maps []string, read int) {
	if bytes.HasPrefix(b, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, nil, mapCut
		}
		if b, err = io.ReadAll(io.LimitReader(z, sitemapOpen)); err != nil || len(b) == sitemapOpen {
			read = mapCut // a broken end leaves what came before it
		}
	}
	if !bytes.Contains(b[:min(len(b), 1024)], []byte("<")) {
		for line := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "http") && len(pages) < sitemapURLs {
				pages = append(pages, line)
			}
		}
		if len(pages) == 0 {
			read = mapNone
		}
		return pages, nil, read
	}
	pages, maps, rest, known := readMapXML(b)
	switch {
	case !known:
		return pages, maps, mapNone
	case rest < 0:
		return pages, maps, read
	}
	index := bytes.Contains(b[:rest], []byte("sitemapindex"))
	for _, m := range looseLoc.FindAllSubmatch(b[rest:], sitemapURLs-len(pages)-len(maps)) {
		if a := html.UnescapeString(string(m[1])); index {
			maps = append(maps, a)
		} else {
			pages = append(pages, a)
		}
	}
	if tail := bytes.TrimSpace(b); !bytes.HasSuffix(tail, []byte("urlset>")) && !bytes.HasSuffix(tail, []byte("sitemapindex>")) || len(pages)+len(maps) >= sitemapURLs {
		read = mapCut
	}
	return pages, maps, read
}

// readMapXML reads a map as XML; rest is where that ended early, -1 if it did not, and known tells whether it was a map at all.
func readMapXML(b []byte) (pages, maps []string, rest int, known bool) {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var in []string
	said := ""
	for len(pages)+len(maps) < sitemapURLs {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return pages, maps, -1, known
		}
		if err != nil {
			break
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			known = known || tok.Name.Local == "urlset" || tok.Name.Local == "sitemapindex"
			if in = append(in, tok.Name.Local); len(in) > 32 {
				return pages, maps, int(d.InputOffset()), known
			}
			said = ""
		case xml.CharData:
			if len(said) < longestWay {
				said += string(tok[:min(len(tok), 2*longestWay)])
			}
		case xml.EndElement:
			n := len(in)
			if a := strings.TrimSpace(said); n >= 2 && in[n-1] == "loc" && a != "" {
				switch in[n-2] {
				case "sitemap":
					maps = append(maps, a)
				case "url":
					pages = append(pages, a)
				}
			}
			in, said = in[:max(0, n-1)], ""
		}
	}
	return pages, maps, int(d.InputOffset()), known
}

// fetch gets a small file through the browser's network, so that the proxy stays the only way out. Status 0 is no answer at all; a file
// beyond the limit is cut.
func (t *tab) fetch(ctx context.Context, address string, limit int) (int, []byte, error) {
	fctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	res, err := cdp.Call(fctx, t.s, network.LoadNetworkResource, network.LoadNetworkResourceParams{FrameID: t.frame, URL: address,
		Options: &network.LoadNetworkResourceOptions{DisableCache: true}})
	if err != nil || res.Resource == nil {
		return 0, nil, ctx.Err()
	}
	r := res.Resource
	if r.Stream == "" {
		return int(r.HTTPStatusCode), nil, nil
	}
	defer func() { _, _ = cdp.Call(ctx, t.s, cdpio.Close, cdpio.CloseParams{Handle: r.Stream}) }()
	var body []byte
	for len(body) < limit {
		part, err := cdp.Call(fctx, t.s, cdpio.Read, cdpio.ReadParams{Handle: r.Stream, Size: 256 << 10})
		if err != nil {
			return 0, nil, errors.Join(ctx.Err())
		}
		body = append(body, part.Data...)
		if part.EOF {
			break
		}
	}
	return int(r.HTTPStatusCode), body[:min(len(body), limit)], nil
}
