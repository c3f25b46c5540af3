package pdfa

// maxOutlineWord is how long a number in an outline may be; the limits of ISO 19005-2, 6.1.13 lie beyond.
const maxOutlineWord = 9

// outline takes what a glyph draws when its content is nothing but paths in the current colour (ISO 32000-1, 9.6.5), as those write it who turn fonts
// into drawings, and many of them. Of anything else it takes nothing, and run is to interpret it.
func (w *drawn) outline(content []byte) bool {
	o := outliner{painted: piece{start: -1}}
	operands, begin := 0, 0
	for pos := 0; pos < len(content); {
		c := content[pos]
		if c == ' ' || c == '\n' || c == '\r' {
			pos++
			continue
		}
		start := pos
		for pos < len(content) && !spaces[content[pos]] {
			pos++
		}
		word := content[start:pos]
		if operands == 0 {
			begin = start
		}
		if outlineNumber(word) {
			operands++
			continue
		}
		operands = 0
		if !o.operator(word, begin, pos) {
			return false
		}
	}
	if operands > 0 {
		return false
	}
	if o.painted.end > 0 {
		w.pieces = append(w.pieces, o.painted)
	}
	return true
}

// outliner knows how much of an outline is read.
type outliner struct {
	metrics bool // d1 has been, after which colours mean nothing
	painted piece
}

// operator takes an operator that stands with its operands from one place to another, and tells whether it belongs to an outline.
func (o *outliner) operator(word []byte, begin, end int) bool {
	switch string(word) {
	case "d1":
		first := !o.metrics
		o.metrics = true
		return first
	case "m", "l", "c", "v", "y", "h", "re":
	case "f", "F", "f*", "S", "s", "B", "B*", "b", "b*":
		o.painted.end = end
	default:
		return false
	}
	if o.painted.start < 0 {
		o.painted.start = begin
	}
	return o.metrics
}

// outlineNumber tells whether a word is a number of few digits.
func outlineNumber(b []byte) bool {
	if len(b) > maxOutlineWord {
		return false
	}
	digits, points := 0, 0
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		case c != '-' || i > 0:
			return false
		}
	}
	return digits > 0 && points <= 1
}
