package sip_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"arsring/internal/capture"
)

var update = flag.Bool("update", false, "write testdata/golden and docs/*.schema.json anew")

// TestGolden holds every text file of a package against the bytes that were read and found right.
func TestGolden(t *testing.T) {
	dir, _ := build(t, newInput(t, newCapture(capture.TriggerScheduled)))
	clean(t, dir)
	for _, name := range []string{
		"METS.xml", "metadata/descriptive/dc.xml", "metadata/descriptive/manifest.json", "metadata/preservation/premis.xml",
		"documentation/LASMIG.txt", "representations/pdfa/METS.xml", "representations/pdfa/metadata/preservation/premis.xml",
		"representations/pdfa/metadata/preservation/pdfa-report.json",
		"representations/content/METS.xml", "representations/content/metadata/preservation/premis.xml", "representations/content/data/content.json",
	} {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
			continue
		}
		golden := filepath.Join("testdata", "golden", filepath.FromSlash(name))
		if *update {
			write(t, filepath.Join("testdata", "golden"), name, got)
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s differs from %s: look at the difference, then run the tests with -update\n%s", name, golden, got)
		}
	}
}
