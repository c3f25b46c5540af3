package pdfa

// tokenKind is what a token of a content stream or CMap is.
type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokNumber
	tokName
	tokString // a literal string, without its parentheses
	tokHex    // a hexadecimal string, without its brackets
	tokOpen   // [
	tokClose  // ]
	tokDict   // <<
	tokUndict // >>
	tokWord   // an operator, or true, false, null
)

// token is one token with where it stands in the source.
type token struct {
	kind       tokenKind
	whole      bool    // a number without a point
	num        float64 // of a number
	b          []byte  // the characters of anything else
	start, end int
}

// lexer splits a content stream (ISO 32000-1, 7.8.2) or a CMap into tokens. It never fails: what is no token is skipped.
type lexer struct {
	src []byte
	pos int
}

// next gives the next token; kind tokEnd at the end of the source.
func (l *lexer) next() token {
	l.skipSpace()
	start := l.pos
	if start >= len(l.src) {
		return token{start: start, end: start}
	}
	switch c := l.src[start]; c {
	case '/':
		l.pos++
		l.word()
		return token{kind: tokName, b: l.src[start+1 : l.pos], start: start, end: l.pos}
	case '(':
		return l.literal()
	case '<':
		if start+1 < len(l.src) && l.src[start+1] == '<' {
			return l.mark(tokDict, 2)
		}
		return l.hex()
	case '>':
		if start+1 < len(l.src) && l.src[start+1] == '>' {
			return l.mark(tokUndict, 2)
		}
		l.pos++
		return l.next()
	case '[':
		return l.mark(tokOpen, 1)
	case ']':
		return l.mark(tokClose, 1)
	case ')', '{', '}':
		l.pos++
		return token{kind: tokWord, b: l.src[start:l.pos], start: start, end: l.pos}
	default:
		l.word()
		return l.number(start)
	}
}

func (l *lexer) mark(k tokenKind, n int) token {
	t := token{kind: k, start: l.pos, end: l.pos + n}
	l.pos += n
	return t
}

func (l *lexer) skipSpace() {
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		switch {
		case spaces[c]:
			l.pos++
		case c == '%':
			for l.pos < len(l.src) && l.src[l.pos] != '\n' && l.src[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// word moves past regular characters.
func (l *lexer) word() {
	for l.pos < len(l.src) && !spaces[l.src[l.pos]] && !delimiters[l.src[l.pos]] {
		l.pos++
	}
}

// number makes a number of the word from start, or an operator when it is none.
func (l *lexer) number(start int) token {
	b := l.src[start:l.pos]
	t := token{kind: tokWord, b: b, start: start, end: l.pos}
	f, whole, ok := parseNumber(b)
	if ok {
		t.kind, t.num, t.whole = tokNumber, f, whole
	}
	return t
}

// parseNumber reads a PDF number: a sign, digits and at most one point.
func parseNumber(b []byte) (f float64, whole, ok bool) {
	i, neg := 0, false
	for i < len(b) && (b[i] == '+' || b[i] == '-') {
		neg = neg || b[i] == '-'
		i++
	}
	digits, scale := 0, 1.0
	whole = true
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			digits++
			f = f*10 + float64(c-'0')
			if !whole {
				scale *= 10
			}
		case c == '.' && whole:
			whole = false
		case c == '-' && digits > 0: // seen in the wild: readers stop at the sign
			i = len(b)
		default:
			return 0, false, false
		}
	}
	if digits == 0 && whole {
		return 0, false, false
	}
	f /= scale
	if neg {
		f = -f
	}
	return f, whole, true
}

func (l *lexer) literal() token {
	start := l.pos
	depth := 0
	for ; l.pos < len(l.src); l.pos++ {
		switch l.src[l.pos] {
		case '\\':
			l.pos++
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				l.pos++
				return token{kind: tokString, b: l.src[start+1 : l.pos-1], start: start, end: l.pos}
			}
		}
	}
	l.pos = len(l.src)
	return token{kind: tokString, b: l.src[start+1:], start: start, end: l.pos}
}

func (l *lexer) hex() token {
	start := l.pos
	for l.pos < len(l.src) && l.src[l.pos] != '>' {
		l.pos++
	}
	b := l.src[start+1 : l.pos]
	if l.pos < len(l.src) {
		l.pos++
	}
	return token{kind: tokHex, b: b, start: start, end: l.pos}
}

// bytes gives the bytes of a string token, in the buffer when it has to be decoded.
func (t token) bytes(buf []byte) []byte {
	if t.kind == tokHex {
		return unhex(t.b, buf[:0])
	}
	return unescape(t.b, buf[:0])
}

func unhex(src, to []byte) []byte {
	var hi byte
	half := false
	for _, c := range src {
		var v byte
		switch {
		case c >= '0' && c <= '9':
			v = c - '0'
		case c >= 'a' && c <= 'f':
			v = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			v = c - 'A' + 10
		default:
			continue
		}
		if half {
			to = append(to, hi|v)
		} else {
			hi = v << 4
		}
		half = !half
	}
	if half {
		to = append(to, hi)
	}
	return to
}

// unescape decodes a literal string (ISO 32000-1, 7.3.4.2).
func unescape(src, to []byte) []byte {
	for i := 0; i < len(src); i++ {
		c := src[i]
		if c == '\r' {
			if i+1 < len(src) && src[i+1] == '\n' {
				i++
			}
			c = '\n'
		}
		if c != '\\' || i+1 >= len(src) {
			to = append(to, c)
			continue
		}
		i++
		switch c = src[i]; c {
		case 'n':
			to = append(to, '\n')
		case 'r':
			to = append(to, '\r')
		case 't':
			to = append(to, '\t')
		case 'b':
			to = append(to, '\b')
		case 'f':
			to = append(to, '\f')
		case '\n':
		case '\r':
			if i+1 < len(src) && src[i+1] == '\n' {
				i++
			}
		case '0', '1', '2', '3', '4', '5', '6', '7':
			v := c - '0'
			for n := 0; n < 2 && i+1 < len(src) && src[i+1] >= '0' && src[i+1] <= '7'; n++ {
				i++
				v = v<<3 | (src[i] - '0')
			}
			to = append(to, v)
		default:
			to = append(to, c)
		}
	}
	return to
}

// name decodes the escapes of a name token.
func (t token) name() string {
	for i := 0; i+2 < len(t.b); i++ {
		if t.b[i] == '#' {
			return decodeName(t.b)
		}
	}
	return string(t.b)
}

func decodeName(b []byte) string {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) {
			if v := unhex(b[i+1:i+3], nil); len(v) == 1 && isHex(b[i+1]) && isHex(b[i+2]) {
				out = append(out, v[0])
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return string(out)
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
