package pdfa

import (
	"context"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// streamKind is what a content stream belongs to.
type streamKind uint8

const (
	kindPage streamKind = iota
	kindForm
	kindPattern
	kindGlyph
	kindAppearance
)

// drawn is what one content stream was seen to do.
type drawn struct {
	kind    streamKind
	num     int        // object number of the page or the stream; 0 for a direct one
	dict    types.Dict // the page or the stream's dictionary
	content []byte     // of what is no page; nil where nobody asks for it. Pages: scanner.content
	res     types.Dict // its resources
	outer   types.Dict // the resources of the page around it
	own     bool       // the resources are its own, not inherited
	mixed   bool       // it inherits from several, which may differ
	parents int        // StructParents; -1 when it has none

	marks     map[int]*markUse // by MCID
	lent      []lentResource   // resources found only in the page around
	pieces    []piece          // painted outside tags and artifacts
	calls     []call           // forms and images drawn
	inherited []string         // names of resources found only in the page or the page tree
	device    deviceUse        // device colour spaces set by operators
	blended   bool             // something transparent is painted

	tagInArtifact, artifactInTag int
	deep                         int // deepest nesting of q
	spans                        int // Span sequences with a text for others to read, and no language
	findings                     []Finding
	mendable                     []Finding   // what the fixes mend
	fixes                        []edit      // of tokens that break a rule
	edits                        []edit      // that are to be made
	notdef                       []shownText // strings with code 0 of a composite font
	private                      []privateOp // operators that show private characters without an ActualText
}

// markUse is what stands in a marked-content sequence with an MCID.
type markUse struct {
	times  int
	paints bool
	text   bool
	pua    bool // a glyph whose Unicode value is private, without ActualText in the content
	other  bool // any other glyph
	lang   bool // its property list, or one around, has a language
	shown  []shownText
}

// shownText is one string that is shown in marked content, by its place in the content stream.
type shownText struct {
	font       *fontUse
	start, end uint32 // a content stream is smaller than maxDecodeTotal
}

// privateOp is an operator that shows characters of the private use area, with all that it shows.
type privateOp struct {
	start, end int
	mcid       int // of the sequence around it; -1 for none
	text       string
}

// lentResource is a resource that a stream names and does not have.
type lentResource struct {
	category, name string
	value          types.Object
}

// piece is a stretch of a content stream that paints outside tags and artifacts.
type piece struct {
	start, end int
	text       bool
	form       int // object number of the form that it draws
}

// call is a form or image drawn by Do.
type call struct {
	name     string
	num      int
	form     bool
	mcid     int // of the sequence around it; -1 for none
	artifact bool
}

// deviceUse says which device colour spaces are set.
type deviceUse uint8

const (
	useGray deviceUse = 1 << iota
	useRGB
	useCMYK
)

// scanner reads every content stream that the pages lead to, each once.
type scanner struct {
	d       *document
	ctx     context.Context
	fonts   map[int]*fontUse // by object number
	direct  []*fontUse       // fonts that are direct objects
	streams []*drawn
	done    map[int]*drawn // forms, patterns, appearances by object number
	total   int64          // bytes of content read
	around  types.Dict     // the resources of the page that is being read
	buf     []byte

	at        *drawn // the page whose content was asked for last
	atContent []byte
}

// scan reads the content of the whole document.
func (d *document) scan(ctx context.Context) (*scanner, error) {
	s := &scanner{d: d, ctx: ctx, fonts: map[int]*fontUse{}, done: map[int]*drawn{}}
	for _, p := range d.pages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := s.page(p); err != nil {
			return nil, err
		}
	}
	if err := s.glyphs(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *scanner) page(p page) error {
	content, err := s.pageContent(p.dict, s.read)
	if err != nil {
		return err
	}
	w := &drawn{kind: kindPage, num: p.num, dict: p.dict, res: p.resources, own: !p.inherited}
	s.start(w)
	s.around = p.resources
	if err := s.run(w, content, nil); err != nil {
		return err
	}
	for _, a := range s.d.array(p.dict["Annots"]) {
		if err := s.appearance(s.d.dict(a), p.resources); err != nil {
			return err
		}
	}
	return nil
}

// start readies what was drawn for reading.
func (s *scanner) start(w *drawn) {
	w.marks = map[int]*markUse{}
	w.parents = -1
	if n, ok := s.d.integer(w.dict["StructParents"]); ok {
		w.parents = n
	}
	s.streams = append(s.streams, w)
}

// content gives what the places in something drawn are counted in. A page is unpacked again, and the last one kept: all of them together may be
// hundreds of megabytes. It holds until the edits are applied.
func (s *scanner) content(w *drawn) []byte {
	if w.kind != kindPage {
		return w.content
	}
	if s.at != w {
		s.at = w
		s.atContent, _ = s.pageContent(w.dict, s.unpack) // never fails
	}
	return s.atContent
}

// pageContent joins the streams of a page with a line feed between, as ISO 32000-1, 7.7.3.3 has it.
func (s *scanner) pageContent(page types.Dict, read func(*types.StreamDict, int) ([]byte, error)) ([]byte, error) {
	refs, ok := s.d.get(page["Contents"]).(types.Array)
	if !ok {
		refs = types.Array{page["Contents"]}
	}
	var joined []byte
	for i, r := range refs {
		sd, n := s.d.stream(r)
		if sd == nil {
			continue
		}
		b, err := read(sd, n)
		if err != nil {
			return nil, err
		}
		if i == 0 && len(refs) == 1 {
			return b, nil
		}
		joined = append(append(joined, b...), '\n')
	}
	return joined, nil
}

// unpack gives a content stream; one that cannot be unpacked is empty, as viewers take it, and the check says so. There is
// no error then.
func (s *scanner) unpack(sd *types.StreamDict, num int) ([]byte, error) {
	b, err := s.d.decode(sd, num, maxDecodeBytes)
	if err != nil {
		return nil, nil //nolint:nilerr // the check says so
	}
	return b, nil
}

// read unpacks a content stream for the first time, and counts it.
func (s *scanner) read(sd *types.StreamDict, num int) ([]byte, error) {
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	b, _ := s.unpack(sd, num) // never fails
	s.total += int64(len(b))
	if s.total > maxDecodeTotal {
		return nil, &RefusedError{Code: "limit", Reason: "the pages of the file unpack to more than 512 MB"}
	}
	if cap(b) > len(b)+len(b)/4 {
		b = slices.Clone(b) // it is kept, and was unpacked into more room than it needs
	}
	return b, nil
}

// form reads a form XObject, pattern or appearance once and gives what it drew.
func (s *scanner) form(ref types.Object, kind streamKind, outer types.Dict, from *gstate) (*drawn, error) {
	sd, n := s.d.stream(ref)
	if sd == nil {
		return nil, nil
	}
	if w, ok := s.done[n]; ok && n != 0 {
		w.mixed = w.mixed || !w.own && !sameDict(w.res, outer)
		return w, nil
	}
	content, err := s.read(sd, n)
	if err != nil {
		return nil, err
	}
	w := &drawn{kind: kind, num: n, dict: sd.Dict, content: content, own: true}
	w.res, w.outer = s.d.dict(sd.Dict["Resources"]), s.around
	if w.res == nil {
		w.res, w.own = outer, kind == kindGlyph // a glyph's are those of its font
	}
	s.done[n] = w
	s.start(w)
	if kind == kindGlyph && w.outline(content) {
		return w, nil
	}
	err = s.run(w, content, from)
	if kind == kindGlyph && !w.pointedInto() {
		w.content = nil // a font may have thousands of them
	}
	return w, err
}

// pointedInto says that something is known of a place in a glyph's content, and may be changed or read there. What a glyph paints is never tagged.
func (w *drawn) pointedInto() bool {
	return len(w.marks)+len(w.mendable)+len(w.fixes)+len(w.edits)+len(w.notdef)+len(w.private) > 0
}

// appearance reads the normal appearances of an annotation.
func (s *scanner) appearance(annot, outer types.Dict) error {
	if annot == nil {
		return nil
	}
	normal := s.d.dict(annot["AP"])["N"]
	if sd, _ := s.d.stream(normal); sd != nil {
		_, err := s.form(normal, kindAppearance, outer, nil)
		return err
	}
	states := s.d.dict(normal)
	for _, k := range keys(states) {
		if _, err := s.form(states[k], kindAppearance, outer, nil); err != nil {
			return err
		}
	}
	return nil
}

// glyphs reads the glyph procedures of the Type 3 fonts that were shown in. Their content may use further fonts.
func (s *scanner) glyphs() error {
	done := map[*fontUse]bool{}
	for range maxDepth {
		again := false
		for _, f := range s.allFonts() {
			if f.subtype != "Type3" || f.touched == 0 || done[f] {
				continue
			}
			done[f], again = true, true
			if err := s.type3(f); err != nil {
				return err
			}
		}
		if !again {
			return nil
		}
	}
	return nil
}

// allFonts gives the fonts in use, in a fixed order.
func (s *scanner) allFonts() []*fontUse {
	var all []*fontUse
	for _, n := range sortedKeys(s.fonts) {
		all = append(all, s.fonts[n])
	}
	return append(all, s.direct...)
}

func (s *scanner) type3(f *fontUse) error {
	procs := s.d.dict(f.dict["CharProcs"])
	res := s.d.dict(f.dict["Resources"])
	if res == nil {
		res = types.Dict{}
		f.dict["Resources"] = res
	}
	for _, k := range keys(procs) {
		if _, err := s.form(procs[k], kindGlyph, res, nil); err != nil {
			return err
		}
	}
	return nil
}
