package archive

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// tally counts requests by method and key; a list is counted under its prefix.
type tally struct {
	http.RoundTripper
	mu sync.Mutex
	n  map[string]int
}

func (c *tally) RoundTrip(r *http.Request) (*http.Response, error) {
	what := r.Method + " " + r.URL.Path
	if p := r.URL.Query().Get("prefix"); p != "" || strings.Contains(r.URL.RawQuery, "list-type") {
		what = "LIST " + p
	}
	c.mu.Lock()
	c.n[what]++
	c.mu.Unlock()
	return c.RoundTripper.RoundTrip(r)
}

// Verifying a package reads each of its objects once, METS files and the receipt as well, and lists nothing that its caller has listed.
func TestVerifyReadsOnce(t *testing.T) {
	o := sharedOptions(t)
	c := &tally{RoundTripper: transportOf(t, o), n: map[string]int{}}
	o.Transport = c
	s := openStore(t, o)
	r := deliver(t, s, writePackage(t, packageFiles(1)))
	e, err := s.Find(t.Context(), testID)
	do(t, err)
	_, receipt, err := s.readReceipt(t.Context(), place{e.Tenant, e.Account, e.ID})
	do(t, err)
	there := map[string]int64{}
	for k, err := range s.ListKeys(t.Context(), e.Prefix) {
		do(t, err)
		there[strings.TrimPrefix(k.Key, e.Prefix)] = k.Size
	}
	for name, v := range map[string]VerifyOptions{"vouched": {METS: r.METSSHA256, Receipt: receipt}, "by itself": {}} {
		v.Inventory, v.There = listInventory, there
		c.mu.Lock()
		c.n = map[string]int{}
		c.mu.Unlock()
		f, err := s.VerifyWith(t.Context(), e, v)
		if err != nil || len(f.Found) > 0 || f.Objects != len(there) || f.Receipt != receipt {
			t.Fatalf("%s: %+v, %v", name, f, err)
		}
		for _, what := range slices.Sorted(maps.Keys(c.n)) {
			if c.n[what] != 1 || !strings.HasPrefix(what, "GET ") {
				t.Errorf("%s: %d × %s", name, c.n[what], what)
			}
		}
		if len(c.n) != len(there)+1 {
			t.Errorf("%s: %d requests for %d objects and the receipt", name, len(c.n), len(there))
		}
	}
}
