package pdfa

import (
	"fmt"
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// mendNotdef gives text that shows the .notdef glyph, the box for a character that the font does not have, a glyph of its
// own that looks the same (ISO 19005-2, 6.2.11.8). The character behind it is known to nobody any more: it maps to U+FFFD.
func (d *document) mendNotdef(s *scanner) {
	done := map[*fontUse]int{} // the new code
	n := 0
	for _, w := range s.streams {
		if w.num == 0 {
			continue
		}
		for _, x := range w.notdef {
			code, tried := done[x.font]
			if !tried {
				code = d.copyNotdef(s, x.font)
				done[x.font] = code
			}
			if code == 0 {
				continue
			}
			l := lexer{src: s.content(w)[x.start:x.end]}
			b := l.next().bytes(nil)
			for i := 0; i+1 < len(b); i += 2 {
				if b[i]|b[i+1] == 0 {
					b[i], b[i+1] = byte(code>>8), byte(code)
					n++
				}
			}
			w.edits = append(w.edits, edit{start: int(x.start), end: int(x.end), order: editReplace, text: fmt.Sprintf("<%x>", b)})
		}
	}
	d.note("missing-glyph boxes shown by a glyph of their own, and mapped to U+FFFD", "ISO 19005-2, 6.2.11.8", n, false)
}

// copyNotdef adds a copy of .notdef to a font and gives its code; 0 when the font does not allow it.
func (d *document) copyNotdef(s *scanner, f *fontUse) int {
	ff := d.openFont(f)
	if !f.cmap.identity || ff.tt == nil || ff.tt.cff != nil || ff.toGID != nil || ff.fileKey != "FontFile2" || f.flags(ff.tt.glyphs) != 0 {
		return 0
	}
	code := ff.tt.glyphs
	b := ff.tt.rewrite(trueTypeEdit{copyNotdef: true})
	if b == nil || code > 0xfffe || d.sharedFile(s, f, ff.fileNum) {
		return 0
	}
	d.setFontFile(ff, b)
	width := ff.declaredWidth(d, 0)
	w := append(types.Array{}, d.array(ff.leaf["W"])...)
	ff.leaf["W"] = append(w, types.Integer(code), types.Array{types.Float(width)})
	if f.unicode == nil || f.unicode.uni == nil {
		f.unicode = &cmap{uni: map[int]string{}}
	}
	v, ok := f.unicode.value(0)
	if t := unicodeText(v); !ok || t == "" || t[0] == 0 {
		v = string(utf16be("\uFFFD", false))
	}
	f.unicode.uni[code] = v
	f.unicode.changed = true
	f.bits[code], f.bits[0] = f.bits[0], 0
	return code
}

// sharedFile tells whether another font in use has the same program: then its glyphs must stay.
func (d *document) sharedFile(s *scanner, f *fontUse, file int) bool {
	for _, other := range s.allFonts() {
		if other != f && other.touched != 0 && d.openFont(other).fileNum == file {
			return true
		}
	}
	return false
}

// setFontFile replaces an embedded TrueType program.
func (d *document) setFontFile(ff *fontFacts, b []byte) {
	dict := types.Dict{}
	for k, v := range ff.file.Dict {
		dict[k] = v
	}
	dict["Length1"] = types.Integer(len(b))
	ff.desc[ff.fileKey] = d.addStream(dict, b)
}

// mendWidths sets the advances in TrueType programs to the widths that the font dictionary has (6.2.11.5). Readers place
// text by the dictionary, so nothing moves.
func (d *document) mendWidths(s *scanner, f *fontUse, ff *fontFacts) {
	if ff.tt == nil || ff.tt.cff != nil || ff.fileKey != "FontFile2" {
		return
	}
	advances := map[int]int{}
	for _, code := range f.codes() {
		if f.flags(code)&shownVisible == 0 {
			continue
		}
		gid, w := ff.widthOf(code)
		declared := ff.declaredWidth(d, code)
		if gid < 0 || gid >= ff.tt.glyphs || near(declared, w) {
			continue
		}
		v := int(math.Round(declared * float64(ff.tt.units) / 1000))
		if have, ok := advances[gid]; ok && have != v {
			return // two widths for one glyph cannot both be right
		}
		advances[gid] = v
	}
	if len(advances) == 0 || d.sharedFile(s, f, ff.fileNum) {
		return
	}
	b := ff.tt.rewrite(trueTypeEdit{advances: advances})
	if b == nil {
		return
	}
	d.setFontFile(ff, b)
	d.note("advances in font programs set to the widths that the text is placed by", "ISO 19005-2, 6.2.11.5", len(advances), false)
}

// widthOf gives the glyph of a code and the program's width for it; -1 when there is none.
func (ff *fontFacts) widthOf(code int) (int, float64) {
	if ff.use.wide {
		cid, ok := ff.cid(code)
		if !ok {
			return -1, 0
		}
		gid := ff.gid(cid)
		return gid, ff.tt.width(gid)
	}
	gid := ff.trueTypeGID(code)
	return gid, ff.tt.width(gid)
}
