package record

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

var taken = time.Date(2026, 10, 15, 6, 0, 0, 0, time.UTC)

func aCapture() *capture.Capture {
	return &capture.Capture{Schema: capture.CaptureSchema, Outcome: capture.Complete, Sentence: capture.Text{SV: "Hela sidan är fångad.", EN: "The whole page was captured."},
		Job: capture.Job{SnapshotID: "badplatser-20261015T060000Z-manual-abcd", URL: "https://example.org/badplatser", Trigger: capture.TriggerManual, Lang: "sv",
			Account: register.Account{ID: "badplatser", Title: "Badplatser", Platform: "web", ArchiveCreator: "Kultur- och fritidsnämnden"}},
		Facts:   capture.Facts{RequestedURL: "https://example.org/badplatser", Status: 200},
		Started: taken, Ended: taken.Add(time.Minute), Period: capture.Period{Stop: capture.StopEndOfPage}, Views: 2,
		Tiles: []capture.Tile{aTile(1, capture.TileFirstView, 1640), aTile(2, capture.TilePage, 800), aTile(3, capture.TilePage, 700), aTile(4, capture.TilePage, 600)}}
}

func aTile(n int, kind capture.TileKind, h int) capture.Tile {
	return capture.Tile{N: n, Kind: kind, File: fmt.Sprintf("tiles/%04d.jpg", n), MIME: "image/jpeg", W: capture.ViewportWidth, H: h, At: taken, SHA256: strings.Repeat("a", 64)}
}

func compose(t *testing.T, c *capture.Capture) (*Record, string) {
	t.Helper()
	r, err := Compose(Input{Capture: c, CaptureDir: "capture", ContentSHA256: strings.Repeat("b", 64), Tool: "arsring 1", Organisation: "Exempelkommun",
		StandIn: func(id string) []byte { return []byte(id) }})
	if err != nil {
		t.Fatal(err)
	}
	return r, string(r.HTML)
}

func TestSheetsHoldWholeTiles(t *testing.T) {
	c := aCapture()
	r, html := compose(t, c)
	if want := []int{1, 2, 2, 3}; !reflect.DeepEqual(r.TileSheet, want) || r.Sheets != 3 {
		t.Errorf("tiles on sheets %v of %d, want %v: the first view has its own", r.TileSheet, r.Sheets, want)
	}
	for _, s := range layout(c.Tiles) {
		foot := 0.0
		for _, p := range s {
			if p.top < foot {
				t.Errorf("tile %d lies over the one above it", p.tile.N)
			}
			if foot = p.top + float64(p.tile.H); foot > capture.SheetHeight {
				t.Errorf("tile %d reaches beyond its sheet", p.tile.N)
			}
		}
	}
	if n := strings.Count(html, `<section class="sheet">`); n != 3 {
		t.Errorf("%d sheets are printed", n)
	}
	if n := len(Placements(c, "capture")); n != 4 {
		t.Errorf("%d placements", n)
	}
}

var heading = regexp.MustCompile(`<h([1-6])[ >]`)

func TestHeadingsLeaveNoGap(t *testing.T) {
	c := aCapture()
	c.Posts = []capture.Post{{ID: "p", Author: "Kommunen", Published: &taken, Text: "Inlägg", Comments: []capture.Post{{Author: "A", Text: "Svar", Comments: []capture.Post{{Author: "B", Text: "Svar på svar"}}}}}}
	for _, levels := range [][]int{{1, 2, 3}, {3, 6, 1, 6}, {6}, {4, 4, 2}, {0, 9, -3}} {
		p := capture.Page{Title: "Sidan", URL: "https://example.org/", Lang: "sv"}
		for _, l := range levels {
			p.Blocks = append(p.Blocks, capture.Block{Kind: "h", Level: l, Text: "Rubrik"}, capture.Block{Kind: "p", Text: "Text"})
		}
		c.Pages = []capture.Page{p}
		_, html := compose(t, c)
		last := 0
		for _, m := range heading.FindAllStringSubmatch(html, -1) {
			l := int(m[1][0] - '0')
			if l > last+1 {
				t.Errorf("levels %v: h%d follows h%d", levels, l, last)
			}
			last = l
		}
	}
}

