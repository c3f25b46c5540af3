package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const testID = "facebook-kommunen-20261015T080000Z-scheduled-k7qa"

// packageFiles are the contents of a small package. Its METS.xml is a list of sums: this room does not care what METS looks like.
func packageFiles(seed uint64) map[string][]byte {
	r := rand.New(rand.NewPCG(seed, 7))
	data := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	files := map[string][]byte{
		"metadata/descriptive/manifest.json":                    data(900),
		"metadata/descriptive/dc.xml":                           data(300),
		"metadata/preservation/premis.xml":                      data(700),
		"documentation/LASMIG.txt":                              []byte("Läs mig, om femtio år. åäö\n"),
		"representations/pdfa/METS.xml":                         data(500),
		"representations/pdfa/data/record.pdf":                  data(150_000),
		"representations/content/METS.xml":                      data(500),
		"representations/content/data/content.json":             data(4000),
		"representations/content/data/media/bild å ä + %20.jpg": data(20_000),
		"representations/content/data/media/empty.txt":          {},
	}
	files[metsName] = makeMETS(files)
	return files
}

func makeMETS(files map[string][]byte) []byte {
	var mets bytes.Buffer
	for _, p := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&mets, "%x %d %s\n", sha256.Sum256(files[p]), len(files[p]), p)
	}
	return mets.Bytes()
}

// listInventory reads the METS.xml of packageFiles.
func listInventory(open func(string) (io.ReadCloser, error)) ([]Want, error) {
	in, err := open(metsName)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	var out []Want
	for line := range strings.Lines(string(data)) {
		var w Want
		if n, err := fmt.Sscanf(line, "%64s %d ", &w.SHA256, &w.Size); n != 2 || err != nil {
			return nil, fmt.Errorf("METS.xml: %q", line)
		}
		w.Path = strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)[2]
		out = append(out, w)
	}
	return out, nil
}

func writePackage(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "package")
	for p, b := range files {
		name := filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// stored reads everything below the store's prefix.
func stored(t testing.TB, s *Store) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for o, err := range s.ListKeys(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		data, _, err := s.Get(t.Context(), o.Key)
		if err != nil {
			t.Fatal(err)
		}
		out[o.Key] = data
	}
	return out
}

// checkDelivered asserts that exactly this package and its receipt are below the prefix, each object once and byte for byte.
func checkDelivered(t testing.TB, s *Store, files map[string][]byte, r Receipt) {
	t.Helper()
	got := stored(t, s)
	folder := "default/facebook-kommunen/" + testID + "/"
	for p, want := range files {
		if !bytes.Equal(got[folder+p], want) {
			t.Errorf("%s: stored bytes differ", p)
		}
	}
	if len(got) != len(files)+1 {
		t.Errorf("stored: %q", slices.Sorted(maps.Keys(got)))
	}
	var kept Receipt
	if err := json.Unmarshal(got[strings.TrimSuffix(folder, "/")+receiptSuffix], &kept); err != nil {
		t.Fatal(err)
	}
	if !kept.proves(r) || !kept.Delivered.Equal(r.Delivered) {
		t.Errorf("stored receipt %+v is not the one returned %+v", kept, r)
	}
	sum := sha256.Sum256(files[metsName])
	if r.METSSHA256 != hex.EncodeToString(sum[:]) || len(r.Objects) != len(files) {
		t.Errorf("receipt: %+v", r)
	}
	for _, o := range r.Objects {
		sum := sha256.Sum256(files[o.Path])
		if o.SHA256 != hex.EncodeToString(sum[:]) || o.Size != int64(len(files[o.Path])) {
			t.Errorf("receipt says of %s: %+v", o.Path, o)
		}
	}
}

