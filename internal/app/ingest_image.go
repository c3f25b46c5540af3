package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"

	"golang.org/x/image/draw"

	"arsring/internal/capture"
)

// mostPixels bounds the pictures that are unpacked: the memory of one is four bytes a pixel.
const mostPixels = 40 << 20

// picture makes the tiles that show a handed-in picture on the record's sheets: its own bytes where they fit a sheet, else a smaller copy,
// cut into sheets where it is very long. lack says why a picture is not shown; the file itself is kept in any case.
func (n *ingestRun) picture(ctx context.Context, f handedIn, from string, tiles []capture.Tile) (_ []capture.Tile, lack *capture.Missing, _ error) {
	if err := ctx.Err(); err != nil {
		return tiles, nil, err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return tiles, nil, err
	}
	conf, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return tiles, broken(f), nil //nolint:nilerr // said in the record
	}
	if conf.Width <= 0 || conf.Height <= 0 || conf.Width > mostPixels/conf.Height {
		return tiles, &capture.Missing{Code: "image-too-large", Text: capture.Text{
			SV: fmt.Sprintf("Bilden %s har för många bildpunkter (%d × %d) för att visas i arkivexemplaret.", f.Name, conf.Width, conf.Height),
			EN: fmt.Sprintf("The picture %s has too many pixels (%d × %d) to be shown in the record.", f.Name, conf.Width, conf.Height)}}, nil
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return tiles, broken(f), nil //nolint:nilerr // said in the record
	}
	turn := 1
	if f.Kind == kindJPEG {
		turn = orientation(data)
	}
	if turn == 1 && conf.Width <= capture.ViewportWidth && conf.Height <= capture.SheetHeight && asIs(conf.ColorModel) {
		tiles, err = n.tile(tiles, f, data, conf.Width, conf.Height, f.Name)
		return tiles, nil, err
	}
	flat := flatten(img, turn)
	pieces := cutPicture(fit(flat))
	for i, piece := range pieces {
		shows := f.Name
		if len(pieces) > 1 {
			shows = fmt.Sprintf("%s (%d/%d)", f.Name, i+1, len(pieces))
		}
		coded, err := encode(f.Kind, piece)
		if err != nil {
			return tiles, nil, err
		}
		if tiles, err = n.tile(tiles, f, coded, piece.Bounds().Dx(), piece.Bounds().Dy(), shows); err != nil {
			return tiles, nil, err
		}
	}
	return tiles, nil, nil
}

func broken(f handedIn) *capture.Missing {
	return &capture.Missing{Code: "image-broken", Text: capture.Text{
		SV: fmt.Sprintf("Bilden %s är skadad och kan inte visas i arkivexemplaret.", f.Name), EN: fmt.Sprintf("The picture %s is broken and cannot be shown in the record.", f.Name)}}
}

// asIs reports whether a picture's bytes can stand in the record unchanged: plain colours, nothing transparent.
func asIs(m color.Model) bool {
	if p, ok := m.(color.Palette); ok {
		for _, c := range p {
			if _, _, _, a := c.RGBA(); a != 0xffff {
				return false
			}
		}
		return true
	}
	return m == color.RGBAModel || m == color.GrayModel || m == color.YCbCrModel
}

func (n *ingestRun) tile(tiles []capture.Tile, f handedIn, data []byte, w, h int, shows string) ([]capture.Tile, error) {
	ext := map[ingestKind]string{kindPNG: "png", kindJPEG: "jpg"}[f.Kind]
	sum := sha256.Sum256(data)
	t := capture.Tile{N: len(tiles) + 1, Kind: capture.TilePage, View: 0, Rect: capture.Rect{W: float64(w), H: float64(h)}, MIME: f.Kind.mime(), W: w, H: h,
		At: n.job.Created, SHA256: hex.EncodeToString(sum[:]), Text: []capture.TextBox{}, Links: []capture.LinkBox{}, Posts: []string{}, Shows: shows}
	t.File = fmt.Sprintf("tiles/%04d.%s", t.N, ext)
	return append(tiles, t), os.WriteFile(filepath.Join(n.dir, "capture", t.File), data, 0o600)
}

// flatten turns a picture upright and puts it on white.
func flatten(img image.Image, turn int) *image.RGBA {
	b := img.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), img, b.Min, draw.Over)
	if turn <= 1 || turn > 8 {
		return flat
	}
	w, h := b.Dx(), b.Dy()
	if turn >= 5 {
		w, h = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range b.Dy() {
		for x := range b.Dx() {
			tx, ty := upright(turn, x, y, b.Dx(), b.Dy())
			out.SetRGBA(tx, ty, flat.RGBAAt(x, y))
		}
	}
	return out
}

// upright is where a pixel of a w × h picture goes under an Exif orientation (Exif 3.0, tag 0x0112).
func upright(turn, x, y, w, h int) (int, int) {
	switch turn {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}

// fit scales a picture down to the sheet's width, and to its height where that costs little. It never makes one larger.
func fit(img *image.RGBA) *image.RGBA {
	w, h := float64(img.Bounds().Dx()), float64(img.Bounds().Dy())
	scale := math.Min(1, capture.ViewportWidth/w)
	if tall := h * scale; tall > capture.SheetHeight && tall <= capture.SheetHeight*1.8 {
		scale = capture.SheetHeight / h
	}
	if scale == 1 {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, max(1, int(w*scale)), max(1, int(h*scale))))
	draw.CatmullRom.Scale(out, out.Bounds(), img, img.Bounds(), draw.Src, nil)
	return out
}

// cutPicture cuts a long picture into sheets, at rows of one colour where there are such in a sheet's last third.
func cutPicture(img *image.RGBA) []*image.RGBA {
	var out []*image.RGBA
	b := img.Bounds()
	for top := 0; top < b.Dy(); {
		end := min(b.Dy(), top+capture.SheetHeight)
		if end < b.Dy() {
			end = quietRow(img, top+capture.SheetHeight*2/3, end)
		}
		out = append(out, img.SubImage(image.Rect(0, top, b.Dx(), end)).(*image.RGBA))
		top = end
	}
	return out
}

// quietRow finds the lowest row of a single colour between two heights; the lower height where there is none.
func quietRow(img *image.RGBA, from, to int) int {
	for y := to - 1; y > from; y-- {
		first, same := img.RGBAAt(0, y), true
		for x := 1; x < img.Bounds().Dx() && same; x++ {
			same = img.RGBAAt(x, y) == first
		}
		if same {
			return y
		}
	}
	return to
}

func encode(kind ingestKind, img image.Image) ([]byte, error) {
	var buf bytes.Buffer
	if kind == kindJPEG {
		err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 92})
		return buf.Bytes(), err
	}
	err := png.Encode(&buf, img)
	return buf.Bytes(), err
}
