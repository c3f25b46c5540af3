package sip_test

import (
	"bytes"
	"os"
	"testing"

	"arsring/internal/capture"
	"arsring/internal/sip"
)

// BenchmarkPackage builds and checks a package with a record of 64 MiB; MB/s are of the record.
func BenchmarkPackage(b *testing.B) {
	in := newInput(b, newCapture(capture.TriggerScheduled))
	record := append(pdf("Stort"), bytes.Repeat([]byte("%\n"), 32<<20)...)
	if err := os.WriteFile(in.Record, record, 0o644); err != nil {
		b.Fatal(err)
	}
	b.Run("build", func(b *testing.B) {
		b.SetBytes(int64(len(record)))
		for range b.N {
			dir, _ := build(b, in)
			if err := os.RemoveAll(dir); err != nil {
				b.Fatal(err)
			}
		}
	})
	dir, _ := build(b, in)
	b.Run("check", func(b *testing.B) {
		b.SetBytes(int64(len(record)))
		for range b.N {
			clean(b, dir)
		}
	})
}

// BenchmarkReadManifest reads the manifest of a small package, as the catalogue does for each.
func BenchmarkReadManifest(b *testing.B) {
	manifest, err := os.ReadFile("testdata/golden/" + goldenManifest)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(manifest)))
	for range b.N {
		if _, err := sip.ReadManifest(bytes.NewReader(manifest)); err != nil {
			b.Fatal(err)
		}
	}
}
