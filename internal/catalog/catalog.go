package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Options say where the catalogue lies.
type Options struct {
	Path     string // its file; -wal and -shm stand beside it
	Readers  int    // questions answered at the same time; 0: 4
	Parallel int    // packages read at the same time by Update and Rebuild; 0: 8
}

// Catalog is an opened catalogue.
type Catalog struct {
	o Options

	mu    sync.RWMutex // guards what follows: a file that was replaced is opened anew
	file  os.FileInfo
	write *sql.DB // one connection
	read  *sql.DB
	empty bool // the file was made just now and holds nothing yet

	busy chan struct{} // held by the one update or rebuild at a time
}

// NotFoundError says that there is no such snapshot, or none that the scope may see: the two are not told apart.
type NotFoundError struct {
	ID   string
	Text Text
}

// Error is the English sentence.
func (e *NotFoundError) Error() string { return e.Text.EN }

// InputError says that a question cannot be answered as it stands.
type InputError struct{ Text Text }

// Error is the English sentence.
func (e *InputError) Error() string { return e.Text.EN }

// Open opens the catalogue's file and makes it when it is missing, of another version, or no database. Then Empty is true until
// Update or Rebuild has run.
func Open(ctx context.Context, o Options) (*Catalog, error) {
	if o.Readers <= 0 {
		o.Readers = 4
	}
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	c := &Catalog{o: o, busy: make(chan struct{}, 1)}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return nil, fmt.Errorf("the folder of the catalogue %s cannot be made: %w", o.Path, err)
	}
	if err := c.open(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Close closes the file.
func (c *Catalog) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closeFile()
}

// Empty says that the file was made anew and holds nothing: Update fills it.
func (c *Catalog) Empty() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.empty
}

func (c *Catalog) closeFile() error {
	if c.read == nil {
		return nil
	}
	err := errors.Join(c.read.Close(), c.write.Close())
	c.read, c.write = nil, nil
	return err
}

// open opens the file, and once more after removing it when it is not a catalogue of this version. The caller holds the lock, or is alone.
func (c *Catalog) open(ctx context.Context) error {
	err := c.openFile(ctx)
	if err == nil {
		return nil
	}
	if !errors.Is(err, errOutdated) && !isBroken(err) {
		return fmt.Errorf("the catalogue %s cannot be opened: %w", c.o.Path, err)
	}
	if err := c.removeFile(); err != nil {
		return err
	}
	if err := c.openFile(ctx); err != nil {
		return fmt.Errorf("the catalogue %s cannot be made: %w", c.o.Path, err)
	}
	return nil
}

// removeFile unlinks the database. Other processes that have it open notice that their file is no longer the one of this name.
func (c *Catalog) removeFile() error {
	for _, name := range []string{c.o.Path, c.o.Path + "-wal", c.o.Path + "-shm"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the broken catalogue cannot be removed: %w; remove %s by hand", err, name)
		}
	}
	return nil
}

func (c *Catalog) openFile(ctx context.Context) (err error) {
	if c.write, err = sql.Open("sqlite", dsn(c.o.Path, false)); err != nil {
		return err
	}
	c.write.SetMaxOpenConns(1)
	if c.read, err = sql.Open("sqlite", dsn(c.o.Path, true)); err != nil {
		return err
	}
	c.read.SetMaxOpenConns(c.o.Readers)
	c.read.SetMaxIdleConns(c.o.Readers)
	defer func() {
		if err != nil {
			err = errors.Join(err, c.closeFile())
		}
	}()
	if c.empty, err = prepare(ctx, c.write); err != nil {
		return err
	}
	c.file, err = os.Stat(c.o.Path)
	return err
}

func dsn(path string, readOnly bool) string {
	q := url.Values{}
	for _, p := range []string{"busy_timeout(20000)", "journal_mode(WAL)", "synchronous(NORMAL)", "cache_size(-16000)", "temp_store(MEMORY)", "mmap_size(268435456)", "journal_size_limit(67108864)"} {
		q.Add("_pragma", p)
	}
	if readOnly {
		q.Add("_pragma", "query_only(1)")
	} else {
		q.Set("_txlock", "immediate")
	}
	return (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: q.Encode()}).String()
}

// current makes sure that the open file is the one that stands under the name: another process may have replaced a broken one. The
// returned function must be called when the question is answered.
func (c *Catalog) current(ctx context.Context) (done func(), err error) {
	c.mu.RLock()
	if c.read == nil {
		c.mu.RUnlock()
		return nil, errors.New("the catalogue is closed")
	}
	if there, err := os.Stat(c.o.Path); err == nil && os.SameFile(there, c.file) {
		return c.mu.RUnlock, nil
	}
	c.mu.RUnlock()
	if err := c.reopen(ctx, false); err != nil {
		return nil, err
	}
	c.mu.RLock()
	if c.read == nil {
		c.mu.RUnlock()
		return nil, errors.New("the catalogue is closed")
	}
	return c.mu.RUnlock, nil
}

// reopen opens the file that stands under the name now; with remove the one there is broken and goes.
func (c *Catalog) reopen(ctx context.Context, remove bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if there, err := os.Stat(c.o.Path); err == nil && c.read != nil && os.SameFile(there, c.file) && !remove {
		return nil // somebody else was faster
	}
	_ = c.closeFile() // a broken file may have an error to tell; it is replaced
	if remove {
		if err := c.removeFile(); err != nil {
			return err
		}
	}
	return c.open(ctx)
}

// claim waits until no other update or rebuild of this Catalog runs.
func (c *Catalog) claim(ctx context.Context) (free func(), err error) {
	select {
	case c.busy <- struct{}{}:
		return func() { <-c.busy }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// isBroken says whether an error means that the file is damaged or no database.
func isBroken(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT:
		return true
	}
	return false
}
