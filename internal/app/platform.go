package app

import (
	"errors"
	"time"

	"arsring/internal/platform"
	"arsring/internal/register"
)

// Platforms gives what is known about platforms: the built-in files, with those of platforms.folder over them. They are read anew each time, so that a
// mended selector holds for the next capture.
func (a *App) Platforms() (*platform.Set, error) {
	return platform.Load(a.cfg.Platforms.Folder)
}

// platformOf gives the platform of an account: by the register, else by its address. An address that is known by nothing is the general one.
func (a *App) platformOf(acc register.Account) (*platform.Platform, error) {
	s, err := a.Platforms()
	if err != nil {
		return nil, err
	}
	if p, ok := s.Get(acc.Platform); ok {
		return p, nil
	}
	return s.Match(acc.URL), nil
}

// Pause is the least time between two captures of the account's platform: the longer of what the configuration and the platform's file say.
func (a *App) Pause(acc register.Account) time.Duration {
	d := a.cfg.Capture.Pause
	if p, err := a.platformOf(acc); err == nil {
		d = max(d, p.Politeness.Pause)
	}
	return d
}

func isPlatformProblem(err error) bool {
	var ps platform.Problems
	return errors.As(err, &ps)
}
