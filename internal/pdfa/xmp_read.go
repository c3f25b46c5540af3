package pdfa

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Namespaces of XMP that this room knows by a prefix of its own.
var xmpPrefixes = map[string]string{
	"http://www.w3.org/1999/02/22-rdf-syntax-ns#":  "rdf",
	"http://purl.org/dc/elements/1.1/":             "dc",
	"http://ns.adobe.com/xap/1.0/":                 "xmp",
	"http://ns.adobe.com/xap/1.0/mm/":              "xmpMM",
	"http://ns.adobe.com/xap/1.0/rights/":          "xmpRights",
	"http://ns.adobe.com/pdf/1.3/":                 "pdf",
	"http://www.aiim.org/pdfa/ns/id/":              "pdfaid",
	"http://www.aiim.org/pdfua/ns/id/":             "pdfuaid",
	"http://www.aiim.org/pdfa/ns/extension/":       "pdfaExtension",
	"http://www.aiim.org/pdfa/ns/schema#":          "pdfaSchema",
	"http://www.aiim.org/pdfa/ns/property#":        "pdfaProperty",
	"http://www.w3.org/XML/1998/namespace":         "xml",
	"adobe:ns:meta/":                               "x",
	"http://ns.adobe.com/tiff/1.0/":                "tiff",
	"http://ns.adobe.com/exif/1.0/":                "exif",
	"http://ns.adobe.com/exif/1.0/aux/":            "aux",
	"http://ns.adobe.com/photoshop/1.0/":           "photoshop",
	"http://ns.adobe.com/xap/1.0/t/pg/":            "xmpTPg",
	"http://ns.adobe.com/xap/1.0/bj/":              "xmpBJ",
	"http://ns.adobe.com/xmp/1.0/DynamicMedia/":    "xmpDM",
	"http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
}

// packet is what was read from an XMP packet.
type packet struct {
	props     map[string][]string // property, with its known prefix or its namespace in braces, to its values
	forms     map[string]string   // property to how its value is built: "" for a plain text, "Bag", "Seq", "Alt", or "struct"
	described map[string]bool     // properties that an extension schema in the packet describes
	valid     bool                // well-formed, with an rdf:RDF in it
	utf8      bool
	badHeader bool // the packet header carries bytes= or encoding=
	xDefault  bool // a text is given in the default language only, which is none
}

func (p packet) first(name string) string {
	if v := p.props[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// readXMP reads the catalog's XMP; the zero packet when there is none.
func (d *document) readXMP() packet {
	sd, n := d.stream(d.catalog()["Metadata"])
	if sd == nil {
		return packet{}
	}
	b, err := d.decode(sd, n, maxDecodeBytes)
	if err != nil {
		return packet{}
	}
	return parseXMP(b)
}

// parseXMP reads the properties of a packet: elements and attributes of rdf:Description, with the items of their lists.
func parseXMP(b []byte) packet {
	p := packet{props: map[string][]string{}, forms: map[string]string{}, described: map[string]bool{}}
	p.utf8 = !bytes.Contains(b[:min(len(b), 64)], []byte{0}) && bytes.Equal(b, bytes.ToValidUTF8(b, nil))
	if i := bytes.Index(b, []byte("<?xpacket ")); i >= 0 {
		if j := bytes.Index(b[i:], []byte("?>")); j > 0 {
			head := b[i : i+j]
			p.badHeader = bytes.Contains(head, []byte("bytes=")) || bytes.Contains(head, []byte("encoding="))
		}
	}
	dec := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))))
	r := xmpReader{p: &p}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			p.valid = r.rdf
			break
		}
		if err != nil {
			p.valid = false
			return p
		}
		r.token(tok)
	}
	r.describe()
	return p
}

// xmpReader follows the nesting: a property is an element right inside an rdf:Description that is right inside rdf:RDF.
type xmpReader struct {
	p     *packet
	path  []string
	text  strings.Builder
	rdf   bool
	langs []string // of the items of the list that is open
	uris  []string // of the extension schemas, in order
	names [][2]string
}

