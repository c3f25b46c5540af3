package pdfa

import (
	"bytes"
	"fmt"
	"io"
	"regexp"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// rawChecker holds a file's bytes against the rules of 6.1 that a parser does not see any more: header, end, spacing of
// objects, ends of line around streams, hexadecimal strings.
type rawChecker struct {
	*checker
	in   io.ReadSeeker
	size int64
}

var headerPattern = regexp.MustCompile(`^%PDF-1\.[0-7][\r\n]`)

// raw reads the file again and reports what fails.
func (c *checker) raw(in io.ReadSeeker) error {
	size, err := in.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("pdfa: find the file's size: %w", err)
	}
	r := &rawChecker{checker: c, in: in, size: size}
	r.head()
	r.tail()
	r.sections()
	for _, n := range c.d.numbers() {
		e := c.d.ctx.Table[n]
		if e.Offset != nil && *e.Offset > 0 && !e.Compressed && e.ObjectStream == nil {
			r.object(n, *e.Offset)
		}
	}
	r.packed()
	if !r.hasID() {
		c.fail(ruleID, 0, "the trailer has no ID")
	}
	return nil
}

func (r *rawChecker) hasID() bool {
	for _, o := range r.d.ctx.ID {
		if b, ok := r.d.bytesOf(o); ok && len(b) > 0 {
			return true
		}
	}
	return false
}

// at reads up to n bytes from an offset.
func (r *rawChecker) at(off int64, n int) []byte {
	if off < 0 || off >= r.size {
		return nil
	}
	if _, err := r.in.Seek(off, io.SeekStart); err != nil {
		return nil
	}
	b := make([]byte, min(int64(n), r.size-off))
	m, _ := io.ReadFull(r.in, b)
	return b[:m]
}

func isEOL(c byte) bool { return c == '\n' || c == '\r' }

// head holds the header against 6.1.2.
func (r *rawChecker) head() {
	b := r.at(0, 64)
	if !headerPattern.Match(b) {
		r.fail(ruleHeader, 0, "it begins with %q", b[:min(len(b), 10)])
		return
	}
	b = b[8:]
	if b[0] == '\r' && len(b) > 1 && b[1] == '\n' {
		b = b[1:]
	}
	b = b[1:]
	if len(b) < 5 || b[0] != '%' || b[1] < 128 || b[2] < 128 || b[3] < 128 || b[4] < 128 {
		r.fail(ruleHeaderBytes, 0, "the header is followed by %q", b[:min(len(b), 8)])
	}
}

// tail holds the end of the file against 6.1.3.
func (r *rawChecker) tail() {
	b := r.at(max(0, r.size-1024), 1024)
	i := bytes.LastIndex(b, []byte("%%EOF"))
	if i < 0 {
		r.fail(ruleAfterEnd, 0, "there is no %%%%EOF in the last 1,024 bytes")
		return
	}
	rest := b[i+5:]
	switch string(rest) {
	case "", "\n", "\r", "\r\n":
	default:
		r.fail(ruleAfterEnd, 0, "%d bytes follow", len(rest))
	}
}

// sections follows the cross-reference tables and holds each against 6.1.4.
func (r *rawChecker) sections() {
	b := r.at(max(0, r.size-2048), 2048)
	i := bytes.LastIndex(b, []byte("startxref"))
	if i < 0 {
		return
	}
	l := lexer{src: b[i+9:]}
	at := int64(l.next().num)
	for n := 0; at > 0 && n < 1000; n++ {
		at = r.section(at)
	}
}

// section checks one table and gives the offset of the one before it.
func (r *rawChecker) section(at int64) int64 {
	b := r.at(at, 1<<20)
	for len(b) > 0 && spaces[b[0]] {
		b = b[1:]
	}
	if !bytes.HasPrefix(b, []byte("xref")) {
		return 0 // a cross-reference stream is an object like any other
	}
	rest := b[4:]
	switch {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		rest = rest[2:]
	case len(rest) > 0 && isEOL(rest[0]):
		rest = rest[1:]
	default:
		rest = nil
	}
	if len(rest) == 0 || rest[0] < '0' || rest[0] > '9' {
		r.fail(ruleXref, 0, "the table at byte %d", at)
	}
	if i := bytes.Index(b, []byte("trailer")); i > 0 {
		l := lexer{src: b[i+7:]}
		for t := l.next(); t.kind != tokEnd && string(t.b) != "startxref"; t = l.next() {
			if t.kind == tokName && string(t.b) == "Prev" {
				return int64(l.next().num)
			}
		}
	}
	return 0
}

// object holds one object's spacing against 6.1.9, its strings against 6.1.6, and its stream against 6.1.7.1.
func (r *rawChecker) object(num int, off int64) {
	for window := 1 << 12; ; window <<= 3 {
		b := r.at(off-1, window)
		done, ok := r.objectIn(num, off-1, b)
		if done || window > 64<<20 || len(b) < window {
			if !ok {
				r.fail(ruleSpacing, num, "object at byte %d", off)
			}
			return
		}
	}
}

