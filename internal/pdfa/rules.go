package pdfa

// rule is one rule of a standard, numbered as validators count its tests.
type rule struct {
	clause, test string
	level        string // the lowest level that asks for it
	text         string
}

func (r rule) finding(object int, text string) Finding {
	return Finding{Clause: r.clause, Test: r.test, Rule: r.text, Level: r.level, Object: object, Text: text}
}

// The rules about what a content stream says, of ISO 19005-2.
var (
	ruleHexEven      = rule{"6.1.6", "1", "2b", "a hexadecimal string has an even number of digits"}
	ruleHexDigits    = rule{"6.1.6", "2", "2b", "a hexadecimal string has only hexadecimal digits"}
	ruleInlineFilter = rule{"6.1.10", "1", "2b", "an inline image uses only filters of ISO 32000-1, and neither LZW nor Crypt"}
	ruleInteger      = rule{"6.1.13", "1", "2b", "an integer lies between -2,147,483,648 and 2,147,483,647"}
	ruleReal         = rule{"6.1.13", "2", "2b", "a real number lies within ±3.403 × 10^38"}
	ruleString       = rule{"6.1.13", "3", "2b", "a string has at most 32,767 bytes"}
	ruleName         = rule{"6.1.13", "4", "2b", "a name has at most 127 bytes"}
	ruleRealSmall    = rule{"6.1.13", "5", "2b", "a real number other than zero is at least 1.175 × 10^-38 away from it"}
	ruleIntent       = rule{"6.2.6", "1", "2b", "a rendering intent is one of the four of ISO 32000-1"}
	ruleInterpolate  = rule{"6.2.8", "3", "2b", "an image is not interpolated"}
	ruleLang         = rule{"6.7.4", "1", "2a", "a language is given as a language identifier"}
)

