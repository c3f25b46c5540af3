package app

import (
	"context"
	"strings"

	"arsring/internal/access"
	"arsring/internal/job"
	"arsring/internal/web"
)

// queuePauses keeps pauses where the daemon and the commands keep them: in the queue.
type queuePauses struct{ a *App }

// pagePauses are the queue's where there is one, else those of the page's own state, as in a demonstration.
func (a *App) pagePauses(_ context.Context, state *access.State) (web.Pauses, error) {
	if a.queueless {
		return state, nil
	}
	return &queuePauses{a}, nil
}

func (p *queuePauses) with(ctx context.Context, f func(*job.Queue) error) error {
	q, err := p.a.Queue(ctx)
	if err != nil {
		return err
	}
	defer q.Close()
	return f(q)
}

func pauseScope(tenant, account string) string { return "account:" + tenant + "/" + account }

// SetPause pauses an account.
func (p *queuePauses) SetPause(ctx context.Context, one access.Pause) error {
	return p.with(ctx, func(q *job.Queue) error {
		return q.Pause(ctx, job.Pause{Scope: pauseScope(one.Tenant, one.Account), Until: one.Until, Reason: one.Reason, By: one.By, At: p.a.now()})
	})
}

// EndPause ends an account's pause.
func (p *queuePauses) EndPause(ctx context.Context, tenant, account string) error {
	return p.with(ctx, func(q *job.Queue) error {
		_, err := q.Resume(ctx, pauseScope(tenant, account))
		return err
	})
}

// Pauses are those of accounts that hold now.
func (p *queuePauses) Pauses(ctx context.Context) ([]access.Pause, error) {
	_, all, err := p.a.queued(ctx)
	if err != nil {
		return nil, err
	}
	var out []access.Pause
	for _, one := range all {
		name, ok := strings.CutPrefix(one.Scope, "account:")
		if !ok {
			continue
		}
		tenant, account, _ := strings.Cut(name, "/")
		out = append(out, access.Pause{Tenant: tenant, Account: account, Until: one.Until, Reason: one.Reason, By: one.By, At: one.At})
	}
	return out, nil
}
