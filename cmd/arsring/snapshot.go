package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/user"
	"time"

	"arsring/internal/app"
)

var snapshotCommand = command{"snapshot ACCOUNT... | --url URL --out DIR  [--reason T] [--trigger manual|closure] [--since DATE] [--pages N] [--depth N] [--json]", "take a snapshot now", snapshot}

func snapshot(ctx context.Context, args []string) (int, error) {
	f := newFlags("snapshot")
	address := f.String("url", "", "address of a page that stands in no register")
	out := f.String("out", "", "folder that gets the package of --url")
	reason := f.String("reason", "", "why the snapshot is taken")
	trigger := f.String("trigger", "manual", "manual (before a change) or closure")
	since := f.String("since", "", "how far back, YYYY-MM-DD")
	pages := f.Int("pages", 0, "with --url: capture so many pages of the site")
	depth := f.Int("depth", 0, "with --url: follow so many links from the page")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	r, err := ordered(*trigger, *since)
	if err != nil {
		return exitUsage, err
	}
	r.Reason, r.Pages, r.Depth = *reason, *pages, *depth
	switch {
	case *pages < 0 || *depth < 0:
		return exitUsage, wrongUse("--pages and --depth count from 1")
	case (*pages > 0 || *depth > 0) && *address == "":
		return exitUsage, wrongUse("--pages and --depth go with --url: a registered account has its limits in the register")
	case *address != "" && (*out == "" || f.NArg() > 0):
		return exitUsage, wrongUse("--url needs --out DIR and no account")
	case *address == "" && (*out != "" || f.NArg() == 0):
		return exitUsage, wrongUse("name at least one account of the register, or give --url URL --out DIR")
	}
	if err := once(f.Args()); err != nil {
		return exitUsage, err
	}
	a, _, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	if *address == "" {
		return snapshotAccounts(ctx, a, f, r)
	}
	if err := app.CheckAddress(*address); err != nil {
		return exitUsage, err
	}
	p := newProgress(f.json)
	r.Tell = p.tell
	res := a.SnapshotURL(ctx, *address, *out, r)
	p.done()
	return show(res, f.json), nil
}

// ordered is what the flags ask for.
func ordered(trigger, since string) (app.Request, error) {
	r := app.Request{By: whoami()}
	var err error
	if r.Trigger, err = app.Ordered(trigger); err != nil {
		return r, wrongUse(err.Error())
	}
	if since != "" {
		t, err := app.Day(since)
		if err != nil {
			return r, wrongUse("--since " + err.Error())
		}
		if t.After(time.Now()) {
			return r, wrongUse(fmt.Sprintf("--since %q has not come yet: nothing can have been published since then", since))
		}
		r.Since = &t
	}
	return r, nil
}

func snapshotAccounts(ctx context.Context, a *app.App, f *flagSet, r app.Request) (int, error) {
	requests := make([]app.Request, f.NArg())
	for i, id := range f.Args() {
		acc, err := a.Account(id)
		if err != nil {
			return exitUsage, err
		}
		requests[i] = r
		requests[i].Account = acc
	}
	worst := exitKept
	for _, r := range requests {
		p := newProgress(f.json)
		r.Tell = p.tell
		res := a.Snapshot(ctx, r)
		p.done()
		for _, one := range res.Earlier {
			if code := show(one, f.json); one.Err != nil { // how the page was then is no matter of the new order
				worst = worse(worst, code)
			}
		}
		worst = worse(worst, show(res, f.json))
		select {
		case <-ctx.Done():
			return worst, nil
		default:
		}
	}
	return worst, nil
}

// worse gives the exit code that wins: 2, 1, 4, 3, 0.
func worse(a, b int) int {
	rank := map[int]int{exitUsage: 4, exitFailed: 3, exitPage: 2, exitPartial: 1, exitKept: 0}
	if rank[b] > rank[a] {
		return b
	}
	return a
}

// show prints one result and gives its exit code.
func show(r app.Result, asJSON bool) int {
	if asJSON {
		line, err := json.Marshal(r)
		if err != nil {
			fmt.Fprintln(stderr, "arsring:", err)
			return exitFailed
		}
		fmt.Fprintln(jsonOut, string(line))
		if r.Err != nil {
			fmt.Fprintln(stderr, "arsring:", r.Sentence)
		}
		return r.Exit()
	}
	if r.Err != nil {
		fmt.Fprintf(stderr, "%s: %s\n", r.Account, r.Sentence)
		return r.Exit()
	}
	fmt.Fprintf(stdout, "%s: %s, %s\n", r.ID, *r.Outcome, r.Sentence)
	for _, m := range r.Missing {
		fmt.Fprintf(stdout, "  - %s\n", m.Text)
	}
	if r.Note != "" {
		fmt.Fprintf(stdout, "  %s\n", r.Note)
	}
	if r.Package != nil {
		level := "inte PDF/A"
		if r.PDFA != nil {
			level = "PDF/A-" + *r.PDFA
		}
		fmt.Fprintf(stdout, "  %s, %d s., %s\n  %s\n", level, *r.Pages, fmt.Sprintf("%.1f s", r.Seconds), *r.Package)
	}
	return r.Exit()
}

// whoami is the name of the person at the terminal, for the record's "ordered by".
func whoami() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	if u.Name != "" && u.Name != "root" {
		return u.Name
	}
	return u.Username
}