// objectIn reads an object from a window that begins one byte before it; done is false when the window is too short.
func (r *rawChecker) objectIn(num int, base int64, b []byte) (done, ok bool) {
	i := 1
	for i < len(b) && spaces[b[i]] {
		i++
	}
	if i >= len(b) {
		return false, false
	}
	ok = isEOL(b[i-1])
	l := lexer{src: b, pos: i}
	n, g := l.next(), l.next()
	oneSpace := g.start == n.end+1
	word := l.next()
	oneSpace = oneSpace && word.start == g.end+1
	if word.kind != tokWord || !bytes.HasPrefix(word.b, []byte("obj")) || n.kind != tokNumber {
		return len(b) > 64, true // not at an object: the table was repaired, and the offset is not to be trusted
	}
	l.pos = word.start + 3
	ok = ok && oneSpace && l.pos < len(b) && isEOL(b[l.pos])
	depth, length := 0, int64(-1)
	for {
		t := l.next()
		switch {
		case t.kind == tokDict:
			depth++
		case t.kind == tokUndict:
			depth--
		case t.kind == tokName && depth == 1 && string(t.b) == "Length":
			at := l.pos
			length = r.length(&l)
			l.pos = at
		case t.kind == tokEnd || t.end >= len(b) && int64(len(b)) < r.size-base:
			return false, ok
		case t.kind == tokHex:
			r.hexString(num, t)
		case t.kind == tokWord && string(t.b) == "stream":
			return true, r.streamAt(num, base+int64(t.end), length) && ok
		case t.kind == tokWord && bytes.HasPrefix(t.b, []byte("endobj")):
			after := t.start + 6
			return true, ok && isEOL(b[t.start-1]) && (after >= len(b) || isEOL(b[after]))
		}
	}
}

func (r *rawChecker) hexString(num int, t token) {
	digits := 0
	for _, c := range t.b {
		if isHex(c) {
			digits++
		} else if !spaces[c] {
			r.fail(ruleHexDigits, num, "a string with %q", c)
			return
		}
	}
	if digits%2 == 1 {
		r.fail(ruleHexEven, num, "a string of %d digits", digits)
	}
}

// streamAt holds a stream's ends of line and length against 6.1.7.1; at is behind the keyword. It tells whether endobj
// stands on a line of its own.
func (r *rawChecker) streamAt(num int, at, length int64) bool {
	b := r.at(at, 2)
	switch {
	case bytes.HasPrefix(b, []byte("\r\n")):
		at += 2
	case bytes.HasPrefix(b, []byte("\n")):
		at++
	default:
		r.fail(ruleStreamEOL, num, "stream is followed by %q", b)
	}
	if length < 0 {
		r.fail(ruleLength, num, "Length is missing")
		return true
	}
	b = r.at(at+length-2, 64)
	i := 2
	for i < len(b) && spaces[b[i]] {
		i++
	}
	if !bytes.HasPrefix(b[min(i, len(b)):], []byte("endstream")) {
		r.fail(ruleLength, num, "Length is %d, and endstream is not there", length)
		return true
	}
	actual := int64(i - 2)
	switch {
	case b[i-1] == '\n' && b[i-2] == '\r' && actual > 1:
		actual -= 2
	case isEOL(b[i-1]):
		actual--
	default:
		r.fail(ruleStreamEOL, num, "endstream is not preceded by an end of line")
	}
	if actual != 0 {
		r.fail(ruleLength, num, "Length is %d, and the stream has %d bytes", length, length+actual)
	}
	l := lexer{src: b, pos: i + 9}
	t := l.next()
	after := t.start + 6
	return t.kind != tokWord || isEOL(b[t.start-1]) && (after >= len(b) || isEOL(b[after]))
}

// length reads the value of a Length entry as the file has it; -1 when it is no number.
func (r *rawChecker) length(l *lexer) int64 {
	v, g, ref := l.next(), l.next(), l.next()
	if v.kind != tokNumber {
		return -1
	}
	if g.kind != tokNumber || string(ref.b) != "R" {
		return int64(v.num)
	}
	n, ok := r.d.integer(*types.NewIndirectRef(int(v.num), 0))
	if !ok {
		return -1
	}
	return int64(n)
}

// packed holds the strings in object streams against 6.1.6.
func (r *rawChecker) packed() {
	for _, n := range r.d.numbers() {
		osd, ok := r.d.object(n).(types.ObjectStreamDict)
		if !ok {
			continue
		}
		b, err := r.d.decode(&osd.StreamDict, n, maxDecodeBytes)
		if err != nil {
			continue
		}
		l := lexer{src: b}
		for t := l.next(); t.kind != tokEnd; t = l.next() {
			if t.kind == tokHex {
				r.hexString(n, t)
			}
		}
	}
}
