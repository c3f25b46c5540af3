package calendar

import (
	"slices"
	"time"

	"arsring/internal/register"
)

// Period gives the start of what the next snapshot of an account should cover: the end of unbroken coverage, else the account's
// start, else nil for everything. The overlap that is read again before it is not taken off.
//
// Only complete snapshots of the whole account advance it, and only when their own period began where coverage ended: after a partial one, or
// one that was asked for less, the next begins where it stood before. Evidence and ingest never advance it.
func Period(a register.Account, kept []Kept) (from *time.Time, why Text) {
	covered, since := time.Time{}, false
	if t, ok := register.Day(a.Since); ok {
		covered, since = t, true
	}
	whole := slices.DeleteFunc(slices.Clone(kept), func(k Kept) bool {
		return !k.Complete || k.Trigger != TriggerScheduled && k.Trigger != "manual" && k.Trigger != TriggerClosure
	})
	slices.SortFunc(whole, func(x, y Kept) int { return x.At.Compare(y.At) })
	advanced := false
	for _, k := range whole {
		gap := k.WantedFrom != nil && k.WantedFrom.After(covered)
		if gap || !k.At.After(covered) {
			continue
		}
		covered, advanced = k.At, true
	}
	day := covered.In(register.Location()).Format(time.DateOnly)
	switch {
	case advanced:
		return &covered, Text{"Från den senaste fullständiga ögonblicksbilden, " + day + ".", "From the last complete snapshot, " + day + "."}
	case since:
		return &covered, Text{"Från kontots start, " + day + ".", "From the account's start, " + day + "."}
	}
	return nil, Text{"Allt som sidan visar, eftersom kontots start inte är känd.", "Everything the page shows, since the account's start is not known."}
}
