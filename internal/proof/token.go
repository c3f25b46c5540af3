package proof

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"sync"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
)

var (
	errOtherBytes = errors.New("the token is over other bytes")
	errUntrusted  = errors.New("the token leads to no certificate that is trusted")
)

// parsing lets one token at a time be read: the library counts its depth in a variable of the whole package.
var parsing sync.Mutex

func parseResponse(response []byte) (*timestamp.Timestamp, error) {
	parsing.Lock()
	defer parsing.Unlock()
	return timestamp.ParseResponse(response)
}

func parseToken(raw []byte) (*pkcs7.PKCS7, error) {
	parsing.Lock()
	defer parsing.Unlock()
	return pkcs7.Parse(raw)
}

// check reads a time stamp response, checks its signature, that it is over the SHA-256 (hex), and that its signer leads to a trusted root at the
// time the token names. It needs no network.
func (t trust) check(response []byte, sum string) (Stamp, *timestamp.Timestamp, error) {
	ts, err := parseResponse(response)
	if err != nil {
		return Stamp{}, nil, fmt.Errorf("it is no time stamp that holds: %w", err)
	}
	st := Stamp{Response: response, Time: ts.Time.UTC(), Policy: ts.Policy.String()}
	if ts.SerialNumber != nil {
		st.Serial = ts.SerialNumber.String()
	}
	if len(ts.Certificates) == 0 {
		return st, ts, errors.New("the token holds no certificate")
	}
	if hex.EncodeToString(ts.HashedMessage) != sum {
		return st, ts, errOtherBytes
	}
	p7, err := parseToken(ts.RawToken)
	if err != nil {
		return st, ts, err
	}
	signer := p7.GetOnlySigner()
	if signer == nil {
		return st, ts, errors.New("the token does not have exactly one signer")
	}
	st.Signer = signer.Subject.String()
	chain, err := t.chain(signer, ts)
	if err != nil {
		return st, ts, fmt.Errorf("%w: %w", errUntrusted, err)
	}
	st.Chain = chain
	return st, ts, nil
}

// chain gives the certificates from above the signer's to the root.
func (t trust) chain(signer *x509.Certificate, ts *timestamp.Timestamp) ([]byte, error) {
	between := t.between.Clone()
	for _, c := range ts.Certificates {
		between.AddCert(c)
	}
	chains, err := signer.Verify(x509.VerifyOptions{Roots: t.roots, Intermediates: between, CurrentTime: ts.Time,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, c := range chains[0][min(1, len(chains[0])-1):] {
		if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// pemTrust reads certificates: those that sign themselves are roots, the others lead to them.
func pemTrust(data []byte) (trust, error) {
	t := trust{roots: x509.NewCertPool(), between: x509.NewCertPool()}
	n := 0
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return t, fmt.Errorf("certificate %d: %w", n+1, err)
		}
		n++
		if bytes.Equal(c.RawIssuer, c.RawSubject) {
			t.roots.AddCert(c)
			continue
		}
		t.between.AddCert(c)
	}
	if n == 0 {
		return t, errors.New("it holds no certificate (PEM)")
	}
	return t, nil
}
