package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arsring/config"
	"arsring/internal/app"
)

var jobCommand = command{"job list [--all] | order ACCOUNT... [--reason T] | cancel|retry JOB... | pause|resume [ACCOUNT|platform:NAME] [--until DATE] [--reason T] [--json]",
	"see and steer the daemon's queue", jobs}

// jobFlags are what was asked of the queue.
type jobFlags struct {
	*flagSet
	all                    *bool
	reason, until, trigger *string
}

func jobs(ctx context.Context, args []string) (int, error) {
	f := jobFlags{flagSet: newFlags("job")}
	f.all = f.Bool("all", false, "delivered jobs too")
	f.reason = f.String("reason", "", "why, for the record or for whoever reads the list")
	f.until = f.String("until", "", "last day of a pause, YYYY-MM-DD")
	f.trigger = f.String("trigger", "manual", "manual (before a change) or closure")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	verbs := map[string]func(context.Context, *app.App, *app.Queue, config.Config) (int, error){
		"list": f.list, "order": f.order, "cancel": f.cancel, "retry": f.retry, "pause": f.pause, "resume": f.resume}
	do, ok := verbs[f.Arg(0)]
	needs := slices.Contains([]string{"order", "cancel", "retry"}, f.Arg(0))
	switch {
	case !ok:
		return exitUsage, wrongUse("say list, order, cancel, retry, pause or resume")
	case needs && f.NArg() < 2:
		return exitUsage, wrongUse(f.Arg(0) + " what?")
	case f.Arg(0) == "list" && f.NArg() > 1, strings.HasSuffix(f.Arg(0), "e") && !needs && f.NArg() > 2:
		return exitUsage, wrongUse("too many arguments")
	}
	if err := f.heeded(); err != nil {
		return exitUsage, err
	}
	a, cfg, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	q, err := a.Queue(ctx)
	if err != nil {
		return exitFailed, err
	}
	defer q.Close()
	return do(ctx, a, q, cfg)
}

// heeded refuses the flags that the verb has no use for.
func (f jobFlags) heeded() error {
	verb := f.Arg(0)
	for flag, verbs := range map[string][]string{"all": {"list"}, "trigger": {"order"}, "until": {"pause"}, "reason": {"order", "pause"}} {
		if !slices.Contains(verbs, verb) && f.Changed(flag) {
			return f.unheeded("job "+strings.Join(verbs, " and "), flag)
		}
	}
	return nil
}

func (f jobFlags) show(j app.Job, lang string) error {
	if f.json {
		return json.NewEncoder(jsonOut).Encode(j)
	}
	when := ""
	if j.Next != nil {
		when = j.Next.In(app.Location()).Format("2006-01-02 15:04")
	}
	fmt.Fprintf(stdout, "%6d  %-13s %-60s %-16s %s\n", j.ID, j.State, j.Snapshot, when, j.Text.In(lang))
	return nil
}

func (f jobFlags) list(ctx context.Context, _ *app.App, q *app.Queue, cfg config.Config) (int, error) {
	list, pauses, err := app.QueueList(ctx, q, *f.all)
	if err != nil {
		return exitFailed, err
	}
	for _, j := range list {
		if err := f.show(j, cfg.Language); err != nil {
			return exitFailed, err
		}
	}
	if f.json {
		return exitKept, nil
	}
	for _, p := range pauses {
		until := in(cfg.Language, "tills vidare", "until further notice")
		if !p.Until.IsZero() {
			until = in(cfg.Language, "till ", "until ") + p.Until.In(app.Location()).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(stdout, "%s %s: %s %s\n", in(cfg.Language, "pausat", "paused"), until, p.Scope, p.Reason)
	}
	if len(list) == 0 {
		fmt.Fprintln(stdout, in(cfg.Language, "Kön är tom.", "The queue is empty."))
	}
	return exitKept, nil
}

func (f jobFlags) order(ctx context.Context, a *app.App, q *app.Queue, cfg config.Config) (int, error) {
	trigger, err := app.Ordered(*f.trigger)
	if err != nil {
		return exitUsage, wrongUse(err.Error())
	}
	for _, account := range f.Args()[1:] {
		p, err := a.Order(ctx, q, app.OrderRequest{Account: account, Trigger: trigger, Reason: *f.reason, By: whoami()})
		if err != nil {
			return exitFailed, err
		}
		if err := f.show(p.Job, cfg.Language); err != nil {
			return exitFailed, err
		}
		if lines, err := app.OrderNotes(ctx, q, p, cfg.Language); err != nil {
			return exitFailed, err
		} else if !f.json {
			for _, line := range lines {
				fmt.Fprintln(stdout, "       ", line)
			}
		}
	}
	return exitKept, nil
}

func (f jobFlags) each(lang string, do func(name string) (app.Job, error)) (int, error) {
	var errs []error
	for _, name := range f.Args()[1:] {
		j, err := do(name)
		if err == nil {
			err = f.show(j, lang)
		}
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return exitFailed, err
	}
	return exitKept, nil
}

func (f jobFlags) cancel(ctx context.Context, a *app.App, q *app.Queue, cfg config.Config) (int, error) {
	return f.each(cfg.Language, func(name string) (app.Job, error) { return a.CancelJob(ctx, q, name) })
}

func (f jobFlags) retry(ctx context.Context, a *app.App, q *app.Queue, cfg config.Config) (int, error) {
	return f.each(cfg.Language, func(name string) (app.Job, error) { return a.RetryJob(ctx, q, name) })
}

func (f jobFlags) pause(ctx context.Context, a *app.App, q *app.Queue, cfg config.Config) (int, error) {
	scope, err := a.PauseScope(f.Arg(1))
	if err != nil {
		return exitUsage, err
	}
	p := app.Pause{Scope: scope, Reason: *f.reason, By: whoami()}
	if *f.until != "" {
		day, err := app.Day(*f.until)
		if err != nil {
			return exitUsage, wrongUse("--until " + err.Error())
		}
		p.Until = day.AddDate(0, 0, 1)
	}
	if err := a.Hold(ctx, q, p); err != nil {
		return exitFailed, err
	}
	return exitKept, f.said(p, in(cfg.Language, "pausat: ", "paused: ")+scope)
}

func (f jobFlags) resume(ctx context.Context, a *app.App, q *app.Queue, cfg config.Config) (int, error) {
	scope, err := a.PauseScope(f.Arg(1))
	if err != nil {
		return exitUsage, err
	}
	was, err := a.Release(ctx, q, scope, whoami())
	if err != nil {
		return exitFailed, err
	}
	text := in(cfg.Language, "återupptaget: ", "resumed: ") + scope
	if !was {
		text = in(cfg.Language, "var inte pausat: ", "was not paused: ") + scope
	}
	return exitKept, f.said(map[string]any{"scope": scope, "was_paused": was}, text)
}

func (f jobFlags) said(v any, text string) error {
	if f.json {
		return json.NewEncoder(jsonOut).Encode(v)
	}
	fmt.Fprintln(stdout, text)
	return nil
}
