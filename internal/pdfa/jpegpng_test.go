package pdfa

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arsring/internal/validators"
)

// imageCase is a picture file and what must come out of the PDF.
type imageCase struct {
	name, mime string
	data       []byte
	again      bool // cannot be used as it is
}

func imageCases(t *testing.T) []imageCase {
	t.Helper()
	rgba := picture(120, 70, 3)
	grey := image.NewGray(rgba.Bounds())
	draw.Draw(grey, grey.Bounds(), rgba, image.Point{}, draw.Src)
	deep := image.NewGray16(grey.Bounds())
	draw.Draw(deep, deep.Bounds(), grey, image.Point{}, draw.Src)
	palette := image.NewPaletted(rgba.Bounds(), color.Palette{color.White, color.Black, color.RGBA{200, 0, 30, 255}})
	draw.Draw(palette, palette.Bounds(), rgba, image.Point{}, draw.Src)
	glass := image.NewNRGBA(rgba.Bounds())
	draw.Draw(glass, glass.Bounds(), rgba, image.Point{}, draw.Src)
	for i := 3; i < len(glass.Pix); i += 4 {
		glass.Pix[i] = uint8(i)
	}
	return []imageCase{
		{"browser.jpg", "image/jpeg", readFile(t, shotPage(t, "jpg")), false},
		{"colour.jpg", "image/jpeg", jpegBytes(t, rgba), false},
		{"grey.jpg", "image/jpeg", jpegBytes(t, grey), false},
		{"progressive.jpg", "image/jpeg", readFile(t, "testdata/jpegpng_progressive.jpg"), false},
		{"browser.png", "image/png", readFile(t, shotPage(t, "png")), false},
		{"colour.png", "image/png", pngBytes(t, rgba), false},
		{"grey.png", "image/png", pngBytes(t, grey), false},
		{"grey16.png", "image/png", pngBytes(t, deep), false},
		{"palette.png", "image/png", pngBytes(t, palette), false}, // 2 bits a pixel
		{"glass.png", "image/png", pngBytes(t, glass), true},
		{"opaque-rgba.png", "image/png", withAlphaChannel(t, rgba), true},
		{"interlaced.png", "image/png", readFile(t, "testdata/jpegpng_interlaced.png"), true},
	}
}

// withAlphaChannel encodes an opaque picture with the alpha channel it has no need of.
func withAlphaChannel(t *testing.T, m *image.RGBA) []byte {
	t.Helper()
	n := image.NewNRGBA(m.Bounds())
	draw.Draw(n, n.Bounds(), m, image.Point{}, draw.Src)
	n.Pix[3] = 254 // or the encoder leaves alpha out
	b := pngBytes(t, n)
	if b[25] != 6 {
		t.Fatalf("colour type %d, want 6", b[25])
	}
	return b
}

// The bytes of every picture go into the PDF as they are: a JPEG comes out of it byte for byte, a PNG pixel for pixel.
func TestImagesStayAsTheyAre(t *testing.T) {
	dir := t.TempDir()
	cases := imageCases(t)
	ps := casePlacements(t, dir, cases)
	pdf := placeInto(t, printHTML(t, sheetsHTML(ps, "")), ps)
	runTool(t, "pdfimages", "-j", pdf, filepath.Join(dir, "raw"))
	runTool(t, "pdfimages", "-png", pdf, filepath.Join(dir, "pix"))
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.mime == "image/jpeg" {
				if got := readFile(t, fmt.Sprintf("%s/raw-%03d.jpg", dir, i)); !bytes.Equal(got, c.data) {
					t.Errorf("%d bytes came out, %d unlike ones went in", len(got), len(c.data))
				}
				return
			}
			got := decodeImage(t, readFile(t, fmt.Sprintf("%s/pix-%03d.png", dir, i)))
			samePixels(t, got, onWhite(decodeImage(t, c.data)), 0)
			img, err := openImage(ps[i].Path, c.mime)
			if err != nil || img.reencoded != c.again {
				t.Errorf("encoded anew: %v (%v), want %v", img.reencoded, err, c.again)
			}
		})
	}
	if err := dropJoined(ps); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*"+joinedSuffix)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// casePlacements writes the pictures into the folder.
