package catalog

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/sip"
)

// sideOf makes a side whose snapshot read back to a date.
func sideOf(taken, from time.Time, stop capture.Stop, posts ...sip.Post) Side {
	p := newPack(spec{taken: taken, posts: posts})
	p.c.Period = sip.Period{WantedFrom: &from, Overlap: 0, Oldest: &from, Stop: &stop}
	p.m.Period = p.c.Period
	return Side{Manifest: p.m, Content: p.c}
}

func names(list []Change) []string {
	out := []string{}
	for _, c := range list {
		out = append(out, c.ID)
	}
	slices.Sort(out)
	return out
}

// New, changed and removed pieces are told apart; what is older than what was read again is not called removed.
func TestCompare(t *testing.T) {
	at := func(days int) time.Time { return day.AddDate(0, 0, days) }
	same := post("same", "Oförändrat", at(-10), comment("c-same", "Bo", "Bra!", at(-9)), comment("c-gone", "Eva", "Elakt", at(-9)))
	old := sideOf(at(0), at(-200), capture.StopReachedDate, same, post("changed", "Badhuset öppnar klockan tio på måndag.", at(-20)), post("gone", "Togs bort", at(-30)),
		post("ancient", "För länge sedan", at(-150)), post("edge", "På gränsen", at(-60)))
	kept := post("same", "Oförändrat", at(-10), comment("c-same", "Bo", "Bra!", at(-9)), comment("c-new", "Ulf", "Nytt svar", at(5)))
	edited := at(3)
	changed := post("changed", "Badhuset öppnar klockan elva på måndag.", at(-20))
	changed.Edited = &edited
	now := sideOf(at(10), at(-60), capture.StopReachedDate, kept, changed, post("new", "Helt nytt", at(4)))
	for _, sides := range [][2]Side{{old, now}, {now, old}} {
		c, err := Compare(sides[0], sides[1])
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(names(c.Added), names(c.Changed), names(c.Removed), c.Same, c.Beyond, c.Reliable),
			"[c-new new] [changed] [c-gone edge gone] 2 1 true"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if c.Old.ID != old.Manifest.ID || c.New.ID != now.Manifest.ID {
			t.Errorf("the old one is %s", c.Old.ID)
		}
		x := c.Changed[0]
		if got := fmt.Sprint(x.Spans); got != "[{same Badhuset öppnar klockan } {cut tio} {add elva} {same  på måndag.}]" {
			t.Errorf("spans %s", got)
		}
		if len(x.Fields) != 1 || x.Fields[0].Name != "edited" || x.OldSheet != 2 || x.NewSheet != 2 {
			t.Errorf("%+v", x)
		}
		for _, r := range c.Removed {
			if !r.Certain {
				t.Errorf("%s is not certain", r.ID)
			}
		}
	}
	now.Manifest.Outcome = capture.Partial
	c, err := Compare(old, now)
	if err != nil || c.Reliable || c.Removed[0].Certain {
		t.Errorf("a partial snapshot is relied upon: %+v, %v", c, err)
	}
	other := newPack(spec{account: "webben"})
	var in *InputError
	if _, err := Compare(old, Side{other.m, other.c}); !errors.As(err, &in) {
		t.Errorf("two accounts are compared: %v", err)
	}
	if c, err := Compare(old, old); err != nil || len(c.Added)+len(c.Changed)+len(c.Removed) != 0 {
		t.Errorf("a snapshot differs from itself: %+v", c)
	}
}

// Pieces that share an address, or have none, are still told apart.
func TestComparePairs(t *testing.T) {
	link := str("https://example.org/p/1")
	bare := func(id, author, text string) sip.Post {
		p := comment(id, author, text, day)
		p.Permalink = link
		return p
	}
	a := sideOf(day, day.AddDate(0, -1, 0), capture.StopEndOfFeed, post("1", "Text", day, bare("x", "A", "ett"), bare("y", "B", "två"), bare("z", "C", "tre")))
	b := sideOf(day.AddDate(0, 0, 1), day, capture.StopEndOfFeed, post("1", "Text", day, bare("z", "C", "tre"), bare("x", "A", "ett ändrat"), bare("q", "D", "fyra")))
	c, err := Compare(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(names(c.Added), names(c.Changed), names(c.Removed)); got != "[q] [x] [y]" {
		t.Errorf("got %s", got)
	}
	// Without an address or a lasting id, who wrote when is enough to see that a text was changed.
	a = sideOf(day, day.AddDate(0, -1, 0), capture.StopEndOfFeed, comment("id-of-old-text", "Bo", "före", day))
	b = sideOf(day.AddDate(0, 0, 1), day, capture.StopEndOfFeed, comment("id-of-new-text", "Bo", "efter", day))
	if c, err = Compare(a, b); err != nil || len(c.Changed) != 1 || len(c.Added)+len(c.Removed) != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

// A difference always holds both texts, whatever they are.
func TestDiff(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	bits := []string{"ett ", "två", " ", "\n", ".", "å", "ä", "😀", "e\u0301", "\xff", "<b>", "trettio "}
	text := func() string {
		var b strings.Builder
		for range r.IntN(60) {
			b.WriteString(bits[r.IntN(len(bits))])
		}
		return b.String()
	}
	big := strings.Repeat("ord ett två ", 3000)
	pairs := [][2]string{{"", ""}, {"a", ""}, {"", "a"}, {big, strings.ReplaceAll(big, "ett", "tre")}}
	for range 300 {
		pairs = append(pairs, [2]string{text(), text()})
	}
	for _, p := range pairs {
		var before, after strings.Builder
		for _, s := range Diff(p[0], p[1]) {
			if s.Text == "" {
				t.Fatal("an empty span")
			}
			if s.Op != OpAdd {
				before.WriteString(s.Text)
			}
			if s.Op != OpCut {
				after.WriteString(s.Text)
			}
		}
		if before.String() != p[0] || after.String() != p[1] {
			t.Fatalf("the difference of %.80q and %.80q holds %.80q and %.80q", p[0], p[1], before.String(), after.String())
		}
	}
}
