package hostile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"sync"
)

// many writes a page whose body is one piece so many times; %d in it is replaced by the number.
func many(head, piece string, n int) func(*Site, http.ResponseWriter, *http.Request) {
	return func(s *Site, w http.ResponseWriter, r *http.Request) {
		s.html(w, r, "<h1>Badplatser</h1>"+head)
		b := bufio.NewWriterSize(w, 1<<16)
		for i := range n {
			if strings.Contains(piece, "%") {
				_, _ = fmt.Fprintf(b, piece, i)
			} else {
				_, _ = b.WriteString(piece)
			}
			if i%1000 == 0 && r.Context().Err() != nil {
				return
			}
		}
		_ = b.Flush()
	}
}

// nested writes so many openings, a word, and so many ends.
func nested(head, open, end string, n int) func(*Site, http.ResponseWriter, *http.Request) {
	return text("<h1>Badplatser</h1>" + head + strings.Repeat(open, n) + "Innerst" + strings.Repeat(end, n) + "<p>Vattnet är provtaget.</p>")
}

// zeros is a compressed file of a gigabyte and more that says nothing.
var zeros = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	_, _ = io.WriteString(z, "<!doctype html><title>x</title><body><p>Bomb</p>")
	block := bytes.Repeat([]byte("<p>0"), 1<<18)
	for range 1200 {
		_, _ = z.Write(block)
	}
	_ = z.Close()
	return b.Bytes()
})

