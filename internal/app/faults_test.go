package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"math/rand/v2"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/web"
)

// badLine is a line to the store on which everything happens that happens on lines: it stands before the store as a server of its own, so that
// it can answer as a store in trouble does, and cuts, holds and slows real connections.
type badLine struct {
	*httptest.Server
	through *httputil.ReverseProxy
	gone    chan struct{}

	mu   sync.Mutex
	rnd  *rand.Rand
	left int // faults that are still to come
	rare int // one request of so many meets one
	done map[string]int
}

// troubles are what may happen to a request. Those that end in "after" happen when the store has done what was asked.
var troubles = []string{"reset", "reset after", "cut in the body", "cut in the answer", "500", "500 after", "slow down", "stall", "half-open after", "slow", "full"}

func newBadLine(t *testing.T, to archive.Options, faults, rare int) (*badLine, archive.Options) {
	t.Helper()
	ca, err := os.ReadFile(to.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	upstream, err := url.Parse(to.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	b := &badLine{rnd: rand.New(rand.NewPCG(seed, 5)), left: faults, rare: rare, done: map[string]int{}, gone: make(chan struct{})}
	b.through = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = "https", upstream.Host, r.In.Host
		},
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableCompression: true},
		ErrorHandler: func(_ http.ResponseWriter, _ *http.Request, _ error) {
			panic(http.ErrAbortHandler) // a client that went away in the middle
		},
	}
	b.Server = httptest.NewUnstartedServer(b)
	b.Listener = holding{b.Listener, b}
	cert, file := ownCertificate(t)
	b.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	b.Config.ErrorLog = log.New(io.Discard, "", 0)
	b.StartTLS()
	t.Cleanup(func() { close(b.gone); b.CloseClientConnections(); b.Close() })
	return b, archive.Options{Endpoint: b.URL, CAFile: file, Region: to.Region, Bucket: to.Bucket, PathStyle: true, AccessKey: to.AccessKey, SecretKey: to.SecretKey,
		Tool: to.Tool, Stall: time.Second, Retries: 2}
}

// ownCertificate makes one for 127.0.0.1 and gives the file by which it is trusted.
func ownCertificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(crand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "line.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

// draw says what happens to a request; empty: nothing.
func (b *badLine) draw(among ...string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left == 0 || b.rnd.IntN(b.rare) > 0 {
		return ""
	}
	b.left--
	what := among[b.rnd.IntN(len(among))]
	b.done[what]++
	return what
}

func (b *badLine) faultsLeft() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.left
}

// holding is a listener on which some connections are taken and never heard of again.
type holding struct {
	net.Listener
	b *badLine
}

func (h holding) Accept() (net.Conn, error) {
	for {
		c, err := h.Listener.Accept()
		if err != nil || h.b.draw("never a word") == "" {
			return c, err
		}
		go func() { _, _ = io.Copy(io.Discard, c); _ = c.Close() }() // until the other side gives up
	}
}

func (b *badLine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	what := b.draw(troubles...)
	if what == "full" && r.Method != http.MethodPut {
		what = "500"
	}
	answer := httptest.NewRecorder()
	if strings.HasSuffix(what, "after") || what == "cut in the answer" {
		b.through.ServeHTTP(answer, r)
	}
	switch what {
	case "":
		b.through.ServeHTTP(w, r)
	case "reset", "reset after":
		reset(w)
	case "cut in the body":
		_, _ = io.CopyN(io.Discard, r.Body, max(1, r.ContentLength/2))
		reset(w)
	case "cut in the answer":
		for k, v := range answer.Header() {
			w.Header()[k] = v
		}
		if r.Method != http.MethodHead { // of a HEAD it is the object's length
			w.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()+1))
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
		_ = http.NewResponseController(w).Flush()
		reset(w)
	case "500", "500 after":
		refuse(w, r, http.StatusInternalServerError, "InternalError")
	case "slow down":
		refuse(w, r, http.StatusServiceUnavailable, "SlowDown")
	case "full":
		refuse(w, r, http.StatusInsufficientStorage, "InsufficientStorage")
	case "stall", "half-open after":
		select { // until the client gives up, which is not always seen here, or the test ends
		case <-r.Context().Done():
		case <-b.gone:
		}
	case "slow":
		r.Body = slowBody{r.Body}
		b.through.ServeHTTP(w, r)
	}
}

// reset ends the connection as a machine that is switched off does.
func reset(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if s, ok := c.(*tls.Conn); ok {
		if tcp, ok := s.NetConn().(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		c = s.NetConn()
	}
	_ = c.Close()
}

func refuse(w http.ResponseWriter, r *http.Request, status int, code string) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>trouble</Message></Error>", code)
}

