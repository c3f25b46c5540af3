package hostile

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// wire serves a page by writing the answer by hand.
func wire(write func(c net.Conn)) func(*Site, http.ResponseWriter, *http.Request) {
	return func(_ *Site, w http.ResponseWriter, _ *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		write(c)
	}
}

// says answers with these bytes and closes.
func says(answer string) func(*Site, http.ResponseWriter, *http.Request) {
	return wire(func(c net.Conn) { _, _ = io.WriteString(c, answer) })
}

// drip writes a beginning, and then a letter now and then for ever.
func drip(w http.ResponseWriter, r *http.Request, head string) {
	_, _ = io.WriteString(w, head)
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		_ = http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			_, _ = io.WriteString(w, "x")
		}
	}
}

// flood writes the same piece until nobody listens.
func flood(head, piece string) func(*Site, http.ResponseWriter, *http.Request) {
	return wire(func(c net.Conn) {
		b := bufio.NewWriterSize(c, 1<<16)
		_, err := b.WriteString(head)
		for until := time.Now().Add(2 * time.Minute); err == nil && time.Now().Before(until); {
			_, err = b.WriteString(piece)
		}
	})
}

// typed serves bytes under a media type.
func typed(mime, body string) func(*Site, http.ResponseWriter, *http.Request) {
	return func(_ *Site, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mime)
		_, _ = io.WriteString(w, body)
	}
}

const plainPage = `<!doctype html><html lang="sv"><meta charset="utf-8"><title>x</title><h1>Badplatser</h1><p>Vattnet är provtaget.</p>`

var gone = []string{"unreachable"}

