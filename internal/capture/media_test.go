package capture

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arsring/testdata/sites"
)

// gallery serves pictures and counts how often each is asked for.
type gallery struct {
	files map[string][]byte
}

func newGallery() *gallery {
	img := image.NewPaletted(image.Rect(0, 0, 200, 120), color.Palette{color.White, color.RGBA{0x1a, 0x5f, 0x7a, 0xff}})
	for x := range 100 {
		img.SetColorIndex(x, x, 1)
	}
	var j, p, g bytes.Buffer
	_ = jpeg.Encode(&j, img, nil) // into memory
	_ = png.Encode(&p, img)
	_ = gif.Encode(&g, img, nil)
	svg := `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="120"><rect width="200" height="120" fill="teal"/></svg>`
	return &gallery{files: map[string][]byte{"/a.jpg": j.Bytes(), "/same.jpg": j.Bytes(), "/b.png": p.Bytes(), "/c.gif": g.Bytes(), "/d.svg": []byte(svg), "/signed.jpg": append(j.Bytes(), "signed"...),
		"/huge.png": append(p.Bytes(), make([]byte, maxPicture)...), "/text.jpg": []byte("<html><h1>Logga in</h1></html>"), "/late.jpg": append(j.Bytes(), "late"...)}}
}

func (g *gallery) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := g.files[r.URL.Path]
	switch {
	case r.URL.Path == "/moved.jpg":
		http.Redirect(w, r, "/a.jpg", http.StatusFound)
	case !ok:
		http.NotFound(w, r)
	default:
		w.Header().Set("Content-Type", map[string]string{".svg": "image/svg+xml", ".jpg": "image/jpeg"}[filepath.Ext(r.URL.Path)])
		_, _ = w.Write(body)
	}
}

func TestMediaOfPosts(t *testing.T) {
	t.Parallel()
	g := newGallery()
	s := newStage(t, g)
	inline := "data:image/png;base64," + base64.StdEncoding.EncodeToString(g.files["/b.png"])
	paths := []string{"/a.jpg", "/same.jpg", "/b.png", "/c.gif", "/d.svg", "/signed.jpg?id=7&token=hemligt", "/huge.png", "/gone.jpg", "/text.jpg"}
	page := ""
	for _, p := range paths {
		page += `<img src="` + p + `">`
	}
	s.show(page + `<img src="` + inline + `">`)
	name, err := eval[string](s.ctx, s.tab, "dataRef", inline)
	if err != nil {
		t.Fatal(err)
	}
	c := &Capture{Missing: []Missing{}, Posts: []Post{{Comments: []Post{{}}}}}
	post, comment := &c.Posts[0], &c.Posts[0].Comments[0]
	for _, p := range append(paths, "/late.jpg") {
		post.Media = append(post.Media, Media{Kind: "image", URL: withoutSecrets(s.home + p)})
	}
	post.Media = append(post.Media, Media{Kind: "video", URL: s.home + "/film.mp4"}, Media{Kind: "image", URL: "blob:" + s.home + "/0b1"})
	comment.Media = []Media{{Kind: "image", URL: s.home + "/a.jpg"}, {Kind: "image", URL: name}}
	sh := &shooter{t: s.tab, dir: t.TempDir(), c: c}
	if err := os.Mkdir(filepath.Join(sh.dir, "media"), 0o700); err != nil {
		t.Fatal(err)
	}
	sh.keepMedia(s.ctx, c.Posts)
	if err := sh.closeMedia(s.ctx); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		file, mime string
		w, h       int
	}{{"/a.jpg", "image/jpeg", 200, 120}, {"/a.jpg", "image/jpeg", 200, 120}, {"/b.png", "image/png", 200, 120}, {"/c.gif", "image/gif", 200, 120}, {"/d.svg", "image/svg+xml", 0, 0},
		{"/signed.jpg", "image/jpeg", 200, 120}, {}, {}, {}, {"/late.jpg", "image/jpeg", 200, 120}, {}, {}} {
		checkMedia(t, sh.dir, post.Media[i], g.files[want.file], want.mime, want.w, want.h)
	}
	checkMedia(t, sh.dir, comment.Media[0], g.files["/a.jpg"], "image/jpeg", 200, 120)
	checkMedia(t, sh.dir, comment.Media[1], g.files["/b.png"], "image/png", 200, 120)
	if comment.Media[1].URL != "data:image/png" {
		t.Errorf("a picture in the page is listed as %q", comment.Media[1].URL)
	}
	for _, p := range append(paths, "/late.jpg") {
		n := 0
		for _, a := range s.sent("GET") {
			if a == p {
				n++
			}
		}
		if n != 1 && p != "/text.jpg" { // what is no picture the browser does not hold
			t.Errorf("%s was fetched %d times", p, n)
		}
	}
	if len(c.Missing) != 1 || c.Missing[0].Code != "media-too-large" {
		t.Errorf("missing = %+v", c.Missing)
	}
	files, _ := os.ReadDir(filepath.Join(sh.dir, "media"))
	if len(files) != 6 {
		t.Errorf("%d files, want 6", len(files))
	}
	if got := s.tab.net.failures(); got[s.home+"/gone.jpg"] != "http-404" {
		t.Errorf("failures = %v", got)
	}
	if _, where := s.tab.lostImages(); strings.Contains(where, "hemligt") {
		t.Errorf("a secret is shown: %s", where)
	}
}

