package pdfa

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// operator interprets one operator of ISO 32000-1, Annex A.
func (in *interp) operator(t token) error {
	switch string(t.b) {
	case "m", "l", "c", "v", "y", "h", "re", "W", "W*":
		if in.begin < 0 {
			in.begin = in.opStart(t)
		}
	case "f", "F", "f*", "S", "s", "B", "B*", "b", "b*":
		in.paintPath(t)
	case "n":
		// A path that only clips paints nothing, but everything after it depends on it: it stays outside pieces.
		in.begin = -1
		in.openPiece = false
	case "q":
		in.saved = append(in.saved, in.gs)
		in.w.deep = max(in.w.deep, len(in.saved))
		in.openPiece = false
	case "Q":
		if n := len(in.saved); n > 0 {
			in.gs = in.saved[n-1]
			in.saved = in.saved[:n-1]
		}
		in.openPiece = false
	case "BT", "ET":
		in.openPiece = false
		in.inText = t.b[0] == 'B'
	case "BMC", "BDC":
		in.open(len(t.b) > 2 && t.b[1] == 'D')
	case "EMC":
		in.close()
	case "Do":
		return in.do(t)
	case "sh":
		in.paint(in.opStart(t), t.end, false, 0)
		in.resource("Shading", in.lastName())
	case "BI":
		in.inlineImage(t)
	default:
		if in.textOperator(t) || in.stateOperator(t) {
			return nil
		}
		return in.colourOperator(t)
	}
	return nil
}

func (in *interp) paintPath(t token) {
	start := in.opStart(t)
	if in.begin >= 0 {
		start = in.begin
	}
	in.begin = -1
	in.paint(start, t.end, false, 0)
}

// textOperator interprets the operators that choose a font or show text.
func (in *interp) textOperator(t token) bool {
	switch string(t.b) {
	case "Tj", "'", "\"", "TJ":
		in.show(t, in.ops...) // of two strings before one Tj readers show the first or the last
	case "Tf":
		if a := in.arg(1); a.kind == tokName {
			in.gs.font = in.s.font(in.resource("Font", a.name()))
		}
	case "Tr":
		in.gs.mode = int(in.arg(0).num)
	case "Tc", "Td", "TD", "TL", "Tm", "Ts", "Tw", "Tz", "T*":
	default:
		return false
	}
	return true
}

// show notes the strings of an operator that shows text.
func (in *interp) show(t token, strings ...token) {
	in.paint(in.opStart(t), t.end, true, 0)
	in.private = false
	for _, s := range strings {
		if s.kind == tokString || s.kind == tokHex {
			in.glyphs(s)
		}
	}
	if in.private {
		in.w.private = append(in.w.private, privateOp{in.opStart(t), t.end, in.cur.mcid, in.gs.font.textOf(strings)})
	}
}

// stateOperator interprets the operators that set the graphics state.
func (in *interp) stateOperator(t token) bool {
	switch string(t.b) {
	case "cm", "d", "i", "j", "J", "M", "w", "MP", "DP", "BX", "EX", "d0":
	case "d1":
		in.colourless = true
	case "ri":
		if !in.colourless {
			if n := in.lastName(); !validIntent(n) {
				in.fix(ruleIntent, "ri "+n, edit{start: in.opStart(t), end: t.end, order: editReplace})
			}
		}
	case "gs":
		in.extGState(in.s.d.dict(in.resource("ExtGState", in.lastName())))
	default:
		return false
	}
	return true
}

// colourOperator interprets the operators that set a colour; what is none of them is undefined.
func (in *interp) colourOperator(t token) error {
	switch string(t.b) {
	case "g", "G":
		in.device(useGray)
	case "rg", "RG":
		in.device(useRGB)
	case "k", "K":
		in.device(useCMYK)
	case "cs", "CS":
		return in.colourSpace(in.lastName())
	case "sc", "SC":
	case "scn", "SCN":
		if n := in.lastName(); n != "" {
			return in.pattern(in.resource("Pattern", n))
		}
	default:
		word := string(t.b[:min(len(t.b), 20)])
		in.fix(ruleOperator, "operator "+word, edit{start: in.opStart(t), end: t.end, order: editReplace})
	}
	return nil
}

func (in *interp) device(u deviceUse) {
	if !in.colourless {
		in.w.device |= u
	}
}

func (in *interp) colourSpace(name string) error {
	if in.colourless {
		return nil
	}
	switch name {
	case "DeviceGray":
		in.device(useGray)
	case "DeviceRGB":
		in.device(useRGB)
	case "DeviceCMYK":
		in.device(useCMYK)
	case "Pattern":
	default:
		in.resource("ColorSpace", name)
	}
	return nil
}

// extGState takes over the font of a graphics state dictionary and notes transparency.
func (in *interp) extGState(gs types.Dict) {
	if a := in.s.d.array(gs["Font"]); len(a) > 0 {
		in.gs.font = in.s.font(a[0])
	}
	if gs == nil {
		return
	}
	for _, k := range []string{"ca", "CA"} {
		if v, ok := in.s.d.num(gs[k]); ok && v < 1 {
			in.w.blended = true
		}
	}
	if mask := in.s.d.dict(gs["SMask"]); mask != nil {
		in.w.blended = true
		// A failure to read the mask shows as a missing stream in the check.
		if w, _ := in.s.form(mask["G"], kindForm, in.w.res, nil); w != nil {
			w.kind = kindPattern // not real content: nothing in it is tagged
		}
	}
	if bm := in.s.d.name(gs["BM"]); bm != "" && bm != "Normal" && bm != "Compatible" {
		in.w.blended = true
	}
}

// pattern reads a tiling pattern's content.
func (in *interp) pattern(ref types.Object) error {
	p := in.s.d.dict(ref)
	if p == nil {
		return nil
	}
	if n, _ := in.s.d.integer(p["PatternType"]); n == 1 && in.gs.nest < maxNesting {
		_, err := in.s.form(ref, kindPattern, in.w.res, &gstate{nest: in.gs.nest + 1})
		return err
	}
	in.extGState(in.s.d.dict(p["ExtGState"]))
	return nil
}

// do draws an XObject.
func (in *interp) do(t token) error {
	name := in.lastName()
	ref := in.resource("XObject", name)
	x := in.s.d.dict(ref)
	if x == nil {
		return nil
	}
	c := call{name: name, num: refNum(ref), mcid: in.cur.mcid, artifact: in.cur.artifact}
	if in.s.d.name(x["Subtype"]) != "Form" {
		in.w.calls = append(in.w.calls, c)
		in.w.blended = in.w.blended || in.s.d.dict(x["SMask"]) != nil
		in.paint(in.opStart(t), t.end, false, 0)
		return nil
	}
	c.form = true
	in.w.calls = append(in.w.calls, c)
	if in.gs.nest >= maxNesting {
		return nil
	}
	from := in.gs
	from.nest++
	w, err := in.s.form(ref, kindForm, in.w.res, &from)
	if err != nil || w == nil {
		return err
	}
	in.w.blended = in.w.blended || w.blended || in.s.d.name(in.s.d.dict(x["Group"])["S"]) == "Transparency"
	if len(w.pieces) > 0 {
		// What the form leaves untagged takes the tag of where it is drawn.
		in.paint(in.opStart(t), t.end, w.paintsText(), c.num)
	}
	return nil
}

// paintsText tells whether untagged text is among what was drawn.
func (w *drawn) paintsText() bool {
	for _, p := range w.pieces {
		if p.text {
			return true
		}
	}
	return false
}
