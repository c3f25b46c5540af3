package pdfa

import (
	"bytes"
	"encoding/binary"
	"math"
	"sort"
)

// trueTypeEdit is a change of a TrueType font program that does not change how any of its glyphs looks.
type trueTypeEdit struct {
	copyNotdef bool        // append a copy of glyph 0
	advances   map[int]int // new advances by glyph, in font units
}

// rewrite gives the font program with the change made; nil when its tables do not allow it.
func (f *trueType) rewrite(e trueTypeEdit) []byte {
	tables := map[string][]byte{}
	for tag, b := range f.tables {
		tables[tag] = b
	}
	if e.copyNotdef && !copyGlyph(tables, f.glyphs) {
		return nil
	}
	glyphs := f.glyphs
	if e.copyNotdef {
		glyphs++
	}
	if !f.setMetrics(tables, glyphs, e.advances) {
		return nil
	}
	return assemble(tables)
}

// copyGlyph appends a copy of glyph 0 to glyf, loca and maxp.
func copyGlyph(tables map[string][]byte, n int) bool {
	head, loca, glyf, maxp := tables["head"], tables["loca"], tables["glyf"], tables["maxp"]
	if len(head) < 52 || len(maxp) < 6 || n >= 0xffff {
		return false
	}
	long := binary.BigEndian.Uint16(head[50:]) == 1
	at := func(i int) int {
		if long {
			return int(binary.BigEndian.Uint32(loca[4*i:]))
		}
		return 2 * int(binary.BigEndian.Uint16(loca[2*i:]))
	}
	size := 2
	if long {
		size = 4
	}
	if len(loca) < size*(n+1) || at(1) > len(glyf) || at(0) > at(1) || at(n) > len(glyf) {
		return false
	}
	body := append(bytes.Clone(glyf[:at(n)]), glyf[at(0):at(1)]...)
	body = append(body, make([]byte, -len(body)&3)...)
	if !long && len(body) > 2*0xffff {
		return false
	}
	loca = bytes.Clone(loca[:size*(n+1)])
	if long {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(body)))
	} else {
		loca = binary.BigEndian.AppendUint16(loca, uint16(len(body)/2))
	}
	maxp = bytes.Clone(maxp)
	binary.BigEndian.PutUint16(maxp[4:], uint16(n+1))
	tables["glyf"], tables["loca"], tables["maxp"] = body, loca, maxp
	return true
}

// setMetrics writes hmtx with one advance for each glyph. A glyph beyond the old ones is like glyph 0.
func (f *trueType) setMetrics(tables map[string][]byte, glyphs int, advances map[int]int) bool {
	hhea, old := tables["hhea"], tables["hmtx"]
	if len(hhea) < 36 || len(f.advances) == 0 {
		return false
	}
	long := len(f.advances)
	bearing := func(g int) uint16 {
		at := 4*g + 2
		if g >= long {
			at = 4*long + 2*(g-long)
		}
		if at+2 > len(old) {
			return 0
		}
		return binary.BigEndian.Uint16(old[at:])
	}
	hmtx := make([]byte, 0, 4*glyphs)
	for g := range glyphs {
		like := g
		if g >= f.glyphs {
			like = 0
		}
		adv := f.advances[min(like, long-1)]
		if v, ok := advances[g]; ok {
			if v < 0 || v > math.MaxUint16 {
				return false
			}
			adv = uint16(v)
		}
		hmtx = binary.BigEndian.AppendUint16(hmtx, adv)
		hmtx = binary.BigEndian.AppendUint16(hmtx, bearing(like))
	}
	hhea = bytes.Clone(hhea)
	binary.BigEndian.PutUint16(hhea[34:], uint16(glyphs))
	tables["hmtx"], tables["hhea"] = hmtx, hhea
	return true
}

// assemble writes the tables as a font file (ISO/IEC 14496-22, 4.3) with its checksums.
func assemble(tables map[string][]byte) []byte {
	tags := make([]string, 0, len(tables))
	for tag := range tables {
		tags = append(tags, tag)
	}
	sort.Strings(tags)
	if head := tables["head"]; len(head) >= 12 {
		head = bytes.Clone(head)
		binary.BigEndian.PutUint32(head[8:], 0)
		tables["head"] = head
	}
	n := len(tags)
	power := 1
	for power*2 <= n {
		power *= 2
	}
	b := []byte{0, 1, 0, 0}
	for _, v := range []int{n, power * 16, int(math.Log2(float64(power))), (n - power) * 16} {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	at := len(b) + 16*n
	var data []byte
	headAt := -1
	for _, tag := range tags {
		t := tables[tag]
		if tag == "head" {
			headAt = at
		}
		b = append(b, tag...)
		for _, v := range []uint32{tableSum(t), uint32(at), uint32(len(t))} {
			b = binary.BigEndian.AppendUint32(b, v)
		}
		data = append(data, t...)
		data = append(data, make([]byte, -len(data)&3)...)
		at = 12 + 16*n + len(data)
	}
	b = append(b, data...)
	if headAt >= 0 {
		binary.BigEndian.PutUint32(b[headAt+8:], 0xb1b0afba-tableSum(b))
	}
	return b
}

func tableSum(b []byte) uint32 {
	var sum uint32
	for len(b) >= 4 {
		sum += binary.BigEndian.Uint32(b)
		b = b[4:]
	}
	var last [4]byte
	copy(last[:], b)
	return sum + binary.BigEndian.Uint32(last[:])
}