// png is a picture of one colour and so many pixels each way: a small file, a large picture.
func png(side int) []byte {
	var data, out bytes.Buffer
	z, _ := zlib.NewWriterLevel(&data, zlib.BestSpeed)
	row := make([]byte, side/8+1)
	for range side {
		_, _ = z.Write(row)
	}
	_ = z.Close()
	out.WriteString("\x89PNG\r\n\x1a\n")
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(side)), uint32(side))
	for _, c := range []struct {
		name string
		body []byte
	}{{"IHDR", append(head, 1, 0, 0, 0, 0)}, {"IDAT", data.Bytes()}, {"IEND", nil}} {
		_ = binary.Write(&out, binary.BigEndian, uint32(len(c.body)))
		body := append([]byte(c.name), c.body...)
		out.Write(body)
		_ = binary.Write(&out, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	return out.Bytes()
}

var kept = []string{"kept"}

// large are the ends of pages that may be more than a browser can hold.
var large = []string{"kept", "unreachable/timeout", "failed/crash", "failed/memory", "failed/unresponsive"}

// sizes are pages that are too large, too many or too deep.
var sizes = []Page{
	{Name: "tall", Does: "is 200,000 px high", Ends: kept, Limit: 60, Keeps: []string{"Badplatser", "Rad 199"}, serve: many("", `<div style="height:1000px">Rad %d</div>`, 200)},
	{Name: "tall-beyond", Does: "is 30 million px high", Ends: large, Limit: 75, serve: text(`<h1>Badplatser</h1><div style="height:30000000px"></div><p>Slut</p>`)},
	{Name: "wide", Does: "is a million px wide", Ends: kept, Limit: 40, Keeps: []string{"Badplatser"}, serve: text(`<h1>Badplatser</h1><div style="width:1000000px;height:50px;background:#ccc">Bred</div>`)},
	{Name: "nodes", Does: "has half a million elements", Ends: large, Limit: 75, serve: many("", `<i>%d </i>`, 500_000)},
	{Name: "nodes-five-million", Does: "has five million elements", Ends: large, Limit: 90, serve: many("", `<i>%d </i>`, 5_000_000)},
	{Name: "nodes-hidden", Does: "has half a million elements that nobody sees", Ends: large, Limit: 75, Keeps: []string{"Badplatser"}, serve: many("<div hidden>", `<i>%d </i>`, 500_000)},
	{Name: "links", Does: "has 40,000 links", Ends: kept, Limit: 75, Keeps: []string{"Badplatser"}, serve: many("", `<a href="/x/%d">länk</a> `, 40_000)},
	{Name: "links-stacked", Does: "has 40,000 links at the same place", Ends: kept, Limit: 60, Keeps: []string{"Badplatser"}, serve: many("<style>a{position:absolute;top:50px;left:0}</style>", `<a href="/x/%d">länk</a>`, 40_000)},
	{Name: "rows", Does: "has a table of 60,000 rows", Ends: large, Limit: 75, serve: many("<table>", `<tr><td>%d<td>x<td>y`, 60_000)},
	{Name: "posts", Does: "has 20,000 posts", Ends: kept, Limit: 90, serve: many(`<main role="feed">`, `<article role="article"><h2>Älvsunda</h2><time datetime="2026-10-01T08:00">1 okt</time><p>Inlägg %d</p></article>`, 20_000)},
	{Name: "comments-deep", Does: "has a post with comments a thousand levels deep", Ends: large, Limit: 90, serve: nested(`<main role="feed"><article role="article"><h2>Älvsunda</h2><time datetime="2026-10-01T08:00">1 okt</time><p>Ett inlägg</p>`, `<div role="article"><b>Anna</b> <time datetime="2026-10-02T08:00">2 okt</time><p>Svar</p>`, "</div>", 1000)},
	{Name: "tables-nested", Does: "has tables in tables, 5,000 deep", Ends: large, Limit: 75, serve: nested("", "<table><tr><td>", "</table>", 5000)},
	{Name: "nested", Does: "has elements 30,000 deep", Ends: large, Limit: 75, serve: nested("", "<div><b>", "</b></div>", 15_000)},
	{Name: "lists-nested", Does: "has lists 3,000 deep", Ends: large, Limit: 75, serve: nested("", "<ul><li>x", "</ul>", 3000)},
	{Name: "flex-nested", Does: "has boxes whose size takes twice the time at each of 60 levels", Ends: large, Limit: 75, serve: nested("", `<div style="display:grid;grid-template-columns:min-content auto"><div style="display:flex;flex-wrap:wrap;width:min-content">`, "</div></div>", 60)},
	{Name: "mathml-nested", Does: "has fractions 3,000 deep", Ends: large, Limit: 75, serve: nested("<math>", "<mfrac><mi>x</mi><mrow>", "</mrow></mfrac>", 3000)},
	{Name: "svg-use", Does: "draws a figure that uses itself a thousand million times", Ends: large, Limit: 75, serve: text(`<h1>Badplatser</h1><svg width="300" height="300"><defs><g id="a0"><circle r="5"/></g>` + billion(9, `<g id="a%d">`, `<use href="#a%d"/>`, `</g>`) + `</defs><use href="#a9"/></svg>`)},
	{Name: "svg-filters", Does: "draws with filters that take all the time there is", Ends: large, Limit: 75, serve: text(`<h1>Badplatser</h1><svg width="1200" height="9000"><filter id="f" x="-9" y="-9" width="20" height="20"><feTurbulence baseFrequency=".9" numOctaves="200"/>` + strings.Repeat(`<feGaussianBlur stdDeviation="300"/><feMorphology operator="dilate" radius="100"/>`, 20) + `</filter><rect width="1200" height="9000" filter="url(#f)"/></svg>`)},
	{Name: "xml-entities", Does: "is XML whose entities double at each level", Ends: append([]string{"blank"}, large...), Limit: 40, serve: func(_ *Site, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xhtml+xml")
		_, _ = io.WriteString(w, `<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "skratt">`)
		for i := 1; i < 12; i++ {
			_, _ = fmt.Fprintf(w, `<!ENTITY a%d "%s">`, i, strings.Repeat(fmt.Sprintf("&a%d;", i-1), 10))
		}
		_, _ = io.WriteString(w, `]><html xmlns="http://www.w3.org/1999/xhtml"><body><p>&a11;</p></body></html>`)
	}},
	{Name: "css-variables", Does: "has a CSS variable that doubles at each level", Ends: large, Limit: 75, serve: text(`<style>:root{--a0:"skratt"` + billion(40, `;--a%d:`, `var(--a%d) `, ``) + `}p::after{content:var(--a40)}</style><h1>Badplatser</h1><p>Vattnet</p>`)},
	{Name: "css-selectors", Does: "has selectors that every change makes the browser match anew, for 20,000 elements", Ends: large, Limit: 75, serve: many(`<style>`+strings.Repeat(`div:has(~ div div:nth-child(3n+1) i:not(:has(b)) ~ i) i{color:red}`, 200)+`</style>`, `<div><div><i>%d</i><i>x</i></div></div>`, 7000)},
	{Name: "css-gradients", Does: "is covered by gradients, shadows and blurs", Ends: large, Limit: 75, serve: many(`<style>p{background:repeating-conic-gradient(red 0 .001deg,blue 0 .002deg),repeating-radial-gradient(red 0 .01px,blue 0 .02px);box-shadow:0 0 900px 900px red,inset 0 0 900px blue;filter:blur(90px) drop-shadow(9px 9px 90px red);backdrop-filter:blur(99px);mix-blend-mode:difference;height:2000px}</style>`, `<p>%d</p>`, 40)},
	{Name: "css-animations", Does: "moves ten thousand elements for ever", Ends: large, Limit: 75, Keeps: []string{"Badplatser"}, serve: many(`<style>@keyframes a{to{transform:rotate(1turn);width:200px;margin-left:300px}}i{display:inline-block;animation:a .1s infinite}</style>`, `<i>%d</i>`, 10_000)},
	{Name: "fonts", Does: "asks for ten thousand fonts", Ends: large, Limit: 75, Keeps: []string{"Badplatser"}, serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("f") {
			http.NotFound(w, r)
			return
		}
		many("", `<style>@font-face{font-family:f%[1]d;src:url(fonts?f=%[1]d)}</style><i style="font-family:f%[1]d">x</i>`, 10_000)(s, w, r)
	}},
	{Name: "fixed", Does: "has 5,000 elements that follow the reader", Ends: large, Limit: 75, serve: many(`<style>i{position:fixed;top:1px;width:20px;height:20px}b{position:sticky;top:0;display:block}</style><div style="height:9000px">Vattnet</div>`, `<i>%d</i><b>x</b>`, 5000)},
	{Name: "columns", Does: "is printed in columns, pages and breaks that never fit", Ends: large, Limit: 75, serve: many(`<style>@page{size:1px 1px;margin:0}div{columns:999;break-before:page;break-inside:avoid;height:90px}@media print{div{font-size:900px}}</style>`, `<div>%d</div>`, 2000)},
	{Name: "picture-large", Does: "shows a small file that is a picture of 30,000 x 30,000 pixels", Ends: large, Limit: 60, Keeps: []string{"Badplatser"}, serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("p") {
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(png(30_000))
			return
		}
		s.html(w, r, `<h1>Badplatser</h1><img src="HERE?p" width="300"><img src="HERE?p=2"><article role="article"><img src="HERE?p=3" width="600"></article>`)
	}},
	{Name: "pictures", Does: "shows 3,000 pictures that are all different", Ends: large, Limit: 75, Keeps: []string{"Badplatser"}, serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("p") {
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(png(400))
			return
		}
		many("", `<img src="pictures?p=%d" width="200" height="200">`, 3000)(s, w, r)
	}},
	{Name: "data-picture", Does: "shows a picture that is written into the page as 100 MB", Ends: large, Limit: 75, Keeps: []string{"Badplatser"}, serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
		s.html(w, r, `<h1>Badplatser</h1><img width="300" src="data:image/png;base64,`+base64.StdEncoding.EncodeToString(png(400)))
		for range 100 {
			if _, err := w.Write(bytes.Repeat([]byte("A"), 1<<20)); err != nil {
				return
			}
		}
		_, _ = io.WriteString(w, `">`)
	}},
	{Name: "data-script", Does: "makes pictures of 50 MB out of data: addresses all the time", Ends: large, Limit: 75, serve: script(`const s = "data:image/svg+xml," + "x".repeat(5e7); let n = 0; const i = new Image(); document.body.append(i); setInterval(() => { i.src = s + n++; fetch(s + n).catch(() => 0) }, 200)`)},
	{Name: "bomb-gzip", Does: "is 1.2 GB of HTML in 5 MB", Ends: append([]string{"blocked", "unreachable"}, large...), Limit: 90, serve: func(_ *Site, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(zeros())
	}},
	{Name: "bomb-gzip-part", Does: "fetches 1.2 GB in 5 MB, again and again", Ends: large, Limit: 75, serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("z") {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(zeros())
			return
		}
		script(`const a = []; setInterval(() => fetch("HERE?z=" + Math.random()).then(r => r.text()).then(t => a.push(t)).catch(() => 0), 500)`)(s, w, r)
	}},
}

// billion writes n levels, each of which names the one before ten times.
func billion(n int, open, use, end string) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, open, i)
		b.WriteString(strings.Repeat(fmt.Sprintf(use, i-1), 10))
		b.WriteString(end)
	}
	return b.String()
}
