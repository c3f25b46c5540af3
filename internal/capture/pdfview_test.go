package capture

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"arsring/internal/egress"
	"arsring/internal/validators"
)

// TestViewPDF looks at PDFs of every kind in the browser's own viewer: one whose owner forbids everything, one with a password, a broken one.
func TestViewPDF(t *testing.T) {
	proxy, err := egress.Start(t.Context(), egress.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	b, err := Launch(t.Context(), Options{Egress: testOut{proxy}, Flags: egress.ChromeFlags(proxy.Addr())})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	if err := os.MkdirAll(file("tiles"), 0o700); err != nil {
		t.Fatal(err)
	}
	page := `<!doctype html><meta charset="utf-8"><title>Prov</title><style>@page{size:A4;margin:0}h1{break-before:page;font:40px sans-serif}h1:first-of-type{break-before:auto}div{height:300px}</style>
<h1>Första bladet</h1><div style="background:#c00"></div><h1>Andra bladet</h1><div style="background:#0a0"></div><h1>Tredje bladet</h1><div style="background:#00c"></div>`
	if err := b.Print(t.Context(), []byte(page), file("plain.pdf")); err != nil {
		t.Fatal(err)
	}
	for name, user := range map[string]string{"closed.pdf": "", "secret.pdf": "hemligt"} {
		out, err := exec.CommandContext(t.Context(), validators.Path(t, "qpdf"), "--encrypt", user, "ägare", "256", "--print=none", "--extract=n", "--", file("plain.pdf"), file(name)).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	whole, err := os.ReadFile(file("plain.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file("broken.pdf"), append(whole[:200:200], bytes.Repeat([]byte("x"), 3000)...), 0o600); err != nil {
		t.Fatal(err)
	}

	v, err := b.ViewPDF(t.Context(), file("closed.pdf"), dir, 4, 100)
	if err != nil {
		t.Fatal(err)
	}
	if v.Pages != 3 || len(v.Tiles) != 3 {
		t.Fatalf("%d pages, %d pictures", v.Pages, len(v.Tiles))
	}
	for _, want := range []string{"Första bladet", "Andra bladet", "Tredje bladet"} {
		if !strings.Contains(v.Text, want) {
			t.Errorf("the text has no %q: %q", want, v.Text)
		}
	}
	for i, tile := range v.Tiles {
		if tile.N != 5+i || tile.H < 1500 || tile.W < 1000 {
			t.Errorf("picture %d: %+v", i, tile)
		}
		pic := viewed(t, filepath.Join(dir, tile.File))
		r, g, bl, _ := pic.At(pic.Bounds().Dx()/2, pic.Bounds().Dy()/5).RGBA()
		if got := []uint32{r, g, bl}; got[i] < 0x6000 || got[(i+1)%3] > 0x3000 || got[(i+2)%3] > 0x3000 {
			t.Errorf("picture %d shows another page: its colour is %v", i, got)
		}
		// The page fills its picture: at the edges there is paper, not the viewer's desk.
		for _, p := range []image.Point{{2, 2}, {tile.W - 3, 2}, {2, tile.H - 3}, {tile.W - 3, tile.H - 3}} {
			if r, _, _, _ := pic.At(p.X, p.Y).RGBA(); r < 0xf000 {
				t.Errorf("picture %d: no paper at %v", i, p)
			}
		}
	}
	if v, err := b.ViewPDF(t.Context(), file("closed.pdf"), dir, 0, 2); err != nil || v.Pages != 3 || len(v.Tiles) != 2 {
		t.Errorf("at most two pages: %+v, %v", v, err)
	}
	for name, code := range map[string]string{"secret.pdf": "password", "broken.pdf": "broken"} {
		var bad *ViewError
		if _, err := b.ViewPDF(t.Context(), file(name), dir, 0, 10); !errors.As(err, &bad) || bad.Code != code {
			t.Errorf("%s: %v", name, err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.ViewPDF(gone, file("plain.pdf"), dir, 0, 10); !errors.Is(err, context.Canceled) {
		t.Errorf("the caller has gone: %v", err)
	}
}

func viewed(t *testing.T, file string) image.Image {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	pic, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return pic
}
