package archive

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Carry writes the packages that pick names, with all that stands beside them, to a folder or, where target ends in .zip, to a ZIP file; paths are keys:
// <tenant>/<account>/<snapshot>/... . Everything is compared with the receipts on its way and appears under its name only when it is whole. What is
// already there is an *InputError, an object that is not as its receipt says a *ConflictError.
func (s *Store) Carry(ctx context.Context, pick Pick, target string) (Moved, error) {
	if info, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
		other := Text{SV: "ett annat namn", EN: "another name"}
		if err == nil && info.IsDir() {
			in := filepath.Join(target, "arkiv")
			other = Text{SV: "namnet på en ny mapp eller ZIP-fil, till exempel " + in, EN: "the name of a new folder or ZIP file, such as " + in}
		}
		return Moved{}, badInput(fmt.Sprintf("%s finns redan. Ange %s.", target, other.SV), fmt.Sprintf("%s is already there. Give %s.", target, other.EN), err)
	}
	keys, err := s.picked(ctx, pick)
	if err != nil {
		return Moved{}, err
	}
	if len(keys) == 0 {
		return Moved{}, pick.nothing()
	}
	temp, err := os.MkdirTemp(filepath.Dir(target), ".arsring-export-*")
	if err != nil {
		return Moved{}, unwritable(filepath.Dir(target), err)
	}
	defer os.RemoveAll(temp)
	out := filepath.Join(temp, filepath.Base(target))
	c := &carrying{s: s, sums: map[string]string{}}
	if strings.HasSuffix(target, ".zip") {
		err = c.toZIP(ctx, keys, out)
	} else {
		err = c.toFolder(ctx, keys, out)
	}
	if err != nil {
		return c.out, err
	}
	if err := os.Rename(out, target); err != nil {
		return c.out, unwritable(target, err)
	}
	return c.out, syncDir(filepath.Dir(target))
}

// picked lists the keys, receipts before what they speak of.
func (s *Store) picked(ctx context.Context, pick Pick) ([]string, error) {
	var keys []string
	if pick.all() {
		err := storeSource{s}.each(ctx, func(key string, _ int64) error { keys = append(keys, key); return nil })
		return keys, err
	}
	for e, err := range s.All(ctx, ListFilter{Tenant: pick.Tenant, Account: pick.Account}) {
		if err != nil {
			return nil, err
		}
		if pick.Year != 0 && e.when().Year() != pick.Year {
			continue
		}
		of, err := s.packageKeys(ctx, e, true)
		if err != nil {
			return nil, err
		}
		keys = append(keys, of...)
	}
	slices.Sort(keys)
	return keys, nil
}

// carrying is one run of Carry.
type carrying struct {
	s    *Store
	sums map[string]string // what receipts say, by key, of the snapshot at hand
	out  Moved
}

func (c *carrying) toFolder(ctx context.Context, keys []string, dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return unwritable(dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return unwritable(dir, err)
	}
	defer root.Close()
	for _, key := range keys {
		if err := checkPath(key); err != nil {
			return err
		}
		if err := root.MkdirAll(path.Dir(key), 0o755); err != nil {
			return unwritable(key, err)
		}
		f, err := root.OpenFile(key, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err != nil {
			return unwritable(key, err)
		}
		err = c.object(ctx, key, f)
		if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (c *carrying) toZIP(ctx context.Context, keys []string, name string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return unwritable(name, err)
	}
	z := zip.NewWriter(f)
	for _, key := range keys {
		h := &zip.FileHeader{Name: key, Method: zip.Deflate, Modified: c.s.o.Now().UTC().Truncate(time.Second)}
		switch strings.ToLower(path.Ext(key)) {
		case ".pdf", ".jpg", ".jpeg", ".png", ".webp", ".mp4", ".zip": // compressed already
			h.Method = zip.Store
		}
		var w io.Writer
		if w, err = z.CreateHeader(h); err == nil {
			err = c.object(ctx, key, w)
		}
		if err != nil {
			break
		}
	}
	return errors.Join(err, z.Close(), f.Sync(), f.Close())
}

// object copies one object and holds it against its receipt, which came before it.
func (c *carrying) object(ctx context.Context, key string, w io.Writer) error {
	if strings.HasSuffix(key, receiptSuffix) {
		if err := c.learn(ctx, key); err != nil {
			return err
		}
	}
	rc, _, err := c.s.OpenKey(ctx, key)
	if err != nil {
		return err
	}
	defer rc.Close()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), rc)
	if err != nil {
		return err
	}
	if want, ok := c.sums[key]; ok && want != hex.EncodeToString(h.Sum(nil)) {
		return exportDiffers(Entry{ID: path.Base(snapshotName(key))}, key)
	}
	c.out.Objects++
	c.out.Bytes += n
	return nil
}

