package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"arsring/internal/calendar"
	"arsring/internal/job"
)

// Due is how one account stands: the calendar's decision and its sentences.
type Due struct {
	calendar.Decision
	Title string        `json:"title"`
	Why   calendar.Text `json:"why"`
}

// Due says of every account when it is taken, why, since when, or why not, at a moment. It asks the archive; the queue is asked where there is
// one, and its error does not stop the rest. Accounts of tenants that cannot be read are left out, and an *archive.UnreadError names those.
func (a *App) Due(ctx context.Context, at time.Time) (due []Due, queueErr, err error) {
	cal, err := a.Calendar()
	if err != nil {
		return nil, nil, err
	}
	r, err := a.Register()
	if err != nil {
		return nil, nil, err
	}
	keep := newLedger(a.Store, a.now)
	s, err := a.Store(ctx)
	if err != nil {
		return nil, nil, err
	}
	accounts, unread := keep.readAll(ctx, s, r.Accounts)
	if unread != nil && len(accounts) == 0 {
		return nil, nil, unread
	}
	for i := range accounts { // a daemon that starts now would note those it meets for the first time
		if key := accounts[i].Tenant + "/" + accounts[i].ID; keep.known[key].IsZero() {
			keep.known[key] = a.now()
		}
	}
	slots, pauses, queueErr := a.queued(ctx)
	for _, d := range cal.Due(standingsOf(accounts, keep, slots, pauses), at) {
		acc, _ := r.ByID(d.Tenant, d.Account)
		due = append(due, Due{Decision: d, Title: acc.Title, Why: d.Why()})
	}
	return due, queueErr, unread
}

// queued asks the queue, where a daemon has made one.
func (a *App) queued(ctx context.Context) (map[string]map[string]job.State, []job.Pause, error) {
	if !job.IsPostgres(a.jobDatabase()) {
		if _, err := os.Stat(a.jobDatabase()); errors.Is(err, fs.ErrNotExist) {
			return nil, nil, nil
		}
	}
	q, err := a.Queue(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer q.Close()
	slots, err := q.Slots(ctx)
	if err != nil {
		return nil, nil, err
	}
	pauses, err := q.Pauses(ctx)
	return slots, pauses, err
}
