package pdfa

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// differences gives the glyph names that the Encoding dictionary of a simple font sets by code.
func (d *document) differences(font types.Dict) map[int]string {
	list := d.array(d.dict(font["Encoding"])["Differences"])
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
