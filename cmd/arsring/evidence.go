package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"arsring/internal/app"
)

var evidenceCommand = command{"evidence ACCOUNT URL --reason T [--diary NR] [--ground T] [--by NAME] [--ad] | --add-diary NR SNAPSHOT | --removed SNAPSHOT --by NAME [--at TIME]  [--json]",
	"keep a post or comment before it is removed", evidence}

func evidence(ctx context.Context, args []string) (int, error) {
	f := newFlags("evidence")
	r := app.EvidenceRequest{}
	f.StringVar(&r.Reason, "reason", "", "why the post is documented")
	f.StringVar(&r.Ground, "ground", "", "legal ground for removing it")
	f.StringVar(&r.Diary, "diary", "", "diary number, when there is one already")
	f.StringVar(&r.By, "by", "", "who asks (default: you)")
	f.BoolVar(&r.Ad, "ad", false, "advertising, which needs no registration")
	diary := f.String("add-diary", "", "add this diary number to a snapshot that was taken before")
	removed := f.String("removed", "", "note that the post of this snapshot was removed from the platform")
	at := f.String("at", "", "when it was removed, YYYY-MM-DDTHH:MM (default: now)")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	by := r.By
	if r.By == "" {
		r.By = whoami()
	}
	switch {
	case *diary != "" && *removed != "":
		return exitUsage, wrongUse("give --add-diary or --removed, not both")
	case *removed == "" && f.Changed("at"):
		return exitUsage, f.unheeded("--removed", "at")
	case *diary != "" || *removed != "":
		return note(ctx, f, *diary, *removed, *at, by)
	case f.NArg() != 2 || f.Changed("add-diary") || f.Changed("removed"):
		return exitUsage, wrongUse("name an account of the register and the address of the post or comment; --add-diary and --removed take a value")
	}
	r.URL = f.Arg(1)
	if err := app.CheckEvidence(&r); err != nil {
		return exitUsage, err
	}
	a, _, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	if r.Account, err = a.Account(f.Arg(0)); err != nil {
		return exitUsage, err
	}
	p := newProgress(f.json)
	r.Tell = p.tell
	res := a.Evidence(ctx, r)
	p.done()
	for _, one := range append(res.Earlier, res) {
		showEvidence(one, f.json)
	}
	return res.Exit(), nil
}

// note adds to a copy that was taken before; what only a new order heeds is refused.
func note(ctx context.Context, f *flagSet, diary, removed, at, by string) (int, error) {
	if err := f.unheeded("ACCOUNT URL", "reason", "ground", "diary", "ad"); err != nil {
		return exitUsage, err
	}
	if diary != "" {
		return addNote(f, 1, func(a *app.App) (app.Note, error) { return a.AddDiary(ctx, f.Arg(0), diary, cmp.Or(by, whoami())) })
	}
	when, err := removedAt(at)
	if err != nil {
		return exitUsage, err
	}
	return addNote(f, 0, func(a *app.App) (app.Note, error) { return a.AddRemoval(ctx, removed, when, by) })
}

func removedAt(s string) (time.Time, error) {
	if s == "" {
		return time.Now(), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, app.Location()); err == nil {
			return t, nil
		}
	}
	return time.Time{}, wrongUse(fmt.Sprintf("--at %q is no time: write YYYY-MM-DDTHH:MM", s))
}

func addNote(f *flagSet, args int, add func(*app.App) (app.Note, error)) (int, error) {
	if f.NArg() != args {
		return exitUsage, wrongUse("name one snapshot: --add-diary NR SNAPSHOT or --removed SNAPSHOT")
	}
	a, cfg, err := f.openReading()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	n, err := add(a)
	if err != nil {
		return exitFailed, err
	}
	if f.json {
		if err := json.NewEncoder(jsonOut).Encode(n); err != nil {
			return exitFailed, err
		}
		return exitKept, nil
	}
	fmt.Fprintf(stdout, "%s: %s %s\n", n.Snapshot, in(cfg.Language, "antecknat i", "noted in"), n.Key)
	return exitKept, nil
}

// showEvidence prints how it ended: first what a person may do now.
func showEvidence(r app.EvidenceResult, asJSON bool) {
	if asJSON {
		line, err := json.Marshal(r)
		if err != nil {
			fmt.Fprintln(stderr, "arsring:", err)
			return
		}
		fmt.Fprintln(jsonOut, string(line))
	}
	if !r.Safe {
		// The sentence that forbids the removal goes to standard error, where it is seen also when the output is piped away.
		fmt.Fprintf(stderr, "%s: %s\n", r.Account, r.Sentence)
	}
	if asJSON {
		return
	}
	if r.Safe {
		fmt.Fprintln(stdout, app.EvidenceStored)
		fmt.Fprintf(stdout, "  ögonblicksbild: %s\n", r.ID)
	}
	if r.Note != "" {
		fmt.Fprintf(stdout, "  %s\n", r.Note)
	}
	evidenceFacts(r)
	for _, w := range r.Warnings {
		fmt.Fprintf(stdout, "  OBS: %s\n", w)
	}
}

func evidenceFacts(r app.EvidenceResult) {
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(stdout, "  %s: %s\n", label, value)
		}
	}
	if s := r.Sender; s != nil {
		line("avsändare", s.Name)
		line("avsändarens id", s.ID)
		line("avsändarens sida", s.URL)
	}
	switch {
	case r.Published != nil:
		line("publicerat", r.Published.In(app.Location()).Format("2006-01-02 15.04 -07:00"))
	case r.Shown != nil:
		line("publicerat (enligt sidan)", *r.Shown)
	}
	if r.Diary != nil {
		line("diarienummer", *r.Diary)
	}
	if r.Stored && r.Disposal != nil {
		line("gallringsbeslut", fmt.Sprintf("%s %s %s %s", r.Disposal.Action, r.Disposal.After, r.Disposal.Decision, r.Disposal.Plan))
	}
	if r.Package != nil {
		line("paket", *r.Package)
	}
}
