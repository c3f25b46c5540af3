package vault

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// wipe overwrites and removes a folder. Overwriting is honest work in memory and on plain disks; a journal or a flash disk may keep old
// blocks, which is why copies lie in memory where they can.
func wipe(dir string) error {
	var err error
	// A browser's last children may still write for a moment after they were killed.
	for wait := time.Millisecond; wait < time.Second; wait *= 2 {
		_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, werr error) error {
			if werr == nil && e.Type().IsRegular() {
				_ = overwrite(path) // what cannot be overwritten is still removed
			}
			return nil
		})
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
		time.Sleep(wait)
	}
	return fault("write", cause(err), "den tillfälliga kopian av inloggningen i "+dir+" kan inte tas bort: ta bort mappen", "the temporary copy of the login in "+dir+" cannot be removed: remove the folder")
}

// overwrite writes zeros over a file.
func overwrite(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return err
	}
	zeros := make([]byte, 64<<10)
	for left := fi.Size(); left > 0; {
		n, err := f.Write(zeros[:min(left, int64(len(zeros)))])
		if err != nil {
			return err
		}
		left -= int64(n)
	}
	return f.Sync()
}

// sweep wipes copies whose process has ended without doing so: nobody holds their lock any more.
func sweep(dir string) {
	locks, _ := filepath.Glob(filepath.Join(dir, copyPrefix+"*"+lockSuffix))
	for _, file := range locks {
		lock, err := os.OpenFile(file, os.O_RDWR|unix.O_NOFOLLOW, 0)
		if err != nil {
			continue // somebody else's
		}
		if unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
			_ = errors.Join(wipe(strings.TrimSuffix(file, lockSuffix)), os.Remove(file))
		}
		_ = lock.Close()
	}
}

// Sweep wipes readable copies that killed processes left behind, as Open does. A daemon calls it when it starts.
func (v *Vault) Sweep() {
	for _, dir := range v.o.Temp {
		sweep(dir)
	}
}
