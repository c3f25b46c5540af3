package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/vault"
)

// Vault opens the stored login profiles of this configuration.
func (a *App) Vault() (*vault.Vault, error) {
	return vault.New(vault.Options{Dir: a.cfg.Path("vault"), IdentityFile: cmp.Or(a.cfg.Vault.IdentityFile, a.cfg.Path("keys", "vault.age")),
		Credentials: a.getenv("CREDENTIALS_DIRECTORY"), Temp: a.memory(), Now: a.now})
}

// memory are the folders for readable copies of a login, those that live in memory first. The browser may run as another user and must reach
// its folder, so folders that are closed to others serve only a daemon that is not root.
func (a *App) memory() []string {
	dirs := []string{"/dev/shm"}
	if run := a.getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(run) && os.Geteuid() != 0 {
		dirs = append([]string{run}, dirs...)
	}
	return append(dirs, cmp.Or(a.getenv("TMPDIR"), os.TempDir()))
}

// getenv looks a name up in the environment that the app was given.
func (a *App) getenv(name string) string {
	for _, e := range a.env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

// Logins gives every stored login and every one that an account of the register needs, with its age and probable end: for doctor, metrics and mail.
func (a *App) Logins() ([]vault.Status, error) {
	v, err := a.Vault()
	if err != nil {
		return nil, err
	}
	users := map[string][]string{}
	if r, err := a.Register(); err == nil { // a broken register is told of elsewhere
		for _, acc := range r.Accounts {
			if acc.LoginProfile != "" {
				users[acc.LoginProfile] = append(users[acc.LoginProfile], acc.Tenant+"/"+acc.ID)
			}
		}
	}
	return v.Status(users, a.cfg.Vault.WarnDays)
}

// SweepLogins wipes readable copies of logins that killed processes left behind. A daemon calls it when it starts.
func (a *App) SweepLogins() error {
	v, err := a.Vault()
	if err != nil {
		return err
	}
	v.Sweep()
	return nil
}

// login makes the fresh copy of a login that the passage's account is captured with; nil when it has none.
func (p *passage) login(ctx context.Context) error {
	name := p.job.Account.LoginProfile
	if name == "" || p.copy != nil {
		return nil
	}
	v, err := p.a.Vault()
	if err != nil {
		return err
	}
	if p.copy, err = v.Open(ctx, name); err != nil {
		return fmt.Errorf("account %s: %w", p.job.Account.ID, err)
	}
	return nil
}

// forget wipes the passage's copy of a login. The browser that ran in it has ended before.
func (p *passage) forget() {
	if p.copy == nil {
		return
	}
	if err := p.copy.Close(); err != nil {
		p.a.log.Error("a readable copy of a login is left", "profile", p.copy.Profile.Name, "error", err)
	}
	p.copy = nil
}

// profile is the folder that the browser runs in; empty without a login.
func (p *passage) profile() string {
	if p.copy == nil {
		return ""
	}
	return p.copy.Dir
}

// codeLoginExpired marks a capture that met a login although it had one.
const codeLoginExpired = "login-expired"

// expired names a login wall that stood there although a login was used: the login has ended. The stored profile stays as it is.
func (p *passage) expired(c *capture.Capture, dir string) error {
	name := p.job.Account.LoginProfile
	if name == "" || c.Code != "login-wall" && c.Code != "http-401" {
		return nil
	}
	c.Code = codeLoginExpired
	if c.Outcome == capture.LoginWall {
		c.Sentence = capture.Text{SV: "Inloggningen " + name + " gäller inte längre: plattformen kräver ny inloggning. Kör arsring login " + name + ".",
			EN: "The login " + name + " no longer holds: the platform asks for a new one. Run arsring login " + name + "."}
	}
	return c.Save(dir)
}

// needsLogin reports an error that only a person can mend by logging in, or by putting a key back.
func needsLogin(err error) bool {
	var v *vault.Error
	return errors.As(err, &v) && v.Code != "no-room"
}

// stateOf is the state of a passage that an error stopped.
func stateOf(err error) job.State {
	if needsLogin(err) {
		return job.NeedsPerson
	}
	return job.Waiting
}
