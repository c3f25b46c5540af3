package pdfa

import (
	"bytes"
	"fmt"
	"strconv"

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
	s := contentScanner{b: content}
	for s.next() {
		switch string(s.op) {
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
			if s.n >= 6 {
				at = s.numbers.times(at)
			}
		case "Do":
			if err := w.object(string(s.name), res, at, depth); err != nil {
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

// contentScanner reads a content stream operator by operator (ISO 32000-1, 7.8.2). Of the operands it keeps the last six
// numbers and the last name, which is all that placing asks for.
type contentScanner struct {
	b       []byte
	at      int
	op      []byte
	name    []byte
	numbers placeMatrix
	n       int // numbers before the operator
}

// next goes to the next operator; false at the end.
func (s *contentScanner) next() bool {
	s.name, s.n, s.numbers = nil, 0, placeMatrix{}
	for s.at < len(s.b) {
		c := s.b[s.at]
		switch {
		case spaces[c]:
			s.at++
		case c == '%':
			s.skipComment()
		case c == '(':
			s.skipString()
		case c == '<' && s.at+1 < len(s.b) && s.b[s.at+1] != '<':
			s.skipTo('>')
		case c == '/':
			s.at++
			s.name = s.regular()
		case delimiters[c]:
			s.at++
		default:
			if word := s.regular(); !s.number(word) {
				s.op = word
				if string(word) == "ID" {
					s.skipInlineImage()
				}
				return true
			}
		}
	}
	return false
}

// number takes the word as a number when it is one.
func (s *contentScanner) number(word []byte) bool {
	if c := word[0]; c > '9' || c == '*' {
		return false
	}
	f, err := strconv.ParseFloat(string(word), 64)
	if err != nil {
		return false
	}
	copy(s.numbers[:], s.numbers[1:])
	s.numbers[5] = f
	s.n++
	return true
}

// regular takes the characters up to the next space or delimiter.
func (s *contentScanner) regular() []byte {
	from := s.at
	for s.at < len(s.b) && !spaces[s.b[s.at]] && !delimiters[s.b[s.at]] {
		s.at++
	}
	return s.b[from:s.at]
}

func (s *contentScanner) skipComment() {
	for s.at < len(s.b) && s.b[s.at] != '\n' && s.b[s.at] != '\r' {
		s.at++
	}
}

func (s *contentScanner) skipTo(c byte) {
	i := bytes.IndexByte(s.b[s.at:], c)
	if i < 0 {
		s.at = len(s.b)
		return
	}
	s.at += i + 1
}

// skipString goes past a string in parentheses, which may hold further ones.
func (s *contentScanner) skipString() {
	depth := 0
	for s.at < len(s.b) {
		c := s.b[s.at]
		s.at++
		switch c {
		case '\\':
			s.at++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return
			}
		}
	}
}

// skipInlineImage goes past the data of an inline image: to the first EI that stands alone.
func (s *contentScanner) skipInlineImage() {
	for i := s.at; i+2 < len(s.b); i++ {
		if spaces[s.b[i]] && s.b[i+1] == 'E' && s.b[i+2] == 'I' && (i+3 == len(s.b) || spaces[s.b[i+3]]) {
			s.at = i + 3
			return
		}
	}
	s.at = len(s.b)
}
