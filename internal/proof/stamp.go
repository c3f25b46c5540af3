package proof

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/digitorus/timestamp"

	"arsring/internal/archive"
)

// Authority is a time stamping authority after RFC 3161, spoken to over HTTP.
type Authority struct {
	URL      string
	CAFile   string // PEM of the certificates that its tokens must lead to; empty: those of the system
	Username string // empty: no basic authentication
	Password string
}

// StampOptions say which authorities stamp. Each gives a token of its own.
type StampOptions struct {
	Authorities []Authority
	Timeout     time.Duration     // for one answer; 0: 20 s
	Transport   http.RoundTripper // nil: a plain one without proxy
}

// Stamper asks authorities for tokens.
type Stamper struct {
	authorities []Authority
	trust       []trust
	client      *http.Client
}

// Stamp is a token that was checked: by whom and when it was made, and over what.
type Stamp struct {
	Response []byte    `json:"-"`      // the authority's whole answer in DER, as `openssl ts -verify -in` reads it
	Chain    []byte    `json:"-"`      // PEM: the certificates above the signer's, up to the root
	Time     time.Time `json:"time"`   // by the authority's clock
	Signer   string    `json:"signer"` // subject of the signing certificate
	Serial   string    `json:"serial"`
	Policy   string    `json:"policy"`
}

// AuthorityError says that an authority gave no token that holds. The snapshot is kept all the same, and asked for again later.
type AuthorityError struct {
	URL   string
	Text  archive.Text
	Cause error
}

// Error is the English sentence with its cause.
func (e *AuthorityError) Error() string { return fmt.Sprintf("%s (%v)", e.Text.EN, e.Cause) }

// Unwrap gives the cause.
func (e *AuthorityError) Unwrap() error { return e.Cause }

// Person is the sentence for people.
func (e *AuthorityError) Person() archive.Text { return e.Text }

// NewStamper reads the authorities' certificates. Without authorities Count is 0 and nothing is stamped.
func NewStamper(o StampOptions) (*Stamper, error) {
	s := &Stamper{authorities: o.Authorities}
	for _, a := range o.Authorities {
		t, err := readTrust(a.CAFile)
		if err != nil {
			return nil, err
		}
		s.trust = append(s.trust, t)
	}
	timeout := o.Timeout
	if timeout <= 0 {
		timeout = 20 * time.Second
	}
	rt := o.Transport
	if rt == nil {
		rt = &http.Transport{TLSHandshakeTimeout: timeout, ResponseHeaderTimeout: timeout, IdleConnTimeout: timeout}
	}
	s.client = &http.Client{Transport: rt, Timeout: timeout}
	return s, nil
}

// Count is how many tokens each package should have.
func (s *Stamper) Count() int { return len(s.authorities) }

// Stamp asks authority number i (from 0) for a token over a SHA-256 in hex, and checks it. It fails with an *AuthorityError.
func (s *Stamper) Stamp(ctx context.Context, i int, sum string) (Stamp, error) {
	a := s.authorities[i]
	fail := func(err error) (Stamp, error) {
		return Stamp{}, &AuthorityError{URL: a.URL, Cause: err, Text: archive.Text{
			SV: fmt.Sprintf("Tidsstämplingstjänsten %s gav ingen giltig tidsstämpel; nytt försök görs senare.", a.URL),
			EN: fmt.Sprintf("The time stamping authority %s gave no valid time stamp; it is asked again later.", a.URL)}}
	}
	digest, err := hex.DecodeString(sum)
	if err != nil {
		return fail(err)
	}
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 63))
	if err != nil {
		return fail(err)
	}
	req := timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: digest, Certificates: true, Nonce: nonce}
	query, err := req.Marshal()
	if err != nil {
		return fail(err)
	}
	answer, err := s.ask(ctx, a, query)
	if err != nil {
		return fail(err)
	}
	st, ts, err := s.trust[i].check(answer, sum)
	if err == nil && (ts.Nonce == nil || ts.Nonce.Cmp(nonce) != 0) {
		err = errors.New("the answer is to another question (nonce)")
	}
	if err != nil {
		return fail(err)
	}
	return st, nil
}

// mostAnswer bounds an authority's answer.
const mostAnswer = 1 << 20

func (s *Stamper) ask(ctx context.Context, a Authority, query []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, bytes.NewReader(query))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/timestamp-query")
	req.Header.Set("Accept", "application/timestamp-reply")
	if a.Username != "" {
		req.SetBasicAuth(a.Username, a.Password)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answers %s", resp.Status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer+1))
	if err == nil && len(data) > mostAnswer {
		err = errors.New("its answer is larger than 1 MiB")
	}
	return data, err
}

// trust are the certificates that tokens must lead to.
type trust struct {
	roots, between *x509.CertPool
}

// readTrust reads a PEM file; without one the system's authorities are trusted.
func readTrust(file string) (trust, error) {
	if file == "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			return trust{}, fmt.Errorf("the system's certificates cannot be read: %w; set ca_file of the time stamping authority", err)
		}
		return trust{roots: pool, between: x509.NewCertPool()}, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return trust{}, fmt.Errorf("the certificates of the time stamping authority, %s, cannot be read: %w", file, err)
	}
	t, err := pemTrust(data)
	if err != nil {
		return trust{}, fmt.Errorf("%s: %w", file, err)
	}
	return t, nil
}

// slotKey is where the token of authority number i (from 0) stands beside a package.
func slotKey(tenant, account, id string, i int) string {
	name := tenant + "/" + account + "/" + id
	if i == 0 {
		return name + tokenSuffix
	}
	return fmt.Sprintf("%s.%d%s", name, i+1, tokenSuffix)
}

const tokenSuffix = ".tsr"

// authorityKey is where a chain of certificates stands.
func authorityKey(tenant string, chain []byte) string {
	return logFolder(tenant) + "authority/" + fingerprint(chain) + ".pem"
}

func isAuthorityKey(tenant, key string) bool {
	return strings.HasPrefix(key, logFolder(tenant)+"authority/") && strings.HasSuffix(key, ".pem")
}
