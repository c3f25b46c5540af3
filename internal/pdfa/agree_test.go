package pdfa

import (
	"bytes"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"arsring/internal/validators"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// spoiled is one way to break a valid file.
type spoiled struct {
	name  string
	spoil func(d *document)
}

// TestCheckAgrees breaks a valid PDF/A-2a and PDF/UA-1 in one place at a time: the room's own check and veraPDF must find
// the same rules.
func TestCheckAgrees(t *testing.T) {
	good, _ := convert(t, testPage(t, "small"), Options{UA: true})
	pdf := readFile(t, good)
	dir := t.TempDir()
	var paths []string
	cases := slices.Concat(spoilDocument(), spoilPages(), spoilTags(), spoilFonts())
	for _, c := range cases {
		d, err := read(t.Context(), bytes.NewReader(pdf))
		if err != nil {
			t.Fatal(err)
		}
		c.spoil(d)
		var out bytes.Buffer
		if err := d.write(t.Context(), &out, lateStream{}); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, c.name+".pdf")
		writeFile(t, path, out.Bytes())
		paths = append(paths, path)
	}
	verdicts := validators.VeraPDF(t, "", paths...)
	for i, c := range cases {
		want := slices.Clone(verdicts[paths[i]].Failed)
		got := failedRules(checkFile(t, paths[i]))
		sort.Strings(want)
		if len(want) == 0 {
			t.Errorf("%s: veraPDF finds nothing", c.name)
		}
		if !slices.Equal(got, slices.Compact(want)) {
			t.Errorf("%s: own check %q, veraPDF %q", c.name, got, want)
		}
	}
}

// failedRules names the failed rules of a report as veraPDF does.
func failedRules(r Report) []string {
	var ids []string
	for _, f := range r.Failed {
		ids = append(ids, f.Clause+"-"+f.Test)
	}
	sort.Strings(ids)
	return slices.Compact(ids)
}

func spoilDocument() []spoiled {
	script := types.Dict{"S": types.Name("JavaScript"), "JS": types.StringLiteral("1")}
	return []spoiled{
		{"catalog-aa", func(d *document) { d.catalog()["AA"] = types.Dict{"WC": script} }},
		{"open-script", func(d *document) { d.catalog()["OpenAction"] = script }},
		{"named-action", func(d *document) {
			d.catalog()["OpenAction"] = types.Dict{"S": types.Name("Named"), "N": types.Name("Find")}
		}},
		{"requirements", func(d *document) {
			d.catalog()["Requirements"] = types.Array{types.Dict{"S": types.Name("EnableJavaScripts")}}
		}},
		{"alternate", func(d *document) { d.catalog()["Names"] = types.Dict{"AlternatePresentations": types.Dict{}} }},
		{"embedded", func(d *document) {
			f := d.addStream(types.Dict{"Type": types.Name("EmbeddedFile")}, []byte("x"))
			spec := d.add(types.Dict{"Type": types.Name("Filespec"), "F": textString("x"), "UF": textString("x"), "EF": types.Dict{"F": f}})
			d.catalog()["Names"] = types.Dict{"EmbeddedFiles": types.Dict{"Names": types.Array{textString("x"), spec}}}
		}},
		{"no-intent", func(d *document) { delete(d.catalog(), "OutputIntents") }},
		{"no-metadata", func(d *document) {
			sd, n := d.stream(d.catalog()["Metadata"])
			d.set(n, rawStream(sd.Dict, bytes.Replace(sd.Raw, []byte("dc:title"), []byte("dc:titel"), 2), nil))
		}},
		{"foreign-property", func(d *document) {
			sd, n := d.stream(d.catalog()["Metadata"])
			d.set(n, rawStream(sd.Dict, bytes.Replace(sd.Raw, []byte("</rdf:Description>"), []byte(`<x:y xmlns:x="urn:x">1</x:y></rdf:Description>`), 1), nil))
		}},
		{"format-list", func(d *document) {
			sd, n := d.stream(d.catalog()["Metadata"])
			d.set(n, rawStream(sd.Dict, bytes.Replace(sd.Raw, []byte("<dc:format>application/pdf</dc:format>"), []byte("<dc:format><rdf:Seq><rdf:li>application/pdf</rdf:li></rdf:Seq></dc:format>"), 1), nil))
		}},
		{"no-date", func(d *document) {
			sd, n := d.stream(d.catalog()["Metadata"])
			d.set(n, rawStream(sd.Dict, bytes.Replace(sd.Raw, []byte("<xmp:ModifyDate>"), []byte("<xmp:ModifyDate>den "), 1), nil))
		}},
		{"layers", func(d *document) {
			g := d.add(types.Dict{"Type": types.Name("OCG"), "Name": textString("g")})
			d.catalog()["OCProperties"] = types.Dict{"OCGs": types.Array{g}, "D": types.Dict{"AS": types.Array{types.Dict{
				"Event": types.Name("View"), "OCGs": types.Array{g}, "Category": types.Array{types.Name("View")},
			}}}}
		}},
		{"lang", func(d *document) { d.catalog()["Lang"] = textString("på svenska") }},
		{"not-marked", func(d *document) { d.dict(d.catalog()["MarkInfo"])["Marked"] = types.Boolean(false) }},
		{"suspects", func(d *document) { d.dict(d.catalog()["MarkInfo"])["Suspects"] = types.Boolean(true) }},
		{"title-bar", func(d *document) { delete(d.dict(d.catalog()["ViewerPreferences"]), "DisplayDocTitle") }},
		{"needs-rendering", func(d *document) { d.catalog()["NeedsRendering"] = types.Boolean(true) }},
		{"large-integer", func(d *document) { d.catalog()["X"] = types.Integer(1 << 40) }},
		{"long-name", func(d *document) { d.catalog()["X"] = types.Name(strings.Repeat("n", 128)) }},
		{"long-string", func(d *document) { d.catalog()["X"] = types.StringLiteral(strings.Repeat("s", 32768)) }},
		{"lzw", func(d *document) {
			d.catalog()["X"] = d.add(rawStream(types.Dict{"Filter": types.Name("LZWDecode")}, []byte{0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01}, nil))
		}},
	}
}

