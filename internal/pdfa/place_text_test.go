package pdfa

import (
	"encoding/xml"
	"math"
	"slices"
	"strings"
	"testing"
)

// boxWord is a word as pdftotext -bbox tells it, in points from the top left.
type boxWord struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

func wordBoxes(t *testing.T, path string) []boxWord {
	t.Helper()
	var doc struct {
		Words []boxWord `xml:"body>doc>page>word"`
	}
	if err := xml.Unmarshal(runTool(t, "pdftotext", "-bbox", path, "-"), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Words
}

// readable drops what a reader of PDF adds to show directions, and makes all space one.
func readable(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 0x202a && r <= 0x202e:
			return ' '
		case r == 0x200e || r == 0x200f || r == 0xad || r == 0xe001:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// A real page, its picture and its text boxes by the real browser: what pdftotext reads from the picture's layer is the
// page's text, in order, and the words stand where they are seen.
func TestLayerOfRealPage(t *testing.T) {
	shot := shotPage(t, "jpg")
	runs, words := pageText(t)
	ps := []Placement{{ID: "page", Path: shot, MIME: "image/jpeg", W: 1240, H: 1640, Text: runs}}
	path := placeInto(t, printHTML(t, sheetsHTML(ps, "")), ps)
	for _, options := range [][]string{{"-raw"}, {"-layout"}, {}} {
		text := readable(string(runTool(t, "pdftotext", append(options, path, "-")...)))
		for _, r := range runs {
			if len(options) > 0 && options[0] == "-raw" && r.RTL {
				continue // raw means in the order of the file, in which such words stand from left to right
			}
			if !strings.Contains(text, readable(r.Text)) {
				t.Errorf("pdftotext %v: %q is not in the text", options, readable(r.Text))
			}
		}
		for _, bad := range "\u00ad\ue001" {
			if strings.ContainsRune(text, bad) {
				t.Errorf("pdftotext %v: %U is in the text", options, bad)
			}
		}
	}
	near, far, matched := 0, 0.0, 0
	boxes := wordBoxes(t, path)
	for _, w := range words {
		distance, found := nearestWord(w, boxes)
		if !found {
			continue
		}
		matched++
		far = max(far, distance)
		if distance <= 5 {
			near++
		} else {
			t.Logf("%.1f px: %s", distance, w.Text)
		}
	}
	t.Logf("%d of %d words found, %d within 5 px, farthest %.1f px", matched, len(words), near, far)
	if matched < len(words)*9/10 || near < matched*9/10 || far > 12 {
		t.Errorf("%d of %d words found, %d within 5 px, farthest %.1f px", matched, len(words), near, far)
	}
}

// nearestWord gives how far the edges of a word's box are, at the most, from those of the same word in the layer.
func nearestWord(w TextRun, boxes []boxWord) (float64, bool) {
	best := math.Inf(1)
	want := readable(w.Text)
	for _, b := range boxes {
		got := readable(b.Text)
		if w.RTL { // told as it stands, from left to right
			parts := strings.Split(got, "")
			slices.Reverse(parts)
			got = strings.Join(parts, "")
		}
		if got != want {
			continue
		}
		const px = 0.75 // points; the picture begins at (40, 80)
		d := max(math.Abs(b.XMin/px-40-w.X), math.Abs(b.XMax/px-40-w.X-w.W), math.Abs(b.YMin/px-80-w.Y), math.Abs(b.YMax/px-80-w.Y-w.H))
		best = min(best, d)
	}
	return best, !math.IsInf(best, 1)
}

func TestLayerText(t *testing.T) {
	for in, want := range map[string]string{
		"Räksmörgås":             "Räksmörgås",
		"a\tb\nc\u2028d":         "a b c d",
		"binde\u00adstreck":      "bindestreck",
		"a\ue000b\U000f0000c":    "a b c",
		"x\x00\x07\u009fy":       "xy",
		"\ufeffbom\ufffe\uffff":  "bom",
		"\u200fשלום\u202a":       "שלום",
		"می\u200cخواهم":          "می\u200cخواهم",
		"👩\u200d👧":               "👩\u200d👧",
		"\U0001fae9 (2024)":      "\U0001fae9 (2024)",
		"bad\xffutf":             "badutf",
		"\u0378unassigned":       "unassigned",
		"10\u00a0000\u202fkr":    "10\u00a0000\u202fkr",
		"zero\u200bwidth\u2060x": "zerowidthx",
	} {
		if got := layerText(in); got != want {
			t.Errorf("layerText(%q) = %q, want %q", in, got, want)
		}
	}
}

// The order from left to right as it is seen; capital letters stand for what runs right to left.
func TestVisualOrder(t *testing.T) {
	hebrew := strings.NewReplacer("A", "א", "B", "ב", "C", "ג", "D", "ד", "E", "ה")
	latin := strings.NewReplacer("א", "A", "ב", "B", "ג", "C", "ד", "D", "ה", "E")
	for _, c := range []struct {
		in, want string
		rtl      bool
	}{
		{"abc def", "abc def", false},
		{"ABC DE", "ED CBA", true},
		{"abc DEA bcd", "abc AED bcd", false},
		{"ABC fgh DE", "ED fgh CBA", true},
		{"ABC 123 DE", "ED 123 CBA", true},
		{"ABC 12.5% DE", "ED 12.5% CBA", true},
		{"ABC DE.", ".ED CBA", true},
		{"ABC DE.", "ED CBA.", false},
		{"x ABC 12 DE y", "x ED 12 CBA y", false},
		{"ABC (DE) fg", "fg (ED) CBA", true},
		{"fg 10 ABC", "CBA fg 10", true},
	} {
		var rs []layerRune
		for _, r := range hebrew.Replace(c.in) {
			rs = append(rs, layerRune{r, 500})
		}
		got := ""
		for _, r := range visualOrder(rs, c.rtl) {
			got += string(r.r)
		}
		if got = latin.Replace(got); !sameSeen(got, c.want) {
			t.Errorf("visualOrder(%q, %v) = %q, want %q", c.in, c.rtl, got, c.want)
		}
	}
}

// sameSeen compares without minding which way brackets look: the layer keeps them as they are written.
func sameSeen(a, b string) bool {
	same := strings.NewReplacer("(", "|", ")", "|")
	return same.Replace(a) == same.Replace(b)
}

func TestEmojiShareOneWidth(t *testing.T) {
	for _, s := range []string{"🎉", "🇸🇪", "👩\u200d👩\u200d👧\u200d👦", "👍🏽", "❤\ufe0f"} {
		total := 0
		places := map[int]rune{}
		for _, r := range (TextRun{Text: s}).layout() {
			if before, ok := places[total]; ok && before == r.r {
				t.Errorf("%s: %U stands twice in one place", s, r.r)
			}
			places[total] = r.r
			total += r.width
		}
		if total < maxGlyphWidth-4*glyphStep || total > maxGlyphWidth {
			t.Errorf("%s is %d wide, want about %d", s, total, maxGlyphWidth)
		}
	}
}

func FuzzLayout(f *testing.F) {
	for _, s := range []string{"Hej 🇸🇪", "ABC שלום (12)", "الْعَرَبِيَّةُ", "a\x00\ue000", "👩\u200d👩\u200d"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, rtl bool) {
		want := map[rune]int{}
		text := layerText(s)
		for _, r := range text {
			want[r]++
		}
		for _, r := range (TextRun{Text: s, RTL: rtl}).layout() {
			if r.width < 0 || r.width > maxGlyphWidth || r.width%glyphStep != 0 {
				t.Fatalf("%U has no glyph of width %d", r.r, r.width)
			}
			want[r.r]--
		}
		for r, n := range want {
			if r != rightToLeftMark && n != 0 && strings.TrimSpace(text) != "" {
				t.Fatalf("%U: %d lost", r, n)
			}
		}
	})
}
