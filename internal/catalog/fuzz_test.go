package catalog

import (
	"errors"
	"testing"
)

// FuzzQuery: whatever is typed into the search field gives hits or a sentence.
func FuzzQuery(f *testing.F) {
	c := openNew(f)
	for _, s := range append(hostile[:0:0], hostile...) {
		if len(s) < 200 {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := c.Search(t.Context(), Query{Scope: everything, Text: text})
		var in *InputError
		if err != nil && !errors.As(err, &in) {
			t.Errorf("%q: %v", text, err)
		}
	})
}
