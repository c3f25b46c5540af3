package pdfa

import (
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// uaElements holds the structure elements against 7.1 to 7.9.
func (c *checker) uaElements(langKnown bool) {
	if c.t == nil {
		return
	}
	u := &uaTree{checker: c, langKnown: langKnown, notes: map[string]bool{}}
	for _, e := range c.t.all {
		u.texts(e)
		u.placed(e)
		u.holds(e)
		u.headings(e)
		u.special(e)
	}
	if u.plainH && u.heading > 0 {
		c.fail(ruleUAMixedH, 0, "H and H1 to H6 are both used")
		c.fail(ruleUAMixedHn, 0, "H and H1 to H6 are both used")
	}
}

// uaTree remembers what the rules on the whole tree need.
type uaTree struct {
	*checker
	langKnown bool
	heading   int // level of the last heading
	plainH    bool
	notes     map[string]bool
}

// texts holds an element's texts against 7.1-12 and 7.2.
func (u *uaTree) texts(e *element) {
	if u.d.dict(e.dict["P"]) == nil {
		u.fail(ruleUAParent, e.num, "a %s element", e.kind)
	}
	if u.langKnown || u.elementLang(e) {
		return
	}
	for _, x := range []struct {
		key string
		r   rule
	}{{"ActualText", ruleUAActualLang}, {"Alt", ruleUAAltLang}, {"E", ruleUAExpandLang}} {
		if e.dict[x.key] != nil {
			u.fail(x.r, e.num, "%s of a %s element", x.key, e.kind)
		}
	}
}

// uaPlaces says what some elements must stand in.
var uaPlaces = map[string]struct {
	r  rule
	in []string
}{
	"TR":    {ruleUARowParent, []string{"Table", "THead", "TBody", "TFoot"}},
	"THead": {ruleUAHeadParent, []string{"Table"}},
	"TBody": {ruleUABodyParent, []string{"Table"}},
	"TFoot": {ruleUAFootParent, []string{"Table"}},
	"TH":    {ruleUATHParent, []string{"TR"}},
	"TD":    {ruleUATDParent, []string{"TR"}},
	"LI":    {ruleUALIParent, []string{"L"}},
	"LBody": {ruleUALBodyParent, []string{"LI"}},
	"TOCI":  {ruleUATOCIParent, []string{"TOC"}},
}

// placed holds an element against what it may stand in.
func (u *uaTree) placed(e *element) {
	if a, ok := uaPlaces[e.std]; ok && !slices.Contains(a.in, e.upper()) {
		u.fail(a.r, e.num, "%s stands in %q", e.std, e.upper())
	}
}

// holds an element's kids against what may stand in it.
func (u *uaTree) holds(e *element) {
	switch e.std {
	case "Table":
		u.tableKids(e)
		u.table(e)
	case "TR":
		u.only(e, ruleUARowKids, "TH", "TD")
	case "THead":
		u.only(e, ruleUAHeadKids, "TR")
	case "TBody":
		u.only(e, ruleUABodyKids, "TR")
	case "TFoot":
		u.only(e, ruleUAFootKids, "TR")
	case "L":
		u.only(e, ruleUAListKids, "L", "LI", "Caption")
		u.captionFirst(e, ruleUAListCaption)
	case "LI":
		u.only(e, ruleUAItemKids, "Lbl", "LBody")
	case "TOC":
		u.only(e, ruleUATOCKids, "TOC", "TOCI", "Caption")
		u.captionFirst(e, ruleUATOCCaption)
	}
}

func (u *uaTree) only(e *element, r rule, allowed ...string) {
	for _, k := range e.children() {
		if k.std != "" && !slices.Contains(allowed, k.std) {
			u.fail(r, e.num, "%s holds %s", e.std, k.std)
			return
		}
	}
}

func (u *uaTree) captionFirst(e *element, r rule) {
	for i, k := range e.children() {
		if i > 0 && k.std == "Caption" {
			u.fail(r, e.num, "the caption is kid %d", i+1)
			return
		}
	}
}

func (u *uaTree) tableKids(e *element) {
	u.only(e, ruleUATableKids, "TR", "THead", "TBody", "TFoot", "Caption")
	n := map[string]int{}
	kids := e.children()
	for i, k := range kids {
		n[k.std]++
		if k.std == "Caption" && i > 0 && i < len(kids)-1 {
			u.fail(ruleUACaption, e.num, "the caption is kid %d of %d", i+1, len(kids))
		}
	}
	for _, x := range []struct {
		bad bool
		r   rule
	}{
		{n["THead"] > 1, ruleUAOneHead}, {n["TFoot"] > 1, ruleUAOneFoot}, {n["Caption"] > 1, ruleUAOneCaption},
		{n["TFoot"] > 0 && n["TBody"] == 0, ruleUAFootBody}, {n["THead"] > 0 && n["TBody"] == 0, ruleUAHeadBody},
	} {
		if x.bad {
			u.fail(x.r, e.num, "THead %d, TBody %d, TFoot %d, Caption %d", n["THead"], n["TBody"], n["TFoot"], n["Caption"])
		}
	}
}

// headings holds headings against 7.4.
func (u *uaTree) headings(e *element) {
	if e.std == "H" {
		u.plainH = true
	}
	if len(e.std) == 2 && e.std[0] == 'H' && e.std[1] >= '1' && e.std[1] <= '6' {
		level := int(e.std[1] - '0')
		if level > u.heading+1 {
			u.fail(ruleUAHeadings, e.num, "H%d after H%d", level, u.heading)
		}
		u.heading = level
	}
	n := 0
	for _, k := range e.children() {
		if k.std == "H" {
			n++
		}
	}
	if n > 1 {
		u.fail(ruleUAOneH, e.num, "%d times", n)
	}
}

// special holds figures, formulas, notes and forms against 7.3, 7.7, 7.9 and 7.18.4.
func (u *uaTree) special(e *element) {
	alt, _ := u.d.text(e.dict["Alt"])
	described := alt != "" || e.dict["ActualText"] != nil
	switch e.std {
	case "Figure":
		if !described {
			u.fail(ruleUAFigure, e.num, "a figure without Alt")
		}
	case "Formula":
		if !described {
			u.fail(ruleUAFormula, e.num, "a formula without Alt")
		}
	case "Note":
		id, _ := u.d.text(e.dict["ID"])
		if id == "" {
			u.fail(ruleUANoteID, e.num, "a note without ID")
		} else if u.notes[id] {
			u.fail(ruleUANoteUnique, e.num, "ID %q", id)
		}
		u.notes[id] = true
	case "Form":
		role := u.d.name(u.t.attribute(u.d, e, "PrintField", "Role"))
		if role == "" && !u.oneWidget(e) {
			u.fail(ruleUAFormKids, e.num, "a Form element with %d kids", len(e.kids))
		}
	}
}

func (u *uaTree) oneWidget(e *element) bool {
	if len(e.kids) != 1 || e.kids[0].obj == 0 {
		return false
	}
	return u.d.name(u.d.dict(*types.NewIndirectRef(e.kids[0].obj, 0))["Subtype"]) == "Widget"
}
