package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"arsring/internal/register"
)

// registerOptions are what every reading and writing of the register is checked against.
func (a *App) registerOptions() register.Options {
	groups := []string{}
	for _, g := range a.cfg.Calendar.Groups {
		groups = append(groups, g.Name)
	}
	o := register.Options{Groups: groups, Prefix: &a.cfg.Archive.Prefix}
	if known, err := a.Platforms(); err == nil { // files that cannot be used are refused by Register
		o.Platforms = known.Names()
	}
	return o
}

// RegisterChange says who changes the register, why, and for whom.
type RegisterChange struct {
	By, Reason string
	Tenant     string // empty: the municipality's own
	Section    string // of an import, where the list says nothing else
	DryRun     bool   // only show what would be done
}

func (a *App) change(c RegisterChange) (register.Change, error) {
	if strings.TrimSpace(c.By) == "" {
		return register.Change{}, &UsageError{"say with --by who makes the change: it becomes part of the register's history"}
	}
	return register.Change{By: c.By, Reason: c.Reason, At: a.now()}, nil
}

// Registered is what a change of the register did, or would do.
type Registered struct {
	File     string               `json:"file,omitempty"` // of an import
	Rows     []register.ImportRow `json:"rows"`
	Ignored  []string             `json:"ignored"`
	Problems register.Problems    `json:"problems"` // warnings, and with DryRun what would be refused
	Written  bool                 `json:"written"`
	Version  string               `json:"version"` // of the register as it now is; empty when nothing was written
}

// RegisterAdd adds one account, given by field name as in the register's YAML. Its id and platform may be left out: they are made of name and address.
// The error is register.Problems when the account is refused.
func (a *App) RegisterAdd(ctx context.Context, fields map[string]string, c RegisterChange) (Registered, error) {
	t := &register.Table{Rows: [][]string{{}, {}}}
	for _, key := range []string{"id", "title", "platform", "url", "archive_creator", "unit", "responsible"} { // a list's heading has these, filled or not
		t.Rows[0], t.Rows[1] = append(t.Rows[0], key), append(t.Rows[1], fields[key])
	}
	for key, value := range fields {
		if !slices.Contains(t.Rows[0], key) {
			t.Rows[0], t.Rows[1] = append(t.Rows[0], key), append(t.Rows[1], value)
		}
	}
	return a.registerTable(ctx, t, c, true)
}

// RegisterImport brings a municipality's own list, CSV or XLSX, into the register.
func (a *App) RegisterImport(ctx context.Context, file string, c RegisterChange) (Registered, error) {
	f, err := os.Open(file)
	if err != nil {
		return Registered{}, &UsageError{fmt.Sprintf("%s cannot be read: %v", file, cause(err))}
	}
	defer f.Close()
	t, err := register.ReadTable(file, f)
	if err != nil {
		return Registered{}, err
	}
	return a.registerTable(ctx, t, c, false)
}

func (a *App) registerTable(ctx context.Context, t *register.Table, c RegisterChange, onlyNew bool) (Registered, error) {
	change, err := a.change(c)
	if err != nil {
		return Registered{}, err
	}
	now, err := a.Register()
	if ps := register.AsProblems(err); err != nil && !ps.Has("missing") && !ps.Has("empty") {
		return Registered{}, err
	}
	o := a.registerOptions()
	p := register.Preview(now, t, register.ImportOptions{Options: o, Tenant: c.Tenant, Section: c.Section, Platform: platformOf})
	p.Problems = slices.Concat(p.Problems.Errors(), p.Problems.Warnings()) // what stops first
	out := Registered{File: p.File, Rows: orEmpty(p.Rows), Ignored: orEmpty(p.Ignored), Problems: orEmpty(p.Problems)}
	if onlyNew {
		if len(p.Ignored) > 0 {
			return out, &UsageError{fmt.Sprintf("the register has no field %q; config/register.example.yaml names them all", p.Ignored[0])}
		}
		for i := range out.Problems {
			out.Problems[i].Line = 0 // there is no list whose row it could be
		}
		for _, r := range p.Rows {
			if r.Kind != register.ImportAdd {
				return out, register.Problems{{Account: r.Account.ID, Code: "known-account", Severity: register.SeverityError,
					SV: "kontot finns redan i registret: ändra det i filen, eller importera en lista", EN: "the account is already in the register: change it in its file, or import a list"}}
			}
		}
		p.Problems = out.Problems
	}
	if len(out.Problems.Errors()) > 0 {
		return out, out.Problems
	}
	if c.DryRun {
		return out, nil
	}
	apply := func(c register.Change) (*register.Register, error) { return p.Apply(a.cfg.Register.Path, c, o) }
	if onlyNew {
		apply = func(c register.Change) (*register.Register, error) {
			return register.Add(a.cfg.Register.Path, p.Rows[0].Account, c, o)
		}
	}
	after, err := a.changeRegister(ctx, change, apply)
	if err != nil {
		return out, err
	}
	out.Written, out.Version = now == nil || after.Version != now.Version, after.Version
	return out, nil
}

