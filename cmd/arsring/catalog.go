package main

import (
	"context"
	"encoding/json"
	"fmt"

	"arsring/internal/app"
)

var catalogCommand = command{"catalog rebuild|update [--json]", "make the search index and the archive's pages anew, or bring them up to date", func(ctx context.Context, args []string) (int, error) {
	f := newFlags("catalog")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	if f.NArg() != 1 || f.Arg(0) != "rebuild" && f.Arg(0) != "update" {
		return exitUsage, wrongUse("say rebuild or update")
	}
	a, cfg, err := f.openReading()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	var ch app.Cataloged
	if f.Arg(0) == "rebuild" {
		ch, err = a.RebuildCatalog(ctx, nil)
	} else {
		ch, err = a.RefreshPages(ctx, "")
	}
	if err != nil {
		return exitFailed, err
	}
	return showChanges(ch, cfg.Language, f.json)
}}

func showChanges(ch app.Cataloged, lang string, asJSON bool) (int, error) {
	code := exitKept
	if len(ch.Faults) > 0 {
		code = exitFailed
	}
	if asJSON {
		return code, json.NewEncoder(jsonOut).Encode(ch)
	}
	fmt.Fprintf(stdout, in(lang, "%d ögonblicksbilder tillagda, %d borttagna, %d sidor skrivna\n", "%d snapshots added, %d removed, %d pages written\n"), ch.Added, ch.Removed, ch.Pages)
	for _, x := range ch.Faults {
		fmt.Fprintf(stdout, "%s: %s: %s\n", x.ID, in(lang, "KAN INTE LÄSAS", "CANNOT BE READ"), x.Cause)
	}
	return code, nil
}
