package validators

import (
	"slices"
	"testing"
)

// TestShares: the shares of a list are the whole list together, and each item is in one of them.
func TestShares(t *testing.T) {
	list := []string{"a", "b", "c", "d", "e", "f", "g"}
	for _, shares := range [][]string{{""}, {"1/1"}, {"1/3", "2/3", "3/3"}} {
		var all []string
		for _, s := range shares {
			part, err := shareOf(list, s)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, part...)
		}
		slices.Sort(all)
		if !slices.Equal(all, list) {
			t.Errorf("%q together are %q", shares, all)
		}
	}
	for _, s := range []string{"0/4", "5/4", "2", "x/2", "1/"} {
		if _, err := shareOf(list, s); err == nil {
			t.Errorf("%q is taken for a share", s)
		}
	}
}
