package archive

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadingMakesNoBucket: whoever only reads is told that the bucket is not there, by the name of the setting; in a store that has just been made, an
// empty archive is the truth.
func TestReadingMakesNoBucket(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := startEmbedded(t, dir).Options()
	o.Existing = true
	openStore(t, o)
	o.Bucket, o.Settings = "arkiivet", "archive.replica"
	for _, local := range []layout{o.local, {}} {
		o.local = local
		_, err := Open(t.Context(), o)
		wantFault(t, "a mistyped bucket", err, o, CodeAbsent)
		var u *UnreachableError
		if errors.As(err, &u) && (!strings.Contains(u.Text.SV, "arkiivet finns inte") || !strings.Contains(u.Text.SV, "archive.replica.bucket") || !strings.Contains(u.Text.EN, "archive.replica.bucket")) {
			t.Errorf("the sentence: %+v", u.Text)
		}
	}
	if made, err := os.ReadDir(filepath.Join(dir, "store", "objects")); err != nil || len(made) != 1 {
		t.Errorf("buckets: %v, %v", made, err)
	}
	o.Existing = false
	openStore(t, o)
}
