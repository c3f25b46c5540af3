package pdfa

import (
	"errors"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

var errNoPages = errors.New("no page tree")

// page is one page with what it inherits.
type page struct {
	num       int        // object number; 0 when the page is a direct object
	dict      types.Dict // its own dictionary
	resources types.Dict // its own or inherited resources; nil when it has none
	inherited bool       // the resources come from the page tree
}

// catalog gives the document's catalog; never nil after read.
func (d *document) catalog() types.Dict { return d.dict(*d.ctx.Root) }

// findPages walks the page tree, in order, each node once.
func (d *document) findPages() error {
	root := d.catalog()
	if root == nil {
		return errors.New("no document catalog")
	}
	d.pages = nil
	seen := map[int]bool{}
	d.walkPages(root["Pages"], nil, seen, 0)
	if len(d.pages) == 0 {
		return errNoPages
	}
	return nil
}

func (d *document) walkPages(o types.Object, resources types.Dict, seen map[int]bool, depth int) {
	n := refNum(o)
	node := d.node(o)
	if node == nil || depth > maxDepth || n != 0 && seen[n] {
		return
	}
	seen[n] = true
	own := d.dict(node["Resources"])
	inherited := own == nil
	if inherited {
		own = resources
	}
	kids, hasKids := d.get(node["Kids"]).(types.Array)
	if !hasKids {
		if depth > 0 && d.isPage(node) {
			d.pages = append(d.pages, page{num: n, dict: node, resources: own, inherited: inherited})
		}
		return
	}
	for _, k := range kids {
		d.walkPages(k, own, seen, depth+1)
	}
}

// isPage tells a page from what a broken tree leads to instead.
func (d *document) isPage(node types.Dict) bool {
	switch d.name(node["Type"]) {
	case "Page":
		return true
	case "":
		return node["MediaBox"] != nil || node["Contents"] != nil || node["Resources"] != nil
	}
	return false
}

// node gives a node of the page tree; nil for what is none, such as a stream.
func (d *document) node(o types.Object) types.Dict {
	n, _ := d.get(o).(types.Dict)
	return n
}

// pageTree goes through the page tree and counts what its readers stumble over (ISO 32000-1, 7.7.3). With mend it puts that right; pages keep
// what they inherit.
type pageTree struct {
	d     *document
	mend  bool
	seen  map[int]bool
	wrong int // nodes that are no objects of their own, or without their type, their parent or the right number of pages
	left  int // entries that are no nodes, or stand twice
}

func (d *document) pageTree(mend bool) *pageTree {
	t := &pageTree{d: d, mend: mend, seen: map[int]bool{}}
	root := d.catalog()
	if top, pages := t.walk(root["Pages"], nil, 0); mend && pages > 0 {
		root["Pages"] = top
	}
	return t
}

// walk gives the reference to a node, and how many pages are under it.
func (t *pageTree) walk(o, parent types.Object, depth int) (types.Object, int) {
	n, node := refNum(o), t.d.node(o)
	if node == nil || depth > maxDepth || n != 0 && t.seen[n] {
		return nil, 0
	}
	t.seen[n] = true
	kids, inner := t.d.get(node["Kids"]).(types.Array)
	if !inner && (depth == 0 || !t.d.isPage(node)) {
		return nil, 0
	}
	if n == 0 {
		t.wrong++
		if t.mend {
			o = t.d.add(node)
		}
	}
	if parent != nil && refNum(node["Parent"]) != refNum(parent) {
		t.put(node, "Parent", parent)
	}
	if !inner {
		t.is(node, "Page")
		return o, 1
	}
	t.is(node, "Pages")
	kept, pages := types.Array{}, 0
	for _, k := range kids {
		if ref, under := t.walk(k, o, depth+1); under > 0 {
			kept, pages = append(kept, ref), pages+under
		}
	}
	t.left += len(kids) - len(kept)
	if t.mend {
		node["Kids"] = kept
	}
	if count, _ := t.d.get(node["Count"]).(types.Integer); int(count) != pages {
		t.put(node, "Count", types.Integer(pages))
	}
	return o, pages
}

func (t *pageTree) is(node types.Dict, kind string) {
	if t.d.name(node["Type"]) != kind {
		t.put(node, "Type", types.Name(kind))
	}
}

func (t *pageTree) put(node types.Dict, key string, o types.Object) {
	t.wrong++
	if t.mend {
		node[key] = o
	}
}

// mendTree puts the page tree right.
func (d *document) mendTree() error {
	t := d.pageTree(true)
	d.note("page tree put right", "ISO 32000-1, 7.7.3", t.wrong, false)
	d.note("entries of the page tree that are no pages, or stand there twice, left out", "ISO 32000-1, 7.7.3", t.left, true)
	if err := d.findPages(); err != nil { // some are objects of their own only now
		return refuseRead(err)
	}
	return nil
}

// pageAttr gives a page attribute that may be inherited: MediaBox, CropBox, Rotate.
func (d *document) pageAttr(p types.Dict, key string) types.Object {
	for range maxDepth {
		if p == nil {
			return nil
		}
		if o := d.get(p[key]); o != nil {
			return o
		}
		p = d.dict(p["Parent"])
	}
	return nil
}
