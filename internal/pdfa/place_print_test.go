package pdfa

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"arsring/internal/validators"
)

// chromium runs the real browser, headless, with a profile of its own.
func chromium(t *testing.T, args ...string) []byte {
	t.Helper()
	profile, err := os.MkdirTemp("", "arsring-pdfa-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(profile)
	all := []string{
		"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars", "--user-data-dir=" + profile,
	}
	if os.Geteuid() == 0 {
		all = append(all, "--no-sandbox")
	}
	cmd := exec.CommandContext(t.Context(), validators.Chromium(t), append(all, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("chromium: %v\n%s", err, stderr.String())
	}
	return out
}

// printHTML prints a page as a tagged PDF. A page that was printed before is not printed again.
func printHTML(t *testing.T, html string) []byte {
	t.Helper()
	if b, ok := printed.Load(html); ok {
		return b.([]byte)
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.html"), filepath.Join(dir, "out.pdf")
	writeFile(t, in, []byte(html))
	chromium(t, "--no-pdf-header-footer", "--generate-pdf-document-outline", "--print-to-pdf="+out, "file://"+in)
	b := readFile(t, out)
	printed.Store(html, b)
	return b
}

// printed holds what the browser has made for the tests before.
var printed sync.Map

// sheetsHTML is a page with one sheet for each placement: a heading and the stand-in, whose CSS size is the image's in pixels.
// At 96 dpi a pixel of the image is a pixel of the page, and the image begins at (40, 80).
func sheetsHTML(ps []Placement, style string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="sv"><meta charset="utf-8"><title>Blad</title><style>
@page { size: 1320px 1760px; margin: 0 } body { margin: 0 } section { break-after: page; position: relative; height: 1750px }
h1 { margin: 0; font: 20px/40px sans-serif } img { position: absolute; left: 40px; top: 80px }` + style + `</style>`)
	for i, p := range ps {
		fmt.Fprintf(&b, `<section><h1>Blad %d</h1><div><img alt="Blad %d" style="width:%dpx;height:%dpx" src="%s"></div></section>`,
			i+1, i+1, p.W, p.H, standInURI(p.ID))
	}
	return b.String()
}

func standInURI(id string) string {
	return "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(StandIn(id))
}

// placeInto reads a print, places the images and writes the file; it gives the file's path.
func placeInto(t *testing.T, pdf []byte, ps []Placement) string {
	t.Helper()
	d, err := read(t.Context(), bytes.NewReader(pdf))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.place(ps); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := d.write(context.Background(), &out, lateStream{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "placed.pdf")
	writeFile(t, path, out.Bytes())
	runTool(t, "qpdf", "--check", path)
	return path
}

// runTool runs a program and gives what it prints.
func runTool(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

func writeFile(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// picture is a drawing with smooth and hard parts.
func picture(w, h int, seed uint64) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 1))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	a, b := uint8(r.Uint32()), uint8(r.Uint32())
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{uint8(x*255/w) ^ a, uint8(y * 255 / h), b, 255})
			if x/16%5 == 2 && y/8%4 == 1 {
				m.SetRGBA(x, y, color.RGBA{0, 0, 0, 255})
			}
		}
	}
	return m
}

func jpegBytes(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngBytes(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shotPage lets the browser take a picture of testdata/place_page.html.
func shotPage(t *testing.T, ext string) string {
	t.Helper()
	shot := filepath.Join(t.TempDir(), "shot."+ext)
	if b, ok := printed.Load(ext); ok {
		writeFile(t, shot, b.([]byte))
		return shot
	}
	chromium(t, "--window-size=1240,1640", "--screenshot="+shot, placePage(t))
	printed.Store(ext, readFile(t, shot))
	return shot
}

// pageText lets the browser tell where the lines and the words of testdata/place_page.html stand.
func pageText(t *testing.T) (runs, words []TextRun) {
	t.Helper()
	dom, ok := printed.Load("text")
	if !ok {
		dom = chromium(t, "--window-size=1240,1640", "--virtual-time-budget=3000", "--dump-dom", placePage(t))
		printed.Store("text", dom)
	}
	for id, to := range map[string]*[]TextRun{"boxes": &runs, "words": &words} {
		m := regexp.MustCompile(`(?s)<script id="` + id + `"[^>]*>(.*?)</script>`).FindSubmatch(dom.([]byte))
		if m == nil {
			t.Fatalf("the page tells no %s", id)
		}
		if err := json.Unmarshal(m[1], to); err != nil {
			t.Fatalf("%v in %s", err, m[1])
		}
	}
	return runs, words
}

func placePage(t *testing.T) string {
	t.Helper()
	page, err := filepath.Abs("testdata/place_page.html")
	if err != nil {
		t.Fatal(err)
	}
	return "file://" + page
}
