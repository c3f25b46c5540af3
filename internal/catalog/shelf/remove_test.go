package shelf

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arsring/internal/archive"
)

// removeObjects removes a package and what stands beside it from the folder in which the store keeps its objects.
func removeObjects(t testing.TB, s *archive.Store, e archive.Entry) error {
	t.Helper()
	at := strings.TrimPrefix(s.Location(e), "s3://")
	dir := filepath.Join(shared.dir, "store", "objects", filepath.FromSlash(strings.TrimSuffix(at, "/")))
	return errors.Join(os.RemoveAll(dir), os.Remove(dir+".receipt.json"))
}
