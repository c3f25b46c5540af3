package sip

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"path/filepath"
	"sync"
)

// staged is a file that has been written into the package, with what was written.
type staged struct {
	path     string // from the package's root, with slashes
	size     int64
	sha256   string
	mime     string // the true media type, as in manifest.json
	role     Role
	original string // the name it was handed in with
	level    string // of a PDF/A
}

// stage is the package folder while it is being made. It remembers what it wrote, in order.
type stage struct {
	ctx   context.Context
	root  string
	files []staged
}

// put writes one new file and remembers its size and hash. The file is synced later, by sync.
func (s *stage) put(f staged, write func(io.Writer) error) (staged, error) {
	if err := s.ctx.Err(); err != nil {
		return f, err
	}
	if err := checkPath(f.path); err != nil {
		return f, err
	}
	name := filepath.Join(s.root, filepath.FromSlash(f.path))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return f, err
	}
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return f, err
	}
	m := newMeter(s.ctx)
	m.to = out
	err = errors.Join(write(m), out.Close())
	if err != nil {
		return f, fmt.Errorf("write %s: %w", f.path, err)
	}
	f.size, f.sha256 = m.size, m.sum()
	s.files = append(s.files, f)
	return f, nil
}

// copy puts a file of this machine into the package, byte for byte. want is the SHA-256 it must have; empty: any.
func (s *stage) copy(f staged, from, want string) (staged, error) {
	in, err := openRegular(from)
	if err != nil {
		return f, err
	}
	defer in.Close()
	f, err = s.put(f, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
	if err == nil && want != "" && f.sha256 != want {
		return f, fmt.Errorf("%s has SHA-256 %s, but the capture says %s: the captured file was changed; capture again", from, f.sha256, want)
	}
	return f, err
}

// openRegular opens a plain file. A link, a folder or a device in its place is refused.
func openRegular(name string) (*os.File, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no plain file (%s)", name, info.Mode().Type())
	}
	return os.Open(name)
}

// with returns the files of one role.
func (s *stage) with(roles ...Role) []staged {
	var out []staged
	for _, f := range s.files {
		for _, r := range roles {
			if f.role == r {
				out = append(out, f)
			}
		}
	}
	return out
}

// sync brings every file written since the last call, and the folders above them, onto the disk.
func (s *stage) sync(files []staged) error {
	folders := map[string]bool{".": true}
	names := make([]string, 0, len(files))
	for _, f := range files {
		names = append(names, f.path)
		for dir := path.Dir(f.path); dir != "."; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	for dir := range folders {
		names = append(names, dir)
	}
	return syncAll(s.root, names)
}

// syncAll syncs several files at a time: the disk then writes them together instead of one by one.
func syncAll(root string, names []string) error {
	var group sync.WaitGroup
	queue := make(chan string)
	failures := make(chan error, len(names))
	for range min(8, len(names)) {
		group.Go(func() {
			for name := range queue {
				if err := syncPath(filepath.Join(root, filepath.FromSlash(name))); err != nil {
					failures <- err
				}
			}
		})
	}
	for _, name := range names {
		queue <- name
	}
	close(queue)
	group.Wait()
	close(failures)
	return <-failures
}

func syncPath(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// meter counts and hashes what passes, and stops when its context ends.
type meter struct {
	ctx  context.Context
	to   io.Writer
	hash hash.Hash
	size int64
}

func (m *meter) Write(b []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.to.Write(b)
	m.hash.Write(b[:n])
	m.size += int64(n)
	return n, err
}
