package main

import (
	"context"
	"encoding/json"
	"fmt"

	"arsring/internal/app"
)

var verifyCommand = command{"verify [SNAPSHOT|FOLDER...|--all] [--checkpoint FILE] [--keep] [--json]", "re-read and check what is stored: bytes, PDF/A, time stamps, log, locks", verify}

func verify(ctx context.Context, args []string) (int, error) {
	f := newFlags("verify")
	all := f.Bool("all", false, "every snapshot in the archive, and its log")
	r := app.VerifyRequest{}
	f.StringVar(&r.Checkpoint, "checkpoint", "", "file with a checkpoint of the log that was kept elsewhere: the log must continue it")
	f.BoolVar(&r.Keep, "keep", false, "keep the report in the archive's log (with --all)")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	switch {
	case *all == (f.NArg() > 0):
		return exitUsage, wrongUse("name snapshots or folders to verify, or give --all")
	case r.Keep && !*all:
		return exitUsage, wrongUse("--keep goes with --all")
	case f.Changed("checkpoint") && app.OnlyFolders(f.Args()):
		return exitUsage, wrongUse("--checkpoint goes with --all or snapshots: folders have no log")
	}
	a, cfg, err := f.openReading()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	r.IDs, r.Tell = f.Args(), func(c app.Checked) { showChecked(c, cfg.Language, f.json) }
	report, err := a.Verify(ctx, r)
	if err != nil {
		return exitFailed, err
	}
	if f.json && !*all && len(report.Findings) == 0 { // the lines have said it
		if !report.OK {
			return exitFailed, nil
		}
		return exitKept, nil
	}
	return showReport(report, cfg.Language, f.json)
}

func showReport(report app.VerifyReport, lang string, asJSON bool) (int, error) {
	if !asJSON {
		fmt.Fprint(stdout, report.Summary().In(lang))
	} else if err := json.NewEncoder(jsonOut).Encode(report); err != nil {
		return exitFailed, err
	}
	if !report.OK {
		return exitFailed, nil
	}
	return exitKept, nil
}

var times = map[string][2]string{"stamped": {"tidsstämplad", "time-stamped"}, "pending": {"tidsstämpel väntar", "time stamp pending"}, "none": {"ingen tidsstämpel", "no time stamp"}}

func showChecked(c app.Checked, lang string, asJSON bool) {
	t := times[c.Time]
	switch {
	case asJSON:
		_ = json.NewEncoder(jsonOut).Encode(c)
	case c.OK && c.Tenant == "": // a folder, which nothing but itself answers for
		fmt.Fprintf(stdout, "%s: %s\n", c.ID, in(lang, "stämmer med sin METS.xml", "as its METS.xml says"))
	case c.OK:
		fmt.Fprintf(stdout, "%s: %s, %s\n", c.ID, in(lang, "oförändrat", "unaltered"), in(lang, t[0], t[1]))
	default:
		fmt.Fprintf(stdout, "%s: %s\n", c.ID, in(lang, "AVVIKELSER", "FAULTS"))
		for _, x := range c.Findings {
			fmt.Fprintf(stdout, "  %-14s %s  %s\n", x.Code, x.Path, x.Text.In(lang))
		}
	}
}
