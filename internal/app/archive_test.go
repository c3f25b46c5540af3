package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"arsring/config"
	"arsring/internal/archive"
	"arsring/internal/pdfa"
	"arsring/internal/register"
	"arsring/internal/validators"
)

// smallArchive is an app with an archive of its own, which tests fill with small packages and look into on the disk.
type smallArchive struct {
	*App
	t    testing.TB
	dir  string
	made int

	clock sync.Mutex
	now   time.Time
}

// today is what the archive's clock shows.
func (w *smallArchive) today() time.Time {
	w.clock.Lock()
	defer w.clock.Unlock()
	return w.now
}

// set puts the archive's clock to a time.
func (w *smallArchive) set(now time.Time) {
	w.clock.Lock()
	defer w.clock.Unlock()
	w.now = now
}

// newArchive makes the app in a folder of its own; change, when not nil, sets more than the defaults.
func newArchive(t testing.TB, change func(*config.Config)) *smallArchive {
	t.Helper()
	cfg, err := config.Load(config.Options{Overrides: map[string]any{"data_dir": testDir(t), "organisation.name": "Provkommun"}})
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&cfg)
	}
	return archiveOf(t, cfg)
}

// stampedBy lets the archive ask a test's own authority.
func stampedBy(tsa *validators.Authority) func(*config.Config) {
	return func(c *config.Config) { c.Proof.TSA = []config.Authority{{URL: tsa.URL, CAFile: tsa.CAFile}} }
}

func archiveOf(t testing.TB, cfg config.Config) *smallArchive {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	w := &smallArchive{t: t, dir: cfg.DataDir, now: time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)}
	w.App = New(Options{Config: cfg, Version: "test", Store: []string{self, "store", "--data-dir", cfg.DataDir}, Env: os.Environ(), Now: func() time.Time {
		w.clock.Lock()
		defer w.clock.Unlock()
		w.now = w.now.Add(time.Second)
		return w.now
	}})
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// keep takes in a small PDF/A of its own content as a package of the account and gives its ID.
func (w *smallArchive) keep(acc register.Account) string {
	w.t.Helper()
	return w.keepPDF(acc, smallPDF(w.t, w.made+1))
}

// keepPDF takes a PDF in as a package.
func (w *smallArchive) keepPDF(acc register.Account, data []byte) string {
	w.t.Helper()
	w.made++
	name := filepath.Join(testDir(w.t), fmt.Sprintf("handling-%04d.pdf", w.made))
	if err := os.WriteFile(name, data, 0o600); err != nil {
		w.t.Fatal(err)
	}
	r := w.Ingest(w.t.Context(), IngestRequest{Account: acc, Files: []string{name}, By: "Prov", Note: fmt.Sprintf("Handling %d", w.made)})
	if r.Err != nil {
		w.t.Fatalf("%s: %v", name, r.Err)
	}
	return r.ID
}

// account is one of an archive of small packages.
func account(n int) register.Account {
	return register.Account{ID: fmt.Sprintf("konto-%02d", n), Tenant: Tenant, Platform: "web", URL: "https://example.org/", Title: fmt.Sprintf("Konto %d", n),
		ArchiveCreator: "Kultur- och fritidsnämnden", Unit: "Fritid", Class: register.ClassOpen}
}

// smallPDF is a valid PDF/A of one page that differs from every other.
func smallPDF(t testing.TB, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	var at []int
	object := func(text string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), text)
	}
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>")
	draw := fmt.Sprintf("0.2 0.4 0.6 rg %d %d 100 100 re f\n", 20+n%400, 20+n/400)
	object(fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(draw), draw))
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	var out bytes.Buffer
	r, err := pdfa.Convert(t.Context(), bytes.NewReader(b.Bytes()), &out, pdfa.Options{Title: fmt.Sprintf("Handling %d", n), Lang: "sv", Now: time.Unix(1792000000, 0), Want: pdfa.Level("2b")})
	if err != nil || r.Level == "" {
		t.Fatalf("the small PDF is no PDF/A: %+v, %v", r, err)
	}
	return out.Bytes()
}

// file is where an object lies in the embedded store's folder.
func (w *smallArchive) file(key string) string {
	return filepath.Join(w.dir, "store", "objects", "arsring", filepath.FromSlash(w.cfg.Archive.Prefix), filepath.FromSlash(key))
}

// keys lists every object of the archive, without the configured prefix.
func (w *smallArchive) keys() []string {
	w.t.Helper()
	s := w.opened()
	var out []string
	for o, err := range s.ListKeys(w.t.Context(), "") {
		if err != nil {
			w.t.Fatal(err)
		}
		if !strings.HasPrefix(o.Key, "_selftest/") {
			out = append(out, o.Key)
		}
	}
	return out
}

func (w *smallArchive) opened() *archive.Store {
	w.t.Helper()
	s, err := w.Store(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// findings verifies everything and gives what was found as "code key", keys without the configured prefix.
func (w *smallArchive) findings() []string {
	w.t.Helper()
	r, err := w.Verify(w.t.Context(), VerifyRequest{})
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	add := func(list []archive.Finding) {
		for _, f := range list {
			out = append(out, f.Code+" "+strings.TrimPrefix(f.Key, w.opened().Full("")))
		}
	}
	add(r.Findings)
	for _, p := range r.Bad {
		add(p.Findings)
	}
	if r.OK != (len(out) == 0) {
		w.t.Errorf("ok is %v with %d findings", r.OK, len(out))
	}
	return out
}
