package app

import (
	"bytes"
	"encoding/binary"
)

// orientation reads how a JPEG's camera was held (Exif 3.0, tag 0x0112 of the first directory): 1 to 8, 1 where nothing is said.
func orientation(jpeg []byte) int {
	for i := 2; i+4 <= len(jpeg) && jpeg[i] == 0xff; {
		marker, size := jpeg[i+1], int(binary.BigEndian.Uint16(jpeg[i+2:]))
		if marker == 0xda || size < 2 || i+2+size > len(jpeg) {
			return 1
		}
		if seg := jpeg[i+4 : i+2+size]; marker == 0xe1 && bytes.HasPrefix(seg, []byte("Exif\x00\x00")) {
			return tiffOrientation(seg[6:])
		}
		i += 2 + size
	}
	return 1
}

func tiffOrientation(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if t[0] == 'I' {
		order = binary.LittleEndian
	}
	at := order.Uint32(t[4:])
	if uint64(at)+2 > uint64(len(t)) {
		return 1
	}
	n := int(order.Uint16(t[at:]))
	for k := range n {
		e := uint64(at) + 2 + uint64(k)*12
		if e+12 > uint64(len(t)) {
			return 1
		}
		if order.Uint16(t[e:]) == 0x0112 {
			if v := int(order.Uint16(t[e+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}
