//go:build !linux

package app

func noNewPrivileges() error { return nil }