// The rules of ISO 19005-2 that level b asks for.
var (
	ruleHeader       = rule{"6.1.2", "1", "2b", "the file begins with %PDF-1.n, n from 0 to 7"}
	ruleHeaderBytes  = rule{"6.1.2", "2", "2b", "the header is followed by a comment of at least four bytes above 127"}
	ruleID           = rule{"6.1.3", "1", "2b", "the trailer has a file identifier"}
	ruleAfterEnd     = rule{"6.1.3", "3", "2b", "nothing but one end of line follows the last %%EOF"}
	ruleXref         = rule{"6.1.4", "2", "2b", "xref and the subsection header are separated by one end of line"}
	ruleLength       = rule{"6.1.7.1", "1", "2b", "Length is the number of bytes in the stream"}
	ruleStreamEOL    = rule{"6.1.7.1", "2", "2b", "stream is followed, and endstream preceded, by an end of line"}
	ruleExternal     = rule{"6.1.7.1", "3", "2b", "a stream has none of the keys F, FFilter, FDecodeParms"}
	ruleFilter       = rule{"6.1.7.2", "1", "2b", "a stream uses only filters of ISO 32000-1, and neither LZW nor Crypt"}
	ruleUTF8         = rule{"6.1.8", "1", "2b", "names of fonts, colourants and structure types are UTF-8"}
	ruleSpacing      = rule{"6.1.9", "1", "2b", "object number, generation and obj are separated by one white space, and objects by ends of line"}
	rulePerms        = rule{"6.1.12", "1", "2b", "a permissions dictionary has no keys but UR3 and DocMDP"}
	ruleSigRef       = rule{"6.1.12", "2", "2b", "a reference of a DocMDP signature has no digests"}
	ruleIndirects    = rule{"6.1.13", "7", "2b", "the file has at most 8,388,607 objects"}
	ruleNesting      = rule{"6.1.13", "8", "2b", "q and Q are nested at most 28 deep"}
	ruleColorants    = rule{"6.1.13", "9", "2b", "a DeviceN colour space has at most 32 colourants"}
	ruleCID          = rule{"6.1.13", "10", "2b", "a CID is at most 65,535"}
	ruleBox          = rule{"6.1.13", "11", "2b", "a page boundary is between 3 and 14,400 units in each direction"}
	ruleOperator     = rule{"6.2.2", "1", "2b", "a content stream uses only operators of ISO 32000-1"}
	ruleResources    = rule{"6.2.2", "2", "2b", "a content stream finds what it names in resources of its own"}
	ruleIntentClass  = rule{"6.2.3", "1", "2b", "the profile of the output intent is a display or output profile of gray, RGB or CMYK"}
	ruleIntentOne    = rule{"6.2.3", "2", "2b", "all output intents share one profile"}
	ruleIntentX      = rule{"6.2.3", "3", "2b", "a PDF/X output intent has no DestOutputProfileRef"}
	ruleICC          = rule{"6.2.4.2", "1", "2b", "an ICC profile is of a class, colour space and version that may be used"}
	ruleOverprint    = rule{"6.2.4.2", "2", "2b", "overprint mode is not 1 where ICCBased CMYK overprints"}
	ruleRGB          = rule{"6.2.4.3", "2", "2b", "DeviceRGB has a DefaultRGB or an output intent of RGB"}
	ruleCMYK         = rule{"6.2.4.3", "3", "2b", "DeviceCMYK has a DefaultCMYK or an output intent of CMYK"}
	ruleGray         = rule{"6.2.4.3", "4", "2b", "DeviceGray has a DefaultGray or an output intent"}
	ruleColorantDict = rule{"6.2.4.4", "1", "2b", "every spot colour of a DeviceN colour space is in its Colorants"}
	ruleSeparation   = rule{"6.2.4.4", "2", "2b", "Separation colour spaces of the same name are the same"}
	ruleTR           = rule{"6.2.5", "1", "2b", "a graphics state has no TR"}
	ruleTR2          = rule{"6.2.5", "2", "2b", "a graphics state has no TR2 but Default"}
	ruleHTP          = rule{"6.2.5", "3", "2b", "a graphics state has no HTP"}
	ruleHalftone     = rule{"6.2.5", "4", "2b", "a halftone is of type 1 or 5"}
	ruleHalftoneName = rule{"6.2.5", "5", "2b", "a halftone has no HalftoneName"}
	ruleHalftoneTR   = rule{"6.2.5", "6", "2b", "a halftone has a TransferFunction only where ISO 32000-1 asks for it"}
	ruleAlternates   = rule{"6.2.8", "1", "2b", "an image has no Alternates"}
	ruleImageOPI     = rule{"6.2.8", "2", "2b", "an image has no OPI"}
	ruleBits         = rule{"6.2.8", "4", "2b", "an image has 1, 2, 4, 8 or 16 bits per component"}
	ruleMaskBits     = rule{"6.2.8", "5", "2b", "an image mask has 1 bit per component"}
	ruleJPXChannels  = rule{"6.2.8.3", "1", "2b", "a JPEG 2000 image has 1, 3 or 4 colour channels"}
	ruleJPXSpecs     = rule{"6.2.8.3", "2", "2b", "a JPEG 2000 image has one colour specification, or one that is marked"}
	ruleJPXMethod    = rule{"6.2.8.3", "3", "2b", "a JPEG 2000 image's colour method is 1, 2 or 3"}
	ruleJPXJab       = rule{"6.2.8.3", "4", "2b", "a JPEG 2000 image is not in CIEJab"}
	ruleJPXDepth     = rule{"6.2.8.3", "5", "2b", "all channels of a JPEG 2000 image have one bit depth, from 1 to 38"}
	ruleFormPS       = rule{"6.2.9", "1", "2b", "a form has neither OPI nor PostScript"}
	ruleFormRef      = rule{"6.2.9", "2", "2b", "a form is no reference to another file"}
	rulePostScript   = rule{"6.2.9", "3", "2b", "there are no PostScript XObjects"}
	ruleBlend        = rule{"6.2.10", "1", "2b", "a blend mode is one of ISO 32000-1"}
	ruleGroup        = rule{"6.2.10", "2", "2b", "a page with transparency has a group colour space or the file an output intent"}
)

