package notify

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// clock is the time of a test, which goes on only when the test says so.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) on(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.t = c.t.Add(d) }

var stockholm = func() *time.Location {
	l, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	return l
}()

// noon is Wednesday 14 October 2026, noon in Stockholm.
func noon() *clock { return &clock{t: time.Date(2026, 10, 14, 12, 0, 0, 0, stockholm)} }

// taken is one letter as the server took it.
type taken struct {
	from, to string
	raw      []byte
	msg      *mail.Message
	text     string            // of the body, decoded
	files    map[string][]byte // attachments by name
}

func (m taken) subject(t testing.TB) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(m.msg.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// server is a real mail server, with faults on demand.
type server struct {
	*smtp.Server
	addr   string
	caFile string
	user   string // demanded when set

	mu    sync.Mutex
	mail  []taken
	fault func(step string, conn net.Conn) error // asked at "mail", "rcpt", "data", "mid" and "end"
	seen  map[string]int                         // how often each step was reached
}

func (s *server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{s: s, c: c.Conn()}, nil
}

func (s *server) at(step string, conn net.Conn) error {
	s.mu.Lock()
	s.seen[step]++
	f := s.fault
	s.mu.Unlock()
	if f == nil {
		return nil
	}
	return f(step, conn)
}

func (s *server) set(f func(step string, conn net.Conn) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

func (s *server) got() []taken { s.mu.Lock(); defer s.mu.Unlock(); return append([]taken{}, s.mail...) }

type session struct {
	s        *server
	c        net.Conn
	from, to string
	signedIn bool
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.s.user || password != "hemligt" {
			return smtp.ErrAuthFailed
		}
		s.signedIn = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.s.user != "" && !s.signedIn {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return s.s.at("mail", s.c)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.s.at("rcpt", s.c)
}

func (s *session) Data(r io.Reader) error {
	if err := s.s.at("data", s.c); err != nil {
		return err
	}
	head := make([]byte, 64)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if err := s.s.at("mid", s.c); err != nil {
		return err
	}
	rest, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.s.at("end", s.c); err != nil {
		return err
	}
	m, err := readLetter(append(head[:n], rest...))
	if err != nil {
		return err
	}
	m.from, m.to = s.from, s.to
	s.s.mu.Lock()
	s.s.mail = append(s.s.mail, m)
	s.s.mu.Unlock()
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// readLetter reads a letter as a mail program does, with nothing of ours.
func readLetter(raw []byte) (taken, error) {
	m := taken{raw: raw, files: map[string][]byte{}}
	var err error
	if m.msg, err = mail.ReadMessage(bytes.NewReader(raw)); err != nil {
		return m, err
	}
	kind, params, err := mime.ParseMediaType(m.msg.Header.Get("Content-Type"))
	if err != nil {
		return m, err
	}
	if !strings.HasPrefix(kind, "multipart/") {
		m.text, err = decode(m.msg.Header.Get("Content-Transfer-Encoding"), m.msg.Body)
		return m, err
	}
	parts := multipart.NewReader(m.msg.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil {
			return m, err
		}
		text, err := decode(p.Header.Get("Content-Transfer-Encoding"), p)
		if err != nil {
			return m, err
		}
		if name := p.FileName(); name != "" {
			m.files[name] = []byte(text)
		} else {
			m.text = text
		}
	}
}

func decode(encoding string, r io.Reader) (string, error) {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	case "base64":
		r = base64Reader(r)
	}
	b, err := io.ReadAll(r)
	return strings.ReplaceAll(string(b), "\r\n", "\n"), err
}

// serve starts a mail server on loopback. mode is "starttls", "implicit" or "none".
func serve(t testing.TB, mode string) *server {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, ln, mode)
}

func serveOn(t testing.TB, ln net.Listener, mode string) *server {
	t.Helper()
	s := &server{addr: ln.Addr().String(), seen: map[string]int{}}
	s.Server = smtp.NewServer(s)
	s.Domain, s.ErrorLog, s.MaxLineLength = "mail.example", quiet{}, 4000
	if mode != "none" {
		cert, ca := certificate(t)
		s.caFile = ca
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
	}
	if mode == "implicit" {
		ln = tls.NewListener(ln, s.TLSConfig)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(ln) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return s
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// options are those of a reader in Stockholm who is told through the server.
func (s *server) options(t testing.TB, c *clock, mode string) Options {
	t.Helper()
	return Options{
		Dir: t.TempDir(), Location: stockholm, Organisation: "Exempelkommun", URL: "https://arsring.example", Now: c.Now,
		Mail:    Mail{Host: "127.0.0.1", Port: s.port(t), TLS: mode, CAFile: s.caFile, From: "Årsring <arsring@example.org>", Timeout: 5 * time.Second, Final: 5 * time.Second},
		Readers: func(Event) []string { return []string{"arkiv@example.org"} },
	}
}

func (s *server) port(t testing.TB) int {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	return a.Port
}

func open(t testing.TB, o Options) *Teller {
	t.Helper()
	tl, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tl.Close() })
	return tl
}

func tell(t testing.TB, tl *Teller, events ...Event) {
	t.Helper()
	for _, e := range events {
		if err := tl.Tell(e); err != nil {
			t.Fatal(err)
		}
	}
}

// certificate makes an authority and a certificate for loopback, and the file in which the authority stands.
func certificate(t testing.TB) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}
