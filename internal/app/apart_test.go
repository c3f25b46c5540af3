package app

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"arsring/internal/archive"
	"arsring/internal/capture"
)

// playGlutton is a process that opens foreign files and is led to want more memory than it may have.
func playGlutton() error {
	if err := boundSelf(); err != nil {
		return err
	}
	var all [][]byte
	for range 5 << 10 { // MB
		b := make([]byte, 1<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		all = append(all, b)
	}
	fmt.Println(len(all))
	runtime.KeepAlive(all)
	return nil
}

func somePNG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 300, 400))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func someZIP(t *testing.T) []byte { t.Helper(); return zipOf(t, "posts/1.json") }

// zipOf is a ZIP file of small files and, where a name ends in a slash, of folders.
func zipOf(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		f, err := z.Create(name)
		if err == nil && !strings.HasSuffix(name, "/") {
			_, err = f.Write([]byte("{}"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestHandedInZIP: a ZIP file with nothing in it is refused, one that is damaged is kept and said to be damaged, by its name.
func TestHandedInZIP(t *testing.T) {
	t.Parallel()
	file := filepath.Join(testDir(t), "tom.zip")
	for _, names := range [][]string{{}, {"posts/", "media/"}} {
		if err := os.WriteFile(file, zipOf(t, names...), 0o600); err != nil {
			t.Fatal(err)
		}
		var use *UsageError
		if _, err := receive(t.Context(), []string{file}); !errors.As(err, &use) || !strings.Contains(use.Text, "tom.zip is a ZIP file with no file in it") {
			t.Errorf("%q: %v", names, err)
		}
	}
	whole := someZIP(t)
	c := takeIn(t, nil, map[string][]byte{"hel.zip": whole, "avhuggen.zip": whole[:len(whole)/2]})
	if c.Outcome != capture.Partial || len(c.Missing) != 1 || !strings.HasPrefix(c.Missing[0].Text.SV, "avhuggen.zip: ZIP-filen är skadad") || !strings.HasPrefix(c.Missing[0].Text.EN, "avhuggen.zip: The ZIP file is damaged") {
		t.Errorf("%s %+v", c.Outcome, c.Missing)
	}
}

// takeIn hands files in to an installation that opens them with a command, and gives the capture that was made of them.
func takeIn(t *testing.T, command []string, files map[string][]byte) *capture.Capture {
	t.Helper()
	w := newArchive(t, nil)
	w.aside = command
	dir := testDir(t)
	var names []string
	for name, data := range files {
		names = append(names, filepath.Join(dir, name))
		if err := os.WriteFile(names[len(names)-1], data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := receive(t.Context(), names)
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.beginIngest(IngestRequest{Account: account(0), Files: names, By: "Prov"}, list)
	if err != nil {
		t.Fatal(err)
	}
	n := w.ingestPassage(p, list)
	defer n.close()
	if err := n.take(t.Context(), n.dir); err != nil {
		t.Fatal(err)
	}
	c, err := capture.Load(filepath.Join(n.dir, "capture"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if kept, err := os.ReadFile(n.original(f)); err != nil || !bytes.Equal(kept, files[f.Name]) {
			t.Errorf("%s is not kept as it was: %v", f.Name, err)
		}
	}
	return c
}

// TestApart: files are opened by a process of its own, which gets nothing of the environment; when it dies, its file is kept and said not to
// be shown, and the others are not touched by it.
func TestApart(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("ARSRING_ARCHIVE_SECRET_KEY", "mycket hemligt")
	files := map[string][]byte{"bild.png": somePNG(t), "export.zip": someZIP(t)}
	c := takeIn(t, []string{self, "convert"}, files)
	if c.Outcome != capture.Complete || len(c.Tiles) != 1 || len(c.Pages) != 2 || !strings.Contains(fmt.Sprint(c.Pages[1].Blocks), "posts/1.json") {
		t.Errorf("%s: %d tiles, %d pages, %+v", c.Outcome, len(c.Tiles), len(c.Pages), c.Missing)
	}
	if c := takeIn(t, []string{self, "convert"}, map[string][]byte{"handling.pdf": smallPDF(t, 1)}); c.Outcome != capture.Complete {
		t.Errorf("a PDF/A: %s %+v", c.Outcome, c.Missing)
	}
	seen := filepath.Join(testDir(t), "seen")
	c = takeIn(t, []string{"sh", "-c", "env >>" + seen + "; kill -9 $$"}, files)
	if c.Outcome != capture.Partial || len(c.Tiles) != 0 || len(c.Missing) != 2 {
		t.Errorf("after the process died: %s, %d tiles, %+v", c.Outcome, len(c.Tiles), c.Missing)
	}
	env, err := os.ReadFile(seen)
	if err != nil || strings.Contains(string(env), "ARSRING") || strings.Contains(string(env), "hemligt") || strings.Contains(string(env), "HOME=") {
		t.Errorf("the process saw: %s, %v", env, err)
	}
	c = takeIn(t, []string{self, "glutton"}, map[string][]byte{"bild.png": files["bild.png"]})
	if c.Outcome != capture.Partial || len(c.Missing) != 1 {
		t.Errorf("after the process wanted more memory than it may have: %s, %+v", c.Outcome, c.Missing)
	}
	var none *archive.NotFoundError
	w := newArchive(t, nil)
	w.aside = []string{filepath.Join(testDir(t), "finns-inte")}
	if _, err := w.checkApart(t.Context(), seen); err == nil || errors.As(err, &none) || errors.Is(err, errBeyond) {
		t.Errorf("a command that is not there: %v", err)
	}
}
