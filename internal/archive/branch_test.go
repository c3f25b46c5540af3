package archive

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// testBranches delivers for three tenants of one store, two of which have places of their own: nothing of one lands in another's place, and all that reads
// the archive finds each where it is.
func testBranches(t *testing.T, o Options) {
	s := openStore(t, o)
	a, b := o.Prefix+"-alvsby", o.Prefix+"-boden"
	if err := s.SetBranches([]Branch{{Tenant: "alvsby", Prefix: a}, {Tenant: "boden", Prefix: b}, {Tenant: "default"}}); err != nil {
		t.Fatal(err)
	}
	if got := s.Branches(); !slices.Equal(got, []string{"alvsby", "boden"}) || !s.Apart("boden") || s.Apart("default") || s.Apart("calix") {
		t.Errorf("branches: %v", got)
	}
	ctx := t.Context()
	places := map[string]string{"alvsby": a, "boden": b, "calix": o.Prefix}
	for tenant, prefix := range places {
		files := packageFiles(uint64(len(tenant)))
		r, err := s.Deliver(ctx, tenant, "facebook-kommunen", testID, writePackage(t, files), nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := prefix + "/" + tenant + "/facebook-kommunen/" + testID + "/"; r.Prefix != want {
			t.Errorf("%s: the receipt says %s, want %s", tenant, r.Prefix, want)
		}
		if err := s.Log(ctx, tenant, LogEntry{At: time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC), Kind: "closure", ID: tenant}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Put(ctx, tenant+"/index.html", []byte(tenant), PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Put(ctx, "index.html", []byte("all"), PutOptions{}); err != nil {
		t.Fatal(err)
	}
	seesBranches(t, s, places)
	// What stands in the bucket, seen past all branches: each tenant's below its own prefix, and nowhere else.
	for tenant, prefix := range places {
		raw := o
		raw.Prefix = prefix
		n := 0
		for k, err := range openStore(t, raw).ListKeys(ctx, "") {
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(k.Key, tenant+"/") && k.Key != "index.html" {
				t.Errorf("below %s stands %s", prefix, k.Key)
			}
			n++
		}
		if n < 12 {
			t.Errorf("below %s stand %d objects", prefix, n)
		}
	}
	notBranches(t, s, o)
}

// seesBranches reads the archive through a store that knows its branches.
func seesBranches(t *testing.T, s *Store, places map[string]string) {
	t.Helper()
	ctx := t.Context()
	list, err := s.List(ctx, ListFilter{})
	if err != nil || len(list) != 3 {
		t.Errorf("list: %+v %v", list, err)
	}
	if got, err := s.Tenants(ctx); err != nil || !slices.Equal(got, []string{"alvsby", "boden", "calix"}) {
		t.Errorf("tenants: %v %v", got, err)
	}
	var keys []string
	for k, err := range s.ListKeys(ctx, "") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k.Key)
	}
	if !slices.IsSorted(keys) || len(slices.Compact(slices.Clone(keys))) != len(keys) {
		t.Errorf("keys are not in order: %q", keys)
	}
	for _, e := range list {
		if want := "s3://" + s.o.Bucket + "/" + places[e.Tenant] + "/" + e.Prefix; s.Location(e) != want {
			t.Errorf("it is said to be at %s, want %s", s.Location(e), want)
		}
		got, err := s.Verify(ctx, e, listInventory)
		if err != nil || len(got.Found) != 0 {
			t.Errorf("%s: %+v %v", e.Tenant, got.Found, err)
		}
		r, _, err := s.Peek(ctx, e, "documentation/LASMIG.txt")
		if err != nil {
			t.Error(err)
			continue
		}
		if text, err := io.ReadAll(r); err != nil || !strings.HasPrefix(string(text), "Läs mig") {
			t.Errorf("%q %v", text, err)
		}
		_ = r.Close()
		if sights, err := s.Sights(ctx, e.Tenant, e.Account); err != nil || len(sights) != 1 {
			t.Errorf("sights of %s: %v %v", e.Tenant, sights, err)
		}
		n := 0
		for l, err := range s.ReadLog(ctx, e.Tenant, time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)) {
			if err != nil || l.ID != e.Tenant {
				t.Errorf("log of %s: %+v %v", e.Tenant, l, err)
			}
			n++
		}
		if n != 1 {
			t.Errorf("%d notes in the log of %s", n, e.Tenant)
		}
		if err := s.CheckBranch(ctx, e.Tenant); err != nil {
			t.Error(err)
		}
	}
	if err := s.RemovePage(ctx, "boden/index.html"); err != nil {
		t.Error(err)
	}
	if _, err := s.Stat(ctx, "boden/index.html"); !isNotFound(err) {
		t.Errorf("a page of a branch is still there: %v", err)
	}
}

