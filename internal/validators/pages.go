package validators

import (
	"os"
	"testing"
)

// apacheDocs is where Debian's package apache2-doc puts its pages.
const apacheDocs = "/usr/share/doc/apache2-doc/manual"

// ApacheDocs gives a folder of real pages that are not ours, in eleven languages: the manual of a
// web server, to be served on loopback. Pages lie in it as de/bind.html, ja/bind.html and so on.
func ApacheDocs(t testing.TB) string {
	t.Helper()
	if _, err := os.Stat(apacheDocs); err != nil {
		t.Fatal("apache2-doc is not installed: run make tools")
	}
	return apacheDocs
}
