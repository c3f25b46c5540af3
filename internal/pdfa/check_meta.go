package pdfa

import (
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// declared reads the level and PDF/UA that the metadata declares.
func (p packet) declared() (level Level, ua bool) {
	part, conf := p.first("pdfaid:part"), strings.ToLower(p.first("pdfaid:conformance"))
	if part != "" {
		level = Level(part + conf)
	}
	return level, p.first("pdfuaid:part") == "1"
}

// metadata holds the catalog's XMP, and every other metadata stream, against 6.6.2 and, when a level is given, 6.6.4.
func (c *checker) metadata(level Level) {
	p := c.d.readXMP()
	sd, n := c.d.stream(c.d.catalog()["Metadata"])
	if sd == nil || c.d.name(sd.Dict["Type"]) != "Metadata" || c.d.name(sd.Dict["Subtype"]) != "XML" {
		c.fail(ruleMetadata, n, "there is no metadata stream of type Metadata and subtype XML")
		if c.ua {
			c.fail(ruleUAMetadata, n, "there is no metadata stream of type Metadata and subtype XML")
		}
	}
	c.packet(p, n, nil)
	if level != LevelNone {
		switch {
		case p.first("pdfaid:part") == "" || len(p.props) == 0:
			c.fail(ruleIdentified, n, "no pdfaid:part")
		case p.first("pdfaid:part") != level.part():
			c.fail(rulePart, n, "part %q", p.first("pdfaid:part"))
		case p.first("pdfaid:conformance") != level.conformance():
			c.fail(ruleConformance, n, "conformance %q", p.first("pdfaid:conformance"))
		}
	}
	if c.ua {
		c.uaMetadata(p, n)
	}
	c.otherMetadata(p, n)
}

func (c *checker) uaMetadata(p packet, n int) {
	switch p.first("pdfuaid:part") {
	case "":
		c.fail(ruleUAIdentified, n, "no pdfuaid:part")
	case "1":
	default:
		c.fail(ruleUAPart, n, "part %q", p.first("pdfuaid:part"))
	}
	if _, ok := p.props["dc:title"]; !ok {
		c.fail(ruleUATitle, n, "no dc:title")
	}
}

// otherMetadata looks at the metadata streams of pages, images and fonts.
func (c *checker) otherMetadata(main packet, mainNum int) {
	for _, num := range c.packets {
		if num == mainNum {
			continue
		}
		sd, _ := c.d.stream(*types.NewIndirectRef(num, 0))
		if sd == nil {
			continue
		}
		b, err := c.d.decode(sd, num, maxDecodeBytes)
		if err != nil {
			c.fail(ruleXMPValid, num, "a metadata stream that cannot be read")
			continue
		}
		c.packet(parseXMP(b), num, main.described)
	}
}

// packet holds one XMP packet against 6.6.2.1 and 6.6.2.3.1; described are the properties that the main packet describes.
func (c *checker) packet(p packet, num int, described map[string]bool) {
	if p.props == nil {
		return // the missing stream has its own rule
	}
	if p.badHeader {
		c.fail(ruleXMPBytes, num, "the packet header has bytes or encoding")
	}
	if !p.valid {
		c.fail(ruleXMPValid, num, "the XMP is not well-formed")
		return
	}
	if !p.utf8 {
		c.fail(ruleXMPUTF8, num, "the XMP is not UTF-8")
	}
	for name := range p.props {
		if !knownProperty(name) && !p.described[name] && !described[name] {
			c.fail(ruleXMPSchema, num, "property %s", name)
			c.fail(ruleXMPType, num, "property %s is of no known type", name)
			continue
		}
		if want, ok := propertyTypes[name]; ok && !p.described[name] {
			if !want.holds(p.forms[name], p.props[name]) {
				c.fail(ruleXMPType, num, "property %s is no %s", name, want)
			}
		}
	}
}

// knownProperty tells whether a property is of a predefined schema (XMP Specification, September 2005).
func knownProperty(name string) bool {
	_, typed := propertyTypes[name]
	return typed || name == "pdf:Trapped" || name == "xmpMM:OriginalDocumentID" || strings.HasPrefix(name, "pdfaExtension:")
}
