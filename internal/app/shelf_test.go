package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arsring/internal/catalog"
	"arsring/internal/register"
)

// A delivery lands in the catalogue and on the archive's pages by itself; a catalogue that is lost comes back the same; and what is disposed
// of, or not open, is on no page.
func TestDeliveriesReachCatalogAndPages(t *testing.T) {
	w := newArchive(t, nil)
	acc := account(1)
	acc.Class = register.ClassOpen
	closed := account(2)
	closed.Class = register.ClassReview
	id, other := w.keep(acc), w.keep(closed)
	page := "default/" + acc.ID + "/index.html"
	if !strings.Contains(string(w.stored(page)), id) {
		t.Fatalf("%s does not name %s", page, id)
	}
	for _, key := range w.keys() {
		if strings.HasSuffix(key, "index.html") && strings.Contains(string(w.stored(key)), closed.ID) {
			t.Errorf("%s tells of an account that is not open", key)
		}
	}
	everything := catalog.Scope{Tenants: []string{Tenant}, Classes: catalog.AllClasses()}
	before := w.exported()
	c, err := w.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l, err := c.Snapshots(t.Context(), everything, catalog.Filter{}, catalog.Page{})
	if err != nil || l.Total != 2 {
		t.Fatalf("the catalogue holds %d snapshots, %v", l.Total, err)
	}
	if _, err := c.Snapshot(t.Context(), catalog.Scope{Tenants: []string{Tenant}, Classes: []register.Class{register.ClassOpen}}, other); err == nil {
		t.Error("a snapshot of another class is given to who may see only what is open")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"catalog.db", "catalog.db-wal", "catalog.db-shm"} {
		if err := os.Remove(filepath.Join(w.dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	again := archiveOf(t, w.cfg)
	if _, err := again.RebuildCatalog(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if after := again.exported(); after != before {
		t.Errorf("the catalogue differs after it was lost:\n%s\n--\n%s", before, after)
	}
}

// Pages that cannot be written do not fail the delivery, and are written by the next.
func TestPagesThatFailAreWrittenLater(t *testing.T) {
	w := newArchive(t, nil)
	acc := account(1)
	acc.Class = register.ClassOpen
	broken := filepath.Join(w.dir, "register.yaml")
	if err := os.WriteFile(broken, []byte("accounts: {"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.cfg.Register.Path = broken // nobody knows what may be shown
	first := w.keep(acc)
	if slices.ContainsFunc(w.keys(), func(k string) bool { return strings.HasSuffix(k, "index.html") }) {
		t.Fatal("pages were written although nobody knows what may be shown")
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	second := w.keep(acc)
	page := string(w.stored("default/" + acc.ID + "/index.html"))
	if !strings.Contains(page, first) || !strings.Contains(page, second) {
		t.Error("the page does not name both packages")
	}
}

func (w *smallArchive) stored(key string) []byte {
	w.t.Helper()
	data, err := os.ReadFile(w.file(key))
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

// exported is the whole catalogue as text.
func (w *smallArchive) exported() string {
	w.t.Helper()
	c, err := w.Catalog(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	var b strings.Builder
	if err := c.Export(context.Background(), &b); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}