// The rules on annotations, forms, actions, metadata and the rest of the file.
var (
	ruleAnnotType    = rule{"6.3.1", "1", "2b", "an annotation is of a type of ISO 32000-1, and no 3D, sound, screen or movie"}
	ruleAnnotF       = rule{"6.3.2", "1", "2b", "an annotation has flags"}
	ruleAnnotFlags   = rule{"6.3.2", "2", "2b", "an annotation is printed and not hidden"}
	ruleAnnotAP      = rule{"6.3.3", "1", "2b", "an annotation has an appearance"}
	ruleAnnotN       = rule{"6.3.3", "2", "2b", "an annotation has only a normal appearance"}
	ruleAnnotButton  = rule{"6.3.3", "3", "2b", "a button's appearance is a dictionary of states"}
	ruleAnnotStream  = rule{"6.3.3", "4", "2b", "an annotation's appearance is a stream"}
	ruleWidgetAction = rule{"6.4.1", "1", "2b", "a widget has no actions"}
	ruleFieldAction  = rule{"6.4.1", "2", "2b", "a field has no additional actions"}
	ruleAppearances  = rule{"6.4.1", "3", "2b", "appearances of fields are not left to the viewer"}
	ruleXFA          = rule{"6.4.2", "1", "2b", "the form has no XFA"}
	ruleRendering    = rule{"6.4.2", "2", "2b", "the catalog has no NeedsRendering"}
	ruleSignature    = rule{"6.4.3", "1", "2b", "a signature covers the whole file"}
	ruleAction       = rule{"6.5.1", "1", "2b", "an action is GoTo, GoToR, GoToE, Thread, URI, Named or SubmitForm"}
	ruleNamed        = rule{"6.5.1", "2", "2b", "a named action turns to the next, previous, first or last page"}
	ruleCatalogAA    = rule{"6.5.2", "1", "2b", "the catalog has no additional actions"}
	rulePageAA       = rule{"6.5.2", "2", "2b", "a page has no additional actions"}
	ruleMetadata     = rule{"6.6.2.1", "1", "2b", "the catalog has an XMP metadata stream"}
	ruleXMPBytes     = rule{"6.6.2.1", "2", "2b", "an XMP packet header has neither bytes nor encoding"}
	ruleXMPValid     = rule{"6.6.2.1", "4", "2b", "XMP is well-formed"}
	ruleXMPUTF8      = rule{"6.6.2.1", "5", "2b", "XMP is UTF-8"}
	ruleXMPSchema    = rule{"6.6.2.3.1", "1", "2b", "every XMP property is of a predefined schema or described in the file"}
	ruleXMPType      = rule{"6.6.2.3.1", "2", "2b", "every XMP property has the type that its schema asks for"}
	ruleIdentified   = rule{"6.6.4", "1", "2b", "the metadata declares part and conformance of PDF/A"}
	rulePart         = rule{"6.6.4", "2", "2b", "the metadata declares the part that the file is held against"}
	ruleConformance  = rule{"6.6.4", "3", "2b", "the metadata declares the conformance level"}
	ruleMarked       = rule{"6.7.2.2", "1", "2a", "the catalog says that the file is tagged"}
	ruleTree         = rule{"6.7.3.3", "1", "2a", "the file has a structure tree"}
	ruleRole         = rule{"6.7.3.4", "1", "2a", "every structure type of its own is mapped to a standard type"}
	ruleRoleLoop     = rule{"6.7.3.4", "2", "2a", "the role map has no loops"}
	ruleRoleRemap    = rule{"6.7.3.4", "3", "2a", "a standard structure type is not mapped to another"}
	ruleFileMIME     = rule{"6.8", "1", "3b", "an embedded file has a media type"}
	ruleFileName     = rule{"6.8", "2", "2b", "an embedded file has its name in F and UF"}
	ruleFileRelation = rule{"6.8", "3", "3b", "an embedded file has its relationship to the document"}
	ruleFileAF       = rule{"6.8", "4", "3b", "an embedded file is associated with the document or a part of it"}
	ruleFilePDFA     = rule{"6.8", "5", "2b", "an embedded file is itself PDF/A-1 or PDF/A-2"}
	ruleOCName       = rule{"6.9", "1", "2b", "an optional content configuration has a name"}
	ruleOCUnique     = rule{"6.9", "2", "2b", "names of optional content configurations are unique"}
	ruleOCOrder      = rule{"6.9", "3", "2b", "an optional content configuration's Order lists all groups"}
	ruleOCAS         = rule{"6.9", "4", "2b", "an optional content configuration has no AS"}
	ruleAlternate    = rule{"6.10", "1", "2b", "there are no alternate presentations"}
	rulePresSteps    = rule{"6.10", "2", "2b", "a page has no presentation steps"}
	ruleRequirements = rule{"6.11", "1", "2b", "the catalog has no requirements"}
)

