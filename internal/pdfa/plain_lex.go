package pdfa

import (
	"bytes"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// plainLexer reads objects (ISO 32000-1, 7.3), of those alone that can be read in one way only.
type plainLexer struct {
	src   []byte
	pos   int
	names map[string]string // those that were met: a file has few, and many times
	items types.Array       // of the arrays that are being read
}

// skip goes past spaces and ends of line. Comments and the spaces that hardly anybody writes are not plain.
func (l *plainLexer) skip() {
	for l.pos < len(l.src) {
		switch l.src[l.pos] {
		case ' ', '\n', '\r', '\t':
			l.pos++
		default:
			return
		}
	}
}

// next is the byte that comes after spaces; 0 at the end.
func (l *plainLexer) next() byte {
	l.skip()
	return l.peek()
}

func (l *plainLexer) peek() byte {
	if l.pos < len(l.src) {
		return l.src[l.pos]
	}
	return 0
}

// ended tells whether what was read ends here.
func (l *plainLexer) ended() bool {
	return l.pos >= len(l.src) || spaces[l.src[l.pos]] || delimiters[l.src[l.pos]]
}

// is takes a word, if it comes next.
func (l *plainLexer) is(word string) bool {
	l.skip()
	at := l.pos
	if !bytes.HasPrefix(l.src[at:], []byte(word)) {
		return false
	}
	if l.pos += len(word); !l.ended() {
		l.pos = at
		return false
	}
	return true
}

// line takes a word that ends its line.
func (l *plainLexer) line(word string) bool { return l.is(word) && isEOL(l.peek()) }

// whole takes the number without sign that must come next.
func (l *plainLexer) whole() (n int, ok bool) {
	l.skip()
	at := l.pos
	for !l.ended() {
		l.pos++
	}
	n, ok = digits(l.src[at:l.pos])
	return n, ok && l.pos > at && l.pos-at <= 15
}

// begins takes the number of the object that must begin here.
func (l *plainLexer) begins(n int) bool {
	head := strconv.AppendInt(nil, int64(n), 10)
	head = append(head, " 0 obj"...)
	if !bytes.HasPrefix(l.src[l.pos:], head) {
		return false
	}
	l.pos += len(head)
	return l.ended()
}

// object takes an object. Null is none that is plain: what it does depends on where it stands.
func (l *plainLexer) object(depth int) (types.Object, bool) {
	if depth > maxDepth/2 {
		return nil, false
	}
	switch l.next() {
	case '/':
		n, ok := l.name()
		return types.Name(n), ok
	case '(':
		return l.literal()
	case '[':
		return l.array(depth)
	case '<':
		if l.pos++; l.peek() == '<' {
			l.pos++
			return l.dict(depth)
		}
		return l.hex()
	case 't', 'f':
		yes := l.is("true")
		return types.Boolean(yes), yes || l.is("false")
	}
	return l.numeric()
}

func (l *plainLexer) array(depth int) (types.Object, bool) {
	l.pos++
	from := len(l.items)
	for l.next() != ']' {
		o, ok := l.object(depth + 1)
		if !ok {
			return nil, false
		}
		l.items = append(l.items, o)
	}
	l.pos++
	a := make(types.Array, len(l.items)-from)
	copy(a, l.items[from:])
	clear(l.items[from:])
	l.items = l.items[:from]
	return a, true
}

func (l *plainLexer) dict(depth int) (types.Object, bool) {
	d := types.Dict{}
	for l.next() == '/' {
		key, ok := l.name()
		if !ok || d[key] != nil {
			return nil, false
		}
		if d[key], ok = l.object(depth + 1); !ok {
			return nil, false
		}
	}
	if !bytes.HasPrefix(l.src[l.pos:], []byte(">>")) {
		return nil, false
	}
	l.pos += 2
	return d, true
}

// name takes a name of printable characters, or of none as a link to "#" has it, that holds none of the words by which pdfcpu finds an object's parts.
func (l *plainLexer) name() (string, bool) {
	l.pos++
	at := l.pos
	for ; !l.ended(); l.pos++ {
		if c := l.src[l.pos]; c <= ' ' || c > '~' || c == '#' {
			return "", false
		}
	}
	b := l.src[at:l.pos]
	if s, ok := l.names[string(b)]; ok {
		return s, true
	}
	if bytes.Contains(b, []byte("endobj")) || bytes.Contains(b, []byte("stream")) {
		return "", false
	}
	s := string(b)
	if l.names != nil {
		l.names[s] = s
	}
	return s, true
}

// literal takes a string in parentheses, as it is written (7.3.4.2).
func (l *plainLexer) literal() (types.Object, bool) {
	x := lexer{src: l.src, pos: l.pos}
	t := x.literal()
	l.pos = x.pos
	return types.StringLiteral(t.b), t.end == t.start+len(t.b)+2 // both parentheses are there
}

// hex takes a string of whole bytes in digits.
func (l *plainLexer) hex() (types.Object, bool) {
	at := l.pos
	for isHex(l.peek()) {
		l.pos++
	}
	b := l.src[at:l.pos]
	if l.peek() != '>' || len(b)%2 != 0 {
		return nil, false
	}
	l.pos++
	return types.HexLiteral(bytes.ToUpper(b)), true
}

// numeric takes a number, or a reference where two more words make it one.
func (l *plainLexer) numeric() (types.Object, bool) {
	at, point := l.pos, false
	for ; !l.ended(); l.pos++ {
		switch c := l.src[l.pos]; {
		case c >= '0' && c <= '9', l.pos == at && (c == '-' || c == '+'):
		case c == '.':
			point = true
		default:
			return nil, false
		}
	}
	b := l.src[at:l.pos]
	if len(b) > 18 {
		return nil, false
	}
	if point {
		f, err := strconv.ParseFloat(string(b), 64)
		return types.Float(f), err == nil
	}
	n, err := strconv.Atoi(string(b))
	if err != nil {
		return nil, false
	}
	back := l.pos
	if gen, ok := l.whole(); ok && l.is("R") {
		return types.IndirectRef{ObjectNumber: types.Integer(n)}, n > 0 && gen == 0 && b[0] != '+'
	}
	l.pos = back
	return types.Integer(n), true
}
