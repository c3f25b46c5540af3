package pdfa

import "encoding/binary"

// ink corners: the sRGB colour of each full overprint of cyan (1), magenta (2) and yellow (4) on coated paper, as common
// offset standards have them. Black over them leaves a ninth of the light.
var inkCorners = [8][3]float64{
	{255, 255, 255}, {0, 158, 224}, {230, 0, 126}, {49, 39, 131}, {255, 237, 0}, {0, 150, 64}, {227, 6, 19}, {54, 48, 42},
}

const blackLeaves = 29.0 / 255

// cmykSteps is the number of grid points in each direction of the profile's table.
const cmykSteps = 7

// cmykProfile makes an ICC input profile for DeviceCMYK (ISO 15076-1): a table from ink to sRGB, made by mixing the
// corners by area, then the sRGB curve and matrix. It gives device colours a definition where a file has none; the look
// is that of a common viewer, not of a certain press.
func cmykProfile() []byte {
	return buildProfile("scnr", "CMYK", "XYZ ", []profileTag{
		{"desc", multiText("Coated offset inks, approximate")},
		{"cprt", multiText("No copyright: computed")},
		{"wtpt", xyz(0.9642, 1, 0.8249)},
		{"A2B0", cmykTable()},
	})
}

// cmykTable builds a lutAToBType: A curves, table, M curves, matrix, B curves.
func cmykTable() []byte {
	identity := []byte("curv\x00\x00\x00\x00\x00\x00\x00\x00")
	gamma := append([]byte("para\x00\x00\x00\x00\x00\x03\x00\x00"), fixed(2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)...)
	repeat := func(b []byte, n int) (out []byte) {
		for range n {
			out = append(out, b...)
		}
		return out
	}
	b := []byte("mAB \x00\x00\x00\x00\x04\x03\x00\x00")
	b = append(b, make([]byte, 20)...)
	put := func(at int, part []byte) {
		binary.BigEndian.PutUint32(b[at:], uint32(len(b)))
		b = append(b, part...)
		b = append(b, make([]byte, -len(b)&3)...)
	}
	put(12, repeat(identity, 3)) // B curves
	k := 32768.0 / 65535         // XYZ of 1.0 is encoded as 0x8000
	put(16, fixed(
		0.4360413*k, 0.3851129*k, 0.1430458*k,
		0.2224845*k, 0.7169051*k, 0.0606104*k,
		0.0139202*k, 0.0970672*k, 0.7139126*k, 0, 0, 0))
	put(20, repeat(gamma, 3)) // M curves
	put(24, cmykGrid())
	put(28, repeat(identity, 4)) // A curves
	return b
}

func cmykGrid() []byte {
	b := make([]byte, 20)
	for i := range 4 {
		b[i] = cmykSteps
	}
	b[16] = 2 // bytes per value
	step := func(i int) float64 { return float64(i) / (cmykSteps - 1) }
	for c := range cmykSteps {
		for m := range cmykSteps {
			for y := range cmykSteps {
				for k := range cmykSteps {
					for ch := range 3 {
						v := mixInks(step(c), step(m), step(y), step(k), ch)
						b = binary.BigEndian.AppendUint16(b, uint16(v*65535+0.5))
					}
				}
			}
		}
	}
	return b
}

// mixInks weighs the corners by the area that each covers.
func mixInks(c, m, y, k float64, channel int) float64 {
	sum := 0.0
	for i, corner := range inkCorners {
		w := 1.0
		for bit, ink := range []float64{c, m, y} {
			if i>>bit&1 == 1 {
				w *= ink
			} else {
				w *= 1 - ink
			}
		}
		sum += w * corner[channel] / 255
	}
	return sum * (1 - k*(1-blackLeaves))
}
