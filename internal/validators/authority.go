package validators

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// Authority is a time stamping authority (RFC 3161) on loopback, which answers with `openssl ts -reply`: root, intermediate and signer of its own.
type Authority struct {
	URL    string
	CAFile string       // PEM of its root
	Down   atomic.Bool  // answers 503 while set
	Asked  atomic.Int64 // requests so far
}

const authorityConfig = `
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[between]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
serial = %[1]s/serial
signer_cert = %[1]s/signer.pem
certs = %[1]s/between.pem
signer_key = %[1]s/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
`

// StartAuthority makes the authority's certificates and serves it until the test ends.
func StartAuthority(t testing.TB) *Authority {
	t.Helper()
	dir := t.TempDir()
	openssl := Path(t, "openssl")
	conf := filepath.Join(dir, "openssl.cnf")
	for name, text := range map[string]string{conf: fmt.Sprintf(authorityConfig, dir), filepath.Join(dir, "serial"): "01\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	above := ""
	for _, c := range []struct{ name, subject string }{{"root", "/O=Provstämpel/CN=Rot"}, {"between", "/O=Provstämpel/CN=Mellan"}, {"signer", "/O=Provstämpel/CN=Tidsstämpel 1"}} {
		args := []string{"req", "-x509", "-config", conf, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-utf8", "-days", "3650",
			"-subj", c.subject, "-extensions", c.name, "-keyout", in(c.name + ".key"), "-out", in(c.name + ".pem")}
		if above != "" {
			args = append(args, "-CA", in(above+".pem"), "-CAkey", in(above+".key"))
		}
		mustRun(t, openssl, args...)
		above = c.name
	}
	a := &Authority{CAFile: in("root.pem")}
	var one sync.Mutex // the serial number's file
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.Asked.Add(1)
		query, err := io.ReadAll(r.Body)
		if a.Down.Load() || err != nil || r.Header.Get("Content-Type") != "application/timestamp-query" {
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		one.Lock()
		defer one.Unlock()
		if err := os.WriteFile(in("query"), query, 0o600); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		out := run(t, openssl, "ts", "-reply", "-config", conf, "-section", "tsa", "-queryfile", in("query")) //nolint:contextcheck // the test's context is the longer one
		if out.err != nil {
			http.Error(w, string(out.stderr), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/timestamp-reply")
		_, _ = w.Write(out.stdout)
	}))
	t.Cleanup(srv.Close)
	a.URL = srv.URL
	return a
}

// TokenHolds asks openssl whether a time stamp response is over the bytes of a file and leads to a certificate in the PEM file; the error is what it says.
func TokenHolds(t testing.TB, response, data, chain string) error {
	t.Helper()
	out := run(t, Path(t, "openssl"), "ts", "-verify", "-in", absolute(t, response), "-data", absolute(t, data), "-CAfile", absolute(t, chain))
	if out.err != nil {
		return fmt.Errorf("%w: %s", out.err, out.stderr)
	}
	return nil
}
