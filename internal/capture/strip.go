package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// errNoStrip says that a JPEG is not of the one simple kind that strip can part.
var errNoStrip = errors.New("not a baseline JPEG in one interleaved scan")

var errEarly = fmt.Errorf("%w: its data end early", errNoStrip)

// strip is a JPEG whose rows can be taken apart without decoding a single sample: several sheets come from one screenshot, and each keeps
// the coefficients that Chrome wrote. A slice begins at a row of coding units (ITU-T T.81, A.2) and may end at any row of samples.
type strip struct {
	head   []byte // all segments up to the scan's data
	height int
	atSOF  int // where the height stands in head
	unit   int // rows of samples in a row of coding units: 8 or 16
	data   []byte
	comps  []stripComponent
	across int        // coding units in a row
	rows   []stripRow // where each row begins; one more for the end
}

type stripComponent struct {
	id     byte
	blocks int // in a coding unit
	wide   int // horizontal sampling
	dc, ac *huffman
}

// stripRow is the state of the decoder at the start of a row of coding units.
type stripRow struct {
	bit  int
	pred [4]int
}

// huffman decodes by the next 16 bits: the code's length in the upper byte, its value in the lower; 0 is no code.
type huffman struct {
	look   [1 << 16]uint16
	code   [256]uint32
	length [256]int
}

// newStrip reads where the rows of a JPEG lie.
func newStrip(b []byte) (*strip, error) {
	s := &strip{}
	width, err := s.headers(b)
	if err != nil {
		return nil, err
	}
	h, v := 1, 1
	if len(s.comps) > 1 {
		for _, c := range s.comps {
			h, v = max(h, c.wide), max(v, c.blocks/c.wide)
		}
	} else {
		s.comps[0].blocks, s.comps[0].wide = 1, 1 // a scan of one component is not interleaved (A.2.2)
	}
	s.unit = 8 * v
	s.across = (width + 8*h - 1) / (8 * h)
	s.data = unstuffed(b[len(s.head):])
	return s, s.walk()
}

// headers reads the segments before the scan's data.
func (s *strip) headers(b []byte) (width int, err error) {
	var dc, ac [4]*huffman
	for at := 2; ; {
		if at+4 > len(b) || b[0] != 0xff || b[1] != 0xd8 || b[at] != 0xff {
			return 0, errNoStrip
		}
		marker, n := b[at+1], int(binary.BigEndian.Uint16(b[at+2:]))
		if n < 2 || at+2+n > len(b) {
			return 0, errNoStrip
		}
		seg := b[at+4 : at+2+n]
		switch {
		case marker == 0xc0 || marker == 0xc1:
			if width, err = s.frame(seg, at+5); err != nil {
				return 0, err
			}
		case marker == 0xc4:
			if err := tables(seg, &dc, &ac); err != nil {
				return 0, err
			}
		case marker > 0xc1 && marker < 0xd0 || marker == 0xdd:
			return 0, errNoStrip // progressive, arithmetic or with restarts
		case marker == 0xda:
			s.head = b[:at+2+n]
			return width, s.scan(seg, dc, ac, width)
		}
		at += 2 + n
	}
}

// frame reads the frame's header (B.2.2); atSOF is where its height stands.
func (s *strip) frame(seg []byte, atSOF int) (width int, err error) {
	if len(seg) < 9 || seg[0] != 8 || len(seg) < 6+3*int(seg[5]) {
		return 0, errNoStrip
	}
	s.atSOF, s.height = atSOF, int(binary.BigEndian.Uint16(seg[1:]))
	for i := range int(seg[5]) {
		f := seg[6+3*i:]
		s.comps = append(s.comps, stripComponent{id: f[0], wide: int(f[1] >> 4), blocks: int(f[1]>>4) * int(f[1]&15)})
	}
	return int(binary.BigEndian.Uint16(seg[3:])), nil
}

// scan gives the components the tables that the scan's header names.
func (s *strip) scan(seg []byte, dc, ac [4]*huffman, width int) error {
	n := len(s.comps)
	if n == 0 || n > 4 || len(seg) < 1+2*n || int(seg[0]) != n || width == 0 || s.height == 0 {
		return errNoStrip
	}
	for i := range s.comps {
		c, f := &s.comps[i], seg[1+2*i:]
		if f[0] != c.id || f[1]>>4 > 3 || f[1]&15 > 3 || c.blocks < 1 || c.blocks > 16 {
			return errNoStrip
		}
		if c.dc, c.ac = dc[f[1]>>4], ac[f[1]&15]; c.dc == nil || c.ac == nil {
			return errNoStrip
		}
	}
	return nil
}

// tables reads the Huffman tables of a DHT segment (B.2.4.2).
func tables(seg []byte, dc, ac *[4]*huffman) error {
	for len(seg) >= 17 {
		class, id, t := seg[0]>>4, seg[0]&15, &huffman{}
		code, at := uint32(0), 17
		for length := 1; length <= 16; length++ {
			for range int(seg[length]) {
				if at >= len(seg) || code >= 1<<length {
					return errNoStrip
				}
				v := seg[at]
				t.code[v], t.length[v] = code, length
				first := code << (16 - length)
				for i := first; i < first+1<<(16-length); i++ {
					t.look[i] = uint16(length)<<8 | uint16(v)
				}
				code++
				at++
			}
			code <<= 1
		}
		if id > 3 || class > 1 {
			return errNoStrip
		}
		if class == 0 {
			dc[id] = t
		} else {
			ac[id] = t
		}
		seg = seg[at:]
	}
	return nil
}

