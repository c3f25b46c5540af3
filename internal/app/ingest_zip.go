package app

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// The limits on what is believed of a ZIP file. Nothing of it is ever written to the disk: its names are only listed, and its contents
// are read through to see that they can be.
const (
	zipEntries   = 200_000
	zipDirectory = 64 << 20
	zipListed    = 1000    // rows of the list
	zipOne       = 1 << 30 // of one entry, unpacked
	zipAll       = 4 << 30 // of all entries together, unpacked
	zipRatio     = 1000    // unpacked to packed; more is a trap
)

var errZipTooLarge = errors.New("its list of files is too large")

// zipTooLarge looks at the end of a ZIP file, where the size of its list of files stands, before anything reads that list into memory.
func zipTooLarge(in io.ReaderAt, size int64) error {
	tail := make([]byte, min(size, 22+0xffff))
	if _, err := in.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || len(tail)-i < 22 {
		return nil // no ZIP; whoever opens it will say so
	}
	n, dir := uint64(binary.LittleEndian.Uint16(tail[i+10:])), uint64(binary.LittleEndian.Uint32(tail[i+12:]))
	if n == 0xffff || dir == 0xffffffff { // ZIP64: the numbers stand in a record of their own (APPNOTE 4.3.14)
		j := bytes.LastIndex(tail[:i], []byte("PK\x06\x07"))
		if j < 0 || i-j < 20 {
			return nil
		}
		at := binary.LittleEndian.Uint64(tail[j+8:])
		rec := make([]byte, 56)
		if at > uint64(size) {
			return nil
		}
		if _, err := in.ReadAt(rec, int64(at)); err != nil || !bytes.HasPrefix(rec, []byte("PK\x06\x06")) {
			return nil //nolint:nilerr // broken; whoever opens it will say so
		}
		n, dir = binary.LittleEndian.Uint64(rec[32:]), binary.LittleEndian.Uint64(rec[40:])
	}
	if n > zipEntries || dir > zipDirectory {
		return errZipTooLarge
	}
	return nil
}

// zipContents is what a ZIP file was found to hold.
type zipContents struct {
	rows    [][]string
	kinds   map[string]int
	files   int
	bytes   uint64
	odd     int // entries that cannot be read, or were not
	unsafe  int // entries whose names lead out of a folder
	trouble *capture.Missing
}

// listZIP reads a ZIP file through and lists it. A file that is no ZIP after all, or beyond the limits, is said to be so.
func listZIP(ctx context.Context, in io.ReaderAt, size int64) (*zipContents, error) {
	c := &zipContents{kinds: map[string]int{}}
	if err := zipTooLarge(in, size); err != nil {
		c.trouble = &capture.Missing{Code: "zip-too-large", Text: capture.Text{SV: fmt.Sprintf("ZIP-filen har fler än %d filer och är inte förtecknad.", zipEntries), EN: fmt.Sprintf("The ZIP file has more than %d files and is not listed.", zipEntries)}}
		return c, nil //nolint:nilerr // it is kept as it is, and said to be unlisted
	}
	z, err := zip.NewReader(in, size)
	if err != nil {
		c.trouble = &capture.Missing{Code: "zip-broken", Text: capture.Text{
			SV: "ZIP-filen är skadad eller avhuggen och kan inte läsas. Den är bevarad som den är; hämta exporten på nytt, om den finns kvar.",
			EN: "The ZIP file is damaged or cut off and cannot be read. It is kept as it is; fetch the export again while it is there."}}
		return c, nil //nolint:nilerr // it is kept as it is
	}
	budget := uint64(zipAll)
	for _, f := range z.File {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.add(ctx, f, &budget)
	}
	return c, ctx.Err()
}

func (c *zipContents) add(ctx context.Context, f *zip.File, budget *uint64) {
	if strings.HasSuffix(f.Name, "/") {
		return
	}
	kind, state := fileKind(f.Name), "läsbar"
	if err := readThrough(ctx, f, budget); err != nil {
		state = err.Error()
		c.odd++
	}
	if unsafeName(f.Name) {
		state += ", namnet leder ut ur mappen"
		c.unsafe++
	}
	c.files++
	c.bytes += f.UncompressedSize64
	c.kinds[kind]++
	if len(c.rows) < zipListed {
		when := ""
		if !f.Modified.IsZero() && f.Modified.Year() > 1980 {
			when = f.Modified.In(register.Location()).Format("2006-01-02 15.04")
		}
		c.rows = append(c.rows, []string{shorten(strings.ToValidUTF8(f.Name, "\uFFFD"), 300), kind, fmt.Sprint(f.UncompressedSize64), when, state})
	}
}

