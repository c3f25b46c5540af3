package pdfa

import "encoding/binary"

// readCharset reads which CID or name each glyph has.
func (f *cffFont) readCharset(at int) {
	n := len(f.glyphs)
	f.charset = make([]int, n)
	f.byCID, f.byName = map[int]int{0: 0}, map[string]int{}
	if at <= 2 && !f.cid {
		for g := range n { // a predefined charset: ISOAdobe is the standard strings in order; the expert ones are not known here
			f.charset[g] = g
		}
		if at > 0 {
			f.charset = make([]int, n)
		}
	} else if at <= 2 {
		for g := range n {
			f.charset[g] = g
		}
	} else {
		f.charsetAt(at)
	}
	for g, id := range f.charset {
		if f.cid {
			f.byCID[id] = g
		} else {
			f.byName[f.name(id)] = g
		}
	}
}

func (f *cffFont) charsetAt(at int) {
	b := f.src[at:]
	n := len(f.glyphs)
	format := b[0]
	b = b[1:]
	for g := 1; g < n; {
		first := int(binary.BigEndian.Uint16(b))
		left := 0
		switch format {
		case 0:
			b = b[2:]
		case 1:
			left = int(b[2])
			b = b[3:]
		default:
			left = int(binary.BigEndian.Uint16(b[2:]))
			b = b[4:]
		}
		for i := 0; i <= left && g < n; i++ {
			f.charset[g] = first + i
			g++
		}
	}
}

// name gives the string with the number: a standard one, else one of the font's own.
func (f *cffFont) name(sid int) string {
	if sid < len(cffStrings) {
		return cffStrings[sid]
	}
	if i := sid - len(cffStrings); i < len(f.strings) {
		return string(f.strings[i])
	}
	return ""
}

// readEncoding reads the font's own encoding; 0 is the standard one, 1 the expert one, which is not known here.
func (f *cffFont) readEncoding(at int) {
	f.encoding = map[int]int{}
	switch at {
	case 0:
		for code, name := range standardEncoding() {
			if g, ok := f.byName[name]; ok {
				f.encoding[code] = g
			}
		}
		return
	case 1:
		return
	}
	b := f.src[at:]
	n := int(b[1])
	switch b[0] & 0x7f {
	case 0:
		for i := range n {
			f.encoding[int(b[2+i])] = i + 1
		}
		b = b[2+n:]
	case 1:
		g := 1
		for i := range n {
			first, left := int(b[2+2*i]), int(b[3+2*i])
			for j := 0; j <= left; j++ {
				f.encoding[first+j] = g
				g++
			}
		}
		b = b[2+2*n:]
	}
	if f.src[at]&0x80 != 0 {
		for i := range int(b[0]) {
			s := b[1+3*i:]
			f.encoding[int(s[0])] = f.byName[f.name(int(binary.BigEndian.Uint16(s[1:])))]
		}
	}
}
