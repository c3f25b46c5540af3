package pdfa

import (
	"maps"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// mendInherited gives forms and patterns that take resources from the page around them resources of their own
// (ISO 19005-2, 6.2.2). One that takes them from several pages is left alone: what its names mean depends on the page.
func (d *document) mendInherited(s *scanner) {
	n := 0
	for _, w := range s.streams {
		if w.own && w.res != nil && len(w.lent) > 0 && w.kind != kindPage {
			d.lend(w)
			n++
			continue
		}
		if w.own || w.mixed || w.kind == kindPage || w.num == 0 || w.res == nil {
			continue
		}
		w.res, w.own, w.inherited = maps.Clone(w.res), true, nil
		w.dict["Resources"] = w.res
		d.lend(w)
		n++
	}
	d.note("resources given to forms that took them from their page", "ISO 19005-2, 6.2.2", n, false)
}

// lend copies single resources that a stream found only in the page around into its own.
func (d *document) lend(w *drawn) {
	for _, l := range w.lent {
		category := maps.Clone(d.dict(w.res[l.category])) // others may have it too
		if category == nil {
			category = types.Dict{}
		}
		category[l.name] = l.value
		w.res[l.category] = category
	}
	w.lent, w.inherited = nil, nil
}
