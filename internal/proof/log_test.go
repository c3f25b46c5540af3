package proof

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"arsring/internal/archive"
)

func line(n int) []Line {
	return []Line{{sumOf(fmt.Appendf(nil, "%d", n)), fmt.Sprintf("default/konto/konto-%d/METS.xml", n)}}
}

func appendAll(t *testing.T, l *Log, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if n, err := l.Append(t.Context(), line(i)); err != nil || n != int64(i) {
			t.Fatalf("append %d: place %d, %v", i, n, err)
		}
	}
}

// readAll verifies a log that holds no packages and gives the codes and keys of the findings about it.
func readAll(t *testing.T, l *Log, known ...Checkpoint) []string {
	t.Helper()
	s, ok := l.o.Store.(*archive.Store)
	if !ok {
		t.Fatal("not a store")
	}
	stamper, err := NewStamper(StampOptions{})
	do(t, err)
	r, err := Verify(t.Context(), VerifyOptions{Archive: s, Log: func(string) *Log { return l }, Stamper: stamper, Known: known, Tenants: []string{l.o.Tenant}}, nil, nil)
	do(t, err)
	var out []string
	for _, f := range r.Findings {
		if f.Code != FoundRemoved { // the packages of these entries never were
			out = append(out, f.Code+" "+strings.TrimPrefix(f.Key, s.Full("")))
		}
	}
	return out
}

func TestLogGrowsAndProves(t *testing.T) {
	t.Parallel()
	s, key := openStore(t), openKey(t)
	l := OpenLog(LogOptions{Store: s, Tenant: "default", Key: key, Memory: filepath.Join(t.TempDir(), "cp")})
	do(t, l.Announce(t.Context()))
	var old []Checkpoint
	for i := range 12 {
		appendAll(t, l, i, i+1)
		c, err := l.Checkpoint(t.Context())
		do(t, err)
		old = append(old, c)
	}
	// A reader without any memory of its own, as one who holds only a checkpoint.
	other := OpenLog(LogOptions{Store: s, Tenant: "default", Key: key})
	for n, c := range old {
		p, err := other.ProveConsistency(t.Context(), c)
		if err != nil || p.Check() != nil || p.New.Size != 12 {
			t.Errorf("from %d: %v", n+1, err)
		}
		in, err := other.ProveInclusion(t.Context(), int64(n))
		if err != nil || in.Check() != nil || !strings.Contains(in.Entry, line(n)[0].Key) {
			t.Errorf("entry %d: %v", n, err)
		}
		in.Entry += "x"
		if in.Check() == nil {
			t.Errorf("another text is proven as entry %d", n)
		}
	}
	forged := old[5]
	forged.Root[0] ^= 1
	var tampered *TamperedError
	if _, err := other.ProveConsistency(t.Context(), forged); !errors.As(err, &tampered) || tampered.Code != FoundRollback {
		t.Errorf("a checkpoint of another history: %v", err)
	}
	if c, err := key.OpenCheckpoint([]byte(old[3].Note)); err != nil || c.Size != 4 || c.Root != old[3].Root {
		t.Errorf("the checkpoint read back: %+v, %v", c, err)
	}
	if _, err := openKey(t).OpenCheckpoint([]byte(old[3].Note)); err == nil {
		t.Error("a checkpoint counts for somebody who does not know its key")
	}
	if got := readAll(t, l, old...); len(got) != 0 {
		t.Errorf("found in a whole log: %v", got)
	}
}

// TestLogTiles goes past two finished tiles, through the library's own reading of tiles.
func TestLogTiles(t *testing.T) {
	t.Parallel()
	s, key := openStore(t), openKey(t)
	l := OpenLog(LogOptions{Store: s, Tenant: "default", Key: key})
	// Many entries cheaply: written in their places, and signed over at once by the next append.
	const many = 2*tileWidth + 5
	var g errgroup.Group
	g.SetLimit(8)
	for n := range many - 1 {
		g.Go(func() error {
			text, err := Entry{N: int64(n), Time: l.o.Now(), Lines: line(n)}.text()
			if err != nil {
				return err
			}
			data, err := key.sign(text)
			if err != nil {
				return err
			}
			_, err = s.Put(t.Context(), entryKey("default", int64(n)), data, archive.PutOptions{CreateOnly: true})
			return err
		})
	}
	do(t, g.Wait())
	appendAll(t, l, many-1, many)
	do(t, l.Announce(t.Context()))
	for _, tile := range []string{"tile/8/0/000", "tile/8/0/001", "tile/8/1/000.p/2"} {
		if _, err := s.Stat(t.Context(), "default/_tlog/"+tile); err != nil {
			t.Errorf("%s: %v", tile, err)
		}
	}
	fresh := OpenLog(LogOptions{Store: s, Tenant: "default", Key: key})
	for _, n := range []int64{0, 255, 256, 511, 512, many - 1} {
		if in, err := fresh.ProveInclusion(t.Context(), n); err != nil || in.Check() != nil {
			t.Errorf("entry %d: %v", n, err)
		}
	}
	if got := readAll(t, fresh); len(got) != 0 {
		t.Errorf("found in a whole log: %v", got)
	}
	// A damaged tile is named, and stops nobody: the entries are what counts.
	flip(t, onDisk(s, "default/_tlog/tile/8/0/001"))
	if got := readAll(t, fresh); len(got) != 1 || got[0] != FoundTile+" default/_tlog/tile/8/0/001" {
		t.Errorf("found: %v", got)
	}
	again := OpenLog(LogOptions{Store: s, Tenant: "default", Key: key})
	appendAll(t, again, many, many+1)
	if in, err := again.ProveInclusion(t.Context(), 300); err != nil || in.Check() != nil {
		t.Errorf("entry 300 under a damaged tile: %v", err)
	}
}