func (c *carrying) learn(ctx context.Context, key string) error {
	name := strings.TrimSuffix(key, receiptSuffix)
	parts := strings.Split(name, "/")
	if len(parts) != 3 {
		return nil
	}
	r, err := c.s.ReadReceipt(ctx, Entry{Tenant: parts[0], Account: parts[1], ID: parts[2]})
	if err != nil {
		return err
	}
	c.sums = make(map[string]string, len(r.Objects))
	for _, o := range r.Objects {
		c.sums[name+"/"+o.Path] = o.SHA256
	}
	return nil
}

// Import brings what Carry wrote, a folder or a ZIP file, into this archive: the same objects under the same keys. What is there already is left as it
// is, and told in Differ when it has other bytes; what is no object of an archive is an *InputError, and then nothing was written.
func (s *Store) Import(ctx context.Context, name string) (Moved, error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return Moved{}, badInput(fmt.Sprintf("%s finns inte. Ange mappen eller ZIP-filen som arsring export skrev.", name), fmt.Sprintf("%s is not there. Name the folder or ZIP file that arsring export wrote.", name), err)
	}
	if err != nil {
		return Moved{}, unreadable(name, err)
	}
	if info.IsDir() {
		return s.importFS(ctx, name, os.DirFS(name))
	}
	z, err := zip.OpenReader(name)
	if errors.Is(err, zip.ErrFormat) {
		return Moved{}, badInput(fmt.Sprintf("%s är ingen ZIP-fil, eller är skadad eller avhuggen. Exportera den på nytt.", name), fmt.Sprintf("%s is no ZIP file, or is damaged or cut off. Export it again.", name), err)
	}
	if err != nil {
		return Moved{}, unreadable(name, err)
	}
	defer z.Close()
	return s.importFS(ctx, name, z)
}

func (s *Store) importFS(ctx context.Context, name string, fsys fs.FS) (Moved, error) {
	src := fsSource{fsys: fsys, sizes: map[string]int64{}}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() || checkPath(p) != nil || strings.Count(p, "/") < 2 || strings.HasPrefix(p, "_") {
			if rewritten(p) { // the archive's own pages above the accounts
				src.sizes[p] = info.Size()
				return nil
			}
			return badInput(
				fmt.Sprintf("%s i %s hör inte till ett utlämnat arkiv (väntat: <arkiv>/<konto>/<ögonblicksbild>/...). Inget har skrivits.", p, name),
				fmt.Sprintf("%s in %s does not belong to an exported archive (expected: <tenant>/<account>/<snapshot>/...). Nothing was written.", p, name), nil)
		}
		src.sizes[p] = info.Size()
		return nil
	})
	if err != nil {
		if isOurs(err) {
			return Moved{}, err
		}
		return Moved{}, unreadable(name, err)
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(src.sizes)), ofArchive) {
		return Moved{}, badInput(fmt.Sprintf("%s innehåller inget utlämnat arkiv: där finns varken paket eller loggar. Inget har skrivits.", name),
			fmt.Sprintf("%s holds no exported archive: there are neither packages nor logs in it. Nothing was written.", name), nil)
	}
	return s.take(ctx, src)
}

// ofArchive tells what only an archive has: a package's METS.xml, or a log.
func ofArchive(key string) bool {
	parts := strings.Split(key, "/")
	return len(parts) == 4 && parts[3] == metsName || len(parts) > 2 && (parts[1] == "_log" || parts[1] == "_tlog")
}

// fsSource is a carried archive.
type fsSource struct {
	fsys  fs.FS
	sizes map[string]int64
}

func (x fsSource) each(ctx context.Context, take func(string, int64) error) error {
	keys := make([]string, 0, len(x.sizes))
	for k := range x.sizes {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := take(k, x.sizes[k]); err != nil {
			return err
		}
	}
	return nil
}

func (x fsSource) open(_ context.Context, key string) (io.ReadCloser, error) {
	f, err := x.fsys.Open(key)
	if err != nil {
		return nil, unreadable(key, err)
	}
	return f, nil
}
