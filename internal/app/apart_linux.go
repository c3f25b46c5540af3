package app

import "golang.org/x/sys/unix"

// noNewPrivileges keeps whatever this process may start from gaining rights.
func noNewPrivileges() error { return unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }
