package pdfa

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// mendAnnotations mends flags and appearances of a page's annotations (ISO 19005-2, 6.3) and takes out those that cannot
// be in the file at all or could not be seen anyway.
func (d *document) mendAnnotations(p page) {
	list, ok := d.get(p.dict["Annots"]).(types.Array)
	if !ok {
		delete(p.dict, "Annots")
		return
	}
	kept := make(types.Array, 0, len(list))
	for _, o := range list {
		a := d.dict(o)
		if a == nil || !d.keepAnnotation(a) {
			continue
		}
		d.mendFlags(a)
		d.mendAppearance(a)
		if d.name(a["Subtype"]) == "Link" && a["A"] == nil && a["Dest"] == nil && p.num != 0 {
			// A link that leads nowhere makes some readers fail; this one leads to where it stands.
			a["Dest"] = types.Array{*types.NewIndirectRef(p.num, 0), types.Name("Fit")}
		}
		kept = append(kept, o)
	}
	if len(kept) == len(list) {
		return
	}
	if len(kept) == 0 {
		delete(p.dict, "Annots")
		return
	}
	p.dict["Annots"] = kept
}

func (d *document) keepAnnotation(a types.Dict) bool {
	kind := d.name(a["Subtype"])
	if !annotTypes[kind] {
		d.note("annotations of type "+kind+" taken out", "ISO 19005-2, 6.3.1", 1, true)
		return false
	}
	flags, _ := d.integer(a["F"])
	if flags&(flagHidden|flagNoView|flagInvisible) != 0 && kind != "Popup" && kind != "Widget" {
		d.note("hidden annotations taken out", "ISO 19005-2, 6.3.2", 1, false)
		return false
	}
	return true
}

// mendFlags sets Print and clears what hides an annotation. A hidden form field is kept for its value, and made empty.
func (d *document) mendFlags(a types.Dict) {
	kind := d.name(a["Subtype"])
	flags, has := d.integer(a["F"])
	if !has && kind == "Popup" {
		return
	}
	hidden := flags&(flagHidden|flagNoView|flagInvisible) != 0
	if hidden && kind == "Widget" {
		a["Rect"] = types.Array{types.Integer(0), types.Integer(0), types.Integer(0), types.Integer(0)}
		delete(a, "AP")
		d.note("hidden form fields given no area, so that nothing is shown", "ISO 19005-2, 6.3.2", 1, false)
	}
	want := flags&^(flagInvisible|flagHidden|flagNoView|flagToggleNoView) | flagPrint
	if want == flags && has {
		return
	}
	a["F"] = types.Integer(want)
	d.note("annotations set to be printed", "ISO 19005-2, 6.3.2", 1, false)
}

// mendAppearance keeps only the normal appearance, and gives an empty one to an annotation that has none. A viewer may
// have drawn such an annotation by itself, so that counts as visible.
func (d *document) mendAppearance(a types.Dict) {
	kind := d.name(a["Subtype"])
	ap := d.dict(a["AP"])
	if ap != nil && ap["N"] != nil {
		d.take(ap, "D", "appearances for pressing and hovering taken out", "ISO 19005-2, 6.3.3")
		d.take(ap, "R", "appearances for pressing and hovering taken out", "ISO 19005-2, 6.3.3")
		d.mendStates(a, ap)
		return
	}
	delete(a, "AP")
	r, ok := d.rect(a["Rect"])
	if kind == "Popup" || kind == "Link" || ok && r[0] == r[2] && r[1] == r[3] {
		return
	}
	a["AP"] = types.Dict{"N": d.emptyAppearance(r)}
	d.mendStates(a, d.dict(a["AP"]))
	d.note("empty appearances given to annotations of type "+kind+" that had none", "ISO 19005-2, 6.3.3", 1, true)
}

func (d *document) emptyAppearance(r [4]float64) types.Object {
	box := types.Array{types.Integer(0), types.Integer(0), types.Float(r[2] - r[0]), types.Float(r[3] - r[1])}
	return d.add(rawStream(types.Dict{
		"Type": types.Name("XObject"), "Subtype": types.Name("Form"), "BBox": box, "Resources": types.Dict{},
	}, []byte{}, nil))
}

// allStreams tells whether a dictionary of states has states, and an appearance for each.
func (d *document) allStreams(states types.Object) bool {
	dict := d.dict(states)
	for _, o := range dict {
		if sd, _ := d.stream(o); sd == nil {
			return false
		}
	}
	return len(dict) > 0
}

// mendStates gives buttons a dictionary of states and everything else one stream: the state that is set.
func (d *document) mendStates(a, ap types.Dict) {
	sd, _ := d.stream(ap["N"])
	button := d.name(a["Subtype"]) == "Widget" && d.fieldType(a) == "Btn"
	switch {
	case button && sd != nil:
		state := d.name(a["AS"])
		if state == "" {
			state = "Off"
			a["AS"] = types.Name(state)
		}
		ap["N"] = types.Dict{state: ap["N"]}
		d.note("appearances of buttons put into a dictionary of states", "ISO 19005-2, 6.3.3", 1, false)
	case button && !d.allStreams(ap["N"]):
		states, _ := d.get(ap["N"]).(types.Dict)
		r, _ := d.rect(a["Rect"])
		for _, state := range keys(states) {
			if sd, _ := d.stream(states[state]); sd == nil {
				states[state] = d.emptyAppearance(r)
			}
		}
		if len(states) == 0 {
			ap["N"] = types.Dict{"Off": d.emptyAppearance(r)}
		}
		d.note("empty appearances given to states of buttons that had none", "ISO 19005-2, 6.3.3", 1, false)
	case !button && sd == nil:
		states := d.dict(ap["N"])
		set, _ := d.stream(states[d.name(a["AS"])])
		if set != nil {
			ap["N"] = states[d.name(a["AS"])]
		} else {
			r, _ := d.rect(a["Rect"])
			ap["N"] = d.emptyAppearance(r)
		}
		d.note("appearances of annotations reduced to the one that is shown", "ISO 19005-2, 6.3.3", 1, false)
	}
}
