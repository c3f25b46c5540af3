package proof

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// keyName is the name in every signature; the four bytes after it in a note tell the keys apart.
const keyName = "arsring"

// Files in the folder for keys.
const (
	keyFile   = "log.key"     // the private key, 0600
	trustFile = "log-trusted" // public keys whose signatures count, one a line
)

// Key signs the entries and checkpoints of this installation, and knows whose signatures count.
type Key struct {
	signer note.Signer
	public string
	dir    string
	known  map[string]note.Verifier // by public key
}

// OpenKey reads the Ed25519 key in the folder dir, and makes one (mode 0600) when there is none. Whose signatures count beside its own stands in
// the file log-trusted there, one public key a line.
func OpenKey(dir string) (*Key, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder %s for keys cannot be made: %w", dir, err)
	}
	name := filepath.Join(dir, keyFile)
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		data, err = makeKey(name)
	}
	if err != nil {
		return nil, fmt.Errorf("the key of the archive's log, %s: %w", name, err)
	}
	k := &Key{dir: dir, known: map[string]note.Verifier{}}
	secret := strings.TrimSpace(string(data))
	if k.signer, err = note.NewSigner(secret); err != nil {
		return nil, fmt.Errorf("%s holds no key of the archive's log: %w; put back the copy that was saved, or move it away to begin with a new one", name, err)
	}
	if k.public, err = publicOf(secret); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := k.learn(k.public); err != nil {
		return nil, err
	}
	return k, k.readTrusted()
}

// makeKey draws a key and writes it so that two processes which start together end up with the same one.
func makeKey(name string) ([]byte, error) {
	secret, _, err := note.GenerateKey(rand.Reader, keyName)
	if err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".log-key-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(secret + "\n")
	if err := errors.Join(err, tmp.Chmod(0o600), tmp.Sync(), tmp.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(tmp.Name(), name); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(name)
}

// publicOf gives the public key of a private one, both in the coding of golang.org/x/mod/sumdb/note.
func publicOf(secret string) (string, error) {
	parts := strings.SplitN(secret, "+", 5)
	if len(parts) != 5 {
		return "", errors.New("it is no signing key")
	}
	raw, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(raw) != 1+ed25519.SeedSize {
		return "", errors.New("it is no Ed25519 signing key")
	}
	pub, ok := ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey)
	if !ok {
		return "", errors.New("it is no Ed25519 signing key")
	}
	return note.NewEd25519VerifierKey(parts[2], pub)
}

func (k *Key) learn(public string) error {
	v, err := note.NewVerifier(public)
	if err != nil {
		return fmt.Errorf("%q is no public key of an archive's log: %w", public, err)
	}
	k.known[public] = v
	return nil
}

func (k *Key) readTrusted() error {
	name := filepath.Join(k.dir, trustFile)
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", name, err)
	}
	for i, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := k.learn(line); err != nil {
			return fmt.Errorf("%s, line %d: %w", name, i+1, err)
		}
	}
	return nil
}

// Public is the public key, for people and for other machines.
func (k *Key) Public() string { return k.public }

// Trusted are all public keys whose signatures count, sorted.
func (k *Key) Trusted() []string {
	out := make([]string, 0, len(k.known))
	for p := range k.known {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// Trust lets the signatures of another public key count from now on, and remembers it in the file log-trusted.
func (k *Key) Trust(public string) error {
	public = strings.TrimSpace(public)
	if _, ok := k.known[public]; ok {
		return nil
	}
	if err := k.learn(public); err != nil {
		return err
	}
	name := filepath.Join(k.dir, trustFile)
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", name, err)
	}
	_, err = f.WriteString(public + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}

func (k *Key) verifiers() note.Verifiers {
	list := make([]note.Verifier, 0, len(k.known))
	for _, p := range k.Trusted() {
		list = append(list, k.known[p])
	}
	return note.VerifierList(list...)
}

// keyID is the short form of a public key as it stands in notes and in names of objects: name+hash.
func keyID(public string) string {
	v, err := note.NewVerifier(public)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash())
}

// fingerprint is the first bytes of a SHA-256, in hex, for names of files.
func fingerprint(data []byte) string {
	sum := sha256.Sum256(data)
	return fmt.Sprintf("%016x", binary.BigEndian.Uint64(sum[:8]))
}
