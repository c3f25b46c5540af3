package capture

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
)

// mostMedia bounds what is kept of one picture, in bytes.
const mostMedia = 64 << 20

// pictureNames are the pictures that are kept as files, by what their first bytes say they are.
var pictureNames = map[string]string{"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/avif": "avif", "image/bmp": "bmp"}

// media keeps the piece's pictures as the page fetched them, and says what of it is not in the copy.
func (w *witness) media(ctx context.Context, r *rawPost, piece *Post) error {
	for i := range piece.Media {
		m := &piece.Media[i]
		if m.Kind != "image" {
			w.c.lack("evidence-"+m.Kind, "Filmen eller ljudet i det som ska dokumenteras är inte sparat, bara dess adress och bild. Spara det för sig och lämna in det (arsring ingest).",
				"The video or sound in what is to be documented was not kept, only its address and picture. Save it by itself and hand it in (arsring ingest).")
			continue
		}
		if i >= len(r.Media) {
			continue
		}
		if err := w.picture(ctx, r.Media[i].URL, m); err != nil {
			return err
		}
		if m.Path == "" {
			w.c.lack("picture-not-kept", "En bild i det som ska dokumenteras finns bara i fotografiet av sidan, inte som egen fil.", "A picture in what is to be documented is only in the photograph of the page, not a file of its own.")
		}
	}
	return nil
}

// picture writes one picture to the capture's media folder. One that the browser no longer has is only in the tiles.
func (w *witness) picture(ctx context.Context, address string, m *Media) error {
	res, err := cdp.Call(ctx, w.t.s, page.GetResourceContent, page.GetResourceContentParams{FrameID: w.t.frame, URL: address})
	if err != nil {
		return ctx.Err()
	}
	data := res.Content
	mime := http.DetectContentType(data)
	ext := pictureNames[mime]
	if ext == "" || len(data) > mostMedia {
		return nil
	}
	sum := digest(data)
	m.Path, m.SHA256, m.MIME, m.Bytes = "media/"+sum[:24]+"."+ext, sum, mime, int64(len(data))
	if err := os.WriteFile(filepath.Join(w.dir, m.Path), data, 0o600); err != nil {
		return fmt.Errorf("cannot keep a picture: %w; check that the disk has room", err)
	}
	return nil
}
