package pdfa

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// intents holds the output intents against 6.2.3 and notes the colour space that they declare.
func (c *checker) intents() {
	first := 0
	for _, o := range c.d.array(c.d.catalog()["OutputIntents"]) {
		intent := c.d.dict(o)
		if intent == nil {
			continue
		}
		kind := c.d.name(intent["S"])
		if kind == "GTS_PDFX" && intent["DestOutputProfileRef"] != nil {
			c.fail(ruleIntentX, refNum(o), "a PDF/X output intent")
		}
		sd, num := c.d.stream(intent["DestOutputProfile"])
		if sd == nil {
			continue
		}
		if first != 0 && num != first {
			c.fail(ruleIntentOne, num, "a second profile")
		}
		first = num
		c.intentProfile(sd, num, kind)
	}
}

func (c *checker) intentProfile(sd *types.StreamDict, num int, kind string) {
	b, err := c.d.decode(sd, num, maxDecodeBytes)
	p, ok := readProfile(b)
	if err != nil || !ok {
		c.fail(ruleIntentClass, num, "the profile cannot be read")
		return
	}
	space := p.space == "RGB " || p.space == "CMYK" || p.space == "GRAY"
	if p.class != "prtr" && p.class != "mntr" || !space || p.version >= 5 {
		c.fail(ruleIntentClass, num, "class %q, colour space %q, version %.1f", p.class, p.space, p.version)
	}
	if kind == "GTS_PDFA1" {
		c.intent = p.space
	}
}

// catalog holds the catalog against 6.1.12, 6.4.2, 6.5.2, 6.10 and 6.11.
func (c *checker) catalog() {
	d, root := c.d, c.d.catalog()
	num := int(d.ctx.Root.ObjectNumber)
	for k := range d.dict(root["Perms"]) {
		if k != "UR3" && k != "DocMDP" {
			c.fail(rulePerms, num, "key %s", k)
		}
	}
	if d.boolean(root["NeedsRendering"]) {
		c.fail(ruleRendering, num, "NeedsRendering is true")
	}
	if root["AA"] != nil {
		c.fail(ruleCatalogAA, num, "the catalog has AA")
		c.actions(root["AA"], num)
	}
	if root["Requirements"] != nil {
		c.fail(ruleRequirements, num, "the catalog has Requirements")
	}
	c.action(root["OpenAction"], num)
}

// names holds the name dictionary against 6.10, and the actions in its JavaScript tree against 6.5.1.
func (c *checker) names() {
	names := c.d.dict(c.d.catalog()["Names"])
	if names["AlternatePresentations"] != nil {
		c.fail(ruleAlternate, 0, "the name dictionary has AlternatePresentations")
	}
	tree := c.d.nameTree(names["JavaScript"])
	for _, e := range tree {
		c.action(e.value, refNum(e.value))
	}
}

// named is one entry of a name tree.
type named struct {
	key   string
	value types.Object
}

// nameTree reads a name tree (ISO 32000-1, 7.9.6) in its order.
func (d *document) nameTree(o types.Object) []named {
	var list []named
	seen := map[int]bool{}
	var walk func(o types.Object, depth int)
	walk = func(o types.Object, depth int) {
		n := refNum(o)
		node := d.dict(o)
		if node == nil || depth > maxDepth || n != 0 && seen[n] {
			return
		}
		seen[n] = true
		a := d.array(node["Names"])
		for i := 0; i+1 < len(a); i += 2 {
			b, _ := d.bytesOf(a[i])
			list = append(list, named{string(b), a[i+1]})
		}
		for _, k := range d.array(node["Kids"]) {
			walk(k, depth+1)
		}
	}
	walk(o, 0)
	return list
}

// action holds an action and those that follow it against 6.5.1. A destination is no action.
func (c *checker) action(o types.Object, num int) {
	for range maxDepth {
		a := c.d.dict(o)
		if a == nil {
			return
		}
		if n := refNum(o); n != 0 {
			num = n
		}
		if why := c.d.badAction(a); why != "" {
			r := ruleAction
			if c.d.name(a["S"]) == "Named" {
				r = ruleNamed
			}
			c.fail(r, num, "%s", why)
		}
		if list, ok := c.d.get(a["Next"]).(types.Array); ok {
			for _, x := range list {
				c.action(x, num)
			}
			return
		}
		o = a["Next"]
	}
}

// actions holds each action of an additional-actions dictionary against 6.5.1.
func (c *checker) actions(o types.Object, num int) {
	aa := c.d.dict(o)
	for _, k := range keys(aa) {
		c.action(aa[k], num)
	}
}

