package app

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arsring/config"
	"arsring/internal/archive"
	"arsring/internal/validators"
)

// sums gives the SHA-256 of every object.
func sums(t *testing.T, s *archive.Store) map[string]string {
	t.Helper()
	out := map[string]string{}
	for o, err := range s.ListKeys(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		data, _, err := s.Get(t.Context(), o.Key)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		out[o.Key] = hex.EncodeToString(sum[:])
	}
	return out
}

func sameArchive(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	if maps.Equal(got, want) {
		return
	}
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if got[k] != want[k] {
			t.Errorf("%s: %s is %q, want %q", what, k, got[k], want[k])
		}
	}
	for k := range got {
		if want[k] == "" {
			t.Errorf("%s: %s was not there", what, k)
		}
	}
}

// filled is an archive of some packages with tokens.
func filled(t *testing.T) (*smallArchive, *validators.Authority) {
	t.Helper()
	tsa := validators.StartAuthority(t)
	w := newArchive(t, stampedBy(tsa))
	for i := range 4 {
		w.keep(account(i % 2))
	}
	return w, tsa
}

// TestArchiveMoves: what is carried out, as a folder or a ZIP file, becomes the same archive elsewhere: objects, hashes, and nothing found.
func TestArchiveMoves(t *testing.T) {
	t.Parallel()
	w, tsa := filled(t)
	want := sums(t, w.opened())
	for _, name := range []string{"arkiv", "arkiv.zip"} {
		target := filepath.Join(testDir(t), name)
		m, err := w.Carry(t.Context(), archive.Pick{}, target)
		if err != nil || m.Objects != len(want) {
			t.Fatalf("%s: %+v, %v", name, m, err)
		}
		var input *archive.InputError
		if _, err := w.Carry(t.Context(), archive.Pick{}, target); !errors.As(err, &input) {
			t.Errorf("over what is there: %v", err)
		}
		to := newArchive(t, stampedBy(tsa))
		if m, err = to.ImportArchive(t.Context(), target); err != nil || m.Objects != len(want) || len(m.Differ) != 0 {
			t.Fatalf("%s: %+v, %v", name, m, err)
		}
		sameArchive(t, name, sums(t, to.opened()), want)
		if got := to.findings(); len(got) != 0 {
			t.Errorf("%s: found in the new archive: %v", name, got)
		}
		if m, err = to.ImportArchive(t.Context(), target); err != nil || m.Objects != 0 || m.Already != len(want) {
			t.Errorf("%s: once more: %+v, %v", name, m, err)
		}
		to.keep(account(0))
		if got := to.findings(); len(got) != 0 {
			t.Errorf("%s: found after the next delivery: %v", name, got)
		}
	}
	if got := w.findings(); len(got) != 0 {
		t.Errorf("found in the old archive: %v", got)
	}
}

// TestPartsMove: one account as a ZIP file, one year as a folder; each package in it is valid, and the archive that takes it in answers for it.
func TestPartsMove(t *testing.T) {
	t.Parallel()
	w, tsa := filled(t)
	zip := filepath.Join(testDir(t), "konto-01.zip")
	if _, err := w.Carry(t.Context(), archive.Pick{Account: "konto-01"}, zip); err != nil {
		t.Fatal(err)
	}
	to := newArchive(t, stampedBy(tsa))
	if _, err := to.ImportArchive(t.Context(), zip); err != nil {
		t.Fatal(err)
	}
	from, got := sums(t, w.opened()), sums(t, to.opened())
	// Pages and lists are made anew by whoever holds the packages, and a part of an archive comes without its log.
	page := func(k string) bool {
		return strings.HasSuffix(k, ".html") || strings.HasSuffix(k, ".ndjson") || strings.HasSuffix(k, ".css")
	}
	maps.DeleteFunc(from, func(k, _ string) bool { return page(k) || !strings.HasPrefix(k, "default/konto-01/") })
	maps.DeleteFunc(got, func(k, _ string) bool { return page(k) || strings.Contains(k, "/_tlog/") })
	sameArchive(t, "one account", got, from)
	if found := to.findings(); len(found) != 0 {
		t.Errorf("found: %v", found)
	}
	folder := filepath.Join(testDir(t), "2026")
	if _, err := w.Carry(t.Context(), archive.Pick{Year: 2026}, folder); err != nil {
		t.Fatal(err)
	}
	packages, _ := filepath.Glob(filepath.Join(folder, "default", "*", "*", "METS.xml"))
	if len(packages) != 4 {
		t.Fatalf("packages of the year: %q", packages)
	}
	if v := validators.CommonsIP(t, filepath.Dir(packages[0])); !v.Valid {
		t.Errorf("%s: %s", packages[0], v)
	}
	var input *archive.InputError
	if _, err := w.Carry(t.Context(), archive.Pick{Year: 2020}, filepath.Join(testDir(t), "x")); !errors.As(err, &input) {
		t.Errorf("a year without packages: %v", err)
	}
	stray := testDir(t)
	if err := os.WriteFile(filepath.Join(stray, "x.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := to.ImportArchive(t.Context(), stray); !errors.As(err, &input) {
		t.Errorf("a folder that is no archive: %v", err)
	}
}

// TestReplica: everything is copied to a second store, which is verified by itself; what is damaged there is named and not overwritten.
func TestReplica(t *testing.T) {
	t.Parallel()
	w, _ := filled(t)
	second := newArchive(t, nil)
	second.opened()
	o := second.embedded.Options()
	c := w.cfg
	c.Archive.Replica = config.Replica{Endpoint: o.Endpoint, Region: o.Region, Bucket: o.Bucket, Prefix: "arkiv", AccessKey: config.NewSecret(o.AccessKey), SecretKey: config.NewSecret(o.SecretKey),
		CAFile: o.CAFile, PathStyle: o.PathStyle}
	w.cfg = c
	want := sums(t, w.opened())
	m, err := w.Replicate(t.Context())
	if err != nil || m.Objects != len(want) || len(m.Differ) != 0 {
		t.Fatalf("%+v, %v", m, err)
	}
	sameArchive(t, "the copy", sums(t, second.opened()), want)
	r, err := w.VerifyReplica(t.Context(), nil)
	if err != nil || !r.OK || r.Packages != 4 || r.Stamped != 4 {
		t.Errorf("the copy: %s, %v", r.SV(), err)
	}
	id := w.keep(account(1))
	if m, err = w.Replicate(t.Context()); err != nil || m.Objects == 0 || m.Already == 0 || len(m.Differ) != 0 {
		t.Errorf("what came since: %+v, %v", m, err)
	}
	damaged := "default/konto-01/" + id + "/METS.xml"
	if err := os.WriteFile(second.file(damaged), []byte("<mets/>"), 0o640); err != nil {
		t.Fatal(err)
	}
	if r, err = w.VerifyReplica(t.Context(), nil); err != nil || r.OK || len(r.Bad) != 1 || r.Bad[0].ID != id {
		t.Errorf("the damaged copy: %s, %v", r.SV(), err)
	}
	if m, err = w.Replicate(t.Context()); err != nil || !slices.Equal(m.Differ, []string{damaged}) {
		t.Errorf("over the damaged copy: %+v, %v", m, err)
	}
	if got := w.findings(); len(got) != 0 {
		t.Errorf("found in the first store: %v", got)
	}
}
