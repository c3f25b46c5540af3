package sip

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Entry is one file that a package's METS names.
type Entry struct {
	Path   string // from the package's root, with slashes
	Size   int64  // bytes
	SHA256 string // lower-case hex
	Where  string // the METS.xml that names it: "METS.xml" or "representations/<name>/METS.xml"
}

// The limits on what is believed of a METS.xml, which may come from anywhere.
const (
	maxEntries = 1 << 20
	maxDepth   = 64
	maxReps    = 1000
)

// Inventory reads the root METS.xml of a package and the METS.xml of each representation through open, and returns
// every file they name, the representations' METS.xml included and the root METS.xml not. open takes a path from the
// package's root and should return an error that wraps fs.ErrNotExist for a file that is not there. A METS.xml that
// is too large, is no METS, has a document type, names a file twice, without SHA-256, or outside the package is an
// error that names it. Inventory does not check that a representation's METS.xml has the hash the root gives it.
func Inventory(open func(path string) (io.ReadCloser, error)) ([]Entry, error) {
	root, err := readMETS(open, metsFile)
	if err != nil {
		return nil, err
	}
	entries := root.entries
	for _, name := range root.representations {
		rep, err := readMETS(open, name)
		if err != nil {
			return nil, err
		}
		entries = append(entries, rep.entries...)
	}
	return entries, checkEntries(entries, root.representations)
}

// checkEntries refuses what METS files may not say together: one file twice, or a representation without a hash.
func checkEntries(entries []Entry, representations []string) error {
	if len(entries) > maxEntries {
		return fmt.Errorf("METS names %d files, more than %d", len(entries), maxEntries)
	}
	named := make(map[string]bool, len(entries))
	for _, e := range entries {
		if named[e.Path] || e.Path == metsFile {
			return fmt.Errorf("%s names %s twice, or names itself", e.Where, quote(e.Path))
		}
		named[e.Path] = true
	}
	for _, r := range representations {
		if !named[r] {
			return fmt.Errorf("%s points at %s but gives no SHA-256 for it", metsFile, quote(r))
		}
	}
	return nil
}

// metsList is what one METS.xml names.
type metsList struct {
	entries         []Entry
	representations []string // METS.xml files it points at
}

func readMETS(open func(path string) (io.ReadCloser, error), name string) (*metsList, error) {
	r, err := open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer r.Close()
	p := &metsParser{name: name, dir: path.Dir(name)}
	if err := p.parse(r); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &p.list, nil
}

// metsParser walks the elements of a METS.xml one by one; nothing in it can make the parser fetch or expand anything.
type metsParser struct {
	name, dir string
	list      metsList
	depth     int
	file      *Entry // inside a file element
	located   bool   // the file element has had its FLocat
}

func (p *metsParser) parse(r io.Reader) error {
	b, err := readLimited(r, MaxMETS)
	if err != nil {
		return err
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("its encoding is %s: want UTF-8", quote(charset))
	}
	elements := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && elements > 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("it is no XML that can be read: %w", err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("it has a document type, which METS has not")
		case xml.StartElement:
			elements++
			p.depth++
			err = p.start(t, elements == 1)
		case xml.EndElement:
			p.depth--
			err = p.end(t)
		}
		if err != nil {
			return err
		}
	}
}

func (p *metsParser) start(t xml.StartElement, first bool) error {
	if p.depth > maxDepth {
		return fmt.Errorf("its elements lie deeper than %d", maxDepth)
	}
	if p.depth == 1 && !first {
		return errors.New("something follows after its end")
	}
	if first && (t.Name.Space != nsMETS || t.Name.Local != "mets") {
		return fmt.Errorf("its first element is %s, not mets", quote(t.Name.Local))
	}
	if t.Name.Space != nsMETS {
		return nil
	}
	switch t.Name.Local {
	case "mdRef":
		e, err := p.entry(t)
		if err != nil {
			return err
		}
		return p.locate(&e, t)
	case "file":
		e, err := p.entry(t)
		p.file, p.located = &e, false
		return err
	case "FLocat":
		return p.location(t)
	case "mptr":
		return p.pointer(t)
	}
	return nil
}

func (p *metsParser) end(t xml.EndElement) error {
	if t.Name.Space == nsMETS && t.Name.Local == "file" {
		if p.file == nil || !p.located {
			return errors.New("a file element names no file")
		}
		p.file = nil
	}
	return nil
}

// entry reads size and hash from the attributes of file or mdRef.
func (p *metsParser) entry(t xml.StartElement) (Entry, error) {
	e := Entry{Where: p.name}
	size, err := strconv.ParseInt(attribute(t, "", "SIZE"), 10, 64)
	if err != nil || size < 0 {
		return e, fmt.Errorf("%s has the SIZE %s: want a number of bytes", t.Name.Local, quote(attribute(t, "", "SIZE")))
	}
	e.Size = size
	if kind := attribute(t, "", "CHECKSUMTYPE"); kind != "SHA-256" {
		return e, fmt.Errorf("%s has the CHECKSUMTYPE %s: want SHA-256", t.Name.Local, quote(kind))
	}
	e.SHA256 = strings.ToLower(attribute(t, "", "CHECKSUM"))
	return e, nil
}

func (p *metsParser) location(t xml.StartElement) error {
	if p.file == nil || p.located {
		return errors.New("FLocat stands outside a file, or twice in one")
	}
	p.located = true
	return p.locate(p.file, t)
}

// locate completes an entry with its path and keeps it.
func (p *metsParser) locate(e *Entry, t xml.StartElement) error {
	var err error
	if e.Path, err = p.href(t); err != nil {
		return err
	}
	if err := checkFile(e.Path, e.SHA256, e.Size); err != nil {
		return err
	}
	if len(p.list.entries) >= maxEntries {
		return fmt.Errorf("it names more than %d files", maxEntries)
	}
	p.list.entries = append(p.list.entries, *e)
	return nil
}

// pointer keeps the address of a representation's METS.xml. Only the root has such; a chain of them is refused.
func (p *metsParser) pointer(t xml.StartElement) error {
	name, err := p.href(t)
	if err != nil {
		return err
	}
	if p.name != metsFile || path.Base(name) != metsFile || name == metsFile {
		return fmt.Errorf("it points at %s: only the root METS.xml points at others, and only at a METS.xml", quote(name))
	}
	if len(p.list.representations) >= maxReps || slices.Contains(p.list.representations, name) {
		return fmt.Errorf("it points at %s twice, or at more than %d representations", quote(name), maxReps)
	}
	p.list.representations = append(p.list.representations, name)
	return nil
}

// href is the package path that an element points at, which must lie in the folder of its METS.xml or below.
func (p *metsParser) href(t xml.StartElement) (string, error) {
	raw := attribute(t, nsXLink, "href")
	name, err := url.PathUnescape(raw)
	if err != nil {
		return "", fmt.Errorf("%s has the address %s, which cannot be read", t.Name.Local, quote(raw))
	}
	if err := checkPath(name); err != nil {
		return "", fmt.Errorf("%s: %w", t.Name.Local, err)
	}
	return path.Join(p.dir, name), nil
}

func attribute(t xml.StartElement, space, name string) string {
	for _, a := range t.Attr {
		if a.Name.Space == space && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