// unstuffed is a scan's data without the zeros that follow 0xFF (B.1.1.5), with room behind it to read whole words.
func unstuffed(b []byte) []byte {
	out := make([]byte, 0, len(b)+16)
	for i := 0; i < len(b); i++ {
		if b[i] == 0xff {
			if i+1 >= len(b) || b[i+1] != 0 {
				break
			}
			out = append(out, 0xff)
			i++
			continue
		}
		out = append(out, b[i])
	}
	return append(out, make([]byte, 16)...)
}

// walk goes through all coding units and notes where the rows begin.
func (s *strip) walk() error {
	n := (s.height + s.unit - 1) / s.unit
	r := stripRow{}
	var err error
	for range n {
		s.rows = append(s.rows, r)
		for range s.across {
			if r, err = s.mcu(r, nil); err != nil {
				return err
			}
		}
	}
	s.rows = append(s.rows, r)
	return nil
}

// peek gives 32 bits from a bit's place on, at the top of the word.
func (s *strip) peek(bit int) uint32 {
	return uint32(binary.BigEndian.Uint64(s.data[bit>>3:]) << (bit & 7) >> 32)
}

// mcu passes one coding unit. With w it writes the unit as the first of a slice: each component's first value whole, not as a difference.
func (s *strip) mcu(r stripRow, w *bitWriter) (stripRow, error) {
	end := (len(s.data) - 16) * 8
	for i := range s.comps {
		c := &s.comps[i]
		for k := range c.blocks {
			if r.bit >= end {
				return r, errEarly
			}
			bits := s.peek(r.bit)
			e := c.dc.look[bits>>16]
			length, size := int(e>>8), int(e&15)
			if length == 0 || e&0xff > 11 {
				return r, errNoStrip
			}
			r.pred[i] += difference(bits<<length, size)
			ac := r.bit + length + size
			if r.bit = c.skip(s, ac, end); r.bit > end {
				return r, errEarly
			}
			if w == nil {
				continue
			}
			if k > 0 {
				w.copy(s, ac-length-size, r.bit)
				continue
			}
			if !w.value(c.dc, r.pred[i]) {
				return r, fmt.Errorf("%w: a value has no code", errNoStrip)
			}
			w.copy(s, ac, r.bit)
		}
	}
	return r, nil
}

// difference is the value of size bits at the top of a word (F.2.2.1).
func difference(bits uint32, size int) int {
	if size == 0 {
		return 0
	}
	v := int(bits >> (32 - size))
	if v < 1<<(size-1) {
		v -= 1<<size - 1
	}
	return v
}

// skip passes a block's other coefficients and gives the bit behind them.
func (c *stripComponent) skip(s *strip, bit, end int) int {
	for k := 1; k < 64 && bit < end; k++ {
		e := c.ac.look[s.peek(bit)>>16]
		run, size := int(e>>4&15), int(e&15)
		if e>>8 == 0 {
			return end + 1 // no code
		}
		bit += int(e>>8) + size
		if size == 0 && run < 15 {
			break
		}
		k += run
	}
	return bit
}

// aligned reports whether a slice may begin at a row of samples.
func (s *strip) aligned(y int) bool { return y%s.unit == 0 && y >= 0 && y < s.height }

// slice gives the rows from y0 up to y1 as a JPEG of their own. y0 must be aligned.
func (s *strip) slice(y0, y1 int) ([]byte, error) {
	if !s.aligned(y0) || y1 <= y0 || y1 > s.height {
		return nil, fmt.Errorf("rows %d to %d cannot be cut from a picture of %d", y0, y1, s.height)
	}
	first, last := y0/s.unit, (y1+s.unit-1)/s.unit
	from, to := s.rows[first], s.rows[last]
	w := &bitWriter{out: make([]byte, len(s.head), len(s.head)+(to.bit-from.bit)/8*33/32+1024)}
	copy(w.out, s.head)
	binary.BigEndian.PutUint16(w.out[s.atSOF:], uint16(y1-y0))
	after, err := s.mcu(from, w)
	if err != nil {
		return nil, err
	}
	w.copy(s, after.bit, to.bit)
	return w.finish(), nil
}

// bitWriter writes bits into a scan's data, with the zeros that must follow 0xFF.
type bitWriter struct {
	out []byte
	acc uint64 // the last n bits are not written yet
	n   int
}

// put writes the lowest n bits of v; n is at most 32.
func (w *bitWriter) put(v uint32, n int) {
	w.acc = w.acc<<n | uint64(v)&(1<<n-1)
	for w.n += n; w.n >= 8; w.n -= 8 {
		b := byte(w.acc >> (w.n - 8))
		w.out = append(w.out, b)
		if b == 0xff {
			w.out = append(w.out, 0)
		}
	}
}

// copy writes the bits from one place up to another.
func (w *bitWriter) copy(s *strip, from, to int) {
	for ; from < to; from += 32 {
		n := min(32, to-from)
		w.put(s.peek(from)>>(32-n), n)
	}
}

// value writes a component's first value; it reports false where the table has no code for its size.
func (w *bitWriter) value(t *huffman, v int) bool {
	size, bits := 0, v
	for a := max(v, -v); a > 0; a >>= 1 {
		size++
	}
	if v < 0 {
		bits = v + 1<<size - 1
	}
	if t.length[size] == 0 {
		return false
	}
	w.put(t.code[size], t.length[size])
	w.put(uint32(bits), size)
	return true
}

// finish fills the last byte with ones (F.1.2.3) and ends the picture.
func (w *bitWriter) finish() []byte {
	if w.n > 0 {
		w.put(0xff, 8-w.n)
	}
	return append(w.out, 0xff, 0xd9)
}
