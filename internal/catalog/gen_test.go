package catalog

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// everything is a scope that sees all that the generators make.
var everything = Scope{Tenants: []string{"default", "grannby"}, Classes: AllClasses()}

// pack is one generated package.
type pack struct {
	m sip.Manifest
	c sip.Content
}

// spec says what to generate; the zero values have meanings of their own.
type spec struct {
	tenant, account string
	taken           time.Time
	trigger         capture.Trigger
	outcome         capture.Outcome
	class           register.Class
	creator, unit   string
	platform        string
	posts           []sip.Post
	rand            *rand.Rand
}

var seeded = rand.New(rand.NewPCG(7, 11))

func newPack(s spec) pack {
	r := s.rand
	if r == nil {
		r = seeded
	}
	or := func(a, b string) string {
		if a == "" {
			return b
		}
		return a
	}
	s.tenant, s.account = or(s.tenant, "default"), or(s.account, "facebook-kommunen")
	s.trigger = capture.Trigger(or(string(s.trigger), string(capture.TriggerScheduled)))
	s.outcome = capture.Outcome(or(string(s.outcome), string(capture.Complete)))
	s.class = register.Class(or(string(s.class), string(register.ClassOpen)))
	if s.taken.IsZero() {
		s.taken = time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)
	}
	letters := make([]byte, 8)
	for i := range letters {
		letters[i] = byte(r.IntN(256))
	}
	id := sip.NewID(s.account, s.taken, s.trigger, bytes.NewReader(letters))
	stop := capture.StopReachedDate
	p := pack{c: sip.Content{Schema: sip.ContentSchema, Snapshot: id, Account: s.account, URL: "https://example.org/" + s.account, Posts: s.posts,
		Pages: []sip.Page{}, Structured: []sip.Structured{}, Period: sip.Period{Overlap: 60, Stop: &stop}}}
	p.m = sip.Manifest{
		Schema: sip.ManifestSchema, ID: id, Tenant: s.tenant, URL: p.c.URL, Trigger: s.trigger, Outcome: s.outcome, AccessClass: s.class,
		Account: register.Account{ID: s.account, Tenant: s.tenant, Platform: or(s.platform, "facebook"), URL: p.c.URL, Title: "Kontot " + s.account,
			ArchiveCreator: or(s.creator, "Kommunstyrelsen"), Unit: or(s.unit, "Kommunikationsavdelningen"), Class: s.class,
			Responsible: register.Person{Name: "Anna Ansvarig", Email: "anna@example.org"}},
		Started: s.taken, Ended: s.taken.Add(time.Minute), Packed: s.taken.Add(2 * time.Minute),
		Content: "representations/content/data/content.json", Period: p.c.Period,
		Files: []sip.File{
			{Path: "representations/content/data/content.json", SHA256: strings.Repeat("a", 64), Bytes: 1000, MIME: "application/json", Role: sip.RoleContent},
			{Path: "representations/pdfa/data/record.pdf", SHA256: strings.Repeat("b", 64), Bytes: 100_000, MIME: "application/pdf", Role: sip.RoleRecord},
		},
		Record: &sip.RecordFile{Path: "representations/pdfa/data/record.pdf", SHA256: strings.Repeat("b", 64), Bytes: 100_000, Pages: 12},
	}
	level := "2a"
	p.m.Record.PDFA = &level
	for i := range 12 {
		page := i + 2
		p.m.Tiles = append(p.m.Tiles, sip.Tile{N: i + 1, Kind: capture.TilePage, SHA256: strings.Repeat("c", 64), At: s.taken, RecordPage: &page})
	}
	p.m.Counts.Posts = len(s.posts)
	for i := range s.posts {
		p.m.Counts.Comments += len(s.posts[i].Comments)
	}
	p.c.Counts = p.m.Counts
	return p
}

func str(s string) *string { return &s }

// post makes a post with a permalink of its own.
func post(id, text string, published time.Time, comments ...sip.Post) sip.Post {
	return sip.Post{ID: id, Permalink: str("https://example.org/p/" + id), Author: str("Älvsunda kommun"), Origin: capture.OriginOwn, Published: &published,
		Text: text, Comments: comments, Tiles: []int{1}}
}

func comment(id, author, text string, published time.Time) sip.Post {
	return sip.Post{ID: id, Author: str(author), Origin: capture.OriginReceived, Published: &published, Text: text}
}

