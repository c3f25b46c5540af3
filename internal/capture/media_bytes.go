package capture

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // sizes of pictures
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/io"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
)

var (
	errTooLarge  = errors.New("the picture is too large")
	errNoPicture = errors.New("the server did not give the picture")
	errTwin      = errors.New("several pictures share the address")
	errNotSeen   = errors.New("the picture has not been loaded")
)

// pictureBytes gives the bytes of a picture that the browser has loaded, without another request. An error other than errTooLarge and
// errNoPicture may pass.
func (t *tab) pictureBytes(ctx context.Context, shown string) ([]byte, seenPicture, error) {
	p, ok := t.net.seen(shown)
	switch {
	case !ok:
		return nil, p, errNotSeen
	case p.failed != "":
		return nil, p, errNoPicture
	case p.size > maxPicture:
		return nil, p, errTooLarge
	case p.twin:
		return nil, seenPicture{failed: "ambiguous"}, errTwin
	}
	res, err := cdp.Call(ctx, t.s, network.GetResponseBody, network.GetResponseBodyParams{RequestID: p.id})
	var body []byte
	if err == nil {
		body = res.Body
	}
	if err != nil || len(body) == 0 {
		held, err := cdp.Call(ctx, t.s, page.GetResourceContent, page.GetResourceContentParams{FrameID: t.frame, URL: p.url})
		if err != nil {
			return nil, p, fmt.Errorf("the browser no longer holds the picture: %w", err)
		}
		body = held.Content
	}
	switch {
	case len(body) > maxPicture:
		return nil, p, errTooLarge
	case len(body) == 0:
		return nil, p, errNotSeen
	}
	return body, p, nil
}

// fetchPicture fetches a picture as the page itself would, through the browser's cache.
func (t *tab) fetchPicture(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	res, err := cdp.Call(ctx, t.s, network.LoadNetworkResource, network.LoadNetworkResourceParams{FrameID: t.frame, URL: address,
		Options: &network.LoadNetworkResourceOptions{IncludeCredentials: true}})
	if err != nil {
		return nil, err
	}
	r := res.Resource
	if r == nil || !r.Success || r.HTTPStatusCode >= 400 || r.Stream == "" {
		return nil, errNoPicture
	}
	defer func() { _, _ = cdp.Call(ctx, t.s, io.Close, io.CloseParams{Handle: r.Stream}) }()
	var out []byte
	for {
		piece, err := cdp.Call(ctx, t.s, io.Read, io.ReadParams{Handle: r.Stream, Size: 1 << 20})
		if err != nil {
			return nil, err
		}
		if out = append(out, piece.Data...); len(out) > maxPicture {
			return nil, errTooLarge
		}
		if piece.EOF {
			return out, nil
		}
	}
}

// inlineBytes reads a data: address (RFC 2397).
func inlineBytes(address string) (body []byte, mime string, ok bool) {
	head, data, found := strings.Cut(strings.TrimPrefix(address, "data:"), ",")
	if !found {
		return nil, "", false
	}
	mime, params, _ := strings.Cut(head, ";")
	text, err := url.PathUnescape(data)
	if err != nil {
		return nil, "", false
	}
	if strings.HasSuffix(strings.TrimSpace(";"+params), ";base64") {
		text = strings.TrimRight(strings.Map(func(r rune) rune {
			switch r {
			case ' ', '\n', '\r', '\t':
				return -1
			case '-':
				return '+'
			case '_':
				return '/'
			}
			return r
		}, text), "=")
		body, err = base64.RawStdEncoding.DecodeString(text)
		return body, mime, err == nil
	}
	return []byte(text), mime, true
}

// pictureKind is what bytes turn out to be.
type pictureKind struct {
	mime, ext string
	w, h      int
}

var pictureExt = map[string]string{"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/avif": "avif", "image/svg+xml": "svg",
	"image/bmp": "bmp", "image/vnd.microsoft.icon": "ico", "image/heic": "heic", "image/tiff": "tif"}

// sniffPicture tells a picture's type by its bytes; what the server claimed counts only where the bytes do not say. ok is false for what is no
// picture.
func sniffPicture(body []byte, claimed string) (k pictureKind, ok bool) {
	head := body[:min(len(body), 1024)]
	k.mime, _, _ = strings.Cut(http.DetectContentType(head), ";")
	switch {
	case k.mime == "image/x-icon":
		k.mime = "image/vnd.microsoft.icon"
	case len(head) > 12 && string(head[4:8]) == "ftyp" && strings.Contains(string(head[8:min(len(head), 32)]), "avi"):
		k.mime = "image/avif"
	case len(head) > 12 && string(head[4:8]) == "ftyp" && (string(head[8:11]) == "hei" || string(head[8:12]) == "mif1"):
		k.mime = "image/heic"
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		k.mime = "image/tiff"
	case strings.HasPrefix(k.mime, "text/") && bytes.Contains(bytes.ToLower(head), []byte("<svg")) && !bytes.Contains(bytes.ToLower(head), []byte("<html")):
		k.mime = "image/svg+xml"
	}
	if k.ext = pictureExt[k.mime]; k.ext == "" {
		claimed, _, _ = strings.Cut(strings.ToLower(claimed), ";")
		if k.ext = pictureExt[claimed]; k.ext == "" || strings.HasPrefix(k.mime, "text/") {
			return k, false
		}
		k.mime = claimed
	}
	if c, _, err := image.DecodeConfig(bytes.NewReader(body)); err == nil {
		k.w, k.h = c.Width, c.Height
	}
	return k, true
}