func flip(t testing.TB, name string) {
	t.Helper()
	b, err := os.ReadFile(name)
	do(t, err)
	b[len(b)/2] ^= 1
	do(t, os.WriteFile(name, b, 0o640))
}

// TestLogTogether: several writers with keys of their own, who know each other, append at once. Nothing is lost and the places are one row.
func TestLogTogether(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	const writers, each = 4, 8
	keys := make([]*Key, writers)
	for i := range keys {
		keys[i] = openKey(t)
	}
	logs := make([]*Log, writers)
	for i := range logs {
		for _, k := range keys {
			do(t, keys[i].Trust(k.Public()))
		}
		logs[i] = OpenLog(LogOptions{Store: s, Tenant: "default", Key: keys[i], Memory: filepath.Join(t.TempDir(), "cp")})
		do(t, logs[i].Announce(t.Context()))
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	places := map[int64]int{}
	for i, l := range logs {
		wg.Go(func() {
			for j := range each {
				n, err := l.Append(t.Context(), line(i*each+j))
				if err != nil {
					t.Errorf("writer %d: %v", i, err)
					return
				}
				mu.Lock()
				places[n]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for n := range int64(writers * each) {
		if places[n] != 1 {
			t.Errorf("place %d was given %d times", n, places[n])
		}
	}
	c, err := logs[0].Checkpoint(t.Context())
	if err != nil || c.Size != writers*each {
		t.Errorf("checkpoint of %d entries, %v", c.Size, err)
	}
	for i, l := range logs {
		if got := readAll(t, l); len(got) != 0 {
			t.Errorf("writer %d finds: %v", i, got)
		}
	}
	stranger := OpenLog(LogOptions{Store: s, Tenant: "default", Key: openKey(t)})
	if got := readAll(t, stranger); len(got) != writers*each+1 {
		t.Errorf("one who knows no key finds %d: %v", len(got), got)
	}
	learnt, err := stranger.TrustFirst(t.Context())
	if err != nil || len(learnt) != writers {
		t.Errorf("learnt %d keys, %v", len(learnt), err)
	}
	if got := readAll(t, stranger); len(got) != 0 {
		t.Errorf("after learning the keys: %v", got)
	}
}

// TestLogSquatted: something that is no entry in the next place stops nobody.
func TestLogSquatted(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	l := OpenLog(LogOptions{Store: s, Tenant: "default", Key: openKey(t), Memory: filepath.Join(t.TempDir(), "cp")})
	appendAll(t, l, 0, 3)
	_, err := s.Put(t.Context(), entryKey("default", 3), []byte("inte en post\n"), archive.PutOptions{})
	do(t, err)
	do(t, l.Announce(t.Context()))
	if got := readAll(t, l); len(got) != 1 || got[0] != FoundEntryAltered+" default/_tlog/entry/000000003" {
		t.Errorf("found: %v", got)
	}
	appendAll(t, l, 3, 5)
	if got := readAll(t, l); len(got) != 0 {
		t.Errorf("found after the next entry: %v", got)
	}
}

// TestLogUnsignedEntry: a writer that died between entry and checkpoint loses nothing.
func TestLogUnsignedEntry(t *testing.T) {
	t.Parallel()
	s, key := openStore(t), openKey(t)
	l := OpenLog(LogOptions{Store: s, Tenant: "default", Key: key})
	appendAll(t, l, 0, 2)
	text, err := Entry{N: 2, Time: l.o.Now(), Lines: line(2)}.text()
	do(t, err)
	data, err := key.sign(text)
	do(t, err)
	_, err = s.Put(t.Context(), entryKey("default", 2), data, archive.PutOptions{})
	do(t, err)
	do(t, l.Announce(t.Context()))
	if got := readAll(t, l); len(got) != 0 {
		t.Errorf("found: %v", got)
	}
	appendAll(t, l, 3, 4)
	c, err := l.Checkpoint(t.Context())
	if err != nil || c.Size != 4 {
		t.Errorf("%+v, %v", c, err)
	}
}
