package pdfa

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// mendCMYK gives DeviceCMYK a definition (ISO 19005-2, 6.2.4.3): where a colour space names it, it has been replaced by
// one with a profile of ours; where operators use it, the resources get a DefaultCMYK. Without a profile every viewer has
// a definition of its own, so colours may look different than in one or the other: that counts as visible.
func (d *document) mendCMYK(s *scanner) {
	for _, x := range s.streams {
		if x.device&useCMYK != 0 {
			d.cmyk.defaults(x)
		}
	}
	d.note("device CMYK colours defined by a profile", "ISO 19005-2, 6.2.4.3", d.cmyk.n, true)
}

type cmykMender struct {
	d     *document
	space types.Object
	n     int
}

// profiled gives the colour space that stands for DeviceCMYK.
func (m *cmykMender) profiled() types.Object {
	if m.space == nil {
		profile := m.d.addStream(types.Dict{"N": types.Integer(4)}, cmykProfile())
		m.space = m.d.add(types.Array{types.Name("ICCBased"), profile})
	}
	m.n++
	return m.space
}

func (m *cmykMender) names(o types.Object) bool {
	if m.d.name(o) == "DeviceCMYK" {
		return true
	}
	a := m.d.array(o)
	return len(a) == 1 && m.d.name(a[0]) == "DeviceCMYK" || len(a) > 0 && m.d.name(a[0]) == "CalCMYK"
}

// dict replaces the colour space of images, shadings, groups and DeviceN processes, and those that resources name.
func (m *cmykMender) dict(v types.Dict) {
	for _, k := range []string{"ColorSpace", "CS"} {
		if m.names(v[k]) {
			v[k] = m.profiled()
		}
	}
	spaces, ok := m.d.get(v["ColorSpace"]).(types.Dict)
	if !ok {
		return
	}
	for _, k := range keys(spaces) {
		if m.names(spaces[k]) {
			spaces[k] = m.profiled()
		}
	}
}

// array replaces the base or alternate space of Indexed, Separation, DeviceN and uncoloured Pattern spaces.
func (m *cmykMender) array(a types.Array) {
	if len(a) < 2 {
		return
	}
	at := 0
	switch m.d.name(a[0]) {
	case "Indexed", "Pattern":
		at = 1
	case "Separation", "DeviceN":
		at = 2
	}
	if at > 0 && at < len(a) && m.names(a[at]) {
		a[at] = m.profiled()
	}
}

// defaults gives a content stream's resources a DefaultCMYK.
func (m *cmykMender) defaults(x *drawn) {
	if x.res == nil || !x.own {
		return
	}
	spaces := m.d.dict(x.res["ColorSpace"])
	if spaces == nil {
		spaces = types.Dict{}
		x.res["ColorSpace"] = spaces
	}
	if spaces["DefaultCMYK"] == nil {
		spaces["DefaultCMYK"] = m.profiled()
	}
}
