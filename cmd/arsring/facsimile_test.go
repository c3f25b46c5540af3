package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/draw"
	_ "image/jpeg" // tiles
	_ "image/png"  // tiles and drawn sheets
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"arsring/internal/capture"
	"arsring/internal/sip"
	"arsring/internal/validators"
)

// How far pictures may be from Chrome's own screenshot of the page, in levels of 255 over all channels, and in the share of pixels that are plainly of
// another colour. PNG tiles have no excuse. JPEG 90 leaves noise beside sharp letters. A drawn sheet shows each tile at a place and a size that are no
// whole numbers of dots, so that the drawing is up to half a dot off: it is compared at a quarter of its size, and the same measure must tell a
// tile that stands eight dots beside its place.
var (
	pngTolerance   = diff{mean: 0.05, far: 0.0001}
	jpegTolerance  = diff{mean: 4, far: 0.001}
	sheetTolerance = diff{mean: 6, far: 0.001}
)

// farLevel is how far a pixel must be off in any channel to count as of another colour.
const farLevel = 96

// TestFacsimile compares the record with Chrome's own screenshot of the page: the sheets as poppler draws them, and the tiles themselves.
func TestFacsimile(t *testing.T) {
	f := newFixture()
	t.Cleanup(f.close)
	b := newBrowser(t)
	for name, url := range map[string]string{"own": f.plain.URL + "/sida", "foreign": serveManual(t).URL + "/tr/bind.html"} {
		t.Run(name+" sheets", func(t *testing.T) { compareSheets(t, b, url) })
		t.Run(name+" tiles", func(t *testing.T) { compareTiles(t, b, url) })
	}
}

// compareSheets looks for every tile on the drawn sheets, and for its very bytes in the file.
func compareSheets(t *testing.T, b *browser, url string) {
	a, m := snapshotURL(t, url)
	b.open(t, url)
	first, last := sheetPages(t, a, m)
	// 200 mm of paper are 1240 pixels of the page: at this resolution one dot of the drawing is one pixel.
	dpi := strconv.FormatFloat(capture.ViewportWidth*25.4/200, 'f', 4, 64)
	var sheets []raster
	for _, file := range validators.PDFToPNG(t, a.Record, 157, "-r", dpi, "-f", strconv.Itoa(first), "-l", strconv.Itoa(last)) {
		sheets = append(sheets, readImage(t, file))
	}
	embedded := embeddedImages(t, a.Record)
	sheet := 0
	for _, tile := range m.Tiles {
		want := b.shot(t, tile.Rect)
		file, ok := embedded[tile.SHA256]
		if !ok {
			t.Fatalf("tile %d is not in the record byte for byte", tile.N)
		}
		check(t, tile, "as it lies in the record", difference(readImage(t, file), want), jpegTolerance)
		on, at, d := find(sheets, sheet, want)
		check(t, tile, fmt.Sprintf("on sheet %d at %v", on+1, at), d, sheetTolerance)
		if sheet = on; tile.Kind == capture.TileFirstView {
			sheet++ // which has a sheet of its own, and may look like the next one
		}
		if beside := fit(sheets[on], at.Add(image.Pt(8, 8)), want); beside.within(sheetTolerance) {
			t.Errorf("tile %d: the comparison does not tell a place that is wrong by 8 dots: %+v", tile.N, beside)
		}
	}
	if sheet != len(sheets)-1 {
		t.Errorf("the last tile is on sheet %d of %d", sheet+1, len(sheets))
	}
}

// compareTiles holds the tiles of a closure, which keeps them as PNG, against the browser's own.
func compareTiles(t *testing.T, b *browser, url string) {
	a, m := snapshotURL(t, url, "--trigger", "closure")
	b.open(t, url)
	for _, tile := range m.Tiles {
		if tile.Path == nil {
			t.Fatalf("tile %d of a closure is not kept", tile.N)
		}
		check(t, tile, "as it is kept", difference(readImage(t, filepath.Join(a.Package, *tile.Path)), b.shot(t, tile.Rect)), pngTolerance)
	}
}

func check(t *testing.T, tile sip.Tile, what string, d, tolerance diff) {
	t.Helper()
	t.Logf("tile %d %s: mean %.3f of 255, %.4f %% far", tile.N, what, d.mean, 100*d.far)
	if !d.within(tolerance) {
		t.Errorf("tile %d (%+v) %s is not what Chrome shows: mean difference %.3f of 255, %.4f %% of its pixels are of another colour", tile.N, tile.Rect, what, d.mean, 100*d.far)
	}
}

