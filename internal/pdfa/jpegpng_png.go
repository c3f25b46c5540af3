package pdfa

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

const (
	// maxPixels bounds the one kind of picture that has to be decoded here: 64 million pixels are 256 MB.
	maxPixels = 64 << 20
	// joinedSuffix ends the name of the file that holds a PNG's data in one piece.
	joinedSuffix = ".idat"
	pngSignature = "\x89PNG\r\n\x1a\n"
)

// pngHeader is what a PNG file says about its data (ISO/IEC 15948, 11.2.2).
type pngHeader struct {
	w, h            int
	bits, colour    byte
	interlaced      bool
	palette         []byte
	transparent     bool // has a tRNS chunk
	data            []pngPiece
	compressedBytes int64
}

// pngPiece is a part of a file.
type pngPiece struct{ offset, size int64 }

// The colour types of PNG.
const (
	pngGrey    = 0
	pngRGB     = 2
	pngPalette = 3
	pngAlpha   = 4 // a bit of the type: grey with alpha is 4, RGB with alpha 6
)

// fits reports whether PDF has the same form of image data, so that the compressed bytes can be used as they are:
// no interlacing and no transparency. Filters per row and the zlib stream are the same in both (ISO 32000-1, 7.4.4.4).
func (h pngHeader) fits() bool {
	return !h.interlaced && !h.transparent && h.colour&pngAlpha == 0
}

// openPNG gives a PNG's data as a Flate stream with PNG predictors. Data in several chunks, as browsers write it, is joined
// in the file Path + ".idat". Only what PDF has no form for (alpha, transparent colours, interlacing) is
// decoded, laid on white as on paper, and encoded again into such a file with 8 bits a colour.
func openPNG(f *os.File) (rasterImage, error) {
	h, err := readPNG(f)
	if err != nil {
		return rasterImage{}, badImage(f.Name(), "is not a PNG picture that can be placed", err)
	}
	var src io.ReaderAt = f
	again := !h.fits()
	if again {
		if src, h, err = flattenPNG(f, h); err != nil {
			return rasterImage{}, badImage(f.Name(), "cannot be encoded anew without transparency", err)
		}
	}
	data := fileStream{path: f.Name(), offset: h.data[0].offset, size: h.data[0].size}
	if again || len(h.data) > 1 {
		if data, err = joinPNG(src, h, f.Name()+joinedSuffix); err != nil {
			return rasterImage{}, &RefusedError{Code: "image", Reason: "the joined data of a picture cannot be written beside it", Err: err}
		}
	}
	img := rasterImage{w: h.w, h: h.h, bits: int(h.bits), filter: filter.Flate, data: data, reencoded: again}
	colours := 1
	switch h.colour {
	case pngRGB:
		img.space, colours = types.Name("DeviceRGB"), 3
	case pngPalette:
		img.space = types.Array{
			types.Name("Indexed"), types.Name("DeviceRGB"), types.Integer(len(h.palette)/3 - 1), types.NewHexLiteral(h.palette),
		}
	default:
		img.space = types.Name("DeviceGray")
	}
	img.parms = types.Dict{
		"Predictor": types.Integer(15), "Colors": types.Integer(colours),
		"BitsPerComponent": types.Integer(h.bits), "Columns": types.Integer(h.w),
	}
	return img, nil
}

// readPNG reads the chunks of a PNG file, not their data.
func readPNG(r io.ReaderAt) (pngHeader, error) {
	var h pngHeader
	sig := make([]byte, len(pngSignature))
	if _, err := r.ReadAt(sig, 0); err != nil || string(sig) != pngSignature {
		return h, errors.New("no PNG signature")
	}
	at := int64(len(sig))
	for {
		var head [8]byte
		if _, err := r.ReadAt(head[:], at); err != nil {
			return h, errors.New("the file ends before its last chunk")
		}
		size, kind := int64(binary.BigEndian.Uint32(head[:4])), string(head[4:])
		if size > 1<<31-1 {
			return h, fmt.Errorf("chunk %q has an impossible length", kind)
		}
		if kind == "IEND" {
			return h, h.complete()
		}
		if err := h.chunk(r, kind, pngPiece{at + 8, size}); err != nil {
			return h, err
		}
		at += 8 + size + 4
	}
}

