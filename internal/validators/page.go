package validators

import (
	"os"
	"path/filepath"
	"testing"
)

// PageTests is the folder into which "make tools" has put what tests of the web page need from npm: node_modules with axe-core and oidc-provider.
func PageTests(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(toolsDir(), "page-tests")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js")); err != nil {
		t.Fatalf("axe-core is not installed: run make tools (%v)", err)
	}
	return dir
}

// Axe is the script of axe-core, which looks for barriers in a page that a browser shows.
func Axe(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(PageTests(t), "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
