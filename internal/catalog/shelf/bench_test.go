package shelf

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// BenchmarkRebuild makes the catalogue of 20,000 small packages from the local bucket: through the store, and from the folder as a plain copy.
// ARSRING_BENCH_PACKAGES sets another number.
func BenchmarkRebuild(b *testing.B) {
	n := 20_000
	if v, err := strconv.Atoi(os.Getenv("ARSRING_BENCH_PACKAGES")); err == nil {
		n = v
	}
	s, dir := newStore(b)
	if err := generate(b, dir, n); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, x := range []struct {
			name string
			src  catalog.Source
		}{{"through the store", catalog.Store(s)}, {"from the folder", catalog.Folder(dir)}} {
			c := newCatalog(b)
			start, cpu := time.Now(), spent(b)
			ch, err := c.Rebuild(b.Context(), x.src, nil)
			if err != nil || ch.Added != n || len(ch.Faults) > 0 {
				b.Fatalf("%d added, %v, %v", ch.Added, ch.Faults, err)
			}
			took, used := time.Since(start), spent(b)-cpu
			fmt.Printf("%-18s %6d packages in %s: %.0f a second; processor %s here, without the store's own: %.0f a processor second; at most %d MB of memory so far\n", x.name, n,
				took.Round(10*time.Millisecond), float64(n)/took.Seconds(), used.Round(10*time.Millisecond), float64(n)/used.Seconds(), most(b)>>20)
			start = time.Now()
			if ch, err = c.Update(b.Context(), x.src, catalog.UpdateOptions{}); err != nil || ch.Added+ch.Removed != 0 {
				b.Fatalf("%+v, %v", ch, err)
			}
			fmt.Printf("%-18s nothing new is found in %s\n", x.name, time.Since(start).Round(10*time.Millisecond))
		}
		x := New(Options{Store: s, Catalog: newCatalog(b)})
		start := time.Now()
		res, err := x.Rebuild(b.Context(), nil)
		if err != nil {
			b.Fatal(err)
		}
		fmt.Printf("catalogue and pages %5d pages written in %s with the rebuild\n", res.Written, time.Since(start).Round(10*time.Millisecond))
	}
}

// generate writes small packages as plain files where the store keeps its objects.
func generate(b *testing.B, dir string, n int) error {
	b.Helper()
	for i := range n {
		account := fmt.Sprintf("konto-%04d", i/20)
		taken := time.Date(2026, 10, 15, 6, 0, i/20, 0, time.UTC).AddDate(0, -6*(i%20), 0)
		id := sip.NewID(account, taken, capture.TriggerScheduled, bytes.NewReader([]byte(fmt.Sprintf("%08d", i*7919))))
		level, name := "2a", "Älvsunda kommun"
		m := sip.Manifest{
			Schema: sip.ManifestSchema, ID: id, Tenant: "default", Trigger: capture.TriggerScheduled, Outcome: capture.Complete, AccessClass: register.ClassOpen, URL: "https://example.org/" + account,
			Account: register.Account{ID: account, Tenant: "default", Platform: "facebook", Title: "Kontot " + account, ArchiveCreator: fmt.Sprintf("Nämnd %d", i%25), Unit: "Enhet", Class: register.ClassOpen},
			Started: taken, Packed: taken.Add(time.Minute), Organisation: sip.Organisation{Name: &name}, Content: "representations/content/data/content.json",
			Record: &sip.RecordFile{Path: "representations/pdfa/data/record.pdf", SHA256: strings.Repeat("b", 64), Bytes: 9000, Pages: 12, PDFA: &level},
		}
		for _, f := range []string{m.Content, m.Record.Path, "documentation/LASMIG.txt", "metadata/descriptive/dc.xml", "schemas/manifest.schema.json", "schemas/content.schema.json"} {
			m.Files = append(m.Files, sip.File{Path: f, SHA256: strings.Repeat("b", 64), Bytes: 900, MIME: "application/octet-stream", Role: sip.RoleDescription})
		}
		for k := range 12 {
			page := k + 2
			m.Tiles = append(m.Tiles, sip.Tile{N: k + 1, Kind: capture.TilePage, At: taken, SHA256: strings.Repeat("c", 64), RecordPage: &page})
		}
		c := sip.Content{Schema: sip.ContentSchema, Snapshot: id, Account: account}
		for k := range 3 {
			at, link := taken.AddDate(0, 0, -k), fmt.Sprintf("https://example.org/p/%d-%d", i, k)
			c.Posts = append(c.Posts, sip.Post{ID: fmt.Sprintf("p%d-%d", i, k), Permalink: &link, Author: &name, Origin: capture.OriginOwn, Published: &at, Tiles: []int{k + 1},
				Text: fmt.Sprintf("Inlägg nummer %d: badhuset i Råby öppnar igen på måndag klockan %d, välkommen till kommunens kultur och fritid", i*3+k, k+8)})
		}
		folder := filepath.Join(dir, "default", account, id)
		files := map[string][]byte{"METS.xml": []byte("<mets/>"), "metadata/descriptive/manifest.json": marshal(b, m), m.Content: marshal(b, c), m.Record.Path: []byte(smallPDF),
			"documentation/LASMIG.txt": []byte("Läs mig"), "metadata/preservation/premis.xml": []byte("<premis/>"), "../" + id + ".receipt.json": []byte("{}")}
		for name, data := range files {
			file := filepath.Join(folder, filepath.FromSlash(name))
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644)); err != nil {
				return err
			}
		}
	}
	return nil
}

// spent is the processor time of this process so far; most is the most memory that it has had.
func spent(b *testing.B) time.Duration {
	u := usage(b)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func most(b *testing.B) int64 { return usage(b).Maxrss * 1024 }

func usage(b *testing.B) syscall.Rusage {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u
}
