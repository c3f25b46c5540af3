package sites

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// genome is what a generated site is made of; every choice follows from the seed. Nothing in the markup repeats from one seed to the next
// but what the web's own standards ask for, and not even that always.
type genome struct {
	seed    int64
	lang    string
	mode    string // as spec.mode
	times   string // how times are written, see timeMarkup
	item    string // element of a post: article, div, li, section
	talk    string // element of a comment
	press   string // element of a button: button, div role=button, a, span
	text    string // as lookText
	head    string // element of the author's name
	roles   bool   // ARIA roles where an element has none
	deep    int    // needless wrappers around posts
	naming  int    // form of class names
	shape   int    // form of addresses
	first   int
	sorted  bool
	inner   bool
	lazy    string
	colour  string
	wide    int
	serif   bool
	labels  labels
	counter bool
}

// labels are the words on buttons in one language, as this site writes them.
type labels struct {
	More, Talk, Replies, Like, Comment, Share, Follow, Reply, Load, Older, Newer, Edited, Top, All, Posts, Comments, Retry string
}

// genomeOf draws the choices for a seed. The first fifty seeds meet every mode and every way to write times in every second language.
func genomeOf(seed int64) genome {
	w := newWriter("genome", seed)
	modes := []string{"scroll", "virtual", "button", "inner", "older"}
	langs := []string{"sv", "en", "nb", "da", "fi"}
	times := []string{"datetime", "title", "full", "utc", "near", "aria", "numeric", "epoch", "relative", "epochms", "day"}
	n := int(max(seed, -seed) % 1e6)
	g := genome{seed: seed, mode: modes[n%5], lang: langs[(n+n/5)%5], times: times[n%11], item: pick(w, []string{"article", "div", "li", "section", "div"}),
		talk: pick(w, []string{"div", "li", "article"}), press: pick(w, []string{"button", "divbutton", "a", "span"}), text: pick(w, []string{"p", "div", "br", "pre"}),
		head: pick(w, []string{"h2", "h3", "span", "strong"}), roles: w.chance(50), deep: w.r.IntN(5), naming: w.r.IntN(4), shape: w.r.IntN(5), first: w.r.IntN(3),
		sorted: w.chance(40), colour: colourOf(fmt.Sprint("gen", seed)), wide: 560 + 20*w.r.IntN(12), serif: w.chance(25), counter: w.chance(50), lazy: pick(w, []string{"", "", "native", "script"})}
	if g.mode == "inner" {
		g.mode, g.inner = "scroll", true
	}
	g.labels = labelsFor(g.lang, w)
	return g
}

// generated makes the site of a seed.
func generated(seed int64) *spec {
	g := genomeOf(seed)
	s := &spec{name: "gen/" + strconv.FormatInt(seed, 10), title: owner + " " + strconv.FormatInt(seed, 10), feed: true, shape: g.shapes(), mode: g.mode, talkLang: g.lang, first: g.first, sorted: g.sorted,
		inner: g.inner, lazy: g.lazy, counter: g.counter, textStyle: g.text, namer: g.names(), keyName: "data-" + g.word("key")}
	s.look = s.name
	s.notes = fmt.Sprintf("Generated: %s, %s, times as %s, posts are <%s>, buttons are %s, roles %v.", g.mode, g.lang, g.times, g.item, g.press, g.roles)
	s.markup, s.css = g.markup(), g.css()
	precise := map[string]time.Duration{"relative": 7 * 24 * time.Hour, "day": 24 * time.Hour}[g.times]
	s.tweak = func(_ *spec, f *feed, w *writer) {
		f.truth.Precision = precise
		if seed%3 == 0 {
			pinOld(f)
		}
		if seed%4 == 1 {
			shareSome(s, f, w)
		}
		if seed%2 == 1 {
			editSome(f, w)
		}
	}
	return s
}

// word is a meaningless word of the site's own.
func (g genome) word(of string) string {
	h := hash64("word", g.seed, of)
	var b strings.Builder
	for range 2 + h%2 {
		b.WriteByte("bdfghjklmnprstv"[h%15])
		h /= 15
		b.WriteByte("aeiou"[h%5])
		h /= 5
	}
	return b.String()
}

// names gives the form of class names.
func (g genome) names() func(string) string {
	return func(name string) string {
		code := strconv.FormatUint(hash64("class", g.seed, name), 36)
		switch g.naming {
		case 0:
			return "css-" + code[:7]
		case 1:
			return g.word(name) + "_" + g.word("x"+name) + "__" + code[:5]
		case 2:
			return "_" + code[:4]
		}
		return g.word(name) + "-" + g.word("y"+name) + code[:2]
	}
}

