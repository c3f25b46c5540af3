package app

import (
	"bytes"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	_ "image/png" // tiles of evidence and closure are PNG
	"io"
	"sync"

	xdraw "golang.org/x/image/draw"

	"arsring/internal/sip"
	"arsring/internal/web"
)

// tileShelf gives the pictures of tiles: from the package where it holds them as files, else out of the record, where screenshots lie byte
// for byte as they were taken and are known by their SHA-256. The pictures that were asked for last are kept at hand.
type tileShelf struct {
	w *webArchive

	mu   sync.Mutex
	used *list.List // of *shelved, the newest use first
	all  map[string]*list.Element
	size int
	busy sync.Mutex // one record is read into memory at a time
}

type shelved struct {
	key, mime string
	data      []byte
}

// shelfBytes bounds what is kept at hand.
const shelfBytes = 48 << 20

func newTileShelf(w *webArchive) *tileShelf {
	return &tileShelf{w: w, used: list.New(), all: map[string]*list.Element{}}
}

func (t *tileShelf) get(ctx context.Context, id string, n, width int) ([]byte, string, error) {
	key := fmt.Sprintf("%s %d %d", id, n, width)
	if data, mime, ok := t.take(key); ok {
		return data, mime, nil
	}
	t.busy.Lock()
	defer t.busy.Unlock()
	if data, mime, ok := t.take(key); ok {
		return data, mime, nil
	}
	m, err := t.w.Manifest(ctx, id)
	if err != nil {
		return nil, "", err
	}
	for _, tile := range m.Tiles {
		if tile.N != n {
			continue
		}
		data, err := t.original(ctx, m, tile)
		if err != nil {
			return nil, "", err
		}
		data, mime, err := narrow(data, width)
		if err != nil {
			return nil, "", web.ErrNotFound
		}
		t.put(key, mime, data)
		return data, mime, nil
	}
	return nil, "", web.ErrNotFound
}

func (t *tileShelf) take(key string) ([]byte, string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, ok := t.all[key]
	if !ok {
		return nil, "", false
	}
	t.used.MoveToFront(e)
	s := e.Value.(*shelved)
	return s.data, s.mime, true
}

func (t *tileShelf) put(key, mime string, data []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.all[key]; ok {
		return
	}
	t.all[key] = t.used.PushFront(&shelved{key, mime, data})
	for t.size += len(data); t.size > shelfBytes && t.used.Len() > 1; {
		last := t.used.Back()
		s := t.used.Remove(last).(*shelved)
		delete(t.all, s.key)
		t.size -= len(s.data)
	}
}

// original gives a tile's own bytes. From a record that has to be read whole, the other tiles go onto the shelf as well.
func (t *tileShelf) original(ctx context.Context, m sip.Manifest, tile sip.Tile) ([]byte, error) {
	if tile.Path != nil {
		return t.read(ctx, m.ID, *tile.Path)
	}
	if m.Record == nil {
		return nil, web.ErrNotFound
	}
	if data, _, ok := t.take(m.ID + " " + tile.SHA256); ok {
		return data, nil
	}
	pdf, err := t.read(ctx, m.ID, m.Record.Path)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, other := range m.Tiles {
		wanted[other.SHA256] = true
	}
	var found []byte
	for _, data := range jpegStreams(pdf) {
		sum := sha256.Sum256(data)
		h := hex.EncodeToString(sum[:])
		if h == tile.SHA256 {
			found = bytes.Clone(data)
		}
		if wanted[h] && len(pdf) < shelfBytes/2 {
			t.put(m.ID+" "+h, "image/jpeg", bytes.Clone(data))
		}
	}
	if found == nil {
		return nil, web.ErrNotFound
	}
	return found, nil
}

func (t *tileShelf) read(ctx context.Context, id, path string) ([]byte, error) {
	r, n, err := t.w.Open(ctx, id, path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if n > 512<<20 {
		return nil, web.ErrNotFound
	}
	return io.ReadAll(r)
}

// jpegStreams finds the pictures that lie in a PDF as JPEG, as it stores them. Whoever asks for one knows its hash, so a stray match does no harm.
func jpegStreams(pdf []byte) [][]byte {
	var out [][]byte
	for rest := pdf; ; {
		i := bytes.Index(rest, []byte("stream\n\xff\xd8"))
		skip := len("stream\n")
		if j := bytes.Index(rest, []byte("stream\r\n\xff\xd8")); j >= 0 && (i < 0 || j < i) {
			i, skip = j, len("stream\r\n")
		}
		if i < 0 {
			return out
		}
		rest = rest[i+skip:]
		end := bytes.Index(rest, []byte("endstream"))
		if end < 0 {
			return out
		}
		data := rest[:end]
		if eoi := bytes.LastIndex(data, []byte("\xff\xd9")); eoi >= 0 {
			out = append(out, data[:eoi+2])
		}
		rest = rest[end:]
	}
}

// narrow gives a picture as it is (width 0), or as a JPEG no wider than width, cut to the height of a sheet.
func narrow(data []byte, width int) ([]byte, string, error) {
	cfg, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || cfg.Width*cfg.Height > 100<<20 {
		return nil, "", web.ErrNotFound
	}
	if width <= 0 || cfg.Width <= width {
		return data, "image/" + kind, nil
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, "", err
	}
	b := img.Bounds()
	small := image.NewRGBA(image.Rect(0, 0, width, max(1, b.Dy()*width/b.Dx())))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	xdraw.ApproxBiLinear.Scale(small, small.Bounds(), img, b, draw.Over, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: 80}); err != nil {
		return nil, "", err
	}
	return out.Bytes(), "image/jpeg", nil
}
