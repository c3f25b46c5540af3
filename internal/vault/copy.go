package vault

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"filippo.io/age"
	"golang.org/x/sys/unix"
)

// Copy is a readable copy of a profile for one capture: a browser's user data folder that may be changed at will. Close wipes it.
type Copy struct {
	Dir     string // mode 0700
	Profile Profile

	lock  *os.File // held as long as the copy is in use; goes with the process
	once  sync.Once
	close error
}

const (
	copyPrefix = "arsring-login-"
	lockSuffix = ".lock"
	roomNeeded = 192 << 20 // what a browser writes into its folder during a capture, at least
)

// Open makes a fresh copy of a stored profile. The caller closes it after the browser that ran in it has ended. Copies that a killed process left
// behind are wiped on the way. The error is an *Error.
func (v *Vault) Open(ctx context.Context, name string) (*Copy, error) {
	file, err := v.file(name)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(name)
	}
	if err != nil {
		return nil, fault("unreadable", cause(err), "inloggningen "+quoted(name)+" kan inte läsas", "the login "+quoted(name)+" cannot be read")
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 64<<10)
	p, line, err := head(in, name)
	if err != nil {
		return nil, err
	}
	sealed, err := v.decrypt(in, name)
	if err != nil {
		return nil, err
	}
	c, err := v.Scratch()
	if err != nil {
		return nil, err
	}
	c.Profile = p
	if err := unpack(ctx, sealed, line, c.Dir, name); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (v *Vault) decrypt(in io.Reader, name string) (io.Reader, error) {
	ids, err := v.identities()
	if err != nil {
		return nil, err
	}
	sealed, err := age.Decrypt(in, ids...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return nil, fault("wrong-identity", nil, "nyckeln "+v.o.IdentityFile+" är inte den som låser inloggningen "+quoted(name)+": lägg tillbaka rätt nyckel, eller kör arsring login "+name+" igen",
			"the key "+v.o.IdentityFile+" is not the one that seals the login "+quoted(name)+": put the right key back, or run arsring login "+name+" again")
	case err != nil:
		return nil, broken(name)
	}
	return sealed, nil
}

// unpack writes a sealed profile into a folder. Every byte has been authenticated by age before it comes here.
func unpack(ctx context.Context, sealed io.Reader, line []byte, dir, name string) error {
	zipped, err := gzip.NewReader(sealed)
	if err != nil {
		return broken(name)
	}
	in := tar.NewReader(io.LimitReader(zipped, maxContent+maxFiles*2048))
	first := true
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) && !first {
			break
		}
		if err != nil || h.Typeflag != tar.TypeReg {
			return broken(name)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if first {
			if got, err := io.ReadAll(io.LimitReader(in, maxHead)); err != nil || h.Name != headName || !bytes.Equal(got, line) {
				return broken(name)
			}
			first = false
			continue
		}
		if !isNeeded(h.Name) || !filepath.IsLocal(h.Name) {
			return broken(name)
		}
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(h.Name)), in, name); err != nil {
			return err
		}
	}
	// To the sealed end: a file that was cut short is told by its last piece.
	if _, err := io.CopyN(io.Discard, zipped, 1<<20); !errors.Is(err, io.EOF) {
		return broken(name)
	}
	if n, err := sealed.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		return broken(name)
	}
	return nil
}

func writeFile(to string, in io.Reader, name string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return noRoom(err)
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return noRoom(err)
	}
	_, err = io.Copy(f, in)
	cerr := f.Close()
	var p *fs.PathError
	switch {
	case errors.As(err, &p):
		return noRoom(err)
	case err != nil:
		return broken(name)
	case cerr != nil:
		return noRoom(cerr)
	}
	return nil
}

func noRoom(err error) error {
	return fault("no-room", cause(err), "inloggningen kan inte packas upp: frigör minne i /dev/shm eller utrymme i mappen för tillfälliga filer", "the login cannot be unpacked: free room in /dev/shm or in the folder for temporary files")
}

// Scratch makes an empty folder of the same kind as a copy: in memory where the machine has room there, wiped by Close. A browser in which a
// person logs in runs in one.
func (v *Vault) Scratch() (*Copy, error) {
	var last error
	for _, dir := range v.places() {
		sweep(dir)
		c, err := scratchIn(dir)
		if err == nil {
			return c, nil
		}
		last = err
	}
	return nil, noRoom(last)
}

// Trial makes a copy of a folder as it would come out of the vault: what Seal would leave behind is not in it.
func (v *Vault) Trial(ctx context.Context, folder string) (*Copy, error) {
	c, err := v.Scratch()
	if err != nil {
		return nil, err
	}
	r, w := io.Pipe()
	go func() {
		out := tar.NewWriter(w)
		err := addFolder(ctx, out, folder)
		w.CloseWithError(errors.Join(err, out.Close()))
	}()
	in := tar.NewReader(r)
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err == nil {
			err = writeFile(filepath.Join(c.Dir, filepath.FromSlash(h.Name)), in, "")
		}
		if err != nil {
			_ = r.CloseWithError(err)
			return nil, errors.Join(err, c.Close())
		}
	}
}

// places orders the folders for copies: those in memory with enough room first.
func (v *Vault) places() []string {
	var memory, disk []string
	for _, dir := range v.o.Temp {
		var fs unix.Statfs_t
		if err := unix.Statfs(dir, &fs); err != nil {
			continue
		}
		room := fs.Bavail * uint64(max(fs.Bsize, 0))
		if fs.Type == unix.TMPFS_MAGIC || fs.Type == unix.RAMFS_MAGIC {
			if room >= roomNeeded {
				memory = append(memory, dir)
			}
			continue
		}
		disk = append(disk, dir)
	}
	return append(append(memory, disk...), v.o.Temp...)
}

// scratchIn tries again where a sweep of another process came between folder and lock.
func scratchIn(dir string) (*Copy, error) {
	var err error
	for range 5 {
		var c *Copy
		if c, err = tryScratch(dir); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func tryScratch(dir string) (*Copy, error) {
	to, err := os.MkdirTemp(dir, copyPrefix) // mode 0700
	if err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(to+lockSuffix, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errors.Join(err, os.Remove(to))
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(err, lock.Close(), os.RemoveAll(to))
	}
	for _, path := range []string{to, lock.Name()} {
		if err := statErr(path); err != nil {
			return nil, errors.Join(err, lock.Close(), os.RemoveAll(to))
		}
	}
	return &Copy{Dir: to, lock: lock}, nil
}

// Close wipes the copy: every file is overwritten, then removed. It may be called more than once.
func (c *Copy) Close() error {
	c.once.Do(func() {
		c.close = errors.Join(wipe(c.Dir), os.Remove(c.lock.Name()), c.lock.Close())
	})
	return c.close
}
