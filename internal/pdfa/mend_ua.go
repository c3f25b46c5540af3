package pdfa

import (
	"fmt"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// uaMender mends what ISO 14289-1 asks for beyond ISO 19005-2, level a.
type uaMender struct {
	d     *document
	s     *scanner
	t     *tree
	lang  string
	marks map[*element][]markRef // the marked content of each element, in reading order
	n     map[string]int
}

// markRef is one marked-content sequence.
type markRef struct {
	w  *drawn
	id int
}

// mendAccessible mends links, figures, lists, tables, headings and settings. It does nothing to an untagged file.
func (d *document) mendAccessible(s *scanner, lang string) {
	t := d.readTree()
	if t == nil || t.broken {
		return
	}
	u := &uaMender{d: d, s: s, t: t, lang: lang, marks: map[*element][]markRef{}, n: map[string]int{}}
	u.collect()
	u.settings()
	u.links()
	u.figures()
	u.lists()
	u.headings()
	u.tables()
	u.notes()
	for _, what := range []string{
		changedLinks, changedFigures, changedLists, changedHeadings, changedCells, changedScopes, changedNotes, changedSettings,
	} {
		d.note(what, "ISO 14289-1", u.n[what], false)
	}
}

// What the mends are called in the report.
const (
	changedLinks    = "alternate descriptions of links added, from their text or address"
	changedFigures  = "alternate descriptions of figures added: the link's text, or that the page gives none"
	changedLists    = "content of list items put into LBody elements"
	changedHeadings = "levels of headings changed so that none is left out"
	changedCells    = "empty cells added to rows that are shorter than the others"
	changedScopes   = "scope of header cells added by their place"
	changedNotes    = "IDs of notes added"
	changedSettings = "title bar and tab order set"
)

func (u *uaMender) swedish() bool { return u.lang == "sv" || strings.HasPrefix(u.lang, "sv-") }

// say gives a sentence in the document's language: Swedish or English.
func (u *uaMender) say(sv, en string) string {
	if u.swedish() {
		return sv
	}
	return en
}

// collect finds the marked content of each element.
func (u *uaMender) collect() {
	for _, w := range u.s.streams {
		for _, id := range sortedKeys(w.marks) {
			if e := u.t.owner(u.d, w.parents, id); e != nil {
				u.marks[e] = append(u.marks[e], markRef{w, id})
			}
		}
	}
}

// settings sets DisplayDocTitle and the tab order of pages with annotations.
func (u *uaMender) settings() {
	root := u.d.catalog()
	prefs := u.d.dict(root["ViewerPreferences"])
	if prefs == nil {
		prefs = types.Dict{}
		root["ViewerPreferences"] = prefs
	}
	if !u.d.boolean(prefs["DisplayDocTitle"]) {
		prefs["DisplayDocTitle"] = types.Boolean(true)
		u.n[changedSettings]++
	}
	if root["PageLabels"] == nil { // plain numbers, so that a reader's page field shows labels in every record
		root["PageLabels"] = types.Dict{"Nums": types.Array{types.Integer(0), types.Dict{"S": types.Name("D")}}}
	}
	for _, p := range u.d.pages {
		if len(u.d.array(p.dict["Annots"])) > 0 && u.d.name(p.dict["Tabs"]) != "S" {
			p.dict["Tabs"] = types.Name("S")
			u.n[changedSettings]++
		}
	}
}

// text gives the text of an element: ActualText or Alt where there is one, else what its marked content shows.
func (u *uaMender) text(e *element, depth int) string {
	if s, ok := u.d.text(e.dict["ActualText"]); ok {
		return s
	}
	if s, ok := u.d.text(e.dict["Alt"]); ok && s != "" {
		return s
	}
	if depth > maxTreeDepth {
		return ""
	}
	var b strings.Builder
	add := func(s string) {
		if s == "" {
			return
		}
		if b.Len() > 0 && !strings.HasSuffix(b.String(), " ") && !strings.HasPrefix(s, " ") && depth == 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	for _, m := range u.marks[e] {
		add(m.w.text(u.s, m.id))
	}
	for _, k := range e.kids {
		if k.el != nil && b.Len() < 4000 {
			add(u.text(k.el, depth+1))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// text gives what a marked-content sequence shows.
func (w *drawn) text(s *scanner, id int) string {
	var b strings.Builder
	for _, x := range w.marks[id].shown {
		l := lexer{src: s.content(w)[x.start:x.end]}
		s.buf = l.next().bytes(s.buf)
		for rest := s.buf; len(rest) > 0 && b.Len() < 4000; {
			code, n := x.font.code(rest)
			rest = rest[n:]
			if v, ok := x.font.unicode.value(code); ok {
				b.WriteString(unicodeText(v))
			}
		}
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xfeff || r == 0x2060 || hasPUA(string(r)) {
			return -1
		}
		return r
	}, b.String())
}

// links gives every link a Contents (ISO 14289-1, 7.18.5): its text, else its pictures' description, else its address.
func (u *uaMender) links() {
	for _, p := range u.d.pages {
		for _, o := range u.d.array(p.dict["Annots"]) {
			a := u.d.dict(o)
			if a == nil || u.d.name(a["Subtype"]) != "Link" {
				continue
			}
			if s, ok := u.d.text(a["Contents"]); ok && s != "" {
				continue
			}
			a["Contents"] = textString(cleanText(u.linkText(a)))
			u.n[changedLinks]++
		}
	}
}

func (u *uaMender) linkText(a types.Dict) string {
	if n, ok := u.d.integer(a["StructParent"]); ok {
		if e := u.t.objectOwner(n); e != nil {
			if s := u.text(e, 0); s != "" {
				return s
			}
		}
	}
	action := u.d.dict(a["A"])
	if b, ok := u.d.bytesOf(action["URI"]); ok && len(b) > 0 {
		return decodeText(b)
	}
	if n := u.target(a, action); n > 0 {
		return u.say(fmt.Sprintf("Till sidan %d", n), fmt.Sprintf("To page %d", n))
	}
	return u.say("Länk", "Link")
}

// target gives the page number that a link inside the file leads to; 0 when it cannot be told.
func (u *uaMender) target(a, action types.Dict) int {
	dest := a["Dest"]
	if dest == nil {
		dest = action["D"]
	}
	list := u.d.array(dest)
	if len(list) == 0 {
		return 0
	}
	for i, p := range u.d.pages {
		if n := refNum(list[0]); n != 0 && n == p.num {
			return i + 1
		}
	}
	return 0
}

// figures gives every figure an Alt (7.3): the text of the link that it stands in, else the plain fact that it has none.
func (u *uaMender) figures() {
	for _, e := range u.t.all {
		if e.std != "Figure" || e.dict["ActualText"] != nil {
			continue
		}
		if s, _ := u.d.text(e.dict["Alt"]); s != "" {
			continue
		}
		alt := u.say("Bild utan beskrivning", "Image without a description")
		for p := e.parent; p != nil; p = p.parent {
			if p.std != "Link" {
				continue
			}
			if s := u.text(p, 0); s != "" {
				alt = cleanText(s)
			}
			break
		}
		e.dict["Alt"] = textString(alt)
		u.n[changedFigures]++
	}
}
