package archive

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
)

// faulty passes requests on until something happens to one of them.
type faulty struct {
	http.RoundTripper
	n      atomic.Int64
	at     int64  // the request to which it happens, counted from 1
	how    string // "before": cut before it is sent; "after": the answer is lost; "cancel": the caller gives up; "error": 500 after it was done
	dead   bool   // and nothing works from then on
	cancel context.CancelFunc
}

func (f *faulty) RoundTrip(r *http.Request) (*http.Response, error) {
	n := f.n.Add(1)
	if n < f.at || n > f.at && !f.dead {
		return f.RoundTripper.RoundTrip(r)
	}
	if n > f.at {
		drop(r)
		return nil, syscall.ECONNRESET
	}
	switch f.how {
	case "before":
		drop(r)
		return nil, syscall.ECONNRESET
	case "cancel":
		f.cancel()
		return f.RoundTripper.RoundTrip(r)
	}
	resp, err := f.RoundTripper.RoundTrip(r)
	if err != nil {
		return resp, err
	}
	resp.Body.Close()
	if f.how == "error" {
		return &http.Response{StatusCode: 500, Status: "500 Internal Server Error", Header: http.Header{}, Body: http.NoBody, Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
	}
	return nil, syscall.ECONNRESET
}

func drop(r *http.Request) {
	if r.Body != nil {
		r.Body.Close()
	}
}

// smallPackage has few objects, so that every request of its delivery can be broken in turn.
func smallPackage(seed uint64) map[string][]byte {
	files := packageFiles(seed)
	maps.DeleteFunc(files, func(p string, _ []byte) bool {
		return p != "metadata/descriptive/dc.xml" && p != "representations/content/data/media/empty.txt"
	})
	files[metsName] = makeMETS(files)
	return files
}

func transportOf(t testing.TB, o Options) *http.Transport {
	t.Helper()
	o, err := o.complete()
	if err != nil {
		t.Fatal(err)
	}
	tr, err := newTransport(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.CloseIdleConnections)
	return tr
}

func rounds(normal, soak int) int {
	if os.Getenv("ARSRING_SOAK") != "" {
		return soak
	}
	return normal
}

// TestCrashAtEveryStep breaks the delivery at each of its requests, in each way, for good; then delivers again.
func TestCrashAtEveryStep(t *testing.T) {
	o := sharedOptions(t)
	tr := transportOf(t, o)
	base := o.Prefix
	o.Transport = tr
	files := smallPackage(10)
	dir := writePackage(t, files)
	for _, how := range []string{"before", "after", "cancel", "error"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			o, at := o, int64(1)
			for ; !t.Failed(); at++ {
				o.Prefix = fmt.Sprintf("%s/%s-%d", base, how, at)
				if !crashThenDeliver(t, o, tr, how, at, files, dir) {
					break
				}
			}
			if at < 10 {
				t.Errorf("a delivery of only %d requests?", at)
			}
		})
	}
}

// crashThenDeliver says whether the delivery was long enough to be broken at that request.
func crashThenDeliver(t *testing.T, o Options, tr http.RoundTripper, how string, at int64, files map[string][]byte, dir string) bool {
	whole := openStore(t, o)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f := &faulty{RoundTripper: tr, at: at, how: how, dead: true, cancel: cancel}
	broken := *whole
	var err error
	if broken.c, err = broken.o.client(f, 1); err != nil {
		t.Fatal(err)
	}
	_, err = broken.Deliver(ctx, "default", "facebook-kommunen", testID, dir, nil)
	if f.n.Load() < at {
		if err != nil {
			t.Errorf("an unbroken delivery: %v", err)
		}
		return false
	}
	var u *UnreachableError
	if err != nil && !errors.As(err, &u) && !errors.Is(err, context.Canceled) {
		t.Errorf("%s at %d: %v", how, at, err)
	}
	seen, lerr := whole.List(t.Context(), ListFilter{})
	if lerr != nil {
		t.Fatal(lerr)
	}
	for _, e := range seen { // what is listed is whole
		if e.Objects != len(files) {
			t.Errorf("%s at %d: a package of %d objects is visible", how, at, e.Objects)
		}
	}
	r, err := whole.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil)
	if err != nil {
		t.Fatalf("%s at %d, then again: %v", how, at, err)
	}
	checkDelivered(t, whole, files, r)
	if v, err := whole.Verify(t.Context(), find(t, whole), listInventory); err != nil || len(v.Found) != 0 {
		t.Errorf("%s at %d: %+v, %v", how, at, v.Found, err)
	}
	return true
}

