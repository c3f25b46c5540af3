package pdfa

import (
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// madeByChrome tells whether Chrome printed the file. What Chrome leaves untagged is no part of the page's document:
// page margins, generated content, scroll bars.
func (d *document) madeByChrome() bool {
	if d.ctx.Info == nil {
		return false
	}
	p, _ := d.text(d.dict(*d.ctx.Info)["Producer"])
	return strings.HasPrefix(p, "Skia/PDF")
}

// mendContent marks as artifact what tagged pages paint outside their tags (ISO 14289-1, 7.1). Text is only marked in
// prints by Chrome; elsewhere it may be real content that nobody tagged, and no rule is worth hiding it.
func (d *document) mendContent(s *scanner) {
	if d.dict(d.catalog()["StructTreeRoot"]) == nil {
		return
	}
	m := &artifactMender{d: d, s: s, chrome: d.madeByChrome(), outside: map[int]bool{}}
	for _, w := range s.streams {
		for _, c := range w.calls {
			if c.form && (c.mcid >= 0 || c.artifact) {
				m.outside[c.num] = true
			}
		}
	}
	for i := len(s.streams) - 1; i >= 0; i-- { // what is drawn comes after what draws it
		m.mend(s.streams[i])
	}
	d.note("untagged graphics marked as artifact", "ISO 14289-1, 7.1: content is tagged or an artifact", m.graphics, false)
	d.note("untagged text marked as artifact: it is no part of the page's document", "ISO 14289-1, 7.1: content is tagged or an artifact", m.text, false)
}

type artifactMender struct {
	d              *document
	s              *scanner
	chrome         bool
	outside        map[int]bool // forms drawn inside a tag or an artifact, which holds for what they leave untagged
	graphics, text int
}

// mend wraps what a page leaves untagged; in a form only when it has tags of its own, because else the one who draws it
// decides.
func (m *artifactMender) mend(w *drawn) {
	if w.num == 0 || len(w.pieces) == 0 || w.kind != kindPage && (w.kind != kindForm || len(w.marks) == 0 || m.outside[w.num]) {
		return
	}
	var wrap, left []piece
	for _, p := range w.pieces {
		inner := m.s.done[p.form]
		switch {
		case p.form != 0 && inner != nil && len(inner.pieces) == 0:
			continue // mended inside
		case p.text && !m.chrome, p.form != 0 && m.s.tagsInside(p.form, 0):
			left = append(left, p)
			continue
		case p.text:
			m.text++
		default:
			m.graphics++
		}
		wrap = append(wrap, p)
	}
	w.pieces = left
	if len(wrap) > 0 {
		m.d.setContent(w, asArtifacts(w.content, wrap))
	}
}

// tagsInside tells whether a form, or one that it draws, has tagged content.
func (s *scanner) tagsInside(num, depth int) bool {
	w := s.done[num]
	if w == nil || depth > maxNesting {
		return false
	}
	if len(w.marks) > 0 {
		return true
	}
	for _, c := range w.calls {
		if c.form && s.tagsInside(c.num, depth+1) {
			return true
		}
	}
	return false
}

// asArtifacts puts each piece into a marked-content sequence of its own.
func asArtifacts(content []byte, pieces []piece) []byte {
	out := make([]byte, 0, len(content)+len(pieces)*24)
	at := 0
	for _, p := range pieces {
		out = append(out, content[at:p.start]...)
		out = append(out, "/Artifact BMC\n"...)
		out = append(out, content[p.start:p.end]...)
		out = append(out, "\nEMC "...)
		at = p.end
	}
	return append(out, content[at:]...)
}

// setContent replaces the content of a page by one stream, or that of a form. What was drawn keeps the content that its
// places are counted in.
func (d *document) setContent(w *drawn, content []byte) {
	if w.kind == kindPage {
		w.dict["Contents"] = d.addStream(types.Dict{}, content)
		return
	}
	d.set(w.num, packStream(w.dict, content))
}
