package pdfa

import (
	"regexp"
	"strings"
)

// xmpType is the type of a property of a predefined schema (XMP Specification, September 2005, chapter 4): how its value is built, and of what.
type xmpType struct {
	form string // "" for a plain text, "Bag", "Seq", "Alt", "struct"
	of   *regexp.Regexp
}

func (t xmpType) String() string {
	switch {
	case t.form != "":
		return t.form
	case t.of != nil:
		return "value of its type"
	}
	return "plain text"
}

// holds tells whether a value is of the type.
func (t xmpType) holds(form string, values []string) bool {
	if form != t.form {
		return false
	}
	for _, v := range values {
		if t.of != nil && !t.of.MatchString(v) {
			return false
		}
	}
	return true
}

var (
	xmpInteger = regexp.MustCompile(`^[+-]?[0-9]+$`)
	xmpReal    = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$`)
	xmpBoolean = regexp.MustCompile(`^(True|False)$`)
	xmpDate    = regexp.MustCompile(`^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?$`)
)

// propertyTypes are the types of the properties that occur in documents.
var propertyTypes = func() map[string]xmpType {
	types := map[string]xmpType{
		"dc:date": {"Seq", xmpDate}, "xmp:CreateDate": {"", xmpDate}, "xmp:MetadataDate": {"", xmpDate}, "xmp:ModifyDate": {"", xmpDate},
		"xmpRights:Marked": {"", xmpBoolean}, "xmpTPg:NPages": {"", xmpInteger}, "photoshop:DateCreated": {"", xmpDate}, "photoshop:Urgency": {"", xmpInteger},
		"xmp:Rating": {"", xmpReal}, "pdfaid:part": {"", xmpInteger}, "xmpMM:SaveID": {"", xmpInteger},
	}
	for form, names := range map[string]string{
		"":       "dc:coverage dc:format dc:identifier dc:source xmp:BaseURL xmp:CreatorTool xmp:Label xmp:Nickname xmpRights:Certificate xmpRights:WebStatement xmpMM:DocumentID xmpMM:Manager xmpMM:ManageTo xmpMM:ManageUI xmpMM:ManagerVariant xmpMM:RenditionClass xmpMM:RenditionParams xmpMM:VersionID xmpMM:LastURL xmpMM:InstanceID pdf:Keywords pdf:PDFVersion pdf:Producer photoshop:AuthorsPosition photoshop:CaptionWriter photoshop:Category photoshop:City photoshop:Country photoshop:Credit photoshop:Headline photoshop:Instructions photoshop:Source photoshop:State photoshop:TransmissionReference pdfaid:conformance pdfaid:amd pdfaid:corr",
		"Bag":    "dc:contributor dc:language dc:publisher dc:relation dc:subject dc:type xmp:Advisory xmp:Identifier xmpRights:Owner xmpBJ:JobRef xmpTPg:Fonts photoshop:SupplementalCategories",
		"Seq":    "dc:creator xmpMM:History xmpMM:Versions xmpTPg:Colorants xmpTPg:PlateNames",
		"Alt":    "dc:description dc:rights dc:title xmpRights:UsageTerms xmp:Thumbnails",
		"struct": "xmpMM:DerivedFrom xmpMM:ManagedFrom xmpMM:RenditionOf xmpTPg:MaxPageSize",
	} {
		for _, n := range strings.Fields(names) {
			types[n] = xmpType{form: form}
		}
	}
	addPhotoTypes(types)
	return types
}()
