package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arsring/internal/capture"
	"arsring/internal/job"
)

// TestDemo takes one real snapshot of a sample site and opens it on the demonstration's page.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testDir(t), "show")
	d := startDemo(t, dir)
	if len(d.Accounts) != 3 {
		t.Fatalf("%d accounts: %+v", len(d.Accounts), d.Accounts)
	}
	var stages []string
	r := d.Snapshot(t.Context(), d.Accounts[0], func(p Progress) {
		if len(stages) == 0 || stages[len(stages)-1] != p.Stage {
			stages = append(stages, p.Stage)
		}
	})
	if r.Err != nil || r.Outcome == nil || *r.Outcome != capture.Complete || r.State != job.Delivered {
		t.Fatalf("%+v", r)
	}
	if got := strings.Join(stages, " "); got != "capture record pdfa package deliver" {
		t.Errorf("the stages were told as %q", got)
	}
	folder, record := d.Files(r)
	data, err := os.ReadFile(record)
	if err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) || !strings.HasPrefix(folder, dir) {
		t.Errorf("no record where it was said to be (%s): %v", record, err)
	}

	page, handler, err := d.Page(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	srv := httptest.NewServer(handler)
	defer srv.Close()
	body, h := get(t, srv.URL+"/", http.StatusOK)
	text := html.UnescapeString(string(body))
	for _, want := range []string{d.Accounts[0].Title, r.ID, "fullständig", "2 av 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q:\n%s", want, text)
		}
	}
	if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; script-src 'self';") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	shown, _ := get(t, srv.URL+"/ogonblicksbild/"+r.ID, http.StatusOK)
	if !strings.Contains(string(shown), "PDF/A-2a") {
		t.Error("the snapshot's page does not say what its record conforms to")
	}
	for path, mime := range map[string]string{"/static/stil.css": "text/css; charset=utf-8", "/ogonblicksbild/" + r.ID + "/arkivexemplar.pdf": "application/pdf",
		"/ogonblicksbild/" + r.ID + "/innehall.json": "application/json; charset=utf-8", "/ogonblicksbild/" + r.ID + "/miniatyr": "image/jpeg"} {
		body, h := get(t, srv.URL+path, http.StatusOK)
		if got := h.Get("Content-Type"); got != mime || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s is served as %q", path, got)
		}
		if strings.HasSuffix(path, ".json") && !json.Valid(body) || strings.HasSuffix(path, ".pdf") && !bytes.Equal(body, data) {
			t.Errorf("%s is not what lies in the archive", path)
		}
	}
	refusals(t, srv.URL, r.ID)
}

// refusals asks the page for what it does not have and does not do.
func refusals(t *testing.T, site, id string) {
	t.Helper()
	for _, path := range []string{"/x", "/ogonblicksbild/x", "/ogonblicksbild/" + id + "/METS.xml", "/ogonblicksbild/" + id + "/..%2f..%2fkeys/store-access.json", "/static/..%2f..%2fsite.go", "/ogonblicksbild/nobody-20260101T000000Z-manual-aaaa/arkivexemplar.pdf", "/ogonblicksbild/%00/arkivexemplar.pdf"} {
		get(t, site+path, http.StatusNotFound)
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		if code := send(t, method, site+"/", ""); code != http.StatusNotFound {
			t.Errorf("%s: %d", method, code)
		}
	}
	// A foreign page that has its own name lead to loopback must not have a visitor's browser read the archive.
	for host, want := range map[string]int{"evil.example": 403, "evil.example:80": 403, "10.0.0.1": 403, "localhost": 200, "127.0.0.1:1234": 200, "[::1]:80": 200} {
		if code := send(t, http.MethodGet, site+"/", host); code != want {
			t.Errorf("host %s: %d", host, code)
		}
	}
}

func startDemo(t *testing.T, dir string) *Demo {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDemo(t.Context(), DemoOptions{Dir: dir, Version: "test", Program: self, Environ: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func get(t *testing.T, url string, want int) ([]byte, http.Header) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != want {
		t.Errorf("%s: %d, %v", url, resp.StatusCode, err)
	}
	return body, resp.Header
}

func send(t *testing.T, method, url, host string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// TestDemoFolder: a demonstration comes back to its own folder and to its own address, and to no other folder that has something in it.
func TestDemoFolder(t *testing.T) {
	dir := testDir(t)
	first := startDemo(t, dir)
	address := first.Accounts[0].URL
	if err := first.sites.Close(); err != nil {
		t.Fatal(err)
	}
	if second := startDemo(t, dir); second.Accounts[0].URL != address {
		t.Errorf("the sites moved from %s to %s", address, second.Accounts[0].URL)
	}

	other := testDir(t)
	if err := os.WriteFile(filepath.Join(other, "jobs.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := NewDemo(t.Context(), DemoOptions{Dir: other})
	var use *UsageError
	if !errors.As(err, &use) || !strings.Contains(err.Error(), other) {
		t.Errorf("somebody else's folder: %v", err)
	}
	if there, err := os.ReadDir(other); err != nil || len(there) != 1 {
		t.Errorf("something was written into somebody else's folder: %v, %v", there, err)
	}
	_, err = NewDemo(t.Context(), DemoOptions{Dir: filepath.Join(other, "jobs.db", "x")})
	if err == nil || !strings.Contains(err.Error(), "jobs.db/x cannot be made") {
		t.Errorf("a file in the way: %v", err)
	}
}

func TestListenLoopback(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, wished := range []string{taken.Addr().String(), "0.0.0.0:0", "192.0.2.1:80", "nothing", ""} {
		ln, err := listenLoopback(t.Context(), wished)
		if err != nil {
			t.Fatal(err)
		}
		if got := ln.Addr().String(); got == wished || !strings.HasPrefix(got, "127.0.0.1:") {
			t.Errorf("wished %q, got %s", wished, got)
		}
		ln.Close()
	}
}
