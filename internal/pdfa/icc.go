package pdfa

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"math"
	"unicode/utf16"
)

// Names of the colour space that the output intent declares.
const (
	rgbName     = "sRGB IEC61966-2.1"
	rgbRegistry = "http://www.color.org"
)

// rgbProfile makes an ICC profile of sRGB (ISO 15076-1, a display profile of three components, matrix and curve). The
// primaries and the white point (x 0.3127, y 0.3290) are those of IEC 61966-2-1, adapted from D65 to the profile space's
// D50 by the Bradford transform, so that white stays white to the last digit. It is the same in every file, byte for byte.
func rgbProfile() []byte {
	// The curve of IEC 61966-2-1 as parametric curve type 3: g, a, b, c, d.
	curve := append([]byte("para\x00\x00\x00\x00\x00\x03\x00\x00"), fixed(2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)...)
	return buildProfile("mntr", "RGB ", "XYZ ", []profileTag{
		{"desc", multiText("sRGB (IEC 61966-2-1)")},
		{"cprt", multiText("No copyright: computed from the published standard")},
		{"wtpt", xyz(0.9642, 1, 0.8249)},
		{"chad", append([]byte("sf32\x00\x00\x00\x00"), fixed(
			1.047886, 0.022919, -0.050216,
			0.029582, 0.990484, -0.017079,
			-0.009252, 0.015073, 0.751678)...)},
		{"rXYZ", xyz(0.4360413, 0.2224845, 0.0139202)},
		{"gXYZ", xyz(0.3851129, 0.7169051, 0.0970672)},
		{"bXYZ", xyz(0.1430458, 0.0606104, 0.7139126)},
		{"rTRC", curve},
		{"gTRC", curve},
		{"bTRC", curve},
	})
}

type profileTag struct {
	name string
	data []byte
}

// buildProfile puts header, tag table and data together; tags with the same data share it.
func buildProfile(class, space, pcs string, tags []profileTag) []byte {
	var table, data bytes.Buffer
	start := 128 + 4 + 12*len(tags)
	_ = binary.Write(&table, binary.BigEndian, uint32(len(tags)))
	for i, t := range tags {
		at := -1
		for j := range i {
			if bytes.Equal(tags[j].data, t.data) {
				at = int(binary.BigEndian.Uint32(table.Bytes()[4+12*j+4:]))
				break
			}
		}
		if at < 0 {
			at = start + data.Len()
			data.Write(t.data)
			data.Write(make([]byte, -data.Len()&3))
		}
		table.WriteString(t.name)
		_ = binary.Write(&table, binary.BigEndian, []uint32{uint32(at), uint32(len(t.data))})
	}
	p := append(append(make([]byte, 128), table.Bytes()...), data.Bytes()...)
	binary.BigEndian.PutUint32(p[0:], uint32(len(p)))
	binary.BigEndian.PutUint32(p[8:], 0x04200000) // version 4.2
	copy(p[12:], class+space+pcs)
	for i, v := range []uint16{2020, 1, 1, 0, 0, 0} { // a fixed date: the profile never changes
		binary.BigEndian.PutUint16(p[24+2*i:], v)
	}
	copy(p[36:], "acsp")
	copy(p[68:], fixed(0.9642, 1, 0.8249))
	sum := md5.Sum(p) // over the profile with flags, rendering intent and this field zero, as they are here
	copy(p[84:], sum[:])
	return p
}

// fixed encodes numbers as s15Fixed16Number.
func fixed(fs ...float64) []byte {
	var b []byte
	for _, f := range fs {
		b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(f*65536))))
	}
	return b
}

func xyz(x, y, z float64) []byte {
	return append([]byte("XYZ \x00\x00\x00\x00"), fixed(x, y, z)...)
}

// multiText makes a multiLocalizedUnicodeType with one English text.
func multiText(s string) []byte {
	u := utf16.Encode([]rune(s))
	b := []byte("mluc\x00\x00\x00\x00")
	for _, v := range []uint32{1, 12} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	b = append(b, "enUS"...)
	b = binary.BigEndian.AppendUint32(b, uint32(2*len(u)))
	b = binary.BigEndian.AppendUint32(b, 28)
	for _, c := range u {
		b = binary.BigEndian.AppendUint16(b, c)
	}
	return b
}

// profileHeader is what the checks read of an ICC profile.
type profileHeader struct {
	version      float64
	class, space string
}

func readProfile(b []byte) (profileHeader, bool) {
	if len(b) < 128 {
		return profileHeader{}, false
	}
	return profileHeader{
		version: float64(b[8]) + float64(b[9]>>4)/10,
		class:   string(b[12:16]),
		space:   string(b[16:20]),
	}, true
}
