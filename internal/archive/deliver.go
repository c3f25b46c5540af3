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
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Deliver writes the package folder dir as snapshot id and reads it back.
//
// Every object is written create-only, read back and its SHA-256 compared with the file's; METS.xml last, when all else was read back: what stands
// with a METS.xml is a whole package. Then the receipt is written beside the package. Objects that already stand there with the same bytes count as delivered, other
// bytes are a *ConflictError. It may be run again after any interruption, by several at once, and gives the receipt that stands in the store.
// progress, when not nil, is told how many of the bytes (written and read back) are done; calls never overlap.
func (s *Store) Deliver(ctx context.Context, tenant, account, id, dir string, progress func(done, total int64)) (Receipt, error) {
	return s.DeliverHeld(ctx, tenant, account, id, dir, Hold{}, progress)
}

// DeliverHeld is Deliver with a hold of the package's own.
func (s *Store) DeliverHeld(ctx context.Context, tenant, account, id, dir string, hold Hold, progress func(done, total int64)) (Receipt, error) {
	at, err := newPlace(tenant, account, id)
	if err != nil {
		return Receipt{}, err
	}
	if err := s.mayDeliver(ctx, tenant); err != nil {
		return Receipt{}, err
	}
	files, err := scan(dir)
	if err != nil {
		return Receipt{}, err
	}
	d := &delivery{s: s, at: at, files: files, lock: s.lockFor(hold), legal: hold.Legal && s.o.LockMode != LockNone, meter: newMeter(files, progress)}
	for _, step := range []func(context.Context) error{d.survey, d.writeFiles, d.readFiles, d.writeMETS, d.readMETS, d.survey} {
		if err := step(ctx); err != nil {
			return Receipt{}, err
		}
	}
	return d.settleReceipt(ctx)
}

// delivery is one run of Deliver.
type delivery struct {
	s         *Store
	at        place
	files     []file // METS.xml last
	lock      *LockInfo
	legal     bool
	meter     *meter
	there     map[string]int64 // what the store listed at the last survey: path to size
	objects   []ReceiptObject
	locks     []*LockInfo // met while reading back
	delivered time.Time
}

// file is one file of the package folder.
type file struct {
	path string // inside the package, with slashes
	name string // on disk
	size int64
	sum  string // hex; filled before it is written
}

// scan lists the regular files of a package folder, METS.xml last.
func scan(dir string) ([]file, error) {
	var files []file
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return badInput(
				fmt.Sprintf("%s är ingen vanlig fil och kan inte levereras.", name),
				fmt.Sprintf("%s is not a regular file and cannot be delivered.", name), nil)
		}
		f := file{path: filepath.ToSlash(rel), name: name, size: info.Size()}
		files = append(files, f)
		return checkPath(f.path)
	})
	if err != nil {
		if isOurs(err) {
			return nil, err
		}
		return nil, unreadable(dir, err)
	}
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.path, b.path) })
	i := slices.IndexFunc(files, func(f file) bool { return f.path == metsName })
	if i < 0 {
		return nil, badInput(
			fmt.Sprintf("Mappen %s innehåller ingen METS.xml och är därför inget leveranspaket.", dir),
			fmt.Sprintf("The folder %s holds no METS.xml, so it is no package.", dir), nil)
	}
	mets := files[i]
	return append(slices.Delete(files, i, i+1), mets), nil
}

// survey lists what stands under the package's keys and refuses what is not ours: METS.xml would not cover it.
func (d *delivery) survey(ctx context.Context) error {
	ours := make(map[string]bool, len(d.files))
	for _, f := range d.files {
		ours[f.path] = true
	}
	d.there = make(map[string]int64, len(d.files))
	var foreign string
	for o, err := range d.s.ListKeys(ctx, d.at.folder()) {
		if err != nil {
			return err
		}
		path := strings.TrimPrefix(o.Key, d.at.folder())
		d.there[path] = o.Size
		if !ours[path] && foreign == "" {
			foreign = o.Key
		}
	}
	if foreign != "" {
		return d.conflict(&ConflictError{Key: foreign, Text: Text{
			SV: fmt.Sprintf("%s finns redan i arkivet men hör inte till paketet som ska levereras.", foreign),
			EN: fmt.Sprintf("%s is already in the archive but does not belong to the package to be delivered.", foreign),
		}})
	}
	return nil
}

// conflict adds whether what stands in the way is a package or only remains.
func (d *delivery) conflict(c *ConflictError) *ConflictError {
	_, mets := d.there[metsName]
	c.Incomplete = !mets
	return c
}

// writeFiles writes everything but METS.xml.
func (d *delivery) writeFiles(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(d.s.o.Parallel)
	for i := range d.files[:len(d.files)-1] {
		g.Go(func() error { return d.writeFile(ctx, &d.files[i]) })
	}
	return g.Wait()
}

