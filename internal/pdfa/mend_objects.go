package pdfa

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// mendObjects mends what can stand in any object: filters, images, forms, graphics states, long strings, large numbers,
// metadata of parts.
func (d *document) mendObjects(keepFiles bool) {
	m := &objectMender{d: d, root: d.catalog(), keepFiles: keepFiles, cmyk: &cmykMender{d: d}}
	w := d.walker(m.visit)
	before := len(d.changed)
	w.walk(*d.ctx.Root)
	slices.SortFunc(d.changed[before:], func(a, b Change) int { return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Why, b.Why)) }) // the walk has no order
	d.cmyk = m.cmyk
	d.note("embedded files taken out", "ISO 19005-2, 6.8: they would have to be PDF/A themselves", m.files, false)
	for _, n := range m.repack {
		d.repack(n)
	}
	for _, n := range m.drop {
		d.set(n, rawStream(types.Dict{
			"Type": types.Name("XObject"), "Subtype": types.Name("Form"), "Resources": types.Dict{},
			"BBox": types.Array{types.Integer(0), types.Integer(0), types.Integer(0), types.Integer(0)},
		}, []byte{}, nil))
	}
}

type objectMender struct {
	d      *document
	root   types.Dict
	repack []int // streams with filters that are not allowed
	drop   []int // PostScript XObjects

	keepFiles bool
	files     int // embedded files taken out
	cmyk      *cmykMender
}

func (m *objectMender) visit(num int, o types.Object) {
	switch v := o.(type) {
	case types.Dict:
		m.dict(v)
	case types.Array:
		m.array(v)
	case types.StreamDict:
		m.metadata(num, v.Dict)
		m.stream(num, v.Dict)
		m.dict(v.Dict)
	}
}

// dict mends the entries of any dictionary, a stream's included.
func (m *objectMender) dict(v types.Dict) {
	d := m.d
	m.cmyk.dict(v)
	if !m.keepFiles {
		m.file(v)
	}
	if v["Metadata"] != nil && !sameDict(v, m.root) {
		d.take(v, "Metadata", "metadata of pages, images and fonts taken out", "ISO 19005-2, 6.6.2.3: they are seldom valid")
	}
	if res := d.dict(v["ExtGState"]); res != nil {
		for _, k := range keys(res) {
			m.extGState(d.dict(res[k]))
		}
	}
	if d.name(v["Type"]) == "ExtGState" {
		m.extGState(v)
	}
	for k, o := range v {
		if fixed := m.value(o); fixed != nil {
			v[k] = fixed
		}
	}
}

// metadata takes its type from a packet of metadata that hangs somewhere else than where metadata belongs.
func (m *objectMender) metadata(num int, v types.Dict) {
	if m.d.name(v["Type"]) == "Metadata" && num != refNum(m.root["Metadata"]) {
		m.d.take(v, "Type", "streams under keys of their own no longer called metadata", "ISO 19005-2, 6.6.2.1: they are seldom valid")
	}
}

func (m *objectMender) array(a types.Array) {
	m.cmyk.array(a)
	for i := range a {
		if fixed := m.value(a[i]); fixed != nil {
			a[i] = fixed
		}
	}
}

// file takes an embedded file out of its specification: in part 2 it would have to be PDF/A itself.
func (m *objectMender) file(v types.Dict) {
	if v["EF"] != nil && m.d.dict(v["EF"]) != nil {
		delete(v, "EF")
		m.files++
	}
	delete(v, "AF")
}

// value gives what a value has to become; nil when it may stay. An integer beyond the limit is written as a real number,
// a string beyond it is cut.
func (m *objectMender) value(o types.Object) types.Object {
	switch v := o.(type) {
	case types.Integer:
		if v > 2147483647 || v < -2147483648 {
			m.d.note("large integers written as real numbers", "ISO 19005-2, 6.1.13", 1, false)
			return types.Float(v)
		}
	case types.Float:
		if v != 0 && v < 1.175e-38 && v > -1.175e-38 {
			return types.Float(0)
		}
	case types.StringLiteral, types.HexLiteral:
		return m.longString(o)
	}
	return nil
}

func (m *objectMender) longString(o types.Object) types.Object {
	switch v := o.(type) {
	case types.StringLiteral:
		if len(v) <= 32767 {
			return nil
		}
	case types.HexLiteral:
		if len(v) <= 2*32767 {
			return nil
		}
	}
	b, _ := m.d.bytesOf(o)
	if len(b) <= 32767 {
		return nil
	}
	m.d.note("strings cut that were longer than 32,767 bytes", "ISO 19005-2, 6.1.13", 1, false)
	return byteString(b[:32766])
}