func orEmpty[S ~[]E, E any](s S) S {
	if s == nil {
		return S{}
	}
	return s
}

// cause is the system's reason without the path, which the sentence has already.
func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// hosts of platforms, for accounts that are registered by their address alone.
var platformHosts = map[string]string{
	"facebook.com": "facebook", "fb.com": "facebook", "instagram.com": "instagram", "x.com": "x", "twitter.com": "x", "linkedin.com": "linkedin",
	"youtube.com": "youtube", "youtu.be": "youtube", "tiktok.com": "tiktok", "threads.net": "threads", "threads.com": "threads", "bsky.app": "bluesky", "mastodon.social": "mastodon", "mastodon.nu": "mastodon",
}

// platformOf guesses the platform of an address: an external site where it is none of the known.
func platformOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	host := strings.TrimPrefix(u.Hostname(), "www.")
	for h, p := range platformHosts {
		if host == h || strings.HasSuffix(host, "."+h) {
			return p
		}
	}
	return PlatformWeb
}

// RegisterExport says what is written of the register, and how.
type RegisterExport struct {
	Format string // "csv", "xlsx", "json", "html"
	Public bool   // only what anyone may know
	Tenant string // empty: everything, or with Public the municipality's own
}

// exports are the formats there are, for everything and for the public.
var exports = map[bool][]string{false: {"csv", "xlsx", "json"}, true: {"csv", "html", "json"}}

// ExportRegister writes the register. The error is a *UsageError for a format or tenant that is not there.
func (a *App) ExportRegister(w io.Writer, e RegisterExport) error {
	r, err := a.Register()
	if err != nil {
		return err
	}
	if !slices.Contains(exports[e.Public], e.Format) {
		return &UsageError{fmt.Sprintf("--format %q: it is %s (html and --public go together)", e.Format, strings.Join(exports[e.Public], ", "))}
	}
	if e.Tenant != "" && !slices.ContainsFunc(r.Accounts, func(x register.Account) bool { return x.Tenant == e.Tenant }) {
		return &UsageError{fmt.Sprintf("--tenant %q has no accounts in the register", e.Tenant)}
	}
	if e.Public {
		return a.exportPublic(w, r, e)
	}
	accounts := r.Accounts
	if e.Tenant != "" {
		accounts = slices.DeleteFunc(slices.Clone(accounts), func(x register.Account) bool { return x.Tenant != e.Tenant })
	}
	switch e.Format {
	case "csv":
		return register.WriteCSV(w, accounts)
	case "xlsx":
		return register.WriteXLSX(w, accounts)
	}
	_, err = w.Write(r.Normal())
	return err
}

func (a *App) exportPublic(w io.Writer, r *register.Register, e RegisterExport) error {
	list := r.Public(cmp.Or(e.Tenant, Tenant), a.now())
	if list.Name == "" {
		list.Name, _ = a.organisation(cmp.Or(e.Tenant, Tenant))
	}
	switch e.Format {
	case "csv":
		return list.WriteCSV(w)
	case "html":
		return list.WriteHTML(w, a.cfg.Language)
	}
	return list.WriteJSON(w)
}

// ExportRegisterFile writes the register to a file, whole or not at all. What is not public is readable for its owner only.
func (a *App) ExportRegisterFile(_ context.Context, file string, e RegisterExport) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".arsring-")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", file, cause(err))
	}
	defer os.Remove(tmp.Name())
	if err := a.ExportRegister(tmp, e); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if e.Public {
		err = tmp.Chmod(0o644)
	}
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", file, cause(err))
	}
	return nil
}
