package vault

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// The bounds of a profile: cookies, local storage and databases of some platforms.
const (
	maxFiles   = 20_000
	maxContent = 256 << 20
)

// needed are the parts of a browser's user data folder that make a login; a name that ends in / is a folder with all it holds. Everything
// else - history, cache, passwords, settings - is left behind.
var needed = []string{
	"Default/Cookies", "Default/Cookies-journal", "Default/Network/Cookies", "Default/Network/Cookies-journal",
	"Default/Local Storage/", "Default/IndexedDB/",
}

// isNeeded judges a path inside the user data folder, with slashes.
func isNeeded(path string) bool {
	switch filepath.Base(path) {
	case "LOCK", "LOG", "LOG.old":
		return false
	}
	for _, n := range needed {
		if path == n || strings.HasSuffix(n, "/") && strings.HasPrefix(path, n) {
			return true
		}
	}
	return false
}

// Seal stores what a login needs of a browser's user data folder under a name, in place of what was stored before. The browser must have been
// closed. The key is made where there is none yet. The file appears whole or not at all.
func (v *Vault) Seal(ctx context.Context, name, folder string, f Facts) (Profile, error) {
	file, err := v.file(name)
	if err != nil {
		return Profile{}, err
	}
	to, err := v.recipients()
	if err != nil {
		return Profile{}, err
	}
	now := v.o.Now().UTC()
	p := Profile{Schema: Schema, Name: name, Host: f.Host, Stored: now, Expires: f.Expiry(now), Cookies: len(f.Cookies)}
	if err := os.MkdirAll(v.o.Dir, 0o700); err != nil {
		return p, unwritable(err)
	}
	tmp, err := os.CreateTemp(v.o.Dir, ".new-") // mode 0600
	if err != nil {
		return p, unwritable(err)
	}
	defer os.Remove(tmp.Name())
	err = v.writeSealed(ctx, tmp, p, folder, to)
	if fi, serr := tmp.Stat(); serr == nil {
		p.Bytes = fi.Size()
	}
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		var known *Error
		if errors.As(err, &known) || ctx.Err() != nil {
			return p, err
		}
		return p, unwritable(err)
	}
	if err := os.Rename(tmp.Name(), file); err != nil {
		return p, unwritable(err)
	}
	return p, syncDir(v.o.Dir)
}

func unwritable(err error) error {
	return fault("write", cause(err), "inloggningen kan inte sparas: kontrollera rättigheter och ledigt utrymme", "the login cannot be stored: check permissions and free space")
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return unwritable(err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return unwritable(err)
	}
	return nil
}

func (v *Vault) writeSealed(ctx context.Context, w io.Writer, p Profile, folder string, to []age.Recipient) error {
	line, err := json.Marshal(p)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	if _, err := w.Write(line); err != nil {
		return err
	}
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return err
	}
	zipped := gzip.NewWriter(sealed)
	out := tar.NewWriter(zipped)
	if err := addBytes(out, headName, line); err != nil {
		return err
	}
	if err := addFolder(ctx, out, folder); err != nil {
		return err
	}
	return errors.Join(out.Close(), zipped.Close(), sealed.Close())
}

// headName is the sealed copy of the open line, so that nobody can date a login anew.
const headName = "profile.json"

func addBytes(out *tar.Writer, name string, b []byte) error {
	if err := out.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600, Size: int64(len(b))}); err != nil {
		return err
	}
	_, err := io.Copy(out, bytes.NewReader(b))
	return err
}

// addFolder packs what is needed of the folder.
func addFolder(ctx context.Context, out *tar.Writer, folder string) error {
	files, total := 0, int64(0)
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		rel, err := filepath.Rel(folder, path)
		if err != nil || !e.Type().IsRegular() || !isNeeded(filepath.ToSlash(rel)) {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if files, total = files+1, total+info.Size(); files > maxFiles || total > maxContent {
			return tooLarge()
		}
		return addFile(out, filepath.ToSlash(rel), path, info.Size())
	})
	if err == nil && files == 0 {
		return fault("empty", nil, "webbläsaren har inga kakor: ingen har loggat in", "the browser has no cookies: nobody logged in")
	}
	return err
}

func tooLarge() error {
	return fault("too-large", nil, "inloggningen är större än 256 MiB", "the login is larger than 256 MiB")
}

func addFile(out *tar.Writer, name, path string, size int64) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := out.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600, Size: size}); err != nil {
		return err
	}
	_, err = io.CopyN(out, f, size)
	return err
}
