package pdfa

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// widthsApart is how far the width of a character in the file and that of the substitute may lie from each other, in thousandths of the size:
// less than anybody sees. Beyond it the file means another font than its name says.
const widthsApart = 20

// substituteFonts gives the fonts that are shown and not carried a font of the machine with the same widths (ISO 19005-2, 6.2.11.4.1). The text
// stays where it is; how its letters look can differ, so it is reported as visible. A font that has no such substitute stays as it is.
func (d *document) substituteFonts(s *scanner, dirs []string) {
	if len(dirs) == 0 {
		return
	}
	for _, f := range s.allFonts() {
		if !f.visible() || f.subtype == "Type3" {
			continue
		}
		ff := d.openFont(f)
		if ff.file != nil {
			continue // a broken program may have been anything
		}
		name := d.name(f.dict["BaseFont"])
		sub, why := "", "only the font itself knows which characters a composite font shows"
		if !f.wide {
			sub, why = d.substitute(ff, name, dirs)
		}
		if why != "" {
			d.unreplaced = append(d.unreplaced, fmt.Sprintf("font %s is not replaced: %s", name, why))
			continue
		}
		what := fmt.Sprintf("font %s, which the file does not carry, replaced by %s, which has the same widths", name, sub)
		d.note(what, "ISO 19005-2, 6.2.11.4.1", 1, true)
		c := &d.changed[slices.IndexFunc(d.changed, func(c Change) bool { return c.What == what })]
		c.Font, c.ReplacedBy = name, sub
	}
}

// substitute replaces one font and gives the name of the one that stands for it, or why there is none.
func (d *document) substitute(ff *fontFacts, name string, dirs []string) (sub, why string) {
	known, ok := substituteFor(name)
	if !ok {
		return "", "no other font is known to have its widths"
	}
	program := readFont(findFont(dirs, known.file))
	if program == nil {
		return "", fmt.Sprintf("%s, which has its widths, is not on this machine", known.name)
	}
	put := d.putText
	if ff.signs() {
		put = d.putSigns
	}
	return known.name, put(ff, program)
}

// signs tells whether the font is one of the two standard fonts of signs.
func (ff *fontFacts) signs() bool {
	name, _ := ff.use.dict["BaseFont"].(types.Name)
	_, ok := signFonts[string(bytes.ToLower([]byte(name)))]
	return ok
}

// plainName gives the glyph name of a code of a Latin font that the file does not carry; empty when the file leaves it to the font.
func (ff *fontFacts) plainName(code int) string {
	if n := ff.name(code); n != "" {
		return n
	}
	n := standardEncoding()[code]
	if ff.use.subtype == "TrueType" && n != winAnsi()[code] {
		return "" // readers differ in which of the two they take
	}
	return n
}

