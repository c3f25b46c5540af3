package pdfa

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
	"sync"

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
	for _, p := range wrap {
		w.edits = append(w.edits, p.asArtifact()...)
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

// edit is a change in a content stream: what stands from start to end becomes the text.
type edit struct {
	start, end int
	order      int8 // among edits at one place
	text       string
}

// The order of edits at one place: a sequence is closed before the next is opened, and what is replaced stands inside.
const (
	editInnerClose int8 = iota
	editClose
	editOpen
	editInner
	editReplace
)

// as gives the edit that puts another text in the place of a token.
func (t token) as(text string) edit {
	return edit{start: t.start, end: t.end, order: editReplace, text: text}
}

// asArtifact puts a piece into a marked-content sequence of its own.
func (p piece) asArtifact() []edit {
	return []edit{
		{start: p.start, end: p.start, order: editOpen, text: "/Artifact BMC\n"},
		{start: p.end, end: p.end, order: editClose, text: "\nEMC "},
	}
}

// applyEdits makes the planned edits in all content streams, some at a time: packing them anew takes longest.
func (d *document) applyEdits(s *scanner) {
	var todo []*drawn
	for _, w := range s.streams {
		if len(w.edits) > 0 && w.num != 0 {
			todo = append(todo, w)
		}
	}
	for some := range slices.Chunk(todo, runtime.GOMAXPROCS(0)) {
		raw := make([][]byte, len(some))
		var packing sync.WaitGroup
		for i, w := range some {
			content := edited(s.content(w), w.edits)
			packing.Go(func() { raw[i] = deflate(content) })
		}
		packing.Wait()
		for i, w := range some {
			d.setContent(w, raw[i])
		}
	}
}

func edited(content []byte, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.order, b.order), cmp.Compare(b.end, a.end)) // what holds another one goes first
	})
	grow := 0
	for _, e := range edits {
		grow += len(e.text)
	}
	out := make([]byte, 0, len(content)+grow)
	at := 0
	for _, e := range edits {
		if e.start < at { // inside what another edit has replaced
			continue
		}
		out = append(out, content[at:e.start]...)
		if e.end > e.start && len(out) > 0 { // what stood between two tokens may have been all that parted them
			out = append(out, ' ')
		}
		out = append(out, e.text...)
		if e.end > e.start {
			out = append(out, ' ')
		}
		at = e.end
	}
	return append(out, content[at:]...)
}

// mendTokens plans the edits of tokens that break a rule: numbers beyond the limits, odd strings, unknown operators.
func (d *document) mendTokens(s *scanner) {
	n := 0
	for _, w := range s.streams {
		if w.num == 0 {
			continue
		}
		w.edits = append(w.edits, w.fixes...)
		n += len(w.fixes)
		w.fixes, w.mendable = nil, nil
	}
	d.note("numbers, strings and operators of page contents written as the standard asks", "ISO 19005-2, 6.1.6, 6.1.13, 6.2.2, 6.2.6, 6.2.8", n, false)
}

// setContent replaces the content of a page by one stream, or that of a form, by what Flate has packed.
func (d *document) setContent(w *drawn, raw []byte) {
	if w.kind == kindPage {
		w.dict["Contents"] = d.add(packedStream(types.Dict{}, raw))
		return
	}
	d.set(w.num, packedStream(w.dict, raw))
}
