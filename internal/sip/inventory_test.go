package sip_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arsring/internal/sip"
)

func opener(dir string) func(string) (io.ReadCloser, error) {
	return func(name string) (io.ReadCloser, error) { return os.Open(filepath.Join(dir, filepath.FromSlash(name))) }
}

func TestInventory(t *testing.T) {
	for name, input := range packages {
		dir, _ := build(t, input(t))
		entries, err := sip.Inventory(opener(dir))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		named := map[string]bool{"METS.xml": true}
		for _, e := range entries {
			named[e.Path] = true
			b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(e.Path)))
			if err != nil || int64(len(b)) != e.Size || digest(b) != e.SHA256 {
				t.Errorf("%s: %+v is not what is on disk (%v)", name, e, err)
			}
			where := "METS.xml"
			if parts := strings.Split(e.Path, "/"); parts[0] == "representations" && parts[2] != "METS.xml" {
				where = strings.Join(parts[:2], "/") + "/METS.xml"
			}
			if e.Where != where {
				t.Errorf("%s: %s is named by %s, want %s", name, e.Path, e.Where, where)
			}
		}
		for _, file := range tree(t, dir) {
			if !named[file] {
				t.Errorf("%s: %s is in no METS", name, file)
			}
		}
	}
}

const (
	metsHead = `<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink">`
	aHash    = `CHECKSUMTYPE="SHA-256" CHECKSUM="8123cb68c276fe2bc7446333e3a8ff58f83b12b67f65f7169a4784a1e2a59f86"`
)

func metsOf(body string) string { return metsHead + body + "</mets>" }

func fileOf(href string) string {
	return `<file SIZE="1" ` + aHash + `><FLocat xlink:href="` + href + `"/></file>`
}

// hostileMETS are METS files that must be refused, whatever else is true of them.
var hostileMETS = map[string]string{
	"empty": "", "no XML": "%PDF-1.4", "half": metsHead, "two": metsOf("") + metsOf(""), "not METS": "<html/>", "other namespace": `<mets xmlns="urn:x"/>`,
	"document type":      `<!DOCTYPE mets [<!ENTITY a "b">]>` + metsOf(""),
	"entity":             metsOf(fileOf("&a;")),
	"external entity":    `<!DOCTYPE mets SYSTEM "file:///etc/passwd">` + metsOf(""),
	"encoding":           `<?xml version="1.0" encoding="UTF-16"?>` + metsOf(""),
	"deep":               metsOf(strings.Repeat("<div>", 100) + strings.Repeat("</div>", 100)),
	"up":                 metsOf(fileOf("../x")),
	"up inside":          metsOf(fileOf("a/../../x")),
	"up in disguise":     metsOf(fileOf("%2e%2e/x")),
	"absolute":           metsOf(fileOf("/etc/passwd")),
	"backslash":          metsOf(fileOf(`a\b`)),
	"backslash disguise": metsOf(fileOf("a%5Cb")),
	"drive":              metsOf(fileOf("C:x")),
	"scheme":             metsOf(fileOf("file:///etc/passwd")),
	"control":            metsOf(fileOf("a%00b")),
	"broken escape":      metsOf(fileOf("a%zz")),
	"no address":         metsOf(`<file SIZE="1" ` + aHash + `><FLocat/></file>`),
	"no location":        metsOf(`<file SIZE="1" ` + aHash + `/>`),
	"two locations":      metsOf(`<file SIZE="1" ` + aHash + `><FLocat xlink:href="a"/><FLocat xlink:href="b"/></file>`),
	"lone location":      metsOf(`<FLocat xlink:href="a"/>`),
	"no size":            metsOf(`<file ` + aHash + `><FLocat xlink:href="a"/></file>`),
	"negative size":      metsOf(`<file SIZE="-1" ` + aHash + `><FLocat xlink:href="a"/></file>`),
	"huge size":          metsOf(`<file SIZE="99999999999999999999" ` + aHash + `><FLocat xlink:href="a"/></file>`),
	"MD5":                metsOf(`<file SIZE="1" CHECKSUMTYPE="MD5" CHECKSUM="d41d8cd98f00b204e9800998ecf8427e"><FLocat xlink:href="a"/></file>`),
	"short hash":         metsOf(`<file SIZE="1" CHECKSUMTYPE="SHA-256" CHECKSUM="81"><FLocat xlink:href="a"/></file>`),
	"twice":              metsOf(fileOf("a") + fileOf("a")),
	"itself":             metsOf(fileOf("METS.xml")),
	"pointer to itself":  metsOf(fileOf("METS.xml") + `<mptr xlink:href="METS.xml"/>`),
	"pointer elsewhere":  metsOf(fileOf("a/b.xml") + `<mptr xlink:href="a/b.xml"/>`),
	"pointer up":         metsOf(`<mptr xlink:href="../METS.xml"/>`),
	"pointer twice":      metsOf(fileOf("a/METS.xml") + `<mptr xlink:href="a/METS.xml"/><mptr xlink:href="a/METS.xml"/>`),
	"pointer to nothing": metsOf(fileOf("gone/METS.xml") + `<mptr xlink:href="gone/METS.xml"/>`),
	"pointer unhashed":   metsOf(`<mptr xlink:href="a/METS.xml"/>`),
}

