package proof

import (
	"context"
	"slices"
	"strings"
	"time"

	"arsring/internal/archive"
)

// An archive lives while it is re-read: packages are delivered, entered into the log and disposed of between the reading of the log and the
// reading of the package. So whatever was found is looked at again before it is told, with the log and the list of what waits as they are by
// then; only what is found twice is a finding.

// mostAgain bounds the packages that are looked at a second time: an archive with more than that wrong is no race.
const mostAgain = 1000

// again looks a second time at all that was found, and once more after o.Patience when it still looks like work that is not done.
func (v *verifier) again(ctx context.Context) error {
	if len(v.r.Bad)+len(v.r.Findings) > 0 && len(v.r.Bad)+len(v.r.Findings) <= mostAgain {
		if err := v.look(ctx); err != nil {
			return err
		}
		if v.o.Patience > 0 && v.unsettled() {
			select {
			case <-time.After(v.o.Patience):
			case <-ctx.Done():
				return ctx.Err()
			}
			if err := v.look(ctx); err != nil {
				return err
			}
		}
	}
	for _, p := range v.r.Bad {
		if v.tell != nil {
			v.tell(p)
		}
	}
	return nil
}

// unsettled reports whether something was found that a delivery under way looks like.
func (v *verifier) unsettled() bool {
	young := func(f archive.Finding) bool {
		return slices.Contains([]string{FoundNotLogged, FoundEntryUnsigned, FoundEntryMissing, FoundStray, FoundTile}, f.Code)
	}
	return slices.ContainsFunc(v.r.Findings, young) || slices.ContainsFunc(v.r.Bad, func(p Package) bool { return slices.ContainsFunc(p.Findings, young) })
}

// look re-reads what was found, and keeps what is found again.
func (v *verifier) look(ctx context.Context) error {
	o := v.o
	if o.WaitingNow != nil {
		var err error
		if o.Waiting, err = o.WaitingNow(); err != nil {
			return err
		}
	}
	w := newVerifier(o, nil)
	w.keep = true
	for _, f := range v.r.Findings {
		p := place(v.key(f))
		if p.tenant != "" {
			if err := w.readLog(ctx, p.tenant); err != nil {
				return err
			}
		}
		var err error
		switch {
		case p.id != "":
			err = w.one(ctx, p.tenant, p.account, p.id)
		case !p.own && f.Code == FoundStray:
			err = w.stillThere(ctx, v.key(f))
		}
		if err != nil {
			return err
		}
	}
	w.all = nil // above it was only asked whether what was said of the archive still holds
	for _, p := range v.r.Bad {
		if err := w.one(ctx, p.Tenant, p.Account, p.ID); err != nil {
			return err
		}
	}
	v.settle(w)
	return nil
}

// stillThere says of an object that belongs to nothing that it is there.
func (v *verifier) stillThere(ctx context.Context, key string) error {
	for o, err := range v.o.Archive.ListKeys(ctx, key) {
		if err != nil {
			return err
		}
		if o.Key == key {
			v.say(found(FoundStray, key, v.o.Archive.Full(key)))
			break
		}
	}
	return nil
}

// key is a finding's key without the prefix that it has in the bucket.
func (v *verifier) key(f archive.Finding) string {
	return strings.TrimPrefix(f.Key, v.o.Archive.Full(""))
}

// settle replaces what was found the first time by what was found the second time as well.
func (v *verifier) settle(w *verifier) {
	same := func(f archive.Finding) bool {
		return slices.ContainsFunc(w.r.Findings, func(g archive.Finding) bool { return g.Code == f.Code && g.Key == f.Key }) ||
			f.Code == FoundRemoved && place(v.key(f)).id != "" && w.logged(v.key(f))
	}
	v.r.Findings = slices.DeleteFunc(v.r.Findings, func(f archive.Finding) bool { return !same(f) })
	for _, p := range v.r.Bad {
		v.count(p, -1)
	}
	v.r.Bad = v.r.Bad[:0]
	for _, p := range w.all {
		v.count(p, 1)
		if !p.OK {
			v.r.Bad = append(v.r.Bad, p)
		}
	}
}

// logged reports whether the log as it was read last still answers for a key whose package has not been disposed of.
func (v *verifier) logged(key string) bool {
	p := place(key)
	st := v.logs[p.tenant]
	return st != nil && st.logged[key] != nil && st.disposed[p.id] == ""
}
