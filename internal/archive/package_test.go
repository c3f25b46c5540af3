package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const testID = "facebook-kommunen-20261015T080000Z-scheduled-k7qa"

// packageFiles are the contents of a small package. Its METS.xml is a list of sums: this room does not care what METS looks like.
func packageFiles(seed uint64) map[string][]byte {
	r := rand.New(rand.NewPCG(seed, 7))
	data := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	files := map[string][]byte{
		"metadata/descriptive/manifest.json":                    data(900),
		"metadata/descriptive/dc.xml":                           data(300),
		"metadata/preservation/premis.xml":                      data(700),
		"documentation/LASMIG.txt":                              []byte("Läs mig, om femtio år. åäö\n"),
		"representations/pdfa/METS.xml":                         data(500),
		"representations/pdfa/data/record.pdf":                  data(150_000),
		"representations/content/METS.xml":                      data(500),
		"representations/content/data/content.json":             data(4000),
		"representations/content/data/media/bild å ä + %20.jpg": data(20_000),
		"representations/content/data/media/empty.txt":          {},
	}
	files[metsName] = makeMETS(files)
	return files
}

func makeMETS(files map[string][]byte) []byte {
	var mets bytes.Buffer
	for _, p := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&mets, "%x %d %s\n", sha256.Sum256(files[p]), len(files[p]), p)
	}
	return mets.Bytes()
}

// listInventory reads the METS.xml of packageFiles.
func listInventory(open func(string) (io.ReadCloser, error)) ([]Want, error) {
	in, err := open(metsName)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	var out []Want
	for line := range strings.Lines(string(data)) {
		var w Want
		if n, err := fmt.Sscanf(line, "%64s %d ", &w.SHA256, &w.Size); n != 2 || err != nil {
			return nil, fmt.Errorf("METS.xml: %q", line)
		}
		w.Path = strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)[2]
		out = append(out, w)
	}
	return out, nil
}

func writePackage(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "package")
	for p, b := range files {
		name := filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// stored reads everything below the store's prefix.
func stored(t testing.TB, s *Store) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for o, err := range s.ListKeys(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		data, _, err := s.Get(t.Context(), o.Key)
		if err != nil {
			t.Fatal(err)
		}
		out[o.Key] = data
	}
	return out
}

// checkDelivered asserts that exactly this package and its receipt are below the prefix, each object once and byte for byte.
func checkDelivered(t testing.TB, s *Store, files map[string][]byte, r Receipt) {
	t.Helper()
	got := stored(t, s)
	folder := "default/facebook-kommunen/" + testID + "/"
	for p, want := range files {
		if !bytes.Equal(got[folder+p], want) {
			t.Errorf("%s: stored bytes differ", p)
		}
	}
	if len(got) != len(files)+1 {
		t.Errorf("stored: %q", slices.Sorted(maps.Keys(got)))
	}
	var kept Receipt
	if err := json.Unmarshal(got[strings.TrimSuffix(folder, "/")+receiptSuffix], &kept); err != nil {
		t.Fatal(err)
	}
	if !kept.proves(r) || !kept.Delivered.Equal(r.Delivered) {
		t.Errorf("stored receipt %+v is not the one returned %+v", kept, r)
	}
	sum := sha256.Sum256(files[metsName])
	if r.METSSHA256 != hex.EncodeToString(sum[:]) || len(r.Objects) != len(files) {
		t.Errorf("receipt: %+v", r)
	}
	for _, o := range r.Objects {
		sum := sha256.Sum256(files[o.Path])
		if o.SHA256 != hex.EncodeToString(sum[:]) || o.Size != int64(len(files[o.Path])) {
			t.Errorf("receipt says of %s: %+v", o.Path, o)
		}
	}
}

func deliver(t testing.TB, s *Store, dir string) Receipt {
	t.Helper()
	r, err := s.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func find(t testing.TB, s *Store) Entry {
	t.Helper()
	e, err := s.Find(t.Context(), testID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