func firstLink(d *document) types.Dict {
	for _, o := range d.array(d.pages[0].dict["Annots"]) {
		if a := d.dict(o); d.name(a["Subtype"]) == "Link" {
			return a
		}
	}
	return nil
}

func spoilPages() []spoiled {
	content := func(d *document, prefix string) {
		p := d.pages[0].dict
		sd, n := d.stream(p["Contents"])
		b, err := d.decode(sd, n, maxDecodeBytes)
		if err != nil {
			panic(err)
		}
		p["Contents"] = d.addStream(types.Dict{}, append([]byte(prefix), b...))
	}
	resource := func(d *document, category, name string, o types.Object) {
		res := d.pages[0].resources
		c := d.dict(res[category])
		if c == nil {
			c = types.Dict{}
			res[category] = c
		}
		c[name] = o
	}
	return []spoiled{
		{"page-aa", func(d *document) {
			d.pages[0].dict["AA"] = types.Dict{"O": types.Dict{"S": types.Name("GoTo"), "D": textString("x")}}
		}},
		{"pres-steps", func(d *document) { d.pages[0].dict["PresSteps"] = types.Dict{} }},
		{"large-page", func(d *document) { d.pages[0].dict["MediaBox"] = numbers(0, 0, 14401, 700) }},
		{"tabs", func(d *document) { delete(d.pages[0].dict, "Tabs") }},
		{"flags", func(d *document) { firstLink(d)["F"] = types.Integer(0) }},
		{"no-flags", func(d *document) { delete(firstLink(d), "F") }},
		{"contents", func(d *document) { delete(firstLink(d), "Contents") }},
		{"link-script", func(d *document) { firstLink(d)["A"] = types.Dict{"S": types.Name("Launch"), "F": textString("x")} }},
		{"sound", func(d *document) { firstLink(d)["Subtype"] = types.Name("Sound") }},
		{"no-appearance", func(d *document) { firstLink(d)["Subtype"] = types.Name("Square") }},
		{"operator", func(d *document) { content(d, "1 2 xyz\n") }},
		{"cmyk", func(d *document) { content(d, "/Artifact BMC 0 0 0 1 k 0 0 1 1 re f EMC\n") }},
		{"untagged", func(d *document) { content(d, "0 0 1 1 re f\n") }},
		{"intent", func(d *document) { content(d, "/Wrong ri\n") }},
		{"odd-hex", func(d *document) { content(d, "/Artifact <</X <abc>>> BDC EMC\n") }},
		{"nesting", func(d *document) { content(d, strings.Repeat("q ", 29)+strings.Repeat("Q ", 29)) }},
		{"content-lang", func(d *document) { content(d, "/Artifact <</Lang (1-2-3)>> BDC EMC\n") }},
		{"transfer", func(d *document) {
			resource(d, "ExtGState", "GX", types.Dict{"TR": types.Name("Identity"), "BM": types.Name("Strange"), "RI": types.Name("Odd")})
			content(d, "q /GX gs Q\n")
		}},
		{"interpolate", func(d *document) {
			x := d.addStream(types.Dict{"Type": types.Name("XObject"), "Subtype": types.Name("Image"), "Width": types.Integer(1), "Height": types.Integer(1),
				"BitsPerComponent": types.Integer(8), "ColorSpace": types.Name("DeviceGray"), "Interpolate": types.Boolean(true)}, []byte{0})
			resource(d, "XObject", "XI", x)
			content(d, "/Artifact BMC /XI Do EMC\n")
		}},
		{"separation", func(d *document) {
			tint := types.Dict{"FunctionType": types.Integer(2), "N": types.Integer(1), "Domain": numbers(0, 1), "C0": numbers(0, 0, 0, 0), "C1": numbers(0, 0, 0, 1)}
			resource(d, "ColorSpace", "CX", types.Array{types.Name("Separation"), types.Name("Spot"), types.Name("DeviceCMYK"), tint})
			content(d, "/Artifact BMC /CX cs 1 scn 0 0 1 1 re f EMC\n")
		}},
	}
}

