package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"arsring/internal/archive"
	"arsring/internal/register"
)

// The published register lies in the archive beside the tenants: every version of it, and a numbered step for each time that another one came to hold.
// The last step holds. Nothing is ever replaced: a machine that has seen step 7 makes step 8, and of two who do so at once only one can, and the other
// is told. (A single object that is replaced under the condition that it is still the one which was read would do on most stores, but not on those
// that can give an object's new name for its content together with the old content, while it is being replaced.)
const (
	publishedSteps    = "_register/steps/"
	publishedVersions = "_register/versions/"
	publishedName     = "_register" // in what is said of it
	publishedSchema   = "arsring-register-current-1"
	publishedPast     = 200
)

// stepKey is the key of a step.
const stepKey = publishedSteps + "%08d.json"

// published says which version of the register holds.
type published struct {
	Schema   string        `json:"schema"`
	Version  string        `json:"version"`
	At       time.Time     `json:"at"`
	By       string        `json:"by"`  // the machine, by the name of its daemon
	URL      string        `json:"url"` // where people change it
	Accounts int           `json:"accounts"`
	Past     []pastVersion `json:"past"` // newest first

	step int
}

// pastVersion is a version that held before.
type pastVersion struct {
	Version string    `json:"version"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
}

func (p *published) was(version string) bool {
	for _, v := range p.Past {
		if v.Version == version {
			return true
		}
	}
	return false
}

// held is the published register in the data folder of a machine where it holds instead of the machine's own files.
type held struct {
	For      string          `json:"for"` // the files' path; of other files it says nothing
	Current  published       `json:"current"`
	Register json.RawMessage `json:"register"`
}

func (a *App) heldFile() string { return a.cfg.Path("register-published.json") }
func (a *App) baseFile() string { return a.cfg.Path("register-base") }

// heldRegister is the published register where it holds on this machine; nil where the machine's own files do.
func (a *App) heldRegister() (*register.Register, *published) {
	var h held
	if err := readJSON(a.heldFile(), &h); err != nil || h.For != a.cfg.Register.Path {
		return nil, nil
	}
	r, err := register.FromNormal(publishedName, h.Register, a.registerOptions())
	if err != nil {
		return nil, nil // of a later or earlier program; it is fetched anew
	}
	return r, &h.Current
}

// registerFiles reads this machine's own files; nil without an error where there are none.
func (a *App) registerFiles() (*register.Register, error) {
	r, err := register.Load(a.cfg.Register.Path, a.registerOptions())
	if noFiles(err) {
		return nil, nil
	}
	return r, err
}

// noFiles says that a machine has no register of its own.
func noFiles(err error) bool {
	ps := register.AsProblems(err)
	return ps.Has("missing") || ps.Has("empty")
}

func (a *App) registerBase() string {
	data, err := os.ReadFile(a.baseFile())
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

func (a *App) setRegisterBase(version string) error {
	if a.registerBase() == version {
		return nil
	}
	return writeFile(a.baseFile(), []byte(version+"\n"))
}

// readPublished gives what holds by the archive; nil when nothing was ever published.
func (a *App) readPublished(ctx context.Context, s *archive.Store) (*published, error) {
	var p published
	last := ""
	for o, err := range s.ListKeys(ctx, publishedSteps) {
		if err != nil {
			return nil, err
		}
		var n int
		if _, err := fmt.Sscanf(o.Key, stepKey, &n); err == nil && n > p.step {
			p.step, last = n, o.Key
		}
	}
	if last == "" {
		return nil, nil
	}
	data, _, err := s.Get(ctx, last)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &p); err != nil || p.Schema != publishedSchema {
		return nil, fmt.Errorf("%s in the archive is no step of the published register: remove it", last)
	}
	return &p, nil
}

// publish makes a register the one that holds, in place of cur, which the caller has seen. When somebody was faster it is a *archive.ConflictError, and
// nothing has changed.
func (a *App) publish(ctx context.Context, s *archive.Store, r *register.Register, cur *published) error {
	if _, err := s.Put(ctx, publishedVersions+r.Version+".json", r.Normal(), archive.PutOptions{CreateOnly: true}); err != nil {
		return err
	}
	id, err := a.daemonID()
	if err != nil {
		return err
	}
	next := published{Schema: publishedSchema, Version: r.Version, At: a.now().UTC(), By: id, URL: a.pageURL(), Accounts: len(r.Accounts), Past: []pastVersion{}}
	step := 1
	if cur != nil {
		step = cur.step + 1
		next.Past = append(next.Past, pastVersion{cur.Version, cur.At, cur.By})
		next.Past = append(next.Past, cur.Past[:min(len(cur.Past), publishedPast-1)]...)
	}
	data, err := json.MarshalIndent(next, "", " ")
	if err != nil {
		return err
	}
	if _, err = s.Put(ctx, fmt.Sprintf(stepKey, step), append(data, '\n'), archive.PutOptions{CreateOnly: true}); err != nil {
		return err
	}
	a.log.Info("the register is published", "version", r.Version, "accounts", len(r.Accounts))
	return a.setRegisterBase(r.Version)
}

// shared is what a look at the published register came to.
type shared struct {
	holds *register.Register // the published one, where it holds; nil: the machine's own files do
	apart error              // why the machine's own files do not, though this machine may change the register
}

// shareRegister brings this machine's files and the published register together: what was changed here is published, what was changed elsewhere is
// taken in, and where both were changed the published one holds until a person has decided.
func (a *App) shareRegister(ctx context.Context) (shared, error) {
	a.registering.Lock()
	defer a.registering.Unlock()
	return a.share(ctx)
}

// share is shareRegister for those who hold the lock. It looks again when somebody else changed something at the same time.
func (a *App) share(ctx context.Context) (out shared, err error) {
	s, err := a.Store(ctx)
	if err != nil {
		return out, err
	}
	for range 4 {
		var again bool
		if out, again, err = a.shareOnce(ctx, s); err != nil || !again {
			return out, err
		}
	}
	return out, err
}

func (a *App) shareOnce(ctx context.Context, s *archive.Store) (out shared, again bool, err error) {
	cur, err := a.readPublished(ctx, s)
	if err != nil {
		return out, false, err
	}
	mine, broken := a.registerFiles()
	if broken != nil { // the register that held before holds on, and the watcher has told why
		out.holds, _ = a.heldRegister()
		return out, false, nil //nolint:nilerr // told by the watcher; what holds is no less true
	}
	base := a.registerBase()
	switch {
	case mine == nil && cur == nil, cur == nil && !a.cfg.Register.Write:
		return out, false, a.own()
	case cur == nil:
		return a.published(a.publish(ctx, s, mine, nil))
	case mine != nil && mine.Version == cur.Version:
		return out, false, errors.Join(a.setRegisterBase(cur.Version), a.own())
	case mine == nil || !a.cfg.Register.Write:
		out.holds, err = a.hold(ctx, s, cur)
		return out, false, err
	case base == cur.Version:
		return a.published(a.publish(ctx, s, mine, cur))
	}
	if out.holds, err = a.hold(ctx, s, cur); err != nil {
		return out, false, err
	}
	if mine.Version != base && !cur.was(mine.Version) {
		out.apart = &apartError{cur, nil}
		return out, false, nil
	}
	return a.takeIn(cur, mine, out)
}

// published is the end of a publishing: when somebody else was faster, one looks again.
func (a *App) published(err error) (shared, bool, error) {
	var raced *archive.ConflictError
	if errors.As(err, &raced) {
		return shared{}, true, nil
	}
	if err == nil {
		err = a.own()
	}
	return shared{}, false, err
}

// takeIn brings the files up to what was published elsewhere.
func (a *App) takeIn(cur *published, mine *register.Register, out shared) (shared, bool, error) {
	_, err := register.Take(a.cfg.Register.Path, out.holds, register.Change{By: cur.By, Reason: "published by another machine", At: cur.At}, a.registerOptions())
	if err == nil {
		a.log.Info("the register was changed by another machine, and its files here follow", "version", cur.Version, "by", cur.By)
		return shared{}, false, errors.Join(a.setRegisterBase(cur.Version), a.own())
	}
	if now, lerr := a.registerFiles(); lerr == nil && now != nil && now.Version != mine.Version {
		return out, true, nil // a command on this machine changed the files in the meantime
	}
	out.apart = &apartError{cur, err}
	return out, false, nil
}

// hold lets the published register hold on this machine instead of its own files.
func (a *App) hold(ctx context.Context, s *archive.Store, cur *published) (*register.Register, error) {
	if r, now := a.heldRegister(); r != nil && now.Version == cur.Version {
		return r, nil
	}
	data, _, err := s.Get(ctx, publishedVersions+cur.Version+".json")
	if err != nil {
		return nil, err
	}
	r, err := register.FromNormal(publishedName, data, a.registerOptions())
	if err != nil {
		return nil, err
	}
	return r, writeJSON(a.heldFile(), held{For: a.cfg.Register.Path, Current: *cur, Register: data})
}

// own lets this machine's own files hold.
func (a *App) own() error { return removeIf(a.heldFile()) }

// apartError says that this machine's files and the published register were both changed, or that the files cannot follow.
type apartError struct {
	cur   *published
	cause error // why the files cannot follow; nil: they were changed themselves
}

// Error says which holds and what to do.
func (e *apartError) Error() string { return e.Person().EN }

// Unwrap gives why the files cannot follow.
func (e *apartError) Unwrap() error { return e.cause }

// Person is the sentence for people.
func (e *apartError) Person() archive.Text {
	at := e.cur.At.In(register.Location()).Format("2006-01-02 15.04")
	t := archive.Text{
		SV: fmt.Sprintf("Registrets filer på den här datorn skiljer sig från det register som %s publicerade %s, och båda har ändrats. Det publicerade gäller här tills någon bestämt: arsring register publish gör filerna till det som gäller överallt.", e.cur.By, at),
		EN: fmt.Sprintf("The register's files on this machine differ from the register that %s published on %s, and both were changed. The published one holds here until somebody decides: arsring register publish makes the files the one that holds everywhere.", e.cur.By, at)}
	if e.cause == nil {
		return t
	}
	sv, en := e.cause.Error(), e.cause.Error()
	var p register.Problem
	if ps := register.AsProblems(e.cause); ps != nil {
		sv, en = ps.In("sv"), ps.In("en")
	} else if errors.As(e.cause, &p) {
		sv, en = p.In("sv"), p.In("en")
	}
	return archive.Text{SV: "Registrets filer på den här datorn kan inte följa det som " + e.cur.By + " publicerade " + at + ". Det publicerade gäller här. " + sv,
		EN: "The register's files on this machine cannot follow what " + e.cur.By + " published on " + at + ". The published one holds here. " + en}
}
