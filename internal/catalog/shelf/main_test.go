package shelf

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// childVar makes the test binary play the embedded store: its value is the store's folder.
const childVar = "ARSRING_SHELF_TEST_STORE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVar); dir != "" {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		err := archive.ServeEmbedded(ctx, archive.EmbeddedOptions{DataDir: filepath.Join(dir, "store"), KeysDir: filepath.Join(dir, "keys")})
		stop()
		if err != nil && !errors.Is(err, archive.ErrServed) {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	if shared.e != nil {
		_ = shared.e.Close()
		_ = os.RemoveAll(shared.dir)
	}
	os.Exit(code)
}

var shared struct {
	once sync.Once
	e    *archive.Embedded
	dir  string
	err  error
	n    int
}

// newStore opens an archive of the test's own, under a prefix of the one embedded store, and gives the folder in which its objects lie.
func newStore(t testing.TB) (*archive.Store, string) {
	t.Helper()
	shared.once.Do(func() {
		exe, err := os.Executable()
		if err != nil {
			shared.err = err
			return
		}
		if shared.dir, shared.err = os.MkdirTemp("", "arsring-shelf-"); shared.err != nil {
			return
		}
		shared.e, shared.err = archive.StartEmbedded(context.Background(), archive.EmbeddedOptions{DataDir: filepath.Join(shared.dir, "store"),
			KeysDir: filepath.Join(shared.dir, "keys"), Command: []string{exe}, Env: []string{childVar + "=" + shared.dir}})
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	o := shared.e.Options()
	shared.n++
	o.Prefix = fmt.Sprintf("t%02d", shared.n)
	s, err := archive.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, filepath.Join(shared.dir, "store", "objects", o.Bucket, o.Prefix)
}

func newCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(t.Context(), catalog.Options{Path: filepath.Join(t.TempDir(), "catalog.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// kept says what to deliver; empty values have meanings of their own.
type kept struct {
	tenant, account, title, creator, url string
	taken                                time.Time
	trigger                              capture.Trigger
	class                                register.Class
	text                                 string
}

// deliver writes a small package into the archive, with a receipt, and gives its ID.
func deliver(t testing.TB, s *archive.Store, k kept) string {
	t.Helper()
	or := func(a, b string) string {
		if a == "" {
			return b
		}
		return a
	}
	k.tenant, k.account = or(k.tenant, "default"), or(k.account, "facebook-kommunen")
	k.trigger = capture.Trigger(or(string(k.trigger), string(capture.TriggerScheduled)))
	k.class = register.Class(or(string(k.class), string(register.ClassOpen)))
	if k.taken.IsZero() {
		k.taken = time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)
	}
	id := sip.NewID(k.account, k.taken, k.trigger, nil)
	name, level := "Älvsunda kommun", "2a"
	m := sip.Manifest{
		Schema: sip.ManifestSchema, ID: id, Tenant: k.tenant, URL: or(k.url, "https://example.org/"+k.account), Trigger: k.trigger, Outcome: capture.Complete, AccessClass: k.class,
		Account: register.Account{ID: k.account, Tenant: k.tenant, Platform: "facebook", Title: or(k.title, "Kontot "+k.account), ArchiveCreator: or(k.creator, "Kommunstyrelsen"),
			Unit: "Kommunikation", Class: k.class, Responsible: register.Person{Name: "Planterad Person", Email: "planterad@example.org"}},
		Started: k.taken, Packed: k.taken.Add(time.Minute), Organisation: sip.Organisation{Name: &name}, Content: "representations/content/data/content.json",
		Files: []sip.File{
			{Path: "representations/content/data/content.json", SHA256: strings.Repeat("a", 64), Bytes: 500},
			{Path: "representations/pdfa/data/record.pdf", SHA256: strings.Repeat("b", 64), Bytes: 1500},
		},
		Record: &sip.RecordFile{Path: "representations/pdfa/data/record.pdf", SHA256: strings.Repeat("b", 64), Bytes: 1500, Pages: 3, PDFA: &level},
	}
	m.Counts.Posts = 1
	published := k.taken.Add(-time.Hour)
	c := sip.Content{Schema: sip.ContentSchema, Snapshot: id, Account: k.account, Posts: []sip.Post{{ID: "p", Origin: capture.OriginOwn, Text: or(k.text, "Hej"), Published: &published}}}
	dir := filepath.Join(t.TempDir(), id)
	for name, data := range map[string][]byte{
		"metadata/descriptive/manifest.json": marshal(t, m), m.Content: marshal(t, c), m.Record.Path: []byte(smallPDF), "METS.xml": []byte("<mets/>\n"),
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Deliver(t.Context(), k.tenant, k.account, id, dir, nil); err != nil {
		t.Fatal(err)
	}
	return id
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// smallPDF is one empty page.
const smallPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// pagesIn gives every page and list of the archive by its key.
func pagesIn(t testing.TB, s *archive.Store) map[string]string {
	t.Helper()
	out := map[string]string{}
	for o, err := range s.ListKeys(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if name := filepath.Base(o.Key); name == pageName || name == listName {
			data, _, err := s.Get(t.Context(), o.Key)
			if err != nil {
				t.Fatal(err)
			}
			out[o.Key] = string(bytes.Clone(data))
		}
	}
	return out
}

func refresh(t testing.TB, x *Shelf, tenant string) Result {
	t.Helper()
	r, err := x.Refresh(t.Context(), tenant)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
