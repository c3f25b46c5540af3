package app

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
)

// ingestKind is what a handed-in file is, by its bytes and not by its name.
type ingestKind string

const (
	kindPDF  ingestKind = "PDF"
	kindPNG  ingestKind = "PNG"
	kindJPEG ingestKind = "JPEG"
	kindZIP  ingestKind = "ZIP"
)

func (k ingestKind) picture() bool { return k == kindPNG || k == kindJPEG }

// limit is the largest file of the kind, in bytes.
func (k ingestKind) limit() int64 {
	switch k {
	case kindPDF:
		return 700 << 20
	case kindZIP:
		return 4096 << 20
	}
	return 100 << 20
}

func (k ingestKind) mime() string {
	return map[ingestKind]string{kindPDF: "application/pdf", kindPNG: "image/png", kindJPEG: "image/jpeg", kindZIP: "application/zip"}[k]
}

// foreign are files that people try to hand in, by their first bytes, with what to do instead.
var foreign = []struct {
	at    int
	magic string
	what  string
	do    string
}{
	{0, "GIF8", "a GIF picture", "save it as PNG"},
	{8, "WEBP", "a WebP picture", "save it as PNG or JPEG"},
	{4, "ftypheic", "a HEIC picture, as phones make", "save it as JPEG"},
	{4, "ftypheix", "a HEIC picture, as phones make", "save it as JPEG"},
	{4, "ftypheim", "a HEIC picture, as phones make", "save it as JPEG"},
	{4, "ftypheis", "a HEIC picture, as phones make", "save it as JPEG"},
	{4, "ftyphev", "a HEIC picture, as phones make", "save it as JPEG"},
	{4, "ftypmif1", "a HEIC picture, as phones make", "save it as JPEG"},
	{4, "ftypmsf1", "a HEIC picture, as phones make", "save it as JPEG"},
	{4, "ftypavis", "an AVIF picture", "save it as PNG or JPEG"},
	{4, "ftypavif", "an AVIF picture", "save it as PNG or JPEG"},
	{4, "ftyp", "a film", "put it into a ZIP file, and hand in that"},
	{0, "\x1aE\xdf\xa3", "a film", "put it into a ZIP file, and hand in that"},
	{0, "II*\x00", "a TIFF picture", "save it as PNG or PDF"},
	{0, "MM\x00*", "a TIFF picture", "save it as PNG or PDF"},
	{0, "II+\x00", "a TIFF picture", "save it as PNG or PDF"},
	{0, "MM\x00+", "a TIFF picture", "save it as PNG or PDF"},
	{8, "AVI ", "a film", "put it into a ZIP file, and hand in that"},
	{8, "WAVE", "a sound recording", "put it into a ZIP file, and hand in that"},
	{0, "ID3", "a sound recording", "put it into a ZIP file, and hand in that"},
	{257, "ustar", "a tar archive", "pack the files as ZIP"},
	{0, "BZh", "a bzip2 archive", "pack the files as ZIP"},
	{0, "\xfd7zXZ", "an xz archive", "pack the files as ZIP"},
	{0, "BM", "a BMP picture", "save it as PNG"},
	{0, "\xd0\xcf\x11\xe0", "an old Office document or mail message", "save it as PDF"},
	{0, "{\\rtf", "an RTF document", "save it as PDF"},
	{0, "7z\xbc\xaf", "a 7z archive", "pack the files as ZIP"},
	{0, "Rar!", "a RAR archive", "pack the files as ZIP"},
	{0, "\x1f\x8b", "a gzip archive", "pack the files as ZIP"},
	{0, "MZ", "a program", "hand in documents and pictures only"},
	{0, "\x7fELF", "a program", "hand in documents and pictures only"},
}

// sniff tells what a file is by its bytes. What is not taken in is a *UsageError that says what to do instead.
func sniff(in io.ReaderAt, size int64, path string) (ingestKind, error) {
	head := make([]byte, min(size, 1024))
	if _, err := in.ReadAt(head, 0); err != nil && err != io.EOF { // io.ReaderAt gives the bare io.EOF
		return "", err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return kindPNG, nil
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return kindJPEG, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return kindZIP, refuseZIP(in, size, path)
	case bytes.Contains(head, []byte("%PDF-")):
		return kindPDF, nil
	}
	for _, f := range foreign {
		if len(head) > f.at && bytes.HasPrefix(head[f.at:], []byte(f.magic)) {
			return "", &UsageError{fmt.Sprintf("%s is %s; %s", path, f.what, f.do)}
		}
	}
	if text := strings.ToLower(strings.TrimSpace(string(head))); strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html") {
		return "", &UsageError{fmt.Sprintf("%s is a web page; print it to PDF, or take a snapshot of its address", path)}
	}
	return "", &UsageError{fmt.Sprintf("%s is neither a PDF, a PNG or JPEG picture, nor a ZIP file; print it to PDF, or put it as it is into a ZIP file and hand in that", path)}
}

// refuseZIP refuses documents that only look like an export because their format is a ZIP file inside, and a ZIP file without a file in it.
func refuseZIP(in io.ReaderAt, size int64, path string) error {
	if zipTooLarge(in, size) != nil {
		return nil //nolint:nilerr // the listing says so
	}
	z, err := zip.NewReader(in, size)
	if err != nil {
		return nil //nolint:nilerr // a broken ZIP is kept as it is, and said to be broken
	}
	empty := true
	for i, f := range z.File {
		empty = empty && strings.HasSuffix(f.Name, "/")
		switch {
		case i > 50 && !empty:
			return nil
		case f.Name == "[Content_Types].xml", f.Name == "mimetype" && i == 0:
			return &UsageError{fmt.Sprintf("%s is an Office document or a book; save it as PDF", path)}
		case f.Name == "META-INF/MANIFEST.MF", f.Name == "AndroidManifest.xml":
			return &UsageError{fmt.Sprintf("%s is a program; hand in documents and pictures only", path)}
		}
	}
	if empty {
		return &UsageError{fmt.Sprintf("%s is a ZIP file with no file in it; fetch the export again", path)}
	}
	return nil
}
