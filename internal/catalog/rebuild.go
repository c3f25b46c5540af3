package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"syscall"

	"modernc.org/sqlite"
)

// Rebuild makes the catalogue anew from the archive alone. Until it is done everybody reads the old one; an interrupted rebuild leaves it as
// it was. Memory stays bounded whatever the archive holds; on disk it needs room for a second catalogue.
func (c *Catalog) Rebuild(ctx context.Context, src Source, tell func(Progress)) (Changes, error) {
	free, err := c.claim(ctx)
	if err != nil {
		return Changes{}, err
	}
	defer free()
	unlock, err := lockRebuild(c.o.Path + ".rebuilding")
	if err != nil {
		return Changes{}, err
	}
	defer unlock()
	temp := c.o.Path + ".new"
	defer removeTemp(temp) //nolint:errcheck // what is left of it is removed the next time
	ch, err := c.buildFile(ctx, temp, src, tell)
	if err != nil {
		return ch, fmt.Errorf("the catalogue was not rebuilt: %w", err)
	}
	if err := c.take(ctx, temp); err != nil {
		return ch, fmt.Errorf("the rebuilt catalogue could not be taken over: %w", err)
	}
	// What came or went while the archive was being read.
	later, err := c.updateClaimed(ctx, src, UpdateOptions{})
	ch.Added += later.Added
	ch.Removed += later.Removed
	ch.Faults = later.Faults
	return ch, err
}

// lockRebuild keeps two processes from rebuilding the same catalogue at the same time.
func lockRebuild(name string) (unlock func(), err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the catalogue cannot be rebuilt: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("the catalogue is being rebuilt by another process; wait until that is done (%w)", err)
	}
	return func() { f.Close() }, nil
}

func removeTemp(temp string) error {
	for _, name := range []string{temp, temp + "-journal", temp + "-wal", temp + "-shm"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// buildFile fills a file that nobody else knows of: without journal and without waiting for the disk.
func (c *Catalog) buildFile(ctx context.Context, temp string, src Source, tell func(Progress)) (Changes, error) {
	if err := removeTemp(temp); err != nil {
		return Changes{}, err
	}
	q := url.Values{}
	for _, p := range []string{"journal_mode(OFF)", "synchronous(OFF)", "locking_mode(EXCLUSIVE)", "cache_size(-65536)", "temp_store(MEMORY)"} {
		q.Add("_pragma", p)
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: url.PathEscape(temp), RawQuery: q.Encode()}).String())
	if err != nil {
		return Changes{}, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := prepare(ctx, db); err != nil {
		return Changes{}, err
	}
	ch, err := c.update(ctx, db, src, UpdateOptions{Tell: tell})
	if err != nil {
		return ch, err
	}
	parts, err := partitions(ctx, db)
	if err != nil {
		return ch, err
	}
	for _, part := range parts {
		if _, err := db.ExecContext(ctx, "INSERT INTO "+part+"("+part+") VALUES('optimize')"); err != nil {
			return ch, err
		}
	}
	return ch, db.Close()
}

// take copies the finished file into the open one, as one transaction: readers in this and other processes see the old or the new.
func (c *Catalog) take(ctx context.Context, temp string) error {
	done, err := c.current(ctx)
	if err != nil {
		return err
	}
	err = restore(ctx, c.write, temp)
	done()
	if err == nil || !isBroken(err) {
		return err
	}
	if err := c.reopen(ctx, true); err != nil {
		return err
	}
	if done, err = c.current(ctx); err != nil {
		return err
	}
	defer done()
	return restore(ctx, c.write, temp)
}

func restore(ctx context.Context, db *sql.DB, from string) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	err = conn.Raw(func(dc any) error {
		to, ok := dc.(interface {
			NewRestore(uri string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("the database driver cannot copy a database")
		}
		b, err := to.NewRestore((&url.URL{Scheme: "file", Opaque: url.PathEscape(from)}).String())
		if err != nil {
			return err
		}
		for more := true; more; {
			if more, err = b.Step(-1); err != nil {
				return errors.Join(err, b.Finish())
			}
		}
		return b.Finish()
	})
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}