func casePlacements(t *testing.T, dir string, cases []imageCase) []Placement {
	t.Helper()
	var ps []Placement
	for _, c := range cases {
		path := filepath.Join(dir, c.name)
		writeFile(t, path, c.data)
		cfg, _, err := image.DecodeConfig(bytes.NewReader(c.data))
		if err != nil {
			t.Fatal(c.name, err)
		}
		ps = append(ps, Placement{ID: c.name, Path: path, MIME: c.mime, W: cfg.Width, H: cfg.Height})
	}
	return ps
}

// Pictures of every form and text in every script, converted whole: veraPDF calls it what it calls itself.
func TestPlacedIsPDFA(t *testing.T) {
	dir := t.TempDir()
	ps := casePlacements(t, dir, imageCases(t))
	ps[0].Text, _ = pageText(t)
	var out bytes.Buffer
	report, err := Convert(t.Context(), bytes.NewReader(printHTML(t, sheetsHTML(ps, ""))), &out, Options{
		Title: "Blad", Lang: "sv", Now: time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC), UA: true, Placements: ps,
	})
	if err != nil || report.Level != Level2A || !report.UA {
		t.Fatalf("report %+v (%v), want level 2a and PDF/UA", report, err)
	}
	n := map[string]int{}
	for _, c := range report.Changed {
		n[c.What] = c.N
	}
	if n[changePlaced] != len(ps) || n[changeReencoded] != 3 {
		t.Errorf("changes %+v", report.Changed)
	}
	path := filepath.Join(dir, "placed.pdf")
	writeFile(t, path, out.Bytes())
	if result := validators.VeraPDF(t, "", path)[path]; !result.Valid {
		t.Errorf("veraPDF against %s: %s", result.Profile, strings.Join(result.Details, "\n"))
	}
}

// The one piece of a PNG in one piece is read from the PNG itself.
func TestPNGInOnePiece(t *testing.T) {
	path := filepath.Join(t.TempDir(), "one.png")
	b := pngBytes(t, picture(40, 30, 1))
	writeFile(t, path, b)
	img, err := openImage(path, "image/png")
	if err != nil {
		t.Fatal(err)
	}
	at := int64(bytes.Index(b, []byte("IDAT")) + 4)
	want := fileStream{path: path, offset: at, size: int64(binary.BigEndian.Uint32(b[at-8:]))}
	if img.data != want {
		t.Errorf("data %+v, want %+v", img.data, want)
	}
}

func TestImagesRefused(t *testing.T) {
	good := jpegBytes(t, picture(16, 16, 1))
	pic := pngBytes(t, picture(16, 16, 1))
	frame := bytes.Index(good, []byte{0xff, jpegSOF0})
	changed := func(b []byte, at int, v byte) []byte {
		c := bytes.Clone(b)
		c[at] = v
		return c
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"cmyk.jpg":         {readFile(t, "testdata/jpegpng_cmyk.jpg"), "CMYK"},
		"text.jpg":         {[]byte("not a picture"), "not a JPEG"},
		"empty.jpg":        {nil, "not a JPEG"},
		"cut.jpg":          {good[:frame+5], "ends before"},
		"arithmetic.jpg":   {changed(good, frame+1, 0xc9), "SOF9"},
		"lossless.jpg":     {changed(good, frame+1, 0xc3), "SOF3"},
		"twelve-bits.jpg":  {changed(good, frame+4, 12), "12 bits"},
		"no-size.jpg":      {changed(changed(good, frame+5, 0), frame+6, 0), "no size"},
		"png-as-jpeg.jpg":  {pic, "not a JPEG"},
		"text.png":         {[]byte("not a picture"), "signature"},
		"cut.png":          {pic[:len(pic)-14], "ends before"},
		"no-data.png":      {append(bytes.Clone(pic[:33]), pic[len(pic)-12:]...), "no image data"},
		"odd-depth.png":    {changed(pic, 24, 3), "does not exist"},
		"odd-type.png":     {changed(pic, 25, 5), "does not exist"},
		"no-palette.png":   {changed(pic, 25, 3), "no palette"},
		"no-width.png":     {changed(pic, 19, 0), "broken IHDR"},
		"jpeg-as-png.png":  {good, "signature"},
		"huge-alpha.png":   {hugeAlphaPNG(), "memory"},
		"broken-alpha.png": {changed(pic, 25, 6), "encoded anew"},
		"clip.gif":         {[]byte("GIF89a"), "image/gif"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			writeFile(t, path, c.data)
			mime := map[string]string{".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}[filepath.Ext(name)]
			_, err := openImage(path, mime)
			var refused *RefusedError
			if !errors.As(err, &refused) || refused.Code != "image" || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), name) {
				t.Errorf("error %v, want a refusal that names the file and says %q", err, c.want)
			}
		})
	}
	if _, err := openImage(filepath.Join(t.TempDir(), "gone.jpg"), "image/jpeg"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

// hugeAlphaPNG says that it has more pixels than can be decoded.
func hugeAlphaPNG() []byte {
	chunk := func(kind string, data []byte) []byte {
		b := append([]byte(kind), data...)
		b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
		return append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), b...)
	}
	b := []byte(pngSignature)
	b = append(b, chunk("IHDR", []byte{0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 8, 6, 0, 0, 0})...)
	b = append(b, chunk("IDAT", []byte{1})...)
	return append(b, chunk("IEND", nil)...)
}

