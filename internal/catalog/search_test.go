package catalog

import (
	"slices"
	"testing"
	"time"

	"arsring/internal/sip"
)

var day = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// Words, beginnings and phrases are found as they are written; å, ä and ö are letters of their own.
func TestSearchFindsWhatWasWritten(t *testing.T) {
	c := openNew(t)
	bring(t, c, newMemory(t, newPack(spec{posts: []sip.Post{
		post("a", "Välkommen till Älvsunda! Nu öppnar badhuset i Råby.", day, comment("a1", "Bo Prov", "Äntligen öppet, tack!", day)),
		post("b", "Valkommen till Alvsunda, skrivet utan prickar", day),
		post("c", "Kommunfullmäktige sammanträder på måndag. E-post: info@example.org", day),
		post("d", "Ra\u030aby i sammansatt form: a\u030alder och o\u0308ar", day),
		post("e", "En mjuk\u00adradda kommun\u00adstyrelse", day),
	}})))
	for text, want := range map[string][]string{
		"älvsunda": {"a"}, "ÄLVSUNDA": {"a"}, "alvsunda": {"b"}, "välkommen": {"a"}, "valkommen": {"b"},
		"råby": {"a", "d"}, "ra\u030aby": {"a", "d"}, "raby": {}, "öppnar": {"a"}, "oppnar": {}, "öppet": {"a1"}, "åld*": {"d"}, "öar": {"d"},
		"komm*": {"c", "e"}, "kommun*": {"c", "e"}, "kommun": {}, "kommunstyrelse": {"e"}, `"till älvsunda"`: {"a"}, `"älvsunda till"`: {},
		`"öppnar bad"*`: {"a"}, "öppnar -råby": {}, "till -älvsunda": {"b"}, "e-post": {"c"}, "info@example.org": {"c"}, "badhuset måndag": {},
		"”till älvsunda”": {"a"}, "prov": {"a1"},
	} {
		got := found(t, c, Query{Text: text, WithoutNames: text != "prov", Filter: Filter{Kinds: []Kind{KindPost, KindComment}}})
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %v, want %v", text, got, want)
		}
	}
	if got := found(t, c, Query{Text: "prov", WithoutNames: true}); len(got) > 0 {
		t.Errorf("a name was found in a room without names: %v", got)
	}
	if got := found(t, c, Query{Text: "kommunikationsavdelningen"}); len(got) != 1 {
		t.Errorf("the snapshot's own description was not found: %v", got)
	}
	check(t, c)
}
