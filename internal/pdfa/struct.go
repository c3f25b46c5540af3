package pdfa

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// standardTypes are the structure types of ISO 32000-1, 14.8.4.
var standardTypes = wordSet(`Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6
 L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby Warichu RB RT RP WT WP
 Figure Formula Form`)

// tree is the structure tree of a document.
type tree struct {
	dict    types.Dict // StructTreeRoot
	num     int
	top     []*element
	all     []*element // in reading order
	byNum   map[int]*element
	roles   map[string]string
	parents map[int]types.Object // the parent tree: StructParent(s) to an element or an array of them
	broken  bool                 // a loop, or deeper than any real document
}

// element is a structure element.
type element struct {
	num    int
	dict   types.Dict
	kind   string // S
	std    string // the standard type that it is or maps to; empty when there is none
	parent *element
	kids   []kid
}

// kid is one entry of K: an element, a marked-content sequence, or an object (annotation or XObject).
type kid struct {
	el   *element
	mcid int // -1 for none
	page int // object number of the page that holds the sequence or the object
	stm  int // object number of the stream that holds the sequence, when it is not the page's
	obj  int
}

// readTree reads the structure tree; nil when the document has none.
func (d *document) readTree() *tree {
	ref := d.catalog()["StructTreeRoot"]
	root := d.dict(ref)
	if root == nil {
		return nil
	}
	t := &tree{dict: root, num: refNum(ref), byNum: map[int]*element{}, roles: map[string]string{}, parents: map[int]types.Object{}}
	for k, v := range d.dict(root["RoleMap"]) {
		t.roles[k] = d.name(v)
	}
	t.readKids(d, root["K"], nil, 0, 0)
	d.numberTree(root["ParentTree"], t.parents, map[int]bool{}, 0)
	return t
}

// maxTreeDepth bounds the recursion; Chrome nests as deep as the page's boxes.
const maxTreeDepth = 800

func (t *tree) readKids(d *document, k types.Object, parent *element, page, depth int) {
	if depth > maxTreeDepth {
		t.broken = true
		return
	}
	if a, ok := d.get(k).(types.Array); ok {
		for _, o := range a {
			if _, nested := d.get(o).(types.Array); !nested {
				t.readKids(d, o, parent, page, depth+1)
			}
		}
		return
	}
	switch v := d.get(k).(type) {
	case types.Integer:
		if parent != nil {
			parent.kids = append(parent.kids, kid{mcid: int(v), page: page})
		}
	case types.Dict:
		t.readKid(d, v, refNum(k), parent, page, depth)
	}
}

func (t *tree) readKid(d *document, v types.Dict, num int, parent *element, page, depth int) {
	if n := refNum(v["Pg"]); n != 0 {
		page = n
	}
	switch d.name(v["Type"]) {
	case "MCR":
		if id, ok := d.integer(v["MCID"]); ok && parent != nil {
			parent.kids = append(parent.kids, kid{mcid: id, page: page, stm: refNum(v["Stm"])})
		}
		return
	case "OBJR":
		if parent != nil {
			parent.kids = append(parent.kids, kid{mcid: -1, page: page, obj: refNum(v["Obj"])})
		}
		return
	}
	if num != 0 && t.byNum[num] != nil {
		t.broken = true // an element with two parents, or a loop
		return
	}
	e := &element{num: num, dict: v, kind: d.name(v["S"]), parent: parent}
	e.std = t.standard(e.kind)
	if num != 0 {
		t.byNum[num] = e
	}
	t.all = append(t.all, e)
	if parent != nil {
		parent.kids = append(parent.kids, kid{el: e, mcid: -1})
	} else {
		t.top = append(t.top, e)
	}
	t.readKids(d, v["K"], e, page, depth+1)
}

// standard follows the role map to a standard type; empty when it does not lead to one.
func (t *tree) standard(kind string) string {
	next, mapped := t.roles[kind]
	if !mapped || next == kind {
		if standardTypes[kind] {
			return kind
		}
		return ""
	}
	seen := map[string]bool{kind: true}
	for next != "" && !seen[next] {
		if standardTypes[next] {
			return next
		}
		seen[next] = true
		next = t.roles[next]
	}
	return ""
}

// circular tells whether the role map leads from the type back to where it was.
func (t *tree) circular(kind string) bool {
	seen := map[string]bool{kind: true}
	for next, ok := t.roles[kind]; ok; next, ok = t.roles[next] {
		if seen[next] {
			return true
		}
		seen[next] = true
	}
	return false
}

// numberTree reads a number tree (ISO 32000-1, 7.9.7) into a map.
func (d *document) numberTree(o types.Object, to map[int]types.Object, seen map[int]bool, depth int) {
	n := refNum(o)
	node := d.dict(o)
	if node == nil || depth > maxDepth || n != 0 && seen[n] {
		return
	}
	seen[n] = true
	nums := d.array(node["Nums"])
	for i := 0; i+1 < len(nums); i += 2 {
		if k, ok := d.integer(nums[i]); ok {
			to[k] = nums[i+1]
		}
	}
	for _, k := range d.array(node["Kids"]) {
		d.numberTree(k, to, seen, depth+1)
	}
}

// owner gives the element that a marked-content sequence of a stream belongs to; nil when it belongs to none.
func (t *tree) owner(d *document, structParents, mcid int) *element {
	if t == nil {
		return nil
	}
	a, ok := d.get(t.parents[structParents]).(types.Array)
	if !ok || mcid < 0 || mcid >= len(a) {
		return nil
	}
	return t.byNum[refNum(a[mcid])]
}

// objectOwner gives the element that an annotation or XObject with the StructParent belongs to.
func (t *tree) objectOwner(structParent int) *element {
	if t == nil {
		return nil
	}
	return t.byNum[refNum(t.parents[structParent])]
}

// passes tells whether a type means nothing to the rules on what may stand in what.
func passes(std string) bool { return std == "NonStruct" || std == "Div" || std == "Part" }

// upper gives the standard type of the nearest element around that means something; "StructTreeRoot" at the top.
func (e *element) upper() string {
	for p := e.parent; p != nil; p = p.parent {
		if !passes(p.std) {
			return p.std
		}
	}
	return "StructTreeRoot"
}

// children gives the elements inside, with the children of those that mean nothing in their place.
func (e *element) children() []*element {
	var list []*element
	for _, k := range e.kids {
		switch {
		case k.el == nil:
		case passes(k.el.std):
			list = append(list, k.el.children()...)
		default:
			list = append(list, k.el)
		}
	}
	return list
}

// attribute gives an attribute of an owner: of the element's A entry, else of its classes.
func (t *tree) attribute(d *document, e *element, owner, key string) types.Object {
	if v := d.attributeIn(e.dict["A"], owner, key); v != nil {
		return v
	}
	classes := d.dict(t.dict["ClassMap"])
	switch c := d.get(e.dict["C"]).(type) {
	case types.Name:
		return d.attributeIn(classes[string(c)], owner, key)
	case types.Array:
		for _, o := range c {
			if v := d.attributeIn(classes[d.name(o)], owner, key); v != nil {
				return v
			}
		}
	}
	return nil
}

func (d *document) attributeIn(o types.Object, owner, key string) types.Object {
	switch a := d.get(o).(type) {
	case types.Dict:
		if d.name(a["O"]) == owner {
			return d.get(a[key])
		}
	case types.Array:
		for _, x := range a {
			if v := d.dict(x); v != nil && d.name(v["O"]) == owner && d.get(v[key]) != nil {
				return d.get(v[key])
			}
		}
	}
	return nil
}
