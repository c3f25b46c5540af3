package pdfa

import (
	"context"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// perRule is how many places are reported for each failed rule; one is enough to lose the level.
const perRule = 10

// Check reads a PDF and reports its declared level, whether it declares PDF/UA-1, and the rules that fail at what it
// declares. A file that declares nothing is held against level 2b, so that the report says what keeps it from it. A level
// that this room does not check is named in the Reason. Only a file that cannot be read at all gives an error.
func Check(ctx context.Context, in io.ReadSeeker) (r Report, err error) {
	defer recoverInto(&err)
	d, err := read(ctx, in)
	if err != nil {
		return Report{}, err
	}
	if t := d.pageTree(false); t.wrong+t.left > 0 {
		return Report{}, &RefusedError{Code: "broken", Reason: fmt.Sprintf("the page tree is broken in %d places (ISO 32000-1, 7.7.3)", t.wrong+t.left)}
	}
	p := d.readXMP()
	level, ua := p.declared()
	r = Report{Level: level, UA: ua, Pages: len(d.pages)}
	switch level {
	case Level2B, Level2U, Level2A, Level3B, Level3U, Level3A:
	case LevelNone:
		r.Reason = "the file does not declare PDF/A"
	default:
		r.Reason = fmt.Sprintf("the file declares PDF/A-%s, which is not checked here", level)
	}
	defer d.unpackAhead()()
	s, err := d.scan(ctx)
	if err != nil {
		return Report{}, err
	}
	c := d.newChecker(s, level.part() == "3", ua)
	c.xDefault = p.xDefault
	if c.size, err = in.Seek(0, io.SeekEnd); err != nil {
		return Report{}, fmt.Errorf("pdfa: find the file's size: %w", err)
	}
	c.run()
	if err := c.raw(in); err != nil {
		return Report{}, err
	}
	if level != LevelNone {
		c.metadata(level)
	} else {
		c.metadata(Level2B)
	}
	r.Failed = atLevel(c.out, level)
	r.Partial = len(r.Failed) > 0
	return r, nil
}

// atLevel keeps the findings that a level asks for, and those on PDF/UA.
func atLevel(fs []Finding, level Level) []Finding {
	var kept []Finding
	for _, f := range fs {
		conf := level.conformance()
		if f.Level == "2u" && conf != "U" && conf != "A" || f.Level == "2a" && conf != "A" {
			continue
		}
		kept = append(kept, f)
	}
	return kept
}

// checker holds a document against the rules of ISO 19005-2 or -3 and ISO 14289-1. Each rule is a small method that
// reports what it finds; none stops the others.
type checker struct {
	d     *document
	s     *scanner
	t     *tree
	part3 bool
	ua    bool
	out   []Finding
	count map[rule]int
	// intent is the colour space of the PDF/A output intent: "RGB ", "CMYK", "GRAY", or empty.
	intent string
	fonts  map[*fontUse]*fontFacts

	files      []bookmark   // file specifications with embedded files
	associated map[int]bool // object numbers that an AF entry names
	packets    []int        // metadata streams
	size       int64        // of the file that is checked; 0 for one that is not written yet
	xDefault   bool         // the metadata has, or will have, texts without a language
}

// newChecker readies a check of the document as it would be written; s is what its content streams were seen to do.
func (d *document) newChecker(s *scanner, part3, ua bool) *checker {
	return &checker{
		d: d, s: s, t: d.readTree(), part3: part3, ua: ua, count: map[rule]int{}, fonts: map[*fontUse]*fontFacts{}, xDefault: true,
	}
}

// run runs every rule but those on the metadata, which are written last.
func (c *checker) run() {
	for _, f := range []func(){
		c.objects, c.intents, c.catalog, c.names, c.embedded, c.optionalContent, c.form,
		c.pages, c.outlines, c.streams, c.resources, c.usedFonts, c.glyphText,
		c.structure, c.languages,
	} {
		f()
	}
	if c.ua {
		c.accessible()
	}
}

// fail reports a failed rule.
func (c *checker) fail(r rule, object int, format string, args ...any) {
	c.count[r]++
	if c.count[r] <= perRule {
		c.out = append(c.out, r.finding(object, fmt.Sprintf(format, args...)))
	}
}

// reached says which levels the findings leave: the highest of part 2 or 3, and PDF/UA-1.
func reached(fs []Finding, part3 bool) (Level, bool) {
	b, u, a, ua := true, true, true, true
	for _, f := range fs {
		switch f.Level {
		case "2b", "3b":
			b = false
		case "2u":
			u = false
		case "2a":
			a = false
		case "ua1":
			ua = false
		}
	}
	part := "2"
	if part3 {
		part = "3"
	}
	switch {
	case !b:
		return LevelNone, ua
	case !u:
		return Level(part + "b"), ua
	case !a:
		return Level(part + "u"), ua
	}
	return Level(part + "a"), ua
}

// objects walks every object that the catalog and Info reach, holds it against the limits and the rules on streams, and
// keeps what further rules look for.
func (c *checker) objects() {
	c.files, c.associated, c.packets = nil, map[int]bool{}, nil
	w := c.d.walker(c.object)
	w.walk(*c.d.ctx.Root)
	if c.d.ctx.Info != nil {
		w.walk(*c.d.ctx.Info)
	}
	if w.n > 8388607 {
		c.fail(ruleIndirects, 0, "%d objects", w.n)
	}
}

// object holds one object against the limits of 6.1.13 and, for a stream, 6.1.7.
func (c *checker) object(num int, o types.Object) {
	switch v := o.(type) {
	case types.Integer:
		if v > 2147483647 || v < -2147483648 {
			c.fail(ruleInteger, num, "%d", v)
		}
	case types.Float:
		c.real(num, float64(v))
	case types.Name:
		if len(v) > 127 {
			c.fail(ruleName, num, "a name of %d bytes", len(v))
		}
	case types.StringLiteral, types.HexLiteral:
		c.text(num, o)
	case types.Dict:
		c.keep(num, v)
	case types.StreamDict:
		c.stream(num, &v)
	case *types.StreamDict:
		c.stream(num, v)
	}
}

// keep remembers file specifications and the files that are associated with something.
func (c *checker) keep(num int, v types.Dict) {
	if v["EF"] != nil && c.d.dict(v["EF"]) != nil {
		c.files = append(c.files, bookmark{num, v})
	}
	if v["AF"] == nil {
		return
	}
	c.associated[refNum(v["AF"])] = true
	for _, f := range c.d.array(v["AF"]) {
		c.associated[refNum(f)] = true
	}
}

func (c *checker) real(num int, f float64) {
	switch {
	case f > 3.403e38 || f < -3.403e38:
		c.fail(ruleReal, num, "%g", f)
	case f != 0 && f < 1.175e-38 && f > -1.175e-38:
		c.fail(ruleRealSmall, num, "%g", f)
	}
}

func (c *checker) text(num int, o types.Object) {
	n := 0
	switch v := o.(type) {
	case types.StringLiteral:
		if n = len(v); n > 32767 {
			b, _ := c.d.bytesOf(v)
			n = len(b)
		}
	case types.HexLiteral:
		n = (len(v) + 1) / 2
	}
	if n > 32767 {
		c.fail(ruleString, num, "a string of %d bytes", n)
	}
}

// stream holds a stream's dictionary against 6.1.7.
func (c *checker) stream(num int, sd *types.StreamDict) {
	c.keep(num, sd.Dict)
	if sd.Dict["Type"] != nil && c.d.name(sd.Dict["Type"]) == "Metadata" {
		c.packets = append(c.packets, num)
	}
	for _, k := range []string{"F", "FFilter", "FDecodeParms"} {
		if sd.Dict[k] != nil {
			c.fail(ruleExternal, num, "key %s", k)
		}
	}
	for _, f := range c.d.filters(sd.Dict) {
		switch f {
		case "ASCIIHexDecode", "ASCII85Decode", "FlateDecode", "RunLengthDecode", "CCITTFaxDecode", "JBIG2Decode", "DCTDecode", "JPXDecode":
		default:
			c.fail(ruleFilter, num, "filter %s", f)
		}
	}
}

// filters gives the names of a stream's filters.
func (d *document) filters(dict types.Dict) []string {
	switch f := d.get(dict["Filter"]).(type) {
	case types.Name:
		return []string{string(f)}
	case types.Array:
		var names []string
		for _, o := range f {
			names = append(names, d.name(o))
		}
		return names
	}
	return nil
}