// notBranches: what would mix two tenants' objects is refused.
func notBranches(t *testing.T, s *Store, o Options) {
	t.Helper()
	ctx := t.Context()
	var input *InputError
	for _, prefix := range []string{o.Prefix + "/inside", o.Prefix + "-alvsby/inside"} {
		if err := s.SetBranches([]Branch{{Tenant: "alvsby", Prefix: o.Prefix + "-alvsby"}, {Tenant: "x", Prefix: prefix}}); !errors.As(err, &input) {
			t.Errorf("%s: %v", prefix, err)
		}
	}
	if !s.Apart("boden") {
		t.Error("a refused setting took the place of the one before")
	}
	// A tenant that has packages already does not get another place.
	if err := s.SetBranches([]Branch{{Tenant: "calix", Prefix: o.Prefix + "-calix"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.CheckBranch(ctx, "calix"); !errors.As(err, &input) || !strings.Contains(input.Text.SV, "ligger under "+o.Prefix+"/calix/") {
		t.Errorf("left behind: %v", err)
	}
	other := strings.Replace(testID, "k7qa", "aaaa", 1)
	if _, err := s.Deliver(ctx, "calix", "facebook-kommunen", other, writePackage(t, packageFiles(9)), nil); !errors.As(err, &input) {
		t.Errorf("delivered beside what was left behind: %v", err)
	}
}

// keyWatch notes with which key each path was asked for.
type keyWatch struct {
	mu   sync.Mutex
	seen map[string]map[string]bool // access key → paths
}

func (w *keyWatch) RoundTrip(r *http.Request) (*http.Response, error) {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(rest, "/")
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seen[key] == nil {
		w.seen[key] = map[string]bool{}
	}
	w.seen[key][r.URL.Path+"?"+r.URL.Query().Get("prefix")] = true
	body := `<?xml version="1.0"?><ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated></ListBucketResult>`
	if r.Method != http.MethodGet || r.URL.Query().Get("list-type") == "" {
		return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("<Error><Code>AccessDenied</Code></Error>")), Request: r}, nil
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/xml"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// TestBranchKeys: what a tenant has keys of its own for is never asked for with others, and nothing else with those; without its keys nothing is asked.
func TestBranchKeys(t *testing.T) {
	w := &keyWatch{seen: map[string]map[string]bool{}}
	s, err := Open(t.Context(), Options{Endpoint: "https://s3.example.org", Region: "eu", Bucket: "arsring", Prefix: "arkiv", AccessKey: "OURS", SecretKey: "s", PathStyle: true, Transport: w, Retries: 1})
	if err != nil {
		t.Fatal(err)
	}
	missing := errors.New("open /run/keys/calix: no such file")
	if err := s.SetBranches([]Branch{{Tenant: "alvsby", Prefix: "alvsby", AccessKey: "ALVSBY", SecretKey: "s"}, {Tenant: "boden", AccessKey: "BODEN", SecretKey: "s"}, {Tenant: "calix", Err: missing}}); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"alvsby/index.html", "boden/index.html", "default/index.html"} {
		_, _, _ = s.Get(t.Context(), key)
		_, _ = s.Put(t.Context(), key, []byte("x"), PutOptions{})
		_ = s.RemovePage(t.Context(), key)
	}
	if _, err := s.List(t.Context(), ListFilter{Tenant: "alvsby"}); err != nil {
		t.Error(err)
	}
	if _, _, err := s.Get(t.Context(), "calix/index.html"); !errors.Is(err, missing) {
		t.Errorf("without its keys: %v", err)
	}
	if _, err := s.List(t.Context(), ListFilter{Tenant: "calix"}); !errors.Is(err, missing) {
		t.Errorf("without its keys: %v", err)
	}
	for key, want := range map[string]string{"OURS": "default/", "ALVSBY": "alvsby/", "BODEN": "boden/"} {
		if len(w.seen[key]) == 0 {
			t.Errorf("%s asked for nothing", key)
		}
		for path := range w.seen[key] {
			for _, tenant := range []string{"default/", "alvsby/", "boden/", "calix/"} {
				if strings.Contains(path, tenant) && tenant != want && (key != "OURS" || !strings.Contains(path, "?arkiv/")) {
					t.Errorf("%s asked for %s", key, path)
				}
			}
		}
	}
}
