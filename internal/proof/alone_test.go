package proof

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"arsring/internal/archive"
)

// counting counts what is read of the log.
type counting struct {
	*archive.Store
	n *atomic.Int64
}

func (c counting) Get(ctx context.Context, key string) ([]byte, archive.ObjectInfo, error) {
	if strings.Contains(key, "/_tlog/") {
		c.n.Add(1)
	}
	return c.Store.Get(ctx, key)
}

// longLog is a log of 512 entries, one of which is about a small package that was really delivered.
type longLog struct {
	t      *testing.T
	s      *archive.Store
	key    *Key
	memory string
	entry  archive.Entry
	reads  atomic.Int64
}

const ofPackage = 300 // the package's entry

func newLongLog(t *testing.T) *longLog {
	w := &longLog{t: t, s: openStore(t), key: openKey(t), memory: filepath.Join(t.TempDir(), "cp")}
	dir := filepath.Join(t.TempDir(), snapshot)
	do(t, os.Mkdir(dir, 0o755))
	do(t, os.WriteFile(filepath.Join(dir, "METS.xml"), []byte("<mets/>"), 0o600))
	do(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte("Hej"), 0o600))
	r, err := w.s.Deliver(t.Context(), "default", "konto", snapshot, dir, nil)
	do(t, err)
	if w.entry, err = w.s.Find(t.Context(), snapshot); err != nil {
		t.Fatal(err)
	}
	name := "default/konto/" + snapshot
	receipt, _, err := w.s.Get(t.Context(), name+".receipt.json")
	do(t, err)
	l := w.log()
	do(t, l.Announce(t.Context()))
	var g errgroup.Group
	g.SetLimit(8)
	const many = aloneFrom
	for n := range many - 1 {
		g.Go(func() error {
			e := Entry{N: int64(n), Time: r.Delivered.Add(time.Duration(n-ofPackage) * 3 * time.Minute), Lines: line(n)}
			if n == ofPackage {
				e.Lines = []Line{{r.METSSHA256, name + "/METS.xml"}, {sumOf(receipt), name + ".receipt.json"}}
			}
			text, err := e.text()
			if err != nil {
				return err
			}
			data, err := w.key.sign(text)
			if err != nil {
				return err
			}
			_, err = w.s.Put(t.Context(), entryKey("default", e.N), data, archive.PutOptions{CreateOnly: true})
			return err
		})
	}
	do(t, g.Wait())
	appendAll(t, l, many-1, many)
	return w
}

func (w *longLog) log() *Log {
	return OpenLog(LogOptions{Store: counting{w.s, &w.reads}, Tenant: "default", Key: w.key, Memory: w.memory})
}

// verify verifies the package by itself and gives what was found, and how much of the log was read.
func (w *longLog) verify() (r Report, found []string, reads int64) {
	w.t.Helper()
	stamper, err := NewStamper(StampOptions{})
	do(w.t, err)
	w.reads.Store(0)
	inventory := func(func(string) (io.ReadCloser, error)) ([]archive.Want, error) {
		return []archive.Want{{Path: "a.txt", Size: 3, SHA256: sumOf([]byte("Hej"))}}, nil
	}
	told := 0
	r, err = Verify(w.t.Context(), VerifyOptions{Archive: counting{w.s, &w.reads}, Log: func(string) *Log { return w.log() }, Stamper: stamper, Inventory: inventory, Tenants: []string{"default"}},
		[]archive.Entry{w.entry}, func(Package) { told++ })
	do(w.t, err)
	if told != 1 || r.Packages != 1 {
		w.t.Errorf("%d packages, %d times told", r.Packages, told)
	}
	for _, p := range r.Bad {
		for _, f := range p.Findings {
			found = append(found, f.Code+" "+f.Path)
		}
	}
	for _, f := range r.Findings {
		found = append(found, f.Code+" "+strings.TrimPrefix(f.Key, w.s.Full("")))
	}
	slices.Sort(found)
	return r, found, w.reads.Load()
}

// A package by itself is held against its own entry and the proof that it stands in the log: a few objects of a long log. As soon as anything is
// wrong with either, the whole log is read, and what is wrong is named as ever.
func TestOnePackageNeedsItsProofOnly(t *testing.T) {
	t.Parallel()
	w := newLongLog(t)
	r, found, reads := w.verify()
	if !r.OK || len(found) > 0 || reads > 50 || len(r.Checkpoints) != 1 || r.Entries != aloneFrom || r.Unlogged != 0 {
		t.Errorf("%v, %d reads of the log, %+v", found, reads, r)
	}
	t.Logf("%d reads of a log of %d entries", reads, r.Entries)
	name := "default/konto/" + snapshot
	for _, c := range []struct {
		tamper func()
		want   []string
	}{
		{func() { flip(t, onDisk(w.s, name+"/a.txt")) }, []string{"altered a.txt"}},
		{func() { flip(t, onDisk(w.s, name+"/METS.xml")) }, []string{"mets-altered METS.xml"}},
		{func() { flip(t, onDisk(w.s, entryKey("default", ofPackage))) }, []string{FoundEntryAltered + " " + entryKey("default", ofPackage)}},
		{func() { do(t, os.Remove(onDisk(w.s, name+"/a.txt"))) }, []string{"missing a.txt"}},
	} {
		keep := map[string][]byte{}
		for _, key := range []string{name + "/a.txt", name + "/METS.xml", entryKey("default", ofPackage)} {
			data, err := os.ReadFile(onDisk(w.s, key))
			do(t, err)
			keep[key] = data
		}
		c.tamper()
		_, found, reads := w.verify()
		for _, want := range c.want {
			if !slices.Contains(found, want) {
				t.Errorf("found %v, want %s", found, want)
			}
		}
		if reads < aloneFrom {
			t.Errorf("%v: only %d reads of the log", c.want, reads)
		}
		for key, data := range keep {
			do(t, os.WriteFile(onDisk(w.s, key), data, 0o600))
		}
	}
	do(t, w.s.Log(t.Context(), "default", archive.LogEntry{Kind: KindDisposal, Snapshot: snapshot}))
	// A record that names it, whatever it says, is looked up in the log.
	if _, _, reads := w.verify(); reads < aloneFrom {
		t.Errorf("%d reads of the log of a package that may have been disposed of", reads)
	}
}
