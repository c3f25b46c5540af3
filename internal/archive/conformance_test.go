package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// testStore is the conformance suite: what an archive needs of any store, asked of the store itself.
// fresh gives options with a prefix that nothing uses yet.
func testStore(t *testing.T, fresh func(testing.TB) Options) {
	t.Run("behaviour", func(t *testing.T) { testBehaviour(t, openStore(t, fresh(t))) })
	t.Run("deliver", func(t *testing.T) { testDeliverAndBack(t, openStore(t, fresh(t))) })
	t.Run("objects", func(t *testing.T) { testObjects(t, openStore(t, fresh(t))) })
	t.Run("log", func(t *testing.T) { testLog(t, openStore(t, fresh(t))) })
	t.Run("together", func(t *testing.T) { testTogether(t, fresh) })
	t.Run("branches", func(t *testing.T) { testBranches(t, fresh(t)) })
	t.Run("apart", func(t *testing.T) { testApart(t, openStore(t, fresh(t))) })
	t.Run("other bytes", func(t *testing.T) { testOtherBytes(t, openStore(t, fresh(t))) })
	t.Run("locked", func(t *testing.T) {
		o := fresh(t)
		o.LockMode, o.LockYears = LockGovernance, 10
		testLocked(t, openStore(t, o))
	})
	t.Run("held", func(t *testing.T) {
		o := fresh(t)
		o.LockMode, o.LockYears = LockGovernance, 10
		testHeld(t, openStore(t, o))
	})
	t.Run("copied", func(t *testing.T) { testCopied(t, openStore(t, fresh(t)), openStore(t, fresh(t))) })
}

func testBehaviour(t *testing.T, s *Store) {
	b, err := s.Probe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("behaviour of %s: %+v; it lacks: %v", s.o.Endpoint, b, b.Lacks())
	if all := (Behaviour{}).Lacks(); len(all) != 7 || len(Behaviour{true, true, true, true, true, true, true}.Lacks()) != 0 {
		t.Errorf("what a store lacks: %v", all)
	}
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

// testApart: two captures under one id at once. At most one becomes a package, and what is listed is whole.
func testApart(t *testing.T, s *Store) {
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		dir := writePackage(t, packageFiles(uint64(60+i)))
		wg.Go(func() {
			_, errs[i] = s.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil)
		})
	}
	wg.Wait()
	delivered := 0
	for _, err := range errs {
		var c *ConflictError
		switch {
		case err == nil:
			delivered++
		case !errors.As(err, &c):
			t.Errorf("two captures at once: %v", err)
		}
	}
	list, err := s.List(t.Context(), ListFilter{})
	if err != nil || len(list) != delivered || delivered > 1 {
		t.Fatalf("%d delivered, listed %+v, %v", delivered, list, err)
	}
	for _, e := range list {
		if v, err := s.Verify(t.Context(), e, listInventory); err != nil || len(v.Found) != 0 {
			t.Errorf("%+v, %v", v.Found, err)
		}
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

// givenStore is one that runs elsewhere (MinIO, a provider), named as https://key:secret@host/bucket.
func givenStore(t *testing.T) (Options, bool) {
	t.Helper()
	v := os.Getenv("ARSRING_TEST_S3")
	if v == "" {
		return Options{}, false
	}
	u, err := url.Parse(v)
	do(t, err)
	secret, _ := u.User.Password()
	return Options{
		Endpoint: u.Scheme + "://" + u.Host, Bucket: strings.Trim(u.Path, "/"), AccessKey: u.User.Username(), SecretKey: secret,
		Region: "us-east-1", PathStyle: true, Insecure: u.Scheme == "http", CAFile: os.Getenv("ARSRING_TEST_S3_CA"), Prefix: "arsring-test",
	}, true
}

func TestStores(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		testStore(t, sharedOptions)
	})
	if o, ok := givenStore(t); ok {
		t.Run("given", func(t *testing.T) {
			base, n := o.Prefix+"/"+randomName(8), 0
			testStore(t, func(testing.TB) Options {
				n++
				o.Prefix = fmt.Sprintf("%s/%d", base, n)
				return o
			})
		})
	}
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
