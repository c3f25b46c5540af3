package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

var registerCommand = command{"register check|list [--json]", "check or list the accounts of record", func(_ context.Context, args []string) (int, error) {
	f := newFlags("register")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	if f.NArg() < 1 || f.NArg() > 2 || (f.Arg(0) != "check" && f.Arg(0) != "list") {
		return exitUsage, wrongUse("say check or list")
	}
	a, cfg, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	if f.NArg() == 2 {
		cfg.Register.Path = f.Arg(1)
		a = a.With(cfg)
	}
	r, err := a.Register()
	if err != nil {
		return exitUsage, err
	}
	for _, w := range r.Warnings {
		fmt.Fprintln(os.Stderr, w.Error())
	}
	if f.Arg(0) == "check" {
		fmt.Printf("Registret är i ordning: %d konton, %d varningar.\n", len(r.Accounts), len(r.Warnings))
		return exitKept, nil
	}
	for _, acc := range r.Accounts {
		if f.json {
			if err := json.NewEncoder(os.Stdout).Encode(acc); err != nil {
				return exitFailed, err
			}
			continue
		}
		fmt.Printf("%-32s %-12s %s\n", acc.ID, acc.Platform, acc.URL)
	}
	return exitKept, nil
}}
