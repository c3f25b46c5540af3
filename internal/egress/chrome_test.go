package egress

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// startChrome runs a real Chromium with nothing between it and the network but the proxy's flags, and ends it with the test.
func startChrome(t *testing.T, p *Proxy, page string, more ...string) (pid int) {
	t.Helper()
	home := t.TempDir()
	args := append(ChromeFlags(p.Addr()), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--user-data-dir="+home+"/profile")
	cmd := exec.Command("chromium", append(append(args, more...), page)...)
	cmd.Env = append(os.Environ(), "HOME="+home)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatalf("chromium: %v: these tests need it (make tools)", err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		for range 50 { // its children may still be writing into the profile
			if os.RemoveAll(home) == nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	return cmd.Process.Pid
}

// hostilePage reaches for every way out that a page has. VICTIM is replaced by the hosts to reach; what is allowed is reported back.
const hostilePage = `<!doctype html><title>hostile</title>
<link rel=manifest href="http://HOST0/manifest"><link rel=icon href="http://HOST0/icon">
<script>
const hosts = HOSTS, seen = {};
const add = (tag, props, kids) => { const e = document.createElement(tag); Object.assign(e, props); if (kids) e.innerHTML = kids; document.body.append(e); return e; };
const attempt = (name, f) => { try { const r = f(); if (r && r.catch) r.catch(() => {}); } catch (e) {} };
function reach(h) {
  const u = 'http://' + h + '/', r = '/redirect?to=' + encodeURIComponent(u);
  for (const rel of ['prefetch', 'preconnect', 'dns-prefetch', 'preload', 'modulepreload', 'prerender', 'stylesheet', 'icon'])
    attempt(rel, () => { const l = document.createElement('link'); l.rel = rel; l.as = 'script'; l.href = u + rel; document.head.append(l); });
  attempt('speculation', () => { const s = document.createElement('script'); s.type = 'speculationrules';
    s.textContent = JSON.stringify({prefetch: [{urls: [u + 'sp'], eagerness: 'immediate'}], prerender: [{urls: [u + 'sr', r], eagerness: 'immediate'}]}); document.head.append(s); });
  for (const url of [u, r]) {
    for (const tag of ['img', 'iframe', 'script', 'embed', 'video', 'audio', 'source', 'track', 'input'])
      attempt(tag, () => add(tag, {src: url, type: tag === 'input' ? 'image' : ''}));
    attempt('object', () => add('object', {data: url}));
    attempt('fetch', () => fetch(url, {mode: 'no-cors'}));
    attempt('fetch cors', () => fetch(url, {method: 'POST', body: 'x', headers: {'X-A': 'b'}}));
    attempt('xhr', () => { const x = new XMLHttpRequest(); x.open('GET', url); x.send(); });
    attempt('beacon', () => navigator.sendBeacon(url, 'x'));
    attempt('events', () => new EventSource(url));
    attempt('frame refresh', () => add('iframe', {srcdoc: '<meta http-equiv=refresh content="0;url=' + new URL(url, location) + '">'}));
    attempt('form', () => { const f = add('iframe', {name: 'f' + Math.random()}); const form = add('form', {action: url, method: 'POST', target: f.name}); form.submit(); });
    attempt('popup', () => window.open(url));
    attempt('style', () => add('style', {}, '@import url(' + url + '); @font-face{font-family:x;src:url(' + url + ')} body{background:url(' + url + ');font-family:x}'));
    attempt('worker fetch', () => new Worker('/worker.js?' + encodeURIComponent(new URL(url, location))));
    attempt('shared worker', () => new SharedWorker('/worker.js?' + encodeURIComponent(new URL(url, location))));
  }
  attempt('ping', () => { const a = add('a', {href: '#x', ping: u}); a.click(); });
  attempt('websocket', () => new WebSocket('ws://' + h + '/'));
  attempt('secure websocket', () => new WebSocket('wss://' + h + '/'));
  attempt('https', () => fetch('https://' + h + '/', {mode: 'no-cors'}));
  attempt('transport', () => new WebTransport('https://' + h + '/').ready);
  attempt('rtc', () => { const bare = h.replace(/:(\d+)$/, ''), port = h.match(/:(\d+)$/)[1];
    const c = new RTCPeerConnection({iceServers: [{urls: ['stun:' + bare + ':' + port]}, {urls: ['turn:' + bare + ':' + port + '?transport=tcp', 'turn:' + bare + ':' + port], username: 'u', credential: 'c'}]});
    c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o)); });
}
addEventListener('load', async () => {
  hosts.forEach(reach);
  attempt('service worker', () => navigator.serviceWorker.register('/sw.js?' + encodeURIComponent('http://' + hosts[0] + '/sw')));
  const good = (name, p) => p.then(v => seen[name] = v, e => seen[name] = String(e));
  await Promise.all([
    good('fetch', fetch('/ok').then(r => r.text())),
    good('redirect', fetch('/redirect?to=/ok').then(r => r.text())),
    good('post', fetch('/echo', {method: 'POST', body: 'x'.repeat(200000)}).then(r => r.text()).then(s => s.length)),
    good('websocket', new Promise((ok, no) => { const w = new WebSocket('ws://' + location.host + '/ws'); w.onmessage = m => ok(m.data); w.onerror = () => no('error'); })),
    good('image', new Promise((ok, no) => { const i = new Image(); i.onload = () => ok(i.width); i.onerror = () => no('error'); i.src = '/image.png'; })),
    good('worker', new Promise((ok, no) => { const w = new Worker('/good.js'); w.onmessage = m => ok(m.data); w.onerror = () => no('error'); })),
    good('https', fetch('https://SECURE/ok').then(r => r.text())),
  ]);
  await new Promise(r => setTimeout(r, 1500));
  await fetch('/done', {method: 'POST', body: JSON.stringify(seen)});
});
</script><body>hostile`

// pixel is a picture of one pixel.
var pixel, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

// hostileSite serves the page and what is allowed to it; the report comes over the channel.
func hostileSite(t *testing.T, hosts []string, secure string, done chan<- map[string]any) string {
	list, _ := json.Marshal(hosts)
	page := strings.NewReplacer("HOSTS", string(list), "HOST0", hosts[0], "SECURE", secure).Replace(hostilePage)
	mux := http.NewServeMux()
	serve := func(path, mime, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", mime)
			w.Header().Set("Content-Security-Policy-Report-Only", "img-src 'none'; report-uri http://"+hosts[0]+"/csp")
			_, _ = io.WriteString(w, body)
		})
	}
	serve("/{$}", "text/html", page)
	serve("/ok", "text/plain", "ok")
	serve("/image.png", "image/png", string(pixel))
	serve("/good.js", "text/javascript", "fetch('/ok').then(r => r.text()).then(postMessage)")
	serve("/worker.js", "text/javascript", "const u = decodeURIComponent(location.search.slice(1)); fetch(u, {mode: 'no-cors'}).catch(() => {}); try { new WebSocket(u.replace('http', 'ws')) } catch (e) {} try { importScripts(u) } catch (e) {}")
	serve("/sw.js", "text/javascript", "const u = decodeURIComponent(location.search.slice(1)); oninstall = e => e.waitUntil(fetch(u, {mode: 'no-cors'}).catch(() => {})); onfetch = () => {}; try { importScripts(u) } catch (e) {}")
	mux.HandleFunc("/redirect", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.FormValue("to"), http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		_, _ = w.Write(b)
	})
	mux.HandleFunc("/ws", serveWebSocket)
	mux.HandleFunc("/done", func(_ http.ResponseWriter, r *http.Request) {
		var seen map[string]any
		_ = json.NewDecoder(r.Body).Decode(&seen)
		select {
		case done <- seen:
		default:
		}
	})
	_, at := site(t, mux.ServeHTTP)
	return at
}