// metsSource serves a METS.xml as a root's; representations are empty.
func metsSource(root string) func(string) (io.ReadCloser, error) {
	return func(name string) (io.ReadCloser, error) {
		switch {
		case name == "METS.xml":
			return io.NopCloser(strings.NewReader(root)), nil
		case strings.HasPrefix(name, "gone/"):
			return nil, fmt.Errorf("open: %w", fs.ErrNotExist)
		}
		return io.NopCloser(strings.NewReader(metsOf(""))), nil
	}
}

func TestInventoryRefuses(t *testing.T) {
	for name, mets := range hostileMETS {
		if entries, err := sip.Inventory(metsSource(mets)); err == nil {
			t.Errorf("%s: taken, with %+v", name, entries)
		} else if !strings.Contains(err.Error(), "METS.xml") {
			t.Errorf("%s: %q does not say which METS", name, err)
		}
	}
	if entries, err := sip.Inventory(metsSource(metsOf(fileOf("a/METS.xml") + `<mptr xlink:href="a/METS.xml"/>` + fileOf("b%20c")))); err != nil || len(entries) != 2 || entries[1].Path != "b c" {
		t.Errorf("a plain one is refused: %+v %v", entries, err)
	}
	_, err := sip.Inventory(metsSource(hostileMETS["pointer to nothing"]))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the reason of a missing METS is lost: %v", err)
	}
}

// endless is a METS.xml that never ends.
type endless struct{ n int }

func (e *endless) Read(b []byte) (int, error) {
	if e.n == 0 {
		e.n = copy(b, metsHead)
		return e.n, nil
	}
	for i := range b {
		b[i] = ' '
	}
	e.n += len(b)
	return len(b), nil
}

func TestInventoryLimitsSize(t *testing.T) {
	e := &endless{}
	_, err := sip.Inventory(func(string) (io.ReadCloser, error) { return io.NopCloser(e), nil })
	if err == nil || !strings.Contains(err.Error(), "larger") || e.n > sip.MaxMETS+1<<20 {
		t.Errorf("%d bytes were read: %v", e.n, err)
	}
}

func FuzzInventory(f *testing.F) {
	for _, mets := range hostileMETS {
		f.Add(mets)
	}
	golden, err := os.ReadFile("testdata/golden/METS.xml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(golden))
	f.Fuzz(func(t *testing.T, mets string) {
		entries, err := sip.Inventory(metsSource(mets))
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, e := range entries {
			if !fs.ValidPath(e.Path) || strings.ContainsAny(e.Path, "\\:\x00") || seen[e.Path] || len(e.SHA256) != 64 || e.Size < 0 {
				t.Errorf("%q gives %+v", mets, e)
			}
			seen[e.Path] = true
		}
	})
}
