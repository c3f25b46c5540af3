package archive

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// bigPackage is one of 70 MB: of a long feed with its pictures of 25 kB each, or nearly all of it the record.
func bigPackage(tb testing.TB, pictures int) (dir string, size int64) {
	tb.Helper()
	files := packageFiles(50)
	picture := files["representations/content/data/media/bild å ä + %20.jpg"]
	record := make([]byte, 70_000_000-25_000*pictures)
	for i := 0; i < len(record); i += copy(record[i:], files[pdf]) {
	}
	files[pdf] = record
	for i := range pictures {
		b := append([]byte(fmt.Sprintf("picture %d", i)), picture...)
		files[fmt.Sprintf("representations/content/data/media/%04d.jpg", i)] = append(b, picture[:5000]...)
	}
	delete(files, metsName)
	files[metsName] = makeMETS(files)
	for _, b := range files {
		size += int64(len(b))
	}
	return writePackage(tb, files), size
}

func BenchmarkDeliver(b *testing.B) {
	b.Run("411 objects", func(b *testing.B) { benchmarkDeliver(b, 400) })
	b.Run("11 objects", func(b *testing.B) { benchmarkDeliver(b, 0) })
}

func benchmarkDeliver(b *testing.B, pictures int) {
	dir, size := bigPackage(b, pictures)
	o := sharedOptions(b)
	base := o.Prefix
	b.SetBytes(size)
	for i := 0; b.Loop(); i++ {
		o.Prefix = fmt.Sprintf("%s/%d", base, i)
		s := openStore(b, o)
		if _, err := s.Deliver(context.Background(), "default", "facebook-kommunen", testID, dir, nil); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := os.RemoveAll(sharedFile(s, "")); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkVerify(b *testing.B) {
	b.Run("411 objects", func(b *testing.B) { benchmarkVerify(b, 400) })
	b.Run("11 objects", func(b *testing.B) { benchmarkVerify(b, 0) })
}

func benchmarkVerify(b *testing.B, pictures int) {
	dir, size := bigPackage(b, pictures)
	s := openStore(b, sharedOptions(b))
	deliver(b, s, dir)
	e := find(b, s)
	b.SetBytes(size)
	for b.Loop() {
		v, err := s.Verify(context.Background(), e, listInventory)
		if err != nil || len(v.Found) != 0 {
			b.Fatal(v.Found, err)
		}
	}
}

// BenchmarkSHA256Sum is what the same files cost without any store, for comparison.
func BenchmarkSHA256Sum(b *testing.B) {
	dir, size := bigPackage(b, 400)
	var names []string
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, p)
		}
		return err
	})
	do(b, err)
	b.SetBytes(size)
	for b.Loop() {
		if out, err := exec.Command("sha256sum", names...).CombinedOutput(); err != nil {
			b.Fatal(string(out))
		}
	}
}

func BenchmarkList(b *testing.B) {
	s := openStore(b, sharedOptions(b))
	dir := writePackage(b, smallPackage(51))
	const n = 50
	for i := range n {
		id := fmt.Sprintf("acc-202601%02dT%02d0000Z-scheduled-aaaa", 1+i/24, i%24)
		if _, err := s.Deliver(context.Background(), "default", "acc", id, dir, nil); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if l, err := s.List(context.Background(), ListFilter{}); err != nil || len(l) != n {
			b.Fatal(len(l), err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "packages/s")
}
