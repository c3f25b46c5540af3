package register

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Entry is one change of one account in the register's history: who, what, when.
type Entry struct {
	At      time.Time     `json:"at"`
	By      string        `json:"by"`
	Reason  string        `json:"reason,omitempty"`
	Action  string        `json:"action"` // "add", "update", "close", "end", "import"
	Tenant  string        `json:"tenant"`
	Account string        `json:"account"`
	Fields  []FieldChange `json:"fields"`
	Before  string        `json:"before"` // version of the register
	After   string        `json:"after"`
}

// HistoryFile gives the file that holds a register's history: one JSON entry a line, only ever appended to.
func HistoryFile(path string) string {
	if isFolder(path) || !isRegisterFile(filepath.Base(path)) {
		return filepath.Join(path, "history.ndjson")
	}
	return strings.TrimSuffix(path, filepath.Ext(path)) + ".history.ndjson"
}

// History reads the changes made through this room, oldest first; none when there is no file. Lines that a crash cut short are left out.
func History(path string) ([]Entry, error) {
	b, err := os.ReadFile(HistoryFile(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the register's history: %w", err)
	}
	var out []Entry
	sc := bufio.NewScanner(bytes.NewReader(b))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var e Entry
		if json.Unmarshal(sc.Bytes(), &e) == nil {
			out = append(out, e)
		}
	}
	return out, sc.Err()
}

func (w *writer) record(e Edit, c Change, after *Register) error {
	var b bytes.Buffer
	write := func(a Account, action string) error {
		a.Tenant = cmp.Or(a.Tenant, DefaultTenant)
		old, _ := w.before.ByID(a.Tenant, a.ID)
		now, _ := after.ByID(a.Tenant, a.ID)
		line, err := json.Marshal(Entry{
			At: c.At, By: c.By, Reason: c.Reason, Action: cmp.Or(e.Action, action), Tenant: a.Tenant, Account: a.ID,
			Fields: Diff(old, now), Before: w.before.Version, After: after.Version,
		})
		b.Write(append(line, '\n'))
		return err
	}
	for _, a := range e.Add {
		if err := write(a, "add"); err != nil {
			return err
		}
	}
	for _, a := range e.Update {
		if err := write(a, "update"); err != nil {
			return err
		}
	}
	return appendFile(HistoryFile(w.path), b.Bytes())
}

func appendFile(name string, b []byte) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return unwritable(name, err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return unwritable(name, err)
	}
	return nil
}

// lock keeps two writers on one machine apart: it holds the history file, which it creates with its folder where they are missing.
func lock(path string) (unlock func(), err error) {
	name := HistoryFile(path)
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return nil, unwritable(filepath.Dir(name), err)
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return nil, unwritable(name, err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		f.Close()
		return nil, unwritable(name, err)
	}
	return func() { f.Close() }, nil
}

// replaceFile puts new contents in place at once and keeps the file's mode: a reader sees the old file or the new, a crash
// leaves one of them. A link is followed, so that it stays a link.
func replaceFile(name string, b []byte) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	mode, uid, gid := fs.FileMode(0o640), -1, -1
	if fi, err := os.Stat(name); err == nil {
		mode = fi.Mode().Perm()
		if st, ok := fi.Sys().(*syscall.Stat_t); ok {
			uid, gid = int(st.Uid), int(st.Gid)
		}
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".register-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_ = f.Chown(uid, gid) // root editing the daemon's file must not take it away; nobody else may give files away
	_, err = f.Write(b)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
