package pdfa

import (
	"strconv"
	"strings"
)

// accessible holds the document against ISO 14289-1 where it asks for more than ISO 19005-2 does.
func (c *checker) accessible() {
	root := c.d.catalog()
	info := c.d.dict(root["MarkInfo"])
	if !c.d.boolean(info["Marked"]) {
		c.fail(ruleUAMarked, 0, "MarkInfo does not say that the file is tagged")
	}
	if c.d.boolean(info["Suspects"]) {
		c.fail(ruleUASuspects, 0, "MarkInfo says that the tags are suspect")
	}
	if !c.d.boolean(c.d.dict(root["ViewerPreferences"])["DisplayDocTitle"]) {
		c.fail(ruleUAShowTitle, 0, "DisplayDocTitle is not true")
	}
	c.levelRules()
	if c.t == nil {
		c.fail(ruleUATree, 0, "there is no StructTreeRoot")
	}
	lang, _ := c.d.text(root["Lang"])
	known := lang != ""
	if !known && len(c.d.bookmarks()) > 0 {
		c.fail(ruleUAOutlineLang, 0, "the catalog has no Lang")
	}
	if !known && c.xDefault {
		c.fail(ruleUAMetaLang, 0, "the catalog has no Lang")
	}
	c.uaContent(known)
	c.uaElements(known)
	c.uaAnnotations(known)
}

// levelRules takes over the findings of ISO 19005-2 that ISO 14289-1 has as well: on fonts, roles and optional content.
func (c *checker) levelRules() {
	same := map[rule]rule{
		ruleRole: ruleUARole, ruleRoleLoop: ruleUARoleLoop, ruleRoleRemap: ruleUARoleRemap, ruleFormRef: ruleUAFormRef,
	}
	for r, ua := range same {
		if c.count[r] > 0 {
			c.fail(ua, 0, "see %s-%s", r.clause, r.test)
		}
	}
	for _, r := range []rule{
		ruleSystemInfo, ruleCIDToGID, ruleCMapEmbedded, ruleCMapMode, ruleCMapUses, ruleEmbedded, ruleGlyph, ruleCharSet, ruleCIDSet,
		ruleGlyphWidth, ruleTrueTypeCmap, ruleTrueTypeEnc, ruleSymbolicEnc, ruleSymbolicCmap, ruleUnicode, ruleUnicodeValues, ruleNotdef,
	} {
		if c.count[r] > 0 {
			ua := rule{strings.Replace("7.21"+r.clause[len("6.2.11"):], "7.21.7.2", "7.21.7", 1), r.test, "ua1", r.text}
			c.fail(ua, 0, "see %s-%s", r.clause, r.test)
		}
	}
	for i, r := range []rule{ruleOCName, ruleOCAS} {
		if c.count[r] > 0 {
			c.fail(rule{"7.10", strconv.Itoa(i + 1), "ua1", r.text}, 0, "see %s-%s", r.clause, r.test)
		}
	}
}

// uaContent holds what is painted against 7.1, 7.2 and 7.20.
func (c *checker) uaContent(langKnown bool) {
	drawnBy := map[int]int{}
	for _, w := range c.s.streams {
		for _, call := range w.calls {
			if call.form {
				drawnBy[call.num]++
			}
		}
	}
	for _, w := range c.s.streams {
		if w.artifactInTag > 0 {
			c.fail(ruleUAArtifactIn, w.num, "%d times", w.artifactInTag)
		}
		if w.tagInArtifact > 0 {
			c.fail(ruleUATagIn, w.num, "%d times", w.tagInArtifact)
		}
		switch w.kind {
		case kindPage:
			c.untagged(w)
		case kindForm:
			if drawnBy[w.num] > 1 && w.dict["StructParents"] != nil {
				c.fail(ruleUAFormTwice, w.num, "drawn %d times", drawnBy[w.num])
			}
		}
		if w.kind == kindPage || w.kind == kindForm {
			c.marked(w, langKnown)
		}
	}
}

// untagged reports what a page paints outside tags and artifacts, forms included.
func (c *checker) untagged(w *drawn) {
	for _, p := range w.pieces {
		what := "graphics"
		if p.text {
			what = "text"
		}
		c.fail(ruleUAUntagged, w.num, "%s at byte %d of the content", what, p.start)
	}
}

// marked holds marked content against the structure tree: each sequence must belong to an element of it.
func (c *checker) marked(w *drawn, langKnown bool) {
	for _, id := range sortedKeys(w.marks) {
		m := w.marks[id]
		e := c.t.owner(c.d, w.parents, id)
		if m.paints && !c.attached(e) {
			c.fail(ruleUAUntagged, w.num, "marked content %d belongs to no element of the structure tree", id)
		}
		if m.text && !langKnown && !m.lang && !c.elementLang(e) {
			c.fail(ruleUATextLang, w.num, "marked content %d", id)
		}
	}
	if w.spans > 0 && !langKnown {
		c.fail(ruleUASpanLang, w.num, "%d times", w.spans)
	}
	for _, call := range w.calls {
		if f := c.s.done[call.num]; call.form && call.artifact && f != nil && len(f.marks) > 0 {
			c.fail(ruleUATagIn, w.num, "a form with tagged content is drawn in an artifact")
		}
	}
}

// attached tells whether an element's parents lead to the root of the tree.
func (c *checker) attached(e *element) bool {
	if e == nil {
		return false
	}
	for range maxTreeDepth {
		up := c.d.dict(e.dict["P"])
		switch {
		case up == nil:
			return false
		case e.parent == nil:
			return true
		}
		e = e.parent
	}
	return false
}

// elementLang tells whether an element or one around it has a language.
func (c *checker) elementLang(e *element) bool {
	for ; e != nil; e = e.parent {
		if _, ok := c.d.text(e.dict["Lang"]); ok {
			return true
		}
	}
	return false
}

// uaAnnotations holds annotations and fields against 7.18.
func (c *checker) uaAnnotations(langKnown bool) {
	for _, p := range c.d.pages {
		annots := c.d.array(p.dict["Annots"])
		if len(annots) > 0 && c.d.name(p.dict["Tabs"]) != "S" {
			c.fail(ruleUATabs, p.num, "Tabs is %q", c.d.name(p.dict["Tabs"]))
		}
		for _, o := range annots {
			if a := c.d.dict(o); a != nil && !c.outside(p, a) {
				c.uaAnnotation(o, langKnown)
			}
		}
	}
}
