package archive

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	metsName      = "METS.xml"
	receiptSuffix = ".receipt.json"
	tokenSuffix   = ".tsr"
)

var (
	// nameForm is what a tenant, account or snapshot ID may be: one plain key segment. A leading underscore or dot is kept for
	// the archive's own folders.
	nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$`)
	idForm   = regexp.MustCompile(`^(.+)-(\d{8}T\d{6}Z)-[a-z]+-[a-z2-7]{4}$`)
)

// place is where one package stands, in keys relative to Options.Prefix.
type place struct{ tenant, account, id string }

func newPlace(tenant, account, id string) (place, error) {
	for _, n := range []struct{ what, sv, name string }{
		{"tenant", "Arkivets namn (tenant)", tenant}, {"account", "Kontots id", account}, {"snapshot ID", "Ögonblicksbildens id", id},
	} {
		if !nameForm.MatchString(n.name) || strings.HasSuffix(n.name, receiptSuffix) || strings.HasSuffix(n.name, tokenSuffix) {
			return place{}, badInput(
				fmt.Sprintf("%s är %q och kan inte användas som nyckel i arkivet: bara bokstäver a-z, siffror, punkt, bindestreck och understreck.", n.sv, n.name),
				fmt.Sprintf("The %s is %q and cannot be used as a key in the archive: only letters a-z, digits, dot, hyphen and underscore.", n.what, n.name), nil)
		}
	}
	return place{tenant, account, id}, nil
}

func (p place) folder() string  { return p.tenant + "/" + p.account + "/" + p.id + "/" }
func (p place) receipt() string { return p.tenant + "/" + p.account + "/" + p.id + receiptSuffix }

func (e Entry) place() (place, error) { return newPlace(e.Tenant, e.Account, e.ID) }

// splitID reads account and time out of a snapshot ID.
func splitID(id string) (account string, taken time.Time, ok bool) {
	m := idForm.FindStringSubmatch(id)
	if m == nil {
		return "", time.Time{}, false
	}
	t, err := time.Parse("20060102T150405Z", m[2])
	if err != nil {
		return "", time.Time{}, false
	}
	return m[1], t, true
}

// checkPath refuses paths that could not be written as a key and back as a file.
func checkPath(p string) error {
	if fs.ValidPath(p) && p != "." && utf8.ValidString(p) && !strings.Contains(p, "\\") && path.Clean(p) == p && !hasControl(p) {
		return nil
	}
	return badInput(
		fmt.Sprintf("Sökvägen %q kan inte stå i ett leveranspaket.", p),
		fmt.Sprintf("The path %q cannot stand in a package.", p), nil)
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f })
}

// full is the key in the bucket.
func (s *Store) full(key string) string {
	if b := s.ofTenant(key); b != nil {
		return joined(b.prefix, key)
	}
	return joined(s.o.Prefix, key)
}

// Location is the package's address for people: s3://bucket/prefix/.
func (s *Store) Location(e Entry) string {
	return "s3://" + s.o.Bucket + "/" + s.full(e.Prefix)
}

var contentTypes = map[string]string{
	".xml": "application/xml", ".json": "application/json", ".ndjson": "application/x-ndjson", ".pdf": "application/pdf",
	".txt": "text/plain; charset=utf-8", ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml",
	".mp4": "video/mp4", ".webm": "video/webm", ".mp3": "audio/mpeg", ".tsr": "application/timestamp-reply", ".zip": "application/zip",
}

// contentType goes by the ending alone, from a list of our own: the machine's MIME tables differ.
func contentType(key string) string {
	if t, ok := contentTypes[strings.ToLower(path.Ext(key))]; ok {
		return t
	}
	return "application/octet-stream"
}
