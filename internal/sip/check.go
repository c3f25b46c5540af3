package sip

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sort"
	"strings"

	"arsring/internal/capture"
)

// ProblemKind says what is wrong with a file of a package.
type ProblemKind string

// The kinds of problems.
const (
	ProblemMissing    ProblemKind = "missing"    // named by METS, not there
	ProblemExtra      ProblemKind = "extra"      // there, named by no METS
	ProblemAltered    ProblemKind = "altered"    // other bytes than METS says
	ProblemRenamed    ProblemKind = "renamed"    // the bytes of a missing file under another name
	ProblemUnreadable ProblemKind = "unreadable" // cannot be read or understood
)

// Problem is one finding about one file.
type Problem struct {
	Kind  ProblemKind  `json:"kind"`
	Path  string       `json:"path"`            // from the package's root
	Other string       `json:"other,omitempty"` // for renamed: where the bytes are now
	Text  capture.Text `json:"text"`
}

// CheckDir compares a package folder with its METS files: missing, extra, altered and renamed files, each named, in
// the order of their paths. No problems and no error means that every byte METS.xml covers is as it was packed.
// METS.xml itself is covered by the time stamp, the receipt and the log beside the package, not by the folder.
// Where a representation's METS.xml is itself altered or gone its list is not believed; the manifest's is used.
// The error is for what keeps the check from being made at all: no such folder, or an ended context.
func CheckDir(ctx context.Context, dir string) ([]Problem, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("check package: %w", err)
	}
	defer root.Close()
	c := &checker{ctx: ctx, root: root, present: map[string]int64{}, want: map[string]Entry{}, odd: map[string]bool{}, good: map[string]bool{}}
	if err := firstError(c.list, c.compare); err != nil {
		return nil, fmt.Errorf("check package %s: %w", dir, err)
	}
	sort.Slice(c.problems, func(i, j int) bool { return c.problems[i].Path < c.problems[j].Path })
	return c.problems, nil
}

type checker struct {
	ctx      context.Context
	root     *os.Root
	present  map[string]int64 // plain files and their sizes
	want     map[string]Entry
	odd      map[string]bool // not plain files, or not to be looked at
	good     map[string]bool // read, and as METS says
	unsure   []string        // representations whose METS.xml is not to be believed
	missing  []Entry
	problems []Problem
}

// list notes every plain file. Links and devices have no place in a package and are not followed.
func (c *checker) list() error {
	return fs.WalkDir(c.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case c.ctx.Err() != nil:
			return c.ctx.Err()
		case err != nil && name == ".":
			return err
		case err != nil:
			c.unreadable(name, err)
			return nil
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			c.unreadable(name, fmt.Errorf("it is no plain file (%s)", d.Type()))
			return nil
		}
		info, err := d.Info()
		if err != nil {
			c.unreadable(name, err)
			return nil
		}
		c.present[name] = info.Size()
		return nil
	})
}

func (c *checker) open(name string) (io.ReadCloser, error) {
	if _, ok := c.present[name]; !ok {
		return nil, fs.ErrNotExist
	}
	return c.root.Open(name)
}

// compare goes from the root METS.xml outwards, so that no list is believed before its own hash was right.
func (c *checker) compare() error {
	list, err := readMETS(c.open, metsFile)
	if err == nil {
		err = checkEntries(list.entries, list.representations)
	}
	if err != nil {
		if _, ok := c.present[metsFile]; !ok {
			c.report(ProblemMissing, metsFile, "", "METS.xml saknas: mappen är inget paket.", "METS.xml is missing: the folder is no package.")
		} else {
			c.unreadable(metsFile, err)
		}
		return nil
	}
	if err := c.files(list.entries); err != nil {
		return err
	}
	for _, name := range list.representations {
		if err := c.representation(name); err != nil {
			return err
		}
	}
	return c.rest()
}

