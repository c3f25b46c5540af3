package pdfa

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// differences gives the array in the Encoding dictionary of a simple font that sets glyph names by code.
func (d *document) differences(font types.Dict) types.Array {
	return d.array(d.dict(font["Encoding"])["Differences"])
}

// glyphNames reads such an array (ISO 32000-1, 9.6.6.1): codes, and the names of the glyphs from each on.
func (d *document) glyphNames(list types.Array) map[int]string {
	names := make(map[int]string, len(list))
	code := 0
	for _, o := range list {
		switch v := d.get(o).(type) {
		case types.Integer:
			code = int(v)
		case types.Name:
			names[code] = string(v)
			code++
		}
	}
	return names
}
