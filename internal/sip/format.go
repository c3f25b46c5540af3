package sip

// format names a file format for METS and PREMIS. key is its PRONOM identifier; empty when we do not claim to know.
type format struct{ name, version, key string }

// pdfaKeys are the PRONOM identifiers of the PDF/A levels that a record can have. Its keys are the levels Build takes.
var pdfaKeys = map[string]string{
	"1a": "fmt/95", "1b": "fmt/354", "2a": "fmt/476", "2b": "fmt/477", "2u": "fmt/478", "3a": "fmt/479", "3b": "fmt/480", "3u": "fmt/481",
}

// formatOf names the format of a file by what was decided (the record's level) or by its media type.
func formatOf(f staged) format {
	if f.role == RoleRecord && f.level != "" {
		return format{name: "PDF/A", version: f.level, key: pdfaKeys[f.level]}
	}
	switch f.mime {
	case "application/json":
		return format{name: "JSON Data Interchange Format", key: "fmt/817"}
	case "application/pdf":
		return format{name: "PDF"}
	}
	return format{name: f.mime}
}
