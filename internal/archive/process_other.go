//go:build !linux

package archive

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// childAttr puts the child in a process group of its own. These systems cannot end it when we die; the next start finds it and uses it.
func childAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// syncDisk asks the system to write everything to the disk; it has no call for one file system.
func syncDisk(*os.File) error { return unix.Sync() }