// putText embeds a TrueType font, with WinAnsiEncoding and the differences that the codes need. Why not, and nothing changed, when a character
// is missing or of another width.
func (d *document) putText(ff *fontFacts, program []byte) (why string) {
	tt := parseTrueType(program)
	if tt == nil || !tt.mayEmbed() {
		return "the substitute on this machine cannot be embedded"
	}
	if ff.symbolic && !ff.encoded {
		return "the file does not say which characters it shows"
	}
	used := map[rune]int{}
	widths := map[int]float64{}
	var differences types.Array
	for _, code := range ff.use.codes() {
		name := ff.plainName(code)
		r, ok := glyphRune(name)
		if !ok {
			return fmt.Sprintf("the file does not say which character code %d shows", code)
		}
		gid := tt.unicodeGlyph(r)
		if gid == 0 {
			return fmt.Sprintf("the substitute does not have %q", r)
		}
		if !d.fits(ff, code, tt.width(gid)) {
			return fmt.Sprintf("%q is %.0f wide in the file and %.0f in the substitute", r, ff.declaredWidth(d, code), tt.width(gid))
		}
		used[r], widths[code] = gid, tt.width(gid)
		if winAnsi()[code] != name {
			differences = append(differences, types.Integer(code), types.Name(name))
		}
	}
	subset := tt.subset(used)
	if subset == nil {
		return "the substitute on this machine cannot be embedded"
	}
	f := ff.use.dict
	f["Encoding"] = types.Name("WinAnsiEncoding")
	if differences != nil {
		f["Encoding"] = types.Dict{"Type": types.Name("Encoding"), "BaseEncoding": types.Name("WinAnsiEncoding"), "Differences": differences}
	}
	ff.use.subtype = "TrueType"
	f["Subtype"] = types.Name("TrueType")
	box, ascent, descent, capHeight, italic, fixed := tt.descriptor()
	flags := 32
	if fixed {
		flags |= 1
	}
	if italic != 0 {
		flags |= 64
	}
	d.describeFont(ff, subset, types.Dict{
		"Flags": types.Integer(flags), "FontBBox": types.NewIntegerArray(box[0], box[1], box[2], box[3]), "Ascent": types.Integer(ascent),
		"Descent": types.Integer(descent), "CapHeight": types.Integer(capHeight), "ItalicAngle": types.Float(italic), "StemV": types.Integer(80),
		"FontFile2": d.addStream(types.Dict{"Length1": types.Integer(len(subset))}, subset),
	}, tt.postScriptName())
	d.giveWidths(ff, widths)
	return ""
}

// unicodeGlyph gives the glyph of a character; 0 when there is none.
func (f *trueType) unicodeGlyph(r rune) int {
	m := f.cmap(3, 1)
	if m == nil {
		return 0
	}
	return m.glyph(int(r))
}

// fits tells whether the width that the file has for a code is that of the substitute; a standard font's file may have none.
func (d *document) fits(ff *fontFacts, code int, width float64) bool {
	if d.array(ff.use.dict["Widths"]) == nil || ff.use.flags(code)&shownVisible == 0 {
		return true
	}
	return math.Abs(ff.declaredWidth(d, code)-width) <= widthsApart
}

// putSigns embeds a Type 1 font with the same glyphs under the same names. Why not, and nothing changed, when one is missing or of another
// width.
func (d *document) putSigns(ff *fontFacts, program []byte) (why string) {
	t1 := parseType1(program)
	start := bytes.Index(program, []byte("eexec"))
	if t1 == nil || start < 0 || program[0] == 0x80 || ff.use.subtype != "Type1" {
		return "the substitute on this machine cannot be embedded"
	}
	widths, uni, why := d.signWidths(ff, t1)
	if why != "" {
		return why
	}
	if len(uni) > 0 && ff.use.unicode == nil {
		ff.use.unicode = &cmap{uni: uni}
		ff.use.dict["ToUnicode"] = d.addStream(types.Dict{}, ff.use.unicode.file(false))
	}
	clear1 := start + len("eexec\n")
	tail := len(program)
	if i := bytes.LastIndex(program, []byte("cleartomark")); i > clear1 {
		for tail = i; tail > clear1 && (program[tail-1] == '0' || spaces[program[tail-1]]); tail-- {
			continue
		}
	}
	d.describeFont(ff, program, types.Dict{
		"Flags": types.Integer(4), "FontBBox": t1Box(program), "Ascent": types.Integer(800), "Descent": types.Integer(-200),
		"CapHeight": types.Integer(700), "ItalicAngle": types.Integer(0), "StemV": types.Integer(80),
		"FontFile": d.addStream(types.Dict{
			"Length1": types.Integer(clear1), "Length2": types.Integer(tail - clear1), "Length3": types.Integer(len(program) - tail),
		}, program),
	}, d.name(ff.use.dict["BaseFont"]))
	d.giveWidths(ff, widths)
	return ""
}