// slowBody gives little at a time.
type slowBody struct{ io.ReadCloser }

func (s slowBody) Read(p []byte) (int, error) {
	time.Sleep(5 * time.Millisecond)
	return s.ReadCloser.Read(p[:min(len(p), 2<<10)])
}

// TestStoreFaults hands in document after document over a bad line, until so many faults have happened. Every one is delivered exactly once, every
// package is whole, has one receipt and one entry in the log, nothing is left behind, and each is told of in one letter, once.
func TestStoreFaults(t *testing.T) {
	faults, rare := 12, 5
	if os.Getenv("ARSRING_SOAK") != "" {
		faults, rare = 100, 15
	}
	c := newCounter(t, map[string][2]string{"konto": {"web", "https://konto.example.org/"}})
	box, over := post(t)
	port, err := strconv.Atoi(over["mail.port"].(string))
	if err != nil {
		t.Fatal(err)
	}
	c.cfg.Mail.Host, c.cfg.Mail.Port, c.cfg.Mail.TLS, c.cfg.Mail.From, c.cfg.Mail.To = "127.0.0.1", port, "none", "arsring@example.org", []string{"arkiv@example.org"}
	day := time.Duration(0)
	c.App.now = func() time.Time { return time.Now().Add(day) }
	o, err := c.Observe(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	c.watcher.Store(o)
	straight, err := c.Store(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	line, through := newBadLine(t, c.embedded.Options(), faults, rare)
	through.Prefix = c.cfg.Archive.Prefix
	c.useStore(t, through)

	c.open(c.worker.work)
	var ids []string
	for n := 0; line.faultsLeft() > 0 || n < 3; n++ {
		file := filepath.Join(c.spool("uploads"), fmt.Sprint("in-", n), "handling.pdf")
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, smallPDF(t, n+1), 0o600)); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.place(web.Order{Account: "konto", Trigger: capture.TriggerIngest, Reason: "Handling", Files: []string{file}}))
		c.ended(ids[n])
	}
	snapshots := map[string]bool{}
	for _, id := range ids {
		j := c.ended(id)
		if j.State != string(job.Delivered) {
			t.Errorf("%+v", j)
		}
		snapshots[j.Snapshot] = true
	}
	c.useStore(t, through) // whatever it remembers
	c.checkStored(straight, snapshots)
	day = 48 * time.Hour
	if err := o.t.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	letters := box.plain(t)
	for id := range snapshots {
		if n := strings.Count(letters, id); n != 1 {
			t.Errorf("%s stands %d times in the letters:\n%s", id, n, letters)
		}
	}
	line.mu.Lock()
	defer line.mu.Unlock()
	t.Logf("%d documents, %d faults, %d letters: %v", len(ids), faults, len(box.text), line.done)
}

// useStore lets the app use another way to its archive.
func (c *counter) useStore(t *testing.T, o archive.Options) {
	t.Helper()
	var s *archive.Store
	var err error
	for range 50 { // it may meet a fault itself
		if s, err = archive.Open(t.Context(), o); err == nil {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.store = s
}

// checkStored holds the archive against what was ordered, by a way without faults.
func (c *counter) checkStored(s *archive.Store, snapshots map[string]bool) {
	t := c.t
	t.Helper()
	c.mu.Lock()
	c.store = s
	c.mu.Unlock()
	entries, err := s.List(t.Context(), archive.ListFilter{})
	if err != nil || len(entries) != len(snapshots) {
		t.Errorf("%d packages for %d orders: %v", len(entries), len(snapshots), err)
	}
	for _, e := range entries {
		f, err := s.Verify(t.Context(), e, inventory)
		if err != nil || len(f.Found) > 0 || !e.Receipt || !snapshots[e.ID] {
			t.Errorf("%s: ordered %v, receipt %v: %v %v", e.ID, snapshots[e.ID], e.Receipt, f.Found, err)
		}
	}
	if left, err := s.List(t.Context(), archive.ListFilter{Incomplete: true}); err != nil || len(left) > 0 {
		t.Errorf("remains in the archive: %v %v", left, err)
	}
	report, err := c.Verify(t.Context(), VerifyRequest{})
	if err != nil || !report.OK {
		t.Errorf("verify: %+v %v", report, err)
	}
	if left, _ := filepath.Glob(c.spool("*", "*")); len(left) > 0 {
		t.Errorf("left in the spool: %v", left)
	}
}

// plain is all that was written, as people read it.
func (m *mailbox) plain(t *testing.T) string {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	var all strings.Builder
	for _, text := range m.text {
		b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(text)))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}
