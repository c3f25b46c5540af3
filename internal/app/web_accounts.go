package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"arsring/internal/register"
	"arsring/internal/web"
)

// webAccounts is the register as the pages see and change it.
type webAccounts struct {
	a *App

	readMu sync.Mutex
	seen   string // look of the files before they were parsed
	read   *register.Register
}

var platforms = []string{"facebook", "instagram", "x", "linkedin", "youtube", "tiktok", "mastodon", "bluesky", "threads", "web"}

// Platforms are the names that a form offers.
func (w *webAccounts) Platforms() []string { return slices.Clone(platforms) }

// Current is the register as it stands now. It is parsed when its files hold something else than before: a page asks for it many times, and a
// large register takes a while.
func (w *webAccounts) Current() (*register.Register, error) {
	look, err := w.look()
	if err != nil {
		return nil, err
	}
	w.readMu.Lock()
	defer w.readMu.Unlock()
	if w.read != nil && look == w.seen {
		return w.read, nil
	}
	r, err := w.a.Register()
	if err != nil {
		return nil, err
	}
	w.seen, w.read = look, r
	return r, nil
}

// look tells whether the register may have changed: by the published one where that holds, else by the files.
func (w *webAccounts) look() (string, error) {
	if fi, err := os.Stat(w.a.heldFile()); err == nil {
		return fmt.Sprint("published ", fi.Size(), fi.ModTime().UnixNano()), nil
	}
	return register.Look(w.a.cfg.Register.Path)
}

// readOnly says where the register is changed.
func (w *webAccounts) readOnly() error {
	_, cur := w.a.heldRegister()
	if cur == nil {
		return &web.Refusal{SV: "Registret ändras inte på den här datorn: register.write är false i dess inställningar.", EN: "The register is not changed on this machine: register.write is false in its settings."}
	}
	return &web.Refusal{SV: "Registret ändras på en annan dator i den här installationen: " + cur.URL, EN: "The register is changed on another machine of this installation: " + cur.URL}
}

// change makes one change of the files where this installation may make it, and publishes it.
func (w *webAccounts) change(c register.Change, do func(register.Change) (*register.Register, error)) error {
	if r, _ := w.a.heldRegister(); r != nil && w.a.cfg.Register.Write { // perhaps no longer
		_, _ = w.a.shareRegister(context.Background()) // what it cannot reach now is said below
	}
	if r, _ := w.a.heldRegister(); r != nil || !w.a.cfg.Register.Write {
		return w.readOnly()
	}
	_, err := w.a.changeRegister(context.Background(), c, do) // bounded there; half a change because a browser went away helps nobody
	return err
}

// Add writes a new entry.
func (w *webAccounts) Add(acc register.Account, c register.Change) error {
	return w.change(c, func(c register.Change) (*register.Register, error) {
		return register.Add(w.a.cfg.Register.Path, acc, c, w.a.registerOptions())
	})
}

// Update writes an entry anew.
func (w *webAccounts) Update(acc register.Account, c register.Change) error {
	return w.change(c, func(c register.Change) (*register.Register, error) {
		return register.Update(w.a.cfg.Register.Path, acc, c, w.a.registerOptions())
	})
}

// Close announces an account's closure.
func (w *webAccounts) Close(tenant, id string, n register.Notice, c register.Change) error {
	return w.change(c, func(c register.Change) (*register.Register, error) {
		return register.Close(w.a.cfg.Register.Path, tenant, id, n, c, w.a.registerOptions())
	})
}

// History are an account's changes, newest first.
func (w *webAccounts) History(tenant, id string) ([]register.Entry, error) {
	all, err := register.History(w.a.cfg.Register.Path)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(e register.Entry) bool { return e.Tenant != tenant || e.Account != id })
	slices.Reverse(all)
	return all, nil
}

// Preview says what a list would do to the register.
func (w *webAccounts) Preview(name string, data io.Reader) (*register.Import, error) {
	t, err := register.ReadTable(name, data)
	if err != nil {
		return nil, err
	}
	r, err := w.a.Register()
	if err != nil {
		return nil, err
	}
	return register.Preview(r, t, register.ImportOptions{Options: w.a.registerOptions(), Tenant: Tenant}), nil
}

// Apply writes a preview.
func (w *webAccounts) Apply(i *register.Import, c register.Change) error {
	return w.change(c, func(c register.Change) (*register.Register, error) {
		return i.Apply(w.a.cfg.Register.Path, c, w.a.registerOptions())
	})
}
