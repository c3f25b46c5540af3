package pdfa

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The JPEG markers used here (ITU-T T.81, table B.1).
const (
	jpegSOF0  = 0xc0
	jpegSOF2  = 0xc2
	jpegDHT   = 0xc4
	jpegJPG   = 0xc8
	jpegDAC   = 0xcc
	jpegSOF15 = 0xcf
	jpegRST0  = 0xd0
	jpegSOI   = 0xd8
	jpegEOI   = 0xd9
	jpegSOS   = 0xda
	jpegDQT   = 0xdb
	jpegAPP0  = 0xe0
	jpegAPP14 = 0xee
	jpegCOM   = 0xfe
)

// jpegHeader is what stands before the first scan of a JPEG file.
type jpegHeader struct {
	w, h, components int
	ids              []byte
	jfif, adobe      bool
}

// plainRGB reports that the three components are red, green and blue and that no Adobe marker says so: only their
// names do, as decoders have read them since the first.
func (h jpegHeader) plainRGB() bool {
	return !h.jfif && !h.adobe && string(h.ids) == "RGB"
}

// readJPEG reads the header, up to the first scan, and shows see, unless nil, every segment of it.
// It refuses what the DCT filter of PDF cannot hold: anything but 8 bits, baseline or progressive, with Huffman codes.
func readJPEG(r io.Reader, see func(marker byte, data []byte)) (jpegHeader, error) {
	var h jpegHeader
	br := bufio.NewReader(r)
	var start [2]byte
	if _, err := io.ReadFull(br, start[:]); err != nil || start != [2]byte{0xff, jpegSOI} {
		return h, errors.New("no JPEG start marker")
	}
	for {
		marker, data, err := nextSegment(br)
		if err != nil {
			return h, err
		}
		if see != nil {
			see(marker, data)
		}
		switch {
		case marker == jpegAPP0 && len(data) >= 5 && string(data[:5]) == "JFIF\x00":
			h.jfif = true
		case marker == jpegAPP14 && len(data) >= 12 && string(data[:5]) == "Adobe":
			h.adobe = true
		case isFrame(marker):
			if err := h.frame(marker, data); err != nil {
				return h, err
			}
		case marker == jpegSOS:
			if h.components == 0 {
				return h, errors.New("a scan before the frame")
			}
			return h, nil
		}
	}
}

// isFrame reports whether the marker begins a frame.
func isFrame(marker byte) bool {
	return marker >= jpegSOF0 && marker <= jpegSOF15 && marker != jpegDHT && marker != jpegJPG && marker != jpegDAC
}

// frame reads a frame header (T.81, B.2.2).
func (h *jpegHeader) frame(marker byte, data []byte) error {
	if marker > jpegSOF2 {
		return fmt.Errorf("a kind of JPEG (SOF%d) that PDF has no filter for", marker-jpegSOF0)
	}
	if len(data) < 6 || len(data) < 6+3*int(data[5]) {
		return errors.New("a short frame header")
	}
	if data[0] != 8 {
		return fmt.Errorf("%d bits a component, PDF holds 8", data[0])
	}
	h.h, h.w = int(binary.BigEndian.Uint16(data[1:])), int(binary.BigEndian.Uint16(data[3:]))
	h.components = int(data[5])
	if h.w == 0 || h.h == 0 {
		return errors.New("no size")
	}
	if n := h.components; n != 1 && n != 3 && n != 4 {
		return fmt.Errorf("%d colour components", n)
	}
	h.ids = h.ids[:0]
	for i := range h.components {
		h.ids = append(h.ids, data[6+3*i])
	}
	return nil
}

// nextSegment gives the next marker and what belongs to it.
func nextSegment(br *bufio.Reader) (byte, []byte, error) {
	for {
		b, err := br.ReadByte()
		if err != nil {
			return 0, nil, errors.New("the file ends before the picture begins")
		}
		if b != 0xff {
			return 0, nil, errors.New("a marker is missing")
		}
		for b == 0xff { // fill bytes
			if b, err = br.ReadByte(); err != nil {
				return 0, nil, errors.New("the file ends before the picture begins")
			}
		}
		if b == 0x01 || b >= jpegRST0 && b < jpegSOI {
			continue // stands alone
		}
		if b == 0 || b == jpegSOI || b == jpegEOI {
			return 0, nil, fmt.Errorf("marker %#x out of place", b)
		}
		var size [2]byte
		if _, err := io.ReadFull(br, size[:]); err != nil {
			return 0, nil, errors.New("the file ends before the picture begins")
		}
		n := int(binary.BigEndian.Uint16(size[:]))
		if n < 2 {
			return 0, nil, errors.New("a segment shorter than its own length")
		}
		data := make([]byte, n-2)
		if _, err := io.ReadFull(br, data); err != nil {
			return 0, nil, errors.New("the file ends before the picture begins")
		}
		return b, data, nil
	}
}
