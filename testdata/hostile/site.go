package hostile

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
)

// Site serves the pages on loopback, with the canaries beside them.
type Site struct {
	plain, secure, canary *httptest.Server
	visits                atomic.Int64
	ready                 chan struct{} // closed when all servers are there

	mu   sync.Mutex
	hits []string
}

// Start begins to serve.
func Start() *Site {
	s := &Site{ready: make(chan struct{})}
	quiet := log.New(io.Discard, "", 0) // pages break connections on purpose
	s.plain = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.plain.Config.ErrorLog = quiet
	s.plain.Start()
	s.secure = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.secure.Config.ErrorLog = quiet
	s.secure.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
	s.secure.StartTLS()
	s.canary = httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { s.hit("canary: " + r.Method + " " + r.URL.String()) }))
	s.canary.Config.ErrorLog = quiet
	s.canary.Config.ConnState = func(c net.Conn, st http.ConnState) {
		if st == http.StateNew {
			s.hit("canary: connection from " + c.RemoteAddr().String())
		}
	}
	s.canary.Start()
	close(s.ready)
	return s
}

// Close ends all servers and what is under way at them.
func (s *Site) Close() {
	for _, srv := range []*httptest.Server{s.plain, s.secure, s.canary} {
		srv.CloseClientConnections()
		_ = srv.Config.Close()
	}
}

// URL is the address of a page.
func (s *Site) URL(p Page) string {
	if p.TLS {
		return s.secure.URL + "/" + p.Name
	}
	return s.plain.URL + "/" + p.Name
}

// Good is the address of a page that harms nobody, and a word that it holds.
func (s *Site) Good() (address, word string) { return s.plain.URL + "/good", "Provtagningen" }

// Allow is what a capture must be allowed to reach: the pages, under two names, and not the canaries.
func (s *Site) Allow() []string {
	plain, secure := s.plain.Listener.Addr().String(), s.secure.Listener.Addr().String()
	_, port, _ := net.SplitHostPort(plain)
	return []string{plain, "localhost:" + port, secure}
}

// Hits lists what reached the canaries: forms that nobody may send, what stands in files of this machine, and connections to an address that is not allowed.
func (s *Site) Hits() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.hits...)
}

func (s *Site) hit(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.hits) < 1000 {
		s.hits = append(s.hits, what)
	}
}

func (s *Site) serve(w http.ResponseWriter, r *http.Request) {
	<-s.ready
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch name {
	case "canary":
		body, _ := io.ReadAll(io.LimitReader(r.Body, 300))
		s.hit(fmt.Sprintf("%s %s %s", r.Method, r.URL, body))
		w.WriteHeader(http.StatusNoContent)
		return
	case "good":
		s.html(w, r, "<h1>Badplatser</h1><p>Provtagningen är klar.</p>")
		return
	}
	p, ok := Find(name)
	if !ok {
		http.NotFound(w, r)
		return
	}
	p.serve(s, w, r)
}

// html writes a page of our own around a body.
func (s *Site) html(w http.ResponseWriter, r *http.Request, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, `<!doctype html><html lang="sv"><meta charset="utf-8"><title>Älvsunda</title><body>`+s.fill(r, body))
}

// fill puts the addresses in. OTHER is the same server under a name that makes it another origin.
func (s *Site) fill(r *http.Request, body string) string {
	_, port, _ := net.SplitHostPort(s.plain.Listener.Addr().String())
	return strings.NewReplacer("HERE", r.URL.Path, "CANARY", s.canary.Listener.Addr().String(), "OTHER", "localhost:"+port).Replace(body)
}

// Forget empties the list of hits.
func (s *Site) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits = nil
}