// serveWebSocket answers a handshake (RFC 6455 section 4.2.2) and says hi.
func serveWebSocket(w http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer c.Close()
	fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n\x81\x02hi", base64.StdEncoding.EncodeToString(sum[:]))
	_ = c.SetReadDeadline(time.Now().Add(time.Minute))
	_, _ = io.Copy(io.Discard, c)
}

// packets counts the datagrams that arrive at a port.
func packets(t *testing.T, port int) *atomic.Int64 {
	t.Helper()
	c, err := net.ListenPacket("udp", fmt.Sprintf(":%d", port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	n := new(atomic.Int64)
	go func() {
		for b := make([]byte, 2048); ; n.Add(1) {
			if _, _, err := c.ReadFrom(b); err != nil {
				return
			}
		}
	}()
	return n
}

// TestChromeHasNoOtherWayOut runs the hostile page in a real Chromium, first with the victim refused, then, as the proof that the page's
// attempts are real ones, with the victim allowed.
func TestChromeHasNoOtherWayOut(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		t.Run(fmt.Sprintf("victim allowed %v", allowed), func(t *testing.T) { runHostile(t, allowed, loopbackHosts...) })
	}
}

// loopbackHosts are names of this machine that the page knocks at.
var loopbackHosts = []string{"127.0.0.1", "intranet.test", "[::1]", "localhost", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"}

func runHostile(t *testing.T, allowed bool, private ...string) {
	v := newVictim(t)
	datagrams := packets(t, v.port)
	secureAt, _, cert := tlsSite(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = io.WriteString(w, "ok")
	}, "secure.test")
	secure := fmt.Sprintf("secure.test:%d", portOf(secureAt))
	var hosts []string
	for _, h := range private {
		if allowed && len(hosts) == 2 || len(hosts) == 4 && os.Getenv("ARSRING_SOAK") == "" {
			break // enough for the proof
		}
		hosts = append(hosts, fmt.Sprintf("%s:%d", h, v.port))
	}
	done := make(chan map[string]any, 1)
	at := hostileSite(t, hosts, secure, done)
	page := fmt.Sprintf("site.test:%d", portOf(at))
	n := one(map[string]string{"site.test": "127.0.0.1", "intranet.test": "127.0.0.1", "secure.test": "127.0.0.1"})
	allow := []string{page, secure}
	if allowed {
		allow = append(allow, fmt.Sprintf("127.0.0.1:%d", v.port), fmt.Sprintf("[::1]:%d", v.port))
		allow = append(allow, hosts...)
	}
	p := start(t, Options{Resolver: n, Allow: allow})
	leaf, _ := x509.ParseCertificate(cert.Certificate[0])
	spki := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	pid := startChrome(t, p, "http://"+page+"/", "--disable-popup-blocking", "--disable-web-security", "--unsafely-treat-insecure-origin-as-secure=http://"+page,
		"--ignore-certificate-errors-spki-list="+base64.StdEncoding.EncodeToString(spki[:]))
	w := watchSockets(t, pid, p.Addr())
	var seen map[string]any
	select {
	case seen = <-done:
	case <-time.After(60 * time.Second):
		t.Fatalf("the page never reported; refused: %+v; stats %+v", p.Refused(), p.Stats())
	}
	w.stop()
	for name, want := range map[string]any{"fetch": "ok", "redirect": "ok", "post": 200000.0, "websocket": "hi", "image": 1.0, "worker": "ok", "https": "ok"} {
		if seen[name] != want {
			t.Errorf("%s on an allowed host: %v, want %v", name, seen[name], want)
		}
	}
	if len(w.strays) > 0 || w.proxied == 0 {
		t.Errorf("sockets beside the proxy: %q; to the proxy: %d", w.strays, w.proxied)
	}
	t.Logf("%d arrivals, %d datagrams, %d looks at %d sockets to the proxy and %d idle UDP ones, stats %+v", v.hits.Load(), datagrams.Load(), w.looks, w.proxied, w.waiting, p.Stats())
	if allowed {
		if v.hits.Load() < 20 {
			t.Errorf("only %d connections arrived at the allowed host: the page's attempts prove nothing", v.hits.Load())
		}
		return
	}
	if v.hits.Load() != 0 || datagrams.Load() != 0 {
		t.Errorf("%d connections and %d datagrams arrived", v.hits.Load(), datagrams.Load())
	}
	methods := map[string]int{}
	for _, r := range p.Refused() {
		if r.Reason == PrivateAddress {
			methods[r.Method] += r.N
		}
	}
	if methods["GET"] < 50 || methods["POST"] == 0 || methods["CONNECT"] < 10 {
		t.Errorf("refused %v: the page's attempts did not come to the proxy", methods)
	}
	t.Logf("refused by method: %v", methods)
}
