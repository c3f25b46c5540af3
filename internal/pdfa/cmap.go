package pdfa

import (
	"bytes"
	"fmt"
	"sort"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// cmap is a character map (ISO 32000-1, 9.7.5 and 9.10.3): codes to CIDs, or codes to Unicode values.
type cmap struct {
	name     string
	identity bool // two-byte codes that are their own CIDs
	unknown  bool // predefined or broken: what it maps is not known here
	broken   bool // its counts or ranges are wrong; readers differ in what they make of it
	changed  bool // it has to be written anew
	wmode    int
	uses     string // name of the CMap that it builds on
	spaces   []codeSpace
	cids     []cidRange
	uni      map[int]string // UTF-16BE, as it stands in the file
	ranges   []uniRange
	maxCID   int
}

// codeSpace is a range of codes of one length, from one to four bytes.
type codeSpace struct{ lo, hi []byte }

type cidRange struct{ lo, hi, cid int }

type uniRange struct {
	lo, hi int
	start  string
}

// predefined lists the CMaps that need not be embedded (ISO 32000-1, 9.7.5.2, Table 118).
var predefined = wordSet(`Identity-H Identity-V GB-EUC-H GB-EUC-V GBpc-EUC-H GBpc-EUC-V GBK-EUC-H GBK-EUC-V GBKp-EUC-H GBKp-EUC-V
 GBK2K-H GBK2K-V UniGB-UCS2-H UniGB-UCS2-V UniGB-UTF16-H UniGB-UTF16-V B5pc-H B5pc-V HKscs-B5-H HKscs-B5-V ETen-B5-H ETen-B5-V
 ETenms-B5-H ETenms-B5-V CNS-EUC-H CNS-EUC-V UniCNS-UCS2-H UniCNS-UCS2-V UniCNS-UTF16-H UniCNS-UTF16-V 83pv-RKSJ-H 90ms-RKSJ-H
 90ms-RKSJ-V 90msp-RKSJ-H 90msp-RKSJ-V 90pv-RKSJ-H Add-RKSJ-H Add-RKSJ-V EUC-H EUC-V Ext-RKSJ-H Ext-RKSJ-V H V UniJIS-UCS2-H
 UniJIS-UCS2-V UniJIS-UCS2-HW-H UniJIS-UCS2-HW-V UniJIS-UTF16-H UniJIS-UTF16-V KSC-EUC-H KSC-EUC-V KSCms-UHC-H KSCms-UHC-V
 KSCms-UHC-HW-H KSCms-UHC-HW-V KSCpc-EUC-H UniKS-UCS2-H UniKS-UCS2-V UniKS-UTF16-H UniKS-UTF16-V`)

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range bytes.Fields([]byte(s)) {
		set[string(w)] = true
	}
	return set
}

// encodingCMap reads the Encoding of a composite font.
func (d *document) encodingCMap(o types.Object) *cmap {
	if n := d.name(o); n != "" {
		identity := n == "Identity-H" || n == "Identity-V"
		return &cmap{name: n, identity: identity, unknown: !identity}
	}
	sd, n := d.stream(o)
	if sd == nil {
		return &cmap{unknown: true}
	}
	b, err := d.decode(sd, n, maxDecodeBytes)
	if err != nil {
		return &cmap{unknown: true}
	}
	m := parseCMap(b)
	m.name = d.name(sd.Dict["CMapName"])
	if u := d.name(sd.Dict["UseCMap"]); u != "" {
		m.uses = u
	}
	if other, n := d.stream(sd.Dict["UseCMap"]); other != nil {
		m.uses = fmt.Sprintf("a CMap in object %d", n)
	}
	m.unknown = m.uses != "" || len(m.spaces) == 0
	return m
}

// toUnicode reads a ToUnicode entry; nil when there is none.
func (d *document) toUnicode(o types.Object) *cmap {
	if n := d.name(o); n != "" {
		return &cmap{name: n, identity: n == "Identity-H" || n == "Identity-V"}
	}
	sd, n := d.stream(o)
	if sd == nil {
		return nil
	}
	b, err := d.decode(sd, n, maxDecodeBytes)
	if err != nil {
		return nil
	}
	return parseCMap(b)
}

