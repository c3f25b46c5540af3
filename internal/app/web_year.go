package app

import (
	"context"
	"time"

	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/web"
)

// webYear is the calendar as the pages see it.
type webYear struct {
	a     *App
	c     *calendar.Calendar
	arch  *webArchive
	pause web.Pauses
}

// Due decides for every account.
func (y *webYear) Due(ctx context.Context) ([]calendar.Decision, error) {
	r, err := y.a.Register()
	if err != nil {
		return nil, err
	}
	snaps, err := y.arch.Snapshots(ctx, "", "")
	if err != nil {
		return nil, err
	}
	pauses, err := y.pause.Pauses(ctx)
	if err != nil {
		return nil, err
	}
	kept := map[string][]calendar.Kept{}
	for _, s := range snaps {
		k := s.Tenant + "/" + s.Account
		kept[k] = append(kept[k], keptRow(s))
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

func keptRow(s web.Snapshot) calendar.Kept {
	return calendar.Kept{ID: s.ID, Trigger: string(s.Trigger), Complete: s.Outcome == capture.Complete, At: s.Taken, WantedFrom: s.WantedFrom}
}

// Windows are those of a year.
func (y *webYear) Windows(year int) []calendar.Window { return y.c.Windows(year) }

// Dates are every account's days of a year.
func (y *webYear) Dates(year int) ([]calendar.Date, error) {
	r, err := y.a.Register()
	if err != nil {
		return nil, err
	}
	return y.c.Year(r.Accounts, year), nil
}

// Forbidden names the forbidden period of a day.
func (y *webYear) Forbidden(t time.Time) (string, bool) { return y.c.Forbidden(t) }
