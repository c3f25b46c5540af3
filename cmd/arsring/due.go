package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"arsring/internal/app"
)

var dueCommand = command{"due [--on DATE] [--json]", "when each account is taken, and why or why not", due}

func due(ctx context.Context, args []string) (int, error) {
	f := newFlags("due")
	on := f.String("on", "", "the day to ask about, YYYY-MM-DD (default: now)")
	if err := f.parseAlone(args); err != nil {
		return exitUsage, err
	}
	at := time.Now()
	if *on != "" {
		day, err := app.Day(*on)
		if err != nil {
			return exitUsage, wrongUse("--on " + err.Error())
		}
		if last := at.Year() + 50; day.Year() < 2000 || day.Year() > last {
			return exitUsage, wrongUse(fmt.Sprintf("--on %q: ask about a day from 2000 to %d", *on, last))
		}
		at = day.AddDate(0, 0, 1).Add(-time.Second) // its end: every account's hour of the day has come
	}
	a, cfg, err := f.openReading()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	list, queueErr, err := a.Due(ctx, at)
	if err != nil && !app.OnlyUnread(err) {
		return exitFailed, err
	}
	if queueErr != nil {
		fmt.Fprintln(stderr, "arsring: the queue could not be asked:", queueErr)
	}
	for _, d := range list {
		if f.json {
			if err := json.NewEncoder(jsonOut).Encode(d); err != nil {
				return exitFailed, err
			}
			continue
		}
		why := d.Why.SV
		if cfg.Language == "en" {
			why = d.Why.EN
		}
		fmt.Fprintf(stdout, "%-32s %-10s %s\n", d.Account, d.Status, why)
	}
	return exitKept, err
}
