package sip

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"arsring/internal/capture"
)

// The most bytes that are read of each file.
const (
	MaxManifest = 32 << 20
	MaxContent  = 256 << 20
	MaxMETS     = 16 << 20
)

// ReadManifest reads a manifest.json of at most MaxManifest bytes. It is strict about the schema and about what other
// rooms build paths and decisions from (ids, paths, hashes, outcome), and ignores fields it does not know. Arrays of
// the manifest it returns are never nil.
func ReadManifest(r io.Reader) (Manifest, error) {
	var m Manifest
	if err := readJSON(r, MaxManifest, &m); err != nil {
		return Manifest{}, fmt.Errorf("manifest.json: %w", err)
	}
	if err := m.check(); err != nil {
		return Manifest{}, fmt.Errorf("manifest.json: %w", err)
	}
	m.fill()
	return m, nil
}

// ReadContent reads a content.json of at most MaxContent bytes, in the same way as ReadManifest.
func ReadContent(r io.Reader) (Content, error) {
	var c Content
	if err := readJSON(r, MaxContent, &c); err != nil {
		return Content{}, fmt.Errorf("content.json: %w", err)
	}
	if err := c.check(); err != nil {
		return Content{}, fmt.Errorf("content.json: %w", err)
	}
	c.fill()
	return c, nil
}

// readJSON reads exactly one JSON value of at most limit bytes.
func readJSON(r io.Reader, limit int64, v any) error {
	b, err := readLimited(r, limit)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("it is not what it should be: %w", err)
	}
	return nil
}

// readLimited reads all there is, but never more than limit bytes.
func readLimited(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("it is larger than %d bytes", limit)
	}
	return b, nil
}

func (m *Manifest) check() error {
	if m.Schema != ManifestSchema {
		return fmt.Errorf("its schema is %s, this program reads %q", quote(m.Schema), ManifestSchema)
	}
	account, _, trigger, err := ParseID(m.ID)
	switch {
	case err != nil:
		return err
	case m.Account.ID != account:
		return fmt.Errorf("account.id is %s, but the id says %s", quote(m.Account.ID), quote(account))
	case m.Trigger != trigger:
		return fmt.Errorf("trigger is %s, but the id says %s", quote(string(m.Trigger)), quote(string(trigger)))
	case !m.Outcome.Kept():
		return fmt.Errorf("outcome is %s, which no package has", quote(string(m.Outcome)))
	}
	if m.Previous != nil {
		if _, _, _, err := ParseID(*m.Previous); err != nil {
			return fmt.Errorf("previous: %w", err)
		}
	}
	return m.checkFiles()
}

func (m *Manifest) checkFiles() error {
	listed := make(map[string]string, len(m.Files))
	for i, f := range m.Files {
		if err := checkFile(f.Path, f.SHA256, f.Bytes); err != nil {
			return fmt.Errorf("files[%d]: %w", i, err)
		}
		if _, twice := listed[f.Path]; twice {
			return fmt.Errorf("files[%d]: %s is listed twice", i, quote(f.Path))
		}
		listed[f.Path] = f.SHA256
	}
	if _, ok := listed[m.Content]; !ok {
		return fmt.Errorf("content is %s, which files does not list", quote(m.Content))
	}
	if r := m.Record; r != nil && (listed[r.Path] != r.SHA256 || r.SHA256 == "") {
		return fmt.Errorf("record is %s, which files does not list with the same SHA-256", quote(r.Path))
	}
	if m.Record == nil && m.Trigger != capture.TriggerIngest {
		return errors.New("record is null, which only an ingest may have")
	}
	for i, t := range m.Tiles {
		if t.Path != nil && listed[*t.Path] == "" {
			return fmt.Errorf("tiles[%d]: %s is not listed in files", i, quote(*t.Path))
		}
	}
	return nil
}

// checkFile checks what METS or a manifest says of one file.
func checkFile(path, digest string, size int64) error {
	if err := checkPath(path); err != nil {
		return err
	}
	if !hexDigest(digest) {
		return fmt.Errorf("%s has the SHA-256 %s: want 64 hex digits in lower case", quote(path), quote(digest))
	}
	if size < 0 {
		return fmt.Errorf("%s has %d bytes", quote(path), size)
	}
	return nil
}

// hexDigest reports whether s is a SHA-256 in lower-case hex.
func hexDigest(s string) bool {
	if len(s) != 64 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func (m *Manifest) fill() {
	m.Account.Administrators = full(m.Account.Administrators)
	m.Missing, m.Interventions, m.Versions = full(m.Missing), full(m.Interventions), full(m.Versions)
	m.Facts.Redirects = full(m.Facts.Redirects)
	m.Files, m.Tiles, m.Media.LegalDeposit = full(m.Files), full(m.Tiles), full(m.Media.LegalDeposit)
	if m.Facts.Headers == nil {
		m.Facts.Headers = map[string]string{}
	}
	if m.Facts.TLS != nil {
		m.Facts.TLS.Names = full(m.Facts.TLS.Names)
	}
}

func (c *Content) check() error {
	if c.Schema != ContentSchema {
		return fmt.Errorf("its schema is %s, this program reads %q", quote(c.Schema), ContentSchema)
	}
	account, _, _, err := ParseID(c.Snapshot)
	if err != nil {
		return err
	}
	if c.Account != account {
		return fmt.Errorf("account is %s, but the snapshot is one of %s", quote(c.Account), quote(account))
	}
	return checkPosts(c.Posts)
}

func checkPosts(posts []Post) error {
	for i := range posts {
		p := &posts[i]
		if p.Origin != origin(p.Origin) {
			return fmt.Errorf("post %s has the origin %s: want own, received or unknown", quote(p.ID), quote(string(p.Origin)))
		}
		for _, m := range p.Media {
			if m.Path == nil {
				continue
			}
			if err := checkPath(*m.Path); err != nil {
				return fmt.Errorf("post %s: %w", quote(p.ID), err)
			}
			if m.SHA256 == nil || !hexDigest(*m.SHA256) {
				return fmt.Errorf("post %s: %s has no SHA-256", quote(p.ID), quote(*m.Path))
			}
		}
		if err := checkPosts(p.Comments); err != nil {
			return err
		}
	}
	return nil
}

func (c *Content) fill() {
	c.Posts, c.Pages, c.Structured = full(c.Posts), full(c.Pages), full(c.Structured)
	fillPosts(c.Posts)
	for i := range c.Pages {
		p := &c.Pages[i]
		p.Blocks, p.Links = full(p.Blocks), full(p.Links)
		for j := range p.Blocks {
			p.Blocks[j].Rows = full(p.Blocks[j].Rows)
		}
	}
}

func fillPosts(posts []Post) {
	for i := range posts {
		p := &posts[i]
		p.Links, p.Media, p.Comments, p.Tiles = full(p.Links), full(p.Media), full(p.Comments), full(p.Tiles)
		fillPosts(p.Comments)
	}
}