// signWidths gives the widths and, where they are known, the characters of the signs that are shown; why the program does not do when one is
// missing or of another width.
func (d *document) signWidths(ff *fontFacts, t1 *type1Font) (widths map[int]float64, uni map[int]string, why string) {
	widths, uni = map[int]float64{}, map[int]string{}
	for _, code := range ff.use.codes() {
		name := ff.name(code)
		if name == "" {
			name = t1.codeName(code)
		}
		if r, ok := t1.dingbatRune(name); ok {
			uni[code] = string(utf16be(string(r), false))
		}
		w, ok := t1.widths[name]
		if !ok || name == ".notdef" {
			return nil, nil, fmt.Sprintf("the substitute does not have the sign of code %d", code)
		}
		if d.array(ff.use.dict["Widths"]) != nil && ff.use.flags(code)&shownVisible != 0 && !near(ff.declaredWidth(d, code), w) {
			return nil, nil, fmt.Sprintf("the sign of code %d is %.0f wide in the file and %.0f in the substitute", code, ff.declaredWidth(d, code), w)
		}
		widths[code] = w
	}
	return widths, uni, ""
}

// t1Box reads the FontBBox of a Type 1 program.
func t1Box(program []byte) types.Array {
	box := types.NewIntegerArray(-200, -300, 1200, 1000)
	i := bytes.Index(program, []byte("/FontBBox"))
	if i < 0 {
		return box
	}
	var x [4]int
	if n, _ := fmt.Sscanf(string(bytes.TrimLeft(program[i+len("/FontBBox"):min(len(program), i+80)], " {[")), "%d %d %d %d", &x[0], &x[1], &x[2], &x[3]); n == 4 {
		box = types.NewIntegerArray(x[0], x[1], x[2], x[3])
	}
	return box
}

// describeFont gives a simple font a descriptor of its own and the name of the program in it, marked as a subset.
func (d *document) describeFont(ff *fontFacts, program []byte, desc types.Dict, name string) {
	f := ff.use.dict
	if desc["FontFile2"] != nil {
		sum := sha256.Sum256(program)
		var tag [6]byte
		for i := range tag {
			tag[i] = 'A' + sum[i]%26
		}
		name = string(tag[:]) + "+" + name
	}
	desc["Type"], desc["FontName"] = types.Name("FontDescriptor"), types.Name(name)
	f["BaseFont"], f["FontDescriptor"] = types.Name(name), d.add(desc)
}

// giveWidths gives a font that has none the widths of the characters that are shown.
func (d *document) giveWidths(ff *fontFacts, widths map[int]float64) {
	f := ff.use.dict
	first, hasFirst := d.integer(f["FirstChar"])
	last, hasLast := d.integer(f["LastChar"])
	if have := d.array(f["Widths"]); have != nil && hasFirst && hasLast && len(have) == last-first+1 {
		return
	}
	codes := sortedKeys(widths)
	if len(codes) == 0 {
		codes = []int{32}
	}
	first, last = codes[0], codes[len(codes)-1]
	list := make(types.Array, 0, last-first+1)
	for code := first; code <= last; code++ {
		list = append(list, types.Float(math.Round(widths[code]*1000)/1000))
	}
	f["FirstChar"], f["LastChar"], f["Widths"] = types.Integer(first), types.Integer(last), list
}

// postScriptName reads the font's PostScript name from its name table (ISO/IEC 14496-22, name ID 6); "Substitute" when it has none.
func (f *trueType) postScriptName() string {
	b := f.tables["name"]
	u := func(at int) int {
		if at+2 > len(b) {
			return 0
		}
		return int(b[at])<<8 | int(b[at+1])
	}
	for i := range u(2) {
		at := 6 + 12*i
		from, size := u(4)+u(at+10), u(at+8)
		if u(at+6) != 6 || from+size > len(b) {
			continue
		}
		name := bytes.ReplaceAll(b[from:from+size], []byte{0}, nil)
		if len(name) > 0 && len(name) < 64 {
			return string(name)
		}
	}
	return "Substitute"
}
