package pdfa

import (
	"encoding/hex"
	"math"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// isNull tells whether a dictionary entry stands for nothing: null, or a reference to an object that is not there.
func (w *writer) isNull(o types.Object) bool {
	if ref, ok := asRef(o); ok {
		return w.reach(ref) == 0
	}
	return o == nil
}

// appendValue writes an object with a separator before it where one is needed.
func (w *writer) appendValue(b []byte, o types.Object, depth int) []byte {
	if depth > maxDepth {
		return append(b, " null"...)
	}
	switch v := o.(type) {
	case types.Dict:
		return w.appendDict(b, v, depth)
	case types.Array:
		b = append(b, '[')
		for _, e := range v {
			b = w.appendValue(b, e, depth+1)
		}
		return append(b, ']')
	case types.IndirectRef, *types.IndirectRef:
		return w.appendRef(b, o)
	case types.StreamDict, *types.StreamDict:
		return append(b, " null"...) // a stream is always an object of its own (ISO 32000-1, 7.3.8)
	}
	return appendSimple(b, o)
}

func (w *writer) appendDict(b []byte, v types.Dict, depth int) []byte {
	b = append(b, "<<"...)
	for _, k := range keys(v) {
		if w.isNull(v[k]) {
			continue
		}
		b = appendName(b, k)
		b = w.appendValue(b, v[k], depth+1)
	}
	return append(b, ">>"...)
}

func (w *writer) appendRef(b []byte, o types.Object) []byte {
	num := 0
	if ref, ok := asRef(o); ok {
		num = w.reach(ref)
	}
	if num == 0 {
		return append(b, " null"...)
	}
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(num), 10)
	return append(b, " 0 R"...)
}

// appendSimple writes an object that holds no other.
func appendSimple(b []byte, o types.Object) []byte {
	switch v := o.(type) {
	case types.Name:
		return appendName(b, string(v))
	case types.Integer:
		b = append(b, ' ')
		return strconv.AppendInt(b, int64(v), 10)
	case types.Float:
		b = append(b, ' ')
		return appendReal(b, float64(v))
	case types.Boolean:
		if v {
			return append(b, " true"...)
		}
		return append(b, " false"...)
	case types.StringLiteral:
		b = append(b, '(')
		b = append(b, v...)
		return append(b, ')')
	case types.HexLiteral:
		b = append(b, '<')
		b = append(b, v...)
		if len(v)%2 == 1 {
			b = append(b, '0')
		}
		return append(b, '>')
	}
	return append(b, " null"...)
}

// appendReal writes a number in the fewest digits that give it back. What is too near to zero or too far from it for
// ISO 19005-2, 6.1.13 becomes zero or the limit.
func appendReal(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f) || math.Abs(f) < 1.175e-38:
		f = 0
	case f > 3.402e38:
		f = 3.402e38
	case f < -3.402e38:
		f = -3.402e38
	}
	b = strconv.AppendFloat(b, f, 'f', -1, 64)
	if math.Abs(f) > math.MaxInt32 && f == math.Trunc(f) {
		b = append(b, ".0"...) // or it would be read as an integer beyond the limit
	}
	return b
}

const hexDigits = "0123456789ABCDEF"

// appendName writes a name with everything but plain characters escaped.
func appendName(b []byte, s string) []byte {
	b = append(b, '/')
	for i := range len(s) {
		c := s[i]
		if c > ' ' && c < 0x7f && !delimiters[c] && c != '#' {
			b = append(b, c)
			continue
		}
		b = append(b, '#', hexDigits[c>>4], hexDigits[c&15])
	}
	return b
}

// delimiters and spaces are the characters that end a token (ISO 32000-1, 7.2.2).
var (
	delimiters = charSet("()<>[]{}/%")
	spaces     = charSet("\x00\t\n\f\r ")
)

func charSet(s string) (t [256]bool) {
	for i := range len(s) {
		t[s[i]] = true
	}
	return t
}

// textString makes a string object of a text (ISO 32000-1, 7.9.2.2): ASCII as it is, anything else as UTF-16.
func textString(s string) types.Object {
	ascii := true
	for _, r := range s {
		if r < ' ' && r != '\n' && r != '\t' || r > '~' {
			ascii = false
			break
		}
	}
	if ascii {
		return byteString([]byte(s))
	}
	return types.HexLiteral(hex.EncodeToString(utf16be(s, true)))
}

// byteString makes a string object of bytes.
func byteString(s []byte) types.Object {
	b := make([]byte, 0, len(s)+8)
	for _, c := range s {
		switch {
		case c == '(' || c == ')' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ' || c > '~':
			b = append(b, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
		default:
			b = append(b, c)
		}
	}
	return types.StringLiteral(b)
}
