package app

import (
	"archive/zip"
	"bytes"
	"net/url"
	"strings"
	"testing"
)

// exportFile is a small ZIP file as platforms give them.
func exportFile(f *testing.F, names ...string) []byte {
	f.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		w, err := z.Create(n)
		if err == nil {
			_, err = w.Write([]byte(`{"posts":[]}`))
		}
		if err != nil {
			f.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	return b.Bytes()
}

// FuzzHandedIn: whatever file is handed in, its kind is told or it is refused with a sentence; a ZIP file is listed within its bounds.
func FuzzHandedIn(f *testing.F) {
	f.Add(exportFile(f, "posts.json", "media/1.jpg"))
	f.Add(exportFile(f, "../../etc/passwd", "C:\\x", "a\x00b", "[Content_Types].xml"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"))
	f.Add([]byte("%PDF-1.7"))
	f.Add([]byte("PK\x05\x06" + "aaaaaaaaaaaaaaaaaa"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := bytes.NewReader(data)
		if k, err := sniff(in, in.Size(), "export"); err == nil && k == "" {
			t.Errorf("kind %q, %v", k, err)
		}
		if o := orientation(data); o < 0 || o > 8 {
			t.Errorf("orientation %d", o)
		}
		c, err := listZIP(t.Context(), in, in.Size())
		if err != nil || c == nil {
			t.Fatal(err)
		}
		c.page("export.zip")
	})
}

// FuzzSyndication: whatever a feed holds, it is read or refused, and what is read has an address of the web.
func FuzzSyndication(f *testing.F) {
	for _, s := range []string{`<rss><channel><item><link>https://a.example/1</link><pubDate>Mon, 02 Jan 2026 15:04:05 +0100</pubDate></item></channel></rss>`,
		`<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://a.example/1"/><updated>2026-10-15T08:00:00Z</updated></entry></feed>`,
		`<?xml version="1.0" encoding="iso-2022-jp"?><rss>`, `<!DOCTYPE x [<!ENTITY a "&a;&a;">]><rss>&a;</rss>`, "{}", `{"items":[{"url":"/1","date_published":"2026-10-15T08:00:00Z"}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		pieces, err := readSyndication(data, &url.URL{Scheme: "https", Host: "a.example", Path: "/feed"})
		for _, p := range pieces {
			if err != nil || p.key == "" || !strings.HasPrefix(p.url, "http") {
				t.Errorf("%+v, %v", p, err)
			}
		}
	})
}
