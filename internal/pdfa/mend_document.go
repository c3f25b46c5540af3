package pdfa

import (
	"bytes"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// mendDocument takes out of the file what ISO 19005-2 forbids anywhere in it: scripts, actions, forms that a program
// fills, embedded files, alternate presentations. Everything taken out is in the report.
func (d *document) mendDocument(keepFiles bool) error {
	if err := d.mendTree(); err != nil {
		return err
	}
	root := d.catalog()
	delete(root, "Version")
	d.mendCatalog(root, keepFiles)
	d.mendActions(root)
	d.mendForm(root)
	d.mendOptional(root)
	for i := range d.pages {
		d.mendPage(&d.pages[i])
	}
	d.mendObjects(keepFiles)
	return nil
}

// take deletes an entry and reports it.
func (d *document) take(from types.Dict, key, what, why string) {
	if from[key] == nil {
		return
	}
	delete(from, key)
	d.note(what, why, 1, false)
}

func (d *document) mendCatalog(root types.Dict, keepFiles bool) {
	d.take(root, "Requirements", "requirements on the viewer taken out", "ISO 19005-2, 6.11")
	delete(root, "NeedsRendering")
	d.take(root, "Perms", "signed permissions taken out: a changed file has no valid signature", "ISO 19005-2, 6.1.12")
	d.take(root, "Collection", "portfolio view taken out", "ISO 19005-2, 6.8")
	if names := d.dict(root["Names"]); names != nil {
		d.take(names, "AlternatePresentations", "alternate presentations taken out", "ISO 19005-2, 6.10")
		if n := len(d.nameTree(names["JavaScript"])); n > 0 {
			delete(names, "JavaScript")
			d.note("scripts taken out", "ISO 19005-2, 6.5.1", n, false)
		}
		delete(names, "JavaScript")
		if !keepFiles {
			delete(names, "EmbeddedFiles")
		}
	}
	if d.ctx.Info != nil {
		delete(d.dict(*d.ctx.Info), "Trapped")
	}
}

// mendActions takes out actions that are not allowed, wherever they hang: opening the file, bookmarks, annotations, fields.
func (d *document) mendActions(root types.Dict) {
	d.take(root, "AA", "automatic actions of the document taken out", "ISO 19005-2, 6.5.2")
	d.mendAction(root, "OpenAction")
	for _, b := range d.bookmarks() {
		d.mendAction(b.dict, "A")
	}
	for _, p := range d.pages {
		d.take(p.dict, "AA", "automatic actions of pages taken out", "ISO 19005-2, 6.5.2")
		for _, o := range d.array(p.dict["Annots"]) {
			a := d.dict(o)
			if a == nil {
				continue
			}
			d.mendAction(a, "A")
			d.take(a, "AA", "automatic actions of annotations taken out", "ISO 19005-2, 6.5.1")
			if d.name(a["Subtype"]) == "Widget" {
				d.take(a, "A", "actions of form fields taken out", "ISO 19005-2, 6.4.1")
			}
		}
	}
	for _, f := range d.fields() {
		d.take(f.dict, "AA", "automatic actions of form fields taken out", "ISO 19005-2, 6.4.1")
	}
}

// mendAction deletes an action entry when it, or one that follows it, is not allowed.
func (d *document) mendAction(holder types.Dict, key string) {
	a := d.dict(holder[key])
	if a == nil {
		return
	}
	if why := d.badAction(a); why != "" {
		delete(holder, key)
		d.note(why+" taken out", "ISO 19005-2, 6.5.1", 1, false)
		return
	}
	d.mendLongURI(holder, key, a)
	if a["Next"] != nil && !d.goodNext(a["Next"], 0) {
		delete(a, "Next")
		d.note("actions that follow others taken out", "ISO 19005-2, 6.5.1", 1, false)
	}
}

func (d *document) goodNext(o types.Object, depth int) bool {
	if depth > 16 {
		return false
	}
	list, ok := d.get(o).(types.Array)
	if !ok {
		list = types.Array{o}
	}
	for _, x := range list {
		a := d.dict(x)
		if a == nil || d.badAction(a) != "" || a["Next"] != nil && !d.goodNext(a["Next"], depth+1) {
			return false
		}
	}
	return true
}

// mendLongURI cuts an address that is longer than a string may be before its query, and takes out one that would still
// be too long or would mean something else: a data address.
func (d *document) mendLongURI(holder types.Dict, key string, a types.Dict) {
	b, ok := d.bytesOf(a["URI"])
	if !ok || len(b) <= 32767 {
		return
	}
	begins := cut(string(b), 60)
	if i := bytes.IndexAny(b, "?#"); i > 0 && i <= 32767 && bytes.HasPrefix(b, []byte("http")) {
		a["URI"] = byteString(b[:i])
		d.note(fmt.Sprintf("link with an address of %d bytes cut before its query: %s", len(b), begins), "ISO 19005-2, 6.1.13", 1, false)
		return
	}
	delete(holder, key)
	d.note(fmt.Sprintf("link with an address of %d bytes taken out: %s", len(b), begins), "ISO 19005-2, 6.1.13", 1, false)
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// mendForm takes XFA, generated appearances and signatures out of the interactive form.
func (d *document) mendForm(root types.Dict) {
	form := d.dict(root["AcroForm"])
	if form == nil {
		return
	}
	d.take(form, "XFA", "XFA form taken out; the fields of the pages stay", "ISO 19005-2, 6.4.2")
	if d.boolean(form["NeedAppearances"]) {
		delete(form, "NeedAppearances")
		d.note("fields shown as they were saved, not as a viewer would draw them", "ISO 19005-2, 6.4.1", 1, true)
	}
	n := 0
	for _, f := range d.fields() {
		if d.name(f.dict["FT"]) == "Sig" && f.dict["V"] != nil {
			delete(f.dict, "V")
			n++
		}
	}
	delete(form, "SigFlags")
	d.note("signatures taken out: a changed file has no valid signature; the original keeps them", "ISO 19005-2, 6.4.3", n, false)
}

// mendOptional gives optional content configurations names, takes AS out, and completes Order (ISO 19005-2, 6.9).
func (d *document) mendOptional(root types.Dict) {
	props := d.dict(root["OCProperties"])
	if props == nil {
		return
	}
	used := map[string]bool{}
	for i, o := range append(types.Array{props["D"]}, d.array(props["Configs"])...) {
		cfg := d.dict(o)
		if cfg == nil {
			continue
		}
		d.take(cfg, "AS", "automatic states of layers taken out", "ISO 19005-2, 6.9")
		name, _ := d.text(cfg["Name"])
		if name == "" || used[name] {
			name = fmt.Sprintf("Default %d", i+1)
			cfg["Name"] = textString(name)
			d.note("names given to layer configurations", "ISO 19005-2, 6.9", 1, false)
		}
		used[name] = true
		if d.notInOrder(props, cfg) > 0 {
			delete(cfg, "Order")
			d.note("incomplete order of layers taken out", "ISO 19005-2, 6.9", 1, false)
		}
	}
}

// mendPage mends a page's own entries and its annotations.
func (d *document) mendPage(p *page) {
	d.take(p.dict, "PresSteps", "presentation steps of pages taken out", "ISO 19005-2, 6.10")
	if p.inherited && p.resources != nil {
		p.dict["Resources"] = d.inheritedResources(p.dict)
		p.inherited = false
		d.note("resources given to pages that inherited them", "ISO 19005-2, 6.2.2", 1, false)
	}
	d.mendAnnotations(*p)
}

// inheritedResources gives the Resources entry that a page inherits, as it stands in the page tree.
func (d *document) inheritedResources(p types.Dict) types.Object {
	for range maxDepth {
		if p = d.dict(p["Parent"]); p == nil {
			return nil
		}
		if d.dict(p["Resources"]) != nil {
			return p["Resources"]
		}
	}
	return nil
}
