package pdfa

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// utf16be encodes a text as UTF-16, high byte first, with a byte order mark when asked.
func utf16be(s string, mark bool) []byte {
	b := make([]byte, 0, 2*len(s)+2)
	if mark {
		b = append(b, 0xfe, 0xff)
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}

func fromUTF16(b []byte, little bool) string {
	u := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		if little {
			u = append(u, uint16(b[i+1])<<8|uint16(b[i]))
		} else {
			u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
		}
	}
	return string(utf16.Decode(u))
}

// text gives the text of a text string object (ISO 32000-1, 7.9.2.2): UTF-16 or UTF-8 with a mark, else PDFDocEncoding.
func (d *document) text(o types.Object) (string, bool) {
	b, ok := d.bytesOf(o)
	if !ok {
		return "", false
	}
	return decodeText(b), true
}

func decodeText(b []byte) string {
	switch {
	case len(b) >= 2 && b[0] == 0xfe && b[1] == 0xff:
		return stripEscapes(fromUTF16(b[2:], false))
	case len(b) >= 2 && b[0] == 0xff && b[1] == 0xfe:
		return stripEscapes(fromUTF16(b[2:], true))
	case len(b) >= 3 && b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf && utf8.Valid(b):
		return string(b[3:])
	}
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(docEncoding(c))
	}
	return s.String()
}

// stripEscapes removes language escape sequences: U+001B, a language code, U+001B.
func stripEscapes(s string) string {
	for {
		i := strings.IndexRune(s, 0x1b)
		if i < 0 {
			return s
		}
		j := strings.IndexRune(s[i+1:], 0x1b)
		if j < 0 {
			return s[:i] + s[i+1:]
		}
		s = s[:i] + s[i+1+j+1:]
	}
}

// docHigh holds PDFDocEncoding's codes 0x80 to 0xA0 (ISO 32000-1, D.2).
var docHigh = []rune("•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\uFFFD€")

// docLow holds PDFDocEncoding's codes 0x18 to 0x1F.
var docLow = []rune("˘ˇˆ˙˝˛˚˜")

func docEncoding(c byte) rune {
	switch {
	case c >= 0x18 && c <= 0x1f:
		return docLow[c-0x18]
	case c >= 0x80 && c <= 0xa0:
		return docHigh[c-0x80]
	}
	return rune(c)
}
