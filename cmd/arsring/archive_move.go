package main

import (
	"context"
	"encoding/json"
	"fmt"

	"arsring/internal/app"
)

var archiveCommand = command{"archive import FOLDER|ZIP | copy | verify-copy | key | trust KEY  [--json]",
	"bring an exported archive in; copy to the second store and check it; keys of the log", moveArchive}

func moveArchive(ctx context.Context, args []string) (int, error) {
	f := newFlags("archive")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	what := f.Arg(0)
	if want := map[string]int{"import": 2, "copy": 1, "verify-copy": 1, "key": 1, "trust": 2}[what]; want == 0 || f.NArg() != want {
		return exitUsage, wrongUse("say import FOLDER|ZIP, copy, verify-copy, key or trust KEY")
	}
	open := f.openReading
	if what == "import" {
		open = f.open
	}
	a, cfg, err := open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	if what == "key" || what == "trust" {
		return logKeys(ctx, a, f.Arg(1))
	}
	if what == "verify-copy" {
		report, err := a.VerifyReplica(ctx, func(c app.Checked) { showChecked(c, cfg.Language, f.json) })
		if err != nil {
			return exitFailed, err
		}
		return showReport(report, cfg.Language, f.json)
	}
	var m app.Moved
	if what == "import" {
		m, err = a.ImportArchive(ctx, f.Arg(1))
	} else {
		m, err = a.Replicate(ctx)
	}
	if err != nil {
		return exitFailed, err
	}
	return showMoved(m, cfg.Language, f.json)
}

func showMoved(m app.Moved, lang string, asJSON bool) (int, error) {
	if asJSON {
		if err := json.NewEncoder(jsonOut).Encode(m); err != nil {
			return exitFailed, err
		}
	} else {
		fmt.Fprintf(stdout, in(lang, "%d objekt (%.1f MB) överförda, %d fanns redan.\n", "%d objects (%.1f MB) copied, %d were there already.\n"), m.Objects, float64(m.Bytes)/1e6, m.Already)
		for _, key := range m.Differ {
			fmt.Fprintf(stdout, "  %s: %s\n", in(lang, "AVVIKER, lämnas orörd", "DIFFERS, left as it is"), key)
		}
	}
	if len(m.Differ) > 0 {
		return exitFailed, nil
	}
	return exitKept, nil
}

// carry writes one account's, one year's or all packages to a folder or ZIP file.
func carry(ctx context.Context, a *app.App, f *flagSet, lang string, pick app.Pick, target string) (int, error) {
	m, err := a.Carry(ctx, pick, target)
	if err != nil {
		return exitFailed, err
	}
	if f.json {
		return showMoved(m, lang, true)
	}
	fmt.Fprintf(stdout, in(lang, "%s: %d objekt, %.1f MB\n", "%s: %d objects, %.1f MB\n"), target, m.Objects, float64(m.Bytes)/1e6)
	return exitKept, nil
}

// logKeys prints whose signatures count in the archive's log, this installation's own first; with a key it counts from now on, too.
func logKeys(ctx context.Context, a *app.App, trust string) (int, error) {
	keys, err := a.LogKeys(ctx, trust)
	if err != nil {
		return exitFailed, err
	}
	for _, k := range keys {
		fmt.Fprintln(stdout, k)
	}
	return exitKept, nil
}
