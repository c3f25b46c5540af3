package main

import (
	"context"
	"errors"

	"arsring/internal/app"
)

var ingestCommand = command{"ingest ACCOUNT FILE... [--by NAME] [--note T] [--json]", "keep a PDF, screenshots or a platform's export that a person made", ingest}

func ingest(ctx context.Context, args []string) (int, error) {
	f := newFlags("ingest")
	r := app.IngestRequest{}
	f.StringVar(&r.By, "by", "", "who hands it in (default: you)")
	f.StringVar(&r.Note, "note", "", "what it is")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	if f.NArg() < 2 {
		return exitUsage, wrongUse("name an account of the register and at least one file")
	}
	if err := once(f.Args()[1:]); err != nil {
		return exitUsage, err
	}
	if r.By == "" {
		r.By = whoami()
	}
	a, _, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	if r.Account, err = a.Account(f.Arg(0)); err != nil {
		return exitUsage, err
	}
	r.Files = f.Args()[1:]
	p := newProgress(f.json)
	r.Tell = p.tell
	res := a.Ingest(ctx, r)
	p.done()
	var use *app.UsageError
	if errors.As(res.Err, &use) && !f.json {
		return exitUsage, use
	}
	show(res, f.json)
	if use != nil {
		return exitUsage, nil
	}
	return res.Exit(), nil
}