// parseCMap reads the mappings of a CMap file.
func parseCMap(src []byte) *cmap {
	m := &cmap{uni: map[int]string{}}
	l := lexer{src: src}
	var last, before token
	for {
		t := l.next()
		if t.kind == tokEnd {
			break
		}
		if t.kind == tokWord {
			m.section(&l, string(t.b), int(last.num))
			switch string(t.b) {
			case "usecmap":
				m.uses = last.name()
			case "def":
				if before.kind == tokName && string(before.b) == "WMode" {
					m.wmode = int(last.num)
				}
			}
		}
		before, last = last, t
	}
	sort.SliceStable(m.ranges, func(i, j int) bool { return m.ranges[i].lo < m.ranges[j].lo })
	return m
}

// section reads one section of mappings; n is how many it says it has.
func (m *cmap) section(l *lexer, begin string, n int) {
	read := 0
	count := func(f func([]token)) func([]token) {
		return func(t []token) {
			read++
			f(t)
		}
	}
	switch begin {
	case "begincodespacerange":
		m.each(l, 2, count(func(t []token) {
			s := codeSpace{lo: t[0].bytes(nil), hi: t[1].bytes(nil)}
			if n := len(s.lo); n < 1 || n > 4 || n != len(s.hi) { // no code is that long (ISO 32000-1, 9.7.6.2)
				m.broken = true
				return
			}
			m.spaces = append(m.spaces, s)
		}))
	case "begincidrange":
		m.each(l, 3, count(func(t []token) { m.addCID(number(t[0]), number(t[1]), int(t[2].num)) }))
	case "begincidchar":
		m.each(l, 2, count(func(t []token) { m.addCID(number(t[0]), number(t[0]), int(t[1].num)) }))
	case "beginbfchar":
		m.each(l, 2, count(func(t []token) { m.uni[number(t[0])] = string(t[1].bytes(nil)) }))
	case "beginbfrange":
		read = m.bfRanges(l)
	default:
		return
	}
	m.broken = m.broken || read != n
}

func (m *cmap) addCID(lo, hi, cid int) {
	if hi < lo || hi-lo > 1<<24 {
		return
	}
	m.cids = append(m.cids, cidRange{lo, hi, cid})
	m.maxCID = max(m.maxCID, cid+hi-lo)
}

// each reads tuples of n tokens until the section's end.
func (m *cmap) each(l *lexer, n int, f func([]token)) {
	var t []token
	for {
		k := l.next()
		if k.kind == tokEnd || k.kind == tokWord {
			return
		}
		if t = append(t, k); len(t) == n {
			f(t)
			t = t[:0]
		}
	}
}

// bfRanges reads ranges and says how many. A range may only count in the last byte (ISO 32000-1, 9.10.3).
func (m *cmap) bfRanges(l *lexer) int {
	for n := 0; ; n++ {
		lo := l.next()
		if lo.kind != tokHex {
			return n
		}
		hi, to := l.next(), l.next()
		if hi.kind != tokHex {
			return n
		}
		first, end := number(lo), number(hi)
		m.broken = m.broken || first&^0xff != end&^0xff
		if to.kind != tokOpen {
			if end >= first && end-first <= 1<<16 {
				m.ranges = append(m.ranges, uniRange{first, end, string(to.bytes(nil))})
			}
			continue
		}
		for code := first; ; code++ {
			t := l.next()
			if t.kind != tokHex {
				break
			}
			if code <= end {
				m.uni[code] = string(t.bytes(nil))
			}
		}
	}
}

// number reads a code as it stands in a CMap: at most four bytes, high byte first.
func number(t token) int {
	v := 0
	for _, c := range t.bytes(nil) {
		v = v<<8 | int(c)
		v &= 0xffffffff
	}
	return v
}
