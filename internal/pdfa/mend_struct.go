package pdfa

import (
	"fmt"
	"sort"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// nearestType maps structure types of PDF 2.0 and of common writers to the nearest one of ISO 32000-1.
var nearestType = map[string]string{
	"Aside": "Sect", "Em": "Span", "Strong": "Span", "Sub": "Span", "Sup": "Span", "Title": "P", "FENote": "Note",
	"DocumentFragment": "Sect", "Artifact": "NonStruct", "Article": "Art", "Section": "Sect", "Footnote": "Note", "Endnote": "Note",
	"Hyperlink": "Link", "Image": "Figure", "InlineShape": "Figure", "Chart": "Figure", "Diagram": "Figure", "Textbox": "Sect",
	"Heading": "P", "Subtitle": "P", "Normal": "P", "Standard": "P", "Paragraph": "P", "Body": "P", "ListItem": "LI", "List": "L",
	"Underline": "Span", "Strikeout": "Span", "Outline": "Span", "Background": "NonStruct", "Header": "NonStruct", "Footer": "NonStruct",
	"Slide": "Part", "Worksheet": "Part", "Workbook": "Document", "Chartsheet": "Part", "Macrosheet": "Part", "Annotation": "Annot",
}

// mendStructure mends the structure tree for level a: roles (ISO 19005-2, 6.7.3.4), languages (6.7.4) and private
// characters (6.2.11.7.3).
func (d *document) mendStructure(s *scanner) {
	t := d.readTree()
	d.mendLanguages(t)
	if t != nil {
		d.mendRoles(t)
		d.mendPrivate(s, t)
	}
	d.mendPrivateText(s, t)
}

// mendRoles maps types that are no standard types, and takes mappings of standard types away.
func (d *document) mendRoles(t *tree) {
	roles := d.dict(t.dict["RoleMap"])
	if roles == nil {
		roles = types.Dict{}
	}
	removed, added := 0, 0
	for _, k := range keys(roles) {
		if standardTypes[k] || t.circular(k) {
			delete(roles, k)
			delete(t.roles, k)
			removed++
		}
	}
	unmapped := map[string]*element{}
	for _, e := range t.all {
		if e.std = t.standard(e.kind); e.std == "" && e.kind != "" && unmapped[e.kind] == nil {
			unmapped[e.kind] = e
		}
	}
	kinds := make([]string, 0, len(unmapped))
	for k := range unmapped {
		kinds = append(kinds, k)
	}
	sort.Strings(kinds)
	for _, k := range kinds {
		to := nearestType[k]
		if to == "" {
			to = unmapped[k].guess()
		}
		roles[k] = types.Name(to)
		t.roles[k] = to
		added++
	}
	if removed+added == 0 {
		return
	}
	if d.dict(t.dict["RoleMap"]) == nil {
		t.dict["RoleMap"] = roles
	}
	for _, e := range t.all {
		e.std = t.standard(e.kind)
	}
	d.note("structure types mapped to the nearest standard type", "ISO 19005-2, 6.7.3.4", added, false)
	d.note("mappings of standard structure types, or in a circle, taken away", "ISO 19005-2, 6.7.3.4", removed, false)
}

// guess chooses a standard type for an unknown one by what it holds: a division for elements, a span for text.
func (e *element) guess() string {
	for _, k := range e.kids {
		if k.el != nil && k.el.std != "Span" && k.el.std != "NonStruct" && k.el.std != "Link" {
			return "Div"
		}
	}
	return "Span"
}

// mendLanguages takes away languages that are no language identifiers; one that is empty says "unknown", which is allowed
// in ISO 19005 and not in ISO 14289.
func (d *document) mendLanguages(t *tree) {
	n := 0
	drop := func(dict types.Dict) {
		if s, ok := d.text(dict["Lang"]); ok && !langPattern.MatchString(s) {
			delete(dict, "Lang")
			n++
		}
	}
	drop(d.catalog())
	if t != nil {
		for _, e := range t.all {
			drop(e.dict)
		}
	}
	d.note("invalid language identifiers taken away", "ISO 19005-2, 6.7.4", n, false)
}

// mendPrivate gives an ActualText to elements whose text is only private characters: icons that a font draws. What they
// mean is known to nobody but the font, so the text is U+FFFD, the character for what has no character.
func (d *document) mendPrivate(s *scanner, t *tree) {
	type tally struct{ private, other bool }
	of := map[*element]*tally{}
	for _, w := range s.streams {
		for _, id := range sortedKeys(w.marks) {
			m := w.marks[id]
			if !m.paints {
				continue
			}
			e := t.owner(d, w.parents, id)
			if e == nil {
				continue
			}
			if of[e] == nil {
				of[e] = &tally{}
			}
			of[e].private = of[e].private || m.pua
			of[e].other = of[e].other || m.other || !m.text
		}
	}
	n := 0
	for _, e := range t.all {
		x := of[e]
		if x == nil || !x.private || x.other || e.dict["ActualText"] != nil || e.hasElements() {
			continue
		}
		e.dict["ActualText"] = textString("\uFFFD")
		n++
	}
	d.note("ActualText U+FFFD for characters of the private use area (icons)", "ISO 19005-2, 6.2.11.7.3", n, false)
}

// mendPrivateText gives an ActualText to private characters in the content itself, where no structure element carries it:
// in untagged text, and where other text stands beside them.
func (d *document) mendPrivateText(s *scanner, t *tree) {
	n := 0
	for _, w := range s.streams {
		if w.num == 0 {
			continue
		}
		for _, p := range w.private {
			if e := t.owner(d, w.parents, p.mcid); e != nil && e.dict["ActualText"] != nil {
				continue
			}
			w.edits = append(w.edits,
				edit{start: p.start, end: p.start, order: editInner, text: fmt.Sprintf("/Span<</ActualText<%x>>>BDC\n", utf16be(p.text, true))},
				edit{start: p.end, end: p.end, order: editInnerClose, text: "\nEMC "})
			n++
			if m := w.marks[p.mcid]; m != nil {
				m.pua = false
			}
		}
	}
	for _, f := range s.allFonts() {
		if !f.pua {
			continue
		}
		for _, code := range f.codes() {
			if code < len(f.bits) && f.unicode.isPUA(code) {
				f.bits[code] &^= shownBare
			}
		}
	}
	d.note("ActualText U+FFFD for private characters in the text", "ISO 19005-2, 6.2.11.7.3", n, false)
}

func (e *element) hasElements() bool {
	for _, k := range e.kids {
		if k.el != nil {
			return true
		}
	}
	return false
}