// unreadable is why an entry of a ZIP file was not read, as it stands in the list.
type unreadable string

func (u unreadable) Error() string { return string(u) }

// readThrough unpacks one entry into nothing, within the limits.
func readThrough(ctx context.Context, f *zip.File, budget *uint64) error {
	size, packed := f.UncompressedSize64, max(f.CompressedSize64, 1)
	switch {
	case f.Flags&1 != 0:
		return unreadable("krypterad")
	case f.Mode()&fs.ModeType != 0:
		return unreadable("länk eller annat än en fil")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return unreadable("packad på ett sätt som inte kan läsas här")
	case size > 1<<20 && size/packed > zipRatio:
		return unreadable("orimligt hårt packad, inte läst")
	case size > zipOne || size > *budget:
		return unreadable("för stor för att kontrolläsas")
	}
	r, err := f.Open()
	if err != nil {
		return unreadable("skadad")
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(contextReader{ctx, r}, int64(size)+1))
	*budget -= min(*budget, uint64(n))
	if err != nil || uint64(n) != size {
		return unreadable("skadad")
	}
	return nil
}

// unsafeName reports a name that would lead out of the folder it is unpacked in.
func unsafeName(name string) bool {
	n := strings.ReplaceAll(name, `\`, "/")
	return strings.HasPrefix(n, "/") || len(n) > 1 && n[1] == ':' || path.Clean("/"+n) != "/"+strings.TrimPrefix(path.Clean(n), "./") || strings.ContainsRune(name, 0)
}

var fileKinds = map[string]string{
	".json": "data", ".js": "data", ".xml": "data", ".csv": "data", ".html": "webbsida", ".htm": "webbsida", ".txt": "text", ".md": "text", ".ics": "text", ".vcf": "text",
	".jpg": "bild", ".jpeg": "bild", ".png": "bild", ".gif": "bild", ".webp": "bild", ".heic": "bild", ".svg": "bild", ".bmp": "bild", ".avif": "bild",
	".mp4": "film", ".mov": "film", ".webm": "film", ".m4v": "film", ".avi": "film", ".mp3": "ljud", ".m4a": "ljud", ".aac": "ljud", ".wav": "ljud", ".ogg": "ljud", ".opus": "ljud",
	".pdf": "dokument", ".docx": "dokument", ".xlsx": "dokument", ".odt": "dokument", ".zip": "arkiv, inte öppnat", ".gz": "arkiv, inte öppnat", ".7z": "arkiv, inte öppnat",
	".css": "utseende", ".woff": "utseende", ".woff2": "utseende", ".ttf": "utseende",
}

func fileKind(name string) string {
	if k := fileKinds[strings.ToLower(path.Ext(name))]; k != "" {
		return k
	}
	return "annat"
}

// page lists the contents for the record and for content.json.
func (c *zipContents) page(name string) capture.Page {
	p := capture.Page{Title: "Innehåll i " + name, Lang: "sv", Dir: "ltr", Blocks: []capture.Block{}, Links: []capture.Link{}}
	if c.trouble != nil {
		p.Blocks = append(p.Blocks, capture.Block{Kind: "p", Text: c.trouble.Text.SV})
		return p
	}
	var kinds []string
	for k, n := range c.kinds {
		kinds = append(kinds, fmt.Sprintf("%s: %d", k, n))
	}
	sort.Strings(kinds)
	sum := fmt.Sprintf("%d filer, %d byte uppackade. %s.", c.files, c.bytes, strings.Join(kinds, ", "))
	if c.odd > 0 {
		sum += fmt.Sprintf(" %d filer kunde inte läsas.", c.odd)
	}
	if c.files > len(c.rows) {
		sum += fmt.Sprintf(" De första %d är förtecknade här.", len(c.rows))
	}
	p.Blocks = append(p.Blocks, capture.Block{Kind: "p", Text: sum})
	if len(c.rows) > 0 {
		p.Blocks = append(p.Blocks, capture.Block{Kind: "table", Head: true, Rows: append([][]string{{"Fil", "Slag", "Byte", "Ändrad", "Läsning"}}, c.rows...)})
	}
	return p
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
