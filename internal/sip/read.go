package sip

import (
	"errors"
	"io"
)

// ReadManifest reads a manifest.json of at most MaxManifest bytes. It is strict about the schema and about what other
// rooms build paths and decisions from (ids, paths, hashes, outcome), and ignores fields it does not know.
func ReadManifest(r io.Reader) (Manifest, error) { return Manifest{}, errors.ErrUnsupported }

// ReadContent reads a content.json of at most MaxContent bytes, in the same way as ReadManifest.
func ReadContent(r io.Reader) (Content, error) { return Content{}, errors.ErrUnsupported }

// The most bytes that are read of each file.
const (
	MaxManifest = 64 << 20
	MaxContent  = 512 << 20
	MaxMETS     = 64 << 20
)
