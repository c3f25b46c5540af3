package app

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/register"
)

// branchesOf are the tenants of a register with a prefix or keys of their own in the archive.
func (a *App) branchesOf(r *register.Register) []archive.Branch {
	var out []archive.Branch
	for _, t := range r.Tenants {
		b := archive.Branch{Tenant: t.ID, Prefix: t.Prefix}
		if t.AccessKeyFile != "" {
			var err, err2 error
			b.AccessKey, err = a.tenantKey(t.AccessKeyFile)
			b.SecretKey, err2 = a.tenantKey(t.SecretKeyFile)
			b.Err = cmp.Or(err, err2)
		}
		if b != (archive.Branch{Tenant: t.ID}) {
			out = append(out, b)
		}
	}
	return out
}

// tenantKey reads a key's file. A name without a folder before it lies beside the register, or among the credentials that systemd hands to the daemon.
func (a *App) tenantKey(file string) (string, error) {
	if !filepath.IsAbs(file) {
		dir := a.cfg.Register.Path
		if fi, err := os.Stat(dir); err != nil || !fi.IsDir() {
			dir = filepath.Dir(dir)
		}
		beside := filepath.Join(dir, file)
		if _, err := os.Stat(beside); err != nil {
			for _, e := range a.env {
				if credentials, ok := strings.CutPrefix(e, "CREDENTIALS_DIRECTORY="); ok && credentials != "" {
					beside = filepath.Join(credentials, file)
				}
			}
		}
		file = beside
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	key := strings.TrimSpace(string(data))
	if key == "" {
		return "", fmt.Errorf("%s is empty", file)
	}
	return key, nil
}

// branch tells an opened store which tenants have a place of their own. It is called with a.mu held.
func (a *App) branch(s *archive.Store, r *register.Register) error {
	if r == nil {
		return nil
	}
	want := a.branchesOf(r)
	if s == nil || reflect.DeepEqual(want, a.branched) {
		return nil
	}
	if err := s.SetBranches(want); err != nil {
		return err
	}
	a.branched = want
	return nil
}

// branchAtOpening takes the register that holds: the daemon's, else what is read now. What an unreadable one would say is not known, and nothing is delivered
// with it, since no account is known then.
func (a *App) branchAtOpening(s *archive.Store) error {
	r := a.holding.Load()
	if r == nil {
		var err error
		if r, err = a.Register(); err != nil && !noFiles(err) {
			a.log.Warn("the register cannot be read; tenants with a prefix of their own are not found in the archive until it is mended", "error", err)
		}
	}
	return a.branch(s, r)
}

// registerHolds is told by the daemon which register holds from now on.
func (a *App) registerHolds(r *register.Register) {
	if r == nil {
		return
	}
	a.holding.Store(r)
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.branch(a.store, r); err != nil {
		a.log.Error("a tenant's place in the archive cannot be used; those before it stay", "error", err)
	}
}

// branches checks the place of each tenant that has one of its own.
func (d *doctor) branches(ctx context.Context, s *archive.Store) {
	for _, tenant := range s.Branches() {
		if err := s.CheckBranch(ctx, tenant); err != nil {
			text := personText(err)
			d.say("tenant", HealthError, capture.Text{SV: cmp.Or(text.SV, err.Error()), EN: cmp.Or(text.EN, err.Error())},
				capture.Text{SV: "Kontrollera archive.prefix och archive.access_key_file för " + tenant + " i registret.", EN: "Check archive.prefix and archive.access_key_file of " + tenant + " in the register."})
			continue
		}
		where := s.Full(tenant + "/")
		d.ok("tenant", "Arkivet för "+tenant+" ligger under "+where+" och svarar.", "The archive of "+tenant+" stands under "+where+" and answers.")
	}
}
