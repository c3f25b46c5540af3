package sites

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// writer writes the texts of one feed. It never gives out the same reference or address twice, so every text can be found again.
type writer struct {
	r     *rand.Rand
	refs  int
	addrs int
	start int
}

// newWriter seeds a writer from whatever tells feeds apart.
func newWriter(key ...any) *writer {
	h := hash64(key...)
	return &writer{r: rand.New(rand.NewPCG(h, h>>7|1)), start: int(h % 90_000)}
}

func hash64(key ...any) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, key...)
	return h.Sum64()
}

// ref is a number of five digits, unique within the writer (7919 and 90,000 have no common factor).
func (w *writer) ref() string {
	w.refs++
	return strconv.Itoa(10_000 + (w.start+w.refs*7919)%90_000)
}

// address is a street with a number of three digits, unique within the writer.
func (w *writer) address() string {
	w.addrs++
	n := (w.start + w.addrs*7) % (len(streets) * 900)
	return streets[n%len(streets)] + " " + strconv.Itoa(100+n/len(streets))
}

func pick[T any](w *writer, list []T) T { return list[w.r.IntN(len(list))] }

// chance is true in p of 100 cases.
func (w *writer) chance(p int) bool { return w.r.IntN(100) < p }

// person is somebody who does not exist.
func (w *writer) person() string { return pick(w, firstNames) + " " + pick(w, lastNames) }

// topicFor finds a topic that fits the season.
func (w *writer) topicFor(at time.Time) topic {
	month := string(rune('a' + int(at.Month()) - 1))
	for {
		t := pick(w, topics)
		if t.months == "" || strings.Contains(t.months, month) {
			return t
		}
	}
}

// fill puts words into the slots of a sentence.
func (w *writer) fill(s string, at time.Time) string {
	later := at.In(Stockholm).AddDate(0, 0, 2+w.r.IntN(20))
	hour := 8 + w.r.IntN(6)
	return strings.NewReplacer(
		"{gata}", pick(w, streets), "{gata2}", pick(w, streets), "{plats}", pick(w, places), "{skola}", pick(w, schools),
		"{dag}", fmt.Sprintf("%s %d %s", svDays[later.Weekday()], later.Day(), svMonths[later.Month()-1]),
		"{datum}", fmt.Sprintf("%d %s", later.Day(), svMonths[later.Month()-1]),
		"{tid}", fmt.Sprintf("%02d.%02d", hour, 15*w.r.IntN(4)), "{tid2}", fmt.Sprintf("%02d.00", hour+4),
		"{tal}", strconv.Itoa(12+w.r.IntN(70)),
	).Replace(s)
}

// story is what a post says, and what it shows.
type story struct {
	text, mark, scene string
	links             []string
}

// post writes one post of the account: short, middling or long.
func (w *writer) post(at time.Time) story {
	t := w.topicFor(at)
	s := story{scene: t.scene}
	lead := w.fill(pick(w, t.leads), at)
	if w.chance(55) {
		lead = pick(w, t.emoji) + " " + lead
	}
	paragraphs := []string{lead}
	size := w.r.IntN(100)
	bodies := w.shuffled(t.bodies)
	switch {
	case size < 25: // short
	case size < 75:
		paragraphs = append(paragraphs, w.fill(strings.Join(bodies[:2], " "), at))
	default:
		paragraphs = append(paragraphs, w.fill(strings.Join(bodies[:2], " "), at), w.fill(strings.Join(bodies[2:], "\n"), at), w.list(at))
	}
	ending, mark, link := w.ending()
	s.mark = mark
	if link != "" {
		s.links = append(s.links, link)
	}
	paragraphs = append(paragraphs, ending)
	if w.chance(60) {
		paragraphs = append(paragraphs, w.hashtags(t))
	}
	s.text = strings.Join(paragraphs, "\n\n")
	return s
}

func (w *writer) ending() (text, mark, link string) {
	ref := w.ref()
	text = strings.ReplaceAll(pick(w, endings), "{ref}", ref)
	for f := range strings.FieldsSeq(text) {
		if strings.HasPrefix(f, "https://") {
			link = f
		}
		if strings.Contains(f, ref) {
			mark = strings.TrimPrefix(f, "https://")
		}
	}
	return text, mark, link
}

func (w *writer) hashtags(t topic) string {
	tags := []string{"#älvsunda"}
	for _, tag := range t.tags {
		tags = append(tags, "#"+tag)
	}
	return strings.Join(tags[:1+w.r.IntN(len(tags))], " ")
}

// list writes the kind of list that municipal posts are fond of.
func (w *writer) list(at time.Time) string {
	lines := []string{"Det här gäller:"}
	for range 3 + w.r.IntN(4) {
		lines = append(lines, w.fill(pick(w, []string{"✅ {plats}: {dag}, klockan {tid}", "👉 {skola}, ingång från {gata}", "• {datum}: {gata} mellan klockan {tid} och {tid2}"}), at))
	}
	return strings.Join(lines, "\n")
}

func (w *writer) shuffled(in []string) []string {
	out := append([]string(nil), in...)
	w.r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// say writes a comment from one of the lists, and gives the mark by which it is found.
func (w *writer) say(list []string, to string) (text, mark string) {
	mark = w.address()
	return strings.NewReplacer("{adr}", mark, "{namn}", to).Replace(pick(w, list)), mark
}
