package capture

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestRobotsRules: the longest rule decides and of two as long the one that allows, in any spelling; a line that is wrong takes nothing from the others.
func TestRobotsRules(t *testing.T) {
	t.Parallel()
	everybody := "\ufeffDisallow: /before\nCrawl-delay: soon\n<html>\nUser-agent: *\nDisallow: /a\nAllow: /a/open\nDisallow: /*.php$\nDisallow: /p*q\nDisallow: /same\nAllow: /same\nDisallow: /få\rDisallow: /d*/shut$ # a note\nDisallow: /%7euser\nDisallow:\n"
	for text, want := range map[string]string{
		everybody: "-/a -/a/x +/a/open/1 -/i.php +/i.php?n=1 -/p1q +/x/p1q +/same -/f%C3%A5/1 -/d1/shut +/d1/shut/in +/before -/~user +/",
		"User-agent: a\nDisallow: /\n\nUser-agent: *\nDisallow: /all":                                                                           "+/ +/x -/all",
		"User-agent: arsring/2.0\nDisallow: /us\nUser-agent: *\nDisallow: *\nUser-agent: other\nUser-agent: ARSRING\nDisallow: /also\nAllow: /": "-/us -/also +/x",
		"User-agent: *\nDisallow: *":                                   "-/x -/",
		"<!doctype html><title>Sidan finns inte</title><p>Disallow: /": "+/x",
	} {
		r := &robotsRules{}
		r.read([]byte(text))
		for _, w := range strings.Fields(want) {
			u, err := url.Parse("https://a.example" + w[1:])
			if err != nil {
				t.Fatal(err)
			}
			if got := r.allows(u); got != (w[0] == '+') {
				t.Errorf("%q: %s is allowed: %v", text, w[1:], got)
			}
		}
	}
	r := &robotsRules{}
	r.read([]byte("Sitemap: /karta.xml\nUser-agent: *\nCrawl-delay: 0,5"))
	if len(r.sitemaps) != 1 || r.delay.Milliseconds() != 500 {
		t.Errorf("%+v", r)
	}
}

// TestSitemapShapes: a map is read as far as it goes, and what is cut or no map is told.
func TestSitemapShapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`<urlset><url><loc><![CDATA[https://a.example/?a=1&b=2]]></loc></url><url><loc>/rel</loc></url></urlset>`: "https://a.example/?a=1&b=2 /rel; 0",
		`<s:sitemapindex xmlns:s="x"><s:sitemap><s:loc>a.xml</s:loc></s:sitemap></s:sitemapindex>`:                "; a.xml 0",
		`<urlset><url><loc>/1</loc></url><url><loc>/2</loc></url><url><lo`:                                        "/1 /2; 1",
		`<urlset><url><loc>/1</loc></url><a <b &</x><url><loc>/2?a&amp;b</loc></url></urlset>`:                    "/1 /2?a&b; 0",
		`<urlset xmlns:i="x"><url><loc>/1</loc><i:image><i:loc>/1.jpg</i:loc></i:image></url></urlset>`:           "/1; 0",
		`<!doctype html><title>404</title><p>Sidan finns inte`:                                                    "; 2",
		"\ufeffhttps://a.example/1\r\nhttps://a.example/2":                                                        "https://a.example/1 https://a.example/2; 0",
	} {
		pages, maps, read := readSitemap([]byte(text))
		if got := fmt.Sprintf("%s; %s", strings.Join(pages, " "), strings.TrimSpace(fmt.Sprint(strings.Join(maps, " "), " ", read))); got != want {
			t.Errorf("%s:\n%q, not %q", text, got, want)
		}
	}
}

// TestWaysAlike: pages that one parameter names are pages; choices of a filter and days of a calendar are without end. A session is no part of an address.
func TestWaysAlike(t *testing.T) {
	t.Parallel()
	for form, want := range map[string]int{"/index.php?id=%d": 30, "/i?view=artikel&id=%d": 30, "/evenemang/1203%d": 30, "/lista?from=%d0&to=40": 30, "/list?ref=%d": 30, "/x?PHPSESSID=ab%d": 1, "/x;jsessionid=ab%d?a=1": 1,
		"/filter?farg=1,2,%d&form=x": mostForms, "/filter?a=x%d&b=y": mostForms, "/kalender/2026-11-%d": mostDates, "/k?from=2026-11-%d": mostDates, "/k?vecka=%d": mostDates} {
		start, _ := url.Parse("https://a.example/")
		w, n := newWays(start, 10), 0
		for i := range 30 {
			if _, why := w.judge("https://a.example"+fmt.Sprintf(form, i+1), true); why == wayOpen {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: %d of 30 are gone, not %d", form, n, want)
		}
	}
}

// TestSiteShapes: links in a form that is around the whole page and in a drawing lead to pages; pages that say the same and show other pictures are kept; what is a file by its
// kind alone is one; a map that cannot be read makes the
// capture partial; what a map names is kept, and be it days of a calendar.
func TestSiteShapes(t *testing.T) {
	t.Parallel()
	days, want := "", []string{"/bara-i-kartan", "/bild1", "/bild2"}
	for i := range mostDates + 1 {
		days += fmt.Sprintf("<url><loc>/kalender/2026-11-0%d</loc></url>", i+1)
		want = append(want, fmt.Sprintf("/kalender/2026-11-0%d", i+1))
	}
	want = append(want, "/ritad")
	s := newStage(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch p := r.URL.Path; {
		case p == "/robots.txt":
			_, _ = fmt.Fprint(w, "Sitemap: /karta.xml\nSitemap: /borta.xml\nSitemap: /trasig.xml")
		case p == "/karta.xml":
			_, _ = fmt.Fprint(w, "<urlset><url><loc>/bara-i-kartan</loc></url>"+days+"</urlset>")
		case p == "/trasig.xml":
			w.WriteHeader(http.StatusBadGateway)
		case p == "/borta.xml":
			http.NotFound(w, r)
		case strings.HasSuffix(p, ".svg"), p == "/fil":
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><text y="50">%s</text></svg>`, p)
		case strings.HasPrefix(p, "/bild"):
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = fmt.Fprintf(w, `<!doctype html><html lang=sv><link rel=icon href="data:,"><title>Bild</title><h1>Bild</h1><img src="%s.svg" width=400 height=300><a href=/>Hem</a>`, p)
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = fmt.Fprintf(w, `<!doctype html><html lang=sv><link rel=icon href="data:,"><title>%s</title><form method=post action=/><h1>Sidan %[1]s</h1><a href=/bild1>1</a> <a href=/bild2>2</a> <a href=/fil>fil</a><svg width=50 height=20><a xlink:href="/ritad"><text y=15>ritad</text></a></svg></form>`, p)
		}
	}))
	s.tab.b.o.Site = Site{Pages: 20, Depth: 2, Robots: true}
	c := s.capture("/")
	var got []string
	for _, p := range c.Pages[1:] {
		u, _ := url.Parse(p.URL)
		got = append(got, u.Path)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("kept %q, not %q", got, want)
	}
	said := map[string]string{}
	for _, m := range c.Missing {
		said[m.Code] = m.Text.EN
	}
	if c.Outcome != Partial || !strings.Contains(said["sitemap-unread"], "/trasig.xml") || !strings.Contains(said["sitemap-broken"], "/borta.xml") || !strings.Contains(said["files-not-fetched"], "/fil") {
		t.Errorf("%s: %v", c.Outcome, said)
	}
}
