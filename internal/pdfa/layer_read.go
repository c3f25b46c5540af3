package pdfa

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Layer is the invisible text over one picture of a record, as Convert wrote it.
type Layer struct {
	Page int     // of the record, from 1
	At   float64 // how high on the page the picture stands, in points; the highest comes first
	Text []LayerText
}

// LayerText is one run of it, in pixels of the picture. Text stands in the order from left to right, whatever its direction.
type LayerText struct {
	Text string
	X, W float64 // from the picture's left edge
	// Y is how high the text's upper edge stands over the picture's lower edge.
	Y, H float64
}

// ReadLayers gives the invisible text of each picture that Convert placed, in the order of pages and from above on each. A page whose
// pictures hold no text has no layer, and so has a PDF that was made otherwise. The errors are those of Convert.
func ReadLayers(ctx context.Context, in io.ReadSeeker) (out []Layer, err error) {
	defer recoverInto(&err)
	d, err := read(ctx, in)
	if err != nil {
		return nil, err
	}
	fonts := map[int]layerFont{}
	for i := range d.pages {
		pg := &d.pages[i]
		own := map[string]layerFont{}
		for name, ref := range d.dict(pg.resources["Font"]) {
			if !strings.HasPrefix(name, glyphlessName) {
				continue
			}
			f, known := fonts[refNum(ref)]
			if !known {
				f = d.layerFont(ref)
				fonts[refNum(ref)] = f
			}
			own[name] = f
		}
		if len(own) == 0 {
			continue
		}
		content, err := d.placeContent(pg.dict)
		if err != nil {
			return nil, err
		}
		if at := bytes.LastIndex(content, []byte("/Artifact BMC\nq\n")); at >= 0 { // the layer is what was appended last
			layers := readLayer(content[at:], own)
			for k := range layers {
				layers[k].Page = i + 1
			}
			slices.SortStableFunc(layers, func(a, b Layer) int { return cmp.Compare(b.At, a.At) })
			out = append(out, layers...)
		}
	}
	return out, nil
}

// layerFont is what the layer's font says about its codes.
type layerFont struct {
	means  *cmap
	widths types.Array // of the codes from 1 on
}

func (d *document) layerFont(ref types.Object) layerFont {
	font := d.dict(ref)
	f := layerFont{means: d.toUnicode(font["ToUnicode"])}
	if below := d.array(font["DescendantFonts"]); len(below) == 1 {
		if w := d.array(d.dict(below[0])["W"]); len(w) == 2 {
			f.widths = d.array(w[1])
		}
	}
	return f
}

// text gives the meaning of a string of codes and its advance in thousandths of the size.
func (f layerFont) text(b []byte) (string, float64) {
	var s strings.Builder
	wide := 0.0
	for ; len(b) >= 2; b = b[2:] {
		code := int(b[0])<<8 | int(b[1])
		if v, ok := f.means.value(code); ok {
			s.WriteString(fromUTF16([]byte(v), false))
		}
		if code >= 1 && code <= len(f.widths) {
			if w, ok := f.widths[code-1].(types.Integer); ok {
				wide += float64(w)
			}
		}
	}
	return s.String(), wide
}

// readLayer reads what pageLayer wrote: for each picture its matrix and its runs.
func readLayer(content []byte, fonts map[string]layerFont) []Layer {
	var out []Layer
	lex := lexer{src: content}
	var numbers [6]float64
	var font string
	var codes []byte
	var size, stretch float64
	for t := lex.next(); t.kind != tokEnd; t = lex.next() {
		switch t.kind {
		case tokNumber:
			copy(numbers[:], numbers[1:])
			numbers[5] = t.num
		case tokName:
			font = t.name()
		case tokHex:
			codes = t.bytes(nil)
		case tokWord:
			switch op := string(t.b); {
			case op == "cm":
				out = append(out, Layer{At: numbers[5]})
			case len(out) == 0:
			case op == "Tz":
				stretch = numbers[5]
			case op == "Tf":
				size = numbers[5]
			case op == "Tm": // a run begins
				last := &out[len(out)-1]
				last.Text = append(last.Text, LayerText{X: numbers[4], Y: numbers[5]})
			case op == "Tj":
				if texts := out[len(out)-1].Text; len(texts) > 0 {
					texts[len(texts)-1].show(fonts[font], codes, size, stretch)
				}
			}
		}
	}
	return out
}

// show adds shown codes to a run; what stood in Y until then was the baseline.
func (t *LayerText) show(f layerFont, codes []byte, size, stretch float64) {
	s, wide := f.text(codes)
	if t.H == 0 {
		t.H = size
		t.Y += size * glyphlessAscent / 1000
	}
	t.Text += s
	t.W += wide / 1000 * size * stretch / 100
}