func numbers(fs ...float64) types.Array {
	var a types.Array
	for _, f := range fs {
		a = append(a, types.Float(f))
	}
	return a
}

// firstOf finds the first structure element of a kind.
func firstOf(d *document, kind string) types.Dict {
	for _, e := range d.readTree().all {
		if e.std == kind {
			return e.dict
		}
	}
	return nil
}

func spoilTags() []spoiled {
	rename := func(from, to string) func(d *document) {
		return func(d *document) { firstOf(d, from)["S"] = types.Name(to) }
	}
	return []spoiled{
		{"no-tree", func(d *document) { delete(d.catalog(), "StructTreeRoot") }},
		{"role", rename("P", "Stycke")},
		{"remapped", func(d *document) {
			d.readTree().dict["RoleMap"] = types.Dict{"P": types.Name("Span")}
		}},
		{"figure", func(d *document) { delete(firstOf(d, "Figure"), "Alt") }},
		{"heading", rename("H1", "H4")},
		{"heading-mixed", rename("H2", "H")},
		{"cell-in-table", rename("TR", "TD")},
		{"no-item", rename("LI", "P")},
		{"no-body", rename("LBody", "P")},
		{"no-link", rename("Link", "Span")},
		{"note", rename("BlockQuote", "Note")},
		{"scope", func(d *document) {
			for _, e := range d.readTree().all {
				if e.std == "TH" || e.std == "TD" {
					delete(e.dict, "A")
				}
			}
		}},
		{"element-lang", func(d *document) { firstOf(d, "P")["Lang"] = textString("svenska språket") }},
	}
}

func spoilFonts() []spoiled {
	font := func(d *document) (types.Dict, types.Dict) {
		fonts := d.dict(d.pages[0].resources["Font"])
		for _, k := range keys(fonts) {
			f := d.dict(fonts[k])
			if leaf := d.dict(d.array(f["DescendantFonts"])[0]); d.dict(leaf["FontDescriptor"])["FontFile2"] != nil {
				return f, leaf
			}
		}
		return nil, nil
	}
	return []spoiled{
		{"not-embedded", func(d *document) { _, leaf := font(d); delete(d.dict(leaf["FontDescriptor"]), "FontFile2") }},
		{"no-unicode", func(d *document) { f, _ := font(d); delete(f, "ToUnicode") }},
		{"no-gid-map", func(d *document) { _, leaf := font(d); delete(leaf, "CIDToGIDMap") }},
		{"widths", func(d *document) { _, leaf := font(d); leaf["W"] = types.Array{}; leaf["DW"] = types.Integer(123) }},
		{"encoding", func(d *document) { f, _ := font(d); f["Encoding"] = types.Name("Unheard-H") }},
		{"cid-set", func(d *document) {
			_, leaf := font(d)
			d.dict(leaf["FontDescriptor"])["CIDSet"] = d.addStream(types.Dict{}, []byte{0x80})
		}},
	}
}
