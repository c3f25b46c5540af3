package pdfa

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Placement puts one image, and the text that stands in it, where the print holds the stand-in with the same ID (see StandIn).
type Placement struct {
	// ID is what StandIn was called with; unique in the document.
	ID string
	// Path is the image file. Its compressed bytes go into the PDF as they are, read when the PDF is written, so it must
	// stay in place until then. PNG data in several pieces is joined in a file beside it, named Path + ".idat".
	Path string
	// MIME is "image/jpeg" or "image/png".
	MIME string
	// W and H are the image's size in pixels. Zero takes the file's own; a size unlike the file's is refused.
	W, H int
	// Text becomes an invisible layer that can be searched, selected and copied, in this order.
	Text []TextRun
}

// TextRun is a piece of one line of text in an image. Its box is in image pixels with the origin at the top left, and holds
// all of Text: a run that begins or ends with a space has the space in its width, for that is what parts it from its neighbour.
type TextRun struct {
	X, Y, W, H float64
	// Text is in logical order, the order in which it is read.
	Text string
	// RTL says that the run's base direction is right to left.
	RTL bool
}

// What place notes as changed.
const (
	changePlaced    = "pictures put in the place of their stand-ins, each with its text as an invisible layer"
	changeReencoded = "PNG pictures encoded anew, what was transparent in them on white"
)

// place puts each placement's image in the place of its stand-in and adds the invisible text to the pages that draw them.
// The image files are only looked at here; d.files says which bytes the writer copies. Every stand-in must be in the file
// once, drawn once, and have a placement; anything else is refused with its ID, because a record with a grey box in the
// place of what was seen must not be made. Errors are *RefusedError with the code "placement" or "image".
func (d *document) place(ps []Placement) error {
	if len(ps) == 0 {
		return nil
	}
	objects, err := matchStandIns(d.standIns(), ps)
	if err != nil {
		return err
	}
	again := 0
	for _, nr := range slices.Sorted(maps.Keys(objects)) {
		reencoded, err := d.placeImage(nr, objects[nr])
		if err != nil {
			return err
		}
		if reencoded {
			again++
		}
	}
	if err := d.placeLayers(objects); err != nil {
		return err
	}
	d.note(changePlaced, "their compressed bytes go into the file as they are", len(ps), true)
	d.note(changeReencoded, "PDF has no image data with alpha or interlacing", again, true)
	return nil
}

// matchStandIns gives the placement of each stand-in by object number.
func matchStandIns(found map[string][]int, ps []Placement) (map[int]*Placement, error) {
	objects := make(map[int]*Placement, len(ps))
	known := make(map[string]bool, len(ps))
	for _, p := range ps {
		if known[p.ID] {
			return nil, misplaced(p.ID, "is given twice")
		}
		known[p.ID] = true
		nrs := found[p.ID]
		if len(nrs) == 0 {
			return nil, misplaced(p.ID, "has no stand-in in the print; was its picture left out, hidden or changed before printing?")
		}
		if len(nrs) > 1 {
			return nil, misplaced(p.ID, fmt.Sprintf("has %d stand-ins in the print, expected one", len(nrs)))
		}
		objects[nrs[0]] = &p
	}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if !known[id] {
			return nil, misplaced(id, "stands in the print, but no image was given for it")
		}
	}
	return objects, nil
}

// placeImage makes image object nr the placement's image. It reports whether the picture had to be encoded anew.
func (d *document) placeImage(nr int, p *Placement) (bool, error) {
	img, err := openImage(p.Path, p.MIME)
	if err != nil {
		return false, err
	}
	if p.W == 0 && p.H == 0 {
		p.W, p.H = img.w, img.h
	}
	if p.W != img.w || p.H != img.h {
		return false, misplaced(p.ID, fmt.Sprintf("is said to be %d x %d pixels, but %s is %d x %d", p.W, p.H, p.Path, img.w, img.h))
	}
	dict := types.Dict{
		"Type": types.Name("XObject"), "Subtype": types.Name("Image"),
		"Width": types.Integer(img.w), "Height": types.Integer(img.h),
		"BitsPerComponent": types.Integer(img.bits), "ColorSpace": img.space,
		"Filter": types.Name(img.filter), "Length": types.Integer(img.data.size),
	}
	filter := types.PDFFilter{Name: img.filter}
	if len(img.parms) > 0 {
		dict["DecodeParms"], filter.DecodeParms = img.parms, img.parms
	}
	size := img.data.size
	sd := types.NewStreamDict(dict, 0, &size, nil, []types.PDFFilter{filter})
	d.ctx.Table[nr].Object = sd
	if d.files == nil {
		d.files = map[int]fileStream{}
	}
	d.files[nr] = img.data
	return img.reencoded, nil
}

// misplaced is the refusal of one placement.
func misplaced(id, what string) error {
	return &RefusedError{Code: "placement", Reason: fmt.Sprintf("picture %q %s", id, what)}
}
