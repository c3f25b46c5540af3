package pdfa

import (
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

const (
	// minStretch is how narrow, in per cent, the layer's text may be set. Text in a box narrower than that (text hidden
	// in a box of one pixel, upright text) is set smaller instead, or its spaces would be too thin to be taken for spaces.
	minStretch = 40
	// smallestBox is the width and height that a box without extent is taken to have, in pixels.
	smallestBox = 0.5
)

// placeLayers finds where the placed images are drawn and puts the text over them.
func (d *document) placeLayers(objects map[int]*Placement) error {
	fonts, saves := newGlyphless(d), map[int]types.IndirectRef{}
	drawn := make(map[int]int, len(objects))
	d.placed = make(map[string]int, len(objects))
	for i := range d.pages {
		pg := &d.pages[i]
		if !d.reaches(pg.resources, objects, map[int]bool{}) {
			continue
		}
		l := pageLayer{fonts: fonts, saves: saves}
		w := drawWalker{d: d, wanted: objects, draw: func(nr int, at placeMatrix) {
			drawn[nr]++
			d.placed[objects[nr].ID] = i + 1
			l.add(objects[nr], at)
		}}
		if err := d.addLayer(pg, &w, &l); err != nil {
			return err
		}
	}
	for _, nr := range slices.Sorted(maps.Keys(objects)) {
		if p, n := objects[nr], drawn[nr]; n != 1 {
			return misplaced(p.ID, fmt.Sprintf("is drawn %d times in the print, expected once; is it split between sheets, clipped away or repeated?", n))
		}
	}
	fonts.finish()
	return nil
}

// addLayer walks the page and appends the layer to its content.
func (d *document) addLayer(pg *page, w *drawWalker, l *pageLayer) error {
	content, err := d.placeContent(pg.dict)
	if err != nil {
		return err
	}
	net, below, err := w.walk(content, pg.resources, placeMatrix{1, 0, 0, 1, 0, 0}, 0)
	if err != nil {
		return &RefusedError{Code: "placement", Reason: "a page's content cannot be followed", Err: err}
	}
	if len(l.used) == 0 {
		return nil
	}
	after := d.addStream(types.Dict{}, append([]byte("\n"+strings.Repeat("Q\n", below+1+net)), l.content()...))
	parts := types.Array{d.saveState(l.saves, below+1)}
	if a := d.array(pg.dict["Contents"]); a != nil {
		parts = append(parts, a...)
	} else {
		parts = append(parts, pg.dict["Contents"])
	}
	pg.dict["Contents"] = append(parts, after)
	own, _ := pg.resources.Clone().(types.Dict) // the old one may be another page's too
	names, _ := d.dict(own["Font"]).Clone().(types.Dict)
	if names == nil {
		names = types.Dict{}
	}
	for _, font := range l.used {
		names[l.fonts.resource(font)] = l.fonts.refs[font]
	}
	own["Font"] = names
	pg.dict["Resources"], pg.resources, pg.inherited = own, own, false
	return nil
}

// saveState gives a stream that saves the graphics state n times, so that what a page's content leaves behind does not
// reach the layer; the pages share it.
func (d *document) saveState(streams map[int]types.IndirectRef, n int) types.IndirectRef {
	if _, ok := streams[n]; !ok {
		streams[n] = d.add(rawStream(types.Dict{}, []byte(strings.Repeat("q\n", n)), nil))
	}
	return streams[n]
}

// placeContent gives a page's content in one piece.
func (d *document) placeContent(page types.Dict) ([]byte, error) {
	parts := d.array(page["Contents"])
	if parts == nil {
		parts = types.Array{page["Contents"]}
	}
	var all []byte
	for _, o := range parts {
		sd, nr := d.stream(o)
		if sd == nil {
			continue
		}
		b, err := d.decode(sd, nr, maxDecodeBytes)
		if err != nil {
			return nil, &RefusedError{Code: "broken", Reason: "a page's content cannot be unpacked", Err: err}
		}
		all = append(append(all, b...), '\n')
	}
	return all, nil
}

// pageLayer is the invisible text of one page.
type pageLayer struct {
	fonts *glyphless
	saves map[int]types.IndirectRef // see saveState
	used  []int                     // the fonts used, in order
	b     []byte
}

// add writes the placement's runs; at leads from the unit square, which an image fills, to the page.
func (l *pageLayer) add(p *Placement, at placeMatrix) {
	// From here on a unit is a pixel, with the origin at the image's lower left.
	l.b = append(l.b, "q\n"...)
	toPixel := placeMatrix{1 / float64(p.W), 0, 0, 1 / float64(p.H), 0, 0}
	for _, v := range toPixel.times(at) {
		l.number(v, 7)
	}
	l.b = append(l.b, "cm\nBT\n3 Tr\n"...)
	for _, t := range p.Text {
		l.run(t, float64(p.H))
	}
	l.b = append(l.b, "ET\nQ\n"...)
}

// run writes one run, stretched to its box.
func (l *pageLayer) run(t TextRun, height float64) {
	runes := t.layout()
	if len(runes) == 0 || !finite(t.X, t.Y, t.W, t.H) {
		return
	}
	natural := 0
	codes := make([]glyphCode, len(runes))
	for i, r := range runes {
		codes[i] = l.fonts.code(r)
		natural += r.width
	}
	w, h := max(t.W, smallestBox), max(t.H, smallestBox)
	size, stretch := h, 100.0
	if natural > 0 {
		stretch = 100 * w / (size * float64(natural) / 1000)
	}
	if stretch < minStretch {
		size, stretch = size*stretch/minStretch, minStretch
	}
	// The em box of the font is as high as the size; where that is less than the box, it stands in the middle.
	baseline := height - t.Y - (h-size)/2 - size*glyphlessAscent/1000
	l.number(stretch, 2)
	l.b = append(l.b, "Tz 1 0 0 1 "...)
	l.number(t.X, 2)
	l.number(baseline, 2)
	l.b = append(l.b, "Tm\n"...)
	l.show(codes, size)
}

// show writes the codes, changing the font where they are of another.
func (l *pageLayer) show(codes []glyphCode, size float64) {
	for len(codes) > 0 {
		n := 1
		for n < len(codes) && codes[n].font == codes[0].font {
			n++
		}
		l.use(codes[0].font)
		l.b = append(l.b, '/')
		l.b = append(l.b, l.fonts.resource(codes[0].font)...)
		l.b = append(l.b, ' ')
		l.number(size, 3)
		l.b = append(l.b, "Tf <"...)
		for _, c := range codes[:n] {
			l.b = hex.AppendEncode(l.b, []byte{byte(c.code >> 8), byte(c.code)})
		}
		l.b = append(l.b, "> Tj\n"...)
		codes = codes[n:]
	}
}

func (l *pageLayer) use(font int) {
	if !slices.Contains(l.used, font) {
		l.used = append(l.used, font)
	}
}

// content is the whole layer. It is an artifact: the record's third part holds the same words as tagged text, and a
// reader who listens shall not hear them twice.
func (l *pageLayer) content() []byte {
	return append(append([]byte("/Artifact BMC\n"), l.b...), "EMC\n"...)
}

// number writes a number with at most the given decimals and a space.
func (l *pageLayer) number(v float64, decimals int) {
	p := math.Pow10(decimals)
	l.b = strconv.AppendFloat(l.b, math.Round(v*p)/p, 'f', -1, 64)
	l.b = append(l.b, ' ')
}

func finite(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
