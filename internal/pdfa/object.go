package pdfa

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

var errStreamTooLong = errors.New("a stream unpacks to more than the limit")

// get follows references to the object itself; nil when there is none.
func (d *document) get(o types.Object) types.Object {
	for range 32 {
		ref, ok := asRef(o)
		if !ok {
			return o
		}
		e := d.entry(int(ref.ObjectNumber))
		if e == nil || e.Free {
			return nil
		}
		o = e.Object
	}
	return nil
}

// asRef tells whether the object is a reference.
func asRef(o types.Object) (types.IndirectRef, bool) {
	switch r := o.(type) {
	case types.IndirectRef:
		return r, true
	case *types.IndirectRef:
		if r != nil {
			return *r, true
		}
	}
	return types.IndirectRef{}, false
}

// refNum gives the object number of a reference; 0 for a direct object.
func refNum(o types.Object) int {
	r, ok := asRef(o)
	if !ok {
		return 0
	}
	return int(r.ObjectNumber)
}

// dict gives the dictionary that the object is or leads to, a stream's dictionary included; nil when it is none.
func (d *document) dict(o types.Object) types.Dict {
	switch v := d.get(o).(type) {
	case types.Dict:
		return v
	case types.StreamDict:
		return v.Dict
	case *types.StreamDict:
		return v.Dict
	}
	return nil
}

// array gives the array that the object is or leads to; nil when it is none.
func (d *document) array(o types.Object) types.Array {
	a, _ := d.get(o).(types.Array)
	return a
}

// name gives the name that the object is or leads to; empty when it is none.
func (d *document) name(o types.Object) string {
	n, _ := d.get(o).(types.Name)
	return string(n)
}

// num gives the number that the object is or leads to.
func (d *document) num(o types.Object) (float64, bool) {
	switch v := d.get(o).(type) {
	case types.Integer:
		return float64(v), true
	case types.Float:
		return float64(v), true
	}
	return 0, false
}

// integer gives the integer that the object is or leads to.
func (d *document) integer(o types.Object) (int, bool) {
	switch v := d.get(o).(type) {
	case types.Integer:
		return int(v), true
	case types.Float:
		if float64(v) == float64(int(v)) {
			return int(v), true
		}
	}
	return 0, false
}

func (d *document) boolean(o types.Object) bool {
	b, _ := d.get(o).(types.Boolean)
	return bool(b)
}

// bytesOf gives the bytes of a string object.
func (d *document) bytesOf(o types.Object) ([]byte, bool) {
	switch v := d.get(o).(type) {
	case types.StringLiteral:
		b, err := types.Unescape(string(v))
		if err != nil {
			return []byte(v), true
		}
		return b, true
	case types.HexLiteral:
		b, err := hex.DecodeString(string(v))
		if err != nil {
			return nil, true
		}
		return b, true
	}
	return nil, false
}

// stream gives the stream that a reference leads to, with its object number; nil when it is none.
func (d *document) stream(o types.Object) (*types.StreamDict, int) {
	n := refNum(o)
	switch v := d.get(o).(type) {
	case types.StreamDict:
		return &v, n
	case *types.StreamDict:
		return v, n
	}
	return nil, n
}

// entry gives the entry of the table with the number; nil when there is none.
func (d *document) entry(n int) *model.XRefTableEntry {
	if n >= 0 && n < len(d.entries) && d.entries[n] != nil {
		return d.entries[n]
	}
	return d.ctx.Table[n]
}

// object gives the object with the number; nil when there is none.
func (d *document) object(n int) types.Object {
	e := d.entry(n)
	if e == nil || e.Free {
		return nil
	}
	return e.Object
}

// set replaces the object with the number.
func (d *document) set(n int, o types.Object) {
	if e := d.ctx.Table[n]; e != nil {
		e.Object = o
		return
	}
	d.ctx.Table[n] = model.NewXRefTableEntryGen0(o)
}

// add stores a new object and gives the reference to it.
func (d *document) add(o types.Object) types.IndirectRef {
	n := *d.ctx.Size
	for d.ctx.Table[n] != nil {
		n++
	}
	*d.ctx.Size = n + 1
	d.ctx.Table[n] = model.NewXRefTableEntryGen0(o)
	return *types.NewIndirectRef(n, 0)
}

// addStream stores a new stream, deflated when that makes it smaller, and gives the reference to it.
func (d *document) addStream(dict types.Dict, content []byte) types.IndirectRef {
	return d.add(packStream(dict, content))
}

// packStream makes a stream object of the content with the Flate filter.
func packStream(dict types.Dict, content []byte) types.StreamDict {
	return packedStream(dict, deflate(content))
}

// packedStream makes a stream object of what Flate has packed.
func packedStream(dict types.Dict, raw []byte) types.StreamDict {
	dict["Filter"] = types.Name("FlateDecode")
	delete(dict, "DecodeParms")
	return rawStream(dict, raw, []types.PDFFilter{{Name: "FlateDecode"}})
}

// rawStream makes a stream object of bytes that are already encoded as the filters say.
func rawStream(dict types.Dict, raw []byte, filters []types.PDFFilter) types.StreamDict {
	n := int64(len(raw))
	dict["Length"] = types.Integer(n)
	return types.StreamDict{Dict: dict, StreamLength: &n, Raw: raw, FilterPipeline: filters}
}

// decode unpacks a stream whole; at most the limit of bytes. A stream that ends early gives what it had, as viewers do.
func (d *document) decode(sd *types.StreamDict, num int, limit int64) (b []byte, err error) { //nolint:unparam // a caller names its bound
	defer func() {
		if p := recover(); p != nil {
			b, err = nil, fmt.Errorf("unpack stream %d: %v", num, p)
		}
	}()
	raw := sd.Raw
	if f, ok := d.files[num]; ok && num != 0 {
		if raw, err = f.read(limit); err != nil {
			return nil, err
		}
	}
	if raw == nil && sd.Content != nil {
		return sd.Content, nil
	}
	switch {
	case len(sd.FilterPipeline) == 0:
		return raw, nil
	case flateOnly(sd):
		return d.unpacked.inflate(raw, limit)
	}
	c := types.StreamDict{Dict: sd.Dict, Raw: raw, FilterPipeline: sd.FilterPipeline}
	if err := c.DecodeWithLimit(limit); err != nil {
		return nil, fmt.Errorf("unpack stream %d: %w", num, err)
	}
	return c.Content, nil
}

// read loads the piece of the file; at most the limit of bytes.
func (f fileStream) read(limit int64) ([]byte, error) {
	if f.size > limit {
		return nil, errStreamTooLong
	}
	file, err := os.Open(f.path)
	if err != nil {
		return nil, fmt.Errorf("open the stream's file: %w", err)
	}
	defer file.Close()
	b := make([]byte, f.size)
	if _, err := file.ReadAt(b, f.offset); err != nil {
		return nil, fmt.Errorf("read %d bytes at %d of %s: %w", f.size, f.offset, f.path, err)
	}
	return b, nil
}
