package pdfa

import (
	"unicode/utf8"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// structure holds the structure tree against 6.1.8, 6.7.2 and 6.7.3, and private characters against 6.2.11.7.3.
func (c *checker) structure() {
	root := c.d.catalog()
	if !c.d.boolean(c.d.dict(root["MarkInfo"])["Marked"]) {
		c.fail(ruleMarked, 0, "MarkInfo does not say that the file is tagged")
	}
	c.privateMarks()
	if c.t == nil {
		c.fail(ruleTree, 0, "there is no StructTreeRoot")
		return
	}
	if c.t.broken {
		c.fail(ruleTree, c.t.num, "the structure tree has loops or is too deep")
	}
	told := map[string]bool{}
	for _, e := range c.t.all {
		if told[e.kind] {
			continue
		}
		told[e.kind] = true
		c.role(e)
	}
}

func (c *checker) role(e *element) {
	if !utf8.ValidString(e.kind) {
		c.fail(ruleUTF8, e.num, "structure type %q", e.kind)
	}
	switch {
	case standardTypes[e.kind]:
		if e.std != e.kind && c.ua {
			c.fail(ruleUARoleRemap, e.num, "%s is mapped to %s", e.kind, c.t.roles[e.kind])
		}
	case e.std == "":
		c.fail(ruleRole, e.num, "structure type %q", e.kind)
	case c.t.standard(e.std) != e.std:
		c.fail(ruleRoleRemap, e.num, "%s, which %s is mapped to, is mapped on", e.std, e.kind)
	}
	if c.t.circular(e.kind) && (c.ua || !standardTypes[e.kind]) {
		c.fail(ruleRoleLoop, e.num, "structure type %q", e.kind)
	}
}

// privateMarks holds marked content with private characters against 6.2.11.7.3: its element must have the ActualText.
func (c *checker) privateMarks() {
	for _, w := range c.s.streams {
		for _, id := range sortedKeys(w.marks) {
			if !w.marks[id].pua {
				continue
			}
			e := c.t.owner(c.d, w.parents, id)
			if e == nil {
				c.fail(rulePUA, w.num, "marked content %d", id)
			} else if _, ok := c.d.bytesOf(e.dict["ActualText"]); !ok {
				c.fail(rulePUA, e.num, "a %s element", e.kind)
			}
		}
	}
}

// languages holds Lang entries of the catalog and the structure elements against 6.7.4.
func (c *checker) languages() {
	c.language(c.d.catalog()["Lang"], int(c.d.ctx.Root.ObjectNumber))
	if c.t == nil {
		return
	}
	for _, e := range c.t.all {
		c.language(e.dict["Lang"], e.num)
	}
}

func (c *checker) language(o types.Object, num int) {
	s, ok := c.d.text(o)
	if !ok {
		return
	}
	if s != "" && !langPattern.MatchString(s) {
		c.fail(ruleLang, num, "Lang %q", s)
	}
	if c.ua && !langPattern.MatchString(s) {
		c.fail(ruleUALang, num, "Lang %q", s)
	}
}
