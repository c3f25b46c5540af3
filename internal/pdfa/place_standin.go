package pdfa

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

const (
	standInMark = "arsring:"
	// maxStandIn is the longest ID; a JPEG comment ends at 65,533 bytes, and nobody needs as much.
	maxStandIn = 1024
	// standInSide is the width and height in pixels. One pixel would do for a decoder, but pictures of one pixel are
	// what browsers take the liberty to draw as a plain rectangle.
	standInSide = 8
)

// StandIn gives a picture that holds the place of a real one while the page is printed: a grey baseline JPEG of 8 x 8
// pixels and some 180 bytes that carries id in a comment. Put it into the page as a data: URI in an <img> sized by CSS,
// drawn once and not split between sheets, and hand Convert a Placement with the same ID.
//
// JPEG, because a browser's PDF writer passes JPEG data through untouched, comment included, and has to decode everything
// else; grey, because a colour JPEG brings a colour profile with it that nothing would use after the exchange; a JFIF header, because some
// writers pass only such files through; one image object for each picture, because pictures with unlike bytes are unlike
// pictures. id has 1 to 1024 bytes; a longer one is cut and will not be found.
func StandIn(id string) []byte {
	id = id[:min(len(id), maxStandIn)]
	var b bytes.Buffer
	segment := func(marker byte, data []byte) {
		b.Write([]byte{0xff, marker})
		b.Write(binary.BigEndian.AppendUint16(nil, uint16(len(data)+2)))
		b.Write(data)
	}
	// One code of one bit: for the DC table "no difference", for the AC table "end of block".
	huffman := func(class byte) []byte {
		return append(append([]byte{class, 1}, make([]byte, 15)...), 0)
	}
	b.Write([]byte{0xff, jpegSOI})
	segment(jpegAPP0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"))
	segment(jpegCOM, []byte(standInMark+id))
	segment(jpegDQT, append([]byte{0}, bytes.Repeat([]byte{16}, 64)...))
	segment(jpegSOF0, []byte{8, 0, standInSide, 0, standInSide, 1, 1, 0x11, 0})
	segment(jpegDHT, huffman(0x00))
	segment(jpegDHT, huffman(0x10))
	segment(jpegSOS, []byte{1, 1, 0x00, 0, 63, 0})
	b.Write([]byte{0x3f, 0xff, jpegEOI}) // the only block: two bits of zero, the rest padding
	return b.Bytes()
}

// standIns gives the numbers of the image objects that are stand-ins, by ID.
func (d *document) standIns() map[string][]int {
	found := map[string][]int{}
	for nr, e := range d.ctx.Table {
		if e == nil || e.Free {
			continue
		}
		sd, ok := e.Object.(types.StreamDict)
		if !ok || !sd.Image() || len(sd.Raw) > 2*maxStandIn || !sd.HasSoleFilterNamed(filter.DCT) {
			continue
		}
		if id, ok := standInID(sd.Raw); ok {
			found[id] = append(found[id], nr)
		}
	}
	for _, nrs := range found {
		slices.Sort(nrs)
	}
	return found
}

// standInID gives the ID in a stand-in's comment.
func standInID(raw []byte) (string, bool) {
	id, ok := "", false
	_, err := readJPEG(bytes.NewReader(raw), func(marker byte, data []byte) {
		if marker == jpegCOM && bytes.HasPrefix(data, []byte(standInMark)) {
			id, ok = string(data[len(standInMark):]), true
		}
	})
	return id, ok && err == nil
}
