package sites

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/jpeg"
	"image/png"
	"net/http"
	"path"
	"strings"
	"sync"
)

// pictures makes every picture that the sites show, from its name alone: "<scene>-<key>.<jpg|png|svg>". A scene is painted in a few
// variants and kept encoded; each name gets its own bytes by a comment in the file, so that no two pictures have the same sum.
type pictures struct {
	mu   sync.Mutex
	kept map[string][]byte
}

const (
	pictureW, pictureH = 960, 640
	pictureVariants    = 3
)

func newPictures() *pictures { return &pictures{kept: map[string][]byte{}} }

// serve answers with the picture of a name.
func (p *pictures) serve(w http.ResponseWriter, r *http.Request, name string) {
	ext := path.Ext(name)
	scene, key, _ := strings.Cut(strings.TrimSuffix(name, ext), "-")
	w.Header().Set("Cache-Control", "max-age=3600")
	switch ext {
	case ".svg":
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = w.Write(vector(scene, key))
	case ".jpg":
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(stampJPEG(p.base(scene, key, ext), name))
	case ".png":
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(stampPNG(p.base(scene, key, ext), name))
	default:
		http.NotFound(w, r)
	}
}

// base gives the encoded picture of a scene in the variant that the key asks for.
func (p *pictures) base(scene, key, ext string) []byte {
	variant := hash64(key) % pictureVariants
	id := fmt.Sprint(scene, variant, ext)
	p.mu.Lock()
	defer p.mu.Unlock()
	if b := p.kept[id]; b != nil {
		return b
	}
	img := paint(scene, variant, ext == ".png")
	var b bytes.Buffer
	var err error
	if ext == ".png" {
		err = (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 76})
	}
	if err != nil {
		panic(fmt.Sprintf("sites: picture %s: %v", id, err)) // only a broken image can do this
	}
	p.kept[id] = b.Bytes()
	return p.kept[id]
}

// stampJPEG puts a comment segment behind the start of the image.
func stampJPEG(b []byte, name string) []byte {
	out := append([]byte(nil), b[:2]...)
	out = append(out, 0xff, 0xfe)
	out = binary.BigEndian.AppendUint16(out, uint16(len(name)+2))
	out = append(out, name...)
	return append(out, b[2:]...)
}

// stampPNG puts a text chunk behind the header chunk.
func stampPNG(b []byte, name string) []byte {
	const head = 8 + 25
	body := append([]byte("tEXtComment\x00"), name...)
	out := append([]byte(nil), b[:head]...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)-4))
	out = append(out, body...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(body))
	return append(out, b[head:]...)
}
