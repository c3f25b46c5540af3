package archive

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/minio/minio-go/v7"
)

// What Peek gives is what Open gives, whether it reads the embedded store's folder or asks a store elsewhere; what is not there, was removed, or
// would lead out of the folder is answered by the store.
func TestPeekIsOpen(t *testing.T) {
	local, wire := sharedOptions(t), startGateway(t, true, true)
	for name, o := range map[string]Options{"embedded": local, "elsewhere": wire} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t, o)
			files := packageFiles(1)
			deliver(t, s, writePackage(t, files))
			e, err := s.Find(t.Context(), testID)
			do(t, err)
			for path, want := range files {
				r, size, err := s.Peek(t.Context(), e, path)
				do(t, err)
				got, err := io.ReadAll(r)
				do(t, err)
				do(t, r.Close())
				if string(got) != string(want) || size != int64(len(want)) {
					t.Errorf("%s: %d bytes of %d, size %d", path, len(got), len(want), size)
				}
				if _, plain := r.(*os.File); plain != (name == "embedded") {
					t.Errorf("%s: read from the folder: %v", path, plain)
				}
			}
			do(t, s.c.RemoveObject(t.Context(), s.o.Bucket, s.full(e.Prefix+"METS.xml"), minio.RemoveObjectOptions{}))
			for _, path := range []string{"METS.xml", "metadata", "nothing.txt"} {
				if r, _, err := s.Peek(t.Context(), e, path); !isNotFound(err) {
					t.Errorf("%s: %v, %v", path, r, err)
				}
			}
			if _, _, err := s.Peek(t.Context(), e, "../../../../../store.json"); err == nil {
				t.Error("a path led out of the package")
			}
			e.Prefix = "../../"
			if _, _, err := s.Peek(t.Context(), e, "store.json"); err == nil {
				t.Error("a prefix led out of the folder")
			}
		})
	}
	if _, err := os.Stat(filepath.Join(shared.dir, "store", "store.json")); err != nil {
		t.Error(err) // what the paths above led to
	}
}
