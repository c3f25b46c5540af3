package pdfa

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
)

var (
	startXRef = regexp.MustCompile(`startxref\s+([0-9]+)`)
	tableWord = regexp.MustCompile(`[\r\n]xref\s`)
)

// readBroken reads a file for conversion. One whose cross-reference table leads astray is read by the objects in it, as viewers do: the parser
// does so by itself when it finds no table at all. An encrypted file is not, because the key would be lost on the way.
func readBroken(ctx context.Context, in io.ReadSeeker) (*document, error) {
	d, err := read(ctx, in)
	var refused *RefusedError
	if err == nil || !errors.As(err, &refused) || refused.Code != "broken" || mentions(in, "/Encrypt") {
		return d, err
	}
	for _, whole := range []bool{false, true} {
		again, failed := readAs(ctx, in, func(in io.ReadSeeker) []patch { return append(versionAt(in), hideTable(in, whole)...) })
		if failed == nil && len(again.pages) > 0 {
			again.note("cross-reference table, which is broken, made anew from the objects in the file", "ISO 19005-2, 6.1.4", 1, true)
			return again, nil
		}
		if failed != nil && (!errors.As(failed, &refused) || refused.Code != "broken") {
			break // it took too long, or is refused for good reason
		}
	}
	return d, err
}

// hideTable makes the parser look for the table where there is none; whole hides the table's own beginning from it as well.
func hideTable(in io.ReadSeeker, whole bool) []patch {
	const tail = 1 << 20
	size, err := in.Seek(0, io.SeekEnd)
	if err != nil {
		return nil
	}
	from := max(0, size-tail)
	if _, err := in.Seek(from, io.SeekStart); err != nil {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(in, tail))
	if err != nil {
		return nil
	}
	var patches []patch
	for _, m := range startXRef.FindAllSubmatchIndex(b, -1) {
		patches = append(patches, patch{from + int64(m[2]), strings.Repeat("0", m[3]-m[2]-1) + "1"})
	}
	if !whole {
		return patches
	}
	for _, m := range tableWord.FindAllIndex(b, -1) {
		patches = append(patches, patch{from + int64(m[0]) + 1, "%"})
	}
	return patches
}

// mentions tells whether the file has a word anywhere; true when it cannot be read.
func mentions(in io.ReadSeeker, word string) bool {
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return true
	}
	block := make([]byte, 1<<20)
	kept := 0 // of the block before: the word may lie across
	for {
		n, err := io.ReadFull(in, block[kept:])
		if bytes.Contains(block[:kept+n], []byte(word)) {
			return true
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return false
		}
		if err != nil {
			return true
		}
		kept = copy(block, block[len(block)-len(word):])
	}
}
