package pdfa

import (
	"strings"
	"sync"

	"golang.org/x/text/encoding/charmap"
)

// latinNames are the glyph names of the Latin character set in the order of the standard strings of CFF (Adobe Technical
// Note 5176, Appendix A), the first 229, with their characters beside them in latinRunes.
var latinNames = strings.Fields(`.notdef space exclam quotedbl numbersign dollar percent ampersand quoteright parenleft parenright
 asterisk plus comma hyphen period slash zero one two three four five six seven eight nine colon semicolon less equal greater
 question at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright asciicircum underscore
 quoteleft a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde exclamdown cent sterling
 fraction yen florin section currency quotesingle quotedblleft guillemotleft guilsinglleft guilsinglright fi fl endash dagger
 daggerdbl periodcentered paragraph bullet quotesinglbase quotedblbase quotedblright guillemotright ellipsis perthousand
 questiondown grave acute circumflex tilde macron breve dotaccent dieresis ring cedilla hungarumlaut ogonek caron emdash AE
 ordfeminine Lslash Oslash OE ordmasculine ae dotlessi lslash oslash oe germandbls onesuperior logicalnot mu trademark Eth
 onehalf plusminus Thorn onequarter divide brokenbar degree thorn threequarters twosuperior registered minus eth multiply
 threesuperior copyright Aacute Acircumflex Adieresis Agrave Aring Atilde Ccedilla Eacute Ecircumflex Edieresis Egrave Iacute
 Icircumflex Idieresis Igrave Ntilde Oacute Ocircumflex Odieresis Ograve Otilde Scaron Uacute Ucircumflex Udieresis Ugrave
 Yacute Ydieresis Zcaron aacute acircumflex adieresis agrave aring atilde ccedilla eacute ecircumflex edieresis egrave iacute
 icircumflex idieresis igrave ntilde oacute ocircumflex odieresis ograve otilde scaron uacute ucircumflex udieresis ugrave
 yacute ydieresis zcaron`)

const latinRunes = "\x00 !\"#$%&’()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_‘abcdefghijklmnopqrstuvwxyz{|}~¡¢£⁄¥ƒ§¤'“«‹›" +
	"ﬁﬂ–†‡·¶•‚„”»…‰¿`´ˆ˜¯˘˙¨˚¸˝˛ˇ—ÆªŁØŒºæıłøœß¹¬µ™Ð½±Þ¼÷¦°þ¾²®−ð×³©ÁÂÄÀÅÃÇÉÊËÈÍÎÏÌÑÓÔÖÒÕŠÚÛÜÙÝŸŽáâäàåãçéêëèíîïìñóôöòõšúûüùýÿž"

// cffStrings are the 391 standard strings of CFF.
var cffStrings = append(append([]string(nil), latinNames...), strings.Fields(`exclamsmall Hungarumlautsmall dollaroldstyle dollarsuperior
 ampersandsmall Acutesmall parenleftsuperior parenrightsuperior twodotenleader onedotenleader zerooldstyle oneoldstyle
 twooldstyle threeoldstyle fouroldstyle fiveoldstyle sixoldstyle sevenoldstyle eightoldstyle nineoldstyle commasuperior
 threequartersemdash periodsuperior questionsmall asuperior bsuperior centsuperior dsuperior esuperior isuperior lsuperior
 msuperior nsuperior osuperior rsuperior ssuperior tsuperior ff ffi ffl parenleftinferior parenrightinferior Circumflexsmall
 hyphensuperior Gravesmall Asmall Bsmall Csmall Dsmall Esmall Fsmall Gsmall Hsmall Ismall Jsmall Ksmall Lsmall Msmall Nsmall
 Osmall Psmall Qsmall Rsmall Ssmall Tsmall Usmall Vsmall Wsmall Xsmall Ysmall Zsmall colonmonetary onefitted rupiah Tildesmall
 exclamdownsmall centoldstyle Lslashsmall Scaronsmall Zcaronsmall Dieresissmall Brevesmall Caronsmall Dotaccentsmall
 Macronsmall figuredash hypheninferior Ogoneksmall Ringsmall Cedillasmall questiondownsmall oneeighth threeeighths
 fiveeighths seveneighths onethird twothirds zerosuperior foursuperior fivesuperior sixsuperior sevensuperior eightsuperior
 ninesuperior zeroinferior oneinferior twoinferior threeinferior fourinferior fiveinferior sixinferior seveninferior
 eightinferior nineinferior centinferior dollarinferior periodinferior commainferior Agravesmall Aacutesmall
 Acircumflexsmall Atildesmall Adieresissmall Aringsmall AEsmall Ccedillasmall Egravesmall Eacutesmall Ecircumflexsmall
 Edieresissmall Igravesmall Iacutesmall Icircumflexsmall Idieresissmall Ethsmall Ntildesmall Ogravesmall Oacutesmall
 Ocircumflexsmall Otildesmall Odieresissmall OEsmall Oslashsmall Ugravesmall Uacutesmall Ucircumflexsmall Udieresissmall
 Yacutesmall Thornsmall Ydieresissmall 001.000 001.001 001.002 001.003 Black Bold Book Light Medium Regular Roman Semibold`)...)

