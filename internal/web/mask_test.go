package web

import (
	"strings"
	"testing"
)

// TestMask: what is taken out is gone in every way of writing it, and the rest stays.
func TestMask(t *testing.T) {
	n := NewNeedles([]string{"Anna", "Lars-Åke  Ek", "070-123 45 67", "x", "", "anna", "ångström"})
	if len(n) != 4 {
		t.Fatalf("%d needles", len(n))
	}
	for in, want := range map[string]string{
		"Anna kom.":                           "█████ kom.",
		"ANNAS bil, hos Annas":                "█████ bil, hos █████",
		"granna band":                         "█████ band",
		"An\u00adna och A\u200bnna":           "█████ och █████",
		"Lars–Åke\u00a0\n Ek!":                "█████!",
		"Lars-A\u030ake Ek":                   "█████",
		"Ring 070-123 45 67, tack":            "Ring █████, tack",
		"Ring 070 123 45 67":                  "Ring 070 123 45 67",
		"@anna_b <anna@example.org>":          "@█████_b <█████@example.org>",
		"A\u030angstro\u0308m ÅNGSTRÖMS":      "█████ █████",
		"AnnaAnna annannanna":                 "█████ █████",
		"ingen":                               "ingen",
		"å":                                   "å",
		"Bo\nAnna\nCilla":                     "Bo\n█████\nCilla",
		"\u202eanna\u202c":                    "\u202e█████\u202c",
		"Lars-Åke Ek Anna 070-123 45 67 slut": "█████ █████ █████ slut",
	} {
		if got, _ := n.Mask(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if s, k := (Needles{}).Mask("Anna"); s != "Anna" || k != 0 {
		t.Errorf("nothing to mask: %q, %d", s, k)
	}
}

func FuzzMask(f *testing.F) {
	f.Add("Anna", "Hej Anna!")
	f.Add("a\u030a", "Å\u200bå")
	f.Fuzz(func(t *testing.T, word, text string) {
		n := NewNeedles([]string{word})
		out, _ := n.Mask(text)
		if !strings.ContainsRune(word, '█') && len(n.Find(FoldText(out))) > 0 {
			t.Errorf("%q is still in %q", word, out)
		}
	})
}
