package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"arsring/internal/app"
)

var disposeCommand = command{"dispose [--all] | --yes SNAPSHOT... --by NAME | --release SNAPSHOT --by NAME --reason T  [--json]",
	"list what disposal decisions let go and when; remove it", dispose}

func dispose(ctx context.Context, args []string) (int, error) {
	f := newFlags("dispose")
	all := f.Bool("all", false, "list also what is to be kept")
	yes := f.Bool("yes", false, "remove the snapshots named, where a decision lets them go")
	release := f.String("release", "", "end the legal hold on this snapshot")
	by := f.String("by", "", "who decides")
	reason := f.String("reason", "", "why the hold ends")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	if err := disposeUse(f, *all, *yes, *release != ""); err != nil {
		return exitUsage, err
	}
	a, cfg, err := f.openReading()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	switch {
	case *release != "":
		if err := a.ReleaseHold(ctx, *release, *by, *reason); err != nil {
			return exitFailed, err
		}
		fmt.Fprintf(stdout, "%s: %s\n", *release, in(cfg.Language, "spärren är hävd", "the hold is released"))
		return exitKept, nil
	case *yes:
		return disposeOf(ctx, a, f, cfg.Language, *by)
	}
	list, err := a.Disposals(ctx, *all)
	if err != nil && !app.OnlyUnread(err) {
		return exitFailed, err
	}
	showDisposals(list, cfg.Language, f.json)
	return exitKept, err
}

// disposeUse refuses what does not go together.
func disposeUse(f *flagSet, all, yes, release bool) error {
	switch {
	case all && (yes || release):
		return wrongUse("--all lists, and goes with neither --yes nor --release")
	case yes && release, yes && f.NArg() == 0, !yes && f.NArg() > 0:
		return wrongUse("--yes names at least one snapshot to remove, --release names one to let go; without them what may go is listed")
	case !yes && !release:
		return f.unheeded("--yes or --release", "by", "reason")
	case yes && f.Changed("reason"):
		return f.unheeded("--release: what is disposed of goes by the decision in its package", "reason")
	case f.Lookup("by").Value.String() == "":
		return wrongUse("--by is missing: name the person who decides")
	}
	return once(f.Args())
}

func disposeOf(ctx context.Context, a *app.App, f *flagSet, lang, by string) (int, error) {
	for _, id := range f.Args() {
		d, err := a.Dispose(ctx, id, by)
		if err != nil {
			return exitFailed, err
		}
		if f.json {
			if err := json.NewEncoder(jsonOut).Encode(d); err != nil {
				return exitFailed, err
			}
			continue
		}
		fmt.Fprintf(stdout, in(lang, "%s: gallrad, %d objekt borttagna. Gallringsbevis: %s\n", "%s: disposed of, %d objects removed. Record of it: %s\n"), d.Snapshot, d.Objects, d.Record)
	}
	return exitKept, nil
}

func showDisposals(list []app.Decision, lang string, asJSON bool) {
	may := 0
	for _, d := range list {
		if d.Allowed {
			may++
		}
		if asJSON {
			_ = json.NewEncoder(jsonOut).Encode(d)
			continue
		}
		from := in(lang, "bevaras", "kept")
		if d.From != nil {
			from = d.From.In(app.Location()).Format(time.DateOnly)
		}
		fmt.Fprintf(stdout, "%-60s %-10s %s\n", d.Snapshot, from, d.Why.In(lang))
	}
	if !asJSON {
		fmt.Fprintf(stdout, in(lang, "%d ögonblicksbilder får gallras nu. Inget tas bort utan arsring dispose --yes ÖGONBLICKSBILD --by NAMN.\n",
			"%d snapshots may be disposed of now. Nothing is removed without arsring dispose --yes SNAPSHOT --by NAME.\n"), may)
	}
}
