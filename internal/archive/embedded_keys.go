package archive

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"time"
)

const (
	caYears     = 30
	serverYears = 5
	renewBefore = 90 * 24 * time.Hour
)

// access are the random access keys of the embedded store.
type access struct {
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
}

// ensureKeys makes what is missing: access keys, a CA of this store's own, and a server certificate for loopback, which is
// renewed at the first start in its last months. The caller holds the folder's lock.
func (l layout) ensureKeys(now time.Time) (access, error) {
	if err := os.MkdirAll(l.keys, 0o700); err != nil {
		return access{}, unwritable(l.keys, err)
	}
	if err := os.Chmod(l.keys, 0o700); err != nil {
		return access{}, unwritable(l.keys, err)
	}
	a, err := l.readAccess()
	if errors.Is(err, fs.ErrNotExist) {
		a = access{AccessKey: "arsring" + randomName(13), SecretKey: randomName(40)}
		err = l.writeAccess(a)
	}
	if err != nil {
		return access{}, err
	}
	if _, err := os.Stat(l.caCert); errors.Is(err, fs.ErrNotExist) {
		if err := l.makeCA(now); err != nil {
			return access{}, err
		}
	}
	if l.serverCertFits(now) {
		return a, nil
	}
	return a, l.makeServerCert(now)
}

func (l layout) readAccess() (access, error) {
	data, err := os.ReadFile(l.access)
	if err != nil {
		return access{}, err
	}
	var a access
	if err := json.Unmarshal(data, &a); err != nil || a.AccessKey == "" || a.SecretKey == "" {
		return access{}, badInput(
			fmt.Sprintf("%s innehåller inga åtkomstnycklar. Flytta undan filen, så görs nya vid nästa start.", l.access),
			fmt.Sprintf("%s holds no access keys. Move the file away and new ones are made at the next start.", l.access), err)
	}
	return a, nil
}

func (l layout) writeAccess(a access) error {
	data, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return writeFileSync(l.access, append(data, '\n'), 0o600)
}

func (l layout) makeCA(now time.Time) error {
	t := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "Arsring embedded store CA " + randomName(6)},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.AddDate(caYears, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
		// Whoever trusts this CA for the store must not thereby trust it for anything else.
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: []string{"localhost"},
		PermittedIPRanges: []*net.IPNet{{IP: net.IPv4(127, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)}, {IP: net.IPv6loopback, Mask: net.CIDRMask(128, 128)}},
	}
	return issue(t, nil, nil, l.caCert, l.caKey)
}

func (l layout) makeServerCert(now time.Time) error {
	ca, key, err := l.readCA()
	if err != nil {
		return err
	}
	t := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "Arsring embedded store"},
		NotBefore:   now.Add(-time.Hour),
		NotAfter:    now.AddDate(serverYears, 0, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	return issue(t, ca, key, l.cert, l.key)
}

// issue makes a key and a certificate, signed by the parent or by itself, and writes the key first: a certificate stands for a key that is there.
func issue(t, parent *x509.Certificate, signer *ecdsa.PrivateKey, certFile, keyFile string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	if parent == nil {
		parent, signer = t, key
	}
	if t.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return err
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, &key.PublicKey, signer)
	if err != nil {
		return fmt.Errorf("certificate %s: %w", certFile, err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := writeFileSync(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), 0o600); err != nil {
		return err
	}
	return writeFileSync(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644)
}

func (l layout) readCA() (*x509.Certificate, *ecdsa.PrivateKey, error) {
	cert, err := readCert(l.caCert)
	if err != nil {
		return nil, nil, err
	}
	data, err := os.ReadFile(l.caKey)
	if err != nil {
		return nil, nil, unreadable(l.caKey, err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, nil, unreadable(l.caKey, errors.New("no PEM"))
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, nil, unreadable(l.caKey, err)
	}
	ec, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, nil, unreadable(l.caKey, errors.New("not an EC key"))
	}
	return cert, ec, nil
}

func readCert(file string) (*x509.Certificate, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, unreadable(file, err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, unreadable(file, errors.New("no PEM"))
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, unreadable(file, err)
	}
	return cert, nil
}

// serverCertFits: there is one, of our CA, and it lasts.
func (l layout) serverCertFits(now time.Time) bool {
	cert, err := readCert(l.cert)
	if err != nil {
		return false
	}
	ca, err := readCert(l.caCert)
	if err != nil {
		return false
	}
	if _, err := os.Stat(l.key); err != nil {
		return false
	}
	return cert.CheckSignatureFrom(ca) == nil && now.Add(renewBefore).Before(cert.NotAfter)
}
