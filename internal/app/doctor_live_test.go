package app

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

func TestLivenessAsksTheOwnDaemonOnly(t *testing.T) {
	live := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) })
	plain, tls := httptest.NewServer(live), httptest.NewTLSServer(live)
	defer plain.Close()
	defer tls.Close()
	dir := t.TempDir()
	cert := filepath.Join(dir, "cert.pem")
	write(t, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tls.Certificate().Raw})))
	other := filepath.Join(dir, "other.pem")
	write(t, other, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("another")})))
	_, port, _ := strings.Cut(strings.TrimPrefix(plain.URL, "http://"), ":")
	for name, c := range map[string]struct {
		listen, cert string
		want         bool
	}{
		"plain": {strings.TrimPrefix(plain.URL, "http://"), "", true}, "everywhere": {"0.0.0.0:" + port, "", true}, "no host": {":" + port, "", true},
		"https": {strings.TrimPrefix(tls.URL, "https://"), cert, true}, "another's certificate": {strings.TrimPrefix(tls.URL, "https://"), other, false},
		"nobody": {nobodyListens(t), "", false}, "no page": {"", "", false}, "no certificate": {strings.TrimPrefix(tls.URL, "https://"), missingIn(dir), false},
	} {
		t.Run(name, func(t *testing.T) {
			_, a := observed(t, nil)
			a.cfg.Web.Listen, a.cfg.Web.CertFile = c.listen, c.cert
			address, client, err := a.Liveness()
			body := ""
			if err == nil {
				var resp *http.Response
				if resp, err = client.Get(address); err == nil {
					b, rerr := io.ReadAll(resp.Body)
					body, err = string(b), rerr
					_ = resp.Body.Close()
				}
			}
			if (err == nil) != c.want || c.want && body != "/livez" {
				t.Errorf("%s: %q, %v", address, body, err)
			}
		})
	}
}

// missingIn gives a file that is not there.
func missingIn(dir string) string { return filepath.Join(dir, "missing.pem") }
