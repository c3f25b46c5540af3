package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"arsring/internal/app"
)

var listCommand = command{"list [--json]", "what the archive holds", func(ctx context.Context, args []string) (int, error) {
	f := newFlags("list")
	if err := f.parseAlone(args); err != nil {
		return exitUsage, err
	}
	a, cfg, err := f.openReading()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	entries, err := a.List(ctx)
	if err != nil && !app.OnlyUnread(err) {
		return exitFailed, err
	}
	for _, e := range entries {
		if f.json {
			if err := json.NewEncoder(jsonOut).Encode(e); err != nil {
				return exitFailed, err
			}
			continue
		}
		receipt := in(cfg.Language, "kvitto finns", "receipt is there")
		if !e.Receipt {
			receipt = in(cfg.Language, "KVITTO SAKNAS", "NO RECEIPT")
		}
		fmt.Fprintf(stdout, "%-60s %6d kB  %s\n", e.ID, e.Bytes/1024, receipt)
	}
	if err != nil {
		return exitFailed, err // the others' are listed above
	}
	if len(entries) == 0 && !f.json {
		where := cmp.Or(cfg.Archive.Endpoint, cfg.Path("store"))
		fmt.Fprintln(stdout, in(cfg.Language, "Arkivet i "+where+" är tomt. `arsring snapshot KONTO` tar en ögonblicksbild.", "The archive in "+where+" is empty. `arsring snapshot ACCOUNT` takes a snapshot."))
	}
	return exitKept, nil
}}

var exportCommand = command{"export SNAPSHOT DIR | --account ID | --year YYYY | --all  FOLDER|FILE.zip", "write packages to a folder or a ZIP file", func(ctx context.Context, args []string) (int, error) {
	f := newFlags("export")
	all := f.Bool("all", false, "the whole archive, with its logs")
	pick := app.Pick{}
	f.StringVar(&pick.Account, "account", "", "one account's packages")
	f.IntVar(&pick.Year, "year", 0, "one year's packages")
	f.StringVar(&pick.Tenant, "tenant", "", "of this tenant only")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	some := pick != app.Pick{}
	switch {
	case (*all || some) && (f.NArg() != 1 || *all && some):
		return exitUsage, wrongUse("name one folder or .zip file; --all goes alone")
	case !*all && !some && f.NArg() != 2:
		return exitUsage, wrongUse("name a snapshot and a folder")
	}
	a, cfg, err := f.openReading()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	if *all || some {
		return carry(ctx, a, f, cfg.Language, pick, f.Arg(0))
	}
	dir, err := a.Export(ctx, f.Arg(0), f.Arg(1))
	if err != nil {
		return exitFailed, err
	}
	fmt.Fprintln(stdout, dir)
	return exitKept, nil
}}

var storeCommand = command{"store", "serve the embedded store (started by run, demo and snapshot)", func(ctx context.Context, args []string) (int, error) {
	f := newFlags("store")
	if err := f.parseAlone(args); err != nil {
		return exitUsage, err
	}
	a, _, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	if err := a.ServeStore(ctx); err != nil {
		return exitFailed, err
	}
	return exitKept, nil
}}