// checkMedia compares a kept picture with the bytes that were served; nil is a picture that is not kept.
func checkMedia(t *testing.T, dir string, m Media, want []byte, mime string, w, h int) {
	t.Helper()
	if want == nil {
		if m.Path != "" || m.SHA256 != "" {
			t.Errorf("%s was kept: %+v", m.URL, m)
		}
		return
	}
	sum := sha256.Sum256(want)
	if m.SHA256 != hex.EncodeToString(sum[:]) || m.MIME != mime || m.Bytes != int64(len(want)) || m.W != w || m.H != h || !strings.HasPrefix(m.Path, "media/"+m.SHA256[:min(32, len(m.SHA256))]+".") {
		t.Errorf("%s: %+v, want %d bytes of %s, %d×%d", m.URL, m, len(want), mime, w, h)
		return
	}
	if got, err := os.ReadFile(filepath.Join(dir, m.Path)); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: %d bytes in %s, want %d (%v)", m.URL, len(got), m.Path, len(want), err)
	}
}

func TestMediaLimit(t *testing.T) {
	t.Parallel()
	g := newGallery()
	s := newStage(t, g)
	s.show(`<img src="/a.jpg"><img src="/b.png"><img src="/c.gif">`)
	c := &Capture{Missing: []Missing{}, Posts: []Post{{Media: []Media{{Kind: "image", URL: s.home + "/a.jpg"}, {Kind: "image", URL: s.home + "/b.png"}}}}}
	sh := &shooter{t: s.tab, dir: t.TempDir(), c: c, limits: Limits{Bytes: int64(len(g.files["/a.jpg"])) + 10}}
	if err := os.Mkdir(filepath.Join(sh.dir, "media"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := sh.closeMedia(s.ctx); err != nil {
		t.Fatal(err)
	}
	if m := c.Posts[0].Media; m[0].Path == "" || m[1].Path != "" || len(c.Missing) != 1 || c.Missing[0].Code != "media-limit" {
		t.Errorf("%+v, missing %+v", m, c.Missing)
	}
}

// A virtual list takes its pictures out of the document; they are kept all the same, without being fetched again.
func TestMediaOfVirtualList(t *testing.T) {
	t.Parallel()
	s := newStage(t, sites.Handler(sites.Options{}))
	c := s.capture("/virtual/?posts=30")
	kept, all := 0, 0
	eachPicture(c.Posts, func(m *Media) {
		all++
		if m.Path != "" && len(m.SHA256) == 64 {
			kept++
		}
	})
	if all < 20 || kept != all {
		t.Errorf("%d of %d pictures kept", kept, all)
	}
	asked := map[string]int{}
	for _, a := range s.sent("GET") {
		if strings.Contains(a, "/media/") {
			asked[a]++
		}
	}
	for a, n := range asked {
		if n > 1 {
			t.Errorf("%s was fetched %d times", a, n)
		}
	}
}

func TestSniffPicture(t *testing.T) {
	g := newGallery()
	for _, k := range []struct {
		body    string
		claimed string
		mime    string
		ext     string
	}{
		{string(g.files["/a.jpg"]), "text/html", "image/jpeg", "jpg"},
		{string(g.files["/b.png"]), "", "image/png", "png"},
		{string(g.files["/c.gif"]), "image/png", "image/gif", "gif"},
		{string(g.files["/d.svg"]), "", "image/svg+xml", "svg"},
		{"<?xml version=\"1.0\"?>\n<!-- x -->\n<SVG/>", "", "image/svg+xml", "svg"},
		{"RIFF\x24\x00\x00\x00WEBPVP8 ....", "", "image/webp", "webp"},
		{"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1miaf", "", "image/avif", "avif"},
		{"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1", "", "image/heic", "heic"},
		{"BM....", "", "image/bmp", "bmp"},
		{"II*\x00....", "", "image/tiff", "tif"},
		{"\x00\x00\x01\x00....", "", "image/vnd.microsoft.icon", "ico"},
		{"\xff\x0a....\x00\x01", "image/jxl", "", ""},
		{"<html><h1>Logga in</h1></html>", "image/jpeg", "", ""},
		{"", "image/jpeg", "", ""},
		{"<html><svg></svg></html>", "image/svg+xml", "", ""},
	} {
		got, ok := sniffPicture([]byte(k.body), k.claimed)
		if ok != (k.mime != "") || ok && (got.mime != k.mime || got.ext != k.ext) {
			t.Errorf("%.20q, said to be %q: %+v, %v; want %s .%s", k.body, k.claimed, got, ok, k.mime, k.ext)
		}
	}
}

func TestInlineBytes(t *testing.T) {
	for address, want := range map[string]string{
		"data:text/plain,hej%20d%C3%A5":            "text/plain|hej då",
		"data:image/svg+xml;utf8,<svg/>":           "image/svg+xml|<svg/>",
		"data:image/png;base64,aGVq":               "image/png|hej",
		"data:image/png;charset=x;base64,aGVqaQ==": "image/png|heji",
		"data:image/png;base64,aGVqaQ%3D%3D":       "image/png|heji",
		"data:image/png;base64,aGVq\n aQ":          "image/png|heji",
		"data:image/png;base64,%%%":                "",
		"data:image/png":                           "",
	} {
		body, mime, ok := inlineBytes(address)
		if got := fmt.Sprintf("%s|%s", mime, body); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
