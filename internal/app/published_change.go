package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"arsring/internal/archive"
	"arsring/internal/register"
)

// publishTime bounds how long a change of the register waits for the archive.
const publishTime = time.Minute

// changeRegister makes one change of the register. Where several machines may share it, the change is published before the files are written: when
// another machine has changed the register in the meantime, nothing is written on either, and the error says so.
func (a *App) changeRegister(ctx context.Context, c register.Change, do func(register.Change) (*register.Register, error)) (*register.Register, error) {
	a.registering.Lock()
	defer a.registering.Unlock()
	ctx, cancel := context.WithTimeout(ctx, publishTime)
	defer cancel()
	if a.cfg.Archive.Endpoint == "" || a.registerBase() == "" && !exists(a.heldFile()) {
		return do(c) // nobody shares it, or nobody does yet: the daemon publishes it
	}
	s, err := a.Store(ctx)
	if err == nil {
		_, err = a.share(ctx)
	}
	if err != nil {
		return nil, err
	}
	if r, cur := a.heldRegister(); r != nil {
		return nil, elsewhere(cur)
	}
	c.Before = func(before, after *register.Register) error {
		cur, err := a.readPublished(ctx, s)
		if err != nil {
			return err
		}
		if cur != nil && cur.Version != before.Version {
			return changedMeanwhile()
		}
		var raced *archive.ConflictError
		if err := a.publish(ctx, s, after, cur); errors.As(err, &raced) {
			return changedMeanwhile()
		} else if err != nil {
			return err
		}
		return nil
	}
	return do(c)
}

func changedMeanwhile() error {
	return register.Problem{File: publishedName, Code: "changed-meanwhile", Severity: register.SeverityError,
		SV: "registret har ändrats under tiden på en annan dator: läs om det och gör ändringen igen", EN: "the register has been changed on another machine in the meantime: read it again and repeat the change"}
}

// elsewhere says where the register is changed, since this machine's files do not hold.
func elsewhere(cur *published) error {
	return register.Problem{File: publishedName, Code: "elsewhere", Severity: register.SeverityError,
		SV: fmt.Sprintf("registret ändras på en annan dator (%s, %s)", cur.By, cur.URL), EN: fmt.Sprintf("the register is changed on another machine (%s, %s)", cur.By, cur.URL)}
}

// Published is what came of publishing this machine's files.
type Published struct {
	Version  string `json:"version"`
	Accounts int    `json:"accounts"`
	Replaced string `json:"replaced"` // the version that held before; empty: none
}

// PublishRegister makes this machine's files the register that holds on every machine, also where another one holds now: a person has decided.
func (a *App) PublishRegister(ctx context.Context) (Published, error) {
	a.registering.Lock()
	defer a.registering.Unlock()
	mine, err := a.registerFiles()
	if err != nil {
		return Published{}, err
	}
	switch {
	case !a.cfg.Register.Write:
		return Published{}, &UsageError{"this machine may not change the register: set register.write to true (ARSRING_REGISTER_WRITE) where it is kept"}
	case mine == nil:
		return Published{}, &UsageError{fmt.Sprintf("there is no register at %s to publish", a.cfg.Register.Path)}
	}
	s, err := a.Store(ctx)
	if err != nil {
		return Published{}, err
	}
	cur, err := a.readPublished(ctx, s)
	if err != nil {
		return Published{}, err
	}
	out := Published{Version: mine.Version, Accounts: len(mine.Accounts)}
	if cur != nil {
		out.Replaced = cur.Version
	}
	if out.Replaced != mine.Version {
		err = a.publish(ctx, s, mine, cur)
	}
	return out, errors.Join(err, a.own())
}
