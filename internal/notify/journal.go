package notify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// journal is a file of records, one line of JSON each, that is only ever added to, by any number of processes. A line that a kill cut short
// is no record; the next one begins on a line of its own.
type journal struct {
	path string
	f    *os.File
	read int64 // how far this process has read
}

func openJournal(path string) (*journal, error) {
	f, err := openAppend(path)
	if err != nil {
		return nil, err
	}
	return &journal{path: path, f: f}, nil
}

func openAppend(path string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Clean(path), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the journal of messages %s cannot be opened: %w; check the folder's permissions and free space", path, err)
	}
	return f, nil
}

// locked runs what reads or adds while no other process adds. Another process may have put a shorter journal in the place of ours: then this
// one is read from its beginning, and reset hears of it first.
func (j *journal) locked(reset func(), run func() error) error {
	for {
		if err := flock(j.f, unix.LOCK_EX); err != nil {
			return fmt.Errorf("lock %s: %w", j.path, err)
		}
		same, err := j.current()
		if err == nil && same {
			err = run()
			return errors.Join(err, flock(j.f, unix.LOCK_UN))
		}
		f, oerr := openAppend(j.path)
		if err = errors.Join(err, oerr, flock(j.f, unix.LOCK_UN)); err != nil {
			return err
		}
		_ = j.f.Close()
		j.f, j.read = f, 0
		reset()
	}
}

// current says whether the open file is still the one under the journal's name.
func (j *journal) current() (bool, error) {
	ours, err := j.f.Stat()
	if err != nil {
		return false, err
	}
	there, err := os.Stat(j.path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(ours, there), err
}

// news hands over every whole record that was not read yet. Call it locked.
func (j *journal) news(each func(record)) error {
	b, err := io.ReadAll(io.NewSectionReader(j.f, j.read, 1<<40))
	if err != nil {
		return fmt.Errorf("read %s: %w", j.path, err)
	}
	for len(b) > 0 {
		line, rest, whole := bytes.Cut(b, []byte("\n"))
		if !whole {
			return nil // cut short; add ends it before the next record
		}
		j.read += int64(len(line)) + 1
		b = rest
		var r record
		if json.Unmarshal(line, &r) == nil && r.T != "" {
			each(r)
		}
	}
	return nil
}

// add writes records in one piece and waits until they are on disk. Call it locked, after news.
func (j *journal) add(records ...record) error {
	var buf bytes.Buffer
	fi, err := j.f.Stat()
	if err != nil {
		return err
	}
	if fi.Size() > j.read {
		buf.WriteByte('\n') // ends what a kill cut short
	}
	enc := json.NewEncoder(&buf)
	for _, r := range records {
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	if _, err := j.f.Write(buf.Bytes()); err != nil {
		return fmt.Errorf("write %s: %w; free space in its folder", j.path, err)
	}
	if err := j.f.Sync(); err != nil {
		return fmt.Errorf("write %s: %w", j.path, err)
	}
	return nil
}

// replace puts a journal that holds only r in the place of this one. Call it locked, after news.
func (j *journal) replace(r record) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	tmp := j.path + ".new"
	if err := writeSynced(tmp, append(b, '\n')); err != nil {
		return err
	}
	if err := os.Rename(tmp, j.path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(j.path))
}

func (j *journal) size() int64 {
	fi, err := j.f.Stat()
	if err != nil {
		return 0
	}
	return fi.Size()
}

func writeSynced(path string, b []byte) error {
	f, err := os.OpenFile(filepath.Clean(path), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func flock(f *os.File, how int) error {
	for {
		err := unix.Flock(int(f.Fd()), how)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
