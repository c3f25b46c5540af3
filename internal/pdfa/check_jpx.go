package pdfa

import (
	"encoding/binary"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// jpxInfo is what the rules ask of a JPEG 2000 file (ISO/IEC 15444-1, Annex I).
type jpxInfo struct {
	channels, depth int
	bpcc            bool
	specs, marked   int
	method, space   int
	found           bool
}

// jpx holds a JPEG 2000 image against 6.2.8.3.
func (r *resourceChecker) jpx(x types.Dict, num int) {
	sd, _ := r.d.stream(*types.NewIndirectRef(num, 0))
	if sd == nil {
		return
	}
	b := sd.Raw
	if f, ok := r.d.files[num]; ok {
		b, _ = f.read(maxStreamBytes)
	}
	j := readJPX(b)
	if !j.found {
		r.fail(ruleJPXDepth, num, "the JPEG 2000 data cannot be read")
		return
	}
	if n := j.channels; n != 1 && n != 3 && n != 4 {
		r.fail(ruleJPXChannels, num, "%d channels", n)
	}
	if j.bpcc || j.depth < 1 || j.depth > 38 {
		r.fail(ruleJPXDepth, num, "bit depth %d", j.depth)
	}
	if x["ColorSpace"] != nil {
		return
	}
	if j.specs != 1 && j.marked != 1 {
		r.fail(ruleJPXSpecs, num, "%d colour specifications", j.specs)
	}
	if j.method < 1 || j.method > 3 {
		r.fail(ruleJPXMethod, num, "method %d", j.method)
	}
	if j.space == 19 {
		r.fail(ruleJPXJab, num, "CIEJab")
	}
}

// readJPX reads the header boxes of a JP2 file. A bare code stream is none: the filter takes the file format (ISO 32000-1, 7.4.9).
func readJPX(b []byte) jpxInfo {
	var j jpxInfo
	j.boxes(b, 0)
	return j
}

func (j *jpxInfo) boxes(b []byte, depth int) {
	for len(b) >= 8 && depth < 4 {
		size := int64(binary.BigEndian.Uint32(b))
		kind := string(b[4:8])
		head := int64(8)
		if size == 1 && len(b) >= 16 {
			size, head = int64(binary.BigEndian.Uint64(b[8:])), 16
		}
		if size == 0 {
			size = int64(len(b))
		}
		if size < head || size > int64(len(b)) {
			return
		}
		j.box(kind, b[head:size], depth)
		b = b[size:]
	}
}

func (j *jpxInfo) box(kind string, body []byte, depth int) {
	switch kind {
	case "jp2h":
		j.boxes(body, depth+1)
	case "ihdr":
		if len(body) >= 11 {
			j.found = true
			j.channels = int(binary.BigEndian.Uint16(body[8:]))
			j.depth = int(body[10]&0x7f) + 1
		}
	case "bpcc":
		j.bpcc = true
	case "colr":
		if len(body) < 3 {
			return
		}
		j.specs++
		if body[2] == 1 {
			j.marked++
		}
		if j.specs == 1 || body[2] == 1 {
			j.method = int(body[0])
			if body[0] == 1 && len(body) >= 7 {
				j.space = int(binary.BigEndian.Uint32(body[3:]))
			}
		}
	}
}
