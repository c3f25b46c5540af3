package pdfa

import (
	"encoding/xml"
	"strings"
	"time"
)

// metadata is what Info and XMP both say; the one source of the two.
type metadata struct {
	title, author, subject, keywords string
	creator, producer                string
	created, modified                time.Time // created is zero when unknown
	lang                             string
	level                            Level
	ua                               bool
}

// part and conformance split a level: "2a" is part 2, conformance A.
func (l Level) part() string {
	if len(l) != 2 {
		return ""
	}
	return string(l[0])
}

func (l Level) conformance() string {
	if len(l) != 2 {
		return ""
	}
	return strings.ToUpper(string(l[1]))
}

// xmp writes the metadata as an XMP packet (ISO 16684-1) with the identification schemas of ISO 19005 and ISO 14289.
func (m metadata) xmp() []byte {
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n")
	b.WriteString(`<x:xmpmeta xmlns:x="adobe:ns:meta/">` + "\n")
	b.WriteString(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + "\n")
	b.WriteString(`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"` +
		` xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">` + "\n")
	m.writeDublinCore(&b)
	xmpElement(&b, "xmp:CreatorTool", m.creator)
	xmpElement(&b, "pdf:Producer", m.producer)
	xmpElement(&b, "pdf:Keywords", m.keywords)
	if !m.created.IsZero() {
		xmpElement(&b, "xmp:CreateDate", m.created.Format(time.RFC3339))
	}
	xmpElement(&b, "xmp:ModifyDate", m.modified.Format(time.RFC3339))
	xmpElement(&b, "xmp:MetadataDate", m.modified.Format(time.RFC3339))
	if m.level != LevelNone {
		xmpElement(&b, "pdfaid:part", m.level.part())
		xmpElement(&b, "pdfaid:conformance", m.level.conformance())
	}
	if m.ua {
		xmpElement(&b, "pdfuaid:part", "1")
	}
	b.WriteString("</rdf:Description>\n")
	if m.ua {
		b.WriteString(uaSchema)
	}
	b.WriteString("</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>")
	return []byte(b.String())
}

func (m metadata) writeDublinCore(b *strings.Builder) {
	xmpElement(b, "dc:format", "application/pdf")
	if m.title != "" {
		b.WriteString("<dc:title><rdf:Alt>")
		langItem(b, "x-default", m.title)
		if m.lang != "" {
			langItem(b, m.lang, m.title)
		}
		b.WriteString("</rdf:Alt></dc:title>\n")
	}
	if m.author != "" {
		b.WriteString("<dc:creator><rdf:Seq><rdf:li>" + escapeXML(m.author) + "</rdf:li></rdf:Seq></dc:creator>\n")
	}
	if m.subject != "" {
		b.WriteString("<dc:description><rdf:Alt>")
		langItem(b, "x-default", m.subject)
		if m.lang != "" {
			langItem(b, m.lang, m.subject)
		}
		b.WriteString("</rdf:Alt></dc:description>\n")
	}
	if m.lang != "" {
		b.WriteString("<dc:language><rdf:Bag><rdf:li>" + escapeXML(m.lang) + "</rdf:li></rdf:Bag></dc:language>\n")
	}
}

func langItem(b *strings.Builder, lang, s string) {
	b.WriteString(`<rdf:li xml:lang="` + escapeXML(lang) + `">` + escapeXML(s) + "</rdf:li>")
}

func xmpElement(b *strings.Builder, name, s string) {
	if s != "" {
		b.WriteString("<" + name + ">" + escapeXML(s) + "</" + name + ">\n")
	}
}

// escapeXML makes text safe in XML; characters that XML 1.0 does not have become U+FFFD.
func escapeXML(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

// uaSchema describes the PDF/UA identification schema, which ISO 19005-2, 6.6.2.3.2 asks for because it is no
// predefined schema.
const uaSchema = `<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"` +
	` xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
`
