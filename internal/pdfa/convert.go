package pdfa

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Convert reads a PDF and writes it as PDF/A at the highest level, at most o.Want, that the room's own check confirms.
// When not even level b is reached, the mended file is written without any declaration and the report is Partial with
// its reason. A file that cannot be converted at all gives a *RefusedError; what out then holds is of no use.
func Convert(ctx context.Context, in io.ReadSeeker, out io.Writer, o Options) (r Report, err error) {
	defer recoverInto(&err)
	want, err := o.want()
	if err != nil {
		return Report{}, err
	}
	d, err := readBroken(ctx, in)
	if err != nil {
		return Report{}, err
	}
	if d.boolean(d.catalog()["NeedsRendering"]) {
		return Report{}, &RefusedError{Code: "xfa", Reason: "the pages of this form are made by a program of its own (dynamic XFA): print it to PDF from Adobe Reader and try again"}
	}
	defer d.unpackAhead()()
	defer func() { err = errors.Join(err, dropJoined(o.Placements)) }()
	if err := d.place(o.Placements); err != nil {
		return Report{}, err
	}
	part3 := want.part() == "3"
	m := d.collectMetadata(o)
	if err := d.mendDocument(part3); err != nil {
		return Report{}, err
	}
	d.mendIntent()
	if err := d.attach(o.Attachments, o); err != nil {
		return Report{}, err
	}
	s, err := d.scan(ctx)
	if err != nil {
		return Report{}, err
	}
	d.mendContents(s, m, o)
	packet := d.applyMetadata(m)
	judged := d.judge(s, want, o)
	defer func() { _, _ = judged() }() // it must not outlive what it reads, should the writing panic
	err = d.write(ctx, out, lateStream{packet, func() ([]byte, error) {
		r, err := judged()
		m.level, m.ua = r.Level, r.UA
		return m.xmp(), err
	}})
	r, wrong := judged()
	return r, errors.Join(err, wrong)
}

// judge checks the document beside whoever reads it meanwhile. What it gives waits for the report.
func (d *document) judge(s *scanner, want Level, o Options) func() (Report, error) {
	var r Report
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer recoverInto(&err)
		part3 := want.part() == "3"
		c := d.newChecker(s, part3, o.UA)
		c.run()
		r = Report{Pages: len(d.pages), Failed: c.out, Changed: d.changed, Placed: d.placed}
		r.Level, r.UA = reached(c.out, part3)
		r.Level, r.UA = atMost(r.Level, want), r.UA && o.UA && r.Level != LevelNone
		if o.Undeclared != "" {
			r.Level, r.UA = LevelNone, false
		}
		r.explain(want, o.UA, d.unreplaced)
		if o.Undeclared != "" {
			r.Reason = o.Undeclared
		}
	}()
	return func() (Report, error) {
		<-done
		return r, err
	}
}

// want checks the options and gives the level to try.
func (o Options) want() (Level, error) {
	if o.Now.IsZero() {
		return "", errors.New("pdfa: Options.Now is not set")
	}
	switch o.Want {
	case LevelNone, Level2A, Level2U, Level2B:
		if len(o.Attachments) > 0 {
			return "", &RefusedError{Code: "option", Reason: "attachments need PDF/A-3: set the level to 3a"}
		}
		if o.Want == LevelNone {
			return Level2A, nil
		}
		return o.Want, nil
	case Level3A, Level3U, Level3B:
		return o.Want, nil
	case "1a", "1b":
		return "", &RefusedError{Code: "level", Reason: "PDF/A-1 has no transparency, which web pages use: set the level to 2a"}
	}
	return "", &RefusedError{Code: "level", Reason: fmt.Sprintf("there is no level %q to convert to: set it to 2a, 2u, 2b or 3a", o.Want)}
}

// atMost lowers a level to the one that was wanted.
func atMost(got, want Level) Level {
	rank := map[string]int{"": 0, "B": 1, "U": 2, "A": 3}
	if rank[got.conformance()] > rank[want.conformance()] {
		return want
	}
	return got
}

// explain keeps the findings that speak of more than was reached, and says in a sentence why nothing was.
func (r *Report) explain(want Level, ua bool, fonts []string) {
	var kept []Finding
	for _, f := range r.Failed {
		if f.Level == "ua1" && !ua {
			continue
		}
		kept = append(kept, f)
	}
	r.Failed = kept
	if r.Level != LevelNone {
		return
	}
	r.Partial = true
	first := slices.IndexFunc(kept, func(f Finding) bool { return f.Clause == ruleEmbedded.clause && f.Test == ruleEmbedded.test }) // says the most
	if first < 0 {
		first = slices.IndexFunc(kept, func(f Finding) bool { return f.Level == "2b" || f.Level == "3b" })
	}
	if first < 0 {
		return
	}
	f := kept[first]
	r.Reason = strings.Join(append([]string{fmt.Sprintf("no PDF/A: %s (ISO 19005-%s, %s): %s", f.Rule, want.part(), f.Clause, f.Text)}, fonts...), "; ")
}

// mendContents mends what the content streams show: fonts, structure, and for PDF/UA the tags.
func (d *document) mendContents(s *scanner, m metadata, o Options) {
	d.mendTokens(s)
	d.mendSizes(s)
	d.substituteFonts(s, o.FontDirs)
	d.mendFonts(s)
	d.mendInherited(s)
	d.mendCMYK(s)
	d.mendStructure(s)
	if m.lang != "" && d.catalog()["Lang"] == nil {
		d.catalog()["Lang"] = textString(m.lang)
	}
	if o.UA {
		d.mendContent(s)
		d.mendAccessible(s, m.lang)
	}
	d.applyEdits(s)
}

// recoverInto turns a panic, which only a broken file can cause, into an error.
func recoverInto(err *error) {
	if p := recover(); p != nil {
		*err = &RefusedError{Code: "broken", Reason: "the file is broken in a way that could not be worked around", Err: fmt.Errorf("panic: %v", p)}
	}
}

// mendIntent keeps a PDF/A output intent of RGB that the file has, and replaces any other by our own sRGB.
func (d *document) mendIntent() {
	root := d.catalog()
	c := &checker{d: d, count: map[rule]int{}}
	c.intents()
	if c.intent == "RGB " && len(c.out) == 0 {
		return
	}
	if len(d.array(root["OutputIntents"])) > 0 {
		d.note("output intents replaced by sRGB", "ISO 19005-2, 6.2.3", 1, c.intent == "CMYK")
	}
	profile := d.addStream(types.Dict{"N": types.Integer(3)}, rgbProfile())
	root["OutputIntents"] = types.Array{types.Dict{
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
