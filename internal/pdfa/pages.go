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
		if depth > 0 && isPage(d, node) {
			d.pages = append(d.pages, page{num: n, dict: node, resources: own, inherited: inherited})
		}
		return
	}
	for _, k := range kids {
		d.walkPages(k, own, seen, depth+1)
	}
}

// isPage tells a page from what a broken tree leads to instead.
func isPage(d *document, node types.Dict) bool {
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

// treeFlaws counts what readers of the page tree stumble over (ISO 32000-1, 7.7.3): entries that are no nodes or stand twice, nodes without their
// type, their parent or the right number of pages. With mend they are put right; pages keep what they inherit.
func (d *document) treeFlaws(mend bool) int {
	flaws, seen := 0, map[int]bool{}
	flaw := func(is bool, put func()) {
		if !is {
			return
		}
		flaws++
		if mend {
			put()
		}
	}
	var walk func(o types.Object, parent types.Object, depth int) int
	walk = func(o, parent types.Object, depth int) int {
		n, node := refNum(o), d.node(o)
		if node == nil || depth > maxDepth || n == 0 || seen[n] {
			return 0
		}
		seen[n] = true
		if parent != nil {
			flaw(refNum(node["Parent"]) != refNum(parent), func() { node["Parent"] = parent })
		}
		kids, has := d.get(node["Kids"]).(types.Array)
		if !has {
			if depth == 0 || !isPage(d, node) {
				return 0
			}
			flaw(d.name(node["Type"]) != "Page", func() { node["Type"] = types.Name("Page") })
			return 1
		}
		flaw(d.name(node["Type"]) != "Pages", func() { node["Type"] = types.Name("Pages") })
		kept, pages := types.Array{}, 0
		for _, k := range kids {
			if under := walk(k, o, depth+1); under > 0 {
				kept, pages = append(kept, k), pages+under
			}
		}
		flaw(len(kept) != len(kids), func() { node["Kids"] = kept })
		count, _ := d.get(node["Count"]).(types.Integer)
		flaw(int(count) != pages, func() { node["Count"] = types.Integer(pages) })
		return pages
	}
	walk(d.catalog()["Pages"], nil, 0)
	return flaws
}

// mendTree puts the page tree right. What is left out of it was no page to any reader.
func (d *document) mendTree() {
	d.note("page tree put right", "ISO 32000-1, 7.7.3", d.treeFlaws(true), false)
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
