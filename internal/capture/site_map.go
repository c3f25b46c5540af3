package capture

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdpio "github.com/chromedp/cdproto/io"
	"github.com/chromedp/cdproto/network"
	"github.com/temoto/robotstxt"
)

// The bounds on robots.txt and sitemaps, which may come from anywhere (RFC 9309, 2.5 asks for at least 500 KiB).
const (
	robotsBytes  = 512 << 10
	sitemapBytes = 10 << 20
	sitemapOpen  = 40 << 20 // unpacked
	sitemapFiles = 12
	sitemapURLs  = 10_000
	longestDelay = 5 * time.Second
	fetchTime    = 30 * time.Second
)

// agent is the name under which robots.txt may speak to us.
const agent = "arsring"

// robotsRules are what a site asks of programs (RFC 9309).
type robotsRules struct {
	group       *robotstxt.Group
	sitemaps    []string
	delay       time.Duration
	unreachable bool // the rules could not be read: nothing may be fetched (RFC 9309, 2.3.1.4)
}

func (r *robotsRules) allows(u *url.URL) bool {
	switch {
	case r.unreachable:
		return false
	case r.group == nil:
		return true
	}
	p := u.EscapedPath()
	if p == "" {
		p = "/"
	}
	if u.RawQuery != "" {
		p += "?" + u.RawQuery
	}
	return r.group.Test(p)
}

// robots reads the site's rules through the browser's own network.
func (t *tab) robots(ctx context.Context, start *url.URL) (*robotsRules, error) {
	r := &robotsRules{}
	status, body, err := t.fetch(ctx, (&url.URL{Scheme: start.Scheme, Host: start.Host, Path: "/robots.txt"}).String(), robotsBytes)
	if err != nil {
		return r, err
	}
	switch {
	case status == 0 || status >= 500:
		r.unreachable = true
		return r, nil
	case status >= 400:
		return r, nil
	}
	r.read(body)
	return r, nil
}

// read takes the rules for us out of a robots.txt. What cannot be read as rules is none (RFC 9309, 2.2.4).
func (r *robotsRules) read(body []byte) {
	data, err := robotstxt.FromBytes(body)
	if err != nil {
		return
	}
	r.group, r.sitemaps = data.FindGroup(agent), data.Sitemaps
	r.delay = min(r.group.CrawlDelay, longestDelay)
}

// sitemap gives the addresses that the site's maps name: those that robots.txt points at, else /sitemap.xml.
func (t *tab) sitemap(ctx context.Context, start *url.URL, named []string) ([]string, error) {
	host := newWays(start, 0)
	queue := []string{}
	for _, n := range named {
		if host.own(n) {
			queue = append(queue, n)
		}
	}
	if len(queue) == 0 {
		queue = append(queue, (&url.URL{Scheme: start.Scheme, Host: start.Host, Path: "/sitemap.xml"}).String())
	}
	var out []string
	seen := map[string]bool{}
	for n := 0; len(queue) > 0 && n < sitemapFiles && len(out) < sitemapURLs; n++ {
		next := queue[0]
		queue = queue[1:]
		if seen[next] {
			continue
		}
		seen[next] = true
		status, body, err := t.fetch(ctx, next, sitemapBytes)
		if err != nil {
			return out, err
		}
		if status != 200 {
			continue
		}
		pages, maps := readSitemap(body)
		for _, m := range maps {
			if host.own(m) {
				queue = append(queue, m)
			}
		}
		for _, p := range pages {
			if host.own(p) && len(out) < sitemapURLs {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// readSitemap reads a map of pages, or a map of maps, packed or not, as far as it can be read. Plain text holds an address a line.
func readSitemap(b []byte) (pages, maps []string) {
	if bytes.HasPrefix(b, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, nil
		}
		b, _ = io.ReadAll(io.LimitReader(z, sitemapOpen)) // a broken end leaves what came before it
	}
	if !bytes.Contains(b[:min(len(b), 1024)], []byte("<")) {
		for line := range strings.Lines(string(b)) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "http") && len(pages) < sitemapURLs {
				pages = append(pages, line)
			}
		}
		return pages, nil
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var in []string
	for len(pages)+len(maps) < sitemapURLs {
		tok, err := d.Token()
		if err != nil {
			break
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if in = append(in, tok.Name.Local); len(in) > 32 {
				return pages, maps
			}
		case xml.EndElement:
			in = in[:max(0, len(in)-1)]
		case xml.CharData:
			if n := len(in); n >= 2 && in[n-1] == "loc" {
				if a := strings.TrimSpace(string(tok)); in[n-2] == "sitemap" {
					maps = append(maps, a)
				} else if in[n-2] == "url" {
					pages = append(pages, a)
				}
			}
		}
	}
	return pages, maps
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