func (p pack) manifestJSON(t testing.TB) []byte { return mustJSON(t, p.m) }

func mustJSON(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// files are the package's objects, as far as they matter here.
func (p pack) files(t testing.TB) map[string][]byte {
	return map[string][]byte{
		manifestPath: p.manifestJSON(t), p.m.Content: mustJSON(t, p.c), "representations/pdfa/data/record.pdf": []byte("%PDF-1.7\n%%EOF\n"),
		"METS.xml": []byte("<mets/>"),
	}
}

// shelf of packages in memory, as a Source.
type memory struct {
	t       testing.TB
	mu      sync.Mutex
	packs   map[string]map[string][]byte // "<tenant>/<account>/<id>" to files
	sights  map[string]Sight
	reads   int
	failing error
}

func newMemory(t testing.TB, packs ...pack) *memory {
	m := &memory{t: t, packs: map[string]map[string][]byte{}, sights: map[string]Sight{}}
	m.add(packs...)
	return m
}

func (m *memory) add(packs ...pack) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range packs {
		k := p.m.Tenant + "/" + p.m.Account.ID + "/" + p.m.ID
		m.packs[k] = p.files(m.t)
		m.sights[k] = Sight{ID: p.m.ID, Receipt: true}
	}
}

func (m *memory) remove(packs ...pack) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range packs {
		k := p.m.Tenant + "/" + p.m.Account.ID + "/" + p.m.ID
		delete(m.packs, k)
		delete(m.sights, k)
	}
}

func (m *memory) segments(depth int, prefix string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for k := range m.packs {
		if strings.HasPrefix(k, prefix) {
			if s := strings.Split(k, "/")[depth]; !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (m *memory) Tenants(context.Context) ([]string, error) { return m.segments(0, ""), m.failing }
func (m *memory) Accounts(_ context.Context, tenant string) ([]string, error) {
	return m.segments(1, tenant+"/"), m.failing
}

func (m *memory) Snapshots(_ context.Context, tenant, account string) ([]Sight, error) {
	var out []Sight
	for _, id := range m.segments(2, tenant+"/"+account+"/") {
		m.mu.Lock()
		out = append(out, m.sights[tenant+"/"+account+"/"+id])
		m.mu.Unlock()
	}
	return out, m.failing
}

func (m *memory) Open(_ context.Context, tenant, account, id, path string) (io.ReadCloser, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	b, ok := m.packs[tenant+"/"+account+"/"+id][path]
	if !ok {
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

func openNew(t testing.TB) *Catalog {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "catalog.db"))
}

func openAt(t testing.TB, path string) *Catalog {
	t.Helper()
	c, err := Open(t.Context(), Options{Path: path})
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

func bring(t testing.TB, c *Catalog, src Source) Changes {
	t.Helper()
	ch, err := c.Update(t.Context(), src, UpdateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

func export(t testing.TB, c *Catalog) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Export(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// check asks SQLite whether tables and index are whole and agree.
func check(t testing.TB, c *Catalog) {
	t.Helper()
	parts, err := partitions(t.Context(), c.write)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		var docs int
		if err := c.write.QueryRowContext(t.Context(), "SELECT count(*) FROM "+p+"_docsize").Scan(&docs); err != nil {
			t.Fatal(err)
		}
		lo, hi := partitionRange(p)
		var want int
		if err := c.write.QueryRowContext(t.Context(), "SELECT count(*) FROM doc WHERE n >= ? AND n < ?", lo, hi).Scan(&want); err != nil || docs != want {
			t.Fatalf("%s holds %d documents, want %d: %v", p, docs, want, err)
		}
		// What the index holds of each word is held against the words of the documents.
		if _, err := c.write.ExecContext(t.Context(), "INSERT INTO "+p+"("+p+") VALUES('integrity-check')"); err != nil {
			t.Fatalf("%s: %v", p, err)
		}
	}
	var got string
	if err := c.write.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&got); err != nil || got != "ok" {
		t.Fatalf("integrity_check: %q, %v", got, err)
	}
}

func found(t testing.TB, c *Catalog, q Query) []string {
	t.Helper()
	if q.Tenants == nil {
		q.Scope = everything
	}
	res, err := c.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("search %q: %v", q.Text, err)
	}
	out := []string{}
	for _, h := range res.Hits {
		out = append(out, h.Post)
	}
	slices.Sort(out)
	return out
}
