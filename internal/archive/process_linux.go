package archive

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// childAttr puts the child in a process group of its own, so that Ctrl-C reaches it only through us, and ends it when we die, however we die.
func childAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// syncDisk returns when everything written so far to the file system that holds f is on the disk.
func syncDisk(f *os.File) error { return unix.Syncfs(int(f.Fd())) }
