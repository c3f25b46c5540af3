package app

import (
	"context"
	"fmt"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// watchRegister reads the register: this machine's files, or what another machine published.
func (d *daemon) watchRegister(ctx, life context.Context) error {
	r, _ := d.a.heldRegister()
	d.shared.Store(r)
	var err error
	d.watch, err = register.Watch(life, d.a.cfg.Register.Path, register.WatchOptions{Options: d.a.registerOptions(), OnChange: d.registerChanged, OnProblem: d.registerBroken})
	switch {
	case !noFiles(err):
		return err
	case r != nil:
		return nil
	}
	got, serr := d.a.shareRegister(ctx)
	if serr != nil {
		return fmt.Errorf("%w; nor can the archive be asked for a register that another machine published: %w", err, serr)
	}
	if got.holds == nil {
		return err // nobody has published one
	}
	d.shared.Store(got.holds)
	return nil
}

// holds is the register that holds now; nil before there is one.
func (d *daemon) holds() *register.Register {
	if r := d.shared.Load(); r != nil || d.watch == nil {
		return r
	}
	return d.watch.Current()
}

// share publishes what was changed here and takes in what was changed elsewhere.
func (d *daemon) share(ctx context.Context) error {
	before := d.holds()
	got, err := d.a.shareRegister(ctx)
	if err != nil {
		return err
	}
	switch {
	case got.holds != nil:
		if d.shared.Store(got.holds); got.holds.Version != before.Version {
			d.newRegister(got.holds)
		}
	case d.watch != nil:
		was := d.shared.Swap(nil)
		if base := d.a.registerBase(); base != "" && d.watch.Current().Version != base {
			_ = d.watch.Reload() // it tells people itself; without it the watching would settle first
		} else if was != nil && was.Version != d.watch.Current().Version {
			d.newRegister(d.watch.Current())
		}
	}
	apart := ""
	if got.apart != nil {
		apart = got.apart.Error()
	}
	if apart != "" && apart != d.apart {
		d.a.log.Error("the register's files on this machine are not the register that holds", "error", got.apart)
		d.a.emit(Event{Kind: EventRegisterBad, Key: "register-apart/" + apart, Err: got.apart, Text: personText(got.apart)})
	}
	if apart == "" && d.apart != "" {
		d.newRegister(d.holds())
	}
	d.apart = apart
	return nil
}

func (d *daemon) newRegister(r *register.Register) {
	d.a.registerHolds(r)
	d.told(Event{Kind: EventRegister, Key: "register/" + r.Version, Text: capture.Text{
		SV: fmt.Sprintf("Ett nytt register gäller: %d konton.", len(r.Accounts)), EN: fmt.Sprintf("A new register holds: %d accounts.", len(r.Accounts))}})
}

// registerChanged is told of new files. They are shared with the other machines at the next tick, which is now.
func (d *daemon) registerChanged(_, after *register.Register) {
	if d.shared.Load() == nil {
		d.newRegister(after)
	}
	d.wake()
}

func (d *daemon) registerBroken(err error) {
	text := capture.Text{SV: "Registret är trasigt; det gamla gäller tills det är lagat.", EN: "The register is broken; the old one holds until it is mended."}
	if ps := register.AsProblems(err); ps != nil {
		text.SV, text.EN = text.SV+"\n"+ps.In("sv"), text.EN+"\n"+ps.In("en")
	}
	d.a.log.Error("the register is broken and the old one stays", "error", err)
	d.a.emit(Event{Kind: EventRegisterBad, Key: "register-bad/" + err.Error(), Err: err, Text: text})
}