// embeddedImages gives every picture in a PDF, as it lies in it, as a file by its SHA-256.
func embeddedImages(t *testing.T, pdf string) map[string]string {
	t.Helper()
	dir := tempDir(t)
	if out, err := exec.Command(validators.Path(t, "pdfimages"), "-all", pdf, filepath.Join(dir, "x")).CombinedOutput(); err != nil {
		t.Fatalf("pdfimages: %v\n%s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "x-*"))
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		sums[hex.EncodeToString(sum[:])] = file
	}
	return sums
}

func readImage(t *testing.T, file string) raster {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return rasterOf(img)
}

// raster is a picture with quick access.
type raster struct {
	*image.RGBA
	w, h int
}

func rasterOf(img image.Image) raster {
	b := img.Bounds()
	r := raster{image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy())), b.Dx(), b.Dy()}
	draw.Draw(r, r.Bounds(), img, b.Min, draw.Src)
	return r
}

// apart is the greatest difference of any channel between two pixels, and the sum over the channels.
func apart(a raster, ax, ay int, b raster, bx, by int) (worst, sum int) {
	p, q := a.Pix[ay*a.Stride+4*ax:], b.Pix[by*b.Stride+4*bx:]
	for c := range 3 {
		d := int(p[c]) - int(q[c])
		if d < 0 {
			d = -d
		}
		worst, sum = max(worst, d), sum+d
	}
	return worst, sum
}

// diff is how far two pictures are from each other.
type diff struct {
	mean float64 // levels of 255 over all channels
	far  float64 // share of pixels further off than farLevel in any channel
}

// difference compares two pictures of one size; a third size is as far as can be.
func difference(img, want raster) diff {
	if img.w != want.w || img.h != want.h {
		return diff{255, 1}
	}
	total, far := 0, 0
	for y := range want.h {
		for x := range want.w {
			worst, sum := apart(img, x, y, want, x, y)
			total += sum
			if worst > farLevel {
				far++
			}
		}
	}
	n := float64(want.w * want.h)
	return diff{float64(total) / (3 * n), float64(far) / n}
}

// within says whether both measures keep to the tolerance.
func (d diff) within(tolerance diff) bool { return d.mean <= tolerance.mean && d.far <= tolerance.far }

// find looks for a tile on the sheets from the given one on, and gives the sheet, the place where it fits best and how well. It tries every place and
// compares only pixels at the edges of things, where a wrong place shows; the best place of each sheet is then compared whole.
func find(sheets []raster, from int, tile raster) (sheet int, at image.Point, d diff) {
	points := edges(tile, 400)
	d.mean = math.Inf(1)
	for s := from; s < min(from+2, len(sheets)); s++ {
		best, p := math.MaxInt, image.Point{}
		for y := 0; y+tile.h <= sheets[s].h; y++ {
			for x := 0; x+tile.w <= sheets[s].w; x++ {
				sum := 0
				for _, e := range points {
					_, d := apart(sheets[s], x+e.X, y+e.Y, tile, e.X, e.Y)
					if sum += d; sum >= best {
						break
					}
				}
				if sum < best {
					best, p = sum, image.Pt(x, y)
				}
			}
		}
		if here := fit(sheets[s], p, tile); here.mean < d.mean {
			sheet, at, d = s, p, here
		}
	}
	return sheet, at, d
}

// fit compares a tile with a place on a sheet, at a quarter of their size.
func fit(sheet raster, at image.Point, tile raster) diff {
	return difference(sheet.part(at, tile.w, tile.h).halved().halved(), tile.halved().halved())
}

// part is a piece of the picture.
func (r raster) part(at image.Point, w, h int) raster {
	return rasterOf(r.SubImage(image.Rect(at.X, at.Y, at.X+w, at.Y+h)))
}

// halved is the picture at half its size, each pixel the mean of four.
func (r raster) halved() raster {
	out := raster{image.NewRGBA(image.Rect(0, 0, r.w/2, r.h/2)), r.w / 2, r.h / 2}
	for y := range out.h {
		for x := range out.w {
			a, b, o := r.Pix[2*y*r.Stride+8*x:], r.Pix[(2*y+1)*r.Stride+8*x:], out.Pix[y*out.Stride+4*x:]
			for c := range 4 {
				o[c] = uint8((int(a[c]) + int(a[c+4]) + int(b[c]) + int(b[c+4]) + 2) / 4)
			}
		}
	}
	return out
}

// edges picks up to n pixels, spread over the picture, that differ much from their neighbours.
func edges(r raster, n int) []image.Point {
	var all []image.Point
	for y := 1; y < r.h; y++ {
		for x := 1; x < r.w; x++ {
			if worst, _ := apart(r, x, y, r, x-1, y); worst > 60 {
				all = append(all, image.Pt(x, y))
			}
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(n, len(all))]
}