// macGlyphs is the Macintosh order of glyphs that post tables build on.
var macGlyphs = strings.Fields(`.notdef .null nonmarkingreturn space exclam quotedbl numbersign dollar percent ampersand quotesingle
 parenleft parenright asterisk plus comma hyphen period slash zero one two three four five six seven eight nine colon semicolon
 less equal greater question at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright
 asciicircum underscore grave a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde Adieresis
 Aring Ccedilla Eacute Ntilde Odieresis Udieresis aacute agrave acircumflex adieresis atilde aring ccedilla eacute egrave
 ecircumflex edieresis iacute igrave icircumflex idieresis ntilde oacute ograve ocircumflex odieresis otilde uacute ugrave
 ucircumflex udieresis dagger degree cent sterling section bullet paragraph germandbls registered copyright trademark acute
 dieresis notequal AE Oslash infinity plusminus lessequal greaterequal yen mu partialdiff summation product pi integral
 ordfeminine ordmasculine Omega ae oslash questiondown exclamdown logicalnot radical florin approxequal Delta guillemotleft
 guillemotright ellipsis nonbreakingspace Agrave Atilde Otilde OE oe endash emdash quotedblleft quotedblright quoteleft
 quoteright divide lozenge ydieresis Ydieresis fraction currency guilsinglleft guilsinglright fi fl daggerdbl periodcentered
 quotesinglbase quotedblbase perthousand Acircumflex Ecircumflex Aacute Edieresis Egrave Iacute Icircumflex Idieresis Igrave
 Oacute Ocircumflex apple Ograve Uacute Ucircumflex Ugrave dotlessi circumflex tilde macron breve dotaccent ring cedilla
 hungarumlaut ogonek caron Lslash lslash Scaron scaron Zcaron zcaron brokenbar Eth eth Yacute yacute Thorn thorn minus multiply
 onesuperior twosuperior threesuperior onehalf onequarter threequarters franc Gbreve gbreve Idotaccent Scedilla scedilla Cacute
 cacute Ccaron ccaron dcroat`)

// accents are what the names of composed letters end in, with the combining character.
var accents = map[string]rune{
	"acute": 0x301, "grave": 0x300, "circumflex": 0x302, "dieresis": 0x308, "tilde": 0x303, "caron": 0x30c, "breve": 0x306,
	"macron": 0x304, "ring": 0x30a, "cedilla": 0x327, "ogonek": 0x328, "dotaccent": 0x307, "hungarumlaut": 0x30b,
	"commaaccent": 0x327, "dot": 0x307,
}

var greekNames = strings.Fields(`Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau
 Upsilon Phi Chi Psi Omega`)

// symbolNames are names of signs beyond the Latin set.
var symbolNames = map[string]rune{
	"Euro": '€', "ff": 0xfb00, "ffi": 0xfb03, "ffl": 0xfb04, "nbspace": 0xa0, "nonbreakingspace": 0xa0, "sfthyphen": 0xad,
	"softhyphen": 0xad, "middot": 0xb7, "overscore": 0xaf, "notequal": '≠', "infinity": '∞', "lessequal": '≤', "greaterequal": '≥',
	"partialdiff": '∂', "summation": '∑', "product": '∏', "pi": 'π', "integral": '∫', "Omega": 'Ω', "radical": '√', "approxequal": '≈',
	"Delta": '∆', "lozenge": '◊', "franc": '₣', "dcroat": 'đ', "Dcroat": 'Đ', "Dslash": 'Đ', "dslash": 'đ', "hbar": 'ħ', "Hbar": 'Ħ',
	"Tbar": 'Ŧ', "tbar": 'ŧ', "Eng": 'Ŋ', "eng": 'ŋ', "kgreenlandic": 'ĸ', "longs": 'ſ', "arrowleft": '←', "arrowup": '↑',
	"arrowright": '→', "arrowdown": '↓', "arrowboth": '↔', "arrowdblright": '⇒', "arrowdblleft": '⇐', "arrowdblboth": '⇔',
	"universal": '∀', "existential": '∃', "element": '∈', "notelement": '∉', "suchthat": '∋', "asteriskmath": '∗', "proportional": '∝',
	"angle": '∠', "logicaland": '∧', "logicalor": '∨', "intersection": '∩', "union": '∪', "therefore": '∴', "similar": '∼',
	"congruent": '≅', "equivalence": '≡', "propersubset": '⊂', "propersuperset": '⊃', "reflexsubset": '⊆', "reflexsuperset": '⊇',
	"circleplus": '⊕', "circlemultiply": '⊗', "perpendicular": '⊥', "dotmath": '⋅', "gradient": '∇', "emptyset": '∅', "aleph": 'ℵ',
	"Ifraktur": 'ℑ', "Rfraktur": 'ℜ', "weierstrass": '℘', "minute": '′', "second": '″', "degree": '°', "club": '♣', "diamond": '♦',
	"heart": '♥', "spade": '♠', "figuredash": '‒', "estimated": '℮', "numero": '№', "oneeighth": '⅛', "threeeighths": '⅜',
	"fiveeighths": '⅝', "seveneighths": '⅞', "onethird": '⅓', "twothirds": '⅔', "zerosuperior": '⁰', "foursuperior": '⁴',
	"fivesuperior": '⁵', "sixsuperior": '⁶', "sevensuperior": '⁷', "eightsuperior": '⁸', "ninesuperior": '⁹', "nsuperior": 'ⁿ',
	"zeroinferior": '₀', "oneinferior": '₁', "twoinferior": '₂', "threeinferior": '₃', "fourinferior": '₄', "fiveinferior": '₅',
	"sixinferior": '₆', "seveninferior": '₇', "eightinferior": '₈', "nineinferior": '₉', "theta1": 'ϑ', "phi1": 'ϕ', "omega1": 'ϖ',
	"Upsilon1": 'ϒ', "sigma1": 'ς', "filledbox": '■', "H22073": '□', "circle": '○', "H18533": '●', "triagup": '▲', "triagdn": '▼',
	"triagrt": '►', "triaglf": '◄', "checkmark": '✓', "angleleft": 0x2329, "angleright": 0x232a, "bulletoperator": '∙',
	"underscoredbl": '‗', "exclamdbl": '‼', "smileface": '☺', "female": '♀', "male": '♂', "musicalnote": '♪', "musicalnotedbl": '♫',
}