// The rules on fonts.
var (
	ruleFontType      = rule{"6.2.11.2", "1", "2b", "a font dictionary is of type Font"}
	ruleFontSubtype   = rule{"6.2.11.2", "2", "2b", "a font has a subtype of ISO 32000-1"}
	ruleFontName      = rule{"6.2.11.2", "3", "2b", "a font has a BaseFont"}
	ruleFirstChar     = rule{"6.2.11.2", "4", "2b", "a simple font has a FirstChar"}
	ruleLastChar      = rule{"6.2.11.2", "5", "2b", "a simple font has a LastChar"}
	ruleWidths        = rule{"6.2.11.2", "6", "2b", "a simple font has as many Widths as FirstChar and LastChar say"}
	ruleFontFileType  = rule{"6.2.11.2", "7", "2b", "an embedded font program is Type1C, CIDFontType0C or OpenType"}
	ruleSystemInfo    = rule{"6.2.11.3.1", "1", "2b", "a composite font's CIDSystemInfo fits its CMap"}
	ruleCIDToGID      = rule{"6.2.11.3.2", "1", "2b", "an embedded CIDFontType2 has a CIDToGIDMap"}
	ruleCMapEmbedded  = rule{"6.2.11.3.3", "1", "2b", "a CMap is predefined or embedded"}
	ruleCMapMode      = rule{"6.2.11.3.3", "2", "2b", "an embedded CMap's WMode is what its dictionary says"}
	ruleCMapUses      = rule{"6.2.11.3.3", "3", "2b", "a CMap builds only on predefined ones"}
	ruleEmbedded      = rule{"6.2.11.4.1", "1", "2b", "a font that is shown is embedded"}
	ruleGlyph         = rule{"6.2.11.4.1", "2", "2b", "an embedded font has every glyph that is shown"}
	ruleCharSet       = rule{"6.2.11.4.2", "1", "2b", "a Type 1 font's CharSet lists all its glyphs"}
	ruleCIDSet        = rule{"6.2.11.4.2", "2", "2b", "a CID font's CIDSet lists all its glyphs"}
	ruleGlyphWidth    = rule{"6.2.11.5", "1", "2b", "widths in the font dictionary and the font program agree"}
	ruleTrueTypeCmap  = rule{"6.2.11.6", "1", "2b", "a non-symbolic TrueType font program has a character map"}
	ruleTrueTypeEnc   = rule{"6.2.11.6", "2", "2b", "a non-symbolic TrueType font has MacRoman or WinAnsi encoding"}
	ruleSymbolicEnc   = rule{"6.2.11.6", "3", "2b", "a symbolic TrueType font has no Encoding"}
	ruleSymbolicCmap  = rule{"6.2.11.6", "4", "2b", "a symbolic TrueType font program has one character map, or a Microsoft Symbol one"}
	ruleUnicode       = rule{"6.2.11.7.2", "1", "2u", "every code that is shown maps to Unicode"}
	ruleUnicodeValues = rule{"6.2.11.7.2", "2", "2u", "no code that is shown maps to U+0000, U+FEFF or U+FFFE"}
	rulePUA           = rule{"6.2.11.7.3", "1", "2a", "a character of the private use area has an ActualText"}
	ruleNotdef        = rule{"6.2.11.8", "1", "2b", "the .notdef glyph is not shown"}
)