func TestPlainRGB(t *testing.T) {
	b := jpegBytes(t, picture(16, 16, 1)) // without JFIF or Adobe header
	frame := bytes.Index(b, []byte{0xff, jpegSOF0})
	for i, id := range []byte("RGB") {
		b[frame+10+3*i] = id
	}
	path := filepath.Join(t.TempDir(), "rgb.jpg")
	writeFile(t, path, b)
	img, err := openImage(path, "image/jpeg")
	if err != nil || fmt.Sprint(img.parms["ColorTransform"]) != "0" {
		t.Errorf("decode parameters %v (%v), want ColorTransform 0", img.parms, err)
	}
	path = filepath.Join(t.TempDir(), "ycc.jpg")
	writeFile(t, path, jpegBytes(t, picture(16, 16, 1)))
	if img, err = openImage(path, "image/jpeg"); err != nil || img.parms != nil {
		t.Errorf("decode parameters %v (%v), want none", img.parms, err)
	}
}

func FuzzReadJPEG(f *testing.F) {
	f.Add(StandIn("a"))
	var b bytes.Buffer
	_ = jpeg.Encode(&b, picture(8, 8, 1), nil)
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := readJPEG(bytes.NewReader(b), nil)
		if err == nil && (h.w < 1 || h.h < 1 || len(h.ids) != h.components) {
			t.Fatalf("accepted %+v", h)
		}
	})
}

func FuzzReadPNG(f *testing.F) {
	var b bytes.Buffer
	_ = png.Encode(&b, picture(8, 8, 1))
	f.Add(b.Bytes())
	f.Add(hugeAlphaPNG())
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := readPNG(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, p := range h.data {
			if p.offset < 0 || p.size <= 0 || p.offset+p.size > int64(len(b)) {
				t.Fatalf("accepted data outside the file: %+v of %d bytes", p, len(b))
			}
		}
	})
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decodeImage(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func onWhite(m image.Image) image.Image {
	out := image.NewRGBA(m.Bounds())
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), m, m.Bounds().Min, draw.Over)
	return out
}

// samePixels reports pixels that differ by more than the tolerance in a colour, of 255.
func samePixels(t *testing.T, got, want image.Image, tolerance int) {
	t.Helper()
	if got.Bounds().Size() != want.Bounds().Size() {
		t.Fatalf("size %v, want %v", got.Bounds().Size(), want.Bounds().Size())
	}
	g, w := got.Bounds().Min, want.Bounds().Min
	far := 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			a, b := color.RGBAModel.Convert(got.At(g.X+x, g.Y+y)).(color.RGBA), color.RGBAModel.Convert(want.At(w.X+x, w.Y+y)).(color.RGBA)
			far = max(far, absDiff(a.R, b.R), absDiff(a.G, b.G), absDiff(a.B, b.B))
		}
	}
	if far > tolerance {
		t.Errorf("colours differ by up to %d, want at most %d", far, tolerance)
	}
}

func absDiff(a, b uint8) int { return max(int(a), int(b)) - min(int(a), int(b)) }
