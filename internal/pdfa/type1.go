package pdfa

import (
	"bytes"
	"strconv"
)

// type1Font is what the rules ask of a Type 1 font program (Adobe Type 1 Font Format).
type type1Font struct {
	widths   map[string]float64 // by glyph name, in thousandths of an em
	unknown  map[string]bool    // glyphs whose width could not be read
	encoding map[int]string
}

// parseType1 reads the font program; nil when it is broken.
func parseType1(b []byte) (f *type1Font) {
	defer func() {
		if recover() != nil {
			f = nil
		}
	}()
	b = stripPFB(b)
	i := bytes.Index(b, []byte("eexec"))
	if i < 0 {
		return nil
	}
	plain := b[:i]
	body := b[i+5:]
	for len(body) > 0 && spaces[body[0]] {
		body = body[1:]
	}
	if len(body) > 8 && isHex(body[0]) && isHex(body[1]) && isHex(body[2]) && isHex(body[3]) {
		body = unhex(body, nil)
	}
	if len(body) < 8 {
		return nil
	}
	f = &type1Font{widths: map[string]float64{}, unknown: map[string]bool{}, encoding: map[int]string{}}
	f.readEncoding(plain)
	f.readCharStrings(decrypt(body, 55665)[4:], type1Scale(plain))
	if len(f.widths)+len(f.unknown) == 0 {
		return nil
	}
	return f
}

// stripPFB takes the segment headers out of a program in the PC format.
func stripPFB(b []byte) []byte {
	if len(b) < 6 || b[0] != 0x80 {
		return b
	}
	var out []byte
	for len(b) >= 6 && b[0] == 0x80 && b[1] != 3 {
		n := int(b[2]) | int(b[3])<<8 | int(b[4])<<16 | int(b[5])<<24
		out = append(out, b[6:min(len(b), 6+n)]...)
		b = b[min(len(b), 6+n):]
	}
	return out
}

func decrypt(b []byte, key uint16) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = c ^ byte(key>>8)
		key = (uint16(c)+key)*52845 + 22719
	}
	return out
}

func type1Scale(plain []byte) float64 {
	i := bytes.Index(plain, []byte("/FontMatrix"))
	if i < 0 {
		return 1
	}
	l := lexer{src: plain[i+11:]}
	for range 4 {
		if t := l.next(); t.kind == tokNumber && t.num != 0 {
			return t.num * 1000
		}
	}
	return 1
}

func (f *type1Font) readEncoding(plain []byte) {
	i := bytes.Index(plain, []byte("/Encoding"))
	if i < 0 {
		return
	}
	l := lexer{src: plain[i+9:]}
	if t := l.next(); t.kind == tokWord && string(t.b) == "StandardEncoding" {
		for code, name := range standardEncoding() {
			f.encoding[code] = name
		}
		return
	}
	for {
		t := l.next()
		if t.kind == tokEnd || t.kind == tokWord && (string(t.b) == "def" || string(t.b) == "readonly") {
			return
		}
		if t.kind != tokWord || string(t.b) != "dup" {
			continue
		}
		code, name := l.next(), l.next()
		if code.kind == tokNumber && name.kind == tokName {
			f.encoding[int(code.num)] = string(name.b)
		}
	}
}

// readCharStrings finds the glyphs: a name, a length, a word (RD or -|), one space, and that many encrypted bytes.
func (f *type1Font) readCharStrings(b []byte, scale float64) {
	skip := 4
	if i := bytes.Index(b, []byte("/lenIV")); i >= 0 {
		l := lexer{src: b[i+6:]}
		skip = int(l.next().num)
	}
	i := bytes.Index(b, []byte("/CharStrings"))
	if i < 0 {
		return
	}
	l := lexer{src: b, pos: i + 12}
	for {
		t := l.next()
		if t.kind == tokEnd || t.kind == tokWord && string(t.b) == "end" && len(f.widths) > 0 {
			return
		}
		if t.kind != tokName {
			continue
		}
		n := l.next()
		if n.kind != tokNumber || n.num < 0 {
			continue
		}
		l.next()
		start := l.pos + 1
		end := start + int(n.num)
		if end > len(b) {
			return
		}
		l.pos = end
		f.glyph(string(t.b), b[start:end], skip, scale)
	}
}

func (f *type1Font) glyph(name string, code []byte, skip int, scale float64) {
	if skip >= 0 {
		code = decrypt(code, 4330)
		code = code[min(skip, len(code)):]
	}
	if w, ok := hsbw(code); ok {
		f.widths[name] = w * scale
		return
	}
	f.unknown[name] = true
}

// hsbw reads a glyph's width: the last operand of its first operator, hsbw or sbw.
func hsbw(b []byte) (float64, bool) {
	var ops []float64
	for len(b) > 0 {
		c := b[0]
		switch {
		case c >= 32 && c < 255:
			if c >= 247 && len(b) < 2 {
				return 0, false
			}
			v, n := cffInt(b)
			ops = append(ops, v)
			b = b[n:]
		case c == 255 && len(b) >= 5:
			ops = append(ops, float64(int32(uint32(b[1])<<24|uint32(b[2])<<16|uint32(b[3])<<8|uint32(b[4]))))
			b = b[5:]
		case c == 12 && len(b) > 1 && b[1] == 12 && len(ops) > 1: // div
			n := len(ops)
			ops = append(ops[:n-2], ops[n-2]/ops[n-1])
			b = b[2:]
		case c == 13 && len(ops) >= 2: // hsbw
			return ops[1], true
		case c == 12 && len(b) > 1 && b[1] == 7 && len(ops) >= 4: // sbw
			return ops[2], true
		default:
			return 0, false
		}
	}
	return 0, false
}

// has tells whether the program has a glyph of the name.
func (f *type1Font) has(name string) bool {
	_, ok := f.widths[name]
	return ok || f.unknown[name]
}

// codeName gives the glyph name that the font's own encoding has for a code.
func (f *type1Font) codeName(code int) string {
	if n, ok := f.encoding[code]; ok {
		return n
	}
	return ""
}

// hexName reads the digits of names like uni00E5 and u1F600.
func hexName(s string) (rune, bool) {
	v, err := strconv.ParseUint(s, 16, 32)
	return rune(v), err == nil && v <= 0x10ffff
}
