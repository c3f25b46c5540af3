package app

import (
	"io"
	"slices"
	"sync"

	"arsring/internal/register"
	"arsring/internal/web"
)

// webAccounts is the register as the pages see and change it.
type webAccounts struct {
	a  *App
	mu sync.Mutex // one change at a time in this process; the files have a lock of their own

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
	look, err := register.Look(w.a.cfg.Register.Path)
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

func (w *webAccounts) options() register.Options {
	o := register.Options{}
	for _, g := range w.a.cfg.Calendar.Groups {
		o.Groups = append(o.Groups, g.Name)
	}
	return o
}

var errReadOnly = &web.Refusal{SV: "Registret ändras på en annan dator i den här installationen (register.write).", EN: "The register is changed on another machine of this installation (register.write)."}

// change runs one change of the files where this installation may make it.
func (w *webAccounts) change(f func() (*register.Register, error)) error {
	if !w.a.cfg.Register.Write {
		return errReadOnly
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := f()
	return err
}

// Add writes a new entry.
func (w *webAccounts) Add(acc register.Account, c register.Change) error {
	return w.change(func() (*register.Register, error) {
		return register.Add(w.a.cfg.Register.Path, acc, c, w.options())
	})
}

// Update writes an entry anew.
func (w *webAccounts) Update(acc register.Account, c register.Change) error {
	return w.change(func() (*register.Register, error) {
		return register.Update(w.a.cfg.Register.Path, acc, c, w.options())
	})
}

// Close announces an account's closure.
func (w *webAccounts) Close(tenant, id string, n register.Notice, c register.Change) error {
	return w.change(func() (*register.Register, error) {
		return register.Close(w.a.cfg.Register.Path, tenant, id, n, c, w.options())
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
	return register.Preview(r, t, register.ImportOptions{Options: w.options(), Tenant: Tenant}), nil
}

// Apply writes a preview.
func (w *webAccounts) Apply(i *register.Import, c register.Change) error {
	return w.change(func() (*register.Register, error) { return i.Apply(w.a.cfg.Register.Path, c, w.options()) })
}
