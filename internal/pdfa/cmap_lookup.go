package pdfa

// next reads a code of a composite font: as the code space ranges say, two bytes where they are not known.
func (m *cmap) next(b []byte) (code, n int) {
	if len(m.spaces) == 0 {
		if len(b) < 2 {
			return int(b[0])<<8 | 0xff, 1
		}
		return int(b[0])<<8 | int(b[1]), 2
	}
	for n = 1; n <= 4 && n <= len(b); n++ {
		code = code<<8 | int(b[n-1])
		for _, s := range m.spaces {
			if s.holds(b[:n]) {
				return code, n
			}
		}
	}
	return 0, min(len(m.spaces[0].lo), len(b), max(1, n-1))
}

func (s codeSpace) holds(b []byte) bool {
	if len(b) != len(s.lo) || len(b) != len(s.hi) {
		return false
	}
	for i := range b {
		if b[i] < s.lo[i] || b[i] > s.hi[i] {
			return false
		}
	}
	return true
}

// cid maps a code to its CID; false when the map has none.
func (m *cmap) cid(code int) (int, bool) {
	if m.identity {
		return code, true
	}
	for i := len(m.cids) - 1; i >= 0; i-- {
		if r := m.cids[i]; code >= r.lo && code <= r.hi {
			return r.cid + code - r.lo, true
		}
	}
	return 0, false
}

// value gives the UTF-16BE bytes that a code maps to; false when the map has none.
func (m *cmap) value(code int) (string, bool) {
	if m == nil {
		return "", false
	}
	if m.identity {
		return string([]byte{byte(code >> 8), byte(code)}), true
	}
	if v, ok := m.uni[code]; ok {
		return v, true
	}
	for _, r := range m.ranges {
		if r.lo > code {
			break
		}
		if code <= r.hi {
			return r.at(code), true
		}
	}
	return "", false
}

// at gives the value of a code in the range: the last byte counts up.
func (r uniRange) at(code int) string {
	if r.start == "" {
		return ""
	}
	b := []byte(r.start)
	b[len(b)-1] += byte(code - r.lo)
	return string(b)
}

// codes gives every code that the map has a value for, in order.
func (m *cmap) codes() []int {
	set := map[int]bool{}
	for c := range m.uni {
		set[c] = true
	}
	for _, r := range m.ranges {
		for c := r.lo; c <= r.hi; c++ {
			set[c] = true
		}
	}
	return sortedKeys(set)
}

// unicodeText decodes a value; a single byte stands for its code point, as some writers have it.
func unicodeText(v string) string {
	if len(v) == 1 {
		return string(rune(v[0]))
	}
	return fromUTF16([]byte(v), false)
}

func (m *cmap) isPUA(code int) bool {
	v, _ := m.value(code)
	return hasPUA(unicodeText(v))
}

// leadsToPUA tells whether any value lies in the private use area.
func (m *cmap) leadsToPUA() bool {
	if m.identity {
		return true
	}
	for _, v := range m.uni {
		if hasPUA(unicodeText(v)) {
			return true
		}
	}
	for _, r := range m.ranges {
		if hasPUA(unicodeText(r.at(r.lo))) || hasPUA(unicodeText(r.at(r.hi))) {
			return true
		}
	}
	return false
}

// hasPUA tells whether a text has a character of the Private Use Areas.
func hasPUA(s string) bool {
	for _, r := range s {
		if r >= 0xe000 && r <= 0xf8ff || r >= 0xf0000 && r <= 0xffffd || r >= 0x100000 && r <= 0x10fffd {
			return true
		}
	}
	return false
}
