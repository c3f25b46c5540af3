package pdfa

import (
	"fmt"
	"os"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// rasterImage is an image file as a PDF image: how its dictionary reads and where its encoded bytes lie.
type rasterImage struct {
	w, h, bits int
	space      types.Object // /DeviceGray, /DeviceRGB or an indexed space; the file's output intent says what they mean
	filter     string
	parms      types.Dict // nil when the filter needs none
	data       fileStream
	reencoded  bool // the bytes are not the file's own
}

// openImage looks at an image file. JPEG data is used as it is; PNG data too wherever PDF has the same form of it
// (see openPNG). The errors are *RefusedError with the code "image" and a sentence that names the file.
func openImage(path, mime string) (rasterImage, error) {
	f, err := os.Open(path)
	if err != nil {
		return rasterImage{}, &RefusedError{Code: "image", Reason: "an image file cannot be read", Err: err}
	}
	defer f.Close()
	switch mime {
	case "image/jpeg":
		return openJPEG(f)
	case "image/png":
		return openPNG(f)
	}
	return rasterImage{}, badImage(path, fmt.Sprintf("is of type %q; image/jpeg and image/png can be placed", mime), nil)
}

// openJPEG makes the whole file the data of a DCT stream.
func openJPEG(f *os.File) (rasterImage, error) {
	h, err := readJPEG(f, nil)
	if err != nil {
		return rasterImage{}, badImage(f.Name(), "is not a JPEG picture that can be placed", err)
	}
	info, err := f.Stat()
	if err != nil {
		return rasterImage{}, badImage(f.Name(), "cannot be read", err)
	}
	img := rasterImage{
		w: h.w, h: h.h, bits: 8, filter: filter.DCT, space: types.Name("DeviceRGB"),
		data: fileStream{path: f.Name(), size: info.Size()},
	}
	switch {
	case h.components == 1:
		img.space = types.Name("DeviceGray")
	case h.components == 4:
		return rasterImage{}, badImage(f.Name(), "holds colours for print (CMYK), which a record for the screen cannot; save it as RGB", nil)
	case h.plainRGB():
		// Without an Adobe marker a PDF reader takes three components for YCbCr (ISO 32000-1, 7.4.8).
		img.parms = types.Dict{"ColorTransform": types.Integer(0)}
	}
	return img, nil
}

// badImage is the refusal of one image file.
func badImage(path, what string, err error) error {
	return &RefusedError{Code: "image", Reason: path + " " + what, Err: err}
}
