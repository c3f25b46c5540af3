package archive

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// diskIsFull says whether the file system that holds dir has no room, or no names, left.
func diskIsFull(dir string) bool {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return false
	}
	const little = 256 << 10 // an object's blocks are given back before we can look
	return st.Bavail*uint64(st.Bsize) < little || st.Files > 0 && st.Ffree == 0
}

// takeLock takes the folder's lock for as long as the file is open; ErrServed when another process has it.
func takeLock(file string) (*os.File, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unwritable(file, err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, ErrServed
	}
	return nil, unwritable(file, err)
}