func deliver(t testing.TB, s *Store, dir string) Receipt {
	t.Helper()
	r, err := s.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func find(t testing.TB, s *Store) Entry {
	t.Helper()
	e, err := s.Find(t.Context(), testID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// testStore is the conformance suite: what an archive needs of any store, asked of the store itself.
// fresh gives options with a prefix that nothing uses yet.
func testStore(t *testing.T, fresh func(testing.TB) Options) {
	t.Run("behaviour", func(t *testing.T) { testBehaviour(t, openStore(t, fresh(t))) })
	t.Run("deliver", func(t *testing.T) { testDeliverAndBack(t, openStore(t, fresh(t))) })
	t.Run("objects", func(t *testing.T) { testObjects(t, openStore(t, fresh(t))) })
	t.Run("log", func(t *testing.T) { testLog(t, openStore(t, fresh(t))) })
	t.Run("together", func(t *testing.T) { testTogether(t, fresh) })
	t.Run("other bytes", func(t *testing.T) { testOtherBytes(t, openStore(t, fresh(t))) })
	t.Run("locked", func(t *testing.T) {
		o := fresh(t)
		o.LockMode, o.LockYears = LockGovernance, 10
		testLocked(t, openStore(t, o))
	})
}

func testBehaviour(t *testing.T, s *Store) {
	b, err := s.Probe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("behaviour of %s: %+v", s.o.Endpoint, b)
	if !b.CreateOnly || !b.IfMatch || !b.SHA256 || !b.BadDigest || !b.Deletes {
		t.Errorf("the archive needs more than this store does: %+v", b)
	}
}

func testDeliverAndBack(t *testing.T, s *Store) {
	files := packageFiles(1)
	dir := writePackage(t, files)
	var done, total int64
	r, err := s.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, func(d, of int64) {
		if d < done {
			t.Errorf("progress went back from %d to %d", done, d)
		}
		done, total = d, of
	})
	if err != nil {
		t.Fatal(err)
	}
	if done != total || total == 0 {
		t.Errorf("progress ended at %d of %d", done, total)
	}
	checkDelivered(t, s, files, r)

	list, err := s.List(t.Context(), ListFilter{})
	if err != nil || len(list) != 1 {
		t.Fatalf("list: %+v, %v", list, err)
	}
	e := list[0]
	want := time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)
	if e.ID != testID || e.Account != "facebook-kommunen" || e.Tenant != "default" || !e.Receipt || !e.Taken.Equal(want) || e.Objects != len(files) {
		t.Errorf("entry: %+v", e)
	}
	if loc := s.Location(e); loc != "s3://"+s.o.Bucket+"/"+s.full("default/facebook-kommunen/"+testID)+"/" {
		t.Errorf("location %s", loc)
	}
	if got := find(t, s); got != e {
		t.Errorf("find: %+v, list: %+v", got, e)
	}
	testReadAndExport(t, s, e, files)
	v, err := s.Verify(t.Context(), e, listInventory)
	if err != nil || len(v.Found) != 0 || v.Objects != len(files) {
		t.Errorf("verify: %+v, %v", v, err)
	}
	again := deliver(t, s, dir)
	if !again.Delivered.Equal(r.Delivered) {
		t.Errorf("a second delivery gave another receipt: %v, %v", again.Delivered, r.Delivered)
	}
	checkDelivered(t, s, files, again)
}

func testReadAndExport(t *testing.T, s *Store, e Entry, files map[string][]byte) {
	rc, size, err := s.Open(t.Context(), e, "representations/pdfa/data/record.pdf")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(rc)
	rc.Close()
	if err != nil || !bytes.Equal(data, files["representations/pdfa/data/record.pdf"]) || size != int64(len(data)) {
		t.Errorf("opened %d of %d bytes, %v", len(data), size, err)
	}
	var missing *NotFoundError
	if _, _, err := s.Open(t.Context(), e, "representations/none"); !errors.As(err, &missing) {
		t.Errorf("an object that is not there: %v", err)
	}
	out := t.TempDir()
	to, err := s.Export(t.Context(), e, out)
	if err != nil || to != filepath.Join(out, testID) {
		t.Fatalf("export: %s, %v", to, err)
	}
	for p, want := range files {
		got, err := os.ReadFile(filepath.Join(to, filepath.FromSlash(p)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("exported %s: %v", p, err)
		}
	}
	left, _ := os.ReadDir(out)
	if len(left) != 2 || left[1].Name() != testID+receiptSuffix {
		t.Errorf("in the export folder: %v", left)
	}
	var input *InputError
	if _, err := s.Export(t.Context(), e, out); !errors.As(err, &input) {
		t.Errorf("a second export over the first: %v", err)
	}
}

func testObjects(t *testing.T, s *Store) {
	ctx := t.Context()
	var missing *NotFoundError
	if _, err := s.Stat(ctx, "default/index.html"); !errors.As(err, &missing) {
		t.Errorf("stat of nothing: %v", err)
	}
	one, err := s.Put(ctx, "default/index.html", []byte("one"), PutOptions{CreateOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(ctx, "default/index.html", []byte("one"), PutOptions{CreateOnly: true}); err != nil {
		t.Errorf("the same bytes again: %v", err)
	}
	var conflict *ConflictError
	if _, err := s.Put(ctx, "default/index.html", []byte("two"), PutOptions{CreateOnly: true}); !errors.As(err, &conflict) || conflict.Stored == "" {
		t.Errorf("other bytes: %v", err)
	}
	two, err := s.Put(ctx, "default/index.html", []byte("two"), PutOptions{IfMatch: one.ETag})
	if err != nil || two.ETag == one.ETag {
		t.Fatalf("If-Match with the right ETag: %v", err)
	}
	if _, err := s.Put(ctx, "default/index.html", []byte("three"), PutOptions{IfMatch: one.ETag}); !errors.As(err, &conflict) {
		t.Errorf("If-Match with an old ETag: %v", err)
	}
	data, info, err := s.Get(ctx, "default/index.html")
	if err != nil || string(data) != "two" || info.ETag != two.ETag || info.ContentType != "text/html; charset=utf-8" {
		t.Errorf("got %q, %+v, %v", data, info, err)
	}
	if _, err := s.Put(ctx, "default/index.html", []byte("four"), PutOptions{}); err != nil {
		t.Errorf("overwrite: %v", err)
	}
	for _, bad := range []string{"", "/x", "a//b", "../x", "a/../b", "a\nb", "a\\b"} {
		var input *InputError
		if _, err := s.Put(ctx, bad, nil, PutOptions{}); !errors.As(err, &input) {
			t.Errorf("key %q: %v", bad, err)
		}
	}
}

func testLog(t *testing.T, s *Store) {
	ctx, at := t.Context(), time.Date(2026, 12, 31, 23, 59, 59, 999_500_000, time.UTC)
	for i := range 5 {
		e := LogEntry{At: at.Add(time.Duration(i) * time.Second), Kind: "attempt-failed", Account: "x", Text: Text{SV: "Sidan svarade inte.", EN: "No answer."}, Data: json.RawMessage(`{"n":1}`)}
		if err := s.Log(ctx, "default", e); err != nil {
			t.Fatal(err)
		}
	}
	same := LogEntry{At: at, Kind: "closure", ID: "one"}
	if err := errors.Join(s.Log(ctx, "default", same), s.Log(ctx, "default", same)); err != nil {
		t.Errorf("the same note twice: %v", err)
	}
	same.By = "someone else"
	var conflict *ConflictError
	if err := s.Log(ctx, "default", same); !errors.As(err, &conflict) {
		t.Errorf("another note under the same name: %v", err)
	}
	read := func(since time.Time) (out []LogEntry) {
		for e, err := range s.ReadLog(ctx, "default", since) {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, e)
		}
		return out
	}
	all := read(time.Time{})
	if len(all) != 6 || !slices.IsSortedFunc(all, func(a, b LogEntry) int { return a.At.Compare(b.At) }) || all[0].Text.SV == "" || string(all[0].Data) == "" {
		t.Errorf("log: %+v", all)
	}
	if late := read(at.Add(2 * time.Second)); len(late) != 3 {
		t.Errorf("from the third on: %+v", late)
	}
	if list, err := s.List(ctx, ListFilter{}); err != nil || len(list) != 0 {
		t.Errorf("notes are no packages: %v, %v", list, err)
	}
}

func testTogether(t *testing.T, fresh func(testing.TB) Options) {
	files := packageFiles(3)
	dir := writePackage(t, files)
	o := fresh(t)
	const n = 3
	receipts := make([]Receipt, n)
	errs := make(chan error, n)
	stores := make([]*Store, n)
	for i := range n {
		stores[i] = openStore(t, o)
	}
	for i := range n {
		go func() {
			var err error
			receipts[i], err = stores[i].Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil)
			errs <- err
		}()
	}
	for range n {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range receipts {
		checkDelivered(t, stores[0], files, r)
	}
}

func testOtherBytes(t *testing.T, s *Store) {
	files := packageFiles(4)
	first := deliver(t, s, writePackage(t, files))
	var conflict *ConflictError
	_, err := s.Deliver(t.Context(), "default", "facebook-kommunen", testID, writePackage(t, packageFiles(5)), nil)
	if !errors.As(err, &conflict) || conflict.Incomplete {
		t.Errorf("another package under the same id: %v", err)
	}
	more := packageFiles(4)
	delete(more, "documentation/LASMIG.txt")
	_, err = s.Deliver(t.Context(), "default", "facebook-kommunen", testID, writePackage(t, more), nil)
	if !errors.As(err, &conflict) || !strings.HasSuffix(conflict.Key, "LASMIG.txt") {
		t.Errorf("a package without one of the stored files: %v", err)
	}
	checkDelivered(t, s, files, first)
	var input *InputError
	if err := s.Discard(t.Context(), "default", "facebook-kommunen", testID); !errors.As(err, &input) {
		t.Errorf("a package was discarded: %v", err)
	}
	checkDelivered(t, s, files, first)
}

func testLocked(t *testing.T, s *Store) {
	b, err := s.Probe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := writePackage(t, packageFiles(6))
	if !b.ObjectLock {
		_, err := s.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil)
		var u *UnreachableError
		if !errors.As(err, &u) || u.Code != CodeNoLock {
			t.Errorf("a lock that the store does not give: %v", err)
		}
		return
	}
	before := time.Now().UTC()
	r := deliver(t, s, dir)
	if r.Lock == nil || r.Lock.Mode != LockGovernance || r.Lock.Until.Before(before.AddDate(10, 0, -1)) {
		t.Fatalf("receipt's lock: %+v", r.Lock)
	}
	for _, o := range r.Objects {
		info, err := s.Stat(t.Context(), "default/facebook-kommunen/"+testID+"/"+o.Path)
		if err != nil || info.Lock == nil || info.Lock.Mode != LockGovernance {
			t.Errorf("%s: %+v, %v", o.Path, info.Lock, err)
		}
	}
	w, err := s.ProveWORM(t.Context())
	if err != nil || !w.Proven || !w.Locked || !w.Refused || !w.StillHere || !w.SHA256 {
		t.Errorf("WORM: %+v, %v", w, err)
	}
	if _, err := s.Stat(context.Background(), strings.TrimPrefix(w.Key, s.o.Prefix+"/")); !isNotFound(err) {
		t.Errorf("the self-test's object is still there after its lock ended: %v", err)
	}
}

func TestStores(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		testStore(t, sharedOptions)
	})
	for _, c := range []struct {
		name          string
		tls, versions bool
	}{{"https", true, false}, {"https versions", true, true}, {"http", false, false}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := startGateway(t, c.tls, c.versions)
			n := 0
			testStore(t, func(testing.TB) Options {
				n++
				o.Prefix, o.worm = fmt.Sprintf("base/%d", n), time.Second
				return o
			})
		})
	}
}
