package pdfa

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// mendInherited gives forms and patterns that take resources from the page around them resources of their own
// (ISO 19005-2, 6.2.2). One that takes them from several pages is left alone: what its names mean depends on the page.
func (d *document) mendInherited(s *scanner) {
	n := 0
	for _, w := range s.streams {
		if w.own || w.mixed || w.kind == kindPage || w.num == 0 || w.res == nil {
			continue
		}
		own := types.Dict{}
		for k, v := range w.res {
			own[k] = v
		}
		w.dict["Resources"] = own
		w.res, w.own, w.inherited = own, true, nil
		n++
	}
	d.note("resources given to forms that took them from their page", "ISO 19005-2, 6.2.2", n, false)
}
