package register

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// Change says who changes the register and why. It becomes an entry of the history.
type Change struct {
	By     string
	Reason string
	At     time.Time
	// IfVersion refuses the change when the register has another version by now; empty takes any.
	IfVersion string
	// Before, when not nil, is asked right before the files are written, with the register as it is and as it becomes, while nobody else on this
	// machine can change it. Its error stops the change, and nothing is written.
	Before func(before, after *Register) error
}

// Edit is what is to be changed: accounts that come, and accounts whose entries become these.
type Edit struct {
	Add    []Account
	Update []Account
	// Action names the edit in the history; empty means "add" and "update".
	Action string
}

// Add puts a new account into the register and gives the register as it then is. The file is the tenant's and section's own, or a new one.
func Add(path string, a Account, c Change, o Options) (*Register, error) {
	return Apply(path, Edit{Add: []Account{a}}, c, o)
}

// Update writes an account's entry anew; only the lines of changed fields are touched.
func Update(path string, a Account, c Change, o Options) (*Register, error) {
	return Apply(path, Edit{Update: []Account{a}}, c, o)
}

// Close announces an account's closure. The calendar then has the closure snapshot taken; End follows when it is verified.
func Close(path, tenant, id string, n Notice, c Change, o Options) (*Register, error) {
	return change(path, tenant, id, "close", c, o, func(a *Account) { a.Notice = &n })
}

// End writes the day on which an account ended. Whether it may end is for the caller to know: its closure snapshot must be verified.
func End(path, tenant, id, until string, c Change, o Options) (*Register, error) {
	return change(path, tenant, id, "end", c, o, func(a *Account) { a.Until = until })
}

// Take brings the files up to a register that another machine published: accounts that are new there come, changed ones change. The error is a
// Problem, and nothing is written, where that does not make them say the same: accounts are never taken out of files, and what a file says of its
// whole tenant is changed by hand.
func Take(path string, theirs *Register, c Change, o Options) (*Register, error) {
	mine, err := Load(path, o)
	if err != nil {
		return nil, err
	}
	e := Edit{Action: "take"}
	for _, a := range theirs.Accounts {
		old, ok := mine.ByID(a.Tenant, a.ID)
		switch {
		case !ok:
			e.Add = append(e.Add, a)
		case len(Diff(old, a)) > 0:
			e.Update = append(e.Update, a)
		}
	}
	before := c.Before
	c.Before = func(mine, after *Register) error {
		if after.Version != theirs.Version {
			return Problem{File: path, Code: "by-hand", Severity: SeverityError,
				SV: "filerna kan inte göras lika det publicerade registret härifrån (borttagna konton, eller uppgifter om hela tenanten): gör det för hand",
				EN: "the files cannot be made to say what the published register says from here (accounts taken out, or what is said of a whole tenant): do it by hand"}
		}
		if before != nil {
			return before(mine, after)
		}
		return nil
	}
	return Apply(path, e, c, o)
}

func change(path, tenant, id, action string, c Change, o Options, set func(*Account)) (*Register, error) {
	r, err := Load(path, o)
	if err != nil {
		return nil, err
	}
	a, err := r.Find(cmp.Or(tenant, DefaultTenant) + "/" + id)
	if err != nil {
		return nil, err
	}
	set(&a)
	return Apply(path, Edit{Update: []Account{a}, Action: action}, c, o)
}

// Apply makes an edit, checks the whole register as it would become, and only then writes files and history. The error is Problems, or
// one Problem, when the edit is refused; nothing is written then. A broken register is refused: mend it first.
func Apply(path string, e Edit, c Change, o Options) (*Register, error) {
	unlock, err := lock(path)
	if err != nil {
		return nil, err
	}
	defer unlock()
	w := &writer{path: path, o: o}
	if err := w.read(len(e.Add) > 0); err != nil {
		return nil, err
	}
	if c.IfVersion != "" && c.IfVersion != w.before.Version {
		return nil, Problem{File: path, Code: "changed-meanwhile", Severity: SeverityError,
			SV: "registret har ändrats under tiden: läs om det och gör ändringen igen", EN: "the register has changed in the meantime: read it again and repeat the change"}
	}
	if err := w.updateAll(e.Update); err != nil {
		return nil, err
	}
	if err := w.addAll(e.Add); err != nil {
		return nil, err
	}
	after, err := build(path, w.sources, o)
	if err != nil {
		return nil, err
	}
	if err := w.verify(after, e); err != nil {
		return nil, err
	}
	if c.Before != nil {
		if err := c.Before(w.before, after); err != nil {
			return nil, err
		}
	}
	return after, w.write(e, c, after)
}

// writer holds the register's files while they are edited in memory.
type writer struct {
	path    string
	o       Options
	before  *Register
	sources []source
	touched map[string]bool
}

func (w *writer) read(mayBeEmpty bool) error {
	w.touched = map[string]bool{}
	sources, ps := readSources(w.path)
	if len(ps.Errors()) > 0 && !(mayBeEmpty && (ps.Has("missing") || ps.Has("empty"))) {
		return ps
	}
	w.sources = sources
	var err error
	w.before, err = build(w.path, sources, w.o)
	if err == nil {
		return nil
	}
	if ps := AsProblems(err).Errors(); mayBeEmpty && len(ps) == 1 && ps.Has("empty") {
		w.before = assemble(w.path, nil, nil, nil)
		return nil
	}
	return err
}

func (w *writer) source(file string) *source {
	for i := range w.sources {
		if w.sources[i].name == file {
			return &w.sources[i]
		}
	}
	return nil
}

// verify holds the register as it became against what was asked: the edit, and nothing else.
func (w *writer) verify(after *Register, e Edit) error {
	want := map[[2]string]Account{}
	for _, a := range w.before.Accounts {
		want[[2]string{a.Tenant, a.ID}] = a
	}
	for _, a := range slices.Concat(e.Add, e.Update) {
		a.Tenant = cmp.Or(a.Tenant, DefaultTenant)
		a.Class = cmp.Or(a.Class, ClassReview)
		want[[2]string{a.Tenant, a.ID}] = a
	}
	if len(want) != len(after.Accounts) {
		return Problem{File: w.path, Code: "by-hand", Severity: SeverityError, SV: "ändringen gick inte att göra säkert: gör den för hand", EN: "the change could not be made safely: make it by hand"}
	}
	for _, a := range after.Accounts {
		if len(Diff(want[[2]string{a.Tenant, a.ID}], a)) > 0 {
			return byHand(a)
		}
	}
	return nil
}

// write puts the touched files in place and the change on record.
func (w *writer) write(e Edit, c Change, after *Register) error {
	for _, s := range w.sources {
		if !w.touched[s.name] {
			continue
		}
		if err := replaceFile(s.name, s.data); err != nil {
			return unwritable(s.name, err)
		}
	}
	return w.record(e, c, after)
}

func unwritable(file string, err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return Problem{File: file, Code: "unwritable", Severity: SeverityError,
		SV: fmt.Sprintf("kan inte skrivas (%v): kontrollera rättigheter och ledigt utrymme", err), EN: fmt.Sprintf("cannot be written (%v): check permissions and free space", err)}
}
