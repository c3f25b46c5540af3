package archive

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	dialTimeout = 10 * time.Second
	idleTimeout = 30 * time.Second
)

// newTransport makes the room's own transport: trust from the system and CAFile, and no connection that stays silent longer than o.Stall.
// http.Transport alone limits only the wait for the response's headers; a body that stops half-way would hang for ever.
func newTransport(o Options) (*http.Transport, error) {
	roots, err := roots(o.CAFile)
	if err != nil {
		return nil, err
	}
	dial := o.dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext
	}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return &stallConn{Conn: c, limit: o.Stall}, nil
		},
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:   dialTimeout,
		ResponseHeaderTimeout: o.Stall,
		IdleConnTimeout:       idleTimeout,
		ExpectContinueTimeout: time.Second,
		MaxIdleConnsPerHost:   max(16, 2*o.Parallel),
		DisableCompression:    true, // objects come as they are
	}, nil
}

func roots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil // the system's
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, badInput(
			fmt.Sprintf("Filen med betrodda certifikat, %s (archive.ca_file), går inte att läsa.", file),
			fmt.Sprintf("The file of trusted certificates, %s (archive.ca_file), cannot be read.", file), err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, badInput(
			fmt.Sprintf("Filen %s (archive.ca_file) innehåller inget certifikat i PEM-form.", file),
			fmt.Sprintf("The file %s (archive.ca_file) holds no certificate in PEM form.", file), nil)
	}
	return pool, nil
}

// stallConn gives up a connection on which nothing has moved, in either direction, for the limit. Each write also extends the
// deadline of the read that waits for the answer, so a long upload is not cut while it moves.
type stallConn struct {
	net.Conn
	limit time.Duration
}

func (c *stallConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.limit)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c *stallConn) Write(b []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.limit)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

func isEOF(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }
