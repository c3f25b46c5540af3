package app

import (
	"context"
	"strings"

	"arsring/internal/access"
	"arsring/internal/job"
	"arsring/internal/web"
)

// queuePauses keeps pauses where the daemon and the commands keep them: in the queue.
type queuePauses struct{ orders *queueOrders }

// pageOrders are carried out by the queue where a daemon works one, else by this process, as in a demonstration; pauses are kept beside them.
func (a *App) pageOrders(ctx context.Context, kept func(), state *access.State) (web.Orders, web.Pauses) {
	own := newWebOrders(ctx, a, kept)
	if a.queueless {
		return own, state
	}
	o := &queueOrders{webOrders: own}
	return o, &queuePauses{o}
}

func (p *queuePauses) with(ctx context.Context, f func(*job.Queue) error) error {
	q, err := p.orders.open(ctx)
	if err != nil {
		return err
	}
	return f(q)
}

func pauseScope(tenant, account string) string { return "account:" + tenant + "/" + account }

// SetPause pauses an account.
func (p *queuePauses) SetPause(ctx context.Context, one access.Pause) error {
	return p.with(ctx, func(q *job.Queue) error {
		return p.orders.a.Hold(ctx, q, job.Pause{Scope: pauseScope(one.Tenant, one.Account), Until: one.Until, Reason: one.Reason, By: one.By})
	})
}

// EndPause ends an account's pause.
func (p *queuePauses) EndPause(ctx context.Context, tenant, account string) error {
	return p.with(ctx, func(q *job.Queue) error {
		_, err := p.orders.a.Release(ctx, q, pauseScope(tenant, account), "")
		return err
	})
}

// Pauses are those of accounts that hold now.
func (p *queuePauses) Pauses(ctx context.Context) ([]access.Pause, error) {
	var all []job.Pause
	err := p.with(ctx, func(q *job.Queue) (err error) {
		all, err = q.Pauses(ctx)
		return err
	})
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
