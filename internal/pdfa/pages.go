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
	node := d.dict(o)
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
		if d.name(node["Type"]) != "Pages" {
			d.pages = append(d.pages, page{num: n, dict: node, resources: own, inherited: inherited})
		}
		return
	}
	for _, k := range kids {
		d.walkPages(k, own, seen, depth+1)
	}
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
