package app

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
)

// Liveness gives the address at which this configuration's own daemon says whether it lives, reached on this machine, and the client to ask it
// with. Where the page is served by https, the client takes exactly the configured certificate, whatever name stands in it.
func (a *App) Liveness() (string, *http.Client, error) {
	w := a.cfg.Web
	host, port, err := net.SplitHostPort(w.Listen)
	if err != nil {
		return "", nil, &UsageError{"web.listen is empty, so the daemon serves no /livez: set it, for example to 127.0.0.1:8080"}
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
		if ip != nil && ip.To4() == nil {
			host = "::1"
		}
	}
	address := "http://" + net.JoinHostPort(host, port) + "/livez"
	transport := &http.Transport{} // no proxy: it is this machine
	if w.CertFile != "" {
		address = "https" + address[len("http"):]
		if transport.TLSClientConfig, err = onlyThis(w.CertFile); err != nil {
			return "", nil, err
		}
	}
	return address, &http.Client{Transport: transport}, nil
}

// onlyThis trusts one certificate and no name.
func onlyThis(file string) (*tls.Config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("web.cert_file: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("web.cert_file %s holds no certificate in PEM form", file)
	}
	want := sha256.Sum256(block.Bytes)
	return &tls.Config{MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection compares with the one certificate that is right
		VerifyConnection: func(c tls.ConnectionState) error {
			if len(c.PeerCertificates) > 0 && sha256.Sum256(c.PeerCertificates[0].Raw) == want {
				return nil
			}
			return errors.New("another certificate than that of web.cert_file is shown")
		}}, nil
}
