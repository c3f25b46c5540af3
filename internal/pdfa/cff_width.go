package pdfa

import "encoding/binary"

// charstring runs a glyph's program as far as its first operator.
type charstring struct {
	global, local [][]byte
	ops           []float64
	returned      bool
}

// width gives the width operand when there is one; known is false when the program is broken.
func (r *charstring) width(b []byte, depth int) (w float64, has, known bool) {
	for len(b) > 0 && depth < 11 {
		c := b[0]
		switch {
		case c == 28 && len(b) >= 3:
			r.ops = append(r.ops, float64(int16(binary.BigEndian.Uint16(b[1:]))))
			b = b[3:]
		case c == 255 && len(b) >= 5:
			r.ops = append(r.ops, float64(int32(binary.BigEndian.Uint32(b[1:])))/65536)
			b = b[5:]
		case c >= 32 && c < 255:
			if c >= 247 && len(b) < 2 {
				return 0, false, false
			}
			v, n := cffInt(b)
			r.ops = append(r.ops, v)
			b = b[n:]
		case c == 10 || c == 29:
			sub := r.subroutine(c)
			r.returned = false
			if w, has, known = r.width(sub, depth+1); known || !r.returned {
				return w, has, known
			}
			b = b[1:]
		case c == 11:
			r.returned = true
			return 0, false, false
		default:
			return firstOperator(c, r.ops)
		}
	}
	return 0, false, false
}

// subroutine takes the number of a subroutine off the stack and gives its program.
func (r *charstring) subroutine(c byte) []byte {
	list := r.local
	if c == 29 {
		list = r.global
	}
	n := len(r.ops)
	if n == 0 {
		return nil
	}
	bias := 32768
	switch {
	case len(list) < 1240:
		bias = 107
	case len(list) < 33900:
		bias = 1131
	}
	i := int(r.ops[n-1]) + bias
	r.ops = r.ops[:n-1]
	if i < 0 || i >= len(list) {
		return nil
	}
	return list[i]
}

func firstOperator(c byte, ops []float64) (w float64, has, known bool) {
	n := len(ops)
	switch c {
	case 1, 3, 18, 23, 19, 20: // hints come in pairs
		has = n%2 == 1
	case 21: // rmoveto
		has = n > 2
	case 4, 22: // vmoveto, hmoveto
		has = n > 1
	case 14: // endchar
		has = n == 1 || n == 5
	default:
		return 0, false, false
	}
	if has {
		return ops[0], true, true
	}
	return 0, false, true
}
