package app

import (
	"context"
	"fmt"
	"time"

	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
	"arsring/internal/web"
)

// webYear is the calendar as the pages see it.
type webYear struct {
	a      *App
	c      *calendar.Calendar
	search *webSearch
	reg    *webAccounts
	pause  web.Pauses
}

// keptYears is how far back the calendar looks: what is older says nothing about a window that is open or was missed lately.
const keptYears = 3

// Due decides for every account.
func (y *webYear) Due(ctx context.Context) ([]calendar.Decision, error) {
	r, err := y.reg.Current()
	if err != nil {
		return nil, err
	}
	kept, err := y.known(ctx)
	if err != nil {
		return nil, err
	}
	pauses, err := y.pause.Pauses(ctx)
	if err != nil {
		return nil, err
	}
	standings := make([]calendar.Standing, 0, len(r.Accounts))
	for _, a := range r.Accounts {
		st := calendar.Standing{Account: a, Kept: kept[a.Tenant+"/"+a.ID]}
		for _, p := range pauses {
			if p.Tenant == a.Tenant && p.Account == a.ID {
				st.Paused = &calendar.Pause{Until: p.Until, Reason: p.Reason}
			}
		}
		standings = append(standings, st)
	}
	return y.c.Due(standings, y.a.now()), nil
}

// known gives what is kept of every account, by "tenant/account", read from the catalogue when that has changed.
func (y *webYear) known(ctx context.Context) (map[string][]calendar.Kept, error) {
	c, err := y.search.fresh(ctx)
	if err != nil {
		return nil, err
	}
	r, err := y.reg.Current()
	if err != nil {
		return nil, err
	}
	sc, since := everyTenant(r), y.a.now().AddDate(-keptYears, 0, 0)
	return remembered(ctx, &y.search.memo, c, fmt.Sprint("kept ", sc, catalog.HalfOf(since)), func() (map[string][]calendar.Kept, error) {
		list, err := c.Kept(ctx, sc, since)
		if err != nil {
			return nil, err
		}
		kept := map[string][]calendar.Kept{}
		for _, k := range list {
			at := k.Tenant + "/" + k.Account
			kept[at] = append(kept[at], calendar.Kept{ID: k.ID, Trigger: string(k.Trigger), Slot: k.Slot, Complete: k.Outcome == capture.Complete, At: k.Taken})
		}
		return kept, nil
	})
}

// everyTenant is the scope that sees all tenants of the register.
func everyTenant(r *register.Register) catalog.Scope {
	sc := catalog.Scope{Tenants: []string{Tenant}, Classes: catalog.AllClasses()}
	for _, t := range r.Tenants {
		sc.Tenants = append(sc.Tenants, t.ID)
	}
	return sc
}

// Windows are those of a year.
func (y *webYear) Windows(year int) []calendar.Window { return y.c.Windows(year) }

// Dates are every account's days of a year.
func (y *webYear) Dates(year int) ([]calendar.Date, error) {
	r, err := y.reg.Current()
	if err != nil {
		return nil, err
	}
	return y.c.Year(r.Accounts, year), nil
}

// Forbidden names the forbidden period of a day.
func (y *webYear) Forbidden(t time.Time) (string, bool) { return y.c.Forbidden(t) }