// extGState takes transfer functions, halftones and unknown modes out of a graphics state (6.2.5, 6.2.6, 6.2.10).
func (m *objectMender) extGState(gs types.Dict) {
	if gs == nil {
		return
	}
	d := m.d
	visible := func(key, what string) {
		if gs[key] != nil {
			delete(gs, key)
			d.note(what, "ISO 19005-2, 6.2.5", 1, true)
		}
	}
	visible("TR", "transfer functions taken out")
	if d.name(gs["TR2"]) != "Default" {
		visible("TR2", "transfer functions taken out")
	}
	d.take(gs, "HTP", "halftone phases taken out: they are for printing plates", "ISO 19005-2, 6.2.5")
	if d.dict(gs["HT"]) != nil {
		d.take(gs, "HT", "halftones taken out: they are for printing plates", "ISO 19005-2, 6.2.5")
	}
	if gs["RI"] != nil && !validIntent(d.name(gs["RI"])) {
		d.take(gs, "RI", "unknown rendering intents taken out", "ISO 19005-2, 6.2.6")
	}
	if bm := d.name(gs["BM"]); bm != "" && !blendModes[bm] {
		gs["BM"] = types.Name("Normal")
		d.note("unknown blend modes made normal", "ISO 19005-2, 6.2.10", 1, true)
	}
	if n, _ := d.integer(gs["OPM"]); n == 1 && d.overprinted() {
		gs["OPM"] = types.Integer(0)
		d.note("overprint mode 1 made 0", "ISO 19005-2, 6.2.4.2", 1, true)
	}
}

// stream mends a stream's own entries.
func (m *objectMender) stream(num int, v types.Dict) {
	d := m.d
	for _, f := range d.filters(v) {
		if f == "LZWDecode" || f == "Crypt" {
			m.repack = append(m.repack, num)
			break
		}
	}
	switch d.name(v["Subtype"]) {
	case "Image":
		m.image(v)
	case "Form":
		for _, k := range []string{"OPI", "PS", "Subtype2"} {
			d.take(v, k, "PostScript and OPI of forms taken out", "ISO 19005-2, 6.2.9")
		}
		if v["Ref"] != nil {
			delete(v, "Ref")
			d.note("references to pages of other files taken out; what stands for them stays", "ISO 19005-2, 6.2.9", 1, true)
		}
	case "PS":
		m.drop = append(m.drop, num)
		d.note("PostScript XObjects taken out: no viewer shows them", "ISO 19005-2, 6.2.9", 1, false)
	}
}

func (m *objectMender) image(v types.Dict) {
	d := m.d
	d.take(v, "Alternates", "alternate images for printing taken out", "ISO 19005-2, 6.2.8")
	d.take(v, "OPI", "OPI of images taken out", "ISO 19005-2, 6.2.8")
	if d.boolean(v["Interpolate"]) {
		delete(v, "Interpolate")
		d.note("smoothing of images switched off", "ISO 19005-2, 6.2.8", 1, true)
	}
	if v["Intent"] != nil && !validIntent(d.name(v["Intent"])) {
		d.take(v, "Intent", "unknown rendering intents taken out", "ISO 19005-2, 6.2.6")
	}
}

// repack unpacks a stream and packs it with Flate (6.1.7.2). One that cannot be unpacked stays, and the check says so.
func (d *document) repack(num int) {
	sd, _ := d.stream(*types.NewIndirectRef(num, 0))
	for i, f := range sd.FilterPipeline {
		if f.Name != "LZWDecode" && f.Name != "Crypt" && f.Name != "FlateDecode" && f.Name != "ASCII85Decode" && f.Name != "ASCIIHexDecode" {
			d.repackHead(sd, num, i)
			return
		}
	}
	b, err := d.decode(sd, num, maxDecodeBytes)
	if err != nil {
		return
	}
	delete(sd.Dict, "DecodeParms")
	d.set(num, packStream(sd.Dict, b))
	d.note("streams packed with LZW or Crypt packed with Flate", "ISO 19005-2, 6.1.7.2", 1, false)
}

// repackHead unpacks only the filters before an image filter, whose data stays as it is.
func (d *document) repackHead(sd *types.StreamDict, num, n int) {
	head := types.StreamDict{Dict: types.Dict{}, Raw: sd.Raw, FilterPipeline: sd.FilterPipeline[:n]}
	b, err := d.decode(&head, 0, maxDecodeBytes)
	if err != nil {
		return
	}
	rest := sd.FilterPipeline[n:]
	names, parms := types.Array{}, types.Array{}
	for _, f := range rest {
		names = append(names, types.Name(f.Name))
		var p types.Object
		if f.DecodeParms != nil {
			p = f.DecodeParms
		}
		parms = append(parms, p)
	}
	sd.Dict["Filter"], sd.Dict["DecodeParms"] = names, parms
	d.set(num, rawStream(sd.Dict, b, rest))
	d.note("streams packed with LZW or Crypt packed with Flate", "ISO 19005-2, 6.1.7.2", 1, false)
}
