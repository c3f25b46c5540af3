package pdfa

import (
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// maxOperands is how many operands are kept for an operator; TJ arrays can be long, but not longer than this in sense.
const maxOperands = 1 << 16

// maxNesting is how deep forms may draw forms.
const maxNesting = 28

// gstate is the part of the graphics state that the rules ask for.
type gstate struct {
	font *fontUse
	mode int // text rendering mode
	nest int // how deep the forms are nested
}

// mark is one open marked-content sequence, with what the ones around it say.
type mark struct {
	mcid     int // nearest; -1 for none
	artifact bool
	actual   bool // ActualText here or around
	lang     bool // Lang here or around
	texts    bool // ActualText, Alt or E here
}

// interp interprets one content stream.
type interp struct {
	s     *scanner
	w     *drawn
	lex   lexer
	ops   []token
	gs    gstate
	saved []gstate
	marks []mark
	cur   mark
	// begin is where the graphics object under construction begins; -1 outside one.
	begin  int
	inText bool
	// colours: nothing is counted in uncoloured patterns and d1 glyphs, where operators that set colours mean nothing
	colourless bool
	// private tells that the operator at hand shows private characters.
	private bool
	// openPiece tells that the last piece can grow: no structural operator since.
	openPiece bool
}

// run interprets what was drawn. The graphics state is inherited from where a form is drawn.
func (s *scanner) run(w *drawn, content []byte, from *gstate) error {
	in := &interp{s: s, w: w, lex: lexer{src: content}, begin: -1, cur: mark{mcid: -1}}
	if from != nil {
		in.gs = *from
	}
	if w.kind == kindPattern {
		if n, _ := s.d.integer(w.dict["PaintType"]); n == 2 {
			in.colourless = true
		}
	}
	for n := 0; ; n++ {
		if n&0xffff == 0xffff {
			if err := s.ctx.Err(); err != nil {
				return err
			}
		}
		t := in.lex.next()
		switch {
		case t.kind == tokEnd:
			return nil
		case t.kind == tokWord && !isConstant(t.b):
			if err := in.operator(t); err != nil {
				return err
			}
			in.ops = in.ops[:0]
		case len(in.ops) < maxOperands:
			in.ops = append(in.ops, t)
			in.limits(t)
		}
	}
}

func isConstant(b []byte) bool {
	switch string(b) {
	case "true", "false", "null":
		return true
	}
	return false
}

// limits holds an operand against ISO 19005-2, 6.1.13.
func (in *interp) limits(t token) {
	switch t.kind {
	case tokNumber:
		switch {
		case t.whole && (t.num > 2147483647 || t.num < -2147483648):
			in.fix(ruleInteger, fmt.Sprintf("%.0f in a content stream", t.num), t.as(string(appendReal(nil, t.num))))
		case !t.whole && (t.num > 3.403e38 || t.num < -3.403e38):
			in.fix(ruleReal, fmt.Sprintf("%g in a content stream", t.num), t.as(string(appendReal(nil, t.num))))
		case !t.whole && t.num != 0 && t.num < 1.175e-38 && t.num > -1.175e-38:
			in.fix(ruleRealSmall, fmt.Sprintf("%g in a content stream", t.num), t.as("0"))
		}
	case tokName:
		if len(t.b) > 127 && len(t.name()) > 127 {
			in.found(ruleName, "a name in a content stream")
		}
	case tokString:
		if len(t.b) > 32767 && len(t.bytes(nil)) > 32767 {
			in.found(ruleString, fmt.Sprintf("a string of %d bytes in a content stream", len(t.b)))
		}
	case tokHex:
		in.hexLimits(t)
	}
}

func (in *interp) hexLimits(t token) {
	digits := 0
	for _, c := range t.b {
		switch {
		case isHex(c):
			digits++
		case !spaces[c]:
			in.fix(ruleHexDigits, "a string in a content stream", t.as(fmt.Sprintf("<%x>", t.bytes(nil))))
			return
		}
	}
	if digits%2 == 1 {
		in.fix(ruleHexEven, "a string in a content stream", t.as(fmt.Sprintf("<%x>", t.bytes(nil))))
	}
	if digits > 2*32767 {
		in.found(ruleString, fmt.Sprintf("a string of %d bytes in a content stream", digits/2))
	}
}

// found records a failed rule; each rule once a stream is enough.
func (in *interp) found(r rule, text string) {
	for _, f := range in.w.findings {
		if f.Clause == r.clause && f.Test == r.test {
			return
		}
	}
	in.w.findings = append(in.w.findings, r.finding(in.w.num, text))
}

// fix records a failed rule with the edit that mends it.
func (in *interp) fix(r rule, text string, e edit) {
	in.w.fixes = append(in.w.fixes, e)
	for _, f := range in.w.mendable {
		if f.Clause == r.clause && f.Test == r.test {
			return
		}
	}
	in.w.mendable = append(in.w.mendable, r.finding(in.w.num, text))
}

// resource looks a name up in a category of the resources and notes where it was found.
func (in *interp) resource(category, name string) types.Object {
	o := in.s.d.dict(in.w.res[category])[name]
	if in.s.d.get(o) == nil { // a reference to null is none (ISO 32000-1, 7.3.9)
		// Some readers look further, in the page around; what is found there is not the stream's own.
		if o = in.s.d.dict(in.w.outer[category])[name]; in.s.d.get(o) != nil {
			in.w.inherited = appendNew(in.w.inherited, name)
			in.w.lent = append(in.w.lent, lentResource{category, name, o})
		}
		return o
	}
	if !in.w.own {
		in.w.inherited = appendNew(in.w.inherited, name)
	}
	return o
}

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// arg gives the i-th operand from the end, 0 for the last.
func (in *interp) arg(i int) token {
	if i >= len(in.ops) {
		return token{}
	}
	return in.ops[len(in.ops)-1-i]
}

// lastName gives the last operand when it is a name.
func (in *interp) lastName() string {
	if t := in.arg(0); t.kind == tokName {
		return t.name()
	}
	return ""
}

// opStart is where the operator's operands begin.
func (in *interp) opStart(t token) int {
	if len(in.ops) > 0 {
		return in.ops[0].start
	}
	return t.start
}