func TestHostileTextIsOnlyText(t *testing.T) {
	const bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{.Title}}\u202e\x00\ue000"
	c := aCapture()
	c.Job.Account.Title, c.Job.Reason, c.Job.By, c.Facts.FinalURL = bad, bad, bad, "javascript:alert(1)"
	c.Tiles[1].Shows = bad
	c.Tiles[1].Links = []capture.LinkBox{{URL: "javascript:alert(1)", Text: bad}, {URL: "https://example.org/\"onclick=alert(1)", Text: bad}}
	c.Missing = []capture.Missing{{Code: "x", Text: capture.Text{SV: bad, EN: bad}}}
	c.Interventions = []capture.Intervention{{Act: bad, What: bad}}
	c.Posts = []capture.Post{{Author: bad, Text: bad, Permalink: "javascript:alert(1)", Lang: bad, Dir: bad, Warning: bad, Links: []string{bad}, Media: []capture.Media{{Kind: bad, URL: bad, Alt: new(bad)}}}}
	c.Pages = []capture.Page{{Title: bad, URL: bad, Lang: bad, Dir: bad, Blocks: []capture.Block{{Kind: "h", Level: 1, Text: bad, Lang: bad, Dir: bad}, {Kind: "p", Text: bad},
		{Kind: "li", Text: bad}, {Kind: "pre", Text: bad}, {Kind: "table", Head: true, Rows: [][]string{{bad}, {bad}}}}}}
	_, html := compose(t, c)
	lower := strings.ToLower(html)
	for _, tag := range []string{"<script", "<img src=x", `href="javascript:`, "\u202e", "\x00", "\ue000", " onclick=", " onerror=alert(1)>{{"} {
		if strings.Contains(lower, tag) {
			t.Errorf("the record's document holds %q", tag)
		}
	}
	if !strings.Contains(html, "&lt;script&gt;alert(1)&lt;/script&gt;") {
		t.Error("the text itself is not there to be read")
	}
}

// codes are what captures write; each needs a word in both languages.
var codes = map[string][]string{
	"Triggers": {"scheduled", "manual", "closure", "evidence", "ingest"},
	"Outcomes": {"complete", "partial", "login-wall", "blocked", "not-found", "blank", "unreachable", "failed"},
	"Stops":    {"reached-date", "end-of-feed", "loop", "no-growth", "limit", "wall", "end-of-page"},
	"Acts": {"dialog", "consent-refused", "consent-hidden", "consent-settings", "hidden", "pressed", "download-refused", "popup-closed", "permission-denied", "request-refused",
		"scroll-unlocked", "opened", "returned", "navigation-held", "wall-closed", "wall-set-aside", "unrolled", "rendered", "pdf-changed"},
	"Sources":    {"datetime", "json-ld", "title", "text", "relative", "feed", "permalink"},
	"MediaKinds": {"image", "video", "audio"},
}

func TestBothLanguagesHaveEveryWord(t *testing.T) {
	for lang, l := range texts {
		v := reflect.ValueOf(*l)
		for i := range v.NumField() {
			name, f := v.Type().Field(i).Name, v.Field(i)
			if f.Kind() == reflect.String && f.String() == "" {
				t.Errorf("%s: %s is empty", lang, name)
			}
			if f.Kind() != reflect.Map {
				continue
			}
			for _, code := range codes[name] {
				if w := f.MapIndex(reflect.ValueOf(code)); !w.IsValid() || w.String() == "" {
					t.Errorf("%s: %s has no word for %q", lang, name, code)
				}
			}
		}
	}
}

func TestCoverSaysWhatIsMissingAndWhatWasDone(t *testing.T) {
	c := aCapture()
	c.Outcome = capture.Partial
	c.Missing = []capture.Missing{{Code: "limit", Text: capture.Text{SV: "Taket för inlägg nåddes.", EN: "The limit of posts was reached."}}}
	c.Interventions = []capture.Intervention{{Act: "consent-refused", What: "Avvisa alla", At: taken}, {Act: "pressed", What: "Visa fler", N: 3}}
	for lang, want := range map[string][]string{
		"sv": {`<html lang="sv">`, "ofullständig", "Taket för inlägg nåddes.", "samtycke nekat: Avvisa alla", "(3 gånger)", "Direktmeddelanden", "2026-10-15 08.00.00"},
		"en": {`<html lang="en">`, "partial", "The limit of posts was reached.", "consent refused: Avvisa alla", "(3 times)", "2026-10-15 08.00.00"},
	} {
		c.Job.Lang = lang
		_, html := compose(t, c)
		for _, w := range want {
			if !strings.Contains(html, w) {
				t.Errorf("%s: the record does not say %q", lang, w)
			}
		}
	}
}

func TestSameCaptureSameDocument(t *testing.T) {
	c := aCapture()
	c.Posts = []capture.Post{{Author: "A", Text: "rad ett\nrad två", Reactions: &capture.Reactions{Likes: new(3)}}}
	a, _ := compose(t, c)
	b, _ := compose(t, c)
	if !bytes.Equal(a.HTML, b.HTML) {
		t.Error("composing twice gave two documents")
	}
}
