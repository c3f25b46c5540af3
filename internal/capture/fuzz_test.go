package capture

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzRobots: whatever stands in a robots.txt, it is read as rules or as none, and slows nobody down for long.
func FuzzRobots(f *testing.F) {
	for _, s := range []string{"", "User-agent: *\nDisallow: /x\nCrawl-delay: 2\nSitemap: /s.xml", "User-agent: arsring\nAllow: /*.html$\nDisallow: /", "Disallow: *****$\nCrawl-delay: -1e99", "\xff\xfe\x00U"} {
		f.Add([]byte(s), "/x?y=z")
	}
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		r := &robotsRules{}
		r.read(body)
		r.allows(&url.URL{Scheme: "https", Host: "a.example", Path: path})
		if r.delay > longestDelay {
			t.Errorf("a delay of %s", r.delay)
		}
	})
}

// FuzzSitemap: whatever a map of a site holds, it names a bounded number of addresses.
func FuzzSitemap(f *testing.F) {
	for _, s := range []string{"", `<urlset><url><loc>https://a.example/</loc></url></urlset>`, `<sitemapindex><sitemap><loc> https://a.example/s.xml </loc></sitemap></sitemapindex>`, "https://a.example/\nhttps://b.example/", "\x1f\x8b\x08\x00", `<!DOCTYPE x [<!ENTITY a "b">]><urlset>&a;<url><loc>&a;`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		pages, maps, _ := readSitemap(body)
		if len(pages) > sitemapURLs || len(maps) > sitemapURLs {
			t.Errorf("%d pages, %d maps", len(pages), len(maps))
		}
	})
}

// FuzzPicture: whatever a picture's bytes or a data: address hold, they are a picture of a known kind or none.
func FuzzPicture(f *testing.F) {
	for _, s := range []string{"", "data:image/png;base64,iVBORw0KGgo=", "data:,x", "data:image/svg+xml,%3Csvg%3E", "data:image/jpeg;base64,/9j/", "data:;;;base64;,%zz", "data:image/gif;base64,R0lGODlhAQABAAAAACw="} {
		f.Add(s, []byte(s))
	}
	f.Fuzz(func(t *testing.T, address string, body []byte) {
		if b, mime, ok := inlineBytes(address); ok {
			sniffPicture(b, mime)
		}
		if k, ok := sniffPicture(body, ""); ok && (k.ext == "" || k.mime == "" || k.w < 0 || k.h < 0) {
			t.Errorf("%+v", k)
		}
	})
}

// FuzzWithoutSecrets: no address keeps what follows a name that carries secrets, and cleaning twice changes nothing more.
func FuzzWithoutSecrets(f *testing.F) {
	for _, s := range []string{"https://a.example/?token=SECRET", "https://u:SECRET@a.example/", "http://[x/?sig=SECRET", "https://a.example/#access_token=SECRET&x", "?%74oken=SECRET", "a;token=SECRET", "//u:SECRET@a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got := withoutSecrets(raw)
		if u, err := url.Parse(got); err == nil && u.User != nil && strings.ContainsAny(raw, "?#@") {
			t.Errorf("%q keeps a user: %q", raw, got)
		}
		if again := withoutSecrets(got); utf8.ValidString(raw) && again != got {
			t.Errorf("%q became %q and then %q", raw, got, again)
		}
		withoutSecretPairs(raw)
	})
}

// FuzzRetryAfter: no header makes a wait of no length, or breaks the clock.
func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"", "120", "-1", "99999999999999999999", "9223372036854775807", "Wed, 21 Oct 2026 07:28:00 GMT"} {
		f.Add(s)
	}
	now := time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, h string) {
		at := retryAfter(h, now)
		if at == nil {
			return
		}
		if _, err := at.MarshalJSON(); err != nil {
			t.Errorf("%q: %v", h, err)
		}
	})
}