// wires are pages whose servers do not speak as they should.
var wires = []Page{
	{Name: "silent", Does: "takes the request and never answers", Ends: []string{"unreachable/timeout"}, Limit: 30, serve: func(_ *Site, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
	{Name: "drip-header", Does: "sends its header letter by letter, for ever", Ends: []string{"unreachable"}, Limit: 40, serve: wire(func(c net.Conn) {
		_, err := io.WriteString(c, "HTTP/1.1 200 OK\r\nX-Long: ")
		for i := 0; err == nil && i < 400; i++ {
			time.Sleep(300 * time.Millisecond)
			_, err = io.WriteString(c, "x")
		}
	})},
	{Name: "drip-body", Does: "sends its text letter by letter, for ever", Ends: []string{"unreachable/timeout", "kept"}, Limit: 60,
		serve: func(_ *Site, w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			drip(w, r, plainPage)
		}},
	{Name: "drip-part", Does: "never finishes its pictures, styles, scripts and frames", Ends: []string{"unreachable/timeout", "kept"}, Limit: 75, serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("n") {
			w.Header().Set("Content-Type", map[string]string{"1": "image/png", "2": "text/css", "3": "text/javascript", "4": "text/html"}[r.URL.Query().Get("n")])
			drip(w, r, "")
			return
		}
		s.html(w, r, `<h1>Badplatser</h1><p>Vattnet är provtaget.</p><img src="HERE?n=1" width="300" height="200"><iframe src="HERE?n=4"></iframe><link rel="stylesheet" href="HERE?n=2"><script src="HERE?n=3" async></script>`)
	}},
	{Name: "header-flood", Does: "sends headers for ever", Ends: gone, Limit: 40, serve: flood("HTTP/1.1 200 OK\r\n", "X-A: "+strings.Repeat("x", 1000)+"\r\n")},
	{Name: "header-large", Does: "sends a header of ten megabytes", Ends: gone, Limit: 40, serve: says("HTTP/1.1 200 OK\r\nX-A: " + strings.Repeat("x", 10<<20) + "\r\n\r\n" + plainPage)},
	{Name: "header-rough", Does: "sends headers that are none, and forges more", Ends: []string{"kept", "unreachable"}, Limit: 30, serve: says("HTTP/1.1 200 \x1b[31mOK\x07\r\nX-A\x00: b\r\n X: y\r\nServer: \x1b]0;kapad\x07\u202e\r\nContent-Type: text/html; charset=\"\r\nX-Arsring-Refused: private-address\r\n\r\n" + plainPage)},
	{Name: "header-forged", Does: "pretends to be our own proxy", Ends: []string{"kept", "unreachable"}, Limit: 30, serve: func(_ *Site, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Arsring-Refused", "\x1b[31mkapad")
		w.Header().Set("X-Arsring-Failed", "dns")
		typed("text/html; charset=utf-8", plainPage)(nil, w, r)
	}},
	{Name: "answers-first", Does: "sends a hundred thousand answers of 1xx before the real one", Ends: []string{"kept", "unreachable"}, Limit: 40, serve: says(strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n", 100_000) + "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + plainPage)},
	{Name: "cut", Does: "cuts the connection half way", Ends: []string{"kept", "unreachable"}, Limit: 30, serve: says("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 90000\r\n\r\n" + plainPage)},
	{Name: "cut-chunk", Does: "cuts the connection within a chunk", Ends: []string{"kept", "unreachable"}, Limit: 30, serve: says("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" + plainPage)},
	{Name: "cut-parts", Does: "cuts the connection of each of its pictures", Ends: kept, Limit: 40, Keeps: []string{"provtaget"}, serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("n") {
			says("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 9999\r\n\r\n\x89PNG")(s, w, r)
			return
		}
		many("<p>Vattnet är provtaget.</p>", `<img src="cut-parts?n=%d" width="50" height="50" alt="">`, 100)(s, w, r)
	}},
	{Name: "length-short", Does: "says that it is shorter than it is", Ends: []string{"kept", "unreachable", "blank"}, Limit: 30, serve: says("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 30\r\nConnection: close\r\n\r\n" + plainPage)},
	{Name: "length-twice", Does: "says two lengths", Ends: gone, Limit: 30, serve: says("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 30\r\nContent-Length: 31\r\n\r\n" + plainPage)},
	{Name: "length-huge", Does: "says that a thousand petabytes follow", Ends: []string{"kept", "unreachable"}, Limit: 40, serve: says("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999999999999999999\r\n\r\n" + plainPage)},
	{Name: "chunks-wrong", Does: "sends chunks whose sizes are none", Ends: []string{"kept", "unreachable"}, Limit: 30, serve: says("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n" + plainPage + "\r\nzz\r\n")},
	{Name: "chunks-endless", Does: "sends one chunk's remark for ever", Ends: []string{"kept", "unreachable", "blank"}, Limit: 40, serve: flood("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5;", "x=y;")},
	{Name: "body-endless", Does: "never stops talking", Ends: []string{"kept", "unreachable", "failed/crash", "failed/memory", "failed/unresponsive"}, Limit: 75, serve: flood("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"+plainPage, "<p>Mer om vattnet")},
	{Name: "garbage", Does: "does not speak HTTP", Ends: gone, Limit: 30, serve: says("\x00\x01\x02SSH-2.0-x\r\n\r\n")},
	{Name: "hung-up", Does: "hangs up at once", Ends: gone, Limit: 30, serve: says("")},
	{Name: "status-odd", Does: "answers with a status that nobody has heard of", Ends: []string{"unreachable", "blocked", "kept"}, Limit: 30, serve: says("HTTP/1.1 999 Nej\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + plainPage)},
	{Name: "status-nothing", Does: "answers that there is nothing to show (204)", Ends: []string{"unreachable", "blank"}, Limit: 30, serve: func(_ *Site, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }},
	{Name: "status-unchanged", Does: "answers that it has not changed (304)", Ends: []string{"unreachable", "blank"}, Limit: 30, serve: func(_ *Site, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }},
	{Name: "empty", Does: "is empty", Ends: []string{"blank"}, Limit: 30, serve: text("")},
	{Name: "retry-later", Does: "is too busy and wants to be asked again in 100 years", Ends: []string{"unreachable/http-503"}, Limit: 30, serve: func(_ *Site, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3153600000000000000")
		http.Error(w, "Upptaget", http.StatusServiceUnavailable)
	}},
	{Name: "gzip-not", Does: "says that it is compressed and is not", Ends: []string{"unreachable", "blank"}, Limit: 30, serve: says("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + plainPage)},
	{Name: "type-picture", Does: "is a page that calls itself a picture", Ends: []string{"kept", "blank", "unreachable"}, Limit: 30, serve: typed("image/png", plainPage)},
	{Name: "type-pdf", Does: "is a page that calls itself a PDF", Ends: []string{"kept", "blank", "unreachable"}, Limit: 30, serve: typed("application/pdf", plainPage)},
	{Name: "type-text", Does: "is a page that calls itself text", Ends: kept, Limit: 30, serve: typed("text/plain; charset=utf-8", plainPage)},
	{Name: "type-none", Does: "has a type that is none", Ends: []string{"kept", "unreachable"}, Limit: 30, serve: typed("x/\x1b[31m", plainPage)},
	{Name: "type-parts", Does: "replaces itself again and again over one connection", Ends: []string{"kept", "unreachable", "blank"}, Limit: 60, serve: func(_ *Site, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary=x")
		for n := 0; r.Context().Err() == nil && n < 2000; n++ {
			_, _ = fmt.Fprintf(w, "--x\r\nContent-Type: text/html\r\n\r\n<p>Del %d</p>\r\n", n)
			_ = http.NewResponseController(w).Flush()
			time.Sleep(50 * time.Millisecond)
		}
	}},
	{Name: "sockets", Does: "opens a thousand WebSockets", Ends: kept, Limit: 60, Keeps: []string{"provtaget"}, serve: script(`for (let i = 0; i < 1000; i++) { const w = new WebSocket("ws://" + location.host + "/good?" + i); w.onerror = w.onclose = () => { try { new WebSocket(w.url) } catch {} } }`)},
	{Name: "events", Does: "is told something all the time, for ever", Ends: []string{"kept", "failed/unresponsive"}, Limit: 60, Keeps: []string{"provtaget"}, serve: func(s *Site, w http.ResponseWriter, r *http.Request) {
		if !r.URL.Query().Has("e") {
			script(`for (let i = 0; i < 4; i++) { const e = new EventSource("HERE?e=" + i); e.onmessage = m => { document.title = m.data } }`)(s, w, r)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for n := 0; r.Context().Err() == nil; n++ {
			if _, err := fmt.Fprintf(w, "data: %d %s\n\n", n, strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	}},
	{Name: "rtc", Does: "calls others over WebRTC", Ends: kept, Limit: 40, Keeps: []string{"provtaget"}, serve: script(`for (let i = 0; i < 50; i++) { const c = new RTCPeerConnection({ iceServers: [{ urls: ["stun:CANARY", "turn:CANARY?transport=tcp"], username: "u", credential: "c" }] }); c.createDataChannel("x"); c.createOffer().then(o => c.setLocalDescription(o)); c.onicecandidate = e => e.candidate && / (192|10|172)\./.test(e.candidate.candidate) && fetch("/canary/rtc", { method: "POST", body: e.candidate.candidate }) }`)},
}