// TestHiccup breaks one request only; the delivery must get over it by itself.
func TestHiccup(t *testing.T) {
	t.Parallel()
	o := sharedOptions(t)
	tr := transportOf(t, o)
	base := o.Prefix
	o.Transport = tr
	files := smallPackage(11)
	dir := writePackage(t, files)
	step := int64(rounds(3, 1))
	for _, how := range []string{"before", "after", "error"} {
		for at := int64(1); ; at += step {
			o.Prefix = fmt.Sprintf("%s/%s-%d", base, how, at)
			s := openStore(t, o)
			f := &faulty{RoundTripper: tr, at: at, how: how}
			broken := *s
			var err error
			if broken.c, err = broken.o.client(f, 3); err != nil {
				t.Fatal(err)
			}
			r, err := broken.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil)
			if err != nil {
				t.Fatalf("%s at %d: %v", how, at, err)
			}
			checkDelivered(t, s, files, r)
			if f.n.Load() < at {
				break
			}
		}
	}
}

// TestLeftoverMetadata: the store died between an object's metadata and its bytes.
func TestLeftoverMetadata(t *testing.T) {
	t.Parallel()
	s := openStore(t, sharedOptions(t))
	ctx := t.Context()
	if _, err := s.Put(ctx, "default/x.txt", []byte("first"), PutOptions{CreateOnly: true}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(sharedFile(s, "default/x.txt")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stat(ctx, "default/x.txt"); !isNotFound(err) {
		t.Fatalf("removed in the folder: %v", err)
	}
	if _, err := s.Put(ctx, "default/x.txt", []byte("second"), PutOptions{CreateOnly: true}); err != nil {
		t.Fatalf("written again: %v", err)
	}
	if data, _, err := s.Get(ctx, "default/x.txt"); err != nil || string(data) != "second" {
		t.Errorf("got %q, %v", data, err)
	}
}

// TestDeleteMarker: an object that was removed in a bucket with versions can be written again.
func TestDeleteMarker(t *testing.T) {
	t.Parallel()
	s := openStore(t, sharedOptions(t))
	ctx := t.Context()
	for _, text := range []string{"first", "second", "third"} {
		if _, err := s.Put(ctx, "default/x.txt", []byte(text), PutOptions{CreateOnly: true}); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if data, _, err := s.Get(ctx, "default/x.txt"); err != nil || string(data) != text {
			t.Errorf("got %q, %v", data, err)
		}
		if err := s.c.RemoveObject(ctx, s.o.Bucket, s.full("default/x.txt"), minio.RemoveObjectOptions{}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Stat(ctx, "default/x.txt"); !isNotFound(err) {
			t.Errorf("%s removed: %v", text, err)
		}
	}
	versions := 0
	for o := range s.c.ListObjectsIter(ctx, s.o.Bucket, minio.ListObjectsOptions{Prefix: s.full("default/x.txt"), WithVersions: true}) {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		versions++
	}
	if versions != 6 {
		t.Errorf("%d versions and markers, want 3 and 3", versions)
	}
}

// TestDiscard: remains of another capture under the same id stand in the way until they are discarded.
func TestDiscard(t *testing.T) {
	t.Parallel()
	s := openStore(t, sharedOptions(t))
	folder := "default/facebook-kommunen/" + testID + "/"
	if _, err := s.Put(t.Context(), folder+"metadata/descriptive/dc.xml", []byte("of another capture"), PutOptions{}); err != nil {
		t.Fatal(err)
	}
	files := smallPackage(13)
	dir := writePackage(t, files)
	_, err := s.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil)
	var c *ConflictError
	if !errors.As(err, &c) || !c.Incomplete {
		t.Fatalf("remains in the way: %v", err)
	}
	left, err := s.List(t.Context(), ListFilter{Incomplete: true})
	if err != nil || len(left) != 1 || left[0].ID != testID || left[0].Complete {
		t.Errorf("remains: %+v, %v", left, err)
	}
	if err := s.Discard(t.Context(), "default", "facebook-kommunen", testID); err != nil {
		t.Fatal(err)
	}
	checkDelivered(t, s, files, deliver(t, s, dir))
}

// TestNoGoroutinesLeft counts before and after a life of a store and its server.
func TestNoGoroutinesLeft(t *testing.T) {
	sharedOptions(t) // its goroutines are not ours to count
	before := runtime.NumGoroutine()
	func() {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		e, err := StartEmbedded(ctx, embeddedIn(t, t.TempDir()))
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		s, err := Open(ctx, e.Options())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		deliver(t, s, writePackage(t, packageFiles(14)))
		for _, err := range s.ListKeys(ctx, "") {
			do(t, err)
			break // an iteration that ends early
		}
		rc, _, err := s.Open(ctx, find(t, s), metsName)
		if err != nil {
			t.Fatal(err)
		}
		rc.Close()
	}()
	deadline := time.Now().Add(10 * time.Second)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		buf := make([]byte, 1<<20)
		t.Errorf("%d goroutines before, %d after:\n%s", before, n, buf[:runtime.Stack(buf, true)])
	}
}
