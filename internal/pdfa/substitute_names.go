package pdfa

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// substitute is a font of the machine that may stand for one that a file does not carry.
type substitute struct {
	name string // as people know it
	file string // of the font program, without a folder
}

// textFonts are the families whose widths are those of a family that PDFs name without carrying it. Both sides agreed on them in
// public: the second was drawn to stand for the first.
var textFonts = map[string]struct{ name, file string }{
	"helvetica": {"Liberation Sans", "LiberationSans"}, "arial": {"Liberation Sans", "LiberationSans"},
	"times": {"Liberation Serif", "LiberationSerif"}, "timesnewroman": {"Liberation Serif", "LiberationSerif"},
	"courier": {"Liberation Mono", "LiberationMono"}, "couriernew": {"Liberation Mono", "LiberationMono"},
	"arialnarrow": {"Liberation Sans Narrow", "LiberationSansNarrow"}, "helveticanarrow": {"Liberation Sans Narrow", "LiberationSansNarrow"},
	"liberationsans": {"Liberation Sans", "LiberationSans"}, "liberationserif": {"Liberation Serif", "LiberationSerif"},
	"liberationmono": {"Liberation Mono", "LiberationMono"},
	"calibri":        {"Carlito", "Carlito"}, "cambria": {"Caladea", "Caladea"},
}

// signFonts are the two of the fourteen standard fonts that hold signs, by the fonts with the same glyphs under the same names.
var signFonts = map[string]substitute{
	"symbol":       {"Standard Symbols PS", "StandardSymbolsPS.t1"},
	"zapfdingbats": {"D050000L", "D050000L.t1"},
}

// substituteFor gives the font that stands for the one of a name like Arial,Bold or TimesNewRomanPS-BoldItalicMT; false when none is known to
// have its widths.
func substituteFor(font string) (substitute, bool) {
	name := strings.ToLower(strings.ReplaceAll(font, " ", ""))
	if subsetName.MatchString(font) {
		name = name[7:]
	}
	if s, ok := signFonts[name]; ok {
		return s, true
	}
	family, style := name, ""
	if i := strings.LastIndexAny(name, "-,"); i > 0 && !strings.HasSuffix(name, "-narrow") {
		family, style = name[:i], name[i+1:]
	}
	family = strings.NewReplacer("-", "", ",", "").Replace(family)
	family = strings.TrimSuffix(strings.TrimSuffix(family, "mt"), "ps")
	f, known := textFonts[family]
	variant, plain := fontStyle(style)
	if !known || !plain {
		return substitute{}, false
	}
	return substitute{strings.TrimSuffix(f.name+" "+variant, " Regular"), f.file + "-" + strings.ReplaceAll(variant, " ", "") + ".ttf"}, true
}

// fontStyle reads the part of a font's name after the family; false when it says more than weight and slant, such as Black or Light.
func fontStyle(s string) (variant string, known bool) {
	s = strings.TrimSuffix(s, "mt")
	bold := strings.Contains(s, "bold")
	italic := strings.Contains(s, "italic") || strings.Contains(s, "oblique")
	rest := strings.NewReplacer("bold", "", "italic", "", "oblique", "", "roman", "", "regular", "", "normal", "", ",", "", "-", "").Replace(s)
	switch {
	case bold && italic:
		variant = "Bold Italic"
	case bold:
		variant = "Bold"
	case italic:
		variant = "Italic"
	default:
		variant = "Regular"
	}
	return variant, rest == ""
}

// findFont looks for the file of a font below the folders; empty when it is in none.
func findFont(dirs []string, file string) string {
	found := ""
	for _, dir := range dirs {
		_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error { // a folder that cannot be read holds no font for us
			if err == nil && e.Name() == file && e.Type().IsRegular() {
				found = path
				return fs.SkipAll
			}
			return nil
		})
		if found != "" {
			break
		}
	}
	return found
}

// maxFontBytes bounds the font files of the machine that are read.
const maxFontBytes = 32 << 20

func readFont(path string) []byte {
	info, err := os.Stat(path)
	if err != nil || info.Size() > maxFontBytes {
		return nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return b
}
