package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Export writes the package to dir/<id>, and its receipt, tokens and notes beside it, and returns the folder. It is written under a temporary
// name, compared with the receipt and then renamed; a folder that is already there is an *InputError, an object that is not as
// the receipt says a *ConflictError.
func (s *Store) Export(ctx context.Context, e Entry, dir string) (string, error) {
	if _, err := e.place(); err != nil {
		return "", err
	}
	target := filepath.Join(dir, e.ID)
	if _, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
		return "", badInput(
			fmt.Sprintf("%s finns redan. Välj en annan mapp eller flytta undan den.", target),
			fmt.Sprintf("%s is already there. Choose another folder or move it away.", target), err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", unwritable(dir, err)
	}
	temp, err := os.MkdirTemp(dir, ".arsring-export-*")
	if err != nil {
		return "", unwritable(dir, err)
	}
	defer os.RemoveAll(temp)
	if err := s.exportInto(ctx, e, temp); err != nil {
		return "", err
	}
	if err := s.exportBeside(ctx, e, dir); err != nil {
		return "", err
	}
	if err := os.Rename(filepath.Join(temp, e.ID), target); err != nil {
		return "", unwritable(target, err)
	}
	return target, syncDir(dir)
}

// exportInto writes the package to temp/<id> and holds it against the receipt.
func (s *Store) exportInto(ctx context.Context, e Entry, temp string) error {
	want, err := s.receiptSums(ctx, e)
	if err != nil {
		return err
	}
	folder := filepath.Join(temp, e.ID)
	if err := os.Mkdir(folder, 0o755); err != nil {
		return unwritable(folder, err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return unwritable(folder, err)
	}
	defer root.Close()
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(s.o.Parallel)
	seen := 0
	for o, err := range s.ListKeys(ctx, e.Prefix) {
		if err != nil {
			return errors.Join(err, g.Wait())
		}
		name := strings.TrimPrefix(o.Key, e.Prefix)
		if _, named := want[name]; named {
			seen++
		}
		g.Go(func() error { return s.exportObject(gctx, root, e, name, want) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if seen < len(want) {
		return exportDiffers(e, "")
	}
	return nil
}

// receiptSums is what the receipt says of each path; nil when there is no receipt, which is then nobody's promise to break.
func (s *Store) receiptSums(ctx context.Context, e Entry) (map[string]string, error) {
	r, err := s.ReadReceipt(ctx, e)
	if isNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	sums := make(map[string]string, len(r.Objects))
	for _, o := range r.Objects {
		sums[o.Path] = o.SHA256
	}
	return sums, nil
}

func (s *Store) exportObject(ctx context.Context, root *os.Root, e Entry, name string, want map[string]string) error {
	if err := checkPath(name); err != nil {
		return err
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return unwritable(name, err)
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
	if err != nil {
		return unwritable(name, err)
	}
	defer f.Close()
	h := sha256.New()
	out := &target{f: f}
	_, err = s.read(ctx, e.Prefix+name, func() io.Writer { h.Reset(); out.restart(); return io.MultiWriter(out, h) })
	if out.err != nil {
		return unwritable(name, out.err)
	}
	if err != nil {
		return err
	}
	if want != nil && want[name] != hex.EncodeToString(h.Sum(nil)) {
		return exportDiffers(e, name)
	}
	if err := f.Sync(); err != nil {
		return unwritable(name, err)
	}
	if err := f.Close(); err != nil {
		return unwritable(name, err)
	}
	return nil
}

// target is the file being written; its own errors must not be taken for the store's.
type target struct {
	f   *os.File
	err error
}

func (t *target) restart() {
	if _, err := t.f.Seek(0, io.SeekStart); err != nil {
		t.err = err
	}
	if err := t.f.Truncate(0); err != nil {
		t.err = err
	}
}

func (t *target) Write(b []byte) (int, error) {
	n, err := t.f.Write(b)
	if err != nil {
		t.err = err
	}
	return n, err
}

// exportBeside writes what stands beside the package: receipt, tokens, notes.
func (s *Store) exportBeside(ctx context.Context, e Entry, dir string) error {
	for o, err := range s.ListKeys(ctx, strings.TrimSuffix(e.Prefix, "/")+".") {
		if err != nil {
			return err
		}
		data, _, err := s.Get(ctx, o.Key)
		if err != nil {
			return err
		}
		if err := writeFileSync(filepath.Join(dir, path.Base(o.Key)), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func exportDiffers(e Entry, name string) *ConflictError {
	key := e.Prefix + name
	return &ConflictError{Key: key, Text: Text{
		SV: fmt.Sprintf("%s i arkivet är inte som kvittot säger; inget exporteras. Kör arsring verify %s.", key, e.ID),
		EN: fmt.Sprintf("%s in the archive is not as the receipt says; nothing is exported. Run arsring verify %s.", key, e.ID),
	}}
}

func unwritable(name string, cause error) *InputError {
	return badInput(
		fmt.Sprintf("%s går inte att skriva. Kontrollera rättigheterna och att disken inte är full.", name),
		fmt.Sprintf("%s cannot be written. Check the permissions and that the disk is not full.", name), cause)
}

// writeFileSync writes a small file so that it is whole or not there, also after a power cut.
func writeFileSync(name string, data []byte, perm fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".arsring-*")
	if err != nil {
		return unwritable(name, err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	for _, step := range []func() error{
		func() error { _, err := f.Write(data); return err },
		func() error { return f.Chmod(perm) },
		f.Sync,
		f.Close,
		func() error { return os.Rename(f.Name(), name) },
	} {
		if err := step(); err != nil {
			return unwritable(name, err)
		}
	}
	return syncDir(filepath.Dir(name))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return unwritable(dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return unwritable(dir, err)
	}
	return nil
}