// shapes gives the form of addresses.
func (g genome) shapes() shape {
	s := plainShape
	author := g.word("user")
	s.author = func(handle string) string { return "profil/" + author + "/" + handle }
	switch g.shape {
	case 0:
		s.post = func(id string) string { return "posts/" + id }
		s.comment = func(_, post, _, id string) string { return post + "?comment_id=" + id }
	case 1:
		s.post = func(id string) string { return ownerHandle + "/status/" + id }
		s.comment = func(base, _, handle, id string) string { return base + handle + "/status/" + id }
		s.shared = func(handle, id string) string { return handle + "/status/" + id }
	case 2:
		s.post = func(id string) string { return "?story=" + id }
		s.comment = func(_, post, _, id string) string { return post + "&reply=" + id }
	case 3:
		s.id = func(h uint64) string { return code(h, lettersDigits, 10) }
		s.post = func(id string) string { return "p/" + id + "/" }
		s.comment = func(_, post, _, id string) string { return post + "#" + g.word("c") + id }
	default:
		s.post = func(id string) string { return "t/" + g.word("topic") + "/" + id }
		s.comment = func(_, post, _, id string) string { return post + "/svar/" + id }
	}
	return s
}

// labelsFor picks one of the wordings that a language has for each button. "%d" stands for a number.
func labelsFor(lang string, w *writer) labels {
	all := map[string][][]string{
		"sv": {{"Visa mer", "Läs mer", "Visa hela inlägget"}, {"Visa fler kommentarer", "Visa tidigare kommentarer", "Läs in fler kommentarer"}, {"Visa %d svar", "Visa svar (%d)", "%d svar"}, {"Gilla"}, {"Kommentera"}, {"Dela"}, {"Följ"}, {"Svara"},
			{"Visa fler inlägg", "Ladda fler", "Läs in fler"}, {"Äldre inlägg"}, {"Nyare inlägg"}, {"Redigerad", "Ändrad"}, {"Mest relevanta"}, {"Alla kommentarer"}, {"inlägg"}, {"kommentarer"}, {"Försök igen"}},
		"en": {{"See more", "Show more", "Read more"}, {"View more comments", "Show more comments", "Load more comments"}, {"View %d replies", "Show replies (%d)", "%d replies"}, {"Like"}, {"Comment"}, {"Share"}, {"Follow"}, {"Reply"},
			{"Load more", "Show more posts", "More posts"}, {"Older posts"}, {"Newer posts"}, {"Edited"}, {"Most relevant"}, {"All comments"}, {"posts"}, {"comments"}, {"Try again"}},
		"nb": {{"Vis mer", "Se mer", "Les mer"}, {"Vis flere kommentarer", "Se flere kommentarer"}, {"Vis %d svar", "Se svar (%d)"}, {"Lik"}, {"Kommenter"}, {"Del"}, {"Følg"}, {"Svar"},
			{"Vis flere innlegg", "Last inn flere"}, {"Eldre innlegg"}, {"Nyere innlegg"}, {"Redigert"}, {"Mest relevante"}, {"Alle kommentarer"}, {"innlegg"}, {"kommentarer"}, {"Prøv igjen"}},
		"da": {{"Vis mere", "Se mere", "Læs mere"}, {"Vis flere kommentarer", "Se flere kommentarer"}, {"Vis %d svar", "Se svar (%d)"}, {"Synes godt om"}, {"Kommentér"}, {"Del"}, {"Følg"}, {"Besvar"},
			{"Vis flere opslag", "Indlæs flere"}, {"Ældre opslag"}, {"Nyere opslag"}, {"Redigeret"}, {"Mest relevante"}, {"Alle kommentarer"}, {"opslag"}, {"kommentarer"}, {"Prøv igen"}},
		"fi": {{"Näytä lisää", "Lue lisää"}, {"Näytä lisää kommentteja", "Katso lisää kommentteja"}, {"Näytä %d vastausta", "Näytä vastaukset (%d)"}, {"Tykkää"}, {"Kommentoi"}, {"Jaa"}, {"Seuraa"}, {"Vastaa"},
			{"Näytä lisää julkaisuja", "Lataa lisää"}, {"Vanhemmat julkaisut"}, {"Uudemmat julkaisut"}, {"Muokattu"}, {"Osuvimmat"}, {"Kaikki kommentit"}, {"julkaisua"}, {"kommenttia"}, {"Yritä uudelleen"}},
	}[lang]
	l := labels{}
	for i, p := range []*string{&l.More, &l.Talk, &l.Replies, &l.Like, &l.Comment, &l.Share, &l.Follow, &l.Reply, &l.Load, &l.Older, &l.Newer, &l.Edited, &l.Top, &l.All, &l.Posts, &l.Comments, &l.Retry} {
		*p = pick(w, all[i])
	}
	return l
}

// family is the generated sites that All lists; every other seed works as well.
func family() []*spec {
	var out []*spec
	for seed := range int64(15) {
		out = append(out, generated(seed+1))
	}
	return out
}
