package sip

import (
	"errors"
	"io"
)

// Entry is one file that a package's METS names.
type Entry struct {
	Path   string // from the package's root, with slashes
	Size   int64  // bytes
	SHA256 string // lower-case hex
	Where  string // the METS.xml that names it: "METS.xml" or "representations/<name>/METS.xml"
}

// Inventory reads the root METS.xml of a package and the METS.xml of each representation through open, and returns
// every file they name, the representations' METS.xml included and the root METS.xml not. open takes a path from the
// package's root and should return an error that wraps fs.ErrNotExist for a file that is not there.
func Inventory(open func(path string) (io.ReadCloser, error)) ([]Entry, error) {
	return nil, errors.ErrUnsupported
}