// badAction says why an action may not be in the file; empty when it may.
func (d *document) badAction(a types.Dict) string {
	kind := d.name(a["S"])
	switch kind {
	case "GoTo", "GoToR", "GoToE", "Thread", "URI", "SubmitForm":
		return ""
	case "Named":
		switch n := d.name(a["N"]); n {
		case "NextPage", "PrevPage", "FirstPage", "LastPage":
			return ""
		default:
			return "named action " + n
		}
	}
	return "action " + kind
}

// outlines holds the actions of the bookmarks against 6.5.1, and their language against ISO 14289-1.
func (c *checker) outlines() {
	for _, o := range c.d.bookmarks() {
		c.action(o.dict["A"], o.num)
	}
}

// bookmark is one outline item.
type bookmark struct {
	num  int
	dict types.Dict
}

// bookmarks gives the outline items in their order.
func (d *document) bookmarks() []bookmark {
	var list []bookmark
	seen := map[int]bool{}
	var walk func(o types.Object, depth int)
	walk = func(o types.Object, depth int) {
		for {
			n := refNum(o)
			item := d.dict(o)
			if item == nil || depth > maxDepth || n != 0 && seen[n] {
				return
			}
			seen[n] = true
			list = append(list, bookmark{n, item})
			walk(item["First"], depth+1)
			o = item["Next"]
		}
	}
	walk(d.dict(d.catalog()["Outlines"])["First"], 0)
	return list
}

// embedded holds embedded files against 6.8.
func (c *checker) embedded() {
	for _, f := range c.files {
		c.fileSpec(f.num, f.dict, c.associated)
	}
}

func (c *checker) fileSpec(num int, f types.Dict, associated map[int]bool) {
	name, _ := c.d.text(f["F"])
	uname, _ := c.d.text(f["UF"])
	if f["F"] == nil || f["UF"] == nil {
		c.fail(ruleFileName, num, "a file specification without F or UF")
	}
	if c.ua && (name == "" || uname == "") {
		c.fail(ruleUAFileName, num, "a file specification with an empty F or UF")
	}
	if !c.part3 {
		c.fail(ruleFilePDFA, num, "embedded file %q: its conformance is not checked here", name)
		return
	}
	if c.d.name(f["AFRelationship"]) == "" {
		c.fail(ruleFileRelation, num, "embedded file %q", name)
	}
	if !associated[num] {
		c.fail(ruleFileAF, num, "embedded file %q", name)
	}
	ef := c.d.dict(f["EF"])
	for _, k := range keys(ef) {
		sd, n := c.d.stream(ef[k])
		if sd != nil && !mimePattern.MatchString(c.d.name(sd.Dict["Subtype"])) {
			c.fail(ruleFileMIME, n, "embedded file %q has media type %q", name, c.d.name(sd.Dict["Subtype"]))
		}
	}
}

// optionalContent holds optional content against 6.9.
func (c *checker) optionalContent() {
	props := c.d.dict(c.d.catalog()["OCProperties"])
	if props == nil {
		return
	}
	seen := map[string]bool{}
	configs := append(types.Array{props["D"]}, c.d.array(props["Configs"])...)
	for i, o := range configs {
		cfg := c.d.dict(o)
		if cfg == nil {
			continue
		}
		name, _ := c.d.text(cfg["Name"])
		if name == "" {
			c.fail(ruleOCName, refNum(o), "a configuration without a name")
		}
		if i > 0 && seen[name] {
			c.fail(ruleOCUnique, refNum(o), "%q", name)
		}
		seen[name] = true
		if cfg["AS"] != nil {
			c.fail(ruleOCAS, refNum(o), "configuration %q", name)
		}
		if missing := c.d.notInOrder(props, cfg); missing > 0 {
			c.fail(ruleOCOrder, refNum(o), "%d groups are missing", missing)
		}
	}
}

// notInOrder counts the groups that an Order leaves out; 0 when there is no Order.
func (d *document) notInOrder(props, cfg types.Dict) int {
	order, ok := d.get(cfg["Order"]).(types.Array)
	if !ok {
		return 0
	}
	in := map[int]bool{}
	var walk func(a types.Array, depth int)
	walk = func(a types.Array, depth int) {
		for _, o := range a {
			in[refNum(o)] = true
			if sub, ok := d.get(o).(types.Array); ok && depth < maxDepth {
				walk(sub, depth+1)
			}
		}
	}
	walk(order, 0)
	missing := 0
	for _, o := range d.array(props["OCGs"]) {
		if !in[refNum(o)] {
			missing++
		}
	}
	return missing
}
