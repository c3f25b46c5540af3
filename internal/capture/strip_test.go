package capture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png"
	"math"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"arsring/internal/register"
	"arsring/testdata/sites"
)

// speckled is a picture with soft and hard parts.
func speckled(r *rand.Rand, w, h int, grey bool) image.Image {
	if grey {
		m := image.NewGray(image.Rect(0, 0, w, h))
		for i := range m.Pix {
			m.Pix[i] = byte(r.IntN(256))
		}
		return m
	}
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{byte(x), byte(y / 3), byte(x * y / 97), 255}
			if y/40%2 == 0 {
				c = color.RGBA{255, 255, 255, 255}
			}
			if r.IntN(20) == 0 {
				c = color.RGBA{byte(r.IntN(256)), byte(r.IntN(256)), byte(r.IntN(256)), 255}
			}
			m.Set(x, y, c)
		}
	}
	return m
}

// planes are a decoded JPEG's samples, row by row, before any conversion of colour.
func planes(t *testing.T, b []byte) (out [][][]byte) {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	rows := func(pix []byte, stride, w, h int) (out [][]byte) {
		for y := range h {
			out = append(out, pix[y*stride:y*stride+w])
		}
		return out
	}
	size := m.Bounds().Size()
	switch m := m.(type) {
	case *image.Gray:
		return [][][]byte{rows(m.Pix, m.Stride, size.X, size.Y)}
	case *image.YCbCr:
		cw, ch := size.X, size.Y
		if m.SubsampleRatio == image.YCbCrSubsampleRatio420 {
			cw, ch = (cw+1)/2, (ch+1)/2
		}
		return [][][]byte{rows(m.Y, m.YStride, size.X, size.Y), rows(m.Cb, m.CStride, cw, ch), rows(m.Cr, m.CStride, cw, ch)}
	}
	t.Fatalf("a picture of kind %T", m)
	return nil
}

// sameSlice wants the slice's samples to be those of the whole picture.
func sameSlice(t *testing.T, whole [][][]byte, cut []byte, y0, y1 int) {
	t.Helper()
	for i, plane := range planes(t, cut) {
		from := y0 * len(whole[i]) / len(whole[0])
		if i > 0 && len(whole[i]) != len(whole[0]) {
			from = y0 / 2
		} else if len(plane) != y1-y0 {
			t.Fatalf("the slice has %d rows, want %d", len(plane), y1-y0)
		}
		for y, row := range plane {
			if !bytes.Equal(row, whole[i][from+y]) {
				t.Fatalf("component %d, row %d of the slice from %d to %d differs", i, y, y0, y1)
			}
		}
	}
}

func TestStripSlices(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 60 {
		w, h := 1+r.IntN(300), 33+r.IntN(700)
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, speckled(r, w, h, r.IntN(4) == 0), &jpeg.Options{Quality: 30 + r.IntN(70)}); err != nil {
			t.Fatal(err)
		}
		whole := planes(t, buf.Bytes())
		s, err := newStrip(buf.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for range 6 {
			y0 := r.IntN(h) / s.unit * s.unit
			y1 := y0 + 1 + r.IntN(h-y0)
			cut, err := s.slice(y0, y1)
			if err != nil {
				t.Fatal(err)
			}
			sameSlice(t, whole, cut, y0, y1)
		}
		if cut, err := s.slice(0, h); err != nil || !bytes.Equal(cut, buf.Bytes()) {
			t.Fatalf("the whole as one slice is not the same bytes (%v)", err)
		}
	}
}

func TestStripRefuses(t *testing.T) {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, speckled(rand.New(rand.NewPCG(1, 1)), 100, 200, false), nil); err != nil {
		t.Fatal(err)
	}
	good := buf.Bytes()
	for n := 0; n < len(good); n += 1 + len(good)/200 { // cut short anywhere: refused, or whole but for the end mark
		if _, err := newStrip(good[:n]); err != nil && !errors.Is(err, errNoStrip) {
			t.Fatalf("%d bytes: %v", n, err)
		} else if err == nil && n < len(good)-3 {
			t.Fatalf("%d of %d bytes were taken for a whole picture", n, len(good))
		}
	}
	s, err := newStrip(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, y := range [][2]int{{1, 30}, {16, 16}, {16, 201}, {-16, 4}, {208, 210}} {
		if _, err := s.slice(y[0], y[1]); err == nil {
			t.Errorf("rows %v were cut", y)
		}
	}
	progressive := bytes.Replace(good, []byte{0xff, 0xc0}, []byte{0xff, 0xc2}, 1)
	if _, err := newStrip(progressive); !errors.Is(err, errNoStrip) {
		t.Errorf("a progressive picture: %v", err)
	}
}

// TestStripsShowThePage holds sheets that came from one screenshot each against such that were taken one by one and without loss.
func TestStripsShowThePage(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(sites.Handler(sites.Options{Now: visitNow}))
	t.Cleanup(srv.Close)
	dirs := map[string]string{"jpeg": t.TempDir(), "png": t.TempDir()}
	all := map[string]*Capture{}
	for format, dir := range dirs {
		all[format] = snapInto(t, Job{URL: srv.URL + "/feed/?posts=15&batch=15", Image: format, Account: register.Account{ID: "konto", Title: "Älvsunda kommun"}}, dir)
	}
	a, b := all["jpeg"].Tiles, all["png"].Tiles
	if len(a) < 8 || len(a) != len(b) {
		t.Fatalf("%d sheets and %d", len(a), len(b))
	}
	for i := range a {
		if a[i].Rect != b[i].Rect {
			t.Errorf("sheet %d shows %+v and %+v", i+1, a[i].Rect, b[i].Rect)
			continue
		}
		if d := apart(t, filepath.Join(dirs["jpeg"], a[i].File), filepath.Join(dirs["png"], b[i].File)); d > 3 {
			t.Errorf("sheet %d is %.1f levels from what the page looks like", i+1, d)
		}
	}
}

// apart is the mean distance of two pictures' brightness, in levels of 256.
func apart(t *testing.T, one, other string) (sum float64) {
	t.Helper()
	var m [2]image.Image
	for i, name := range []string{one, other} {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if m[i], _, err = image.Decode(f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if m[0].Bounds() != m[1].Bounds() {
		t.Fatalf("%s is %v, %s is %v", one, m[0].Bounds(), other, m[1].Bounds())
	}
	n := 0.0
	for y := 0; y < m[0].Bounds().Max.Y; y += 3 {
		for x := 0; x < m[0].Bounds().Max.X; x += 3 {
			c, d := color.GrayModel.Convert(m[0].At(x, y)).(color.Gray), color.GrayModel.Convert(m[1].At(x, y)).(color.Gray)
			sum += math.Abs(float64(c.Y) - float64(d.Y))
			n++
		}
	}
	return sum / n
}

func FuzzStrip(f *testing.F) {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, speckled(rand.New(rand.NewPCG(1, 1)), 40, 50, false), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := newStrip(b)
		if err != nil {
			return
		}
		if _, err := s.slice(0, s.height); err != nil && !errors.Is(err, errNoStrip) {
			t.Fatal(err)
		}
	})
}
