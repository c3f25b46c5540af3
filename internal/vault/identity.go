package vault

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// maxIdentity bounds the key's file; a real one has some 200 bytes, a post-quantum one 2,000.
const maxIdentity = 64 << 10

// identities reads the key. Its text is cleared from memory as soon as it has been parsed.
func (v *Vault) identities() ([]age.Identity, error) {
	f, err := os.Open(v.o.IdentityFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault("no-identity", nil, "nyckeln "+v.o.IdentityFile+" finns inte: lägg tillbaka den ur säkerhetskopian, eller ange rätt fil i vault.identity_file",
			"the key "+v.o.IdentityFile+" does not exist: put it back from the backup, or set vault.identity_file to the right file")
	}
	if err != nil {
		return nil, fault("no-identity", cause(err), "nyckeln "+v.o.IdentityFile+" kan inte läsas: kontrollera rättigheterna", "the key "+v.o.IdentityFile+" cannot be read: check the permissions")
	}
	defer f.Close()
	if err := v.checkMode(f); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxIdentity))
	defer clear(text)
	if err != nil {
		return nil, fault("no-identity", cause(err), "nyckeln "+v.o.IdentityFile+" kan inte läsas", "the key "+v.o.IdentityFile+" cannot be read")
	}
	ids, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil { // age's own message may quote the line, so it is left out
		return nil, fault("identity-broken", nil, "filen "+v.o.IdentityFile+" är ingen age-nyckel: den ska ha en rad som börjar med AGE-SECRET-KEY-",
			"the file "+v.o.IdentityFile+" is no age identity: it must have a line that begins with AGE-SECRET-KEY-")
	}
	return ids, nil
}

// checkMode refuses a key that others may read.
func (v *Vault) checkMode(f *os.File) error {
	fi, err := f.Stat()
	if err != nil {
		return fault("no-identity", cause(err), "nyckeln "+v.o.IdentityFile+" kan inte läsas", "the key "+v.o.IdentityFile+" cannot be read")
	}
	forbidden := fs.FileMode(0o077)
	if v.o.Credentials != "" && strings.HasPrefix(v.key, realPath(v.o.Credentials)+string(filepath.Separator)) {
		forbidden = 0o037 // the service manager shows its access list as group bits
	}
	switch {
	case !fi.Mode().IsRegular():
		return fault("identity-broken", nil, "nyckeln "+v.o.IdentityFile+" är ingen fil", "the key "+v.o.IdentityFile+" is no file")
	case fi.Mode().Perm()&forbidden != 0:
		return fault("identity-mode", nil, "nyckeln "+v.o.IdentityFile+" kan läsas av andra: kör chmod 600 på filen", "the key "+v.o.IdentityFile+" may be read by others: chmod 600 the file")
	}
	return nil
}

// recipients are whom a profile is sealed for: the holders of the identities. The key is made first where there is none yet and nothing
// has been sealed with one.
func (v *Vault) recipients() ([]age.Recipient, error) {
	ids, err := v.identities()
	if Code(err) == "no-identity" && errors.Is(statErr(v.o.IdentityFile), fs.ErrNotExist) {
		if err := v.makeIdentity(); err != nil {
			return nil, err
		}
		ids, err = v.identities()
	}
	if err != nil {
		return nil, err
	}
	var out []age.Recipient
	for _, id := range ids {
		switch id := id.(type) {
		case *age.X25519Identity:
			out = append(out, id.Recipient())
		case *age.HybridIdentity:
			out = append(out, id.Recipient())
		}
	}
	if len(out) == 0 {
		return nil, fault("identity-broken", nil, "filen "+v.o.IdentityFile+" har ingen nyckel som går att kryptera för", "the file "+v.o.IdentityFile+" has no key that can be encrypted for")
	}
	return out[:1], nil
}

func statErr(file string) error {
	_, err := os.Stat(file)
	return err
}

// makeIdentity makes the key at first use. With profiles already sealed it refuses: their key is lost or elsewhere, and a new one would not
// open them.
func (v *Vault) makeIdentity() error {
	if old, _ := v.List(); len(old) > 0 {
		return fault("no-identity", nil, "nyckeln "+v.o.IdentityFile+" finns inte, men det finns inloggningar som är låsta med en: lägg tillbaka den, eller ta bort inloggningarna med arsring login --remove",
			"the key "+v.o.IdentityFile+" does not exist, yet there are logins sealed with one: put it back, or remove the logins with arsring login --remove")
	}
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return fault("write", err, "ingen nyckel kunde skapas", "no key could be made")
	}
	if err := os.MkdirAll(filepath.Dir(v.o.IdentityFile), 0o700); err != nil {
		return fault("write", cause(err), "nyckelns mapp kan inte skapas", "the key's folder cannot be made")
	}
	text := []byte("# made " + v.o.Now().UTC().Format("2006-01-02") + " for login profiles; whoever has this file and the profiles is logged in\n" + id.String() + "\n")
	defer clear(text)
	return v.writeIdentity(text)
}

// writeIdentity never replaces a key: of two processes that make one at the same time, the second takes the first one's.
func (v *Vault) writeIdentity(text []byte) error {
	unwritable := func(err error) error {
		return fault("write", cause(err), "nyckeln "+v.o.IdentityFile+" kan inte skrivas", "the key "+v.o.IdentityFile+" cannot be written")
	}
	f, err := os.CreateTemp(filepath.Dir(v.o.IdentityFile), ".key-") // mode 0600
	if err != nil {
		return unwritable(err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return unwritable(err)
	}
	if err := os.Link(f.Name(), v.o.IdentityFile); err != nil && !errors.Is(err, fs.ErrExist) {
		return unwritable(err)
	}
	return nil
}

// cause is the system's reason without the path, which the sentence has already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}
