package pdfa

import (
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// placeMatrix is a transformation as PDF writes it: a b c d e f (ISO 32000-1, 8.3.4).
type placeMatrix [6]float64

// times gives the matrix that applies m first and then n.
func (m placeMatrix) times(n placeMatrix) placeMatrix {
	return placeMatrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// maxForms is how deep forms may hold forms here.
const maxForms = 12

// drawWalker follows a page's content and tells where the wanted images are drawn.
type drawWalker struct {
	d      *document
	wanted map[int]*Placement
	draw   func(nr int, at placeMatrix)
}

// walk follows one content stream that begins with the matrix at. It gives how many states the stream leaves open (net)
// and how many more it restores than it has saved on the way (below).
func (w *drawWalker) walk(content []byte, res types.Dict, at placeMatrix, depth int) (net, below int, err error) {
	var stack []placeMatrix
	lex := lexer{src: content}
	for o, ok := nextOperator(&lex); ok; o, ok = nextOperator(&lex) {
		switch o.op {
		case "q":
			stack = append(stack, at)
			net++
		case "Q":
			if n := len(stack); n > 0 {
				at, stack = stack[n-1], stack[:n-1]
			}
			net--
			below = max(below, -net)
		case "cm":
			if o.n >= 6 {
				at = o.numbers.times(at)
			}
		case "Do":
			if err := w.object(o.name, res, at, depth); err != nil {
				return 0, 0, err
			}
		}
	}
	return net, below, nil
}

// object follows what a Do draws: a wanted image, or a form that may hold one.
func (w *drawWalker) object(name string, res types.Dict, at placeMatrix, depth int) error {
	if res == nil {
		return nil
	}
	ref := w.d.dict(res["XObject"])[name]
	if _, ok := w.wanted[refNum(ref)]; ok {
		w.draw(refNum(ref), at)
		return nil
	}
	sd, nr := w.d.stream(ref)
	if sd == nil || w.d.name(sd.Dict["Subtype"]) != "Form" {
		return nil
	}
	if depth >= maxForms {
		return fmt.Errorf("forms within forms deeper than %d", maxForms)
	}
	own := w.d.dict(sd.Dict["Resources"])
	if own == nil {
		own = res
	}
	if !w.d.reaches(own, w.wanted, map[int]bool{}) {
		return nil
	}
	content, err := w.d.decode(sd, nr, maxDecodeBytes)
	if err != nil {
		return err
	}
	if m, ok := w.d.placeMatrixOf(sd.Dict["Matrix"]); ok {
		at = m.times(at)
	}
	_, _, err = w.walk(content, own, at, depth+1)
	return err
}

// placeMatrixOf reads a matrix.
func (d *document) placeMatrixOf(o types.Object) (m placeMatrix, ok bool) {
	a := d.array(o)
	if len(a) != 6 {
		return m, false
	}
	for i := range m {
		if m[i], ok = d.num(a[i]); !ok {
			return m, false
		}
	}
	return m, true
}

// reaches reports whether the resources lead to a wanted image, directly or through forms.
func (d *document) reaches(res types.Dict, wanted map[int]*Placement, seen map[int]bool) bool {
	for _, o := range d.dict(res["XObject"]) {
		nr := refNum(o)
		if _, ok := wanted[nr]; ok {
			return true
		}
		if nr == 0 || seen[nr] {
			continue
		}
		seen[nr] = true
		sd, _ := d.stream(o)
		if sd == nil || d.name(sd.Dict["Subtype"]) != "Form" {
			continue
		}
		if own := d.dict(sd.Dict["Resources"]); own != nil && d.reaches(own, wanted, seen) {
			return true
		}
	}
	return false
}

// drawOperator is an operator of a content stream with those of its operands that placing asks for.
type drawOperator struct {
	op      string
	name    string      // the last name before it
	numbers placeMatrix // the last six numbers
	n       int         // how many numbers there were
}

// nextOperator goes to the next operator and past the data of inline images; false at the end.
func nextOperator(l *lexer) (drawOperator, bool) {
	var o drawOperator
	for {
		switch t := l.next(); t.kind {
		case tokEnd:
			return o, false
		case tokNumber:
			copy(o.numbers[:], o.numbers[1:])
			o.numbers[5] = t.num
			o.n++
		case tokName:
			o.name = t.name()
		case tokWord:
			o.op = string(t.b)
			if o.op == "ID" {
				skipInlineImage(l)
			}
			return o, true
		}
	}
}

// skipInlineImage goes past the data of an inline image: to the first EI that stands alone.
func skipInlineImage(l *lexer) {
	for i := l.pos; i+2 < len(l.src); i++ {
		if spaces[l.src[i]] && l.src[i+1] == 'E' && l.src[i+2] == 'I' && (i+3 == len(l.src) || spaces[l.src[i+3]]) {
			l.pos = i + 3
			return
		}
	}
	l.pos = len(l.src)
}