func qualified(n xml.Name) string {
	if p, ok := xmpPrefixes[n.Space]; ok {
		return p + ":" + n.Local
	}
	return "{" + n.Space + "}" + n.Local
}

func (r *xmpReader) token(tok xml.Token) {
	switch t := tok.(type) {
	case xml.StartElement:
		r.start(t)
	case xml.CharData:
		r.text.Write(t)
	case xml.EndElement:
		r.end()
	}
}

func (r *xmpReader) start(t xml.StartElement) {
	name := qualified(t.Name)
	r.rdf = r.rdf || name == "rdf:RDF"
	r.text.Reset()
	top := name == "rdf:Description" && len(r.path) > 0 && r.path[len(r.path)-1] == "rdf:RDF"
	r.path = append(r.path, name)
	if name == "rdf:Alt" {
		r.langs = nil
	}
	for _, a := range t.Attr {
		if a.Name.Local == "lang" && name == "rdf:li" {
			r.langs = append(r.langs, a.Value)
		}
	}
	if !top {
		r.form(name, t.Attr)
		return
	}
	for _, a := range t.Attr {
		q := qualified(a.Name)
		if a.Name.Space == "" || a.Name.Space == "xmlns" || strings.HasPrefix(q, "rdf:") || strings.HasPrefix(q, "xml:") {
			continue
		}
		r.p.props[q] = append(r.p.props[q], a.Value)
	}
}

// form notes how the value of the property is built, when the element is the property itself or the first one in it.
func (r *xmpReader) form(name string, attrs []xml.Attr) {
	prop := r.property()
	if prop == "" {
		return
	}
	if _, ok := r.p.forms[prop]; !ok {
		r.p.forms[prop] = ""
	}
	switch n := len(r.path); {
	case r.path[n-1] == prop && r.path[n-2] == "rdf:Description":
		for _, a := range attrs {
			if q := qualified(a.Name); q == "rdf:parseType" && a.Value == "Resource" || a.Name.Space != "" && a.Name.Space != "xmlns" && !strings.HasPrefix(q, "rdf:") && !strings.HasPrefix(q, "xml:") {
				r.p.forms[prop] = "struct"
			}
		}
	case r.path[n-2] == prop && r.path[n-3] == "rdf:Description":
		if kind, list := strings.CutPrefix(name, "rdf:"); list && kind != "Description" {
			r.p.forms[prop] = kind
		} else {
			r.p.forms[prop] = "struct"
		}
	}
}

func (r *xmpReader) end() {
	if r.path[len(r.path)-1] == "rdf:Alt" && len(r.langs) == 1 && r.langs[0] == "x-default" {
		r.p.xDefault = true
	}
	s := strings.TrimSpace(r.text.String())
	r.text.Reset()
	if prop := r.property(); prop != "" {
		last := r.path[len(r.path)-1]
		switch {
		case strings.HasPrefix(prop, "pdfaExtension:"):
			r.extension(last, s)
		case last == prop && len(r.p.props[prop]) == 0, last == "rdf:li":
			r.p.props[prop] = append(r.p.props[prop], s)
		}
	}
	r.path = r.path[:len(r.path)-1]
}

// property gives the property that the current element is or lies in.
func (r *xmpReader) property() string {
	for i := 0; i+2 < len(r.path); i++ {
		if r.path[i] == "rdf:RDF" && r.path[i+1] == "rdf:Description" {
			return r.path[i+2]
		}
	}
	return ""
}

func (r *xmpReader) extension(element, s string) {
	switch element {
	case "pdfaSchema:namespaceURI":
		r.uris = append(r.uris, s)
	case "pdfaProperty:name":
		r.names = append(r.names, [2]string{"", s})
		if len(r.uris) > 0 {
			r.names[len(r.names)-1][0] = r.uris[len(r.uris)-1]
		}
	}
}

// describe notes which properties the extension schemas describe.
func (r *xmpReader) describe() {
	for _, n := range r.names {
		r.p.described[qualified(xml.Name{Space: n[0], Local: n[1]})] = true
	}
}