// glyphTable holds the names by rule and by list; made once.
var glyphTable = sync.OnceValue(func() map[string]rune {
	t := map[string]rune{}
	runes := []rune(latinRunes)
	for i, n := range latinNames {
		if i > 0 {
			t[n] = runes[i]
		}
	}
	for i, n := range greekNames {
		t[n], t[strings.ToLower(n[:1])+n[1:]] = rune(0x391+i), rune(0x3b1+i)
	}
	for n, r := range symbolNames {
		t[n] = r
	}
	delete(t, "-")
	return t
})

// standardEncoding is the encoding that Type 1 and CFF fonts call StandardEncoding, codes to names.
var standardEncoding = sync.OnceValue(func() map[int]string {
	m := map[int]string{}
	for i, n := range latinNames[1:96] { // the printable ASCII codes in order
		m[0x20+i] = n
	}
	at := func(code int, names string) {
		for i, n := range strings.Fields(names) {
			if n != "-" {
				m[code+i] = n
			}
		}
	}
	at(0xa1, `exclamdown cent sterling fraction yen florin section currency quotesingle quotedblleft guillemotleft guilsinglleft
 guilsinglright fi fl - endash dagger daggerdbl periodcentered - paragraph bullet quotesinglbase quotedblbase quotedblright
 guillemotright ellipsis perthousand - questiondown - grave acute circumflex tilde macron breve dotaccent dieresis - ring
 cedilla - hungarumlaut ogonek caron emdash`)
	at(0xe1, "AE - ordfeminine - - - - Lslash Oslash OE ordmasculine - - - - - ae - - - dotlessi - - lslash oslash oe germandbls")
	return m
})

// baseEncoding gives the glyph names of MacRomanEncoding or WinAnsiEncoding; nil for any other name.
func baseEncoding(name string) map[int]string {
	switch name {
	case "WinAnsiEncoding":
		return winAnsi()
	case "MacRomanEncoding":
		return macRoman()
	}
	return nil
}

var winAnsi = sync.OnceValue(func() map[int]string {
	m := byCharmap(charmap.Windows1252)
	for code := 0x7f; code < 256; code++ { // codes without a character are bullets (ISO 32000-1, Annex D, note 3)
		if m[code] == "" {
			m[code] = "bullet"
		}
	}
	m[0x27], m[0x60], m[0xa0], m[0xad] = "quotesingle", "grave", "space", "hyphen"
	m[0x80] = "Euro"
	return m
})

var macRoman = sync.OnceValue(func() map[int]string {
	m := byCharmap(charmap.Macintosh)
	m[0x27], m[0x60], m[0xca], m[0xdb] = "quotesingle", "grave", "space", "currency"
	return m
})

func byCharmap(c *charmap.Charmap) map[int]string {
	names := map[rune]string{}
	for n, r := range glyphTable() {
		if have, ok := names[r]; !ok || len(n) < len(have) || len(n) == len(have) && n < have {
			names[r] = n
		}
	}
	for i, r := range []rune(latinRunes) { // the Latin set's own names win
		names[r] = latinNames[i]
	}
	m := map[int]string{}
	for code := 0x20; code < 256; code++ {
		if n := names[c.DecodeByte(byte(code))]; n != "" && n != ".notdef" {
			m[code] = n
		}
	}
	return m
}