func (d *delivery) writeMETS(ctx context.Context) error {
	if err := d.writeFile(ctx, &d.files[len(d.files)-1]); err != nil {
		return err
	}
	d.delivered = d.s.o.Now().UTC()
	return nil
}

func (d *delivery) writeFile(ctx context.Context, f *file) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := f.hash(); err != nil {
		return err
	}
	count := d.meter.part(f.size)
	b := blob{key: d.at.folder() + f.path, size: f.size, sum: f.sum, lock: d.lock, legal: d.legal, open: func() (io.ReadSeekCloser, error) {
		in, err := os.Open(f.name)
		if err != nil {
			return nil, unreadable(f.name, err)
		}
		return &countedFile{File: in, count: count}, nil
	}}
	var err error
	if _, there := d.there[f.path]; there {
		err = d.adopt(ctx, b)
	} else {
		_, err = d.s.create(ctx, b)
	}
	var c *ConflictError
	if errors.As(err, &c) {
		return d.conflict(c)
	}
	count.to(f.size)
	return err
}

// adopt accepts an object that an earlier run has written, without sending it again.
func (d *delivery) adopt(ctx context.Context, b blob) error {
	info, err := d.s.compare(ctx, b)
	if isNotFound(err) { // removed since it was listed
		_, err = d.s.create(ctx, b)
		return err
	}
	if err != nil {
		return err
	}
	_, err = d.s.holdBelated(ctx, b, info)
	return err
}

func (f *file) hash() error {
	in, err := os.Open(f.name)
	if err != nil {
		return unreadable(f.name, err)
	}
	defer in.Close()
	h := sha256.New()
	n, err := io.Copy(h, in)
	if err != nil {
		return unreadable(f.name, err)
	}
	f.size, f.sum = n, hex.EncodeToString(h.Sum(nil))
	return nil
}

// readFiles reads back everything but METS.xml.
func (d *delivery) readFiles(ctx context.Context) error {
	return d.readBack(ctx, d.files[:len(d.files)-1])
}

func (d *delivery) readMETS(ctx context.Context) error {
	if err := d.readBack(ctx, d.files[len(d.files)-1:]); err != nil {
		return err
	}
	slices.SortFunc(d.objects, func(a, b ReceiptObject) int { return strings.Compare(a.Path, b.Path) })
	return nil
}

// readBack reads objects and compares each with the file that was hashed before it was sent.
func (d *delivery) readBack(ctx context.Context, files []file) error {
	objects, locks := make([]ReceiptObject, len(files)), make([]*LockInfo, len(files))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(d.s.o.Parallel)
	for i := range files {
		g.Go(func() (err error) {
			objects[i], locks[i], err = d.readBackOne(gctx, files[i])
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	d.objects, d.locks = append(d.objects, objects...), append(d.locks, locks...)
	return nil
}

func (d *delivery) readBackOne(ctx context.Context, f file) (ReceiptObject, *LockInfo, error) {
	key := d.at.folder() + f.path
	count := d.meter.part(f.size)
	h := sha256.New()
	info, err := d.s.read(ctx, key, func() io.Writer { h.Reset(); return io.MultiWriter(h, &countedWriter{count: count}) })
	if isNotFound(err) {
		return ReceiptObject{}, nil, d.s.unreachable(CodeGhost, fmt.Errorf("%s was written and is not there", d.s.full(key)))
	}
	if err != nil {
		return ReceiptObject{}, nil, err
	}
	if sum := hex.EncodeToString(h.Sum(nil)); sum != f.sum || info.Size != f.size {
		return ReceiptObject{}, nil, d.conflict(readBackDiffers(key, sum, f.sum))
	}
	lock := info.Lock
	if d.lock != nil && lock == nil { // not every store tells the lock on GET
		stat, err := d.s.Stat(ctx, key)
		if err != nil {
			return ReceiptObject{}, nil, err
		}
		if lock = stat.Lock; lock == nil {
			return ReceiptObject{}, nil, d.s.unreachable(CodeNoLock, fmt.Errorf("%s was written with a lock and has none", d.s.full(key)))
		}
	}
	count.to(f.size)
	return ReceiptObject{Path: f.path, Size: f.size, SHA256: f.sum, VersionID: info.VersionID, ETag: info.ETag}, lock, nil
}

func readBackDiffers(key, got, want string) *ConflictError {
	return &ConflictError{Key: key, Stored: got, Wanted: want, Text: Text{
		SV: fmt.Sprintf("%s lästes tillbaka från arkivet med annat innehåll än det som levererades. Inget kvitto skrivs. Kontrollera lagrets disk.", key),
		EN: fmt.Sprintf("%s was read back from the archive with other content than was delivered. No receipt is written. Check the store's disk.", key),
	}}
}

// weakest is the lock that ends first; nil when any object has none.
func weakest(locks []*LockInfo) *LockInfo {
	var w *LockInfo
	for _, l := range locks {
		if l == nil {
			return nil
		}
		if w == nil || l.Until.Before(w.Until) {
			w = l
		}
	}
	return w
}
