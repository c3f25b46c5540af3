package pdfa

import "bytes"

// paint notes something painted: in its marked-content sequence, or as a piece outside all of them.
func (in *interp) paint(start, end int, text bool, form int) {
	switch {
	case in.cur.artifact:
	case in.cur.mcid >= 0:
		m := in.w.marks[in.cur.mcid]
		m.paints = true
		m.lang = m.lang || in.cur.lang
		m.text = m.text || text
	case in.openPiece && form == 0 && len(in.w.pieces) > 0:
		p := &in.w.pieces[len(in.w.pieces)-1]
		p.end = end
		p.text = p.text || text
	default:
		in.w.pieces = append(in.w.pieces, piece{start: start, end: end, text: text, form: form})
		in.openPiece = form == 0
	}
}

// open begins a marked-content sequence; BDC has a property list.
func (in *interp) open(props bool) {
	in.openPiece = false
	in.marks = append(in.marks, in.cur)
	tag := in.arg(0)
	if props {
		in.cur = in.properties()
		for _, t := range in.ops {
			if t.kind == tokName {
				tag = t
				break
			}
		}
	}
	own := in.cur.mcid
	outer := in.marks[len(in.marks)-1]
	if own < 0 {
		in.cur.mcid = outer.mcid
	}
	in.cur.actual = in.cur.actual || outer.actual
	in.cur.lang = in.cur.lang || outer.lang
	in.cur.artifact = outer.artifact
	if string(tag.b) == "Span" && in.cur.texts && !in.cur.lang && !outer.artifact {
		in.w.spans++
	}
	if string(tag.b) == "Artifact" {
		if outer.mcid >= 0 {
			in.w.artifactInTag++
		}
		in.cur.artifact = true
	}
	if own >= 0 {
		if in.cur.artifact {
			in.w.tagInArtifact++
		}
		m := in.w.marks[own]
		if m == nil {
			m = &markUse{}
			in.w.marks[own] = m
		}
		m.times++
	}
}

// properties reads a property list: its MCID, -1 for none, and which texts it has.
func (in *interp) properties() mark {
	m := mark{mcid: -1}
	if last := in.arg(0); last.kind == tokName {
		p := in.s.d.dict(in.resource("Properties", last.name()))
		if n, ok := in.s.d.integer(p["MCID"]); ok {
			m.mcid = n
		}
		for _, k := range []string{"ActualText", "Alt", "E", "Lang"} {
			if b, ok := in.s.d.bytesOf(p[k]); ok {
				in.property(&m, k, b)
			}
		}
		return m
	}
	depth := 0
	for i, t := range in.ops {
		switch {
		case t.kind == tokDict:
			depth++
		case t.kind == tokUndict:
			depth--
		case depth == 1 && t.kind == tokName && i+1 < len(in.ops):
			v := in.ops[i+1]
			if string(t.b) == "MCID" && v.kind == tokNumber {
				m.mcid = int(v.num)
			}
			if v.kind == tokString || v.kind == tokHex {
				in.property(&m, string(t.b), v.bytes(nil))
			}
		}
	}
	return m
}

// property notes a text of a property list.
func (in *interp) property(m *mark, key string, value []byte) {
	switch key {
	case "ActualText":
		m.actual, m.texts = true, true
	case "Alt", "E":
		m.texts = true
	case "Lang":
		m.lang = true
		in.lang(decodeText(value))
	}
}

func (in *interp) lang(s string) {
	if langPattern.MatchString(s) {
		return
	}
	in.found(ruleUALang, "Lang "+s+" in a content stream")
	if s != "" {
		in.found(ruleLang, "Lang "+s+" in a content stream")
	}
}

// close ends a marked-content sequence.
func (in *interp) close() {
	in.openPiece = false
	if n := len(in.marks); n > 0 {
		in.cur = in.marks[n-1]
		in.marks = in.marks[:n-1]
	}
}

// inlineImage reads an inline image (ISO 32000-1, 8.9.7) and moves past its data.
func (in *interp) inlineImage(bi token) {
	var key string
	array := false
	for {
		t := in.lex.next()
		switch {
		case t.kind == tokEnd:
			return
		case t.kind == tokWord && string(t.b) == "ID":
			in.skipImageData()
			in.paint(bi.start, in.lex.pos, false, 0)
			return
		case key == "" && t.kind == tokName:
			key = t.name()
			continue
		case t.kind == tokOpen, t.kind == tokClose:
			array = t.kind == tokOpen
		default:
			in.inlineEntry(key, t)
		}
		if !array {
			key = ""
		}
	}
}

// inlineEntry holds an entry of an inline image's dictionary against the rules.
func (in *interp) inlineEntry(key string, t token) {
	switch key {
	case "F", "Filter":
		if t.kind != tokName {
			return
		}
		switch t.name() {
		case "ASCIIHexDecode", "ASCII85Decode", "FlateDecode", "RunLengthDecode", "CCITTFaxDecode", "DCTDecode",
			"AHx", "A85", "Fl", "RL", "CCF", "DCT":
		default:
			in.found(ruleInlineFilter, "filter "+t.name())
		}
	case "I", "Interpolate":
		if string(t.b) == "true" {
			in.fix(ruleInterpolate, "an inline image", t.as("false"))
		}
	case "CS", "ColorSpace":
		switch t.name() {
		case "G", "DeviceGray":
			in.device(useGray)
		case "RGB", "DeviceRGB":
			in.device(useRGB)
		case "CMYK", "DeviceCMYK":
			in.device(useCMYK)
		}
	case "Intent":
		if n := t.name(); !validIntent(n) {
			in.fix(ruleIntent, "intent "+n+" of an inline image", t.as("/RelativeColorimetric"))
		}
	}
}

// skipImageData moves past the data of an inline image: to an EI between white space that is followed by text, not data.
func (in *interp) skipImageData() {
	l := &in.lex
	if l.pos < len(l.src) {
		l.pos++ // the one white space after ID
	}
	for from := l.pos; ; {
		i := bytes.Index(l.src[from:], []byte("EI"))
		if i < 0 {
			l.pos = len(l.src)
			return
		}
		at := from + i
		from = at + 2
		if at > 0 && !spaces[l.src[at-1]] || from < len(l.src) && !spaces[l.src[from]] {
			continue
		}
		if plain(l.src[from:min(from+16, len(l.src))]) {
			l.pos = from
			return
		}
	}
}

// plain tells whether bytes can be the text of a content stream.
func plain(b []byte) bool {
	for _, c := range b {
		if c > 0x7e || c < ' ' && !spaces[c] || c == 0 {
			return false
		}
	}
	return true
}