// chunk takes one chunk's data into the header.
func (h *pngHeader) chunk(r io.ReaderAt, kind string, p pngPiece) error {
	switch kind {
	case "IHDR":
		return h.start(r, p)
	case "PLTE":
		if p.size == 0 || p.size%3 != 0 || p.size > 3*256 {
			return errors.New("a broken palette")
		}
		h.palette = make([]byte, p.size)
		if _, err := r.ReadAt(h.palette, p.offset); err != nil {
			return errors.New("a broken palette")
		}
	case "tRNS":
		h.transparent = true
	case "IDAT":
		if p.size > 0 {
			h.data = append(h.data, p)
			h.compressedBytes += p.size
		}
	}
	return nil
}

// start takes the IHDR chunk.
func (h *pngHeader) start(r io.ReaderAt, p pngPiece) error {
	b := make([]byte, 13)
	if _, err := r.ReadAt(b, p.offset); err != nil || p.size != 13 {
		return errors.New("a broken IHDR chunk")
	}
	w, height := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	if w == 0 || height == 0 || w > 1<<31-1 || height > 1<<31-1 || b[10] != 0 || b[11] != 0 || b[12] > 1 {
		return errors.New("a broken IHDR chunk")
	}
	h.w, h.h, h.bits, h.colour, h.interlaced = int(w), int(height), b[8], b[9], b[12] == 1
	return nil
}

// complete reports what is missing for a picture.
func (h *pngHeader) complete() error {
	depths := map[byte]string{
		pngGrey: "\x01\x02\x04\x08\x10", pngRGB: "\x08\x10", pngPalette: "\x01\x02\x04\x08",
		pngGrey | pngAlpha: "\x08\x10", pngRGB | pngAlpha: "\x08\x10",
	}
	switch {
	case h.w == 0:
		return errors.New("no IHDR chunk")
	case !bytes.Contains([]byte(depths[h.colour]), []byte{h.bits}):
		return fmt.Errorf("colour type %d with %d bits does not exist", h.colour, h.bits)
	case h.colour == pngPalette && h.palette == nil:
		return errors.New("no palette")
	case len(h.data) == 0:
		return errors.New("no image data")
	}
	return nil
}

// joinPNG writes the picture's data in one piece.
func joinPNG(r io.ReaderAt, h pngHeader, path string) (fileStream, error) {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fileStream{}, err
	}
	for _, p := range h.data {
		n, err := io.Copy(out, io.NewSectionReader(r, p.offset, p.size))
		if err == nil && n != p.size {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return fileStream{}, errors.Join(err, out.Close())
		}
	}
	return fileStream{path: path, size: h.compressedBytes}, out.Close()
}

// flattenPNG decodes a picture, lays it on white and encodes it as PNG with neither alpha nor interlacing.
func flattenPNG(f *os.File, h pngHeader) (io.ReaderAt, pngHeader, error) {
	if int64(h.w)*int64(h.h) > maxPixels {
		return nil, h, fmt.Errorf("%d x %d pixels are more than can be held in memory", h.w, h.h)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, h, err
	}
	src, err := png.Decode(f)
	if err != nil {
		return nil, h, err
	}
	flat := image.NewRGBA(image.Rect(0, 0, h.w, h.h))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), src, src.Bounds().Min, draw.Over)
	var b bytes.Buffer
	if err := png.Encode(&b, flat); err != nil {
		return nil, h, err
	}
	r := bytes.NewReader(b.Bytes())
	h, err = readPNG(r)
	return r, h, err
}

// dropJoined removes the files that place has written beside the placements' images; for use when the PDF is written.
func dropJoined(ps []Placement) error {
	var errs []error
	for _, p := range ps {
		if p.MIME != "image/png" {
			continue
		}
		if err := os.Remove(p.Path + joinedSuffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