// files checks the files that one METS.xml names.
func (c *checker) files(entries []Entry) error {
	for _, e := range entries {
		if _, twice := c.want[e.Path]; twice {
			c.unreadable(e.Where, fmt.Errorf("it names %s, which another METS.xml names too", quote(e.Path)))
			continue
		}
		c.want[e.Path] = e
		if err := c.file(e); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) file(e Entry) error {
	size, ok := c.present[e.Path]
	if !ok && c.odd[e.Path] {
		return nil // reported when it was met
	}
	if !ok {
		c.missing = append(c.missing, e)
		return nil
	}
	if size != e.Size {
		c.report(ProblemAltered, e.Path, "",
			fmt.Sprintf("%s är ändrad: den har %d byte, %s säger %d.", e.Path, size, e.Where, e.Size),
			fmt.Sprintf("%s is altered: it has %d bytes, %s says %d.", e.Path, size, e.Where, e.Size))
		return nil
	}
	digest, err := c.digest(e.Path)
	switch {
	case c.ctx.Err() != nil:
		return c.ctx.Err()
	case err != nil:
		c.unreadable(e.Path, err)
	case digest != e.SHA256:
		c.report(ProblemAltered, e.Path, "",
			fmt.Sprintf("%s är ändrad: dess SHA-256 är %s, %s säger %s.", e.Path, digest, e.Where, e.SHA256),
			fmt.Sprintf("%s is altered: its SHA-256 is %s, %s says %s.", e.Path, digest, e.Where, e.SHA256))
	default:
		c.good[e.Path] = true
	}
	return nil
}

func (c *checker) digest(name string) (string, error) {
	f, err := c.root.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	m := newMeter(c.ctx)
	if _, err := io.Copy(m, f); err != nil {
		return "", err
	}
	return m.sum(), nil
}

// representation checks the files of one representation, by its METS.xml or, where that is not as the root says, by
// the manifest.
func (c *checker) representation(name string) error {
	if c.good[name] {
		list, err := readMETS(c.open, name)
		if err == nil {
			return c.files(list.entries)
		}
		c.unreadable(name, err)
	}
	dir := path.Dir(name) + "/"
	c.unsure = append(c.unsure, dir)
	var entries []Entry
	for _, f := range c.manifest() {
		if strings.HasPrefix(f.Path, dir) {
			entries = append(entries, Entry{Path: f.Path, Size: f.Bytes, SHA256: f.SHA256, Where: manifestPath})
		}
	}
	return c.files(entries)
}

// manifest is what manifest.json lists; nothing when the manifest is not as METS says.
func (c *checker) manifest() []File {
	if !c.good[manifestPath] {
		return nil
	}
	f, err := c.root.Open(manifestPath)
	if err != nil {
		return nil
	}
	defer f.Close()
	m, err := ReadManifest(f)
	if err != nil {
		return nil
	}
	return m.Files
}

// rest reports what is there and named nowhere, and pairs it with what is missing where the bytes are the same.
func (c *checker) rest() error {
	extra := map[string]bool{}
	for name := range c.present {
		if _, named := c.want[name]; !named && name != metsFile && !c.uncertain(name) {
			extra[name] = true
		}
	}
	for _, e := range c.missing {
		other, err := c.moved(e, extra)
		if err != nil {
			return err
		}
		if other == "" {
			c.report(ProblemMissing, e.Path, "",
				fmt.Sprintf("%s saknas, men %s nämner den.", e.Path, e.Where), fmt.Sprintf("%s is missing, though %s names it.", e.Path, e.Where))
			continue
		}
		delete(extra, other)
		c.report(ProblemRenamed, e.Path, other,
			fmt.Sprintf("%s har bytt namn till %s.", e.Path, show(other)), fmt.Sprintf("%s was renamed to %s.", e.Path, show(other)))
	}
	for name := range extra {
		c.report(ProblemExtra, name, "",
			fmt.Sprintf("%s hör inte till paketet: ingen METS.xml nämner den.", show(name)),
			fmt.Sprintf("%s does not belong to the package: no METS.xml names it.", show(name)))
	}
	return nil
}

// uncertain reports a file of a representation without a METS.xml to believe, of a kind that the manifest does not list.
func (c *checker) uncertain(name string) bool {
	for _, dir := range c.unsure {
		if strings.HasPrefix(name, dir+"metadata/") || strings.HasPrefix(name, dir) && !c.good[manifestPath] {
			return true
		}
	}
	return false
}

// moved finds a missing file's bytes among the files that nothing names.
func (c *checker) moved(e Entry, extra map[string]bool) (string, error) {
	found := ""
	for name := range extra {
		if c.present[name] != e.Size {
			continue
		}
		digest, err := c.digest(name)
		if c.ctx.Err() != nil {
			return "", c.ctx.Err()
		}
		if err == nil && digest == e.SHA256 && (found == "" || name < found) {
			found = name
		}
	}
	return found, nil
}

func (c *checker) report(kind ProblemKind, name, other, sv, en string) {
	c.problems = append(c.problems, Problem{Kind: kind, Path: name, Other: other, Text: capture.Text{SV: sv, EN: en}})
}

// unreadable reports a file that cannot be read or understood. The cause is technical and stands in English in both.
func (c *checker) unreadable(name string, err error) {
	c.odd[name] = true
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	cause := cleanLine(err.Error(), 1000)
	c.report(ProblemUnreadable, name, "", show(name)+" kan inte läsas: "+cause, show(name)+" cannot be read: "+cause)
}

// show makes a file name from outside fit for a sentence.
func show(name string) string { return cleanLine(name, 1024) }
